"""Everything that can be read of a node, in canonical form, through the public surface alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from .canonical import Api, encode, moment, same
from .types import REF, TSB, TSD, TSL, TSS, TSW, TimeSeries, parts, read_as


def _listed(call: Callable[[Any], Iterable[Any]]) -> Callable[[Any, Api], Any]:
    """Read something whose order is not promised."""
    return lambda node, api: encode(frozenset(_hashable(call(node))), api)["$set"]


def _hashable(values: Iterable[Any]) -> Iterable[Any]:
    found = list(values)
    if len(set(map(id, found))) != len(found) and len(set(found)) != len(found):
        raise AssertionError(f"listed twice: {found}")
    return found


def _ordered(call: Callable[[Any], Iterable[Any]]) -> Callable[[Any, Api], Any]:
    return lambda node, api: [encode(v, api) for v in call(node)]


def _value_times(node: Any, _: Api) -> Any:
    times = node.value_times
    return None if times is None else [moment(t) for t in getattr(times, "tolist", lambda: times)()]


#: In the state of a model's node: the fields of which the rules do not say what they show just now.
OPEN = "open questions"

_COMMON: dict[str, Callable[[Any, Api], Any]] = {
    "modified": lambda node, api: encode(node.modified, api),
    "valid": lambda node, api: encode(node.valid, api),
    "all_valid": lambda node, api: encode(node.all_valid, api),
    "value": lambda node, api: encode(node.value, api),
    "delta_value": lambda node, api: encode(node.delta_value, api),
    "last_modified": lambda node, api: moment(node.last_modified_time),
}
_REFERENCE: dict[str, Callable[[Any, Api], Any]] = {
    "is_empty": lambda node, api: encode(node.is_empty, api),
    "is_valid": lambda node, api: encode(node.is_valid, api),
}
_SIZED: dict[str, Callable[[Any, Api], Any]] = {"len": lambda node, api: len(node)}
_POSITIONAL: dict[str, Callable[[Any, Api], Any]] = {
    "modified_keys": _ordered(lambda node: node.modified_keys()),
    "valid_keys": _ordered(lambda node: node.valid_keys()),
}
_SET = {
    **_COMMON,
    **_SIZED,
    "added": _listed(lambda node: node.added()),
    "removed": _listed(lambda node: node.removed()),
    "values": _listed(lambda node: node.values()),
}
_FIELDS: dict[type, dict[str, Callable[[Any, Api], Any]]] = {
    TSB: {**_COMMON, **_POSITIONAL},
    TSL: {**_COMMON, **_SIZED, **_POSITIONAL},
    TSS: _SET,
    TSD: {
        **_COMMON,
        **_SIZED,
        "keys": _listed(lambda node: node.keys()),
        "added": _listed(lambda node: node.added_keys()),
        "removed": _listed(lambda node: node.removed_keys()),
        "modified_keys": _listed(lambda node: node.modified_keys()),
        "valid_keys": _listed(lambda node: node.valid_keys()),
    },
    TSW: {
        **_COMMON,
        **_SIZED,
        "value_times": _value_times,
        "has_removed_value": lambda node, api: encode(node.has_removed_value, api),
        "removed_value": lambda node, api: encode(node.removed_value, api),
        "size": lambda node, api: encode(node.size, api),
        "min_size": lambda node, api: encode(node.min_size, api),
        "first_modified": lambda node, api: moment(node.first_modified_time),
    },
}


def fields_of(type_: TimeSeries) -> dict[str, Callable[[Any, Api], Any]]:
    """Return what can be read of a node of this type, each with its reader; children are not among them."""
    if isinstance(type_, REF):
        return {**fields_of(read_as(type_)), **_REFERENCE}
    return _FIELDS.get(type(type_), _COMMON)


def child_types(type_: TimeSeries, node: Any) -> list[tuple[Any, Any, TimeSeries]]:
    """Return (key in canonical paths, key to index with, type) of each child that is there."""
    match type_:
        case TSB(_, fields):
            return [(name, name, t) for name, t in fields]
        case TSL(child, _):
            return [(i, i, child) for i in range(len(node))]
        case TSD(_, child):
            return [(None, key, child) for key in list(node)]
    return []


def state(node: Any, type_: TimeSeries, api: Api) -> dict[str, Any]:
    """Return the whole observable state of a node and of all below it."""
    seen: dict[str, Any] = {name: read(node, api) for name, read in fields_of(type_).items()}
    type_ = read_as(type_)
    for form, key, child in child_types(type_, node):
        name = f".{form}" if form is not None else f"[{encode(key, api)}]"
        seen[name] = state(node[key], child, api)
    if isinstance(type_, TSD):
        seen["key_set"] = {name: read(node.key_set, api) for name, read in _SET.items()}
        for key, child in node.removed_items():
            seen[f"removed[{encode(key, api)}]"] = removed_state(child, type_.child, api)
    if hasattr(node, "open_questions"):
        seen[OPEN] = node.open_questions()
    return seen


def without_removals(delta_value: Any) -> Any:
    """Return an encoded delta_value without the keys that it says were removed."""
    match delta_value:
        case {"$map": list(entries), **rest} if not rest:
            return {"$map": [[k, without_removals(v)] for k, v in entries if v != {"$remove": True}]}
        case dict():
            return {name: without_removals(part) for name, part in delta_value.items()}
        case list():
            return [without_removals(part) for part in delta_value]
    return delta_value


def followed(node: Any, type_: TimeSeries, api: Api) -> dict[str, Any]:
    """Return what a follower shares with its leader: all but what a child went through in the tick that removed it.

    Whether ``delta_value`` tells of a removed key depends on that: a child that became valid and was removed in one
    tick was valid for the leader alone. The removed keys themselves are compared. Nor do new children of dicts and
    lists tell what their windows let go of at once.
    """

    def kept(seen: dict[str, Any], row: bool = False) -> dict[str, Any]:
        return {
            name: None
            if name.startswith("removed[")
            else kept(entry, row or name[0] == "[")
            if name in inner
            else without_removals(entry)
            if name == "delta_value"
            else entry
            for inner in [{name for name, entry in seen.items() if isinstance(entry, dict) and name[0] in ".[k"}]
            for name, entry in seen.items()
            if not (row and name in ("has_removed_value", "removed_value"))
        }

    return kept(state(node, type_, api))


def watched(node: Any, type_: TimeSeries, api: Api) -> dict[str, Any]:
    """Return which nodes say that they have observers, at a node and at all below it."""
    seen: dict[str, Any] = {"here": node.has_observers, "below": node.has_observers_in_subtree}
    for form, key, child in [] if isinstance(type_, REF) else child_types(type_, node):
        seen[f".{form}" if form is not None else f"[{encode(key, api)}]"] = watched(node[key], child, api)
    if isinstance(type_, TSD):
        seen["key_set"] = node.key_set.has_observers
    return seen


def removed_state(node: Any, type_: TimeSeries, api: Api) -> dict[str, Any]:
    """Return what is read of a child that was removed in this tick; of one with references that is not settled."""
    if any(isinstance(part, REF) for part in parts(type_)):
        return {}
    return {name: read(node, api) for name, read in _COMMON.items()}


def difference(expected: Any, actual: Any, path: str = "") -> list[str]:
    """Return a line for every place in which two states differ, but for the questions that ``expected`` leaves open."""
    if not isinstance(expected, dict) or not isinstance(actual, dict) or any(k.startswith("$") for k in expected):
        return [] if same(expected, actual) else [f"{path}: expected {expected}, found {actual}"]
    lines = []
    unasked = {OPEN, *expected.get(OPEN, ())}
    for key in [*expected, *(k for k in actual if k not in expected)]:
        if key in unasked:
            continue
        if key not in expected or key not in actual:
            lines.append(f"{path}/{key}: only in the {'expected' if key in expected else 'actual'} state")
        else:
            lines += difference(expected[key], actual[key], f"{path}/{key}")
    return lines
