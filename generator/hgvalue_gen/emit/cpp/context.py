"""What the builders of one unit's view models share."""

from __future__ import annotations

import inspect
from typing import Final

from hgvalue_gen.emit.cpp.identifiers import compound, identifier
from hgvalue_gen.emit.cpp.literals import string_literal
from hgvalue_gen.emit.cpp.scopes import EntityNames, PackageNames, UnitNames
from hgvalue_gen.emit.cpp.spelling import Spelling
from hgvalue_gen.emit.cpp.views import TraitsView
from hgvalue_gen.emit.names import Scope
from hgvalue_gen.emit.plan import Plan, Unit
from hgvalue_gen.emit.walk import key_of
from hgvalue_gen.schema import model as m

#: Room for a list of arguments beside what stands before it.
_ROOM: Final = 70
_WIDTH: Final = 120
_TABLES: Final = ("_fields", "_children", "_names", "_values", "_members")


class Context:
    """Names and spellings of the unit whose text is being made."""

    def __init__(self, names: PackageNames, unit: Unit) -> None:
        self.plan: Plan = names.plan
        self.unit = unit
        self.names: UnitNames = names.of(unit)
        self.inside = Spelling(names, unit)
        self.outside = Spelling(names, unit, absolute=True)
        self._package_names = names
        self._enum_members: dict[str, dict[str, str]] = {}

    def entity(self, declaration: m.Declaration) -> EntityNames:
        """Return the names of a declaration of this unit."""
        if isinstance(declaration, m.Root):
            return self.names.entities[declaration.name]
        return self._package_names.entity(declaration)

    def full(self, name: str) -> str:
        """Return a name of this unit as it is spelled outside its namespace."""
        return f"::{self.names.namespace}::{name}"

    def tables(self, name: str) -> str:
        """Return a free stem for the names of a declaration's tables, such as ``Quote`` in ``Quote_children``."""
        stem = name
        while any(compound(stem, suffix) in self.names.scope for suffix in _TABLES):
            stem = compound(stem, "_x")
        self.names.scope.add(compound(stem, suffix) for suffix in _TABLES)
        return stem.rstrip("_")

    def enum_members(self, enum: m.EnumType) -> dict[str, str]:
        """Return the C++ names of an enum's members by their schema names."""
        key = key_of(enum)
        if key not in self._enum_members:
            schema_names = [name for name, _ in enum.members]
            self._enum_members[key] = dict(zip(schema_names, Scope().claim_all(schema_names, identifier), strict=True))
        return self._enum_members[key]

    def traits(self, name: str, types: list[str], zeroed: bool = True) -> TraitsView:
        """Describe a struct to the runtime; ``types`` are those of its members, spelled."""
        flags = [f"flags_of<{spelled}>" for spelled in dict.fromkeys(types)]
        return TraitsView(self.full(name), joined(flags, " " * 8), zeroed)

    def label(self, declaration: m.Declaration) -> str:
        """Return a literal of the name of a declaration's Python class."""
        return string_literal(self.plan.class_name(declaration))


def doc_literal(doc: str | None) -> str:
    """Return documentation as an entry of a table."""
    return string_literal(inspect.cleandoc(doc)) if doc else "nullptr"


def joined(items: list[str], indent: str) -> str:
    """Join arguments with commas, on lines of their own if they are too long for what stands before them."""
    line = ", ".join(items)
    if len(line) <= _ROOM:
        return line
    lines = [""]
    for number, item in enumerate(items, start=1):
        part = item if number == len(items) else f"{item},"
        if lines[-1] and len(indent) + len(lines[-1]) + len(part) >= _WIDTH:
            lines.append("")
        lines[-1] += f" {part}" if lines[-1] else part
    return f"\n{indent}" + f"\n{indent}".join(lines)
