"""The schema of the value tests, and sample values."""

from __future__ import annotations

from typing import Any

SCHEMA = '''"""What the tests of values use."""

class Side(Enum):
    BUY = 1
    SELL = -1

class Point(CompoundScalar):
    """A place."""
    x: int
    y: int

class Trade(CompoundScalar):
    """One trade."""
    price: float
    quantity: int = 1
    side: Side = Side.BUY
    note: str = ""
    tags: list[str] = []
    at: datetime | None = None

class Empty(CompoundScalar):
    nothing: int | None = None

class Scalars(CompoundScalar):
    a_bool: bool = False
    an_int: int = 0
    an_int8: int8 = 0
    an_int16: int16 = 0
    an_int32: int32 = 0
    a_uint8: uint8 = 0
    a_uint16: uint16 = 0
    a_uint32: uint32 = 0
    a_uint64: uint64 = 0
    a_float: float = 0.0
    a_float32: float32 = 0.0
    a_str: str = ""
    a_bytes: bytes | None = None
    a_date: date | None = None
    a_time: time | None = None
    a_datetime: datetime | None = None
    a_timedelta: timedelta | None = None
    an_object: object = None

class Shape(CompoundScalar):
    """Every kind of container."""
    name: str
    outline: tuple[Point, ...]
    box: tuple[Point, Point]
    labels: frozenset[str]
    weights: dict[str, float]
    grid: Array[float, Size[3]]
    recent: CyclicBuffer[float, Size[3]]
    todo: Queue[str]
    bounded: Queue[int, Size[2]]
    by_corner: dict[Point, list[tuple[str, int]]]
    matrix: list[list[int]]
    maybe: tuple[int, ...] | None = None

class Version(CompoundScalar):
    major: int
    minor: float

type ABool = TS[bool]
type AnInt = TS[int]
type AnInt8 = TS[int8]
type AnInt16 = TS[int16]
type AnInt32 = TS[int32]
type AUint8 = TS[uint8]
type AUint16 = TS[uint16]
type AUint32 = TS[uint32]
type AUint64 = TS[uint64]
type AFloat = TS[float]
type AFloat32 = TS[float32]
type AStr = TS[str]
type ABytes = TS[bytes]
type ADate = TS[date]
type ATime = TS[time]
type ADatetime = TS[datetime]
type ATimedelta = TS[timedelta]
type AnObject = TS[object]
type ASide = TS[Side]
type ATrade = TS[Trade]
type AShape = TS[Shape]
type AList = TS[list[list[int]]]
type AMap = TS[dict[str, list[int]]]
type ABuffer = TS[CyclicBuffer[float, Size[3]]]
type AQueue = TS[Queue[int, Size[2]]]
type AnArray = TS[Array[float, Size[3]]]
type Points = TSS[Point]
type ByPoint = TSD[Point, TS[Side]]
type BySide = TSD[Side, TS[int]]
'''


def shape_fields(m: Any) -> dict[str, Any]:
    """Return one value for each field of a Shape, made anew at every call."""
    return {
        "name": "s",
        "outline": (m.Point(0, 0), m.Point(1, 2)),
        "box": (m.Point(0, 0), m.Point(9, 9)),
        "labels": {"a", "b"},
        "weights": {"w": 1.5},
        "grid": [1.0, 2.0, 3.0],
        "recent": [2.0, 3.0, 4.0],
        "todo": ["first", "second"],
        "bounded": [1, 2],
        "by_corner": {m.Point(1, 1): [("a", 1), ("b", 2)]},
        "matrix": [[1, 2], []],
    }


def listed(values: Any) -> list[Any]:
    """Return the elements of whatever sequence a buffer is read as."""
    return list(getattr(values, "tolist", lambda: values)())
