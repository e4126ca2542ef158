"""The members of each kind, on generated classes."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import ModuleType

import pytest

from .surface import refused

pytestmark = [pytest.mark.row("T-13"), pytest.mark.row("T-13", generated=True)]


def test_tsb(m: ModuleType) -> None:
    quote = m.Quote()
    quote.advance(1)
    quote.ask = 2.0
    assert (quote["ask"].value, quote[1].value, quote[-1].value, quote.ask.value) == (2.0, 2.0, 2.0, 2.0)
    assert list(quote.keys()) == ["bid", "ask"]
    assert [child.value for child in quote.values()] == [None, 2.0]
    assert [(key, child.value) for key, child in quote.items()] == [("bid", None), ("ask", 2.0)]
    assert list(quote.modified_keys()) == list(quote.valid_keys()) == ["ask"]
    assert [child.value for child in quote.modified_values()] == [2.0]
    assert [child.value for child in quote.valid_values()] == [2.0]
    assert [(key, child.value) for key, child in quote.modified_items()] == [("ask", 2.0)]
    assert [(key, child.value) for key, child in quote.valid_items()] == [("ask", 2.0)]
    assert quote.as_schema.ask.value == 2.0
    quote.ask = None
    assert not quote.ask.valid
    with refused(m, quote, KeyError, says=("nope",)):
        quote["nope"]
    with refused(m, quote, IndexError):
        quote[2]


@pytest.mark.parametrize("name", ["Prices", "Notes"])
def test_tsl(m: ModuleType, name: str) -> None:
    values = {"Prices": [1.0, 2.0, 3.0], "Notes": ["a", "b", "c"]}[name]
    prices = getattr(m, name)()
    prices.advance(1)
    prices.value = values
    assert (len(prices), prices[1].value, prices[-1].value) == (3, values[1], values[2])
    assert [child.value for child in prices] == values
    assert list(prices.keys()) == [0, 1, 2]
    assert [child.value for child in prices.values()] == values
    assert [(key, child.value) for key, child in prices.items()] == list(enumerate(values))
    prices.advance(2)
    prices[1].value = values[0]
    prices[2].invalidate()
    assert (list(prices.modified_keys()), list(prices.valid_keys())) == ([1], [0, 1])
    assert [child.value for child in prices.modified_values()] == [values[0]]
    assert [(key, child.value) for key, child in prices.modified_items()] == [(1, values[0])]
    assert [child.value for child in prices.valid_values()] == [values[0], values[0]]
    assert [key for key, _ in prices.valid_items()] == [0, 1]
    for wrong in (3, -4):
        with refused(m, prices, IndexError):
            prices[wrong]
    with refused(m, prices, TypeError):
        prices["a"]


def test_dynamic_tsl(m: ModuleType) -> None:
    notes = m.Notes()
    notes.advance(1)
    notes.append("a")
    notes.resize(3)
    assert (notes.value, len(notes)) == (("a", None, None), 3)
    notes[1].value = "b"
    notes.resize(2)
    assert notes.value == ("a", "b")
    with refused(m, notes, ValueError):
        notes.resize(-1)
    with refused(m, notes, TypeError):
        notes.resize("2")
    prices = m.Prices()  # of a fixed size
    assert not hasattr(prices, "append")
    assert not hasattr(prices, "resize")


def test_tss(m: ModuleType) -> None:
    names = m.Names()
    names.advance(1)
    names.value = {"a", "b"}
    names.advance(2)
    names.add("c")
    names.remove("a")
    assert ("c" in names, "a" in names, len(names)) == (True, False, 2)
    assert sorted(names) == sorted(names.values()) == ["b", "c"]
    assert (set(names.added()), set(names.removed())) == ({"c"}, {"a"})
    assert (names.was_added("c"), names.was_added("b")) == (True, False)
    assert (names.was_removed("a"), names.was_removed("zz")) == (True, False)
    assert (names.delta_value.added, names.delta_value.removed) == ({"c"}, {"a"})
    names.advance(3)
    assert (set(names.added()), names.was_added("c"), names.was_removed("a")) == (set(), False, False)


def test_tsd(m: ModuleType) -> None:
    quotes = m.Quotes()
    quotes.advance(1)
    quotes["b"] = {"bid": 2.0}  # as quotes.get_or_create("b").value = ...
    quotes.value = {"a": {"bid": 1.0}}
    assert ("a" in quotes, "z" in quotes, len(quotes)) == (True, False, 2)
    assert sorted(quotes) == sorted(quotes.keys()) == ["a", "b"]
    assert sorted(child.bid.value for child in quotes.values()) == [1.0, 2.0]
    assert {key: child.bid.value for key, child in quotes.items()} == {"a": 1.0, "b": 2.0}
    assert quotes.get("z") is None
    assert quotes.get("z", 7) == 7
    assert quotes.get("a").bid.value == 1.0
    assert set(quotes.added_keys()) == {"a", "b"}
    assert {key for key, _ in quotes.added_items()} == {"a", "b"}
    assert len(list(quotes.added_values())) == 2
    quotes.advance(2)
    quotes["a"].ask = 3.0
    quotes["b"].bid.invalidate()
    quotes.get_or_create("c")
    assert {key: child.ask.value for key, child in quotes.modified_items()} == {"a": 3.0}
    assert [child.ask.value for child in quotes.modified_values()] == [3.0]
    assert set(quotes.valid_keys()) == {"a", "b"}
    assert {key for key, _ in quotes.valid_items()} == {"a", "b"}
    assert len(list(quotes.valid_values())) == 2
    assert (list(quotes.added_keys()), set(quotes.key_set.added())) == (["c"], {"c"})
    assert quotes.pop("b") == {}
    del quotes["a"]
    assert {key: child.bid.value for key, child in quotes.removed_items()} == {"a": 1.0, "b": None}
    assert set(quotes.removed_keys()) == {"a", "b"}
    assert len(list(quotes.removed_values())) == 2
    assert (quotes.key_set.value, set(quotes.key_set), len(quotes.key_set)) == ({"c"}, {"c"}, 1)
    assert quotes.key_set.was_removed("a")
    assert "c" in quotes.key_set


def test_tsd_removal_through_assignment(m: ModuleType) -> None:
    import hgvalue

    quotes = m.Quotes()
    quotes.advance(1)
    quotes.value = {"a": {"bid": 1.0}, "b": {"bid": 2.0}}
    quotes.value = {"a": hgvalue.REMOVE, "zz": hgvalue.REMOVE_IF_EXISTS}
    assert list(quotes) == ["b"]
    with refused(m, quotes, KeyError, says=("zz",)):
        quotes.value = {"b": {"bid": 3.0}, "zz": hgvalue.REMOVE}


def test_tsw(m: ModuleType) -> None:
    closes = m.Closes()
    closes.advance(1)
    assert (closes.size, closes.min_size, len(closes), closes.first_modified_time) == (3, 2, 0, None)
    for at in range(2, 6):
        closes.advance(at)
        closes.value = float(at)
    assert (list(closes.value), len(closes), closes.delta_value) == ([3.0, 4.0, 5.0], 3, 5.0)
    assert (closes.has_removed_value, closes.removed_value) == (True, 2.0)
    assert closes.first_modified_time == datetime(1970, 1, 1) + timedelta(microseconds=3)
    assert len(closes.value_times) == 3
    with refused(m, closes, TypeError):
        closes.apply_result("x")


def test_window_arrays_are_detached(m: ModuleType) -> None:
    numpy = pytest.importorskip("numpy")
    closes = m.Closes()
    for at in (1, 2):
        closes.advance(at)
        closes.value = float(at)
    seen = closes.value
    closes.advance(3)
    closes.value = 3.0
    closes.value = 4.0
    assert seen.tolist() == [1.0, 2.0]
    if seen.flags.writeable:
        seen[0] = numpy.nan
        assert closes.value.tolist() == [2.0, 3.0, 4.0]
