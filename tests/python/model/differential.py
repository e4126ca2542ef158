"""The same random operations on a model and on a subject, with all that can be seen of both compared after each."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from hypothesis import strategies as st

from .canonical import Api, decode, encode, moment, same
from .observe import difference, followed, state, watched
from .operate import REFUSALS, find, operate
from .random_types import sources
from .reference import ModelApi, references
from .strategies import operations
from .types import REF, TimeSeries, parts

#: Draws a value of a strategy; hypothesis' own, or one that is driven by a seed.
Draw = Callable[[st.SearchStrategy[Any]], Any]


class Watcher:
    """An observer that is an object; those whose number is odd do not care for removals."""

    def __init__(self, number: int, note: Callable[[int, str, Any, Any], None]) -> None:
        self.notify = lambda at: note(number, "notified", at, None)
        if number % 2 == 0:
            self.removed = lambda at: note(number, "removed", at, None)


class Side:
    """A root with the sources of its references, on one clock, and what its observers were told."""

    def __init__(self, type_: TimeSeries, roots: list[Any], api: Api) -> None:
        self.types = [type_, *sources(type_)]
        self.roots, self.api = roots, api
        self.told: list[list[Any]] = []
        self._observers: dict[int, Any] = {}

    @property
    def root(self) -> Any:
        return self.roots[0]

    def run(self, operation: list[Any]) -> tuple[str, Any]:
        """Carry out an operation; return whether it was accepted, and what it returned in canonical form."""
        try:
            return "accepted", encode(self._run(operation), self.api)
        except REFUSALS:
            return "refused", None

    def _run(self, operation: list[Any]) -> Any:
        match operation:
            case ["src", index, inner]:
                return operate(self.roots[index], inner, self.api)
            case ["bind", path, None]:
                return find(self.root, path, self.api).bind(None)
            case ["bind" | "refer" as how, path, [index, target]]:
                node, to = find(self.root, path, self.api), find(self.roots[index], target, self.api)
                if how == "bind":
                    node.bind(to)
                else:
                    node.value = to
            case ["subscribe" | "unsubscribe" as what, path, number, scope, when, key]:
                node = find(self.root, path, self.api)
                return self._subscribe(node, what, self.observer(number), scope, when, key)
            case _:
                return operate(self.root, operation, self.api)
        return None

    def _subscribe(self, node: Any, what: str, observer: Any, scope: str, when: str, key: Any) -> Any:
        on = node.key_set if scope == "keys" else node
        if scope == "key":
            key = decode(key, self.api)
            return on.unsubscribe_key(key, observer) if what == "unsubscribe" else on.subscribe_key(key, observer, when)
        if what == "unsubscribe":
            return on.unsubscribe(observer)
        name = {"node": "subscribe", "keys": "subscribe"}.get(scope, f"subscribe_{scope}")
        return getattr(on, name)(observer, when)

    def observer(self, number: int) -> Any:
        """Return the observer of a number: a callable, or every third time an object."""
        if number not in self._observers:
            self._observers[number] = self._make(number)
        return self._observers[number]

    def _make(self, number: int) -> Any:
        if number % 3 == 0:
            return Watcher(number, self._note)
        return lambda change: self._note(number, change.kind, change.at, change.node)

    def _note(self, number: int, kind: str, at: Any, node: Any) -> None:
        value = None if node is None else encode(node.value, self.api)
        self.told.append([number, kind, moment(at), value])

    def take(self) -> list[list[Any]]:
        """Return what observers were told since the last call."""
        taken, self.told = self.told, []
        return taken


class ModelSide(Side):
    """The model, which says of all that its observers are told where it must stand."""

    def __init__(self, type_: TimeSeries) -> None:
        types = [type_, *sources(type_)]
        super().__init__(type_, references(types), ModelApi(types))

    def _make(self, number: int) -> Any:
        made = super()._make(number)
        if not isinstance(made, Watcher):
            return made

        def tell(change: Any) -> None:
            if change.kind != "removed":
                made.notify(change.at)
            elif hasattr(made, "removed"):
                made.removed(change.at)
            else:
                self.told.append([])  # nothing that it hears of

        return tell

    def take(self) -> list[list[Any]]:
        return [told for *_, told in self.take_ranked()]

    def take_ranked(self) -> list[tuple[Any, Any, list[Any]]]:
        """Return (rank, place, what was told) in an order that is right."""
        events = self.root._root.events
        ranked = [(t.rank, t.place, told) for t, told in zip(events.told, super().take(), strict=True)]
        events.told = []
        return [each for each in ranked if each[2]]


class Play:
    """Runs operations on a model and on a subject, tick by tick, and compares them all along.

    Raises AssertionError with every difference. ``steps`` is what was done, and can be played again.
    """

    def __init__(self, type_: TimeSeries, subject: Side, follower: Any = None) -> None:
        self.type, self.model, self.subject = type_, ModelSide(type_), subject
        #: A root that is given nothing but the deltas of the subject's ticks.
        self.follower = follower
        self.steps: list[Any] = []
        self.now = 0
        self._blocks = ExitStack()
        self._subscriptions: list[list[Any]] = []
        self._subscribed_now = False
        #: Observers of a reference to another root are told at once of what their own root does, else at the end.
        self._moments = ("end",) if any(isinstance(p, REF) for p in parts(type_)) else ("write", "end")

    def tick(self, draw: Draw) -> None:
        """Run one tick of random operations."""
        self.begin(self.now + draw(st.integers(1, 4)), draw(st.booleans()))
        for _ in range(draw(st.integers(0, 4))):
            self.step(draw(self._operations()))
        self.end()

    def replay(self, steps: list[Any]) -> None:
        """Do what another play did."""
        for step in steps:
            match step:
                case ["begin", at, block]:
                    self.begin(at, block)
                case ["end"]:
                    self.end()
                case _:
                    self.step(step)

    def _operations(self) -> st.SearchStrategy[list[Any]]:
        return operations(self.model, self._subscriptions, self._moments)

    def begin(self, at: int, block: bool) -> None:
        """Begin a tick, as a block or not; without one it ends when the next begins."""
        self.steps.append(["begin", at, block])
        self.now = at
        for side in (self.model, self.subject):
            if block:
                self._blocks.enter_context(side.root.tick(at))
            else:
                side.root.advance(at)
        self._compare_told("before the tick")
        self._subscribed_now = False
        self._compare(f"at {at}")

    def step(self, operation: list[Any]) -> None:
        self.steps.append(operation)
        if operation[0] == "subscribe":
            self._subscriptions.append(operation)
        self._subscribed_now |= operation[0] in ("subscribe", "unsubscribe")
        expected, found = self.model.run(operation), self.subject.run(operation)
        after = f"at {self.now} after {json.dumps(operation)}"
        assert expected[0] == found[0] and same(expected[1], found[1]), f"{after}: {expected}, not {found}"
        self._compare_told(after)
        self._compare(after)

    def end(self) -> None:
        """End the block of a tick."""
        self.steps.append(["end"])
        if self.follower is not None:
            self._follow()
        self._blocks.close()
        self._compare_told(f"at the end of {self.now}")

    def _follow(self) -> None:
        """Apply the delta of the tick to the follower: then it is what its leader is."""
        self.follower.advance(self.now)
        self.follower.apply(self.subject.root.delta())
        lines = difference(
            *(followed(root, self.type, self.subject.api) for root in (self.subject.root, self.follower))
        )
        assert not lines, "\n".join([f"the follower at {self.now}", *lines])

    def _compare(self, when: str) -> None:
        sides = [
            {
                str(i): {**state(root, type_, side.api), "observers": watched(root, type_, side.api)}
                for i, (root, type_) in enumerate(zip(side.roots, side.types, strict=True))
            }
            for side in (self.model, self.subject)
        ]
        lines = difference(*sides)
        assert not lines, "\n".join([when, *lines])

    def _compare_told(self, when: str) -> None:
        """Compare the order by rank, and of one node; where subscriptions changed in this tick, by depth alone."""
        expected, found = self.model.take_ranked(), self.subject.take()
        places = {told[0]: place for _, place, told in expected}
        rest = list(found)
        for group in _groups(expected, self._subscribed_now):
            part, rest = rest[: len(group)], rest[len(group) :]
            wanted = sorted(group, key=lambda told: str(places[told[0]]))
            got = sorted(part, key=lambda told: str(places.get(told[0])))
            if len(got) != len(wanted) or not all(map(same, wanted, got)):
                raise AssertionError(f"{when}: told {found}, expected {[told for *_, told in expected]}")
        assert not rest, f"{when}: told {found}, expected {[told for *_, told in expected]}"


def _groups(expected: list[tuple[Any, Any, list[Any]]], by_depth: bool) -> list[list[Any]]:
    groups: dict[Any, list[Any]] = {}
    for rank, _, told in expected:
        groups.setdefault(rank[0] if by_depth else rank, []).append(told)
    return list(groups.values())
