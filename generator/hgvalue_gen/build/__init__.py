"""From a schema to an importable package.

``package`` is the way from schema files to a folder, ``loader`` the one from a schema to an imported module.
``stamp`` and ``identity`` decide whether there is anything to do, ``native`` and ``toolchain`` run the compiler,
``files`` and ``cache`` know where everything goes. Only what the front end and templates need is imported late:
a run that has nothing to do never loads them.
"""

from __future__ import annotations

from hgvalue_gen.build.errors import (
    CompileError,
    GenError,
    OutputError,
    SchemaError,
    ToolError,
    UsageError,
)
from hgvalue_gen.build.options import SANITIZERS, BuildOptions
from hgvalue_gen.build.package import BuildResult, build_package
from hgvalue_gen.build.progress import Progress

__all__ = [
    "SANITIZERS",
    "BuildOptions",
    "BuildResult",
    "CompileError",
    "GenError",
    "OutputError",
    "Progress",
    "SchemaError",
    "ToolError",
    "UsageError",
    "build_package",
]
