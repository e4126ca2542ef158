"""The same random operations on a model and on a subject, with their states compared after each."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import note
from hypothesis import strategies as st

from .canonical import Api, encode, same
from .nodes import Node
from .observe import difference, state
from .operate import REFUSALS, operate
from .strategies import operations
from .types import TimeSeries


def outcome(root: Any, operation: list[Any], api: Api) -> tuple[str, Any]:
    """Carry out an operation; return whether it was accepted, and what it returned in canonical form."""
    try:
        return "accepted", encode(operate(root, operation, api), api)
    except REFUSALS:
        return "refused", None


def play(data: st.DataObject, type_: TimeSeries, model: Node, model_api: Api, subject: Any, api: Api) -> None:
    """Run several ticks of operations on both, and compare them all along."""
    now = 0
    for _ in range(data.draw(st.integers(1, 4), label="ticks")):
        now += data.draw(st.integers(1, 4), label="step")
        model.advance(now)  # type: ignore[attr-defined]
        with subject.tick(now):
            _compare(type_, model, model_api, subject, api, f"at {now}")
            for _ in range(data.draw(st.integers(0, 4), label="operations")):
                operation = data.draw(operations(model, type_, model_api), label="operation")
                note(f"t={now} {json.dumps(operation)}")
                expected = outcome(model, operation, model_api)
                found = outcome(subject, operation, api)
                assert expected[0] == found[0] and same(expected[1], found[1]), f"{operation}: {expected}, not {found}"
                _compare(type_, model, model_api, subject, api, f"at {now} after {json.dumps(operation)}")


def _compare(type_: TimeSeries, model: Node, model_api: Api, subject: Any, api: Api, when: str) -> None:
    lines = difference(state(model, type_, model_api), state(subject, type_, api))
    assert not lines, "\n".join([when, *lines])
