"""Text and values as C++ literals and comments."""

from __future__ import annotations

import inspect
import math
import re
import struct
from functools import lru_cache

_SIMPLE_ESCAPES = {"\n": r"\n", "\t": r"\t", '"': r"\"", "\\": r"\\"}
_TRIGRAPH = re.compile(r"\?(?=\?[=/'()!<>-])")


def string_literal(text: str) -> str:
    """Return ``text`` as a C++ string literal of its UTF-8 form."""
    return f'"{_escape(text)}"'


def string_lines(text: str) -> str:
    """Return ``text`` as a literal with one part for each of its lines."""
    return "\n".join(f'"{_escape(line)}"' for line in text.splitlines(keepends=True)) or '""'


def bytes_literal(data: bytes) -> str:
    """Return ``data`` as a C++ string literal; what is not printable ASCII is written in octal."""
    return '"' + "".join(_escape(chr(b)) if 32 <= b < 127 else f"\\{b:03o}" for b in data).replace("??", r"?\?") + '"'


def integer_literal(value: int, type_name: str) -> str:
    """Return an integer; the smallest ``int64`` has no literal, and above the largest one a suffix is needed."""
    if value == -(2**63):
        return f"std::numeric_limits<{type_name}>::min()"
    return f"{value}U" if value >= 2**63 else str(value)


def float_literal(value: float, type_name: str) -> str:
    """Return a ``float`` or ``double`` literal that reads back as the same number."""
    single = type_name == "float"
    if single and math.isfinite(value):
        value = struct.unpack("f", struct.pack("f", value))[0]
    if math.isnan(value):
        return f"std::numeric_limits<{type_name}>::quiet_NaN()"
    if math.isinf(value):
        return ("-" if value < 0 else "") + f"std::numeric_limits<{type_name}>::infinity()"
    return f"{_shortest_single(value)}F" if single else repr(value)


def _shortest_single(value: float) -> str:
    for digits in range(1, 10):
        text = repr(float(f"{value:.{digits}g}"))
        if struct.pack("f", float(text)) == struct.pack("f", value):
            return text
    return repr(value)


def comment_lines(doc: str | None) -> tuple[str, ...]:
    """Return the lines of a docstring as the text of ``///`` comments."""
    if not doc:
        return ()
    return tuple(_comment(line).rstrip() for line in inspect.cleandoc(doc).splitlines())


def _comment(line: str) -> str:
    # A backslash at the end would continue the comment on the next line; so would the trigraph for it.
    line = _TRIGRAPH.sub("&#63;", line.rstrip())
    if line.endswith("\\"):
        line = line[:-1] + "&#92;"
    return "".join(c if c.isprintable() else "\t" if c == "\t" else f"<U+{ord(c):04X}>" for c in line)


@lru_cache(maxsize=1 << 12)
def _escape(text: str) -> str:
    if text.isidentifier() and text.isascii():  # most are names
        return text
    parts = []
    for c in text:
        if c in _SIMPLE_ESCAPES:
            parts.append(_SIMPLE_ESCAPES[c])
        elif c.isprintable():
            parts.append(c)
        else:
            parts += (f"\\{b:03o}" for b in c.encode("utf-8", "surrogatepass"))
    return "".join(parts).replace("??", r"?\?")
