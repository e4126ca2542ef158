"""What each scope of observers hears of, and what it does not: where nothing comes or goes, and below references."""

from __future__ import annotations

from types import ModuleType

import pytest

from ..model.generated import load
from .observing import Log

pytestmark = [pytest.mark.row("T-06"), pytest.mark.row("T-06", generated=True)]

SCHEMA = """
class Linked(TimeSeriesSchema):
    price: TS[float]
    link: REF[TS[float]]

type Links = TSD[str, TSB[Linked]]
type Price = TS[float]
"""


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.mark.row("T-05")
@pytest.mark.parametrize("how", ["write", "clear"])
def test_a_dict_becomes_valid_without_a_key(m: ModuleType, log: Log, how: str) -> None:
    quotes = m.Quotes()
    quotes.subscribe_elements(log("elements"))
    quotes.subscribe_structure(log("structure"))
    quotes.key_set.subscribe(log("key_set"))
    with quotes.tick(1):
        quotes.apply_result({}) if how == "write" else quotes.clear()
    assert log.take() == ["structure modified 1", "key_set modified 1"]  # its keys are valid now; none came
    with quotes.tick(2):
        quotes.clear()
    assert log.take() == []


@pytest.mark.parametrize("how", ["write", "clear"])
def test_a_set_becomes_valid_without_an_element(m: ModuleType, log: Log, how: str) -> None:
    names = m.Names()
    names.subscribe_elements(log("elements"))
    names.subscribe_structure(log("structure"))
    names.subscribe(log("set"))
    with names.tick(1):
        names.apply_result(set()) if how == "write" else names.clear()
    assert log.take() == ["set modified 1"]


@pytest.mark.row("T-05")
def test_a_key_set_ticks_although_its_dict_is_invalidated(m: ModuleType, log: Log) -> None:
    quotes = m.Quotes()
    quotes.key_set.subscribe(log("key_set"))
    quotes.subscribe(log("dict"))
    with quotes.tick(1):
        quotes.value = {"a": {"bid": 1.0}}
        quotes.invalidate()
        assert (quotes.modified, quotes.key_set.modified) == (False, True)
    assert log.take() == ["key_set modified 1", "dict invalidated 1"]


@pytest.mark.row("T-16")
def test_who_subscribed_to_a_key_observes_the_dict(m: ModuleType, log: Log) -> None:
    quotes = m.Quotes()
    observer = log("a")
    quotes.subscribe_key("a", observer)
    with quotes.tick(1):
        quotes.value = {"a": {"bid": 1.0}}
    assert (quotes.has_observers, quotes.has_observers_in_subtree) == (True, True)
    assert (quotes["a"].has_observers, quotes["a"].has_observers_in_subtree) == (False, False)
    quotes["a"].bid.subscribe(observer)
    assert quotes["a"].has_observers_in_subtree
    quotes.unsubscribe_key("a", observer)
    assert (quotes.has_observers, quotes.has_observers_in_subtree) == (False, True)


@pytest.mark.parametrize("level", ["bundle", "dict"])
def test_references_hear_that_they_are_invalidated_with_what_is_above(backend: str, log: Log, level: str) -> None:
    import hgvalue

    m = load(SCHEMA, "linked_below", backend)
    clock = hgvalue.EvaluationClock()
    price, links = m.Price(clock), m.Links(clock)
    clock.advance(1)
    price.value = 1.0
    links.value = {"a": {"price": 5.0, "link": price}}
    links["a"].link.subscribe(log("link"))
    clock.advance(2)
    (links["a"] if level == "bundle" else links).invalidate()
    assert (links["a"].link.valid, links["a"].link.is_empty, links["a"].link.modified) == (False, True, False)
    clock.advance(3)
    assert log.take() == ["link invalidated 2"]
    price.value = 2.0
    clock.advance(4)
    assert log.take() == []
