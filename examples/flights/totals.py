"""What the deltas add up to. Nothing here sees the tables: only what `delta_value` reported, tick after tick."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hgvalue import REMOVE


@dataclass(slots=True)
class CarrierTotals:
    """One carrier's flights. Delays are whole minutes, so their sum in floating point is exact in any order."""

    flights: int = 0
    departed: int = 0
    delay: float = 0.0

    @property
    def mean_delay(self) -> float | None:
        """Mean departure delay in minutes; None before the first departure."""
        return self.delay / self.departed if self.departed else None


@dataclass(slots=True)
class Span:
    """What happened in one hour, or in several."""

    published: int = 0
    departed: int = 0
    arrived: int = 0
    removed: int = 0
    cancelled: int = 0
    delay: float = 0.0
    worst_delay: float = 0.0
    worst_flight: str = ""

    def add(self, other: Span) -> None:
        """Take in another span."""
        self.published += other.published
        self.departed += other.departed
        self.arrived += other.arrived
        self.removed += other.removed
        self.cancelled += other.cancelled
        self.delay += other.delay
        if other.worst_delay > self.worst_delay:
            self.worst_delay, self.worst_flight = other.worst_delay, other.worst_flight


class Totals:
    """Accumulates the deltas of the board and of the stations."""

    def __init__(self) -> None:
        self.carriers: defaultdict[str, CarrierTotals] = defaultdict(CarrierTotals)
        self.temperatures: dict[str, float] = {}
        self.span = Span()
        """What happened since `take_span`."""
        self._waiting: dict[str, CarrierTotals] = {}
        """The flights that have not departed, with the carrier whose totals they will join."""

    def add_flights(self, delta: Mapping[str, Any]) -> None:
        """Take in one `Board.delta_value`."""
        span = self.span
        waiting = self._waiting
        for key, change in delta.items():
            if change is REMOVE:
                span.removed += 1
                if waiting.pop(key, None) is not None:  # a day has passed and it never left
                    span.cancelled += 1
                continue
            if "departure_delay" in change:
                delay = change["departure_delay"]
                totals = waiting.pop(key)
                totals.departed += 1
                totals.delay += delay
                span.departed += 1
                span.delay += delay
                if delay > span.worst_delay:
                    span.worst_delay, span.worst_flight = delay, key
            elif "arrival_delay" in change:
                span.arrived += 1
            elif "carrier" in change:
                totals = self.carriers[change["carrier"]]
                totals.flights += 1
                waiting[key] = totals
                span.published += 1

    def add_weather(self, delta: Mapping[str, Any]) -> None:
        """Take in one `Stations.delta_value`."""
        for station, change in delta.items():
            if "temperature" in change:
                self.temperatures[station] = change["temperature"]

    def take_span(self) -> Span:
        """Return what happened since the last call, and start anew."""
        span, self.span = self.span, Span()
        return span
