"""Draws from hypothesis strategies by a seed, without hypothesis deciding how long a run may be.

For long runs on one root; a test that shrinks what fails is hypothesis' own ``@given``.
"""

from __future__ import annotations

import random
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.control import BuildContext
from hypothesis.errors import StopTest
from hypothesis.internal.conjecture.data import ConjectureData

T = TypeVar("T")


class SeededDraw:
    """The same seed draws the same values, whatever hypothesis remembers of other runs."""

    def __init__(self, seed: object) -> None:
        self._random = random.Random(str(seed))

    def __call__(self, strategy: st.SearchStrategy[T]) -> T:
        while True:
            data = ConjectureData(random=self._random)
            try:
                with BuildContext(data, is_final=False, wrapped_test=_no_test):
                    return data.draw(strategy)
            except StopTest:  # a filter that found nothing, or too much was drawn: try again
                continue


def _no_test(*_: Any) -> None:
    """Stand in for the test that hypothesis believes to run."""
