"""Builds the C++ tests (plain, with sanitizers, with Clang) and runs each of their programs through ctest."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PROGRAMS = sorted(path.stem for path in (ROOT / "tests" / "cpp").glob("*_test.cpp"))
#: CMake arguments by the name of a way to build the tests: as it is shipped, and twice with its assertions.
VARIANTS: dict[str, list[str]] = {
    "plain": [],
    "sanitized": ["-DCMAKE_BUILD_TYPE=Debug", "-DHGVALUE_SANITIZE=address,undefined"],
    "clang": ["-DCMAKE_BUILD_TYPE=Debug", "-DCMAKE_CXX_COMPILER=clang++"],
}

pytestmark = pytest.mark.compile


def _tool(package: str, folder: str, name: str) -> str | None:
    """Return a program out of its Python package, else from the search path."""
    if importlib.util.find_spec(package):
        found = shutil.which(name, path=getattr(importlib.import_module(package), folder))
        if found:
            return found
    return shutil.which(name)


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    # The base folder lets ccache recognise the same code in another clone.
    environment = os.environ | {"CCACHE_BASEDIR": str(ROOT), "CCACHE_NOHASHDIR": "1"}
    return subprocess.run(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )


@pytest.fixture(scope="module", params=VARIANTS)
def build(request: pytest.FixtureRequest) -> Path:
    """Return a folder in which all test programs of one variant are built."""
    cmake, ninja = _tool("cmake", "CMAKE_BIN_DIR", "cmake"), _tool("ninja", "BIN_DIR", "ninja")
    if not (cmake and ninja):
        pytest.skip("CMake or Ninja is not installed")
    if not any(map(shutil.which, ("c++", "g++", "clang++"))):
        pytest.skip("no C++ compiler is installed")
    if request.param == "clang" and shutil.which("clang++") is None:
        pytest.skip("clang++ is not installed")
    folder = ROOT / "build" / f"tests-cpp-{request.param}"
    configured = _run(
        cmake, "-S", str(ROOT / "tests" / "cpp"), "-B", str(folder), "-G", "Ninja",
        f"-DCMAKE_MAKE_PROGRAM={ninja}", f"-DPython_EXECUTABLE={sys.executable}",
        "-DCMAKE_COMPILE_WARNING_AS_ERROR=ON", *VARIANTS[request.param],
    )  # fmt: skip
    if configured.returncode != 0:
        if "Catch2Config.cmake" in configured.stdout:
            pytest.skip("Catch2 is not installed")
        pytest.fail(configured.stdout, pytrace=False)
    built = _run(cmake, "--build", str(folder))
    if built.returncode != 0:
        pytest.fail(built.stdout, pytrace=False)
    return folder


@pytest.mark.parametrize("program", PROGRAMS)
def test_program(build: Path, program: str) -> None:
    ctest = _tool("cmake", "CMAKE_BIN_DIR", "ctest")
    assert ctest is not None
    result = _run(ctest, "--test-dir", str(build), "-R", f"^{program}$", "--output-on-failure", "--no-tests=error")
    if result.returncode != 0:
        pytest.fail(result.stdout, pytrace=False)
