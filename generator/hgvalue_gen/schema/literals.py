"""The values of literals, by the rules of Python."""

from __future__ import annotations

import ast
import math
import warnings
from inspect import cleandoc
from typing import Final

from hgvalue_gen.syntax import nodes as n

#: Python refuses to convert longer ones, and no type of the language holds them.
_MAX_DIGITS: Final = 400


class LiteralError(ValueError):
    """A literal that Python would not accept, or that cannot be stored."""


def number(node: n.Number) -> int | float:
    """Return the value of a number. Raises LiteralError."""
    text = node.text
    shown = text if len(text) <= 40 else f"{text[:40]}…"
    if len(text) > _MAX_DIGITS:
        raise LiteralError(f"the number `{shown}` has too many digits")
    try:
        return int(text, 0)
    except ValueError:
        pass
    try:
        value = float(text)
    except ValueError:
        raise LiteralError(f"`{shown}` is not a number of the language") from None
    # `007`, `0x1p3` and the like are numbers to float() or to C, but not to Python.
    if text.replace("_", "").isdigit() or not math.isfinite(value):
        problem = "is too large for a float" if not math.isfinite(value) else "may not begin with 0"
        raise LiteralError(f"the number `{shown}` {problem}")
    return value


def string(node: n.String) -> str | bytes:
    """Return the value of neighbouring string literals. Raises LiteralError."""
    values = [_string(part) for part in node.parts]
    if all(isinstance(value, str) for value in values):
        text = "".join(value for value in values if isinstance(value, str))
        if any("\ud800" <= character <= "\udfff" for character in text):
            raise LiteralError("the string holds half of a surrogate pair, which no text can")
        return text
    if all(isinstance(value, bytes) for value in values):
        return b"".join(value for value in values if isinstance(value, bytes))
    raise LiteralError("text and bytes cannot be joined")


def clean_doc(value: str | bytes) -> str | None:
    """Return a docstring without its indentation; None if nothing is left, or if it is no text."""
    return cleandoc(value) or None if isinstance(value, str) else None


def _string(part: str) -> str | bytes:
    quote = min(part.find(mark) for mark in "\"'" if mark in part)
    prefix = part[:quote].lower()
    if "f" in prefix:
        raise LiteralError("f-strings are not accepted, as nothing is executed")
    if not prefix and "\\" not in part:
        width = 3 if part[:3] in ('"""', "'''") else 1
        return part[width:-width]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about escapes like "\d", which keep their backslash
            value = ast.literal_eval(part)
    except (SyntaxError, ValueError) as error:
        raise LiteralError(f"malformed string: {getattr(error, 'msg', None) or error}") from None
    assert isinstance(value, str | bytes)
    return value
