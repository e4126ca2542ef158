"""Recursion of every kind, and the order that comes of its absence."""

from __future__ import annotations

import pytest


def test_declarations_come_after_what_they_use_and_otherwise_in_file_order(compiled):
    outcome = compiled(
        "type Board = TSD[str, TSB[Quote]]\nclass Zebra(CompoundScalar):\n    x: int\n"
        "class Quote(TimeSeriesSchema):\n    side: TS[Side]\nclass Side(Enum):\n    BUY = 1\n"
    )
    assert [item.name for item in outcome.ok.modules[0].declarations] == ["Side", "Quote", "Board", "Zebra"]


@pytest.mark.parametrize("text", ["A = A", "A = B\nB = A", "A = list[B]\nB = TS[A]", "type A = dict[str, A]"])
def test_cyclic_aliases(compiled, text):
    error = compiled(text + "\nclass C(TimeSeriesSchema):\n    x: TS[A]\n").error
    assert error.code == "HGT020"
    assert " → A" in error.message


@pytest.mark.parametrize(
    "field", ["x: Node", "x: tuple[Node, ...]", "x: Array[Node, Size[2]]", "x: dict[Node, int]", "x: Other", "x: Alias"]
)
def test_structs_that_would_be_infinite(compiled, field):
    others = "class Other(CompoundScalar):\n    n: Node\nAlias = tuple[Node, int]\n"
    error = compiled(f"class Node(CompoundScalar):\n    {field}\n{others}").error
    assert error.code == "HGT021"
    assert "Node" in error.message and "→" in error.message


@pytest.mark.parametrize("field", ["x: Self", "x: TSB[Self]", "x: TSL[Self, Size[2]]", "x: TSL[Self, 2]"])
def test_bundles_that_would_be_infinite(compiled, field):
    error = compiled(f"class Self(TimeSeriesSchema):\n    {field}\n").error
    assert error.code == "HGT021"
    assert "TSD" not in error.help, "recursion is not supported through a TSD either"


@pytest.mark.parametrize("field", ["Node", "Node | None = None", "list[Node]", "dict[str, Node]"])
def test_no_advice_leads_from_one_recursion_to_another(compiled, field):
    error = compiled(f"class Node(CompoundScalar):\n    child: {field}\n").error
    assert error.help == "break the cycle: hold a key or a number that tells which one is meant"


@pytest.mark.parametrize(
    "text",
    [
        "class N(CompoundScalar):\n    x: N | None = None\n",
        "class N(CompoundScalar):\n    x: Optional[N]\n",
        "class N(CompoundScalar):\n    x: list[N] = []\n",
        "class N(CompoundScalar):\n    x: dict[str, tuple[N, int]]\n",
        "class N(CompoundScalar):\n    x: Children\nChildren = list[N]\n",
        "class N(TimeSeriesSchema):\n    x: TSD[str, TSB[N]]\n",
        "class N(TimeSeriesSchema):\n    x: TSL[N]\n",
    ],
)
def test_recursion_that_can_end_is_not_supported_yet(compiled, text):
    error = compiled(text).error
    assert error.code == "HGT050"
    assert "recursive" in error.message


def test_other_mistakes_in_a_recursive_class_are_reported_as_well(compiled):
    assert compiled("class N(CompoundScalar):\n    x: list[N]\n    y: strr\n").codes == ["HGT050", "HGT010"]


def test_long_chains_of_aliases_need_no_deep_stack(compiled):
    chain = "".join(f"A{i} = A{i + 1}\n" for i in range(5000))
    assert compiled(f"{chain}A5000 = float\ntype T = TS[A0]\n").ok
    assert compiled(f"{chain}A5000 = A0\ntype T = TS[int]\n").error.code == "HGT020"
