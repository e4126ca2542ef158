"""Code that runs inside an operation on a time series, and changes that time series."""

from __future__ import annotations

import gc
from collections.abc import Callable
from contextlib import suppress
from types import MethodType, ModuleType
from typing import Any

import pytest

import hgvalue
from hgvalue import REMOVE

from ..model.generated import load

SCHEMA = """
class Quote(TimeSeriesSchema):
    bid: TS[float]
    ask: TS[float]
class Desk(TimeSeriesSchema):
    quotes: TSD[str, TSB[Quote]]
    refs: TSD[str, REF[TS[float]]]
    price: REF[TS[float]]
    other: REF[TS[float]]
    best: REF[TSB[Quote]]
    levels: TSL[TS[float]]
    i8: TS[int8]
type Root = TSB[Desk]
type Book = TSD[str, TSB[Quote]]
type Mixed = TSD[tuple[int, str], TS[float]]
"""


@pytest.fixture(scope="module")
def m(backend: str) -> ModuleType:
    return load(SCHEMA, "reentry_series", backend)


@pytest.fixture
def root(m: ModuleType) -> Any:
    made = m.Root()
    made.advance(1)
    made.quotes.apply_result({"a": {"bid": 1.0, "ask": 3.0}, "b": {"bid": 2.0, "ask": 7.0}})
    made.levels.apply_result((1.0, 2.0, 3.0))
    return made


class Index:
    def __init__(self, value: int, act: Callable[[], object]) -> None:
        self.value, self.act = value, act

    def __index__(self) -> int:
        self.act()
        return self.value


def finalised(act: Callable[[], object]) -> None:
    class Cycle:
        def __init__(self) -> None:
            self.me = self

        def __del__(self) -> None:
            act()

    Cycle()


# -- what a write binds -----------------------------------------------------------------------------------------------


def test_the_target_of_a_reference_is_held(root: Any) -> None:
    targets = {"x": root.quotes["a"].bid}
    kept: list[Any] = []

    def drop() -> None:
        targets.clear()
        kept.extend([root.quotes["b"], root.quotes["b"].ask])

    root.apply_result({"refs": targets, "i8": Index(5, drop)})
    assert root.refs["x"].value == 1.0


@pytest.mark.parametrize("reverse", [False, True])
def test_a_target_that_the_write_removes(root: Any, reverse: bool) -> None:
    before = root.value
    for change in (
        {"price": root.quotes["a"].bid, "quotes": {"a": REMOVE}},
        {"refs": {"x": root.quotes["a"].ask}, "quotes": {"a": REMOVE, "b": {"bid": 9.0}}},
        {"best": root.quotes["a"], "quotes": {"a": hgvalue.REMOVE_IF_EXISTS}},
        {"price": root.levels[2], "levels": {2: REMOVE}},
    ):
        parts = dict(reversed(change.items())) if reverse else change
        assert not root.can_apply_result(parts)
        with pytest.raises(ValueError, match="removes"):
            root.apply_result(parts)
        assert root.value == before
    root.apply_result({"price": root.quotes["b"].bid, "quotes": {"a": REMOVE}})
    assert root.price.value == 2.0


def test_references_bound_in_a_ring(root: Any) -> None:
    ring = {"i8": 3, "price": root.other, "other": root.price}
    assert not root.can_apply_result(ring)
    with pytest.raises(ValueError, match="itself"):
        root.apply_result(ring)
    assert not root.i8.valid
    assert root.price.is_empty
    root.apply_result({"price": root.other, "other": root.quotes["a"].bid})
    assert root.price.value == 1.0


def test_a_target_read_through_a_reference_that_is_bound(root: Any) -> None:
    root.best.bind(root.quotes["a"])
    root.apply_result({"best": root.quotes["b"], "price": root.best.bid})
    assert root.best.value == {"bid": 2.0, "ask": 7.0}
    assert root.price.value == 1.0  # where it was read when the write began


def test_a_target_that_is_gone_when_the_write_begins(root: Any) -> None:
    gone = Index(1, lambda: root.quotes.__delitem__("a"))
    with pytest.raises(hgvalue.HgValueError):
        root.apply_result({"price": root.quotes["a"].bid, "i8": gone})
    assert root.price.is_empty
    assert not root.i8.valid


# -- the collector ----------------------------------------------------------------------------------------------------


def test_a_new_handle_is_of_its_own_row(m: ModuleType) -> None:
    book = m.Book()
    before = gc.get_threshold()
    now = [1]
    book.advance(1)

    def empty() -> None:
        book.clear()
        now[0] += 1
        book.advance(now[0])

    try:
        for _ in range(10):
            gc.disable()
            book.apply_result({f"k{i}": {"bid": 1.0} for i in range(300)})
            kept = [book[f"k{i}"] for i in range(100)]
            finalised(empty)
            gc.set_threshold(1)
            gc.enable()
            for read in (lambda: book["k299"], lambda: book.get("k200"), lambda: book.values(), lambda: book.value):
                try:
                    found = read()
                except (KeyError, hgvalue.HgValueError):
                    continue
                if isinstance(found, hgvalue.TimeSeries) and len(book) == 0:
                    with pytest.raises(hgvalue.HgValueError):
                        found.value  # noqa: B018
            assert len(kept) == 100
    finally:
        gc.set_threshold(*before)
        gc.enable()


def test_the_path_of_an_element_with_a_composite_key(m: ModuleType) -> None:
    mixed = m.Mixed()
    before = gc.get_threshold()
    mixed.advance(1)
    try:
        gc.disable()
        mixed.apply_result({(i, "x" * 50): 1.0 for i in range(300)})
        handle = mixed[250, "x" * 50]
        finalised(mixed.clear)
        gc.set_threshold(1)
        gc.enable()
        assert "x" * 50 in handle.path or handle.path.endswith("[?]")
    finally:
        gc.set_threshold(*before)
        gc.enable()


# -- observers --------------------------------------------------------------------------------------------------------


def test_observers_are_compared_outside_the_registry(root: Any) -> None:
    class Function:
        def __eq__(self, other: object) -> bool:
            for _ in range(3):
                root.quotes.clear()
                root.subscribe(print)
                root.unsubscribe(print)
            return True

        __hash__ = None  # type: ignore[assignment]

        def __call__(self, *_: Any) -> None: ...

    def method() -> MethodType:
        return MethodType(Function(), 1)  # only bound methods are compared

    quote = root.quotes["a"]
    quote.subscribe(method())
    with suppress(hgvalue.HgValueError):
        quote.subscribe(method())
    root.quotes.subscribe(method())
    root.quotes.unsubscribe(method())
    root.advance(2)
    assert len(root.quotes) == 0


def test_an_observer_that_is_let_go_of_in_a_change(root: Any) -> None:
    class Observer:
        def __call__(self, *_: Any) -> None: ...

        def __del__(self) -> None:
            root.quotes.apply_result({f"n{i}": {"bid": 1.0} for i in range(100)})

    root.quotes["a"].subscribe(Observer())
    root.advance(2)
    root.quotes.apply_result({"a": REMOVE, "b": {"bid": 5.0}})
    root.advance(3)
    assert root.quotes["b"].bid.value == 5.0
    assert len(root.quotes) in (1, 101)
