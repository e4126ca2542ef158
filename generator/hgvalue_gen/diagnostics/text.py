"""Diagnostics for reading: message, place, excerpt with carets, help.

::

    error[HGT012]: dict key `list[int]` is not hashable
      --> schemas.hgt:14:17
       |
    14 | Book = TSD[list[int], TS[float]]
       |            ^^^^^^^^^ lists can change, so they cannot be keys
       |
    help: use `tuple[int, ...]`
"""

from __future__ import annotations

import unicodedata
from typing import Final

from hgvalue_gen.diagnostics.reporter import Diagnostic
from hgvalue_gen.diagnostics.source import Location, Source, Span

TAB_WIDTH: Final = 4
#: Longer lines are cut around the place that is meant.
MAX_EXCERPT: Final = 160


def render(diagnostic: Diagnostic) -> str:
    """Return one diagnostic as text that ends with a line end."""
    lines = [f"{diagnostic.severity}[{diagnostic.code}]: {_one_line(diagnostic.message)}"]
    if diagnostic.location is not None:
        lines += _excerpt(diagnostic.location, diagnostic.label)
    for note in diagnostic.notes:
        lines.append(f"note: {_one_line(note.message)}")
        if note.location is not None:
            lines += _excerpt(note.location, "")
    if diagnostic.help:
        lines.append(f"help: {_one_line(diagnostic.help)}")
    # Text quoted from a file may hold halves of surrogate pairs, which no terminal can be sent.
    return "".join(f"{line.rstrip()}\n" for line in lines).encode("utf-8", "backslashreplace").decode("utf-8")


def _excerpt(location: Location, label: str) -> list[str]:
    source, span = location.source, location.span
    if span is None:
        return [f" --> {_one_line(source.name)}"]
    line, column = source.position(span.start)
    gutter = " " * len(str(line))
    before, marked, after = _cut(source, line, span)
    pad = " " * _width(before)
    carets = "^" * max(1, _width(marked))
    return [
        f"{gutter}--> {_one_line(source.name)}:{line}:{column}",
        f"{gutter} |",
        f"{line} | {before}{marked}{after}",
        f"{gutter} | {pad}{carets} {_one_line(label)}",
        f"{gutter} |",
    ]


def _cut(source: Source, number: int, span: Span) -> tuple[str, str, str]:
    """Split a line at the span, which may go on below it, and shorten it to what can be read."""
    begin, end = source.line_bounds(number)
    stop = min(end, span.end)
    # Only what is shown is copied: a long line may have many errors.
    third = MAX_EXCERPT // 3 if end - begin > MAX_EXCERPT else end - begin
    text = source.text
    before = text[max(begin, span.start - third) : span.start]
    marked = text[span.start : min(stop, span.start + third)]
    after = text[stop : min(end, stop + third)]
    before = before if span.start - begin <= third else f"…{before}"
    marked = marked if stop - span.start <= third else f"{marked}…"
    after = after if end - stop <= third else f"{after}…"
    shown_before = _visible(before, 0)
    shown_marked = _visible(marked, _width(shown_before))
    return shown_before, shown_marked, _visible(after, _width(shown_before) + _width(shown_marked))


def _visible(text: str, column: int) -> str:
    """Return ``text`` with tabs as spaces and without characters that would move the cursor."""
    shown = []
    for character in text:
        if character == "\t":
            character = " " * (TAB_WIDTH - column % TAB_WIDTH)
        elif unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp"):
            character = "\N{REPLACEMENT CHARACTER}"
        shown.append(character)
        column += _width(character)
    return "".join(shown)


def _width(text: str) -> int:
    """Return how many columns of a terminal the text takes."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )


def _one_line(text: str) -> str:
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text)
