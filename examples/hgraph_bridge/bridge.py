"""Sends a market through a real hgraph graph between two generated roots, and compares all three in every tick.

    python bridge.py [--ticks N] [--seed N] [--backend compiled|dynamic|auto] [--show N]

Exit status: 0 when hgraph and both roots agree in every tick, 1 when they differ, 2 for wrong usage.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib.metadata import version
from typing import Any

import graph
import schema
from compare import Plain, differences, leaves, plain_delta, plain_value
from exchange import OPENING, ticks
from leader import Leader
from typed import TypedFollower

WIDTH = 58
"""Of the two columns that show deltas."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; returns its exit status."""
    options = _parser().parse_args(arguments)
    package = schema.generated(options.backend)
    leader = Leader(package.Board(), ticks(options.ticks, options.seed))
    follower = Follower(leader, package.Board(), TypedFollower(package.Board()), options.show)
    print(f"hgraph {version('hgraph')}, Python {sys.version.split()[0]}, backend {package.__backend__}")
    if options.show:
        print(f"{'tick':>4}  {'hgraph':{WIDTH}}  {'ours':{WIDTH}}  equal")
    graph.run(leader, follower.follow, OPENING, OPENING + timedelta(days=1))
    return follower.report(options.ticks)


@dataclass(slots=True)
class Follower:
    """The generated root at the far end: hgraph's sink node applies to it what ticked."""

    leader: Leader
    root: Any
    beside: TypedFollower
    show: int
    """How many ticks are printed."""
    ticks: int = 0
    changes: int = 0
    different: list[str] = field(default_factory=list)

    def follow(self, at: datetime, board: Any) -> None:
        """Apply what ticked in hgraph, and compare."""
        with self.root.tick(at):
            self.root.apply_result(board.delta_value)
        self._compare(at, board)

    def _compare(self, at: datetime, board: Any) -> None:
        told = self.leader.ticks[self.ticks]
        self.ticks += 1
        if told.at != at:
            self.different.append(f"tick {self.ticks}: hgraph is at {at}, the leader at {told.at}")
            return
        theirs, ours = plain_delta(board.delta_value), plain_delta(self.root.delta_value)
        value = hgraph_value(board)
        found = [
            *differences("delta of hgraph and follower", theirs, ours),
            *differences("delta of hgraph and leader", theirs, told.delta),
            *differences("value of hgraph and follower", value, plain_value(self.root.value)),
            *differences("value of hgraph and leader", value, told.value),
            *self.beside.follow(told),
        ]
        self.changes += sum(1 for _ in leaves(ours))
        self.different += [f"tick {self.ticks}: {difference}" for difference in found]
        if self.ticks <= self.show:
            print(f"{self.ticks:>4}  {_short(theirs)}  {_short(ours)}  {'no' if found else 'yes'}")

    def report(self, expected: int) -> int:
        """Print what was found; returns the exit status."""
        if self.ticks != expected:
            self.different.append(f"{expected} ticks were sent, and {self.ticks} arrived")
        if self.show:
            print(f"{'...':>4}\n" if self.ticks > self.show else "")
        if not self.different:
            self.different += self.beside.beyond(self.leader, self.root)
        for difference in self.different[:20]:
            print(f"DIFFERENT  {difference}")
        found = len(self.different)
        verdict = f"{found} differences" if found else "values and deltas of hgraph and the roots are equal in all"
        print(f"{self.ticks} ticks with {self.changes:,} changes through hgraph: {verdict}")
        return 1 if self.different else 0


def hgraph_value(board: Any) -> Plain:
    """Return hgraph's value as the rules of this project have it, where its releases differ."""
    value = board.value
    if not board.prices.all_valid:
        value["prices"] = None  # the native releases show what a window has before it has enough
    plain = plain_value(value)
    if board.auctions.valid:
        auctions = plain["auctions"]  # where lists cannot grow, the tail is not valid
        plain["auctions"] = auctions[: len(list(board.auctions.valid_keys()))]
    return plain


def _short(plain: Plain) -> str:
    text = " ".join(f"{path.removeprefix('market.')}={_text(content)}" for path, content in leaves(plain))
    return f"{text if len(text) <= WIDTH else text[: WIDTH - 1] + '…':{WIDTH}}"


def _text(content: Plain) -> str:
    return f"{{{', '.join(sorted(content))}}}" if isinstance(content, frozenset) else str(content)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ticks", type=int, default=500, help="how many (default 500)")
    parser.add_argument("--seed", type=int, default=1, help="of the market's random numbers")
    parser.add_argument("--backend", choices=("auto", "compiled", "dynamic"), default="auto")
    parser.add_argument("--show", type=int, default=8, help="ticks to print (default 8)")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
