"""Components and cycles."""

from __future__ import annotations

from hgvalue_gen.schema import graph

EDGES = {"a": ["b", "c"], "b": ["d"], "c": ["b"], "d": ["b"], "e": []}


def test_components_come_after_what_they_lead_to():
    assert graph.components(EDGES, EDGES.__getitem__) == [["b", "d"], ["c"], ["a"], ["e"]]


def test_cycles():
    assert graph.cycle(["b", "d"], EDGES.__getitem__) == ["b", "d"]
    assert graph.cycle(["c"], EDGES.__getitem__) is None
    assert graph.cycle(["x"], {"x": ["x"]}.__getitem__) == ["x"]


def test_depth_is_no_limit():
    assert len(graph.components(range(100_000), lambda node: [node + 1] if node < 99_999 else [])) == 100_000
