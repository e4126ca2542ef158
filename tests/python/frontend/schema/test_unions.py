"""A warning for alternatives of unions that can never be chosen: only where none of their values can be."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from time import perf_counter

import pytest

from hgvalue import TypeMeta, TypeRegistry, Value

from ..conftest import Outcome

DECLARED = "class Kind(Enum):\n    A = 1\n\nclass Leg(CompoundScalar):\n    size: int\n\n"
NEVER = [
    ("int", "int8"),
    ("int16", "uint8"),
    ("uint64", "uint32"),
    ("float", "float32"),
    ("object", "Leg"),
    ("object", "list[int]"),
    ("list[int]", "list[int8]"),
    ("list[int | str]", "list[int]"),
    ("list[int | None]", "list[int]"),
    ("tuple[int, ...]", "tuple[int8, int]"),
    ("tuple[int, float]", "tuple[int, float32]"),
    ("set[int]", "set[uint8]"),
    ("dict[str, int]", "dict[str, int8]"),
]
EITHER = [
    ("int", "bool"),
    ("float", "int"),
    ("int64", "uint64"),
    ("uint16", "int16"),
    ("str", "Kind"),
    ("datetime", "date"),
    ("list[int]", "tuple[int, ...]"),
    ("tuple[int, int]", "tuple[int, ...]"),
    ("dict[str, int]", "Leg"),
    ("set[int]", "list[int]"),
]


def warnings(compiled: Callable[[str], Outcome], *alternatives: str) -> list[str]:
    outcome = compiled(f"{DECLARED}class S(CompoundScalar):\n    x: {' | '.join(alternatives)}\n")
    assert outcome.ok
    assert not outcome.reporter.has_errors
    assert {found.severity for found in outcome.reporter.diagnostics} <= {"warning"}
    assert {found.code for found in outcome.reporter.diagnostics} <= {"HGT041"}
    return [found.message for found in outcome.reporter.diagnostics]


@pytest.mark.parametrize(("first", "second"), NEVER)
def test_never_chosen(compiled: Callable[[str], Outcome], first: str, second: str) -> None:
    expected = [f"alternative `{second}` can never be chosen"]
    assert warnings(compiled, first, second) == expected
    assert warnings(compiled, first, second, "None") == expected
    assert warnings(compiled, "bytes", "timedelta", first, second) == expected
    assert warnings(compiled, second, first) == []


@pytest.mark.parametrize(("first", "second"), EITHER)
def test_either_may_be_chosen(compiled: Callable[[str], Outcome], first: str, second: str) -> None:
    assert warnings(compiled, first, second) == []


GIVEN = (True, 0, -1, 200, 2**40, 2**63, 0.5, 0.1, "", [1], [1, "a"], (1, 2), (1, 0.5), {1}, {"a": 1}, [], (), [None])


def test_the_warnings_are_true(compiled: Callable[[str], Outcome]) -> None:
    """No value takes an alternative that is warned of."""
    for first, second in (pair for pair in NEVER + EITHER if not {"Leg", "Kind"} & set(pair)):
        for pair in permutations((first, second)):
            types = [TypeMeta.get(spelled) for spelled in pair]
            warned = bool(warnings(compiled, *pair))
            for given in GIVEN:
                try:
                    alone = Value(types[1], given)
                    chosen = Value(TypeRegistry.variant(*types), given)
                except (TypeError, ValueError, OverflowError):
                    continue
                if warned and chosen.value == alone.value:
                    assert Value(types[0], given) == Value(types[0], chosen.value), (pair, given)
                    assert chosen.view().index == 0, (pair, given)


def test_shared_parts_are_compared_once(compiled: Callable[[str], Outcome]) -> None:
    levels = "\n".join(f"A{n + 1} = tuple[A{n}, A{n}]\nB{n + 1} = tuple[B{n}, B{n}]" for n in range(40))
    begin = perf_counter()
    outcome = compiled(f"A0 = int\nB0 = int8\n{levels}\nclass S(CompoundScalar):\n    x: list[A40] | list[B40]\n")
    assert perf_counter() - begin < 2
    assert outcome.reporter.diagnostics
