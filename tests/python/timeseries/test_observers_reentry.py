"""What observers may do while they are told, what happens when they raise, and how long they live."""

from __future__ import annotations

import gc
import weakref
from types import ModuleType
from typing import Any

import pytest

from .observing import Log, us

pytestmark = [pytest.mark.row("T-06"), pytest.mark.row("T-06", generated=True)]

WHEN = pytest.mark.parametrize("when", ["write", "end"])


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
def quotes(m: ModuleType) -> Any:
    root = m.Quotes()
    with root.tick(1):
        root.value = {key: {"bid": float(i)} for i, key in enumerate("abcdef")}
    return root


# -- subscribing, unsubscribing, changing, dropping -------------------------------------------------------------------


@WHEN
def test_added_while_others_are_told(quotes: Any, log: Log, when: str) -> None:
    late = log("late")
    quotes["a"].subscribe(lambda change: quotes.subscribe(late, when), when)
    with quotes.tick(2):
        quotes["a"].bid = 1.0
    assert log.take() == []
    with quotes.tick(3):
        quotes["b"].bid = 1.0
    assert log.take() == ["late modified 3"]


@WHEN
def test_removed_before_its_turn(quotes: Any, log: Log, when: str) -> None:
    never, itself = log("never"), log("itself")

    def remove(change: Any) -> None:
        quotes.unsubscribe(never)

    def remove_itself(change: Any) -> None:
        itself(change)
        quotes.unsubscribe(remove_itself)

    for observer in (remove, never, remove_itself, log("last")):
        quotes.subscribe(observer, when)
    for at in (2, 3):
        with quotes.tick(at):
            quotes["a"].bid = 1.0
    assert log.take() == ["itself modified 2", "last modified 2", "last modified 3"]


@WHEN
def test_changes_belong_to_the_tick(quotes: Any, log: Log, when: str) -> None:
    def follow(change: Any) -> None:
        log.all.append("follow")
        quotes["b"].bid = change.node.value
        quotes["a"].ask = 1.0  # under what is going to be told anyway
        change.node.value = 9.0  # told itself: not again

    quotes["a"].bid.subscribe(follow, when)
    for key in "ab":
        quotes[key].subscribe(log(key), when)
    quotes.subscribe(log("root"), when)
    with quotes.tick(2):
        quotes["a"].bid = 5.0
    assert log.take() == ["follow", "a modified 2", "root modified 2", "b modified 2"]
    assert (quotes["a"].bid.value, quotes["b"].bid.value) == (9.0, 5.0)
    assert us(quotes["b"].bid.last_modified_time) == 2


@WHEN
def test_an_observer_may_change_the_structure(quotes: Any, log: Log, when: str) -> None:
    def rebuild(change: Any) -> None:
        for key in "bcdef":
            quotes.pop(key, None)
        quotes.value = {str(i): {"bid": float(i)} for i in range(500)}

    quotes["a"].bid.subscribe(rebuild, when)
    for key in "abcdef":
        quotes[key].subscribe(log(key), when)
    with quotes.tick(2):
        quotes.value = {key: {"bid": 7.0} for key in "abcdef"}
    assert log.take() == ["a modified 2", *(f"{key} removed 2" for key in "bcdef")]
    assert len(quotes) == 501


@WHEN
def test_a_created_key_is_given_although_its_observer_erases_it(quotes: Any, when: str) -> None:
    import hgvalue

    quotes.subscribe_structure(lambda change: quotes.pop("new", None), when)
    with quotes.tick(2):
        child = quotes.get_or_create("new")
    with pytest.raises(hgvalue.StaleReferenceError):
        child.value  # noqa: B018


@WHEN
def test_dropping_the_root(m: ModuleType, log: Log, when: str) -> None:
    roots = [m.Quote()]
    roots[0].subscribe(lambda change: roots.clear(), when)
    roots[0].subscribe(log("after"), when)
    alive = weakref.ref(roots[0])
    roots[0].advance(1)
    roots[0].bid = 1.0
    if when == "end":
        roots[0].advance(2)
    gc.collect()
    assert not roots
    assert alive() is None
    assert log.take() == ["after modified 1"]  # the call kept it as long


@WHEN
def test_everyone_unsubscribes(quotes: Any, log: Log, when: str) -> None:
    observers = [log(str(i)) for i in range(20)]

    def stop(change: Any) -> None:
        for observer in (*observers, stop):
            quotes["a"].unsubscribe(observer)

    for observer in (stop, *observers):
        quotes["a"].subscribe(observer, when)
    with quotes.tick(2):
        quotes["a"].bid = 1.0
    assert log.take() == []
    assert not quotes.has_observers_in_subtree


# -- errors ----------------------------------------------------------------------------------------------------------


def broken(error: BaseException) -> Any:
    def observer(change: Any) -> None:
        raise error

    return observer


def write(quotes: Any, at: int) -> None:
    with quotes.tick(at):
        quotes["a"].bid = float(at)


@WHEN
def test_one_error_is_raised_as_it_is(quotes: Any, log: Log, when: str) -> None:
    quotes["a"].subscribe(broken(LookupError("mine")), when)
    quotes.subscribe(log("after"), when)
    with pytest.raises(LookupError, match="mine"):
        write(quotes, 2)
    assert log.take() == ["after modified 2"]
    assert quotes["a"].bid.value == 2.0
    quotes["a"].bid = 3.0
    assert quotes["a"].bid.value == 3.0


