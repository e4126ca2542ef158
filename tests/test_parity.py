"""Every required part has a test that names it, and docs/parity.md lists both.

A C++ test names a part by a tag, ``[V-07]``; a Python test by a marker, ``@pytest.mark.row("V-07")``. A test that
shows the part on a class made from a schema says so: ``[generated]``, ``row("V-07", generated=True)``. After adding
tests, run this file as a program to bring the page up to date.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "parity.md"
SHOWN = 2
_LITERAL = r'"((?:[^"\\]|\\.)*)"'
CPP_TEST = re.compile(rf'\b(?:TEMPLATE_)?TEST_CASE\(\s*{_LITERAL}(?:\s*{_LITERAL})*\s*,\s*((?:"[^"]*"\s*)+)')
ROW = re.compile(r"^\| ([A-Z]-\d\d) \| ([^|]*) \| ([^|]*) \| (?:.*) \|$")


@dataclass(frozen=True)
class NamingTest:
    """One test that names rows."""

    file: str
    name: str
    rows: frozenset[str]
    python: bool
    generated: bool


@dataclass(frozen=True)
class Row:
    """One line of the page: ``needs`` says which kinds of tests it must have."""

    id: str
    needs: str
    what: str


def _cpp_tests() -> Iterator[NamingTest]:
    for path in sorted((ROOT / "tests" / "cpp").glob("*_test.cpp")):
        for match in CPP_TEST.finditer(path.read_text(encoding="utf-8")):
            tags = set(re.findall(r"\[([^\]]+)\]", match[3]))
            rows = frozenset(tag for tag in tags if re.fullmatch(r"[A-Z]-\d\d", tag))
            if rows:
                yield NamingTest(path.relative_to(ROOT).as_posix(), match[1], rows, False, "generated" in tags)


def _markers(node: ast.expr) -> Iterator[tuple[list[str], bool]]:
    """Find ``pytest.mark.row(...)`` in an expression: the rows, and whether it says generated."""
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "row":
            rows = [a.value for a in call.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            yield rows, any(keyword.arg == "generated" for keyword in call.keywords)


def _python_tests() -> Iterator[NamingTest]:
    for path in sorted((ROOT / "tests" / "python").rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        of_module = [
            marker
            for node in tree.body
            if isinstance(node, ast.Assign)
            and any(isinstance(t, ast.Name) and t.id == "pytestmark" for t in node.targets)
            for marker in _markers(node.value)
        ]
        for node in ast.walk(tree):
            if not isinstance(node, ast.FunctionDef) or not node.name.startswith("test_"):
                continue
            markers = of_module + [marker for decorator in node.decorator_list for marker in _markers(decorator)]
            plain = frozenset(row for rows, generated in markers for row in rows if not generated)
            generated = frozenset(row for rows, is_generated in markers for row in rows if is_generated)
            file = path.relative_to(ROOT).as_posix()
            if plain:
                yield NamingTest(file, node.name, plain, True, False)
            if generated:
                yield NamingTest(file, node.name, generated, True, True)


@cache
def _tests_by_row() -> dict[str, list[NamingTest]]:
    found: dict[str, list[NamingTest]] = defaultdict(list)
    for test in [*_cpp_tests(), *_python_tests()]:
        for row in test.rows:
            found[row].append(test)
    return found


def _rows(page: str) -> list[Row]:
    return [Row(*match.groups()) for match in map(ROW.match, page.splitlines()) if match]


def _cell(tests: list[NamingTest]) -> str:
    """Name a few tests of each kind, and how many more there are."""
    parts = []
    for title, chosen in (
        ("C++", [t for t in tests if not t.python and not t.generated]),
        ("Python", [t for t in tests if t.python and not t.generated]),
        ("generated", [t for t in tests if t.generated]),
    ):
        if chosen:
            names = ", ".join(f"`{t.file}`: {t.name.replace('|', '¦')}" for t in chosen[:SHOWN])
            more = f" and {len(chosen) - SHOWN} more" if len(chosen) > SHOWN else ""
            parts.append(f"{title}: {names}{more}")
    return "; ".join(parts)


def render(page: str) -> str:
    """Return the page with the tests there are now."""
    found = _tests_by_row()
    lines = []
    for line in page.splitlines():
        if match := ROW.match(line):
            line = f"| {match[1]} | {match[2]} | {match[3]} | {_cell(found[match[1]]) or '-'} |"
        lines.append(line)
    return "\n".join(lines) + "\n"


def _needed() -> list[tuple[Row, str]]:
    return [(row, kind.strip()) for row in _rows(PAGE.read_text(encoding="utf-8")) for kind in row.needs.split(",")]


@pytest.mark.parametrize(("row", "kind"), [pytest.param(row, kind, id=f"{row.id}-{kind}") for row, kind in _needed()])
def test_row_has_a_test(row: Row, kind: str) -> None:
    tests = _tests_by_row()[row.id]
    fits = {
        "C++": lambda t: not t.python,
        "Python": lambda t: t.python,
        "generated": lambda t: t.generated,
    }[kind]
    assert any(fits(t) for t in tests), f"no {kind} test names {row.id} ({row.what})"


def test_every_named_row_is_on_the_page() -> None:
    known = {row.id for row in _rows(PAGE.read_text(encoding="utf-8"))}
    assert {row for row in _tests_by_row() if row[0] in "VD"} <= known


def test_the_page_is_up_to_date() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == render(page), "run `python tests/test_parity.py` and commit docs/parity.md"


if __name__ == "__main__":
    PAGE.write_text(render(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
