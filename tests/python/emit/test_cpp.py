"""View models of the C++ side: names, types, defaults, bundles."""

from __future__ import annotations

import pytest

from hgvalue_gen.emit.cpp import views as v
from hgvalue_gen.emit.cpp.build import build_sources, build_units
from hgvalue_gen.emit.cpp.defaults import initializer, is_zero
from hgvalue_gen.emit.cpp.scopes import PackageNames
from hgvalue_gen.emit.cpp.spelling import Spelling
from hgvalue_gen.emit.plan import EmitError, make_plan
from hgvalue_gen.schema import model as m

from . import models as make

SIDE = make.enum("Side", BUY=1, NULL=0)
POINT = make.struct("Point", make.field("x", make.INT))
QUOTE = make.bundle("Quote", bid=m.TS(make.FLOAT))


def spelling(*declarations: m.Declaration) -> Spelling:
    plan = make_plan(make.one(*(declarations or (SIDE, POINT, QUOTE))), "pkg")
    return Spelling(PackageNames(plan), plan.units[0])


def views(schema: m.Schema, package: str = "pkg") -> dict[str, v.UnitView]:
    plan = make_plan(schema, package)
    return {unit.file: unit for unit in build_units(plan, PackageNames(plan))}


def bundle(*fields: tuple[str, m.TimeSeriesType], name: str = "Quote") -> v.BundleView:
    declared = m.Bundle("main", name, tuple(m.BundleField(*field) for field in fields))
    item = views(make.one(SIDE, POINT, declared))["main"].declarations[-1].item
    assert isinstance(item, v.BundleView)
    return item


@pytest.mark.parametrize(
    ("type", "spelled"),
    [
        (make.BOOL, "bool"),
        (make.TIME, "hgvalue::time_of_day"),
        (SIDE, "Side"),
        (m.OptionalType(POINT), "std::optional<Point>"),
        (m.TupleOf(make.STR), "hgvalue::tuple_of<std::string>"),
        (m.TupleType((make.STR, make.BOOL)), "std::tuple<std::string, bool>"),
        (m.ListType(make.BOOL), "hgvalue::list<bool>"),
        (m.SetType(make.STR), "hgvalue::set<std::string>"),
        (m.MapType(make.STR, make.FLOAT32), "hgvalue::map<std::string, float>"),
        (m.ArrayType(make.BOOL, 3), "std::array<hgvalue::bool8, 3>"),
        (m.CyclicBufferType(make.INT, 8), "hgvalue::cyclic_buffer<std::int64_t, 8>"),
        (m.QueueType(make.STR), "hgvalue::queue<std::string>"),
        (m.QueueType(make.STR, 4), "hgvalue::queue<std::string, 4>"),
        (m.WindowType(make.FLOAT, 5, 2), "hgvalue::window<double, false, 5, 2>"),
        (m.WindowType(make.FLOAT, m.timedelta_us(7), m.timedelta_us(3)), "hgvalue::window<double, true, 7, 3>"),
    ],
)
def test_scalars(type: m.ScalarType, spelled: str) -> None:
    assert spelling().scalar(type) == spelled


@pytest.mark.parametrize(
    ("node", "shape", "value"),
    [
        (m.TS(make.STR), "hgvalue::ts<std::string>", "std::string"),
        (m.TSB(QUOTE), "QuoteNode", "QuoteValue"),
        (m.TSL(m.TS(make.BOOL), 2), "hgvalue::tsl<hgvalue::ts<bool>, 2>", "std::array<hgvalue::bool8, 2>"),
        (m.TSL(m.TSB(QUOTE), None), "hgvalue::tsl<QuoteNode>", "hgvalue::list<QuoteValue>"),
        (m.TSS(make.DATE), "hgvalue::tss<hgvalue::date>", "hgvalue::set<hgvalue::date>"),
        (m.TSD(POINT, m.TS(SIDE)), "hgvalue::tsd<Point, hgvalue::ts<Side>>", "hgvalue::map<Point, Side>"),
        (
            m.TSW(make.INT, 3, 0),
            "hgvalue::tsw<std::int64_t, false, 3, 0>",
            "hgvalue::window<std::int64_t, false, 3, 0>",
        ),
    ],
)
def test_nodes(node: m.TimeSeriesType, shape: str, value: str) -> None:
    assert (spelling().shape(node), spelling().value(node)) == (shape, value)


