"""The whole way, from a schema to an imported module, with the compiler that is there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import hgvalue_gen

pytestmark = [
    pytest.mark.compile,
    pytest.mark.skipif(not any(map(shutil.which, ("c++", "g++", "clang++"))), reason="no C++ compiler is installed"),
]

USE = """
import sys
sys.path.insert(0, ".")
import prices
book = prices.Book()
with book.tick(1):
    book.apply_result({"A": {"bid": 1.5}})
print(book.value)
"""


def _use(folder: Path) -> str:
    return subprocess.run([sys.executable, "-c", USE], cwd=folder, capture_output=True, text=True, check=True).stdout


def test_from_schema_to_module(run: Callable[..., Any], prices: Path, folder: Path) -> None:
    result = run("prices.hgt")
    assert result.status == 0, result.err
    assert "] module.cpp\n" in result.out
    assert "prices: compiled in " in result.out
    assert _use(folder) == "{'A': {'bid': 1.5}}\n"

    assert run("prices.hgt").out == "prices: up to date\n"
    assert run("prices.hgt", "--check-stale").status == 0

    prices.write_text(prices.read_text().replace("ask: TS[float]", "ask: TS[float]\n    size: TS[int]"))
    result = run("prices.hgt", "--check-stale")
    assert result.status == 1
    assert "_native" in result.out
    assert run("prices.hgt", "--quiet").out == ""
    assert run("prices.hgt").out == "prices: up to date\n"
    assert _use(folder) == "{'A': {'bid': 1.5}}\n"


def test_a_failed_compilation(run: Callable[..., Any], prices: Path, folder: Path, tmp_path: Path) -> None:
    """A compiler that works until it sees generated code."""
    if os.name == "nt":
        pytest.skip("the stand-in compiler is a shell script")
    real = shutil.which("c++") or shutil.which("g++") or shutil.which("clang++")
    fussy = tmp_path / "fussy-c++"
    fussy.write_text(
        f'#!/bin/sh\ncase "$*" in *prices.cpp*) echo "prices.cpp:1: no" >&2; exit 1;; esac\nexec {real} "$@"\n'
    )
    fussy.chmod(0o755)
    result = run("prices.hgt", "--compiler", fussy)
    assert result.status == 3
    assert result.err == "error: the generated C++ did not compile\nprices.cpp:1: no\n"
    assert (folder / "prices" / "cpp" / "prices.cpp").is_file()
    assert not list((folder / "prices").glob("_native*"))


def test_load(folder: Path, prices: Path) -> None:
    module = hgvalue_gen.load(prices)
    assert hgvalue_gen.load(prices) is module
    book = module.Book()
    with book.tick(1):
        book.get_or_create("A").ask = 2.0
    assert book.value == {"A": {"ask": 2.0}}
    assert module.__backend__ == "compiled"
