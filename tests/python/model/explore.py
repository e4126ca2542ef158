"""The long run: many schemas, many ticks each, any seed. From the root of the tree:

    python -m tests.python.model.explore --schemas 200 --ticks 100 --seed 7 --backend compiled dynamic

Prints each difference with the fewest steps that show it, and ends with status 1 if there were any. The tests run a
small part of it, always the same.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from .differential import Play, Side
from .draws import SeededDraw
from .generated import GeneratedModule
from .random_types import random_type, referring_types, sources
from .types import SchemaText, TimeSeries

#: Schemas in one module: fewer take longer to compile altogether, many more take much memory at once.
AT_ONCE = 50


@dataclass(frozen=True)
class Found:
    """A difference, and how to see it again."""

    type: TimeSeries
    steps: list[Any]
    message: str

    def __str__(self) -> str:
        schema = SchemaText()
        schema.root(self.type)
        return "\n".join([schema.text(), *map(json.dumps, self.steps), self.message])


def schemas(count: int, seed: int) -> list[TimeSeries]:
    """Return that many schemas, a quarter of them with references."""
    referring = list(referring_types(count // 4, seed))
    found = dict.fromkeys(referring)
    number = 1_000_000 + seed * 10_000
    while len(found) < count:
        found[random_type(number)] = None
        number += 1
    return list(found)


def with_sources(types: Iterable[TimeSeries]) -> list[TimeSeries]:
    """Return the types of all roots that a module must have."""
    return list(dict.fromkeys(each for type_ in types for each in (type_, *sources(type_))))


def play(module: GeneratedModule, type_: TimeSeries) -> Play:
    """Return a play on new roots of a module; with a follower, unless there are references: those are in no delta."""
    types = [type_, *sources(type_)]
    follower = module.root(type_) if len(types) == 1 else None
    return Play(type_, Side(type_, module.roots(types), module.api(*types)), follower)


def run(module: GeneratedModule, type_: TimeSeries, ticks: int, seed: object) -> Found | None:
    """Play one schema for some ticks; a difference comes back with as few steps as it takes."""
    played, draw = play(module, type_), SeededDraw(seed)
    try:
        for _ in range(ticks):
            played.tick(draw)
    except Exception as error:
        return shrunk(module, type_, played.steps, error)
    return None


def shrunk(module: GeneratedModule, type_: TimeSeries, steps: list[Any], error: Exception) -> Found:
    """Leave out steps for as long as there is a difference, whichever it is."""

    def failure(tried: list[Any]) -> Exception | None:
        try:
            play(module, type_).replay(tried)
        except Exception as found:
            return found if isinstance(found, AssertionError) == isinstance(error, AssertionError) else None
        return None

    size = len(steps) // 2
    while size:
        at = 0
        while at < len(steps):
            tried = [*steps[:at], *steps[at + size :]]
            if tried and tried[0][0] == "begin" and (found := failure(tried)):
                steps, error = tried, found
            else:
                at += size
        size //= 2
    return Found(type_, steps, f"{type(error).__name__}: {error}")


def explore(count: int, ticks: int, seed: int, backend: str) -> Iterator[Found]:
    """Yield the first difference of each schema that shows one."""
    types = schemas(count, seed)
    for first in range(0, count, AT_ONCE):
        chosen = types[first : first + AT_ONCE]
        module = GeneratedModule(with_sources(chosen), f"explored{seed}_{first}", backend)
        for i, type_ in enumerate(chosen):
            if found := run(module, type_, ticks, (seed, first + i)):
                yield found
        print(f"{backend}: {min(first + AT_ONCE, count)} of {count}", file=sys.stderr, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description="random operations on random schemas, against the model")
    parser.add_argument("--schemas", type=int, default=200)
    parser.add_argument("--ticks", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--backend", nargs="+", default=["dynamic", "compiled"])
    given = parser.parse_args()
    failures = 0
    for backend in given.backend:
        for found in explore(given.schemas, given.ticks, given.seed, backend):
            failures += 1
            print(f"--- {backend}, difference {failures}\n{found}", flush=True)
    print(f"{failures} differences in {given.schemas} schemas, {given.ticks} ticks each, seed {given.seed}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
