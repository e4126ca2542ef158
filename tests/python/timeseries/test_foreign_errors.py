"""What an argument's own code raises reaches the caller as it is, and nothing has changed.

Only the error that says "there is no such thing" is expected while an argument is looked at: AttributeError for an
attribute, TypeError for ``__index__``. Any other, and above all one that has nothing to do with the argument, such as
KeyboardInterrupt, is the caller's to see.
"""

from __future__ import annotations

import collections.abc
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest

import hgvalue

pytestmark = [pytest.mark.row("T-13"), pytest.mark.row("T-13", generated=True)]


class Own(BaseException):
    """Of a user, and no Exception."""


class OwnError(Exception):
    """Of a user."""


#: Errors that nobody expects of an attribute.
RAISED = [KeyboardInterrupt, SystemExit, MemoryError, RecursionError, Own, OwnError]


def raising(error: type[BaseException], *methods: str) -> Any:
    """Return an object whose methods of these names raise."""

    def fail(*_: Any) -> Any:
        raise error("mine")

    return type("Raising", (), dict.fromkeys(methods, fail))()


def hostile_mapping(error: type[BaseException]) -> Any:
    class Hostile(collections.abc.Mapping[str, Any]):
        def __getitem__(self, key: str) -> Any:
            raise error("mine")

        def __iter__(self) -> Iterator[str]:
            return iter(["a"])

        def __len__(self) -> int:
            return 1

    return Hostile()


#: What is done with a root of a dict, and an object of which the methods of these names raise.
CALLS: dict[str, tuple[Callable[[Any, Any], Any], tuple[str, ...]]] = {
    "subscribe": (lambda q, o: q.subscribe(o), ("__getattr__",)),
    "subscribe_key": (lambda q, o: q.subscribe_key("a", o), ("__getattr__",)),
    "subscribe_structure": (lambda q, o: q.subscribe_structure(o), ("__getattr__",)),
    "column": (lambda q, o: q.update_columns(["a"], bid=o), ("__getattr__",)),
    "keys": (lambda q, o: q.update_columns(o, bid=[1.0]), ("__getattr__",)),
    "table": (lambda q, o: q.update_columns(["a"], o), ("__getattr__",)),
    "resolve": (lambda q, o: q.resolve(o), ("__getattr__",)),
    "column_array": (lambda q, o: q.update_columns(["a"], bid=o), ("__array__",)),
    "column_stream": (lambda q, o: q.update_columns(["a"], bid=o), ("__arrow_c_stream__",)),
    "key": (lambda q, o: q.subscribe_key(o, print), ("__index__", "__repr__")),
    "value": (lambda q, o: q["a"].__setattr__("bid", o), ("__index__",)),
    "child": (lambda q, o: q.apply_result({"b": {"bid": 1.0, "ask": o}}), ("__index__",)),
    "can_apply_result": (lambda q, o: q["a"].bid.can_apply_result(o), ("__index__",)),
    "compare": (lambda q, o: hgvalue.Value("int", 1) == o, ("__index__",)),
    "compare_view": (lambda q, o: hgvalue.Value("int", 1).view() == o, ("__index__",)),
    "union": (lambda q, o: hgvalue.Value("int | float", o), ("__index__",)),
    "message": (lambda q, o: q["a"].__setattr__("bid", o), ("__repr__",)),
    "message_of_key": (lambda q, o: q["a"].apply_result({o: 1.0}), ("__repr__",)),
}


def state(root: Any) -> Any:
    """Return what anybody can see of a root."""
    return root.snapshot(), root.delta(), root.value, root.delta_value, root.modified, root.last_modified_time


@pytest.fixture
def quotes(m: ModuleType) -> Any:
    root = m.Quotes()
    root.advance(1)
    root.value = {"a": {"bid": 1.0}}
    root.advance(2)
    return root


@pytest.mark.parametrize("error", RAISED)
@pytest.mark.parametrize("call", CALLS)
def test_an_argument_that_raises(quotes: Any, call: str, error: type[BaseException]) -> None:
    act, methods = CALLS[call]
    if "__repr__" in methods and issubclass(error, OwnError):
        pytest.skip("an object that cannot be shown is named by its type")
    before = state(quotes)
    argument = raising(error, *methods)
    with pytest.raises(error) as caught:
        act(quotes, argument)
    assert type(caught.value) is error and caught.value.args == ("mine",)
    assert state(quotes) == before
    assert not quotes.has_observers
    quotes["a"].bid = 3.0
    assert quotes.delta_value == {"a": {"bid": 3.0}}


@pytest.mark.parametrize("error", RAISED)
def test_a_mapping_that_raises(quotes: Any, error: type[BaseException]) -> None:
    before = state(quotes)
    for write in (quotes.apply_result, quotes.load, quotes.can_apply_result):
        with pytest.raises(error):
            write(hostile_mapping(error))
    assert state(quotes) == before


def test_an_object_that_cannot_be_shown_is_named_by_its_type(quotes: Any) -> None:
    with pytest.raises(hgvalue.WrongTypeError, match="got Raising <Raising>"):
        quotes["a"].bid = raising(OwnError, "__repr__")


def test_an_index_that_refuses_is_no_int(quotes: Any) -> None:
    assert hgvalue.Value("int", 1) != raising(TypeError, "__index__")
    assert not quotes["a"].bid.can_apply_result(raising(TypeError, "__index__"))
    with pytest.raises(hgvalue.WrongTypeError, match="expected float"):
        quotes["a"].bid = raising(TypeError, "__index__")
