"""The syntax tree: what the user typed, immutable, every node with its place in the text.

Nothing is looked up or worked out here: a name is only a name and a literal keeps its spelling, so that reading a
file can fail for reasons of form alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias, TypeVar, dataclass_transform

from hgvalue_gen.diagnostics import Span

_T = TypeVar("_T")


@dataclass_transform(frozen_default=True)
def _node(cls: type[_T]) -> type[_T]:
    """Make a class of nodes. Type checkers refuse changes; to refuse them at run time takes three times as long."""
    return dataclass(slots=True, unsafe_hash=True)(cls)


@_node
class Ident:
    """A name being defined, or one word of a dotted path."""

    span: Span
    text: str


# -- expressions ----------------------------------------------------------------------------------------------


@_node
class Path:
    """``TS`` or ``shapes.Circle``."""

    span: Span
    parts: tuple[Ident, ...]

    @property
    def text(self) -> str:
        return ".".join(part.text for part in self.parts)


@_node
class Subscript:
    """``TSD[str, TS[float]]``; ``items`` may hold pairs, as in ``TSB["bid": TS[float]]``."""

    span: Span
    base: Path
    items: tuple[Expression | Pair, ...]


@_node
class Keyword:
    """``minutes=5`` in a call."""

    span: Span
    name: Ident
    value: Expression


@_node
class Call:
    """``timedelta(minutes=5)``."""

    span: Span
    function: Path
    arguments: tuple[Expression | Keyword, ...]


@_node
class Union:
    """``A | B | None``, in one node however many there are."""

    span: Span
    members: tuple[Expression, ...]


@_node
class Operation:
    """Operands joined by operators that mean nothing here; kept for the message alone."""

    span: Span
    operator: Ident


@_node
class Signed:
    """``-1`` or ``+1``."""

    span: Span
    sign: str
    operand: Expression


@_node
class Number:
    """A number as it was written, underscores and base prefix included."""

    span: Span
    text: str


@_node
class String:
    """One or more neighbouring string literals, quotes and prefixes included."""

    span: Span
    parts: tuple[str, ...]


@_node
class Constant:
    """``None``, ``True``, ``False`` or ``...``."""

    span: Span
    text: str


@_node
class Pair:
    """``key: value``, in a dict display or in the brackets of ``TSB[...]``."""

    span: Span
    key: Expression
    value: Expression


@_node
class Display:
    """A tuple, list or set in literal form; ``kind`` is the name of the Python type."""

    span: Span
    kind: str
    items: tuple[Expression, ...]


@_node
class DictDisplay:
    """``{"a": 1}``."""

    span: Span
    items: tuple[Pair, ...]


@_node
class Broken:
    """Stands for text that was reported when it was read."""

    span: Span


Expression: TypeAlias = (
    Path | Subscript | Call | Union | Operation | Signed | Number | String | Constant | Display | DictDisplay | Broken
)


# -- statements -----------------------------------------------------------------------------------------------


@_node
class ImportedModule:
    """``geo.shapes as shapes`` in ``import geo.shapes as shapes``."""

    span: Span
    path: Path
    alias: Ident | None


@_node
class ImportModule:
    span: Span
    modules: tuple[ImportedModule, ...]


@_node
class ImportedName:
    """``Quote as Q`` in ``from market import Quote as Q``."""

    span: Span
    name: Ident
    alias: Ident | None


@_node
class ImportFrom:
    """``names`` is None for ``*``; ``level`` counts leading dots; ``path`` is None in ``from . import x``."""

    span: Span
    source: Span
    level: int
    path: Path | None
    names: tuple[ImportedName, ...] | None


@_node
class Decorator:
    span: Span
    value: Expression


@_node
class ClassDef:
    """``parameters`` is the span of ``[T]``, which no later stage looks into."""

    span: Span
    name: Ident
    decorators: tuple[Decorator, ...]
    parameters: Span | None
    arguments: tuple[Expression | Keyword, ...]
    body: tuple[Statement, ...]


@_node
class TypeAliasStatement:
    """``type Board = TSD[...]``."""

    span: Span
    name: Ident
    parameters: Span | None
    value: Expression


@_node
class Annotated:
    """``bid: TS[float]``, with ``default`` if a value is given."""

    span: Span
    target: Expression
    annotation: Expression
    default: Expression | None


@_node
class Assignment:
    """``DEPTH = Size[5]``; several targets if written ``a = b = 1``."""

    span: Span
    targets: tuple[Expression, ...]
    value: Expression


@_node
class ExpressionStatement:
    """A docstring, ``...``, or something that has no meaning here."""

    span: Span
    value: Expression


@_node
class Pass:
    span: Span


@_node
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


@_node
class File:
    """One parsed file. ``lost`` holds every name in text that could not be parsed: they may well be declared."""

    statements: tuple[Statement, ...]
    lost: frozenset[str]
