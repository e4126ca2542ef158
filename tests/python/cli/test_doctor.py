from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import hgvalue_gen

Run = Callable[..., Any]


def test_names_what_a_build_would_use(run: Run) -> None:
    result = run("doctor")
    for name in ("hgvalue-gen", "hgvalue", "Python", "nanobind", "compiler", "CMake", "Ninja", "ccache", "cache"):
        assert any(line.startswith(name + " ") for line in result.out.splitlines())
    assert hgvalue_gen.__version__ in result.out


def test_a_missing_compiler_is_status_3(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CXX", raising=False)
    result = run("doctor")
    assert result.status == 3
    assert "missing: no C++ compiler was found" in result.out
    assert "backends     dynamic, which needs no compiler" in result.out


def test_a_compiler_that_is_not_there(run: Run) -> None:
    result = run("doctor", "--compiler", "no-such-compiler")
    assert result.status == 3
    assert "'no-such-compiler' was not found" in result.out