@WHEN
def test_several_errors_are_a_group(quotes: Any, log: Log, when: str) -> None:
    for error in (LookupError("one"), ValueError("two")):
        quotes["a"].subscribe(broken(error), when)
    quotes.subscribe(log("after"), when)
    with pytest.raises(ExceptionGroup, match="2 observers failed") as caught:
        write(quotes, 2)
    assert [str(e) for e in caught.value.exceptions] == ["one", "two"]
    assert all(e.__traceback__ for e in caught.value.exceptions)
    assert log.take() == ["after modified 2"]
    quotes.subscribe(broken(KeyboardInterrupt()), when)
    with pytest.raises(BaseExceptionGroup) as all_caught:
        write(quotes, 3)
    assert not isinstance(all_caught.value, ExceptionGroup)
    assert quotes["a"].bid.value == 3.0


def test_an_error_in_the_block_is_the_context_of_those_of_observers(quotes: Any, log: Log) -> None:
    quotes.subscribe(log("told"))
    with pytest.raises(ZeroDivisionError), quotes.tick(2):
        quotes["a"].bid = 1.0
        1 / 0  # noqa: B018
    assert log.take() == ["told modified 2"]  # what was written stands
    quotes["a"].subscribe(broken(LookupError("mine")))
    with pytest.raises(LookupError) as caught, quotes.tick(3):
        quotes["a"].bid = 1.0
        1 / 0  # noqa: B018
    assert isinstance(caught.value.__context__, ZeroDivisionError)
    with quotes.tick(4):
        quotes["b"].bid = 1.0
    assert quotes["b"].modified


def test_time_stays_when_an_observer_of_its_end_raises(quotes: Any) -> None:
    quotes.advance(2)
    quotes.subscribe(broken(LookupError("mine")))
    quotes["a"].bid = 1.0
    with pytest.raises(LookupError):
        quotes.advance(3)
    assert us(quotes.clock.now) == 2
    quotes.advance(3)
    assert us(quotes.clock.now) == 3


@WHEN
def test_observers_cannot_move_their_time(quotes: Any, when: str) -> None:
    import hgvalue

    quotes.subscribe(lambda change: quotes.advance(9), when)
    with pytest.raises(hgvalue.StateError, match="an observer cannot move the time"):
        write(quotes, 2)
    assert us(quotes.clock.now) == 2


# -- clocks ----------------------------------------------------------------------------------------------------------


def test_roots_of_one_clock(m: ModuleType, log: Log) -> None:
    import hgvalue

    clock = hgvalue.EvaluationClock()
    a, b = m.Quote(clock), m.Quote(clock)
    a.bid.subscribe(lambda change: setattr(b, "ask", change.node.value))
    a.subscribe(log("a"))
    b.subscribe(log("b"))
    with clock.tick(1):
        a.bid = 1.0
        with b.tick(1):  # joins, and does not end
            pass
        assert log.take() == []
    assert log.take() == ["a modified 1", "b modified 1"]
    clock.advance(2)
    b.bid = 1.0
    a.advance(3)
    assert log.take() == ["b modified 2"]
    with a.tick(4), b.tick(4):
        b.bid = 1.0
    assert log.take() == ["b modified 4"]
    b.bid = 2.0  # after the block, still its tick, and told
    clock.advance(5)
    assert log.take() == []


# -- lifetime --------------------------------------------------------------------------------------------------------


def test_references_are_strong(quotes: Any, log: Log) -> None:
    observer = log("kept")
    alive = weakref.ref(observer)
    quotes["a"].bid.subscribe(observer)
    del observer
    gc.collect()
    write(quotes, 2)
    assert log.take() == ["kept modified 2"]
    del quotes["a"]
    quotes.advance(3)
    assert log.take() == ["kept removed 2"]
    gc.collect()
    assert alive() is None


@pytest.mark.parametrize("through", ["root", "handle", "other handle", "later handle", "field", "key_set", "object"])
def test_cycles_are_collected(m: ModuleType, through: str) -> None:
    class Canary:
        def notify(self, at: Any) -> None:
            pass

    root = m.Book()
    root.advance(1)
    root.value = {"a": {"quote": {"bid": 1.0}}, "b": {"notes": ("x", "y")}}
    canary = Canary()
    dead = [weakref.ref(canary), weakref.ref(root)]
    before = {
        "root": root,
        "handle": root["a"],
        "other handle": root["b"].notes[1],  # not on the way to what is observed
        "later handle": None,
        "field": root["a"].quote.bid,
        "key_set": root.key_set,
        "object": root,
    }[through]
    if through == "object":
        canary.root = root
        root["a"].subscribe(canary)
    else:
        held: list[Any] = [before, canary]
        root["a"].subscribe(lambda change: held)
        if through == "later handle":
            held[0] = root["b"].notes[0]
        del held
    del root, before, canary
    gc.collect()
    assert [ref() for ref in dead] == [None, None]


@pytest.mark.row("T-16")
@pytest.mark.row("T-16", generated=True)
def test_nobody_is_called_after_the_root_is_gone(m: ModuleType, log: Log) -> None:
    import hgvalue

    clock = hgvalue.EvaluationClock()
    root = m.Quotes(clock)
    root.subscribe(log("root"))
    clock.advance(1)
    root["a"] = {"bid": 1.0}
    del root
    gc.collect()
    clock.advance(2)
    assert log.take() == []


def test_many_handles_come_and_go_while_observed(quotes: Any, log: Log) -> None:
    quotes["a"].subscribe(log("a"))
    kept = [quotes[key] for key in "abcdef"] + [quotes[key].bid for key in "abcdef"]
    for i in range(300):
        quotes["b"].ask  # noqa: B018
        kept.append(quotes["c"])
        if i % 7 == 0:
            del kept[i % 5 :: 3]
            gc.collect(0)
    write(quotes, 2)
    assert log.take() == ["a modified 2"]
