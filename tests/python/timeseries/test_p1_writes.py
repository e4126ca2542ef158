"""Rules 1 to 4 and 20: writes are whole, invalidation, clearing, and net deltas."""

from __future__ import annotations

from typing import Any

import pytest

from .observing import us
from .subject import Subject

pytestmark = [pytest.mark.row("T-01"), pytest.mark.row("T-01", generated=True)]

FULL: dict[str, Any] = {
    "n": 1,
    "s": {1, 2},
    "d": {"a": 1, "b": 2},
    "li": (1, 2),
    "w": 1,
    "q": {"bid": 1.0, "ask": 2.0},
}
MIN_DT_DAY = (1970, 1, 1)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"n": 9, "s": {5}, "d": {"a": 9, "c": 9}, "li": (9, 9), "w": 9, "q": {"bid": 9.0, "ask": "x"}}, TypeError),
        ({"n": 9, "q": {"nope": 1.0}}, (KeyError, ValueError)),
        ({"n": 9, "w": 2**63}, OverflowError),
        ({"n": 9, "li": (1, 2, 3)}, ValueError),
        ({"n": 9, "li": {0: 5, 7: 1}}, IndexError),
        ({"n": 9, "s": frozenset({7, "x"})}, TypeError),
        ({"d": {"a": 9, "c": 9, 5: 1}}, TypeError),
        ({"s": 5}, TypeError),
        ({"nope": 1}, (KeyError, ValueError)),
    ],
)
@pytest.mark.parametrize("route", ["value", "apply_result"])
def test_p1_01_all_or_nothing(subject: Subject, wrong: dict[str, Any], error: Any, route: str) -> None:
    errors = error if isinstance(error, tuple) else (error,)
    root = subject.make("TSD[str, TSB[Mix]]")
    root.value = {"k": FULL}
    for at in (1, 2):  # in the tick of an earlier write, and in one without
        if at > 1:
            root.advance(at)
        with subject.refused(root, *errors):
            write(root, route, {"new": FULL, "k": wrong})
        with subject.refused(root, *errors):
            write(root["k"], route, wrong)
    root["k"].value = {"n": 2, "s": {3}}
    assert root.delta_value["k"]["n"] == 2
    assert root.delta_value["k"]["s"].added == {3}


def write(node: Any, route: str, value: Any) -> None:
    if route == "value":
        node.value = value
    else:
        node.apply_result(value)


def test_p1_01_never_valid_stays_so(subject: Subject) -> None:
    root = subject.make("TSB[Mix]")
    with subject.refused(root, TypeError):
        root.value = {"n": 1, "s": {1}, "d": {"a": 1}, "li": (1, "x")}
    assert not root.valid
    assert root.last_modified_time.timetuple()[:3] == MIN_DT_DAY


def test_p1_01_earlier_operations_of_the_tick_stay(subject: Subject) -> None:
    root = subject.make("TSD[str, TS[int]]")
    root.value = {"a": 1, "b": 2}
    root.advance(2)
    root["a"].value = 5
    del root["b"]
    with subject.refused(root, TypeError):
        root.value = {"a": 6, "b": 7, "c": "x"}
    assert root.value == {"a": 5}
    assert root.delta_value == {"a": 5, "b": subject.api(root).REMOVE}


def test_p1_01_removal_in_a_failing_write_is_undone(subject: Subject) -> None:
    root = subject.make("TSD[str, TSB[Quote]]")
    root.value = {"a": {"bid": 1.0}, "b": {"bid": 2.0}}
    child = root["a"]
    root.advance(2)
    with subject.refused(root, TypeError):
        root.value = {"a": subject.api(root).REMOVE, "b": {"bid": "x"}}
    child["bid"].value = 3.0  # the handle is still that of the key
    assert root.delta_value == {"a": {"bid": 3.0}}


