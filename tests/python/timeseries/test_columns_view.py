"""Columns seen in place."""

from __future__ import annotations

import gc
import subprocess
import sys
import weakref
from datetime import datetime
from types import ModuleType
from typing import Any

import pytest

from ..model.generated import load
from .columns_schema import SCALARS, SCHEMA, scalar_values

np = pytest.importorskip("numpy")


@pytest.fixture(scope="session")
def m(backend: str) -> ModuleType:
    return load(SCHEMA, "columns", backend)


@pytest.fixture
def quotes(m: ModuleType) -> Any:
    root = m.Quotes()
    root.advance(1)
    root.value = {"a": {"bid": 1.0, "size": 1, "venue": "x"}, "b": {"bid": 2.0}, "c": {"bid": 3.0, "size": 4}}
    root.advance(2)
    return root


def test_a_view_shows_what_is_written(quotes: Any) -> None:
    views = quotes.view_columns()
    assert list(views) == ["bid", "ask", "size"]
    bid, size = views["bid"], views["size"]
    assert (bid.dtype, size.dtype, bid.tolist(), size.tolist()) == ("f8", "i8", [1.0, 2.0, 3.0], [1, 0, 4])
    assert not bid.flags.writeable
    with pytest.raises(ValueError, match="read-only"):
        bid[0] = 1.0
    quotes["b"].bid = 5.0
    quotes.apply_result({"c": {"size": 6}, "b": {"size": 7}})
    quotes.update_columns(["a"], bid=[8.0])
    quotes.value = {"a": {"size": 9}}
    assert (bid.tolist(), size.tolist()) == ([8.0, 5.0, 3.0], [9, 7, 6])
    assert bid.tolist() == [child.bid.value for child in quotes.values()]


@pytest.mark.parametrize("column", [lambda bid: bid, lambda bid: bid[::-1][::-1]], ids=["itself", "twice turned"])
def test_a_dict_is_written_from_its_own_columns(quotes: Any, column: Any) -> None:
    """What is read is what was there before any of it was written."""
    views = quotes.view_columns()
    quotes.update_columns(["b", "c", "a"], bid=column(views["bid"]))
    assert views["bid"].tolist() == [3.0, 1.0, 2.0]


def test_keys_cannot_come_or_go_meanwhile(quotes: Any) -> None:
    import hgvalue

    other = hgvalue.EvaluationClock()
    follower = type(quotes)(other)
    follower.advance(9)
    follower.value = {"z": {"bid": 1.0}}
    slots = quotes.resolve(["new"])
    view = quotes.view_columns()["bid"]
    before = quotes.value
    for change in (
        lambda: quotes.__setitem__("d", {"bid": 1.0}),
        lambda: quotes.__delitem__("a"),
        lambda: quotes.pop("a"),
        lambda: quotes.get_or_create("d"),
        lambda: quotes.clear(),
        lambda: quotes.apply_result({"a": {"bid": 9.0}, "d": {"bid": 1.0}}),
        lambda: quotes.apply_result({"a": {"bid": 9.0}, "b": hgvalue.REMOVE}),
        lambda: quotes.apply_result({"a": {"bid": 9.0}, "b": hgvalue.REMOVE_IF_EXISTS}),
        lambda: quotes.update_columns(["a", "d"], bid=[9.0, 1.0]),
        lambda: quotes.update_columns(slots, bid=[9.0]),
        lambda: quotes.copy_from(follower),
        lambda: quotes.load({}),
        lambda: quotes.apply(follower.delta()),
        lambda: hgvalue.view(quotes).__setitem__("d", {"bid": 1.0}),
        lambda: hgvalue.view(quotes).__delitem__("a"),
    ):
        with pytest.raises(BufferError, match="views of the columns"):
            change()
        assert quotes.value == before
        assert not quotes.modified
    quotes.pop("nothing")
    quotes.apply_result({"nothing": hgvalue.REMOVE_IF_EXISTS})
    follower["other"] = {"bid": 1.0}  # another root
    quotes.invalidate()
    quotes["a"].bid = 1.0
    part = view[1:]
    del view
    with pytest.raises(BufferError):
        quotes["d"] = {"bid": 1.0}
    del part
    gc.collect()
    quotes["d"] = {"bid": 1.0}
    del quotes["a"]


