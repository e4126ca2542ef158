"""One tick from Python: the clock advances, something is written, the delta is read.

The contender is what a careful programmer writes with dicts alone: nested dicts that are updated, and a delta collected
by hand while doing so. It has no times, no validity and no types, and shows how much of a tick is Python's own.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

from benchmarks.environment import describe
from benchmarks.harness import markdown_table, measure_rounds
from benchmarks.package import quotes

MICROSECOND = 1e-6
OURS, BY_HAND = "generated", "dicts by hand"
STRIDE = 48_271
"""Keys are visited at this stride, which has no factor in common with their number: in no order a cache would like."""

_TIMES = itertools.count(2)
"""µs; one sequence for all, since time only grows."""

Change = dict[str, Any]


def run(samples: int) -> str:
    """Measure the table and return it as Markdown."""
    rows = []
    for label, per, ticks, contenders in _rows():
        measured = measure_rounds({name: _timed(make, ticks * per) for name, make in contenders.items()}, samples)
        rows.append([label, *(measured[name].show(MICROSECOND, 3) if name in measured else "-" for name in _NAMES)])
    return "\n\n".join(
        [
            describe(["hgvalue"], samples),
            "µs for a whole tick, or for one key where the row says so:",
            markdown_table(["tick", *_NAMES], rows),
        ]
    )


_NAMES = (OURS, BY_HAND)

Loop = Callable[[], object]
"""What is timed; its result is compared with what it must be, so that nobody skips work."""

Contender = Callable[[], tuple[Loop, object]]
"""Makes everything ready, and returns the loop and its result."""


def _timed(make: Contender, operations: int) -> Callable[[], float]:
    def sample() -> float:
        loop, expected = make()
        started = time.perf_counter()
        result = loop()
        seconds = time.perf_counter() - started
        if result != expected:
            raise AssertionError(f"the loop gives {result!r:.200}, not {expected!r:.200}")
        return seconds / operations

    return sample


def _rows() -> Iterator[tuple[str, int, int, dict[str, Contender]]]:
    """Yield label, operations a tick, ticks a sample, and the contenders."""
    package = quotes()
    numbers = list(range(20_000))
    yield "`TS[int]`: set, read the delta", 1, 20_000, {OURS: lambda: _replay(package.Last(), numbers)}
    bundles = [_quote(number, 4) for number in numbers]
    yield (
        "`TSB` of 4: all from a dict, delta as dict",
        1,
        20_000,
        {OURS: lambda: _replay(package.Quote(), bundles), BY_HAND: lambda: _replay_bundle_by_hand(bundles)},
    )
    yield _dict_row(package, keys=1_000, changed=100, fields=1, ticks=100)
    for size in (1_000, 100_000, 1_000_000):  # what one change costs must not grow with the dict
        yield _dict_row(package, keys=size, changed=1, fields=1, ticks=10_000)
    yield _dict_row(package, keys=100_000, changed=1_000, fields=4, ticks=20)
    board = _filled(package, 100_000)
    changes = _changes(100_000, 100, 1, 100)
    label = "`TSD`, 100,000 keys, 100 changed: write, iterate the modified items and read a field; a key"
    yield label, 100, 100, {OURS: lambda: _iterate(board, changes)}


def _dict_row(
    package: ModuleType, *, keys: int, changed: int, fields: int, ticks: int
) -> tuple[str, int, int, dict[str, Contender]]:
    # One board for all samples: it is the ticks that are of interest, not how it was filled.
    board, state = _filled(package, keys), _full(keys)
    changes = _changes(keys, changed, fields, ticks)
    what = "1 field" if fields == 1 else f"{fields} fields"
    label = f"`TSD`, {keys:,} keys, {changed:,} changed, {what}; {'a key' if changed > 1 else 'the tick'}"
    contenders: dict[str, Contender] = {
        OURS: lambda: _replay(board, changes),
        BY_HAND: lambda: _replay_by_hand(state, changes),
    }
    return label, changed, ticks, contenders


def _filled(package: ModuleType, keys: int) -> Any:
    board = package.Quotes()
    board.advance(next(_TIMES))
    board.apply_result(_full(keys))
    return board


def _replay(root: Any, changes: list[Any]) -> tuple[Loop, object]:
    """Write each change in a tick of its own and read the delta."""
    advance, apply = root.advance, root.apply_result

    def loop() -> object:
        delta = None
        for change, at in zip(changes, _TIMES, strict=False):
            advance(at)
            apply(change)
            delta = root.delta_value
        return delta

    return loop, changes[-1]


def _iterate(board: Any, changes: list[dict[str, Change]]) -> tuple[Loop, object]:
    """Write each change, then read a field of every item that was modified."""

    def loop() -> float:
        total = 0.0
        for change, at in zip(changes, _TIMES, strict=False):
            board.advance(at)
            board.apply_result(change)
            for _, quote in board.modified_items():
                total += quote.bid.value
        return total

    return loop, sum(quote["bid"] for change in changes for quote in change.values())


def _replay_bundle_by_hand(changes: list[Change]) -> tuple[Loop, object]:
    state: Change = {}

    def loop() -> Change:
        delta: Change = {}
        for change in changes:
            state.update(change)
            delta = dict(change)
        return delta

    return loop, changes[-1]


def _replay_by_hand(state: dict[str, Change], changes: list[dict[str, Change]]) -> tuple[Loop, object]:
    def loop() -> dict[str, Change]:
        delta: dict[str, Change] = {}
        for change in changes:
            delta = {}
            for key, quote in change.items():
                state[key].update(quote)
                delta[key] = dict(quote)
        return delta

    return loop, changes[-1]


def _full(keys: int) -> dict[str, Change]:
    return {_key(number): _quote(0, 4) for number in range(keys)}


def _changes(keys: int, changed: int, fields: int, ticks: int) -> list[dict[str, Change]]:
    """Return for each tick the keys that change, spread over all of them, with their new fields."""
    numbers = (number * STRIDE % keys for number in itertools.count())
    return [
        {_key(number): _quote(tick, fields) for number in itertools.islice(numbers, changed)}
        for tick in range(1, ticks + 1)
    ]


def _key(number: int) -> str:
    return f"SYM{number:06d}"


def _quote(number: int, fields: int) -> Change:
    quote = {"bid": float(number), "ask": number + 0.5, "bid_size": number, "ask_size": number + 1}
    return dict(itertools.islice(quote.items(), fields))
