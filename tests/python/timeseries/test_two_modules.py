"""Types of the same name in different modules stand side by side and are not mixed up."""

from __future__ import annotations

from types import ModuleType

import pytest

from ..model.generated import load

ONE = """
class Quote(TimeSeriesSchema):
    bid: TS[float]
    ask: TS[float]

class Trade(CompoundScalar):
    price: float
    size: int = 1

type Last = TS[Trade]
"""
TWO = """
class Quote(TimeSeriesSchema):
    bid: TS[int]
    note: TS[str]

class Trade(CompoundScalar):
    price: str

type Last = TS[Trade]
"""


@pytest.fixture(scope="module")
def modules(backend: str) -> tuple[ModuleType, ModuleType]:
    return load(ONE, "first_of_two", backend), load(TWO, "second_of_two", backend)


def test_each_has_its_own_fields(modules: tuple[ModuleType, ModuleType]) -> None:
    one, two = (module.Quote() for module in modules)
    one.advance(1)
    two.advance(1)
    one.value = {"bid": 1.5, "ask": 2.5}
    two.value = {"bid": 1, "note": "x"}
    assert (one.value, two.value) == ({"bid": 1.5, "ask": 2.5}, {"bid": 1, "note": "x"})
    with pytest.raises(TypeError):
        two.bid = 1.5
    with pytest.raises(AttributeError):
        _ = one.note
    assert type(one) is not type(two)
    assert not isinstance(one, modules[1].Quote)


def test_a_value_of_another_shape_is_refused(modules: tuple[ModuleType, ModuleType]) -> None:
    one, two = modules
    last = one.Last()
    last.advance(1)
    last.value = one.Trade(price=1.0)
    with pytest.raises(TypeError, match="Trade"):
        last.value = two.Trade(price="x")
    assert last.value == one.Trade(price=1.0, size=1)
    assert one.Trade(price=1.0) != two.Trade(price="x")
    quote, other = one.Quote(), two.Quote()
    quote.advance(1)
    other.advance(1)
    other.bid = 1
    with pytest.raises(TypeError):
        quote.copy_from(other)
    assert not quote.valid


def test_the_same_text_gives_the_same_module(modules: tuple[ModuleType, ModuleType], backend: str) -> None:
    import hgvalue_gen

    assert hgvalue_gen.load(ONE, name="first_of_two", backend=backend) is modules[0]
