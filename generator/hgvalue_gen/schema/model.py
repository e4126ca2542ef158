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

from dataclasses import dataclass, field
from typing import ClassVar, Literal, TypeAlias

Doc: TypeAlias = "str | None"
#: A folded default: a literal of the language, or ``EnumMember``.
DefaultValue: TypeAlias = "bool | int | float | str | bytes | None | EnumMember | timedelta_us | tuple | list | frozenset | dict"


class SchemaTypeError(ValueError):
    """A type that may not be built; ``code`` is the diagnostic code, ``help`` what to write instead."""

    def __init__(self, code: str, message: str, label: str = "", help: str = "") -> None:
        super().__init__(message)
        self.code, self.label, self.help = code, label, help


@dataclass(frozen=True, slots=True)
class timedelta_us:  # noqa: N801 - reads as a literal
    """A folded ``timedelta(...)``: whole microseconds."""

    microseconds: int


# -- scalars ----------------------------------------------------------------------------------------------

ScalarName = Literal[
    "bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
    "float32", "float64", "str", "bytes", "date", "time", "datetime", "timedelta", "object",
]  # fmt: skip


class ScalarType:
    """Base of every type that may stand inside ``TS[...]``."""

    hashable: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class Primitive(ScalarType):
    """A built-in scalar by its canonical name (``int`` is ``int64``, ``float`` is ``float64``)."""

    name: ScalarName


@dataclass(frozen=True, slots=True)
class EnumMember:
    """A default that names an enum member."""

    enum: EnumType
    name: str


@dataclass(frozen=True, slots=True)
class EnumType(ScalarType):
    """``class Status(Enum)``; ``members`` are (name, value) in order, values are distinct 64-bit integers."""

    module: str
    name: str
    members: tuple[tuple[str, int], ...]
    doc: Doc = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class StructField:
    """One field of a CompoundScalar; ``default`` means something only when ``has_default``."""

    name: str
    type: ScalarType
    has_default: bool = False
    default: DefaultValue = None
    doc: Doc = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class StructType(ScalarType):
    """``class Delay(CompoundScalar)``."""

    module: str
    name: str
    fields: tuple[StructField, ...]
    doc: Doc = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class OptionalType(ScalarType):
    """``T | None``."""

    element: ScalarType


@dataclass(frozen=True, slots=True)
class TupleOf(ScalarType):
    """``tuple[T, ...]``."""

    element: ScalarType


@dataclass(frozen=True, slots=True)
class TupleType(ScalarType):
    """``tuple[A, B]``."""

    elements: tuple[ScalarType, ...]


@dataclass(frozen=True, slots=True)
class ListType(ScalarType):
    """``list[T]``."""

    element: ScalarType


@dataclass(frozen=True, slots=True)
class SetType(ScalarType):
    """``set[T]`` and ``frozenset[T]``."""

    element: ScalarType


@dataclass(frozen=True, slots=True)
class MapType(ScalarType):
    """``dict[K, V]``, ``frozendict[K, V]`` and ``Mapping[K, V]``."""

    key: ScalarType
    value: ScalarType


@dataclass(frozen=True, slots=True)
class ArrayType(ScalarType):
    """``Array[T, Size[n]]``: exactly n elements."""

    element: ScalarType
    size: int


@dataclass(frozen=True, slots=True)
class CyclicBufferType(ScalarType):
    """``CyclicBuffer[T, Size[n]]``: the last n elements."""

    element: ScalarType
    size: int


@dataclass(frozen=True, slots=True)
class QueueType(ScalarType):
    """``Queue[T]`` (``capacity`` None) or ``Queue[T, Size[n]]``."""

    element: ScalarType
    capacity: int | None = None


@dataclass(frozen=True, slots=True)
class WindowType(ScalarType):
    """``Window[T, ...]``, the value-layer window: (time, value) pairs. ``size`` counts elements, or is a duration."""

    element: ScalarType
    size: int | timedelta_us
    minimum: int | timedelta_us


# -- time series ------------------------------------------------------------------------------------------


class TimeSeriesType:
    """Base of every time-series type."""


@dataclass(frozen=True, slots=True)
class TS(TimeSeriesType):
    value: ScalarType


@dataclass(frozen=True, slots=True)
class BundleField:
    name: str
    type: TimeSeriesType
    doc: Doc = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Bundle:
    """``class Quote(TimeSeriesSchema)``, or ``TSB["bid": TS[float]]`` when ``name`` is None (then ``module`` is "")."""

    module: str
    name: str | None
    fields: tuple[BundleField, ...]
    doc: Doc = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class TSB(TimeSeriesType):
    bundle: Bundle


@dataclass(frozen=True, slots=True)
class TSL(TimeSeriesType):
    """``size`` None: a dynamic list."""

    child: TimeSeriesType
    size: int | None


@dataclass(frozen=True, slots=True)
class TSS(TimeSeriesType):
    element: ScalarType


@dataclass(frozen=True, slots=True)
class TSD(TimeSeriesType):
    key: ScalarType
    child: TimeSeriesType


@dataclass(frozen=True, slots=True)
class TSW(TimeSeriesType):
    """``size`` and ``minimum`` are both element counts or both durations; the minimum defaults to 0."""

    element: ScalarType
    size: int | timedelta_us
    minimum: int | timedelta_us


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
