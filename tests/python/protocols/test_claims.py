"""What a class claims, it keeps: found out from the class or object itself, for one object of every kind."""

from __future__ import annotations

import collections.abc as abc
import contextlib
import copy
import dataclasses
import enum
import inspect
import pickle
import typing
import weakref
from types import ModuleType
from typing import Any

import pytest

import hgvalue

pytestmark = pytest.mark.compile

PROTOCOLS = range(pickle.HIGHEST_PROTOCOL + 1)


def written(m: ModuleType) -> Any:
    root = m.Root()
    root.advance(1)
    root.apply_result({"one": 1, "items_": (1, 2), "grows": (1, 2), "names": {"a"}, "prices": {"a": 1.0}, "window": 3})
    root.apply_result({"quote": {"bid": 1.0}})
    root.ref.bind(root.one)
    return root


def objects(m: ModuleType) -> dict[str, Any]:
    """Return an object of every kind, by a name for it."""
    root, trip = written(m), m.Trip(start=m.Point(x=1), by={"a": 1.0}, stops=["b", "c"], tags={"t"})
    book = m.Book()
    book.advance(1)
    book.apply_result({"A": {"bid": 1.0}})
    value = hgvalue.Value("dict[str, int]", {"a": 1, "b": 2})
    view = value.view()
    found = {
        "struct": trip,
        "holder": m.Holder(held=[1]),
        "root": root,
        "clock": root.clock,
        "snapshot": root.snapshot(),
        "delta": root.delta(),
        "book value": book.snapshot(),
        "book delta": book.delta(),
        "names value": m.NamesValue({"a"}),
        "Value": value,
        "set Value": hgvalue.Value("set[int]", {1}),
        "Delta": hgvalue.diff(value, hgvalue.Value("dict[str, int]", {"b": 3})),
        "TypeMeta": hgvalue.TypeMeta.get("list[int]"),
        "registry": hgvalue.TypeRegistry.instance(),
        "set delta": hgvalue.set_delta({1}, {2}),
        "Removed": hgvalue.Removed(1),
        "REMOVE": hgvalue.REMOVE,
        "slots": book.resolve(["A"]),
        "input": hgvalue.bind(m.Quote, root.quote),
        "key set": book.key_set,
        "keys": view.keys(),
        "values": view.values(),
        "items": view.items(),
        "map view": view,
        "bundle view": hgvalue.view(trip),
        "list view": hgvalue.Value("list[int]", [1, 2, 2]).view(),
        "set view": hgvalue.Value("set[int]", {1, 2}).view(),
        "tuple view": hgvalue.Value("tuple[int, str]", (1, "a")).view(),
        "enum": m.Side.BUY,
        "change": hgvalue.Change(hgvalue.MIN_ST, "Root", None, "removed"),
    }
    return found | {f"handle of {name}": getattr(root, name) for name in m.NodeValue.__match_args__ if name != "ref"}


NAMES = [
    *("struct", "holder", "root", "clock", "snapshot", "delta", "book value", "book delta", "names value", "Value"),
    *("set Value", "Delta", "TypeMeta", "registry", "set delta", "Removed", "REMOVE", "slots", "input", "key set"),
    *("keys", "values", "items", "map view", "bundle view", "list view", "set view", "tuple view", "enum", "change"),
    *(f"handle of {n}" for n in ("one", "tick_", "items_", "grows", "names", "prices", "window", "quote")),
]


@pytest.fixture
def thing(m: ModuleType, request: pytest.FixtureRequest) -> Any:
    return objects(m)[request.param]


each = pytest.mark.parametrize("thing", NAMES, indirect=True)


def test_every_kind_is_tested(m: ModuleType) -> None:
    assert set(NAMES) == objects(m).keys()


@each
def test_hash_agrees_with_equality(thing: Any) -> None:
    try:
        same = hash(thing)
    except TypeError:
        return  # as of any object whose type has no hash
    assert isinstance(thing, abc.Hashable) and hash(thing) == same and thing == thing
    with contextlib.suppress(TypeError):
        again = pickle.loads(pickle.dumps(thing))
        assert again != thing or hash(again) == same


@each
@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_pickle_gives_an_equal_object_or_is_refused(thing: Any, protocol: int) -> None:
    try:
        data = pickle.dumps(thing, protocol)
    except TypeError as error:
        assert isinstance(error, hgvalue.HgValueError) or "pickle" in str(error)
        if isinstance(thing, hgvalue.CompoundScalar | hgvalue.Value | hgvalue.Delta | hgvalue.TypeMeta):
            raise
        return
    again = pickle.loads(data)
    assert type(again) is type(thing) and (again == thing or isinstance(thing, hgvalue.EvaluationClock))


@each
def test_weak_references(thing: Any) -> None:
    if not isinstance(thing, tuple | hgvalue.TypeRegistry):  # a tuple cannot, and there is one registry for good
        assert weakref.ref(thing)() is thing


@each
def test_signature_and_docstring(thing: Any) -> None:
    cls = type(thing)
    assert inspect.signature(cls) is not None and cls.__module__ and "." not in cls.__qualname__
    if not isinstance(thing, enum.Enum | hgvalue.CompoundScalar):  # they have what the schema says of them
        assert cls.__doc__
    for name in dir(cls):
        member = getattr(cls, name)
        if not name.startswith("_") and callable(member) and not isinstance(thing, tuple):
            assert inspect.signature(member) is not None and member.__doc__, name


