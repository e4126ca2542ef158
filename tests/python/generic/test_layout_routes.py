"""Every route of deltas and values, for kinds in kinds: a compiler lays out structs, the registry lays out deltas.

Each cell is one type as a field, changed from one value to another, by every route.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

import hgvalue

from ..model.generated import load

#: For each kind, its spelling around another type, and a value made of two values of that.
KINDS: dict[str, tuple[str, Callable[[Any, Any], Any]]] = {
    "list": ("list[{}]", lambda a, b: [a, b]),
    "tuple_of": ("tuple[{}, ...]", lambda a, b: (a, b)),
    "tuple": ("tuple[{0}, {0}]", lambda a, b: (a, b)),
    "dict": ("dict[str, {}]", lambda a, b: {"a": a, "p" * 40: b}),
    "tuple_keys": ("dict[tuple[str, ...], {}]", lambda a, b: {("k" * 40,): a, (): b}),
    "optional": ("{} | None", lambda a, _: a),
    "array": ("Array[{}, Size[2]]", lambda a, b: [a, b]),
    "buffer": ("CyclicBuffer[{}, Size[2]]", lambda a, b: [b, a]),
    "queue": ("Queue[{}]", lambda a, b: [a, b]),
    "union": ("{} | bool", lambda a, _: a),
}
INNER = ("list", "tuple_of", "tuple", "dict")
CELLS = [(outer, inner) for outer in KINDS for inner in INNER]


def _spelling(outer: str, inner: str) -> str:
    return KINDS[outer][0].format(KINDS[inner][0].format("str"))


def _field(outer: str, inner: str) -> str:
    return f"{outer}_of_{inner}_"


def _value(outer: str, inner: str, *texts: str) -> Any:
    a, b, c = texts
    make = KINDS[inner][1]
    return KINDS[outer][1](make(a, b), make(c, a))


FIRST, SECOND = ("x", "y" * 40, ""), ("x", "z" * 40, "w" * 50)
SCHEMA = (
    "class S(CompoundScalar):\n"
    + "".join(f"    {_field(*cell)}: {_spelling(*cell)} | None = None\n" for cell in CELLS)
    + "\nclass B(TimeSeriesSchema):\n"
    + "".join(f"    {_field(*cell)}: TS[{_spelling(*cell)}]\n" for cell in CELLS)
    + "".join(f"    by_{_field(*cell)}: TSD[str, TS[{_spelling(*cell)}]]\n" for cell in CELLS if cell[1] == "list")
)


@pytest.fixture(scope="module")
def routes_module(backend: str) -> ModuleType:
    return load(SCHEMA, "layout_routes", backend)


Route = Callable[[Any, Any], Any]
DELTA_ROUTES: dict[str, Route] = {
    "plain form": lambda cls, d: cls.from_python(d.to_python()),
    "JSON": lambda cls, d: cls.from_json(d.to_json()),
    "bytes": lambda cls, d: cls.decode(d.encode()),
    "pickle": lambda _, d: pickle.loads(pickle.dumps(d)),
}
VALUE_ROUTES: dict[str, Route] = {
    "dict": lambda cls, v: cls.from_dict(v.to_dict()),
    "JSON": lambda cls, v: cls.from_json(v.to_json()),
    "bytes": lambda cls, v: cls.decode(v.encode()),
    "pickle": lambda _, v: pickle.loads(pickle.dumps(v)),
    "generic": lambda _, v: hgvalue.Value(v).to_python(),
}


@pytest.mark.parametrize(("outer", "inner"), CELLS)
def test_values(routes_module: ModuleType, outer: str, inner: str) -> None:
    cls, field = routes_module.S, _field(outer, inner)
    one, two = (cls(**{field: _value(outer, inner, *texts)}) for texts in (FIRST, SECOND))
    for name, route in VALUE_ROUTES.items():
        assert route(cls, one) == one, name
    change = hgvalue.diff(one, two)
    for name, again in {
        "plain form": hgvalue.Delta(cls, change.to_python()),
        "JSON": hgvalue.Delta.from_json(cls, change.to_json()),
        "bytes": hgvalue.Delta.decode(change.encode()),
        "pickle": pickle.loads(pickle.dumps(change)),
    }.items():
        assert again == change, name
        assert hgvalue.apply(again, one) == two, name
    back = hgvalue.invert(change, one)
    assert hgvalue.apply(back, two) == one
    assert hgvalue.apply(hgvalue.compose(change, back), one) == one


@pytest.mark.parametrize(("outer", "inner"), CELLS)
def test_ticks(routes_module: ModuleType, outer: str, inner: str) -> None:
    cls, delta_class, value_class = routes_module.B, routes_module.BDelta, routes_module.BValue
    root, follower = cls(), cls()
    deltas = []
    for at, texts in enumerate((FIRST, SECOND), 1):
        value = _value(outer, inner, *texts)
        root.advance(at)
        written = {_field(outer, inner): value}
        if inner == "list":
            written[f"by_{_field(outer, inner)}"] = {"k" * 40: value}
        root.apply_result(written)
        deltas.append(root.delta())
    for route_name, route in DELTA_ROUTES.items():
        for delta in deltas:
            assert route(delta_class, delta) == delta, route_name
    both = hgvalue.compose(*deltas)
    follower.advance(2)
    follower.apply(DELTA_ROUTES["plain form"](delta_class, both))
    assert repr(follower.value) == repr(root.value)
    snapshot = root.snapshot()
    assert follower.snapshot() == snapshot
    loaded = cls()
    loaded.advance(3)
    loaded.load(value_class.from_json(snapshot.to_json()))
    assert loaded.snapshot() == snapshot
