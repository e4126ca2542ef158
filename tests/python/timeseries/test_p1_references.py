"""Rule 13: references. The recorded cases say what one that stands alone reads; these, what it does inside others."""

from __future__ import annotations

import gc
import weakref
from types import ModuleType
from typing import Any

import pytest

from ..model.generated import load

pytestmark = pytest.mark.row("T-10")

SCHEMA = '''
class Quote(TimeSeriesSchema):
    bid: TS[float]
    ask: TS[float]

class Watch(TimeSeriesSchema):
    """Refers to parts of a board."""
    price: REF[TS[float]]
    quote: REF[TSB[Quote]]
    board: REF[TSD[str, TSB[Quote]]]
    names: REF[TSS[str]]
    beat: REF[SIGNAL]
    last: REF[TSW[float, Size[3]]]
    pair: REF[TSL[TS[float], Size[2]]]
    notes: REF[TSL[TS[str]]]
    count: TS[int]

class Sources(TimeSeriesSchema):
    names: TSS[str]
    beat: SIGNAL
    last: TSW[float, Size[3]]
    pair: TSL[TS[float], Size[2]]
    notes: TSL[TS[str]]
    thing: TS[object]

type Board = TSD[str, TSB[Quote]]
type Book = TSD[str, REF[TS[float]]]
type Follow = REF[TS[float]]
type Pair = TSL[REF[TS[float]], Size[2]]
type Recent = TSD[str, REF[TSW[float, timedelta(microseconds=2)]]]
type Groups = TSD[str, TSS[str]]
type FollowGroups = REF[TSD[str, TSS[str]]]
type Latest = TSW[float, timedelta(microseconds=2)]
'''


@pytest.fixture(scope="session")
def refs(backend: str) -> ModuleType:
    return load(SCHEMA, "refs", backend)


@pytest.fixture
def clock() -> Any:
    import hgvalue

    clock = hgvalue.EvaluationClock()
    clock.advance(1)
    return clock


@pytest.fixture
def board(refs: ModuleType, clock: Any) -> Any:
    board = refs.Board(clock)
    board.value = {"a": {"bid": 1.0, "ask": 2.0}, "b": {"bid": 3.0}}
    return board


def test_p1_13_a_member_reads_as_its_target(refs: ModuleType, clock: Any, board: Any) -> None:
    import hgvalue

    watch = refs.Watch(clock)
    assert (watch.price.value, watch.price.valid, watch.price.is_empty, watch.price.target) == (None, False, True, None)
    watch.price.bind(board["a"].bid)
    watch.quote.bind(board["a"])
    assert isinstance(watch.price, hgvalue.REF)
    assert isinstance(watch.price, hgvalue.TS)
    assert isinstance(watch.quote, refs.Quote)
    assert (watch.price.value, watch.price.delta_value, watch.price.is_valid, watch.price.is_empty) == (
        1,
        1,
        True,
        False,
    )
    assert (watch.quote.bid.value, watch.quote["ask"].value, watch.quote.value) == (1.0, 2.0, {"bid": 1.0, "ask": 2.0})
    assert (watch.value, watch.delta_value) == (
        {"price": 1.0, "quote": {"bid": 1.0, "ask": 2.0}},
        {"price": 1.0, "quote": {}},
    )
    assert watch.modified_keys() == ["price", "quote"]
    assert watch.price.target == board["a"].bid
    assert (watch.price.path, watch.price.schema) == ("Watch.price", "REF[TS[float]]")
    assert (watch.quote.bid.path, watch.quote.schema) == ("Watch.quote.bid", "REF[TSB[Quote]]")


def test_p1_13_a_tick_of_the_target_stamps_reference_and_ancestors(refs: ModuleType, clock: Any, board: Any) -> None:
    watch = refs.Watch(clock)
    watch.price.bind(board["a"].bid)
    watch.board.bind(board)
    clock.advance(2)
    assert (watch.modified, watch.price.modified) == (False, False)
    board["b"].ask = 4.0
    assert (watch.modified_keys(), watch.delta_value) == (["board"], {"board": {"b": {"ask": 4.0}}})
    board["a"].bid = 5.0
    assert watch.modified_keys() == ["price", "board"]
    assert watch.delta_value == {"price": 5.0, "board": {"a": {"bid": 5.0}, "b": {"ask": 4.0}}}
    clock.advance(3)
    board["a"].bid.invalidate()
    assert (watch.price.valid, watch.price.modified, watch.modified, watch.valid) == (False, False, False, True)


