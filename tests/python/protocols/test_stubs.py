"""The stubs say what is there, as mypy's stubtest finds it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def test_stubs_of_the_runtime() -> None:
    pytest.importorskip("mypy")
    command = [sys.executable, str(HERE / "stubs.py"), "hgvalue", "--concise", "--ignore-disjoint-bases"]
    command += ["--allowlist", str(HERE / "stubs.allowlist"), "--ignore-unused-allowlist"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
