"""The bridge to hgraph: what goes through a real graph arrives unchanged, and a difference is noticed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ..model.generated import backend

pytest.importorskip("hgraph", reason="hgraph is not installed")

__all__ = ["backend"]

EXAMPLE = Path(__file__).parents[3] / "examples" / "hgraph_bridge"

# Runs the program after a change to one of its modules, in a process of its own: the modules have everyday names.
DRIVER = """
import sys
sys.path.insert(0, sys.argv[1])
import bridge, exchange, leader
{change}
raise SystemExit(bridge.main(sys.argv[2:]))
"""

LOSES_REMOVALS = """
import hgraph
def follow(self, at, board):
    with self.root.tick(at):
        delta = board.delta_value
        for name in ("listings", "quotes"):
            changed = delta.get("market", {}).get(name, {})
            kept = {key: change for key, change in changed.items() if change is not hgraph.REMOVE}
            delta = delta | {"market": delta.get("market", {}) | {name: kept}}
        self.root.apply_result(delta)
    self._compare(at, board)
bridge.Follower.follow = follow
"""

TELLS_WRONG_PRICE = """
original = leader.to_hgraph
def wrong(delta, schema):
    told = original(delta, schema)
    return told | {"prices": told["prices"] + 0.01} if "prices" in told else told
leader.to_hgraph = wrong
"""

WRONG_DAY = """
import datetime, typed
original = typed.TypedFollower.follow
def follow(self, tick):
    found = original(self, tick)
    self.root.market.day.value = datetime.date(2000, 1, 1)
    return found
typed.TypedFollower.follow = follow
"""

LOSES_A_TICK = """
def ticks(count, seed):
    for number, tick in enumerate(exchange.ticks(count, seed)):
        if number != 7:
            yield tick
bridge.ticks = ticks
"""

KINDS = """
from collections import Counter
from hgraph import REMOVE, REMOVE_IF_EXISTS
seen, gone = Counter(), set()
for number, (at, change) in enumerate(exchange.ticks(500, 1)):
    for symbol, quote in change["market"].get("quotes", {}).items():
        if quote is REMOVE: seen["removed"] += 1; gone.add(symbol)
        elif quote is REMOVE_IF_EXISTS: seen["removed if there"] += 1
        elif quote == {}: seen["key without a value"] += 1
        elif symbol in gone: seen["created again"] += 1; gone.remove(symbol)
        if isinstance(quote, dict) and "makers" in quote: seen[type(quote["makers"]).__name__.lstrip("_")] += 1
    seen["empty set"] += frozenset() in change["market"].get("leaders", {}).values()
    seen["grows"] += "auctions" in change
print(*sorted(kind for kind, count in seen.items() if count > 1), sep=", ")
"""


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, timeout=600, check=False)


def test_hgraph_and_both_roots_agree(backend: str) -> None:
    result = run(str(EXAMPLE / "bridge.py"), "--backend", backend, "--show", "3")
    assert result.returncode == 0, result.stdout + result.stderr
    first, heading, *rows, by_value, by_typed_delta, last = result.stdout.splitlines()
    assert first.endswith(f"backend {backend}")
    assert heading.split() == ["tick", "hgraph", "ours", "equal"]
    assert [row.split()[-1] for row in rows[:3]] == ["yes", "yes", "yes"]
    assert by_value.startswith("  by delta_value: bid 1") and by_value.endswith(", NEWCOMER absent")
    assert by_typed_delta == "  by typed delta: bid invalid, NEWCOMER there"
    sent, verdict = last.split(" through hgraph: ")
    assert sent == "500 ticks with 7,753 changes"
    assert verdict == "values and deltas of hgraph and the roots are equal in all"


def test_another_market() -> None:
    result = run(str(EXAMPLE / "bridge.py"), "--backend", "dynamic", "--show", "0", "--seed", "2", "--ticks", "800")
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param(LOSES_REMOVALS, "delta of hgraph and follower.market.listings.", id="removals"),
        pytest.param(TELLS_WRONG_PRICE, "delta of hgraph and leader.prices: ", id="price"),
        pytest.param(WRONG_DAY, "the follower by typed deltas is not what the leader was", id="typed delta"),
        pytest.param(LOSES_A_TICK, "100 ticks were sent, and 99 arrived", id="tick"),
    ],
)
def test_a_difference_is_noticed(change: str, said: str) -> None:
    arguments = ("--backend", "dynamic", "--ticks", "100", "--show", "0")
    result = run("-c", DRIVER.format(change=change), str(EXAMPLE), *arguments)
    assert result.returncode == 1, result.stdout + result.stderr
    assert "DIFFERENT  " in result.stdout and said in result.stdout


def test_the_market_has_everything_in_it() -> None:
    result = run("-c", DRIVER.format(change=KINDS + "raise SystemExit"), str(EXAMPLE))
    assert result.returncode == 0, result.stderr
    kinds = result.stdout.replace("PythonSetDelta", "SetDelta").strip().split(", ")
    sets = {"SetDelta", "empty set", "frozenset", "set"}
    assert {*kinds} == sets | {"removed", "removed if there", "created again", "key without a value", "grows"}


def test_wrong_usage() -> None:
    assert run(str(EXAMPLE / "bridge.py"), "--backend", "slow").returncode == 2
