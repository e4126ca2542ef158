"""From a schema to a module: how long generating and compiling take, and how large the result is."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.environment import describe
from benchmarks.harness import markdown_table, measure_rounds
from benchmarks.package import SCHEMAS

BUNDLES, FIELDS = 100, 10
CHECKED = 300
"""Bundles of the schema that is only checked and emitted."""


def run(samples: int) -> str:
    """Measure the table and return it as Markdown."""
    with tempfile.TemporaryDirectory() as folder:
        bench = _Bench(Path(folder))
        measured = measure_rounds(bench.contenders(), samples)
        rows = [[label, measurement.show(1, 2)] for label, measurement in measured.items()]
        size = bench.bytes_a_bundle()
    rows.append(["binary a bundle, KB", f"{size / 1e3:,.1f}"])
    return "\n\n".join(
        [
            describe(["hgvalue-gen", "nanobind", "cmake", "ninja"], samples),
            "Seconds for one run of `hgvalue-gen`, start of Python included:",
            markdown_table(["run", "s"], rows),
        ]
    )


class _Bench:
    """Runs of the command line in folders and caches of their own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._runs = 0
        self._bundles = self._schema("bundles", BUNDLES)
        self._checked = self._schema("checked", CHECKED)
        self._kept = folder / "kept"
        self._generate(self._bundles, self._kept)

    def contenders(self) -> dict[str, Callable[[], float]]:
        """Return the runs by label. Where order matters it is the order of this dict."""
        fields = f"{BUNDLES} bundles of {FIELDS} fields"
        return {
            f"{fields}, from nothing": lambda: self._from_nothing(self._bundles),
            f"{fields}, one field changed": self._one_change,
            f"{fields}, nothing changed": lambda: self._generate(self._bundles, self._kept),
            "`market.hgt`, from nothing": lambda: self._from_nothing(SCHEMAS / "market.hgt"),
            f"check {CHECKED} bundles of {FIELDS} fields": lambda: self._generate(self._checked, self._kept, "--check"),
            f"emit {CHECKED} bundles of {FIELDS} fields": lambda: self._from_nothing(self._checked, "--emit-only"),
        }

    def bytes_a_bundle(self) -> float:
        """Return what one more bundle adds to the extension module."""
        self._generate(self._schema("single", 1), self._kept)
        return (self._module_size("bundles") - self._module_size("single")) / (BUNDLES - 1)

    def _module_size(self, package: str) -> int:
        return next(path for path in (self._kept / package).glob("_native.*")).stat().st_size

    def _from_nothing(self, schema: Path, *options: str) -> float:
        self._runs += 1
        return self._generate(schema, self._folder / f"run{self._runs}", *options)

    def _one_change(self) -> float:
        """Rename a field of the first bundle; the new name differs from run to run, so that something is to be done."""
        self._runs += 1
        text = self._bundles.read_text(encoding="utf-8")
        first = text.index("    ", text.index("class Bundle0"))
        rest = text.index(":", first)
        self._bundles.write_text(f"{text[:first]}    renamed{self._runs}{text[rest:]}", encoding="utf-8")
        return self._generate(self._bundles, self._kept)

    def _generate(self, schema: Path, out: Path, *options: str) -> float:
        """Run the command with a cache that belongs to the output folder; returns the seconds it took."""
        command = [sys.executable, "-m", "hgvalue_gen.cli", str(schema), "-o", str(out), "--quiet", *options]
        environment = os.environ | {"HGVALUE_GEN_CACHE": str(out / ".cache"), "CCACHE_DISABLE": "1"}
        started = time.perf_counter()
        subprocess.run(command, check=True, env=environment)
        return time.perf_counter() - started

    def _schema(self, name: str, bundles: int) -> Path:
        """Write a schema of bundles with fields of several types."""
        types = ("float", "int", "str", "bool", "datetime")
        lines = ["from hgraph import TS, TSB, TSD, TimeSeriesSchema", ""]
        for bundle in range(bundles):
            lines.append(f"class Bundle{bundle}(TimeSeriesSchema):")
            lines += [f"    field{field}: TS[{types[field % len(types)]}]" for field in range(FIELDS)]
            lines.append("")
        path = self._folder / f"{name}.hgt"
        path.write_text("\n".join(lines), encoding="utf-8")
        return path
