"""Generated classes and the model agree on everything that can be observed, whatever is done to them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .differential import play
from .generated import GeneratedModule
from .random_types import random_types
from .reference import ModelApi, reference
from .types import TimeSeries


@given(st.sampled_from(random_types()), st.data())
@settings(deadline=None, max_examples=400)
def test_any_schema(random_module: GeneratedModule, type_: TimeSeries, data: st.DataObject) -> None:
    play(data, type_, reference(type_), ModelApi([type_]), random_module.root(type_), random_module.api(type_))


@pytest.mark.parametrize("index", range(len(random_types())))
@given(data=st.data())
@settings(deadline=None, max_examples=15)
def test_each_schema(random_module: GeneratedModule, index: int, data: st.DataObject) -> None:
    type_ = random_types()[index]
    play(data, type_, reference(type_), ModelApi([type_]), random_module.root(type_), random_module.api(type_))
