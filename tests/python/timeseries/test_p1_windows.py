"""Rule 11: windows by count and by time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from .subject import Subject

pytestmark = [pytest.mark.row("T-01"), pytest.mark.row("T-01", generated=True)]


def listed(values: Any) -> list[Any] | None:
    return None if values is None else list(getattr(values, "tolist", lambda: values)())


def times(window: Any) -> list[int] | None:
    found = listed(window.value_times)
    return None if found is None else [(t - datetime(1970, 1, 1)) // timedelta(microseconds=1) for t in found]


def test_p1_11_count(subject: Subject) -> None:
    window = subject.make("TSW[int, Size[3], Size[2]]")
    assert (window.size, window.min_size, len(window), window.first_modified_time) == (3, 2, 0, None)
    seen = []
    for at in range(2, 7):
        window.advance(at)
        window.value = at
        seen.append((listed(window.value), times(window), window.delta_value, window.all_valid, window.removed_value))
    assert seen == [
        (None, None, 2, False, None),
        ([2, 3], [2, 3], 3, True, None),
        ([2, 3, 4], [2, 3, 4], 4, True, None),
        ([3, 4, 5], [3, 4, 5], 5, True, 2),
        ([4, 5, 6], [4, 5, 6], 6, True, 3),
    ]
    window.advance(7)
    assert (window.has_removed_value, window.removed_value, listed(window.value)) == (False, None, [4, 5, 6])


def test_p1_11_several_appends_in_a_tick(subject: Subject) -> None:
    window = subject.make("TSW[int, Size[3], Size[2]]")
    for value in (1, 2, 3, 4, 5):
        window.apply_result(value)
    assert (listed(window.value), times(window)) == ([3, 4, 5], [1, 1, 1])
    assert (window.delta_value, window.has_removed_value, window.removed_value) == (5, True, 2)


def test_p1_11_the_minimum_is_0_unless_given(subject: Subject) -> None:
    window = subject.make("TSW[float, Size[2]]")
    assert window.min_size == 0
    window.clear()
    assert (listed(window.value), window.all_valid, window.delta_value) == ([], True, None)


def test_p1_11_time(subject: Subject) -> None:
    window = subject.make("TSW[int, timedelta(microseconds=3), timedelta(microseconds=0)]")
    assert window.size == timedelta(microseconds=3)
    assert window.min_size == timedelta(0)
    window.value = 1
    window.advance(2)
    window.value = 2
    seen = []
    for at in (4, 5, 6, 7):
        window.advance(at)
        seen.append((listed(window.value), times(window), window.has_removed_value, window.removed_value))
    assert seen == [([1, 2], [1, 2], False, None), ([2], [2], True, 1), ([], [], True, 2), ([], [], False, None)]
    assert (window.valid, window.modified, window.all_valid, window.first_modified_time) == (True, False, True, None)


def test_p1_11_time_ticks_that_nobody_read(subject: Subject) -> None:
    window = subject.make("TSW[int, timedelta(microseconds=3), timedelta(microseconds=0)]")
    window.value = 1
    window.advance(5)  # 1 goes here
    window.advance(6)
    assert (window.has_removed_value, window.removed_value, len(window)) == (False, None, 0)


def test_p1_11_time_minimum(subject: Subject) -> None:
    window = subject.make("TSW[int, timedelta(microseconds=6), timedelta(microseconds=3)]")
    ready = []
    for at in range(1, 12):
        window.advance(at) if at > 1 else None
        if at in (1, 3, 4, 9):
            window.value = at
        ready.append(window.all_valid)
    # retained: 1 | 1 | 1,3 | 1,3,4 until 7 | 3,4 | 3,4,9 | 4,9 | 9
    assert ready == [False, False, False, True, True, True, True, False, True, True, False]


def test_p1_11_a_removed_window_child(subject: Subject) -> None:
    root = subject.make("TSD[str, TSW[int, Size[2], Size[1]]]")
    root.value = {"a": 1}
    root.advance(2)
    root.value = {"a": 2}
    del root["a"]
    ((_, child),) = root.removed_items()
    assert (listed(child.value), child.delta_value) == ([1, 2], 2)
    root.value = {"a": 3}
    assert listed(root["a"].value) == [3]
