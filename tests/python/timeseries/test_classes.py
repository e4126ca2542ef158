"""The classes of time series cannot be made to misread each other's nodes."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from ..model.generated import load

TEXT = """
class Quote(TimeSeriesSchema):
    bid: TS[float]
    history: TSW[float, Size[3]]

type Quotes = TSD[str, TSB[Quote]]
type Names = TSS[str]
type Numbers = TSS[int]
type Recent = TSW[float, timedelta(microseconds=10)]

class Around(TimeSeriesSchema):
    before: TS[float]
    history: TSW[float, Size[3]]
    after: TS[float]

type Arounds = TSD[str, TSB[Around]]
"""


@pytest.fixture(scope="module")
def module(backend: str) -> ModuleType:
    return load(TEXT, "classes", backend)


@pytest.fixture
def quotes(module: ModuleType) -> Any:
    root = module.Quotes()
    root.advance(1)
    root.get_or_create("a")
    return root


def test_an_object_keeps_its_class(module: ModuleType, quotes: Any) -> None:
    with pytest.raises(TypeError):
        quotes.__class__ = module.Names
    with pytest.raises(TypeError):
        quotes.key_set.__class__ = module.Names
    assert type(quotes) is module.Quotes


def test_a_class_has_one_schema(module: ModuleType) -> None:
    both = type("Both", (module.Quotes, module.Names), {})
    with pytest.raises(TypeError, match="one time series"):
        both()
    import hgvalue

    with pytest.raises(TypeError, match="one time series"):
        type("Mixed", (module.Names, hgvalue.TSD), {})()


def test_a_subclass_may_have_an_init_of_its_own(module: ModuleType) -> None:
    class Named(module.Quotes):  # type: ignore[misc, name-defined]
        def __init__(self, name: str) -> None:
            self.name = name

    named = Named("x")
    named.advance(1)
    named["a"] = {"bid": 1.0}
    assert (named.name, named.value) == ("x", {"a": {"bid": 1.0}})


def test_a_key_set_is_not_written_through_another_class(quotes: Any) -> None:
    import hgvalue

    keys = quotes.key_set
    for write in (
        lambda: keys.add("b"),
        lambda: hgvalue.TSS.add(keys, "b"),
        lambda: hgvalue.TSS.remove(keys, "a"),
        lambda: hgvalue.TimeSeries.clear(keys),
        lambda: hgvalue.TimeSeries.invalidate(keys),
        lambda: hgvalue.TimeSeries.apply_result(keys, {"b"}),
        lambda: keys.copy_from(keys),
    ):
        with pytest.raises(TypeError, match="follows the keys"):
            write()
    assert quotes.value == {"a": None}
    assert (keys.schema, keys.value) == ("TSS[str]", {"a"})


def test_copying_from_a_key_set(module: ModuleType, quotes: Any) -> None:
    names = module.Names()
    names.advance(1)
    names.value = {"old"}
    names.copy_from(quotes.key_set)
    assert names.value == {"a"}
    numbers = module.Numbers()
    numbers.advance(1)
    with pytest.raises(TypeError):
        numbers.copy_from(quotes.key_set)
    with pytest.raises(TypeError):
        quotes.copy_from(quotes.key_set)


def test_copying_a_window_keeps_its_times(module: ModuleType) -> None:
    one, two = module.Recent(), module.Recent()
    for at in (1, 5, 9):
        one.advance(at)
        one.apply_result(float(at))
    two.advance(12)
    two.copy_from(one)
    assert list(two.value) == [5.0, 9.0]  # at 12 the first one is 11 µs old
    assert list(two.value_times) == list(one.value_times)[1:]
    late = module.Recent()
    late.advance(3)
    with pytest.raises(ValueError, match="later"):
        late.copy_from(one)
    assert not late.valid


def test_a_window_that_cannot_be_copied_leaves_all_else_as_it_was(module: ModuleType) -> None:
    leader, follower = module.Around(), module.Around()
    leader.advance(100)
    leader.value = {"before": 1.0, "history": 2.0, "after": 3.0}
    follower.advance(50)
    with pytest.raises(ValueError, match="later"):
        follower.copy_from(leader)
    assert (follower.valid, follower.before.valid, follower.modified) == (False, False, False)
    leaders, followers = module.Arounds(), module.Arounds()
    leaders.advance(100)
    leaders["new"] = {"before": 1.0, "history": 2.0}
    followers.advance(50)
    followers["old"] = {"before": 5.0}
    with pytest.raises(ValueError, match="later"):
        followers.copy_from(leaders)
    assert list(followers) == ["old"]
    followers.advance(100)
    followers.copy_from(leaders)
    assert list(followers) == ["new"]
    assert list(followers["new"].history.value) == [2.0]


def test_copying_an_invalid_dict_copies_its_keys(module: ModuleType, quotes: Any) -> None:
    quotes["a"].bid = 1.0
    quotes.invalidate()
    other = module.Quotes()
    other.advance(1)
    other.copy_from(quotes)
    assert (other.valid, list(other)) == (False, ["a"])


def test_whether_a_write_would_be_accepted(module: ModuleType, quotes: Any) -> None:
    never_ticked = module.Quotes()
    assert not never_ticked.can_apply_result({"a": {"bid": 1.0}})
    child = quotes["a"]
    child.bid = 1.0
    assert child.can_apply_result({"bid": 2.0})
    assert not child.can_apply_result({"bid": "x"})
    quotes.advance(2)
    del quotes["a"]
    (removed,) = quotes.removed_values()
    assert not removed.can_apply_result({"bid": 2.0})
    assert removed.bid.path == "Quotes['a'].bid"


@pytest.mark.parametrize("at", [2**63, -(2**70)])
def test_times_beyond_all_range(module: ModuleType, at: int) -> None:
    import hgvalue

    with pytest.raises(OverflowError) as raised:
        module.Quotes().advance(at)
    assert isinstance(raised.value, hgvalue.HgValueError)
