"""repr is short and looks at no more than it shows, whatever the kind and size of what it is asked for."""

from __future__ import annotations

import collections
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest

import hgvalue
from hgvalue import Value

from ..model.generated import load

SCHEMA = """

class Thing(CompoundScalar):
    extra: object = None
    name: str = ""
    data: bytes = b""
    names: list[str] = []
    more: tuple[int, ...] = ()
    keys: set[int] = set()
    by: dict[str, list[int]] = {}

class Many(TimeSeriesSchema):
    numbers: TSD[int, TSD[int, TS[int]]]
    names: TSS[str]
    grows: TSL[TS[int]]
    window: TSW[int, Size[100000]]
    text: TS[str]
    held: TS[object]
    thing: TS[Thing]

type Root = TSB[Many]
"""

SIZES = [300, 30_000]
LIMIT = 2000


class Counted:
    """An element that counts how often one was shown."""

    shown = 0

    def __repr__(self) -> str:
        Counted.shown += 1
        return "Counted()"


@pytest.fixture(scope="module")
def m(backend: str) -> ModuleType:
    return load(SCHEMA, "reprs", backend)


def filled(m: ModuleType, size: int) -> Any:
    root = m.Root()
    root.advance(1)
    root.numbers.apply_result({i: {0: i, 1: i} for i in range(size)})
    root.names.apply_result({f"name {i}" for i in range(size)})
    root.grows.apply_result(dict.fromkeys(range(size), 1))
    root.text.value = "ä" * size
    root.thing.value = thing(m, size)
    for i in range(min(size, 2000)):
        root.advance(2 + i)
        root.window.apply_result(i)
    return root


def thing(m: ModuleType, size: int) -> Any:
    numbers = range(size)
    return m.Thing(
        name="x" * size, data=b"\0" * size, names=["ä"] * size, more=tuple(numbers), keys=set(numbers),
        by={str(i): [1] * 5 for i in numbers},
    )  # fmt: skip


def objects(m: ModuleType, size: int) -> Iterator[Any]:
    root = filled(m, size)
    handles = [root, *(getattr(root, name) for name in ("numbers", "names", "grows", "window", "text", "thing"))]
    for handle in (*handles, root.numbers.key_set):
        yield handle
        yield hgvalue.view(handle)
    for handle in handles:
        yield handle.delta()
    yield from (root.snapshot(), root.numbers.snapshot() if hasattr(root.numbers, "snapshot") else None)
    for view in (hgvalue.view(root.numbers), hgvalue.view(root.numbers.snapshot())):
        yield from (view.keys(), view.values(), view.items())
    struct = thing(m, size)
    yield from (struct, hgvalue.view(struct))
    for spelled, content in {
        "list[int]": list(range(size)),
        "tuple[str, ...]": ("x" * 50,) * size,
        "set[str]": {str(i) for i in range(size)},
        "dict[str, list[int]]": {str(i): [i] for i in range(size)},
        "str": "x" * size,
        "bytes": b"\xff" * size,
        "list[int] | None": [1] * size,
        "list[list[list[int]]]": [[[1] * 30] * 30] * (size // 100),
    }.items():
        value = Value(spelled, content)
        yield from (value, value.view(), hgvalue.diff(Value(spelled, type(content)()), value))
    yield hgvalue.SetDelta(range(size), range(size))
    yield hgvalue.Removed("x" * size)


@pytest.mark.parametrize("size", SIZES)
def test_every_repr_is_short(m: ModuleType, size: int) -> None:
    for shown in objects(m, size):
        assert len(repr(shown)) <= LIMIT, type(shown)


COLLECTIONS: dict[str, Callable[[list[Any]], Any]] = {
    "list": list,
    "tuple": tuple,
    "set": set,
    "frozenset": frozenset,
    "dict": dict.fromkeys,
    "values": lambda all_: dict(enumerate(all_)),
    "deque": collections.deque,
    "OrderedDict": collections.OrderedDict.fromkeys,
    "Counter": collections.Counter,
    "list of lists": lambda all_: [all_] * 10,
    "own list": type("Own", (list,), {}),
    "keys": lambda all_: dict.fromkeys(all_).keys(),
}


@pytest.mark.parametrize("kind", COLLECTIONS)
def test_only_what_is_shown_is_looked_at(m: ModuleType, kind: str) -> None:
    held = COLLECTIONS[kind]([Counted() for _ in range(20_000)])
    root = m.Root()
    root.advance(1)
    root.held.value = held
    refused: list[Any] = []
    with pytest.raises(TypeError) as caught:
        root.thing.value = held
    refused.append(str(caught.value))
    with pytest.raises(hgvalue.HgValueError) as also:
        root.names.apply_result({"name": held} if kind != "list" else [held])
    refused.append(str(also.value))
    Counted.shown = 0
    for shown in (root.held, root, root.snapshot(), m.Thing(held), root.delta(), hgvalue.view(root)):
        assert len(repr(shown)) <= LIMIT
    assert Counted.shown < 4000
    assert all(len(text) < 500 for text in refused)


def test_small_text_stands_whole(m: ModuleType) -> None:
    struct = m.Thing({"a": [1, (2,), set(), {3}, frozenset({4}), None, 1.5]}, "it's", b"\0", ["x"])
    assert repr(struct) == (
        "Thing(extra={'a': [1, (2,), set(), {3}, frozenset({4}), None, 1.5]}, name=\"it's\", data=b'\\x00', "
        "names=['x'], more=(), keys=frozenset(), by={})"
    )
    loop: list[Any] = [1]
    loop.append(loop)
    assert repr(m.Thing(loop)).startswith("Thing(extra=[1, [...]], ")
    assert str(Value("list[int]", list(range(1000)))).endswith("998, 999]")
    assert repr(Value("list[int]", list(range(1000)))).endswith("more])")


def test_keys_in_messages_are_short(m: ModuleType) -> None:
    long = "x" * 100_000
    value = Value("dict[str, dict[str, int]]", {long: {"a": 1}})
    for fails in (
        lambda: value.view()[long + "y"],
        lambda: value.view()[long]["b"],
        lambda: value.view()[long].__setitem__("a", "no int"),
    ):
        with pytest.raises(hgvalue.HgValueError) as caught:
            fails()
        assert len(str(caught.value)) < 500
