"""The names a stub uses for what it does not declare itself.

In a stub a field called ``float`` hides the type for the rest of its class. So a name that any class or field of the
stub has is reached by another way: ``_builtins.float``.
"""

from __future__ import annotations

from collections.abc import Iterable

from hgvalue_gen.emit.names import Scope
from hgvalue_gen.emit.plan import NamedType, Plan, Unit
from hgvalue_gen.schema import model as m


def class_names(plan: Plan, declaration: m.Declaration) -> tuple[str, ...]:
    """Return the names of the classes that a declaration brings into its module."""
    name = plan.class_name(declaration)
    if isinstance(declaration, m.Bundle | m.Root):
        return (name, f"{name}Value", f"{name}Delta")
    return (name,)


class StubNames:
    """Finds names for one stub and collects the imports they need."""

    def __init__(self, plan: Plan, unit: Unit, dots: str) -> None:
        self._plan = plan
        self._unit = unit
        self._dots = dots
        self._members = _member_names(unit)
        self._scope = Scope(self._members | {name for d in unit.declarations for name in class_names(plan, d)})
        self._modules: dict[str, str] = {}
        self._imports: set[str] = set()
        self._aliases: dict[str, str] = {}
        self._references: dict[str, tuple[str, m.Bundle]] = {}

    def imports(self, more: Iterable[str]) -> tuple[str, ...]:
        """Return the import statements, with ``more`` from the package itself: a block for each origin."""
        blocks: tuple[list[str], list[str], list[str]] = ([], [], [])
        for line in sorted({*self._imports, *more}):
            blocks[2 if line.startswith("from .") else "hgvalue" in line].append(line)
        return tuple(line for block in blocks if block for line in ("", *block))[1:]

    @property
    def aliases(self) -> tuple[str, ...]:
        """Assignments that give own classes a name that no field has."""
        return tuple(f"{alias} = {name}" for name, alias in sorted(self._aliases.items()))

    def builtin(self, name: str) -> str:
        """Return a spelling of a builtin."""
        return self.library("builtins", name) if name in self._scope else name

    def library(self, module: str, name: str) -> str:
        """Return a spelling of ``module.name`` and import the module."""
        if module not in self._modules:
            first, _, last = module.rpartition(".")
            if module == "builtins" or (first or last) in self._scope:
                self._modules[module] = alias = self._scope.claim(f"_{last}")
                self._imports.add(f"import {module} as {alias}")
            else:
                self._modules[module] = module
                self._imports.add(f"import {module}")
        return f"{self._modules[module]}.{name}"

    def named(self, declaration: NamedType, suffix: str = "") -> str:
        """Return a spelling of the class of an enum, struct or bundle, or of one derived from it."""
        name = self._plan.class_name(declaration) + suffix
        if declaration.name is None:
            name = f"_{name}"
        home = self._plan.home_of(declaration)
        if home != self._unit.name:
            return f"{self._foreign(home)}.{name}"
        return self.own(name)

    def own(self, name: str) -> str:
        """Return a spelling of a class that the stub declares itself."""
        if name in self._members:
            return self._aliases.setdefault(name, self._scope.claim(f"_{name}"))
        return name

    def reference_to(self, bundle: m.Bundle) -> str:
        """Return the name of the class of references to a bundle, which the stub has to declare for itself."""
        key = self._plan.class_name(bundle)
        if key not in self._references:
            self._references[key] = self._scope.claim(f"_Ref{key}"), bundle
        return self._references[key][0]

    @property
    def references(self) -> tuple[tuple[str, m.Bundle], ...]:
        """The classes of references to declare, and what they refer to."""
        return tuple(sorted(self._references.values(), key=lambda entry: entry[0]))

    def _foreign(self, unit: str) -> str:
        if unit not in self._modules:
            package, _, last = unit.rpartition(".")
            alias = self._scope.claim(f"_{last}")
            self._modules[unit] = alias
            self._imports.add(f"from {self._dots}{package} import {last} as {alias}")
        return self._modules[unit]


def _member_names(unit: Unit) -> set[str]:
    names: set[str] = set()
    for declaration in unit.declarations:
        match declaration:
            case m.StructType() | m.Bundle():
                names.update(field.name for field in declaration.fields)
            case m.EnumType():
                names.update(name for name, _ in declaration.members)
    return names
