"""Columns of random cells in random Arrow types, with the values that the cells mean according to pyarrow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from random import Random
from types import ModuleType
from typing import Any

import pyarrow
import pyarrow.compute

SCHEMA = """
class Side(Enum):
    BUY = 1
    SELL = 2

class Leg(CompoundScalar):
    size: int
    note: str = "n"
    limit: float | None = None

class Row(TimeSeriesSchema):
    flag: TS[bool]
    number: TS[float]
    small: TS[float32]
    count: TS[int]
    byte: TS[uint8]
    text: TS[str]
    blob: TS[bytes]
    day: TS[date]
    at: TS[datetime]
    span: TS[timedelta]
    hour: TS[time]
    side: TS[Side]
    thing: TS[object]
    maybe: TS[float | None]
    either: TS[int | str]
    floats: TS[tuple[float, ...]]
    pair: TS[tuple[int, str]]
    ints: TS[list[int]]
    marks: TS[set[int]]
    limits: TS[dict[str, int]]
    deep: TS[dict[int, list[tuple[str, ...]]]]
    leg: TS[Leg]
    legs: TS[list[Leg]]

type Rows = TSD[str, TSB[Row]]
type Numbered = TSD[int, TSB[Row]]
type Prices = TSD[str, TS[float]]
type Names = TSD[date, TS[str]]
type Sides = TSD[Side, TS[list[int]]]
"""
TEXTS = ("", "a", "SELL", "ä", "x" * 12, "x" * 13, "long " * 20)
_STRINGS = [pyarrow.string(), pyarrow.large_string(), pyarrow.string_view()]
_BYTES = [pyarrow.binary(), pyarrow.large_binary(), pyarrow.binary_view()]
_INTS = [pyarrow.int8(), pyarrow.int16(), pyarrow.uint16(), pyarrow.int32(), pyarrow.int64(), pyarrow.uint64()]
_FLOATS = [pyarrow.float64(), pyarrow.float32(), pyarrow.float16(), pyarrow.int32(), pyarrow.decimal128(20, 3)]
_UNITS = ("s", "ms", "us", "ns")
_SOME = Callable[[Random], Any]


def _list_of(random: Random, element: pyarrow.DataType) -> pyarrow.DataType:
    make = random.choice((pyarrow.list_, pyarrow.large_list, pyarrow.list_view, pyarrow.large_list_view))
    return make(element)


def _few(random: Random, draw: _SOME) -> list[Any]:
    return [draw(random) for _ in range(random.choice((0, 1, 2, 5)))]


def _int(random: Random) -> int:
    return random.randrange(100)


def _text(random: Random) -> str:
    return random.choice(TEXTS)


def _float(random: Random) -> float:
    return float(random.randrange(100))


def _leg(random: Random) -> dict[str, Any]:
    return {"size": _int(random), "note": _text(random), "limit": random.choice((None, 2.0))}


def _leg_type(random: Random) -> pyarrow.DataType:
    fields = [("size", random.choice(_INTS)), ("note", random.choice(_STRINGS)), ("limit", random.choice(_FLOATS[:3]))]
    random.shuffle(fields)
    return pyarrow.struct(fields)


def _map_type(random: Random) -> pyarrow.DataType:
    return pyarrow.map_(random.choice(_STRINGS[:2]), random.choice(_INTS))


def _deep_type(random: Random) -> pyarrow.DataType:
    return pyarrow.map_(random.choice(_INTS), _list_of(random, _list_of(random, random.choice(_STRINGS))))


def _deep(random: Random) -> list[tuple[int, list[list[str]]]]:
    keys = dict.fromkeys(_few(random, _int))
    return [(key, _few(random, lambda r: _few(r, _text))) for key in keys]


def _moment(random: Random) -> datetime:
    return datetime(2000 + random.randrange(200), 1, 1 + random.randrange(28), random.randrange(24))


#: By field: how to draw a cell, how to draw its Arrow type.
FIELDS: dict[str, tuple[_SOME, _SOME]] = {
    "flag": (lambda r: r.random() < 0.5, lambda r: pyarrow.bool_()),
    "number": (_float, lambda r: r.choice(_FLOATS)),
    "small": (_float, lambda r: r.choice(_FLOATS[:4])),
    "count": (_int, lambda r: r.choice(_INTS)),
    "byte": (_int, lambda r: r.choice(_INTS)),
    "text": (_text, lambda r: r.choice(_STRINGS)),
    "blob": (lambda r: _text(r).encode(), lambda r: r.choice(_BYTES)),
    "day": (lambda r: _moment(r).date(), lambda r: r.choice((pyarrow.date32(), pyarrow.date64()))),
    "at": (_moment, lambda r: pyarrow.timestamp(r.choice(_UNITS), r.choice((None, "UTC")))),
    "span": (lambda r: timedelta(seconds=r.randrange(-99, 99)), lambda r: pyarrow.duration(r.choice(_UNITS))),
    "hour": (
        lambda r: time(r.randrange(24)),
        lambda r: r.choice((pyarrow.time32("s"), pyarrow.time32("ms"), pyarrow.time64("us"), pyarrow.time64("ns"))),
    ),
    "side": (lambda r: r.choice(("BUY", "SELL")), lambda r: r.choice(_STRINGS)),
    "thing": (_int, lambda r: r.choice(_INTS)),
    "maybe": (_float, lambda r: r.choice(_FLOATS)),
    "either": (_text, lambda r: r.choice(_STRINGS)),
    "floats": (lambda r: _few(r, _float), lambda r: _list_of(r, r.choice(_FLOATS[:4]))),
    "pair": (
        lambda r: {"a": _int(r), "b": _text(r)},
        lambda r: pyarrow.struct({"a": r.choice(_INTS), "b": _STRINGS[0]}),
    ),
    "ints": (lambda r: _few(r, _int), lambda r: _list_of(r, r.choice(_INTS))),
    "marks": (lambda r: _few(r, _int), lambda r: _list_of(r, r.choice(_INTS))),
    "limits": (lambda r: list(dict(zip(_few(r, _text), range(9), strict=False)).items()), _map_type),
    "deep": (_deep, _deep_type),
    "leg": (_leg, _leg_type),
    "legs": (lambda r: _few(r, _leg), lambda r: _list_of(r, _leg_type(r))),
}
#: The element types of lists, and what they are keys of, that a fixed number of cells is drawn for.
_FIXED = {"floats": (_float, _FLOATS[:4]), "ints": (_int, _INTS), "marks": (_int, _INTS)}
KEYS = {
    "Rows": ("text", lambda i: f"key {i}"),
    "Numbered": ("count", lambda i: i),
    "Prices": ("text", lambda i: f"key {i}" * (1 + i)),
    "Names": ("day", lambda i: date(2020, 1, 1 + i)),
    "Sides": ("side", lambda i: ("BUY", "SELL")[i]),
}


def _ours(m: ModuleType, field: str, cell: Any) -> Any:
    """Return what is read of a cell, which is as pyarrow shows it."""
    if cell is None:
        return None
    match field:
        case "number" | "small" | "maybe":
            return float(cell)
        case "count" | "byte":
            return int(cell)
        case "at":
            return cell.astimezone(UTC).replace(tzinfo=None) if cell.tzinfo else cell
        case "side":
            return m.Side[cell]
        case "floats":
            return tuple(map(float, cell))
        case "pair":
            return cell["a"], cell["b"]
        case "marks":
            return frozenset(cell)
        case "limits":
            return dict(cell)
        case "deep":
            return {key: [tuple(texts) for texts in lists] for key, lists in cell}
        case "leg":
            return m.Leg(**{name: part for name, part in cell.items() if part is not None or name == "limit"})
        case "legs":
            return [_ours(m, "leg", leg) for leg in cell]
    return cell


def _array(random: Random, cells: Sequence[Any], type_: pyarrow.DataType) -> pyarrow.Array:
    """Return an array of these cells, perhaps a slice of a longer one, perhaps in another encoding."""
    if pyarrow.types.is_decimal(type_):
        cells = [cell if cell is None else Decimal(cell) for cell in cells]
    before, after = random.choice((0, 0, 1, 9)), random.choice((0, 0, 3))
    filler = [cells[0] if cells else None]
    around = [*filler * before, *cells, *filler * after]
    made = _without_nulls(around, type_) if random.random() < 0.1 else pyarrow.array(around, type_)
    encoding = random.random()
    if encoding < 0.15 and not pyarrow.types.is_nested(type_) and not pyarrow.types.is_decimal(type_):
        with suppress(pyarrow.ArrowNotImplementedError, pyarrow.ArrowInvalid):
            made = made.dictionary_encode()
    elif encoding < 0.25:
        with suppress(pyarrow.ArrowNotImplementedError, pyarrow.ArrowInvalid):
            made = pyarrow.compute.run_end_encode(made, random.choice((pyarrow.int16(), pyarrow.int64())))
    elif encoding < 0.3 and len(made):
        ids = pyarrow.array([0] * len(made), pyarrow.int8())
        other = pyarrow.array([None] * len(made), pyarrow.int8())
        if random.random() < 0.5:
            made = pyarrow.UnionArray.from_sparse(ids, [made, other])
        else:
            offsets = pyarrow.array(range(len(made)), pyarrow.int32())
            made = pyarrow.UnionArray.from_dense(ids, offsets, [made, other])
    return made.slice(before, len(cells))


def _without_nulls(cells: Sequence[Any], type_: pyarrow.DataType) -> pyarrow.Array:
    made = pyarrow.array(cells, type_)
    return pyarrow.nulls(len(made), type_) if all(cell is None for cell in cells) else made


def column(m: ModuleType, random: Random, field: str, rows: int) -> tuple[pyarrow.Array, list[Any]]:
    """Return a column of a field with what its cells mean, None for a cell that writes nothing."""
    draw, draw_type = FIELDS[field]
    share = random.choice((0.0, 0.0, 0.3))
    type_ = draw_type(random)
    if field in _FIXED and random.random() < 0.2:
        one, types = _FIXED[field]
        size = random.randrange(3)
        type_, draw = pyarrow.list_(random.choice(types), size), lambda r: [one(r) for _ in range(size)]
    elif field == "blob" and random.random() < 0.2:
        type_, draw = pyarrow.binary(3), lambda r: r.choice((b"abc", b"\0\0\xff"))
    elif field in ("number", "maybe") and random.random() < 0.1:
        type_, draw = pyarrow.decimal256(40, 2), lambda r: Decimal(r.randrange(-999, 999)) / 4
    cells = [None if random.random() < share else draw(random) for _ in range(rows)]
    made = _array(random, cells, type_)
    return made, [_ours(m, field, cell) for cell in made.to_pylist()]


def keys(m: ModuleType, random: Random, root: str, rows: int) -> tuple[pyarrow.Array, list[Any]]:
    """Return a column of keys with what they are."""
    field, make = KEYS[root]
    cells = [make(i) for i in range(rows)]
    random.shuffle(cells)
    made = _array(random, cells, FIELDS[field][1](random))
    return made, [_ours(m, field, cell) for cell in cells]


@cache
def fields_of(root: str) -> tuple[str, ...]:
    """Return the names in FIELDS of the columns of a root."""
    return {"Prices": ("number",), "Names": ("text",), "Sides": ("ints",)}.get(root, tuple(FIELDS))
