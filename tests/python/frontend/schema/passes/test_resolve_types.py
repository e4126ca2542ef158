"""Type expressions, fields and defaults."""

from __future__ import annotations

import pytest

from hgvalue_gen.schema import model as m
from hgvalue_gen.schema import spell

BASE = """
class Side(Enum):
    BUY = 1
    SELL = 2
class Point(CompoundScalar):
    x: int
class Bag(CompoundScalar):
    items: list[int]
class Quote(TimeSeriesSchema):
    bid: TS[float]
"""


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("int", "int"),
        ("float", "float"),
        ("int64", "int"),
        ("uint8", "uint8"),
        ("object", "object"),
        ("Tuple[int, str]", "tuple[int, str]"),
        ("tuple[int]", "tuple[int]"),
        ("tuple[()]", "tuple[()]"),
        ("tuple[int, ...]", "tuple[int, ...]"),
        ("List[int]", "list[int]"),
        ("Set[str]", "set[str]"),
        ("frozenset[str]", "set[str]"),
        ("FrozenSet[float]", "set[float]"),
        ("Dict[str, int]", "dict[str, int]"),
        ("Mapping[str, int]", "dict[str, int]"),
        ("frozendict[str, list[int]]", "dict[str, list[int]]"),
        ("typing.List[int]", "list[int]"),
        ("Optional[int]", "int | None"),
        ("None | int", "int | None"),
        ("Optional[int | None]", "int | None"),
        ("Union[int, None]", "int | None"),
        ("int | int64", "int"),
        ("int | str", "int | str"),
        ("Union[str, int | float]", "str | int | float"),
        ("int | None | Point", "int | Point | None"),
        ("dict[str | int, list[int] | float]", "dict[str | int, list[int] | float]"),
        ("(int)", "int"),
        ("Array[float, Size[3]]", "Array[float, Size[3]]"),
        ("Array[float, 3]", "Array[float, Size[3]]"),
        ("CyclicBuffer[int, Size[8]]", "CyclicBuffer[int, Size[8]]"),
        ("Queue[str]", "Queue[str]"),
        ("Queue[str, Size[4]]", "Queue[str, Size[4]]"),
        ("Window[int, Size[4]]", "Window[int, Size[4], Size[0]]"),
        ("Side", "Side"),
        ("dict[Point, Side | None]", "dict[Point, Side | None]"),
        ("set[tuple[Point, ...]]", "set[tuple[Point, ...]]"),
    ],
)
def test_scalars(compiled, written, meant):
    outcome = compiled(f"import typing\n{BASE}\nclass A(CompoundScalar):\n    x: {written}\n")
    assert spell(outcome.struct("A").fields[0].type) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("TS[Point]", "TS[Point]"),
        ("Quote", "TSB[Quote]"),
        ("TSB[Quote]", "TSB[Quote]"),
        ("TSL[Quote, 2]", "TSL[TSB[Quote], Size[2]]"),
        ("TSL[TS[int]]", "TSL[TS[int]]"),
        ("TSD[tuple[int, Side], Quote]", "TSD[tuple[int, Side], TSB[Quote]]"),
        ("TSS[float]", "TSS[float]"),
        ('TSB["bid": TS[float], "ask": TSD[str, Quote],]', 'TSB["bid": TS[float], "ask": TSD[str, TSB[Quote]]]'),
        ("TSW[int, 5, 2]", "TSW[int, Size[5], Size[2]]"),
        ("TSD[float, TS[object]]", "TSD[float, TS[object]]"),
    ],
)
def test_time_series(compiled, written, meant):
    outcome = compiled(f"{BASE}\nclass A(TimeSeriesSchema):\n    x: {written}\n")
    assert spell(outcome.bundle("A").fields[0].type) == meant