def test_p1_13_binding_to_an_invalid_target_does_not_tick(refs: ModuleType, clock: Any, board: Any) -> None:
    watch = refs.Watch(clock)
    watch.price.bind(board["b"].ask)
    assert (watch.modified, watch.valid, watch.price.valid, watch.price.is_empty) == (False, False, False, False)
    board["b"].ask = 1.0
    assert (watch.modified, watch.price.value) == (True, 1.0)
    clock.advance(2)
    board.get_or_create("c")
    watch.price.bind(board["c"].bid)
    assert (watch.price.valid, watch.price.value, watch.price.modified, watch.modified) == (False, None, False, False)


def test_p1_13_unbinding_a_dict_removes_what_was_visible(refs: ModuleType, clock: Any, board: Any) -> None:
    import hgvalue

    watch = refs.Watch(clock)
    watch.board.bind(board)
    clock.advance(2)
    watch.board.clear()
    assert (watch.board.modified, watch.board.valid, watch.modified) == (True, False, True)
    assert watch.board.delta_value == {"a": hgvalue.REMOVE, "b": hgvalue.REMOVE}
    assert watch.delta_value == {"board": {"a": hgvalue.REMOVE, "b": hgvalue.REMOVE}}
    assert sorted(watch.board.removed_keys()) == ["a", "b"]
    assert {key: child.value for key, child in watch.board.removed_items()} == board.value
    clock.advance(3)
    assert (watch.board.modified, watch.board.removed_keys(), len(watch.board)) == (False, [], 0)


def test_p1_13_rebinding_gives_a_list_whole_and_a_set_its_difference(refs: ModuleType, clock: Any) -> None:
    import hgvalue

    first, second, watch = refs.Sources(clock), refs.Sources(clock), refs.Watch(clock)
    first.value = {"names": {"x", "y"}, "pair": (1.0, 2.0), "notes": ("a", "b"), "last": 1.0, "beat": True}
    second.value = {"names": {"y", "z"}, "pair": (1.0, None), "notes": ("c",), "last": 2.0, "beat": True}
    for name in ("names", "pair", "notes", "last", "beat"):
        watch[name].bind(first[name])
    assert watch.pair.delta_value == {0: 1.0, 1: 2.0}
    assert watch.names.delta_value == hgvalue.set_delta(added={"x", "y"}, removed=())
    clock.advance(2)
    for name in ("names", "pair", "notes", "last", "beat"):
        watch[name] = second[name]
    assert watch.pair.delta_value == {0: 1.0}
    assert watch.notes.delta_value == {0: "c", 1: hgvalue.REMOVE}
    assert watch.names.delta_value == hgvalue.set_delta(added={"z"}, removed={"x"})
    assert (watch.names.was_added("z"), watch.names.was_added("y"), watch.names.was_removed("x")) == (True, False, True)
    assert (watch.last.delta_value, watch.beat.delta_value) == (2.0, True)


def test_p1_13_changes_of_the_old_target_count_from_the_start_of_the_tick(refs: ModuleType, clock: Any) -> None:
    first, second, watch = refs.Sources(clock), refs.Sources(clock), refs.Watch(clock)
    first.names = {"x", "y"}
    second.names = {"y"}
    watch.names.bind(first.names)
    clock.advance(2)
    first.names.remove("x")
    first.names.add("w")
    watch.names.bind(second.names)
    assert (watch.names.added(), watch.names.removed()) == (frozenset(), {"x"})


def test_p1_13_children_of_the_old_target_count_from_the_start_of_the_tick(refs: ModuleType, clock: Any) -> None:
    first, second, follow = refs.Groups(clock), refs.Groups(clock), refs.FollowGroups(clock)
    first.value = {"gone": {"x", "y"}, "back": {"x", "y"}, "kept": {"x", "y"}}
    second.value = {key: {"y"} for key in first}
    follow.bind(first)
    clock.advance(2)
    del first["gone"], first["back"]
    first["kept"].remove("x")
    first["back"] = {"z"}
    follow.bind(second)
    for key, child in follow.items():
        assert (key, child.removed(), child.added()) == (key, {"x"}, frozenset())
        assert follow.delta_value[key].removed == child.delta_value.removed == {"x"}


