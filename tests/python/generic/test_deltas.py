"""Deltas of every kind, written by hand: what they say, how they are made, and what they refuse."""

from __future__ import annotations

import copy
import gc
import pickle
import weakref
from collections.abc import Callable
from datetime import datetime, timedelta
from types import ModuleType
from typing import Any

import pytest

import hgvalue
from hgvalue import (
    DecodeError,
    Delta,
    FrozenError,
    SetDelta,
    StateError,
    TypeKind,
    TypeMeta,
    TypeRegistry,
    Value,
    apply,
    compose,
    diff,
    full_delta,
    invert,
    set_delta,
)

from .samples import IDS, POINT, SAMPLES

ROW = pytest.mark.row
pytestmark = ROW("D-01")
R = TypeRegistry
DAY = [datetime(2026, 1, day) for day in range(1, 9)]


def change(type_: Any, old: Any, new: Any) -> Delta:
    """Return the delta between two Python forms, after asserting that it is one."""
    a, b = Value(type_, old), Value(type_, new)
    delta = diff(a, b)
    assert apply(delta, a) == b and a == Value(type_, old)
    assert apply(invert(delta, a), b) == a
    for again in round_trips(delta):
        assert again == delta and type(again) is Delta and again.to_python() == delta.to_python()
    return delta


def round_trips(delta: Delta) -> list[Delta]:
    return [
        Delta.from_python(delta.schema, delta.to_python()),
        Delta(delta.schema, delta.to_python()),
        Delta.from_json(delta.schema, delta.to_json()),
        Delta.decode(delta.encode()),
        Delta.decode(delta.schema, delta.encode()),
        hgvalue.decode(hgvalue.encode(delta)),
        pickle.loads(pickle.dumps(delta)),
        copy.copy(delta),
        copy.deepcopy(delta),
        Delta(delta),
    ]


# -- kinds ---------------------------------------------------------------------------------------------------------


def test_single_values() -> None:
    delta = change(int, 1, 2)
    assert delta.to_python() == {"value": 2} and delta.new_value() == 2 and delta.has_new_value()
    assert delta.kind is TypeKind.SCALAR and delta.schema is TypeMeta.get("int") and delta.change_count == 1
    same = change(int, 1, 1)
    assert same.empty and not same and same.to_python() == {} and same.new_value() is None and not same.has_new_value()
    assert change("int | str", 1, "a").new_value() == "a"
    assert change(float, 0.0, -0.0).change_count == 1  # by their bits


def test_sets() -> None:
    delta = change(set[str], {"a", "b"}, {"b", "c"})
    assert delta.added() == {"c"} and delta.removed() == {"a"} and delta.change_count == 2
    assert delta.to_python() == set_delta({"c"}, {"a"}) and isinstance(delta.to_python(), SetDelta)
    assert (
        isinstance(delta.added(), frozenset) and repr(delta) == "Delta(set[str], SetDelta(added={'c'}, removed={'a'}))"
    )
    for form in ({"added": ["c"], "removed": {"a"}}, {"removed": ("a",), "added": frozenset("c")}):
        assert Delta(set[str], form) == delta
    ordered = Delta(R.set(str, True), {"added": ["z", "a"]})
    assert ordered.to_python() == {"added": ["z", "a"]} and list(apply(ordered, Value(R.set(str, True)))) == ["z", "a"]


def test_dicts() -> None:
    delta = change(dict[str, int], {"a": 1, "b": 2, "c": 3}, {"b": 2, "c": 4, "d": 5})
    assert delta.added_keys() == ["d"] and delta.added_items() == [("d", 5)] and delta.added_values() == [5]
    assert delta.updated_keys() == ["c"] and delta.updated_items() == [("c", 4)] and delta.removed_keys() == ["a"]
    assert delta.to_python() == {"removed": ["a"], "added": {"d": 5}, "updated": {"c": 4}} and delta.change_count == 3
    keys_in_any_order = {"added": {"z": 1, "b": 2}, "removed": ["y", "c"]}
    assert Delta(dict[str, int], keys_in_any_order).added_keys() == ["b", "z"]
    afresh = Delta(dict[str, int], {"removed": ["a"], "added": {"a": 7}})
    assert apply(afresh, Value(dict[str, int], {"a": 1})) == {"a": 7}


