"""The resolved schema: what every back end reads.

Everything here is immutable, hashable and free of syntax: names are resolved, aliases and constants are
folded in, sizes are plain integers and durations are microseconds. A type checks itself when it is made
and raises :class:`SchemaTypeError`; the passes of :mod:`hgvalue_gen.schema.passes` turn that into a
located diagnostic. Equal shapes compare equal, so anonymous types are interned by value; enums, structs
and named bundles are nominal (their module and name are part of them).

Documentation and source positions are kept out of type identity (``compare=False``), so a comment never
changes a fingerprint.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from hgvalue_gen.schema.checks import MAX_IN_PLACE, check_in_place, check_size, check_window
from hgvalue_gen.schema.checks import SchemaTypeError as SchemaTypeError
from hgvalue_gen.schema.checks import timedelta_us as timedelta_us

Doc: TypeAlias = "str | None"
#: A folded default: a literal of the language, or ``EnumMember``. Arrays, buffers and queues have lists.
DefaultValue: TypeAlias = (
    "bool | int | float | str | bytes | EnumMember | timedelta_us | VariantValue | tuple[DefaultValue, ...]"
    " | list[DefaultValue] | frozenset[DefaultValue] | dict[DefaultValue, DefaultValue] | None"
)

INT64: Final = range(-(2**63), 2**63)


# -- scalars ----------------------------------------------------------------------------------------------

ScalarName = Literal[
    "bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
    "float32", "float64", "str", "bytes", "date", "time", "datetime", "timedelta", "object",
]  # fmt: skip


class ScalarType:
    """Base of every type that may stand inside ``TS[...]``.

    ``hashable`` tells whether values may be keys and elements of sets: what can change may not, nor what holds it.
    ``in_place`` counts the elements of fixed lists and arrays, fields included, that a value holds in itself.
    """

    __slots__ = ()
    hashable: bool = True

    @property
    def in_place(self) -> int:
        return 1


class _Mutable(ScalarType):
    __slots__ = ()
    hashable: bool = False


def _derived() -> Any:
    """Declare a fact worked out once, when the type is made, from the types inside."""
    return field(init=False, compare=False, repr=False)


def _derive(made: ScalarType, *parts: ScalarType) -> None:
    object.__setattr__(made, "hashable", all(part.hashable for part in parts))


def _sum(parts: Iterable[ScalarType | TimeSeriesType]) -> int:
    return min(sum(part.in_place for part in parts), MAX_IN_PLACE + 1)


@dataclass(frozen=True, slots=True)
class Primitive(ScalarType):
    """A built-in scalar by its canonical name (``int`` is ``int64``, ``float`` is ``float64``)."""

    name: ScalarName
    hashable: bool = _derived()

    def __post_init__(self) -> None:
        object.__setattr__(self, "hashable", self.name != "object")


@dataclass(frozen=True, slots=True)
class EnumMember:
    """A default that names an enum member."""

    enum: EnumType
    name: str


#: What the Python class of an enum derives from.
EnumBase: TypeAlias = Literal["Enum", "IntEnum"]


@dataclass(frozen=True, slots=True)
class EnumType(ScalarType):
    """``class Status(Enum)``; ``members`` are (name, value) in order, values are distinct 64-bit integers."""

    module: str
    name: str
    members: tuple[tuple[str, int], ...]
    doc: Doc = field(default=None, compare=False)
    base: EnumBase = "Enum"

    def __hash__(self) -> int:
        return hash((self.module, self.name))


@dataclass(frozen=True, slots=True)
class VariantValue:
    """A default of a variant: which alternative it is of, and its value as one of that."""

    alternative: int
    value: DefaultValue


@dataclass(frozen=True, slots=True)
class StructField:
    """One field of a CompoundScalar; ``default`` means something only when ``has_default``.

    ``item_only`` fields are read as ``value["name"]`` and have no attribute, as their name belongs to a member.
    """

    name: str
    type: ScalarType
    has_default: bool = False
    default: DefaultValue = field(default=None, hash=False)
    doc: Doc = field(default=None, compare=False)
    item_only: bool = False


@dataclass(frozen=True, slots=True)
class StructType(ScalarType):
    """``class Delay(CompoundScalar)``."""

    module: str
    name: str
    fields: tuple[StructField, ...]
    doc: Doc = field(default=None, compare=False)
    hashable: bool = _derived()
    in_place: int = _derived()

    def __post_init__(self) -> None:
        _derive(self, *(member.type for member in self.fields))
        object.__setattr__(self, "in_place", _sum(member.type for member in self.fields))

    def __hash__(self) -> int:
        # By name: structs share structs, and walking them all each time would take exponential time.
        return hash((self.module, self.name))


@dataclass(frozen=True, slots=True)
class OptionalType(ScalarType):
    """``T | None``."""

    element: ScalarType
    hashable: bool = _derived()

    def __post_init__(self) -> None:
        _derive(self, self.element)

    @property
    def in_place(self) -> int:
        return self.element.in_place


@dataclass(frozen=True, slots=True)
class VariantType(ScalarType):
    """``A | B``: a value of exactly one of at least two different types; the first is where a new one starts."""

    alternatives: tuple[ScalarType, ...]
    hashable: bool = _derived()

    def __post_init__(self) -> None:
        _derive(self, *self.alternatives)

    @property
    def in_place(self) -> int:
        return max(alternative.in_place for alternative in self.alternatives)


@dataclass(frozen=True, slots=True)
class TupleOf(ScalarType):
    """``tuple[T, ...]``."""

    element: ScalarType
    hashable: bool = _derived()

    def __post_init__(self) -> None:
        _derive(self, self.element)


@dataclass(frozen=True, slots=True)
class TupleType(ScalarType):
    """``tuple[A, B]``."""

    elements: tuple[ScalarType, ...]
    hashable: bool = _derived()

    def __post_init__(self) -> None:
        _derive(self, *self.elements)

    @property
    def in_place(self) -> int:
        return _sum(self.elements)


@dataclass(frozen=True, slots=True)
class ListType(_Mutable):
    """``list[T]``."""

    element: ScalarType


@dataclass(frozen=True, slots=True)
class SetType(ScalarType):
    """``set[T]`` and ``frozenset[T]``: frozen in Python, and so hashable."""

    element: ScalarType

    def __post_init__(self) -> None:
        _check_hashable(self.element, "set element", "elements")


@dataclass(frozen=True, slots=True)
class MapType(_Mutable):
    """``dict[K, V]``, ``frozendict[K, V]`` and ``Mapping[K, V]``."""

    key: ScalarType
    value: ScalarType

    def __post_init__(self) -> None:
        _check_hashable(self.key, "dict key", "keys")


@dataclass(frozen=True, slots=True)
class ArrayType(_Mutable):
    """``Array[T, Size[n]]``: exactly n elements."""

    element: ScalarType
    size: int

    def __post_init__(self) -> None:
        check_in_place(self.size, self.element.in_place)

    @property
    def in_place(self) -> int:
        return self.size * self.element.in_place


@dataclass(frozen=True, slots=True)
class CyclicBufferType(_Mutable):
    """``CyclicBuffer[T, Size[n]]``: the last n elements."""

    element: ScalarType
    size: int

    def __post_init__(self) -> None:
        check_size(self.size)


@dataclass(frozen=True, slots=True)
class QueueType(_Mutable):
    """``Queue[T]`` (``capacity`` None) or ``Queue[T, Size[n]]``."""

    element: ScalarType
    capacity: int | None = None

    def __post_init__(self) -> None:
        if self.capacity is not None:
            check_size(self.capacity)


@dataclass(frozen=True, slots=True)
class WindowType(_Mutable):
    """``Window[T, ...]``, the value-layer window: (time, value) pairs. ``size`` counts elements, or is a duration."""

    element: ScalarType
    size: int | timedelta_us
    minimum: int | timedelta_us

    def __post_init__(self) -> None:
        check_window(self.size, self.minimum)


# -- time series ------------------------------------------------------------------------------------------


class TimeSeriesType:
    """Base of every time-series type; ``in_place`` is as for scalars."""

    __slots__ = ()

    @property
    def in_place(self) -> int:
        return 1


@dataclass(frozen=True, slots=True)
class TS(TimeSeriesType):
    value: ScalarType

    @property
    def in_place(self) -> int:
        return self.value.in_place


@dataclass(frozen=True, slots=True)
class SIGNAL(TimeSeriesType):
    """Ticks, and has no value but that it did."""


@dataclass(frozen=True, slots=True)
class REF(TimeSeriesType):
    """Refers to another time series, and reads as it."""

    target: TimeSeriesType


@dataclass(frozen=True, slots=True)
class BundleField:
    """One field of a bundle; an ``item_only`` one is reached as ``bundle["name"]`` and has no attribute."""

    name: str
    type: TimeSeriesType
    doc: Doc = field(default=None, compare=False)
    item_only: bool = False


@dataclass(frozen=True, slots=True)
class Bundle:
    """``class Quote(TimeSeriesSchema)``, or ``TSB["bid": TS[float]]`` when ``name`` is None (then ``module`` is "")."""

    module: str
    name: str | None
    fields: tuple[BundleField, ...]
    doc: Doc = field(default=None, compare=False)
    in_place: int = _derived()

    def __post_init__(self) -> None:
        object.__setattr__(self, "in_place", _sum(member.type for member in self.fields))

    def __hash__(self) -> int:
        # Named bundles by name, for the reason given at StructType.
        return hash((self.module, self.name) if self.name is not None else self.fields)


@dataclass(frozen=True, slots=True)
class TSB(TimeSeriesType):
    bundle: Bundle

    @property
    def in_place(self) -> int:
        return self.bundle.in_place


@dataclass(frozen=True, slots=True)
class TSL(TimeSeriesType):
    """``size`` None: a dynamic list."""

    child: TimeSeriesType
    size: int | None

    def __post_init__(self) -> None:
        if self.size is not None:
            check_in_place(self.size, self.child.in_place)

    @property
    def in_place(self) -> int:
        return self.size * self.child.in_place if self.size else 1


@dataclass(frozen=True, slots=True)
class TSS(TimeSeriesType):
    element: ScalarType

    def __post_init__(self) -> None:
        _check_hashable(self.element, "set element", "elements")


@dataclass(frozen=True, slots=True)
class TSD(TimeSeriesType):
    key: ScalarType
    child: TimeSeriesType

    def __post_init__(self) -> None:
        _check_hashable(self.key, "dict key", "keys")


@dataclass(frozen=True, slots=True)
class TSW(TimeSeriesType):
    """``size`` and ``minimum`` are both element counts or both durations; the minimum defaults to 0."""

    element: ScalarType
    size: int | timedelta_us
    minimum: int | timedelta_us

    def __post_init__(self) -> None:
        check_window(self.size, self.minimum)


# -- self-checks ------------------------------------------------------------------------------------------


def _check_hashable(type: ScalarType, role: str, plural: str) -> None:
    if not type.hashable:
        # Both read the model, so they can only be imported once it is there.
        from hgvalue_gen.schema.hashability import explain
        from hgvalue_gen.schema.spelling import spell

        label, help = explain(type, plural)
        raise SchemaTypeError("HGT012", f"{role} `{spell(type)}` is not hashable", label, help)


# -- modules ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Root:
    """``type Board = TSD[...]`` or ``Board = TSD[...]``: a named time series."""

    name: str
    type: TimeSeriesType
    doc: Doc = field(default=None, compare=False)


Declaration: TypeAlias = EnumType | StructType | Bundle | Root


@dataclass(frozen=True, slots=True)
class Module:
    """One schema file. ``name`` is dotted (``geo.shapes``); ``text`` its source, as written."""

    name: str
    declarations: tuple[Declaration, ...]  # an order in which each comes after what it uses
    imports: tuple[str, ...]  # names of the modules it imports, in file order
    reexports: tuple[tuple[str, str, str], ...] = ()  # (local name, module, name there) of imported names
    doc: Doc = field(default=None, compare=False)
    text: str = field(default="", compare=False, repr=False)
    path: str = field(default="", compare=False, repr=False)  # as given by the user, for messages only

    @property
    def enums(self) -> tuple[EnumType, ...]:
        return tuple(d for d in self.declarations if isinstance(d, EnumType))

    @property
    def structs(self) -> tuple[StructType, ...]:
        return tuple(d for d in self.declarations if isinstance(d, StructType))

    @property
    def bundles(self) -> tuple[Bundle, ...]:
        return tuple(d for d in self.declarations if isinstance(d, Bundle))

    @property
    def roots(self) -> tuple[Root, ...]:
        return tuple(d for d in self.declarations if isinstance(d, Root))


@dataclass(frozen=True, slots=True)
class Schema:
    """Everything one call of the generator works on: modules in dependency order, imported ones first."""

    modules: tuple[Module, ...]
    main: tuple[str, ...]  # names of the modules given by the user, in that order
    fingerprint: str = ""  # 16 hex digits of the canonical form, docs and layout of the text left out

    def module(self, name: str) -> Module:
        """Return the module called ``name``; KeyError when there is none."""
        for module in self.modules:
            if module.name == name:
                return module
        raise KeyError(name)
