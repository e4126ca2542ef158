"""What is wrong with a schema, where, and what to write instead. Codes are stable: tests and documents name them."""

from __future__ import annotations

from hgvalue_gen.diagnostics.codes import CODES, Code
from hgvalue_gen.diagnostics.reporter import Diagnostic, Note, Reporter
from hgvalue_gen.diagnostics.source import Location, Source, Span
from hgvalue_gen.diagnostics.suggest import did_you_mean

__all__ = ["CODES", "Code", "Diagnostic", "Location", "Note", "Reporter", "Source", "Span", "did_you_mean"]
