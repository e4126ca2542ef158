"""hgraph's structs, enums and markers are taken wherever ours are: each write is done with both, and does the same."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

import hgvalue

from ..model.generated import backend, load

hgraph = pytest.importorskip("hgraph", reason="hgraph is not installed")

__all__ = ["backend"]

#: Read by the generator, and run as Python for hgraph's classes.
SCALARS = """
from dataclasses import dataclass
from enum import Enum

from frozendict import frozendict
from hgraph import CompoundScalar


class Side(Enum):
    BUY = 1
    SELL = 2


@dataclass(frozen=True)
class Venue(CompoundScalar):
    name: str
    side: Side = Side.BUY


@dataclass(frozen=True)
class Order(CompoundScalar):
    venue: Venue
    route: tuple[Venue, ...] = ()
    sides: frozenset[Side] = frozenset()
    limits: frozendict[Side, Venue] = frozendict()
    best: Venue | None = None
"""

TIME_SERIES = """
from hgraph import TS, TSB, TSD, TSL, TSS, TSW, TimeSeriesSchema


class Leg(TimeSeriesSchema):
    side: TS[Side]
    venues: TSS[Venue]


class Book(TimeSeriesSchema):
    side: TS[Side]
    order: TS[Order]
    best: TS[Venue | None]
    either: TS[int | Side | Venue]
    listed: TS[list[Venue]]
    pair: TS[tuple[Venue, Side]]
    sides: TSS[Side]
    venues: TSS[Venue]
    by_side: TSD[Side, TS[int]]
    by_venue: TSD[Venue, TSB[Leg]]
    books: TSD[str, TSD[Side, TSS[str]]]
    both: TSL[TS[Venue], Size[2]]
    legs: TSL[TSB[Leg]]
    recent: TSW[Venue, Size[3]]
