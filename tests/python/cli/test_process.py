"""The command as a process of its own: its speed, what it loads, its pipes and its terminal."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-m", "hgvalue_gen.cli"]
HEAVY = ("lark", "jinja2", "rich", "nanobind", "cmake", "ninja")


def _run(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments], cwd=folder, env=os.environ | environment, capture_output=True, text=True, check=False
    )


def test_the_script_is_installed() -> None:
    script = shutil.which("hgvalue-gen", path=str(Path(sys.executable).parent))
    assert script is not None
    assert subprocess.run([script, "--version"], capture_output=True, check=True).stdout.startswith(b"hgvalue-gen")


def test_statuses(folder: Path, prices: Path) -> None:
    assert _run(folder, "prices.hgt", "--check").returncode == 0
    assert _run(folder, "absent.hgt").returncode == 2
    prices.write_text("nonsense nonsense\n")
    assert _run(folder, "prices.hgt", "--check").returncode == 1


def test_a_run_with_nothing_to_do_is_quick_and_light(folder: Path, prices: Path) -> None:
    assert _run(folder, "prices.hgt", "--emit-only").returncode == 0
    times = []
    for _ in range(5):
        started = time.perf_counter()
        assert _run(folder, "prices.hgt", "--emit-only").stdout == "prices: up to date\n"
        times.append(time.perf_counter() - started)
    assert min(times) < 0.5
    code = (
        "import sys; from hgvalue_gen.cli import main; main(['prices.hgt', '--emit-only']);"
        f"print(*[name for name in {HEAVY} if name in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True).stdout
    assert shown == "prices: up to date\n\n"


def test_a_pipe_gets_no_colours(folder: Path, prices: Path) -> None:
    prices.write_text("x: y\n")
    result = _run(folder, "prices.hgt", "--check")
    assert result.stderr and "\x1b" not in result.stderr + result.stdout


def test_a_reader_that_goes_away(folder: Path, prices: Path) -> None:
    process = subprocess.Popen(
        [*COMMAND, "prices.hgt", "--check"], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    said = process.stderr.read()
    process.stderr.close()
    process.wait(30)
    assert "Traceback" not in said and "BrokenPipe" not in said


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(("variables", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_a_terminal_gets_colours(folder: Path, prices: Path, variables: dict[str, str], coloured: bool) -> None:
    import pty

    prices.write_text("type Book = TSD[list[int], TS[float]]\n")
    controller, terminal = pty.openpty()
    environment = {key: value for key, value in os.environ.items() if key != "NO_COLOR"} | {"TERM": "xterm"}
    process = subprocess.Popen(
        [*COMMAND, "prices.hgt", "--check"], cwd=folder, stdout=terminal, stderr=terminal, env=environment | variables
    )
    os.close(terminal)
    shown = b""
    while True:
        try:
            chunk = os.read(controller, 65536)
        except OSError:
            break
        if not chunk:
            break
        shown += chunk
    os.close(controller)
    assert process.wait(30) == 1
    assert b"error" in shown
    assert (b"\x1b[" in shown) is coloured
