"""The scalar types of the resolved schema: what may stand inside ``TS[...]``. Read them as part of :mod:`.model`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final, Literal, Protocol, TypeAlias

from hgvalue_gen.schema.checks import (
    MAX_IN_PLACE,
    SchemaTypeError,
    check_in_place,
    check_size,
    check_window,
    timedelta_us,
)

Doc: TypeAlias = "str | None"
#: A folded default: a literal of the language, or ``EnumMember``. Arrays, buffers and queues have lists.
DefaultValue: TypeAlias = (
    "bool | int | float | str | bytes | EnumMember | timedelta_us | VariantValue | tuple[DefaultValue, ...]"
    " | list[DefaultValue] | frozenset[DefaultValue] | dict[DefaultValue, DefaultValue] | None"
)

INT64: Final = range(-(2**63), 2**63)


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


class _InPlace(Protocol):
    @property
    def in_place(self) -> int: ...


def derived() -> Any:
    """Declare a fact worked out once, when the type is made, from the types inside."""
    return field(init=False, compare=False, repr=False)


def _derive(made: ScalarType, *parts: ScalarType) -> None:
    object.__setattr__(made, "hashable", all(part.hashable for part in parts))


def sum_in_place(parts: Iterable[_InPlace]) -> int:
    """Add up what types hold in place, as far as it matters."""
    return min(sum(part.in_place for part in parts), MAX_IN_PLACE + 1)


@dataclass(frozen=True, slots=True)
class Primitive(ScalarType):
    """A built-in scalar by its canonical name (``int`` is ``int64``, ``float`` is ``float64``)."""

    name: ScalarName
    hashable: bool = derived()

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
    hashable: bool = derived()
    in_place: int = derived()

    def __post_init__(self) -> None:
        _derive(self, *(member.type for member in self.fields))
        object.__setattr__(self, "in_place", sum_in_place(member.type for member in self.fields))

    def __hash__(self) -> int:
        # By name: structs share structs, and walking them all each time would take exponential time.
        return hash((self.module, self.name))


@dataclass(frozen=True, slots=True)
class OptionalType(ScalarType):
    """``T | None``."""

    element: ScalarType
    hashable: bool = derived()

    def __post_init__(self) -> None:
        _derive(self, self.element)

    @property
    def in_place(self) -> int:
        return self.element.in_place


@dataclass(frozen=True, slots=True)
class VariantType(ScalarType):
    """``A | B``: a value of exactly one of at least two different types; the first is where a new one starts."""

    alternatives: tuple[ScalarType, ...]
    hashable: bool = derived()

    def __post_init__(self) -> None:
        _derive(self, *self.alternatives)

    @property
    def in_place(self) -> int:
        return max(alternative.in_place for alternative in self.alternatives)


@dataclass(frozen=True, slots=True)
class TupleOf(ScalarType):
    """``tuple[T, ...]``."""

    element: ScalarType
    hashable: bool = derived()

    def __post_init__(self) -> None:
        _derive(self, self.element)


@dataclass(frozen=True, slots=True)
class TupleType(ScalarType):
    """``tuple[A, B]``."""

    elements: tuple[ScalarType, ...]
    hashable: bool = derived()

    def __post_init__(self) -> None:
        _derive(self, *self.elements)

    @property
    def in_place(self) -> int:
        return sum_in_place(self.elements)


@dataclass(frozen=True, slots=True)
class ListType(_Mutable):
    """``list[T]``."""

    element: ScalarType


@dataclass(frozen=True, slots=True)
class SetType(ScalarType):
    """``set[T]`` and ``frozenset[T]``: frozen in Python, and so hashable."""

    element: ScalarType

    def __post_init__(self) -> None:
        check_hashable(self.element, "set element", "elements")


@dataclass(frozen=True, slots=True)
class MapType(_Mutable):
    """``dict[K, V]``, ``frozendict[K, V]`` and ``Mapping[K, V]``."""

    key: ScalarType
    value: ScalarType

    def __post_init__(self) -> None:
        check_hashable(self.key, "dict key", "keys")


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


# -- self-checks ------------------------------------------------------------------------------------------


def check_hashable(type: ScalarType, role: str, plural: str) -> None:
    """Raise SchemaTypeError unless values of the type may be keys or elements of sets."""
    if not type.hashable:
        # Both read the model, so they can only be imported once it is there.
        from hgvalue_gen.schema.hashability import explain
        from hgvalue_gen.schema.spelling import spell

        label, help = explain(type, plural)
        raise SchemaTypeError("HGT012", f"{role} `{spell(type)}` is not hashable", label, help)
