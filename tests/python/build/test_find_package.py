"""What the installed runtime offers to CMake."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hgvalue_gen.build.toolchain import find_program

hgvalue = pytest.importorskip("hgvalue")

CMAKE = """
cmake_minimum_required(VERSION 3.20...4.0)
project(consumer LANGUAGES CXX)
find_package(hgvalue 0.1 CONFIG REQUIRED)
add_executable(consumer main.cpp)
target_link_libraries(consumer PRIVATE hgvalue::hgvalue)
"""
PROGRAM = """
#include <hgvalue/core/runtime_api.hpp>
#include <tsl/robin_map.h>
#include <cstdio>
int main() {
    tsl::robin_map<int, unsigned> table{{1, hgvalue::runtime().abi}};
    std::printf("%u", table[1]);
}
"""


def test_the_folders_exist() -> None:
    include, cmake = Path(hgvalue.include_dir()), Path(hgvalue.cmake_dir())
    assert (include / "hgvalue" / "core" / "runtime_api.hpp").is_file()
    assert (include / "tsl" / "robin_map.h").is_file()
    assert (include / "tsl" / "LICENSE").read_text().startswith("MIT License")
    assert (cmake / "hgvalueConfig.cmake").is_file()


@pytest.mark.compile
def test_a_program_without_python_links(tmp_path: Path) -> None:
    if not any(map(shutil.which, ("c++", "g++", "clang++"))):
        pytest.skip("no C++ compiler is installed")
    (tmp_path / "CMakeLists.txt").write_text(CMAKE)
    (tmp_path / "main.cpp").write_text(PROGRAM)
    cmake, ninja = find_program("cmake", "CMAKE_BIN_DIR"), find_program("ninja", "BIN_DIR")
    build = tmp_path / "build"
    for command in (
        [cmake, "-S", str(tmp_path), "-B", str(build), "-G", "Ninja", f"-DCMAKE_MAKE_PROGRAM={ninja}",
         f"-Dhgvalue_DIR={hgvalue.cmake_dir()}"],
        [cmake, "--build", str(build)],
    ):  # fmt: skip
        result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        assert result.returncode == 0, result.stdout
    program = build / ("consumer.exe" if sys.platform == "win32" else "consumer")
    assert int(subprocess.run([program], capture_output=True, check=True).stdout) >= 1
