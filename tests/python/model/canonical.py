"""The canonical form of the recorded cases: Python values as JSON, and back.

One form serves the recorded cases, the random operations and the comparison of states, so any failure can be written
down as a case. ``1``, ``1.0`` and ``true`` differ in it, and so do the two zeros; sets and maps are sorted by their
text, because their order is not promised.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import Any, Protocol

import numpy as np

from .scalars import Buffer, StructValue

_MICROSECOND = timedelta(microseconds=1)
MIN_ST = datetime(1970, 1, 1, 0, 0, 0, 1)


class Api(Protocol):
    """What differs between the generated classes and the model when values go in and come out."""

    REMOVE: Any
    REMOVE_IF_EXISTS: Any

    def removed(self, element: Any) -> Any: ...
    def set_delta(self, added: frozenset[Any], removed: frozenset[Any]) -> Any: ...
    def is_set_delta(self, value: Any) -> bool: ...
    def struct(self, name: str, values: dict[str, Any]) -> Any: ...
    def member(self, enum: str, name: str) -> Any: ...
    def name(self, cls: type) -> str: ...


class Thing:
    """An arbitrary Python object, for ``TS[object]``; things are told apart by their label."""

    def __init__(self, label: int) -> None:
        self.label = label

    def __repr__(self) -> str:
        return f"Thing({self.label})"


THINGS = [Thing(i) for i in range(4)]


def moment(value: datetime | None) -> int | None:
    """Return a time as the cases give it: µs after MIN_ST."""
    return None if value is None else (value - MIN_ST) // _MICROSECOND


def _key(canonical: Any) -> str:
    return json.dumps(canonical, sort_keys=True)


def _sorted(values: list[Any]) -> list[Any]:
    return sorted(values, key=_key)


def encode(value: Any, api: Api) -> Any:
    """Return the canonical form of a value that was read."""
    match value:
        case None:
            return None
        case _ if value is api.REMOVE:
            return {"$remove": True}
        case Enum():
            return {"$enum": [api.name(type(value)), value.name]}
        case Buffer():
            return {"$buffer": [encode(v, api) for v in value]}
        case StructValue():
            return {"$struct": [value.type.name, {k: encode(v, api) for k, v in value.values.items()}]}
        case np.ndarray():
            # tolist() gives ints for times finer than µs, so a wrong unit shows as a difference.
            return {"$array": [encode(v, api) for v in value.tolist()]}
        case _ if type(value) in (bool, int, str):
            return value
        case _ if type(value) is float:
            return value if math.isfinite(value) else {"$float": str(value)}
        case _ if type(value) is bytes:
            return {"$bytes": value.hex()}
        case _ if type(value) is timedelta:
            return {"$timedelta_us": value // _MICROSECOND}
        case _ if type(value) in (date, datetime, time):
            return {f"${type(value).__name__}": value.isoformat()}
        case _ if api.is_set_delta(value):
            form = {k: _sorted([encode(v, api) for v in getattr(value, k)]) for k in ("added", "removed")}
            return {"$setdelta": form}
        case tuple():
            return {"$tuple": [encode(v, api) for v in value]}
        case list():
            return [encode(v, api) for v in value]
        case AbstractSet():
            return {"$set": _sorted([encode(v, api) for v in value])}
        case Mapping():
            return {"$map": _sorted([[encode(k, api), encode(v, api)] for k, v in value.items()])}
        case Thing():
            return {"$object": value.label}
    if is_dataclass(value):
        return {
            "$struct": [api.name(type(value)), {f.name: encode(getattr(value, f.name), api) for f in fields(value)}]
        }
    return {"$unexpected": f"{type(value).__module__}.{type(value).__qualname__}: {value!r}"}


def decode(form: Any, api: Api) -> Any:
    """Return the Python value to be written for a canonical form."""
    if isinstance(form, list):
        return [decode(v, api) for v in form]
    if not isinstance(form, dict):
        return form
    [(tag, body)] = form.items()
    match tag:
        case "$none":
            return None
        case "$remove":
            return api.REMOVE
        case "$remove_if_exists":
            return api.REMOVE_IF_EXISTS
        case "$removed":
            return api.removed(decode(body, api))
        case "$float":
            return float(body)
        case "$bytes":
            return bytes.fromhex(body)
        case "$timedelta_us":
            return timedelta(microseconds=body)
        case "$date":
            return date.fromisoformat(body)
        case "$datetime":
            return datetime.fromisoformat(body)
        case "$time":
            return time.fromisoformat(body)
        case "$tuple":
            return tuple(decode(v, api) for v in body)
        case "$set":
            return frozenset(decode(v, api) for v in body)
        case "$mset":
            return {decode(v, api) for v in body}
        case "$setdelta":
            added, removed = (frozenset(decode(v, api) for v in body[k]) for k in ("added", "removed"))
            return api.set_delta(added, removed)
        case "$map":
            return {decode(k, api): decode(v, api) for k, v in body}
        case "$struct":
            name, values = body
            return api.struct(name, {k: decode(v, api) for k, v in values.items()})
        case "$enum":
            return api.member(*body)
        case "$object":
            return THINGS[body]
    raise ValueError(f"unknown tag {tag}")


def normal(form: Any) -> Any:
    """Sort the sets and maps of a form by text, as :func:`encode` does."""
    if isinstance(form, list):
        return [normal(v) for v in form]
    if not isinstance(form, dict):
        return form
    if form.keys() == {"$none"}:
        return None
    form = {k: normal(v) for k, v in form.items()}
    for tag in ("$set", "$map"):
        if tag in form:
            return {tag: _sorted(form[tag])}
    if "$setdelta" in form:
        return {"$setdelta": {k: _sorted(v) for k, v in form["$setdelta"].items()}}
    return form


def same(expected: Any, actual: Any) -> bool:
    """Compare two normal forms. A window may be a tuple where an array is expected; a buffer may be any sequence."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        if "$buffer" in expected:
            body = next(iter(actual.values())) if actual.keys() <= {"$array", "$tuple", "$buffer"} else None
            return isinstance(body, list) and same(expected["$buffer"], body)
        if "$array" in expected and actual.keys() == {"$tuple"}:
            return same(expected["$array"], actual["$tuple"])
        return expected.keys() == actual.keys() and all(same(v, actual[k]) for k, v in expected.items())
    if isinstance(expected, dict) and isinstance(actual, list) and "$buffer" in expected:
        return same(expected["$buffer"], actual)
    if isinstance(expected, list) and isinstance(actual, list):
        return len(expected) == len(actual) and all(map(same, expected, actual))
    return type(expected) is type(actual) and repr(expected) == repr(actual)
