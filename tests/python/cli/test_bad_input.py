"""Nothing a user can type gives a traceback, a status other than 1 or 2, or a file."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

GOOD = "class Quote(TimeSeriesSchema):\n    bid: TS[float]\n"


@dataclass(frozen=True)
class Case:
    """Schema text, or bytes, in ``schemas.hgt``, the arguments to give, and what has to happen."""

    said: str
    status: int
    text: str | bytes = GOOD
    arguments: tuple[str, ...] = ("schemas.hgt",)


USAGE = {
    "no arguments": Case("Missing argument", 2, arguments=()),
    "missing file": Case("'absent.hgt' does not exist", 2, arguments=("absent.hgt",)),
    "folder as file": Case("is a directory", 2, arguments=("folder.hgt",)),
    "not a schema": Case("is not a schema file", 2, arguments=("notes.txt",)),
    "unknown option": Case("No such option", 2, arguments=("schemas.hgt", "--frobnicate")),
    "keyword as name": Case("'class' is a Python keyword", 2, arguments=("schemas.hgt", "-n", "a.class")),
    "no identifier as name": Case("not a Python identifier", 2, arguments=("schemas.hgt", "-n", "a-b")),
    "path as name": Case("package name", 2, arguments=("schemas.hgt", "-n", "../evil")),
    "empty name": Case("empty package name", 2, arguments=("schemas.hgt", "-n", "")),
    "empty part": Case("empty part", 2, arguments=("schemas.hgt", "-n", "a..b")),
    "standard module": Case("would hide Python's own module 'json'", 2, arguments=("schemas.hgt", "-n", "json")),
    "runtime's name": Case("would hide the package 'hgvalue'", 2, arguments=("schemas.hgt", "-n", "hgvalue")),
    "default name": Case("give a name with -n", 2, arguments=("2024.hgt",)),
    "output is a file": Case("is a file", 2, arguments=("schemas.hgt", "-o", "notes.txt")),
    "output below a file": Case("is a file", 2, arguments=("schemas.hgt", "-o", "notes.txt/deeper")),
    "include is absent": Case("does not exist", 2, arguments=("schemas.hgt", "-I", "nowhere")),
    "include is a file": Case("is a file", 2, arguments=("schemas.hgt", "-I", "notes.txt")),
    "jobs is no number": Case("not a valid integer", 2, arguments=("schemas.hgt", "--jobs", "many")),
    "jobs is zero": Case("--jobs", 2, arguments=("schemas.hgt", "--jobs", "0")),
    "unknown sanitizer": Case("unknown sanitizer 'magic'", 2, arguments=("schemas.hgt", "--sanitize", "magic")),
    "sanitizers that clash": Case("cannot be combined", 2, arguments=("schemas.hgt", "--sanitize", "thread,address")),
    "unknown error format": Case("--error-format", 2, arguments=("schemas.hgt", "--error-format", "xml")),
    "two questions": Case("cannot be used together", 2, arguments=("schemas.hgt", "--check", "--emit-json")),
    "loud and quiet": Case("cannot be used together", 2, arguments=("schemas.hgt", "-v", "-q")),
    "same module twice": Case("both become the module", 2, arguments=("schemas.hgt", "folder.hgt/schemas.hgt")),
    "option without value": Case("requires an argument", 2, arguments=("schemas.hgt", "-o")),
}

SCHEMA = {
    "unknown type": Case("error[HGT", 1, "class A(TimeSeriesSchema):\n    x: TS[flaot]\n"),
    "unhashable key": Case("error[HGT", 1, "type Book = TSD[list[int], TS[float]]\n"),
    "duplicate name": Case("error[HGT", 1, "A = float\nA = int\n"),
    "cyclic alias": Case("error[HGT", 1, "A = B\nB = A\n"),
    "not our language": Case("error[HGT", 1, "def f():\n    return 1\n"),
    "broken syntax": Case("error[HGT", 1, "class A(TimeSeriesSchema:\n"),
    "bad indentation": Case("error[HGT", 1, "class A(TimeSeriesSchema):\n  x: TS[int]\n     y: TS[int]\n"),
    "missing import": Case("error[HGT", 1, "from nowhere import Thing\n"),
    "open bracket at the end": Case("error[HGT", 1, "type A = TSD[str, "),
    "control characters": Case("error[HGT", 1, "class A\0B(TimeSeriesSchema):\n    x: TS[int]\n"),
    "not UTF-8": Case("error[HGT", 1, b"class A(TimeSeriesSchema):\n    x: TS[\xff\xfe]\n"),
    "a binary file": Case("error[HGT", 1, bytes(range(256)) * 20),
    "deep nesting": Case("error", 1, "type A = " + "TSL[" * 3000 + "TS[int]" + "]" * 3000 + "\n"),
}


@pytest.fixture
def place(folder: Path) -> Path:
    """A folder with all that the cases talk of."""
    (folder / "notes.txt").write_text("notes")
    (folder / "2024.hgt").write_text(GOOD)
    (folder / "folder.hgt").mkdir()
    (folder / "folder.hgt" / "schemas.hgt").write_text(GOOD)
    return folder


def _files(folder: Path) -> set[Path]:
    return set(folder.rglob("*"))


@pytest.mark.parametrize("case", [*USAGE.values(), *SCHEMA.values()], ids=[*USAGE, *SCHEMA])
def test_bad_input(case: Case, place: Path, run: Callable[..., Any]) -> None:
    text = case.text.encode() if isinstance(case.text, str) else case.text
    (place / "schemas.hgt").write_bytes(text)
    before = _files(place)
    result = run(*case.arguments)
    assert result.status == case.status
    assert case.said in result.err
    assert "Traceback" not in result.err and "internal error" not in result.err
    assert result.out == ""
    assert _files(place) == before


@pytest.mark.parametrize("case", SCHEMA.values(), ids=SCHEMA)
def test_bad_schema_as_json(case: Case, place: Path, run: Callable[..., Any]) -> None:
    text = case.text.encode() if isinstance(case.text, str) else case.text
    (place / "schemas.hgt").write_bytes(text)
    result = run("schemas.hgt", "--error-format=json")
    assert result.status == 1
    records = [json.loads(line) for line in result.err.splitlines()]
    assert records and all(record["message"] for record in records)


def test_other_errors_as_json_too(place: Path, run: Callable[..., Any]) -> None:
    (place / "schemas.hgt").write_text(GOOD)
    result = run("schemas.hgt", "-n", "a-b", "--error-format=json")
    (record,) = [json.loads(line) for line in result.err.splitlines()]
    assert (result.status, record["severity"]) == (2, "error")
    assert "not a Python identifier" in record["message"]
