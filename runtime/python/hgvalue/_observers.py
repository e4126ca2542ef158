"""What observers of time series are told."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from hgvalue import TimeSeries

__all__ = ["Change"]


class Change(NamedTuple):
    """A change of a node in one tick, as a callable observer receives it."""

    at: datetime
    """The time of the tick."""

    path: str
    """Where the node stands, as an expression from its root; of a key, that of its element."""

    node: TimeSeries | None
    """The node as it is now: of a key of a dict its child, of one of a set the set. None when it was removed."""

    kind: Literal["modified", "invalidated", "removed"]
    """modified: it ticked, or the key is there again; invalidated: it or something below it became invalid, and it did
    not tick; removed: the element is gone, or the key."""

    def __eq__(self, other: object) -> bool:
        # A time series refuses to be compared with None, which stands for one that was removed.
        if isinstance(other, tuple) and len(other) == 4 and (self.node is None) != (other[2] is None):
            return False
        return tuple.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return tuple.__hash__(self)


Change.__module__ = "hgvalue"
