"""What a run shows: how far it is on a terminal, plain lines elsewhere, errors in the format asked for."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Literal, TextIO

from hgvalue_gen.build.errors import GenError

if TYPE_CHECKING:
    from hgvalue_gen.build.live import Live

ErrorFormat = Literal["text", "json"]

_LEAD: Final = re.compile(r"^(error|warning|note|help)(\[\w+\])?:", re.MULTILINE)
_COLOURS: Final = {"error": "1;31", "warning": "1;33", "note": "1;36", "help": "1;32"}


def wants_colour(stream: TextIO) -> bool:
    """Tell whether to colour what goes to ``stream``: on terminals, unless NO_COLOR is set."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def coloured(text: str) -> str:
    """Return rendered diagnostics with what they begin with in the colours compilers use."""
    return _LEAD.sub(lambda match: f"\x1b[{_COLOURS[match[1]]}m{match[0]}\x1b[0m", text)


class Display:
    """A :class:`~hgvalue_gen.build.progress.Progress` for people. Status goes to stdout, errors to stderr."""

    def __init__(self, *, quiet: bool = False, verbose: bool = False, error_format: ErrorFormat = "text") -> None:
        self._quiet, self._verbose, self._error_format = quiet, verbose, error_format
        self._live: Live | None = None

    @contextmanager
    def live(self) -> Iterator[None]:
        """Draw progress on stderr meanwhile, if that is a terminal and lines do not say the same."""
        from hgvalue_gen.build.live import Live, is_terminal

        if self._quiet or self._verbose or not is_terminal(sys.stderr):
            yield
            return
        with Live() as self._live:
            yield
        self._live = None

    def say(self, text: str) -> None:
        """Print a line of status."""
        if not self._quiet:
            print(text, flush=True)

    def stage(self, text: str) -> None:
        """Name the phase that begins."""
        if self._live is not None:
            self._live.stage(text)
        elif self._verbose:
            self.say(text)

    def step(self, done: int, total: int, text: str) -> None:
        """Show how far the compilation is."""
        if self._live is not None:
            self._live.step(done, total, text)
        else:
            self.say(f"[{done}/{total}] {text}")

    def output(self, line: str) -> None:
        """Print what a tool said, for those who asked for everything."""
        if self._verbose:
            self.say(line)

    def error(self, error: GenError) -> None:
        """Print an error: its sentence, then its details as they stand."""
        if self._error_format == "json":
            record = {"severity": "error", "message": error.message}
            if error.details:
                record["details"] = error.details
            print(json.dumps(record, ensure_ascii=False), file=sys.stderr)
            return
        line = f"error: {error.message}"
        print(coloured(line) if wants_colour(sys.stderr) else line, file=sys.stderr)
        if error.details:
            print(error.details, file=sys.stderr)