def test_what_is_around_a_viewed_dict(m: ModuleType) -> None:
    nested, boards = m.Nested(), m.Boards()
    for root in (nested, boards):
        root.advance(1)
    nested.value = {"x": {"a": 1.0}, "y": {"a": 2.0}}
    boards.value = ({"a": 1.0}, {"a": 2.0})
    view, second = nested["x"].view_columns()["value"], boards[1].view_columns()["value"]
    for change in (
        lambda: nested.__delitem__("x"),
        lambda: nested.clear(),
        lambda: nested.apply_result({"x": {"b": 1.0}}),
        lambda: nested.apply_result({"x": {"a": 3.0}, "z": {"a": 1.0}, "y": {"b": 1.0}, "w": {}} | {"x": {"c": 1.0}}),
        lambda: boards.resize(1),
        lambda: boards.clear(),
        lambda: boards.apply_result(({}, {"b": 1.0}, {})),
    ):
        with pytest.raises(BufferError):
            change()
    assert (nested.value, boards.value) == ({"x": {"a": 1.0}, "y": {"a": 2.0}}, ({"a": 1.0}, {"a": 2.0}))
    nested.apply_result({f"k{i}": {"a": 1.0} for i in range(100)})  # rows of others move
    del nested["y"]
    boards.apply_result(({"b": 1.0}, {"a": 7.0}, {"c": 1.0}))
    boards.resize(50)
    nested["x"]["a"] = 5.0
    assert (view.tolist(), second.tolist()) == ([5.0], [7.0])
    del view, second
    gc.collect()
    del nested["x"]
    boards.clear()


@pytest.mark.parametrize("field", [f for f in SCALARS if f not in ("f_object", "f_side", "f_str", "f_bytes")])
def test_every_number(m: ModuleType, field: str) -> None:
    values = scalar_values(m, SCALARS[field])
    root = m.Alls()
    root.advance(1)
    root.update_columns(["a", "b"], {field: values})
    view = root.view_columns()[field]
    if field == "f_date":  # stored as days since 1970
        view = view.astype("M8[D]")
    if field == "f_time":
        assert view.tolist() == [0, 86_399_999_999]
    else:
        assert view.tolist() == values


def test_without_numpy() -> None:
    code = """
import sys
sys.modules["numpy"] = None
import hgvalue_gen
m = hgvalue_gen.load("from hgraph import TS, TSD\\ntype Prices = TSD[str, TS[float]]", backend="dynamic")
prices = m.Prices()
prices.advance(1)
prices.update_columns(["a", "b"], [1.0, 2.0])
(view,) = prices.view_columns().values()
assert type(view) is memoryview and view.tolist() == [1.0, 2.0] and view.readonly, view
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_what_has_nothing_to_view(m: ModuleType) -> None:
    names = m.Names()
    with pytest.raises(TypeError, match="none of the columns holds numbers or times"):
        names.view_columns()
    with pytest.raises(TypeError, match="has no columns"):
        m.Sets().view_columns()
    assert m.Prices().view_columns()["value"].tolist() == []


def test_lifetimes(m: ModuleType) -> None:
    import hgvalue

    prices = m.Prices()
    prices.advance(1)
    prices.value = {"a": 1.0}
    gone = weakref.ref(prices)
    view = prices.view_columns()["value"]
    del prices
    gc.collect()
    assert view.tolist() == [1.0]
    assert gone() is not None
    del view
    gc.collect()
    assert gone() is None

    nested = m.Nested()
    nested.advance(1)
    nested.value = {"x": {"a": 1.0}}
    inner = nested["x"]
    nested.advance(2)
    del nested["x"]
    with pytest.raises(hgvalue.StaleReferenceError):
        inner.view_columns()
    with pytest.raises(hgvalue.StaleReferenceError):
        nested.removed_values()[0].view_columns()  # which is gone with the next tick


def test_arrays_of_values() -> None:
    from hgvalue import TypeRegistry, Value

    numbers = Value(TypeRegistry.list(float), [1.0, 2.0])
    for each in (numbers, numbers.view()):
        array = each.__array__()
        assert (array.dtype, array.tolist()) == ("f8", [1.0, 2.0])
        assert array.ctypes.data == numbers.view()[0].address  # no copy
        assert each.__array__("f4").dtype == "f4"
        assert each.__array__(dtype=None, copy=True).ctypes.data != array.ctypes.data
        assert each.__array__(copy=False).ctypes.data == array.ctypes.data
        with pytest.raises(ValueError, match="copy"):
            each.__array__("f4", copy=False)
    times = Value(TypeRegistry.list(datetime), [datetime(2020, 1, 1)])
    assert times.__array__().dtype == "M8[us]"
    assert times.view().__array__().tolist() == [datetime(2020, 1, 1)]
    matrix = Value(TypeRegistry.fixed_list(TypeRegistry.fixed_list(int, 2), 2), [[1, 2], [3, 4]])
    assert np.asarray(matrix).tolist() == matrix.__array__().tolist() == [[1, 2], [3, 4]]
    window = Value(TypeRegistry.window(int, 3), [(datetime(2020, 1, 1), 1), (datetime(2020, 1, 2), 2)])
    assert window.__array__().tolist() == window.view().__array__().tolist() == [1, 2]
    names = Value(TypeRegistry.list(str), ["a", "b"])
    assert np.asarray(names.view()).tolist() == names.__array__().tolist() == ["a", "b"]
    assert np.asarray(Value(int, 3)).tolist() == 3
