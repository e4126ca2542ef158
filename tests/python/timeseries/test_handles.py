"""Handles: what is kept alive, what goes stale, and instances that were never initialised."""

from __future__ import annotations

import copy
import gc
import pickle
import weakref
from collections.abc import Callable
from contextlib import suppress
from types import ModuleType
from typing import Any

import pytest


@pytest.fixture
def quotes(m: ModuleType) -> Any:
    root = m.Quotes()
    root.advance(1)
    root.value = {key: {"bid": float(i)} for i, key in enumerate("abcdef")}
    return root


def all_stale(*uses: Callable[[], Any]) -> None:
    import hgvalue

    for use in uses:
        with pytest.raises(hgvalue.StaleReferenceError):
            use()


def test_a_deleted_key_makes_its_handles_stale(quotes: Any) -> None:
    child = quotes["a"]
    bid = child.bid
    quotes.advance(2)
    del quotes["a"]
    all_stale(
        lambda: child.value,
        lambda: child.valid,
        lambda: child.bid,
        lambda: setattr(child, "bid", 1.0),
        lambda: child.apply_result({"bid": 1.0}),
        lambda: child.invalidate(),
        lambda: child["bid"],
        lambda: list(child.keys()) and child.modified,
        lambda: bid.value,
        lambda: setattr(bid, "value", 1.0),
        lambda: bid.modified,
    )
    assert "a" not in quotes
    assert repr(child)  # for error messages and debuggers: never raises
    assert repr(bid)


@pytest.mark.parametrize("how", ["pop", "clear", "assignment", "invalid parent"])
def test_other_ways_to_remove(quotes: Any, how: str) -> None:
    import hgvalue

    child = quotes["a"].bid
    match how:
        case "pop":
            assert quotes.pop("a") == {"bid": 0.0}
        case "clear":
            quotes.clear()
        case "assignment":
            quotes.value = {"a": hgvalue.REMOVE}
        case "invalid parent":
            quotes.invalidate()
            assert not child.valid  # an invalidated dict keeps its keys, and its handles live
            child.value = 5.0
            assert quotes["a"].bid.value == 5.0
            return
    all_stale(lambda: child.value, lambda: setattr(child, "value", 1.0))


def test_a_recreated_key_has_new_handles(quotes: Any) -> None:
    old = quotes["a"]
    del quotes["a"]
    new = quotes.get_or_create("a")
    new.bid = 7.0
    all_stale(lambda: old.value, lambda: setattr(old, "bid", 1.0))
    assert quotes["a"].value == {"bid": 7.0}


@pytest.mark.row("T-04", generated=True)
def test_handles_survive_growth(quotes: Any) -> None:
    held = {key: quotes[key].bid for key in "abcdef"}
    for i in range(20_000):
        quotes.get_or_create(f"k{i}")
    assert {key: bid.value for key, bid in held.items()} == {key: float(i) for i, key in enumerate("abcdef")}
    held["c"].value = 42.0
    assert quotes["c"].bid.value == 42.0


@pytest.mark.row("T-04", generated=True)
def test_handles_survive_the_removal_of_others(quotes: Any) -> None:
    held = {key: quotes[key].bid for key in "abcdef"}
    for key in "adf":  # the first, one between, the last
        del quotes[key]
        held.pop(key)
        assert {k: bid.value for k, bid in held.items()} == {k: float("abcdef".index(k)) for k in held}
    held["e"].value = 9.0
    assert {k: c.bid.value for k, c in quotes.items()} == {"b": 1.0, "c": 2.0, "e": 9.0}
    quotes.advance(2)
    held["b"].value = 8.0
    assert quotes.delta_value == {"b": {"bid": 8.0}}


def test_handles_of_nested_dicts(m: ModuleType) -> None:
    root = m.Nested()
    root.advance(1)
    root.value = {"x": {"a": 1, "b": 2}, "y": {"c": 3}}
    inner, leaf, other = root["x"], root["x"]["a"], root["y"]["c"]
    del root["x"]["a"]
    all_stale(lambda: leaf.value)
    assert (inner.value, other.value) == ({"b": 2}, 3)
    del root["x"]
    all_stale(lambda: inner.value, lambda: inner["b"], lambda: len(inner), lambda: inner.key_set.value)
    assert other.value == 3


def test_removed_children_are_read_only_and_end_with_the_tick(quotes: Any) -> None:
    quotes.advance(2)
    del quotes["a"]
    [(_, child)] = quotes.removed_items()
    assert child.value == {"bid": 0.0}
    all_stale(lambda: setattr(child, "bid", 1.0), lambda: child.invalidate())
    quotes.advance(3)
    all_stale(lambda: child.value, lambda: child.bid.value)


def test_a_shrunk_list(m: ModuleType) -> None:
    notes = m.Notes()
    notes.advance(1)
    notes.value = ("a", "b", "c")
    kept, dropped = notes[0], notes[2]
    notes.resize(2)
    all_stale(lambda: dropped.value, lambda: setattr(dropped, "value", "x"))
    notes.append("d")
    all_stale(lambda: dropped.value)  # the new element is another
    assert kept.value == "a"
    for i in range(5_000):
        notes.append(str(i))
    assert kept.value == "a"
    notes.clear()
    all_stale(lambda: kept.value)


