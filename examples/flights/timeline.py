"""When each fact became known: instants in UTC for every flight and weather reading.

The tables give wall-clock times as numbers such as 517 for 5:17. Adding those up goes wrong at midnight (2400, delays
of more than a day) and on the two nights of the year when the clocks change, so every instant here starts from
`time_hour`, which the tables give in UTC.
"""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd
from tables import DataError, Tables

NEW_YORK = "America/New_York"

LEAD = timedelta(hours=6)
"""A flight appears on the board this long before its scheduled departure."""

STAY = timedelta(days=1)
"""A flight leaves the board this long after its last news."""

FOREVER = np.iinfo(np.int64).max
"""A time, in µs, after everything."""

# Four destinations are missing from the table of airports; all are on islands that keep one time, the year round.
_UNLISTED_ZONES = dict.fromkeys(("BQN", "PSE", "SJU", "STT"), "America/Puerto_Rico")


def micros(times: pd.Series) -> np.ndarray:
    """Return naive UTC times as µs since 1970; NaT becomes the smallest integer."""
    since_1970: np.ndarray = times.to_numpy().astype("datetime64[us]").astype(np.int64)
    return since_1970


def scheduled_departures(flights: pd.DataFrame) -> pd.Series:
    """Return the scheduled departure of every flight, as naive UTC."""
    hours = pd.to_datetime(flights["time_hour"], utc=True).dt.tz_localize(None)
    return (hours + pd.to_timedelta(flights["minute"], unit="min")).astype("datetime64[us]")


def observation_times(weather: pd.DataFrame) -> pd.Series:
    """Return the time of every weather reading, as naive UTC."""
    return pd.to_datetime(weather["time_hour"], utc=True).dt.tz_localize(None).astype("datetime64[us]")


def flight_keys(flights: pd.DataFrame) -> pd.Series:
    """Return carrier-number-origin-date; the date is that of the scheduled departure in New York."""
    date = pd.to_datetime(flights[["year", "month", "day"]]).dt.strftime("%Y-%m-%d")
    keys = flights["carrier"] + "-" + flights["flight"].astype(str) + "-" + flights["origin"] + "-" + date
    if not keys.is_unique:
        raise DataError(f"two flights share a key: {keys[keys.duplicated()].iloc[0]}")
    return keys


def flight_timeline(tables: Tables) -> pd.DataFrame:
    """Return, for every flight, when it was published, departed, arrived and removed; NaT where it never did."""
    flights = tables.flights
    scheduled = scheduled_departures(flights)
    departed = scheduled + pd.to_timedelta(flights["dep_delay"], unit="min")
    # A flight that was diverted has an arrival time, but neither delay nor air time: there is nothing to tell.
    arrived = _arrivals(tables, departed).where(flights["arr_delay"].notna())
    if not (flights["arr_delay"].notna() == flights["air_time"].notna()).all():
        raise DataError("some flight has only one of arrival delay and air time")
    times = pd.DataFrame(
        {
            "scheduled": scheduled,
            "published": scheduled - LEAD,
            "departed": departed,
            "arrived": arrived,
            "removed": arrived.fillna(departed).fillna(scheduled) + STAY,
        }
    )
    _check_order(times)
    return times


def _arrivals(tables: Tables, departed: pd.Series) -> pd.Series:
    """Return when each flight landed: the first moment after departure at which clocks there show `arr_time`."""
    flights = tables.flights
    zones = flights["dest"].map(tables.airports.set_index("faa")["tzone"].to_dict() | _UNLISTED_ZONES)
    if zones.isna().any():
        raise DataError(f"no time zone for the destination {flights['dest'][zones.isna()].iloc[0]}")
    minutes = flights["arr_time"] // 100 * 60 + flights["arr_time"] % 100
    clock = pd.to_timedelta(minutes % (24 * 60), unit="min")  # 2400 is midnight: the first minute of a day
    landed = pd.Series(pd.NaT, index=flights.index, dtype="datetime64[us]")
    for zone, rows in flights.groupby(zones).groups.items():
        left = departed[rows].dt.tz_localize("UTC").dt.tz_convert(zone).dt.tz_localize(None)
        local = left.dt.normalize() + clock[rows]
        local += pd.to_timedelta((local < left).astype(int), unit="D")
        # An hour that happens twice is taken as its first passage, one that is skipped as the moment after it.
        first_passage = np.ones(len(local), dtype=bool)
        there = local.dt.tz_localize(zone, ambiguous=first_passage, nonexistent="shift_forward")
        landed[rows] = there.dt.tz_convert("UTC").dt.tz_localize(None)
    return landed


def _check_order(times: pd.DataFrame) -> None:
    """Every flight is published, departs, arrives and is removed in that order, at four different moments.

    The replay relies on it: two changes of one flight in one tick would need merging.
    """
    previous = times["published"]
    for step in ("departed", "arrived", "removed"):
        happened = times[step].notna()
        if not (previous[happened] < times.loc[happened, step]).all():
            raise DataError(f"some flight has {step} before what comes first")
        previous = times[step].fillna(previous)
