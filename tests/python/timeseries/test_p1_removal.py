"""Rules 5 to 8, 10, 12 and 14: removal, what is shown of it, values handed out, and dynamic lists."""

from __future__ import annotations

import pytest

from .subject import Subject

pytestmark = [pytest.mark.row("T-01"), pytest.mark.row("T-01", generated=True)]


def test_p1_05_delta_value_and_removed_keys(subject: Subject) -> None:
    root = subject.make("TSD[str, TS[int]]")
    remove = subject.api(root).REMOVE
    root.value = {"valid": 1, "invalidated": 2, "written": 3}
    root.get_or_create("never")
    root.get_or_create("late")
    root.advance(2)
    root["invalidated"].invalidate()
    assert (root.modified, root.delta_value) == (False, None)  # invalidations are not shown
    root.get_or_create("unset")
    assert root.delta_value == {}  # nor are unset keys
    root.advance(3)
    root["late"].value = 5
    root.value = {"new": 1}
    for key in ("valid", "invalidated", "never", "late", "new"):
        del root[key]
    assert root.delta_value == {"valid": remove, "invalidated": remove, "late": remove}
    assert set(root.removed_keys()) == {"valid", "invalidated", "never", "late"}
    root.advance(4)
    assert (root.delta_value, list(root.removed_keys())) == (None, [])


def test_p1_05_a_modified_child_with_nothing_to_show(subject: Subject) -> None:
    root = subject.make("TSD[str, TSB[Quote]]")
    root.value = {"a": {"bid": 1.0}}
    root.advance(2)
    root["a"]["bid"].value = 2.0
    root["a"]["bid"].invalidate()
    assert root.delta_value == {"a": {}}


def test_p1_06_absent_keys(subject: Subject) -> None:
    root = subject.make("TSD[str, TSD[str, TS[int]]]")
    api = subject.api(root)
    root.value = {"x": {"a": 1}}
    with subject.refused(root, KeyError):
        root["zz"]
    with subject.refused(root, KeyError):
        del root["zz"]
    with subject.refused(root, KeyError):
        root.value = {"zz": api.REMOVE}
    with subject.refused(root, KeyError):
        root.value = {"x": {"a": 2, "zz": api.REMOVE}}
    with subject.refused(root, KeyError):
        root.value = {"fresh": {"zz": api.REMOVE}}
    root.advance(2)
    root.value = {"zz": api.REMOVE_IF_EXISTS}
    assert root.pop("zz") is None
    assert root.pop("zz", 7) == 7
    assert not root.modified
    assert root["x"].pop("a") == 1
    assert root.delta_value == {"x": {"a": api.REMOVE}}
    assert root.pop("x") == {}
    assert root.value == {}


def test_p1_06_get_or_create(subject: Subject) -> None:
    root = subject.make("TSD[str, TSS[int]]")
    root.get_or_create("a")
    assert (root.modified, root.valid, root.value, root.delta_value) == (True, True, {"a": None}, {})
    root.advance(2)
    root.get_or_create("a").add(1)
    assert root.value == {"a": {1}}
    root.advance(3)
    root.get_or_create("a")
    assert not root.modified


def test_p1_07_all_valid(subject: Subject) -> None:
    book = subject.make("TSD[str, TSB[Quote]]")
    assert not book.all_valid
    book.value = {}
    assert book.all_valid
    book.value = {"a": {"bid": 1.0}}
    assert book.all_valid  # the bundle is valid; that it is not all valid does not count
    assert not book["a"].all_valid
    book.get_or_create("b")
    assert not book.all_valid
    pair = subject.make("TSL[TSB[Quote], Size[2]]")
    pair.value = ({"bid": 1.0}, None)
    assert not pair.all_valid
    pair.value = (None, {"ask": 1.0})
    assert pair.all_valid


