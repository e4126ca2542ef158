"""The nodes of the reference model: what all kinds share, and TS, TSB and TSL.

Written from the rules alone, to be read beside them; nothing here is meant to be fast. A write that fails is undone by
putting back a copy of the whole tree, and every tick visits every node.
"""

from __future__ import annotations

import copy
import operator
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from .observers import Events, Observable
from .scalars import convert, handed_out
from .types import TS, TSB, TSL, TimeSeries

MIN_DT = datetime(1970, 1, 1)


class Sentinel:
    def __init__(self, name: str) -> None:
        self._name = name

    def __repr__(self) -> str:
        return self._name


REMOVE = Sentinel("REMOVE")
REMOVE_IF_EXISTS = Sentinel("REMOVE_IF_EXISTS")


class Stale(RuntimeError):
    """A node that is no longer part of its root was written to."""


class Node(Observable):
    """A time series: when it was written last, and whether it is valid. 0 stands for never."""

    def __init__(self, type_: Any, parent: Node | None, make: Callable[[TimeSeries, Node], Node]) -> None:
        self._type, self._parent, self._make = type_, parent, make
        self._time = 0  # last_modified_time
        self._written = 0  # when it was written last, even if it was invalidated afterwards
        self._valid = False
        self._ever_valid = False
        self._attached = True
        self._referrers: list[Any] = []  # references that refer to this node, or did once
        self._subscriptions = []

    # -- the tree

    @property
    def _root(self) -> Root:
        node = self
        while node._parent is not None:
            node = node._parent
        return node._clock  # type: ignore[attr-defined, no-any-return]

    @property
    def _now(self) -> int:
        return self._root.now

    def _children(self) -> list[Node]:
        """Return all nodes right below this one, those removed in this tick among them."""
        return []

    def _walk(self) -> Iterator[Node]:
        yield self
        for child in self._children():
            yield from child._walk()

    def _begin_tick(self) -> None:
        """Forget what was recorded of the last tick."""

    def _detach(self) -> None:
        gone = [node for node in self._walk() if node._attached]
        emptied = [r for node in gone for r in node._referrers if r._target is node and r._attached and r.valid]
        for node in gone:
            node._attached = False
            node._happens("gone")
        for reference in emptied:
            reference._heard()

    # -- reading

    @property
    def modified(self) -> bool:
        return self._valid and self._time == self._now

    @property
    def valid(self) -> bool:
        return self._valid

    @property
    def all_valid(self) -> bool:
        return self._valid

    @property
    def last_modified_time(self) -> datetime:
        return MIN_DT + timedelta(microseconds=self._time)

    @property
    def value(self) -> Any:
        return self._value() if self._valid else None

    @value.setter
    def value(self, value: Any) -> None:
        if value is None:
            self.invalidate()
        else:
            self.apply_result(value)

    @property
    def delta_value(self) -> Any:
        return self._delta() if self.modified else None

    def _value(self) -> Any:
        raise NotImplementedError

    def _delta(self) -> Any:
        raise NotImplementedError

    # -- writing

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Undo everything if the write fails; refuse it if the time for writing has not come or has passed."""
        clock = self._root
        if not clock.now:
            raise RuntimeError("nothing can be written before the first tick")
        if not self._attached:
            raise Stale("removed")
        # References in other roots tick with what is written here.
        saved = [(node, {k: _copy(v) for k, v in vars(node).items()}) for top in clock.tops for node in top._walk()]
        try:
            yield
        except BaseException:
            for node, state in saved:
                vars(node).clear()
                vars(node).update(state)
            clock.events.happened = []
            raise
        clock.events.deliver(clock.now)

    def apply_result(self, value: Any) -> None:
        if value is not None:
            with self._writing():
                self._apply(value)

    def invalidate(self) -> None:
        with self._writing():
            self._invalidate()

    def clear(self) -> None:
        with self._writing():
            self._clear()

    def mark_modified(self) -> None:
        with self._writing():
            self._stamp()

    def _stamp(self) -> None:
        """A write: this node and all above it are modified and valid."""
        node: Node | None = self
        while node is not None:
            again = node.modified and node._written == self._now
            node._time = node._written = self._now
            node._valid = node._ever_valid = True
            # References tick with their target, and that is once a tick.
            for reference in [] if again else list(node._referrers):
                reference._follow(node)
            node = node._parent
        self._happens("changed")

    def _heard(self) -> None:
        """A change that is no tick: observers hear of it, here and above, and those of references to that, too."""
        self._happens("changed")
        node: Node | None = self
        while node is not None:
            for reference in node._referrers:
                if reference._target is node and reference._attached:
                    reference._heard()
            node = node._parent

    def _invalidate(self) -> None:
        """Parents stay as they are; what else is invalid is the business of each kind."""
        if self._valid:
            self._heard()
        self._time, self._valid = 0, False

    def _apply(self, value: Any) -> None:
        raise NotImplementedError

    def _clear(self) -> None:
        raise NotImplementedError


def _copy(value: Any) -> Any:
    return copy.copy(value) if isinstance(value, (dict, list, set)) else value


class Root:
    """The clock of a root: the current time in µs since 1970, 0 before the first tick."""

    def __init__(self) -> None:
        self.now = 0
        self.tops: list[Node] = []  # the roots on it
        self.events = Events()


class TSNode(Node):
    _type: TS
    _stored: Any = None

    def _value(self) -> Any:
        return handed_out(self._type.value, self._stored)

    _delta = _value

    def _apply(self, value: Any) -> None:
        if value is REMOVE or value is REMOVE_IF_EXISTS:
            raise TypeError("a removal is not a value")
        self._stored = convert(self._type.value, value)
        self._stamp()

    def _clear(self) -> None:
        """There is nothing to clear in a scalar."""


class SIGNALNode(Node):
    """Only that it ticked; what is written does not matter."""

    def _value(self) -> bool:
        return True

    _delta = _value

    def _apply(self, value: Any) -> None:
        self._stamp()

    def _clear(self) -> None:
        """There is nothing to clear."""


class Positional(Node):
    """What TSB and TSL share: children that are there from the start, or in an order."""

    _nodes: list[Node]

    def _children(self) -> list[Node]:
        return list(self._nodes)

    def _names(self) -> list[Any]:
        """Return the keys of the children, in order."""
        return list(range(len(self._nodes)))

    def _at(self, index: Any) -> Node:
        position = operator.index(index)
        if not -len(self._nodes) <= position < len(self._nodes):
            raise IndexError(f"index {position} is out of range")
        return self._nodes[position]

    def __getitem__(self, key: Any) -> Node:
        return self._at(key)

    def keys(self) -> list[Any]:
        return self._names()

    def modified_keys(self) -> list[Any]:
        return [k for k, n in zip(self._names(), self._nodes, strict=True) if n.modified]

    def valid_keys(self) -> list[Any]:
        return [k for k, n in zip(self._names(), self._nodes, strict=True) if n.valid]

    @property
    def all_valid(self) -> bool:
        return self._valid and all(n.valid for n in self._nodes)

    def _delta(self) -> dict[Any, Any]:
        # A cleared window ticks but has no delta of its own, so it is not in that of its parent.
        deltas = zip(self._names(), (n.delta_value for n in self._nodes), strict=True)
        return {k: d for k, d in deltas if d is not None}

    def _invalidate(self) -> None:
        if self._valid:
            for node in self._nodes:
                node._invalidate()
        super()._invalidate()

    def _clear(self) -> None:
        for node in self._nodes:
            node._clear()


class TSBNode(Positional):
    _type: TSB

    def __init__(self, type_: TSB, parent: Node | None, make: Callable[[TimeSeries, Node], Node]) -> None:
        super().__init__(type_, parent, make)
        self._nodes = [make(t, self) for _, t in type_.fields]

    def _names(self) -> list[str]:
        return [name for name, _ in self._type.fields]

    def __getitem__(self, key: Any) -> Node:
        if not isinstance(key, str):
            return self._at(key)
        if key not in self._names():
            raise KeyError(key)
        return self._nodes[self._names().index(key)]

    def _value(self) -> dict[str, Any]:
        values = zip(self._names(), (n.value for n in self._nodes), strict=True)
        return {k: v for k, v in values if v is not None}

    def _apply(self, value: Any) -> None:
        if not isinstance(value, Mapping):
            raise TypeError("expected a dict")
        for name, item in value.items():
            if not isinstance(name, str):
                raise TypeError("expected the name of a field")
            node = self[name]
            if item is not None:
                node._apply(item)


class TSLNode(Positional):
    _type: TSL

    def __init__(self, type_: TSL, parent: Node | None, make: Callable[[TimeSeries, Node], Node]) -> None:
        super().__init__(type_, parent, make)
        self._nodes = [make(type_.child, self) for _ in range(type_.size or 0)]
        self._start: list[Node] = []  # of a dynamic list: the elements at the start of the tick

    @property
    def _dynamic(self) -> bool:
        return self._type.size is None

    def _children(self) -> list[Node]:
        return [*self._nodes, *(n for n in self._start if n not in self._nodes)]

    def _begin_tick(self) -> None:
        if self._dynamic:
            self._start = list(self._nodes)

    def __len__(self) -> int:
        return len(self._nodes)

    def _value(self) -> tuple[Any, ...]:
        return tuple(n.value for n in self._nodes)

    def _delta(self) -> dict[int, Any]:
        dropped = {i: REMOVE for i, n in enumerate(self._start) if i >= len(self._nodes) and n._ever_valid}
        return super()._delta() | dropped

    def _apply(self, value: Any) -> None:
        if isinstance(value, Mapping):
            self._apply_dict(value)
        elif isinstance(value, (tuple, list)):
            self._apply_sequence(value)
        else:
            raise TypeError("expected a tuple, a list or a dict")

    def _apply_sequence(self, values: tuple[Any, ...] | list[Any]) -> None:
        if self._dynamic:
            if len(values) > len(self._nodes):
                self._resize(len(values))
            elif not self._valid:
                self._stamp()
        elif len(values) != len(self._nodes):
            raise ValueError(f"expected {len(self._nodes)} elements, not {len(values)}")
        for node, item in zip(self._nodes, values, strict=False):
            if item is not None:
                node._apply(item)

    def _apply_dict(self, values: Mapping[Any, Any]) -> None:
        gone = [operator.index(k) for k, item in values.items() if item is REMOVE] if self._dynamic else []
        for key, item in values.items():
            index = operator.index(key)
            if item is REMOVE and self._dynamic:
                continue
            if self._dynamic and index == len(self._nodes):
                if item is None:
                    continue
                self._resize(index + 1)
            node = self._at(index)
            if item is not None:
                node._apply(item)
        if gone:
            rest = len(self._nodes) - len(gone)
            if sorted(gone) != list(range(rest, len(self._nodes))):
                raise ValueError("only elements at the end can be removed")
            self._resize(rest)

    def append(self, value: Any) -> None:
        with self._writing():
            self._resize(len(self._nodes) + 1)
            if value is not None:
                self._nodes[-1]._apply(value)

    def resize(self, size: int) -> None:
        with self._writing():
            self._resize(size)

    def _resize(self, size: int) -> None:
        if size < 0:
            raise ValueError("a size cannot be negative")
        if size != len(self._nodes):
            self._happens("structure")
        for node in self._nodes[size:]:
            node._detach()
        added = [self._make(self._type.child, self) for _ in range(size - len(self._nodes))]
        self._nodes = self._nodes[:size] + added
        self._stamp()

    def _clear(self) -> None:
        if self._dynamic:
            self._resize(0)
        else:
            super()._clear()
