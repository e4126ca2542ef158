"""Enums are Python's own: an Enum, or an IntEnum, whose members are ints."""

from __future__ import annotations

import enum
import json
import pickle
from types import ModuleType

import pytest

import hgvalue
import hgvalue_gen
from hgvalue_gen.build import SchemaError

from ..model.generated import backend, load

__all__ = ["backend"]

SCHEMA = """
from enum import Enum, IntEnum, auto

class Side(IntEnum):
    'Who asks.'
    SELL = -1
    BUY = 1
    BOTH = auto()

class Status(Enum):
    OPEN = 1
    CLOSED = 2

class Order(CompoundScalar):
    side: Side = Side.BUY
    status: Status = Status.OPEN
    by: dict[Side, int] = {Side.BUY: 1}

class Desk(TimeSeriesSchema):
    side: TS[Side]
    sides: TSS[Side]
    by: TSD[Side, TS[int]]

type Root = TSB[Desk]
"""


@pytest.fixture(scope="module")
def m(backend: str) -> ModuleType:
    """The module under test."""
    return load(SCHEMA, "enums_of_kind", backend)


def test_members_of_an_int_enum_are_ints(m: ModuleType) -> None:
    assert m.Side.__bases__ == (enum.IntEnum,)
    assert isinstance(m.Side.BUY, int)
    assert (m.Side.SELL, m.Side.BUY, m.Side.BOTH) == (-1, 1, 2)
    assert sorted(m.Side, reverse=True) == [m.Side.BOTH, m.Side.BUY, m.Side.SELL]
    assert m.Side(1) is m.Side.BUY and m.Side["BUY"] is m.Side.BUY
    assert m.Side.__doc__ == "Who asks."


def test_members_of_an_enum_are_not(m: ModuleType) -> None:
    assert m.Status.__bases__ == (enum.Enum,)
    assert m.Status.OPEN != 1


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_pickles(m: ModuleType, protocol: int) -> None:
    assert pickle.loads(pickle.dumps(m.Side.BUY, protocol)) is m.Side.BUY
    order = m.Order(side=m.Side.SELL)
    assert pickle.loads(pickle.dumps(order, protocol)) == order


def test_a_struct_gives_members_back(m: ModuleType) -> None:
    order = m.Order(side=m.Side.SELL, by={m.Side.BOTH: 3})
    assert order.side is m.Side.SELL
    assert list(order.by) == [m.Side.BOTH]
    assert m.Order().side is m.Side.BUY
    assert json.loads(order.to_json())["side"] == "SELL"
    assert m.Order.from_json(order.to_json()) == order
    assert m.Order.decode(order.encode()) == order


def test_time_series_of_members(m: ModuleType) -> None:
    root = m.Root()
    root.advance(1)
    root.side = m.Side.BUY
    root.sides = {m.Side.BUY, m.Side.BOTH}
    root.by = {m.Side.SELL: 5}
    assert root.side.value is m.Side.BUY
    assert root.sides.value == {m.Side.BUY, m.Side.BOTH}
    assert all(type(key) is m.Side for key in root.by.value)
    assert root.by[m.Side.SELL].value == 5


def test_an_int_is_no_member(m: ModuleType) -> None:
    with pytest.raises(TypeError):
        m.Order(side=1)


def test_the_base_is_part_of_what_an_enum_is(backend: str) -> None:
    other = load(SCHEMA.replace("(IntEnum)", "(Enum)"), "enums_of_kind", backend)
    assert other.Side.__bases__ == (enum.Enum,)
    assert other.__fingerprint__ != load(SCHEMA, "enums_of_kind", backend).__fingerprint__


@pytest.mark.parametrize(
    "bases", ["StrEnum", "Flag", "IntFlag", "enum.StrEnum", "str, Enum", "int, Enum", "Enum, str", "bytes, Enum"]
)
def test_other_kinds_are_refused(bases: str) -> None:
    with pytest.raises(SchemaError, match=r"HGT035(?s:.)*write `class L\(Enum\):` or `class L\(IntEnum\):`"):
        hgvalue_gen.load(f"import enum\nclass L({bases}):\n    A = 1\n", backend="dynamic")


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_types_of_int_enums_are_pickled(m: ModuleType, protocol: int) -> None:
    """They come back as themselves, and not as those of an Enum with the same members."""
    side = hgvalue.TypeMeta.from_python_type(m.Side)
    for type_, given in (
        (side, m.Side.BUY),
        (hgvalue.TypeRegistry.list(side), [m.Side.BUY, m.Side.SELL]),
        (hgvalue.TypeRegistry.map(side, int), {m.Side.BUY: 1}),
    ):
        assert pickle.loads(pickle.dumps(type_, protocol)) == type_
        value = hgvalue.Value(type_, given)
        again = pickle.loads(pickle.dumps(value, protocol))
        assert again == value
        assert again.value == given


@pytest.mark.parametrize(
    ("keys", "error", "text"),
    [
        (["BUY", "NOPE"], ValueError, "Side has no member 'NOPE'"),
        ([1, 7], TypeError, "expected Side"),
        ([None, "BUY"], ValueError, "is null"),
    ],
)
def test_columns_of_what_is_no_member_are_refused(
    m: ModuleType, keys: list[object], error: type[Exception], text: str
) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    root = m.Root()
    root.advance(1)
    root.by.value = {m.Side.BUY: 1}
    root.advance(2)
    with pytest.raises(error, match=text) as caught:
        root.by.update_columns(pyarrow.table({"key": keys, "value": [1, 2]}))
    assert isinstance(caught.value, hgvalue.HgValueError)
    assert root.by.value == {m.Side.BUY: 1}
    assert not root.by.modified


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_pickles_of_what_is_no_member_are_refused(m: ModuleType, protocol: int) -> None:
    """The pickle of a struct has its members by their numbers."""
    good = pickle.dumps(m.Order(status=m.Status.CLOSED), protocol)
    assert pickle.loads(good) == m.Order(status=m.Status.CLOSED)
    assert good.count(b"K\x02") == 1
    with pytest.raises(ValueError, match="7 is not a valid Status"):
        pickle.loads(good.replace(b"K\x02", b"K\x07"))
