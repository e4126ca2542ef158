"""A follower that applies the delta of every tick equals its leader, tick after tick.

    python -m benchmarks.followers 1000000

On each backend a leader of a deep schema is changed at random: written, invalidated, cleared, keys created, removed and
created again, lists grown and cut, windows filled. The delta of each tick goes to a follower as bytes. At checkpoints
every node of both is compared in all that can be seen of it: value, validity and keys, what the tick wrote, removed and
added, key sets, what left windows. A delta must name the tick's time, and make the snapshot of what is of that of what
was before. The memory of the process is noted, which must not grow.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import hgvalue

SCHEMA = """
class Quote(TimeSeriesSchema):
    bid: TS[float]
    size: TS[int]
    names: TSS[str]
    last: TSW[int, Size[3], Size[1]]

class Desk(TimeSeriesSchema):
    quotes: TSD[str, Quote]
    grid: TSL[TSL[TS[int]]]
    legs: TSL[Quote, Size[2]]
    nested: TSD[int, TSD[str, TS[float]]]
    recent: TSW[float, timedelta(microseconds=20), timedelta(microseconds=5)]
    title: TS[str]

Floor = TSD[str, Desk]
"""
CHECKPOINTS = 10
_KEYS = {"str": [f"key {i}" for i in range(6)], "int": list(range(6))}


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What was found after ``tick`` ticks: nodes compared, and the process's memory."""

    tick: int
    nodes: int
    bytes: int
    resident: int  # KiB


def resident_memory() -> int:
    """Return the resident memory of this process in KiB; 0 where the system does not say."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0
    lines = (line.split() for line in status.read_text().splitlines())
    return next((int(words[1]) for words in lines if words[0] == "VmRSS:"), 0)


def states(node: Any, path: str = "root") -> Iterator[tuple[str, Any]]:
    """Yield for each node under ``node`` where it is and what is to be seen of it."""
    kind = type(node).__mro__
    names = {cls.__name__ for cls in kind}
    ticked = (node.valid, node.all_valid, node.modified, node.last_modified_time, shown(node.delta_value))
    if "TSB" in names:
        yield path, (ticked, list(node.keys()), node.modified_keys(), node.valid_keys())
        for name, child in node.items():
            yield from states(child, f"{path}.{name}")
    elif names & {"TSL", "DynamicTSL"}:
        yield path, (ticked, len(node), node.modified_keys(), node.valid_keys())
        for index, child in node.items():
            yield from states(child, f"{path}[{index!r}]")
    elif "TSD" in names:
        lists = (node.keys(), node.modified_keys(), node.valid_keys(), node.added_keys(), node.removed_keys())
        removed = sorted(key for key, _ in node.removed_items())
        yield path, (ticked, [sorted(keys) for keys in lists], removed)
        keys = node.key_set
        yield f"{path}.key_set", (keys.valid, keys.modified, keys.last_modified_time, sorted(keys.added()))
        for key, child in node.items():
            yield from states(child, f"{path}[{key!r}]")
    elif "TSW" in names:
        left = (node.has_removed_value, node.removed_value)
        times = [str(t) for t in _or_empty(node.value_times)]
        yield path, (ticked, len(node), list(_or_empty(node.value)), times, left, node.first_modified_time)
    elif "TSS" in names:
        yield path, (ticked, sorted(node), sorted(node.added()), sorted(node.removed()))
    else:
        yield path, (ticked, node.value)


def shown(value: Any) -> object:
    """Return what two equal values have in common whatever the order of their sets and dicts."""
    if isinstance(value, dict):
        return sorted((repr(key), repr(shown(each))) for key, each in value.items())
    if isinstance(value, tuple):
        return [shown(each) for each in value]
    if hasattr(value, "added") and hasattr(value, "removed"):
        return sorted(map(repr, value.added)), sorted(map(repr, value.removed))
    return sorted(map(repr, value)) if isinstance(value, set | frozenset) else repr(value)


def _or_empty(values: Any) -> Any:
    return () if values is None else values


def differences(leader: Any, follower: Any) -> list[str]:
    """Return in what two time series of one schema differ."""
    mine, other = dict(states(leader)), dict(states(follower))
    return [
        f"{path}: {mine.get(path)} and {other.get(path)}"
        for path in mine.keys() | other.keys()
        if mine.get(path) != other.get(path)
    ]


class Changes:
    """Random changes of a Floor."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def change(self, floor: Any) -> None:
        """Change something, somewhere."""
        pick = self._random
        if pick.random() < 0.0005:
            return pick.choice([floor.invalidate, floor.clear])()
        desk = self._entry(floor, _KEYS["str"][:3])
        if desk is None:
            return None
        if pick.random() < 0.002:
            return pick.choice([desk.invalidate, desk.clear, desk.mark_modified])()
        action: Callable[[Any], None] = pick.choice(
            [self._quotes, self._quotes, self._grid, self._legs, self._nested, self._recent, self._title]
        )
        return action(desk)

    def _entry(self, dict_: Any, keys: list[Any]) -> Any:
        """Return an entry of a dict, new or old; None if one was removed or the dict as a whole was changed."""
        pick = self._random
        what, key = pick.random(), pick.choice(keys)
        if what < 0.004:
            dict_.invalidate()
        elif what < 0.006:
            dict_.clear()
        elif what < 0.08:
            dict_.pop(key)
        elif what < 0.14 and key in dict_:
            del dict_[key]
            return dict_.get_or_create(key)  # another child under the same key
        elif what < 0.18:
            dict_.get_or_create(key)  # and nothing is written to it
        else:
            return dict_.get_or_create(key)
        return None

    def _quotes(self, desk: Any) -> None:
        if (quote := self._entry(desk.quotes, _KEYS["str"])) is not None:
            self._quote(quote)

    def _quote(self, quote: Any) -> None:
        pick = self._random
        match pick.randrange(9):
            case 0:
                quote.value = {"bid": pick.random(), "size": pick.randrange(100)}
            case 1 | 2:
                quote.bid = pick.random()
            case 3:
                pick.choice([quote.bid, quote.size, quote.names, quote.last, quote]).invalidate()
            case 4:
                pick.choice([quote.names, quote.last]).clear()
            case 5 | 6:
                name = pick.choice(_KEYS["str"])
                pick.choice([quote.names.add, quote.names.remove])(name)
            case _:
                for _ in range(pick.choice([1, 1, 2, 5])):
                    quote.last.value = pick.randrange(100)

    def _grid(self, desk: Any) -> None:
        pick = self._random
        match pick.randrange(8):
            case 0:
                desk.grid.resize(pick.randrange(4))
            case 1:
                desk.grid.invalidate()
            case 2 if len(desk.grid):
                pick.choice(list(desk.grid)).resize(pick.randrange(4))
            case 3 if len(desk.grid):
                desk.grid.resize(len(desk.grid) - 1)
                desk.grid.append((pick.randrange(9),))
            case _:
                if len(desk.grid) < 4:
                    desk.grid.append(tuple(range(pick.randrange(3))))
                row = pick.choice(list(desk.grid))
                if len(row):
                    pick.choice(list(row)).value = pick.choice([None, 1, 2, 3])

    def _legs(self, desk: Any) -> None:
        self._quote(self._random.choice(list(desk.legs)))

    def _nested(self, desk: Any) -> None:
        inner = self._entry(desk.nested, _KEYS["int"])
        if inner is None:
            return
        leaf = self._entry(inner, _KEYS["str"])
        if leaf is not None:
            leaf.value = self._random.choice([None, 0.5, 1.5])

    def _recent(self, desk: Any) -> None:
        what = self._random.randrange(12)
        if what == 0:
            self._random.choice([desk.recent.clear, desk.recent.invalidate])()
        else:
            desk.recent.value = self._random.random()

    def _title(self, desk: Any) -> None:
        desk.title = self._random.choice([None, "a", "a longer title than fits in place"])


