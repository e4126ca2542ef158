"""Finding the compiler, CMake, Ninja and ccache, and saying what to install when one is missing."""

from __future__ import annotations

import importlib
import os
import shlex
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hgvalue_gen.build.errors import ToolError

NO_COMPILER: Final = (
    "no C++ compiler was found; install one with `apt install g++` (Debian, Ubuntu), `dnf install gcc-c++` (Fedora), "
    "`xcode-select --install` (macOS) or Visual Studio's Build Tools with C++, run from its developer prompt "
    "(Windows), or name one with --compiler"
)
NO_PYTHON_HEADERS: Final = (
    "Python's C headers were not found; install them with `apt install python3-dev` (Debian, Ubuntu) or "
    "`dnf install python3-devel` (Fedora)"
)


@dataclass(frozen=True, slots=True)
class Compiler:
    """A C++ compiler: ``program`` is its full path, ``explicit`` whether CMake has to be told of it.

    One that comes from ``CXX`` with arguments is left to CMake, which knows how to take that variable apart.
    """

    program: str
    explicit: bool = True


@dataclass(frozen=True, slots=True)
class Toolchain:
    """Full paths of the programs that compile a package; ``ccache`` is ``None`` where there is none."""

    compiler: Compiler
    cmake: str
    ninja: str
    ccache: str | None


def find_compiler(requested: str | None) -> Compiler:
    """Return the requested compiler, else the one ``CXX`` names, else the platform's usual one.

    Raises :class:`~hgvalue_gen.build.errors.ToolError` with advice if there is none.
    """
    if requested:
        program = shutil.which(requested)
        if program is None:
            raise ToolError(f"the compiler '{requested}' was not found; --compiler takes a path or a command")
        return Compiler(os.path.abspath(program))
    words = _split(os.environ.get("CXX", ""))
    if words:
        program = shutil.which(words[0])
        if program is None:
            raise ToolError(f"the compiler '{words[0]}', which the variable CXX names, was not found")
        return Compiler(os.path.abspath(program), explicit=len(words) == 1)
    for command in ("cl", "clang-cl", "g++", "clang++") if sys.platform == "win32" else ("c++", "g++", "clang++"):
        program = shutil.which(command)
        if program is not None:
            return Compiler(os.path.abspath(program))
    raise ToolError(NO_COMPILER)


def find_toolchain(requested_compiler: str | None) -> Toolchain:
    """Return everything a compilation needs.

    Raises :class:`~hgvalue_gen.build.errors.ToolError` naming the first thing that is missing.
    """
    return Toolchain(
        compiler=find_compiler(requested_compiler),
        cmake=find_program("cmake", "CMAKE_BIN_DIR"),
        ninja=find_program("ninja", "BIN_DIR"),
        ccache=shutil.which("ccache"),
    )


def find_program(name: str, folder_variable: str) -> str:
    """Return the program that the Python package ``name`` ships, else the one on the search path.

    Raises :class:`~hgvalue_gen.build.errors.ToolError` if there is neither.
    """
    try:
        folder = getattr(importlib.import_module(name), folder_variable)
    except (ImportError, AttributeError):
        folder = None
    program = shutil.which(name, path=folder) if folder else None
    program = program or shutil.which(name)
    if program is None:
        raise ToolError(f"'{name}' was not found; `pip install {name}` adds it")
    return str(Path(program).absolute())


def _split(command: str) -> list[str]:
    try:
        return shlex.split(command, posix=os.name != "nt")
    except ValueError:
        return [command]
