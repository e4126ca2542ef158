"""Bound inputs: what fits what, what is read through one, and what happens when it gets another output."""

from __future__ import annotations

import gc
import weakref
from types import ModuleType
from typing import Any

import pytest

from ..model.generated import load

pytestmark = [pytest.mark.row("T-11"), pytest.mark.row("T-12")]

SCHEMA = """
class Quote(TimeSeriesSchema):
    bid: TS[float]
    ask: TS[float]

class Linked(TimeSeriesSchema):
    bid: REF[TS[float]]
    ask: TS[float]

class Holder(TimeSeriesSchema):
    names: TSS[str]
    thing: TS[object]

type Price = TS[float]
type Count = TS[int]
type Follow = REF[TS[float]]
type FollowQuote = REF[TSB[Quote]]
type FollowBoard = REF[TSD[str, TSB[Quote]]]
type Board = TSD[str, TSB[Quote]]
type LinkedBoard = TSD[str, TSB[Linked]]
type Names = TSS[str]
"""


@pytest.fixture(scope="session")
def outs(backend: str) -> ModuleType:
    return load(SCHEMA, "inputs", backend)


@pytest.fixture
def clock() -> Any:
    import hgvalue

    return hgvalue.EvaluationClock()


def test_match_schemas(outs: ModuleType, clock: Any) -> None:
    from hgvalue import SchemaMatch, match_schemas

    assert match_schemas(outs.Price, outs.Price) is SchemaMatch.Peer
    assert match_schemas(outs.Price, outs.Follow) is SchemaMatch.Deref
    assert match_schemas(outs.Quote, outs.Linked) == "Composite"
    assert match_schemas(outs.Board, outs.LinkedBoard) is SchemaMatch.Composite
    assert match_schemas(outs.Board, outs.FollowBoard) is SchemaMatch.Deref
    assert match_schemas(outs.Price, outs.Count) is SchemaMatch.Mismatch
    assert match_schemas(outs.Price, outs.Quote(clock).bid) is SchemaMatch.Peer
    assert match_schemas(outs.Price, outs.Linked(clock).bid) is SchemaMatch.Deref
    with pytest.raises(TypeError, match="a class of a schema"):
        match_schemas(outs.Price, 5)


def test_peer_reads_as_its_output(outs: ModuleType, clock: Any) -> None:
    import hgvalue

    board = outs.Board(clock)
    seen = hgvalue.bind(outs.Board, board)  # before the first tick
    assert isinstance(seen, hgvalue.BoundValue)
    assert isinstance(seen, hgvalue.TSD)
    assert (seen.kind, seen.bound, seen.active, seen.valid, seen.sampled) == ("Peer", True, True, False, False)
    clock.advance(1)
    board.value = {"a": {"bid": 1.0}}
    assert (seen.value, seen.delta_value, seen.modified, seen.sampled) == (board.value, board.delta_value, True, False)
    assert (seen["a"].bid.value, seen.schema, seen.output is board) == (1.0, "TSD[str, TSB[Quote]]", True)
    clock.advance(2)
    assert (seen.modified, seen.delta_value, seen.valid) == (False, None, True)
    for write in (lambda: setattr(seen, "value", {}), seen.clear, seen.invalidate, lambda: seen.pop("a")):
        with pytest.raises(TypeError, match="cannot be written"):
            write()
    assert board.value == {"a": {"bid": 1.0}}


def test_deref_follows_the_reference(outs: ModuleType, clock: Any) -> None:
    import hgvalue

    quote, follow = outs.Quote(clock), outs.Follow(clock)
    seen = hgvalue.bind(outs.Price, follow)
    assert (seen.kind, seen.valid, seen.bound) == ("Deref", False, True)
    clock.advance(1)
    quote.value = {"bid": 1.0, "ask": 2.0}
    follow.bind(quote.bid)
    assert (seen.value, seen.modified, seen.sampled, seen.previous_target) == (1.0, True, True, None)
    clock.advance(2)
    follow.bind(quote.ask)
    assert (seen.value, seen.delta_value, seen.sampled, seen.previous_target == quote.bid) == (2.0, 2.0, True, True)
    clock.advance(3)
    quote.bid = 5.0
    assert (seen.modified, seen.sampled, seen.previous_target) == (False, False, None)
    quote.ask = 6.0
    assert (seen.delta_value, seen.sampled) == (6.0, False)


def test_composite_reads_references_as_their_targets(outs: ModuleType, clock: Any) -> None:
    import hgvalue

    linked, quote = outs.Linked(clock), outs.Quote(clock)
    seen = hgvalue.bind(outs.Quote, linked)
    assert seen.kind is hgvalue.SchemaMatch.Composite
    clock.advance(1)
    linked.ask = 2.0
    quote.bid = 1.0
    linked.bid.bind(quote.bid)
    assert (seen.value, seen.bid.value, seen.modified_keys()) == ({"bid": 1.0, "ask": 2.0}, 1.0, ["bid", "ask"])
    clock.advance(2)
    quote.bid = 3.0
    assert (seen.modified, seen.delta_value) == (True, {"bid": 3.0})


