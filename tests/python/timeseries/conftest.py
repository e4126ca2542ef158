"""Fixtures of the time-series tests."""

from __future__ import annotations

from types import ModuleType

import pytest

from ..model.generated import backend, load
from .subject import subject
from .surface import SCHEMA

__all__ = ["backend", "subject"]


@pytest.fixture(scope="session")
def m(backend: str) -> ModuleType:
    """The module of the surface tests."""
    return load(SCHEMA, "surface", backend)
