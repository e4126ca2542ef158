"""What every value offers, on classes made of a schema: memory, conversion, bytes, deltas."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
import pytest

import hgvalue

from ..model.generated import load

SCHEMA = """
class Leg(CompoundScalar):
    price: float
    size: int = 1

class Deal(CompoundScalar):
    name: str
    weights: Array[float, Size[4]]
    last: CyclicBuffer[float, Size[3]] = []
    legs: list[Leg] = []
    limits: dict[str, float] = {}
    tags: set[str] = {"new"}
    note: str | int | None = None
"""


@pytest.fixture(scope="module")
def m(backend: str) -> ModuleType:
    return load(SCHEMA, "structs_as_values", backend)


def make(m: ModuleType, **changes: Any) -> Any:
    deal = m.Deal(
        name="a",
        weights=[0.5, 1.5, 2.5, 3.5],
        last=[1.0, 2.0, 3.0],
        legs=[m.Leg(1.0), m.Leg(2.0, 3)],
        limits={"x": 1.0},
    )
    return deal.replace(**changes)


@pytest.mark.row("V-26", generated=True)
def test_numbers_lend_their_memory(m: ModuleType) -> None:
    deal = make(m)
    view = hgvalue.view(deal)["weights"]
    array = np.asarray(view)
    assert array.tolist() == [0.5, 1.5, 2.5, 3.5]
    assert array.ctypes.data == view.address
    assert not array.flags.writeable
    assert np.asarray(hgvalue.view(deal)["last"]).tolist() == [1.0, 2.0, 3.0]
    del deal, view
    assert array.sum() == 8.0


@pytest.mark.row("V-27", "V-05", generated=True)
@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("legs", [{"price": "x"}], r"Deal.legs\[0\]: expected Leg"),
        ("limits", {"x": None}, r"Deal.limits\['x'\]: expected float, got None"),
        ("weights", [1.0, 2.0, "3", 4.0], r"Deal.weights\[2\]: expected float, got str '3'"),
        ("tags", {1}, r"Deal.tags.*expected str, got int 1"),
        ("note", 1.5, r"Deal.note: expected str \| int"),
    ],
)
def test_a_wrong_value_is_refused_with_its_place(m: ModuleType, field: str, value: Any, message: str) -> None:
    deal = make(m)
    with pytest.raises(TypeError, match=message):
        deal.replace(**{field: value})
    assert deal == make(m)


@pytest.mark.row("D-05", "V-27", generated=True)
def test_bytes(m: ModuleType) -> None:
    deal = make(m, note="text")
    data = deal.encode()
    assert m.Deal.decode(data) == deal
    assert hgvalue.decode(data) == deal
    assert data == make(m, note="text", limits={"x": 1.0}).encode()
    for at in range(0, len(data), 7):
        broken = bytearray(data)
        broken[at] ^= 0x10
        with pytest.raises(hgvalue.DecodeError):
            m.Deal.decode(bytes(broken))
    with pytest.raises(hgvalue.DecodeError):
        m.Leg.decode(data)
    assert m.Deal.from_python(deal.to_python()) == deal
    assert m.Deal.from_json(deal.to_json()) == deal


@pytest.mark.row("D-02", generated=True)
def test_a_delta_tells_what_changed(m: ModuleType) -> None:
    before = make(m)
    after = make(m, legs=[m.Leg(1.0), m.Leg(5.0, 3), m.Leg(6.0)], limits={"x": 2.0, "y": 3.0}, tags={"old"})
    delta = hgvalue.diff(before, after)
    assert not delta.empty
    assert delta.change_count == 6
    assert hgvalue.diff(before, before).empty
    assert hgvalue.apply(delta, before) == after
    assert type(hgvalue.apply(delta, before)) is m.Deal
    assert hgvalue.apply(hgvalue.invert(delta, before), after) == before
    with pytest.raises(hgvalue.FrozenError, match="apply"):
        delta.apply_to(before)
    value = hgvalue.Value(hgvalue.TypeMeta.from_python_type(m.Deal), before)
    delta.apply_to(value)
    assert value == after
    delta.clear()
    assert delta.empty
    assert delta.change_count == 0
