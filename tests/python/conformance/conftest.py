"""Fixtures of the recorded cases: one generated module that holds the schemas of all of them."""

from __future__ import annotations

import pytest

from ..model.generated import GeneratedModule, backend
from .runner import all_cases

__all__ = ["backend"]


@pytest.fixture(scope="session")
def recorded(backend: str) -> GeneratedModule:
    """The module with a root class for every recorded schema."""
    return GeneratedModule((type_ for case in all_cases() for type_ in case.types), "recorded", backend)
