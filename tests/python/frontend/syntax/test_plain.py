"""Plain statements are read without the parser, and as the parser reads them."""

from __future__ import annotations

from random import Random

import pytest

from hgvalue_gen.diagnostics import Reporter, Source
from hgvalue_gen.syntax.lexer import Lexer
from hgvalue_gen.syntax.parser import _parser, parse, parse_with_lark
from tests.fuzz.schema_texts import mutated, texts

FORMS = [
    "",
    "\n",
    "A = int",
    "A = B = int\n",
    "type A = TS[int]\n",
    "type A[T] = TS[T]\n",
    "A: TypeAlias = dict[str, int]\n",
    "A = (\n  1,\n  2,\n)\n",
    "A = ((1))\nB = (1,)\nC = ()\nD = (1, 2)\n",
    "A = {}\nB = {1}\nC = {1: 2}\nD = {1: 2, }\nE = {1, 2: 3}\n",
    "A = []\nB = [1, [2, -3], +4,]\n",
    "A = -(1)\nB = --1\n",
    "A = 'a' \"b\" 'c'\n",
    "A = a.b.c\nB = a.b[1]\nC = a.b(1)\nD = a.\n",
    "A = f(1, x=2, *y)\n",
    "A = timedelta(minutes=5, )\n",
    'A = TSB["a": TS[int], "b": TSL[TS[int], 3]]\n',
    "A = a[b][c]\n",
    "A = a | b | None\n",
    "A = a + b\n",
    "A = list[\n    int\n]\n",
    "A = list[int\n\nB = int\n",
    "A = int; B = str\n",
    "A = int # comment\n# comment\nB = int\n# comment",
    " A = int\n",
    "# comment\n  A = int\n",
    "A = int\n  B = int\n",
    "A = int \\\n  | None\nB = int\n",
    "A = int\n    \\\nB = int\n",
    "None: int\n",
    "as: int\nclass: int\n",
    "class A(B):\n    x: int\n    y: str = 'a'\n    'doc'\n\n    pass\n    ...\nC = int\n",
    "class A(B): x: int\n",
    "class A:\n    x: int\n",
    "class A():\n    x: int",
    "class A(B, x=1):\n    x: int\n  y: int\n",
    "class A(B):\n    x: int\n      y: int\n",
    "class A(B):\n\tx: int\n        y: int\n",
    "class A(B):\n",
    "class A(B):\n    class C:\n        x: int\n",
    "@dataclass\nclass A(B):\n    x: int\n",
    "@dataclass\n@unique\nclass A(B):\n    x: int\nC = int\n",
    "@dataclass\nA = int\n",
    "A = int\n@dataclass\n",
    "from a import *\nimport b\nA = int\nfrom . import (c,\nd)\nB = int\n",
    "def f(\nA = int\n):\n  pass\nB = int\n",
    "x: int = 1 = 2\n",
    "é = int\n",
    "A = 'é'\n",
    "A = " + "[" * 100 + "]" * 100 + "\n",
    "A = " + "[" * 101 + "]" * 101 + "\n",
    "A = " + "(" * 101 + "1" + ")" * 101 + "\n",
    "A = int" + " " * 50,
    "A = int\n" * 3 + "B = list[int\n" + "C = int\n" * 3,
]


def check(text: str) -> None:
    source = Source("schemas.hgt", text)
    quick, whole = Reporter(), Reporter()
    assert parse(source, quick) == parse_with_lark(source, whole)
    assert quick.diagnostics == whole.diagnostics


@pytest.mark.parametrize("text", FORMS)
def test_forms(text: str) -> None:
    check(text)


@pytest.mark.parametrize("text", texts())
def test_schemas_of_the_tree(text: str) -> None:
    check(text)


@pytest.mark.parametrize("seed", range(20))
def test_mutated_schemas(seed: int) -> None:
    random = Random(seed)
    for _ in range(20):
        check(mutated(random, random.choice(texts())))


@pytest.mark.parametrize("seed", range(10))
def test_tokens_are_those_of_lark(seed: int) -> None:
    random = Random(seed)
    lexer = Lexer.of(_parser())
    for _ in range(20):
        text = mutated(random, random.choice(texts()))
        interactive = _parser().parse_interactive(text)
        expected = [
            (token.type, token.start_pos, token.end_pos)
            for token in interactive.lexer_thread.lex(interactive.parser_state)
        ]
        made = lexer.tokens(text)
        assert [(kind, *span) for kind, span in zip(made.kinds, made.spans, strict=True)][:-1] == expected
