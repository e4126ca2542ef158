"""Turning schema names into C++ identifiers."""

from __future__ import annotations

import re
from functools import lru_cache

from hgvalue_gen.emit.cpp.reserved import GLOBALS, HEADERS, KEYWORDS, MACRO_PATTERN, MACRO_PREFIXES, MACROS

_MACRO = re.compile(MACRO_PATTERN)
_LIBRARIES = frozenset({"std", "hgvalue"})


def is_reserved(name: str) -> bool:
    """Tell whether the language, the implementation or a macro owns ``name``."""
    return (
        name in KEYWORDS
        or name in MACROS
        or name in _LIBRARIES
        or (name.startswith(MACRO_PREFIXES) and not name.endswith("_"))
        or "__" in name
        or re.match(r"_[A-Z]|\d", name) is not None
        or _MACRO.fullmatch(name) is not None
    )


@lru_cache(maxsize=1 << 16)
def identifier(name: str) -> str:
    """Return ``name`` as a C++ identifier, itself wherever that is possible.

    Letters outside ASCII become their code point, as in ``gr\u00fcn`` -> ``grU00FCn``: compilers differ in which ones
    they take. Other characters (``Reading[float]``) become underscores, and a reserved name gets one behind it.
    """
    plain = "".join(c if c.isascii() else f"U{ord(c):04X}" for c in name)
    plain = re.sub(r"\W", "_", plain, flags=re.ASCII)
    if plain != name:
        plain = plain.strip("_") or "_"
    if not is_reserved(plain):
        return plain
    plain = re.sub(r"__+", "_", plain)
    if re.match(r"_[A-Z]", plain):
        plain = plain[1:]
    if plain[0].isdigit():
        plain = "x" + plain
    return plain if plain.endswith("_") else plain + "_"


def compound(*parts: str) -> str:
    """Join identifiers into one, without the double underscore that C++ keeps for itself."""
    text = "".join(parts)
    return re.sub(r"__+", "_", text) if "__" in text else text


def namespace(name: str) -> str:
    """Return ``name`` as the name of a namespace, which may not be that of anything the C library declares."""
    plain = identifier(name)
    return plain + "_" if plain in GLOBALS else plain


def unit_file(name: str) -> str:
    """Return the name, without ending, of the files for the schema called ``name`` (dotted)."""
    plain = name.replace(".", "_")
    return plain + "_" if plain in HEADERS else plain