"""

Build = Callable[[Any], Any]
"""Makes a value of the classes and markers of either library."""


@pytest.fixture(scope="session")
def m(backend: str) -> ModuleType:
    return load(SCALARS + TIME_SERIES, "hgraph_objects", backend)


@pytest.fixture(scope="session")
def theirs() -> Any:
    module = sys.modules["hgraph_objects_scalars"] = ModuleType("hgraph_objects_scalars")
    exec(SCALARS, module.__dict__)
    return SimpleNamespace(**module.__dict__, **_markers(hgraph))


@pytest.fixture
def ours(m: ModuleType) -> Any:
    return SimpleNamespace(Side=m.Side, Venue=m.Venue, Order=m.Order, **_markers(hgvalue), frozendict=dict)


def _markers(library: Any) -> dict[str, Any]:
    names = ("REMOVE", "REMOVE_IF_EXISTS", "Removed", "set_delta")
    return {name: getattr(library, name) for name in names}


def venue(c: Any, name: str = "n", side: str = "SELL") -> Any:
    return c.Venue(name, c.Side[side])


def order(c: Any) -> Any:
    return c.Order(
        venue=venue(c),
        route=(venue(c, "a"), venue(c, "b", "BUY")),
        sides=frozenset({c.Side.SELL}),
        limits=c.frozendict({c.Side.BUY: venue(c, "limit")}),
        best=venue(c, "best"),
    )


WRITES: dict[str, list[Build]] = {
    "enum": [lambda c: {"side": c.Side.SELL}],
    "struct with others inside": [lambda c: {"order": order(c)}],
    "struct with defaults": [lambda c: {"order": c.Order(venue(c))}],
    "optional": [lambda c: {"best": venue(c)}],
    "alternatives": [lambda c: {"either": venue(c)}, lambda c: {"either": c.Side.SELL}, lambda c: {"either": 3}],
    "list": [lambda c: {"listed": [venue(c), venue(c, "b")]}],
    "tuple": [lambda c: {"pair": (venue(c), c.Side.SELL)}],
    "set of enums": [
        lambda c: {"sides": {c.Side.BUY, c.Side.SELL}},
        lambda c: {"sides": {c.Removed(c.Side.BUY)}},
        lambda c: {"sides": frozenset({c.Side.BUY})},
    ],
    "set of structs": [
        lambda c: {"venues": frozenset({venue(c), venue(c, "b")})},
        lambda c: {"venues": [c.Removed(venue(c)), venue(c, "c")]},
        lambda c: {"venues": (c.Removed(venue(c, "b")),)},
    ],
    "set deltas": [
        lambda c: {"venues": c.set_delta(added={venue(c)}, tp=object)},
        lambda c: {"venues": c.set_delta(added={venue(c, "b")}, removed={venue(c)}, tp=object)},
        lambda c: {"venues": c.set_delta(removed={venue(c, "b")}, tp=object)},
    ],
    "set delta that is empty": [lambda c: {"sides": c.set_delta(added=frozenset(), removed=frozenset(), tp=object)}],
    "enum keys": [
        lambda c: {"by_side": {c.Side.BUY: 1, c.Side.SELL: 2}},
        lambda c: {"by_side": {c.Side.BUY: c.REMOVE}},
        lambda c: {"by_side": {c.Side.BUY: c.REMOVE_IF_EXISTS, c.Side.SELL: c.REMOVE_IF_EXISTS}},
    ],
    "struct keys": [
        lambda c: {"by_venue": {venue(c): {"side": c.Side.SELL, "venues": {venue(c, "b")}}}},
        lambda c: {"by_venue": {venue(c): {"venues": {c.Removed(venue(c, "b")), venue(c, "c")}}}},
        lambda c: {"by_venue": {venue(c): c.REMOVE, venue(c, "x"): c.REMOVE_IF_EXISTS}},
    ],
    "markers inside": [
        lambda c: {"books": {"a": {c.Side.BUY: {"x", "y"}, c.Side.SELL: {"z"}}, "b": {c.Side.BUY: {"x"}}}},
        lambda c: {"books": {"a": {c.Side.BUY: c.set_delta({"w"}, {"x"}, tp=str), c.Side.SELL: c.REMOVE}}},
        lambda c: {"books": {"a": {c.Side.SELL: c.REMOVE_IF_EXISTS, c.Side.BUY: {c.Removed("w")}}, "b": c.REMOVE}},
    ],
    "list of time series": [lambda c: {"both": (venue(c), None)}, lambda c: {"both": {1: venue(c, "b")}}],
    "list that grows and shrinks": [
        lambda c: {"legs": ({"side": c.Side.BUY}, {"venues": {venue(c)}}, {"side": c.Side.SELL})},
        lambda c: {"legs": {0: {"venues": c.set_delta({venue(c)}, set(), tp=object)}, 2: c.REMOVE}},
        lambda c: {"legs": {1: c.REMOVE_IF_EXISTS}},
    ],
    "window": [lambda c: {"recent": venue(c)}, lambda c: {"recent": venue(c, "b")}],
}


@pytest.mark.parametrize("write", [pytest.param(how, id=how) for how in ("apply_result", "value", "fields")])
@pytest.mark.parametrize("builds", [pytest.param(builds, id=name) for name, builds in WRITES.items()])
def test_writes(m: ModuleType, ours: Any, theirs: Any, builds: list[Build], write: str) -> None:
    leader, follower = m.Book(), m.Book()
    for tick, build in enumerate(builds, 1):
        for root, classes in ((leader, ours), (follower, theirs)):
            with root.tick(tick):
                _write(root, build(classes), write)
        assert leader.modified
        assert follower.delta_value == leader.delta_value
        for (name, one), (_, other) in zip(follower.items(), leader.items(), strict=True):
            assert (one.modified, one.valid) == (other.modified, other.valid), name
            assert (one.value is None) is (other.value is None), name
            assert np.array_equal(one.value, other.value) if name == "recent" else one.value == other.value, name


def _write(root: Any, value: dict[str, Any], how: str) -> None:
    if how == "apply_result":
        assert root.can_apply_result(value)
        root.apply_result(value)
    elif how == "value":
        root.value = value
    else:
        for name, child in value.items():
            setattr(root, name, child)


def test_what_comes_out_is_ours(m: ModuleType, theirs: Any) -> None:
    root = m.Book()
    with root.tick(1):
        root.apply_result({"order": order(theirs), "by_venue": {venue(theirs): {"side": theirs.Side.BUY}}})
    value = root.order.value
    assert (type(value), type(value.venue), type(value.best)) == (m.Order, m.Venue, m.Venue)
    assert value.sides == {m.Side.SELL}
    assert value.limits == {m.Side.BUY: m.Venue("limit", m.Side.SELL)}
    assert root.by_venue.value == {m.Venue("n", m.Side.SELL): {"side": m.Side.BUY}}


def test_keys_and_elements(m: ModuleType, theirs: Any) -> None:
    root = m.Book()
    buy, sell, here, there = theirs.Side.BUY, theirs.Side.SELL, venue(theirs), venue(theirs, "there")
    with root.tick(1):
        root.by_side[buy] = 1
        root.by_side.get_or_create(sell).value = 2
        root.sides.add(sell)
        root.venues.add(here)
        root.by_venue[here] = {"side": sell}
    assert root.by_side.value == {m.Side.BUY: 1, m.Side.SELL: 2}
    assert buy in root.by_side and root.by_side[buy].value == 1 and root.by_side.get(sell).value == 2
    assert here in root.by_venue and there not in root.by_venue and root.by_venue.get(there) is None
    assert sell in root.sides and buy not in root.sides and root.sides.was_added(sell)
    assert here in root.venues and there not in root.venues and root.venues.was_added(here)
    with root.tick(2):
        assert root.by_side.pop(buy) == 1
        del root.by_side[sell]
        del root.by_venue[here]
        root.sides.remove(sell)
        root.venues.remove(here)
    assert root.by_side.value == root.by_venue.value == {}
    assert root.sides.was_removed(sell) and root.venues.was_removed(here)
    assert set(root.by_side.removed_keys()) == {m.Side.BUY, m.Side.SELL}


def test_observed_keys(m: ModuleType, theirs: Any) -> None:
    root = m.Book()
    heard: list[Any] = []
    root.by_side.subscribe_key(theirs.Side.SELL, heard.append, when="write")
    with root.tick(1):
        root.by_side.apply_result({theirs.Side.BUY: 1})
        root.by_side.apply_result({theirs.Side.SELL: 2})
    assert len(heard) == 1


def test_plain_classes(m: ModuleType, ours: Any, theirs: Any) -> None:
    own = order(ours)
    assert (
        m.Order(**{name: getattr(order(theirs), name) for name in ("venue", "route", "sides", "limits", "best")}) == own
    )
    assert own.replace(best=venue(theirs, "other")).best == venue(ours, "other")

    def python(c: Any) -> dict[str, Any]:
        return {
            "side": c.Side.SELL,
            "order": order(c),
            "sides": frozenset({c.Side.BUY}),
            "by_venue": {venue(c): {"side": c.Side.BUY, "venues": frozenset({venue(c, "b")})}},
        }

    assert m.BookValue.from_python(python(theirs)) == m.BookValue.from_python(python(ours))


def test_deltas_as_values(m: ModuleType, ours: Any, theirs: Any) -> None:
    def change(c: Any) -> Any:
        inside = {"inside": c.set_delta({c.Side.BUY}, {c.Side.SELL}, tp=object)}
        return m.BookDelta.from_python({"side": {"value": c.Side.SELL}, "sides": inside})

    assert change(theirs) == change(ours)
    words = hgvalue.TypeMeta.get("set[str]")
    delta = hgvalue.Delta(words, theirs.set_delta({"a"}, {"b"}, tp=str))
    assert delta.to_python() == hgvalue.set_delta({"a"}, {"b"})


def test_views(m: ModuleType, ours: Any, theirs: Any) -> None:
    root = m.Book()
    view = hgvalue.view(root)
    with root.tick(1):
        view["side"] = theirs.Side.SELL
        view["best"] = venue(theirs)
        view["by_side"][theirs.Side.BUY] = 3
        view["by_venue"] = {venue(theirs): {"side": theirs.Side.BUY}}
    assert (root.side.value, root.best.value) == (m.Side.SELL, venue(ours))
    assert root.by_side.value == {m.Side.BUY: 3}
    assert view["by_side"][theirs.Side.BUY].value == 3
    assert view["by_venue"][venue(theirs)]["side"].value is m.Side.BUY


@pytest.mark.parametrize(
    ("write", "error", "words"),
    [
        pytest.param(lambda c: {"side": c.Side.SELL, "order": venue(c)}, TypeError, "order", id="another struct"),
        pytest.param(lambda c: {"side": c.Side.SELL, "by_side": {c.Side.BUY: c.REMOVE}}, KeyError, "BUY", id="no key"),
        pytest.param(lambda c: {"side": c.REMOVE}, TypeError, "side", id="no dict"),
        pytest.param(
            lambda c: {"order": order(c), "best": c.REMOVE_IF_EXISTS}, TypeError, "best", id="no dict to pass"
        ),
        pytest.param(
            lambda c: {"sides": {c.Removed(c.Side.BUY), c.Side.SELL, c.Removed(3)}}, TypeError, "sides", id="3"
        ),
        pytest.param(lambda c: {"by_side": {c.Removed(c.Side.BUY): 1}}, TypeError, "by_side", id="marked key"),
    ],
)
def test_what_ours_may_not_theirs_may_not(
    m: ModuleType, ours: Any, theirs: Any, write: Build, error: type[Exception], words: str
) -> None:
    for classes in (ours, theirs):
        root = m.Book()
        with root.tick(1):
            root.apply_result({"side": classes.Side.BUY})
        with root.tick(2), pytest.raises(error, match=words):
            root.apply_result(write(classes))
        assert root.value == {"side": m.Side.BUY} and not root.modified


def test_both_may_be_in_one_write(m: ModuleType, ours: Any, theirs: Any) -> None:
    root = m.Book()
    with root.tick(1):
        root.apply_result(
            {"by_side": {ours.Side.BUY: 1, theirs.Side.SELL: 2}, "sides": {ours.Side.BUY, theirs.Side.BUY}}
        )
    assert root.by_side.value == {m.Side.BUY: 1, m.Side.SELL: 2}
    assert root.sides.value == {m.Side.BUY}
    with root.tick(2):
        root.apply_result({"by_side": {ours.Side.BUY: theirs.REMOVE, theirs.Side.SELL: hgvalue.REMOVE}})
    assert root.by_side.value == {}


class _NativeSetDelta(frozenset[Any]):
    added, removed = frozenset({"b"}), frozenset({"a"})


#: What stands for REMOVE, REMOVE_IF_EXISTS and a set delta in the release that is not installed here.
OTHER_RELEASES = {
    "in Python": [
        type("Sentinel", (), {"__module__": "hgraph._types._tsd_type", "name": "REMOVE"})(),
        type("Sentinel", (), {"__module__": "hgraph._types._tsd_type", "name": "REMOVE_IF_EXISTS"})(),
        type("PythonSetDelta", (), {"__module__": "hgraph._impl._types._tss", "added": {"b"}, "removed": {"a"}})(),
    ],
    "native": [
        type("_Removed", (), {"__module__": "hgraph._wiring._sentinels"})(),
        type("_RemovedIfExists", (), {"__module__": "hgraph._wiring._sentinels"})(),
        type("_SetDelta", (_NativeSetDelta,), {"__module__": "hgraph._wiring._sentinels"})({"b", "a"}),
    ],
}


@pytest.mark.parametrize("markers", [pytest.param(markers, id=name) for name, markers in OTHER_RELEASES.items()])
def test_markers_of_every_release(m: ModuleType, markers: list[Any]) -> None:
    remove, remove_if_exists, delta = markers
    root = m.Book()
    with root.tick(1):
        root.apply_result({"books": {"x": {m.Side.BUY: {"a"}, m.Side.SELL: {"a"}}}})
    with root.tick(2), pytest.raises(KeyError):
        root.apply_result({"books": {"y": remove}})
    with root.tick(3):
        root.apply_result({"books": {"y": remove_if_exists, "x": {m.Side.BUY: delta, m.Side.SELL: remove}}})
    assert root.books.value == {"x": {m.Side.BUY: {"b"}}}
    assert root.books.delta_value == {"x": {m.Side.BUY: hgvalue.set_delta({"b"}, {"a"}), m.Side.SELL: hgvalue.REMOVE}}


def test_set_deltas_are_equal_across(theirs: Any) -> None:
    one, other = hgvalue.set_delta({"a"}, {"b"}), theirs.set_delta({"a"}, {"b"}, tp=str)
    assert one == other and other == one
    assert one != theirs.set_delta({"a"}, set(), tp=str)


def test_hgraph_is_not_imported_by_us() -> None:
    import subprocess

    program = "import sys, hgvalue, hgvalue_gen; raise SystemExit('hgraph' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
