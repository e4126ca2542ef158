from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from hgvalue_gen.build.files import digest_bytes
from hgvalue_gen.build.stamp import Stamp, read_stamp, stamp_text

REQUEST = ("schemas", "release", "", "")
TOOLS = {"hgvalue-gen": "0.1.0", "compiler": "c++:1"}


@pytest.fixture
def package(tmp_path: Path) -> Path:
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "a.py").write_text("out")
    (tmp_path / "s.hgt").write_text("in")
    return tmp_path / "package"


@pytest.fixture
def stamp(package: Path) -> Stamp:
    return Stamp(REQUEST, TOOLS, {str(package.parent / "s.hgt"): digest_bytes(b"in")}, {"a.py": digest_bytes(b"out")})


def test_round_trip(stamp: Stamp, tmp_path: Path) -> None:
    (tmp_path / "stamp.json").write_text(stamp_text(stamp))
    assert read_stamp(tmp_path / "stamp.json") == stamp


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"format": 0}', '{"format": 1}', '{"format": 1, "request": 3}']
)
def test_a_damaged_stamp_is_none(text: str, tmp_path: Path) -> None:
    (tmp_path / "stamp.json").write_text(text)
    assert read_stamp(tmp_path / "stamp.json") is None


def test_no_stamp_is_none(tmp_path: Path) -> None:
    assert read_stamp(tmp_path / "stamp.json") is None


def test_current(stamp: Stamp, package: Path) -> None:
    assert stamp.is_current(REQUEST, TOOLS, package)


def test_asking_about_fewer_tools_is_enough(stamp: Stamp, package: Path) -> None:
    assert stamp.is_current(REQUEST, {"hgvalue-gen": "0.1.0"}, package)


def test_not_current(stamp: Stamp, package: Path) -> None:
    assert not stamp.is_current(("other",), TOOLS, package)
    assert not stamp.is_current(REQUEST, TOOLS | {"compiler": "c++:2"}, package)
    assert not stamp.is_current(REQUEST, TOOLS | {"new": "1"}, package)
    assert not replace(stamp, outputs={**stamp.outputs, "b.py": "0"}).is_current(REQUEST, TOOLS, package)
    assert not stamp.is_current(REQUEST, TOOLS, package.parent)


def test_a_changed_source_or_output_is_noticed(stamp: Stamp, package: Path) -> None:
    source = package.parent / "s.hgt"
    source.write_text("in, edited")
    assert not stamp.is_current(REQUEST, TOOLS, package)
    source.write_text("in")
    assert stamp.is_current(REQUEST, TOOLS, package)
    (package / "a.py").write_text("edited")
    assert not stamp.is_current(REQUEST, TOOLS, package)
