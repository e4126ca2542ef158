"""The journal example: what was written is played again to an equal state."""

from __future__ import annotations

import importlib.util
import io
import random
import sys
from pathlib import Path
from types import ModuleType

import pytest

import hgvalue_gen

EXAMPLE = Path(__file__).parents[3] / "examples" / "journal" / "journal.py"


@pytest.fixture(scope="module")
def journal() -> ModuleType:
    spec = importlib.util.spec_from_file_location("journal_example", EXAMPLE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.row("D-05", "T-08", generated=True)
def test_a_replay_equals(journal: ModuleType) -> None:
    m = hgvalue_gen.load(EXAMPLE.with_name("orders.hgt"), backend="dynamic")
    market, pick, file = m.Market(), random.Random(7), io.BytesIO()
    market.advance(1)
    journal.trade(market, pick, m)
    writer = journal.Journal(file, market)
    for at in range(2, 300):
        market.advance(at)
        journal.trade(market, pick, m)
        writer.tick()
    data = file.getvalue()
    again = journal.replay(io.BytesIO(data), m)
    assert again.snapshot() == market.snapshot()
    assert len(market) == 3
    # What was cut off in the writing is left out.
    assert list(journal.records(io.BytesIO(data[:-1]))) == list(journal.records(io.BytesIO(data)))[:-1]


def test_the_program(journal: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["journal.py", "--ticks", "500", "--backend", "dynamic"])
    assert journal.main() == 0
    assert "; the replay is equal" in capsys.readouterr().out
