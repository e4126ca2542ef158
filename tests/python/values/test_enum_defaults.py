"""A new enum is one of its members: that of value 0, or the first one where there is none, wherever it stands."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

import hgvalue
from hgvalue import TypeMeta, TypeRegistry, Value

from ...fuzz.codec import checksum
from ..model.generated import load

SCHEMA = """
class Side(Enum):
    SELL = 5
    BUY = -3

class Level(IntEnum):
    HIGH = 9
    LOW = 1

class Zero(Enum):
    ONE = 1
    NONE = 0

class Inner(CompoundScalar):
    side: Side
    size: int

class Holder(CompoundScalar):
    side: Side
    level: Level
    zero: Zero
    inner: Inner
    pair: tuple[Side, int]
    triple: tuple[int, tuple[str, Side]]
    two: Array[Side, Size[2]]
    inners: Array[Inner, Size[2]]
    pairs: Array[tuple[int, Side], Size[2]]
    choice: Side | str
    deep: tuple[int, Side] | str
    chosen: Side = Side.BUY

class Grown(CompoundScalar):
    sides: list[Side]
    pairs: list[tuple[int, Side]]
    arrays: list[Array[Level, Size[2]]]
    choices: list[Side | str]
    inners: list[Inner]
    maybe: Side | None
    maybe_pair: tuple[Side, int] | None
    by: dict[str, Side]
    by_pair: dict[str, tuple[int, Side]]

class Ticking(TimeSeriesSchema):
    side: TS[Side]
    size: TS[int]
    pair: TS[tuple[Side, int]]
    two: TSL[TS[Side], Size[2]]
    grid: TSL[TSL[TS[Side], Size[2]], Size[2]]
    grown: TSL[TS[Side]]
    by: TSD[str, TS[Side]]
    choice: TS[Side | str]

type Sides = TS[Side]
type BySide = TSD[Side, TS[Level]]
"""

DEFAULTS = {
    "side": "SELL",
    "level": "HIGH",
    "zero": "NONE",
    "inner": {"side": "SELL", "size": 0},
    "pair": ("SELL", 0),
    "triple": (0, ("", "SELL")),
    "two": ("SELL", "SELL"),
    "inners": ({"side": "SELL", "size": 0},) * 2,
    "pairs": ((0, "SELL"), (0, "SELL")),
    "choice": "SELL",
    "deep": (0, "SELL"),
    "chosen": "BUY",
}


@pytest.fixture(scope="module")
def m(backend: str) -> ModuleType:
    return load(SCHEMA, "enum_defaults", backend)


def named(value: Any) -> Any:
    """Return a value with the names of members, and with tuples for whatever is in order."""
    if hasattr(value, "name") and hasattr(value, "value"):
        return value.name
    if hasattr(value, "to_dict"):
        value = value.to_dict()
    if isinstance(value, dict):
        return {k: named(v) for k, v in value.items()}
    return tuple(map(named, value)) if isinstance(value, (list, tuple)) else value


def emplaced(type_: Any) -> Value:
    value = Value.null(type_)
    value.emplace()
    return value


def check_members(value: Value) -> None:
    """Check that the value goes by every route, none of which takes what is no member."""
    again = (
        Value.decode(value.encode()),
        Value.from_json(value.schema, value.to_json()),
        Value(value.schema, value.to_python()),
        pickle.loads(pickle.dumps(value)),
    )
    assert all(each == value for each in again)


def test_parts_of_a_new_value(m: ModuleType) -> None:
    made = emplaced(m.Holder)
    assert named(made.to_python()) == DEFAULTS
    check_members(made)


def test_values_made_at_run_time_of_such_enums(m: ModuleType) -> None:
    side = TypeMeta.from_python_type(m.Side)
    for type_, expected in (
        (side, "SELL"),
        (TypeRegistry.tuple(int, side), (0, "SELL")),
        (TypeRegistry.fixed_list(side, 2), ("SELL", "SELL")),
        (TypeRegistry.bundle({"a": int, "b": side}), {"a": 0, "b": "SELL"}),
        (TypeRegistry.variant(side, str), "SELL"),
        (TypeRegistry.tuple(m.Inner, int), ({"side": "SELL", "size": 0}, 0)),
    ):
        made = emplaced(type_)
        assert named(made.to_python()) == expected, type_
        check_members(made)
    assert not side.is_trivially_constructible
    assert TypeMeta.from_python_type(m.Zero).is_trivially_constructible


GROWTH: dict[str, tuple[Callable[[Any], Any], Any]] = {
    "sides": (lambda view: view.resize(2), ("SELL", "SELL")),
    "pairs": (lambda view: view.resize(1), ((0, "SELL"),)),
    "arrays": (lambda view: view.resize(1), (("HIGH", "HIGH"),)),
    "choices": (lambda view: view.resize(1), ("SELL",)),
    "inners": (lambda view: view.resize(1), ({"side": "SELL", "size": 0},)),
    "maybe": (lambda view: view.emplace(), "SELL"),
    "maybe_pair": (lambda view: view.emplace(), ("SELL", 0)),
}


@pytest.mark.parametrize("field", GROWTH)
def test_what_grows(m: ModuleType, field: str) -> None:
    grow, expected = GROWTH[field]
    made = emplaced(m.Grown)
    grow(made.view()[field])
    assert named(made.to_python()[field]) == expected
    check_members(made)


def test_time_series(m: ModuleType) -> None:
    root = m.Ticking()
    root.advance(1)
    root.apply_result({"size": 1, "grown": [None, m.Side.BUY], "two": {1: m.Side.BUY}, "grid": {1: {0: m.Side.BUY}}})
    root.by.get_or_create("a")
    snapshot = root.snapshot()
    assert m.TickingValue.decode(snapshot.encode()) == snapshot
    assert m.TickingValue.from_json(snapshot.to_json()) == snapshot
    delta = root.delta()
    assert m.TickingDelta.decode(delta.encode()) == delta
    follower = m.Ticking()
    follower.advance(1)
    follower.apply(delta)
    assert follower.value == root.value
    assert follower.snapshot() == snapshot


def test_columns_without_all_fields(m: ModuleType) -> None:
    root = m.BySide()
    root.advance(1)
    root.update_columns({"key": [m.Side.BUY, m.Side.SELL], "value": [m.Level.LOW, m.Level.HIGH]})
    assert root.value == {m.Side.BUY: m.Level.LOW, m.Side.SELL: m.Level.HIGH}


def test_what_is_no_member_is_refused(m: ModuleType) -> None:
    inner = m.Inner(side=m.Side.SELL, size=0)
    with pytest.raises(TypeError):
        m.Inner(side=None, size=0)
    for bad in (0, 5, "NONE", m.Zero.NONE, m.Level.HIGH):
        with pytest.raises((TypeError, ValueError)):
            m.Inner(side=bad, size=0)
        with pytest.raises((TypeError, ValueError)):
            Value(m.Side, bad)
    for bad in ("0", '"NONE"', "null", "5"):
        with pytest.raises((TypeError, ValueError)):
            m.Inner.from_json('{"side": ' + bad + ', "size": 0}')
    for value, encoded in ((inner, bytes([10, 0])), (Value(m.Side, m.Side.SELL), bytes([10]))):
        head = value.encode()[:-4]
        assert head.endswith(encoded)
        damaged = head[: -len(encoded)] + b"\0" + encoded[1:]
        with pytest.raises(hgvalue.HgValueError, match="Side' has no member of value 0"):
            hgvalue.decode(damaged + checksum(damaged))
