"""From a generated root to hgraph: the little that has to be converted. The way back needs nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from types import ModuleType
from typing import Any

import hgraph

import hgvalue


def to_hgraph(delta: Any, schema: ModuleType) -> Any:
    """Return a `delta_value` or `value` in hgraph's own classes; structs and enums are those of `schema`."""
    if delta is hgvalue.REMOVE:
        return hgraph.REMOVE
    if isinstance(delta, hgvalue.SetDelta):
        sides = ({to_hgraph(e, schema) for e in side} for side in (delta.added, delta.removed))
        return hgraph.set_delta(*sides, tp=object)
    if isinstance(delta, Mapping):
        return {to_hgraph(k, schema): to_hgraph(v, schema) for k, v in delta.items()}
    if isinstance(delta, tuple | frozenset):
        return type(delta)(to_hgraph(e, schema) for e in delta)
    if isinstance(delta, Enum):
        return getattr(schema, type(delta).__name__)[delta.name]
    if is_dataclass(delta):
        values = {f.name: to_hgraph(getattr(delta, f.name), schema) for f in fields(delta)}
        return getattr(schema, type(delta).__name__)(**values)
    return delta
