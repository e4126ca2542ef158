"""The CMake file that goes with the generated C++."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files
from pathlib import PurePosixPath
from typing import Final

import hgvalue_gen

_TEMPLATE: Final = "CMakeLists.txt.j2"


def cmake_lists(package: str, names: Iterable[str]) -> str:
    """Return ``cpp/CMakeLists.txt`` for a package that consists of the files ``names``."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, autoescape=False
    )
    text = files(hgvalue_gen).joinpath("templates", "cmake", _TEMPLATE).read_text(encoding="utf-8")
    paths = (PurePosixPath(name) for name in names)
    sources = sorted(str(path.relative_to("cpp")) for path in paths if path.parts[0] == "cpp" and path.suffix == ".cpp")
    return environment.from_string(text).render(package=package, version=hgvalue_gen.__version__, sources=sources)
