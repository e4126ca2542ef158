"""What imported names stand for."""

from __future__ import annotations

import pytest

COMMON = """
class Side(Enum):
    BUY = 1
Price = float
DEPTH = Size[3]
class Item(CompoundScalar):
    side: Side = Side.BUY
type Items = TSD[str, TS[Item]]
"""


@pytest.mark.parametrize(
    ("imports", "item"),
    [
        ("from common import Item", "Item"),
        ("from common import (Item as Thing,)", "Thing"),
        ("from common import *", "Item"),
        ("import common", "common.Item"),
        ("import common as c", "c.Item"),
        ("from between import Item", "Item"),
        ("from folder import common", "common.Item"),
    ],
)
def test_every_form_of_import(project, imports, item):
    outcome = project(
        {
            "main.hgt": f"{imports}\ntype Latest = TS[{item}]\n",
            "common.hgt": COMMON,
            "folder/common.hgt": COMMON,
            "between.hgt": "from common import Item\n",
        }
    )
    assert outcome.root("Latest").value.name == "Item"


def test_aliases_constants_members_and_roots_can_be_imported(project):
    outcome = project(
        {
            "main.hgt": "import common\nfrom common import Price, DEPTH, Items, Side\n"
            "class A(CompoundScalar):\n    price: Price = 1\n    side: Side = common.Side.BUY\n"
            "class B(TimeSeriesSchema):\n    levels: TSL[TS[Price], DEPTH]\n    items: Annotated[Items, item_only]\n",
            "common.hgt": COMMON,
        }
    )
    assert outcome.bundle("B").fields[0].type.size == 3
    assert outcome.struct("A").fields[1].default.name == "BUY"


def test_reexports_name_classes_alone(project):
    schema = project(
        {"main.hgt": "from common import Item as Thing, Price, Items\ntype T = TS[Thing]\n", "common.hgt": COMMON}
    ).ok
    assert schema.module("main").reexports == (("Thing", "common", "Item"), ("Items", "common", "Items"))


def test_names_of_the_language_under_other_names(compiled):
    outcome = compiled(
        "from hgraph import TS as Series\nimport datetime as dt\nfrom datetime import timedelta as span\n"
        "class A(TimeSeriesSchema):\n    x: Series[dt.datetime]\n    y: TSW[float, span(minutes=1)]\n"
    )
    assert outcome.bundle("A").fields[0].type.value.name == "datetime"


def test_missing_names_are_reported_with_the_nearest(project):
    error = project({"main.hgt": "from common import Itme\ntype T = TS[Itme]\n", "common.hgt": COMMON}).error
    assert error.code == "HGT032"
    assert "`Item`" in error.help


def test_an_import_cannot_take_a_name_that_is_taken(project):
    files = {"main.hgt": "from common import Item\nclass Item(CompoundScalar):\n    x: int\n", "common.hgt": COMMON}
    assert project(files).error.code == "HGT011"


def test_unknown_names_of_the_language(compiled):
    assert compiled("from hgraph import Frame as F\ntype T = TS[F]\n").error.code == "HGT010"