def test_p1_08_removed_children_keep_their_content_for_the_tick(subject: Subject) -> None:
    root = subject.make("TSD[str, TSB[Mix]]")
    root.value = {"k": {"n": 1, "s": {1, 2}, "d": {"a": 1, "b": 2}, "w": 1}, "m": {"n": 2}}
    root.advance(2)
    root["k"].value = {"s": {3}, "d": {"c": 3}}
    del root["k"]
    root["m"].value = {"n": 9}
    ((key, child),) = root.removed_items()
    assert key == "k"
    assert (child.valid, child.modified, child["n"].modified) == (True, True, False)
    assert child.value["s"] == {1, 2, 3}
    assert child["d"].value == {"a": 1, "b": 2, "c": 3}
    assert child.delta_value["s"].added == {3}
    assert list(child.value["w"]) == [1]
    root.advance(3)
    assert list(root.removed_items()) == []


def test_p1_10_no_tick_no_delta(subject: Subject) -> None:
    root = subject.make("TSB[Mix]")
    assert (root.value, root.delta_value) == (None, None)
    root.value = {"n": 1, "s": {1}, "d": {"a": 1}, "li": (1, 2), "w": 1, "q": {"bid": 1.0}}
    root.advance(2)
    assert root.delta_value is None
    assert all(root[name].delta_value is None for name in ("n", "s", "d", "li", "w", "q"))


def test_p1_10_the_form_of_values(subject: Subject) -> None:
    root = subject.make("TSD[str, TSB[Mix]]")
    root.value = {"k": {"q": {"ask": 1.0}, "s": {1}, "li": (1, None)}, "empty": {}}
    value = root.value
    assert value == {"k": {"s": {1}, "li": (1, None), "q": {"ask": 1.0}}, "empty": None}
    kinds = type(value), type(value["k"]), type(value["k"]["s"]), type(value["k"]["li"])
    assert kinds == (dict, dict, frozenset, tuple)
    assert list(value["k"]) == ["s", "li", "q"]
    nested = subject.make("TSD[str, TSD[str, TSB[Quote]]]")
    nested.value = {"x": {"a": {}}}
    assert nested.value == {"x": {"a": None}}


def test_p1_10_what_is_handed_out_is_a_copy(subject: Subject) -> None:
    root = subject.make("TSD[str, TSB[Mix]]")
    root.value = {"k": {"q": {"ask": 1.0}, "s": {1}, "d": {"a": 1}}}
    before = subject.state(root)
    for value in (root.value, root.delta_value):
        value["k"]["q"]["ask"] = 2.0
        value["k"]["d"]["b"] = 2
        value["new"] = 1
    assert subject.state(root) == before
    for spelling, value in {"TS[dict[str, list[int]]]": {"a": [1]}, "TS[list[int]]": [1]}.items():
        root = subject.make(spelling)
        root.value = value
        for change in (root.value, value):
            if isinstance(change, list):
                change.append(2)
            else:
                change["a"].append(2)
        assert root.value == ({"a": [1]} if isinstance(value, dict) else [1])


@pytest.mark.parametrize(
    ("element", "dtype"),
    [
        ("bool", "bool"),
        ("date", "datetime64[D]"),
        ("datetime", "datetime64[us]"),
        ("timedelta", "timedelta64[us]"),
        ("float", "float64"),
        ("float32", "float32"),
    ],
)
def test_p1_10_windows_are_arrays(subject: Subject, element: str, dtype: str) -> None:
    numpy = pytest.importorskip("numpy")
    spelling = "TSW[date, Size[2], Size[1]]" if element == "date" else f"TSW[{element}, Size[2]]"
    samples = {
        "bool": [True, False],
        "date": ["1960-01-01", "2024-02-29"],
        "datetime": ["1960-01-01T00:00:00.000001", "2024-02-29T00:00:00"],
        "timedelta": [-5, 86400000000],
        "float": [1.5, -0.0],
        "float32": [1.5, 2.5],
    }
    expected = numpy.array(samples[element], dtype=dtype)
    root = subject.make(spelling)
    for at, value in enumerate(expected.tolist(), start=2):
        root.advance(at)
        root.value = value
    found = root.value
    assert isinstance(found, numpy.ndarray)
    assert (found.dtype, found.tolist()) == (expected.dtype, expected.tolist())
    assert root.value_times.tolist() == numpy.array([2, 3], dtype="datetime64[us]").tolist()


