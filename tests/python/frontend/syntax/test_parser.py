"""Every construct of the grammar, as a tree with places."""

from __future__ import annotations

import pytest

from hgvalue_gen.diagnostics import Reporter, Source
from hgvalue_gen.syntax import grammar_text, parse
from hgvalue_gen.syntax import nodes as n


def statements(text: str) -> tuple[n.Statement, ...]:
    source, reporter = Source("x.hgt", text), Reporter()
    tree = parse(source, reporter)
    assert not reporter.has_errors, reporter.render_text()
    return tree.statements


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("a", n.Path),
        ("a.b.c", n.Path),
        ("a[b]", n.Subscript),
        ("a.b[c, d,]", n.Subscript),
        ('a["x": b]', n.Subscript),
        ("a()", n.Call),
        ("a.b(1, c=2,)", n.Call),
        ("a | b | None", n.Union),
        ("1 * 2 + 3", n.Operation),
        ("-1", n.Signed),
        ("0xFF_FF", n.Number),
        ("1e5", n.Number),
        (".5", n.Number),
        ("1_000.5e-3", n.Number),
        ("'a' \"b\"", n.String),
        ("'''a\nb'''", n.String),
        ('"""a"b""c"""', n.String),
        ("rb'\\x'", n.String),
        ("''", n.String),
        ('""""a"""', n.String),
        ("...", n.Constant),
        ("None", n.Constant),
        ("(a)", n.Path),
        ("()", n.Display),
        ("(a,)", n.Display),
        ("(a, b)", n.Display),
        ("[]", n.Display),
        ("[a, b,]", n.Display),
        ("{a}", n.Display),
        ("{}", n.DictDisplay),
        ("{a: b, c: d,}", n.DictDisplay),
    ],
)
def test_expressions(written, kind):
    (statement,) = statements(f"X = {written}\n")
    assert isinstance(statement, n.Assignment)
    assert isinstance(statement.value, kind)
    if written[0] != "(" or kind is n.Display:
        assert statement.value.span == (4, 4 + len(written))


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("import a", n.ImportModule),
        ("import a.b as c, d", n.ImportModule),
        ("from a.b import c", n.ImportFrom),
        ("from a import (b as c, d,)", n.ImportFrom),
        ("from a import *", n.ImportFrom),
        ("from . import a", n.ImportFrom),
        ("from ...a.b import c", n.ImportFrom),
        ("class A: x", n.ClassDef),
        ("class A[T, *U, **V](B[T], k=C): ...", n.ClassDef),
        ("@a\n@b.c(d=1)\nclass A(B): pass", n.ClassDef),
        ("type A = B", n.TypeAliasStatement),
        ("type A[T: int = str] = B", n.TypeAliasStatement),
        ("type = 3", n.Assignment),
        ("type: int", n.Annotated),
        ("a: b = c", n.Annotated),
        ("a.b: c", n.Annotated),
        ("a = b = c", n.Assignment),
        ("'doc'", n.ExpressionStatement),
        ("pass", n.Pass),
        ("def f(a, b):\n  return {\n}", n.Foreign),
        ("@a\nasync def f(): pass", n.Foreign),
        ("if a:\n  b\nelse:\n  c", n.Foreign),
        ("match: int", n.Annotated),
    ],
)
def test_statements(written, kind):
    (statement,) = statements(written)
    assert isinstance(statement, kind)


def test_relative_imports_count_their_dots():
    first, second = statements("from ....a.b import c\nfrom . import d\n")
    assert (first.level, first.path.text) == (4, "a.b")
    assert (second.level, second.path) == (1, None)


def test_spans_are_those_of_the_text():
    text = "class Flight(hg.TimeSeriesSchema):\n    delay: TS[float] = None\n"
    (made,) = statements(text)
    (field,) = made.body
    assert text[slice(*made.name.span)] == "Flight"
    assert text[slice(*made.arguments[0].span)] == "hg.TimeSeriesSchema"
    assert text[slice(*field.annotation.span)] == "TS[float]"
    assert text[slice(*field.span)] == "delay: TS[float] = None"


def test_the_grammar_is_found_and_short():
    assert len(grammar_text().splitlines()) <= 150
