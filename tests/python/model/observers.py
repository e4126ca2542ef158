"""Observers of the reference model: who is told what, when, and in which order; written from the rules alone.

Nodes say what happens to them while a call runs (:class:`Events`). When the outermost call of a tick's work returns,
what happened is handed to the subscriptions that it concerns; those of the moment "write" are told then, the others
when the tick ends. A call that fails leaves no trace.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple


class Change(NamedTuple):
    """What an observer is told; ``node`` is None of what was removed."""

    at: datetime
    node: Any
    kind: str


@dataclass(eq=False)
class Subscription:
    """``scope`` is node, elements, structure, keys (of a key_set) or key; ``key`` is then that of the element."""

    owner: Any
    scope: str
    when: str
    observer: Callable[[Any], None]
    order: int
    key: Hashable = None
    present: bool = False  # of a key: whether it was there when this was told last
    told: int = 0
    waiting: bool = False
    removed: bool = False
    rank: tuple[int, int] = (0, 0)  # minus the depth, and the call in which the node changed first


class Told(NamedTuple):
    """A line of the order in which observers are called: those of one rank may come in any order, but for one node."""

    rank: tuple[int, int]
    place: Hashable
    observer: Callable[[Any], None]


@dataclass
class Events:
    """What the clock knows of changes and subscriptions; ``call`` counts the outermost calls of a tick."""

    happened: list[tuple[Any, ...]] = field(default_factory=list)
    waiting: list[Subscription] = field(default_factory=list)
    first: dict[Hashable, int] = field(default_factory=dict)
    told: list[Told] = field(default_factory=list)
    call: int = 0
    subscriptions: int = 0

    def begin_tick(self) -> None:
        self.first, self.call = {}, 0

    # -- what happened in a call that succeeded

    def deliver(self, now: int) -> None:
        """Find out whom the events of the call that ends concern, and tell those who are told at once."""
        self.call += 1
        for what, node, *rest in self.happened:
            getattr(self, f"_{what}")(node, now, *rest)
        self.happened = []
        self.tell(now, "write")

    def _concerns(self, s: Subscription, now: int, anyway: bool = False) -> None:
        if s.waiting or (s.told == now and not anyway):
            return
        s.waiting = True
        place = _place(s.owner, s.key if s.scope == "key" else None)
        s.rank = (-_depth(s), self.first.setdefault(place, self.call))
        self.waiting.append(s)

    def _changed(self, node: Any, now: int, below: Any = None) -> None:
        while node is not None:
            if below is not None:
                self._each(node, ("key",), now, lambda s, at=node, child=below: at._nodes.get(s.key) is child)
            self._each(node, ("node", *(["elements"] if below is not None else [])), now)
            below, node = node, node._parent

    def _structure(self, node: Any, now: int) -> None:
        """Elements came or went."""
        self._each(node, ("structure", "elements"), now)

    def _key_set(self, node: Any, now: int) -> None:
        """The key_set of a dict ticked, which is a change of its structure even if no key came or went."""
        self._each(node, ("keys", "structure"), now)

    def _key(self, node: Any, now: int, key: Hashable) -> None:
        """An element came or went."""
        self._each(node, ("key",), now, lambda s: s.key == key, anyway=True)

    def _gone(self, node: Any, now: int) -> None:
        """A node was removed: all that anyone subscribed to at it ends."""
        for s in node._subscriptions:
            s.removed = True
            self._concerns(s, now, anyway=True)
        node._subscriptions = []

    def _each(
        self,
        node: Any,
        scopes: tuple[str, ...],
        now: int,
        concerned: Callable[[Subscription], bool] = lambda s: True,
        anyway: bool = False,
    ) -> None:
        for s in node._subscriptions:
            if s.scope in scopes and concerned(s):
                self._concerns(s, now, anyway)

    # -- telling

    def tell(self, now: int, *moments: str) -> None:
        """Tell those who wait for these moments: deeper nodes first, then in the order in which the nodes changed."""
        due = [s for s in self.waiting if s.when in moments]
        self.waiting = [s for s in self.waiting if s.when not in moments]
        for s in sorted(due, key=lambda s: (s.rank, s.order)):
            s.waiting = False
            change = self._change(s, now)
            if change is not None:
                s.told = now
                self.told.append(Told(s.rank, _place(s.owner, s.key if s.scope == "key" else None), s.observer))
                s.observer(change)

    def _change(self, s: Subscription, now: int) -> Change | None:
        if s.removed:
            s.removed = False
            return Change(_time(now), None, "removed")
        if s.scope == "key":
            return self._change_of_key(s, now)
        if s.told == now or s not in s.owner._subscriptions:
            return None
        node = s.owner.key_set if s.scope == "keys" else s.owner
        return Change(_time(now), node, "modified" if node.modified else "invalidated")

    def _change_of_key(self, s: Subscription, now: int) -> Change | None:
        """Coming and going is told each time, a change of what stays once a tick; elements of a set do not change."""
        if s not in s.owner._subscriptions:
            return None
        is_set = not hasattr(s.owner, "_nodes")
        there = s.key in (s.owner._elements if is_set else s.owner._nodes)
        moved, s.present = there != s.present, there
        if not moved and (is_set or not there or s.told == now):
            return None
        if not there:
            return Change(_time(now), None, "removed")
        node = s.owner if is_set else s.owner._nodes[s.key]
        return Change(_time(now), node, "modified" if moved or node.modified else "invalidated")


def _time(now: int) -> datetime:
    return datetime(1970, 1, 1) + timedelta(microseconds=now)


def _place(node: Any, key: Hashable = None) -> Hashable:
    """Return what counts as one node for the order: an element is known by its key."""
    if key is not None:
        return (id(node), key)
    above = node._parent
    if above is not None and hasattr(above, "_key_values"):
        for slot, child in [*above._nodes.items(), *above._start.items()]:
            if child is node:
                return (id(above), slot)
    return id(node)


def _depth(s: Subscription) -> int:
    depth, node = (1 if s.scope == "key" else 0), s.owner
    while node._parent is not None:
        depth, node = depth + 1, node._parent
    return depth


class Observable:
    """What a node has for observers."""

    _subscriptions: list[Subscription]
    _parent: Any
    _attached: bool

    def _happens(self, what: str, *rest: Any) -> None:
        self._root.events.happened.append((what, self, *rest))  # type: ignore[attr-defined]

    def _subscribe(self, observer: Any, scope: str, when: str, key: Hashable = None, present: bool = False) -> None:
        for s in self._subscriptions:
            if (s.observer, s.scope, s.when, s.key) == (observer, scope, when, key):
                return
        events = self._root.events  # type: ignore[attr-defined]
        events.subscriptions += 1
        new = Subscription(self, scope, when, observer, events.subscriptions, key, present)
        self._subscriptions = [*self._subscriptions, new]

    def _unsubscribe(self, concerned: Callable[[Subscription], bool]) -> bool:
        kept = [s for s in self._subscriptions if not concerned(s)]
        ended, self._subscriptions = len(kept) < len(self._subscriptions), kept
        return ended

    def subscribe(self, observer: Any, when: str = "end") -> None:
        self._subscribe(observer, "node", when)

    def subscribe_elements(self, observer: Any, when: str = "end") -> None:
        self._subscribe(observer, "elements", when)

    def subscribe_structure(self, observer: Any, when: str = "end") -> None:
        self._subscribe(observer, "structure", when)

    def unsubscribe(self, observer: Any) -> bool:
        return self._unsubscribe(lambda s: s.observer == observer and s.scope != "keys")

    @property
    def has_observers(self) -> bool:
        return bool(self._subscriptions)

    @property
    def has_observers_in_subtree(self) -> bool:
        return any(node._subscriptions for node in self._walk() if node._attached)  # type: ignore[attr-defined]