def test_outside_the_namespace_names_are_spelled_in_full() -> None:
    plan = make_plan(make.one(SIDE), "a.b")
    names = PackageNames(plan)
    assert Spelling(names, plan.units[0], absolute=True).scalar(SIDE) == "::a::b::Side"


@pytest.mark.parametrize(
    ("imported", "spelled"),
    [("common", "common::T"), ("geo.shapes", "geo::shapes::T"), ("shape", "::pkg::shape::T"), ("std", "std_::T")],
)
def test_types_of_other_files(imported: str, spelled: str) -> None:
    shared = make.struct("T", module=imported)
    schema = make.schema(make.module(imported, shared), make.module("main", m.Root("R", m.TS(shared))))
    plan = make_plan(schema, "pkg")
    assert Spelling(PackageNames(plan), plan.unit("main")).scalar(shared) == spelled


@pytest.mark.parametrize(
    ("others", "spelled"),
    [((), "shapes::T"), (("geo.shapes",), "::pkg::shapes::T"), (("geo.user.shapes",), "::pkg::shapes::T")],
)
def test_a_nearer_namespace_of_the_same_name_is_not_meant(others: tuple[str, ...], spelled: str) -> None:
    shared = make.struct("T", module="shapes")
    user = make.module("geo.user", m.Root("R", m.TS(shared)))
    modules = (make.module("shapes", shared), *map(make.module, others), user)
    plan = make_plan(make.schema(*modules, main=("shapes", "geo.user")), "pkg")
    assert Spelling(PackageNames(plan), plan.unit("geo.user")).scalar(shared) == spelled


def test_users_keep_the_names_they_chose() -> None:
    declared = (
        make.bundle("Quote", x=m.TS(make.INT)),
        make.struct("QuoteNode"),
        make.struct("QuoteOverlay"),
    )
    declarations = views(make.one(*declared))["main"].declarations
    quote, node, overlay = (declaration.item for declaration in declarations)
    assert isinstance(quote, v.BundleView)
    assert (node.name, overlay.name) == ("QuoteNode", "QuoteOverlay")
    assert (quote.name, quote.node, quote.overlay) == ("Quote", "QuoteNode_", "QuoteOverlay_")


def test_a_setter_is_not_the_accessor_of_another_field() -> None:
    x, set_x = bundle(("x", m.TS(make.INT)), ("set_x", m.TS(make.INT))).children
    assert (x.accessor, x.setter, set_x.accessor, set_x.setter) == ("x", "set_x_", "set_x", "set_set_x")


def test_fields_are_escaped_only_where_they_have_to_be() -> None:
    data, change = bundle(("data", m.TS(make.INT)), ("change", m.TS(make.INT))).children
    assert (data.member, data.accessor, data.delta_member) == ("data", "data_", "data")
    assert (change.member, change.accessor, change.delta_member) == ("change", "change", "change_")


def test_a_field_is_not_called_like_a_type() -> None:
    (side,) = bundle(("Side", m.TS(SIDE))).children
    assert (side.member, side.accessor, side.label) == ("Side_", "Side_", '"Side"')


def test_only_leaves_can_be_set() -> None:
    leaf, text, tags = bundle(("x", m.TS(make.INT)), ("t", m.TS(make.STR)), ("s", m.TSS(make.STR))).children
    assert (leaf.setter, leaf.argument) == ("set_x", "v")
    assert (text.setter, text.argument) == ("set_t", "std::move(v)")
    assert tags.setter == ""


def test_collections_get_a_name() -> None:
    view = bundle(("tags", m.TSS(make.STR)), ("x", m.TS(make.INT)))
    assert view.aliases == (v.AliasView("Quote_tags", "hgvalue::tss<std::string>"),)
    assert [child.handle for child in view.children] == ["Quote_tags::handle", "hgvalue::ts_handle<std::int64_t>"]


