"""Code that runs inside an operation, and changes what the operation works on: on Values, views, structs and deltas."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from types import ModuleType
from typing import Any

import pytest

import hgvalue
from hgvalue import Value

from ..model.generated import backend, load  # noqa: F401  (a fixture)

SCHEMA = """
class Thing(CompoundScalar):
    name: str = ""
    extra: object = None
    by: dict[str, object] = {}
class Plain(CompoundScalar):
    n: int = 7
    t: str = ""
class Row(CompoundScalar):
    plain: Plain
    limits: dict[str, float] = {}
    tags: list[str] = []
"""


@pytest.fixture(scope="module")
def m(backend: str) -> ModuleType:  # noqa: F811
    return load(SCHEMA, "reentry_values", backend)


class Index:
    """An int that does something when it is asked for."""

    def __init__(self, value: int, act: Callable[[], object]) -> None:
        self.value, self.act = value, act

    def __index__(self) -> int:
        self.act()
        return self.value


def long(n: int) -> dict[str, str]:
    return {f"k{i}" + "x" * 40: f"v{i}" * 20 for i in range(n)}


def finalised(act: Callable[[], object]) -> None:
    """Leave a cycle behind whose finaliser acts."""

    class Cycle:
        def __init__(self) -> None:
            self.me = self

        def __del__(self) -> None:
            act()

    Cycle()


@pytest.fixture
def eager() -> Iterator[None]:
    """Let the collector run at every allocation of an object that it knows."""
    before = gc.get_threshold()
    gc.collect()
    gc.set_threshold(1)
    yield
    gc.set_threshold(*before)
    gc.enable()


# -- positions --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["keys", "values", "items"])
def test_a_range_takes_the_size_after_the_index(part: str) -> None:
    v = Value("dict[str, str]", long(50))
    with pytest.raises(IndexError):
        getattr(v.view(), part)()[Index(40, v.view().clear)]


@pytest.mark.parametrize("spelling", ["list[str]", "CyclicBuffer[str, Size[50]]", "Queue[str]"])
def test_an_element_is_found_after_the_index(spelling: str) -> None:
    v = Value(spelling, ["x" * 50] * 50)
    view = v.view()
    for use in (lambda: view[Index(40, view.clear)], lambda: view.__setitem__(Index(40, view.clear), "y")):
        v.value = ["x" * 50] * 50
        with pytest.raises(IndexError):
            use()


def test_pop_asks_once_for_the_index() -> None:
    v = Value("list[int]", [1, 2, 3])
    asked: list[int] = []
    assert v.view().pop(Index(0, lambda: asked.append(1))) == 1
    assert asked == [1]
    assert v.value == [2, 3]


def test_pop_of_a_map_removes_what_it_returns() -> None:
    v = Value("dict[int, int]", {1: 10, 2: 20, 3: 30})
    turns = iter([1, 2, 3])

    class Turning:
        def __index__(self) -> int:
            return next(turns)

    assert v.view().pop(Turning()) == 10
    assert v.value == {2: 20, 3: 30}


def test_iteration_over_keys_that_were_exchanged() -> None:
    v = Value("dict[str, int]", {"a": 1, "b": 2, "c": 3})
    view = v.view()
    keys = iter(view)
    next(keys)
    for key in "abc":
        del view[key]
    view.update({"d": 1, "e": 2, "f": 3})
    with suppress(hgvalue.HgValueError):
        assert set(keys) <= {"d", "e", "f"}
    moved = iter(view)
    next(moved)
    value = view.pop("d")
    view["d"] = value  # the last one now, where an iteration in order would have ended
    with suppress(hgvalue.HgValueError):
        assert set(moved) <= {"d", "e", "f"}


def test_a_dict_that_grows_while_it_is_read() -> None:
    entries: dict[str, Any] = {}
    grow = Index(1, lambda: entries.update({f"n{len(entries)}": grow}))
    entries["a"] = grow
    with pytest.raises(hgvalue.HgValueError):
        Value("dict[str, int]", entries)


def test_update_of_a_map_by_the_view_of_a_list() -> None:
    v = Value("dict[int, int]", {})
    with pytest.raises((TypeError, ValueError)):
        v.view().update(Value("list[int]", [1]).view())
    v.view().update(Value("list[tuple[int, int]]", [(1, 2)]).view())
    assert v.value == {1: 2}


# -- the collector ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spelling", "full"),
    [
        ("dict[str, list[str]]", {k: [k] * 3 for k in long(60)}),
        ("dict[int | str, str]", long(60)),
        ("list[tuple[str, int]]", [(k, 1) for k in long(60)]),
        ("set[tuple[str, str]]", {(k, k) for k in long(60)}),
    ],
)
def test_finalisers_find_a_value_whole(spelling: str, full: Any, eager: None) -> None:
    v = Value(spelling, full)

    def change() -> None:
        v.value = type(full)()
        v.value = full

    reads: list[Callable[[], Any]] = [
        v.to_python, v.to_json, lambda: v.value, lambda: list(v.view()), lambda: repr(v), lambda: v == full,
        lambda: v.view().path, lambda: hgvalue.decode(v.encode()).value,
    ]  # fmt: skip
    if isinstance(full, dict):
        key = list(full)[40]
        reads += [lambda: v.view()[key].value, lambda: key in v.view(), lambda: v.view().get(key), v.view().items]
    for read in reads:
        want = read()
        for _ in range(5):
            gc.disable()
            finalised(change)
            gc.enable()
            try:
                got = read()
            except hgvalue.HgValueError:  # a view of what was replaced
                continue
            assert isinstance(got, type(want))
            if not isinstance(got, hgvalue.View | list) and type(got).__module__ != "hgvalue":
                assert got == want


@pytest.mark.parametrize("enabled", [True, False])
def test_the_collector_is_left_as_it_was(enabled: bool) -> None:
    v = Value("list[int]", [1, 2, 3])
    seen: list[bool] = []
    was = gc.isenabled()
    (gc.enable if enabled else gc.disable)()
    try:
        v.view()[Index(0, lambda: seen.append(gc.isenabled()))]
        with pytest.raises(TypeError):
            v.view()["x"]
        assert gc.isenabled() is enabled
        assert seen == [False]  # so that no finaliser runs either
    finally:
        (gc.enable if was else gc.disable)()


def test_the_collector_is_paused_by_several_threads() -> None:
    """Each thread ends its operation while another one is inside its own."""
    assert gc.isenabled()
    inside, leave = [threading.Event() for _ in range(2)], [threading.Event() for _ in range(2)]
    states: list[bool] = []

    def work(i: int) -> None:
        def wait() -> None:
            inside[i].set()
            leave[i].wait(10)

        Value("int64", Index(i, wait))

    threads = [threading.Thread(target=work, args=(i,)) for i in range(2)]
    for i, thread in enumerate(threads):
        thread.start()
        inside[i].wait(10)
    for i, thread in enumerate(threads):
        states.append(gc.isenabled())
        leave[i].set()
        thread.join(10)
    assert states == [False, False]
    assert gc.isenabled()


# -- starting again ---------------------------------------------------------------------------------------------------


class Reentering(Mapping[str, Any]):
    """Starts an object while its own arguments are read, and then fails or not."""

    def __init__(self, start: Callable[[], object], fails: bool) -> None:
        self.start, self.fails = start, fails

    def __getitem__(self, key: str) -> Any:
        raise KeyError(key)

    def __iter__(self) -> Iterator[str]:
        self.start()
        if self.fails:
            raise ZeroDivisionError
        return iter(())

    def __len__(self) -> int:
        return 1


@pytest.mark.parametrize("fails", [True, False])
@pytest.mark.parametrize("derived", [False, True])
@pytest.mark.parametrize("inner", ["__init__", "__setstate__"])
@pytest.mark.parametrize("outer", ["__init__", "__setstate__"])
def test_a_struct_started_while_it_is_started(
    m: ModuleType, outer: str, inner: str, derived: bool, fails: bool
) -> None:
    cls = type("Derived", (m.Thing,), {}) if derived else m.Thing
    thing = cls.__new__(cls)

    def start(name: str, text: str, by: Any) -> None:
        if name == "__init__":
            thing.__init__(text, [1], by)
        else:
            thing.__setstate__(((text, [1], by), None))

    with pytest.raises(ZeroDivisionError if fails else hgvalue.HgValueError):
        start(outer, "outer" * 30, Reentering(lambda: start(inner, "inner" * 30, {}), fails))
    assert [bytes(range(65, 165)) for _ in range(50)]
    assert thing.name == "inner" * 30
    assert thing.extra == [1]
    with pytest.raises(hgvalue.HgValueError):
        thing.__init__()
    assert thing.name == "inner" * 30


def test_a_value_and_a_delta_started_while_they_are_started() -> None:
    for cls, args in ((Value, ("dict[str, int]",)), (hgvalue.Delta, ("dict[str, int]",))):
        made = cls.__new__(cls)
        with pytest.raises(hgvalue.HgValueError):
            made.__init__(*args, Reentering(lambda made=made, args=args: made.__init__(*args, {}), False))
        assert made.schema == hgvalue.TypeMeta.get("dict[str, int]")


def test_slots_of_the_base_on_other_classes(m: ModuleType) -> None:
    with pytest.raises(TypeError):
        hgvalue.CompoundScalar.__hash__(m.Thing())
    assert hgvalue.CompoundScalar.__eq__(m.Thing(), m.Plain()) is NotImplemented
    for cls in (m.Thing, m.Plain):
        empty = cls.__new__(cls)
        for use in (hash, lambda o: o == o, lambda o: o.replace(), lambda o: o.to_dict(), lambda o: o.encode()):
            with pytest.raises((hgvalue.HgValueError, TypeError)):
                use(empty)


# -- deltas -----------------------------------------------------------------------------------------------------------


def test_a_cleared_struct_of_numbers_is_stored(m: ModuleType) -> None:
    old = m.Row(m.Plain(1, "x"), {"a": 1.0}, ["n"])
    change = {
        "plain": {"$cleared": True},
        "limits": {"added": {"b" * 40: 1.0}},
        "tags": {"kept": 1, "appended": ["z" * 40]},
    }
    for _ in range(3):
        new = hgvalue.apply(hgvalue.Delta(m.Row, change), old)
        assert new.plain in (m.Plain(), m.Plain(0, ""))
        assert new.limits == {"a": 1.0, "b" * 40: 1.0}


def test_a_delta_stays_as_it_was_when_it_is_applied() -> None:
    spelling = "list[int | None]"
    try:
        meta = hgvalue.TypeMeta.get(spelling)
    except hgvalue.HgValueError:
        pytest.skip("no such type")
    delta = hgvalue.diff(Value(meta, [1, None]), Value(meta, [1, 5, None, 7]))
    before = delta.to_python()
    for _ in range(2):
        target = Value(meta, [1, None])
        delta.apply_to(target)
        assert target.value == [1, 5, None, 7]
        assert delta.to_python() == before
