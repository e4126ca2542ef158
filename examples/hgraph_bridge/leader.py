"""The generated root at the near end: it is written first, and hgraph is fed from its deltas."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from compare import Plain, plain_delta, plain_value
from exchange import Change
from schema import market
from to_hgraph import to_hgraph

import hgvalue


@dataclass(frozen=True, slots=True)
class Tick:
    """What the leader was, and what it told hgraph, at one evaluation time."""

    at: datetime
    told: dict[str, Any]
    """By field of Board that ticked: its delta, in hgraph's classes."""
    delta: Plain
    value: Plain
    typed: Any
    """The generated delta: what a follower without hgraph needs."""
    snapshot: Any


@dataclass(slots=True)
class Leader:
    """A Board that is written tick by tick. hgraph asks for each field by itself, so what was told is kept."""

    root: Any
    changes: Iterator[tuple[datetime, Change]]
    ticks: list[Tick] = field(default_factory=list)

    def deltas(self, name: str) -> Iterator[tuple[datetime, Any]]:
        """Yield, as a hgraph generator does, when and how a field ticked; plays on as far as it is asked to."""
        number = 0
        while number < len(self.ticks) or self._play():
            tick = self.ticks[number]
            if name in tick.told:
                yield tick.at, tick.told[name]
            number += 1

    def _play(self) -> bool:
        """Write the next tick; false when there is none."""
        at, change = next(self.changes, (None, None))
        if at is None:
            return False
        with self.root.tick(at):
            self.root.apply_result(change)  # with hgraph's REMOVE, Removed, set deltas, structs and enums in it
            self._follow_spreads()
        delta = self.root.delta_value
        self.ticks.append(
            Tick(
                at=at,
                told=to_hgraph(delta, market),
                delta=plain_delta(delta),
                value=plain_value(self.root.value),
                typed=self.root.delta(),
                snapshot=self.root.snapshot(),
            )
        )
        return True

    def _follow_spreads(self) -> None:
        """Work out by hand what hgraph's `map_` and `to_window` will: a window of spreads for each share."""
        quotes = self.root.market.quotes
        changed = {
            symbol: quote.ask.value - quote.bid.value
            for symbol, quote in quotes.modified_items()
            if quote.bid.valid and quote.ask.valid and (quote.bid.modified or quote.ask.modified)
        }
        removed = {symbol: hgvalue.REMOVE_IF_EXISTS for symbol in quotes.removed_keys()}
        self.root.apply_result({"spreads": removed | changed})
