"""What a scalar type accepts, what it stores, and when two stored values are the same (semantics 9, 19)."""

from __future__ import annotations

import math
import operator
import struct
from collections import deque
from collections.abc import Hashable, Mapping
from collections.abc import Set as AbstractSet
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from typing import Any

import numpy as np

from .types import (
    INT_RANGES,
    ArrayType,
    CyclicType,
    EnumType,
    ListType,
    MapType,
    Optional,
    Primitive,
    QueueType,
    Scalar,
    SetType,
    Struct,
    TupleOf,
    TupleType,
)

_MICROSECOND = timedelta(microseconds=1)
#: Elements of which a window or array is a numpy array.
_DTYPES = {
    "bool": "bool",
    "int": "int64",
    "float": "float64",
    "date": "datetime64[D]",
    "datetime": "datetime64[us]",
    "timedelta": "timedelta64[us]",
    **{name: name for name in INT_RANGES if name != "int"},
    "float32": "float32",
    "float64": "float64",
}


class StructValue:
    """A stored CompoundScalar: what the model hands out for one."""

    def __init__(self, type_: Struct, values: dict[str, Any]) -> None:
        self.type, self.values = type_, values

    def __hash__(self) -> int:
        return hash(identity(self))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, StructValue) and identity(self) == identity(other)

    def __repr__(self) -> str:
        return f"{self.type.name}({self.values})"


def _wrong(expected: str, given: object) -> TypeError:
    return TypeError(f"expected {expected}, not {type(given).__name__}")


def convert(type_: Scalar, value: Any) -> Any:
    """Return what is stored for ``value``. Raises TypeError, ValueError or OverflowError."""
    match type_:
        case Primitive(name):
            return _primitive(name, value)
        case Optional(element):
            return None if value is None else convert(element, value)
        case EnumType(_, members):
            if isinstance(value, Enum) and value.name in dict(members):
                return value
            raise _wrong("a member", value)
        case Struct(_, fields):
            if isinstance(value, StructValue) and [f for f, _ in value.type.fields] == [f for f, _ in fields]:
                return StructValue(type_, {f: convert(t, value.values[f]) for f, t in fields})
            raise _wrong(type_.name, value)
        case TupleOf(element):
            _check(value, tuple)
            return tuple(convert(element, v) for v in value)
        case TupleType(elements):
            _check(value, tuple)
            if len(value) != len(elements):
                raise ValueError(f"expected {len(elements)} elements, not {len(value)}")
            return tuple(convert(t, v) for t, v in zip(elements, value, strict=True))
        case ListType(element):
            _check(value, list)
            return [convert(element, v) for v in value]
        case SetType(element):
            _check(value, AbstractSet)
            return frozenset({identity(c): c for c in (convert(element, v) for v in value)}.values())
        case MapType(key, element):
            _check(value, Mapping)
            return {convert(key, k): convert(element, v) for k, v in value.items()}
    _check(value, (list, tuple, deque, np.ndarray))
    stored = [convert(type_.element, v) for v in (value.tolist() if isinstance(value, np.ndarray) else value)]
    match type_:
        case ArrayType(size=size) if len(stored) != size:
            raise ValueError(f"expected {size} elements, not {len(stored)}")
        case CyclicType(size=size):
            return stored[-size:]
        case QueueType(capacity=capacity) if capacity is not None and len(stored) > capacity:
            raise ValueError(f"at most {capacity} elements, not {len(stored)}")
    return stored


def _check(value: object, kind: Any) -> None:
    if not isinstance(value, kind):
        raise _wrong(str(kind), value)


def _primitive(name: str, value: Any) -> Any:
    if name in INT_RANGES:
        return _integer(name, value)
    if name in ("float", "float64", "float32"):
        return _float(name, value)
    match name:
        case "object":
            return value
        case "bool" | "bytes" | "time":
            _check(value, {"bool": bool, "bytes": bytes, "time": time}[name])
        case "str":
            _check(value, str)
            value.encode()  # refuses lone surrogates
            return str(value)
        case "date":
            if isinstance(value, datetime):
                raise _wrong("date", value)
            _check(value, date)
        case "datetime":
            _check(value, datetime)
            return value if value.tzinfo is None else value.astimezone(UTC).replace(tzinfo=None)
        case "timedelta":
            _check(value, timedelta)
            if not -(2**63) <= value // _MICROSECOND < 2**63:
                raise OverflowError(f"{value} is out of range")
    return value


def _integer(name: str, value: Any) -> int:
    try:
        number = operator.index(value)
    except TypeError:
        raise _wrong(name, value) from None
    low, high = INT_RANGES[name]
    if not low <= number <= high:
        raise OverflowError(f"{number} is out of range of {name}")
    return int(number)


def _float(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float, np.floating)):
        raise _wrong(name, value)
    number = float(value)  # raises OverflowError for an int that is too large
    if name == "float32" and math.isfinite(number):
        number = struct.unpack("<f", struct.pack("<f", number))[0]  # raises OverflowError likewise
    return number


def identity(value: Any) -> Hashable:
    """Return a key that is equal for equal values: all NaNs are one, and so are the two zeros."""
    match value:
        case float():
            return "nan" if math.isnan(value) else value + 0.0
        case tuple():
            return ("tuple", *map(identity, value))
        case list():
            return ("list", *map(identity, value))
        case frozenset():
            return ("set", frozenset(map(identity, value)))
        case dict():
            return ("map", frozenset((identity(k), identity(v)) for k, v in value.items()))
        case StructValue():
            return ("struct", value.type.name, *(identity(v) for v in value.values.values()))
        case Enum():
            return ("enum", value.name)
    return value  # type: ignore[no-any-return]


class Buffer(list[Any]):
    """The content of a CyclicBuffer or Queue; whether Python sees it as a list, a tuple or an array is not promised."""


def handed_out(type_: Scalar, value: Any) -> Any:
    """Return what a reader gets for a stored value: a copy, at every depth, with arrays in their own form."""
    match type_:
        case Optional(element):
            return None if value is None else handed_out(element, value)
        case Struct(_, fields):
            return StructValue(type_, {f: handed_out(t, value.values[f]) for f, t in fields})
        case TupleType(elements):
            return tuple(handed_out(t, v) for t, v in zip(elements, value, strict=True))
        case TupleOf(element):
            return tuple(handed_out(element, v) for v in value)
        case ListType(element):
            return [handed_out(element, v) for v in value]
        case CyclicType(element) | QueueType(element):
            return Buffer(handed_out(element, v) for v in value)
        case MapType(key, element):
            return {handed_out(key, k): handed_out(element, v) for k, v in value.items()}
        case ArrayType(element):
            return sequence(element, value)
    return value


def sequence(element: Scalar, values: list[Any]) -> Any:
    """Return the elements of a window or an array as they are handed out."""
    if isinstance(element, Primitive) and element.name in _DTYPES:
        return np.array(values, dtype=_DTYPES[element.name])
    return tuple(handed_out(element, v) for v in values)