def test_p1_01_two_keys_that_are_one_here(subject: Subject) -> None:
    root = subject.make("TSD[float, TS[int]]")
    one_nan, other_nan = float("nan"), float("inf") - float("inf")
    root.value = {one_nan: 1, 2.0: 2}
    root.advance(2)
    remove = subject.api(root).REMOVE
    for first, second in ((3, 4), (remove, 4), (3, remove), (remove, remove)):
        with subject.refused(root, ValueError, says="same key"):
            root.value = {one_nan: first, 2.0: 5, other_nan: second}
    root.value = {one_nan: None, other_nan: 4}  # None is nothing for a key
    assert list(root.delta_value.values()) == [4]
    assert len(root) == 2


def test_p1_02_invalidate(subject: Subject) -> None:
    root = subject.make("TSD[str, TSB[Mix]]")
    root.value = {"k": FULL}
    root.advance(2)
    mix = root["k"]
    mix.invalidate()
    assert (mix.valid, mix.modified, mix.value, mix.delta_value) == (False, False, None, None)
    assert mix.last_modified_time.timetuple()[:3] == MIN_DT_DAY
    assert not any(mix[name].valid for name in FULL)
    assert (len(mix["s"]), len(mix["w"]), len(mix["d"])) == (0, 0, 2)
    assert sorted(mix["d"].keys()) == ["a", "b"]
    assert mix["d"].key_set.valid
    assert not any(mix["d"][key].valid for key in "ab")
    assert not any(mix["q"][name].valid for name in ("bid", "ask"))
    assert (root.valid, root.modified, root.value) == (True, False, {"k": None})


def test_p1_01_a_write_that_fails_tells_nobody(subject: Subject) -> None:
    root = subject.make("TSD[str, TSB[Mix]]")
    root.value = {"k": FULL}
    told: list[Any] = []
    for node in (root, root["k"], root["k"]["n"], root["k"]["s"], root["k"]["d"], root["k"]["d"]["a"]):
        for when in ("write", "end"):
            node.subscribe(lambda change, node=node: told.append(node), when)
    root.subscribe_structure(told.append)
    root["k"]["d"].subscribe_key("new", told.append, "write")
    root.advance(2)
    with subject.refused(root, TypeError):
        root.value = {"other": FULL, "k": {"n": 5, "s": {9}, "d": {"new": 1, "a": 2}, "w": "x"}}
    root.advance(3)
    assert told == []
    root.value = {"k": {"n": 5}}  # the next correct write works
    root.advance(4)
    assert [node.path if hasattr(node, "path") else node for node in told] == [
        node.path if hasattr(node, "path") else node for node in [root["k"]["n"], root["k"], root] * 2
    ]


def test_p1_02_invalidate_notifies_and_parents_hear(subject: Subject) -> None:
    root = subject.make("TSD[str, TSB[Mix]]")
    root.value = {"k": FULL}
    told: list[str] = []
    mix = root["k"]
    for name, node in {"root": root, "mix": mix, "n": mix["n"], "li": mix["li"], "li0": mix["li"][0]}.items():
        node.subscribe(lambda change, name=name: told.append(f"{name} {change.kind}"), "write")
    root.advance(2)
    mix["li"].invalidate()
    assert told == ["li0 invalidated", "li invalidated", "mix invalidated", "root invalidated"]
    assert [node.valid for node in (mix["li"], mix["li"][0], mix["li"][1], mix, root)] == [False] * 3 + [True] * 2
    assert (mix.modified, root.modified) == (False, False)
    assert us(mix.last_modified_time) == us(root.last_modified_time) == 1
    told.clear()
    mix["li"].invalidate()  # it is invalid already
    root.advance(3)
    mix["n"].value = None
    assert told == ["n invalidated", "mix invalidated", "root invalidated"]


def test_p1_02_invalidate_then_write_is_a_write(subject: Subject) -> None:
    root = subject.make("TSB[Quote]")
    root.value = {"bid": 1.0, "ask": 2.0}
    root.advance(2)
    root.invalidate()
    root.invalidate()
    root["bid"].value = 3.0
    assert (root.valid, root.modified, root.value, root.delta_value) == (True, True, {"bid": 3.0}, {"bid": 3.0})