@each
def test_sets(thing: Any) -> None:
    if not isinstance(thing, abc.Set):
        return
    plain = {part if type(part) is not tuple else (part[0], part[1].value) for part in thing}
    other = {*list(plain)[:1], "other", ("other", 1)}
    if isinstance(thing, hgvalue.SetView):
        other = {*list(plain)[:1], 99}  # a view of a set refuses what cannot be in it
    assert thing == plain and plain == thing and thing != other and len(thing) == len(plain)
    for ours, theirs in [
        (thing & other, plain & other),
        (thing | other, plain | other),
        (thing - other, plain - other),
    ]:
        assert set(ours) == theirs
    assert set(thing ^ other) == plain ^ other and set(other & thing) == plain & other
    assert set(other - thing) == other - plain and set(other | thing) == other | plain
    assert thing <= plain and thing >= plain and not thing < plain and not thing > other and not thing <= other
    assert thing.isdisjoint(other - plain) and not thing.isdisjoint(other)
    assert all(part in thing for part in plain)


@each
def test_mappings(thing: Any) -> None:
    if not isinstance(thing, abc.Mapping):
        return
    assert isinstance(thing.keys(), abc.KeysView) and isinstance(thing.items(), abc.ItemsView)
    assert isinstance(thing.values(), abc.ValuesView)
    assert not isinstance(thing.values(), abc.Set)
    assert list(thing) == list(thing.keys()) and len(thing) == len(list(thing.items()))
    assert all(thing[key] == value == thing.get(key) and key in thing for key, value in thing.items())
    assert thing.get("not there") is None


@each
def test_sequences(thing: Any) -> None:
    if not isinstance(thing, abc.Sequence) or isinstance(thing, tuple):
        return
    plain = [part.value for part in thing]
    assert [part.value for part in reversed(thing)] == plain[::-1]
    assert [thing[i] for i in range(len(thing))] == plain and thing[-1] == plain[-1]
    for part in plain:
        assert part in thing and thing.index(part) == plain.index(part) and thing.count(part) == plain.count(part)
    with pytest.raises(ValueError):
        thing.index(99)


@each
def test_iterables(thing: Any) -> None:
    if isinstance(thing, abc.Sized) and isinstance(thing, abc.Iterable) and not isinstance(thing, type(hgvalue.REMOVE)):
        assert len(list(thing)) == len(thing)


@each
def test_dataclasses(thing: Any) -> None:
    if not dataclasses.is_dataclass(thing):
        return
    cls = type(thing)
    fields = {field.name: field.type for field in dataclasses.fields(thing)}
    assert tuple(fields) == cls.__match_args__ and fields == cls.__annotations__ == typing.get_type_hints(cls)
    assert dataclasses.replace(thing) == thing and dataclasses.asdict(thing).keys() == fields.keys()
    assert cls(**{name: getattr(thing, name) for name in fields}) == thing


@each
def test_time_series_are_not_compared_with_values(thing: Any) -> None:
    if not isinstance(thing, hgvalue.TimeSeries):
        return
    for other in (thing.value, None, 1, "a", {}, set(), ()):
        for compare in ("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__"):
            with pytest.raises(TypeError, match=r"\.value"):
                getattr(thing, compare)(other)
    assert thing == thing and thing in [thing] and {thing: 1}[thing] == 1
    with pytest.raises(TypeError, match=r"\.value"):
        assert thing < thing


def test_two_time_series_are_equal_if_they_are_one(m: ModuleType) -> None:
    root, other = written(m), written(m)
    assert root != other and root.one != other.one and root.quote == root["quote"] and root.prices == root.prices
    changes = [hgvalue.Change(hgvalue.MIN_ST, "a", node, "removed") for node in (None, root)]
    assert changes[0] != changes[1] and changes[1] == changes[1] and changes[0] in changes


def test_root_constructors_show_their_parameter(m: ModuleType) -> None:
    for cls in (m.Root, m.Book, m.Names, m.Numbers):
        assert list(inspect.signature(cls).parameters) == ["clock"] and "clock" not in cls.__doc__


def test_weak_references_end_with_a_struct(m: ModuleType) -> None:
    sub = type("Sub", (m.Point,), {})
    for make in (lambda: m.Point(x=1), lambda: m.Holder(held=[]), lambda: sub(x=1)):
        ended: list[object] = []
        made = make()
        reference = weakref.ref(made, ended.append)
        del made
        assert reference() is None and ended == [reference]


def test_what_is_no_json_is_an_error_of_ours(m: ModuleType) -> None:
    for read in (m.Point.from_json, m.RootDelta.from_json, m.BookValue.from_json, m.RootValue.from_json):
        for text in ("", "{", "nope", '{"a": 1} 2', b"\xff", "9" * 5000 + "x"):
            with pytest.raises(hgvalue.HgValueError) as caught:
                read(text)
            assert isinstance(caught.value, ValueError)
        with pytest.raises(hgvalue.WrongTypeError):
            read(3)
    endless: list[Any] = []
    endless.append(endless)
    for held, error in ((object(), hgvalue.WrongTypeError), ({(1,): 2}, hgvalue.WrongTypeError)):
        with pytest.raises(error):
            m.Holder(held=held).to_json()
    with pytest.raises(hgvalue.InvalidValueError):
        m.Holder(held=endless).to_json()


def test_buffers_in_use_are_an_error_of_ours() -> None:
    value = hgvalue.Value("list[float]", [1.0])
    held = memoryview(value)
    with pytest.raises(hgvalue.HgValueError) as caught:
        value.view().append(2.0)
    assert isinstance(caught.value, BufferError) and held[0] == 1.0


def test_copies(m: ModuleType) -> None:
    for thing in (hgvalue.set_delta({1}, {2}), hgvalue.Removed((1, "a")), m.Point(x=1), m.Side.SELL):
        assert copy.copy(thing) == copy.deepcopy(thing) == thing
