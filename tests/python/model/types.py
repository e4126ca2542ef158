"""A description of schemas that owes nothing to the generator: types, a parser for their spelling, and ``.hgt`` text.

The tests compare generated classes with a model. If both were made from the generator's own schema model, an error in
that model would hide from them; so the tests have their own, as small as it can be.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeAlias

INT_RANGES = {
    "int": (-(2**63), 2**63 - 1),
    **{f"int{n}": (-(2 ** (n - 1)), 2 ** (n - 1) - 1) for n in (8, 16, 32, 64)},
    **{f"uint{n}": (0, 2**n - 1) for n in (8, 16, 32, 64)},
}
PRIMITIVES = frozenset(
    {*INT_RANGES, "bool", "float", "float32", "float64"}
    | {"str", "bytes", "date", "time", "datetime", "timedelta", "object"}
)


@dataclass(frozen=True)
class Primitive:
    name: str


@dataclass(frozen=True)
class EnumType:
    name: str
    members: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Struct:
    """``defaults`` maps a field to the spelling of its default."""

    name: str
    fields: tuple[tuple[str, Scalar], ...]
    defaults: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Optional:
    element: Scalar


@dataclass(frozen=True)
class TupleOf:
    element: Scalar


@dataclass(frozen=True)
class TupleType:
    elements: tuple[Scalar, ...]


@dataclass(frozen=True)
class ListType:
    element: Scalar


@dataclass(frozen=True)
class SetType:
    element: Scalar


@dataclass(frozen=True)
class MapType:
    key: Scalar
    value: Scalar


@dataclass(frozen=True)
class ArrayType:
    element: Scalar
    size: int


@dataclass(frozen=True)
class CyclicType:
    element: Scalar
    size: int


@dataclass(frozen=True)
class QueueType:
    element: Scalar
    capacity: int | None = None


Scalar: TypeAlias = (
    Primitive
    | EnumType
    | Struct
    | Optional
    | TupleOf
    | TupleType
    | ListType
    | SetType
    | MapType
    | ArrayType
    | CyclicType
    | QueueType
)


@dataclass(frozen=True)
class TS:
    value: Scalar


@dataclass(frozen=True)
class SIGNAL:
    """Has no parts."""


@dataclass(frozen=True)
class TSB:
    name: str
    fields: tuple[tuple[str, TimeSeries], ...]


@dataclass(frozen=True)
class TSL:
    child: TimeSeries
    size: int | None


@dataclass(frozen=True)
class TSS:
    element: Scalar


@dataclass(frozen=True)
class TSD:
    key: Scalar
    child: TimeSeries


@dataclass(frozen=True)
class TSW:
    element: Scalar
    size: int | timedelta
    minimum: int | timedelta


@dataclass(frozen=True)
class REF:
    target: TimeSeries


TimeSeries: TypeAlias = TS | SIGNAL | TSB | TSL | TSS | TSD | TSW | REF


def parts(type_: object) -> Iterator[object]:
    """Yield a type and every type inside it."""
    yield type_
    match type_:
        case TSB(fields=fields) | Struct(fields=fields):
            inner = [t for _, t in fields]
        case TupleType(elements=elements):
            inner = list(elements)
        case TSD(key=key, child=child) | MapType(key=key, value=child):
            inner = [key, child]
        case TSL(child=child) | TS(value=child):
            inner = [child]
        case Primitive() | EnumType() | SIGNAL():
            inner = []
        case REF(target=target):
            inner = [target]
        case _:
            inner = [type_.element]  # type: ignore[attr-defined]
    for each in inner:
        yield from parts(each)


def read_as(type_: TimeSeries) -> TimeSeries:
    """Return what a time series reads as: of a reference, its target."""
    return read_as(type_.target) if isinstance(type_, REF) else type_


class Parser:
    """Reads the spelling of a type; ``bundles`` and ``structs`` say what the names in it stand for."""

    def __init__(
        self,
        bundles: Mapping[str, Mapping[str, str]] | None = None,
        structs: Mapping[str, Mapping[str, str]] | None = None,
        enums: Mapping[str, EnumType] | None = None,
    ) -> None:
        self._bundles, self._structs, self._enums = bundles or {}, structs or {}, enums or {}

    def time_series(self, text: str) -> TimeSeries:
        return self._time_series(ast.parse(text, mode="eval").body)

    def scalar(self, text: str) -> Scalar:
        return self._scalar(ast.parse(text, mode="eval").body)

    def _time_series(self, node: ast.expr) -> TimeSeries:
        if isinstance(node, ast.Name) and node.id == "SIGNAL":
            return SIGNAL()
        kind, args = _subscript(node)
        match kind:
            case "TS":
                return TS(self._scalar(args[0]))
            case "TSS":
                return TSS(self._scalar(args[0]))
            case "TSB":
                name = _name(args[0])
                return TSB(name, tuple((f, self.time_series(t)) for f, t in self._bundles[name].items()))
            case "TSL":
                return TSL(self._time_series(args[0]), int(_size(args[1])) if len(args) > 1 else None)  # type: ignore[arg-type]
            case "TSD":
                return TSD(self._scalar(args[0]), self._time_series(args[1]))
            case "TSW":
                size = _size(args[1])
                none = timedelta() if isinstance(size, timedelta) else 0
                return TSW(self._scalar(args[0]), size, _size(args[2]) if len(args) > 2 else none)
            case "REF":
                return REF(self._time_series(args[0]))
        raise ValueError(f"unknown time series {ast.unparse(node)}")

    def _scalar(self, node: ast.expr) -> Scalar:
        if isinstance(node, ast.BinOp):
            left, right = node.left, node.right
            return Optional(self._scalar(left if isinstance(right, ast.Constant) else right))
        if isinstance(node, ast.Name):
            if node.id in self._structs:
                return Struct(node.id, tuple((f, self.scalar(t)) for f, t in self._structs[node.id].items()))
            return self._enums[node.id] if node.id in self._enums else Primitive(node.id)
        kind, args = _subscript(node)
        match kind:
            case "tuple" if len(args) == 2 and isinstance(args[1], ast.Constant):
                return TupleOf(self._scalar(args[0]))
            case "tuple":
                return TupleType(tuple(map(self._scalar, args)))
            case "list":
                return ListType(self._scalar(args[0]))
            case "set" | "frozenset":
                return SetType(self._scalar(args[0]))
            case "dict" | "frozendict":
                return MapType(self._scalar(args[0]), self._scalar(args[1]))
            case "Array":
                return ArrayType(self._scalar(args[0]), int(_size(args[1])))  # type: ignore[arg-type]
            case "CyclicBuffer":
                return CyclicType(self._scalar(args[0]), int(_size(args[1])))  # type: ignore[arg-type]
            case "Queue":
                return QueueType(self._scalar(args[0]), int(_size(args[1])) if len(args) > 1 else None)  # type: ignore[arg-type]
        raise ValueError(f"unknown scalar {ast.unparse(node)}")


def _name(node: ast.expr) -> str:
    assert isinstance(node, ast.Name), ast.unparse(node)
    return node.id


def _subscript(node: ast.expr) -> tuple[str, list[ast.expr]]:
    assert isinstance(node, ast.Subscript), ast.unparse(node)
    inside = node.slice
    return _name(node.value), inside.elts if isinstance(inside, ast.Tuple) else [inside]


def _size(node: ast.expr) -> int | timedelta:
    """Read ``Size[3]``, ``WindowSize[timedelta(microseconds=3)]`` or a bare number."""
    if isinstance(node, ast.Subscript):
        return _size(node.slice)
    if isinstance(node, ast.Call):
        return timedelta(**{k.arg: ast.literal_eval(k.value) for k in node.keywords if k.arg})
    return ast.literal_eval(node)  # type: ignore[no-any-return]


@dataclass
class SchemaText:
    """Collects types into one ``.hgt`` file. Equal shapes share a class; one name with several shapes gets several."""

    _names: dict[object, str] = field(default_factory=dict)
    _declarations: list[str] = field(default_factory=list)
    _roots: dict[TimeSeries, str] = field(default_factory=dict)

    def root(self, type_: TimeSeries) -> str:
        """Return the name of the root class of ``type_``."""
        if type_ not in self._roots:
            spelling = self.spell(type_)
            self._roots[type_] = f"R{len(self._roots)}"
            self._declarations.append(f"type {self._roots[type_]} = {spelling}\n")
        return self._roots[type_]

    def class_names(self) -> dict[str, str]:
        """Return, for each class of the module, the name its type has in the description."""
        return {written: type_.name for type_, written in self._names.items()}  # type: ignore[attr-defined]

    def name_of(self, type_: object) -> str:
        """Return the class name of an enum, struct or bundle."""
        return self._names[type_]

    def text(self) -> str:
        return "\n".join(self._declarations)

    def _named(self, type_: EnumType | Struct | TSB, base: str, lines: list[str]) -> str:
        if type_ not in self._names:
            self._names[type_] = f"{type_.name}__{len(self._names)}"
            body = "".join(f"    {line}\n" for line in lines)
            self._declarations.append(f"class {self._names[type_]}({base}):\n{body}")
        return self._names[type_]

    def spell(self, type_: object) -> str:
        """Return the spelling of a type, and declare what it names."""
        spell = self.spell
        match type_:
            case Primitive(name):
                return name
            case EnumType(_, members):
                return self._named(type_, "Enum", [f"{n} = {v}" for n, v in members])
            case Struct(_, fields, defaults):
                given = {f: f" = {d}" for f, d in defaults}
                return self._named(type_, "CompoundScalar", [f"{f}: {spell(t)}{given.get(f, '')}" for f, t in fields])
            case TSB(_, fields):
                return f"TSB[{self._named(type_, 'TimeSeriesSchema', [f'{f}: {spell(t)}' for f, t in fields])}]"
            case Optional(e):
                return f"{spell(e)} | None"
            case TupleOf(e):
                return f"tuple[{spell(e)}, ...]"
            case TupleType(es):
                return f"tuple[{', '.join(map(spell, es))}]"
            case ListType(e):
                return f"list[{spell(e)}]"
            case SetType(e):
                return f"frozenset[{spell(e)}]"
            case MapType(k, v):
                return f"dict[{spell(k)}, {spell(v)}]"
            case ArrayType(e, n):
                return f"Array[{spell(e)}, Size[{n}]]"
            case CyclicType(e, n):
                return f"CyclicBuffer[{spell(e)}, Size[{n}]]"
            case QueueType(e, n):
                return f"Queue[{spell(e)}]" if n is None else f"Queue[{spell(e)}, Size[{n}]]"
            case REF(target):
                return f"REF[{spell(target)}]"
            case SIGNAL():
                return "SIGNAL"
            case TS(v):
                return f"TS[{spell(v)}]"
            case TSS(e):
                return f"TSS[{spell(e)}]"
            case TSL(c, None):
                return f"TSL[{spell(c)}]"
            case TSL(c, n):
                return f"TSL[{spell(c)}, Size[{n}]]"
            case TSD(k, c):
                return f"TSD[{spell(k)}, {spell(c)}]"
            case TSW(e, size, minimum):
                return f"TSW[{spell(e)}, {_window(size)}, {_window(minimum)}]"
        raise ValueError(f"{type_} has no spelling")


def _window(size: int | timedelta) -> str:
    if isinstance(size, timedelta):
        size = f"timedelta(microseconds={size // timedelta(microseconds=1)})"  # type: ignore[assignment]
    return f"WindowSize[{size}]"
