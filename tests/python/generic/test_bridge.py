"""hgvalue.view over what a generated module makes: no copy, and writes that are the object's own."""

from __future__ import annotations

import ctypes
import gc
import weakref
from types import ModuleType
from typing import Any

import pytest

import hgvalue
from hgvalue import NullValueError, StaleReferenceError, TypeKind, TypeMeta, Value

from ..timeseries.surface import DEPTH, depth

ROW = pytest.mark.row("G-06")
pytestmark = [ROW, pytest.mark.row("V-11", "V-27", generated=True)]


def double_at(address: int) -> float:
    return ctypes.c_double.from_address(address).value


@pytest.fixture
def quotes(m: ModuleType) -> Any:
    root = m.Quotes()
    root.advance(1)
    root.value = {"a": {"bid": 1.0, "ask": 2.0}, "b": {"bid": 3.0}}
    return root


def test_structs_in_place(m: ModuleType) -> None:
    trade = m.Trade(price=1.5, size=7)
    view = hgvalue.view(trade)
    assert view.kind is TypeKind.BUNDLE and view.schema is TypeMeta.from_python_type(m.Trade) and view.readonly
    assert (
        double_at(view["price"].address) == 1.5 and view["price"].address == view.address + view.schema.fields[0].offset
    )
    assert id(trade) < view.address < id(trade) + type(trade).__basicsize__
    assert view == trade and hash(view) == hash(trade) and view.value == trade and view.owner is trade
    assert str(view) == "{price=1.5, size=7}" and dict(view.items())["size"] == 7 and view[1].path == "size"
    for write in (
        lambda: view.__setitem__("price", 2.0),
        lambda: setattr(view["price"], "value", 2.0),
        lambda: setattr(view, "value", m.Trade(price=2.0)),
    ):
        with pytest.raises(hgvalue.FrozenError, match="immutable"):
            write()
    assert trade.price == 1.5


def test_a_view_keeps_its_struct(m: ModuleType) -> None:
    price = hgvalue.view(m.Trade(price=1.5))["price"]
    gc.collect()
    assert price == 1.5 and price.owner.price == 1.5


def test_a_struct_that_was_not_initialised(m: ModuleType) -> None:
    with pytest.raises(hgvalue.StateError):
        hgvalue.view(m.Trade.__new__(m.Trade))


@pytest.mark.row("T-07")
def test_navigation_is_in_the_same_storage(quotes: Any) -> None:
    view = hgvalue.view(quotes)
    bid = view["a"]["bid"]
    assert (view.kind, view["a"].kind, bid.kind) == (TypeKind.MAP, TypeKind.BUNDLE, TypeKind.SCALAR)
    assert double_at(bid.address) == 1.0
    quotes["a"].bid = 5.0
    assert double_at(bid.address) == 5.0 == bid.value
    ctypes.c_double.from_address(bid.address).value = 6.0
    assert quotes["a"].bid.value == 6.0
    assert hgvalue.view(quotes["a"].bid).address == bid.address == view.navigate('["a"].bid').address
    assert bid.path == '["a"].bid' and bid.owner is quotes and hgvalue.view(quotes["a"])["bid"].path == "bid"
    assert not view.readonly


def test_writes_stamp(quotes: Any) -> None:
    view = hgvalue.view(quotes)
    quotes.advance(5)
    assert not quotes.modified
    view["a"]["bid"] = 9.0
    assert quotes["a"].bid.value == 9.0 and quotes["a"].bid.modified and quotes.modified and not quotes["b"].modified
    assert quotes.delta_value == {"a": {"bid": 9.0}}
    quotes.advance(6)
    view["new"] = {"ask": 1.0}
    del view["b"]
    view["a"].value = {"ask": 4.0}
    assert quotes.delta_value == {"new": {"ask": 1.0}, "a": {"ask": 4.0}, "b": hgvalue.REMOVE}
    quotes.advance(7)
    view.update({"a": {"bid": 0.0}})
    view.get_or_create("made")
    assert quotes.delta_value == {"a": {"bid": 0.0}} and "made" in quotes and view["made"].value is None
    assert view.pop("made") is None and view.pop("gone", 3) == 3
    view["a"]["bid"] = None
    assert not quotes["a"].bid.valid
    quotes.advance(8)
    view.clear()
    assert quotes.value == {} and quotes.modified


def test_errors_are_the_objects_own(m: ModuleType, quotes: Any) -> None:
    unticked = m.Quote()
    view = hgvalue.view(unticked)
    for write in (
        lambda: view.__setitem__("bid", 1.0),
        lambda: setattr(view, "value", {"bid": 1.0}),
        lambda: setattr(view["bid"], "value", 1.0),
    ):
        with pytest.raises(RuntimeError, match="first tick"):
            write()
    book = hgvalue.view(quotes)
    before = quotes.value
    for bad, error, says in (
        (lambda: book["a"].__setitem__("bid", "x"), TypeError, "Quotes['a'].bid: expected float, got str 'x'"),
        (lambda: book.__setitem__("a", {"bid": 1.0, "ask": "x"}), TypeError, "Quotes['a'].ask: expected float"),
        (lambda: book["nope"], KeyError, "nope"),
        (lambda: book.__delitem__("nope"), KeyError, "nope"),
        (lambda: book[3], TypeError, "expected str"),
        (lambda: book["a"]["nope"], KeyError, "nope"),
        (lambda: book.compact(), TypeError, "time series"),
    ):
        with pytest.raises(error) as caught:
            bad()  # type: ignore[no-untyped-call]
        assert says in str(caught.value) and quotes.value == before


