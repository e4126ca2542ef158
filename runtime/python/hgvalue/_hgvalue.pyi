"""The extension module of this package: what :mod:`hgvalue` offers is imported from here."""

from collections.abc import Sequence
from types import ModuleType
from typing import Any

from hgvalue._compound_scalar import CompoundScalar
from hgvalue._delta import Delta, apply, compose, decode, diff, encode, full_delta, invert
from hgvalue._generic import (
    BundleView,
    CyclicBufferView,
    ListView,
    MapView,
    OptionalView,
    QueueView,
    RefView,
    ScalarView,
    SetView,
    TupleView,
    TypeMeta,
    TypeRegistry,
    Value,
    VariantView,
    View,
    ViewKeys,
    ViewPairRange,
    ViewRange,
    ViewValues,
    WindowView,
    view,
)
from hgvalue._time_series import (
    REF,
    SIGNAL,
    TS,
    TSB,
    TSD,
    TSL,
    TSS,
    TSW,
    ArrowTable,
    BoundValue,
    DynamicTSL,
    EvaluationClock,
    KeySet,
    KeySlots,
    RefDynamicTSL,
    ReferenceItems,
    RefSIGNAL,
    RefTS,
    RefTSD,
    RefTSL,
    RefTSS,
    RefTSW,
    TimeSeries,
    bind,
    match_schemas,
)

__all__ = [
    "REF",
    "SIGNAL",
    "TS",
    "TSB",
    "TSD",
    "TSL",
    "TSS",
    "TSW",
    "ArrowTable",
    "BoundValue",
    "BundleView",
    "CompoundScalar",
    "CyclicBufferView",
    "Delta",
    "DynamicTSL",
    "EvaluationClock",
    "KeySet",
    "KeySlots",
    "ListView",
    "MapView",
    "OptionalView",
    "QueueView",
    "RefDynamicTSL",
    "RefSIGNAL",
    "RefTS",
    "RefTSD",
    "RefTSL",
    "RefTSS",
    "RefTSW",
    "RefView",
    "ReferenceItems",
    "ScalarView",
    "SetView",
    "TimeSeries",
    "TupleView",
    "TypeMeta",
    "TypeRegistry",
    "Value",
    "VariantView",
    "View",
    "ViewKeys",
    "ViewPairRange",
    "ViewRange",
    "ViewValues",
    "WindowView",
    "apply",
    "bind",
    "compose",
    "decode",
    "diff",
    "dynamic_bundle",
    "dynamic_enum",
    "dynamic_node",
    "dynamic_root",
    "dynamic_struct",
    "dynamic_type",
    "encode",
    "freeze",
    "full_delta",
    "invert",
    "match_schemas",
    "runtime_api",
    "struct_fields",
    "view",
]

runtime_api: Any
"""The capsule through which generated modules reach the runtime."""

def freeze(value: Value, /) -> None:
    """Make a Value immutable, for good; raises StateError while it has views."""

def short_repr(obj: object, /) -> str:
    """Return what repr gives, cut if that is long."""

def short_form(value: Value, /) -> str:
    """Return the repr of a Value's Python form, cut if that is long."""

def struct_fields(cls: type, /) -> list[tuple[str, Any, bool, Any]]:
    """Return name, type, whether it has a default, and default of each field of a struct class."""

# For hgvalue._dynamic: types are capsules that nothing else can make, and a class is given by the module it is in, the
# schema file, its name and its documentation.

def dynamic_type(kind: str, parts: Sequence[object], sizes: Sequence[int], /) -> object:
    """Return a value type without a name, or a scalar."""

def dynamic_enum(
    python_module: str, module: str, name: str, doc: str | None, members: Sequence[tuple[str, int]], base: str, /
) -> tuple[object, type]:
    """Return an enum and its class, which derives from ``enum.Enum`` or, if ``base`` says so, ``enum.IntEnum``."""

def dynamic_struct(
    python_module: str, module: str, name: str, doc: str | None, fields: Sequence[tuple[Any, ...]], /
) -> tuple[object, type]:
    """Return a CompoundScalar and its class; fields are (name, type, doc, item_only, has_default, default)."""

def dynamic_node(kind: str, values: Sequence[object], children: Sequence[object], sizes: Sequence[int], /) -> object:
    """Return a time series without a name."""

def dynamic_bundle(
    into: ModuleType,
    python_module: str,
    module: str,
    name: str,
    doc: str | None,
    fields: Sequence[tuple[Any, ...]],
    anonymous: bool,
    /,
) -> tuple[object, type]:
    """Return a TSB and its class; fields are (name, type, doc, item_only)."""

def dynamic_root(
    into: ModuleType, python_module: str, module: str, name: str, doc: str | None, node: object, /
) -> type:
    """Return the class that gives a time series a name."""
