"""The random operations are worth running: judged on the model, they do what they are drawn for."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from .differential import ModelSide, Play
from .observe import difference, state
from .random_types import random_types, referring_types
from .strategies import inputs, operations, refuses, wrong_inputs
from .types import SchemaText, TimeSeries

types = st.sampled_from([*random_types(), *referring_types()])


def test_there_are_enough_schemas() -> None:
    schema = SchemaText()
    names = {schema.root(type_) for type_ in random_types()}
    assert len(names) == len(random_types()) >= 60
    assert all(f"type {name} = " in schema.text() for name in names)


@given(types, st.data())
@settings(deadline=None, max_examples=100)
def test_the_model_agrees_with_itself(type_: TimeSeries, data: st.DataObject) -> None:
    played = Play(type_, ModelSide(type_))
    for _ in range(3):
        played.tick(data.draw)


@given(types.filter(refuses), st.data())
@settings(deadline=None, max_examples=200)
def test_wrong_input_is_refused_and_changes_nothing(type_: TimeSeries, data: st.DataObject) -> None:
    side = ModelSide(type_)
    side.root.advance(1)
    side.run(["set", [], data.draw(inputs(type_))])
    before = state(side.root, type_, side.api)
    assert side.run(["set", [], data.draw(wrong_inputs(type_))])[0] == "refused"
    assert not difference(before, state(side.root, type_, side.api))


def test_most_operations_are_accepted_and_many_change_something() -> None:
    outcomes: Counter[str] = Counter()

    @given(types, st.data())
    @settings(deadline=None, max_examples=150, database=None, derandomize=True)
    def collect(type_: TimeSeries, data: st.DataObject) -> None:
        side = ModelSide(type_)
        made: list[list[Any]] = []
        for now in (1, 2):
            side.root.advance(now)
            for _ in range(4):
                before = state(side.root, type_, side.api)
                operation = data.draw(operations(side, made, ("write", "end")))
                made += [operation] if operation[0] == "subscribe" else []
                result, _ = side.run(operation)
                outcomes[result] += 1
                outcomes[operation[0]] += 1
                outcomes["changed"] += bool(difference(before, state(side.root, type_, side.api)))
        outcomes["told"] += len(side.take())

    collect()
    count = outcomes["accepted"] + outcomes["refused"]
    assert outcomes["accepted"] > 0.4 * count
    assert outcomes["refused"] > 0.1 * count
    assert outcomes["changed"] > 0.2 * count
    assert outcomes["subscribe"] > 0.05 * count
    assert outcomes["told"] > 0.01 * count
    assert outcomes["bind"] > 0.01 * count
