"""What every node has: routes of writing, copying, where it stands, and text."""

from __future__ import annotations

from types import ModuleType

import pytest

from .surface import DEPTH, depth, whole_state

pytestmark = [pytest.mark.row("T-13"), pytest.mark.row("T-13", generated=True)]


def test_module(m: ModuleType, backend: str) -> None:
    assert m.__backend__ == backend
    assert len(m.__fingerprint__) == 16
    assert "class Quote(TimeSeriesSchema)" in m.__schema__
    assert m.Quote.__doc__ == "Two prices."


@pytest.mark.parametrize("route", ["value", "apply_result", "attribute", "item", "index"])
def test_routes_of_writing(m: ModuleType, route: str) -> None:
    quote = m.Quote()
    quote.advance(1)
    match route:
        case "value":
            quote.bid.value = 1.5
        case "apply_result":
            quote.bid.apply_result(1.5)
        case "attribute":
            quote.bid = 1.5
        case "item":
            quote["bid"].value = 1.5
        case "index":
            quote[0].value = 1.5
    assert (quote.value, quote.delta_value, quote.modified) == ({"bid": 1.5}, {"bid": 1.5}, True)
    assert quote.bid.last_modified_time == quote.last_modified_time
    assert not quote.ask.modified


@pytest.mark.row("T-09")
@pytest.mark.row("T-09", generated=True)
def test_apply_result_none_does_nothing(m: ModuleType) -> None:
    root = depth(m)
    root.advance(2)
    before = whole_state(m, root)
    root.apply_result(None)
    root.quote.apply_result(None)
    root.quote.bid.apply_result(None)
    assert whole_state(m, root) == before


def test_can_apply_result_changes_nothing(m: ModuleType) -> None:
    root = depth(m)
    root.advance(2)
    before = whole_state(m, root)
    assert root.quote.bid.can_apply_result(1.0) is True
    assert root.can_apply_result({"quote": {"bid": 1.0}}) is True
    assert whole_state(m, root) == before


def test_mark_modified(m: ModuleType) -> None:
    root = depth(m)
    root.advance(2)
    root.quote.bid.mark_modified()
    assert (root.quote.bid.modified, root.quote.modified, root.modified) == (True, True, True)
    assert root.delta_value == {"quote": {"bid": 1.0}}
    assert (root.quote.ask.modified, root.flags.modified) == (False, False)
    assert root.quote.bid.last_modified_time == root.last_modified_time == root.clock.now


@pytest.mark.row("T-09")
@pytest.mark.row("T-09", generated=True)
def test_copy_from(m: ModuleType) -> None:
    source, target = depth(m), m.Depth()
    target.advance(7)
    target.flags = {"old"}
    target.sizes = {9: 9}
    target.advance(8)
    target.copy_from(source)
    assert target.value["sizes"] == DEPTH["sizes"]
    assert target.value["flags"] == DEPTH["flags"]
    assert target.value["levels"] == source.value["levels"]
    assert target.quote.value == source.quote.value
    assert target.quote.bid.last_modified_time == target.clock.now
    assert (target.flags.added(), target.flags.removed()) == ({"x", "y"}, {"old"})
    target.quote.bid = 9.0
    assert source.quote.bid.value == 1.0
    with pytest.raises(TypeError):
        target.quote.copy_from(source.flags)


@pytest.mark.row("T-17")
def test_path_owner_and_schema(m: ModuleType) -> None:
    book = m.Book()
    book.advance(1)
    book.value = {"AAPL": {"quote": {"bid": 1.0}, "levels": (None, {"ask": 1.0}, None)}}
    bid = book["AAPL"].quote.bid
    assert all(word in str(bid.path) for word in ("AAPL", "quote", "bid"))
    assert str(bid.path) != str(book["AAPL"].quote.ask.path)
    assert "1" in str(book["AAPL"].levels[1].ask.path)
    owner = bid
    for _ in range(4):
        owner = owner.owner if owner.owner is not None else owner
    assert owner is book
    assert book.schema is not None
    assert "float" in str(bid.schema)
    assert str(m.Book().schema) == str(book.schema)


@pytest.mark.row("T-14")
def test_text(m: ModuleType) -> None:
    root = depth(m)
    root.quote.bid = 1234.5
    text = root.to_debug_string()
    assert "1234.5" in text
    assert "bid" in text
    assert "1234.5" in root.quote.bid.to_debug_string()
    assert m.Book().to_debug_string()
    assert "Quote" in repr(m.Quote())
    assert "1234.5" in repr(root.quote.bid)


def test_unknown_attributes(m: ModuleType) -> None:
    quote = m.Quote()
    quote.advance(1)
    with pytest.raises(AttributeError, match="nope"):
        quote.nope = 1.0
    with pytest.raises(AttributeError, match="nope"):
        _ = quote.nope
    with pytest.raises(AttributeError):
        del quote.bid
    with pytest.raises(AttributeError):
        quote.bid.modified = True
    with pytest.raises(AttributeError):
        quote.delta_value = {}
    assert not quote.valid
