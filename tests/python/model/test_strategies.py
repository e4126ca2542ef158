"""The random operations are worth running: judged on the model, they do what they are drawn for."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from .differential import outcome, play
from .observe import difference, state
from .random_types import random_types
from .reference import ModelApi, reference
from .strategies import inputs, operations, wrong_inputs
from .types import SchemaText, TimeSeries

types = st.sampled_from(random_types())


def test_there_are_enough_schemas() -> None:
    schema = SchemaText()
    names = {schema.root(type_) for type_ in random_types()}
    assert len(names) == len(random_types()) >= 60
    assert all(f"type {name} = " in schema.text() for name in names)


@given(types, st.data())
@settings(deadline=None, max_examples=100)
def test_the_model_agrees_with_itself(type_: TimeSeries, data: st.DataObject) -> None:
    api = ModelApi([type_])
    play(data, type_, reference(type_), api, reference(type_), api)


@given(types, st.data())
@settings(deadline=None, max_examples=200)
def test_wrong_input_is_refused_and_changes_nothing(type_: TimeSeries, data: st.DataObject) -> None:
    api, root = ModelApi([type_]), reference(type_)
    root.advance(1)
    outcome(root, ["set", [], data.draw(inputs(type_))], api)
    before = state(root, type_, api)
    assert outcome(root, ["set", [], data.draw(wrong_inputs(type_))], api)[0] == "refused"
    assert not difference(before, state(root, type_, api))


def test_most_operations_are_accepted_and_many_change_something() -> None:
    outcomes: Counter[str] = Counter()

    @given(types, st.data())
    @settings(deadline=None, max_examples=150, database=None, derandomize=True)
    def collect(type_: TimeSeries, data: st.DataObject) -> None:
        api, root = ModelApi([type_]), reference(type_)
        for now in (1, 2):
            root.advance(now)
            for _ in range(3):
                before = state(root, type_, api)
                result, _ = outcome(root, data.draw(operations(root, type_, api)), api)
                outcomes[result] += 1
                outcomes["changed"] += bool(difference(before, state(root, type_, api)))

    collect()
    count = outcomes["accepted"] + outcomes["refused"]
    assert outcomes["accepted"] > 0.4 * count
    assert outcomes["refused"] > 0.1 * count
    assert outcomes["changed"] > 0.2 * count