def test_p1_02_value_none_is_invalidate_and_never_valid_is_untouched(subject: Subject) -> None:
    cases = {"TS[int]": 1, "TSB[Quote]": {"bid": 1.0}, "TSS[int]": {1}, "TSW[float, Size[2]]": 1.0}
    for spelling, value in cases.items():
        root = subject.make(spelling)
        before = subject.state(root)
        root.value = None
        assert subject.state(root) == before
        root.value = value
        root.value = None
        assert not root.valid
        assert root.value is None


def test_p1_03_clear(subject: Subject) -> None:
    root = subject.make("TSB[Mix]")
    root.value = FULL
    root.advance(2)
    root.clear()
    assert root.modified_keys() == ["s", "d", "w"]
    assert root["s"].delta_value.removed == {1, 2}
    assert root["d"].delta_value == dict.fromkeys("ab", subject.api(root).REMOVE)
    assert (root["n"].value, root["li"].value, root["q"].value) == (1, (1, 2), {"bid": 1.0, "ask": 2.0})
    assert (len(root["w"]), root["w"].modified, root["w"].valid) == (0, True, True)
    root.advance(3)
    root["s"].clear()  # empty by now, and ticks again
    assert root["s"].modified


def test_p1_03_key_set(subject: Subject) -> None:
    root = subject.make("TSD[str, TS[int]]")
    root.value = {}
    assert root.key_set.modified  # the first empty write
    ticked = []
    for at, act in enumerate(
        [
            lambda: (root.get_or_create("a"), root.__delitem__("a")),  # nets to nothing, and ticks
            lambda: setattr(root, "value", {}),
            lambda: setattr(root, "value", {"a": 1}),
            lambda: setattr(root, "value", {"a": 2}),
            lambda: root.clear(),
            lambda: root.clear(),  # of a valid, empty dict: the dict ticks, its keys do not
        ],
        start=2,
    ):
        root.advance(at)
        act()
        ticked.append((root.modified, root.key_set.modified))
    assert ticked == [(True, True), (False, False), (True, True), (True, False), (True, True), (True, False)]
    assert root.key_set.value == frozenset()
    assert root.key_set.delta_value is None


def test_p1_03_clear_of_lists_and_of_what_was_never_valid(subject: Subject) -> None:
    sets = subject.make("TSL[TSS[int], Size[2]]")
    sets.value = ({1}, {2})
    sets.advance(2)
    sets.clear()
    assert (sets.value, sets.delta_value[0].removed, sets.delta_value[1].removed) == ((set(), set()), {1}, {2})
    for spelling in ("TSS[int]", "TSD[str, TS[int]]"):
        root = subject.make(spelling)
        root.clear()
        assert (root.valid, root.modified, len(root)) == (True, True, 0)
    assert root.key_set.modified
    price = subject.make("TS[float]")
    price.value = 1.0
    price.advance(2)
    price.clear()
    assert (price.value, price.modified) == (1.0, False)


def test_p1_04_several_assignments_in_a_tick_merge(subject: Subject) -> None:
    root = subject.make("TSD[str, TS[int]]")
    root.value = {"a": 1, "b": 2}
    root.advance(2)
    root.value = {"a": 5, "c": 6}
    root.value = {"b": 7, "c": 8}
    assert root.delta_value == {"a": 5, "b": 7, "c": 8}
    assert list(root.added_keys()) == ["c"]


def test_p1_04_net_deltas(subject: Subject) -> None:
    root = subject.make("TSS[int]")
    root.value = {1, 2}
    root.advance(2)
    root.remove(1)
    root.add(1)
    root.add(3)
    root.remove(3)
    assert (root.added(), root.removed(), root.modified) == (frozenset(), frozenset(), True)
    root.value = frozenset({9})
    root.value = frozenset({2, 4})
    assert (root.added(), root.removed()) == ({4}, {1})
    root.advance(3)
    root.clear()
    root.add(2)
    assert (root.delta_value.added, root.delta_value.removed) == (set(), {4})


