"""What the fuzzer of re-entrancy works on: a schema with every kind of node, types of Values, and plain values."""

from __future__ import annotations

import functools
from datetime import UTC, datetime
from random import Random
from types import ModuleType
from typing import Any

import hgvalue
import hgvalue_gen

SCHEMA = """
class Side(Enum):
    BUY = 1
    SELL = -1
class Leg(CompoundScalar):
    price: float
    size: int = 1
class Thing(CompoundScalar):
    name: str = ""
    extra: object = None
    by: dict[str, object] = {}
    legs: list[Leg] = []
class Quote(TimeSeriesSchema):
    bid: TS[float]
    ask: TS[float]
class Desk(TimeSeriesSchema):
    quotes: TSD[str, TSB[Quote]]
    deep: TSD[int, TSD[str, TS[int]]]
    refs: TSD[str, REF[TS[float]]]
    price: REF[TS[float]]
    best: REF[TSB[Quote]]
    parts: REF[TSL[TS[float], Size[2]]]
    lists: TSL[TS[int]]
    pair: TSL[TS[float], Size[2]]
    names: TSS[str]
    sides: TSS[Side]
    last: TSW[int, Size[4], Size[1]]
    recent: TSW[float, timedelta(microseconds=20)]
    flag: SIGNAL
    leg: TS[Leg]
    thing: TS[Thing]
    small: TS[int8]
    text: TS[str]
    bag: TS[list[int]]
    pairs: TS[tuple[int, str]]
    table: TS[dict[int, list[str]]]
    anything: TS[object]
type Root = TSB[Desk]
type Book = TSD[str, TSB[Quote]]
type Things = TSD[Side, TS[object]]
"""
TYPES = (
    "dict[str, list[str]]",
    "dict[int | str, object]",
    "dict[tuple[int, str], dict[str, int]]",
    "list[dict[str, str]]",
    "set[str]",
    "list[object]",
    "int | str | list[int]",
    "list[int]",
    "tuple[int, str, list[float]]",
    "dict[datetime, float | None]",
    "CyclicBuffer[str, Size[4]]",
    "CyclicBuffer[float, Size[4]]",
    "Queue[object]",
    "Array[int, Size[3]]",
)


@functools.cache
def schema(backend: str) -> ModuleType:
    """Return the module of the schema, made once for a process."""
    return hgvalue_gen.load("from hgraph import *\n" + SCHEMA, name=f"reentrancy_{backend}", backend=backend)


@functools.cache
def own_types() -> tuple[Any, ...]:
    """Return the types of the Values; those that this release does not know are left out."""
    found = []
    for text in TYPES:
        try:
            found.append(hgvalue.TypeMeta.get(text))
        except hgvalue.HgValueError:
            continue
    return tuple(found)


def root_value(m: ModuleType) -> dict[str, Any]:
    """Return a plain value of the root."""
    return {
        "deep": {1: {"a": 1, "b": 2}, 2: {}}, "lists": (1, 2, 3), "pair": (1.0, 2.0),
        "names": {"a", "b"}, "sides": {m.Side.BUY}, "last": 3, "recent": 1.5, "flag": True,
        "leg": m.Leg(1.5), "thing": m.Thing("t", extra=[1]), "small": 5, "text": "text" * 9,
        "bag": [1, 2, 3], "pairs": (1, "x" * 30), "table": {1: ["a" * 20], 2: []}, "anything": [1],
        "quotes": {"k0": {"bid": 1.0}, "n": {"ask": 2.0}},
    }  # fmt: skip


def plain_of(random: Random, meta: Any) -> Any:
    """Return a plain value of one of the types."""
    n, text = random.randint(0, 6), str(meta)
    keys = [f"key{i}" + "x" * 30 for i in range(n)]
    for start, made in (
        ("dict[str, list", {k: [k] * 2 for k in keys}),
        ("dict[int | str", {**{k: [k] for k in keys}, 5: None}),
        ("dict[tuple", {(i, k): {k: i} for i, k in enumerate(keys)}),
        ("list[dict", [{k: k} for k in keys]),
        ("set", set(keys)),
        ("list[object", [[k] for k in keys]),
        ("int |", random.choice([1, "text" * 9, [1, 2]])),
        ("tuple", (1, "x" * 30, [1.0] * n)),
        ("dict[datetime", {datetime(2020, 1, i + 1, tzinfo=UTC): float(i) for i in range(n)}),
        ("CyclicBuffer[str", keys[:4]),
        ("CyclicBuffer", [1.0] * min(n, 4)),
        ("Queue", [[k] for k in keys]),
        ("Array", [1, 2, 3]),
    ):
        if text.startswith(start):
            return made
    return list(range(n))
