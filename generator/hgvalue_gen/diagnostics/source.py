"""Source text and places in it. Places are offsets; lines and columns are worked out only for printing."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple


class Span(NamedTuple):
    """A half-open range of character offsets into the text of one file."""

    start: int
    end: int


@dataclass(eq=False, slots=True)
class Source:
    """One schema text.

    ``name`` is what messages call it: the path as the user gave it. ``original`` is the text as it was written and
    ``text`` the same with line ends unified to ``\\n``, which is what every :class:`Span` refers to. ``path`` is None
    for text that does not come from a file.
    """

    name: str
    original: str
    path: Path | None = None
    text: str = field(init=False, repr=False)
    _line_starts: list[int] = field(init=False, repr=False, default_factory=list)

    def __post_init__(self) -> None:
        self.text = self.original.replace("\r\n", "\n").replace("\r", "\n")

    def at(self, span: Span) -> Location:
        return Location(self, span)

    def slice(self, span: Span) -> str:
        """Return the text of ``span`` on one line, as messages quote it."""
        return " ".join(self.text[span.start : span.end].split())

    def position(self, offset: int) -> tuple[int, int]:
        """Return the line and column of ``offset``, both counted from 1, columns in characters."""
        starts = self._starts()
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    def line(self, number: int) -> str:
        """Return the text of a line, counted from 1, without its end."""
        begin, end = self.line_bounds(number)
        return self.text[begin:end]

    def line_bounds(self, number: int) -> tuple[int, int]:
        """Return the offsets at which a line begins and ends, without its end."""
        starts = self._starts()
        return starts[number - 1], starts[number] - 1 if number < len(starts) else len(self.text)

    def _starts(self) -> list[int]:
        if not self._line_starts:
            starts = [0]
            find = self.text.find
            while (end := find("\n", starts[-1])) >= 0:
                starts.append(end + 1)
            self._line_starts = starts
        return self._line_starts


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a source. ``span`` is None when the whole file is meant, as when it cannot be read."""

    source: Source
    span: Span | None = None
