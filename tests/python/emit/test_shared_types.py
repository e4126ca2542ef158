"""Types that share parts take time for what they are, not for the number of ways through them."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

import pytest

from hgvalue_gen.diagnostics import Reporter
from hgvalue_gen.emit import emit_package
from hgvalue_gen.schema import compile_text, schema_to_json

T = TypeVar("T")
LEVELS = 40


def layers(first: str, further: str) -> str:
    """Return a schema in which every class uses the one before it several times."""
    return first + "".join(further.format(name=f"S{level}", below=f"S{level - 1}") for level in range(1, LEVELS))


STRUCTS = layers(
    "class S0(CompoundScalar):\n    a: int\n    b: list[int]\n",
    "class {name}(CompoundScalar):\n    p: {below}\n    q: {below} | None\n    r: tuple[{below}, ...] = ()\n",
)
KEYS = layers(
    "class S0(CompoundScalar):\n    a: int\n    b: str\n",
    "class {name}(CompoundScalar):\n    p: {below}\n    q: tuple[{below}, {below}]\n    r: int | {below}\n",
)
ARRAYS = layers(
    "class S0(CompoundScalar):\n    a: int\n",
    "class {name}(CompoundScalar):\n    p: Array[int, Size[2]]\n    q: list[{below}]\n    r: dict[str, {below}]\n",
)
BUNDLES = layers(
    "class S0(TimeSeriesSchema):\n    a: TS[int]\n    b: REF[TS[str]]\n",
    "class {name}(TimeSeriesSchema):\n    p: {below}\n    q: TSB[{below}]\n    r: TSB[{below}]\n",
)
UNNAMED = layers(
    "class S0(TimeSeriesSchema):\n    a: TS[int]\n",
    'class {name}(TimeSeriesSchema):\n    p: {below}\n    q: TSB[{below}]\n    r: TSB["x": TS[int]]\n',
)


@pytest.mark.parametrize(
    ("text", "more"),
    [
        (STRUCTS, "type R = TS[S39]\n"),
        (KEYS, "type R = TSD[S39, TS[S39]]\ntype T = TSS[S39]\n"),
        (ARRAYS, ""),
        (BUNDLES, "type R = TSD[int, S39]\n"),
        (UNNAMED, ""),
    ],
    ids=["structs", "keys", "containers", "bundles", "unnamed"],
)
def test_forty_levels(text: str, more: str) -> None:
    schema = timed(lambda: compile_text(text + more, reporter=Reporter()))
    assert schema is not None
    for backend in ("dynamic", "compiled"):
        texts = timed(lambda backend=backend: emit_package(schema, "levels", backend))
        assert "class S39" in texts["__init__.pyi"]
    timed(lambda: schema_to_json(schema))


def timed(call: Callable[[], T]) -> T:
    """Call a function that takes less than two seconds of this process."""
    start = time.process_time()
    result = call()
    assert time.process_time() - start < 2
    return result
