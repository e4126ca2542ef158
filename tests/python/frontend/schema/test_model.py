"""Types check themselves, however they come to be made."""

from __future__ import annotations

import pytest

from hgvalue_gen.schema import model as m
from hgvalue_gen.schema.pool import MAX_DEPTH, TypePool


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda b: m.TSD(m.ListType(b.int), m.TS(b.int)), "HGT012"),
        (lambda b: m.TSS(m.Primitive("object")), "HGT012"),
        (lambda b: m.SetType(b.struct("A", x=m.MapType(b.str, b.int))), "HGT012"),
        (lambda b: m.MapType(m.ArrayType(b.int, 2), b.int), "HGT012"),
        (lambda b: m.ArrayType(b.int, 0), "HGT016"),
        (lambda b: m.TSL(m.TS(b.int), -1), "HGT016"),
        (lambda b: m.TSL(m.TS(b.int), 2**24 + 1), "HGT018"),
        (lambda b: m.TSL(m.TSL(m.TS(m.ArrayType(b.int, 300)), 300), 300), "HGT018"),
        (lambda b: m.QueueType(b.int, 2**31), "HGT018"),
        (lambda b: m.TSW(b.int, 3, 4), "HGT017"),
        (lambda b: m.TSW(b.int, 3, m.timedelta_us(1)), "HGT018"),
        (lambda b: m.WindowType(b.int, m.timedelta_us(0), m.timedelta_us(0)), "HGT016"),
    ],
)
def test_self_checks(build, make, code):
    with pytest.raises(m.SchemaTypeError) as caught:
        make(build)
    assert caught.value.code == code


def test_hashability_follows_the_parts(build):
    assert build.struct("A", x=m.TupleOf(build.int)).hashable
    assert m.OptionalType(m.SetType(build.str)).hashable
    assert not m.TupleType((build.int, m.QueueType(build.int))).hashable


def test_equal_shapes_are_equal_and_named_ones_nominal(build):
    assert m.TS(build.int) == m.TS(m.Primitive("int64"))
    assert build.struct("A", x=build.int) != build.struct("B", x=build.int)
    assert build.bundle(None, x=m.TS(build.int)) == build.bundle(None, x=m.TS(build.int))


def test_structs_that_share_structs_take_linear_time(build):
    made = build.struct("S0", x=build.int)
    for index in range(1, 90):
        made = build.struct(f"S{index}", a=made, b=made)
    assert made.hashable and hash(made)


def test_pool_limits_depth(build):
    pool = TypePool()
    type = pool.make(m.Primitive, "int64")
    with pytest.raises(m.SchemaTypeError) as caught:
        for _ in range(MAX_DEPTH + 1):
            type = pool.make(m.ListType, type)
    assert caught.value.code == "HGT006"


def test_aliases_cannot_grow_beyond_all_bounds(compiled):
    text = "A0 = tuple[int, int]\n" + "".join(f"A{i + 1} = tuple[A{i}, A{i}]\n" for i in range(40))
    assert compiled(f"{text}type T = TS[A40]\n").error.code == "HGT006"
