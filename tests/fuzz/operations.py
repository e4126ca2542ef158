"""Operations on objects of hgvalue, found from their classes: a new method is tried without being named here.

A `Subject` makes the same object again and again. `draw` chooses one of its methods, attributes or operators, and
arguments that might suit it.
"""

from __future__ import annotations

import copy
import datetime
import json
import pickle
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random
from types import ModuleType
from typing import Any

__all__ = ["Operation", "Subject", "draw", "subjects"]

SCHEMA = """from hgraph import *

class Side(Enum):
    BUY = 1
    SELL = 2

class Trade(CompoundScalar):
    price: float
    size: int = 1
    tags: list[str] = []
    by_day: dict[date, tuple[int, str]] = {}
    note: str | int = "none"

class Quote(TimeSeriesSchema):
    bid: TS[float]
    ask: TS[float]

class Depth(TimeSeriesSchema):
    quote: TSB[Quote]
    levels: TSL[TSB[Quote], Size[2]]
    notes: TSL[TS[str]]
    flags: TSS[str]
    sizes: TSD[int, TS[int32]]
    closes: TSW[float, Size[3], Size[2]]
    recent: TSW[str, timedelta(microseconds=5)]
    last: TS[Trade]
    side: TS[Side]
    names: TS[dict[str, list[str]]]
    best: REF[TS[float]]
    beat: SIGNAL

type Book = TSD[str, TSB[Depth]]
type Quotes = TSD[str, TSB[Quote]]
type Groups = TSD[str, TSS[str]]
type Nested = TSD[str, TSD[int, TS[str]]]
type Lists = TSL[TSD[str, TS[float]]]
type Trades = TSD[int, TS[Trade]]
type Anything = TSD[str, TS[object]]
"""
LONG = "a text that is too long to lie in a string itself "


@dataclass(frozen=True)
class Subject:
    """Objects of one kind. ``make()`` gives one with the object it is part of, ``state(whole)`` all that it shows."""

    name: str
    make: Callable[[], tuple[Any, Any]]
    state: Callable[[Any], Any]
    values: Callable[[Any], list[Any]]
    observed: bool = False


@dataclass(frozen=True)
class Operation:
    name: str
    run: Callable[[Any], Any]


def depth(m: ModuleType, n: int) -> Any:
    return {
        "quote": {"bid": float(n), "ask": 2.0},
        "levels": ({"bid": 1.0}, {"ask": float(n)}),
        "notes": (LONG + "n", "b" * n),
        "flags": {"x", LONG + str(n)},
        "sizes": {1: 10, n + 2: 20},
        "closes": float(n),
        "recent": LONG,
        "last": m.Trade(1.0, n, [LONG, "t"], {datetime.date(2020, 1, 1): (n, LONG)}, LONG),
        "side": m.Side.BUY,
        "names": {LONG: [LONG, "q"], "n": []},
    }


def contents(m: ModuleType) -> dict[str, list[Any]]:
    """Return values for each root, to be written one after another."""
    trade = m.Trade(1.0, 2, [LONG], {}, 5)
    return {
        "Depth": [depth(m, 1), depth(m, 2), depth(m, 3)],
        "Book": [{"a": depth(m, 1), LONG: depth(m, 2)}, {"a": depth(m, 3), "c": depth(m, 4)}],
        "Quotes": [{"a": {"bid": 1.0}, "b": {"ask": 1.0}, LONG: {"bid": 2.0}}, {"a": {"ask": 5.0}, "d": {"bid": 1.0}}],
        "Groups": [{"a": {"x", LONG}, LONG: {"z"}}, {"a": {"w", LONG * 2}, "q": set()}],
        "Nested": [{"a": {1: LONG, 2: "x"}, LONG: {3: "y"}}, {"a": {4: LONG}, "z": {5: LONG}}],
        "Lists": [{0: {"a": 1.0}, 1: {LONG: 2.0}}, {2: {"c": 1.0}, 0: {LONG: 1.0}}],
        "Trades": [{1: trade, 2: m.Trade(2.0)}, {1: m.Trade(3.0, tags=[LONG, LONG]), 3: trade}],
        "Anything": [{"a": LONG, "b": [1, 2]}, {"a": trade, LONG: None}],
    }


def node_state(root: Any) -> Any:
    """Return what there is to see of a root."""
    seen = root.snapshot(), root.delta(), root.clock.now, root.last_modified_time, root.has_observers_in_subtree
    if seen[0] is None:
        return repr(seen)
    if type(root).__name__ == "Anything":  # objects may refuse to be compared, and repr() fails to show what it forgot
        return {key: type(value) for key, value in root.value.items()}, *seen[2:]
    return seen[0].encode(), seen[1].encode(), *seen[2:]


