"""The fingerprint changes with the meaning of a schema and with nothing else."""

from __future__ import annotations

import json
import re

import pytest

from hgvalue_gen.schema import schema_to_json

TEXT = """class A(CompoundScalar):
    x: int = 1
    y: set[str] = {'a', 'b', 'c'}
type T = TSD[str, TS[A]]
type U = TS[int]
"""


@pytest.mark.parametrize(
    "same",
    [
        TEXT,
        '"""Doc."""\n' + TEXT.replace("\n", "  # comment\n"),
        "type U = TS[int]\n" + TEXT.replace("type U = TS[int]\n", ""),
        TEXT.replace("int", "int64").replace("{'a', 'b', 'c'}", "{'c', 'b', 'a'}"),
        "S = str\n" + TEXT.replace("TSD[str", "TSD[S"),
    ],
)
def test_same_meaning(compiled, same):
    assert compiled(same).ok.fingerprint == compiled(TEXT).ok.fingerprint


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("int", "int32"),
        ("= 1", "= 2"),
        ("= 1", ""),
        ("class A", "class B"),
        ("x:", "z:"),
        ("type T", "type V"),
        ("TSD[str", "TSD[bytes"),
    ],
)
def test_other_meaning(compiled, old, new):
    text = TEXT.replace(old, new, 1).replace("TS[A]", "TS[B]" if new == "class B" else "TS[A]")
    assert compiled(text).ok.fingerprint != compiled(TEXT).ok.fingerprint


def test_order_of_fields_is_meaning(compiled):
    first, second = "    x: int = 1\n", "    y: set[str] = {'a', 'b', 'c'}\n"
    assert compiled(TEXT.replace(first + second, second + first)).ok.fingerprint != compiled(TEXT).ok.fingerprint


def test_it_is_16_hex_digits(compiled):
    assert re.fullmatch("[0-9a-f]{16}", compiled(TEXT).ok.fingerprint)


def test_compiling_twice_gives_the_same(compiled):
    first, second = (json.dumps(schema_to_json(compiled(TEXT).ok)) for _ in range(2))
    assert first == second
