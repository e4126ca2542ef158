"""Which alternative a union takes: the first that keeps what is given, by every way in; a number is never rounded."""

from __future__ import annotations

import datetime as dt
import json
import math
import pickle
from types import ModuleType
from typing import Any

import pytest

import hgvalue

from ..model.generated import load

SCHEMA = """
class Kind(Enum):
    SPOT = 1
    SWAP = 2

class Leg(CompoundScalar):
    size: int

class Sized(CompoundScalar):
    size: int
    unit: str = "kg"

class U(CompoundScalar):
    whole: int64 | float64 = 0
    counts: uint32 | uint64 = 0
    real: float32 | float64 = 0.5
    small: int8 | int64 | str = 0
    loose: float | str = ""
    flag: int | bool = 0
    moment: date | datetime | str = ""
    when: datetime | str = ""
    raw: bytes | str = ""
    kind: Kind | str = ""
    span: timedelta | int = 0
    leg: Leg | dict[str, int] | None = None
    sized: Sized | dict[str, int] | None = None
    many: list[float32] | list[float] | None = None
    some: set[int] | list[int] | None = None
    nested: dict[str, int | str] = {}

class Held(TimeSeriesSchema):
    loose: TS[float | str]
    real: TS[float32 | float64]
    by: TSD[str, TS[bytes | str]]
    kind: TS[Kind | str]
"""


@pytest.fixture(scope="module")
def m(backend: str) -> ModuleType:
    return load(SCHEMA, "union_choice", backend)


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("whole", 2**63, OverflowError),
        ("whole", -(2**63) - 1, OverflowError),
        ("counts", -1, OverflowError),
        ("counts", 2**64, OverflowError),
        ("loose", 2**53 + 1, ValueError),
        ("loose", 2**2000, OverflowError),
        ("small", 2**63, OverflowError),
        ("many", [2**53 + 1], ValueError),
        ("loose", None, TypeError),
        ("raw", 1, TypeError),
    ],
)
def test_what_no_alternative_keeps_is_refused(m: ModuleType, field: str, value: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        m.U(**{field: value})
    if not isinstance(value, bytes):
        with pytest.raises(error):
            m.U.from_json(json.dumps({field: value}))


KEPT: list[tuple[str, Any]] = [
    ("whole", 2**63 - 1),
    ("whole", 1.0),
    ("counts", 2**64 - 1),
    ("counts", 5),
    ("real", 0.1),
    ("real", 0.5),
    ("real", math.inf),
    ("real", 1e300),
    ("small", 300),
    ("small", ""),
    ("loose", math.inf),
    ("loose", -math.inf),
    ("loose", "NaN"),
    ("loose", 0.1),
    ("flag", True),
    ("flag", 1),
    ("moment", dt.date(2024, 1, 2)),
    ("moment", dt.datetime(2024, 1, 2)),
    ("moment", "2024-01-02"),
    ("moment", "20240102"),
    ("when", dt.datetime(2024, 1, 2, 3, 4, 5, 6)),
    ("when", "2024-01-02"),
    ("raw", b""),
    ("raw", b"\x01\x02"),
    ("raw", "0102"),
    ("raw", "AB"),
    ("kind", "SPOT"),
    ("kind", "other"),
    ("span", dt.timedelta(0)),
    ("span", 1_000_000),
    ("leg", {"size": 3}),
    ("leg", {"other": 3}),
    ("sized", {"size": 3}),
    ("many", [0.1, 0.5]),
    ("some", [1, 1]),
    ("some", [1, 2]),
    ("some", frozenset({1, 2})),
    ("nested", {"a": 1, "b": "1"}),
]


def same(a: Any, b: Any) -> bool:
    return type(a) is type(b) and a == b


@pytest.mark.parametrize(("field", "value"), KEPT)
def test_a_value_is_kept_by_every_way(m: ModuleType, field: str, value: Any) -> None:
    made = m.U(**{field: value})
    assert same(getattr(made, field), value)
    for back in (
        m.U.from_json(made.to_json()),
        m.U.from_dict(made.to_dict()),
        m.U.decode(made.encode()),
        pickle.loads(pickle.dumps(made)),
        made.replace(),
    ):
        assert back == made
        assert same(getattr(back, field), value)
    change = hgvalue.diff(m.U(), made)
    for again in (
        hgvalue.Delta.from_json(m.U, change.to_json()),
        hgvalue.Delta(m.U, change.to_python()),
        hgvalue.Delta.decode(change.encode()),
        pickle.loads(pickle.dumps(change)),
    ):
        assert again == change
        assert same(getattr(hgvalue.apply(again, m.U()), field), value)


def test_members_and_structs_are_kept(m: ModuleType) -> None:
    made = m.U(kind=m.Kind.SPOT, leg=m.Leg(size=1), sized=m.Sized(size=2))
    for back in (m.U.from_json(made.to_json()), m.U.from_dict(made.to_dict())):
        assert back == made
        assert back.kind is m.Kind.SPOT
        assert (type(back.leg), type(back.sized)) == (m.Leg, m.Sized)


def test_what_is_not_mistaken_is_written_plainly(m: ModuleType) -> None:
    written = json.loads(m.U(kind=m.Kind.SPOT, loose=1.5, raw=b"\x01", span=dt.timedelta(microseconds=7)).to_json())
    assert (written["kind"], written["loose"], written["raw"], written["span"]) == ("SPOT", 1.5, "01", 7)
    assert json.loads(m.U(raw="01").to_json())["raw"] == {"$type": "str", "value": "01"}


def test_nan_stays_a_float(m: ModuleType) -> None:
    held = m.Held()
    held.advance(1)
    held.loose = math.nan
    held.real = 0.1
    held.by = {"a": b"", "b": "", "c": "00"}
    held.kind = "SPOT"
    follower = m.Held()
    follower.advance(1)
    follower.apply(m.HeldDelta.from_json(held.delta().to_json()))
    assert math.isnan(follower.loose.value)
    assert follower.real.value == 0.1
    assert follower.by.value == {"a": b"", "b": "", "c": "00"}
    assert follower.kind.value == "SPOT"
    assert m.HeldDelta.from_json(held.delta().to_json()) == held.delta()
    assert m.HeldValue.from_json(held.snapshot().to_json()) == held.snapshot()
