"""The working state of one compilation: what the passes read and write on the way from syntax to schema.

It is made of tables beside the syntax tree, which itself never changes. A declaration with an error is *broken*: what
refers to it stays silent, so that one mistake gives one message.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path
from typing import Final, TypeAlias

from hgvalue_gen.diagnostics import Location, Note, Reporter, Source, Span, did_you_mean
from hgvalue_gen.schema import model as m
from hgvalue_gen.schema import vocabulary
from hgvalue_gen.schema.pool import TypePool
from hgvalue_gen.syntax import nodes as n

#: Looking for near names takes time for every name there is; beyond so many errors nobody reads them.
MAX_SUGGESTIONS: Final = 50


class Kind(Enum):
    """What a declaration declares. Whether ``X = ...`` is a type or a value shows in the kind of the expression."""

    ENUM = auto()
    STRUCT = auto()
    BUNDLE = auto()
    ALIAS = auto()
    CONSTANT = auto()


@dataclass(frozen=True, slots=True)
class Builtin:
    """A name of the language, as it was spelled."""

    name: str


class Lost(Enum):
    """A name whose declaration has been reported as wrong, so that its uses are not."""

    LOST = auto()


LOST: Final = Lost.LOST


@dataclass(frozen=True, slots=True)
class Member:
    """``Status.SCHEDULED``."""

    enum: Symbol
    name: n.Ident


@dataclass(eq=False, slots=True)
class Namespace:
    """What ``import a.b`` binds ``a`` to: a module, folders of modules, or Python's module ``name`` (``language``)."""

    unit: Unit | None = None
    children: dict[str, Namespace] = field(default_factory=dict)
    language: bool = False
    name: str = ""


Constant: TypeAlias = "bool | int | float | str | bytes | m.timedelta_us | m.EnumMember | None"
Declared: TypeAlias = n.ClassDef | n.TypeAliasStatement | n.Assignment | n.Annotated


@dataclass(eq=False, slots=True)
class Symbol:
    """One declaration, and what the passes have found out about it."""

    unit: Unit
    kind: Kind
    name: n.Ident
    node: Declared
    doc: m.Doc = None
    #: What an enum derives from.
    enum_base: m.EnumBase = "Enum"
    broken: bool = False
    #: Broken so that nothing can be said of its body either.
    opaque: bool = False
    #: The value of a constant; meaningful once ``folded``.
    value: Constant = None
    folded: bool = False
    #: What a type name stands for; None while not resolved, or if broken.
    type: m.ScalarType | m.TimeSeriesType | m.Bundle | None = None
    #: What goes into the module, if the declaration makes anything there.
    declaration: m.Declaration | None = None

    @property
    def location(self) -> Location:
        return self.unit.source.at(self.name.span)

    @property
    def expression(self) -> n.Expression:
        """The right-hand side of an alias or constant. Raises TypeError for a class."""
        match self.node:
            case n.TypeAliasStatement(value=value) | n.Assignment(value=value):
                return value
            case n.Annotated(default=value) if value is not None:
                return value
        raise TypeError(f"`{self.name.text}` has no right-hand side")


Binding: TypeAlias = Builtin | Symbol | Namespace | Member | Lost


@dataclass(eq=False, slots=True)
class Unit:
    """One schema file. ``links`` tells, by the identity of an import's node, which unit it leads to."""

    name: str
    source: Source
    tree: n.File
    folder: Path | None = None
    doc: m.Doc = None
    links: dict[int, Unit | Lost] = field(default_factory=dict)
    symbols: dict[str, Symbol] = field(default_factory=dict)
    scope: dict[str, Binding] = field(default_factory=dict)
    imports: list[Unit] = field(default_factory=list)
    #: The text could not be read as a whole: what seems to be missing from it may only be illegible.
    illegible: bool = False

    def location(self, span: Span) -> Location:
        return self.source.at(span)


@dataclass(eq=False, slots=True)
class Input:
    """What the user asked for: a file, or a text and the name of its module."""

    path: Path | None = None
    text: str = ""
    name: str = ""


