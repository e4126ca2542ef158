"""Structs in the hands of libraries that know dataclasses."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

pytestmark = pytest.mark.compile

PLAIN = {"start": {"x": 1, "y": 2.5}, "by": {"a": 1.0}, "stops": ["b"], "tags": ["t"], "side": 1}


@pytest.fixture
def trip(m: ModuleType) -> Any:
    return m.Trip(start=m.Point(x=1), by={"a": 1.0}, stops=["b"], tags={"t"}, side=m.Side.BUY)


def test_pydantic(m: ModuleType, trip: Any) -> None:
    pydantic = pytest.importorskip("pydantic")
    adapter = pydantic.TypeAdapter(m.Trip)
    assert adapter.validate_python(PLAIN) == adapter.validate_python(trip) == trip
    assert adapter.validate_json(adapter.dump_json(trip)) == trip
    assert adapter.dump_python(trip) == {**PLAIN, "tags": {"t"}, "side": m.Side.BUY}
    assert adapter.validate_python({"start": {"x": 3}}) == m.Trip(start=m.Point(x=3))
    assert adapter.json_schema()["required"] == ["start"]
    with pytest.raises(pydantic.ValidationError):
        adapter.validate_python({"start": {"y": 1.0}})


def test_msgspec(m: ModuleType, trip: Any) -> None:
    msgspec = pytest.importorskip("msgspec")
    assert msgspec.convert(PLAIN, m.Trip) == trip
    assert msgspec.json.decode(msgspec.json.encode(trip), type=m.Trip) == trip
    assert msgspec.convert({"start": {"x": 3}}, m.Trip) == m.Trip(start=m.Point(x=3))
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"start": {"x": "no"}}, m.Trip)


def test_cattrs(m: ModuleType, trip: Any) -> None:
    cattrs = pytest.importorskip("cattrs")
    assert cattrs.structure({**PLAIN, "tags": ["t"]}, m.Trip) == trip
    assert cattrs.unstructure(trip)["start"] == PLAIN["start"]


def test_a_struct_that_is_filled_cannot_be_changed_after(m: ModuleType) -> None:
    msgspec = pytest.importorskip("msgspec")
    point = msgspec.convert({"x": 1}, m.Point)
    for change in (lambda: setattr(point, "x", 2), lambda: m.Point.x.__set__(point, 2), point.__post_init__):
        with pytest.raises((AttributeError, RuntimeError)):
            change()
    assert point == m.Point(x=1)
