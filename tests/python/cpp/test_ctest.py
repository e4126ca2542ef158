"""Builds the C++ tests (plain, with sanitizers, with Clang) and runs each of their programs through ctest."""

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

pytestmark = pytest.mark.compile


@pytest.fixture(scope="module", params=VARIANTS)
def build(request: pytest.FixtureRequest, build_programs: Callable[..., Path]) -> Path:
    """Return a folder in which all test programs of one variant are built."""
    return build_programs("cpp", f"tests-cpp-{request.param}", *VARIANTS[request.param])


@pytest.mark.parametrize("program", PROGRAMS)
def test_program(build: Path, program: str, run_program: Callable[..., str]) -> None:
    run_program("ctest", "--test-dir", str(build), "-R", f"^{program}$", "--output-on-failure", "--no-tests=error")
