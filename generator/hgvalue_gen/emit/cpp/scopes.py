"""The C++ names of everything a package declares, escaped and distinct."""

from __future__ import annotations

from dataclasses import dataclass

from hgvalue_gen.emit.cpp.identifiers import compound, identifier, namespace, unit_file
from hgvalue_gen.emit.cpp.reserved import DELTA_MEMBERS, HANDLE_MEMBERS
from hgvalue_gen.emit.names import Scope
from hgvalue_gen.emit.plan import NamedType, Plan, Unit, describe_fields
from hgvalue_gen.emit.walk import key_of
from hgvalue_gen.schema import model as m


@dataclass(frozen=True, slots=True)
class EntityNames:
    """The names that belong to one declaration; those its kind does not have are empty."""

    name: str
    value: str = ""
    delta: str = ""
    overlay: str = ""
    handle: str = ""
    node: str = ""

    def all(self) -> tuple[str, ...]:
        """Return the names, empty ones included."""
        return self.name, self.value, self.delta, self.overlay, self.handle, self.node


@dataclass(frozen=True, slots=True)
class UnitNames:
    """The names of one schema file: its files, its namespace and what is declared there."""

    file: str
    forward_file: str
    namespace: str
    scope: Scope
    types: frozenset[str]  # what a member may not be called: a type of that name would change its meaning
    entities: dict[str, EntityNames]  # by key_of, roots by their name
    table: str  # the SchemaModule


class PackageNames:
    """Gives out and finds the C++ names of a package."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._files = Scope(["module"])
        self._package, self._spaces = _namespaces(plan)
        self._prefixes = {prefix for space in self._spaces.values() for prefix in _prefixes(space)}
        parts = {part for space in self._spaces.values() for part in space.split("::")}
        self._names: dict[str, UnitNames] = {}
        for unit in plan.units:
            self._names[unit.name] = self._of_unit(unit, parts)

    def of(self, unit: Unit) -> UnitNames:
        """Return the names of a unit."""
        return self._names[unit.name]

    def entity(self, declaration: NamedType) -> EntityNames:
        """Return the names of an enum, struct or bundle."""
        return self._names[self.plan.home_of(declaration)].entities[key_of(declaration)]

    def prefix(self, declaration: NamedType, seen_from: Unit) -> str:
        """Return what stands before a type's names when they are used in the text of ``seen_from``."""
        home = self.plan.home_of(declaration)
        return "" if home == seen_from.name else self._prefix(self._spaces[home], self._spaces[seen_from.name])

    def claim_file(self, wanted: str) -> str:
        """Take the name of one more source file."""
        return self._files.claim(wanted)

    def _prefix(self, space: str, from_space: str) -> str:
        """Spell a namespace from the package on, unless something nearer has the name it begins with."""
        relative = space.removeprefix(f"{self._package}::")
        first = relative.partition("::")[0]
        nearer = from_space
        while relative != space and nearer != self._package:
            if f"{nearer}::{first}" in self._prefixes:
                relative = space
            nearer = nearer.rpartition("::")[0]
        return f"::{space}::" if relative == space or first in HANDLE_MEMBERS else f"{relative}::"

    def _of_unit(self, unit: Unit, spaces: set[str]) -> UnitNames:
        file = self._files.claim(unit_file(unit.name))
        forward = self._files.claim(f"{file}_fwd")
        # A class may neither hide a namespace nor be hidden by what handles inherit.
        scope = Scope(spaces | HANDLE_MEMBERS)
        entities = _claim_entities(unit, scope)
        types = spaces.union(*(names.all() for names in entities.values()))
        table = scope.claim("schema_module")
        return UnitNames(file, forward, self._spaces[unit.name], scope, frozenset(types), entities, table)


def field_names(fields: tuple[str, ...], unit: UnitNames, entity: EntityNames) -> list[str]:
    """Name the data members for fields: like the fields, unless a type of that name would change its meaning."""
    scope = Scope({entity.name, entity.value, entity.overlay, entity.node})
    return scope.claim_all(fields, lambda name: _beside(identifier(name), unit.types))


def accessor_names(fields: tuple[str, ...], unit: UnitNames, entity: EntityNames) -> list[str]:
    """Name the member functions of a handle that give its children."""
    scope = Scope(HANDLE_MEMBERS | {entity.name, entity.handle})
    return scope.claim_all(fields, lambda name: _beside(identifier(name), unit.types))


def delta_names(fields: tuple[str, ...], unit: UnitNames, entity: EntityNames) -> list[str]:
    """Name the data members of a bundle's delta."""
    scope = Scope(DELTA_MEMBERS | {entity.delta})
    return scope.claim_all(fields, lambda name: _beside(identifier(name), unit.types))


def setter_names(accessors: list[str], entity: EntityNames) -> list[str]:
    """Name the functions that store into a handle's children, so that none is also the accessor of another field."""
    scope = Scope(HANDLE_MEMBERS | {entity.name, entity.handle, *accessors})
    return [scope.claim(compound("set_", accessor)) for accessor in accessors]


def _beside(name: str, types: frozenset[str]) -> str:
    return compound(name, "_") if name in types else name


def _claim_entities(unit: Unit, scope: Scope) -> dict[str, EntityNames]:
    """Claim what users see first, then what is made for it, so that nobody's own class is renamed for ours."""
    keys = [d.name if isinstance(d, m.Root) else key_of(d) for d in unit.declarations]
    names = dict(zip(keys, scope.claim_all(map(_wanted, unit.declarations), identifier), strict=True))
    suffixes = {key: _suffixes(d) for key, d in zip(keys, unit.declarations, strict=True)}
    claimed: dict[str, dict[str, str]] = {key: {} for key in keys}
    for public in (True, False):
        for key in keys:
            for suffix in suffixes[key]:
                if (suffix in ("Value", "Delta")) is public:
                    claimed[key][suffix.lower()] = scope.claim(compound(names[key], suffix))
    return {key: EntityNames(names[key], **claimed[key]) for key in keys}


def _wanted(declaration: m.Declaration) -> str:
    if declaration.name is not None:
        return declaration.name
    assert isinstance(declaration, m.Bundle)
    return f"Inline_{describe_fields(declaration)}"


def _suffixes(declaration: m.Declaration) -> tuple[str, ...]:
    match declaration:
        case m.Bundle():
            return ("Value", "Delta", "Overlay", "Handle", "Node")
        case m.Root():
            return ("Value", "Delta", "Node")
    return ()


def _prefixes(space: str) -> list[str]:
    parts = space.split("::")
    return ["::".join(parts[:count]) for count in range(1, len(parts) + 1)]


def _namespaces(plan: Plan) -> tuple[str, dict[str, str]]:
    """Give the package its namespace, and every schema file: the same for a single main file, else one below it."""
    first, *rest = plan.package.split(".")
    top = [namespace(first), *map(identifier, rest)]
    declared = {identifier(d.name) for unit in plan.units for d in unit.declarations if d.name}
    spaces: dict[str, str] = {}
    taken = Scope({"::".join(top)})
    for unit in plan.units:
        if unit.python_name == plan.package:
            spaces[unit.name] = "::".join(top)
            continue
        parts = [*top]
        for part in unit.name.split("."):
            plain = identifier(part)
            # A class of the package may have the name of a schema file; the namespace makes way.
            parts.append(compound(plain, "_") if plain in declared else plain)
        spaces[unit.name] = taken.claim("::".join(parts))
    return "::".join(top), spaces
