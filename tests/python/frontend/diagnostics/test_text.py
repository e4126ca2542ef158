"""The text form of diagnostics, to the letter."""

from __future__ import annotations

import pytest

from hgvalue_gen.diagnostics import Note, Reporter, Source, Span


def rendered(text: str, start: int, end: int, **extra: str) -> str:
    source = Source("schemas.hgt", text)
    reporter = Reporter()
    reporter.add_source(source)
    reporter.error("HGT012", "message", source.at(Span(start, end)), **extra)
    return reporter.render_text()


def test_the_form_of_the_language_reference(compiled):
    text = "\n" * 13 + "Book = TSD[list[int], TS[float]]\n"
    assert compiled(text).reporter.render_text() == (
        "error[HGT012]: dict key `list[int]` is not hashable\n"
        "  --> schemas.hgt:14:12\n"
        "   |\n"
        "14 | Book = TSD[list[int], TS[float]]\n"
        "   |            ^^^^^^^^^ lists can change, so they cannot be keys\n"
        "   |\n"
        "help: use `tuple[int, ...]`\n"
    )


def carets(text: str, start: int, end: int) -> tuple[str, str]:
    lines = rendered(text, start, end).splitlines()
    return lines[3][4:], lines[4][4:]


@pytest.mark.parametrize(
    ("text", "word", "shown", "marked"),
    [
        ("a b", "b", "a b", "  ^"),
        ("\tb", "b", "    b", "    ^"),
        ("a\tb", "b", "a   b", "    ^"),
        ("表 b", "b", "表 b", "   ^"),
        ("b 表表", "表表", "b 表表", "  ^^^^"),
        ("e\u0301 b", "b", "e\u0301 b", "  ^"),
        ("a\x1b b", "b", "a\N{REPLACEMENT CHARACTER} b", "   ^"),
    ],
)
def test_carets_stand_below_what_is_meant(text, word, shown, marked):
    start = text.index(word)
    assert carets(text, start, start + len(word)) == (shown, marked)


def test_empty_spans_get_one_caret():
    assert carets("ab", 2, 2) == ("ab", "  ^")


def test_spans_over_several_lines_are_marked_on_the_first():
    assert carets("x = [1,\n2]\n", 4, 10) == ("x = [1,", "    ^^^")


def test_long_lines_are_cut_around_the_place():
    shown, marked = carets("a" * 500_000 + "!" + "b" * 500_000, 500_000, 500_001)
    assert len(shown) < 200
    assert shown[marked.index("^")] == "!"


def test_notes_have_excerpts_of_their_own():
    source = Source("x.hgt", "one\ntwo\n")
    reporter = Reporter()
    reporter.error("HGT011", "twice", source.at(Span(4, 7)), notes=(Note("first here", source.at(Span(0, 3))),))
    assert "note: first here\n --> x.hgt:1:1\n  |\n1 | one\n  | ^^^\n" in reporter.render_text()


def test_messages_stay_on_one_line_and_can_be_encoded():
    reporter = Reporter()
    reporter.error("HGT007", "cannot read a\nb\udcff")
    assert reporter.render_text().encode("utf-8").count(b"\n") == 1
