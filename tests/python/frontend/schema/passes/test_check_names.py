"""Classes that would be generated under one name."""

from __future__ import annotations

import pytest

QUOTE = "class Quote(TimeSeriesSchema):\n    bid: TS[float]\n"


@pytest.mark.parametrize("other", ["QuoteValue", "QuoteDelta"])
def test_generated_names_clash_with_declared_ones(compiled, other):
    outcome = compiled(f"{QUOTE}class {other}(CompoundScalar):\n    x: int\n")
    assert outcome.error.code == "HGT023"
    assert "`Quote`" in outcome.error.message and f"`{other}`" in outcome.error.message
    assert outcome.quoted == other


def test_roots_generate_names_too(compiled):
    assert compiled(f"{QUOTE}type Board = TSD[str, Quote]\nclass BoardDelta(Enum):\n    A = 1\n").error.code == "HGT023"


def test_imported_names_clash_as_well(project):
    files = {
        "main.hgt": f"from other import QuoteValue\n{QUOTE}",
        "other.hgt": "class QuoteValue(CompoundScalar):\n    x: int\n",
    }
    assert project(files).error.code == "HGT023"


def test_structs_generate_nothing_else(compiled):
    assert compiled("class A(CompoundScalar):\n    x: int\nclass AValue(CompoundScalar):\n    x: int\n").ok
