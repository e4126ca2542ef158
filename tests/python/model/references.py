"""REF of the reference model: a node that reads as another, and that ticks with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from .keyed import SetDelta
from .nodes import MIN_DT, REMOVE, Node, Root
from .scalars import identity
from .types import REF, TSB, TSD, TSL, TSS, TSW, TimeSeries, read_as


class Through:
    """What is read of a node through a reference, which came to refer to it, or to what is above it, at ``since``.

    If that is now, all that is valid counts as modified, and ``before`` is what was read there when the tick began.
    """

    def __init__(self, node: Node, since: int, now: int, before: Any, top: bool = True) -> None:
        self._node, self._since, self._now, self._before, self._top = node, since, now, before, top

    @property
    def _sampled(self) -> bool:
        return self._since == self._now

    def __getattr__(self, name: str) -> Any:
        return getattr(self._node, name)

    def __len__(self) -> int:
        return len(self._node)  # type: ignore[arg-type]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._node)  # type: ignore[call-overload, no-any-return]

    def __getitem__(self, key: Any) -> Through:
        top = self._top and isinstance(self._node._type, TSB)
        return Through(self._node[key], self._since, self._now, self._child_before(key), top)  # type: ignore[index]

    def _child_before(self, key: Any) -> Any:
        """Return what was in the place of a child: of a dict, when the tick began."""
        before = self._before
        if before is None:
            return None
        match before._type:
            case TSD():
                child = before._start.get(identity(before._convert(key)))
            case TSL():
                child = before[key] if -len(before) <= key < len(before) else None
            case _:
                child = before[key]
        return child if child is not None and child.valid else None

    @property
    def modified(self) -> bool:
        return self._node.valid and (self._sampled or self._node._time == self._now)

    @property
    def last_modified_time(self) -> datetime:
        return MIN_DT + timedelta(microseconds=max(self._node._time, self._since) if self._node.valid else 0)

    @property
    def delta_value(self) -> Any:
        return self._delta() if self.modified else None

    def _delta(self) -> Any:
        if not self._sampled:
            return self._node.delta_value
        if not self._node.valid and self._before is None:
            return None
        match self._node._type:
            case TSB():
                return {} if self._top else self._children_deltas()
            case TSL():
                rest = range(len(self), 0 if self._before is None else len(self._before))
                return self._children_deltas() | {i: REMOVE for i in rest if self._before[i].valid}
            case TSW():
                return self._node._newest()  # type: ignore[attr-defined]
            case TSS():
                return SetDelta(self.added(), self.removed())
            case TSD():
                gone = self.removed_items()
                return self._children_deltas() | {key: REMOVE for key, child in gone if child.valid}
        return self._node.value

    def _children_deltas(self) -> dict[Any, Any]:
        deltas = {key: self[key]._delta() for key in self._node.valid_keys()}  # type: ignore[attr-defined]
        return {key: delta for key, delta in deltas.items() if delta is not None}

    def modified_keys(self) -> list[Any]:
        return self._node.valid_keys() if self._sampled else self._node.modified_keys()  # type: ignore[attr-defined, no-any-return]

    def _content_before(self) -> dict[Any, Any]:
        """Return what a set or dict in this place had when the tick began, by identity."""
        return {} if self._before is None else self._before._start  # type: ignore[no-any-return]

    def added_keys(self) -> list[Any]:
        if not self._sampled:
            return self._node.added_keys()  # type: ignore[attr-defined, no-any-return]
        return self._node._out(k for k in self._node._nodes if k not in self._content_before())  # type: ignore[attr-defined, no-any-return]

    def removed_keys(self) -> list[Any]:
        return [key for key, _ in self.removed_items()]

    def removed_items(self) -> list[tuple[Any, Any]]:
        if not self._sampled:
            return self._node.removed_items()  # type: ignore[attr-defined, no-any-return]
        gone = {k: n for k, n in self._content_before().items() if k not in self._node._nodes}  # type: ignore[attr-defined]
        return list(zip(self._before._out(gone), gone.values(), strict=True)) if gone else []

    def added(self) -> frozenset[Any]:
        if not self._sampled:
            return self._node.added()  # type: ignore[attr-defined, no-any-return]
        return self._node._out(v for k, v in self._node._elements.items() if k not in self._content_before())  # type: ignore[attr-defined, no-any-return]

    def removed(self) -> frozenset[Any]:
        if not self._sampled:
            return self._node.removed()  # type: ignore[attr-defined, no-any-return]
        return self._node._out(v for k, v in self._content_before().items() if k not in self._node._elements)  # type: ignore[attr-defined, no-any-return]

    @property
    def key_set(self) -> KeysThrough:
        return KeysThrough(self)


class KeysThrough:
    """The key_set of a dict that is read through a reference."""

    def __init__(self, owner: Through) -> None:
        self._owner, self._keys = owner, owner._node.key_set  # type: ignore[attr-defined]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._keys, name)

    def __len__(self) -> int:
        return len(self._keys)

    @property
    def modified(self) -> bool:
        if self._owner._sampled:
            return bool(self._keys.valid or self.removed())
        return bool(self._keys.modified)

    @property
    def delta_value(self) -> Any:
        return SetDelta(self.added(), self.removed()) if self.modified else None

    @property
    def last_modified_time(self) -> datetime:
        since = MIN_DT + timedelta(microseconds=self._owner._since)
        return max(since, self._keys.last_modified_time) if self._keys.valid else MIN_DT

    def added(self) -> frozenset[Any]:
        return frozenset(self._owner.added_keys())

    def removed(self) -> frozenset[Any]:
        return frozenset(self._owner.removed_keys())


class REFNode(Node):
    _type: REF

    def __init__(self, type_: REF, parent: Node | None, make: Callable[[TimeSeries, Node | None], Node]) -> None:
        super().__init__(type_, parent, make)  # type: ignore[arg-type]
        self._target: Node | None = None
        self._previous: Node | None = None  # when the tick `_bound` began
        self._bound = self._gone = 0
        self._empty = make(read_as(type_.target), None)
        self._empty._clock = Root()  # type: ignore[attr-defined]

    def _living(self, node: Node | None) -> Node | None:
        return node if node is not None and node._attached else None

    def _seen(self) -> Through:
        node = self._living(self._target)
        since, before = self._bound, None
        if isinstance(node, REFNode):
            inner = node._seen()
            node, since, before = inner._node, max(since, inner._since), inner._before
        if self._bound == self._now:
            before = self._living(self._previous)
            before = before._seen()._node if isinstance(before, REFNode) else before
            before = before if before is not None and before.valid else None
        return Through(self._empty if node is None else node, since, self._now, before)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._seen(), name)

    def __len__(self) -> int:
        return len(self._seen())

    def __iter__(self) -> Iterator[Any]:
        return iter(self._seen())

    def __getitem__(self, key: Any) -> Through:
        return self._seen()[key]

    @property
    def valid(self) -> bool:
        return self._seen().valid  # type: ignore[no-any-return]

    @property
    def all_valid(self) -> bool:
        return self._seen().all_valid  # type: ignore[no-any-return]

    @property
    def modified(self) -> bool:
        return self._seen().modified or 0 < self._gone == self._now

    @property
    def last_modified_time(self) -> datetime:
        return self._seen().last_modified_time

    def _value(self) -> Any:
        return self._seen().value

    @property
    def value(self) -> Any:
        return self._value()

    @value.setter
    def value(self, value: Any) -> None:
        if value is None:
            self.clear()
        else:
            self.apply_result(value)

    @property
    def delta_value(self) -> Any:
        return self._seen()._delta() if self.modified else None

    @property
    def is_valid(self) -> bool:
        return self.valid

    @property
    def is_empty(self) -> bool:
        return self._living(self._target) is None

    @property
    def target(self) -> Node | None:
        return self._living(self._target)

    def bind(self, target: Node | None) -> None:
        if target is None:
            self.clear()
            return
        with self._writing():
            if target._root is not self._root:
                raise ValueError("another clock")
            if target is not self._target:
                self._exchange(target)

    def _exchange(self, target: Node | None) -> None:
        self._let_go(target)
        if target is not None:
            target._referrers.append(self)
            if target.valid:
                self._stamp()
                return
        if isinstance(self._empty._type, (TSS, TSD)) and self._seen()._content_before():
            self._gone = self._written = self._now
            self._heard()
            if self._parent is not None:
                self._parent._stamp()

    def _let_go(self, target: Node | None) -> None:
        if self.valid:
            self._heard()
        if self._bound != self._now:
            self._previous, self._bound = self._target, self._now
        self._target = target

    def _follow(self, target: Node) -> None:
        if self._target is target and self._attached:
            self._stamp()

    def _clear(self) -> None:
        if self._living(self._target) is not None:
            self._exchange(None)

    def _apply(self, value: Any) -> None:
        """A reference is written by naming what it is to refer to."""
        if not isinstance(value, Node) or value._type != self._type.target:
            raise TypeError(f"expected a {self._type.target}")
        if value._root is not self._root:
            raise ValueError("another clock")
        if value is not self._target:
            self._exchange(value)

    def invalidate(self) -> None:
        self.clear()

    def _invalidate(self) -> None:
        """What is above it is invalidated: then a reference lets go of its target, and does not tick."""
        if self._living(self._target) is not None:
            self._let_go(None)
