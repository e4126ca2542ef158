"""Did you mean …?"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return a question naming the known names nearest to ``name``, or nothing if none is near."""
    if len(name) > 200:
        return ""
    names = sorted(set(known))
    close = get_close_matches(name, names, n=3)
    if not close:
        folded = name.casefold()
        close = [other for other in names if other.casefold() == folded]
    return f"did you mean {' or '.join(f'`{other}`' for other in close)}?" if close else ""
