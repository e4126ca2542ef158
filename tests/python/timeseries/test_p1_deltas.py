"""Rules 5 and 13 on typed deltas: what one carries, so that who applies every one equals its leader."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from ..model.generated import load
from .routes import Stand, schema
from .surface import DEPTH, depth, whole_state

pytestmark = [pytest.mark.row("T-08"), pytest.mark.row("T-08", generated=True)]


@pytest.fixture
def pair(m: ModuleType) -> tuple[Any, Any]:
    """Two roots with the same content, in a tick in which nothing happened yet."""
    leader, follower = depth(m), depth(m)
    for root in (leader, follower):
        root.sizes.get_or_create(9)
        root.advance(2)
    return leader, follower


CHANGES: dict[str, Callable[[Any], Any]] = {
    "ticked": lambda r: setattr(r.quote, "bid", 1.0),
    "ticked without a change": lambda r: r.quote.mark_modified(),
    "invalidated": lambda r: r.quote.bid.invalidate(),
    "all invalidated": lambda r: r.invalidate(),
    "invalidated dict": lambda r: r.sizes.invalidate(),
    "invalidated and written": lambda r: (r.sizes.invalidate(), r.sizes.apply_result({2: 5})),
    "cleared set": lambda r: r.flags.clear(),
    "cleared dict": lambda r: r.sizes.clear(),
    "cleared window": lambda r: r.closes.clear(),
    "cleared list": lambda r: r.notes.clear(),
    "cleared and filled": lambda r: (r.flags.clear(), r.flags.add("x"), r.flags.add("new")),
    "key created": lambda r: r.sizes.get_or_create(3),
    "key created and written": lambda r: r.sizes.apply_result({3: 30}),
    "key removed": lambda r: r.sizes.pop(1),
    "key removed that was never valid": lambda r: r.sizes.pop(9),
    "key replaced": lambda r: (r.sizes.pop(1), r.sizes.get_or_create(1)),
    "key replaced and written": lambda r: (r.sizes.pop(1), r.sizes.apply_result({1: 11})),
    "every append": lambda r: [r.closes.apply_result(float(i)) for i in range(5)],
    "every append in time": lambda r: [r.recent.apply_result(float(i)) for i in range(3)],
    "cleared and appended": lambda r: (r.closes.clear(), r.closes.apply_result(1.0)),
    "list grown": lambda r: (r.notes.append("c"), r.notes.resize(5)),
    "list shrunk": lambda r: r.notes.resize(1),
    "list shrunk and grown": lambda r: (r.notes.resize(0), r.notes.append("z")),
}


@pytest.mark.parametrize("change", CHANGES)
def test_p1_05_a_typed_delta_carries(m: ModuleType, pair: tuple[Any, Any], change: str) -> None:
    leader, follower = pair
    before = whole_state(m, follower)
    assert leader.delta().empty
    CHANGES[change](leader)
    delta = leader.delta()
    assert not delta.empty
    assert whole_state(m, follower) == before
    follower.apply(delta)
    expected, found = whole_state(m, leader), whole_state(m, follower)
    for state in (expected, found):
        without_times(state)
    assert found == expected
    for root in pair:
        root.advance(3)
    assert leader.delta().empty


def without_times(state: dict[str, Any]) -> None:
    """Leave out what a delta does not carry: what a tick did on the way to where it ended."""
    for name in ("has_removed_value", "removed_value"):
        state.pop(name, None)
    for value in state.values():
        if isinstance(value, dict):
            without_times(value)


@pytest.mark.parametrize("nothing", ["none", "empty dict", "add what is there", "failed write", "only read"])
def test_p1_05_empty_means_that_no_node_ticked(m: ModuleType, pair: tuple[Any, Any], nothing: str) -> None:
    leader, _ = pair
    match nothing:
        case "none":
            leader.apply_result(None)
        case "empty dict":
            leader.apply_result({"quote": {}, "sizes": {}, "notes": None})
        case "add what is there":
            leader.flags.add("x")
        case "failed write":
            with pytest.raises(TypeError):
                leader.value = {"quote": {"bid": 1.0}, "sizes": 3}
        case "only read":
            assert leader.sizes.get(77) is None
    assert (leader.modified, leader.delta().empty) == (False, True)


def content(root: Any) -> list[Any]:
    """Return what a follower has in common with its leader, in a form that can be compared."""
    seen: list[Any] = [root.valid, sorted(root.sizes), root.sizes.key_set.valid]
    seen += [(root[name].valid, root[name].value) for name in ("quote", "levels", "notes", "flags", "sizes")]
    for name in ("closes", "recent"):
        value, times = root[name].value, root[name].value_times
        seen += [root[name].valid, *(None if each is None else each.tolist() for each in (value, times))]
    return seen


def test_p1_05_the_whole_history(m: ModuleType) -> None:
    leader, follower = m.Depth(), m.Depth()
    fill: Callable[[Any], Any] = lambda r: (r.apply_result(DEPTH), r.sizes.get_or_create(9))  # noqa: E731
    history = [each for change in CHANGES.values() for each in (fill, change)]
    for at, change in enumerate(history, start=1):
        for root in (leader, follower):
            root.advance(at)
        change(leader)
        follower.apply(leader.delta())
        assert content(follower) == content(leader)


@pytest.mark.row("T-10")
@pytest.mark.parametrize("level", ["bundle", "dict", "list", "deep"])
def test_p1_13_references_are_in_no_delta_and_no_snapshot(backend: str, level: str) -> None:
    stand = Stand(load(schema(), "routes", backend), "ref", level)
    other = type(stand.root)(stand.clock)
    with stand.clock.tick(2):
        stand.node.bind(stand.sources[1])
        assert stand.root.modified
        for data in (stand.root.delta(), stand.root.snapshot()):
            assert "5" not in str(data.to_python())
            assert type(data).decode(data.encode()) == data
        other.load(stand.root.snapshot())
        other.apply(stand.root.delta())
    below = [child for child in other.values() for child in (child.values() if level == "deep" else [child])]
    assert all(child.is_empty for child in below)
