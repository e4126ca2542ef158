"""Values and structs as bytes, as JSON and as plain Python."""

from __future__ import annotations

import copy
import pickle
from types import ModuleType
from typing import Any, ClassVar

import pytest

import hgvalue
from hgvalue import CompoundScalar, DecodeError, Delta, TypeKind, TypeMeta, TypeRegistry, Value

from .samples import IDS, POINT, SAMPLES

pytestmark = pytest.mark.row("D-05")
OTHER = TypeRegistry.bundle({"x": int, "y": str}, name="OtherPoint", module="tests.generic")


@pytest.mark.parametrize(("kind", "type_", "form"), SAMPLES, ids=IDS)
def test_values_of_every_kind(kind: TypeKind, type_: TypeMeta, form: Any) -> None:
    value = Value(type_, form)
    data = value.encode()
    assert data == hgvalue.encode(value) == value.view().encode() == Value(type_, form).encode()
    for read in (Value.decode(data), Value.decode(type_, data), hgvalue.decode(data), hgvalue.decode(bytearray(data))):
        assert isinstance(read, Value) and read == value and read.schema is type_ and read.kind is kind
    assert Value.from_json(type_, value.to_json()) == value == Value.from_json(type_, value.view().to_json())
    assert Value.from_python(type_, value.to_python()) == value
    for made in (pickle.loads(pickle.dumps(value)), copy.copy(value), copy.deepcopy(value)):
        assert made == value and made is not value and made.schema is type_


@pytest.mark.parametrize(("kind", "type_", "form"), SAMPLES, ids=IDS)
def test_nulls_keep_their_type(kind: TypeKind, type_: TypeMeta, form: Any) -> None:
    null = Value.null(type_)
    assert not null.has_value and null.to_json() == "null"
    for read in (Value.decode(null.encode()), hgvalue.decode(null.encode()), pickle.loads(pickle.dumps(null))):
        assert not read.has_value and read.schema is type_


class Mine(Value):
    """A subclass, which classmethods and pickles keep."""


def test_subclasses_are_kept() -> None:
    mine = Mine(POINT, {"x": 1, "y": 2.0})
    assert type(Mine.decode(mine.encode())) is Mine and type(pickle.loads(pickle.dumps(mine))) is Mine
    assert type(Mine.from_json(POINT, mine.to_json())) is Mine and type(Mine.decode(POINT, mine.encode())) is Mine


def test_json_is_plain() -> None:
    assert Value(POINT, {"x": 1, "y": 2.5}).to_json() == '{"x":1,"y":2.5}'
    assert Value(dict[int, str], {1: "é"}).to_json() == '[[1,"é"]]'
    for text, error in [
        ("{", ValueError),
        ('{"x":"a","y":1}', TypeError),
        ('{"x":1,"z":1}', TypeError),
        (1, TypeError),
    ]:
        with pytest.raises(error):
            Value.from_json(POINT, text)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="takes a type"):
        Value.from_json('{"x":1}')  # type: ignore[call-arg]


def test_what_has_no_encoding() -> None:
    holder = TypeRegistry.bundle({"a": int, "what": "object"})
    thing = ("kept", 1)
    value = Value(holder, {"a": 1, "what": thing})
    with pytest.raises(TypeError, match="what"):
        value.encode()
    assert pickle.loads(pickle.dumps(value)).value == {"a": 1, "what": thing}
    with pytest.raises(TypeError, match="takes a Value"):
        hgvalue.encode(42)  # type: ignore[arg-type]
    value = Value(POINT)
    view = value.view()
    value.reset()
    with pytest.raises(hgvalue.NullValueError):
        view.encode()


def test_bytes_of_another_type() -> None:
    data = Value(POINT, {"x": 1, "y": 2.0}).encode()
    with pytest.raises(DecodeError, match=r"GenericPoint.*OtherPoint"):
        Value.decode(OTHER, data)
    with pytest.raises(DecodeError, match="not of a delta"):
        Delta.decode(data)
    delta = hgvalue.full_delta(Value(POINT)).encode()
    for read in (Value.decode, lambda d: Value.decode(POINT, d)):
        with pytest.raises(DecodeError, match="a delta"):
            read(delta)
    for wrong in ("text", None, 3):
        with pytest.raises(TypeError, match="takes bytes"):
            hgvalue.decode(wrong)  # type: ignore[arg-type]


def test_bytes_of_an_unknown_type() -> None:
    data = bytearray(Value(POINT).encode())
    value = Value(TypeMeta.get("int"), 5).encode()
    with pytest.raises(DecodeError):
        hgvalue.decode(bytes(data[:5]) + b"\1" * 8 + bytes(data[13:]))  # the checksum tells
    assert hgvalue.decode(value) == 5


# -- generated classes ---------------------------------------------------------------------------------------------


@pytest.fixture
def trade(m: ModuleType) -> Any:
    return m.Trade(price=1.5, size=7)


GENERATED = pytest.mark.row("D-05", "generated")


@GENERATED
def test_structs(m: ModuleType, trade: Any) -> None:
    data = trade.encode()
    assert data == hgvalue.encode(trade) == hgvalue.view(trade).encode() == Value(trade).encode()
    for read in (hgvalue.decode(data), hgvalue.decode(memoryview(data)), m.Trade.decode(data)):
        assert isinstance(read, CompoundScalar) and read == trade == read and hash(read) == hash(trade)
    assert type(read) is m.Trade
    assert Value.decode(data) == trade and isinstance(Value.decode(data), Value)
    assert trade.to_python() == trade and type(trade.to_python()) is m.Trade
    assert hgvalue.view(trade).to_json() == trade.to_json() and trade.to_string() == "{price=1.5, size=7}"


@GENERATED
def test_structs_from_python(m: ModuleType, trade: Any) -> None:
    class Trade:
        __dataclass_fields__: ClassVar[dict[str, Any]] = {"price": None, "size": None}
        price, size = 1.5, 7

    for given in (trade, {"price": 1.5, "size": 7}, Trade()):
        made = m.Trade.from_python(given)
        assert type(made) is m.Trade and made == trade
    for wrong in (1, None, {"price": 1.5, "what": 7}, {"price": "a", "size": 1}):
        with pytest.raises(TypeError):
            m.Trade.from_python(wrong)
    with pytest.raises(TypeError, match="base class"):
        CompoundScalar.from_python({})
    with pytest.raises(TypeError, match="base class"):
        CompoundScalar.decode(b"")


@GENERATED
def test_python_subclasses_of_structs(m: ModuleType, trade: Any) -> None:
    cls: Any = type("Trade", (m.Trade,), {})
    assert type(cls.decode(trade.encode())) is cls and cls.decode(trade.encode()) == cls(price=1.5, size=7)
    assert type(cls.from_python(trade)) is cls


@GENERATED
def test_bytes_that_no_struct_has(m: ModuleType, trade: Any) -> None:
    data = trade.encode()
    with pytest.raises(DecodeError, match=r"GenericPoint.*Trade"):
        m.Trade.decode(Value(POINT).encode())
    with pytest.raises(DecodeError, match="null"):
        m.Trade.decode(Value.null(m.Trade).encode())
    for end in range(len(data)):
        with pytest.raises(DecodeError):
            m.Trade.decode(data[:end])
    with pytest.raises(DecodeError):
        m.Trade.decode(data + b"\0")
