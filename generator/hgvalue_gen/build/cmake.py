"""The CMake file that goes with the generated C++."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

import hgvalue_gen


def cmake_lists(package: str, names: Iterable[str]) -> str:
    """Return ``cpp/CMakeLists.txt`` for a package that consists of the files ``names``."""
    from hgvalue_gen.emit.templates import render

    paths = (PurePosixPath(name) for name in names)
    sources = sorted(str(path.relative_to("cpp")) for path in paths if path.parts[0] == "cpp" and path.suffix == ".cpp")
    values = {"package": package, "version": hgvalue_gen.__version__, "sources": sources}
    return render("cmake/CMakeLists.txt.j2", values)
