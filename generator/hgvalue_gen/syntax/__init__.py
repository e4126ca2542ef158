"""Text in, syntax tree out. Knows the grammar and nothing of what names mean."""

from __future__ import annotations

from hgvalue_gen.syntax.parser import grammar_text, parse

__all__ = ["grammar_text", "parse"]
