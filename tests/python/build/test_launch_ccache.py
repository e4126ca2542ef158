"""Precompiled headers that ccache keeps are those of the headers as they stand."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

LAUNCHER = Path(__file__).parents[3] / "runtime" / "cmake" / "launch_ccache.py"
COMPILER = shutil.which("g++")
CCACHE = shutil.which("ccache")

pytestmark = pytest.mark.skipif(COMPILER is None or CCACHE is None, reason="needs g++ and ccache")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CCACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("CCACHE_SLOPPINESS", "pch_defines,time_macros,include_file_mtime,include_file_ctime")
    (tmp_path / "all.hpp").write_text('#include "edited.hpp"\n')
    (tmp_path / "nothing.cxx").write_text("")
    return tmp_path


def precompiled(folder: Path, edited: str) -> bytes:
    """Compile the header with this text as CMake does and return what was made."""
    (folder / "edited.hpp").write_text(edited)
    command = [COMPILER, "-fpch-preprocess", "-x", "c++-header", "-include", "./all.hpp"]
    command += ["-o", "all.hpp.gch", "-c", "nothing.cxx"]
    subprocess.run([sys.executable, LAUNCHER, CCACHE, *command], cwd=folder, check=True)
    return (folder / "all.hpp.gch").read_bytes()


def test_each_edit_has_a_form_of_its_own(folder: Path) -> None:
    first = precompiled(folder, "struct A {};\n")
    second = precompiled(folder, "struct A { int b; };\n")
    assert first != second
    assert precompiled(folder, "struct A {};\n") == first
    third = precompiled(folder, "struct A { double c, d; };\n")
    assert third not in (first, second)


def test_the_exit_code_is_that_of_the_compiler(folder: Path) -> None:
    assert subprocess.run([sys.executable, LAUNCHER, CCACHE, COMPILER, "-c", "absent.cpp"], cwd=folder).returncode
