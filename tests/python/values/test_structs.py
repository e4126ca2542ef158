"""CompoundScalar classes: construction, immutability, equality, order, text, copies and other forms."""

from __future__ import annotations

import copy
import dataclasses
import json
import math
import pickle
import sys
from datetime import datetime
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .schema import listed, shape_fields


def test_construction(m: ModuleType) -> None:
    trade = m.Trade(1.5, 2, side=m.Side.SELL)
    assert (trade.price, trade.quantity, trade.side, trade.note, trade.tags, trade.at) == (
        *(1.5, 2, m.Side.SELL),
        *("", [], None),
    )
    assert m.Trade(price=1) == m.Trade(1.0)
    assert m.Trade.__doc__ == "One trade."
    assert m.Empty() == m.Empty(nothing=None)


def test_defaults_are_fresh(m: ModuleType) -> None:
    one, two = m.Trade(1.0), m.Trade(1.0)
    one.tags.append("x")
    assert (two.tags, m.Trade(1.0).tags) == ([], [])
    given_tags = ["a"]
    made = m.Trade(1.0, tags=given_tags)
    given_tags.append("b")
    assert made.tags == ["a"]


@pytest.mark.parametrize(
    ("args", "fields", "words"),
    [
        ((), {}, ("x", "y")),
        ((1,), {}, ("y",)),
        ((1, 2, 3), {}, ()),
        ((1,), {"x": 1, "y": 2}, ("x",)),
        ((), {"x": 1, "y": 2, "z": 3}, ("z",)),
        ((), {"x": 1, "y": "2"}, ("y", "int", "str")),
        ((), {"x": 1, "y": None}, ("y",)),
    ],
)
def test_wrong_construction(m: ModuleType, args: Any, fields: dict[str, Any], words: tuple[str, ...]) -> None:
    with pytest.raises(TypeError) as caught:
        m.Point(*args, **fields)
    assert all(word in str(caught.value) for word in words), str(caught.value)


def test_overflow_in_construction(m: ModuleType) -> None:
    with pytest.raises(OverflowError, match="x"):
        m.Point(2**63, 0)


def test_immutable(m: ModuleType) -> None:
    import hgvalue

    point = m.Point(1, 2)
    for act in (lambda: setattr(point, "x", 5), lambda: delattr(point, "x"), lambda: setattr(point, "z", 5)):
        with pytest.raises(AttributeError) as caught:
            act()
        assert isinstance(caught.value, hgvalue.HgValueError)
    with pytest.raises(hgvalue.FrozenError, match="replace"):
        point.x = 5
    assert issubclass(hgvalue.FrozenError, AttributeError)
    assert (point.x, point.y) == (1, 2)
    assert not hasattr(point, "z")


def test_replace(m: ModuleType) -> None:
    trade = m.Trade(1.5, tags=["a"])
    other = trade.replace(quantity=7)
    assert (other.quantity, other.price, other.tags, trade.quantity) == (7, 1.5, ["a"], 1)
    assert dataclasses.replace(trade, quantity=7) == other
    with pytest.raises(TypeError, match="nope"):
        trade.replace(nope=1)
    with pytest.raises(TypeError):
        trade.replace(quantity="x")


def test_equality_and_hash(m: ModuleType) -> None:
    assert m.Point(1, 2) == m.Point(1, 2) != m.Point(2, 1)
    assert hash(m.Point(1, 2)) == hash(m.Point(1, 2))
    assert m.Point(1, 2) != (1, 2)
    assert m.Point(1, 2) != m.Version(1, 2.0)
    assert {m.Point(1, 2), m.Point(1, 2)} == {m.Point(1, 2)}
    nan, zero = m.Version(1, math.nan), m.Version(1, 0.0)
    assert nan == m.Version(1, float("nan"))
    assert hash(nan) == hash(m.Version(1, -float("nan")))
    assert zero == m.Version(1, -0.0)
    assert hash(zero) == hash(m.Version(1, -0.0))
    assert m.Shape(**shape_fields(m)) == m.Shape(**shape_fields(m))
    with pytest.raises(TypeError, match="hash"):
        hash(m.Trade(1.0))  # has a list


