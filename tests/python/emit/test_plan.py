"""Where types are emitted, what their classes are called, and what a type is made of."""

from __future__ import annotations

import pytest

from hgvalue_gen.emit.plan import EmitError, make_plan
from hgvalue_gen.emit.walk import Facts, key_of
from hgvalue_gen.schema import model as m

from . import models as make

PAIR = make.bundle(None, bid=m.TS(make.FLOAT), ask=m.TS(make.FLOAT))
POINT = make.struct("Point", make.field("x", make.INT))


def test_the_single_main_file_is_the_package() -> None:
    plan = make_plan(make.market(), "shop.market")
    assert [(u.name, u.python_name, u.attribute) for u in plan.units] == [
        ("common", "shop.market.common", "common"),
        ("market", "shop.market", "market"),
    ]
    assert plan.unit("market").uses == ("common",)


def test_several_main_files_are_modules_of_the_package() -> None:
    plan = make_plan(make.schema(make.module("a"), make.module("b.c"), main=("a", "b.c")), "pkg")
    assert [(u.python_name, u.attribute) for u in plan.units] == [("pkg.a", "a"), ("pkg.b.c", "b_c")]


def test_anonymous_bundles_come_before_their_first_user() -> None:
    outer = make.bundle(None, inner=m.TSB(PAIR))
    first, second = m.Root("First", m.TSD(make.STR, m.TSB(outer))), m.Root("Second", m.TSB(PAIR))
    plan = make_plan(make.one(first, second), "pkg")
    assert plan.units[0].declarations == (PAIR, outer, first, second)
    assert plan.class_name(PAIR) == "TSB_bid_ask"


def test_a_shape_is_emitted_once_for_all_files() -> None:
    a = make.module("a", m.Root("A", m.TSB(PAIR)))
    b = make.module("b", m.Root("B", m.TSB(PAIR)))
    plan = make_plan(make.schema(a, b), "pkg")
    assert plan.home_of(PAIR) == "a"
    assert plan.unit("b").uses == ("a",)


def test_names_of_anonymous_bundles_are_short_and_distinct() -> None:
    long = make.bundle(None, **{f"field_{i}": m.TS(make.INT) for i in range(9)})
    other = make.bundle(None, bid=m.TS(make.INT), ask=m.TS(make.INT))
    roots = [m.Root(f"R{i}", m.TSB(bundle)) for i, bundle in enumerate((PAIR, other, long))]
    plan = make_plan(make.one(make.struct("TSB_bid_ask"), *roots), "pkg")
    names = [plan.class_name(bundle) for bundle in (PAIR, other, long)]
    assert names == ["TSB_bid_ask_", "TSB_bid_ask_3", "TSB_field_0_field_1_field_2_field_3_and_5_more"]


def test_files_that_need_one_name_are_refused() -> None:
    schema = make.schema(make.module("a.b"), make.module("a_b"))
    with pytest.raises(EmitError, match=r"schema 'a_b' and schema 'a\.b' need the same name"):
        make_plan(schema, "pkg")


def test_types_are_known_by_name_or_by_shape() -> None:
    assert key_of(POINT) == "main:Point"
    assert key_of(PAIR) == key_of(make.bundle(None, bid=m.TS(make.FLOAT), ask=m.TS(make.FLOAT)))
    assert key_of(PAIR) != key_of(make.bundle(None, bid=m.TS(make.FLOAT), ask=m.TS(make.INT)))


@pytest.mark.parametrize(
    ("type", "hashable", "comparable"),
    [
        (make.INT, True, True),
        (make.OBJECT, False, False),
        (make.enum("E", A=1), True, True),
        (POINT, True, True),
        (m.OptionalType(make.INT), True, False),
        (m.ListType(make.INT), False, True),
        (m.TupleOf(make.INT), True, True),
        (m.TupleType((make.INT, m.ListType(make.INT))), False, True),
        (m.SetType(make.INT), True, False),
        (m.MapType(make.STR, make.INT), True, False),
        (m.ArrayType(make.INT, 2), False, True),
        (m.QueueType(make.INT), False, False),
    ],
)
def test_what_values_can_do(type: m.ScalarType, hashable: bool, comparable: bool) -> None:
    assert (Facts().is_hashable(type), Facts().is_comparable(type)) == (hashable, comparable)
