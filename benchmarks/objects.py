"""Python objects: reading, writing and making them, generated classes against those of other libraries.

Two tables. The first is about plain values: an immutable generated class against the immutable classes of the peers.
The second is about change tracking, which the peers do not have: what a write costs with its stamps, beside what a
plain attribute costs elsewhere.
"""

from __future__ import annotations

import copy
import pickle
from collections.abc import Iterator, Mapping, Sequence
from types import ModuleType
from typing import Any

import hgvalue
from benchmarks.environment import describe
from benchmarks.harness import Statement, markdown_table, measure_statements
from benchmarks.package import quotes
from benchmarks.peers import FIELDS, PEERS, Peer, installed_peers

OURS = "generated"
NANOSECOND = 1e-9

Row = tuple[str, dict[str, Statement]]


def run(samples: int) -> str:
    """Measure both tables and return them as Markdown."""
    package = quotes()
    peers = installed_peers()
    parts = [
        describe(["hgvalue", *PEERS], samples),
        "Values, ns an operation:",
        _measured(list(_value_rows(package, peers)), [OURS, *(peer.name for peer in peers)], samples),
        "Change tracking, ns an operation; the peers track nothing, and read or write a plain attribute:",
        _measured(list(_tracking_rows(package, peers)), [OURS, *(peer.name for peer in peers)], samples),
    ]
    return "\n\n".join(parts)


def _measured(rows: Sequence[Row], names: Sequence[str], samples: int) -> str:
    lines = []
    for label, statements in rows:
        measured = measure_statements(statements, samples)
        lines.append([label, *(measured[name].show(NANOSECOND) if name in measured else "-" for name in names)])
    return markdown_table(["operation", *names], lines)


def _value_rows(package: ModuleType, peers: Sequence[Peer]) -> Iterator[Row]:
    ours = package.Order(**FIELDS)
    frozen: dict[str, Any] = {OURS: ours}
    frozen |= {peer.name: peer.frozen(**FIELDS) for peer in peers if peer.frozen is not None}
    every = frozen | {peer.name: peer.changing(**FIELDS) for peer in peers if peer.frozen is None}
    classes = {name: type(order) for name, order in every.items()}

    yield "read an attribute", _checked({name: Statement("order.price", {"order": it}) for name, it in every.items()})
    construct = "Order(symbol='AAPL', price=101.5, quantity=300, urgent=True)"
    yield (
        "construct, 4 keywords",
        {name: Statement(construct, {"Order": cls}) for name, cls in classes.items()},
    )
    yield (
        "`==`, equal",
        _checked(
            {name: Statement("a == b", {"a": it, "b": type(it)(**FIELDS)}) for name, it in frozen.items()},
        ),
    )
    yield "hash", {name: Statement("hash(order)", {"order": it}) for name, it in frozen.items()}
    yield "copy.copy", {name: Statement("copy(order)", {"copy": copy.copy, "order": it}) for name, it in every.items()}
    round_trip = "loads(dumps(order, 5))"
    names = {"loads": pickle.loads, "dumps": pickle.dumps}
    yield "pickle and back", {name: Statement(round_trip, {**names, "order": it}) for name, it in frozen.items()}
    dicts = {OURS: Statement("order.to_dict()", {"order": ours})}
    for peer in peers:
        if peer.to_dict is not None:
            dicts[peer.name] = Statement(peer.to_dict, {**peer.names, "order": every[peer.name]})
    yield "to a dict", _checked(dicts)


def _tracking_rows(package: ModuleType, peers: Sequence[Peer]) -> Iterator[Row]:
    board = package.Quotes()
    board.advance(1)
    board.apply_result({"AAPL": {"bid": 1.0, "ask": 1.5, "bid_size": 1, "ask_size": 2}})
    quote = board["AAPL"]
    names = {"quote": quote, "board": board, "advance": _ticking(board.clock)}
    plain = {peer.name: {"order": peer.changing(**FIELDS)} for peer in peers}

    def ours(code: str) -> dict[str, Statement]:
        return {OURS: Statement(code, names)}

    def theirs(code: str) -> dict[str, Statement]:
        return {name: Statement(code, those) for name, those in plain.items()}

    yield "`quote.bid`, the child", ours("quote.bid")
    yield "read: `quote.bid.value`", ours("quote.bid.value") | theirs("order.price")
    yield "write: `quote.bid = 1.0`, again in one tick", ours("quote.bid = 1.0") | theirs("order.price = 1.0")
    yield "a new tick: `advance(at)`", ours("advance()")
    yield "a new tick and `quote.bid = 1.0`", ours("advance(); quote.bid = 1.0")
    yield "`board['AAPL']`", ours("board['AAPL']")
    yield "`board['AAPL'].bid = 1.0`, again in one tick", ours("board['AAPL'].bid = 1.0")
    if quote.bid.value != 1.0 or not quote.bid.modified:
        raise AssertionError("the writes did not arrive")


def _ticking(clock: hgvalue.EvaluationClock) -> Any:
    """Return a function that moves the clock on by 1 µs, with no Python code of its own to measure."""
    return map(clock.advance, iter(range(2, 2**62))).__next__


def _checked(statements: Mapping[str, Statement]) -> dict[str, Statement]:
    """Return the statements, after making sure that all of them give the same."""
    results = {name: statement.evaluate() for name, statement in statements.items()}
    expected = next(iter(results.values()))
    for name, result in results.items():
        if result != expected:
            raise AssertionError(f"{name} gives {result!r}, not {expected!r}")
    return dict(statements)