def test_p1_13_a_target_on_another_clock(refs: ModuleType, clock: Any) -> None:
    other = refs.Board()
    other.advance(1)
    watch = refs.Watch(clock)
    with pytest.raises(ValueError, match="one clock"):
        watch.board.bind(other)
    assert (watch.board.is_empty, watch.modified) == (True, False)


def test_p1_13_a_target_of_another_schema_names_both(refs: ModuleType, clock: Any, board: Any) -> None:
    watch = refs.Watch(clock)
    with pytest.raises(TypeError, match=r"REF\[TS\[float\]\].*TSB\[Quote\]"):
        watch.price.bind(board["a"])
    with pytest.raises(TypeError, match="a time series to refer to, got float"):
        watch.price.bind(1.0)
    with pytest.raises(TypeError, match="key_set"):
        watch.names.bind(board.key_set)
    assert (watch.price.is_empty, watch.modified) == (True, False)


def test_p1_13_what_is_read_through_a_reference_is_not_written(refs: ModuleType, clock: Any, board: Any) -> None:
    watch = refs.Watch(clock)
    watch.board.bind(board)
    watch.quote.bind(board["a"])
    before = board.value
    for write in (
        lambda: setattr(watch.quote, "bid", 7.0),
        lambda: watch.quote.bid.apply_result(7.0),
        lambda: watch.board.__setitem__("a", {"bid": 7.0}),
        lambda: watch.board.__delitem__("a"),
        lambda: watch.board.pop("a"),
        lambda: watch.board.get_or_create("z"),
        lambda: watch.board["a"].clear(),
        lambda: watch.price.apply_result(7.0),
    ):
        with pytest.raises(TypeError):
            write()
    assert board.value == before
    with pytest.raises(RuntimeError):
        watch.quote.mark_modified()


def test_p1_13_references_in_dicts_and_lists(refs: ModuleType, clock: Any, board: Any) -> None:
    import hgvalue

    book, pair = refs.Book(clock), refs.Pair(clock)
    book.value = {"x": board["a"].bid, "y": board["b"].bid}
    pair.value = (board["a"].ask, None)
    assert (book.value, book.delta_value, pair.value) == ({"x": 1.0, "y": 3.0}, {"x": 1.0, "y": 3.0}, (2.0, None))
    clock.advance(2)
    board["a"].value = {"bid": 5.0, "ask": 6.0}
    assert (book.delta_value, book.modified_keys(), pair.delta_value) == ({"x": 5.0}, ["x"], {0: 6.0})
    clock.advance(3)
    held = book["x"]
    del book["x"]
    assert book.delta_value == {"x": hgvalue.REMOVE}
    assert {key: child.value for key, child in book.removed_items()} == {"x": 5.0}
    board["a"].bid = 8.0  # the removed one does not follow any more
    assert (book.modified_keys(), book.delta_value) == ([], {"x": hgvalue.REMOVE})
    with pytest.raises(hgvalue.StaleReferenceError):
        _ = held.value
    with pytest.raises(TypeError, match="Book"):
        book.value = {"z": 1.0}
    assert "z" not in book


def test_p1_13_left_out_of_copies(refs: ModuleType, clock: Any, board: Any) -> None:
    watch, copy = refs.Watch(clock), refs.Watch(clock)
    watch.price.bind(board["a"].bid)
    watch.count = 1
    copy.quote.bind(board["a"])
    copy.copy_from(watch)
    assert (copy.count.value, copy.price.is_empty, copy.quote.value) == (1, True, {"bid": 1.0, "ask": 2.0})


def test_p1_13_a_chain_of_references(refs: ModuleType, clock: Any, board: Any) -> None:
    first, second = refs.Follow(clock), refs.Follow(clock)
    second.bind(first)
    with pytest.raises(ValueError, match="itself"):
        first.bind(second)
    first.bind(board["a"].bid)
    assert (second.value, second.modified, second.target is first) == (1.0, True, True)
    clock.advance(2)
    first.bind(board["b"].bid)
    assert (second.value, second.delta_value) == (3.0, 3.0)
    first.value = None
    assert (second.valid, second.is_empty, first.is_empty) == (False, False, True)