def test_iterators_notice_changes(quotes: Any) -> None:
    """As with a dict: an iteration over what changes meanwhile ends or raises, and never reads what is gone."""
    for members in (quotes.keys, quotes.values, quotes.items, lambda: iter(quotes)):
        seen = 0
        try:
            for _ in members():
                seen += 1
                quotes.get_or_create(f"new{seen}{len(quotes)}")
                if seen > 10_000:
                    pytest.fail("the iteration never ends")
        except RuntimeError:
            pass
    assert quotes["a"].bid.value == 0.0


def test_a_handle_keeps_its_root_alive(m: ModuleType) -> None:
    def make() -> Any:
        root = m.Depth()
        root.advance(1)
        root.value = {"quote": {"bid": 1.5}, "levels": ({"bid": 2.5}, None, None), "sizes": {1: 3}, "flags": {"x"}}
        return root.quote.bid, root.levels[0].bid, root.sizes[1], root.sizes.key_set, root.flags

    bid, level, size, keys, flags = make()
    gc.collect()
    assert (bid.value, level.value, size.value, keys.value, flags.value) == (1.5, 2.5, 3, {1}, {"x"})
    bid.value = 2.0
    assert bid.modified
    assert m.Quote().bid.value is None


def test_roots_and_handles_are_freed(m: ModuleType) -> None:
    root = m.Quote()
    bid = root.bid
    gone = weakref.ref(root)
    del root
    gc.collect()
    assert gone() is not None
    del bid
    gc.collect()
    assert gone() is None


def test_cycles_through_objects_are_freed(m: ModuleType) -> None:
    class Holder:
        pass

    alive: list[weakref.ref[Any]] = []
    for make in (
        lambda root, holder: setattr(root, "value", {"x": holder}),
        lambda root, holder: setattr(root, "value", {"x": [holder]}),
        lambda root, holder: (setattr(root, "value", {"x": holder}), root.pop("x")),
    ):
        holder, root = Holder(), m.Things()
        root.advance(1)
        holder.root = root  # type: ignore[attr-defined]
        holder.bound = root.apply_result  # type: ignore[attr-defined]
        make(root, holder)
        alive.append(weakref.ref(holder))
        del holder, root
    gc.collect()
    assert [each() for each in alive] == [None] * len(alive)


def test_an_instance_that_was_never_initialised(m: ModuleType) -> None:
    for cls in (m.Quote, m.Book, m.Names, m.Prices, m.Notes, m.Closes, m.Price):
        for use in (
            lambda raw: raw.value,
            lambda raw: raw.valid,
            lambda raw: raw.advance(1),
            lambda raw: raw.apply_result({}),
            lambda raw: raw.clear(),
            lambda raw: raw["a"],
            lambda raw: len(raw),
            lambda raw: raw.keys(),
            lambda raw: raw.bid,
            lambda raw: setattr(raw, "bid", 1.0),
            lambda raw: setattr(raw, "value", 1.0),
        ):
            raw = cls.__new__(cls)
            try:
                use(raw)
            except Exception as error:  # a clear error, whichever; the point is that there is one, and no crash
                assert str(error), use
            else:
                # __new__ may do all the work; then this is an ordinary new root.
                assert not raw.valid or raw.modified
            repr(raw)
        del raw
    gc.collect()


def test_a_subclass_that_does_not_call_init(m: ModuleType) -> None:
    class Careless(m.Quote):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            pass

    for use in (
        lambda raw: raw.bid,
        lambda raw: raw.value,
        lambda raw: raw.advance(1),
        lambda raw: setattr(raw, "bid", 1.0),
    ):
        raw = Careless()
        try:
            use(raw)
        except Exception as error:
            assert str(error)
        del raw
    gc.collect()


def test_a_second_init_does_not_lose_what_is_there(m: ModuleType) -> None:
    quote = m.Quote()
    quote.advance(1)
    quote.bid = 1.5
    bid = quote.bid
    with suppress(TypeError, RuntimeError):
        quote.__init__()
    assert quote.bid.value in (1.5, None)
    assert bid.value in (1.5, None)
    if quote.bid.value == 1.5:
        quote.bid = 2.5
        assert bid.value == 2.5


def test_children_are_not_made_by_hand(m: ModuleType, quotes: Any) -> None:
    child = type(quotes["a"].bid)
    try:
        made = child()
    except TypeError:
        return
    assert not made.valid  # a root of its own, if it can be made at all


def test_the_same_handle_is_equal_to_itself(quotes: Any) -> None:
    assert quotes["a"].bid.path == quotes["a"].bid.path
    quotes["a"].bid = 5.0
    handles = [quotes["a"].bid for _ in range(3)]
    handles[0].value = 6.0
    assert [handle.value for handle in handles] == [6.0, 6.0, 6.0]


@pytest.mark.parametrize("way", [copy.copy, copy.deepcopy, pickle.dumps], ids=lambda way: way.__name__)
def test_a_time_series_says_what_to_do_instead_of_copying_it(quotes: Any, way: Any) -> None:
    for node in (quotes, quotes["a"], quotes["a"].bid, quotes.key_set):
        with pytest.raises(TypeError, match=r"snapshot\(\) gives its plain value, and copy_from\(\) makes"):
            way(node)
