"""The names of ``hgvalue`` that time series use: sentinels, set deltas, times and errors."""

from __future__ import annotations

import copy
import pickle
from datetime import datetime, timedelta

import pytest

pytestmark = pytest.mark.compile  # the runtime is a compiled module


def test_times() -> None:
    import hgvalue

    assert datetime(1970, 1, 1) == hgvalue.MIN_DT
    assert timedelta(microseconds=1) == hgvalue.MIN_ST - hgvalue.MIN_DT
    assert datetime(2200, 1, 1) < hgvalue.MAX_DT


def test_sentinels() -> None:
    import hgvalue

    assert hgvalue.REMOVE is not hgvalue.REMOVE_IF_EXISTS
    for sentinel, name in [(hgvalue.REMOVE, "REMOVE"), (hgvalue.REMOVE_IF_EXISTS, "REMOVE_IF_EXISTS")]:
        assert pickle.loads(pickle.dumps(sentinel)) is sentinel
        assert copy.deepcopy(sentinel) is sentinel
        assert name in repr(sentinel)
    assert len({hgvalue.REMOVE, hgvalue.REMOVE_IF_EXISTS}) == 2


def test_removed() -> None:
    import hgvalue

    assert hgvalue.Removed(3) == hgvalue.Removed(3) != hgvalue.Removed(4)
    assert hgvalue.Removed(3) != 3
    assert len({3, hgvalue.Removed(3), hgvalue.Removed(3)}) == 2


def test_set_delta() -> None:
    import hgvalue

    delta = hgvalue.set_delta(added={1, 2}, removed=[3])
    assert isinstance(delta, hgvalue.SetDelta)
    assert (delta.added, delta.removed) == (frozenset({1, 2}), frozenset({3}))
    assert delta == hgvalue.SetDelta(added=frozenset({2, 1}), removed=frozenset({3}))
    assert delta != hgvalue.set_delta(added={1}, removed={3})
    assert hash(delta) == hash(hgvalue.set_delta(added={1, 2}, removed={3}))


def test_errors() -> None:
    import hgvalue

    assert issubclass(hgvalue.HgValueError, Exception)
    assert issubclass(hgvalue.StaleReferenceError, (RuntimeError, ReferenceError))
    for error in (hgvalue.StaleReferenceError, hgvalue.FrozenError):
        assert issubclass(error, hgvalue.HgValueError)
    assert issubclass(hgvalue.FrozenError, AttributeError)


def test_clock() -> None:
    import hgvalue

    clock = hgvalue.EvaluationClock()
    with clock.tick(5):
        assert clock.now == datetime(1970, 1, 1, 0, 0, 0, 5)
    clock.advance(datetime(2024, 1, 1))
    assert clock.now == datetime(2024, 1, 1)
    for wrong, error in [(datetime(2023, 1, 1), ValueError), (1.5, TypeError), ("now", TypeError)]:
        with pytest.raises(error):
            clock.advance(wrong)
        assert clock.now == datetime(2024, 1, 1)