@pytest.mark.parametrize(
    ("written", "code", "quoted"),
    [
        ("TS[flaot]", "HGT010", "flaot"),
        ("TS[Side.BUY]", "HGT030", "Side.BUY"),
        ("TS[Quote]", "HGT013", "Quote"),
        ("TS[list[TS[int]]]", "HGT013", "TS[int]"),
        ("TS[Quote | None]", "HGT013", "Quote"),
        ("Point", "HGT014", "Point"),
        ("int", "HGT014", "int"),
        ("TSL[int]", "HGT014", "int"),
        ("TSD[str, int]", "HGT014", "int"),
        ("TSB[Point]", "HGT014", "Point"),
        ("TSB[TS[int]]", "HGT030", "TS[int]"),
        ("TSB[Quote, Quote]", "HGT015", "TSB[Quote, Quote]"),
        ("TS", "HGT015", "TS"),
        ("TS[int, str]", "HGT015", "TS[int, str]"),
        ("TSD[str]", "HGT015", "TSD[str]"),
        ("TS[int[str]]", "HGT015", "int[str]"),
        ("TS[Point[int]]", "HGT015", "Point[int]"),
        ("TS[list]", "HGT015", "list"),
        ("TSL[TS[int], 0]", "HGT016", "0"),
        ("TS[Array[int, Size[0]]]", "HGT016", "Size[0]"),
        ("TSW[int, 3, 4]", "HGT017", "4"),
        ("TSS[list[int]]", "HGT012", "list[int]"),
        ("TSD[object, TS[int]]", "HGT012", "object"),
        ("TSD[Bag, TS[int]]", "HGT012", "Bag"),
        ("TSS[tuple[Bag, ...]]", "HGT012", "tuple[Bag, ...]"),
        ("TS[set[Queue[int]]]", "HGT012", "Queue[int]"),
        ("TS[dict[dict[str, int], int]]", "HGT012", "dict[str, int]"),
        ("TSS[Array[int, 2]]", "HGT012", "Array[int, 2]"),
        ("TSS[CyclicBuffer[int, 2]]", "HGT012", "CyclicBuffer[int, 2]"),
        ("TSS[Window[int, 2]]", "HGT012", "Window[int, 2]"),
        ("TSS[list[int] | None]", "HGT012", "list[int] | None"),
        ("TSS[int | list[int]]", "HGT012", "int | list[int]"),
        ("TS[int | TS[int]]", "HGT013", "TS[int]"),
        ("'Quote'", "HGT030", "'Quote'"),
        ("TS[5]", "HGT030", "5"),
        ("TS[None]", "HGT030", "None"),
        ("TS[-1]", "HGT030", "-1"),
        ("TS[a.b]", "HGT010", "a"),
        ("TS[Point.x]", "HGT010", "x"),
        ("TS[Size]", "HGT030", "Size"),
        ("[TS[int]]", "HGT030", "[TS[int]]"),
        ("REF[int]", "HGT014", "int"),
        ("REF", "HGT015", "REF"),
        ("REF[TS[int], TS[int]]", "HGT015", "REF[TS[int], TS[int]]"),
        ("SIGNAL[int]", "HGT015", "SIGNAL[int]"),
        ('TSB["a": TS[int], "a": TS[int]]', "HGT011", '"a"'),
        ('TSB["class": TS[int]]', "HGT030", '"class"'),
        ('TSB["a": TS[int], TS[int]]', "HGT030", "TS[int]"),
        ('TSB["value": TS[int]]', "HGT022", '"value"'),
        ('TSL["a": TS[int]]', "HGT030", '"a": TS[int]'),
        ("TS[Annotated[int, item_only]]", "HGT040", "Annotated[int, item_only]"),
        ("Annotated[TS[int]]", "HGT040", "Annotated[TS[int]]"),
        ("Annotated[TS[int], other]", "HGT040", "other"),
    ],
)
def test_wrong_time_series(compiled, written, code, quoted):
    outcome = compiled(f"{BASE}\nclass A(TimeSeriesSchema):\n    x: {written}\n")
    assert (outcome.error.code, outcome.quoted) == (code, quoted)


def test_hashability_names_the_part_and_the_field(compiled):
    error = compiled(f"{BASE}\ntype T = TSD[tuple[int, Bag], TS[int]]\n").error
    assert error.message == "dict key `tuple[int, Bag]` is not hashable"
    assert error.label == "it holds `list[int]` in `Bag.items`; lists can change, so they cannot be keys"
    assert error.help == "use `tuple[int, ...]`"


