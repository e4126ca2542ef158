"""Fields of type ``A | B``: which alternative a value is, what defaults mean, what is refused."""

from __future__ import annotations

import copy
import pickle
import sys
from types import ModuleType
from typing import Any

import pytest

from ..model.generated import load

SCHEMA = """
class Kind(Enum):
    PLAIN = 0
    LARGE = 1

class Point(CompoundScalar):
    x: int
    y: int

class Reading(CompoundScalar):
    value: int | float | str
    place: Point | str | None = None
    flag: bool | Kind = Kind.LARGE
    many: list[int] | dict[str, int] = {"a": 1}
    scale: float | str = 1

class Held(TimeSeriesSchema):
    reading: TS[Reading]
    latest: TS[int | str]

Log = TSD[int | str, TS[float | str]]
"""

pytestmark = pytest.mark.row("V-29", generated=True)


@pytest.fixture(scope="module")
def m(backend: str) -> ModuleType:
    return load(SCHEMA, "variants", backend)


@pytest.mark.parametrize("value", [1, 1.0, "1", -(2**63)])
def test_a_value_keeps_its_type(m: ModuleType, value: Any) -> None:
    reading = m.Reading(value=value)
    assert reading.value == value
    assert type(reading.value) is type(value)


def test_defaults_are_of_the_alternative_they_look_like(m: ModuleType) -> None:
    reading = m.Reading(value=0)
    assert reading.place is None
    assert reading.flag is m.Kind.LARGE
    assert reading.many == {"a": 1}
    assert reading.scale == 1.0
    assert type(reading.scale) is float


def test_structs_and_enums_as_alternatives(m: ModuleType) -> None:
    reading = m.Reading(value=0, place=m.Point(1, 2), flag=True, many=[1, 2])
    assert (reading.place, reading.flag, reading.many) == (m.Point(1, 2), True, [1, 2])
    assert reading.replace(place="here").place == "here"


def test_another_alternative_is_another_value(m: ModuleType) -> None:
    assert m.Reading(value=1) == m.Reading(value=1)
    assert m.Reading(value=1) != m.Reading(value=1.0)
    assert m.Reading(value="x") != m.Reading(value=0)


def test_what_no_alternative_takes_is_refused(m: ModuleType) -> None:
    with pytest.raises(TypeError, match=r"value: expected int \| float \| str, got list"):
        m.Reading(value=[1])
    with pytest.raises(TypeError, match="None"):
        m.Reading(value=None)


def test_copies_and_pickles(m: ModuleType) -> None:
    sys.modules.setdefault(m.__name__, m)
    reading = m.Reading(value="text", place=m.Point(3, 4))
    assert pickle.loads(pickle.dumps(reading)) == reading
    assert copy.deepcopy(reading) == reading
    assert repr(reading).startswith("Reading(value='text', place=Point(x=3, y=4)")
    assert m.Reading.from_dict(reading.to_dict()).value == "text"


def test_in_time_series(m: ModuleType) -> None:
    held = m.Held()
    held.advance(1)
    held.latest = 1
    assert (held.latest.value, type(held.latest.value)) == (1, int)
    held.latest = "one"
    assert held.latest.value == "one"
    with pytest.raises(TypeError):
        held.latest = 1.5
    assert held.latest.value == "one"


def test_as_keys(m: ModuleType) -> None:
    log = m.Log()
    log.advance(1)
    log.value = {1: 1.5, "1": "text"}
    assert log.value == {1: 1.5, "1": "text"}
    del log[1]
    assert list(log.keys()) == ["1"]
