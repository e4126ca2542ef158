"""Fixtures of the tests of what classes claim."""

from __future__ import annotations

from types import ModuleType

import pytest

from ..model.generated import backend, load

__all__ = ["backend"]

SCHEMA = '''
class Side(Enum):
    BUY = 1
    SELL = -1

class Point(CompoundScalar):
    """A place."""
    x: int
    y: float = 2.5

class Trip(CompoundScalar):
    start: Point
    by: dict[str, float] = {}
    stops: list[str] = []
    tags: frozenset[str] = frozenset()
    side: Side | None = None

class Holder(CompoundScalar):
    held: object = None

class Quote(TimeSeriesSchema):
    bid: TS[float]
    ask: TS[float]

class Node(TimeSeriesSchema):
    one: TS[int]
    tick_: SIGNAL
    items_: TSL[TS[int], Size[2]]
    grows: TSL[TS[int]]
    names: TSS[str]
    prices: TSD[str, TS[float]]
    window: TSW[int, Size[3]]
    ref: REF[TS[int]]
    quote: Quote

type Root = TSB[Node]
Book = TSD[str, Quote]
Names = TSS[str]
Numbers = TSL[TS[int]]
'''


@pytest.fixture(scope="session")
def m(backend: str) -> ModuleType:
    return load(SCHEMA, "protocols", backend)