def test_nested_changes_are_deltas() -> None:
    delta = change(dict[str, POINT], {"a": {"x": 1, "y": 1.0}}, {"a": {"x": 2, "y": 1.0}})  # type: ignore[valid-type]
    [(key, inner)] = delta.updated_items()
    assert key == "a" and type(inner) is Delta and inner.schema is POINT and inner.changed() == {"x": 2}
    assert inner == diff(Value(POINT, {"x": 1, "y": 1.0}), Value(POINT, {"x": 2, "y": 1.0})) and hash(inner)
    assert delta.to_python() == {"updated": {"a": {"x": 2}}}
    for again in round_trips(inner):
        assert again == inner
    value = Value(POINT, {"x": 1, "y": 9.0})
    inner.apply_to(value)
    assert value == {"x": 2, "y": 9.0} and apply(inner, value) == value
    del delta
    gc.collect()
    assert inner.changed() == {"x": 2}


def test_lists() -> None:
    delta = change(list[int], [1, 2, 3, 4], [1, 5, 3])
    assert delta.to_python() == {"kept": 3, "dropped": 1, "updated": {1: 5}}
    assert (delta.kept(), delta.dropped(), delta.size()) == (3, 1, 3)
    assert delta.updated_items() == [(1, 5)] and delta.appended() == [] and delta.change_count == 2
    longer = change(list[int], [1], [1, 2, 3])
    assert longer.appended() == [2, 3] and longer.size() == 3 and change(list[int], [1], [1]).size() is None
    array = change(R.fixed_list(int, 3), [1, 2, 3], [1, 2, 4])
    assert array.to_python() == {2: 4} and array.size() == 3 and array.updated_items() == [(2, 4)]
    assert change(R.tuple_of(str), ("a",), ("b",)).to_python() == {"kept": 1, "updated": {0: "b"}}
    assert change(list[list[int]], [[1]], [[1, 2]]).updated_items()[0][1].appended() == [2]


def test_structs_and_tuples() -> None:
    assert change(POINT, {"x": 1, "y": 2.0}, {"x": 1, "y": 3.0}).changed() == {"y": 3.0}
    delta = change(tuple[int, list[int]], (1, [1]), (1, []))
    assert delta.to_python() == {1: {"dropped": 1}} and list(delta.changed()) == [1]
    assert delta.changed()[1].dropped() == 1 and delta.to_json() == '{"1":{"dropped":1}}'


def test_optionals() -> None:
    points = R.optional(POINT)
    point = {"x": 1, "y": 2.0}
    assert change(points, None, point).to_python() == {"value": point}
    assert change(points, None, point).state() == "replaced" and change(points, point, point).state() == "none"
    reset = change(points, point, None)
    assert reset.to_python() == {"reset": True} and reset.state() == "reset" and reset.inside() is None
    inside = change(points, point, {"x": 5, "y": 2.0})
    assert inside.to_python() == {"inside": {"x": 5}} and inside.state() == "inside"
    within = inside.inside()
    assert within is not None and within.changed() == {"x": 5} and not inside.has_new_value()
    assert change(R.optional(int), 1, 2).new_value() == 2


def test_buffers_queues_and_windows() -> None:
    delta = change(R.cyclic_buffer(int, 3), [1, 2, 3], [2, 3, 4])
    assert delta.to_python() == {"kept": 2, "dropped": 1, "appended": [4]} and delta.size() == 3
    assert change(R.queue(str), ["a"], ["a", "b"]).appended() == ["b"]
    for type_ in (R.window(float, 3), R.window(float, timedelta(days=3))):
        old = [(DAY[0], 1.0), (DAY[1], 2.0), (DAY[2], 3.0)]
        delta = change(type_, old, [*old[1:], (DAY[3], 4.0)])
        assert delta.appended_items() == [(DAY[3], 4.0)] and delta.appended_times() == [DAY[3]]
        assert delta.appended() == [4.0] and delta.dropped() == 1 and delta.kept() == 2