@pytest.mark.parametrize(
    ("type", "written", "value"),
    [
        ("bool", "True", True),
        ("int", "-5", -5),
        ("int8", "-128", -128),
        ("uint64", "0xFFFFFFFFFFFFFFFF", 2**64 - 1),
        ("int", "True", 1),
        ("float", "3", 3.0),
        ("float", "-1.5e3", -1500.0),
        ("float", ".5", 0.5),
        ("float32", "1e38", 1e38),
        ("str", "'a' \"b\" r'\\c'", "ab\\c"),
        ("str", "'''a\n\"b'''", 'a\n"b'),
        ("bytes", "b'\\x00' b'1'", b"\x001"),
        ("timedelta", "timedelta(seconds=1)", m.timedelta_us(1_000_000)),
        ("date | None", "None", None),
        ("int | None", "5", 5),
        ("tuple[int, ...]", "(1, 2,)", (1, 2)),
        ("tuple[int, str]", "(1, 'a')", (1, "a")),
        ("tuple[int, ...]", "()", ()),
        ("list[float]", "[1, 2.5]", [1.0, 2.5]),
        ("list[list[int]]", "[[], [1]]", [[], [1]]),
        ("set[str]", "{'a', 'b'}", frozenset("ab")),
        ("set[str]", "set()", frozenset()),
        ("frozenset[int]", "frozenset({1})", frozenset({1})),
        ("dict[str, int]", "{'a': 1}", {"a": 1}),
        ("dict[str, int]", "{}", {}),
        ("frozendict[str, int]", "frozendict()", {}),
        ("frozendict[str, int]", "frozendict({'a': 1})", {"a": 1}),
        ("Array[int, 2]", "[1, 2]", [1, 2]),
        ("Queue[int, 2]", "[1]", [1]),
        ("object", "None", None),
        ("object", "'x'", "x"),
        ("int", "LIMIT", 7),
    ],
)
def test_defaults(compiled, type, written, value):
    field = compiled(f"LIMIT = 7\nclass A(CompoundScalar):\n    x: {type} = {written}\n").struct("A").fields[0]
    assert field.has_default
    assert field.default == value
    assert field.default.__class__ is value.__class__


def test_default_enum_member(compiled):
    outcome = compiled(f"{BASE}\nclass A(CompoundScalar):\n    x: Side = Side.SELL\n    y: Side\n")
    first, second = outcome.struct("A").fields
    assert first.default == m.EnumMember(first.type, "SELL")
    assert not second.has_default


@pytest.mark.parametrize(
    ("type", "written", "code", "quoted"),
    [
        ("int8", "300", "HGT024", "300"),
        ("uint8", "-1", "HGT024", "-1"),
        ("int", "1.0", "HGT024", "1.0"),
        ("int", "'1'", "HGT024", "'1'"),
        ("float", "True", "HGT024", "True"),
        ("float32", "1e39", "HGT024", "1e39"),
        ("bool", "1", "HGT024", "1"),
        ("str", "b''", "HGT024", "b''"),
        ("str", "None", "HGT024", "None"),
        ("date", "5", "HGT024", "5"),
        ("timedelta", "5", "HGT024", "5"),
        ("Point", "5", "HGT024", "5"),
        ("Side", "1", "HGT024", "1"),
        ("Side", "Side.HOLD", "HGT010", "HOLD"),
        ("list[int]", "(1,)", "HGT024", "(1,)"),
        ("list[int]", "[1, 'b']", "HGT024", "'b'"),
        ("tuple[int, str]", "(1,)", "HGT024", "(1,)"),
        ("set[int]", "{}", "HGT024", "{}"),
        ("dict[str, int]", "{1}", "HGT024", "{1}"),
        ("dict[str, int]", "frozendict(1)", "HGT024", "frozendict(1)"),
        ("dict[str, int]", "frozenset()", "HGT024", "frozenset()"),
        ("dict[str, int8]", "{'a': 300}", "HGT024", "300"),
        ("Array[int, 3]", "[1]", "HGT024", "[1]"),
        ("Queue[int, 1]", "[1, 2]", "HGT024", "[1, 2]"),
        ("date", "date(2020, 1, 1)", "HGT029", "date(2020, 1, 1)"),
        ("list[int]", "field(default_factory=list)", "HGT024", "field(default_factory=list)"),
        ("int", "1 << 3", "HGT029", "1 << 3"),
        ("int", "float", "HGT029", "float"),
        ("float", "nothing", "HGT010", "nothing"),
        ("object", "[1]", "HGT024", "[1]"),
    ],
)
def test_wrong_defaults(compiled, type, written, code, quoted):
    outcome = compiled(f"{BASE}\nclass A(CompoundScalar):\n    x: {type} = {written}\n")
    assert (outcome.error.code, outcome.quoted) == (code, quoted)


