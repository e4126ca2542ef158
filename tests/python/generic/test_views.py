"""Views over Values: every kind, reading, writing, navigating, ranges."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping, MutableSequence, MutableSet, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

import hgvalue
from hgvalue import NullValueError, TypeKind, TypeMeta, TypeRegistry, Value, View

from .samples import IDS, POINT, SAMPLES

BOOK = TypeRegistry.bundle({"name": str, "points": TypeRegistry.map(str, POINT), "levels": list[list[int]]})


@pytest.fixture
def book() -> Any:
    return Value(BOOK, {"name": "b", "points": {"AAPL": {"x": 1, "y": 2.0}}, "levels": [[1], [2, 3]]}).view()


@pytest.mark.row("V-11")
@pytest.mark.parametrize(("kind", "type_", "form"), SAMPLES, ids=IDS)
def test_every_kind(kind: TypeKind, type_: TypeMeta, form: Any) -> None:
    value = Value(type_, form)
    view = hgvalue.view(value)
    assert isinstance(view, View) and view is value.view() and hgvalue.view(view) is view
    words = {"CYCLIC_BUFFER": "CyclicBuffer"}.get(kind.name, kind.name.title())
    assert type(view).__name__ == words + "View"
    assert (view.kind, view.schema, view.path, view.readonly) == (kind, type_, "", False)
    assert view.owner is value and view.address
    assert view.value == view.to_python() == form and view == form and view == value
    assert view.to_string() == str(view) == str(value)
    if type_.is_hashable:
        assert hash(view) == hash(Value(type_, form).view())
    else:
        with pytest.raises(TypeError, match="hash"):
            hash(view)
    view.value = form
    assert view == form
    with pytest.raises((TypeError, ValueError, OverflowError)):
        view.value = object()
    assert view == form and repr(view)


@pytest.mark.row("V-11")
def test_views_are_not_made_by_hand() -> None:
    for cls in (View, hgvalue.ListView, hgvalue.ViewRange, hgvalue.ViewPairRange):
        for make in (cls, lambda c=cls: c.__new__(c), lambda c=cls: object.__new__(c)):
            with pytest.raises(TypeError):
                make()
    for obj in (42, "x", None, int, [1]):
        with pytest.raises(TypeError, match="view"):
            hgvalue.view(obj)  # type: ignore[arg-type]


@pytest.mark.row("V-12")
def test_bundles(book: Any) -> None:
    assert list(book) == list(book.keys()) == ["name", "points", "levels"]
    assert len(book) == 3 and "name" in book and "nope" not in book and 3 not in book
    assert book["name"] == book[0] == "b" and book["name"] is book[0] and book[-1] is book["levels"]
    assert next(iter(book.values())) == "b" and book.items()[0] == ("name", "b")
    book["name"] = "c"
    book[0] = "d"
    assert book.value["name"] == "d" and book.get("nope") is None
    assert issubclass(type(book), Mapping)
    for use, error in (
        (lambda: book["nope"], KeyError),
        (lambda: book[3], IndexError),
        (lambda: book[1.5], TypeError),
        (lambda: book.__delitem__("name"), TypeError),
        (lambda: book.__setitem__("nope", 1), KeyError),
        (lambda: book.__setitem__("name", 1), TypeError),
        (lambda: book.__setitem__("name", None), TypeError),
    ):
        with pytest.raises(error):
            use()  # type: ignore[no-untyped-call]
    assert book["name"] == "d"


@pytest.mark.row("V-11")
def test_tuples() -> None:
    view = Value(tuple[int, str], (1, "a")).view()
    view[0] = 5
    assert view == (5, "a") and [x.value for x in view] == [5, "a"] and len(view) == 2
    assert "a" in view and 9 not in view and view.index("a") == 1 and view.count(5) == 1
    assert [x.value for x in reversed(view)] == ["a", 5] and issubclass(type(view), Sequence)
    with pytest.raises(IndexError):
        view[2]


STEPS: list[Callable[[Any], Any]] = [
    lambda x: x.append(4),
    lambda x: x.insert(0, 9),
    lambda x: x.insert(-1, 8),
    lambda x: x.insert(99, 7),
    lambda x: x.extend([5, 6]),
    lambda x: x.__setitem__(slice(1, 3), [10, 11, 12]),
    lambda x: x.__setitem__(slice(None, None, 2), [0] * len(range(0, len(x), 2))),
    lambda x: x.__setitem__(slice(2, 2), []),
    lambda x: x.__delitem__(slice(None, None, -3)),
    lambda x: x.__delitem__(slice(1, 2)),
    lambda x: x.__delitem__(-1),
    lambda x: x.reverse(),
    lambda x: x.remove(0),
    lambda x: x.__iadd__([1]),
    lambda x: x.pop(),
    lambda x: x.pop(0),
    lambda x: x.__setitem__(0, 77),
]


@pytest.mark.row("V-13")
def test_lists_do_what_lists_do() -> None:
    view, plain = Value(list[int], [1, 2, 3]).view(), [1, 2, 3]
    assert issubclass(type(view), MutableSequence)
    for step in STEPS:
        step(view), step(plain)
        assert view == plain == view.value
    assert len(view[1:]) == len(plain) - 1 and [v.value for v in view[::-1]] == plain[::-1]
    assert view.index(77) == 0 and 77 in view and "x" not in view
    view.resize(12)
    assert view.value == plain + [0] * (12 - len(plain))
    view.reset(5)
    assert view == [5] * 12
    view.reserve(1000)
    view.clear()
    assert view == [] and not view


@pytest.mark.row("V-13")
def test_what_lists_refuse() -> None:
    view = Value(list[int]).view()
    for use, error in (
        (lambda: view.pop(), IndexError),
        (lambda: view[0], IndexError),
        (lambda: view.append("x"), TypeError),
        (lambda: view.extend([1, "x"]), TypeError),
        (lambda: view.__setitem__(slice(0, 0), 3), TypeError),
        (lambda: view.resize(-1), ValueError),
        (lambda: view.resize("x"), TypeError),
        (lambda: view.resize(2**62), MemoryError),
        (lambda: view.reset("x"), TypeError),
        (lambda: view.remove(3), ValueError),
        (lambda: view.__setitem__(slice(0, 5, 2), [1]), ValueError),
    ):
        with pytest.raises(error):
            use()  # type: ignore[no-untyped-call]
        assert view == []


@pytest.mark.row("V-13")
def test_fixed_lists_keep_their_length() -> None:
    view = Value(TypeRegistry.fixed_list(str, 3), ["a", "b", "c"]).view()
    element = view[1]
    view[0:2] = ["x", "y"]
    view[2] = "z"
    view.reverse()
    assert view == ("z", "y", "x") and element == "y"
    view.reset("q")
    assert element == "q"
    for change in (
        lambda: view.append("a"),
        lambda: view.pop(),
        lambda: view.clear(),
        lambda: view.resize(2),
        lambda: view.extend(["a"]),
        lambda: view.insert(0, "a"),
        lambda: view.__delitem__(0),
        lambda: view.__delitem__(slice(0, 1)),
    ):
        with pytest.raises(TypeError, match="length"):
            change()  # type: ignore[no-untyped-call]
    with pytest.raises(ValueError, match="elements"):
        view[0:1] = ["a", "b"]
    assert view == ("q", "q", "q")


@pytest.mark.row("V-14")
@pytest.mark.parametrize("ordered", [False, True])
def test_sets(ordered: bool) -> None:
    view = Value(TypeRegistry.set(str, ordered), {"a", "b"}).view()
    assert issubclass(type(view), MutableSet)
    view.add("c")
    view.add("c")
    view.discard("a")
    view.discard("zz")
    view.remove("b")
    assert view == {"c"} and "c" in view and "a" not in view and len(view) == 1
    view.update(["d", "e"])
    view |= {"f"}
    assert view == {"c", "d", "e", "f"} and view & {"c", "x"} == {"c"} and view - {"c"} == {"d", "e", "f"}
    assert view <= {"c", "d", "e", "f", "g"} and view.isdisjoint({"x"}) and {"c"} <= set(view)
    assert view.pop() not in view
    for use, error in (
        (lambda: view.remove("zz"), KeyError),
        (lambda: view.add(1), TypeError),
        (lambda: view.update(["q", 1]), TypeError),
        (lambda: 1 in view, TypeError),
    ):
        before = view.value
        with pytest.raises(error):
            use()
        assert view == before
    view.clear()
    assert view == frozenset()
    with pytest.raises(KeyError):
        view.pop()


@pytest.mark.row("V-18")
def test_insertion_order_and_compaction() -> None:
    view = Value(TypeRegistry.map(int, str, ordered=True)).view()
    view.reserve(100)
    assert view.capacity >= 100
    for i in range(50):
        view[i] = str(i)
    for i in range(0, 50, 3):
        del view[i]
    left = [i for i in range(50) if i % 3]
    assert list(view) == left and view.keys()[5] == left[5] and list(view.items())[5] == (left[5], str(left[5]))
    held = view[left[7]]
    assert 0 < view.fragmentation_ratio() < 1
    view.compact()
    assert view.fragmentation_ratio() == 0 and list(view) == left and held == str(left[7])
    view[0] = "again"
    assert list(view)[-1] == 0
    elements = Value(TypeRegistry.set(int)).view()
    elements.reserve(64)
    elements.update(range(10))
    assert elements.fragmentation_ratio() > 0
    elements.compact()
    assert elements.fragmentation_ratio() == 0 and elements == set(range(10))


@pytest.mark.row("V-14")
def test_maps(book: Any) -> None:
    points = book["points"]
    assert issubclass(type(points), MutableMapping) and list(points) == ["AAPL"]
    points["MSFT"] = {"x": 2, "y": 3.0}
    points["AAPL"]["x"] = 7
    assert points.value == {"AAPL": {"x": 7, "y": 2.0}, "MSFT": {"x": 2, "y": 3.0}}
    assert points.get("nope") is None and points.get("nope", 5) == 5 and points.get("AAPL")["x"] == 7
    assert points.get_or_create("new") == {"x": 0, "y": 0.0} == points.setdefault("new")
    assert points.setdefault("other", {"x": 1, "y": 1})["y"] == 1.0
    assert points.pop("other") == {"x": 1, "y": 1.0} and points.pop("other", None) is None
    del points["new"]
    points.update({"AAPL": {"x": 0, "y": 0}, "T": {"x": 5, "y": 5}})
    points |= {"T": {"x": 6, "y": 6}}
    assert points["AAPL"]["x"] == 0 and points["T"]["x"] == 6
    key, last = points.popitem()
    assert key not in points and set(last) == {"x", "y"}


@pytest.mark.row("V-14")
def test_what_maps_refuse(book: Any) -> None:
    points = book["points"]
    for use, error, says in (
        (lambda: points["nope"], KeyError, "'nope'"),
        (lambda: points[3], TypeError, "expected str, got int 3"),
        (lambda: points.pop("nope"), KeyError, "'nope'"),
        (lambda: points.__delitem__("nope"), KeyError, "'nope'"),
        (lambda: points.__setitem__("q", {"x": "z", "y": 1}), TypeError, "points['q'].x: expected int, got str 'z'"),
        (lambda: points.__setitem__(1, {"x": 1, "y": 1}), TypeError, "expected str"),
        (lambda: points.update({"a": {"x": 1, "y": 1}, "b": 3}), TypeError, "['b']"),
    ):
        before = points.value
        with pytest.raises(error) as caught:
            use()  # type: ignore[no-untyped-call]
        assert says in str(caught.value) and points == before
    points.clear()
    assert points == {} and len(points) == 0
    with pytest.raises(KeyError):
        points.popitem()


@pytest.mark.row("V-11")
def test_rings() -> None:
    buffer = Value(TypeRegistry.cyclic_buffer(int, 3)).view()
    for i in range(5):
        buffer.push(i)
    assert buffer == (2, 3, 4) and buffer.capacity == 3 and buffer[-1] == 4
    buffer[0] = 9
    assert buffer.pop() == 9 and len(buffer) == 2
    queue = Value(TypeRegistry.queue(str, 2)).view()
    queue.push("a")
    queue.append("b")
    with pytest.raises(ValueError, match="full"):
        queue.push("c")
    with pytest.raises(TypeError):
        queue.push(1)
    assert queue.value == ["a", "b"] and queue.pop() == "a" and queue == ["b"]
    queue.clear()
    with pytest.raises(IndexError):
        queue.pop()
    with pytest.raises(TypeError):
        del buffer[0]


@pytest.mark.row("V-33")
def test_windows() -> None:
    window = Value(TypeRegistry.window(float, 3, 2)).view()
    assert (window.size, window.min_size) == (3, 2)
    for i in range(1, 6):
        window.push(datetime(2026, 1, i), float(i))
    assert window == [(datetime(2026, 1, i), float(i)) for i in (3, 4, 5)]
    assert window.times == [datetime(2026, 1, i) for i in (3, 4, 5)] and window[0] == 3.0 and len(window) == 3
    with pytest.raises(ValueError, match="order of time"):
        window.push(datetime(2026, 1, 1), 1.0)
    with pytest.raises(TypeError):
        window.push(datetime(2026, 1, 9), "x")
    assert len(window) == 3
    recent = Value(TypeRegistry.window(int, timedelta(days=1))).view()
    recent.push(datetime(2026, 1, 1), 1)
    recent.push(datetime(2026, 1, 3), 3)
    assert recent == [(datetime(2026, 1, 3), 3)] and recent.size == timedelta(days=1)
    recent.clear()
    assert len(recent) == 0


@pytest.mark.row("V-29")
def test_optionals_and_variants() -> None:
    optional = Value(TypeRegistry.optional(POINT)).view()
    assert not optional.has_value and optional.value is None and optional.held is None and len(optional) == 0
    with pytest.raises(NullValueError):
        optional["x"]
    with pytest.raises(NullValueError):
        optional["x"] = 1
    assert optional.emplace() == {"x": 0, "y": 0.0}
    optional["x"] = 5
    assert optional["x"] == 5 and optional.held["x"] == 5 and optional == {"x": 5, "y": 0.0}  # type: ignore[index]
    optional.reset()
    assert optional.value is None and optional == None  # noqa: E711
    optional.value = {"x": 1, "y": 1}
    optional.value = None
    assert not optional.has_value
    variant = Value(int | str).view()
    assert (variant.index, variant.held.value, variant.alternative) == (0, 0, TypeMeta.get("int"))
    variant.value = "text"
    assert (variant.index, variant.held.value, variant.alternative) == (1, "text", TypeMeta.get("str"))
    with pytest.raises(TypeError):
        variant.value = 1.5
    assert variant == "text"


@pytest.mark.row("V-11")
def test_scalars_have_no_elements() -> None:
    scalar = Value(0).view()
    assert not scalar and Value(3).view()
    for use in (lambda: len(scalar), lambda: scalar[0], lambda: list(scalar), lambda: scalar.navigate("x")):
        with pytest.raises(TypeError):
            use()
    assert Value("b").view() > Value("a").view() and Value(1).view() <= 1


@pytest.mark.row("V-19", "V-20")
@pytest.mark.parametrize(
    "path", ["", "name", "points", 'points["AAPL"]', 'points["AAPL"].x', "levels", "levels[1]", "levels[1][0]"]
)
def test_navigation(book: Any, path: str) -> None:
    found = book.navigate(path)
    assert found.path == path and found.owner is book.owner and book.navigate(found.path) is found
    assert found is book.try_navigate(path)
    assert hgvalue.view(found.owner).navigate(found.path) == found


@pytest.mark.row("V-20")
@pytest.mark.parametrize(
    ("path", "error", "says"),
    [
        ("nope", KeyError, "nope"),
        ('points["nope"].x', KeyError, 'points["nope"]'),
        ('points["AAPL"].z', KeyError, 'points["AAPL"].z'),
        ("levels[7][0]", IndexError, "levels[7]"),
        ("levels[0].x", TypeError, "levels[0].x"),
        ("name.x", TypeError, "name.x"),
        ("levels[", ValueError, ""),
        ("levels[x]", ValueError, ""),
        ("..", ValueError, ""),
    ],
)
def test_bad_paths_name_the_step(book: Any, path: str, error: type[Exception], says: str) -> None:
    with pytest.raises(error) as caught:
        book.navigate(path)
    assert says in str(caught.value)
    if error in (KeyError, IndexError):
        assert book.try_navigate(path) is None
    else:
        with pytest.raises(error):
            book.try_navigate(path)
    with pytest.raises(TypeError):
        book.navigate(3)


@pytest.mark.row("V-20")
def test_keys_in_paths() -> None:
    days = Value(TypeRegistry.map("date", int)).view()
    days[datetime(2026, 1, 2).date()] = 5
    (entry,) = days.values()
    assert days.navigate(entry.path) is entry
    numbers = Value(TypeRegistry.map(int, TypeRegistry.map(bool, int)), {-3: {True: 4}}).view()
    assert numbers.navigate("[-3][true]") == 4 and numbers[-3][True].path == "[-3][true]"
    quoted = Value(TypeRegistry.map(str, int), {'a"]\\\n\t': 1}).view()
    (entry,) = quoted.values()
    assert quoted.navigate(entry.path) is entry


@pytest.mark.row("V-21")
def test_ranges(book: Any) -> None:
    points = book["points"]
    keys, values, items = points.keys(), points.values(), points.items()
    assert (list(keys), len(keys), len(items)) == (["AAPL"], 1, 1)
    points["B"] = {"x": 1, "y": 1}
    assert list(keys) == ["AAPL", "B"] and len(values) == len(items) == 2
    assert keys[1] == "B" and values[-1]["x"] == 1 and items[0] == ("AAPL", points["AAPL"])
    assert "B" in keys and "C" not in keys and ("B", {"x": 1, "y": 1.0}) in items and {"x": 1, "y": 1.0} in values
    assert repr(keys) == "ViewKeys(['AAPL', 'B'])"
    with pytest.raises(IndexError):
        keys[2]
    with pytest.raises(TypeError):
        keys["AAPL"]
    assert not list(Value(dict[str, int]).view().items()) and not Value(dict[str, int]).view().keys()


@pytest.mark.row("V-21")
def test_iteration_notices_changes() -> None:
    view = Value(dict[str, int], {"a": 1, "b": 2}).view()
    for key in view:
        view[key] = 5
    assert view == {"a": 5, "b": 5}
    with pytest.raises(RuntimeError, match="changed its size"):
        for _ in view:
            view["c"] = 1
    numbers = Value([1, 2, 3]).view()
    with pytest.raises(RuntimeError, match="changed its size"):
        for _ in numbers:
            numbers.append(1)
    iterator = iter(numbers)
    numbers.clear()
    with pytest.raises(RuntimeError):
        next(iterator)
    done = iter(Value([1]).view())
    assert len(list(done)) == 1 and list(done) == []


@pytest.mark.row("V-25")
def test_text() -> None:
    view = Value(BOOK, {"name": "b", "points": {"A": {"x": 1, "y": 2.5}}, "levels": [[1]]}).view()
    assert str(view) == '{name="b", points={"A": {x=1, y=2.5}}, levels=[[1]]}'
    assert str(view["points"]["A"]) == "{x=1, y=2.5}"
    assert repr(view["levels"]) == "<ListView list[list[int]] = [[1]]>"


@pytest.mark.row("V-30")
def test_reserve() -> None:
    for type_ in (TypeRegistry.set(int), TypeRegistry.map(int, int)):
        view = Value(type_).view()
        view.reserve(500)
        room = view.capacity
        assert room >= 500
        for i in range(500):
            view.update([(i, i)] if type_.kind is TypeKind.MAP else [i])
        assert view.capacity == room
        with pytest.raises(ValueError, match="-1"):
            view.reserve(-1)
        with pytest.raises(TypeError):
            view.reserve(1.5)
