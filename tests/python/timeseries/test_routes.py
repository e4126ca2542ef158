"""There is no silent route: whatever changes a node stamps it and all above it, and tells their observers.

Each route there is to each kind, at its root and below others (see :mod:`.routes` for the table).
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from ..model.generated import load
from .observing import us
from .routes import KINDS, LEVELS, Route, Stand, routes, schema

pytestmark = [
    pytest.mark.row("T-08", "T-09"),
    pytest.mark.row("T-03", "T-08", "T-09", generated=True),
]


@pytest.fixture(scope="session")
def kinds(backend: str) -> ModuleType:
    return load(schema(), "routes", backend)


def plain(value: Any) -> Any:
    """Return a value with lists for arrays."""
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    return value.tolist() if hasattr(value, "tolist") else value


class Watch:
    """Observers at a node and at all above it, at both moments."""

    def __init__(self, stand: Stand) -> None:
        self.all: list[Any] = []
        self.told: dict[str, list[tuple[int, str, int]]] = {"write": [], "end": []}
        for distance, node in enumerate([stand.node, *stand.ancestors]):
            for when in ("write", "end"):
                node.subscribe(self._observer(distance, when), when)
        if stand.others:
            stand.at(stand.others).subscribe(self.all.append)

    def _observer(self, distance: int, when: str) -> Any:
        return lambda change: self.told[when].append((distance, change.kind, us(change.at)))


def check_times(stand: Stand, route: Route) -> None:
    """Check what says whether and when the node, its ancestors and its sibling were written."""
    import hgvalue

    ticked, now = route.effect == "ticks", stand.clock.now
    node = stand.node
    assert (node.modified, node.valid) == (ticked, route.effect != "invalidates")
    if route.effect == "invalidates":
        assert node.last_modified_time == hgvalue.MIN_DT
    for each in [*([node] if ticked else []), *stand.ancestors]:
        assert (each.modified, each.valid) == (ticked, True)
        assert (each.last_modified_time == now) == ticked
    if stand.others and not route.beside:
        assert (stand.at(stand.others).modified, stand.at(stand.others).valid) == (False, True)


def check_delta(stand: Stand, route: Route) -> None:
    """Check that the delta of the node, and that of its root, show what changed."""
    assert plain(stand.node.delta_value) == route.delta
    shown = stand.root.delta_value
    if route.effect != "ticks":
        assert shown is None
        return
    for step in stand.steps[:-1]:
        shown = shown[step]
    if stand.steps:
        shown = shown.get(stand.key) if route.delta is None else shown[stand.key]
    assert plain(shown) == route.delta


def check_value(stand: Stand, value: Any, held: Any, view: Any, root_view: Any) -> None:
    """Check that every way to read the node shows the value."""
    assert plain(stand.node.value) == value
    assert plain(held.value) == value
    if view is not None:
        assert plain(view.value) == value
        whole = root_view.value
        for step in stand.steps:
            whole = whole.get(step) if isinstance(whole, dict) else whole[step]
        assert plain(whole) == value


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_route(kinds: ModuleType, kind: str, level: str) -> None:
    import hgvalue

    tried = []
    for route in routes(kind, level):
        stand = Stand(kinds, kind, level)
        before = plain(stand.node.value)  # and so it is in whatever keeps values
        viewed = kind != "ref"
        root_view = hgvalue.view(stand.root) if viewed else None
        view = root_view
        for step in stand.steps if viewed else ():
            view = view[step]
        held = stand.node
        watch = Watch(stand)
        with stand.clock.tick(2):
            route.act(stand)
            try:
                check_times(stand, route)
                check_value(stand, before if route.effect == "nothing" else route.value, held, view, root_view)
                check_delta(stand, route)
                expected = [
                    (distance, "modified" if route.effect == "ticks" else "invalidated", 2)
                    for distance in range(len(stand.steps) + 1)
                    if route.effect != "nothing"
                ]
                at_once = [] if route.name.startswith("target") else expected
                assert (watch.told["write"], watch.told["end"]) == (at_once, [])
            except AssertionError as error:
                raise AssertionError(f"{kind} at level {level}, by {route.name}: {error}") from error
        assert (watch.told["write"], watch.told["end"]) == (expected, expected), route.name
        assert route.beside or not watch.all, route.name
        tried.append(route.name)
    assert len(tried) == len(set(tried)) >= 5
