"""TypeMeta and TypeRegistry."""

from __future__ import annotations

import copy
import gc
import pickle
import subprocess
import sys
import threading
from datetime import date, datetime, time, timedelta
from enum import Enum
from types import ModuleType
from typing import Any, Optional, Union

import pytest

import hgvalue
from hgvalue import FieldInfo, TypeKind, TypeMeta, TypeRegistry

from .samples import IDS, POINT, SAMPLES


@pytest.mark.row("V-06")
@pytest.mark.parametrize(
    ("given", "name"),
    [
        (int, "int"),
        (float, "float"),
        (bool, "bool"),
        (str, "str"),
        (bytes, "bytes"),
        (date, "date"),
        (time, "time"),
        (datetime, "datetime"),
        (timedelta, "timedelta"),
        (object, "object"),
        (list[int], "list[int]"),
        (tuple[int, ...], "tuple[int, ...]"),
        (tuple[int, str], "tuple[int, str]"),
        (set[str], "set[str]"),
        (frozenset[str], "set[str]"),
        (dict[str, list[float]], "dict[str, list[float]]"),
        (int | None, "int | None"),
        (Optional[int], "int | None"),  # noqa: UP045
        (Union[int, str], "int | str"),  # noqa: UP007
        (int | str | None, "int | str | None"),
        ("list[ int ]", "list[int]"),
        ("int64", "int"),
        ("long", "int"),
        ("double", "float"),
    ],
)
def test_where_a_type_is_expected(given: Any, name: str) -> None:
    assert TypeRegistry.list(given).element_type is (
        TypeMeta.get(given) if isinstance(given, str) else TypeMeta.from_python_type(given)
    )
    assert TypeRegistry.list(given).element_type is TypeMeta.get(name)


@pytest.mark.row("V-06")
@pytest.mark.parametrize("given", [42, 1.5, None, [int], (int, str), Enum, int.__add__, list, dict, TypeMeta])
def test_no_type(given: Any) -> None:
    with pytest.raises((TypeError, KeyError)):
        TypeRegistry.list(given)


@pytest.mark.row("V-06")
def test_interning() -> None:
    assert TypeRegistry.list(int) is TypeRegistry.instance().list("int")
    assert TypeRegistry.list(int).address == TypeRegistry.list(int).address
    assert TypeRegistry.bundle({"a": int}) is TypeRegistry.bundle({"a": int})
    assert TypeRegistry.bundle({"a": int}) is not TypeRegistry.bundle({"b": int})
    assert TypeRegistry.map(str, int, ordered=True) != TypeRegistry.map(str, int)
    assert len({TypeRegistry.list(int), TypeRegistry.list(int), TypeRegistry.list(str)}) == 2


@pytest.mark.row("V-06")
def test_named_types_are_nominal() -> None:
    other = TypeRegistry.bundle({"x": int, "y": float}, name="GenericPoint", module="tests.elsewhere")
    assert other is not POINT
    assert other.qualified_name == "tests.elsewhere.GenericPoint"
    assert other.is_compatible(POINT)
    assert TypeRegistry.require("tests.generic.GenericPoint") is POINT
    with pytest.raises(hgvalue.AmbiguousTypeError, match="GenericPoint"):
        TypeMeta.get("GenericPoint")


@pytest.mark.row("V-06")
def test_names() -> None:
    assert TypeRegistry.has("float64")
    assert not TypeRegistry.has("nosuchtype")
    assert TypeRegistry.get("nosuchtype") is None
    assert {"int", "float", "size_t", "long"} <= set(TypeRegistry.names())
    with pytest.raises(KeyError, match="floot"):
        TypeRegistry.require("floot")
    TypeRegistry.add_alias("generic_alias", list[int])
    assert TypeRegistry.require("generic_alias") is TypeRegistry.list(int)
    with pytest.raises(ValueError, match="generic_alias"):
        TypeRegistry.add_alias("generic_alias", str)


