"""TSS and TSD of the reference model: what was added and removed is the difference from the start of the tick."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from .nodes import MIN_DT, REMOVE, REMOVE_IF_EXISTS, Node
from .scalars import convert, handed_out, identity
from .types import TSD, TSS, TimeSeries


class Removed:
    def __init__(self, element: Any) -> None:
        self.element = element


class SetDelta:
    def __init__(self, added: frozenset[Any], removed: frozenset[Any]) -> None:
        self.added, self.removed = added, removed


class TSSNode(Node):
    _type: TSS

    def __init__(self, type_: TSS, parent: Node | None, make: Callable[[TimeSeries, Node], Node]) -> None:
        super().__init__(type_, parent, make)
        self._elements: dict[Hashable, Any] = {}
        self._start: dict[Hashable, Any] = {}

    def _begin_tick(self) -> None:
        self._start = dict(self._elements)

    def _convert(self, element: Any) -> Any:
        return convert(self._type.element, element)

    def _out(self, elements: Any) -> frozenset[Any]:
        return frozenset(handed_out(self._type.element, e) for e in elements)

    def __len__(self) -> int:
        return len(self._elements)

    def __contains__(self, element: Any) -> bool:
        return identity(self._convert(element)) in self._elements

    def values(self) -> frozenset[Any]:
        return self._out(self._elements.values())

    def added(self) -> frozenset[Any]:
        return self._out(v for k, v in self._elements.items() if k not in self._start)

    def removed(self) -> frozenset[Any]:
        return self._out(v for k, v in self._start.items() if k not in self._elements)

    def open_questions(self) -> set[str]:
        """What an invalidation dropped: whether it is listed as removed until the tick ends."""
        return set() if self._valid or not self._start else {"added", "removed"}

    _value = values

    def _delta(self) -> SetDelta:
        return SetDelta(self.added(), self.removed())

    def add(self, element: Any) -> None:
        with self._writing():
            self._add(self._convert(element))

    def remove(self, element: Any) -> None:
        with self._writing():
            self._remove(self._convert(element))

    def _add(self, element: Any) -> None:
        if identity(element) not in self._elements:
            self._elements[identity(element)] = element
            self._moved(identity(element))
            self._stamp()

    def _remove(self, element: Any) -> None:
        if self._elements.pop(identity(element), self) is not self:
            self._moved(identity(element))
            self._stamp()

    def _moved(self, *elements: Hashable) -> None:
        for element in elements:
            self._happens("structure")
            self._happens("key", element)

    def subscribe_key(self, key: Any, observer: Any, when: str = "end") -> None:
        slot = identity(self._convert(key))
        self._subscribe(observer, "key", when, slot, slot in self._elements)

    def unsubscribe_key(self, key: Any, observer: Any) -> bool:
        slot = identity(self._convert(key))
        return self._unsubscribe(lambda s: s.scope == "key" and s.key == slot and s.observer == observer)

    def _apply(self, value: Any) -> None:
        added, removed = self._changes(value)
        if {*map(identity, added)} & {*map(identity, removed)}:
            raise ValueError("an element is both added and removed")
        for element in removed:
            self._remove(element)
        for element in added:
            self._add(element)
        if not self._valid:
            self._stamp()

    def _changes(self, value: Any) -> tuple[list[Any], list[Any]]:
        match value:
            case SetDelta():
                return [*map(self._convert, value.added)], [*map(self._convert, value.removed)]
            case frozenset():
                whole = [*map(self._convert, value)]
                kept = {*map(identity, whole)}
                return whole, [v for k, v in self._elements.items() if k not in kept]
            case set() | list() | tuple():
                removed = [self._convert(v.element) for v in value if isinstance(v, Removed)]
                return [self._convert(v) for v in value if not isinstance(v, Removed)], removed
        raise TypeError("expected a set")

    def _clear(self) -> None:
        self._moved(*self._elements)
        self._elements = {}
        self._stamp()

    def _invalidate(self) -> None:
        super()._invalidate()
        self._moved(*self._elements)
        self._elements = {}


class KeySet:
    """The keys of a dict as a set. It has times of its own, and stays valid when the dict is invalidated."""

    def __init__(self, owner: TSDNode) -> None:
        self._owner = owner

    valid = property(lambda self: self._owner._keys_time > 0)
    all_valid = valid
    modified = property(lambda self: self._owner._keys_time == self._owner._now > 0)
    last_modified_time = property(lambda self: MIN_DT + timedelta(microseconds=self._owner._keys_time))
    value = property(lambda self: self.values() if self.valid else None)
    delta_value = property(lambda self: SetDelta(self.added(), self.removed()) if self.modified else None)

    def __len__(self) -> int:
        return len(self._owner)

    def values(self) -> frozenset[Any]:
        return frozenset(self._owner.keys())

    def added(self) -> frozenset[Any]:
        return frozenset(self._owner.added_keys())

    def removed(self) -> frozenset[Any]:
        return frozenset(self._owner.removed_keys())

    def subscribe(self, observer: Any, when: str = "end") -> None:
        self._owner._subscribe(observer, "keys", when)

    def unsubscribe(self, observer: Any) -> bool:
        return self._owner._unsubscribe(lambda s: s.scope == "keys" and s.observer == observer)

    @property
    def has_observers(self) -> bool:
        return any(s.scope == "keys" for s in self._owner._subscriptions)


class TSDNode(Node):
    _type: TSD

    def __init__(self, type_: TSD, parent: Node | None, make: Callable[[TimeSeries, Node], Node]) -> None:
        super().__init__(type_, parent, make)
        self._nodes: dict[Hashable, Node] = {}
        self._start: dict[Hashable, Node] = {}
        self._key_values: dict[Hashable, Any] = {}  # of the present and of the removed
        self._keys_time = 0

    def _begin_tick(self) -> None:
        self._start = dict(self._nodes)
        self._key_values = {k: v for k, v in self._key_values.items() if k in self._nodes}

    def _children(self) -> list[Node]:
        return [*self._nodes.values(), *self._removed().values()]

    def _removed(self) -> dict[Hashable, Node]:
        """Return what the tick began with and is gone now; what came and went within the tick is in neither."""
        return {k: n for k, n in self._start.items() if k not in self._nodes}

    def _convert(self, key: Any) -> Any:
        return convert(self._type.key, key)

    def _out(self, keys: Any) -> list[Any]:
        return [handed_out(self._type.key, self._key_values[k]) for k in keys]

    def __len__(self) -> int:
        return len(self._nodes)

    def __contains__(self, key: Any) -> bool:
        return identity(self._convert(key)) in self._nodes

    def __iter__(self) -> Iterator[Any]:
        return iter(self.keys())

    def __getitem__(self, key: Any) -> Node:
        return self._nodes[identity(self._convert(key))]

    def get(self, key: Any, default: Any = None) -> Any:
        return self._nodes.get(identity(self._convert(key)), default)

    def keys(self) -> list[Any]:
        return self._out(self._nodes)

    def added_keys(self) -> list[Any]:
        return self._out(k for k in self._nodes if k not in self._start)

    def removed_keys(self) -> list[Any]:
        return self._out(self._removed())

    def removed_items(self) -> list[tuple[Any, Node]]:
        return list(zip(self.removed_keys(), self._removed().values(), strict=True))

    def modified_keys(self) -> list[Any]:
        return self._out(k for k, n in self._nodes.items() if n._written == self._now > 0)

    def valid_keys(self) -> list[Any]:
        return self._out(k for k, n in self._nodes.items() if n.valid)

    @property
    def key_set(self) -> KeySet:
        return KeySet(self)

    @property
    def all_valid(self) -> bool:
        return self._valid and all(n.valid for n in self._nodes.values())

    def _value(self) -> dict[Any, Any]:
        return dict(zip(self.keys(), (n.value for n in self._nodes.values()), strict=True))

    def _delta(self) -> dict[Any, Any]:
        deltas = zip(self.keys(), (n.delta_value for n in self._nodes.values()), strict=True)
        removed = {k: REMOVE for k, n in self.removed_items() if n._ever_valid}
        return {k: d for k, d in deltas if d is not None} | removed

    def get_or_create(self, key: Any) -> Node:
        with self._writing():
            return self._get_or_create(self._convert(key))

    def __delitem__(self, key: Any) -> None:
        with self._writing():
            self._remove(self._convert(key))

    def pop(self, key: Any, default: Any = None) -> Any:
        with self._writing():
            key = self._convert(key)
            if identity(key) not in self._nodes:
                return default
            last = self._nodes[identity(key)].value
            self._remove(key)
            return last

    def _get_or_create(self, key: Any) -> Node:
        slot = identity(key)
        if slot not in self._nodes:
            self._nodes[slot] = self._make(self._type.child, self)
            self._key_values.setdefault(slot, key)
            self._moved(slot)
            self._stamp()
        return self._nodes[slot]

    def _remove(self, key: Any) -> None:
        slot = identity(key)
        if slot not in self._nodes:
            raise KeyError(key)
        self._nodes.pop(slot)._detach()
        self._moved(slot)
        self._stamp()

    def _moved(self, slot: Hashable) -> None:
        self._keys_time = self._now
        self._happens("structure")
        self._happens("key_set")
        self._happens("key", slot)

    def subscribe_key(self, key: Any, observer: Any, when: str = "end") -> None:
        slot = identity(self._convert(key))
        self._subscribe(observer, "key", when, slot, slot in self._nodes)

    def unsubscribe_key(self, key: Any, observer: Any) -> bool:
        slot = identity(self._convert(key))
        return self._unsubscribe(lambda s: s.scope == "key" and s.key == slot and s.observer == observer)

    def _apply(self, value: Any) -> None:
        if not isinstance(value, Mapping):
            raise TypeError("expected a dict")
        if not value and not self._valid:
            self._first_time()
            self._stamp()
        items = [(self._convert(key), item) for key, item in value.items()]
        named = [identity(key) for key, item in items if item is not None]
        if len(set(named)) < len(named):
            raise ValueError("two keys of the dict are the same key here")
        for key, item in items:
            if item is REMOVE or (item is REMOVE_IF_EXISTS and identity(key) in self._nodes):
                self._remove(key)
            elif item is not None and item is not REMOVE_IF_EXISTS:
                self._get_or_create(key)._apply(item)

    def _first_time(self) -> None:
        """The key_set ticks on the first empty write, or the first clear, though no key came or went.

        It stays valid when the dict is invalidated, so what comes after that is no first time.
        """
        if not self._keys_time:
            self._keys_time = self._now
            self._happens("key_set")

    def _clear(self) -> None:
        self._first_time()
        for slot in list(self._nodes):
            self._remove(self._key_values[slot])
        self._stamp()

    def _invalidate(self) -> None:
        if self._valid:
            for node in self._nodes.values():
                node._invalidate()
        super()._invalidate()