def below(root: Any, random: Random) -> Any:
    """Return the root, or a handle somewhere below it."""
    node = root
    while random.random() < 0.7:
        name = type(node).__name__
        if hasattr(node, "keys") and not hasattr(node, "removed_value"):
            keys = list(node.keys())
            if not keys:
                break
            node = node[random.choice(keys)]
        else:
            break
        if name == "KeySet":
            break
    return node


def _root_subject(m: ModuleType, name: str, observed: bool, random: Random) -> Subject:
    seed = random.random()

    def make() -> tuple[Any, Any]:
        values = contents(m)[name]
        root = getattr(m, name)()
        for at, value in enumerate(values, 1):
            root.advance(at)
            root.apply_result(value)
        choose = Random(seed)
        if choose.random() < 0.3:
            root.advance(10)
        if observed:
            root.subscribe(_ignore)
            root.subscribe_elements(_ignore, when="write") if hasattr(root, "subscribe_elements") else None
        return root, below(root, choose)

    def values(target: Any) -> list[Any]:
        given = [target.value, target.delta_value, target.snapshot(), target.delta(), *_shapes(m)]
        written = contents(m)[name]
        given += [*written, *(next(iter(v.values())) for v in written), getattr(m, name)()]
        return given if name == "Anything" else [*given, target]  # a root in itself has no end

    return Subject(f"{name}{' observed' if observed else ''}", make, node_state, values, observed)


def _ignore(change: Any) -> None:
    pass


@cache
def _shared(m: ModuleType) -> list[Any]:
    import hgvalue

    return [m.Trade, m.Side.SELL, m.Trade(9.0), hgvalue.REMOVE, hgvalue.TypeMeta.get("dict[str, list[str]]"), _ignore]


def _shapes(m: ModuleType) -> list[Any]:
    """Arguments of all kinds, made anew as they may be changed."""
    import hgvalue

    return [
        *_shared(m), "a", LONG, "zz", 0, 1, 2, 7, 20, 1.5, True, None, b"bytes", (), [], {}, set(),
        frozenset({"a", LONG}),
        ["a", "b"], ["a", LONG, "new"], [1.0, 2.0], [1, 2], [LONG, "x"], {"a": 1.0}, {"a": LONG, LONG: "b"},
        {1: 1, 9: 2},
        {"a", "new", LONG}, (1, LONG), datetime.timedelta(1), datetime.datetime(2030, 1, 1), datetime.date(2020, 1, 1),
        {"bid": 1.0}, {"bid": [1.0, 2.0]}, {"a": hgvalue.REMOVE}, hgvalue.set_delta({"n1"}, {"x"}), "[0]", ".a", "a.b",
        hgvalue.Value("dict[str, list[str]]", {LONG: [LONG]}), hgvalue.Value("float", 2.0), "list[tuple[int, str]]",
    ]  # fmt: skip


VALUES: dict[str, Any] = {
    "dict[str, list[str]]": {"a": [LONG, "x"], LONG: []},
    "list[dict[int, str]]": [{1: LONG}, {}, {2: "b", 3: LONG}],
    "set[str]": {"a", LONG},
    "tuple[str, int, list[str]]": (LONG, 1, [LONG]),
    "list[str]": [LONG, "a", "c"],
    "dict[int, float]": {1: 1.0, 2: 2.0},
    "str | int | list[str]": [LONG],
    "str | None": LONG,
    "object": [1, 2],
    "dict[str, object]": {"a": [1], LONG: LONG},
    "CyclicBuffer[str, 3]": [LONG, "a"],
    "Queue[str]": [LONG, "b"],
    "float": 1.5,
}


def _value_state(value: Any) -> Any:
    return value.has_value, value.value, str(value.schema)


def _value_subject(m: ModuleType, spelling: str, random: Random) -> Subject:
    import hgvalue

    view, inner = random.random() < 0.7, random.random() < 0.4

    def make() -> tuple[Any, Any]:
        value = hgvalue.Value(hgvalue.TypeMeta.get(spelling), VALUES[spelling])
        target: Any = value.view() if view else value
        if view and inner and hasattr(target, "__getitem__"):
            keys = [LONG] if "dict[str" in spelling else [0, 1]
            target = next((target[k] for k in keys if _has(target, k)), target)
        return value, target

    return Subject(f"Value {spelling}", make, _value_state, lambda t: [VALUES[spelling], LONG, *_shapes(m)])


def _has(target: Any, key: Any) -> bool:
    try:
        target[key]
    except (LookupError, TypeError):
        return False
    return True


def _delta_subject(m: ModuleType, name: str) -> Subject:
    import hgvalue

    def make() -> tuple[Any, Any]:
        root = getattr(m, name)()
        for at, value in enumerate(contents(m)[name], 1):
            root.advance(at)
            root.apply_result(value)
        return (delta := root.delta()), delta

    def values(target: Any) -> list[Any]:
        return [target, target.to_python(), hgvalue.invert, *_shapes(m)]

    return Subject(f"delta of {name}", make, lambda d: (d.to_python(), d.change_count), values)