def test_p1_13_letting_go_of_a_set_that_was_empty_when_the_tick_began(refs: ModuleType, clock: Any) -> None:
    source, watch = refs.Sources(clock), refs.Watch(clock)
    watch.names.bind(source.names)
    clock.advance(2)
    source.names.add("x")
    source.names.add("y")
    source.names.remove("y")
    watch.names.clear()
    assert (watch.names.modified, watch.names.delta_value) == (False, None)  # nothing was visible
    source.names.add("z")
    watch.names.bind(source.names)
    clock.advance(3)
    source.names.remove("x")
    source.names.add("w")
    watch.names.clear()
    assert (watch.names.modified, watch.names.removed()) == (True, {"x", "z"})


def test_p1_13_a_window_without_elements_is_in_no_delta(refs: ModuleType, clock: Any) -> None:
    window, recent = refs.Latest(clock), refs.Recent(clock)
    window.value = 1.0
    recent.get_or_create("x")
    clock.advance(9)  # the element is too old by now
    recent["x"].bind(window)
    assert (recent["x"].modified, recent["x"].delta_value, recent.delta_value) == (True, None, {})
    window.value = 2.0
    assert (recent["x"].delta_value, recent.delta_value) == (2.0, {"x": 2.0})
    clock.advance(10)
    window.clear()
    assert (recent["x"].modified, recent.delta_value) == (True, {})


def test_p1_13_a_set_that_goes_in_the_tick_in_which_it_is_let_go_of(refs: ModuleType, clock: Any) -> None:
    groups, watch = refs.Groups(clock), refs.Watch(clock)
    groups.value = {"x": {"a"}}
    watch.names.bind(groups["x"])
    clock.advance(2)
    watch.names.clear()
    groups.clear()
    assert (watch.names.delta_value, watch.delta_value) == (None, {})


def test_p1_10_what_is_below_an_empty_reference_has_no_delta(refs: ModuleType, clock: Any, board: Any) -> None:
    watch = refs.Watch(clock)
    watch.board.bind(board)
    watch.notes.bind(refs.Sources(clock).notes)
    watch.quote.bind(board["a"])
    clock.advance(2)
    watch.quote.clear()
    assert (watch.quote.bid.modified, watch.quote.bid.delta_value, watch.quote.delta_value) == (False, None, None)


# -- what goes ---------------------------------------------------------------------------------------------------------


def test_a_target_that_goes_leaves_an_empty_reference(refs: ModuleType, clock: Any) -> None:
    board = refs.Board(clock)
    board.value = {"a": {"bid": 1.0}, "b": {"bid": 3.0}}
    watch = refs.Watch(clock)
    watch.price.bind(board["a"].bid)
    watch.quote.bind(board["a"])
    watch.board.bind(board)
    bid = watch.quote.bid
    clock.advance(2)
    del board["a"]
    assert (watch.price.is_empty, watch.price.value, watch.quote.valid, bid.value) == (True, None, False, None)
    assert sorted(watch.board) == ["b"]
    child = watch.board["b"]
    del board
    gc.collect()
    assert (watch.board.is_empty, watch.board.target, len(watch.board), watch.value) == (True, None, 0, {})
    with pytest.raises(RuntimeError):
        _ = child.value


def test_a_tick_of_the_target_lets_go_of_references_that_were_removed(refs: ModuleType, clock: Any, board: Any) -> None:
    book = refs.Book(clock)
    bid = board["a"].bid
    book.value = {key: bid for key in "uvwxyz"}
    for at, gone in enumerate(("u", "xz", "v"), start=2):
        clock.advance(2 * at)
        for key in gone:
            book[key].bind(board["b"].bid)
            book[key].bind(bid)
            del book[key]
        clock.advance(2 * at + 1)
        bid.value = float(at)  # which begins a tick of the book, too
        assert book.value == book.delta_value == dict.fromkeys(book, float(at))
    assert sorted(book) == ["w", "y"]


def test_a_reference_keeps_nothing_alive(refs: ModuleType, clock: Any) -> None:
    source, watch = refs.Sources(clock), refs.Watch(clock)
    source.thing = [watch]  # and what it holds may refer back
    watch.names.bind(source.names)
    alive = weakref.ref(source)
    del source
    gc.collect()
    assert alive() is None
    assert watch.names.is_empty


