"""An error that leaves the block of a tick leaves a root that goes on: what was written stands, and time and observers
work as before, in the same tick and in the next."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from .observing import Log, us

pytestmark = [pytest.mark.row("T-13"), pytest.mark.row("T-08"), pytest.mark.row("T-13", generated=True)]


class Trouble(Exception):
    """What user code raises."""


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
def quotes(m: ModuleType) -> Any:
    root = m.Quotes()
    with root.tick(1):
        root.value = {"a": {"bid": 1.0}, "b": {"bid": 2.0}}
    return root


def goes_on(quotes: Any, at: int) -> None:
    """Check that a root in which "a" was written in the tick ``at`` works as if nothing had happened."""
    assert us(quotes.clock.now) == at
    assert (quotes.modified, us(quotes.last_modified_time)) == (True, at)
    quotes["b"].bid = 7.0  # still the same tick, which has no block any more
    assert set(quotes.modified_keys()) == {"a", "b"}
    log = Log()
    quotes.subscribe(log("probe"))
    with quotes.tick(at + 10):
        assert (quotes.modified, quotes.delta_value) == (False, None)
        quotes["a"].bid = 8.0
        assert log.take() == []  # observers wait for the end of the block
    assert log.take() == [f"probe modified {at + 10}"]
    assert quotes.delta_value == {"a": {"bid": 8.0}}
    quotes.advance(at + 20)
    del quotes["a"]
    quotes.advance(at + 30)
    assert log.take() == [f"probe modified {at + 20}"]
    assert quotes.value == {"b": {"bid": 7.0}}


@pytest.mark.parametrize("error", [Trouble, KeyboardInterrupt, GeneratorExit, MemoryError])
def test_an_exception_of_user_code(quotes: Any, error: type[BaseException]) -> None:
    raised = error("mine")
    with pytest.raises(error) as caught, quotes.tick(2):
        quotes["a"].bid = 5.0
        raise raised
    assert caught.value is raised
    assert quotes.delta_value == {"a": {"bid": 5.0}}
    goes_on(quotes, 2)


WRITES: dict[str, Callable[[Any], Any]] = {
    "value": lambda q: setattr(q, "value", {"a": {"bid": 6.0}, "b": {"bid": "x"}}),
    "attribute": lambda q: setattr(q["a"], "bid", "x"),
    "apply_result": lambda q: q.apply_result({"c": {"nope": 1.0}}),
    "item": lambda q: q.__setitem__("a", 5),
    "del": lambda q: q.__delitem__("z"),
    "key": lambda q: q.get_or_create(5),
    "copy_from": lambda q: q.copy_from(q["a"]),
    "load": lambda q: q.load({"a": {"bid": "x"}}),
    "apply": lambda q: q.apply(q["a"].delta()),
    "columns": lambda q: q.update_columns(["a", "b"], bid=[1.0]),
    "bind": lambda q: q["a"].bid.bind(q["b"].bid),
    "advance": lambda q: q.advance(2),
    "tick": lambda q: q.tick(2).__enter__(),
}


@pytest.mark.parametrize("how", WRITES)
def test_a_write_that_fails(quotes: Any, how: str) -> None:
    with pytest.raises((TypeError, ValueError, KeyError, AttributeError)), quotes.tick(3):
        quotes["a"].bid = 5.0
        WRITES[how](quotes)
    assert quotes.delta_value == {"a": {"bid": 5.0}}
    goes_on(quotes, 3)


@pytest.mark.parametrize("how", WRITES)
def test_a_write_that_fails_and_is_caught_within(quotes: Any, log: Log, how: str) -> None:
    quotes.subscribe(log("root"))
    with quotes.tick(3):
        quotes["a"].bid = 5.0
        with pytest.raises((TypeError, ValueError, KeyError, AttributeError)):
            WRITES[how](quotes)
        assert quotes.delta_value == {"a": {"bid": 5.0}}
        assert log.take() == []
    assert log.take() == ["root modified 3"]
    goes_on(quotes, 3)


@pytest.mark.parametrize("error", [Trouble, KeyboardInterrupt])
@pytest.mark.parametrize("when", ["write", "end"])
def test_an_observer_that_fails(quotes: Any, log: Log, when: str, error: type[BaseException]) -> None:
    def fail(change: Any) -> None:
        raise error("mine")

    quotes["a"].subscribe(fail, when)
    quotes.subscribe(log("root"), when)
    with pytest.raises(error, match="mine"), quotes.tick(2):
        quotes["a"].bid = 5.0
    assert log.take() == ["root modified 2"]
    assert quotes["a"].unsubscribe(fail)
    goes_on(quotes, 2)


def test_an_error_in_the_inner_block_of_a_shared_clock(m: ModuleType, log: Log) -> None:
    import hgvalue

    clock = hgvalue.EvaluationClock()
    quotes, other = m.Quotes(clock), m.Quotes(clock)
    other.subscribe(log("other"))
    with clock.tick(1):
        quotes.value = {"a": {"bid": 1.0}, "b": {}}
        with pytest.raises(Trouble), other.tick(1):
            other["z"] = {"bid": 1.0}
            raise Trouble
        assert log.take() == []  # the tick has not ended: the outer block is its
    assert log.take() == ["other modified 1"]
    del other
    goes_on(quotes, 1)


def test_a_block_that_cannot_begin(quotes: Any) -> None:
    with quotes.tick(2):
        quotes["a"].bid = 5.0
    for wrong in (1, "x", 2.0, None):
        with pytest.raises((ValueError, TypeError)), quotes.tick(wrong):
            pytest.fail("the block began")
    goes_on(quotes, 2)


def test_a_generator_that_is_dropped_within_a_tick(quotes: Any, log: Log) -> None:
    def steps() -> Any:
        with quotes.tick(2):
            quotes["a"].bid = 5.0
            yield

    quotes.subscribe(log("root"))
    running = steps()
    next(running)
    assert log.take() == []
    running.close()
    assert log.take() == ["root modified 2"]
    goes_on(quotes, 2)
