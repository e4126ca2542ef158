"""Collecting diagnostics: nothing stops at the first."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from hgvalue_gen.diagnostics.codes import CODES
from hgvalue_gen.diagnostics.source import Location, Source

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Note:
    """A remark below a diagnostic, with the place it speaks of, if any."""

    message: str
    location: Location | None = None


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding. ``label`` stands beside the carets, ``help`` says what to write instead."""

    code: str
    message: str
    location: Location | None
    label: str = ""
    help: str = ""
    notes: tuple[Note, ...] = ()
    severity: Severity = "error"


class Reporter:
    """Holds what was found in one run, and every source that was read, whether the run succeeds or not."""

    def __init__(self) -> None:
        self._found: list[Diagnostic] = []
        self._sources: list[Source] = []
        self._errors = 0

    def add_source(self, source: Source) -> None:
        self._sources.append(source)

    def error(
        self,
        code: str,
        message: str,
        location: Location | None = None,
        *,
        label: str = "",
        help: str = "",
        notes: tuple[Note, ...] = (),
    ) -> None:
        """Record an error. The same error at the same place is recorded once.

        Raises KeyError if ``code`` is not registered.
        """
        if self._add(Diagnostic(code, message, location, label, help, notes)):
            self._errors += 1

    def warning(self, code: str, message: str, location: Location, *, label: str = "", help: str = "") -> None:
        """Record what is right and yet cannot be meant; as :meth:`error` does, but the schema can be used."""
        self._add(Diagnostic(code, message, location, label, help, severity="warning"))

    def _add(self, diagnostic: Diagnostic) -> bool:
        CODES[diagnostic.code]
        is_new = diagnostic not in self._found[-16:]
        if is_new:
            self._found.append(diagnostic)
        return is_new

    @property
    def has_errors(self) -> bool:
        return self._errors > 0

    @property
    def error_count(self) -> int:
        return self._errors

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Everything found: file by file in the order of reading, from top to bottom."""
        order = {id(source): index for index, source in enumerate(self._sources)}

        def key(diagnostic: Diagnostic) -> tuple[int, int]:
            location = diagnostic.location
            if location is None:
                return -1, 0
            return order.get(id(location.source), len(order)), location.span.start if location.span else -1

        return tuple(sorted(self._found, key=key))

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that were read, in the order of reading."""
        return tuple(source.path for source in self._sources if source.path is not None)

    def render_text(self) -> str:
        """Return all diagnostics for reading, an empty line between two; empty if there are none."""
        from hgvalue_gen.diagnostics.text import render

        return "\n".join(map(render, self.diagnostics))

    def render_json(self) -> str:
        """Return all diagnostics as one JSON object a line."""
        from hgvalue_gen.diagnostics.json_lines import render

        return "".join(map(render, self.diagnostics))
