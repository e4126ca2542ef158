"""Defaults that are no numbers, or infinite ones."""

from __future__ import annotations

import json
import math

import pytest

from hgvalue_gen.emit import emit_package
from hgvalue_gen.schema import schema_to_json

SPELLINGS = {
    'float("nan")': math.nan,
    "float('NaN')": math.nan,
    'float("inf")': math.inf,
    'float("-inf")': -math.inf,
    '-float("Infinity")': -math.inf,
    "math.nan": math.nan,
    "math.inf": math.inf,
    "-math.inf": -math.inf,
    "m.inf": math.inf,
    "nan": math.nan,
    "-inf": -math.inf,
    "INFINITE": math.inf,
}
IMPORTS = "import math\nimport math as m\nfrom math import nan, inf\nINFINITE = math.inf\n"


@pytest.mark.parametrize("type", ["float", "float32", "float | None", "str | float"])
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_spellings(compiled, spelling, type):
    outcome = compiled(f"{IMPORTS}class A(CompoundScalar):\n    x: {type} = {spelling}\n")
    value = outcome.struct("A").fields[0].default
    value = getattr(value, "value", value)
    assert repr(value) == repr(SPELLINGS[spelling])
    text = json.dumps(schema_to_json(outcome.ok), allow_nan=False)
    assert json.dumps({"kind": "float", "value": str(value)}) in text
    for backend in ("dynamic", "compiled"):
        assert "x: " in emit_package(outcome.ok, "a", backend)["__init__.pyi"]


@pytest.mark.parametrize(("name", "advised"), [("nan", "nan"), ("NaN", "nan"), ("inf", "inf"), ("Infinity", "inf")])
def test_advice_is_accepted(compiled, name, advised):
    error = compiled(f"class A(CompoundScalar):\n    x: float = {name}\n").error
    assert error.code == "HGT010"
    assert error.help == f'write `float("{advised}")`, or import it first: `from math import {advised}`'
    for import_, value in (("", f'float("{advised}")'), (f"from math import {advised}\n", advised)):
        assert compiled(f"{import_}class A(CompoundScalar):\n    x: float = {value}\n").ok


@pytest.mark.parametrize("value", ["float()", 'float("a")', "float(1, 2)", "float(x=1)", "math.pi", "typing.nan"])
def test_nothing_else_is_called_or_named(compiled, value):
    assert compiled(f"import math, typing\nclass A(CompoundScalar):\n    x: float = {value}\n").error
