"""Following without hgraph: by the typed delta of each tick, which says more than a delta_value does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from leader import Leader, Tick


@dataclass(slots=True)
class TypedFollower:
    """A Board that is made to follow another by `delta()` and `apply()`."""

    root: Any

    def follow(self, tick: Tick) -> list[str]:
        """Apply what the leader's tick changed; returns what is then different."""
        with self.root.tick(tick.at):
            self.root.apply(tick.typed)
        same = self.root.snapshot() == tick.snapshot
        return [] if same else ["the follower by typed deltas is not what the leader was"]

    def beyond(self, leader: Leader, by_delta_value: Any) -> list[str]:
        """Play a tick that no delta_value can tell: an invalidation, and a key without a value.

        Prints how the two followers fare, and returns what is not as expected.
        """
        at = leader.ticks[-1].at + timedelta(seconds=1)
        quotes = leader.root.market.quotes
        symbol = min(symbol for symbol, quote in quotes.items() if quote.bid.valid)
        with leader.root.tick(at):
            quotes[symbol].bid.invalidate()
            quotes.get_or_create("NEWCOMER")
        with by_delta_value.tick(at):
            by_delta_value.apply_result(leader.root.delta_value)
        with self.root.tick(at):
            self.root.apply(leader.root.delta())
        print(f"In one more tick {symbol}'s bid is invalidated, and NEWCOMER is a key without a value; told")
        found = []
        for name, root, hears in (("delta_value", by_delta_value, False), ("typed delta", self.root, True)):
            bid, keys = root.market.quotes[symbol].bid, root.market.quotes.keys()
            knows = (not bid.valid, "NEWCOMER" in keys)
            print(
                f"  by {name}: bid {'invalid' if knows[0] else bid.value}, NEWCOMER {'there' if knows[1] else 'absent'}"
            )
            if knows != (hears, hears) or hears is not (root.snapshot() == leader.root.snapshot()):
                found.append(f"an invalidation and a key without a value, by {name}")
        return found
