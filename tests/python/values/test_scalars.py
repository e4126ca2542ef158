"""Every scalar keeps its value exactly, through a time series and through a field, up to the limits of its type."""

from __future__ import annotations

import enum
import math
import struct
from datetime import UTC, date, datetime, time, timedelta, timezone
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ..model.generated import CompoundScalar, look_alike
from .schema import listed

_INTS = {
    ("AnInt", "an_int"): (-(2**63), 2**63 - 1),
    ("AnInt8", "an_int8"): (-128, 127),
    ("AnInt16", "an_int16"): (-(2**15), 2**15 - 1),
    ("AnInt32", "an_int32"): (-(2**31), 2**31 - 1),
    ("AUint8", "a_uint8"): (0, 255),
    ("AUint16", "a_uint16"): (0, 2**16 - 1),
    ("AUint32", "a_uint32"): (0, 2**32 - 1),
    ("AUint64", "a_uint64"): (0, 2**64 - 1),
}
_US = timedelta(microseconds=1)
EXTREMES: list[tuple[str, str, Any]] = [
    *((root, field, value) for (root, field), limits in _INTS.items() for value in limits),
    *(("AFloat", "a_float", v) for v in (-0.0, math.inf, -math.inf, 5e-324, 2.2e-308, 1.7976931348623157e308, 0.1)),
    *(("AFloat32", "a_float32", v) for v in (-0.0, math.inf, 2.0**-149, 3.4028234663852886e38)),
    *(("ABool", "a_bool", v) for v in (True, False)),
    *(("AStr", "a_str", v) for v in ("", "a\0b", "é世", "🜁\U0010ffff", "x" * 100_000)),
    *(("ABytes", "a_bytes", v) for v in (b"", b"\0", b"a\0b", bytes(range(256)), b"x" * 100_000)),
    *(("ADate", "a_date", v) for v in (date.min, date.max, date(1970, 1, 1), date(2024, 2, 29))),
    *(("ATime", "a_time", v) for v in (time.min, time.max)),
    *(("ADatetime", "a_datetime", v) for v in (datetime.min, datetime.max, datetime(1969, 12, 31, 23, 59, 59, 999999))),
    *(("ATimedelta", "a_timedelta", v) for v in (timedelta(), -_US, _US * (2**63 - 1), -_US * 2**63)),
]


def bits(value: Any) -> Any:
    return struct.pack("<d", value) if isinstance(value, float) else value


@pytest.mark.parametrize(("root", "field", "value"), EXTREMES, ids=lambda v: repr(v)[:40])
def test_extremes(m: ModuleType, root: str, field: str, value: Any) -> None:
    series = getattr(m, root)()
    series.advance(1)
    series.value = value
    assert (type(series.value), bits(series.value)) == (type(value), bits(value))
    assert bits(series.delta_value) == bits(value)
    held = getattr(m.Scalars(**{field: value}), field)
    assert (type(held), bits(held)) == (type(value), bits(value))


@pytest.mark.parametrize("names", _INTS, ids=str)
def test_beyond_the_limits(m: ModuleType, names: tuple[str, str]) -> None:
    series = getattr(m, names[0])()
    series.advance(1)
    for value in (_INTS[names][0] - 1, _INTS[names][1] + 1):
        with pytest.raises(OverflowError):
            series.value = value
        with pytest.raises(OverflowError, match=names[1]):
            m.Scalars(**{names[1]: value})
    assert not series.valid


def test_nan(m: ModuleType) -> None:
    series = m.AFloat()
    series.advance(1)
    series.value = math.nan
    assert math.isnan(series.value)
    assert math.isnan(m.Scalars(a_float32=math.nan).a_float32)


@given(st.floats(width=32))
@settings(deadline=None)
def test_float32_is_exact(m: ModuleType, value: float) -> None:
    held = m.Scalars(a_float32=value).a_float32
    assert bits(held) == bits(value) or math.isnan(value)


@given(st.datetimes(timezones=st.sampled_from([None, UTC, timezone(timedelta(hours=5, minutes=45))])))
@settings(deadline=None)
def test_datetimes_are_kept_in_utc(m: ModuleType, value: datetime) -> None:
    try:
        expected = value if value.tzinfo is None else value.astimezone(UTC).replace(tzinfo=None)
    except OverflowError:  # the year 0 or 10000 in UTC
        with pytest.raises(OverflowError):
            m.Scalars(a_datetime=value)
        return
    assert m.Scalars(a_datetime=value).a_datetime == expected


@given(st.timedeltas(-_US * 2**63, _US * (2**63 - 1)), st.dates(), st.times())
@settings(deadline=None)
def test_times_are_exact(m: ModuleType, span: timedelta, day: date, moment: time) -> None:
    value = m.Scalars(a_timedelta=span, a_date=day, a_time=moment)
    assert (value.a_timedelta, value.a_date, value.a_time) == (span, day, moment)