def test_p1_10_other_windows_and_arrays_are_tuples(subject: Subject) -> None:
    window = subject.make("TSW[str, Size[2], Size[1]]")
    window.value = "a"
    assert window.value == ("a",)
    array = subject.make("TS[Array[str, Size[2]]]")
    array.value = ["a", "b"]
    assert array.value == ("a", "b")


def test_p1_12_modified_keys(subject: Subject) -> None:
    root = subject.make("TSB[Mix]")
    root.value = {"q": {"ask": 1.0, "bid": 2.0}, "li": {1: 5, 0: 6}, "n": 3, "d": {"a": 1, "b": 1}}
    assert root.modified_keys() == ["n", "d", "li", "q"]
    assert (root["q"].modified_keys(), root["li"].modified_keys()) == (["bid", "ask"], [0, 1])
    root["n"].invalidate()
    assert root.modified_keys() == ["d", "li", "q"]
    root["d"]["a"].invalidate()
    assert set(root["d"].modified_keys()) == {"a", "b"}
    del root["d"]["a"]
    root["d"].get_or_create("c")
    assert list(root["d"].modified_keys()) == ["b"]


def test_p1_14_dynamic_list(subject: Subject) -> None:
    root = subject.make("TSL[TS[int]]")
    remove = subject.api(root).REMOVE
    assert (len(root), root.valid) == (0, False)
    root.value = (1, None, 3)
    assert (root.value, root.delta_value, root.all_valid) == ((1, None, 3), {0: 1, 2: 3}, False)
    root.advance(2)
    root.value = [5]  # never shrinks
    assert (root.value, root.delta_value) == ((5, None, 3), {0: 5})
    root.value = {3: 4, 1: 2}
    assert root.value == (5, 2, 3, 4)
    with subject.refused(root, IndexError):
        root.value = {0: 9, 5: 1}
    with subject.refused(root, IndexError):
        root[4]
    root.append(6)
    with subject.refused(root, TypeError):
        root.append("x")
    assert root[-1].value == 6
    root.advance(3)
    root.resize(3)
    assert root.delta_value == {3: remove, 4: remove}
    root.advance(4)
    root.resize(4)
    assert (root.value, root.delta_value, root.all_valid) == ((5, 2, 3, None), {}, False)
    root.advance(5)
    root.clear()
    assert (root.value, root.delta_value, root.all_valid) == ((), {0: remove, 1: remove, 2: remove}, True)
    root.advance(6)
    root.clear()
    assert root.modified  # even when empty


def test_p1_20_dynamic_list_empty_writes_and_removal(subject: Subject) -> None:
    root = subject.make("TSL[TS[int]]")
    remove = subject.api(root).REMOVE
    root.value = ()
    assert (root.valid, root.modified, root.value) == (True, True, ())
    root.advance(2)
    root.value = ()
    root.value = {0: None}
    assert (root.modified, len(root)) == (False, 0)
    root.value = (None,)
    assert (root.modified, root.value) == (True, (None,))
    root.invalidate()
    root.value = {0: None}  # nothing for what is there
    assert (root.valid, len(root)) == (False, 1)
    root.value = {0: 1, 1: 2, 2: 3}
    root.advance(3)
    with subject.refused(root, ValueError):
        root.value = {0: remove}
    root.value = {0: 7, 1: remove, 2: remove}
    assert (root.value, root.delta_value) == ((7,), {0: 7, 1: remove, 2: remove})
