"""Builds the C++ tests (plain, with sanitizers, with Clang) and runs each of their programs through ctest.

The one about what threads share is built with a thread sanitizer, besides.
"""

from __future__ import annotations

from collections.abc import Callable
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

#: What threads share: too slow a way to build all programs, and of no use to those that have one thread.
THREADED = "shared_state_test"

pytestmark = pytest.mark.compile


@pytest.fixture(scope="module", params=VARIANTS)
def build(request: pytest.FixtureRequest, build_programs: Callable[..., Path]) -> Path:
    """Return a folder in which all test programs of one variant are built."""
    return build_programs("cpp", f"tests-cpp-{request.param}", *VARIANTS[request.param])


@pytest.mark.parametrize("program", PROGRAMS)
def test_program(build: Path, program: str, run_program: Callable[..., str]) -> None:
    _run_program(run_program, build, program)


def test_threads(build_programs: Callable[..., Path], run_program: Callable[..., str]) -> None:
    arguments = ["-DHGVALUE_SANITIZE=thread", "-DCMAKE_BUILD_TYPE=Debug"]
    build = build_programs("cpp", "tests-cpp-threads", *arguments, target=THREADED)
    _run_program(run_program, build, THREADED)


def _run_program(run_program: Callable[..., str], build: Path, program: str) -> None:
    run_program("ctest", "--test-dir", str(build), "-R", f"^{program}$", "--output-on-failure", "--no-tests=error")
