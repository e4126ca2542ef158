"""Giving out names, each once per scope."""

from __future__ import annotations

from collections.abc import Callable, Iterable


class Scope:
    """The names taken in one scope of the generated text.

    Names are claimed in schema order, so the same schema gives the same names.
    """

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)

    def __contains__(self, name: object) -> bool:
        return name in self._taken

    def add(self, names: Iterable[str]) -> None:
        """Take names that are given out elsewhere."""
        self._taken.update(names)

    def claim(self, wanted: str) -> str:
        """Take ``wanted``, or the first free name made from it: ``wanted_``, ``wanted_2``, ``wanted_3``, ..."""
        stem = wanted.rstrip("_") or "_"
        name, number = wanted, 1
        while name in self._taken:
            number += 1
            name = f"{stem}_" if number == 2 and not wanted.endswith("_") else f"{stem}_{number}"
        self._taken.add(name)
        return name

    def claim_all(self, names: Iterable[str], escape: Callable[[str], str]) -> list[str]:
        """Claim the escaped form of each name; names that need no escape come first, so that they keep theirs."""
        wanted = [(name, escape(name)) for name in names]
        given: dict[int, str] = {}
        for unchanged in (True, False):
            for index, (name, escaped) in enumerate(wanted):
                if (name == escaped) is unchanged:
                    given[index] = self.claim(escaped)
        return [given[index] for index in range(len(wanted))]
