"""Lines, indentation and brackets: mistakes give one message each, and what follows is read as usual."""

from __future__ import annotations

import pytest

from hgvalue_gen.diagnostics import Reporter, Source
from hgvalue_gen.syntax import nodes as n
from hgvalue_gen.syntax import parse

FIELD = "    x: int\n"


def parsed(text: str) -> tuple[n.File, list[str]]:
    source, reporter = Source("x.hgt", text), Reporter()
    tree = parse(source, reporter)
    return tree, [diagnostic.code for diagnostic in reporter.diagnostics]


def class_names(tree: n.File) -> list[str]:
    return [statement.name.text for statement in tree.statements if isinstance(statement, n.ClassDef)]


@pytest.mark.parametrize(
    "text",
    [
        "class A(B):\n\n    # comment\n    x: int  # more\n\n\n    y: str\n# end",
        "class A(B):\n\tx: int\n\ty: str\n",
        "class A(B):\n\tx: int\n        y: str\n",
        "class A(B): x: int; y: str;\n",
        "class A(\n    B,\n):\n    x: int\n    y: \\\n        str\n",
        "class A(B):\r\n    x: int\r\n    y: str\r\n",
        "class A(B):\r    x: int\r    y: str",
        "\f\nclass A(B):\n    x: list[\n  int,\n# comment\n]\n    y: str",
        '"""Doc\n  string"""\nclass A(B):\n    """x\n"""\n    x: int\n    y: str\n    ',
    ],
)
def test_what_python_accepts(text):
    tree, codes = parsed(text)
    assert codes == []
    (made,) = (statement for statement in tree.statements if isinstance(statement, n.ClassDef))
    fields = [field.target.text for field in made.body if isinstance(field, n.Annotated)]
    assert fields == ["x", "y"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"class A(B):\n    y: list[int\n{FIELD}", "HGT002"),
        (f"class A(B:\n{FIELD}", "HGT002"),
        (f"class A(B):\n    y: list[int)\n{FIELD}", "HGT002"),
        (f"class A(B):\n    y: list[int]]\n{FIELD}", "HGT002"),
        (f"class A(B):\n{FIELD}X = (1,\n", "HGT002"),
        (f"class A(B):\n{FIELD}      y: int\n{FIELD}", "HGT004"),
        (f"class A(B):\n{FIELD}  y: int\n", "HGT004"),
        (f"  class A(B):\n  {FIELD}", "HGT004"),
        ("class A(B):\ny = 1\n", "HGT004"),
        ("class A(B):", "HGT004"),
        (f"class A(B)\n{FIELD}", "HGT001"),
        ("class A(B):\n    # nothing\n", "HGT004"),
        (f"X = 'abc\nclass A(B):\n{FIELD}", "HGT003"),
        (f"class A(B):\n{FIELD}X = '''abc\n", "HGT003"),
        (f"class A(B):\n{FIELD}    ²: int\n", "HGT005"),
        (f"class A(B):\n{FIELD}    y: int$\n", "HGT005"),
        (f"class A(B):\n{FIELD}    class: str\n", "HGT039"),
        (f"class A(B):\n{FIELD}    try: str\n", "HGT039"),
        (f"X = {'[' * 101}{']' * 101}\nclass A(B):\n{FIELD}", "HGT006"),
        (f"X = {'[' * 100_000}\nclass A(B):\n{FIELD}", "HGT006"),
        (f"class A(B):\n    y: {'TSD[str, ' * 10_000}\n{FIELD}", "HGT006"),
        (f"class A(B):\n    y: int int\n{FIELD}", "HGT001"),
        (f"class A(B):\n    y:\n{FIELD}", "HGT001"),
        (f"X =\nclass A(B):\n{FIELD}", "HGT001"),
        (f"x y:\n    z: int\nclass A(B):\n{FIELD}", "HGT001"),
        (f"class A(B):\n{FIELD}@decorator\n", "HGT001"),
        (f"X = lambda: 3\nclass A(B):\n{FIELD}", "HGT029"),
        (f"import a.\nclass A(B):\n{FIELD}", "HGT001"),
        (f"X = {'-' * 10_000}1\nclass A(B):\n{FIELD}", "HGT001"),
    ],
)
def test_one_mistake_gives_one_message_and_the_class_is_still_there(text, code):
    tree, codes = parsed(text)
    assert (codes, class_names(tree)) == ([code], ["A"])


def test_what_ended_before_a_wrong_statement_is_kept():
    tree, codes = parsed(f"class A(B):\n{FIELD}| x\nX = 1\n")
    assert codes == ["HGT001"]
    assert class_names(tree) == ["A"]
    assert [field.target.text for field in tree.statements[0].body] == ["x"]


def test_names_in_lost_text_are_remembered():
    tree, _ = parsed("class Quote Q(TimeSeriesSchema):\n    bid: int\nX = 1\n")
    assert {"Quote", "bid"} <= tree.lost
    assert len(tree.statements) == 1


def test_very_wrong_texts_are_given_up():
    tree, codes = parsed("?\n" * 1000)
    assert len(codes) == 50 and tree.statements == ()


def test_names_are_normalised_as_python_does():
    tree, codes = parsed("class ﬁeld(B):\n    größe: int\n")
    assert (class_names(tree), codes) == (["field"], [])