@pytest.mark.row("V-07")
def test_lookup() -> None:
    assert TypeMeta.get("dict[str, float]") is TypeRegistry.map(str, float)
    assert TypeMeta.from_python_type(int) is TypeMeta.get("int64")
    with pytest.raises(KeyError):
        TypeMeta.get("nosuchtype")
    with pytest.raises(TypeError):
        TypeMeta.get(3)  # type: ignore[arg-type]


@pytest.mark.row("V-07")
def test_a_class_can_be_registered() -> None:
    class Distance:
        pass

    with pytest.raises(TypeError, match="no type of values"):
        TypeMeta.from_python_type(Distance)
    TypeRegistry.register_python_type(Distance, "float")
    assert TypeMeta.from_python_type(Distance) is TypeMeta.get("float")
    assert TypeRegistry.list(Distance) is TypeRegistry.list(float)
    with pytest.raises(TypeError):
        TypeRegistry.register_python_type(3, "float")  # type: ignore[arg-type]


@pytest.mark.row("V-07")
def test_generated_classes(m: ModuleType) -> None:
    trade = TypeMeta.from_python_type(m.Trade)
    assert trade.kind is TypeKind.BUNDLE
    assert trade.name == "Trade"
    assert trade.python_type is m.Trade
    assert TypeRegistry.list(m.Trade).element_type is trade
    side = TypeMeta.from_python_type(m.Side)
    assert side.members == {"BUY": 1, "SELL": -1}
    assert hgvalue.Value(side, m.Side.SELL).value is m.Side.SELL
    assert hgvalue.Value(m.Trade(price=1.0)).schema is trade
    assert pickle.loads(pickle.dumps(trade)) is trade


@pytest.mark.row("V-06")
def test_what_a_type_says() -> None:
    assert (POINT.kind, POINT.size, POINT.alignment) == (TypeKind.BUNDLE, 16, 8)
    assert POINT.fields == (
        FieldInfo("x", 0, 0, TypeMeta.get("int"), False, None),
        FieldInfo("y", 1, 8, TypeMeta.get("float"), False, None),
    )
    assert POINT.is_hashable and POINT.is_comparable and POINT.is_trivially_copyable and POINT.is_named
    map_ = TypeRegistry.map(str, POINT)
    assert (map_.key_type, map_.value_type, map_.element_type) == (TypeMeta.get("str"), POINT, None)
    array = TypeRegistry.fixed_list(float, 3)
    assert (array.fixed_size, array.size, array.is_buffer_compatible) == (3, 24, True)
    window = TypeRegistry.window(int, timedelta(minutes=1), timedelta(seconds=1))
    assert (window.fixed_size, window.min_size) == (timedelta(minutes=1), timedelta(seconds=1))
    assert TypeRegistry.variant(int, str).alternatives == (TypeMeta.get("int"), TypeMeta.get("str"))
    assert TypeRegistry.list(int).python_type == list[int]
    assert not TypeRegistry.list(int).is_hashable
    assert str(map_) == "dict[str, GenericPoint]"
    assert repr(TypeRegistry.list(int)) == "TypeMeta(list[int])"


@pytest.mark.row("V-06")
def test_defaults_and_docs() -> None:
    type_ = TypeRegistry.bundle(
        {"a": int, "b": list[str]},
        "GenericDefaults",
        "tests.generic",
        doc="D.",
        defaults={"b": ["x"]},
        docs={"a": "A."},
    )
    assert type_.doc == "D."
    assert [(f.has_default, f.doc) for f in type_.fields] == [(False, "A."), (True, None)]
    assert hgvalue.Value(type_, {"a": 1}).value == {"a": 1, "b": ["x"]}
    unnamed = TypeRegistry.bundle({"a": int, "d": int}, defaults={"d": 7})
    assert hgvalue.Value(unnamed, {"a": 1}).value == {"a": 1, "d": 7}
    with pytest.raises(KeyError, match="'z'"):
        TypeRegistry.bundle({"a": int}, defaults={"z": 1})
    with pytest.raises(TypeError, match="a: expected int, got str 'x'"):
        TypeRegistry.bundle({"a": int}, defaults={"a": "x"})


