"""Rules 16 to 18: the clock, comparisons that are mistakes, and order."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from .subject import Subject

AT = datetime(2024, 1, 1, 12)


def generated(subject: Subject) -> Subject:
    """Return a subject of which the model has no counterpart."""
    if subject.is_model:
        pytest.skip("the model has no clock object and no operators")
    return subject


def names(message: str, at: datetime) -> bool:
    """Return whether a message names a time, as a date and time or in µs since 1970."""
    forms = (str(at), at.isoformat(), str((at - datetime(1970, 1, 1)) // timedelta(microseconds=1)))
    return any(form in message for form in forms)


def test_p1_16_time_only_grows(subject: Subject) -> None:
    root = subject.make("TS[int]", at=None)
    with root.tick(AT):
        root.value = 1
    assert root.last_modified_time == AT
    assert root.modified  # the time stays current after the block
    for earlier in (AT, AT - timedelta(microseconds=1)):
        with pytest.raises(ValueError) as caught:
            root.advance(earlier)
        if not subject.is_model:
            assert all(names(str(caught.value), each) for each in (AT, earlier)), str(caught.value)
    assert root.modified
    root.advance(AT + timedelta(microseconds=1))
    assert (root.modified, root.valid, root.value) == (False, True, 1)


def test_p1_16_int_is_microseconds_since_1970(subject: Subject) -> None:
    root = subject.make("TS[int]", at=None)
    root.advance(1_500_000)
    root.value = 1
    assert root.last_modified_time == datetime(1970, 1, 1, 0, 0, 1, 500_000)


@pytest.mark.parametrize("wrong", [1.0, date(2024, 1, 1), "2024-01-01", None])
def test_p1_16_other_types_are_refused(subject: Subject, wrong: Any) -> None:
    root = generated(subject).make("TS[int]")
    with pytest.raises(TypeError):
        root.advance(wrong)
    with pytest.raises(TypeError):
        root.tick(wrong).__enter__()
    root.value = 1  # still in the first tick
    assert root.modified


@pytest.mark.parametrize("wrong", [0, -1, datetime(1969, 1, 1)])
def test_p1_16_before_the_beginning(subject: Subject, wrong: Any) -> None:
    root = subject.make("TS[int]", at=None)
    with pytest.raises(ValueError):
        root.advance(wrong)


def test_p1_16_aware_times_are_utc(subject: Subject) -> None:
    root = generated(subject).make("TS[int]", at=None)
    root.advance(AT.replace(tzinfo=UTC))
    assert root.clock.now == AT


def test_p1_16_a_shared_clock(subject: Subject) -> None:
    import hgvalue

    first = generated(subject).make("TS[int]", at=None)
    clock = hgvalue.EvaluationClock()
    one, two = type(first)(clock=clock), type(first)(clock)
    with one.tick(5), two.tick(5):  # the second joins the tick of the first
        one.value = two.value = 1
    assert (one.modified, two.modified, clock.now) == (True, True, datetime(1970, 1, 1, 0, 0, 0, 5))
    with clock.tick(6):
        assert not one.modified
        assert not two.modified
        two.value = 2
    clock.advance(7)
    assert (one.value, two.value, two.modified) == (1, 2, False)
    with pytest.raises(ValueError):
        two.advance(6)
    third = type(first)(clock)
    third.value = 3  # the clock has ticked, so this root may be written at once
    assert third.last_modified_time == clock.now
    assert first.clock is not clock
    assert one.clock is two.clock


def test_p1_16_writing_before_the_first_tick(subject: Subject) -> None:
    root = subject.make("TSB[Mix]", at=None)
    acts = [
        lambda: setattr(root, "value", {"n": 1}),
        lambda: root.apply_result({"n": 1}),
        lambda: setattr(root["n"], "value", 1),
        lambda: root["s"].add(1),
        lambda: root["d"].get_or_create("a"),
        lambda: root["w"].apply_result(1),
        lambda: root.clear(),
        lambda: root.mark_modified(),
    ]
    for act in acts:
        with subject.refused(root, RuntimeError):
            act()
    assert (root.valid, root.modified, root.value) == (False, False, None)


def test_p1_17_comparisons_of_a_scalar_series(subject: Subject) -> None:
    price, flag = generated(subject).make("TS[float]"), subject.make("TS[bool]")
    price.value, flag.value = 1.0, False
    for mistake in [
        lambda: bool(flag),
        lambda: bool(price),
        lambda: price == 1.0,
        lambda: price != 1.0,
        lambda: price < 2.0,
        lambda: price >= 2.0,
        lambda: price > 1.0,
    ]:
        with pytest.raises(TypeError, match=r"\.value"):
            mistake()


def test_p1_17_collections_are_true_when_not_empty(subject: Subject) -> None:
    generated(subject)
    for spelling, value in {"TSS[int]": {1}, "TSD[str, TS[int]]": {"a": 1}, "TSL[TS[int]]": (1,)}.items():
        root = subject.make(spelling)
        assert not root
        root.value = value
        assert root
        root.clear()
        assert not root


def test_p1_18_schema_order(subject: Subject) -> None:
    root = subject.make("TSB[Mix]")
    root.value = {"q": {"ask": 1.0, "bid": 2.0}, "li": {1: 1, 0: 2}, "n": 1}
    assert list(root.value) == list(root.delta_value) == ["n", "li", "q"]
    assert list(root.delta_value["li"]) == [0, 1]
    assert list(root.value["q"]) == ["bid", "ask"]
    root["n"].value = 5
    assert list(root.delta_value) == root.modified_keys() == ["n", "li", "q"]
    assert root.valid_keys() == ["n", "li", "q"]