@given(st.integers(-3, 3), st.floats(), st.integers(-3, 3), st.floats())
@settings(deadline=None)
def test_equality_laws(m: ModuleType, a: int, b: float, c: int, d: float) -> None:
    one, two = m.Version(a, b), m.Version(c, d)
    alike = a == c and (b == d or (math.isnan(b) and math.isnan(d)))
    assert (one == two) is (two == one) is alike
    assert (one != two) is not alike
    assert not alike or hash(one) == hash(two)
    assert one == one.replace()


@given(st.lists(st.tuples(st.integers(-2, 2), st.floats(-2, 2)), max_size=6))
@settings(deadline=None)
def test_order_is_that_of_tuples(m: ModuleType, pairs: list[tuple[int, float]]) -> None:
    ordered = sorted(m.Version(*pair) for pair in pairs)
    assert [(v.major, v.minor) for v in ordered] == [
        (v.major, v.minor) for v in (m.Version(*pair) for pair in sorted(pairs))
    ]
    for one in ordered:
        for two in ordered:
            keys = (one.major, one.minor), (two.major, two.minor)
            assert (one < two, one <= two, one > two) == (keys[0] < keys[1], keys[0] <= keys[1], keys[0] > keys[1])


def test_order_with_others_is_a_type_error(m: ModuleType) -> None:
    with pytest.raises(TypeError):
        _ = m.Point(1, 2) < (1, 3)
    with pytest.raises(TypeError):
        _ = m.Point(1, 2) < m.Version(1, 3.0)


def test_repr(m: ModuleType) -> None:
    assert repr(m.Point(1, -2)) == "Point(x=1, y=-2)"
    text = repr(m.Trade(1.5, note="it's", side=m.Side.SELL))
    assert all(part in text for part in ("price=1.5", 'note="it\'s"', "SELL", "tags=[]"))


def test_copies(m: ModuleType) -> None:
    import hgvalue

    marker = object()
    shape, scalars = m.Shape(**shape_fields(m)), m.Scalars(an_object=[marker])
    for each in (shape, scalars):
        assert copy.copy(each) == each
    assert copy.copy(scalars).an_object is scalars.an_object
    deep = copy.deepcopy(shape)
    assert deep == shape
    assert copy.deepcopy(scalars).an_object is not scalars.an_object
    assert copy.deepcopy(m.Point(1, 2)) == m.Point(1, 2)
    with pytest.raises(hgvalue.FrozenError):
        deep.name = "other"


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_pickle(m: ModuleType, protocol: int) -> None:
    for value in (
        m.Point(1, 2),
        m.Trade(1.5, tags=["a"], at=datetime(2024, 1, 1)),
        m.Shape(**shape_fields(m)),
        m.Scalars(a_bytes=b"\0", an_object={"x": 1}),
        m.Side.SELL,
    ):
        again = pickle.loads(pickle.dumps(value, protocol))
        assert (type(again), again) == (type(value), value)


def test_class_is_found_where_it_says(m: ModuleType) -> None:
    assert getattr(sys.modules[m.Point.__module__], m.Point.__qualname__) is m.Point


def test_dict_and_json(m: ModuleType) -> None:
    trade = m.Trade(1.5, side=m.Side.SELL, tags=["a"], at=datetime(2024, 1, 2, 3, 4, 5, 6))
    as_dict = trade.to_dict()
    assert list(as_dict) == ["price", "quantity", "side", "note", "tags", "at"]
    assert (as_dict["price"], as_dict["tags"]) == (1.5, ["a"])
    assert m.Trade.from_dict(as_dict) == trade
    assert m.Trade.from_dict({"price": 2}) == m.Trade(2.0)
    text = trade.to_json()
    assert json.loads(text)["price"] == 1.5
    assert m.Trade.from_json(text) == trade
    shape = m.Shape(**shape_fields(m))
    assert m.Shape.from_dict(shape.to_dict()) == shape
    assert m.Shape.from_json(shape.to_json()) == shape
    for wrong in ({}, {"price": "x"}, {"price": 1.0, "nope": 2}):
        with pytest.raises(TypeError):
            m.Trade.from_dict(wrong)
    for broken in ("", "{", "[]", '{"price": "x"}', '{"price": 1.0} x'):
        with pytest.raises((TypeError, ValueError)):
            m.Trade.from_json(broken)


