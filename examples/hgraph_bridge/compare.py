"""Values and deltas of either side in one form, so that `==` can compare them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

import hgraph
import numpy as np

import hgvalue

Plain = Any
"""Builtin containers and scalars only: an enum member is its name, a struct the dict of its fields."""


def plain_value(value: Any) -> Plain:
    """Return a `value`, without the children that have none: hgraph's releases show those differently."""
    return _plain(value, drop=(None,))


def plain_delta(delta: Any) -> Plain:
    """Return a `delta_value`, without children of which only the key is new."""
    return _plain(delta, drop=(None, {}))


def _plain(o: Any, drop: tuple[Any, ...]) -> Plain:
    if o is hgraph.REMOVE or o is hgvalue.REMOVE:
        return "REMOVE"
    # Before sets: the native releases derive theirs from frozenset.
    if hasattr(o, "added") and hasattr(o, "removed"):
        return {"added": _plain(set(o.added), drop), "removed": _plain(set(o.removed), drop)}
    if isinstance(o, Mapping):
        plain = ((_plain(k, drop), _plain(v, drop)) for k, v in o.items())
        return {k: v for k, v in plain if v not in drop}
    if isinstance(o, Set):
        return frozenset(_plain(e, drop) for e in o)
    if isinstance(o, tuple | list):
        return tuple(_plain(e, drop) for e in o)
    if isinstance(o, np.ndarray):
        return _plain(o.tolist(), drop)
    if isinstance(o, np.generic):
        return o.item()
    if isinstance(o, Enum):
        return o.name
    if is_dataclass(o):
        return {f.name: _plain(getattr(o, f.name), drop) for f in fields(o)}
    return o


def leaves(plain: Plain, path: str = "") -> Iterator[tuple[str, Plain]]:
    """Yield the path and content of everything in a plain delta that is no dict of others."""
    if isinstance(plain, dict) and plain:
        for key, child in plain.items():
            yield from leaves(child, f"{path}.{key}" if path else str(key))
    else:
        yield path, plain


def differences(name: str, one: Plain, other: Plain) -> list[str]:
    """Describe every leaf in which two plain forms differ."""
    if one == other:
        return []
    ours, theirs = dict(leaves(one)), dict(leaves(other))
    absent = object()
    return [
        f"{name}.{path}: {ours.get(path, 'absent')!r} and {theirs.get(path, 'absent')!r}"
        for path in sorted(ours.keys() | theirs.keys())
        if ours.get(path, absent) != theirs.get(path, absent)
    ] or [f"{name}: {one!r} and {other!r}"]