# -- what all have ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "type_", "form"), SAMPLES, ids=IDS)
@ROW("D-02")
def test_every_kind(kind: TypeKind, type_: TypeMeta, form: Any) -> None:
    default, value = Value(type_), Value(type_, form)
    delta = diff(default, value)
    assert delta.kind is kind and delta.empty == (default == value) and change(type_, form, form).empty
    target = Value(type_)
    delta.apply_to(target)
    assert target == value
    target = Value(type_)
    delta.apply_to(target.view())
    assert target == value == apply(full_delta(value), default)
    assert hash(delta) == hash(diff(default, value))
    assert str(delta) == delta.to_string() and delta.to_string() in repr(delta)
    taken = copy.copy(delta)
    taken.clear()
    assert taken.empty and taken.change_count == 0 and taken == Delta(type_) and delta == diff(default, value)


@ROW("D-02")
def test_methods_of_other_kinds() -> None:
    numbers, names = Delta(list[int]), Delta(set[str])
    for call in (
        *(numbers.added, numbers.removed, numbers.added_keys, numbers.changed, numbers.state, numbers.inside),
        *(names.appended, names.updated_items, names.kept, names.size, names.new_value, names.removed_keys),
        *(Delta(R.fixed_list(int, 2)).appended, Delta(R.queue(int)).appended_times),
    ):
        with pytest.raises(TypeError, match=r"list\[int\]|set\[str\]|Array|Queue"):
            call()


@ROW("D-04")
def test_algebra() -> None:
    type_ = dict[str, list[int]]
    a, b, c = (Value(type_, form) for form in ({"x": [1]}, {"x": [1, 2], "y": []}, {"y": [3]}))
    both = compose(diff(a, b), diff(b, c))
    assert apply(both, a) == c and both == diff(a, c)
    assert apply(invert(both, a), c) == a
    with pytest.raises(ValueError):
        invert(both, Value(type_))
    with pytest.raises(TypeError):
        compose(both, Delta(int))


# -- where it is applied ---------------------------------------------------------------------------------------------


@ROW("D-02")
def test_apply_to_a_part_of_a_value() -> None:
    value = Value(dict[str, list[int]], {"a": [1], "b": [2]})
    Delta(list[int], {"kept": 1, "appended": [5]}).apply_to(value["a"])
    assert value == {"a": [1, 5], "b": [2]}
    view = value["b"]
    Delta(value.schema, {"removed": ["b"]}).apply_to(value)
    with pytest.raises(hgvalue.StaleReferenceError):
        view.to_python()
    assert value == {"a": [1, 5]}


@ROW("D-02")
def test_views_of_what_stays_are_good() -> None:
    type_ = R.bundle({"book": R.map(str, R.list(POINT)), "best": R.optional(POINT), "last": R.queue(int)})
    point = {"x": 1, "y": 1.0}
    value = Value(type_, {"book": {"a": [point, point], "b": [point]}, "best": point, "last": [1]})
    first, second, other = value["book"]["a"][0]["x"], value["book"]["a"][1]["x"], value["book"]["b"][0]["x"]
    best, last, whole = value["best"]["x"], value["last"][0], value["book"]["b"]
    Delta(type_, {"book": {"updated": {"a": {"kept": 2, "updated": {1: {"x": 5}}}}}}).apply_to(value)
    assert [first.value, second.value, other.value, best.value, last.value] == [1, 5, 1, 1, 1]
    Delta(type_, {"book": {"removed": ["b"], "added": {"c": []}}, "best": {"inside": {"x": 7}}}).apply_to(value)
    assert [first.value, second.value, best.value, last.value] == [1, 5, 7, 1]
    Delta(type_, {"book": {"updated": {"a": {"kept": 1, "dropped": 1}}}, "best": {"value": point}}).apply_to(value)
    Delta(type_, {"last": {"kept": 1, "appended": [2]}}).apply_to(value)
    assert value == {"book": {"a": [point], "c": []}, "best": point, "last": [1, 2]}
    for stale in (first, second, other, whole, best, last):
        with pytest.raises(hgvalue.StaleReferenceError):
            stale.to_python()
    assert value["book"]["a"][0]["x"] == 1


