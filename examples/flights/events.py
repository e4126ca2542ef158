"""The year as ticks: what becomes known at each moment, in the form the replay hands to the time series.

All conversion happens here, column by column, before the clock starts, so that the replay itself measures the
generated classes and not the reading of tables. NaN in the tables means "unknown", and what is unknown is not set.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

import numpy as np
import pandas as pd
from tables import DataError, Tables
from timeline import FOREVER, NEW_YORK, flight_keys, flight_timeline, micros, observation_times

from hgvalue import REMOVE

HOUR = 3_600_000_000
"""One hour in µs, the unit of every time from here on."""

APPLY = "apply"
ATTRIBUTES = "attributes"
STYLES = (APPLY, ATTRIBUTES)
"""How a tick is written: one `apply_result` for each root, or one attribute after the other."""

WEATHER_FIELDS = {
    "temperature": "temp",
    "humidity": "humid",
    "wind_speed": "wind_speed",
    "visibility": "visib",
    "last_day": "temp",
}
"""Field of the schema → column of the table. The temperature goes into a field and into the window."""

T = TypeVar("T")


class FlightNews(NamedTuple):
    """The flights of one tick, for writing by attribute."""

    published: Sequence[tuple[Any, ...]] = ()
    departed: Sequence[tuple[str, float]] = ()
    arrived: Sequence[tuple[str, float, float]] = ()
    removed: Sequence[str] = ()


class Tick(NamedTuple):
    """One moment, and what it brings; None where that is nothing."""

    at: int
    flights: Any
    """For `apply`: key → fields, or REMOVE. For `attributes`: a `FlightNews`."""
    weather: Any
    """Station → reading: a dict of fields for `apply`, a value for each field, or NaN, for `attributes`."""


@dataclass(frozen=True, slots=True)
class Events:
    """A replay ready to run."""

    hours: dict[int, list[Tick]]
    midnights: list[int]
    """Every midnight in New York between the first event and the last."""
    ticks: int
    updates: int
    """Field updates: one for each field of a flight or station that is set, and one for each push into a window.

    Creating and removing keys is work as well, but is not counted.
    """
    flights: int
    readings: int


def prepare(tables: Tables, style: str, until: int = FOREVER) -> Events:
    """Turn the tables into ticks before `until`, in time order, for one style of writing."""
    times = flight_timeline(tables)
    shown = micros(times["published"]) < until
    steps = _Steps(tables.flights[shown], times[shown], until)
    flights = _as_changes(steps) if style == APPLY else _as_news(steps)

    observed = micros(observation_times(tables.weather))
    known = observed < until
    readings = tables.weather[known]
    pairs = _as_readings(readings) if style == APPLY else _as_rows(readings)
    weather = {at: dict(stations) for at, stations in grouped(observed[known], pairs).items()}
    if sum(map(len, weather.values())) != len(readings):
        raise DataError("a station has two readings at one time")

    moments = np.unique(np.fromiter((*flights, *weather), dtype=np.int64))
    ticks = [Tick(at, flights.get(at), weather.get(at)) for at in moments.tolist()]
    return Events(
        hours=grouped(moments // HOUR * HOUR, ticks),
        midnights=_midnights(ticks[0].at, ticks[-1].at),
        ticks=len(ticks),
        updates=steps.updates + int(readings[list(WEATHER_FIELDS.values())].notna().sum().sum()),
        flights=int(shown.sum()),
        readings=len(readings),
    )


def grouped(times: np.ndarray, items: Sequence[T]) -> dict[int, list[T]]:
    """Collect items under their time: times ascending, items of one time in their given order."""
    if not len(times):
        return {}
    order = np.argsort(times, kind="stable")
    ascending = times[order]
    starts = np.flatnonzero(np.diff(ascending, prepend=ascending[0] - 1))
    ends = np.append(starts[1:], len(ascending))
    ordered = [items[i] for i in order.tolist()]
    return {
        at: ordered[start:end]
        for at, start, end in zip(ascending[starts].tolist(), starts.tolist(), ends.tolist(), strict=True)
    }


class _Steps:
    """The columns of the flights as plain Python objects, and which rows take which step when."""

    def __init__(self, flights: pd.DataFrame, times: pd.DataFrame, until: int) -> None:
        self.keys: list[str] = flight_keys(flights).tolist()
        self.carriers = _shared(flights["carrier"])
        self.tails = _shared(flights["tailnum"])
        self.origins = _shared(flights["origin"])
        self.destinations = _shared(flights["dest"])
        self.scheduled = times["scheduled"].to_numpy().astype("datetime64[us]").tolist()
        self.distances: list[int] = flights["distance"].tolist()
        self.departure_delays: list[float] = flights["dep_delay"].tolist()
        self.arrival_delays: list[float] = flights["arr_delay"].tolist()
        self.air_times: list[float] = flights["air_time"].tolist()
        self.published, self.published_rows = self._step(times["published"], until)
        self.departed, self.departed_rows = self._step(times["departed"], until)
        self.arrived, self.arrived_rows = self._step(times["arrived"], until)
        self.removed, self.removed_rows = self._step(times["removed"], until)
        facts = 6 * len(self.keys) - int(flights["tailnum"].isna().sum())
        self.updates = facts + len(self.departed) + 2 * len(self.arrived)

    @staticmethod
    def _step(column: pd.Series, until: int) -> tuple[np.ndarray, list[int]]:
        """Return the times of the rows that take this step, and the numbers of those rows."""
        times = micros(column)
        rows = np.flatnonzero(column.notna().to_numpy() & (times < until))
        return times[rows], rows.tolist()


def _as_changes(steps: _Steps) -> dict[int, dict[str, Any]]:
    """Return the dict that `Board.apply_result` takes, for every moment with news of flights."""
    facts = [
        {
            "carrier": carrier,
            "tail_number": tail,
            "origin": origin,
            "destination": destination,
            "scheduled_departure": scheduled,
            "distance": distance,
        }
        for carrier, tail, origin, destination, scheduled, distance in zip(
            steps.carriers,
            steps.tails,
            steps.origins,
            steps.destinations,
            steps.scheduled,
            steps.distances,
            strict=True,
        )
    ]
    for fact in facts:
        if fact["tail_number"] is None:
            del fact["tail_number"]
    keys = steps.keys
    changes: list[tuple[str, Any]] = list(zip(keys, facts, strict=True))
    changes += [(keys[row], {"departure_delay": steps.departure_delays[row]}) for row in steps.departed_rows]
    changes += [
        (keys[row], {"arrival_delay": steps.arrival_delays[row], "air_time": steps.air_times[row]})
        for row in steps.arrived_rows
    ]
    changes += [(keys[row], REMOVE) for row in steps.removed_rows]
    times = np.concatenate([steps.published, steps.departed, steps.arrived, steps.removed])
    return {at: dict(pairs) for at, pairs in grouped(times, changes).items()}


def _as_news(steps: _Steps) -> dict[int, FlightNews]:
    """Return the same as lists of what to write, for every moment with news of flights."""
    keys = steps.keys
    facts = list(
        zip(
            keys,
            steps.carriers,
            steps.tails,
            steps.origins,
            steps.destinations,
            steps.scheduled,
            steps.distances,
            strict=True,
        )
    )
    published = grouped(steps.published, facts)
    departed = grouped(steps.departed, [(keys[row], steps.departure_delays[row]) for row in steps.departed_rows])
    arrived = grouped(
        steps.arrived,
        [(keys[row], steps.arrival_delays[row], steps.air_times[row]) for row in steps.arrived_rows],
    )
    removed = grouped(steps.removed, [keys[row] for row in steps.removed_rows])
    return {
        at: FlightNews(published.get(at, ()), departed.get(at, ()), arrived.get(at, ()), removed.get(at, ()))
        for at in published.keys() | departed.keys() | arrived.keys() | removed.keys()
    }


def _as_readings(weather: pd.DataFrame) -> list[tuple[str, dict[str, float]]]:
    """Return every reading as a station and the fields that are known."""
    return [
        # NaN is the one value that does not equal itself.
        (station, {name: value for name, value in zip(WEATHER_FIELDS, values, strict=True) if value == value})
        for station, values in _as_rows(weather)
    ]


def _as_rows(weather: pd.DataFrame) -> list[tuple[str, tuple[float, ...]]]:
    """Return every reading as a station and a value for each of the fields, NaN where unknown."""
    columns = [weather[column].tolist() for column in WEATHER_FIELDS.values()]
    return list(zip(_shared(weather["origin"]), zip(*columns, strict=True), strict=True))


def _shared(column: pd.Series) -> list[Any]:
    """Return the column as a list in which equal strings are one object: less memory, and one hash for each."""
    codes, values = pd.factorize(column)
    objects = [*values, None]
    return [objects[code] for code in codes.tolist()]  # code -1 stands for unknown, and finds the last: None


def _midnights(first: int, last: int) -> list[int]:
    start, end = (pd.Timestamp(at, unit="us", tz="UTC").tz_convert(NEW_YORK) for at in (first, last))
    days = pd.date_range(start.normalize() + pd.DateOffset(days=1), end, freq="D")
    midnights: list[int] = micros(pd.Series(days.tz_convert("UTC").tz_localize(None))).tolist()
    return midnights
