"""What holds for all types, values and deltas."""

from __future__ import annotations

import copy
import pickle
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import hgvalue
from hgvalue import DecodeError, Delta, HgValueError, TypeKind, Value, apply, compose, diff, full_delta, invert

from .strategies import several

LAW = settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
ROW = pytest.mark.row
CHANCE = st.integers(0, 2**32).map(random.Random)


@ROW("D-05")
@LAW
@given(several(1))
def test_values_come_back(values: tuple[Value, ...]) -> None:
    (value,) = values
    type_ = value.schema
    for again in (
        Value.decode(value.encode()),
        Value.decode(type_, value.encode()),
        hgvalue.decode(hgvalue.encode(value)),
        Value.from_python(type_, value.to_python()),
        Value.from_json(type_, value.to_json()),
        pickle.loads(pickle.dumps(value)),
        copy.deepcopy(value),
    ):
        assert again == value and again.schema == type_
        # A frozenset, the Python form of a set, does not keep the order that is content of some.
        assert again.encode() == value.encode() or "OrderedSet" in type_.name
        if type_.is_hashable:
            assert hash(again.view()) == hash(value.view())


@ROW("D-01")
@ROW("D-05")
@LAW
@given(several(2))
def test_deltas_come_back(values: tuple[Value, ...]) -> None:
    for delta in (diff(*values), full_delta(values[1])):
        type_ = delta.schema
        for again in (
            Delta.decode(delta.encode()),
            Delta.decode(type_, delta.encode()),
            Delta.from_python(type_, delta.to_python()),
            Delta.from_json(type_, delta.to_json()),
            pickle.loads(pickle.dumps(delta)),
            copy.copy(delta),
        ):
            assert again == delta and again.change_count == delta.change_count
            # The Python form of a set that keeps its order is a frozenset, which does not; bytes tell the order.
            if "OrderedSet" not in str(type_):
                assert again.encode() == delta.encode()
            if type_.is_hashable:
                assert hash(again) == hash(delta)
        assert repr(delta) and str(delta) and delta.empty == (delta.change_count == 0) == (not delta)


@ROW("D-03")
@LAW
@given(several(2))
def test_a_difference_makes_the_other(values: tuple[Value, ...]) -> None:
    a, b = values
    delta, before = diff(a, b), copy.copy(a)
    assert apply(delta, a) == b and a == before and diff(a, a).empty and diff(b, copy.copy(b)).empty
    delta.apply_to(a)
    assert a == b and diff(a, b).empty
    assert apply(full_delta(b), Value(b.schema)) == b


@ROW("D-04")
@LAW
@given(several(3))
def test_following_and_undoing(values: tuple[Value, ...]) -> None:
    a, b, c = values
    first, second = diff(a, b), diff(b, c)
    both = compose(first, second)
    assert apply(both, a) == apply(second, apply(first, a)) == c
    assert apply(invert(first, a), b) == a and apply(invert(both, a), c) == a
    undone = compose(first, invert(first, a))
    assert apply(undone, a) == a


@ROW("D-02")
@LAW
@given(several(3))
def test_what_does_not_fit_changes_nothing(values: tuple[Value, ...]) -> None:
    a, b, c = values
    delta, before = diff(a, b), copy.copy(c)
    try:
        changed = apply(delta, c)
    except ValueError as error:
        assert isinstance(error, HgValueError)
        for call in (delta.apply_to, lambda v: invert(delta, v)):
            with pytest.raises(ValueError):
                call(c)
        assert c == before and c.encode() == before.encode()
    else:
        assert c == before
        delta.apply_to(c)
        assert c == changed


@ROW("D-02")
@LAW
@given(several(3), CHANCE)
def test_views_outlive_what_they_look_at(values: tuple[Value, ...], chance: random.Random) -> None:
    """A view below a value that a delta changed shows what is there, or says that it is stale."""
    a, b, _ = values
    views = [a.view()]
    for _ in range(8):
        view = chance.choice(views)
        try:
            steps = list(view.keys()) if hasattr(view, "keys") else list(range(len(view)))
        except TypeError:  # a single value
            continue
        if steps and view.kind not in (TypeKind.SET, TypeKind.OPTIONAL, TypeKind.VARIANT):
            views.append(view[chance.choice(steps)])
    diff(a, b).apply_to(a)
    stale = 0
    for view in views:
        try:
            shown = view.to_python()
        except hgvalue.StaleReferenceError:
            stale += 1
        else:
            assert a.view().navigate(view.path) == view == Value(view.schema, shown)
    assert a.view() == b and stale < len(views)  # the whole is never stale


@ROW("D-05")
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(several(2), CHANCE)
def test_bytes_that_were_changed(values: tuple[Value, ...], chance: random.Random) -> None:
    """5000 in all; the C++ tests have more, also behind a checksum that is right."""
    value, other = values
    delta = diff(value, other)
    for data, reads in (
        (value.encode(), (Value.decode, lambda d: Value.decode(value.schema, d), hgvalue.decode)),
        (delta.encode(), (Delta.decode, lambda d: Delta.decode(delta.schema, d), hgvalue.decode)),
    ):
        for _ in range(25):
            changed = bytearray(data)
            match chance.randrange(4):
                case 0:
                    del changed[chance.randrange(len(changed)) :]
                case 1:
                    changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
                case 2:
                    changed.insert(chance.randrange(len(changed)), chance.randrange(256))
                case _:
                    changed = bytearray(chance.randbytes(chance.randrange(40)))
            if changed == data:
                continue
            for read in reads:
                with pytest.raises(DecodeError):
                    read(bytes(changed))
