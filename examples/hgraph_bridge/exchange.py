"""Ticks of a made-up market, written as a hgraph node would return them: in hgraph's own classes and markers."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from hgraph import REMOVE, REMOVE_IF_EXISTS, Removed, set_delta
from schema import market

OPENING = datetime(2026, 1, 5, 9, 0)
SYMBOLS = ("APEX", "BOLT", "CRUX", "DUNE", "ECHO", "FLUX", "GALE", "HALO")
MAKERS = ("alpha", "beta", "gamma", "delta")
VENUES = (market.Venue("North"), market.Venue("South", 0.005))
AUCTION_EVERY = 20
"""Ticks from one auction to the next."""

Change = dict[str, Any]


def ticks(count: int, seed: int) -> Iterator[tuple[datetime, Change]]:
    """Yield evaluation times and what is written at them: some of Board's fields."""
    exchange = _Exchange(random.Random(seed))
    for number in range(count):
        yield exchange.at, exchange.change(number)
        exchange.at += timedelta(milliseconds=exchange.random.choice((1, 80, 900, 4_000, 25_000)))


@dataclass(slots=True)
class _Exchange:
    random: random.Random
    at: datetime = OPENING
    price: float = 100.0
    makers: dict[str, set[str]] = field(default_factory=dict)
    """By symbol: who quotes it. Its keys are the symbols that are listed."""
    halted: set[str] = field(default_factory=set)
    leaders: set[Any] = field(default_factory=set)
    """The sectors in which there are any."""

    def change(self, number: int) -> Change:
        change: Change = {"market": self._market(number), "volumes": self.random.randrange(1, 5_000)}
        self.price = round(self.price + self.random.gauss(0, 0.4), 2)
        if self.often(0.8):
            change["prices"] = self.price
        if number % AUCTION_EVERY == AUCTION_EVERY - 1:
            change["auctions"] = {number // AUCTION_EVERY: self.price}  # one more than there were
        elif number > AUCTION_EVERY and self.often(0.05):
            change["auctions"] = {-1: self.price}  # the last one is corrected
        return change

    def often(self, probability: float) -> bool:
        return self.random.random() < probability

    def _market(self, number: int) -> Change:
        change: Change = {}
        if number == 0:  # sets and dicts that are there and empty
            change |= {"day": OPENING.date(), "halted": set(), "leaders": {}, "quotes": {}}
        if number % AUCTION_EVERY in (0, AUCTION_EVERY - 1):
            change["phase"] = market.Phase.OPEN if number % AUCTION_EVERY == 0 else market.Phase.AUCTION
        quotes: Change = {symbol: self._quote(symbol) for symbol in self.makers if self.often(0.4)}
        listings = self._listings(quotes)
        change |= {"quotes": quotes} if quotes else {}
        change |= {"listings": listings} if listings else {}
        if self.often(0.3):
            change["halted"] = self._halts()
        if self.often(0.2):
            change["leaders"] = self._leaders()
        return change

    def _listings(self, quotes: Change) -> Change:
        """List a share now and then, new or back after a while, and delist one; `quotes` gets and loses their keys."""
        listed, listings = sorted(self.makers), {}
        unlisted = sorted(set(SYMBOLS) - self.makers.keys())
        if unlisted and (not listed or self.often(0.3)):
            symbol = self.random.choice(unlisted)
            listings[symbol] = self._listing(symbol)
            quotes[symbol] = self._first_quote(symbol)
        elif unlisted and self.often(0.2):
            quotes[self.random.choice(unlisted)] = REMOVE_IF_EXISTS
        if len(listed) > 2 and self.often(0.15):
            symbol = self.random.choice(listed)
            del self.makers[symbol]
            listings[symbol] = quotes[symbol] = REMOVE
        return listings

    def _listing(self, symbol: str) -> Any:
        return market.Listing(
            name=f"{symbol.title()} plc",
            sector=self.random.choice(list(market.Sector)),
            venue=self.random.choice(VENUES),
            since=date(1990 + self.random.randrange(30), 1, 1),
            indices=tuple(self.random.sample(("BROAD", "GROWTH", "VALUE"), self.random.randrange(3))),
        )

    def _first_quote(self, symbol: str) -> Change:
        """Give a new share its first quote: without a price at times, and one in eight has nothing at all yet."""
        self.makers[symbol] = set()
        if len(self.makers) > 1 and self.often(0.125):
            return {}
        first: Change = {"bid": self.price - 0.05, "makers": set(), "depth": (self.random.randrange(9), None, None)}
        if self.often(0.5):
            first["ask"] = self.price + 0.05
        return first

    def _quote(self, symbol: str) -> Change:
        quote: Change = {}
        if self.often(0.6):
            quote["bid"] = round(self.price - self.random.random() / 10, 3)
        if self.often(0.6):
            quote["ask"] = round(self.price + self.random.random() / 10, 3) if self.often(0.8) else None
        if self.often(0.3):
            quote["last"] = market.Trade(
                self.price, self.random.randrange(1, 500), self.at, self.random.choice((None, *MAKERS))
            )
        if self.often(0.3):
            quote["makers"] = self._new_makers(symbol)
        if self.often(0.3):
            quote["depth"] = {self.random.randrange(3): self.random.randrange(1, 900)}
        return quote

    def _new_makers(self, symbol: str) -> Any:
        """Change who makes the market, in each of the ways in which a set can be written."""
        now = self.makers[symbol]
        maker = self.random.choice(MAKERS)
        self.makers[symbol] = now ^ {maker}
        if maker not in now:
            return {maker}
        return self.random.choice(
            ({Removed(maker)}, set_delta(removed={maker}, tp=str), frozenset(self.makers[symbol])),
        )

    def _halts(self) -> Any:
        before, self.halted = self.halted, set(self.random.sample(SYMBOLS, self.random.randrange(3)))
        if self.often(0.3):
            return frozenset(self.halted)
        return set_delta(self.halted - before, before - self.halted, tp=str)

    def _leaders(self) -> Change:
        sector = self.random.choice(list(market.Sector))
        if sector in self.leaders and self.often(0.4):
            self.leaders.remove(sector)
            return {sector: REMOVE}
        self.leaders.add(sector)
        return {sector: frozenset(self.random.sample(SYMBOLS, self.random.randrange(3)))}