@dataclass(eq=False, slots=True)
class Program:
    """Everything known in one compilation. ``order`` is such that a symbol comes after all that it uses."""

    inputs: tuple[Input, ...]
    include: tuple[Path, ...]
    reporter: Reporter
    pool: TypePool = field(default_factory=TypePool)
    units: list[Unit] = field(default_factory=list)
    main: list[Unit] = field(default_factory=list)
    order: list[Symbol] = field(default_factory=list)
    schema: m.Schema | None = None
    _members: dict[int, frozenset[str]] = field(default_factory=dict)

    def member_names(self, enum: m.EnumType) -> frozenset[str]:
        """Return the names of the members of an enum of this program."""
        if id(enum) not in self._members:
            self._members[id(enum)] = frozenset(name for name, _ in enum.members)
        return self._members[id(enum)]

    def error(
        self,
        code: str,
        message: str,
        unit: Unit,
        span: Span,
        *,
        label: str = "",
        help: str = "",
        notes: Iterable[Note] = (),
    ) -> None:
        self.reporter.error(code, message, unit.location(span), label=label, help=help, notes=tuple(notes))

    def warning(self, code: str, message: str, unit: Unit, span: Span, *, label: str = "", help: str = "") -> None:
        self.reporter.warning(code, message, unit.location(span), label=label, help=help)

    def unsupported(self, construct: str, unit: Unit, span: Span, *, label: str = "", help: str = "") -> None:
        """Report something the language has and the generator cannot build."""
        self.error("HGT050", f"{construct} not supported yet", unit, span, label=label, help=help)

    def find(self, unit: Unit, path: n.Path) -> Binding | None:
        """Return what ``path`` names in ``unit``; None if there is no such name."""
        binding = self._find_first(unit, path.parts[0])
        for part in path.parts[1:]:
            binding = self._find_inside(binding, part)
        if isinstance(binding, Namespace) and binding.language and path.parts[-1].text in vocabulary.NAMES:
            # `import datetime` does not take away the type of that name.
            return Builtin(path.parts[-1].text)
        return binding

    def _find_first(self, unit: Unit, part: n.Ident) -> Binding | None:
        binding = unit.scope.get(part.text)
        if binding is not None:
            return binding
        if part.text in vocabulary.NAMES:
            return Builtin(part.text)
        return LOST if unit.illegible or part.text in unit.tree.lost else None

    def _find_inside(self, binding: Binding | None, part: n.Ident) -> Binding | None:
        match binding:
            case Namespace(language=True, name=name):
                is_known = part.text in vocabulary.NAMES or (name == "math" and part.text in vocabulary.MATH)
                return Builtin(part.text) if is_known else binding
            case Namespace(unit=inner, children=children):
                if part.text in children:
                    return children[part.text]
                return exported(inner, part.text) if inner else None
            case Symbol(kind=Kind.ENUM):
                return Member(binding, part)
            case Lost():
                return LOST
            case _:
                return None

    def unknown(self, unit: Unit, path: n.Path, known: Iterable[str] = vocabulary.TYPE_NAMES) -> None:
        """Report that ``path`` names nothing, with the nearest names that exist."""
        inner = self._find_first(unit, path.parts[0])
        for count, part in enumerate(path.parts[1:], start=1):
            if inner is None:
                break
            outer, inner = inner, self._find_inside(inner, part)
            if inner is None:
                self._unknown_inside(unit, n.Path(path.span, path.parts[:count]), outer, part)
                return
        first = path.parts[0]
        help = did_you_mean(first.text, (*unit.scope, *known)) if self.reporter.error_count < MAX_SUGGESTIONS else ""
        self.error("HGT010", f"unknown name `{first.text}`", unit, first.span, help=help)

    def _unknown_inside(self, unit: Unit, head: n.Path, inner: Binding, part: n.Ident) -> None:
        names: Iterable[str] = ()
        if isinstance(inner, Namespace):
            names = (*inner.children, *(inner.unit.scope if inner.unit else ()))
        self.error(
            "HGT010", f"`{head.text}` has no `{part.text}`", unit, part.span, help=did_you_mean(part.text, names)
        )


def exported(unit: Unit, name: str) -> Binding | None:
    """Return what another file gets for ``name`` from ``unit``; None if there is no such name."""
    binding = unit.scope.get(name)
    if binding is None and (unit.illegible or name in unit.tree.lost):
        return LOST
    return binding
