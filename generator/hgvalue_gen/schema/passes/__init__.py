"""The passes from syntax to schema. Their order is the design: each relies on what those before it have made sure."""

from __future__ import annotations

from typing import Final, Protocol

from hgvalue_gen.schema.passes.bind_imports import BindImports
from hgvalue_gen.schema.passes.build_modules import BuildModules
from hgvalue_gen.schema.passes.check_cycles import CheckCycles
from hgvalue_gen.schema.passes.check_names import CheckNames
from hgvalue_gen.schema.passes.declare_names import DeclareNames
from hgvalue_gen.schema.passes.fold_constants import FoldConstants
from hgvalue_gen.schema.passes.read_modules import ReadModules
from hgvalue_gen.schema.passes.resolve_types import ResolveTypes
from hgvalue_gen.schema.program import Program


class Pass(Protocol):
    def run(self, program: Program) -> None:
        """Do one step for the whole program; problems go to its reporter, and nothing is raised."""


PASSES: Final[tuple[type[Pass], ...]] = (
    ReadModules,
    DeclareNames,
    BindImports,
    CheckCycles,
    FoldConstants,
    ResolveTypes,
    CheckNames,
    BuildModules,
)

__all__ = ["PASSES", "Pass"]
