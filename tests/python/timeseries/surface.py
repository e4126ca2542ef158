"""The schema of the surface tests, and what they share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import pytest

from ..model.generated import GeneratedApi
from ..model.observe import difference, state
from ..model.types import Parser, TimeSeries

SCHEMA = '''"""What the tests of the Python surface use."""

class Side(Enum):
    BUY = 1
    SELL = -1

class Trade(CompoundScalar):
    price: float
    size: int = 1

class Quote(TimeSeriesSchema):
    """Two prices."""
    bid: TS[float]
    ask: TS[float]

class Depth(TimeSeriesSchema):
    """Everything that can be below a key."""
    quote: TSB[Quote]
    levels: TSL[TSB[Quote], Size[3]]
    notes: TSL[TS[str]]
    flags: TSS[str]
    sizes: TSD[int, TS[int32]]
    closes: TSW[float, Size[3], Size[2]]
    recent: TSW[float, timedelta(microseconds=5)]
    last: TS[Trade]
    side: TS[Side]
    anything: TS[object]

type Book = TSD[str, TSB[Depth]]
type Quotes = TSD[str, TSB[Quote]]
type Price = TS[float]
type Names = TSS[str]
type Prices = TSL[TS[float], Size[3]]
type Notes = TSL[TS[str]]
type Closes = TSW[float, Size[3], Size[2]]
type Things = TSD[str, TS[object]]
type Counts = TSD[int, TS[int8]]
type Groups = TSD[str, TSS[int]]
type Nested = TSD[str, TSD[str, TS[int]]]
type Rows = TSD[int, TSB[Quote]]
'''

_PARSER = Parser(
    {
        "Quote": {"bid": "TS[float]", "ask": "TS[float]"},
        "Depth": {
            "quote": "TSB[Quote]",
            "levels": "TSL[TSB[Quote], Size[3]]",
            "notes": "TSL[TS[str]]",
            "flags": "TSS[str]",
            "sizes": "TSD[int, TS[int32]]",
            "closes": "TSW[float, Size[3], Size[2]]",
            "recent": "TSW[float, timedelta(microseconds=5)]",
            "last": "TS[Trade]",
            "side": "TS[Side]",
            "anything": "TS[object]",
        },
    },
    {"Trade": {"price": "float", "size": "int"}},
)
_ROOTS = {line.split()[1]: line.split(" = ")[1] for line in SCHEMA.splitlines() if line.startswith("type ")} | {
    "Quote": "TSB[Quote]",
    "Depth": "TSB[Depth]",
}

DEPTH: dict[str, Any] = {
    "quote": {"bid": 1.0, "ask": 2.0},
    "levels": ({"bid": 1.0}, None, {"ask": 3.0}),
    "notes": ("a", "b"),
    "flags": {"x", "y"},
    "sizes": {1: 10, 2: 20},
    "closes": 5.0,
    "recent": 6.0,
}


def type_of(root: Any) -> TimeSeries:
    """Return the description of a root's type."""
    return _PARSER.time_series(_ROOTS[type(root).__name__])


def whole_state(m: ModuleType, root: Any) -> dict[str, Any]:
    """Return everything that can be observed of a root and of all below it."""
    return state(root, type_of(root), GeneratedApi({"Trade": m.Trade, "Side": m.Side}))


@contextmanager
def refused(m: ModuleType, root: Any, *errors: type[Exception], says: tuple[str, ...] = ()) -> Iterator[None]:
    """Expect an error that is ours and one of ``errors``, that says certain words, and that nothing has changed."""
    import hgvalue

    before = whole_state(m, root)
    with pytest.raises(errors) as caught:
        yield
    assert isinstance(caught.value, hgvalue.HgValueError), repr(caught.value)
    missing = [word for word in says if word not in str(caught.value)]
    assert not missing, f"{caught.value} does not say {missing}"
    after = whole_state(m, root)
    changed = difference(before, after)
    assert not changed, "\n".join(changed)


def depth(m: ModuleType, at: int = 1) -> Any:
    """Return a Depth, full, in the tick in which it was filled."""
    root = m.Depth()
    root.advance(at)
    root.value = DEPTH
    return root
