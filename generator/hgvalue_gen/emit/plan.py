"""Where everything goes: one :class:`Plan` for the C++ and the Python side.

It gives every schema file its Python module and every bundle a class name, and finds the anonymous bundles: they are
emitted, once per shape, just before the declaration that first needs them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from hgvalue_gen.emit.names import Scope
from hgvalue_gen.emit.walk import Facts, key_of, types_used_by
from hgvalue_gen.schema import model as m

NamedType: TypeAlias = m.EnumType | m.StructType | m.Bundle

#: What makes the classes of a package: a compiler, or the runtime when the package is imported.
Backend: TypeAlias = Literal["compiled", "dynamic"]
#: The module of the package from which the others take their classes.
CLASSES_MODULE: Final[Mapping[Backend, str]] = {"compiled": "_native", "dynamic": "_dynamic"}


class EmitError(ValueError):
    """The schema is right, but a package of this form cannot be made of it."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One schema file, on its way to becoming C++ and Python.

    ``python_name`` is the module its classes are from; ``attribute`` names what the module of all classes calls it: the
    schema's name with underscores for dots. ``declarations`` are the schema's with the anonymous bundles put in.
    """

    module: m.Module
    python_name: str
    attribute: str
    declarations: tuple[m.Declaration, ...]
    uses: tuple[str, ...]  # names of the other schema files whose types are spelled in this one

    @property
    def name(self) -> str:
        """The dotted name of the schema file."""
        return self.module.name


@dataclass(frozen=True, slots=True)
class Plan:
    """All units of a package, imported ones first.

    ``homes`` says in which schema file's text a type is emitted, ``class_names`` what its Python class is called; both
    are by :func:`~hgvalue_gen.emit.walk.key_of`. ``facts`` tells what the runtime will make of the types.
    """

    schema: m.Schema
    package: str
    units: tuple[Unit, ...]
    homes: dict[str, str]
    class_names: dict[str, str]
    facts: Facts = field(default_factory=Facts, compare=False, repr=False)
    _units: dict[str, Unit] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_units", {unit.name: unit for unit in self.units})

    def unit(self, name: str) -> Unit:
        """Return the unit of the schema file ``name``."""
        return self._units[name]

    def home_of(self, declaration: NamedType) -> str:
        """Return the name of the schema file in whose text a type is emitted."""
        return self.homes[key_of(declaration)]

    def class_name(self, declaration: m.Declaration) -> str:
        """Return the name of a type's Python class."""
        return declaration.name if isinstance(declaration, m.Root) else self.class_names[key_of(declaration)]


def make_plan(schema: m.Schema, package: str) -> Plan:
    """Lay out the package.

    Raises :class:`EmitError` if two schema files would need the same name.
    """
    homes: dict[str, str] = {}
    for module in schema.modules:
        homes |= {key_of(d): module.name for d in module.declarations if not isinstance(d, m.Root)}
    class_names: dict[str, str] = {}
    places = {module.name: place for place, module in enumerate(schema.modules)}
    units = []
    for module in schema.modules:
        declarations = tuple(_with_anonymous(module, homes))
        _name_classes(declarations, class_names)
        used = {homes[key_of(used)] for d in declarations for used in types_used_by(d)} - {module.name}
        uses = tuple(sorted(used, key=places.__getitem__))
        python_name = package if schema.main == (module.name,) else f"{package}.{module.name}"
        units.append(Unit(module, python_name, module.name.replace(".", "_"), declarations, uses))
    _check_distinct(units)
    return Plan(schema, package, tuple(units), homes, class_names)


def _with_anonymous(module: m.Module, homes: dict[str, str]) -> Iterator[m.Declaration]:
    def needed(declaration: m.Declaration) -> Iterator[m.Declaration]:
        for used in types_used_by(declaration):
            if isinstance(used, m.Bundle) and key_of(used) not in homes:
                yield from needed(used)
                homes[key_of(used)] = module.name
                yield used

    for declaration in module.declarations:
        yield from needed(declaration)
        yield declaration


def _name_classes(declarations: tuple[m.Declaration, ...], class_names: dict[str, str]) -> None:
    scope = Scope(d.name for d in declarations if d.name)
    for declaration in declarations:
        if isinstance(declaration, m.Root):
            continue
        name = declaration.name
        if name is None:
            assert isinstance(declaration, m.Bundle)
            name = scope.claim(f"TSB_{describe_fields(declaration)}")
        elif not name.isidentifier():
            name = scope.claim(re.sub(r"\W+", "_", name).strip("_"))
        class_names[key_of(declaration)] = name


def describe_fields(bundle: m.Bundle) -> str:
    """Return a name for an anonymous bundle: its fields', as many as keep it readable."""
    names = [field.name.strip("_") or "_" for field in bundle.fields]
    text = "_".join(names[:4])
    return text[:40].rstrip("_") if len(names) <= 4 else f"{text[:40].rstrip('_')}_and_{len(names) - 4}_more"


def _check_distinct(units: list[Unit]) -> None:
    seen = dict.fromkeys(CLASSES_MODULE.values(), "the module of its classes")
    for unit in units:
        if unit.attribute in seen:
            raise EmitError(f"schema '{unit.name}' and {seen[unit.attribute]} need the same name; rename one of them")
        seen[unit.attribute] = f"schema '{unit.name}'"
