"""No input, however broken, raises."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hgvalue_gen.diagnostics import Reporter
from hgvalue_gen.schema import compile_files, compile_text

VALID = '''"""Doc."""
from hgraph import *
import enum as e
DEPTH = Size[5]
class Side(e.Enum):
    BUY = 1
    SELL = auto()
@dataclass(frozen=True)
class Point(CompoundScalar):
    """A point."""
    x: int8 = -1
    y: tuple[float, ...] = (1, 2.5)
    side: Side | None = None
    raw: bytes = b"\\x00" rb"\\d"
class Quote(TimeSeriesSchema):
    bid: TS[Point]
    closes: TSW[float, DEPTH, Size[2]]
    recent: TSW[float, timedelta(minutes=5)]
    inner: TSB["a": TS[int], "b": TSL[TS[str], 3]]
type Board = TSD[tuple[int, Side], TSB[Quote]]
'''
FRAGMENTS = [
    *"()[]{}:;,.=|-+*@\\'\"#\n\t\r\0?é²$",
    "'''",
    '"""',
    "class ",
    "def ",
    "type ",
    "import ",
    "from ",
    "if ",
    "else:",
    "pass",
    "TSD[",
    "TS[",
    "None",
    "...",
    "    ",
    "\n    ",
    "\n",
    "A",
    "B",
    "Quote",
    "Size[",
    "auto()",
    "Annotated[",
    "\ud800",
    "0x",
    "1e",
    "class A(CompoundScalar):\n    ",
    "class A(",
    "A = A",
    "x: A",
    "\\\n",
    "\f",
    "\ufeff",
    "f''",
    "async ",
    "@a\n",
]


def check(text: str) -> Reporter:
    """Compile and render; returns what was reported."""
    reporter = Reporter()
    schema = compile_text(text, reporter=reporter)
    assert (schema is None) == reporter.has_errors
    assert bool(reporter.render_text()) == bool(reporter.render_json()) == reporter.has_errors
    return reporter


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_any_text(text):
    check(text)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=40))
def test_fragments_of_schemas(parts):
    check("".join(parts))


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(VALID)), st.integers(0, 30), st.lists(st.sampled_from(FRAGMENTS), max_size=3))
def test_mutations_of_a_valid_schema(start, removed, inserted):
    check(VALID[:start] + "".join(inserted) + VALID[start + removed :])


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "any.hgt"
    path.write_bytes(data)
    reporter = Reporter()
    assert (compile_files([path], reporter=reporter) is None) == reporter.has_errors
    reporter.render_text()


def test_the_valid_schema_is_valid():
    assert not check(VALID).has_errors


@pytest.mark.parametrize(
    "text",
    [
        "(" * 100_000,
        "[" * 100_000,
        "{" * 100_000,
        "TSD[str, " * 10_000,
        "]" * 1000,
        "-" * 10_000 + "1",
        "a." * 10_000,
        "a|" * 10_000,
        "x" * 1_000_000,
        "X = " + "9" * 1_000_000,
        "'" * 100_001,
        '"""' + "a" * 100_000,
        "#" * 1_000_000,
        "\n" * 100_000,
        " " * 100_000 + "x",
        "\0",
        "\x1b[31m",
        "class A(CompoundScalar):\n" + "".join(f"{' ' * i}x: int\n" for i in range(1, 300)),
        "@a\n" * 1000,
        "type T = TS[" + "int | " * 20_000 + "int]",
        "X = " + "'a' " * 20_000,
        "\\",
        "\\\n" * 1000,
        "if a:\n" * 1000,
        "class A(CompoundScalar):\n    x: list[int] = [" + "1, " * 20_000 + "]\n",
        "import " + "a" * 5000 + "\n",
        "from ." + "." * 1000 + " import a\n",
    ],
)
def test_extreme_texts(text):
    check(text)


def test_a_chain_of_many_classes_is_too_deep_and_no_more():
    chain = "".join(f"class A{i}(CompoundScalar):\n    x: A{i + 1}\n" for i in range(500))
    reporter = check(f"{chain}class A500(CompoundScalar):\n    x: int\n")
    assert [diagnostic.code for diagnostic in reporter.diagnostics] == ["HGT006"]


def test_thousands_of_errors_take_no_longer_than_as_many_lines():
    text = "".join(f"class Name{i}(CompoundScalar):\n    x: Nmae{i}\n" for i in range(2000))
    assert check(text).error_count == 2000


@pytest.mark.parametrize("path", ["", ".", "missing/x.hgt", "a\0b.hgt", "x" * 5000 + ".hgt", "/dev/null"])
def test_odd_paths(path):
    reporter = Reporter()
    assert compile_files([Path(path)], reporter=reporter) is None
    assert reporter.render_text()
