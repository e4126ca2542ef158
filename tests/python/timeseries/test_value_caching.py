"""Python values of time series are made at each read: none is handed out again, and none that was changes.

``docs/internals.md`` has the rule. Each route on which data change is taken between two reads.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from ..model.generated import load

pytestmark = pytest.mark.row("T-15")

SCHEMA = """
class Fill(CompoundScalar):
    price: float
    sizes: tuple[int, ...] = ()

class Quote(TimeSeriesSchema):
    bid: TS[float]
    fill: TS[Fill]
    tags: TS[frozenset[str]]

class Desk(TimeSeriesSchema):
    quotes: TSD[str, TSB[Quote]]
    levels: TSL[TS[float], Size[2]]
    lines: TSL[TS[str]]
    names: TSS[str]
    recent: TSW[int, Size[2], Size[1]]
    lately: TSW[int, timedelta(microseconds=2), timedelta(0)]
    beat: SIGNAL
    best: REF[TSB[Quote]]
"""


@pytest.fixture(scope="session")
def cached(backend: str) -> ModuleType:
    return load(SCHEMA, "cached", backend)


@pytest.fixture
def desk(cached: ModuleType) -> Any:
    root = cached.Desk()
    root.advance(1)
    root.value = {
        "quotes": {"a": {"bid": 1.0, "fill": cached.Fill(price=1.0, sizes=(1, 2)), "tags": {"x"}}, "b": {"bid": 2.0}},
        "levels": (1.0, 2.0),
        "lines": ("one", "two"),
        "names": {"x", "y"},
        "recent": 1,
        "lately": 1,
        "beat": True,
    }
    root.best.bind(root.quotes["a"])
    root.advance(2)
    return root


def snapshot_of_another(desk: Any) -> Any:
    other = type(desk)()
    other.advance(1)
    other.value = {"levels": (7.0, 8.0), "names": {"q"}, "quotes": {"c": {"bid": 9.0}}}
    return other


def push(desk: Any, value: int) -> None:
    desk.recent.value = value


ROUTES: dict[str, Callable[[Any], object]] = {
    "a field": lambda d: setattr(d.quotes["a"], "bid", 5.0),
    "a leaf": lambda d: setattr(d.quotes["a"].bid, "value", 5.0),
    "a struct": lambda d: setattr(d.quotes["a"], "fill", d.quotes["a"].fill.value.replace(price=3.0)),
    "a whole bundle": lambda d: setattr(d, "value", {"levels": (None, 9.0)}),
    "a result": lambda d: d.apply_result({"lines": {2: "three"}}),
    "a dict's item": lambda d: d.quotes.__setitem__("c", {"bid": 3.0}),
    "a new key": lambda d: d.quotes.get_or_create("c"),
    "a key removed": lambda d: d.quotes.__delitem__("a"),
    "a key popped": lambda d: d.quotes.pop("b"),
    "an element added": lambda d: d.names.add("z"),
    "an element removed": lambda d: d.names.remove("x"),
    "a list's element": lambda d: setattr(d.levels[1], "value", 4.0),
    "an append": lambda d: d.lines.append("three"),
    "a resize": lambda d: d.lines.resize(1),
    "a window's element": lambda d: push(d, 2),
    "time, in a window": lambda d: d.advance(4),
    "a node made invalid": lambda d: d.quotes["a"].bid.invalidate(),
    "all made invalid": lambda d: d.invalidate(),
    "a clear": lambda d: d.names.clear(),
    "a snapshot": lambda d: d.load(snapshot_of_another(d).snapshot()),
    "a copy": lambda d: d.names.copy_from(snapshot_of_another(d).names),
    "columns": lambda d: d.quotes.update_columns(["a", "c"], bid=[6.0, 7.0]),
    "a view": lambda d: _by_view(d),
    "a reference bound": lambda d: d.best.bind(d.quotes["b"]),
    "a reference cleared": lambda d: d.best.clear(),
    "a reference's target": lambda d: setattr(d.quotes["a"], "bid", 8.0),
    "a reference to parts": lambda d: d.best.bind({"bid": d.quotes["b"].bid}),
}


def _by_view(desk: Any) -> None:
    import hgvalue

    hgvalue.view(desk)["levels"][0] = 6.0


def read(desk: Any) -> dict[str, Any]:
    """Everything that can be read of the desk, each by a read of its own."""
    nodes = {
        "desk": desk,
        "quotes": desk.quotes,
        "best": desk.best,
        "lines": desk.lines,
        "key_set": desk.quotes.key_set,
    }
    nodes |= {name: desk[name] for name in ("levels", "names", "recent", "lately", "beat")}
    nodes |= {f"quote {key}": child for key, child in desk.quotes.items()}
    nodes |= {f"bid {key}": child.bid for key, child in desk.quotes.items()}
    values = {f"{name}.value": plain(node.value) for name, node in nodes.items()}
    values |= {f"{name}.delta_value": plain(node.delta_value) for name, node in nodes.items()}
    values["keys"] = sorted(desk.quotes.keys())
    values["times"] = plain(desk.recent.value_times)
    return values


def plain(value: Any) -> Any:
    """A window's array as a list, which can be compared."""
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    return value.tolist() if hasattr(value, "tolist") else value


@pytest.mark.parametrize("route", ROUTES)
def test_every_route_shows_at_the_next_read(desk: Any, route: str) -> None:
    before = read(desk)
    kept = copy.deepcopy(before)
    ROUTES[route](desk)
    after = read(desk)
    assert after != before, "nothing changed"
    assert before == kept, "a value that was handed out changed"
    # What is read through new handles, of a copy made node by node, is the same.
    fresh = type(desk)(desk.clock)
    fresh.copy_from(desk)
    expected = desk.value and {key: value for key, value in desk.value.items() if key != "best"}
    assert plain(fresh.value) == plain(expected)


def test_what_was_handed_out_belongs_to_the_reader(desk: Any) -> None:
    for node in (desk, desk.quotes, desk.best, desk.quotes["a"]):
        first, second = node.value, node.value
        assert first == second
        assert first is not second
        first.clear()
        assert node.value == second
    window = desk.recent.value
    if hasattr(window, "flags"):
        window[:] = 0
    assert list(desk.recent.value) == [1]
    assert isinstance(desk.names.value, frozenset)
    assert isinstance(desk.levels.value, tuple)
    fill = desk.quotes["a"].fill.value
    desk.quotes["a"].fill = fill.replace(price=9.0)
    assert (fill.price, desk.quotes["a"].fill.value.price) == (1.0, 9.0)


def test_a_removed_child_shows_what_it_held(desk: Any) -> None:
    values = desk.quotes["a"].value
    del desk.quotes["a"]
    [(key, child)] = desk.quotes.removed_items()
    assert (key, child.value) == ("a", values)
    desk.quotes["a"] = {"bid": 7.0}  # another element, of which nothing is known from the first
    assert desk.quotes["a"].value == {"bid": 7.0}
