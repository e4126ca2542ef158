from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import hgvalue_gen
from hgvalue_gen.build import SchemaError, UsageError, stages

needs_compiler = pytest.mark.skipif(
    not any(map(shutil.which, ("c++", "g++", "clang++"))), reason="no C++ compiler is installed"
)


@pytest.fixture(autouse=True)
def _forget_modules() -> Iterator[None]:
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        if name.startswith(("answer_", "schema_", "mine_")):
            del sys.modules[name]


@pytest.mark.compile
@needs_compiler
def test_loads_a_file_once(stand_in: Any, schema: Path, tmp_path: Path) -> None:
    module = hgvalue_gen.load(schema)
    assert module.value() == 42
    assert hgvalue_gen.load(str(schema)) is module
    copy = tmp_path / "elsewhere" / "answer.hgt"
    copy.parent.mkdir()
    shutil.copy(schema, copy)
    assert hgvalue_gen.load(copy) is module, "the contents count, not the place"


@pytest.mark.compile
@needs_compiler
def test_other_contents_are_another_module(stand_in: Any, schema: Path) -> None:
    first = hgvalue_gen.load(schema)
    schema.write_text("43")
    second = hgvalue_gen.load(schema)
    assert (first.value(), second.value()) == (42, 43)
    assert first.__name__ != second.__name__
    assert sys.modules[second.__name__] is second


@pytest.mark.compile
@needs_compiler
def test_loads_text(stand_in: Any) -> None:
    module = hgvalue_gen.load("40 + 2", name="mine")
    assert module.value() == 42
    assert module.__name__.startswith("mine_")
    assert hgvalue_gen.load("40 + 2", name="mine") is module


def test_only_the_compiled_backend_exists(stand_in: Any) -> None:
    with pytest.raises(ValueError, match="'compiled'"):
        hgvalue_gen.load("42", backend="dynamic")


def test_a_missing_file(stand_in: Any, tmp_path: Path) -> None:
    for source in (tmp_path / "absent.hgt", str(tmp_path / "absent.hgt")):
        with pytest.raises(FileNotFoundError, match="no schema file"):
            hgvalue_gen.load(source)


def test_a_bad_name(stand_in: Any) -> None:
    with pytest.raises(UsageError):
        hgvalue_gen.load("42", name="not valid")


def test_errors_in_text_name_no_file(stand_in: Any) -> None:
    with pytest.raises(SchemaError, match="<schema>:1:1: ERROR"):
        hgvalue_gen.load("ERROR\n")


def test_errors_in_a_file_name_it(stand_in: Any, schema: Path) -> None:
    schema.write_text("ERROR")
    with pytest.raises(SchemaError, match=r"answer\.hgt:1:1: ERROR"):
        hgvalue_gen.load(schema)


@pytest.mark.compile
@needs_compiler
def test_a_module_that_fails_to_import_is_not_kept(
    stand_in: Any, schema: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def emit(parsed: Any, package: str) -> dict[str, str]:
        return stand_in.emit(parsed, package) | {"__init__.py": "# hgvalue-gen\nraise RuntimeError('no')\n"}

    monkeypatch.setattr(stages, "emit", emit)
    schema.write_text("45")
    with pytest.raises(RuntimeError, match="no"):
        hgvalue_gen.load(schema)
    assert not [name for name in sys.modules if name.startswith("answer_")]