def test_flat_bundles_have_leaves_only() -> None:
    assert bundle(("x", m.TS(make.INT))).flat == "true"
    assert bundle(("x", m.TSL(m.TS(make.INT), 2))).flat == "false"


@pytest.mark.parametrize(
    ("type", "default", "text"),
    [
        (make.INT, 3, " = 3"),
        (make.FLOAT, 3, " = 3.0"),
        (make.STR, "", ""),
        (make.STR, "a\0", r' = std::string("a\000", 2)'),
        (make.BYTES, b"a", ' = hgvalue::bytes("a", 1)'),
        (SIDE, m.EnumMember(SIDE, "NULL"), " = Side::NULL_"),
        (m.OptionalType(make.STR), None, ""),
        (m.OptionalType(make.STR), "", ' = ""'),
        (m.OptionalType(m.ListType(make.INT)), [], " = hgvalue::list<std::int64_t>{}"),
        (m.ListType(make.INT), [1, 2], "{1, 2}"),
        (m.ArrayType(make.INT, 2), [1, 2], "{{1, 2}}"),
        (m.SetType(make.STR), frozenset({"b", "a"}), '{"a", "b"}'),
        (m.MapType(make.STR, make.INT), {"a": 1}, '{{"a", 1}}'),
        (m.TupleType((make.STR, make.INT)), ("a", 1), '{"a", 1}'),
        (make.TIMEDELTA, m.timedelta_us(5), "{5}"),
        (make.OBJECT, None, ""),
        (m.QueueType(make.INT), [1], " = [] { hgvalue::queue<std::int64_t> v; v.push(1); return v; }()"),
    ],
)
def test_defaults(type: m.ScalarType, default: m.DefaultValue, text: str) -> None:
    members = {"BUY": "BUY", "NULL": "NULL_"}
    assert initializer(make.field("x", type, default), spelling(), lambda _: members) == text


@pytest.mark.parametrize(
    ("type", "text"),
    [(make.INT, "{}"), (SIDE, "{}"), (m.ArrayType(make.INT, 2), "{}"), (make.STR, ""), (make.DATE, ""), (POINT, "")],
)
def test_required_fields_start_with_a_value_too(type: m.ScalarType, text: str) -> None:
    assert initializer(make.field("x", type), spelling(), lambda _: {}) == text


def test_defaults_that_cpp_cannot_make_are_refused() -> None:
    with pytest.raises(EmitError, match="object cannot have the default 5"):
        initializer(make.field("x", make.OBJECT, 5), spelling(), lambda _: {})


@pytest.mark.parametrize(
    ("type", "default", "zero"),
    [
        (make.INT, 0, True),
        (make.INT, 1, False),
        (make.FLOAT, 0.0, True),
        (make.FLOAT, -0.0, False),
        (make.BOOL, False, True),
        (SIDE, m.EnumMember(SIDE, "NULL"), True),
        (SIDE, m.EnumMember(SIDE, "BUY"), False),
        (make.TIMEDELTA, m.timedelta_us(0), True),
        (m.ArrayType(make.INT, 2), [0, 0], True),
        (m.ArrayType(make.INT, 2), [0, 1], False),
    ],
)
def test_which_defaults_are_all_zero_bytes(type: m.ScalarType, default: m.DefaultValue, zero: bool) -> None:
    assert is_zero(make.field("x", type, default)) is zero


def test_large_schemas_are_divided() -> None:
    plan = make_plan(make.one(*(make.bundle(f"B{i}", x=m.TS(make.INT)) for i in range(90))), "pkg")
    names = PackageNames(plan)
    sources = build_sources(build_units(plan, names)[0], names)
    assert {name: len(source.declarations) for name, source in sources.items()} == {
        "main": 40,
        "main_2": 40,
        "main_3": 10,
    }
    assert [source.is_last for source in sources.values()] == [False, False, True]
