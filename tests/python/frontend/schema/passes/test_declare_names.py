"""Declarations, and statements that are none."""

from __future__ import annotations

import pytest

from hgvalue_gen.schema import model as m

ITEM = "class Item(CompoundScalar):\n    name: str\n"


def test_docstrings_of_modules_classes_fields_and_roots(compiled):
    outcome = compiled(
        '"""Module.\n\n    More.\n"""\n'
        'class Quote(TimeSeriesSchema):\n    """Class."""\n    bid: TS[float]\n    "Field."\n    ask: TS[float]\n'
        'type Board = TSD[str, Quote]\n"""Root."""\n'
    )
    (module,) = outcome.ok.modules
    assert module.doc == "Module.\n\nMore."
    assert outcome.bundle("Quote").doc == "Class."
    assert [field.doc for field in outcome.bundle("Quote").fields] == ["Field.", None]
    assert outcome.named("Board").doc == "Root."


def test_every_spelling_of_a_base(compiled):
    outcome = compiled(
        "import enum, hgraph as hg\n"
        "@dataclass(frozen=True)\nclass A(hg.CompoundScalar): x: int\n"
        "@enum.unique\nclass B(enum.Enum): X = 1\n"
        "class C(IntEnum): X = 1\n"
        "@dataclass\nclass D(hgraph.TimeSeriesSchema): x: TS[int]; y: TS[int]\n".replace("hgraph.", "hg.")
    )
    assert [type(item) for item in outcome.ok.modules[0].declarations] == [
        m.StructType,
        m.EnumType,
        m.EnumType,
        m.Bundle,
    ]


@pytest.mark.parametrize(
    "header",
    [
        "class A:",
        "class A():",
        "class A(object):",
        "class A(StrEnum):",
        "class A(int):",
        "class A(metaclass=M):",
        "class A(CompoundScalar, Enum):",
        "class A(CompoundScalar, slots=True):",
        "class A(1):",
    ],
)
def test_wrong_bases(compiled, header):
    assert compiled(f"{header}\n    x: int\n").error.code == "HGT035"


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("class Pair[T](TimeSeriesSchema):\n    x: TS[T]\n", "[T]"),
        ("class Pair(TimeSeriesSchema, Generic[T]):\n    x: TS[T]\n", "Generic[T]"),
        ("T = TypeVar('T')\n" + ITEM, "TypeVar('T')"),
        ("type Pairs[T] = TSD[str, TS[T]]\n" + ITEM, "[T]"),
        (ITEM + "class More(Item):\n    y: int\n", "Item"),
        (ITEM + "class More(Item[int]):\n    y: int\n", "Item[int]"),
    ],
)
def test_what_is_not_supported_yet(compiled, text, quoted):
    outcome = compiled(text)
    assert outcome.error.code == "HGT050"
    assert outcome.error.message.endswith("not supported yet")
    assert outcome.quoted == quoted


def test_what_uses_an_unsupported_class_is_not_reported_again(compiled):
    assert compiled("class Pair[T](TimeSeriesSchema):\n    x: TS[T]\ntype P = TSD[int, TSB[Pair[float]]]\n").codes == [
        "HGT050"
    ]


def test_unknown_bases_are_told_from_classes(compiled):
    outcome = compiled("class Quote(TimeseriesSchema):\n    bid: TS[float]\n")
    assert outcome.error.code == "HGT010"
    assert "`TimeSeriesSchema`" in outcome.error.help


def test_duplicate_declarations_point_to_the_first(compiled):
    error = compiled(ITEM + "Item = float\n").error
    assert error.code == "HGT011"
    assert error.notes[0].location.source.position(error.notes[0].location.span.start) == (1, 7)


@pytest.mark.parametrize("name", ["TS", "Size", "date", "CompoundScalar", "timedelta", "item_only"])
def test_names_of_the_language_keep_their_meaning(compiled, name):
    assert compiled(f"{ITEM}{name} = float\n").error.code == "HGT037"


@pytest.mark.parametrize(
    "statement",
    [
        "def f(x): return x",
        "if a:\n    x = 1\nelif b:\n    y\nelse:\n    z = 2",
        "for x in y:\n  pass",
        "print('x')",
        "with a as b: pass",
        "try:\n  x\nexcept E:\n  y\nfinally:\n  z",
        "del x",
        "x.y = 1",
        "a[0] = 1",
        "price: int",
        "1",
        "@decorated\nasync def f():\n    return [1,\n2]",
        "return 5",
        "assert x",
        "x: int = 5",
    ],
)
def test_statements_outside_the_subset_give_one_error_that_says_what_is_accepted(compiled, statement):
    error = compiled(f"{statement}\n{ITEM}").error
    assert error.code == "HGT028"
    assert error.help


def test_harmless_statements(compiled):
    assert compiled("pass\n...\nX: TypeAlias = float\nN: Final = 3\n" + ITEM).ok


def test_unknown_decorator(compiled):
    assert compiled("@frozen\n" + ITEM).error.code == "HGT038"
