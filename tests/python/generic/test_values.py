"""Value: making, null, conversion, copies, comparison."""

from __future__ import annotations

import copy
import gc
import pickle
import sys
import weakref
from collections import UserDict
from types import ModuleType
from typing import Any

import pytest

import hgvalue
from hgvalue import NullValueError, TypeKind, TypeMeta, TypeRegistry, Value

from .samples import IDS, POINT, SAMPLES


@pytest.mark.row("V-27")
@pytest.mark.parametrize(("kind", "type_", "form"), SAMPLES, ids=IDS)
def test_round_trip(kind: TypeKind, type_: TypeMeta, form: Any) -> None:
    value = Value(type_, form)
    assert value.kind is kind and value.schema is type_ and value.has_value
    shown = value.to_python()
    assert (shown, type(shown)) == (form, type(form))
    again = Value.from_python(type_, value.value)
    assert again == value and value == form
    assert str(value) == value.to_string() == str(value.view())
    assert type_.name in repr(value)
    for made in (copy.copy(value), copy.deepcopy(value), pickle.loads(pickle.dumps(value)), Value(value)):
        assert made is not value and made == value and made.schema is type_


@pytest.mark.row("V-27")
@pytest.mark.parametrize(
    ("type_", "form", "error", "message"),
    [
        (list[int], [1, "x"], TypeError, "list[int][1]: expected int, got str 'x'"),
        (list[int], (1,), TypeError, "expected list[int], got tuple (1,)"),
        (dict[str, list[int]], {"a": [1, 2.5]}, TypeError, "['a'][1]: expected int, got float 2.5"),
        (dict[str, int], {1: 1}, TypeError, "expected str, got int 1"),
        (POINT, {"x": 1, "y": "z"}, TypeError, "GenericPoint.y: expected float, got str 'z'"),
        (POINT, {"x": 1}, TypeError, "missing fields of GenericPoint: y"),
        (POINT, {"x": 1, "y": 1.0, "w": 2}, TypeError, "no field 'w'"),
        (POINT, [1, 2.0], TypeError, "expected GenericPoint"),
        ("int8", 128, OverflowError, "128"),
        ("uint8", -1, OverflowError, "-1"),
        (int, True, None, ""),
        (float, True, TypeError, "expected float, got bool True"),
        (str, None, None, ""),
        (set[int], [1], TypeError, "expected set[int]"),
        (tuple[int, str], (1,), ValueError, "expected 2 elements, got 1"),
        ("Array[int, Size[2]]", [1, 2, 3], ValueError, "expected 2 elements, got 3"),
        (int | str, 1.5, TypeError, "expected int | str"),
        ("Queue[int, Size[1]]", [1, 2], ValueError, "at most 1"),
    ],
)
def test_wrong_types_name_the_place(type_: Any, form: Any, error: type[Exception] | None, message: str) -> None:
    if error is None:
        Value(type_, form)
        return
    with pytest.raises(error) as caught:
        Value(type_, form)
    assert message in str(caught.value)
    assert isinstance(caught.value, hgvalue.HgValueError)


@pytest.mark.row("V-27")
def test_values_and_views_stand_for_what_they_hold_at_any_depth() -> None:
    numbers, one = Value(list[int], [1, 2]), Value(int, 1)
    assert Value(list[list[int]], [numbers, numbers.view(), [3]]) == [[1, 2], [1, 2], [3]]
    assert Value(dict[str, list[int]], {"a": numbers.view()}) == {"a": [1, 2]}
    assert Value(list[int | None], [one, None, one.view()]) == [1, None, 1]
    assert Value(tuple[int, list[int]], (one, numbers)) == (1, [1, 2])
    nothing = Value(int)
    nothing.reset()
    for wrong, error in ((Value(str, "x"), TypeError), (nothing, NullValueError), (numbers, TypeError)):
        with pytest.raises(error, match=r"\[1\]: expected int"):
            Value(list[int], [one, wrong])


