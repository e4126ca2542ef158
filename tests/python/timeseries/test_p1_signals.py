"""Rule 15, and what rule 20 says of SIGNAL: what ticks and has no value."""

from __future__ import annotations

from typing import Any

import pytest

from .subject import Subject

pytestmark = pytest.mark.row("T-01")


@pytest.mark.parametrize("given", [True, False, 0, 5, "x", {}, ()], ids=repr)
def test_p1_15_anything_but_none_ticks(subject: Subject, given: Any) -> None:
    beat = subject.make("SIGNAL")
    assert (beat.value, beat.delta_value, beat.modified, beat.valid, beat.all_valid) == (
        None,
        None,
        False,
        False,
        False,
    )
    beat.apply_result(given)
    assert (beat.value, beat.delta_value, beat.modified, beat.valid, beat.all_valid) == (True, True, True, True, True)
    beat.advance(2)
    assert (beat.value, beat.delta_value, beat.modified, beat.valid) == (True, None, False, True)
    beat.value = given
    assert beat.modified


def test_p1_15_none_does_nothing(subject: Subject) -> None:
    beat = subject.make("SIGNAL")
    beat.apply_result(None)
    assert (beat.modified, beat.valid) == (False, False)


def test_p1_15_mark_modified_ticks(subject: Subject) -> None:
    bundle = subject.make("TSB[Beats]")
    bundle["g"].mark_modified()
    assert (bundle["g"].value, bundle["g"].delta_value, bundle.delta_value) == (True, True, {"g": True})
    bundle.advance(2)
    bundle["g"].mark_modified()
    assert (bundle["g"].modified, bundle.modified, bundle.modified_keys()) == (True, True, ["g"])


def test_p1_15_in_collections(subject: Subject) -> None:
    fixed = subject.make("TSL[SIGNAL, Size[2]]")
    fixed.value = (None, False)
    assert (fixed.value, fixed.delta_value, fixed.all_valid) == ((None, True), {1: True}, False)
    growing = subject.make("TSL[SIGNAL]")
    growing.append(0)
    growing.resize(2)
    assert (growing.value, growing.delta_value) == ((True, None), {0: True})
    keyed = subject.make("TSD[str, SIGNAL]")
    keyed.value = {"a": "now", "b": 0}
    assert (keyed.value, keyed.delta_value) == ({"a": True, "b": True}, {"a": True, "b": True})
    keyed.advance(2)
    api = subject.api(keyed)
    keyed.value = {"a": api.REMOVE, "b": False}
    assert (keyed.value, keyed.delta_value) == ({"b": True}, {"a": api.REMOVE, "b": True})


def test_p1_20_signal(subject: Subject) -> None:
    beat = subject.make("SIGNAL")
    beat.value = 1
    beat.advance(2)
    beat.clear()
    assert (beat.value, beat.valid, beat.modified) == (True, True, False)
    beat.value = None
    assert (beat.value, beat.valid, beat.modified) == (None, False, False)
    beat.value = 1
    beat.invalidate()
    assert (beat.value, beat.valid) == (None, False)


def test_p1_17_truth_and_comparison(subject: Subject) -> None:
    if subject.is_model:
        pytest.skip("the model has plain Python's truth and equality")
    beat = subject.make("SIGNAL")
    with pytest.raises(TypeError, match=r"\.value"):
        bool(beat)
    with pytest.raises(TypeError, match=r"\.value"):
        _ = beat == True  # noqa: E712
