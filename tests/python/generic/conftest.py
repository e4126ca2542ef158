"""Fixtures of the tests of the generic runtime."""

from __future__ import annotations

from types import ModuleType

import pytest

from ..model.generated import backend, load
from ..timeseries.surface import SCHEMA

__all__ = ["backend"]


@pytest.fixture(scope="session")
def m(backend: str) -> ModuleType:
    """A generated module: the one of the surface tests of time series."""
    return load(SCHEMA, "surface", backend)
