"""What is shown on a terminal while a package is built."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pty = pytest.importorskip("pty")

SCHEMA = "type Seen = TS[int]\n"
LOAD = f"""
import logging, sys
import hgvalue_gen
if "log" in sys.argv:
    logging.basicConfig(level=logging.INFO, stream=sys.stdout)
hgvalue_gen.load({SCHEMA!r}, name=sys.argv[1], backend=sys.argv[2])
print("loaded")
"""

#: ``show(*command)`` runs a program on a terminal of its own; returns what it wrote to stdout and on the terminal.
Show = Callable[..., tuple[str, str]]


@pytest.fixture
def show(tmp_path: Path) -> Show:
    def run(*command: str, terminal: str = "xterm") -> tuple[str, str]:
        out = tmp_path / "out"
        ours, theirs = pty.openpty()
        environment = os.environ | {"TERM": terminal, "HGVALUE_GEN_CACHE": str(tmp_path / "cache"), "COLUMNS": "120"}
        arguments = [sys.executable, *command]
        with out.open("wb") as stdout:
            actions = [(os.POSIX_SPAWN_DUP2, stdout.fileno(), 1), (os.POSIX_SPAWN_DUP2, theirs, 2)]
            child = os.posix_spawn(sys.executable, arguments, environment, file_actions=actions)
        os.close(theirs)
        shown = b""
        while True:
            try:
                part = os.read(ours, 4096)
            except OSError:  # Linux's way to say that the last writer is gone
                break
            if not part:
                break
            shown += part
        os.close(ours)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0, shown.decode()
        return out.read_text(), shown.decode()

    return run


@pytest.fixture
def schema(tmp_path: Path) -> str:
    path = tmp_path / "seen.hgt"
    path.write_text(SCHEMA)
    return str(path)


@pytest.mark.compile
def test_load_shows_how_far_it_is(show: Show) -> None:
    printed, shown = show("-c", LOAD, "shown", "compiled")
    assert printed == "loaded\n"
    assert "compiling 1/" in shown
    assert show("-c", LOAD, "shown", "compiled") == ("loaded\n", ""), "there was nothing to compile"


def test_load_shows_nothing_of_what_is_logged(show: Show) -> None:
    printed, shown = show("-c", LOAD, "logged", "dynamic", "log")
    assert "generating" in printed
    assert shown == ""


@pytest.mark.compile
def test_the_command_shows_how_far_it_is(show: Show, schema: str, tmp_path: Path) -> None:
    printed, shown = show("-m", "hgvalue_gen.cli", schema, "-o", str(tmp_path / "one"))
    assert "compiling 1/" in shown
    assert "compiled in" in printed and "[1/" not in printed


@pytest.mark.parametrize("options", [["--quiet"], ["--emit-only", "--verbose"]], ids=" ".join)
def test_the_command_is_quiet_if_told_so(show: Show, schema: str, tmp_path: Path, options: list[str]) -> None:
    made = ["--backend=dynamic"] if "--quiet" in options else []
    _, shown = show("-m", "hgvalue_gen.cli", schema, "-o", str(tmp_path / "two"), *options, *made)
    assert shown == ""


def test_a_terminal_that_cannot_draw_gets_lines(show: Show, schema: str, tmp_path: Path) -> None:
    command = ["-m", "hgvalue_gen.cli", schema, "-o", str(tmp_path / "three"), "--backend=dynamic"]
    assert show(*command, terminal="dumb")[1] == ""
