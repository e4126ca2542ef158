"""The extension module of this package: what :mod:`hgvalue` offers is imported from here."""

from typing import Any

from hgvalue._compound_scalar import CompoundScalar
from hgvalue._time_series import TS, TSB, TSD, TSL, TSS, TSW, DynamicTSL, EvaluationClock, KeySet, TimeSeries

__all__ = [
    "TS",
    "TSB",
    "TSD",
    "TSL",
    "TSS",
    "TSW",
    "CompoundScalar",
    "DynamicTSL",
    "EvaluationClock",
    "KeySet",
    "TimeSeries",
    "runtime_api",
    "struct_fields",
]

runtime_api: Any
"""The capsule through which generated modules reach the runtime."""

def struct_fields(cls: type, /) -> list[tuple[str, Any, bool, Any]]:
    """Return name, type, whether it has a default, and default of each field of a struct class."""
