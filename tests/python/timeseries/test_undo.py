"""Undoing a tick, diffs of snapshots at roots, starting a follower, and the time that a delta carries."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from datetime import timedelta
from types import ModuleType
from typing import Any

import pytest

import hgvalue

from ..model.generated import load

pytestmark = pytest.mark.row("D-01", "D-04", "D-06", generated=True)

SCHEMA = """
class Leg(CompoundScalar):
    price: float
    size: int | None = None

class Trade(CompoundScalar):
    leg: Leg
    names: list[str] = []
    by: dict[str, int] = {}

class Book(TimeSeriesSchema):
    trade: TS[Trade]
    steps: TS[list[int]]
    by: TS[dict[str, int]]
    seen: TS[set[int]]
    pair: TS[tuple[int, str]]
    row: TS[Array[float, Size[3]]]
    last: TSW[float, Size[3], Size[1]]
    recent: TSW[float, timedelta(seconds=10)]
    names: TSS[str]
    deep: TSD[str, TSD[str, TS[int]]]

Books = TSD[str, TSB[Book]]
Nested = TSL[TSB[Book], Size[2]]
Last = TSW[float, Size[3], Size[1]]
"""
SECOND = 1_000_000


@pytest.fixture(scope="module")
def m(backend: str) -> ModuleType:
    return load(SCHEMA, "undo", backend)


def first(m: ModuleType) -> dict[str, Any]:
    trade = m.Trade(leg=m.Leg(price=1.0), names=["a"], by={"a": 1})
    plain = dict(trade=trade, steps=[1], by={"a": 1}, seen=frozenset({1}), pair=(1, "a"), row=[1.0, 2.0, 3.0])
    return plain | dict(names=frozenset({"x"}), deep={"a": {"b": 1}})


def second(m: ModuleType) -> dict[str, Any]:
    trade = m.Trade(leg=m.Leg(price=1.0, size=3), names=["a", "b"], by={"b": 2})
    plain = dict(
        trade=trade, steps=[1, 2], by={"a": 2, "b": 3}, seen=frozenset({2}), pair=(1, "b"), row=[1.0, 2.0, 4.0]
    )
    return plain | dict(names=frozenset({"y"}), deep={"a": {"c": 1}, "z": {}})


WRAPPED: dict[str, Callable[[Any], Any]] = {
    "Book": lambda value: value,
    "Books": lambda value: {"k": value},
    "Nested": lambda value: {1: value},
}


@pytest.mark.parametrize("sent", [lambda d: d, lambda d: hgvalue.decode(d.encode())], ids=["as it is", "decoded"])
@pytest.mark.parametrize("name", WRAPPED)
def test_a_diff_changes_a_root_inside_its_scalars(m: ModuleType, name: str, sent: Callable[[Any], Any]) -> None:
    cls, wrap = getattr(m, name), WRAPPED[name]
    root = cls()
    snapshots = []
    for at, value in enumerate([first(m), second(m)], 1):
        root.advance(at)
        root.apply_result(wrap(value))
        snapshots.append(root.snapshot())
    one, two = snapshots
    for old, new, delta in [
        (one, two, hgvalue.diff(one, two)),
        (two, one, hgvalue.diff(two, one)),
        (two, one, hgvalue.invert(hgvalue.diff(one, two), one)),
    ]:
        other = cls()
        other.advance(1)
        other.load(old)
        other.advance(2)
        other.apply(sent(delta))
        assert other.snapshot() == new


def test_a_diff_that_does_not_fit_inside_a_scalar_changes_nothing(m: ModuleType) -> None:
    values = [first(m), second(m), second(m) | {"by": {"q": 1}}]
    root = m.Book()
    snapshots = []
    for at, value in enumerate(values, 1):
        root.advance(at)
        root.apply_result(value)
        snapshots.append(root.snapshot())
    other = m.Book()
    other.advance(1)
    other.load(snapshots[0])
    other.advance(2)
    with pytest.raises(ValueError, match="does not fit at 'by'"):
        other.apply(hgvalue.diff(snapshots[2], snapshots[1]))
    assert other.snapshot() == snapshots[0]
    assert not other.modified


def push(*values: float) -> Callable[[Any], None]:
    def run(book: Any) -> None:
        for value in values:
            book.last.value = value
            book.recent.value = value

    return run


def clear(book: Any) -> None:
    book.last.clear()
    book.recent.clear()


def invalidate(book: Any) -> None:
    book.last.invalidate()
    book.recent.invalidate()


@pytest.mark.parametrize(
    "change",
    [
        push(9.0),
        push(7.0, 8.0),
        push(5.0, 6.0, 7.0, 8.0),
        clear,
        invalidate,
        lambda book: [clear(book), push(3.0)(book)],
        lambda book: [invalidate(book), push(3.0)(book)],
        lambda book: [push(3.0)(book), clear(book)],
    ],
)
@pytest.mark.parametrize("held", range(5))
def test_an_undone_tick_leaves_windows_as_they_were(m: ModuleType, held: int, change: Callable[[Any], Any]) -> None:
    book = m.Book()
    for at in range(1, held + 1):
        book.advance(at * SECOND)
        push(float(at))(book)
        book.names.add(str(at))
    book.advance(6 * SECOND)
    before = book.snapshot()
    change(book)
    delta = book.delta()
    book.advance(7 * SECOND)
    book.apply(hgvalue.invert(delta, before))
    assert book.snapshot() == before
    assert book.valid == (before is not None)


def test_an_undone_tick_takes_keys_back(m: ModuleType) -> None:
    book = m.Book()
    book.advance(1)
    before = book.snapshot()
    book.deep.get_or_create("a")["b"] = 1
    delta = book.delta()
    book.advance(2)
    book.apply(hgvalue.invert(delta, before))
    assert not book.valid
    assert (len(book.deep), book.deep.valid) == (0, False)


def test_undoing_an_invalidation_finds_the_keys_that_stayed(m: ModuleType) -> None:
    books = m.Books()
    books.advance(1)
    books.apply_result({"k": first(m)})
    before = books.snapshot()
    books.advance(2)
    books.invalidate()
    delta = books.delta()
    books.advance(3)
    books.apply(hgvalue.invert(delta, before))
    assert books.snapshot() == before


def test_a_full_delta_starts_a_follower(m: ModuleType) -> None:
    books = m.Books()
    for at in range(1, 4):
        books.advance(at * SECOND)
        books.apply_result({"k": first(m)})
        push(float(at))(books["k"])
    books["k"].deep.invalidate()
    other = m.Books()
    other.advance(3 * SECOND)
    assert other.full_delta().empty
    full = books.full_delta()
    assert type(full) is m.BooksDelta
    other.apply(full)
    assert other.snapshot() == books.snapshot()
    assert list(other["k"].deep.keys()) == ["a"]
    assert list(other["k"].last.value_times) == list(books["k"].last.value_times)
    assert hgvalue.apply(full, None) == books.snapshot()
    book = m.Book()
    book.advance(3 * SECOND)
    book.apply(books["k"].full_delta())
    assert book.snapshot() == books["k"].snapshot()


def test_the_time_of_a_delta(m: ModuleType) -> None:
    book = m.Book()
    book.advance(SECOND)
    book.names.add("a")
    delta = book.delta()
    time = hgvalue.MIN_DT + timedelta(seconds=1)
    assert delta.time == time
    assert delta.to_python()["$time"] == time
    again = [
        hgvalue.decode(delta.encode()),
        pickle.loads(pickle.dumps(delta)),
        m.BookDelta.from_python(delta.to_python()),
        m.BookDelta.from_json(delta.to_json()),
        m.BookDelta(delta),
    ]
    assert all(other == delta and other.time == time for other in again)
    book.advance(2 * SECOND)
    book.names.add("b")
    later = book.delta()
    assert hgvalue.compose(delta, later).time == later.time
    assert hgvalue.diff(book.snapshot(), book.snapshot()).time is None
    with pytest.raises(TypeError, match=r"\$time"):
        m.BookDelta.from_python({"$time": 5.0})


def test_elements_of_a_time_window_expire_by_the_time_of_a_delta(m: ModuleType) -> None:
    book = m.Book()
    for at in (1, 5):
        book.advance(at * SECOND)
        book.recent.value = float(at)
    before = book.snapshot()
    book.advance(12 * SECOND)
    book.names.add("a")  # the window is not touched
    delta = book.delta()
    after = hgvalue.apply(delta, before)
    assert after == book.snapshot()
    assert [element for _, element in after.recent] == [5.0]
    assert hgvalue.apply(hgvalue.invert(delta, before), after) == before


def test_a_follower_that_started_from_a_snapshot_gets_the_keys_of_an_invalid_dict(m: ModuleType) -> None:
    leader, follower = m.Book(), m.Book()
    leader.advance(1)
    leader.deep.apply_result({"a": {"b": 1}, "c": {}})
    leader.names.add("x")
    leader.deep.invalidate()
    follower.advance(1)
    follower.load(leader.snapshot())
    for root in (leader, follower):
        root.advance(2)
    leader.deep["a"]["z"] = 2
    follower.apply(leader.delta())
    assert follower.snapshot() == leader.snapshot()
    assert sorted(follower.deep.keys()) == sorted(leader.deep.keys())


def test_what_was_valid_is_known_of_keys_that_came_and_became_invalid_in_one_tick(m: ModuleType) -> None:
    leader, follower = m.Books(), m.Books()
    for root in (leader, follower):
        root.advance(1)
    leader.get_or_create("k").deep.get_or_create("a")["b"] = 1
    leader["k"].deep["a"]["b"] = None
    follower.apply(leader.delta())
    for root in (leader, follower):
        assert list(root["k"].deep["a"].modified_keys()) == ["b"]
        root.advance(2)
    del leader["k"].deep["a"]["b"]
    follower.apply(leader.delta())
    for root in (leader, follower):
        assert root["k"].deep["a"].delta_value == {"b": hgvalue.REMOVE}
