"""TSW of the reference model, by count and by time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from .nodes import MIN_DT, REMOVE, REMOVE_IF_EXISTS, Node
from .scalars import convert, handed_out, sequence
from .types import TSW, TimeSeries

_MICROSECOND = timedelta(microseconds=1)


class TSWNode(Node):
    _type: TSW

    def __init__(self, type_: TSW, parent: Node | None, make: Callable[[TimeSeries, Node], Node]) -> None:
        super().__init__(type_, parent, make)
        self._content: list[tuple[int, Any]] = []  # (time, element), oldest first
        self._evicted: list[Any] = []  # in this tick
        self._appended: list[Any] = []  # in this tick
        self._dropped = False  # content was dropped after an eviction in this tick

    @property
    def _by_time(self) -> bool:
        return isinstance(self._type.size, timedelta)

    def _begin_tick(self) -> None:
        self._evicted, self._appended, self._dropped = [], [], False
        self._evict()

    def _evict(self) -> None:
        if isinstance(self._type.size, timedelta):
            kept = [c for c in self._content if c[0] >= self._now - self._type.size // _MICROSECOND]
        else:
            kept = self._content[-self._type.size :]
        self._evicted += [element for _, element in self._content[: len(self._content) - len(kept)]]
        self._content = kept

    @property
    def _ready(self) -> bool:
        return self._by_time or len(self._content) >= self._type.minimum  # type: ignore[operator]

    @property
    def size(self) -> int | timedelta:
        return self._type.size

    @property
    def min_size(self) -> int | timedelta:
        return self._type.minimum

    def __len__(self) -> int:
        return len(self._content)

    @property
    def all_valid(self) -> bool:
        if not self._valid or not self._by_time:
            return self._valid and self._ready
        spanned = self._content[-1][0] - self._content[0][0] if self._content else 0
        return spanned * _MICROSECOND >= self._type.minimum  # type: ignore[operator]

    def _value(self) -> Any:
        return sequence(self._type.element, [element for _, element in self._content]) if self._ready else None

    @property
    def value_times(self) -> Any:
        if not self._valid or not self._ready:
            return None
        return np.array([time for time, _ in self._content], dtype="datetime64[us]")

    @property
    def first_modified_time(self) -> datetime | None:
        return MIN_DT + self._content[0][0] * _MICROSECOND if self._content else None

    @property
    def has_removed_value(self) -> bool:
        return bool(self._evicted)

    @property
    def removed_value(self) -> Any:
        return handed_out(self._type.element, self._evicted[-1]) if self._evicted else None

    def _delta(self) -> Any:
        return handed_out(self._type.element, self._appended[-1]) if self._appended else None

    def _newest(self) -> Any:
        """Return what a reference to this shows as its delta when it is bound."""
        return handed_out(self._type.element, self._content[-1][1]) if self._content else None

    def _apply(self, value: Any) -> None:
        if value is REMOVE or value is REMOVE_IF_EXISTS:
            raise TypeError("a removal is not a value")
        element = convert(self._type.element, value)
        self._content.append((self._now, element))
        self._appended.append(element)
        self._evict()
        self._stamp()

    def _drop(self) -> None:
        self._dropped = self._dropped or bool(self._evicted)
        self._content, self._appended, self._evicted = [], [], []

    def open_questions(self) -> set[str]:
        """What was evicted earlier in a tick that also cleared or invalidated the window: whether it is still told."""
        return {"has_removed_value", "removed_value"} if self._dropped else set()

    def _clear(self) -> None:
        self._drop()
        self._stamp()

    def _invalidate(self) -> None:
        super()._invalidate()
        self._drop()
