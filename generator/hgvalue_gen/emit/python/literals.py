"""Text and values as Python source."""

from __future__ import annotations

import inspect
import re

from hgvalue_gen.schema import model as m


def text_literal(text: str) -> str:
    """Return ``text`` as a string literal, in triple quotes if it has several lines."""
    return f'"""\\\n{_within_triple(text)}"""' if "\n" in text else string_literal(text)


def string_literal(text: str) -> str:
    """Return ``text`` as a string literal in double quotes."""
    escaped = _escape(text).replace("\n", "\\n").replace('"', '\\"')
    return f'"{escaped}"'


def docstring(doc: str | None, indent: str) -> str:
    """Return a docstring with its lines indented, or nothing."""
    if not doc:
        return ""
    text = _within_triple(inspect.cleandoc(doc)).replace("\n", f"\n{indent}")
    lines = [line.rstrip() for line in text.split("\n")]
    return f'"""{lines[0]}"""' if len(lines) == 1 else '"""' + "\n".join(lines) + f'\n{indent}"""'


def default_literal(value: m.DefaultValue) -> str:
    """Return a default for a stub: the value where it is plain to read, else ``...``."""
    match value:
        case None | bool() | int():
            return repr(value)
        case m.VariantValue():
            return default_literal(value.value)
        case float() if value == value and abs(value) != float("inf"):
            return repr(value)
        case str():
            return string_literal(value)
        case bytes():
            return repr(value)
    return "..."


def _within_triple(text: str) -> str:
    """Escape text that stands in triple quotes, so that it neither contains their end nor runs into it."""
    return re.sub(r'"{3,}|"+\Z', lambda quotes: '\\"' * len(quotes[0]), _escape(text))


def _escape(text: str) -> str:
    """Escape backslashes, and what cannot be seen."""
    return "".join("\\\\" if c == "\\" else c if c.isprintable() or c == "\n" else _code(c) for c in text)


def _code(c: str) -> str:
    code = ord(c)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
