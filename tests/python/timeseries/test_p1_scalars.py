"""Rules 9 and 19: what scalars accept, and when values are equal."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum
from typing import Any

import pytest

from ..ids import stable
from ..model.generated import look_alike
from .subject import Subject


class Index:
    def __index__(self) -> int:
        return 7


class Table(Mapping[Any, Any]):
    """A mapping that is not a dict."""

    def __init__(self, items: dict[Any, Any]) -> None:
        self._items = items

    def __getitem__(self, key: Any) -> Any:
        return self._items[key]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)


class Group(AbstractSet[Any]):
    """A set that is not a set."""

    def __init__(self, items: set[Any]) -> None:
        self._items = items

    def __contains__(self, item: object) -> bool:
        return item in self._items

    def __iter__(self) -> Iterator[Any]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)


class Text(str):
    __slots__ = ()


class Whole(int):
    pass


class Real(float):
    pass


UTC_PLUS_2 = timezone(timedelta(hours=2))
ACCEPTED: list[tuple[str, Any, Any]] = [
    ("bool", True, True),
    ("int", True, 1),
    ("int", Index(), 7),
    ("int", Whole(3), 3),
    ("float", 3, 3.0),
    ("float", Real(1.5), 1.5),
    ("float32", 0.1, 0.10000000149011612),
    ("float32", math.inf, math.inf),
    ("str", Text("a"), "a"),
    ("datetime", datetime(2024, 1, 1, 12, tzinfo=UTC_PLUS_2), datetime(2024, 1, 1, 10)),
    ("tuple[float, str]", (1, "b"), (1.0, "b")),
    ("tuple[int, ...]", (True, Index()), (1, 7)),
    ("frozenset[int]", {1, 2}, frozenset({1, 2})),
    ("frozenset[int]", Group({1, 2}), frozenset({1, 2})),
    ("dict[str, float]", Table({"a": 1}), {"a": 1.0}),
    ("object", [1, None], [1, None]),
]
REFUSED: list[tuple[str, Any, type[Exception]]] = [
    ("bool", 1, TypeError),
    ("int", 1.0, TypeError),
    ("int", "1", TypeError),
    ("int", Decimal(1), TypeError),
    ("float", True, TypeError),
    ("float", "1.5", TypeError),
    ("float", Decimal(1), TypeError),
    ("float", 10**400, OverflowError),
    ("float32", 1e300, OverflowError),
    ("str", b"a", TypeError),
    ("str", 1, TypeError),
    ("str", "\ud800", ValueError),
    ("bytes", "a", TypeError),
    ("date", datetime(2024, 1, 1), TypeError),
    ("datetime", date(2024, 1, 1), TypeError),
    ("datetime", 5, TypeError),
    ("time", timedelta(1), TypeError),
    ("timedelta", 5, TypeError),
    ("timedelta", timedelta.max, OverflowError),
    ("tuple[int, ...]", [1, 2], TypeError),
    ("tuple[int, ...]", (1, None), TypeError),
    ("tuple[int, ...]", (1, 2**63), OverflowError),
    ("tuple[float, str]", (1.0,), ValueError),
    ("tuple[float, str]", (1.0, "a", "b"), ValueError),
    ("tuple[float, str]", "ab", TypeError),
    ("frozenset[int]", [1], TypeError),
    ("frozenset[int]", "ab", TypeError),
    ("dict[str, float]", [("a", 1.0)], TypeError),
    ("dict[str, float]", {"a": None}, TypeError),
    ("dict[str, float]", {1: 1.0}, TypeError),
    ("Array[float, Size[3]]", [1.0, 2.0], ValueError),
    ("Side", "BUY", TypeError),
    ("Side", 1, TypeError),
    ("Point", {"x": 1, "y": 2.0}, TypeError),
    ("Point", (1, 2.0), TypeError),
]


@pytest.mark.parametrize(("scalar", "given", "stored"), ACCEPTED, ids=stable)
def test_p1_09_accepted(subject: Subject, scalar: str, given: Any, stored: Any) -> None:
    root = subject.make(f"TS[{scalar}]")
    root.value = given
    assert root.value == stored
    assert type(root.value) is type(stored)


@pytest.mark.parametrize(("scalar", "given", "error"), REFUSED, ids=stable)
def test_p1_09_refused(subject: Subject, scalar: str, given: Any, error: type[Exception]) -> None:
    root = subject.make(f"TS[{scalar}]")
    with subject.refused(root, error):
        root.value = given
    with subject.refused(root, error):
        root.apply_result(given)


@pytest.mark.parametrize("bits", [8, 16, 32, 64])
@pytest.mark.parametrize("kind", ["int", "uint"])
def test_p1_09_ranges(subject: Subject, kind: str, bits: int) -> None:
    low, high = (0, 2**bits - 1) if kind == "uint" else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
    root = subject.make(f"TS[{kind}{bits}]")
    for value in (low, high):
        root.value = value
        assert root.value == value
    for value in (low - 1, high + 1, 2**70):
        with subject.refused(root, OverflowError):
            root.value = value
    with subject.refused(root, TypeError):
        root.value = 1.0


def test_p1_09_numpy_and_pandas_scalars(subject: Subject) -> None:
    numpy = pytest.importorskip("numpy")
    for spelling, given, stored in [
        ("TS[int]", numpy.int32(7), 7),
        ("TS[int8]", numpy.uint64(7), 7),
        ("TS[float]", numpy.float32(1.5), 1.5),
        ("TS[float]", numpy.float64(0.1), 0.1),
        ("TS[float32]", numpy.float64(1.5), 1.5),
    ]:
        root = subject.make(spelling)
        root.value = given
        assert (type(root.value), root.value) == (type(stored), stored)
    root = subject.make("TS[int8]")
    with subject.refused(root, OverflowError):
        root.value = numpy.int64(128)
    with subject.refused(root, TypeError):
        root.value = numpy.float64(1.0)
    pandas = pytest.importorskip("pandas")
    root = subject.make("TS[datetime]")
    root.value = pandas.Timestamp("2024-01-01T00:00:00.000001")
    assert root.value == datetime(2024, 1, 1, 0, 0, 0, 1)


def test_p1_09_objects_of_other_libraries(subject: Subject) -> None:
    if subject.is_model:
        pytest.skip("the model knows no other libraries")
    api = subject.api(root := subject.make("TS[Point]"))
    ours = api.struct("Point", {"x": 1, "y": 2.0})
    name = type(ours).__name__
    root.value = look_alike(name, {"x": 1, "y": 2})
    assert root.value == ours
    assert type(root.value) is type(ours)
    for fields in ({"x": 1}, {"x": 1, "y": "z"}, {"x": 1, "z": 2.0}):
        with subject.refused(root, TypeError):
            root.value = look_alike(name, fields)
    side = subject.make("TS[Side]")
    buy = subject.api(side).member("Side", "BUY")
    name = type(buy).__name__
    side.value = Enum(name, {"BUY": 7, "SELL": 8})["BUY"]  # known by its name
    assert side.value is buy
    with subject.refused(side, ValueError, TypeError):
        side.value = Enum(name, {"HOLD": 1})["HOLD"]


def test_p1_09_pandas_timestamps_of_parts_of_a_microsecond(subject: Subject) -> None:
    pandas = pytest.importorskip("pandas")
    if subject.is_model:
        pytest.skip("the model takes a Timestamp for the datetime it is")
    root = subject.make("TS[datetime]")
    root.value = pandas.Timestamp("2024-01-01T12:00:00+02:00")
    assert root.value == datetime(2024, 1, 1, 10)
    with subject.refused(root, ValueError, TypeError):
        root.value = pandas.Timestamp("2024-01-01T00:00:00.000000001")


def test_p1_09_collections(subject: Subject) -> None:
    triple = subject.make("TSL[TS[int], Size[3]]")
    triple.value = [1, 2, 3]
    triple.value = {-1: 9}
    assert (triple.value, triple[-1].value, triple[-3].value) == ((1, 2, 9), 9, 1)
    for wrong, error in [((1, 2), ValueError), ([1, 2, 3, 4], ValueError), (5, TypeError), ("abc", TypeError)]:
        with subject.refused(triple, error):
            triple.value = wrong
    with subject.refused(triple, TypeError):
        triple.value = {1, 2, 3}
    with subject.refused(triple, IndexError):
        triple.value = {-4: 1}
    quote = subject.make("TSB[Quote]")
    for wrong in ((1.0, 2.0), [1.0, 2.0], "ab", 5):
        with subject.refused(quote, TypeError):
            quote.value = wrong
    quote.value = Table({"bid": 1})
    assert quote.value == {"bid": 1.0}
    book = subject.make("TSD[str, TS[int]]")
    book.value = Table({"a": 1})
    assert book.value == {"a": 1}


def test_p1_09_a_set_delta_that_adds_and_removes_the_same(subject: Subject) -> None:
    root = subject.make("TSS[float]")
    api = subject.api(root)
    root.value = {0.0, 1.0}
    with subject.refused(root, ValueError):
        root.value = api.set_delta(frozenset({3.0, 1.0}), frozenset({1.0}))
    with subject.refused(root, ValueError):
        root.value = api.set_delta(frozenset({0.0}), frozenset({-0.0}))
    with subject.refused(root, ValueError):
        root.value = [3.0, api.removed(3)]


def test_p1_19_nan_and_zero(subject: Subject) -> None:
    root = subject.make("TSS[float]")
    root.value = {math.nan, 0.0}
    root.advance(2)
    root.add(float("nan"))
    root.add(-0.0)
    assert not root.modified
    assert math.nan in root
    assert -0.0 in root
    root.remove(float("nan"))
    root.remove(-0.0)
    assert (len(root), len(root.removed())) == (0, 2)
    book = subject.make("TSD[float, TS[int]]")
    book.value = {math.nan: 1, 0.0: 2}
    book.value = {float("nan"): 3, -0.0: 4}
    assert (len(book), book[math.nan].value, book[0.0].value) == (2, 3, 4)
    del book[-0.0]
    assert len(book) == 1


def test_p1_19_equal_values_have_equal_hashes_and_differ_by_bits(subject: Subject) -> None:
    if subject.is_model:
        pytest.skip("of the values that generated classes hand out")
    import hgvalue

    struct = subject.api(subject.make("TS[Point]")).struct
    for one, other in ((0.0, -0.0), (math.nan, -math.nan)):
        a, b = struct("Point", {"x": 1, "y": one}), struct("Point", {"x": 1, "y": other})
        assert (a == b, hash(a) == hash(b)) == (True, True)
        assert hgvalue.diff(a, a).empty
        assert not hgvalue.diff(a, b).empty


def test_p1_19_values_keep_the_sign_of_zero(subject: Subject) -> None:
    root = subject.make("TS[float]")
    root.value = -0.0
    assert math.copysign(1.0, root.value) == -1.0


def test_p1_09_time_of_day_keeps_its_microseconds(subject: Subject) -> None:
    root = subject.make("TS[time]")
    root.value = time(23, 59, 59, 999999)
    assert root.value == time(23, 59, 59, 999999)