@ROW("D-02")
def test_nothing_is_half_applied() -> None:
    type_ = R.bundle({"n": int, "m": "dict[str, int]", "l": "list[int]"})
    form = {"n": 1, "m": {"a": 1}, "l": [1, 2]}
    for wrong in (
        {"n": 2, "m": {"removed": ["zz"]}},
        {"n": 2, "m": {"added": {"a": 5}}},
        {"n": 2, "m": {"updated": {"zz": 5}}},
        {"n": 2, "m": {"added": {"b": 1}}, "l": {"kept": 5, "appended": [1]}},
    ):
        value, delta = Value(type_, form), Delta(type_, wrong)
        for call in (Delta.apply_to, apply, invert):
            with pytest.raises(ValueError):
                call(delta, value)
            assert value == form


@ROW("D-02")
def test_what_it_cannot_be_applied_to() -> None:
    delta = Delta(POINT, {"x": 3})
    wrongs: list[Any] = [Value(int), Value(list[int]).view(), {"x": 1}, None, 3]
    for wrong in wrongs:
        with pytest.raises(TypeError):
            delta.apply_to(wrong)
        with pytest.raises(TypeError):
            apply(delta, wrong)
    with pytest.raises(hgvalue.NullValueError):
        delta.apply_to(Value.null(POINT))
    for call in (lambda: diff(Value(int), Value(str)), lambda: diff(1, 2), lambda: apply(1, Value(int))):  # type: ignore
        with pytest.raises(TypeError):
            call()
    with pytest.raises(hgvalue.NullValueError):
        diff(Value.null(POINT), Value(POINT))


# -- making them ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("type_", "form", "error", "message"),
    [
        (POINT, {"z": 1}, TypeError, "no field 'z'"),
        (POINT, {"x": "a"}, TypeError, r"GenericPoint\.x: expected int"),
        (POINT, 3, TypeError, "dict"),
        (POINT, {"$ticked": 1}, TypeError, "bool"),
        (tuple[int, int], {5: 1}, TypeError, "no field 5"),
        (tuple[int, int], {-1: 1}, OverflowError, "-1"),
        (dict[str, int], {"adde": {}}, TypeError, "it has removed, added, updated"),
        (dict[str, int], {"added": {"a": "b"}}, TypeError, r"added\['a'\]"),
        (dict[str, int], {"added": [1]}, TypeError, "added"),
        (dict[str, int], {"removed": "ab"}, TypeError, "removed"),
        (dict[str, int], {"removed": ["a"], "updated": {"a": 1}}, ValueError, "both"),
        (dict[str, int], {"added": {"a": 1}, "updated": {"a": 1}}, ValueError, "both"),
        (dict[str, int], {"removed": ["a", "a"]}, ValueError, "removed_keys"),
        (set[int], {"added": [1], "removed": [1]}, ValueError, "both"),
        (set[int], set_delta({"a"}), TypeError, "added"),
        (list[int], {"kept": 1, "updated": {3: 4}}, ValueError, "out of range"),
        (list[int], {"kept": -1, "dropped": 1}, OverflowError, "kept"),
        (list[int], [1], TypeError, "dict"),
        (R.fixed_list(int, 2), {2: 1}, ValueError, "out of range"),
        (R.optional(POINT), {"reset": True, "value": {"x": 1, "y": 1.0}}, ValueError, "not several"),
        (R.optional(int), {"inside": {"value": 3}}, TypeError, "nothing changes inside"),
        (R.window(int, 3), {"appended": [3]}, TypeError, "pair"),
        (R.window(int, 3), {"appended": [(DAY[1], 1), (DAY[0], 2)]}, ValueError, "descend"),
        (int, 5, TypeError, "dict"),
        (int, {"value": "a"}, TypeError, "value: expected int"),
        (list[int], Delta(set[int]), TypeError, "delta"),
    ],
)
def test_forms_that_are_refused(type_: Any, form: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message) as caught:
        Delta(type_, form)
    assert isinstance(caught.value, hgvalue.HgValueError)
    if not isinstance(form, Delta):
        with pytest.raises(error):
            Delta.from_python(type_, form)


def test_changes_that_change_nothing_are_left_out() -> None:
    type_ = dict[str, list[int]]
    assert Delta(type_, {"updated": {"a": {}, "b": {"kept": 7}}}) == Delta(type_)
    assert Delta(R.bundle({"m": dict[str, int]}), {"m": {"added": {}}}).empty
    assert Delta(list[int], {"kept": 3}).empty and Delta(R.optional(POINT), {"inside": {}}).empty


