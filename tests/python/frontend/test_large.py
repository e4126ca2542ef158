"""Checking and emitting take time in proportion to the size of the schema."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Literal

import pytest

from hgvalue_gen.diagnostics import Reporter
from hgvalue_gen.emit import emit_package
from hgvalue_gen.schema import compile_text

from .large import SHAPES

#: Twice the size may take so many times as many calls: what is done once makes it less than two.
RATIO = 2.2
#: Function calls for each character: no shape takes steps that do not show in a ratio.
CALLS_PER_CHARACTER = 60


def calls_of(work: Callable[[], object]) -> int:
    """Return how many functions are called, those written in C included."""
    calls = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize("shape", SHAPES)
def test_checking_is_linear(shape: str) -> None:
    make, largest = SHAPES[shape]
    size = min(largest // 2, 800)
    calls_of(lambda: compile_text(make(size), reporter=Reporter()))  # what is made once and kept
    texts = [make(size), make(2 * size)]
    one, two = (calls_of(lambda text=text: compile_text(text, reporter=Reporter())) for text in texts)
    assert two <= RATIO * one
    assert two <= CALLS_PER_CHARACTER * len(texts[1]) + 20_000


@pytest.mark.parametrize("backend", ["compiled", "dynamic"])
@pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape not in ("nested", "opened", "flat")])
def test_emitting_is_linear(shape: str, backend: Literal["compiled", "dynamic"]) -> None:
    make, largest = SHAPES[shape]
    size = min(largest // 2, 400)
    one, two = (compile_text(make(count), reporter=Reporter()) for count in (size, 2 * size))
    assert one is not None and two is not None
    for schema in (one, two):  # what is made once and kept
        emit_package(schema, "large", backend)
    few = calls_of(lambda: emit_package(one, "large", backend))
    many = calls_of(lambda: emit_package(two, "large", backend))
    assert many <= RATIO * few