def test_a_cycle_with_a_reference_is_collected(refs: ModuleType, clock: Any) -> None:
    source, watch = refs.Sources(clock), refs.Watch(clock)
    watch.names.bind(source.names)
    source.thing = [watch, source]
    alive = weakref.ref(watch), weakref.ref(source)
    del source, watch
    gc.collect()
    assert [one() for one in alive] == [None, None]


def test_an_element_belongs_to_the_target_it_was_read_from(refs: ModuleType, clock: Any, board: Any) -> None:
    import hgvalue

    other = refs.Board(clock)
    other.value = {"z": {"bid": 9.0}, "a": {"bid": 8.0}}
    watch = refs.Watch(clock)
    watch.board.bind(board)
    child = watch.board["a"]
    assert child.bid.value == 1.0
    watch.board.bind(other)
    with pytest.raises(hgvalue.StaleReferenceError, match="refers to something else"):
        _ = child.bid.value
    assert watch.board["a"].bid.value == 8.0


def test_the_stubs_names_are_there() -> None:
    import hgvalue

    for name in ("TS", "SIGNAL", "TSL", "DynamicTSL", "TSS", "TSD", "TSW"):
        assert issubclass(getattr(hgvalue, f"Ref{name}"), (hgvalue.REF, getattr(hgvalue, name)))


# -- references to parts ----------------------------------------------------------------------------------------------


def test_a_reference_to_parts(refs: ModuleType, clock: Any) -> None:
    one, other, watch = refs.Quote(clock), refs.Quote(clock), refs.Watch(clock)
    one.value = {"bid": 1.0, "ask": 2.0}
    other.value = {"bid": 3.0, "ask": 4.0}
    assert len(watch.quote.items) == 0
    watch.quote.bind({"bid": one.bid, "ask": other.ask})
    assert (watch.quote.value, watch.quote.valid, watch.modified) == ({"bid": 1.0, "ask": 4.0}, True, True)
    assert (watch.quote.is_empty, watch.quote.is_valid, watch.quote.target) == (False, True, None)
    assert [item.target for item in watch.quote.items] == [one.bid, other.ask]
    assert (len(watch.quote.items), watch.quote.items["ask"].target, watch.quote.items[-1].value) == (2, other.ask, 4.0)
    assert watch.quote.schema == "REF[TSB[Quote]]"
    assert watch.quote.items() == [("bid", watch.quote.bid), ("ask", watch.quote.ask)]  # what it reads as
    clock.advance(2)
    other.ask = 5.0
    one.ask = 9.0  # nobody refers to it
    assert (watch.quote.delta_value, watch.quote.modified_keys(), watch.modified_keys()) == (
        {"ask": 5.0},
        ["ask"],
        ["quote"],
    )
    clock.advance(3)
    watch.quote.items[0] = other.bid
    assert (watch.quote.value, watch.quote.delta_value) == ({"bid": 3.0, "ask": 5.0}, {"bid": 3.0})
    watch.quote.items[0].clear()
    assert (watch.quote.value, watch.quote.items[0].is_empty) == ({"ask": 5.0}, True)
    watch.quote.items["bid"] = None
    clock.advance(4)
    watch.quote.bind(one)
    assert (watch.quote.value, watch.quote.target == one, len(watch.quote.items)) == ({"bid": 1.0, "ask": 9.0}, True, 0)
    watch.quote.bind({"ask": other.bid})
    watch.quote.clear()
    assert (watch.quote.is_empty, watch.quote.value) == (True, None)


def test_a_list_of_references(refs: ModuleType, clock: Any) -> None:
    quote, watch = refs.Quote(clock), refs.Watch(clock)
    quote.value = {"bid": 1.0, "ask": 2.0}
    watch.pair.bind([quote.ask, quote.bid])
    assert watch.pair.value == (2.0, 1.0)
    with pytest.raises(TypeError, match="a time series to refer to"):
        watch.pair = [quote.ask, quote.bid]  # a value is none
    assert watch.pair.items() == [(0, watch.pair[0]), (1, watch.pair[1])]
    watch.pair.bind((watch.price, None))
    assert (watch.pair.value, watch.pair.valid) == (None, False)
    watch.price.bind(quote.bid)
    assert (watch.pair.value, watch.pair.delta_value) == ((1.0, None), {0: 1.0})


