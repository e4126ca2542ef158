"""`…Value` and `…Delta`: the plain values of time series and changes of them, as classes."""

from __future__ import annotations

import copy
import pickle
import sys
from datetime import datetime
from types import ModuleType

import pytest

import hgvalue

from ..model.generated import load

SCHEMA = """
class Side(Enum):
    BUY = 0
    SELL = 1

class Fill(CompoundScalar):
    price: float
    side: Side = Side.BUY

class Quote(TimeSeriesSchema):
    bid: TS[float]
    ask: TS[float]
    fill: TS[Fill]

class Depth(TimeSeriesSchema):
    best: TSB[Quote]
    levels: TSL[TS[float], Size[2]]
    all: TSL[TSB[Quote]]
    venues: TSS[str]
    trail: TSW[float, Size[3]]
    anonymous: TSB["x": TS[int], "y": TS[str]]

Book = TSD[str, TSB[Depth]]
Main = TSB[Quote]
Names = TSS[str]
"""


@pytest.fixture(scope="module")
def m(backend: str) -> ModuleType:
    module = load(SCHEMA, "plain_values", backend)
    sys.modules.setdefault(module.__name__, module)
    return module


def test_the_value_of_a_bundle_is_a_struct_of_optionals(m: ModuleType) -> None:
    quote = m.QuoteValue(bid=1.5)
    assert (quote.bid, quote.ask, quote.fill) == (1.5, None, None)
    assert quote == m.QuoteValue(bid=1.5)
    assert hash(quote) == hash(m.QuoteValue(bid=1.5))
    assert quote != m.QuoteValue(bid=1.5, ask=2.0)
    assert quote.replace(ask=2.0) == m.QuoteValue(1.5, 2.0)
    assert repr(quote) == "QuoteValue(bid=1.5, ask=None, fill=None)"
    with pytest.raises(hgvalue.FrozenError):
        quote.bid = 2.0
    with pytest.raises(TypeError, match="bid: expected float"):
        m.QuoteValue(bid="x")


def test_its_dict_has_what_is_there(m: ModuleType) -> None:
    depth = m.DepthValue(best={"bid": 1.0}, levels=[1.0, None], all=({"ask": 2.0}, None), venues={"X"})
    assert depth.best == m.QuoteValue(bid=1.0)
    assert depth.to_dict()["best"] == {"bid": 1.0}
    assert set(depth.to_dict()) == {"best", "levels", "all", "venues"}
    assert tuple(depth.levels) == (1.0, None)
    assert depth.all == (m.QuoteValue(ask=2.0), None)
    assert depth.venues == frozenset({"X"})
    assert m.DepthValue.from_dict(depth.to_dict()) == depth
    assert m.DepthValue.from_json(depth.to_json()) == depth


def test_windows_have_their_times(m: ModuleType) -> None:
    depth = m.DepthValue(trail=[(datetime(2020, 1, 1), 1.0), (datetime(2020, 1, 2), 2.0)])
    assert depth.trail == [(datetime(2020, 1, 1), 1.0), (datetime(2020, 1, 2), 2.0)]
    with pytest.raises(ValueError, match="trail"):
        m.DepthValue(trail=[(datetime(2020, 1, 2), 1.0), (datetime(2020, 1, 1), 2.0)])


def test_a_root_of_a_bundle_has_the_classes_of_the_bundle(m: ModuleType) -> None:
    assert m.MainValue is m.QuoteValue
    assert m.MainDelta is m.QuoteDelta


def test_the_value_of_a_dict_is_immutable(m: ModuleType) -> None:
    book = m.BookValue({"A": {"best": {"bid": 1.0}}, "B": None})
    assert book.value == {"A": m.DepthValue(best=m.QuoteValue(bid=1.0)), "B": None}
    assert book == m.BookValue(book.value)
    assert len(book) == 2
    assert "A" in book
    assert "C" not in book
    assert repr(m.BookValue()) == "BookValue({})"
    for write in (
        lambda: setattr(book, "value", {}),
        lambda: book.__setitem__("A", None),
        lambda: book.__delitem__("A"),
        book.reset,
        lambda: setattr(hgvalue.view(book)["A"], "value", None),
    ):
        with pytest.raises(hgvalue.FrozenError):
            write()
    assert len(book) == 2
    with pytest.raises(TypeError, match="bid"):
        m.BookValue({"A": {"best": {"bid": "x"}}})
    assert hgvalue.view(book)["A"]["best"]["bid"].value == 1.0


def test_hash_copy_and_pickle(m: ModuleType) -> None:
    names = m.NamesValue({"a", "b"})
    assert hash(names) == hash(m.NamesValue({"b", "a"}))
    assert {names: 1}[m.NamesValue(["a", "b"] and {"a", "b"})] == 1
    with pytest.raises(TypeError):
        hash(m.BookValue())
    assert copy.copy(names) is names
    assert copy.deepcopy(names) is names
    for value in (names, m.BookValue({"A": {"venues": {"x"}}}), m.QuoteValue(bid=1.0, fill=m.Fill(2.0))):
        assert pickle.loads(pickle.dumps(value)) == value


