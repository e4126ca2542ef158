"""Building the C++ programs that are tested here."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hgvalue_gen.build.files import locked

ROOT = Path(__file__).parents[3]

#: ``build(source, name, *cmake_arguments)`` configures and builds ``tests/<source>`` and returns the build folder.
Build = Callable[..., Path]
#: ``run(*command)`` runs a program, fails the test if the program fails, and returns what it said.
Run = Callable[..., str]


def _tool(package: str, folder: str, name: str) -> str | None:
    """Return a program out of its Python package, else from the search path."""
    if importlib.util.find_spec(package):
        found = shutil.which(name, path=getattr(importlib.import_module(package), folder))
        if found:
            return found
    return shutil.which(name)


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    """Run a program and keep what it says."""
    # The base folder lets ccache recognise the same code in another clone.
    environment = os.environ | {"CCACHE_BASEDIR": str(ROOT), "CCACHE_NOHASHDIR": "1"}
    return subprocess.run(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )


@pytest.fixture(scope="session")
def run_program() -> Run:
    """Return the function that runs programs; ``ctest`` is the one that belongs to CMake."""

    def run(program: str, *arguments: str) -> str:
        path = _tool("cmake", "CMAKE_BIN_DIR", program) if program == "ctest" else program
        assert path is not None
        result = _run(path, *arguments)
        if result.returncode != 0:
            pytest.fail(result.stdout, pytrace=False)
        return result.stdout

    return run


@pytest.fixture(scope="session")
def build_programs() -> Build:
    """Return the function that builds, and skips the test where a tool is missing."""

    def build(source: str, name: str, *arguments: str) -> Path:
        cmake, ninja = _tool("cmake", "CMAKE_BIN_DIR", "cmake"), _tool("ninja", "BIN_DIR", "ninja")
        if not (cmake and ninja):
            pytest.skip("CMake or Ninja is not installed")
        if not any(map(shutil.which, ("c++", "g++", "clang++"))):
            pytest.skip("no C++ compiler is installed")
        if "-DCMAKE_CXX_COMPILER=clang++" in arguments and shutil.which("clang++") is None:
            pytest.skip("clang++ is not installed")
        folder = ROOT / "build" / name
        # Where several workers or runs want the same folder, one builds and the others wait.
        with locked(folder.with_name(f"{name}.lock")):
            configured = _run(
                cmake, "-S", str(ROOT / "tests" / source), "-B", str(folder), "-G", "Ninja",
                f"-DCMAKE_MAKE_PROGRAM={ninja}", f"-DPython_EXECUTABLE={sys.executable}",
                "-DCMAKE_COMPILE_WARNING_AS_ERROR=ON", *arguments,
            )  # fmt: skip
            if configured.returncode != 0:
                if "Catch2Config.cmake" in configured.stdout:
                    pytest.skip("Catch2 is not installed")
                pytest.fail(configured.stdout, pytrace=False)
            built = _run(cmake, "--build", str(folder))
            if built.returncode != 0:
                pytest.fail(built.stdout, pytrace=False)
        return folder

    return build
