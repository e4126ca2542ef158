"""Fields that a dict leaves out read as their defaults, whatever was read into the same place before."""

from __future__ import annotations

import json
from types import ModuleType
from typing import Any

import pytest

from hgvalue import Delta, TypeMeta, TypeRegistry, Value

from ..model.generated import BACKENDS, load

R = TypeRegistry
SCHEMA = """
class Leg(CompoundScalar):
    price: float
    size: int = 1
    tags: tuple[str, ...] = ("none",)

class Quote(TimeSeriesSchema):
    bid: TS[float]
    ask: TS[float]
    last: TS[Leg]
"""
FULL, SHORT = {"price": 1.0, "size": 7, "tags": []}, {"price": 2.0}
FILLED = {"price": 2.0, "size": 1, "tags": ["none"]}
FIRST, NEXT = "2026-01-01T00:00:00", "2026-01-02T00:00:00"


@pytest.fixture(scope="module", params=BACKENDS)
def module(request: pytest.FixtureRequest) -> ModuleType:
    return load(SCHEMA, "left_out_fields", request.param)


@pytest.fixture(params=["of a class", "of no class"])
def leg(module: ModuleType, request: pytest.FixtureRequest) -> TypeMeta:
    if request.param == "of a class":
        return Delta(module.Leg).schema
    fields = {"price": float, "size": int, "tags": "tuple[str, ...]"}
    return R.bundle(fields, "Leg", "tests.left_out", defaults={"size": 1, "tags": ("none",)})


def _read(type_: TypeMeta, form: Any) -> Any:
    return json.loads(Value.from_json(type_, json.dumps(form)).to_json())


def test_elements_of_a_window(leg: TypeMeta) -> None:
    read = _read(R.window(leg, 3), [[FIRST, FULL], [NEXT, SHORT]])
    assert read == [[FIRST, FULL], [NEXT, FILLED]]


def test_structs_inside_elements_of_a_window(leg: TypeMeta) -> None:
    element = R.bundle({"a": leg, "b": R.optional(leg), "c": R.list(leg), "d": R.map(int, leg)})
    before = {"a": FULL, "b": FULL, "c": [FULL, FULL], "d": [[1, FULL]]}
    after = {"a": SHORT, "b": SHORT, "c": [SHORT, SHORT], "d": [[1, SHORT]]}
    filled = {"a": FILLED, "b": FILLED, "c": [FILLED, FILLED], "d": [[1, FILLED]]}
    assert _read(R.window(element, 3), [[FIRST, before], [NEXT, after]]) == [[FIRST, before], [NEXT, filled]]


def test_keys(leg: TypeMeta) -> None:
    assert _read(R.map(leg, int), [[FULL, 1], [SHORT, 2]]) == [[FULL, 1], [FILLED, 2]]


def test_elements_of_a_set(leg: TypeMeta) -> None:
    assert _read(R.set(leg, True), [FULL, SHORT]) == [FULL, FILLED]


def test_a_key_that_comes_twice(leg: TypeMeta) -> None:
    assert _read(R.map(int, leg), [[1, FULL], [1, SHORT]]) == [[1, FILLED]]


def test_values_of_a_bundle_of_time_series(module: ModuleType) -> None:
    window = R.window(Delta(module.QuoteValue).schema, 4)
    items = [[FIRST, {"bid": 1.0, "last": FULL}], [FIRST, {"ask": 2.0, "last": SHORT}], [NEXT, {}]]
    expected = [[FIRST, {"bid": 1.0, "last": FULL}], [FIRST, {"ask": 2.0, "last": FILLED}], [NEXT, {}]]
    assert _read(window, items) == expected
    plain = Value.from_json(window, json.dumps(expected)).to_python()
    assert json.loads(Value(window, plain).to_json()) == expected
    assert Value.decode(Value(window, plain).encode()).to_python() == plain