def test_values_of_bundles_without_a_name_are_pickled(m: ModuleType) -> None:
    depth = m.DepthValue(anonymous={"x": 1, "y": "a"})
    book = m.BookValue({"A": depth})
    for value in (depth, depth.anonymous, book):
        assert pickle.loads(pickle.dumps(value)) == value
    assert type(depth.anonymous).__name__ not in m.__all__


def test_python_forms_and_bytes(m: ModuleType) -> None:
    book = m.BookValue({"A": {"best": {"bid": 1.0, "fill": m.Fill(2.0, m.Side.SELL)}, "venues": {"x"}}})
    assert m.BookValue.from_python(book.to_python()) == book
    assert m.BookValue.decode(book.encode()) == book
    with pytest.raises(hgvalue.FrozenError):
        m.BookValue.decode(book.encode()).reset()
    assert m.BookValue.from_json(book.to_json()) == book
    quote = book.value["A"].best
    assert quote.to_python() == {"bid": 1.0, "fill": m.Fill(2.0, m.Side.SELL)}
    assert m.QuoteValue.from_python(quote.to_python()) == quote
    assert m.QuoteValue.decode(quote.encode()) == quote
    with pytest.raises(hgvalue.DecodeError):
        m.QuoteValue.decode(book.encode())


@pytest.mark.row("D-01", "D-03", "D-04", generated=True)
def test_deltas_have_the_class_of_their_type(m: ModuleType) -> None:
    a = m.BookValue({"A": {"best": {"bid": 1.0}}, "B": {"venues": {"x"}}})
    b = m.BookValue({"A": {"best": {"bid": 2.0, "ask": 3.0}}, "C": {"levels": [1.0, 2.0]}})
    delta = m.BookDelta.from_python(hgvalue.diff(a, b).to_python())
    assert type(delta) is m.BookDelta
    assert delta == hgvalue.diff(a, b)
    assert hgvalue.apply(delta, a) == b
    assert type(hgvalue.apply(delta, a)) is m.BookValue
    assert hgvalue.apply(hgvalue.invert(delta, a), b) == a
    assert m.BookDelta.decode(delta.encode()) == delta
    assert m.BookDelta().empty
    with pytest.raises(hgvalue.FrozenError):
        delta.apply_to(a)
    for given in (hgvalue.diff(a, b), hgvalue.full_delta(a), hgvalue.compose(delta, hgvalue.invert(delta, a))):
        assert type(given) is m.BookDelta
    quote = hgvalue.diff(m.QuoteValue(bid=1.0), m.QuoteValue(ask=2.0))
    for given in (quote, hgvalue.full_delta(m.QuoteValue(bid=1.0)), hgvalue.decode(quote.encode())):
        assert type(given) is m.QuoteDelta
    assert type(hgvalue.diff(a.view(), b.view())) is hgvalue.Delta  # of a type that several roots may share
    assert m.QuoteDelta.decode(quote.encode()) == quote
    assert hgvalue.apply(quote, m.QuoteValue(bid=1.0)) == m.QuoteValue(ask=2.0)


def test_what_equals_a_plain_object_hashes_like_it(m: ModuleType) -> None:
    names = m.NamesValue({"a", "b"})
    assert names == frozenset({"a", "b"})
    assert hash(names) == hash(frozenset({"a", "b"}))
    for plain in (1, "text", 2.5, True, (1, "x"), datetime(2020, 1, 1), b"bytes", frozenset({1, 2})):
        view = hgvalue.Value(plain).view()
        assert view == plain
        assert hash(view) == hash(plain)
    nan = [hgvalue.Value(float("nan")).view() for _ in range(2)]
    assert nan[0] == nan[1]
    assert hash(nan[0]) == hash(nan[1])


def test_a_snapshot_is_a_plain_value_and_can_be_loaded(m: ModuleType) -> None:
    book = m.Book()
    assert book.snapshot() is None
    book.advance(1)
    book.value = {"A": {"best": {"bid": 1.0}, "venues": {"x"}, "trail": 2.0}}
    book.advance(2)
    book.get_or_create("B")
    book["A"].trail = 3.0
    taken = book.snapshot()
    assert type(taken) is m.BookValue
    assert taken.value["B"] is None
    assert [value for _, value in taken.value["A"].trail] == [2.0, 3.0]
    follower = m.Book()
    with pytest.raises(hgvalue.StateError):
        follower.load(taken)
    follower.advance(5)
    follower.load(taken)
    assert follower.snapshot() == taken
    assert follower["A"].best.bid.last_modified_time == follower.last_modified_time
    assert follower["A"].trail.last_modified_time == follower.last_modified_time
    assert list(follower["A"].trail.value_times) == list(book["A"].trail.value_times)
    with pytest.raises(TypeError, match="bid"):
        follower.load({"A": {"best": {"bid": "x"}}})
    assert follower.snapshot() == taken
    follower.advance(6)
    follower.load({"C": None})
    assert list(follower.keys()) == ["C"]
    follower.load(None)
    assert not follower.valid
    assert type(book["A"].snapshot()) is m.DepthValue
    assert type(book["A"].best.snapshot()) is m.QuoteValue
    assert book["A"].venues.snapshot() == {"x"}
