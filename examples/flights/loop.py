"""The replay itself: writes every tick into the generated time series and reads back what changed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from statistics import fmean
from types import ModuleType
from typing import Any

from events import APPLY, Events, Tick
from totals import Span, Totals

from hgvalue import EvaluationClock


@dataclass(frozen=True, slots=True)
class HourReport:
    """What one simulated hour changed, and how things stand at its end."""

    hour: int
    span: Span
    on_board: int
    temperatures: dict[str, float]


@dataclass(slots=True)
class Replay:
    """The two roots of the schema on one clock, and what their deltas add up to."""

    package: ModuleType
    """The generated package `flights`."""
    style: str
    totals: Totals = field(default_factory=Totals)
    seconds: float = 0.0
    """Time spent in ticks: advancing the clock, writing, reading the deltas and adding them up."""
    means: dict[tuple[str, int | None], float] = field(default_factory=dict)
    """Mean of the last 24 temperatures by station and midnight; None stands for the end of the data."""
    clock: EvaluationClock = field(init=False)
    board: Any = field(init=False)
    stations: Any = field(init=False)

    def __post_init__(self) -> None:
        self.clock = EvaluationClock()
        self.board = self.package.Board(clock=self.clock)
        self.stations = self.package.Stations(clock=self.clock)

    def run(self, events: Events) -> Iterator[HourReport]:
        """Play the events; yields after every simulated hour in which something happened."""
        play: Callable[[list[Tick]], None] = self._play_applying if self.style == APPLY else self._play_writing
        midnights = iter(events.midnights)
        midnight = next(midnights, None)
        for hour, ticks in events.hours.items():
            while midnight is not None and midnight <= hour:
                self._note_means(midnight)
                midnight = next(midnights, None)
            started = time.perf_counter()
            play(ticks)
            self.seconds += time.perf_counter() - started
            yield HourReport(hour, self.totals.take_span(), len(self.board), self.totals.temperatures)
        self._note_means(None)

    def _play_applying(self, ticks: list[Tick]) -> None:
        """Hand each root its change of the tick as one dict."""
        advance, board, stations, totals = self.clock.advance, self.board, self.stations, self.totals
        for at, flights, weather in ticks:
            advance(at)
            if flights is not None:
                board.apply_result(flights)
                totals.add_flights(board.delta_value)
            if weather is not None:
                stations.apply_result(weather)
                totals.add_weather(stations.delta_value)

    def _play_writing(self, ticks: list[Tick]) -> None:
        """Write field by field, as a program does that learns one thing after the other."""
        advance, board, stations, totals = self.clock.advance, self.board, self.stations, self.totals
        create = board.get_or_create
        for at, flights, weather in ticks:
            advance(at)
            if flights is not None:
                published, departed, arrived, removed = flights
                for key, carrier, tail, origin, destination, scheduled, distance in published:
                    flight = create(key)
                    flight.carrier = carrier
                    if tail is not None:
                        flight.tail_number = tail
                    flight.origin = origin
                    flight.destination = destination
                    flight.scheduled_departure = scheduled
                    flight.distance = distance
                for key, delay in departed:
                    board[key].departure_delay = delay
                for key, delay, air_time in arrived:
                    flight = board[key]
                    flight.arrival_delay = delay
                    flight.air_time = air_time
                for key in removed:
                    del board[key]
                totals.add_flights(board.delta_value)
            if weather is not None:
                for name, reading in weather.items():
                    _write_reading(stations.get_or_create(name), *reading)
                totals.add_weather(stations.delta_value)

    def _note_means(self, midnight: int | None) -> None:
        """Note every station's mean over its window, unless the window has too few readings yet."""
        for name, station in self.stations.items():
            window = station.last_day
            if window.all_valid:
                self.means[name, midnight] = fmean(window.value)


def _write_reading(
    station: Any, temperature: float, humidity: float, wind_speed: float, visibility: float, pushed: float
) -> None:
    """Set what is known of a reading; NaN, which does not equal itself, stands for unknown."""
    if temperature == temperature:
        station.temperature = temperature
    if humidity == humidity:
        station.humidity = humidity
    if wind_speed == wind_speed:
        station.wind_speed = wind_speed
    if visibility == visibility:
        station.visibility = visibility
    if pushed == pushed:
        station.last_day.apply_result(pushed)
