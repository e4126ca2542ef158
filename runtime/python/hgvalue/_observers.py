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


Change.__module__ = "hgvalue"
