"""The buffer protocol: numbers without a copy."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime
from types import ModuleType
from typing import Any

import pytest

import hgvalue
from hgvalue import TypeRegistry, Value

np = pytest.importorskip("numpy")


@pytest.mark.row("V-26")
@pytest.mark.parametrize(
    "name",
    ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float32", "float64", "bool"],
)
def test_numbers(name: str) -> None:
    view = Value(TypeRegistry.list(name), [1, 0, 1] if name != "bool" else [True, False, True]).view()
    if name.startswith("float"):
        view.value = [1.0, 0.0, 1.0]
    array = np.asarray(view)
    assert array.dtype == np.dtype(name) and array.tolist() == view.value
    assert array.ctypes.data == view[0].address and not array.flags.writeable
    assert memoryview(view).readonly and memoryview(view.owner).tolist() == view.value


@pytest.mark.row("V-26")
def test_a_buffer_shows_writes_and_forbids_moves() -> None:
    type_ = TypeRegistry.map(str, TypeRegistry.bundle({"n": list[int], "a": TypeRegistry.fixed_list(float, 2)}))
    value = Value(type_, {"k": {"n": [1, 2, 3], "a": [1.0, 2.0]}})
    view = value.view()
    numbers, fixed = view["k"]["n"], view["k"]["a"]
    array, pair = np.asarray(numbers), np.asarray(fixed)
    numbers[1] = 7
    fixed[0] = 9.0
    assert array.tolist() == [1, 7, 3] and pair.tolist() == [9.0, 2.0]
    for change in (
        lambda: numbers.append(1),
        lambda: numbers.clear(),
        lambda: numbers.reserve(99),
        lambda: setattr(numbers, "value", [5]),
        lambda: numbers.__delitem__(0),
        lambda: view.__setitem__("other", {"n": [], "a": [0, 0]}),
        lambda: view.__delitem__("k"),
        lambda: view.clear(),
        lambda: view.compact(),
        lambda: value.reset(),
        lambda: setattr(value, "value", {}),
    ):
        with pytest.raises(BufferError):
            change()
    assert array.tolist() == [1, 7, 3] and numbers == [1, 7, 3]
    del array, pair
    numbers.append(4)
    del view["k"]
    assert view == {}


@pytest.mark.row("V-26")
def test_rings_are_straightened() -> None:
    buffer = Value(TypeRegistry.cyclic_buffer(int, 4)).view()
    for i in range(7):
        buffer.push(i)
    held = buffer[0]
    array = np.asarray(buffer)
    assert array.tolist() == [3, 4, 5, 6] and array.ctypes.data == buffer[0].address and held == 3
    with pytest.raises(BufferError):
        buffer.push(9)
    again = np.asarray(buffer)
    assert again.ctypes.data == array.ctypes.data
    del array, again
    buffer.push(9)
    window = Value(TypeRegistry.window(float, 3)).view()
    for i in range(1, 6):
        window.push(datetime(2026, 1, i), float(i))
    array = np.asarray(window)
    assert array.tolist() == [3.0, 4.0, 5.0] and array.ctypes.data == window[0].address
    with pytest.raises(BufferError):
        window.push(datetime(2026, 2, 1), 1.0)
    assert window.times == [datetime(2026, 1, i) for i in (3, 4, 5)]


@pytest.mark.row("V-26")
def test_arrays_of_arrays() -> None:
    view = Value(TypeRegistry.fixed_list(TypeRegistry.fixed_list(int, 3), 2), [[1, 2, 3], [4, 5, 6]]).view()
    array = np.asarray(view)
    assert array.shape == (2, 3) and array.tolist() == [[1, 2, 3], [4, 5, 6]]
    assert array.ctypes.data == view.address


@pytest.mark.row("V-26")
def test_what_is_no_array() -> None:
    for value in (Value([["a"]]), Value(["a"]), Value(list[object], [1]), Value(list[int | None], [1])):
        with pytest.raises(BufferError, match="numbers"):
            memoryview(value)
    with pytest.raises((BufferError, TypeError)):
        memoryview(Value({"a": 1}))
    assert np.asarray(Value(list[int])).tolist() == []
    with pytest.raises(TypeError):
        memoryview(Value([1]))[0] = 2


@pytest.mark.row("V-26")
def test_times_are_counts() -> None:
    moments = Value(list[datetime], [datetime(1970, 1, 1, 0, 0, 1)])
    assert np.asarray(moments).view("datetime64[us]").tolist() == [datetime(1970, 1, 1, 0, 0, 1)]


@pytest.mark.row("V-26")
def test_a_time_series_gives_a_snapshot(m: ModuleType) -> None:
    closes = m.Closes()
    for at in range(1, 6):
        closes.advance(at)
        closes.value = float(at)
    view: Any = hgvalue.view(closes)
    array = np.asarray(view)
    closes.advance(9)
    closes.value = 9.0
    assert array.tolist() == [3.0, 4.0, 5.0] and np.asarray(view).tolist() == [4.0, 5.0, 9.0]


@pytest.mark.row("V-26")
def test_without_numpy() -> None:
    code = (
        "import sys; sys.modules['numpy'] = None\n"
        "import hgvalue as h\n"
        "v = h.Value(h.TypeRegistry.fixed_list(int, 2), [1, 2])\n"
        "assert v.value == (1, 2) and memoryview(v).tolist() == [1, 2]\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