def test_rebind_samples_and_gives_the_difference(outs: ModuleType, clock: Any) -> None:
    import hgvalue

    first, second = outs.Board(clock), outs.Board(clock)
    names, others = outs.Names(clock), outs.Names(clock)
    clock.advance(1)
    first.value, second.value = {"a": {"bid": 1.0}, "b": {"bid": 2.0}}, {"b": {"bid": 3.0}}
    names.value, others.value = {"x", "y"}, {"y", "z"}
    seen, seen_names = hgvalue.bind(outs.Board, first), hgvalue.bind(outs.Names, names)
    clock.advance(2)
    seen.rebind(second)
    seen_names.rebind(others)
    assert (seen.sampled, seen.modified, seen.previous_target == first) == (True, True, True)
    assert seen.delta_value == {"a": hgvalue.REMOVE, "b": {"bid": 3.0}}
    assert seen_names.delta_value == hgvalue.set_delta(added={"z"}, removed={"x"})
    clock.advance(3)
    assert (seen.sampled, seen.modified, seen.value) == (False, False, second.value)
    seen.unbind()
    assert (seen.bound, seen.valid, seen.output, seen.removed_keys()) == (False, False, None, ["b"])
    clock.advance(4)
    seen.rebind(first)
    assert (seen.bound, seen.delta_value) == (True, {"a": {"bid": 1.0}, "b": {"bid": 2.0}})


def test_a_mismatch_names_both_schemas_and_changes_nothing(outs: ModuleType, clock: Any) -> None:
    import hgvalue

    with pytest.raises(TypeError, match=r"TS\[float\].*TS\[int\]"):
        hgvalue.bind(outs.Price, outs.Count(clock))
    quote = outs.Quote(clock)
    seen = hgvalue.bind(outs.Price, quote.bid)
    with pytest.raises(TypeError, match=r"TS\[float\].*TSB\[Quote\]"):
        seen.rebind(quote)
    with pytest.raises(ValueError, match="one clock"):
        seen.rebind(outs.Price())
    with pytest.raises(TypeError, match="a time series, got int"):
        hgvalue.bind(outs.Price, 5)
    assert (seen.bound, seen.kind, seen.output == quote.bid) == (True, "Peer", True)


def test_a_passive_input_tells_nobody(outs: ModuleType, clock: Any) -> None:
    import hgvalue

    price, other = outs.Price(clock), outs.Price(clock)
    seen = hgvalue.bind(price, price)
    told: list[Any] = []
    seen.subscribe(told.append)
    seen.subscribe(told.append, "write")
    clock.advance(1)
    price.value = 1.0
    other.value = 5.0
    clock.advance(2)
    assert [change.kind for change in told] == ["modified", "modified"]
    del told[:]

    seen.make_passive()
    price.value = 2.0
    assert (seen.active, seen.modified, seen.value) == (False, True, 2.0)  # it reads the same
    clock.advance(3)
    price.invalidate()
    clock.advance(4)
    seen.rebind(other)
    assert (seen.sampled, seen.modified) == (True, True)
    clock.advance(5)
    seen.unbind()
    seen.rebind(price)
    clock.advance(6)
    assert told == []

    price.value = 3.0
    seen.make_active()  # in a tick of its own: told at once, and when the tick ends
    assert (seen.active, len(told)) == (True, 1)
    seen.make_active()
    clock.advance(7)
    assert len(told) == 2
    seen.make_passive()
    seen.make_active()  # nothing ticked
    clock.advance(8)
    assert len(told) == 2
    price.value = 4.0
    clock.advance(9)
    assert len(told) == 4


def test_an_input_of_a_reference_to_parts(outs: ModuleType, clock: Any) -> None:
    import hgvalue

    quote, linked = outs.Quote(clock), outs.FollowQuote(clock)
    seen = hgvalue.bind(outs.Quote, linked)
    clock.advance(1)
    quote.value = {"bid": 1.0, "ask": 2.0}
    linked.bind({"bid": quote.ask, "ask": quote.bid})
    assert (seen.kind, seen.value, seen.sampled) == ("Deref", {"bid": 2.0, "ask": 1.0}, True)
    clock.advance(2)
    quote.ask = 3.0
    assert (seen.delta_value, seen.sampled) == ({"bid": 3.0}, False)
    with pytest.raises(TypeError, match="cannot be written"):
        seen.bid.bind(quote.bid)


def test_an_input_keeps_its_output_and_cycles_are_collected(outs: ModuleType, clock: Any) -> None:
    import hgvalue

    holder = outs.Holder(clock)
    seen = hgvalue.bind(outs.Names, holder.names)
    clock.advance(1)
    holder.names.value = {"x"}
    holder.thing = [seen]
    alive = weakref.ref(holder)
    del holder
    gc.collect()
    assert alive() is not None
    assert seen.value == {"x"}
    del seen
    gc.collect()
    assert alive() is None
