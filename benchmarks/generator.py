"""How long the generator takes for large schemas: checking them, and emitting the text of both backends.

Run it with ``python -m benchmarks.generator``. Times are of the processor, the best of three.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from hgvalue_gen.diagnostics import Reporter
from hgvalue_gen.emit import emit_package
from hgvalue_gen.schema import compile_text
from tests.python.frontend.large import SHAPES


def seconds(work: Callable[[], Any]) -> float:
    """Return the processor time of the fastest of three runs."""
    times = []
    for _ in range(3):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def main() -> None:
    """Print a table."""
    compile_text("X = TS[int]\n", reporter=Reporter())
    print("| schema | size | check | emit, compiled | emit, dynamic |\n|---|--:|--:|--:|--:|")
    for shape, (make, size) in SHAPES.items():
        text = make(size)
        row = [f"{seconds(lambda text=text: compile_text(text, reporter=Reporter())):.2f} s"]
        schema = compile_text(text, reporter=Reporter())
        for backend in ("compiled", "dynamic"):
            emit = (lambda schema=schema, backend=backend: emit_package(schema, "large", backend)) if schema else None
            row.append(f"{seconds(emit):.2f} s" if emit else "refused")
        print(f"| {shape} | {size} | {' | '.join(row)} |", flush=True)


if __name__ == "__main__":
    main()