def test_a_delta_inside_a_form() -> None:
    inner = Delta(POINT, {"x": 1})
    assert Delta(dict[str, POINT], {"updated": {"a": inner}}).updated_items() == [("a", inner)]  # type: ignore[valid-type]


def test_ticks_are_kept() -> None:
    delta = Delta(POINT, {"$ticked": True})
    assert delta.ticked and not delta.empty and delta.change_count == 0 and delta.to_python() == {"$ticked": True}
    names = Delta(set[str], {"$ticked": True, "added": ["a"]})
    for d in (delta, names, Delta(int, {"$ticked": True})):
        for again in round_trips(d):
            assert again == d and again.ticked
    assert compose(delta, Delta(POINT)).ticked


class PointDelta(Delta):
    """A delta of one type, as generated classes have."""

    __value_type__ = POINT


def test_subclasses_with_a_type() -> None:
    delta = PointDelta({"x": 1})
    assert delta == Delta(POINT, {"x": 1}) == PointDelta(Delta(POINT, {"x": 1})) == PointDelta(POINT, {"x": 1})
    assert repr(delta) == "PointDelta({'x': 1})" and PointDelta().empty and PointDelta() == Delta(POINT)
    for made in (
        PointDelta.from_python({"x": 1}),
        PointDelta.from_json(delta.to_json()),
        PointDelta.decode(delta.encode()),
        pickle.loads(pickle.dumps(delta)),
        copy.copy(delta),
        copy.deepcopy(delta),
        compose(delta, Delta(POINT)),
    ):
        assert type(made) is PointDelta and made == delta
    assert type(invert(delta, Value(POINT))) is PointDelta
    with pytest.raises(DecodeError, match=r"set\[int\].*GenericPoint"):
        PointDelta.decode(Delta(set[int]).encode())
    calls: list[Callable[[], Any]] = [
        lambda: PointDelta(Delta(int)),
        lambda: PointDelta.from_python(int, {}),
        lambda: PointDelta.decode(int, delta.encode()),
        lambda: PointDelta(int),
    ]
    for call in calls:
        with pytest.raises(TypeError, match="PointDelta"):
            call()


def test_construction_that_is_refused() -> None:
    for call in (
        *(lambda: Delta(), lambda: Delta(1), lambda: Delta(int, {}, 3), lambda: Delta(type=int)),  # type: ignore
        *(lambda: Delta.from_python({}), lambda: Delta.from_json("{}"), lambda: Delta.decode()),  # type: ignore
    ):
        with pytest.raises(TypeError):
            call()
    raw = Delta.__new__(Delta)
    for use in (lambda: raw.empty, lambda: raw.to_python(), lambda: raw.clear(), lambda: raw == raw, lambda: hash(raw)):
        with pytest.raises(StateError):
            use()
    assert "not initialised" in repr(raw)
    delta = Delta(POINT, {"x": 1})
    with pytest.raises(StateError, match="second"):
        delta.__init__(int)  # type: ignore[misc]
    assert delta.changed() == {"x": 1}


# -- equality and life -------------------------------------------------------------------------------------------------


def test_equality() -> None:
    assert Delta(set[int]) != Delta(set[str]) and Delta(int) != 3 and Delta(int) != {}
    assert Delta(int, {"value": 1}) != Delta(int, {"value": 2})
    with pytest.raises(TypeError):
        sorted([Delta(int), Delta(int)])  # type: ignore[type-var]
    objects = R.bundle({"o": "object"})
    assert Delta(objects, {"o": [1]}) == Delta(objects, {"o": [1]})
    with pytest.raises(TypeError, match="hashed"):
        hash(Delta(objects))


class Thing:
    """Something that objects can be watched by."""


OBJECTS = R.bundle({"o": "object"}, name="DeltaObjects", module="tests.generic")


def test_objects() -> None:
    thing = [1]
    delta = Delta(OBJECTS, {"o": thing})
    assert delta.changed()["o"] is thing and apply(delta, Value(OBJECTS))["o"].value is thing
    deep = copy.deepcopy(delta)
    assert deep == delta and deep.changed()["o"] is not thing and copy.copy(delta).changed()["o"] is thing
    assert pickle.loads(pickle.dumps(delta)) == delta
    with pytest.raises(TypeError, match="o"):
        delta.encode()


