"""Diagnostics for programs: one JSON object a line."""

from __future__ import annotations

import json
from typing import Any

from hgvalue_gen.diagnostics.reporter import Diagnostic
from hgvalue_gen.diagnostics.source import Location


def render(diagnostic: Diagnostic) -> str:
    """Return one diagnostic as a line of JSON; what is not known is null, lines and columns count from 1."""
    return (
        json.dumps(
            {
                "code": diagnostic.code,
                "severity": diagnostic.severity,
                "message": diagnostic.message,
                **_place(diagnostic.location),
                "label": diagnostic.label,
                "help": diagnostic.help,
                "notes": [{"message": note.message, **_place(note.location)} for note in diagnostic.notes],
            }
        )
        + "\n"
    )


def _place(location: Location | None) -> dict[str, Any]:
    line = column = end_line = end_column = None
    if location is not None and location.span is not None:
        line, column = location.source.position(location.span.start)
        end_line, end_column = location.source.position(location.span.end)
    return {
        "file": location.source.name if location else None,
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
    }
