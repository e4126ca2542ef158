"""The table of the tests of routes: what each kind starts with, what is written, and what is to be seen then."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

#: Kind: how it is spelled.
KINDS = {
    "ts": "TS[int]",
    "tsb": "TSB[Pair]",
    "tsl": "TSL[TS[int], Size[2]]",
    "dyn": "TSL[TS[int]]",
    "tss": "TSS[int]",
    "tsd": "TSD[str, TS[int]]",
    "tsw": "TSW[int, Size[3]]",
    "signal": "SIGNAL",
    "ref": "REF[TS[int]]",
}
#: Where a node of each kind stands: its own root, or below a root that is made of it.
LEVELS = ("root", "bundle", "dict", "list", "deep")


def schema() -> str:
    """Return a schema with a root for each kind at each level."""
    lines = ["class Pair(TimeSeriesSchema):\n    x: TS[int]\n    y: TS[int]\n"]
    for kind, spelling in KINDS.items():
        lines += [
            f"class bundle_{kind}(TimeSeriesSchema):\n    it: {spelling}\n    other: {spelling}\n",
            f"type root_{kind} = {spelling}",
            f"type dict_{kind} = TSD[str, {spelling}]",
            f"type list_{kind} = TSL[{spelling}]",
            f"type deep_{kind} = TSD[str, TSB[bundle_{kind}]]\n",
        ]
    return "\n".join(lines)


@dataclass(frozen=True)
class Sample:
    """``start`` is written first; ``given`` makes it ``value``, with ``delta``; ``whole`` is the delta of a copy."""

    start: Any
    given: Any
    value: Any
    delta: Any
    whole: Any


def sample(kind: str) -> Sample:
    """Return what is written to a kind; of references, numbers of sources."""
    from hgvalue import REMOVE, Removed, set_delta

    exchanged = set_delta(added={3}, removed={1})
    replaced = {"a": 5, "c": 6, "b": REMOVE}
    return {
        "ts": Sample(1, 5, 5, 5, 5),
        "tsb": Sample({"x": 1, "y": 2}, {"x": 5}, {"x": 5, "y": 2}, {"x": 5}, {"x": 5, "y": 2}),
        "tsl": Sample((1, 2), {1: 5}, (1, 5), {1: 5}, {0: 1, 1: 5}),
        "dyn": Sample((1, 2), {2: 5}, (1, 2, 5), {2: 5}, {0: 1, 1: 2, 2: 5}),
        "tss": Sample({1, 2}, [3, Removed(1)], {2, 3}, exchanged, exchanged),
        "tsd": Sample({"a": 1, "b": 2}, replaced, {"a": 5, "c": 6}, replaced, replaced),
        "tsw": Sample(1, 7, [1, 7], 7, 7),
        "signal": Sample(True, True, True, True, True),
        "ref": Sample(0, 1, 5, 5, 5),
    }[kind]


class Stand:
    """A node of a kind at a level, with what is around it, on a clock of its own; its first tick is over."""

    def __init__(self, m: ModuleType, kind: str, level: str, clock: Any = None) -> None:
        import hgvalue

        self.m, self.kind, self.level, self.sample = m, kind, level, sample(kind)
        self.clock = clock or hgvalue.EvaluationClock()
        self.sources = [m.root_ts(self.clock) for _ in range(2)]
        self.root = getattr(m, f"{level}_{kind}")(self.clock)
        self.steps = {"root": (), "bundle": ("it",), "dict": ("k",), "list": (0,), "deep": ("k", "it")}[level]
        self.others = {"root": (), "bundle": ("other",), "dict": ("o",), "list": (1,), "deep": ("k", "other")}[level]
        if clock is None:
            self.leader = Stand(m, kind, level, self.clock)
            self.clock.advance(1)
            self.leader.start()
            self.start()

    def start(self) -> None:
        """Write what each node starts with."""
        for source, value in zip(self.sources, (1, 5), strict=True):
            source.value = value
        start = self.input(self.sample.start)
        self.root.apply_result(
            {
                "root": start,
                "bundle": {"it": start, "other": start},
                "dict": {"k": start, "o": start},
                "list": (start, start),
                "deep": {"k": {"it": start, "other": start}},
            }[self.level]
        )

    def input(self, value: Any) -> Any:
        return self.sources[value] if self.kind == "ref" else value

    @property
    def given(self) -> Any:
        return self.input(self.sample.given)

    def at(self, steps: tuple[Any, ...]) -> Any:
        node = self.root
        for step in steps:
            node = node[step]
        return node

    @property
    def node(self) -> Any:
        return self.at(self.steps)

    @property
    def holder(self) -> Any:
        return self.at(self.steps[:-1])

    @property
    def key(self) -> Any:
        return self.steps[-1]

    @property
    def ancestors(self) -> list[Any]:
        """Return what is above the node, from the nearest to the root."""
        return [self.at(self.steps[:n]) for n in range(len(self.steps) - 1, -1, -1)]

    def twin(self) -> Stand:
        """Return another of the kind and level, to which the sample has been written, on the same clock."""
        made = Stand(self.m, self.kind, self.level, self.clock)
        made.start()
        made.node.apply_result(made.given)
        return made

    def lead(self) -> Stand:
        """Return another that has had the same, and to which the sample has been written now."""
        self.leader.node.apply_result(self.leader.given)
        return self.leader


@dataclass(frozen=True)
class Route:
    """A way to change a node: what it does to it, and what is to be seen of it then.

    ``effect`` is "ticks", "invalidates" or "nothing"; ``beside`` says that it writes the sibling, too.
    """

    name: str
    act: Callable[[Stand], Any]
    value: Any
    delta: Any
    effect: str = "ticks"
    beside: bool = False


def routes(kind: str, level: str) -> Iterator[Route]:
    """Yield all routes there are to a node of a kind at a level."""
    s = sample(kind)
    yield Route("value", lambda t: setattr(t.node, "value", t.given), s.value, s.delta)
    yield Route("apply_result", lambda t: t.node.apply_result(t.given), s.value, s.delta)
    yield Route("apply_result(None)", lambda t: t.node.apply_result(None), None, None, "nothing")
    yield Route("value = None", lambda t: setattr(t.node, "value", None), None, None, "invalidates")
    yield Route("invalidate", lambda t: t.node.invalidate(), None, None, "invalidates")
    if level != "root":
        yield Route("parent.value", lambda t: setattr(t.holder, "value", {t.key: t.given}), s.value, s.delta)
        yield Route("parent.apply", lambda t: t.holder.apply_result({t.key: t.given}), s.value, s.delta)
        yield Route("item", lambda t: t.holder.__setitem__(t.key, t.given), s.value, s.delta)
        yield Route("item = None", lambda t: t.holder.__setitem__(t.key, None), None, None, "invalidates")
        yield Route("of items()", lambda t: dict(t.holder.items())[t.key].apply_result(t.given), s.value, s.delta)
    if level in ("bundle", "deep"):
        yield Route("attribute", lambda t: setattr(t.holder, "it", t.given), s.value, s.delta)
        yield Route("as_schema", lambda t: setattr(t.holder.as_schema, "it", t.given), s.value, s.delta)
        yield Route("attribute = None", lambda t: setattr(t.holder, "it", None), None, None, "invalidates")
    if level == "deep":
        yield Route("root", lambda t: t.root.apply_result({"k": {"it": t.given}}), s.value, s.delta)
    if kind == "ref":
        yield from _of_references(s)
        return
    yield from _of_views(s, level)
    yield from _copies(s, level)
    yield Route("apply", lambda t: t.node.apply(t.lead().node.delta()), s.value, s.delta)
    if level != "root":
        yield Route("root.apply", lambda t: t.root.apply(t.lead().root.delta()), s.value, s.delta)

    def follow_invalidation(t: Stand) -> None:
        t.leader.node.invalidate()
        t.root.apply(t.leader.root.delta())

    yield Route("apply of an invalidation", follow_invalidation, None, None, "invalidates")
    if (kind, level) == ("tsb", "dict"):
        yield Route("columns", lambda t: t.root.update_columns(["k"], x=[5]), s.value, s.delta)
    if (kind, level) == ("ts", "dict"):
        yield Route("columns", lambda t: t.root.update_columns(["k"], [5]), s.value, s.delta)
    yield from _of_kind(kind)
    yield _mark(kind)


def _of_views(s: Sample, level: str) -> Iterator[Route]:
    """Generic views write through from_python."""
    import hgvalue

    yield Route("view.value", lambda t: setattr(hgvalue.view(t.node), "value", t.given), s.value, s.delta)
    if level != "root":
        yield Route("view[key]", lambda t: hgvalue.view(t.holder).__setitem__(t.key, t.given), s.value, s.delta)

        def navigate(t: Stand) -> None:
            view = hgvalue.view(t.root)
            for step in t.steps[:-1]:
                view = view[step]
            view[t.key] = t.given

        yield Route("view of the root", navigate, s.value, s.delta)


def _copies(s: Sample, level: str) -> Iterator[Route]:
    import hgvalue

    def from_input(t: Stand) -> None:
        other = t.twin()
        t.root.copy_from(hgvalue.bind(type(other.root), other.root))

    yield Route("copy_from", lambda t: t.node.copy_from(t.twin().node), s.value, s.whole)
    yield Route("copy_from(input)", from_input, s.value, s.whole, beside=True)
    yield Route("load", lambda t: t.node.load(t.twin().node.snapshot()), s.value, s.whole)
    if level != "root":
        yield Route("root.copy_from", lambda t: t.root.copy_from(t.twin().root), s.value, s.whole, beside=True)
        yield Route("root.load", lambda t: t.root.load(t.twin().root.snapshot()), s.value, s.whole, beside=True)


def _mark(kind: str) -> Route:
    from hgvalue import set_delta

    start = sample(kind).start
    delta = {"ts": 1, "signal": True, "tss": set_delta(added=(), removed=()), "tsw": None}.get(kind, {})
    return Route("mark_modified", lambda t: t.node.mark_modified(), [1] if kind == "tsw" else start, delta)


def _of_references(s: Sample) -> Iterator[Route]:
    yield Route("bind", lambda t: t.node.bind(t.sources[1]), s.value, s.delta)
    yield Route("target ticks", lambda t: setattr(t.sources[0], "value", 9), 9, 9, beside=True)
    yield Route("target goes", lambda t: t.sources.pop(0), None, None, "invalidates", beside=True)
    yield Route("target invalidated", lambda t: t.sources[0].invalidate(), None, None, "invalidates", beside=True)
    yield Route("bind(None)", lambda t: t.node.bind(None), None, None, "invalidates")
    yield Route("clear", lambda t: t.node.clear(), None, None, "invalidates")


def _of_kind(kind: str) -> Iterator[Route]:
    """Yield the routes that only one kind has."""
    from hgvalue import REMOVE, set_delta

    match kind:
        case "ts" | "signal":
            yield Route("clear", lambda t: t.node.clear(), None, None, "nothing")
        case "tsb":
            yield Route("clear", lambda t: t.node.clear(), None, None, "nothing")
            yield Route("child", lambda t: setattr(t.node, "y", 6), {"x": 1, "y": 6}, {"y": 6})
            yield Route("child by name", lambda t: setattr(t.node["y"], "value", 6), {"x": 1, "y": 6}, {"y": 6})
            yield Route("child by index", lambda t: t.node[1].apply_result(6), {"x": 1, "y": 6}, {"y": 6})
        case "tsl":
            yield Route("clear", lambda t: t.node.clear(), None, None, "nothing")
            yield Route("child", lambda t: setattr(t.node[-1], "value", 6), (1, 6), {1: 6})
        case "dyn":
            yield Route("clear", lambda t: t.node.clear(), (), {0: REMOVE, 1: REMOVE})
            yield Route("child", lambda t: setattr(t.node[0], "value", 6), (6, 2), {0: 6})
            yield Route("append", lambda t: t.node.append(6), (1, 2, 6), {2: 6})
            yield Route("grow", lambda t: t.node.resize(3), (1, 2, None), {})
            yield Route("shrink", lambda t: t.node.resize(1), (1,), {1: REMOVE})
        case "tss":
            yield Route("clear", lambda t: t.node.clear(), set(), set_delta(added=(), removed={1, 2}))
            yield Route("add", lambda t: t.node.add(3), {1, 2, 3}, set_delta(added={3}, removed=()))
            yield Route("remove", lambda t: t.node.remove(2), {1}, set_delta(added=(), removed={2}))
            yield Route("add what is there", lambda t: t.node.add(2), None, None, "nothing")
        case "tsd":
            yield Route("clear", lambda t: t.node.clear(), {}, {"a": REMOVE, "b": REMOVE})
            yield Route("child", lambda t: setattr(t.node["a"], "value", 6), {"a": 6, "b": 2}, {"a": 6})
            yield Route("[k] = v", lambda t: t.node.__setitem__("z", 6), {"a": 1, "b": 2, "z": 6}, {"z": 6})
            yield Route("get_or_create", lambda t: t.node.get_or_create("z"), {"a": 1, "b": 2, "z": None}, {})
            yield Route("del", lambda t: t.node.__delitem__("a"), {"b": 2}, {"a": REMOVE})
            yield Route("pop", lambda t: t.node.pop("a"), {"b": 2}, {"a": REMOVE})
            yield Route("pop of none", lambda t: t.node.pop("z"), None, None, "nothing")
        case "tsw":
            yield Route("clear", lambda t: t.node.clear(), [], None)
