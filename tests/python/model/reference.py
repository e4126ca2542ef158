"""The reference model: plain Python time series with the surface of the generated classes, written from the rules.

``reference(type)`` makes a root. Everything below it is in the module of its kind: :mod:`.nodes`, :mod:`.keyed`,
:mod:`.window`; what scalars accept is in :mod:`.scalars`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from .keyed import Removed, SetDelta, TSDNode, TSSNode
from .nodes import MIN_DT, REMOVE, REMOVE_IF_EXISTS, Node, Root, SIGNALNode, TSBNode, TSLNode, TSNode
from .references import REFNode
from .scalars import StructValue
from .types import REF, SIGNAL, TS, TSB, TSD, TSL, TSS, TSW, EnumType, Struct, TimeSeries, parts
from .window import TSWNode

_KINDS: dict[type, Any] = {
    TS: TSNode,
    SIGNAL: SIGNALNode,
    TSB: TSBNode,
    TSL: TSLNode,
    TSS: TSSNode,
    TSD: TSDNode,
    TSW: TSWNode,
    REF: REFNode,
}


def _make(type_: TimeSeries, parent: Node | None) -> Node:
    return _KINDS[type(type_)](type_, parent, _make)  # type: ignore[no-any-return]


def reference(type_: TimeSeries) -> Node:
    """Return a new root of the model, with ``advance`` and ``tick`` on it."""
    kind = _KINDS[type(type_)]
    return type(f"Root{kind.__name__}", (_RootMixin, kind), {})(type_, None, _make)  # type: ignore[no-any-return]


def references(types: Iterable[TimeSeries]) -> list[Node]:
    """Return new roots on one clock."""
    roots = [reference(type_) for type_ in types]
    clock = roots[0]._root
    for root in roots[1:]:
        root._clock = clock  # type: ignore[attr-defined]
        clock.tops.append(root)
    return roots


class _RootMixin(Node):
    def __init__(self, *args: Any) -> None:
        self._clock = Root()
        self._clock.tops.append(self)
        super().__init__(*args)

    def advance(self, at: int | datetime) -> None:
        time = (at - MIN_DT) // timedelta(microseconds=1) if isinstance(at, datetime) else at
        if time <= self._clock.now:
            raise ValueError(f"{time} is not after {self._clock.now}")
        self._end_tick()
        self._clock.now = time
        self._clock.events.begin_tick()
        for top in self._clock.tops:
            for node in list(top._walk()):
                node._begin_tick()

    @contextmanager
    def tick(self, at: int | datetime) -> Iterator[None]:
        self.advance(at)
        try:
            yield
        finally:
            self._end_tick()

    def _end_tick(self) -> None:
        self._clock.events.tell(self._clock.now, "write", "end")


class ModelApi:
    """How values go into the model and come out of it (see :class:`.canonical.Api`)."""

    REMOVE = REMOVE
    REMOVE_IF_EXISTS = REMOVE_IF_EXISTS

    def __init__(self, types: list[Any]) -> None:
        inside = [p for t in types for p in parts(t)]
        self._structs = {p.name: p for p in inside if isinstance(p, Struct)}
        self._enums = {p.name: Enum(p.name, p.members) for p in inside if isinstance(p, EnumType)}  # type: ignore[misc]

    def removed(self, element: Any) -> Removed:
        return Removed(element)

    def set_delta(self, added: frozenset[Any], removed: frozenset[Any]) -> SetDelta:
        return SetDelta(added, removed)

    def is_set_delta(self, value: Any) -> bool:
        return isinstance(value, SetDelta)

    def struct(self, name: str, values: dict[str, Any]) -> StructValue:
        type_ = self._structs[name]
        return StructValue(type_, {field: values[field] for field, _ in type_.fields if field in values})

    def member(self, enum: str, name: str) -> Any:
        return self._enums[enum][name]

    def name(self, cls: type) -> str:
        return cls.__name__
