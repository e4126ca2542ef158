"""The syntax tree: what the user typed, immutable, every node with its place in the text.

Nothing is looked up or worked out here: a name is only a name and a literal keeps its spelling, so that reading a
file can fail for reasons of form alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from hgvalue_gen.diagnostics import Span


@dataclass(frozen=True, slots=True)
class Ident:
    """A name being defined, or one word of a dotted path."""

    span: Span
    text: str


# -- expressions ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Path:
    """``TS`` or ``shapes.Circle``."""

    span: Span
    parts: tuple[Ident, ...]

    @property
    def text(self) -> str:
        return ".".join(part.text for part in self.parts)


@dataclass(frozen=True, slots=True)
class Subscript:
    """``TSD[str, TS[float]]``; ``items`` may hold pairs, as in ``TSB["bid": TS[float]]``."""

    span: Span
    base: Path
    items: tuple[Expression | Pair, ...]


@dataclass(frozen=True, slots=True)
class Keyword:
    """``minutes=5`` in a call."""

    span: Span
    name: Ident
    value: Expression


@dataclass(frozen=True, slots=True)
class Call:
    """``timedelta(minutes=5)``."""

    span: Span
    function: Path
    arguments: tuple[Expression | Keyword, ...]


@dataclass(frozen=True, slots=True)
class Union:
    """``A | B | None``, in one node however many there are."""

    span: Span
    members: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """Operands joined by operators that mean nothing here; kept for the message alone."""

    span: Span
    operator: Ident


@dataclass(frozen=True, slots=True)
class Signed:
    """``-1`` or ``+1``."""

    span: Span
    sign: str
    operand: Expression


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it was written, underscores and base prefix included."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class String:
    """One or more neighbouring string literals, quotes and prefixes included."""

    span: Span
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Constant:
    """``None``, ``True``, ``False`` or ``...``."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Pair:
    """``key: value``, in a dict display or in the brackets of ``TSB[...]``."""

    span: Span
    key: Expression
    value: Expression


@dataclass(frozen=True, slots=True)
class Display:
    """A tuple, list or set in literal form; ``kind`` is the name of the Python type."""

    span: Span
    kind: str
    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class DictDisplay:
    """``{"a": 1}``."""

    span: Span
    items: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Broken:
    """Stands for text that was reported when it was read."""

    span: Span


Expression: TypeAlias = (
    Path | Subscript | Call | Union | Operation | Signed | Number | String | Constant | Display | DictDisplay | Broken
)


# -- statements -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ImportedModule:
    """``geo.shapes as shapes`` in ``import geo.shapes as shapes``."""

    span: Span
    path: Path
    alias: Ident | None


@dataclass(frozen=True, slots=True)
class ImportModule:
    span: Span
    modules: tuple[ImportedModule, ...]


@dataclass(frozen=True, slots=True)
class ImportedName:
    """``Quote as Q`` in ``from market import Quote as Q``."""

    span: Span
    name: Ident
    alias: Ident | None


@dataclass(frozen=True, slots=True)
class ImportFrom:
    """``names`` is None for ``*``; ``level`` counts leading dots; ``path`` is None in ``from . import x``."""

    span: Span
    source: Span
    level: int
    path: Path | None
    names: tuple[ImportedName, ...] | None


@dataclass(frozen=True, slots=True)
class Decorator:
    span: Span
    value: Expression


@dataclass(frozen=True, slots=True)
class ClassDef:
    """``parameters`` is the span of ``[T]``, which no later stage looks into."""

    span: Span
    name: Ident
    decorators: tuple[Decorator, ...]
    parameters: Span | None
    arguments: tuple[Expression | Keyword, ...]
    body: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class TypeAliasStatement:
    """``type Board = TSD[...]``."""

    span: Span
    name: Ident
    parameters: Span | None
    value: Expression


@dataclass(frozen=True, slots=True)
class Annotated:
    """``bid: TS[float]``, with ``default`` if a value is given."""

    span: Span
    target: Expression
    annotation: Expression
    default: Expression | None


@dataclass(frozen=True, slots=True)
class Assignment:
    """``DEPTH = Size[5]``; several targets if written ``a = b = 1``."""

    span: Span
    targets: tuple[Expression, ...]
    value: Expression


@dataclass(frozen=True, slots=True)
class ExpressionStatement:
    """A docstring, ``...``, or something that has no meaning here."""

    span: Span
    value: Expression


@dataclass(frozen=True, slots=True)
class Pass:
    span: Span


@dataclass(frozen=True, slots=True)
class Foreign:
    """A Python statement outside the language; ``keyword`` is its first word."""

    span: Span
    keyword: str


Statement: TypeAlias = (
    ImportModule
    | ImportFrom
    | ClassDef
    | TypeAliasStatement
    | Annotated
    | Assignment
    | ExpressionStatement
    | Pass
    | Foreign
)


@dataclass(frozen=True, slots=True)
class File:
    """One parsed file. ``lost`` holds every name in text that could not be parsed: they may well be declared."""

    statements: tuple[Statement, ...]
    lost: frozenset[str]
