"""Put the schema together, in an order in which everything comes after what it uses."""

from __future__ import annotations

from collections.abc import Iterator

from hgvalue_gen.diagnostics import Span
from hgvalue_gen.schema import model as m
from hgvalue_gen.schema.fingerprint import fingerprint
from hgvalue_gen.schema.program import Program, Symbol, Unit


class BuildModules:
    """Sets ``program.schema``, unless there were errors."""

    def run(self, program: Program) -> None:
        for unit in program.main:
            makes_something = any(symbol.declaration or symbol.broken for symbol in unit.symbols.values())
            if not makes_something and not program.reporter.has_errors:
                program.error(
                    "HGT009",
                    f"{unit.source.name} declares no class and no root",
                    unit,
                    Span(0, 0),
                    help="a file that only holds aliases or constants can be imported by another",
                )
        if program.reporter.has_errors:
            return
        declarations: dict[int, list[m.Declaration]] = {id(unit): [] for unit in program.units}
        for symbol in program.order:
            if symbol.declaration is not None:
                declarations[id(symbol.unit)].append(symbol.declaration)
        modules = tuple(self._module(unit, declarations[id(unit)]) for unit in program.units)
        main = tuple(unit.name for unit in program.main)
        program.schema = m.Schema(modules, main, fingerprint(modules))

    def _module(self, unit: Unit, declarations: list[m.Declaration]) -> m.Module:
        return m.Module(
            name=unit.name,
            declarations=tuple(declarations),
            imports=tuple(imported.name for imported in unit.imports),
            reexports=tuple(_reexports(unit)),
            doc=unit.doc,
            text=unit.source.original,
            path=str(unit.source.path or ""),
        )


def _reexports(unit: Unit) -> Iterator[tuple[str, str, str]]:
    """Yield the imported names that stand for a class: name here, module, name there."""
    for name, binding in unit.scope.items():
        if not isinstance(binding, Symbol) or binding.unit is unit:
            continue
        declared = binding.declaration or binding.type
        match declared:
            case m.Root():
                yield name, binding.unit.name, declared.name
            case m.EnumType() | m.StructType() | m.Bundle() if declared.name is not None:
                yield name, declared.module, declared.name
            case _:
                pass
