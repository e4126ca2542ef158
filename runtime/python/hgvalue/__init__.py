"""The runtime that generated value and time-series classes are built on."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from hgvalue._errors import (
    AmbiguousTypeError,
    DecodeError,
    FrozenError,
    HgValueError,
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
    TS,
    TSB,
    TSD,
    TSL,
    TSS,
    TSW,
    CompoundScalar,
    DynamicTSL,
    EvaluationClock,
    KeySet,
    TimeSeries,
)
from hgvalue._paths import cmake_dir, include_dir
from hgvalue._sentinels import REMOVE, REMOVE_IF_EXISTS, Removed, SetDelta, set_delta

__version__ = "0.1.0"

MIN_DT: Final = datetime(1970, 1, 1)
"""The modification time of what was never written: no tick has this time."""

MIN_ST: Final = datetime(1970, 1, 1, microsecond=1)
"""The smallest time of a tick."""

MAX_DT: Final = datetime.max
"""The largest time of a tick."""

__all__ = [
    "MAX_DT",
    "MIN_DT",
    "MIN_ST",
    "REMOVE",
    "REMOVE_IF_EXISTS",
    "TS",
    "TSB",
    "TSD",
    "TSL",
    "TSS",
    "TSW",
    "AmbiguousTypeError",
    "CompoundScalar",
    "DecodeError",
    "DynamicTSL",
    "EvaluationClock",
    "FrozenError",
    "HgValueError",
    "InvalidValueError",
    "KeySet",
    "MissingKeyError",
    "NullValueError",
    "PositionError",
    "RangeOverflowError",
    "Removed",
    "SetDelta",
    "StaleReferenceError",
    "StateError",
    "TimeSeries",
    "WrongTypeError",
    "__version__",
    "cmake_dir",
    "include_dir",
    "set_delta",
]
