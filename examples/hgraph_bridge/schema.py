"""The schema as the two sides have it: hgraph's classes by running market.hgt, ours by generating from board.hgt."""

import sys
from pathlib import Path
from types import ModuleType

from hgraph import TS, TSB, TSL, Size, TimeSeriesSchema

import hgvalue_gen

# No `from __future__ import annotations` here: hgraph wants the annotations of a schema as types, not as text.

HERE = Path(__file__).resolve().parent


def _run(path: Path) -> ModuleType:
    """Run a schema file: what the generator reads is Python that hgraph understands."""
    module = sys.modules[path.stem] = ModuleType(path.stem)
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), module.__dict__)
    return module


market = _run(HERE / "market.hgt")

GROWS = sys.version_info >= (3, 12)
"""Whether this hgraph has lists that grow: the native releases do. Before, there is only the tail that never ticked."""

AUCTIONS = TSL[TS[float], Size[-1] if GROWS else Size[64]]


class Board(TimeSeriesSchema):
    """As in board.hgt, where the list says no size."""

    market: TSB[market.Market]
    prices: market.Prices
    volumes: market.Volumes
    spreads: market.Spreads
    auctions: AUCTIONS


def generated(backend: str) -> ModuleType:
    """Return the generated module; its `Board` is the root on both ends of the bridge."""
    return hgvalue_gen.load(HERE / "board.hgt", backend=backend)
