"""The names that fields cannot have are those that the classes have."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

import hgvalue
import hgvalue_gen
from hgvalue_gen.build.errors import SchemaError
from hgvalue_gen.schema import names

pytestmark = pytest.mark.compile

#: A field of this name hides it; `hgvalue.clock_of` gives it all the same.
MAY_BE_HIDDEN = {"clock"}


@pytest.fixture(scope="module")
def m() -> ModuleType:
    text = "class Quote(TimeSeriesSchema):\n    bid: TS[int]\n\nclass Point(CompoundScalar):\n    x: int\n"
    return hgvalue_gen.load(text, backend="dynamic")


def public(cls: type) -> set[str]:
    return {name for name in dir(cls) if not name.startswith("_")}


def test_members_of_classes_are_reserved(m: ModuleType) -> None:
    assert public(m.Point) - {"x"} == names.STRUCT_MEMBERS
    assert (public(m.Quote) | public(m.QuoteValue)) - {"bid"} - MAY_BE_HIDDEN == names.BUNDLE_MEMBERS


@pytest.mark.parametrize("name", sorted(names.STRUCT_MEMBERS))
def test_methods_of_plain_values_are_not_hidden(name: str) -> None:
    with pytest.raises(SchemaError):
        hgvalue_gen.load(f"class Quote(TimeSeriesSchema):\n    {name}: TS[int]\n", backend="dynamic")
    marked = f"class Quote(TimeSeriesSchema):\n    {name}: Annotated[TS[int], item_only]\n"
    value = hgvalue_gen.load(marked, backend="dynamic").QuoteValue
    assert callable(getattr(value, name))


@pytest.mark.parametrize("backend", ["compiled", "dynamic"])
def test_the_clock_behind_a_field_of_its_name(backend: Any) -> None:
    text = "class Game(TimeSeriesSchema):\n    clock: TS[int]\n    score: TS[int]\n\ntype Root = TSB[Game]\n"
    module = hgvalue_gen.load(text, backend=backend)
    shared = hgvalue.EvaluationClock()
    root = module.Root(clock=shared)
    root.advance(1)
    root.clock = 3
    assert root.clock.value == 3 and root["clock"].value == 3
    assert hgvalue.clock_of(root) is shared and hgvalue.clock_of(root.score) is shared
    with pytest.raises(TypeError):
        hgvalue.clock_of(3)


def test_no_field_hides_a_method_of_a_delta(m: ModuleType) -> None:
    assert "bid" not in public(m.QuoteDelta)
