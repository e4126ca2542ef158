"""Markers and deltas that are written to time-series sets and dicts."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Final, Generic, TypeVar, final

__all__ = ["REMOVE", "REMOVE_IF_EXISTS", "Removed", "SetDelta", "set_delta"]

T = TypeVar("T")

_MOST_SHOWN = 100


@final
class Sentinel:
    """A marker that stands for itself: there is one object of each name, also after copying and pickling."""

    __slots__ = ("__weakref__", "name")
    __module__ = "hgvalue"

    name: str

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name

    def __reduce__(self) -> str:
        return self.name  # pickle and copy look the name up in the module `hgvalue`


REMOVE: Final = Sentinel("REMOVE")
"""Written in place of a value: removes the key. KeyError if it is not there."""

REMOVE_IF_EXISTS: Final = Sentinel("REMOVE_IF_EXISTS")
"""As REMOVE, but nothing happens if the key is not there."""


@final
class Removed(Generic[T]):
    """Marks an element to remove among those to add, when a set is written from a plain collection."""

    __slots__ = ("__weakref__", "_item")
    __match_args__ = ("item",)
    __module__ = "hgvalue"

    def __init__(self, item: T) -> None:
        self._item = item

    @property
    def item(self) -> T:
        """The element to remove."""
        return self._item

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Removed):
            return bool(self._item == other._item)
        return NotImplemented

    def __hash__(self) -> int:
        return hash((Removed, self._item))

    def __repr__(self) -> str:
        return f"Removed({_short(self._item)})"

    def __reduce__(self) -> tuple[type[Removed[T]], tuple[T]]:
        return Removed, (self._item,)  # old protocols of pickle refuse a class with __slots__ otherwise


@final
class SetDelta(Generic[T]):
    """What was added to a set and what was removed from it."""

    __slots__ = ("__weakref__", "_added", "_removed")
    __match_args__ = ("added", "removed")
    __module__ = "hgvalue"

    def __init__(self, added: Iterable[T] = (), removed: Iterable[T] = ()) -> None:
        self._added = frozenset(added)
        self._removed = frozenset(removed)

    @property
    def added(self) -> frozenset[T]:
        """The elements that were added."""
        return self._added

    @property
    def removed(self) -> frozenset[T]:
        """The elements that were removed."""
        return self._removed

    def __eq__(self, other: object) -> bool:
        if isinstance(other, SetDelta) or type(other).__name__.endswith("SetDelta"):
            # hgraph's own, whose sides may be any collections, or None when empty
            theirs = (getattr(other, side, None) for side in ("added", "removed"))
            return [self._added, self._removed] == [frozenset(side or ()) for side in theirs]
        return NotImplemented

    def __hash__(self) -> int:
        return hash((self._added, self._removed))

    def __bool__(self) -> bool:
        return bool(self._added or self._removed)

    def __reduce__(self) -> tuple[type[SetDelta[T]], tuple[frozenset[T], frozenset[T]]]:
        return SetDelta, (self._added, self._removed)

    def __repr__(self) -> str:
        return f"SetDelta(added={_shown(self._added)}, removed={_shown(self._removed)})"


def _short(o: object) -> str:
    """Return what repr gives, cut if that is long."""
    from hgvalue._hgvalue import short_repr  # the native module imports this one

    return short_repr(o)


def _shown(elements: frozenset[T]) -> str:
    """Return the elements in order; of more than can be shown, the first that there are."""
    shown = sorted(map(_short, islice(elements, _MOST_SHOWN)))
    if len(elements) > _MOST_SHOWN:
        shown.append(f"… {len(elements) - _MOST_SHOWN} more")
    return "{" + ", ".join(shown) + "}"


def set_delta(
    added: Iterable[T] | None = None, removed: Iterable[T] | None = None, tp: type[T] | None = None
) -> SetDelta[T]:
    """Return a :class:`SetDelta`. `tp`, the element type, is accepted as hgraph has it and not needed."""
    return SetDelta(added or (), removed or ())
