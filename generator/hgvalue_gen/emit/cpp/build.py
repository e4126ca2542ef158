"""From the schema to the view models of its C++ files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from hgvalue_gen.emit.banner import RUNTIME_ABI, banner
from hgvalue_gen.emit.cpp import views as v
from hgvalue_gen.emit.cpp.bundles import build_bundle, build_root
from hgvalue_gen.emit.cpp.context import Context, doc_literal
from hgvalue_gen.emit.cpp.declarations import build_enum, build_struct
from hgvalue_gen.emit.cpp.literals import comment_lines, string_literal
from hgvalue_gen.emit.cpp.scopes import PackageNames
from hgvalue_gen.emit.plan import Plan, Unit
from hgvalue_gen.schema import model as m

#: A source file holds the tables of at most so many types, so that a large schema is compiled by several processes.
_TYPES_PER_SOURCE: Final = 40


def build_units(plan: Plan, names: PackageNames) -> list[v.UnitView]:
    """Build the view models of all units, imported ones first."""
    return [_build_unit(plan, names, unit) for unit in plan.units]


def build_sources(unit: v.UnitView, names: PackageNames) -> dict[str, v.SourceView]:
    """Divide a unit among source files, by their names without ending."""
    parts = [
        unit.declarations[start : start + _TYPES_PER_SOURCE]
        for start in range(0, len(unit.declarations), _TYPES_PER_SOURCE)
    ] or [()]
    files = [unit.file, *(names.claim_file(f"{unit.file}_{number}") for number in range(2, len(parts) + 1))]
    last = len(parts) - 1
    return {
        file: v.SourceView(unit, part, index == last)
        for index, (file, part) in enumerate(zip(files, parts, strict=True))
    }


def build_module(plan: Plan, units: list[v.UnitView]) -> v.ModuleView:
    """Build the view model of the extension module."""
    return v.ModuleView(
        banner=banner(plan.schema, ", ".join(plan.schema.main)),
        package=string_literal(plan.package),
        fingerprint=string_literal(plan.schema.fingerprint),
        includes=tuple(f"{unit.forward_file}.h" for unit in units),
        tables=tuple(f"{unit.namespace}::{unit.table}" for unit in units),
    )


def _build_unit(plan: Plan, names: PackageNames, unit: Unit) -> v.UnitView:
    context = Context(names, unit)
    declarations = tuple(_build_declarations(unit, context))
    own = context.names
    return v.UnitView(
        banner=banner(plan.schema, unit.name),
        file=own.file,
        forward_file=own.forward_file,
        includes=tuple(f"{names.of(plan.unit(used)).file}.h" for used in unit.uses),
        namespace=own.namespace,
        version=f"v_{plan.schema.fingerprint}",
        label=string_literal(unit.name),
        python_label=string_literal(unit.python_name),
        doc=doc_literal(unit.module.doc),
        comment=comment_lines(unit.module.doc),
        declarations=declarations,
        table=own.table,
        types=tuple(d.item.name for d in declarations if isinstance(d.item, v.EnumView | v.StructView)),
        nodes=tuple(d.item.node for d in declarations if isinstance(d.item, v.BundleView | v.RootView)),
        type_table=own.scope.claim("types"),
        node_table=own.scope.claim("nodes"),
        abi=RUNTIME_ABI,
    )


def _build_declarations(unit: Unit, context: Context) -> Iterator[v.DeclarationView]:
    for declaration in unit.declarations:
        match declaration:
            case m.EnumType():
                yield v.DeclarationView("enum", build_enum(declaration, context))
            case m.StructType():
                yield v.DeclarationView("struct", build_struct(declaration, context))
            case m.Bundle():
                yield v.DeclarationView("bundle", build_bundle(declaration, context))
            case m.Root():
                yield v.DeclarationView("root", build_root(declaration, context))