def test_handles_below_a_reference_that_turns_to_parts(refs: ModuleType, clock: Any) -> None:
    one, other, watch = refs.Quote(clock), refs.Quote(clock), refs.Watch(clock)
    one.value = {"bid": 1.0, "ask": 2.0}
    other.value = {"bid": 3.0, "ask": 4.0}
    watch.quote.bind(one)
    plain = watch.quote.bid  # the handle of a TS
    watch.quote.bind({"bid": other.bid, "ask": None})
    assert plain.value == 3.0
    item = watch.quote.items[1]
    item.bind(one.ask)
    assert (item.value, item.path) == (2.0, "Watch.quote.ask")
    watch.quote.bind(other)
    assert (plain.value, item.value) == (3.0, 4.0)
    with pytest.raises(TypeError, match="cannot be written"):
        item.bind(one.bid)
    with pytest.raises(IndexError):
        watch.quote.items[0]


def test_what_parts_cannot_be(refs: ModuleType, clock: Any) -> None:
    import hgvalue

    one, watch = refs.Quote(clock), refs.Watch(clock)
    one.value = {"bid": 1.0, "ask": 2.0}
    watch.quote.bind({"bid": one.bid, "ask": one.ask})
    for parts, error in (
        ((one.bid, one.ask), TypeError),
        ({"bids": one.bid}, KeyError),
        ({"bid": 5}, TypeError),
        ({"bid": one}, TypeError),
        ({"ask": refs.Quote().ask}, ValueError),
        ({"bid": watch.quote.items[1], "ask": watch.quote.items[0]}, ValueError),
    ):
        with pytest.raises(error):
            watch.quote.bind(parts)
    for bind in (watch.price.bind, watch.board.bind, watch.notes.bind):
        with pytest.raises(TypeError, match="a time series to refer to"):
            bind((one.bid,))
    with pytest.raises(ValueError):
        watch.pair.bind((one.bid,))
    with pytest.raises(KeyError):
        watch.quote.items["none"]
    with pytest.raises(IndexError):
        watch.quote.items[2]
    with pytest.raises(TypeError):
        watch.quote.items[0] = one
    with pytest.raises(TypeError):
        del watch.quote.items[0]
    with pytest.raises(ValueError):
        watch.quote.items[0] = watch.quote.items[0]
    assert watch.quote.value == {"bid": 1.0, "ask": 2.0}
    assert isinstance(watch.quote.items, hgvalue.ReferenceItems)
    assert len(watch.board.items) == len(watch.price.items) == 0
    with pytest.raises(AttributeError):
        watch.price.items()  # a TS has none


def test_parts_are_let_go_of_when_their_targets_go(refs: ModuleType, clock: Any) -> None:
    board, watch, follow = refs.Board(clock), refs.Watch(clock), refs.Follow(clock)
    board.value = {"a": {"bid": 1.0}, "b": {"ask": 2.0}}
    watch.quote.bind({"bid": board["a"].bid, "ask": board["b"].ask})
    follow.bind(watch.quote.items[0])
    clock.advance(2)
    del board["a"]
    assert (watch.quote.items[0].is_empty, watch.quote.value, follow.value) == (True, {"ask": 2.0}, None)
    told: list[Any] = []
    watch.quote.items[1].subscribe(told.append, "write")
    watch.quote.subscribe(told.append, "write")
    clock.advance(3)
    board["b"].ask = 3.0
    clock.advance(4)
    assert [(change.path, change.kind) for change in told] == [
        ("Watch.quote.ask", "modified"),
        ("Watch.quote", "modified"),
    ]
    assert told[0].node.value == 3.0
    del told[:]
    watch.quote.bind({"ask": board["b"].ask})  # other items
    assert [(change.path, change.kind) for change in told] == [
        ("Watch.quote.ask", "removed"),
        ("Watch.quote", "modified"),
    ]
    del board
    gc.collect()
    assert (watch.quote.items[1].is_empty, watch.quote.valid, watch.quote.value) == (True, True, {})  # as a bundle
