"""Fixtures of the value tests."""

from __future__ import annotations

from types import ModuleType

import pytest

from ..model.generated import backend, load
from .schema import SCHEMA

__all__ = ["backend"]


@pytest.fixture(scope="session")
def m(backend: str) -> ModuleType:
    """The module of the value tests."""
    return load(SCHEMA, "value_types", backend)
