"""Runs every fuzzer that is a Python program for a short time; the nightly run gives each of them hours.

A fuzzer is found by its file, so a new one runs here without being named.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
FUZZERS = sorted(
    path.stem for path in (ROOT / "tests" / "fuzz").glob("*.py") if "run(__name__" in path.read_text("utf-8")
)
#: Seconds for each fuzzer, both backends together.
SECONDS = 10

pytestmark = pytest.mark.compile


@pytest.mark.parametrize("fuzzer", FUZZERS)
def test_fuzzer(fuzzer: str) -> None:
    command = [sys.executable, "-m", f"tests.fuzz.{fuzzer}", f"--seconds={SECONDS}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert all(int(line.split()[2]) > 0 for line in done.stdout.splitlines() if " inputs in " in line), done.stdout
