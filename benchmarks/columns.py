"""Columns of a dict: many keys written at once, and all of them given out.

The contender is what one does without them: a dict of dicts made of the arrays for `apply_result`, and lists of what
the children hold for an Arrow table. A second one knows nothing of time series: arrays that are copied into others.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.environment import describe
from benchmarks.harness import markdown_table, measure_rounds
from benchmarks.package import quotes

MICROSECOND = 1e-6
KEYS = 100_000
FIELDS = ("bid", "ask", "last", "mid")
COLUMNS, BY_ITEM, ARRAYS = "columns", "item by item", "arrays alone"
_NAMES = (COLUMNS, BY_ITEM, ARRAYS)

_TIMES = itertools.count(2)
"""µs; one sequence for all, since time only grows."""


def run(samples: int) -> str:
    """Measure the tables and return them as Markdown."""
    import numpy
    import pyarrow

    keys = [f"SYM{number:06d}" for number in range(KEYS)]
    numbers = numpy.random.default_rng(1).random((2, len(FIELDS), KEYS))
    first, second = (dict(zip(FIELDS, part, strict=True)) for part in numbers)
    board = quotes().Ladder()
    board.advance(1)
    board.update_columns(keys, **first)
    slots, numpy_keys, arrow_keys = board.resolve(keys), numpy.array(keys), pyarrow.array(keys)
    plain = {name: column.copy() for name, column in first.items()}
    check = _checker(board, second)

    def by_item() -> None:
        columns = zip(keys, *(column.tolist() for column in second.values()), strict=True)
        board.apply_result({key: dict(zip(FIELDS, cells, strict=True)) for key, *cells in columns})

    def arrays() -> None:
        for name, column in second.items():
            plain[name][:] = column

    def write(names: Any) -> Callable[[], float]:
        return _timed(board, lambda: board.update_columns(names, **second), check, KEYS * len(FIELDS))

    cells = KEYS * len(FIELDS)
    rows_in: list[tuple[str, dict[str, Callable[[], float]]]] = [
        ("keys as resolved slots", {COLUMNS: write(slots), ARRAYS: _timed(board, arrays, lambda _: None, cells)}),
        ("keys as a list of `str`", {COLUMNS: write(keys), BY_ITEM: _timed(board, by_item, check, cells)}),
        ("keys as a numpy array of `str`", {COLUMNS: write(numpy_keys)}),
        ("keys as an Arrow array", {COLUMNS: write(arrow_keys)}),
    ]

    def out_by_item() -> Any:
        children = board.values()
        return pyarrow.table({name: [child[name].value for child in children] for name in FIELDS})

    def check_table(table: Any) -> None:
        for name, column in second.items():
            if not numpy.array_equal(table[name].to_numpy(), column):
                raise AssertionError(f"the column {name} is another one")

    def out(make: Callable[[], Any]) -> Callable[[], float]:
        return _timed(board, make, check_table, 1)

    rows_out: list[tuple[str, dict[str, Callable[[], float]]]] = [
        (
            "to Arrow, without the key column",
            {
                COLUMNS: out(lambda: board.to_arrow(key=None)),
                BY_ITEM: out(out_by_item),
                ARRAYS: out(lambda: pyarrow.table({name: column.copy() for name, column in second.items()})),
            },
        ),
        ("to Arrow, with the key column", {COLUMNS: out(board.to_arrow)}),
        ("`view_columns()`: in place", {COLUMNS: _timed(board, board.view_columns, lambda _: None, 1)}),
    ]
    return "\n\n".join(
        [
            describe(["hgvalue", "numpy", "pyarrow"], samples),
            f"In, µs a cell: {KEYS:,} keys, {len(FIELDS)} float fields each, from numpy, a tick of its own each time:",
            _table("keys", rows_in, samples, 4),
            "Out, µs for all of them:",
            _table("columns", rows_out, samples, 0),
        ]
    )


def _table(head: str, rows: Sequence[tuple[str, dict[str, Callable[[], float]]]], samples: int, digits: int) -> str:
    shown = []
    for label, contenders in rows:
        measured = measure_rounds(contenders, samples)
        shown.append([label, *(measured[n].show(MICROSECOND, digits) if n in measured else "-" for n in _NAMES)])
    return markdown_table([head, *_NAMES], shown)


def _timed(board: Any, work: Callable[[], Any], check: Callable[[Any], None], operations: int) -> Callable[[], float]:
    """Measure work in a new tick, and check what it gives afterwards."""

    def sample() -> float:
        board.advance(next(_TIMES))
        started = time.perf_counter()
        result = work()
        seconds = time.perf_counter() - started
        check(result)
        return seconds / operations

    return sample


def _checker(board: Any, expected: dict[str, Any]) -> Callable[[Any], None]:
    """Compare what the last tick wrote with what it must have written, so that nobody skips work."""

    def check(_: Any) -> None:
        if len(board.modified_keys()) != KEYS:
            raise AssertionError("not all keys ticked")
        for number in range(0, KEYS, 997):
            quote = board[f"SYM{number:06d}"]
            if quote.value != {name: column[number] for name, column in expected.items()}:
                raise AssertionError(f"key {number} holds {quote.value}")

    return check
