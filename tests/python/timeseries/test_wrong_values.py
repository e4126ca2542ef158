"""Wrong values: a typed error that says where, what was expected and what was given; and nothing has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import ModuleType
from typing import Any

import pytest

from ..ids import stable
from .surface import DEPTH, depth, refused, whole_state

DEEP: list[tuple[dict[str, Any], type[Exception] | tuple[type[Exception], ...], tuple[str, ...]]] = [
    ({"quote": {"bid": 9.0, "ask": "x"}}, TypeError, ("quote", "ask", "float", "str")),
    ({"levels": ({"bid": 9.0}, {"ask": True}, None)}, TypeError, ("levels", "1", "ask", "float", "bool")),
    ({"notes": ("a", "b", "c", 5)}, TypeError, ("notes", "3", "str", "int")),
    ({"flags": {"new", 5}}, TypeError, ("flags", "str", "int")),
    ({"sizes": {1: 5, 3: 2**31}}, OverflowError, ("sizes", "3", "int32", "2147483648")),
    ({"sizes": {1: 5, "x": 1}}, TypeError, ("sizes", "int", "str")),
    ({"closes": "x"}, TypeError, ("closes", "float", "str")),
    ({"last": 5}, TypeError, ("last", "Trade", "int")),
    ({"side": "BUY"}, TypeError, ("side", "Side", "str")),
    ({"quote": {"nope": 1.0}}, (KeyError, ValueError), ("quote", "nope")),
    ({"quote": (1.0, 2.0)}, TypeError, ("quote", "tuple")),
    ({"levels": (None, None)}, ValueError, ("levels", "3", "2")),
    ({"levels": {5: {"bid": 1.0}}}, IndexError, ("levels", "5")),
]


@pytest.mark.parametrize(("wrong", "errors", "says"), DEEP, ids=stable)
@pytest.mark.parametrize("route", ["root", "child", "dict"])
def test_deep_inside_one_write(
    m: ModuleType, wrong: dict[str, Any], errors: Any, says: tuple[str, ...], route: str
) -> None:
    errors = errors if isinstance(errors, tuple) else (errors,)
    if route == "dict":
        root = m.Book()
        root.advance(1)
        root.value = {"AAPL": DEPTH}
        with refused(m, root, *errors, says=("AAPL", *says)):
            root.apply_result({"new": DEPTH, "AAPL": {**DEPTH, **wrong}})
        assert "new" not in root
        root.apply_result({"AAPL": {"flags": {"z"}}})
        assert "z" in root["AAPL"].flags
        return
    root = depth(m)
    root.advance(2)
    with refused(m, root, *errors, says=says if route == "root" else ()):
        if route == "root":
            root.apply_result({**DEPTH, **wrong})
        else:
            [(name, value)] = wrong.items()
            setattr(root, name, value)
    root.quote.bid = 4.0
    assert root.delta_value == {"quote": {"bid": 4.0}}


@pytest.mark.parametrize("first", [True, False])
def test_at_row_50000_of_one_write(m: ModuleType, first: bool) -> None:
    rows = m.Rows()
    rows.advance(1)
    good = {i: {"bid": float(i), "ask": float(i)} for i in range(50_001)}
    if not first:
        rows.apply_result(good)
        rows.advance(2)
    before = [rows.valid, rows.modified, len(rows), rows.last_modified_time, rows.key_set.modified]
    with pytest.raises(TypeError) as caught:
        rows.apply_result({**good, 50_000: {"bid": 1.0, "ask": "x"}, -1: {"bid": 1.0}})
    assert all(word in str(caught.value) for word in ("50000", "ask", "float", "str"))
    assert [rows.valid, rows.modified, len(rows), rows.last_modified_time, rows.key_set.modified] == before
    assert list(rows.modified_keys()) == []
    assert -1 not in rows
    if not first:
        assert [rows[i].bid.value for i in (0, 1, 49_999, 50_000)] == [0.0, 1.0, 49_999.0, 50_000.0]
        assert not rows[0].bid.modified
    rows.apply_result({50_000: {"bid": 1.0, "ask": 2.0}})
    assert rows.delta_value == {50_000: {"bid": 1.0, "ask": 2.0}}


class Broken(Mapping[Any, Any]):
    """A mapping that fails when its third item is asked for."""

    def __init__(self, items: dict[Any, Any], act: Callable[[], None]) -> None:
        self._items, self._act, self._read = items, act, 0

    def _step(self) -> None:
        self._read += 1
        if self._read == 3:
            self._act()

    def __getitem__(self, key: Any) -> Any:
        self._step()
        return self._items[key]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)


class Failure(Exception):
    pass


def fail() -> None:
    raise Failure


def test_a_mapping_that_raises_midway(m: ModuleType) -> None:
    counts = m.Counts()
    counts.advance(1)
    counts.value = {1: 1, 2: 2}
    counts.advance(2)
    before = whole_state(m, counts)
    with pytest.raises(Failure):
        counts.apply_result(Broken({1: 5, 7: 5, 2: 5, 8: 5}, fail))
    assert whole_state(m, counts) == before
    root = depth(m)
    root.advance(2)
    before = whole_state(m, root)
    with pytest.raises(Failure):
        root.apply_result({"flags": {"new"}, "quote": {"bid": 9.0}, "sizes": Broken({1: 5, 7: 5, 8: 5}, fail)})
    assert whole_state(m, root) == before


def test_an_iterator_that_raises_midway(m: ModuleType) -> None:
    class Bad(dict[Any, Any]):
        def items(self) -> Any:
            yield "quote", {"bid": 9.0}
            raise Failure

        def __iter__(self) -> Iterator[Any]:
            yield "quote"
            raise Failure

        def keys(self) -> Any:
            return iter(self)

    root = depth(m)
    root.advance(2)
    before = whole_state(m, root)
    try:
        root.apply_result(Bad(quote={"bid": 9.0}, flags={"new"}))
    except Failure:
        assert whole_state(m, root) == before
    else:  # a subclass of dict may be read as the dict it is
        assert root.delta_value["quote"] == {"bid": 9.0}
        assert root.delta_value["flags"].added == {"new"}


@pytest.mark.parametrize("act", ["clear", "delete", "grow", "write", "invalidate", "tick"])
def test_a_mapping_that_changes_what_it_is_written_to(m: ModuleType, act: str) -> None:
    """Whichever of the two writes wins, the result is a state that could have come about without the trick."""
    counts = m.Counts()
    counts.advance(1)
    counts.value = {1: 1, 2: 2}
    counts.advance(2)

    def change() -> None:
        match act:
            case "clear":
                counts.clear()
            case "delete":
                del counts[1]
            case "grow":
                counts.value = {i: 1 for i in range(20, 120)}
            case "write":
                counts[1].value = 99
            case "invalidate":
                counts.invalidate()
            case "tick":
                counts.advance(3)

    given = {1: 5, 7: 7, 2: 6, 8: 8}
    try:
        counts.apply_result(Broken(given, change))
    except (RuntimeError, KeyError, ValueError):
        assert {7, 8}.isdisjoint(counts)
    else:
        assert {key: counts[key].value for key in given} == given
    seen = whole_state(m, counts)
    assert seen["len"] == len(list(counts)) == len(counts.value or counts)
    assert all(key in counts for key in counts)
    counts.advance(9)
    counts.value = {3: 3}
    assert (counts.delta_value, counts[3].value) == ({3: 3}, 3)


def test_an_element_that_changes_what_it_is_written_to(m: ModuleType) -> None:
    counts = m.Counts()
    counts.advance(1)
    counts.value = {1: 1}

    class Sly:
        def __index__(self) -> int:
            counts.clear()
            return 5

    try:
        counts.value = {1: Sly(), 2: 2}
    except (RuntimeError, KeyError):
        assert 2 not in counts
    else:
        assert counts.value == {1: 5, 2: 2}


def test_a_key_that_changes_what_it_is_written_to(m: ModuleType) -> None:
    counts = m.Counts()
    counts.advance(1)
    counts.value = {1: 1, 2: 2}

    class Sly:
        def __index__(self) -> int:
            counts.value = {i: 0 for i in range(50, 120)}
            return 2

    assert counts[Sly()].value == 2
    del counts[Sly()]
    assert 2 not in counts
    assert counts[1].value == 1


@pytest.mark.parametrize(
    ("name", "given", "words"),
    [
        ("Price", "x", ("float", "str")),
        ("Price", None.__class__, ("float", "type")),
        ("Names", 5, ("int",)),
        ("Quotes", [("a", {"bid": 1.0})], ("list",)),
        ("Prices", {"a": 1.0}, ("int", "str")),
        ("Closes", [1.0], ("float", "list")),
    ],
)
def test_messages_name_expected_and_given(m: ModuleType, name: str, given: Any, words: tuple[str, ...]) -> None:
    root = getattr(m, name)()
    root.advance(1)
    with refused(m, root, TypeError, says=words):
        root.value = given
    with refused(m, root, TypeError, says=words):
        root.apply_result(given)
