"""The instants of the flights example: midnight, long delays, and clocks that change."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

pd = pytest.importorskip("pandas")

EXAMPLE = Path(__file__).parents[3] / "examples" / "flights"


@pytest.fixture
def timeline(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(EXAMPLE))
    return importlib.import_module("timeline")


def flight(**changes: Any) -> dict[str, Any]:
    """A flight that leaves at 9:30 in the morning of 1 July, on time, and lands two hours later."""
    row = {
        "carrier": "UA",
        "flight": 1,
        "origin": "EWR",
        "dest": "MIA",
        "year": 2013,
        "month": 7,
        "day": 1,
        "minute": 30,
        "time_hour": "2013-07-01T13:00:00Z",
        "dep_delay": 0.0,
        "arr_time": 1130.0,
        "arr_delay": 0.0,
        "air_time": 100.0,
    }
    return row | changes


def timeline_of(timeline: ModuleType, *rows: dict[str, Any]) -> Any:
    airports = pd.DataFrame(
        {"faa": ["MIA", "LAX", "HNL"], "tzone": ["America/New_York", "America/Los_Angeles", "Pacific/Honolulu"]}
    )
    tables = importlib.import_module("tables").Tables(pd.DataFrame(list(rows)), pd.DataFrame(), airports)
    return timeline.flight_timeline(tables)


def only(times: Any, step: str) -> str:
    return str(times[step].iloc[0])


def test_a_flight_on_time(timeline: ModuleType) -> None:
    times = timeline_of(timeline, flight())
    assert only(times, "published") == "2013-07-01 07:30:00"
    assert only(times, "departed") == "2013-07-01 13:30:00"
    assert only(times, "arrived") == "2013-07-01 15:30:00"
    assert only(times, "removed") == "2013-07-02 15:30:00"


def test_landing_at_2400_is_the_next_midnight(timeline: ModuleType) -> None:
    late = flight(time_hour="2013-07-02T01:00:00Z", arr_time=2400.0)
    assert only(timeline_of(timeline, late), "arrived") == "2013-07-02 04:00:00"


def test_a_delay_may_cross_midnight(timeline: ModuleType) -> None:
    late = flight(dep_delay=1301.0, arr_time=845.0)  # leaves at 7:11 on the next day
    times = timeline_of(timeline, late)
    assert only(times, "departed") == "2013-07-02 11:11:00"
    assert only(times, "arrived") == "2013-07-02 12:45:00"


def test_arrival_is_in_the_time_of_the_destination(timeline: ModuleType) -> None:
    west = flight(dest="LAX", arr_time=1215.0, air_time=330.0)
    assert only(timeline_of(timeline, west), "arrived") == "2013-07-01 19:15:00"


def test_islands_missing_from_the_airports_have_a_zone(timeline: ModuleType) -> None:
    island = flight(dest="SJU", arr_time=1330.0, air_time=200.0)
    assert only(timeline_of(timeline, island), "arrived") == "2013-07-01 17:30:00"


def test_a_night_flight_into_summer_time(timeline: ModuleType) -> None:
    # Leaves at 23:30 on 9 March; at 2:00 clocks jump to 3:00.
    night = flight(month=3, day=9, time_hour="2013-03-10T04:00:00Z", arr_time=330.0)
    assert only(timeline_of(timeline, night), "arrived") == "2013-03-10 07:30:00"


def test_a_night_flight_out_of_summer_time(timeline: ModuleType) -> None:
    # Leaves at 23:30 on 2 November; at 2:00 clocks go back to 1:00, and 3:00 comes four and a half hours later.
    night = flight(month=11, day=2, time_hour="2013-11-03T03:00:00Z", arr_time=300.0)
    assert only(timeline_of(timeline, night), "arrived") == "2013-11-03 08:00:00"


def test_cancelled_and_diverted_flights(timeline: ModuleType) -> None:
    unknown = float("nan")
    cancelled = flight(dep_delay=unknown, arr_time=unknown, arr_delay=unknown, air_time=unknown)
    diverted = flight(arr_delay=unknown, air_time=unknown)
    times = timeline_of(timeline, cancelled, diverted)
    assert times["departed"].isna().tolist() == [True, False]
    assert times["arrived"].isna().all()
    assert times["removed"].astype(str).tolist() == ["2013-07-02 13:30:00", "2013-07-02 13:30:00"]


def test_one_key_for_two_flights_is_refused(timeline: ModuleType) -> None:
    with pytest.raises(importlib.import_module("tables").DataError, match="UA-1-EWR-2013-07-01"):
        timeline.flight_keys(pd.DataFrame([flight(), flight(minute=45)]))