@pytest.mark.row("V-06")
@pytest.mark.parametrize(
    ("build", "error"),
    [
        (lambda: TypeRegistry.set(list[int]), TypeError),
        (lambda: TypeRegistry.map(list[int], int), TypeError),
        (lambda: TypeRegistry.variant(int), ValueError),
        (lambda: TypeRegistry.variant(int, int), ValueError),
        (lambda: TypeRegistry.window(int, 0), ValueError),
        (lambda: TypeRegistry.window(int, 2, 3), ValueError),
        (lambda: TypeRegistry.fixed_list(int, -1), ValueError),
        (lambda: TypeRegistry.fixed_list(int, "3"), TypeError),  # type: ignore[arg-type]
        (lambda: TypeRegistry.bundle({"": int}), ValueError),
        (lambda: TypeRegistry.bundle({3: int}), TypeError),  # type: ignore[dict-item]
        (lambda: TypeRegistry.bundle([("a", int)]), TypeError),  # type: ignore[arg-type]
        (lambda: TypeRegistry.enumeration("GenericEmpty", {}), ValueError),
        (lambda: TypeRegistry.enumeration("GenericTwice", {"A": 1, "B": 1}), ValueError),
        (lambda: TypeRegistry.list(), TypeError),  # type: ignore[call-arg]
        (lambda: TypeRegistry.queue(int, 2**70), OverflowError),
        (lambda: TypeMeta(), TypeError),
        (lambda: TypeMeta.__new__(TypeMeta), TypeError),
        (lambda: TypeRegistry(), TypeError),
        (lambda: object.__new__(TypeMeta), TypeError),
    ],
)
def test_bad_types(build: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        build()


@pytest.mark.row("V-06")
def test_an_enum_made_at_run_time() -> None:
    type_ = TypeRegistry.enumeration("GenericSide", {"BUY": 1, "SELL": -1}, "tests.generic")
    cls = type_.python_type
    assert issubclass(cls, Enum) and [x.name for x in cls] == ["BUY", "SELL"]
    value = hgvalue.Value(TypeRegistry.list(cls), [cls.SELL])
    assert value.value == [cls.SELL]
    with pytest.raises(TypeError):
        hgvalue.Value(type_, 1)


@pytest.mark.row("V-06")
@pytest.mark.parametrize(("kind", "type_", "form"), SAMPLES, ids=IDS)
def test_pickle_and_copy(kind: TypeKind, type_: TypeMeta, form: Any) -> None:
    assert type_.kind is kind
    assert pickle.loads(pickle.dumps(type_)) is type_
    assert copy.copy(type_) is type_ and copy.deepcopy(type_) is type_
    assert TypeRegistry.find(type_.fingerprint) is type_


@pytest.mark.row("V-06")
def test_a_pickle_is_read_in_another_process() -> None:
    dumped = pickle.dumps(hgvalue.Value(TypeRegistry.map(str, POINT), {"a": {"x": 1, "y": 2.0}}))
    code = f"import pickle; v = pickle.loads({dumped!r}); print(v.schema.qualified_name, v)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == 'dict[str, GenericPoint] {"a": {x=1, y=2.0}}'


@pytest.mark.row("V-06")
def test_threads_get_the_same_types() -> None:
    got: list[list[TypeMeta]] = []
    barrier = threading.Barrier(8)

    def build() -> None:
        barrier.wait()
        got.append([TypeRegistry.bundle({f"f{i}": int, "g": list[str]}) for i in range(200)])

    threads = [threading.Thread(target=build) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(a is b for types in got for a, b in zip(types, got[0], strict=True))


@pytest.mark.row("V-06")
def test_deep_generics_do_not_overflow() -> None:
    deep: Any = int
    for _ in range(20_000):
        deep = list[deep]
    with pytest.raises(RecursionError):
        TypeRegistry.list(deep)
    gc.collect()
