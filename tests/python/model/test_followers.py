"""A follower that applies the delta of every tick equals its leader, on any schema, whatever is done to the leader."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import currently_in_test_context, given, note, settings
from hypothesis import strategies as st

import hgvalue

from .differential import Draw, ModelSide, Side
from .draws import SeededDraw
from .generated import GeneratedModule
from .observe import difference, followed
from .random_types import random_types, referring_types, sources
from .strategies import operations
from .types import REF, TSD, TSW, Primitive, TimeSeries, parts

pytestmark = pytest.mark.row("D-01", "D-04", "D-06", "T-08", generated=True)

TYPES = random_types()
EPOCH = datetime(1970, 1, 1)
#: What one that is given several ticks at once has in common with its leader: all but what the last tick did.
CONTENT = {"valid", "all_valid", "value", "len", "keys", "values", "value_times", "valid_keys", "first_modified"}


def say(what: str) -> None:
    """Show a step of a failing example; a test that is driven by a seed has none to show it in."""
    if currently_in_test_context():
        note(what)


def side(module: GeneratedModule, type_: TimeSeries) -> Side:
    """Return a leader, with what its references may refer to."""
    types = [type_, *sources(type_)]
    return Side(type_, module.roots(types), module.api(*types))


def shared(seen: dict[str, Any], fields: set[str]) -> dict[str, Any]:
    """Return of the state of a node, and of those below it, some fields."""
    return {
        name: shared(entry, fields) if isinstance(entry, dict) and name in inner else entry
        for inner in [{name for name in seen if name.startswith((".", "["))} | {"key_set"}]
        for name, entry in seen.items()
        if name in fields or name in inner - {"key_set"}
    }


class Following:
    """A leader, one that follows it in every tick, and one that is given several ticks at once."""

    def __init__(self, module: GeneratedModule, type_: TimeSeries) -> None:
        self.type, self.model, self.leader = type_, ModelSide(type_), side(module, type_)
        self.follower, self.second, self.late = (module.root(type_) for _ in range(3))
        self.undone, self.fresh = module.root(type_), lambda: module.root(type_)
        self.waiting: hgvalue.Delta | None = None
        self.now = 0
        every = set(map(repr, parts(type_)))
        self._encodable = repr(Primitive("object")) not in every
        # What leaves a window because time passes is not written by anybody, so no delta says it.
        self._exact = not any(isinstance(p, TSW) and not isinstance(p.size, int) for p in parts(type_))

    def tick(self, draw: Draw) -> None:
        """Run a tick of random operations, and follow it."""
        self.now += draw(st.integers(1, 4))
        for root in (self.model.root, self.leader.root, self.follower, self.second):
            root.advance(self.now)
        leader = self.leader.root
        before = leader.snapshot()
        for _ in range(draw(st.integers(0, 4))):
            operation = draw(operations(self.model, [], ("end",)))
            say(f"t={self.now} {json.dumps(operation)}")
            self.model.run(operation)
            self.leader.run(operation)
        delta = leader.delta()
        say(f"t={self.now} {delta}")
        assert delta.ticked == leader.modified
        assert delta.time == EPOCH + timedelta(microseconds=self.now)
        if leader.modified:
            assert not delta.empty
        self.follower.apply(self._sent(delta))
        self._compare(self.follower, "a follower")
        self.second.apply(self.follower.delta())
        self._compare(self.second, "a follower of the follower")
        assert hgvalue.apply(delta, before) == leader.snapshot()
        self._undo(delta, before)
        self._start(leader)
        self.waiting = delta if self.waiting is None else hgvalue.compose(self.waiting, delta)
        if draw(st.integers(0, 2)) == 0:
            say(f"t={self.now} composed {self.waiting}")
            self.late.advance(self.now)
            self.late.apply(self._sent(self.waiting))
            self._compare(self.late, "one that follows by composed deltas", CONTENT)
            self.waiting = None

    def _undo(self, delta: hgvalue.Delta, before: Any) -> None:
        """The inverse of a tick, and the diff of what was before and after, at plain values and at roots."""
        after = self.leader.root.snapshot()
        back = hgvalue.invert(delta, before)
        assert hgvalue.apply(back, after) == before
        if not self._exact:
            return  # at a root elements of time windows are over by the time of the undoing
        undone = self.undone
        undone.advance(3 * self.now)
        undone.apply(delta)
        assert undone.snapshot() == after
        undone.advance(3 * self.now + 1)
        undone.apply(self._sent(back))
        assert undone.snapshot() == before, f"undone at {self.now}"
        assert undone.valid == (before is not None)
        undone.advance(3 * self.now + 2)
        undone.apply(delta)
        if before is not None and after is not None:
            fresh = self.fresh()
            fresh.advance(self.now)
            for old, new in [(before, after), (after, before)]:
                fresh.load(old)
                fresh.apply(self._sent(hgvalue.diff(old, new)))
                assert fresh.snapshot() == new, f"by the diff at {self.now}"

    def _start(self, leader: Any) -> None:
        fresh = self.fresh()
        fresh.advance(self.now)
        fresh.apply(self._sent(leader.full_delta()))
        self._compare(fresh, "one that starts from a full delta", CONTENT)

    def _sent(self, delta: hgvalue.Delta) -> hgvalue.Delta:
        cls = type(delta)
        again = cls.decode(delta.encode()) if self._encodable else delta
        assert again == delta
        return again

    def _compare(self, follower: Any, who: str, fields: set[str] | None = None) -> None:
        """Compare all that a follower shares with its leader, or some fields of it."""
        api = self.leader.api
        mine, other = (followed(root, self.type, api) for root in (self.leader.root, follower))
        if fields is not None:
            mine, other = shared(mine, fields), shared(other, fields)
        lines = difference(mine, other)
        assert not lines, "\n".join([f"{who} at {self.now}", *lines])


@given(st.sampled_from(TYPES), st.data())
@settings(deadline=None, max_examples=200)
def test_any_schema(random_module: GeneratedModule, type_: TimeSeries, data: st.DataObject) -> None:
    following = Following(random_module, type_)
    for _ in range(data.draw(st.integers(1, 5), label="ticks")):
        following.tick(data.draw)


@pytest.mark.parametrize("index", range(len(TYPES)))
def test_many_ticks(random_module: GeneratedModule, index: int) -> None:
    following, draw = Following(random_module, TYPES[index]), SeededDraw(index)
    for _ in range(25):
        following.tick(draw)


@pytest.mark.parametrize("index", range(len(referring_types())))
def test_references_are_left_out(random_module: GeneratedModule, index: int) -> None:
    """They are not data; what stands beside them follows all the same."""
    type_ = referring_types()[index]
    if isinstance(type_, REF):
        pytest.skip("it is the reference that would follow")
    leader, follower, draw = side(random_module, type_), random_module.root(type_), SeededDraw(index)
    model = ModelSide(type_)
    for now in range(1, 15):
        for root in (model.root, leader.root, follower):
            root.advance(now)
        for _ in range(draw(st.integers(0, 4))):
            operation = draw(operations(model, [], ("end",)))
            model.run(operation)
            leader.run(operation)
        follower.apply(leader.root.delta())
        _require_alike(type_, leader.root, follower)


def _require_alike(type_: TimeSeries, leader: Any, follower: Any) -> None:
    if isinstance(type_, REF):
        return
    if not any(isinstance(p, REF) for p in parts(type_)):
        assert leader.valid == follower.valid
    if isinstance(type_, TSD):
        assert len(leader) == len(follower)
        assert all(key in follower for key in leader)
        for key in leader:
            _require_alike(type_.child, leader[key], follower[key])
