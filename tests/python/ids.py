"""Names of parameters that are the same in every process, as pytest-xdist needs them."""

from __future__ import annotations

import re


def stable(value: object) -> str:
    """Return the text of a value with sets in order and without addresses."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{stable(key)}: {stable(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (set, frozenset)):
        return "{" + ", ".join(sorted(map(stable, value))) + "}"
    if isinstance(value, (list, tuple)):
        return "(" + ", ".join(map(stable, value)) + ")"
    if isinstance(value, type):
        return value.__name__
    return re.sub(r" at 0x[0-9a-fA-F]+", "", str(value))
