"""The generated classes that the benchmarks measure."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import hgvalue_gen

SCHEMAS = Path(__file__).parent / "schemas"


def quotes() -> ModuleType:
    """Return the package generated from `quotes.hgt`, built in the cache on first use."""
    module: ModuleType = hgvalue_gen.load(SCHEMAS / "quotes.hgt")
    return module