@given(st.integers(-(2**63), 2**63 - 1), st.floats(), st.text(st.characters(exclude_categories=["Cs"])), st.binary())
@settings(deadline=None)
def test_every_form_round_trips(m: ModuleType, number: int, real: float, text: str, raw: bytes) -> None:
    value = m.Scalars(an_int=number, a_float=real, a_str=text, a_bytes=raw)
    assert m.Scalars.from_dict(value.to_dict()) == value
    assert m.Scalars.from_json(value.to_json()) == value
    assert pickle.loads(pickle.dumps(value)) == value
    assert value.replace() == value


def test_dataclasses_and_match(m: ModuleType) -> None:
    assert [f.name for f in dataclasses.fields(m.Trade)] == ["price", "quantity", "side", "note", "tags", "at"]
    assert dataclasses.is_dataclass(m.Point)
    assert dataclasses.asdict(m.Point(1, 2)) == {"x": 1, "y": 2}
    match m.Point(1, 2):
        case m.Point(x=3):
            pytest.fail("no")
        case m.Point(x, y):
            assert (x, y) == (1, 2)
        case _:
            pytest.fail("no match")


def test_containers(m: ModuleType) -> None:
    shape = m.Shape(**shape_fields(m))
    assert shape.outline == (m.Point(0, 0), m.Point(1, 2))
    assert (shape.labels, type(shape.labels)) == ({"a", "b"}, frozenset)
    assert dict(shape.weights) == {"w": 1.5}
    assert listed(shape.grid) == [1.0, 2.0, 3.0]
    assert listed(shape.recent) == [2.0, 3.0, 4.0]
    assert (listed(shape.todo), listed(shape.bounded)) == (["first", "second"], [1, 2])
    assert dict(shape.by_corner) == {m.Point(1, 1): [("a", 1), ("b", 2)]}
    assert (shape.matrix, shape.maybe) == ([[1, 2], []], None)


@pytest.mark.parametrize(
    ("field", "wrong", "error"),
    [
        ("grid", [1.0], ValueError),
        ("grid", [1.0] * 4, ValueError),
        ("grid", [1.0, 2.0, "x"], TypeError),
        ("bounded", [1, 2, 3], ValueError),
        ("box", ((1, 2), (3, 4)), TypeError),
        ("box", None, TypeError),
        ("outline", [], TypeError),
        ("labels", ["a"], TypeError),
        ("labels", "ab", TypeError),
        ("weights", {"a": True}, TypeError),
        ("weights", {1: 1.0}, TypeError),
        ("matrix", [[1], ["x"]], TypeError),
        ("matrix", "ab", TypeError),
        ("todo", "ab", TypeError),
        ("by_corner", {(1, 1): []}, TypeError),
    ],
)
def test_wrong_content(m: ModuleType, field: str, wrong: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match=field):
        m.Shape(**{**shape_fields(m), field: wrong})
    root = m.AShape()
    root.advance(1)
    root.value = m.Shape(**shape_fields(m))
    with pytest.raises(error):
        root.value.replace(**{field: wrong})
    assert root.value == m.Shape(**shape_fields(m))


def test_what_is_read_is_detached(m: ModuleType) -> None:
    given_fields = shape_fields(m)
    shape = m.Shape(**given_fields)
    given_fields["matrix"][0].append(9)
    given_fields["weights"]["new"] = 9.0
    given_fields["labels"].add("new")
    root = m.AShape()
    root.advance(1)
    root.value = shape
    for holder in (shape, root.value):
        for change in (
            lambda s: s.matrix.append([9]),
            lambda s: s.matrix[0].append(9),
            lambda s: s.weights.update(new=9.0),
            lambda s: s.todo.append("new"),
            lambda s: s.by_corner[m.Point(1, 1)].append(("c", 3)),
            lambda s: s.grid.__setitem__(0, 9.0),
        ):
            try:
                change(holder)
            except (TypeError, AttributeError, ValueError):
                continue  # immutable, which is as good
    assert shape == root.value == m.Shape(**shape_fields(m))