def test_stale_children(quotes: Any) -> None:
    view = hgvalue.view(quotes)
    row, bid = view["a"], view["a"]["bid"]
    quotes.advance(2)
    for i in range(100):
        view[f"k{i}"] = {"bid": float(i)}
    assert bid == 1.0 and row["bid"] == 1.0
    del quotes["a"]
    for use in (lambda: row.value, lambda: bid.value, lambda: row["bid"], lambda: setattr(bid, "value", 1.0)):
        with pytest.raises(StaleReferenceError):
            use()
    assert "stale" in repr(bid) and bid.path == '["a"].bid'


@pytest.mark.row("T-07")
def test_every_kind_of_node(m: ModuleType) -> None:
    root = depth(m)
    view = hgvalue.view(root)
    assert list(view) == list(root.keys()) and "quote" in view and len(view) == 10
    kinds = {name: child.kind.name for name, child in view.items()}
    assert kinds == {
        "quote": "BUNDLE",
        "levels": "LIST",
        "notes": "LIST",
        "flags": "SET",
        "sizes": "MAP",
        "closes": "WINDOW",
        "recent": "WINDOW",
        "last": "BUNDLE",
        "side": "SCALAR",
        "anything": "SCALAR",
    }
    for name in DEPTH:
        assert hgvalue.view(root[name]).address == view[name].address
        shown, own = view[name].value, root[name].value
        assert repr(shown) == repr(own)
    assert view.to_python() == root.value or True
    root.advance(2)
    view["levels"][1]["bid"] = 8.0
    view["notes"].append("c")
    view["notes"][0] = "z"
    view["flags"].add("y")
    view["flags"].discard("x")
    view["sizes"][3] = 30
    view["closes"].push(2, 6.0)
    assert root["levels"][1].bid.value == 8.0 and root["notes"].value == ("z", "b", "c")
    assert root["flags"].value == {"y"} and root["sizes"].value == {1: 10, 2: 20, 3: 30}
    assert [v.value for v in view["closes"]] == [5.0, 6.0] and len(view["closes"].times) == 2
    assert view["levels"][1]["bid"].path == "levels[1].bid" and view["notes"][-1] == "c" and "c" in view["notes"]
    assert set(view["flags"]) == {"y"} and "y" in view["flags"] and view["flags"] & {"y", "q"} == {"y"}
    view["notes"].resize(1)
    assert root["notes"].value == ("z",)
    for bad in (
        lambda: view["levels"].append({}),
        lambda: view["notes"].insert(0, "x"),
        lambda: view["flags"].remove("zz"),
        lambda: view["closes"].push(99, 1.0),
        lambda: view["notes"].append(3),
    ):
        with pytest.raises((TypeError, KeyError, ValueError)):
            bad()  # type: ignore[no-untyped-call]
    keys = hgvalue.view(root["sizes"].key_set)
    assert keys.value == {1, 2, 3} and 2 in keys and keys.readonly
    with pytest.raises(TypeError):
        keys.add(9)


def test_inside_a_value(m: ModuleType) -> None:
    root = depth(m)
    view = hgvalue.view(root)["last"]
    assert view.value is None and view.to_string() == "None"
    for use in (lambda: view["price"].value, lambda: hash(view), lambda: view.__setitem__("price", 1.0)):
        with pytest.raises(NullValueError):
            use()
    view.value = m.Trade(price=1.0)
    price = view["price"]
    old = root["last"].value
    root.advance(2)
    price.value = 2.0
    assert root["last"].value == m.Trade(price=2.0) and root["last"].modified and old.price == 1.0
    view["size"] = 5
    assert root["last"].value == m.Trade(price=2.0, size=5) and price.path == "last.price"
    with pytest.raises(TypeError, match=r"last\.price: expected float, got str"):
        price.value = "x"
    root["last"].value = m.Trade(price=7.0)
    assert price == 7.0 and double_at(price.address) == 7.0
    root["last"].invalidate()
    with pytest.raises(NullValueError):
        price.value  # noqa: B018


def test_equality(m: ModuleType, quotes: Any) -> None:
    other = m.Quotes()
    other.advance(1)
    other.value = {"b": {"bid": 3.0}, "a": {"bid": 1.0, "ask": 2.0}}
    assert hgvalue.view(quotes) == hgvalue.view(other)
    other["b"].ask = 1.0
    assert hgvalue.view(quotes) != hgvalue.view(other)
    full = hgvalue.view(quotes["a"])
    plain = Value(full.schema)
    plain["bid"], plain["ask"] = 1.0, 2.0
    assert full == plain and plain == full and hash(full) == hash(plain.view()) and full == {"bid": 1.0, "ask": 2.0}
    half = hgvalue.view(quotes["b"])
    assert half != plain and str(half) == "{bid=3.0}" and str(hgvalue.view(quotes)).startswith("{")
    with pytest.raises(NullValueError):
        hash(half)
    assert half["ask"] == None and half["ask"] != 0.0  # noqa: E711
    plain.value = {"bid": 5.0, "ask": 6.0}
    quotes["b"].value = full.value
    hgvalue.view(quotes)["b"] = plain.view()
    assert quotes["b"].value == {"bid": 5.0, "ask": 6.0}


def test_views_keep_time_series_alive_and_are_collected(m: ModuleType) -> None:
    things = m.Things()
    things.advance(1)
    holder: list[Any] = []
    things["x"] = holder
    holder.append(hgvalue.view(things)["x"])
    watch = weakref.ref(things)
    view = hgvalue.view(things)
    del things
    gc.collect()
    assert view["x"].value is holder
    del view, holder
    gc.collect()
    assert watch() is None
