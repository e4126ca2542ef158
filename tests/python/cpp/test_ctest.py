"""Builds the C++ tests (plain, with sanitizers, with Clang) and runs the tests of each file through ctest.

The ones about what threads share are built with a thread sanitizer, besides.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
FILES = sorted(path.stem for path in (ROOT / "tests" / "cpp").glob("*_test.cpp"))
#: Without optimisation, with the runtime's own checks, and with no more for a debugger than lines.
CHECKED = ["-DCMAKE_BUILD_TYPE=Debug", "-DCMAKE_CXX_FLAGS_DEBUG=-g1"]
CLANG = ["-DCMAKE_CXX_COMPILER=clang++"]
#: With sanitizers, Clang compiles in half the time that GCC takes, and its sanitizers find more.
SANITIZED = CHECKED + (CLANG if shutil.which("clang++") else [])
#: CMake arguments by the name of a way to build the tests: as it is shipped, and twice with its assertions.
VARIANTS: dict[str, list[str]] = {
    "sanitized": [*SANITIZED, "-DHGVALUE_SANITIZE=address,undefined"],
    "plain": [],
    "clang": CHECKED + CLANG,
}
#: Nothing is changed between one build and the next here, so batches pay.
BATCHES = "-DHGVALUE_UNITY=ON"

#: What threads share: too slow a way to build all tests, and of no use to those that have one thread.
THREADED = "shared_state_test"

pytestmark = pytest.mark.compile


@pytest.fixture(scope="module", params=VARIANTS)
def build(request: pytest.FixtureRequest, build_programs: Callable[..., Path]) -> Path:
    """Return a folder in which the tests of one variant are built."""
    return build_programs("cpp", f"tests-cpp-{request.param}", *VARIANTS[request.param], BATCHES)


@pytest.mark.parametrize("file", FILES)
def test_file(build: Path, file: str, run_program: Callable[..., str]) -> None:
    _run_file(run_program, build, file)


def test_threads(build_programs: Callable[..., Path], run_program: Callable[..., str]) -> None:
    arguments = [*SANITIZED, "-DHGVALUE_SANITIZE=thread", f"-DHGVALUE_TESTS={THREADED}", BATCHES]
    _run_file(run_program, build_programs("cpp", "tests-cpp-threads", *arguments), THREADED)


def _run_file(run_program: Callable[..., str], build: Path, file: str) -> None:
    run_program("ctest", "--test-dir", str(build), "-R", f"^{file}$", "--output-on-failure", "--no-tests=error")
