from __future__ import annotations

import io
import json
import sys

import pytest

from hgvalue_gen.build import CompileError
from hgvalue_gen.cli.display import Display, coloured, wants_colour


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")


def test_colours_are_for_terminals_that_want_them(monkeypatch: pytest.MonkeyPatch) -> None:
    assert wants_colour(Terminal())
    assert not wants_colour(io.StringIO())
    monkeypatch.setenv("TERM", "dumb")
    assert not wants_colour(Terminal())
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    assert not wants_colour(Terminal())


def test_only_what_a_line_begins_with_is_coloured() -> None:
    text = "error[HGT012]: an error: bad\n --> a.hgt:1:2\nhelp: write less\n"
    assert coloured(text) == (
        "\x1b[1;31merror[HGT012]:\x1b[0m an error: bad\n --> a.hgt:1:2\n\x1b[1;32mhelp:\x1b[0m write less\n"
    )


def test_plain_lines_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    display = Display()
    with display.live():
        display.stage("configuring")
        display.step(1, 2, "a.cpp")
        display.output("noise")
    assert capsys.readouterr().out == "[1/2] a.cpp\n"


def test_everything_when_verbose(capsys: pytest.CaptureFixture[str]) -> None:
    display = Display(verbose=True)
    with display.live():
        display.stage("configuring")
        display.step(1, 2, "a.cpp")
        display.output("noise")
    assert capsys.readouterr().out == "configuring\n[1/2] a.cpp\nnoise\n"


def test_nothing_when_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    display = Display(quiet=True)
    with display.live():
        display.stage("configuring")
        display.step(1, 2, "a.cpp")
        display.say("done")
    assert capsys.readouterr().out == ""


def test_progress_on_a_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    display = Display()
    with display.live():
        display.stage("configuring")
        display.step(1, 2, "a.cpp")
    assert "compiling 1/2: a.cpp" in terminal.getvalue()
    display.say("done")
    assert capsys.readouterr().out == "done\n"


@pytest.mark.parametrize("options", [{"quiet": True}, {"verbose": True}])
def test_no_progress_where_it_is_not_wanted(monkeypatch: pytest.MonkeyPatch, options: dict[str, bool]) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    display = Display(**options)
    with display.live():
        display.step(1, 2, "a.cpp")
    assert terminal.getvalue() == ""


def test_errors_with_details(capsys: pytest.CaptureFixture[str]) -> None:
    error = CompileError("did not compile", details="a.cpp:1: error: x")
    Display().error(error)
    assert capsys.readouterr().err == "error: did not compile\na.cpp:1: error: x\n"
    Display(error_format="json").error(error)
    assert json.loads(capsys.readouterr().err) == {
        "severity": "error",
        "message": "did not compile",
        "details": "a.cpp:1: error: x",
    }
