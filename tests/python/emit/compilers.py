"""Compiling emitted C++ the way a package is compiled, but one file at a time and for its messages only."""

from __future__ import annotations

import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
COMPILERS = ("g++", "clang++")
FLAGS = ("-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Werror")


def require(compiler: str) -> str:
    """Return the compiler's path; skips the test if there is none. HGVALUE_REQUIRE=clang makes that a failure."""
    found = shutil.which(compiler)
    if found is None:
        pytest.skip(f"{compiler} is not installed")
    return found


def includes() -> list[str]:
    """Return the options that find the runtime's headers, and nanobind's and Python's for the module's own source."""
    nanobind = Path(pytest.importorskip("nanobind").__file__).parent
    system = [nanobind / "ext" / "robin_map" / "include", nanobind / "include", sysconfig.get_path("include")]
    return ["-I", str(ROOT / "runtime" / "include"), *(part for path in system for part in ("-isystem", str(path)))]


def write(folder: Path, texts: dict[str, str]) -> Path:
    """Write a package's files and return the folder of its C++."""
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder / "cpp"


def check(compiler: str, source: Path, *options: str) -> None:
    """Compile one file; the test fails with the compiler's messages if there are any."""
    if source.name == "module.cpp" and not Path(sysconfig.get_path("include"), "Python.h").is_file():
        pytest.skip("Python's headers are not installed")
    defined = ["-DHGVALUE_MODULE", "-DNB_DOMAIN=hgvalue"]
    command = [require(compiler), *FLAGS, *defined, "-I", str(source.parent), *includes(), *options, str(source)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, f"{compiler} {source.name}:\n{result.stderr[:8000]}"
