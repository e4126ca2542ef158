"""What mypy --strict makes of the stubs: a consumer that is right passes, and one that is wrong does not."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hgvalue_gen.emit import emit_package

from . import golden, nasty
from . import models as make

RUNTIME = Path(__file__).parents[3] / "runtime" / "python" / "hgvalue"

RIGHT = """
from datetime import date, datetime
from collections.abc import Sequence
from typing import assert_type

import hgvalue
import market
from market import Side, Trade
from market.common import Instrument

board = market.Market()
shared = market.Quotes(hgvalue.EvaluationClock())
with board.tick(datetime(2013, 1, 1)):
    ticker = board.get_or_create("UA")
    assert_type(ticker, market.Ticker)
    assert_type(ticker.quote.bid, hgvalue.TS[float])
    assert_type(ticker.quote.bid.value, float | None)
    ticker.quote.bid = 1.0
    ticker.quote.ask = None
    ticker.quote = {"bid": 1.0}
    ticker.last = Trade(1.0, 2, Side.BUY, datetime(2013, 1, 1))
    ticker.last = Trade(price=1, quantity=2, side=Side.SELL, at=datetime(2013, 1, 1)).replace(price=2.0)
    ticker.book.bids[3].price = 4.0
    ticker.closes = 3.0
    assert_type(ticker.closes.value, Sequence[float] | None)
    ticker.flags = {"halted"}
    ticker.flags.add("late")
    assert_type(ticker.flags.value, frozenset[str] | None)
    shared["UA"] = {"bid": 1.0}
for key, child in board.modified_items():
    assert_type(key, str)
    assert_type(child, market.Ticker)
instrument = Instrument("UA", expiry=date(2014, 1, 1))
assert_type(instrument.expiry, date | None)
assert_type(Side.BUY.value, int)
assert_type(Trade.from_dict({}) < Trade.from_json("{}"), bool)
match instrument:
    case Instrument(symbol, tick_size):
        assert_type(symbol, str)
        assert_type(tick_size, float)
"""

WRONG = {
    'ticker.quote.bid = "x"': "assignment",
    "ticker.quote.bidd": "attr-defined",
    'ticker.flags.add(1)': "arg-type",
    "board[1]": "index",
    "market.Trade()": "call-arg",
    "market.Trade(1.0, 2, 3, 4)": "arg-type",
    "trade.price = 2.0": "misc",
    "instrument < instrument": "operator",
    'quotes["UA"] = 1.0': "assignment",
}  # fmt: skip

WRONG_HEAD = """
import market
from market.common import Instrument

def f(
    board: market.Market, quotes: market.Quotes, ticker: market.Ticker, trade: market.Trade, instrument: Instrument
) -> None:
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the stubs of the runtime."""
    shutil.copytree(RUNTIME, tmp_path / "hgvalue")
    return tmp_path


def add_package(folder: Path, package: str, texts: dict[str, str]) -> None:
    """Write the Python half of a package."""
    for name, text in texts.items():
        if name.endswith((".pyi", "py.typed")):
            path = folder / package / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")


def mypy(folder: Path, *arguments: str) -> str:
    """Return what mypy --strict says, nothing if all is well."""
    pytest.importorskip("mypy")
    command = [sys.executable, "-m", "mypy", "--strict", "--no-incremental", "--config-file=", *arguments]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return "" if result.returncode == 0 else result.stdout + result.stderr


def test_correct_use_passes(folder: Path) -> None:
    add_package(folder, "market", emit_package(make.market(), "market"))
    (folder / "right.py").write_text(RIGHT, encoding="utf-8")
    assert mypy(folder, "right.py")
    assert mypy(folder, "-p", "market", "-p", "hgvalue") == ""


def test_wrong_use_is_found(folder: Path) -> None:
    add_package(folder, "market", emit_package(make.market(), "market"))
    head = len(WRONG_HEAD.splitlines())
    (folder / "wrong.py").write_text(WRONG_HEAD + "".join(f"    {line}\n" for line in WRONG), encoding="utf-8")
    said = mypy(folder, "wrong.py")
    for number, (line, code) in enumerate(WRONG.items(), start=head + 1):
        assert any(text.startswith(f"wrong.py:{number}:") and f"[{code}]" in text for text in said.splitlines()), (
            f"{line}: expected [{code}] in\n{said}"
        )


@pytest.mark.parametrize("case", golden.CASES)
def test_golden_stubs_pass(case: str, folder: Path) -> None:
    add_package(folder, case, golden.package_of(case))
    assert mypy(folder, "-p", case) == ""


def test_nasty_stubs_pass(folder: Path) -> None:
    add_package(folder, "pkg", emit_package(nasty.everything(), "pkg"))
    assert mypy(folder, "-p", "pkg") == ""