@pytest.mark.parametrize("text", ["\ud800", "a\udfffb"])
def test_lone_surrogates_are_refused(m: ModuleType, text: str) -> None:
    series = m.AStr()
    series.advance(1)
    with pytest.raises(ValueError, match="surrogate"):
        series.value = text
    with pytest.raises(ValueError, match="a_str"):
        m.Scalars(a_str=text)
    assert not series.valid


def test_objects_keep_their_identity(m: ModuleType) -> None:
    marker = object()
    series = m.AnObject()
    series.advance(1)
    series.value = marker
    assert series.value is marker
    assert m.Scalars(an_object=marker).an_object is marker
    series.value = None
    assert not series.valid


def test_enums(m: ModuleType) -> None:
    assert issubclass(m.Side, enum.Enum)
    assert [(s.name, s.value) for s in m.Side] == [("BUY", 1), ("SELL", -1)]
    series = m.ASide()
    series.advance(1)
    series.value = m.Side.SELL
    assert series.value is m.Side.SELL
    counts = m.BySide()
    counts.advance(1)
    counts.value = {m.Side.BUY: 1, m.Side.SELL: 2}
    assert counts.value == {m.Side.BUY: 1, m.Side.SELL: 2}


def test_an_enum_with_equal_names_is_accepted(m: ModuleType) -> None:
    other = enum.Enum("Side", {"BUY": "b", "SELL": "s"})
    series = m.ASide()
    series.advance(1)
    series.value = other.SELL
    assert series.value is m.Side.SELL
    assert m.Trade(1.0, side=other.SELL).side is m.Side.SELL
    strange = enum.Enum("Side", {"BUY": 1, "HOLD": 2})
    for wrong in (strange.HOLD, 1, "BUY", m.Side):
        with pytest.raises((TypeError, ValueError)):
            series.value = wrong
    assert series.value is m.Side.SELL


def test_a_struct_with_equal_fields_is_accepted(m: ModuleType) -> None:
    points = m.Points()
    points.advance(1)
    points.value = {m.Point(1, 2), look_alike("Point", {"x": 3, "y": 4})}
    assert points.value == {m.Point(1, 2), m.Point(3, 4)}
    assert all(type(p) is m.Point for p in points.value)
    assert look_alike("Point", {"x": 1, "y": 2}) in points
    by_point = m.ByPoint()
    by_point.advance(1)
    by_point.value = {look_alike("Point", {"x": 1, "y": True}): m.Side.BUY}
    assert by_point.value == {m.Point(1, 1): m.Side.BUY}
    before = points.value
    for wrong in (
        look_alike("Point", {"x": 1}),
        look_alike("Point", {"x": 1, "y": "2"}),
        look_alike("Point", {"x": 1, "z": 2}),
        look_alike("Point", {"x": 1, "y": 2, "z": 3}),
        m.Version(1, 2.0),
        CompoundScalar(),
    ):
        with pytest.raises(TypeError):
            points.value = {m.Point(8, 8), wrong}
    assert points.value == before


def test_buffers_in_a_series(m: ModuleType) -> None:
    buffer, queue, array = m.ABuffer(), m.AQueue(), m.AnArray()
    for series in (buffer, queue, array):
        series.advance(1)
    buffer.value = [1.0, 2.0, 3.0, 4.0, 5.0]
    assert listed(buffer.value) == [3.0, 4.0, 5.0]
    queue.value = [1, 2]
    with pytest.raises(ValueError):
        queue.value = [1, 2, 3]
    assert listed(queue.value) == [1, 2]
    array.value = (1, 2, 3)
    for wrong in ([], [1.0], [1.0] * 4):
        with pytest.raises(ValueError):
            array.value = wrong
    assert listed(array.value) == [1.0, 2.0, 3.0]
    numpy = pytest.importorskip("numpy")
    assert isinstance(array.value, numpy.ndarray)
    array.value = numpy.array([4.0, 5.0, 6.0])[::-1]
    assert array.value.tolist() == [6.0, 5.0, 4.0]


def test_collections_read_are_detached(m: ModuleType) -> None:
    numbers, table = m.AList(), m.AMap()
    numbers.advance(1)
    table.advance(1)
    numbers.value, table.value = [[1], [2]], {"a": [1]}
    for read in (numbers.value, numbers.delta_value):
        read[0].append(9)
        read.append([9])
    for read in (table.value, table.delta_value):
        read["a"].append(9)
    assert (numbers.value, table.value) == ([[1], [2]], {"a": [1]})