def follow(module: Any, ticks: int, seed: int = 1, checkpoints: int = CHECKPOINTS) -> Iterator[Checkpoint]:
    """Run a leader and a follower; AssertionError where they differ."""
    leader, follower = module.Floor(), module.Floor()
    changes = Changes(seed)
    every = max(1, ticks // checkpoints)
    sent = 0
    for tick in range(1, ticks + 1):
        leader.advance(tick)
        follower.advance(tick)
        checks = tick % every == 0 or tick == ticks
        before = leader.snapshot() if checks else None
        for _ in range(changes._random.randrange(1, 5)):
            changes.change(leader)
        data = leader.delta().encode()
        sent += len(data)
        delta = module.FloorDelta.decode(data)
        if delta.time != datetime(1970, 1, 1) + timedelta(microseconds=tick):
            raise AssertionError(f"tick {tick}: the delta is of {delta.time}")
        follower.apply(delta)
        if checks:
            found = differences(leader, follower)
            if hgvalue.apply(delta, before) != leader.snapshot():
                found.append(f"the delta does not make the snapshot: {delta}")
            if found:
                raise AssertionError(f"after {tick} ticks: " + "; ".join(found[:5]))
            yield Checkpoint(tick, sum(1 for _ in states(leader)), sent, resident_memory())


def main() -> None:
    """Run it from the command line."""
    import hgvalue_gen

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ticks", type=int, nargs="?", default=20_000)
    parser.add_argument("--backend", choices=["compiled", "dynamic"], action="append")
    options = parser.parse_args()
    for backend in options.backend or ["compiled", "dynamic"]:
        module = hgvalue_gen.load(SCHEMA, name="follow", backend=backend)
        begin = time.perf_counter()
        print(backend)
        for at in follow(module, options.ticks):
            seconds = time.perf_counter() - begin
            print(
                f"  {at.tick:>9} ticks, {at.nodes:>4} nodes equal, {at.bytes / at.tick:6.1f} bytes a tick, "
                f"{at.resident / 1024:6.1f} MiB, {seconds / at.tick * 1e6:5.1f} µs a tick",
                flush=True,
            )


if __name__ == "__main__":
    main()
