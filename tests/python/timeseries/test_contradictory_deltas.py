"""A delta that contradicts itself is refused by every way in; what is taken means one thing and has one encoding."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import datetime
from types import ModuleType
from typing import Any

import pytest

import hgvalue

from ..model.generated import load
from .test_tick_deltas import NAME, SCHEMA

pytestmark = pytest.mark.row("D-01", "D-02", "T-08", generated=True)

INVALID: dict[Any, Any] = {"$invalidated": True}
TICKED: dict[Any, Any] = {"$ticked": True}
CLEARED: dict[Any, Any] = {"$cleared": True}
KEYS: dict[Any, Any] = {"$keys_ticked": True}
WRITTEN: dict[Any, Any] = {"$written": True}
WAS_VALID: dict[Any, Any] = {"$was_valid": True}

REFUSED: dict[str, list[dict[Any, Any]]] = {
    "Number": [
        INVALID | TICKED,
        INVALID | {"value": 1.0},
        CLEARED | {"value": 1.0},
        WRITTEN,
        KEYS,
    ],
    "Texts": [INVALID | TICKED, INVALID | {"appended": ["a"]}, INVALID | CLEARED, KEYS],
    "Quote": [
        INVALID | TICKED,
        INVALID | CLEARED,
        INVALID | {"bid": {"value": 1.0}},
        INVALID | {"bid": INVALID},  # a bundle keeps no children
        {"bid": INVALID | WRITTEN},  # and remembers nothing of them
        {"bid": INVALID | WAS_VALID},
        {"bid": TICKED | {"value": 1.0}},
        {"bid": CLEARED | {"reset": True}},
        {"bid": INVALID | {"value": 1.0}},
        {"bid": {"reset": True, "value": 1.0}},
        KEYS,
        WRITTEN,
    ],
    "Names": [
        INVALID | TICKED,
        INVALID | {"added": ["a"]},
        CLEARED | {"removed": ["a"]},
        {"added": ["a"], "removed": ["a"]},
    ],
    "Pair": [INVALID | {0: {"value": 1}}, INVALID | {0: INVALID}, {0: INVALID | WRITTEN}],
    "Deep": [
        INVALID | TICKED,
        INVALID | {"added": {"a": {1: 1.0}}},
        {"removed": ["a"], "updated": {"a": INVALID}},
        {"updated": {"a": INVALID | WRITTEN | WAS_VALID}},
        {"updated": {"a": WRITTEN}},
        {"updated": {"a": WRITTEN | {"value": {1: 1.0}}}},
        {"updated": {"a": {"inside": KEYS}}},
        {"updated": {"a": INVALID | {"inside": TICKED}}},
        {"updated": {"a": INVALID | {"inside": CLEARED | {"added": {1: None}}}}},
        {"updated": {"a": INVALID | {"inside": {"updated": {1: {"value": 1.0}}}}}},
        {"updated": {"a": INVALID | {"inside": {"added": {1: 1.0}}}}},
        {"added": {"a": {1: 1.0}}, "updated": {"a": INVALID}},
        {"added": {"a": {1: 1.0}}, "updated": {"a": INVALID | WAS_VALID}},
        {"added": {"a": {1: 1.0}}, "updated": {"a": {"value": {2: 2.0}}}},
        {"added": {"a": None}, "updated": {"a": {"inside": {"added": {2: 2.0}}}}},
        {"added": {"a": None}, "updated": {"a": {"reset": True}}},
        CLEARED | {"updated": {"a": INVALID}},
        CLEARED | {"removed": ["a"]},
    ],
    "Rows": [
        CLEARED | {"kept": 2, "dropped": 1},
        CLEARED | {"dropped": 1},
        INVALID | {"appended": [{"a": 1}]},
        {"appended": [{"a": 1}], "updated": {0: INVALID}},
        {"appended": [{"a": 1}], "updated": {0: {"value": {"b": 2}}}},
    ],
    "Last": [
        INVALID | {"dropped": 1},
        INVALID | {"appended": [[datetime(1970, 1, 1), 1]]},
        CLEARED | {"kept": 1, "dropped": 1},
        KEYS,
    ],
    "Board": [
        {"quotes": INVALID | TICKED},
        {"quotes": TICKED},
        {"names": INVALID | {"inside": {"added": ["a"]}}},
        {"last": INVALID | {"inside": {"dropped": 1}}},
        {"quote": INVALID | {"inside": {"bid": {"value": 1.0}}}},
        INVALID | {"deep": {"value": {}}},
    ],
}
#: What looks odd and means one thing: what a time series does, or an inverse or a full delta says.
TAKEN: dict[str, list[dict[Any, Any]]] = {
    "Number": [TICKED, INVALID, {"value": 1.0}],
    "Deep": [
        INVALID | {"added": {"a": None}},
        INVALID | {"removed": ["a"], "added": {"a": None}},
        INVALID | KEYS,
        {"removed": ["a"], "added": {"a": None}, "updated": {"a": INVALID | WAS_VALID}},
        {"updated": {"a": INVALID | WRITTEN | {"inside": KEYS | {"added": {1: None}}}}},
        CLEARED | TICKED | {"added": {"a": {1: 1.0}}},
    ],
    "Last": [CLEARED | {"dropped": 1}],
    "Board": [INVALID | {"deep": INVALID | {"inside": {"added": {"k": None}}}}],
}


@pytest.fixture(scope="module")
def m(backend: str) -> ModuleType:
    module = load(SCHEMA, NAME, backend)
    sys.modules.setdefault(module.__name__, module)
    return module


def cases(of: dict[str, list[dict[Any, Any]]]) -> list[Any]:
    return [pytest.param(root, form, id=f"{root}-{i}") for root, forms in of.items() for i, form in enumerate(forms)]


def in_json(root: str, form: Any) -> str:
    """Return the form as JSON has it: numbers that are keys stand in pairs, those that are indices become text."""

    def convert(value: Any) -> Any:
        if isinstance(value, dict):
            if root == "Deep" and any(isinstance(key, int) for key in value):
                return [[key, convert(each)] for key, each in value.items()]
            return {str(key): convert(each) for key, each in value.items()}
        if isinstance(value, list):
            return [convert(each) for each in value]
        return value.isoformat() if isinstance(value, datetime) else value

    return json.dumps(convert(form))


@pytest.mark.parametrize(("root", "form"), cases(REFUSED))
def test_what_contradicts_itself_is_refused(m: ModuleType, root: str, form: dict[Any, Any]) -> None:
    cls = type(getattr(m, root)().delta())
    ways: list[Callable[[], Any]] = [
        lambda: cls(form),
        lambda: cls.from_python(form),
        lambda: hgvalue.Delta(cls().schema, form),
        lambda: cls.from_json(in_json(root, form)),
    ]
    said = set()
    for way in ways:
        with pytest.raises(ValueError, match=r"not a delta of|one of reset, value and inside") as raised:
            way()
        said.add(str(raised.value))
    assert len(said) == 1


@pytest.mark.parametrize(("root", "form"), cases(TAKEN))
def test_what_is_taken_has_one_encoding(m: ModuleType, root: str, form: dict[Any, Any]) -> None:
    cls = type(getattr(m, root)().delta())
    delta = cls(form)
    for again in (cls.decode(delta.encode()), cls.from_python(delta.to_python()), cls.from_json(delta.to_json())):
        assert again == delta
        assert again.encode() == delta.encode()
    assert delta.to_python() == form


def test_a_value_that_ticked_as_it_was(m: ModuleType) -> None:
    """Where a single value ticked and the delta does not name it: it stays, and must be there."""
    ticked = m.NumberDelta(TICKED)
    root = m.Number()
    root.advance(1)
    for use in (lambda: root.apply(ticked), lambda: hgvalue.apply(ticked, None)):
        with pytest.raises(ValueError, match="ticked"):
            use()
    assert not root.valid
    root.value = 1.5
    root.advance(2)
    root.apply(ticked)
    assert (root.value, root.modified) == (1.5, True)


def test_a_signal_has_no_value_but_true(m: ModuleType) -> None:
    for form in ({"value": False}, TICKED | {"value": False}):
        root = m.Beat()
        root.advance(1)
        with pytest.raises(ValueError, match="no value but true"):
            root.apply(m.BeatDelta(form))
        assert not root.valid
    board = m.Board()
    board.advance(1)
    with pytest.raises(ValueError, match="no value but true"):
        board.load(m.BoardValue(beat=False))
    assert not board.valid


def test_a_reference_takes_no_value(m: ModuleType) -> None:
    board = m.Board()
    board.advance(1)
    board.mark_modified()
    with pytest.raises(ValueError, match="a reference takes no value"):
        board.apply(m.BoardDelta({"ref": {"value": 1.0}, "names": {"value": {"a"}}}))
    assert not board.names.valid