def test_fields_without_default_may_follow_those_with_one(compiled):
    assert compiled("class A(CompoundScalar):\n    x: int = 1\n    y: int\n").struct("A").fields[1].name == "y"


def test_default_on_a_time_series_field(compiled):
    assert compiled("class A(TimeSeriesSchema):\n    x: TS[int] = 5\n").error.code == "HGT025"


@pytest.mark.parametrize(
    "name", ["value", "delta", "keys", "items", "valid", "modified_items", "as_schema", "__init__"]
)
def test_fields_of_bundles_that_clash(compiled, name):
    outcome = compiled(f"class A(TimeSeriesSchema):\n    {name}: TS[int]\n")
    assert (outcome.error.code, outcome.quoted) == ("HGT022", name)
    assert "item_only" in outcome.error.help


@pytest.mark.parametrize("name", ["to_dict", "replace", "from_json", "__hash__"])
def test_fields_of_structs_that_clash(compiled, name):
    assert compiled(f"class A(CompoundScalar):\n    {name}: int\n").error.code == "HGT022"


@pytest.mark.parametrize("name", ["clock", "type", "match", "size", "date", "int", "TS", "operator", "template", "_x"])
def test_other_fields_have_any_name(compiled, name):
    assert compiled(f"class A(TimeSeriesSchema):\n    {name}: TS[int]\n").bundle("A").fields[0].name == name
    assert (
        compiled(f"class A(CompoundScalar):\n    {name}: int\n    value: int\n").struct("A").fields[1].name == "value"
    )


def test_marker_allows_a_clash(compiled):
    outcome = compiled(
        "class A(TimeSeriesSchema):\n    value: Annotated[TS[int], item_only]\n    bid: TS[int]\n"
        "class B(CompoundScalar):\n    replace: Annotated[int, item_only] = 5\n"
        'type T = TSB["value": Annotated[TS[int], item_only]]\n'
    )
    assert [field.item_only for field in outcome.bundle("A").fields] == [True, False]
    assert outcome.struct("B").fields[0].item_only
    assert outcome.root("T").bundle.fields[0].item_only


@pytest.mark.parametrize("body", ["pass", "...", "'doc'", "x = 5", "def f(self): pass", "x.y: int"])
def test_classes_without_fields(compiled, body):
    assert set(compiled(f"class A(CompoundScalar):\n    {body}\n").codes) <= {"HGT036", "HGT028"} != set()


def test_roots_and_aliases(compiled):
    outcome = compiled(
        f"{BASE}\nBoard = TSD[str, Quote]\nSame = Board\nMinutes = float\nAlso = Quote\ntype T = TSL[Same]\n"
    )
    names = [item.name for item in outcome.ok.modules[0].declarations]
    assert names[-2:] == ["Board", "T"]
    assert spell(outcome.root("T")) == "TSL[TSD[str, TSB[Quote]]]"


def test_equal_shapes_are_one_object(compiled):
    outcome = compiled(f"{BASE}\ntype A = TSD[str, TSB[Quote]]\ntype B = TSD[str, Quote]\n")
    assert outcome.root("A") is outcome.root("B")
