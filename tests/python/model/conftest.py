"""Fixtures of the differential tests: one generated module that holds all random schemas."""

from __future__ import annotations

import pytest

from .generated import GeneratedModule, backend
from .random_types import random_types

__all__ = ["backend"]


@pytest.fixture(scope="session")
def random_module(backend: str) -> GeneratedModule:
    """The module with a root class for every random schema."""
    return GeneratedModule(random_types(), "random_schemas", backend)
