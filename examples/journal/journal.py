"""A journal of ticks: what a market did is written to a file, and played again to an equal state.

    python examples/journal/journal.py [FILE] [--ticks N]

Each record is the time of a tick, the length of its delta, and the delta as bytes; the first is a snapshot, so that a
journal may begin in the middle of the day. Ticks in which nothing happened are not written.
"""

from __future__ import annotations

import argparse
import random
import struct
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

import hgvalue_gen

HERE = Path(__file__).parent
RECORD = struct.Struct("<qI")  # µs since 1970, bytes that follow
SYMBOLS = ("AAPL", "IBM", "MSFT")
EPOCH = datetime(1970, 1, 1)


def write_record(file: BinaryIO, at: datetime, data: bytes) -> None:
    """Append one record."""
    file.write(RECORD.pack((at - EPOCH) // timedelta(microseconds=1), len(data)))
    file.write(data)


def records(file: BinaryIO) -> Iterator[tuple[datetime, bytes]]:
    """Yield the time and bytes of each record; one that was cut off in the writing is left out."""
    while len(head := file.read(RECORD.size)) == RECORD.size:
        at, size = RECORD.unpack(head)
        data = file.read(size)
        if len(data) < size:
            return
        yield EPOCH + timedelta(microseconds=at), data


class Journal:
    """Writes the ticks of one time series."""

    def __init__(self, file: BinaryIO, root: Any) -> None:
        self._file, self._root = file, root
        snapshot = root.snapshot()
        if snapshot is not None:
            write_record(file, root.clock.now, snapshot.encode())

    def tick(self) -> None:
        """Write what the current tick changed, if it changed anything."""
        delta = self._root.delta()
        if delta:
            write_record(self._file, self._root.clock.now, delta.encode())


def replay(file: BinaryIO, module: Any) -> Any:
    """Return a market that holds what the one of the journal held at its end."""
    market = module.Market()
    for number, (at, data) in enumerate(records(file)):
        market.advance(at)
        if number == 0:
            market.load(module.MarketValue.decode(data))
        else:
            market.apply(module.MarketDelta.decode(data))
    return market


def trade(market: Any, pick: random.Random, module: Any) -> None:
    """Let something happen to one instrument."""
    symbol = pick.choice(SYMBOLS)
    instrument = market.get_or_create(symbol)
    level = module.Level(price=round(pick.uniform(10, 20), 2), size=pick.randrange(1, 100))
    match pick.randrange(8):
        case 0:
            instrument.best = level
        case 1 | 2 | 3:
            instrument.orders[pick.randrange(20)] = level
        case 4:
            instrument.orders.pop(pick.randrange(20))
        case 5:
            for _ in range(pick.randrange(1, 8)):
                instrument.trades.value = level.price
        case 6:
            instrument.halted.add(pick.choice(["auction", "news", "volatility"]))
        case _:
            pick.choice([instrument.best, instrument.halted]).invalidate()


def main() -> int:
    """Write a journal and play it again; 0 if that gives an equal state."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?", type=Path, help="where to write the journal; else it is not kept")
    parser.add_argument("--ticks", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--backend", choices=["auto", "compiled", "dynamic"], default="auto")
    options = parser.parse_args()

    module = hgvalue_gen.load(HERE / "orders.hgt", backend=options.backend)
    pick = random.Random(options.seed)
    market = module.Market()
    now = datetime.now(UTC).replace(tzinfo=None)
    with tempfile.TemporaryDirectory() as folder:
        path = options.file or Path(folder) / "market.journal"
        with path.open("wb") as file:
            market.advance(now)
            trade(market, pick, module)
            journal = Journal(file, market)
            for _ in range(options.ticks):
                now += timedelta(milliseconds=pick.randrange(1, 50))
                market.advance(now)
                for _ in range(pick.randrange(3)):
                    trade(market, pick, module)
                journal.tick()
        with path.open("rb") as file:
            again = replay(file, module)
        written = path.stat().st_size

    same = again.snapshot() == market.snapshot()
    print(
        f"{options.ticks} ticks, {written / options.ticks:.1f} bytes each; the replay is",
        "equal" if same else "NOT equal",
    )
    for symbol in SYMBOLS:
        print(f"  {symbol}: {again[symbol].orders.value}" if symbol in again else f"  {symbol}: nothing")
    return 0 if same else 1


if __name__ == "__main__":
    raise SystemExit(main())