@pytest.mark.row("V-27")
def test_nothing_is_half_written() -> None:
    value = Value(list[list[int]], [[1], [2]])
    element = value[1]
    for bad in ([[5], [6, "x"]], 3, [[5], None]):
        with pytest.raises(TypeError):
            value.value = bad
    assert value == [[1], [2]] and element == [2]
    with pytest.raises(TypeError):
        value[0] = [9, 9, "x"]
    with pytest.raises(TypeError):
        value.view().extend([[7], "x"])
    assert value == [[1], [2]] and element == [2]


@pytest.mark.row("V-27")
@pytest.mark.parametrize(
    ("obj", "name"),
    [
        (42, "int"),
        (True, "bool"),
        (1.5, "float"),
        ("x", "str"),
        (b"x", "bytes"),
        ([1, 2], "list[int]"),
        ({"a": [1.0]}, "dict[str, list[float]]"),
        ({1, 2}, "set[int]"),
        ((1, "a"), "tuple[int, str]"),
    ],
)
def test_the_type_is_found(obj: Any, name: str) -> None:
    value = Value(obj)
    assert value.schema is TypeMeta.get(name)
    assert value == obj


@pytest.mark.row("V-27")
@pytest.mark.parametrize("obj", [[], {}, set(), [1, "a"], None, 3j, [None]])
def test_the_type_is_not_clear(obj: Any) -> None:
    with pytest.raises(TypeError, match="give"):
        Value(obj)


@pytest.mark.row("V-09")
def test_null() -> None:
    value = Value.null(list[int])
    assert not value.has_value and value.value is None and value.schema is TypeRegistry.list(int)
    assert value == Value.null(list[int]) and value != Value(list[int]) and value != Value.null(list[str])
    assert value == None and str(value) == "None" and not value  # noqa: E711
    for use in (
        lambda: len(value),
        lambda: value[0],
        lambda: list(value),
        lambda: 1 in value,
        lambda: value.view().value,
        lambda: value.view().to_string(),
        lambda: value.view().append(1),
        lambda: memoryview(value),
        lambda: Value(list[int], value).view().value,
    ):
        with pytest.raises(NullValueError):
            use()
    assert "null" in repr(value.view())
    view = value.view()
    assert value.emplace() is view and value == [] and value.has_value
    view.append(1)
    assert value.emplace() == [1]
    value.reset()
    with pytest.raises(NullValueError):
        len(view)
    value.value = [5]
    assert view == [5]
    value.value = None
    assert not value.has_value
    assert pickle.loads(pickle.dumps(value)) == value == copy.copy(value)


@pytest.mark.row("V-09")
def test_none_and_null() -> None:
    optional = Value(int | None)
    assert optional.has_value and optional.value is None
    optional.value = 3
    optional.value = None
    assert optional.has_value and not optional.view().has_value
    assert not Value(int, None).has_value
    assert not Value.from_python(int, None).has_value
    anything = Value(object, None)
    assert anything.has_value and anything.value is None


@pytest.mark.row("V-09")
def test_not_initialised() -> None:
    empty = Value.__new__(Value)
    for use in (
        lambda: empty.value,
        lambda: empty.view(),
        lambda: len(empty),
        lambda: empty == 1,
        lambda: empty.reset(),
        lambda: empty.schema,
        lambda: copy.copy(empty),
        lambda: setattr(empty, "value", 1),
        lambda: hgvalue.view(empty),
    ):
        with pytest.raises(hgvalue.StateError):
            use()
    assert repr(empty)
    value = Value(int, 3)
    with pytest.raises(hgvalue.StateError):
        value.__init__(str, "x")  # type: ignore[misc]
    assert value == 3


