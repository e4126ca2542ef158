"""The same figures once more, from the raw tables with pandas, and the comparison with what the deltas added up to."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd
from tables import Tables
from timeline import FOREVER, LEAD, micros, observation_times, scheduled_departures
from totals import CarrierTotals

TOLERANCE = 1e-9
"""Relative. Counts must be equal, and so are sums of delays (whole minutes, exact in any order); the temperatures have
decimals, and pandas keeps a running sum over its window where the replay adds the readings afresh."""

WINDOW = 24
MINIMUM = 3

Figures = dict[tuple[str, ...], float | None]


def replayed_figures(carriers: Mapping[str, CarrierTotals], means: Mapping[tuple[str, int | None], float]) -> Figures:
    """Name the figures of the replay as `pandas_figures` does."""
    figures: Figures = {}
    for carrier, totals in carriers.items():
        figures[carrier, "flights"] = totals.flights
        figures[carrier, "mean departure delay"] = totals.mean_delay
    for (station, midnight), mean in means.items():
        figures[station, "mean temperature", _moment(midnight)] = mean
    return figures


def pandas_figures(tables: Tables, midnights: list[int], until: int = FOREVER) -> Figures:
    """Compute the figures from the tables, using rows that were known before `until`."""
    return carrier_figures(tables.flights, until) | station_figures(tables.weather, midnights, until)


def carrier_figures(flights: pd.DataFrame, until: int) -> Figures:
    """Number of flights and mean departure delay of each carrier."""
    scheduled = scheduled_departures(flights)
    delays = pd.to_timedelta(flights["dep_delay"], unit="min")
    shown = flights[micros(scheduled - LEAD) < until]
    departed = flights[delays.notna() & (micros(scheduled + delays) < until)]
    counts = shown.groupby("carrier").size()
    means = departed.groupby("carrier")["dep_delay"].mean()
    figures: Figures = {}
    for carrier, count in counts.items():
        figures[str(carrier), "flights"] = int(count)
        figures[str(carrier), "mean departure delay"] = float(means[carrier]) if carrier in means else None
    return figures


def station_figures(weather: pd.DataFrame, midnights: list[int], until: int) -> Figures:
    """Mean over each station's last 24 known temperatures before every midnight, and at the end."""
    figures: Figures = {}
    times = micros(observation_times(weather))
    known = weather["temp"].notna() & (times < until)
    for station, rows in weather.assign(at=times)[known].groupby("origin"):
        means = rows["temp"].rolling(WINDOW, min_periods=MINIMUM).mean().to_numpy()
        before = np.searchsorted(rows["at"].to_numpy(), midnights, side="left")
        for moment, count in [*zip(midnights, before.tolist(), strict=True), (None, len(rows))]:
            if count >= MINIMUM:
                figures[str(station), "mean temperature", _moment(moment)] = float(means[count - 1])
    return figures


def differences(replayed: Figures, expected: Figures) -> list[str]:
    """Describe every figure that is missing on one side, or differs."""
    found = []
    for name in sorted(replayed.keys() | expected.keys()):
        if name not in replayed or name not in expected:
            side = "replay" if name not in replayed else "tables"
            found.append(f"{' '.join(name)}: not in the {side}")
            continue
        ours, theirs = replayed[name], expected[name]
        if ours is None or theirs is None:
            same = ours is theirs
        elif isinstance(ours, int) or isinstance(theirs, int):
            same = ours == theirs
        else:
            same = math.isclose(ours, theirs, rel_tol=TOLERANCE)
        if not same:
            found.append(f"{' '.join(name)}: replay {ours!r}, tables {theirs!r}")
    return found


def _moment(at: int | None) -> str:
    return "at the end" if at is None else f"{pd.Timestamp(at, unit='us')} UTC"