def test_nothing_leaks() -> None:
    things = [Thing() for _ in range(3)]
    watched = [weakref.ref(thing) for thing in things]
    value = Value(OBJECTS, {"o": things[0]})
    delta = diff(value, Value(OBJECTS, {"o": things[1]}))
    delta.apply_to(value)
    back = invert(delta, Value(OBJECTS, {"o": things[2]}))
    with pytest.raises(TypeError):
        Delta(OBJECTS, {"o": things[0], "what": 1})
    things.clear()
    assert [ref() is None for ref in watched] == [True, False, False]
    del value, delta, back
    assert [ref() for ref in watched] == [None] * 3


def test_cycles_are_collected() -> None:
    outer = R.list(OBJECTS)
    for keep_root in (True, False):
        thing: Any = Thing()
        watched = weakref.ref(thing)
        root = diff(Value(outer, [{"o": None}]), Value(outer, [{"o": thing}]))
        thing.nested = root.updated_items()[0][1]
        thing.copy = copy.copy(thing.nested)
        if keep_root:
            thing.root = root
        del root, thing
        gc.collect()
        assert watched() is None


def test_clear_while_in_use() -> None:
    """Code of an object's that runs in a comparison may clear the deltas that are compared."""

    class Hostile:
        def __eq__(self, other: object) -> bool:
            a.clear()
            b.clear()
            gc.collect()
            return True

        __hash__ = None  # type: ignore[assignment]

    a, b = Delta(OBJECTS, {"o": Hostile()}), Delta(OBJECTS, {"o": Hostile()})
    assert a == b and a.empty and b.empty


# -- generated classes -------------------------------------------------------------------------------------------------


@ROW("D-03", "generated")
def test_structs(m: ModuleType) -> None:
    old, new = m.Trade(price=1.5, size=7), m.Trade(price=1.5, size=8)
    delta = diff(old, new)
    assert delta.changed() == {"size": 8} and delta.schema == TypeMeta.from_python_type(m.Trade)
    changed = apply(delta, old)
    assert type(changed) is m.Trade and changed == new and old.size == 7
    assert apply(invert(delta, old), new) == old and apply(delta, Value(old)) == new
    assert isinstance(apply(delta, hgvalue.view(old)), Value) and apply(delta, hgvalue.view(old)) == new
    for frozen in (old, hgvalue.view(old)):
        with pytest.raises(FrozenError, match=r"hgvalue\.apply"):
            delta.apply_to(frozen)
    value = Value(old)
    delta.apply_to(value)
    assert value == new
    for again in round_trips(delta):
        assert again == delta
    mine = type("Trade", (m.Trade,), {})
    kept = mine(price=1.0)
    kept.note = "mine"
    assert type(apply(delta, kept)) is mine and apply(delta, kept).note == "mine" and apply(delta, kept).size == 8


@ROW("D-01", "generated")
def test_structs_inside(m: ModuleType) -> None:
    type_ = R.map(str, m.Trade)
    a, b = Value(type_), Value(type_, {"x": m.Trade(price=1.0)})
    delta = diff(a, b)
    assert delta.added_items() == [("x", m.Trade(price=1.0))] and delta.added_values() == [m.Trade(price=1.0)]
    assert delta.to_python() == {"added": {"x": m.Trade(price=1.0)}}
    for again in round_trips(delta):
        assert again == delta and apply(again, a) == b
    enums = Delta(R.list(m.Side), {"appended": [m.Side.SELL]})
    assert enums.appended() == [m.Side.SELL]
    for again in round_trips(enums):
        assert again == enums


@ROW("D-06", "generated")
def test_time_series(m: ModuleType) -> None:
    root = m.Quotes()
    root.advance(1)
    root.value = {"a": {"bid": 1.0, "ask": 2.0}}
    view = hgvalue.view(root)
    before = Value(view.schema, view.value)
    assert diff(before, view).empty and full_delta(view) == full_delta(before)
    assert view.encode() == before.encode() and view.to_json() == before.to_json()
    root.value = {"b": {"bid": 1.0}}
    with pytest.raises(hgvalue.NullValueError, match="valid"):
        diff(before, view)
    root.advance(2)
    Delta(float, {"value": 5.0}).apply_to(view["a"]["bid"])
    assert root["a"].bid.value == 5.0 and root["a"].bid.modified and not root["b"].modified
