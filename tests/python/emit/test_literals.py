"""Literals and comments, read back by the language they are for where that is Python."""

from __future__ import annotations

import ast
import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hgvalue_gen.emit.cpp import literals as cpp
from hgvalue_gen.emit.python import literals as python
from hgvalue_gen.schema import model as m

from .nasty import NASTY_DOC


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ("plain", '"plain"'),
        ('a"b\\c\n', r'"a\"b\\c\n"'),
        ("\x00" + "7", r'"\0007"'),
        ("what??!", r'"what?\?!"'),
        ("grün \U0001f600", '"grün \U0001f600"'),
        ("\u202e", r'"\342\200\256"'),
        ("\ud800", r'"\355\240\200"'),
    ],
)
def test_cpp_strings(text: str, literal: str) -> None:
    assert cpp.string_literal(text) == literal


@given(st.text())
def test_cpp_strings_stay_on_their_line_and_have_no_trigraphs(text: str) -> None:
    literal = cpp.string_literal(text)
    assert literal.isprintable()
    assert "??" not in literal
    literal.encode()


@pytest.mark.parametrize(("data", "literal"), [(b"a\x001", r'"a\0001"'), (b'\xff"', r'"\377\""'), (b"??=", r'"?\?="')])
def test_cpp_bytes(data: bytes, literal: str) -> None:
    assert cpp.bytes_literal(data) == literal


@pytest.mark.parametrize(
    ("value", "literal"),
    [
        (0, "0"),
        (-5, "-5"),
        (-(2**63), "std::numeric_limits<T>::min()"),
        (2**63 - 1, f"{2**63 - 1}"),
        (2**64 - 1, f"{2**64 - 1}U"),
    ],
)
def test_cpp_integers(value: int, literal: str) -> None:
    assert cpp.integer_literal(value, "T") == literal


@pytest.mark.parametrize(
    ("value", "type", "literal"),
    [
        (1.0, "double", "1.0"),
        (-0.0, "double", "-0.0"),
        (0.1, "float", "0.1F"),
        (1e-45, "float", "1e-45F"),
        (1e300, "double", "1e+300"),
        (float("nan"), "float", "std::numeric_limits<float>::quiet_NaN()"),
        (float("-inf"), "double", "-std::numeric_limits<double>::infinity()"),
    ],
)
def test_cpp_floats(value: float, type: str, literal: str) -> None:
    assert cpp.float_literal(value, type) == literal


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_cpp_single_precision_literals_read_back(value: float) -> None:
    literal = cpp.float_literal(value, "float")
    assert struct.pack("f", float(literal.removesuffix("F"))) == struct.pack("f", value)


def test_a_comment_neither_continues_nor_hides_anything() -> None:
    lines = cpp.comment_lines(NASTY_DOC)
    assert not any(line.endswith(("\\", "??/")) for line in lines)
    assert all(line.isprintable() for line in lines)
    assert lines[1] == ""


def test_no_comment_without_documentation() -> None:
    assert cpp.comment_lines(None) == ()
    assert cpp.comment_lines("") == ()


@given(st.text())
def test_python_text_reads_back(text: str) -> None:
    assert ast.literal_eval(python.text_literal(text)) == text
    assert ast.literal_eval(python.string_literal(text)) == text


@given(st.text(alphabet='a"\\\n '))
def test_python_text_with_quotes_reads_back(text: str) -> None:
    assert ast.literal_eval(python.text_literal(text)) == text
    assert ast.literal_eval(python.string_literal(text)) == text


@pytest.mark.parametrize("doc", [NASTY_DOC, 'ends in a "quote"', "one line", "a\n\n  b\nc"])
def test_python_docstrings(doc: str) -> None:
    function = ast.parse(f"def f():\n    {python.docstring(doc, '    ')}").body[0]
    assert isinstance(function, ast.FunctionDef)
    read = ast.get_docstring(function)
    assert read is not None
    assert [line.strip() for line in read.splitlines()] == [line.strip() for line in doc.splitlines()]


@pytest.mark.parametrize("value", [True, 3, -2.5, "a\nb", b"\x00", None])
def test_plain_defaults_are_shown(value: m.DefaultValue) -> None:
    assert ast.literal_eval(python.default_literal(value)) == value


@pytest.mark.parametrize("value", [math.inf, math.nan, (1, 2), {"a": 1}, m.timedelta_us(3)])
def test_other_defaults_are_not(value: m.DefaultValue) -> None:
    assert python.default_literal(value) == "..."
