"""Native value and time-series classes, generated from a schema known ahead of time.

``load(source)`` gives the module for a schema, ``build_package(files)`` writes one to a folder. Both are loaded on
first use, so that importing this package costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hgvalue_gen.build.loader import load
    from hgvalue_gen.build.options import BuildOptions
    from hgvalue_gen.build.package import BuildResult, build_package

__version__ = "0.1.0"

__all__ = ["BuildOptions", "BuildResult", "__version__", "build_package", "load"]


def __getattr__(name: str) -> Any:
    if name == "load":
        from hgvalue_gen.build.loader import load

        return load
    if name in __all__:
        from hgvalue_gen import build

        return getattr(build, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