@pytest.mark.row("V-27")
def test_order_and_hash() -> None:
    assert Value(3) < Value(4) <= 4 and Value("b") > "a" and Value([1, 2]) < [1, 3]
    assert Value((1, "b")) > Value((1, "a"))
    with pytest.raises(TypeError):
        assert Value({"a": 1}) < Value({"a": 2})
    with pytest.raises(TypeError):
        assert Value(3) < "x"
    with pytest.raises(TypeError, match="unhashable"):
        hash(Value(3))
    nan = Value(float("nan"))
    assert nan == Value(float("nan")) and Value(0.0) == Value(-0.0)
    assert hash(nan.view()) == hash(Value(float("nan")).view())
    assert hash(Value(0.0).view()) == hash(Value(-0.0).view())
    assert Value(3) != "x" and Value(3) != [3] and Value([1]) != Value(["a"])


@pytest.mark.row("V-27")
def test_mappings_and_values_inside() -> None:
    point = Value(POINT, UserDict(x=1, y=2))
    assert point == {"x": 1, "y": 2.0}
    points = Value(TypeRegistry.map(str, POINT))
    points["a"] = point
    points["b"] = points["a"]
    assert points == {"a": {"x": 1, "y": 2.0}, "b": {"x": 1, "y": 2.0}}
    with pytest.raises(TypeError, match="expected GenericPoint"):
        points["c"] = Value(3)
    assert list(points) == ["a", "b"] and "c" not in points and len(points) == 2


@pytest.mark.row("V-27")
def test_structs_of_generated_modules(m: ModuleType) -> None:
    trades = Value(TypeRegistry.list(m.Trade), [m.Trade(price=1.0)])
    assert trades.value == [m.Trade(price=1.0)]
    assert trades[0] == m.Trade(price=1.0, size=1)
    trades[0]["price"] = 2.0
    assert trades.value[0].price == 2.0
    assert hash(trades[0]) == hash(m.Trade(price=2.0))
    with pytest.raises(TypeError, match=r"\[0\].price: expected float, got str 'x'"):
        trades[0]["price"] = "x"


class Payload:
    """An object that can be watched."""


@pytest.mark.row("V-27")
def test_objects_are_released_and_collected() -> None:
    payload = Payload()
    watch = weakref.ref(payload)
    before = sys.getrefcount(payload)
    value = Value(list[object], [payload, payload])
    assert sys.getrefcount(payload) == before + 2
    assert value.value[0] is payload
    value[0] = None
    assert sys.getrefcount(payload) == before + 1
    value.value = []
    assert sys.getrefcount(payload) == before
    payload.cycle = Value(list[object], [payload])
    payload.view = payload.cycle[0]
    del payload, value
    gc.collect()
    assert watch() is None


@pytest.mark.row("V-27")
def test_code_of_objects_cannot_break_a_value() -> None:
    value = Value(list[object])

    class Nasty:
        def __eq__(self, other: object) -> bool:
            value.value = []
            return True

        def __hash__(self) -> int:
            return 1

        def __del__(self) -> None:
            value.view().clear()

        def __index__(self) -> int:
            numbers.view().clear()
            return 7

    numbers = Value(list[int], [1, 2, 3])
    value.value = [Nasty(), Nasty()]
    assert value == [Nasty(), Nasty()]
    value.value = [Nasty() for _ in range(50)]
    value.value = [1]
    gc.collect()
    element = numbers[1]
    with pytest.raises(hgvalue.StaleReferenceError):
        element.value = Nasty()
    assert numbers == []
    numbers.value = [1, 2, 3]
    with pytest.raises(IndexError):
        numbers[0:0] = [4]
        numbers[Nasty()] = 4
    numbers.view().append(Nasty())
    assert numbers == [7]


@pytest.mark.row("V-27")
def test_nothing_leaks() -> None:
    def work() -> None:
        value = Value(dict[str, list[str]], {f"key {i} that is long": ["x" * 40] for i in range(20)})
        views = [value[k] for k in value]
        assert all(v.navigate("[0]") == "x" * 40 for v in views)
        with pytest.raises(TypeError):
            value["a"] = [3]
        assert pickle.loads(pickle.dumps(value)) == value

    work()
    gc.collect()
    before = len(gc.get_objects())
    for _ in range(30):
        work()
    gc.collect()
    assert len(gc.get_objects()) - before < 30
