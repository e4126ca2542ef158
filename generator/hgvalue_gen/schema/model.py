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
from typing import TypeAlias

from hgvalue_gen.schema.checks import SchemaTypeError as SchemaTypeError
from hgvalue_gen.schema.checks import check_in_place, check_window
from hgvalue_gen.schema.checks import timedelta_us as timedelta_us
from hgvalue_gen.schema.scalars import INT64 as INT64
from hgvalue_gen.schema.scalars import ArrayType as ArrayType
from hgvalue_gen.schema.scalars import CyclicBufferType as CyclicBufferType
from hgvalue_gen.schema.scalars import DefaultValue as DefaultValue
from hgvalue_gen.schema.scalars import Doc as Doc
from hgvalue_gen.schema.scalars import EnumBase as EnumBase
from hgvalue_gen.schema.scalars import EnumMember as EnumMember
from hgvalue_gen.schema.scalars import EnumType as EnumType
from hgvalue_gen.schema.scalars import ListType as ListType
from hgvalue_gen.schema.scalars import MapType as MapType
from hgvalue_gen.schema.scalars import OptionalType as OptionalType
from hgvalue_gen.schema.scalars import Primitive as Primitive
from hgvalue_gen.schema.scalars import QueueType as QueueType
from hgvalue_gen.schema.scalars import ScalarName as ScalarName
from hgvalue_gen.schema.scalars import ScalarType as ScalarType
from hgvalue_gen.schema.scalars import SetType as SetType
from hgvalue_gen.schema.scalars import StructField as StructField
from hgvalue_gen.schema.scalars import StructType as StructType
from hgvalue_gen.schema.scalars import TupleOf as TupleOf
from hgvalue_gen.schema.scalars import TupleType as TupleType
from hgvalue_gen.schema.scalars import VariantType as VariantType
from hgvalue_gen.schema.scalars import VariantValue as VariantValue
from hgvalue_gen.schema.scalars import WindowType as WindowType
from hgvalue_gen.schema.scalars import check_hashable, derived, sum_in_place

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
    in_place: int = derived()

    def __post_init__(self) -> None:
        object.__setattr__(self, "in_place", sum_in_place(member.type for member in self.fields))

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
        check_hashable(self.element, "set element", "elements")


@dataclass(frozen=True, slots=True)
class TSD(TimeSeriesType):
    key: ScalarType
    child: TimeSeriesType

    def __post_init__(self) -> None:
        check_hashable(self.key, "dict key", "keys")


@dataclass(frozen=True, slots=True)
class TSW(TimeSeriesType):
    """``size`` and ``minimum`` are both element counts or both durations; the minimum defaults to 0."""

    element: ScalarType
    size: int | timedelta_us
    minimum: int | timedelta_us

    def __post_init__(self) -> None:
        check_window(self.size, self.minimum)


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
