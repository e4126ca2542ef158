"""Fixtures of the differential tests: one generated module that holds all random schemas."""

from __future__ import annotations

import pytest

from .explore import with_sources
from .generated import GeneratedModule, backend
from .random_types import random_types, referring_types

__all__ = ["backend"]


@pytest.fixture(scope="session")
def random_module(backend: str) -> GeneratedModule:
    """The module with a root class for every random schema."""
    return GeneratedModule(with_sources([*random_types(), *referring_types()]), "random_schemas", backend)
