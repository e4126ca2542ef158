"""The schema of the tests of columns, and what they share."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from types import ModuleType
from typing import Any

from ..model.generated import GeneratedApi
from ..model.observe import state
from ..model.types import EnumType, Parser

_NUMBERS = [f"{kind}{bits}" for kind in ("int", "uint") for bits in (8, 16, 32, 64)]
#: A column of every scalar.
SCALARS = {
    **{f"f_{name}": name for name in (*_NUMBERS, "float32", "float", "bool", "str", "bytes")},
    **{f"f_{name}": name for name in ("date", "time", "datetime", "timedelta")},
    "f_side": "Side",
    "f_object": "object",
}
_FIELDS = "".join(f"    {field}: TS[{spelling}]\n" for field, spelling in SCALARS.items())

SCHEMA = f'''"""What the tests of columns use."""

class Side(Enum):
    BUY = 1
    SELL = -1

class Quote(TimeSeriesSchema):
    bid: TS[float]
    ask: TS[float]
    size: TS[int]
    venue: TS[str]

class Level(TimeSeriesSchema):
    quote: TSB[Quote]
    count: TS[int8]
    closes: TSW[float, Size[3]]

class Every(TimeSeriesSchema):
{_FIELDS}
type Quotes = TSD[str, TSB[Quote]]
type Levels = TSD[int, TSB[Level]]
type Prices = TSD[str, TS[float]]
type Names = TSD[datetime, TS[str]]
type Alls = TSD[str, TSB[Every]]
type Sides = TSD[Side, TS[int]]
type Nested = TSD[str, TSD[str, TS[float]]]
type Sets = TSD[str, TSS[int]]
type Boards = TSL[TSD[str, TS[float]]]
'''

_QUOTE = {"bid": "TS[float]", "ask": "TS[float]", "size": "TS[int]", "venue": "TS[str]"}
_PARSER = Parser(
    {"Quote": _QUOTE, "Level": {"quote": "TSB[Quote]", "count": "TS[int8]", "closes": "TSW[float, Size[3]]"}},
    {},
    {"Side": EnumType("Side", (("BUY", 1), ("SELL", -1)))},
)
_ROOTS = {"Quotes": "TSD[str, TSB[Quote]]", "Levels": "TSD[int, TSB[Level]]", "Prices": "TSD[str, TS[float]]"}


def whole_state(m: ModuleType, root: Any) -> dict[str, Any]:
    """Return everything that can be observed of a root and of all below it."""
    return state(root, _PARSER.time_series(_ROOTS[type(root).__name__]), GeneratedApi({"Side": m.Side}))


_VALUES: dict[str, list[Any]] = {
    "float": [0.5, float("inf")],
    "float32": [0.5, -2.0],
    "bool": [True, False],
    "str": ["", "ä" * 40],
    "bytes": [b"", b"\0" * 40],
    "date": [date(1, 1, 1), date(9999, 12, 31)],
    "time": [time(0), time(23, 59, 59, 999_999)],
    "datetime": [datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59, 999_999)],
    "timedelta": [timedelta(microseconds=-1), timedelta(days=100_000)],
}


def scalar_values(m: ModuleType, spelling: str) -> list[Any]:
    """Return two values of a scalar, at the ends of its range where it has some."""
    if spelling == "Side":
        return [m.Side.SELL, m.Side.BUY]
    if spelling == "object":
        return [object(), (1, "x")]
    if spelling in _VALUES:
        return _VALUES[spelling]
    bits = int(spelling.lstrip("uint"))
    return [0, 2**bits - 1] if spelling.startswith("u") else [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1]
