"""Loading schemas whose files have awkward names, and without a cache."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

import hgvalue  # noqa: F401 - so that it is there before and after
import hgvalue_gen
from hgvalue_gen.build import ToolError
from hgvalue_gen.build.native import _refuse_paths_with_lists

SCHEMA = "class A(CompoundScalar):\n    x: int\n"


@pytest.mark.parametrize(
    "stem", ["json", "types", "class", "1st", "_", "__x", "a b", "a-b.c", "numpy", "hgvalue", "é", "print"]
)
def test_any_name_of_a_file(tmp_path: Path, stem: str) -> None:
    path = tmp_path / f"{stem}.hgt"
    path.write_text(SCHEMA, encoding="utf-8")
    before = {name: sys.modules.get(name) for name in ("json", "types", "numpy", "hgvalue")}
    module = hgvalue_gen.load(path, backend="dynamic")
    assert module.A(x=1).x == 1
    assert module.__name__.isidentifier() and importlib.import_module(module.__name__) is module
    assert {name: sys.modules.get(name) for name in before} == before


@pytest.mark.parametrize("name", ["json", "class", "numpy"])
def test_any_name_given(name: str) -> None:
    assert hgvalue_gen.load(SCHEMA, name=name, backend="dynamic").__name__.startswith(f"{name}_")


def test_no_cache_is_needed_without_a_compiler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    monkeypatch.setenv("HGVALUE_GEN_CACHE", str(blocked / "cache"))
    text = f"{SCHEMA}class NoCacheHere(CompoundScalar):\n    y: int\n"
    for backend in ("dynamic", "auto"):
        module = hgvalue_gen.load(text, backend=backend)
        assert module.__backend__ == "dynamic"
        assert module.NoCacheHere(y=2).y == 2
    assert blocked.read_bytes() == b""


def test_a_path_that_cmake_cannot_take_is_named() -> None:
    with pytest.raises(ToolError, match=r"'/a;b/src'.*HGVALUE_GEN_CACHE"):
        _refuse_paths_with_lists(["cmake", "-S", "/a;b/src"])