def _struct_subject(m: ModuleType) -> Subject:
    def make() -> tuple[Any, Any]:
        trade = m.Trade(1.0, 2, [LONG], {datetime.date(2020, 1, 2): (1, LONG)}, LONG)
        return trade, trade

    def values(trade: Any) -> list[Any]:
        return [trade.to_dict(), trade.to_json(), trade.encode(), *_shapes(m)]

    return Subject("Trade", make, lambda t: t.to_json(), values)


def subjects(m: ModuleType, random: Random) -> Subject:
    """Choose a subject."""
    kind = random.random()
    if kind < 0.6:
        return _root_subject(m, random.choice(sorted(contents(m))), random.random() < 0.3, random)
    if kind < 0.85:
        return _value_subject(m, random.choice(sorted(VALUES)), random)
    return (
        _delta_subject(m, random.choice(sorted(set(contents(m)) - {"Anything"}))) if kind < 0.95 else _struct_subject(m)
    )


def _consumed(result: Any) -> Any:
    return list(result) if hasattr(result, "__next__") else result


def _call(name: str, arguments: Sequence[Any], keywords: dict[str, Any]) -> Callable[[Any], Any]:
    return lambda target: _consumed(getattr(target, name)(*arguments, **keywords))


def _set(name: str, value: Any) -> Callable[[Any], Any]:
    return lambda target: setattr(target, name, value)


def _between(function: str, a: Any) -> Callable[[Any], Any]:
    import hgvalue

    return lambda target: getattr(hgvalue, function)(target, a)


#: What Python does with objects otherwise than by calling their methods.
OPERATORS: dict[str, Callable[[Any], Any]] = {
    "repr": repr, "str": str, "hash": hash, "list": list, "len": len, "bool": bool, "copy": copy.copy,
    "deepcopy": copy.deepcopy, "pickle": pickle.dumps, "pickle twice": lambda t: pickle.loads(pickle.dumps(t)),
    "json": lambda t: json.loads(t.to_json()), "reversed": lambda t: list(reversed(t)), "dict": dict, "set": set,
}  # fmt: skip
WITH_ONE: dict[str, Callable[[Any, Any], Any]] = {
    "[]": lambda t, a: t[a], "del []": lambda t, a: t.__delitem__(a), "in": lambda t, a: a in t,
    "==": lambda t, a: t == a, "<": lambda t, a: t < a, "class()": lambda t, a: type(t)(a),
}  # fmt: skip
FUNCTIONS = ("diff", "apply", "compose", "bind", "match_schemas", "view", "full_delta", "invert", "encode")


def draw(subject: Subject, target: Any, random: Random) -> Operation:
    """Choose something to do with the object."""
    import hgvalue

    given = subject.values(target)
    names = [
        n for n in dir(type(target)) if not n.startswith("__") or n in ("__array__", "__arrow_c_stream__", "__reduce__")
    ]
    name = random.choice(names)
    kind = random.random()
    a, b = random.choice(given), random.choice(given)
    if kind < 0.1:
        which = random.choice(sorted(OPERATORS))
        return Operation(which, OPERATORS[which])
    if kind < 0.25:
        which = random.choice([*sorted(WITH_ONE), "[] ="])
        if which == "[] =":
            return Operation(f"[{a!r:.60}] = {b!r:.60}", lambda t: t.__setitem__(a, b))
        return Operation(f"{which} {a!r:.60}", lambda t: WITH_ONE[which](t, a))
    if kind < 0.3:
        which = random.choice(FUNCTIONS)
        if which in ("view", "full_delta", "invert", "encode"):
            return Operation(f"hgvalue.{which}", getattr(hgvalue, which))
        return Operation(f"hgvalue.{which}(…, {a!r:.60})", _between(which, a))
    if kind < 0.45 and hasattr(target, "copy_from"):
        source = subject.make()[1]  # writes that fit, which few of the others do
        written = {
            "apply_result": source.value,
            "load": source.snapshot(),
            "apply": source.delta(),
            "copy_from": source,
        }
        which = random.choice(sorted(written))
        return Operation(f"{which}(…)", _call(which, (written[which],), {}))
    attribute = getattr(target, name, None)
    if not callable(attribute):
        if random.random() < 0.7:
            return Operation(f"{name} = {a!r:.80}", _set(name, a))
        return Operation(name, lambda t: _consumed(getattr(t, name)))
    arguments = random.choice(((), (a,), (a,), (a,), (a, b)))
    keywords = {"bid": b} if name == "update_columns" and random.random() < 0.5 else {}
    return Operation(f"{name}{arguments!r:.120}{keywords or ''!r:.60}", _call(name, arguments, keywords))
