"""How everything here is measured, and how it is shown.

Contenders take turns: one sample of each, then the next sample of each, so that a machine that slows down for a while
slows down all of them. What is shown is the median of the samples and their spread, which is half the distance
between the first and the third quartile.
"""

from __future__ import annotations

import statistics
import timeit
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MINIMUM_SAMPLES = 7
WARM_UP = 1
"""Rounds that are run and thrown away."""

UNROLL = 20
"""How often a statement stands in the measured loop; what the loop itself costs is measured, too, and taken off."""

SAMPLE_SECONDS = 0.02
"""Statements are repeated until one sample takes about so long."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """Samples of one contender, in seconds an operation."""

    samples: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle sample."""
        return statistics.median(self.samples)

    @property
    def spread(self) -> float:
        """Half the distance between the quartiles."""
        first, _, third = statistics.quantiles(self.samples, n=4)
        return (third - first) / 2

    def show(self, unit: float, digits: int = 1) -> str:
        """Format as `median ± spread`, in a unit such as 1e-9."""
        return f"{self.median / unit:,.{digits}f} ± {self.spread / unit:,.{digits}f}"


@dataclass(frozen=True, slots=True)
class Statement:
    """A Python statement, with the names it uses."""

    code: str
    names: Mapping[str, Any]

    def evaluate(self) -> Any:
        """Run the statement once as an expression and return its value."""
        return eval(self.code, dict(self.names))


def measure_rounds(contenders: Mapping[str, Callable[[], float]], samples: int) -> dict[str, Measurement]:
    """Let every contender, which returns seconds an operation, run once in each round."""
    rounds = [{name: run() for name, run in contenders.items()} for _ in range(WARM_UP + samples)]
    return {name: Measurement(tuple(row[name] for row in rounds[WARM_UP:])) for name in contenders}


def measure_statements(statements: Mapping[str, Statement], samples: int) -> dict[str, Measurement]:
    """Measure the statements of several contenders against each other; the cost of the loop is taken off."""
    return measure_rounds({name: _sampler(statement) for name, statement in statements.items()}, samples)


def _sampler(statement: Statement) -> Callable[[], float]:
    timer = timeit.Timer("; ".join([statement.code] * UNROLL), globals=dict(statement.names))
    empty = timeit.Timer("pass")
    once = max(timer.timeit(10) / 10, 1e-9)
    repeats = max(1, round(SAMPLE_SECONDS / once))

    def sample() -> float:
        return max(timer.timeit(repeats) - empty.timeit(repeats), 0.0) / (repeats * UNROLL)

    return sample


def markdown_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table; all columns but the first are aligned to the right."""
    lines = [
        "| " + " | ".join(header) + " |",
        "|---|" + "---:|" * (len(header) - 1),
        *("| " + " | ".join(row) + " |" for row in rows),
    ]
    return "\n".join(lines)
