"""Time series of every kind in every kind, in a leader and in what follows it by each route."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import hgvalue

#: What each kind is spelled as, and what is written to it in the first and in the second tick.
KINDS: dict[str, tuple[str, Any, Any]] = {
    "TS": ("TS[int]", 1, 2),
    "TSS": ("TSS[str]", {"a", "b"}, hgvalue.set_delta(added={"c"}, removed={"a"})),
    "TSD": ("TSD[str, TS[int]]", {"a": 1, "b": 2}, {"a": 3, "b": hgvalue.REMOVE, "c": 4}),
    "TSL": ("TSL[TS[int], Size[2]]", [1, 2], {1: 3}),
    "Grown": ("TSL[TS[int]]", [1], {1: 3}),
    "TSB": ("TSB[Inner]", {"a": 1, "b": "x"}, {"a": 2}),
    "TSW": ("TSW[int, WindowSize[1]]", 1, 2),
    "SIGNAL": ("SIGNAL", True, True),
}
#: What each holder is spelled as around a kind, and how a value of the kind is written to it.
HOLDERS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "TSB": ("TSB[Of{kind}]", lambda value: {"x": value}),
    "TSD": ("TSD[str, {spelled}]", lambda value: {"k": value, "l": value}),
    "TSL": ("TSL[{spelled}, Size[2]]", lambda value: {1: value}),
    "Grown": ("TSL[{spelled}]", lambda value: {0: value, 1: value}),
}
LAYOUTS = {
    "compiled": ("compiled", "compiled"),
    "dynamic": ("dynamic", "dynamic"),
    "compiled to dynamic": ("compiled", "dynamic"),
    "dynamic to compiled": ("dynamic", "compiled"),
}


def schema() -> str:
    """Return the text: a root for each holder, with a field for each kind, and one for what is referred to."""
    lines = ["class Inner(TimeSeriesSchema):\n    a: TS[int]\n    b: TS[str]\n"]
    lines += [f"class Of{kind}(TimeSeriesSchema):\n    x: {spelled}\n" for kind, (spelled, _, _) in KINDS.items()]
    for holder, (around, _) in HOLDERS.items():
        fields = (f"    f{kind}: {around.format(kind=kind, spelled=KINDS[kind][0])}" for kind in KINDS)
        lines.append("\n".join([f"class Held{holder}(TimeSeriesSchema):", *fields, ""]))
    fields = (f"    f{kind}: {spelled}\n    r{kind}: REF[{spelled}]" for kind, (spelled, _, _) in KINDS.items())
    return "\n".join([*lines, "class HeldREF(TimeSeriesSchema):", *fields, ""])


@dataclass
class Subject:
    """A leader that is written in two ticks, with its snapshot and delta after each."""

    writer: type
    reader: type
    reader_value: Any
    leader: Any
    snapshots: list[Any]
    deltas: list[Any]
    full: list[Any]

    def follower(self, now: int = 0) -> Any:
        root = self.reader()
        if now:
            root.advance(now)
        return root

    def check(self, root: Any, number: int) -> None:
        """Check that a follower holds what its leader held after a tick."""
        assert root.snapshot() == self.reader_value.decode(self.snapshots[number].encode())

    def follow(self, sent: Callable[[Any, Any], Any]) -> None:
        """Check one that follows by what becomes of each delta on its way."""
        root = self.follower()
        for number, delta in enumerate(self.deltas):
            root.advance(number + 1)
            root.apply(sent(delta, type(root.delta())))
            self.check(root, number)
            assert root.delta() == type(root.delta()).decode(delta.encode())


def subject(layout: str, modules: dict[str, ModuleType], holder: str, kind: str) -> Subject:
    """Write the leader; what holds a reference is written at what it refers to."""
    source, target = (modules[backend] for backend in LAYOUTS[layout])
    name = f"Held{holder}"
    leader = getattr(source, name)()
    around = HOLDERS[holder][1] if holder in HOLDERS else lambda value: value
    made = Subject(type(leader), getattr(target, name), getattr(target, f"{name}Value"), leader, [], [], [])
    for now, value in enumerate(KINDS[kind][1:], 1):
        leader.advance(now)
        if holder == "REF" and now == 1:
            leader[f"r{kind}"].bind(leader[f"f{kind}"])
        leader[f"f{kind}"].value = around(value)
        made.snapshots.append(leader.snapshot())
        made.deltas.append(leader.delta())
        made.full.append(leader.full_delta())
    return made


def _loads(s: Subject, sent: Callable[[Any], Any]) -> None:
    root = s.follower()
    for number, value in enumerate(s.snapshots):
        root.advance(number + 1)
        root.load(sent(value))
        s.check(root, number)


def _full(s: Subject) -> None:
    for number, delta in enumerate(s.full):
        for again in (type(s.follower().delta()).decode(delta.encode()), delta if s.reader is s.writer else None):
            if again is not None:
                root = s.follower(number + 1)
                root.apply(again)
                s.check(root, number)


def _undone(s: Subject) -> None:
    root = s.follower()
    cls = type(root.delta())
    for number, delta in enumerate(s.deltas):
        root.advance(number + 1)
        root.apply(cls.decode(delta.encode()))
    root.advance(9)
    root.apply(cls.decode(hgvalue.invert(s.deltas[1], s.snapshots[0]).encode()))
    s.check(root, 0)


def _composed(s: Subject) -> None:
    root = s.follower(2)
    root.apply(type(root.delta()).decode(hgvalue.compose(*s.deltas).encode()))
    s.check(root, 1)


def _pickled(s: Subject) -> None:
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        for delta, value in zip(s.deltas, s.snapshots, strict=True):
            assert pickle.loads(pickle.dumps(delta, protocol)) == delta
            assert pickle.loads(pickle.dumps(value, protocol)) == value
    s.follow(lambda delta, cls: cls.from_python(pickle.loads(pickle.dumps(delta)).to_python()))


def _of_snapshots(s: Subject) -> None:
    assert hgvalue.apply(s.deltas[1], s.snapshots[0]) == s.snapshots[1]
    root = s.follower(1)
    root.load(s.reader_value.decode(s.snapshots[0].encode()))
    root.advance(2)
    root.apply(type(root.delta()).decode(hgvalue.diff(*s.snapshots).encode()))
    s.check(root, 1)


ROUTES: dict[str, Callable[[Subject], None]] = {
    "snapshot plain": lambda s: _loads(s, lambda value: s.reader_value.from_python(value.to_dict())),
    "snapshot JSON": lambda s: _loads(s, lambda value: s.reader_value.from_json(value.to_json())),
    "snapshot bytes": lambda s: _loads(s, lambda value: s.reader_value.decode(value.encode())),
    "delta plain": lambda s: s.follow(lambda delta, cls: cls.from_python(delta.to_python())),
    "delta JSON": lambda s: s.follow(lambda delta, cls: cls.from_json(delta.to_json())),
    "delta bytes": lambda s: s.follow(lambda delta, cls: cls.decode(delta.encode())),
    "pickle": _pickled,
    "full delta": _full,
    "invert": _undone,
    "compose": _composed,
    "diff, apply": _of_snapshots,
}


def render(cells: Mapping[tuple[str, str, str], str]) -> str:
    """Return the table: a row for each layout and holder, and in it the number of routes for each kind."""
    lines = [f"{'':28}" + "".join(f"{kind:>8}" for kind in KINDS)]
    for layout in LAYOUTS:
        for holder in (*HOLDERS, "REF"):
            row = (cells.get((layout, holder, kind), "?") for kind in KINDS)
            lines.append(f"{f'{layout}, {holder}':28}" + "".join(f"{cell:>8}" for cell in row))
    return "\n".join(lines)
