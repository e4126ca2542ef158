"""The runtime that generated value and time-series classes are built on."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from hgvalue._dataclass import register_structs
from hgvalue._errors import (
    AmbiguousTypeError,
    BufferInUseError,
    DecodeError,
    FrozenError,
    HgValueError,
    IncompleteInstallationError,
    InvalidValueError,
    MissingKeyError,
    NullValueError,
    PositionError,
    RangeOverflowError,
    StaleReferenceError,
    StateError,
    WrongTypeError,
)
from hgvalue._hgvalue import (
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
    BundleView,
    CompoundScalar,
    CyclicBufferView,
    Delta,
    DynamicTSL,
    EvaluationClock,
    KeySet,
    KeySlots,
    ListView,
    MapView,
    OptionalView,
    QueueView,
    RefDynamicTSL,
    ReferenceItems,
    RefSIGNAL,
    RefTS,
    RefTSD,
    RefTSL,
    RefTSS,
    RefTSW,
    RefView,
    ScalarView,
    SetView,
    TimeSeries,
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
    apply,
    bind,
    compose,
    decode,
    diff,
    encode,
    full_delta,
    invert,
    match_schemas,
    view,
)
from hgvalue._inputs import SchemaMatch
from hgvalue._observers import Change
from hgvalue._paths import cmake_dir, include_dir
from hgvalue._plain import PlainValue
from hgvalue._sentinels import REMOVE, REMOVE_IF_EXISTS, Removed, SetDelta, set_delta
from hgvalue._types import FieldInfo, TypeKind
from hgvalue._views import register_views

register_structs()
register_views()

__version__ = "0.1.0"

MIN_DT: Final = datetime(1970, 1, 1)
"""The modification time of what was never written: no tick has this time."""

MIN_ST: Final = datetime(1970, 1, 1, microsecond=1)
"""The smallest time of a tick."""

MAX_DT: Final = datetime.max
"""The largest time of a tick."""


def clock_of(series: TimeSeries, /) -> EvaluationClock:
    """Return the clock of a time series' root, also where a field named ``clock`` hides the attribute."""
    clock: EvaluationClock = TimeSeries.clock.__get__(series)
    return clock


__all__ = [
    "MAX_DT",
    "MIN_DT",
    "MIN_ST",
    "REF",
    "REMOVE",
    "REMOVE_IF_EXISTS",
    "SIGNAL",
    "TS",
    "TSB",
    "TSD",
    "TSL",
    "TSS",
    "TSW",
    "AmbiguousTypeError",
    "ArrowTable",
    "BoundValue",
    "BufferInUseError",
    "BundleView",
    "Change",
    "CompoundScalar",
    "CyclicBufferView",
    "DecodeError",
    "Delta",
    "DynamicTSL",
    "EvaluationClock",
    "FieldInfo",
    "FrozenError",
    "HgValueError",
    "IncompleteInstallationError",
    "InvalidValueError",
    "KeySet",
    "KeySlots",
    "ListView",
    "MapView",
    "MissingKeyError",
    "NullValueError",
    "OptionalView",
    "PlainValue",
    "PositionError",
    "QueueView",
    "RangeOverflowError",
    "RefDynamicTSL",
    "RefSIGNAL",
    "RefTS",
    "RefTSD",
    "RefTSL",
    "RefTSS",
    "RefTSW",
    "RefView",
    "ReferenceItems",
    "Removed",
    "ScalarView",
    "SchemaMatch",
    "SetDelta",
    "SetView",
    "StaleReferenceError",
    "StateError",
    "TimeSeries",
    "TupleView",
    "TypeKind",
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
    "WrongTypeError",
    "__version__",
    "apply",
    "bind",
    "clock_of",
    "cmake_dir",
    "compose",
    "decode",
    "diff",
    "encode",
    "full_delta",
    "include_dir",
    "invert",
    "match_schemas",
    "set_delta",
    "view",
]
