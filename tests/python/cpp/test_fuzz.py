"""Builds the fuzz targets and runs each over the inputs that are kept; where there is time, over new ones as well."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

FUZZ = Path(__file__).parents[3] / "tests" / "fuzz"
TARGETS = sorted(path.stem.removeprefix("fuzz_") for path in FUZZ.glob("fuzz_*.cpp"))
#: Seconds for new inputs, shared by all targets.
BUDGET = 60 if "CI" in os.environ or "fuzz" in os.environ.get("HGVALUE_REQUIRE", "").split(",") else 0

pytestmark = pytest.mark.compile


@pytest.fixture(scope="module")
def folder(build_programs: Callable[..., Path]) -> Path:
    """Return the folder in which the targets are built."""
    return build_programs("fuzz", "tests-fuzz", "-DCMAKE_CXX_COMPILER=clang++", "-DHGVALUE_UNITY=ON")


@pytest.mark.row("V-20")
@pytest.mark.row("V-06")
@pytest.mark.parametrize("target", TARGETS)
def test_target(target: str, folder: Path, tmp_path: Path, run_program: Callable[..., str]) -> None:
    program, kept = str(folder / f"fuzz_{target}"), FUZZ / "corpus" / target
    artifacts = f"-artifact_prefix={tmp_path}/"
    said = run_program(program, *map(str, sorted(kept.iterdir())), artifacts)
    assert said.count("Executed ") == len(list(kept.iterdir())) > 0
    if seconds := BUDGET // len(TARGETS):
        new = tmp_path / "new"
        new.mkdir()
        run_program(program, str(new), str(kept), f"-max_total_time={seconds}", "-rss_limit_mb=4096", artifacts)
