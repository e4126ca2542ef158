from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from hgvalue_gen.build import ToolError
from hgvalue_gen.build.toolchain import find_compiler, find_program

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="stand-in programs are shell scripts")


def _program(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def bin_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder of the search path."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("CXX", raising=False)
    return folder


def test_no_compiler_says_what_to_install(bin_folder: Path) -> None:
    with pytest.raises(ToolError) as caught:
        find_compiler(None)
    message = str(caught.value)
    assert "\n" not in message
    for word in ("apt install g++", "dnf install gcc-c++", "xcode-select --install", "Visual Studio", "--compiler"):
        assert word in message
    assert caught.value.exit_status == 3


@pytest.mark.parametrize("name", ["c++", "g++", "clang++"])
def test_any_usual_compiler_will_do(bin_folder: Path, name: str) -> None:
    compiler = _program(bin_folder / name)
    assert find_compiler(None).program == str(compiler)


def test_cxx_comes_first(bin_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _program(bin_folder / "c++")
    mine = _program(bin_folder / "mine")
    monkeypatch.setenv("CXX", "mine")
    assert (find_compiler(None).program, find_compiler(None).explicit) == (str(mine), True)
    monkeypatch.setenv("CXX", "mine -m64")
    assert (find_compiler(None).program, find_compiler(None).explicit) == (str(mine), False)


def test_a_requested_compiler_comes_before_cxx(bin_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CXX", "absent")
    wanted = _program(bin_folder / "wanted")
    assert find_compiler("wanted").program == str(wanted)
    assert find_compiler(str(wanted)).program == str(wanted)


def test_a_compiler_that_is_not_there(bin_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ToolError, match="the compiler 'g\\+\\+-99' was not found"):
        find_compiler("g++-99")
    monkeypatch.setenv("CXX", "'unbalanced")
    with pytest.raises(ToolError, match="which the variable CXX names, was not found"):
        find_compiler(None)


def test_programs_come_out_of_their_python_packages(bin_folder: Path) -> None:
    assert os.access(find_program("ninja", "BIN_DIR"), os.X_OK)
    assert os.access(find_program("cmake", "CMAKE_BIN_DIR"), os.X_OK)


def test_a_missing_program_names_its_package(bin_folder: Path) -> None:
    with pytest.raises(ToolError, match="`pip install no_such_tool` adds it"):
        find_program("no_such_tool", "BIN_DIR")
    found = _program(bin_folder / "no_such_tool")
    assert find_program("no_such_tool", "BIN_DIR") == str(found)
