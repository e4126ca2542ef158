"""Generated classes and the model agree on everything that can be observed, whatever is done to them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from . import explore
from .generated import GeneratedModule
from .random_types import random_types, referring_types
from .types import TimeSeries

TYPES = (*random_types(), *referring_types())


def play(module: GeneratedModule, type_: TimeSeries, data: st.DataObject) -> None:
    """Run a few ticks that hypothesis chooses, and shrinks if they show a difference."""
    played = explore.play(module, type_)
    for _ in range(data.draw(st.integers(1, 4), label="ticks")):
        played.tick(data.draw)


@given(st.sampled_from(TYPES), st.data())
@settings(deadline=None, max_examples=400)
def test_any_schema(random_module: GeneratedModule, type_: TimeSeries, data: st.DataObject) -> None:
    play(random_module, type_, data)


@pytest.mark.parametrize("index", range(len(TYPES)))
@given(data=st.data())
@settings(deadline=None, max_examples=10)
def test_each_schema(random_module: GeneratedModule, index: int, data: st.DataObject) -> None:
    play(random_module, TYPES[index], data)


@pytest.mark.parametrize("index", range(len(TYPES)))
def test_many_ticks_of_one_root(random_module: GeneratedModule, index: int) -> None:
    """What only shows after a while: places that are used again, growth, changes of changes."""
    found = explore.run(random_module, TYPES[index], 12, index)
    assert found is None, str(found)