def test_p1_04_without_effect_no_tick(subject: Subject) -> None:
    api = subject.api(root := subject.make("TSS[int]"))
    root.remove(1)
    assert not root.valid
    root.value = {1}
    for at, value in enumerate(
        [{1}, [], (), set(), {api.removed(7)}, frozenset({1}), api.set_delta({1}, {5})], start=2
    ):
        root.advance(at)
        root.value = value
        assert not root.modified, value
    mix = subject.make("TSB[Mix]")
    mix.value = FULL
    mix.advance(2)
    mix.value = {"s": set(), "d": {}, "li": {}, "q": {}, "n": None, "w": None}
    mix.value = {}
    mix["li"].value = (None, None)
    mix["d"].value = {"a": None, "absent": None}
    assert not mix.modified
    assert len(mix["d"]) == 2


def test_p1_04_a_recreated_key_is_fresh(subject: Subject) -> None:
    root = subject.make("TSD[str, TSB[Quote]]")
    root.value = {"a": {"bid": 1.0, "ask": 2.0}}
    root.advance(2)
    del root["a"]
    assert not root.get_or_create("a").valid
    root["a"]["ask"].value = 3.0
    assert (root.value, root.delta_value) == ({"a": {"ask": 3.0}}, {"a": {"ask": 3.0}})
    assert (list(root.added_keys()), list(root.removed_keys())) == ([], [])
    del root["a"]
    [(key, child)] = root.removed_items()
    assert (key, child.value) == ("a", {"bid": 1.0, "ask": 2.0})  # the child the tick began with
    root.advance(3)
    assert list(root.removed_items()) == []


def test_p1_20_empty_writes_after_invalidation(subject: Subject) -> None:
    for spelling, value, empty in [("TSS[int]", {1}, set()), ("TSD[str, TS[int]]", {"a": 1}, {})]:
        root = subject.make(spelling)
        root.value = value
        root.advance(2)
        root.invalidate()
        root.advance(3)
        root.value = empty
        assert (root.valid, root.modified) == (True, True)


def test_p1_20_a_set_invalidated_and_written_nets_against_the_start(subject: Subject) -> None:
    root = subject.make("TSS[int]")
    root.value = {1, 2}
    root.advance(2)
    root.invalidate()
    root.value = {2, 3}
    assert (root.value, root.added(), root.removed()) == ({2, 3}, {3}, {1})


def test_p1_20_a_cleared_window_is_not_in_its_parents_delta(subject: Subject) -> None:
    root = subject.make("TSB[Mix]")
    root.value = {"w": 1, "n": 1}
    root.advance(2)
    root["w"].clear()
    assert (root.modified, root.delta_value, root["w"].first_modified_time) == (True, {}, None)


def test_p1_20_modified_keys_of_an_invalidated_dict(subject: Subject) -> None:
    root = subject.make("TSD[str, TS[int]]")
    root.value = {"a": 1, "b": 2}
    root.advance(2)
    root.value = {"a": 5}
    root.invalidate()
    assert list(root.modified_keys()) == ["a"]
    assert (root.modified, root.delta_value) == (False, None)


@pytest.mark.parametrize("use", ["getitem", "get", "create", "pop", "del", "in", "write", "remove"])
def test_p1_20_a_key_of_the_wrong_type_is_a_type_error(subject: Subject, use: str) -> None:
    root = subject.make("TSD[int, TS[float]]")
    root.value = {1: 1.0}
    with subject.refused(root, TypeError):
        match use:
            case "getitem":
                root["x"]
            case "get":
                root.get("x")
            case "create":
                root.get_or_create("x")
            case "pop":
                root.pop("x")
            case "del":
                del root["x"]
            case "in":
                _ = "x" in root
            case "write":
                root.value = {1: 2.0, "x": 1.0}
            case "remove":
                root.value = {"x": subject.api(root).REMOVE_IF_EXISTS}
