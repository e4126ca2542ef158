"""Values that hold each other through ``object``, far deeper than the stack is.

They are let go of, and what would have to go all the way down raises RecursionError.
"""

from __future__ import annotations

import copy
import gc
import pickle
import threading
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

import hgvalue

from ..model.generated import load

DEPTH = 100_000

SCHEMA = """
class Chained(CompoundScalar):
    name: str = ""
    next: object = None
    by_name: dict[str, object] = {}
    listed: list[object] = []

type Holder = TS[object]
"""


@pytest.fixture(scope="session")
def chained(backend: str) -> ModuleType:
    return load(f"from hgraph import *\n{SCHEMA}", "chained", backend)


def link_root(m: ModuleType, held: Any) -> Any:
    root = m.Holder()
    root.advance(1)
    root.value = held
    return root


def link_observer(m: ModuleType, held: Any) -> Any:
    root = m.Holder()
    root.subscribe(print if held is None else held.apply_result)
    return root


#: Makes one more object around another.
LINKS: dict[str, Callable[[ModuleType, Any], Any]] = {
    "struct": lambda m, held: m.Chained(next=held),
    "struct of lists": lambda m, held: m.Chained(listed=[held]),
    "struct of dicts": lambda m, held: m.Chained(by_name={"a": held}),
    "value": lambda m, held: hgvalue.Value("object", held),
    "value of lists": lambda m, held: hgvalue.Value("list[object]", [held]),
    "view": lambda m, held: hgvalue.Value("object", held).view(),
    "delta": lambda m, held: hgvalue.full_delta(m.Chained(next=held)),
    "list between": lambda m, held: [hgvalue.Value("object", m.Chained(next=held))],
    "root": link_root,
    "observer": link_observer,
}


def chain(m: ModuleType, link: str) -> Any:
    made = None
    for _ in range(DEPTH):
        made = LINKS[link](m, made)
    return made


@pytest.mark.parametrize("link", LINKS)
def test_letting_go(chained: ModuleType, link: str) -> None:
    made = [chain(chained, link)]
    made.clear()
    assert not made


@pytest.mark.parametrize("link", LINKS)
def test_letting_go_of_a_cycle(chained: ModuleType, link: str) -> None:
    made = [chain(chained, link)]
    made.append(chained.Chained(listed=[made]))
    del made
    gc.collect()


@pytest.mark.parametrize("link", ["struct", "value", "view", "list between", "root"])
def test_letting_go_in_a_thread_with_a_small_stack(chained: ModuleType, link: str) -> None:
    made = [chain(chained, link)]
    before = threading.stack_size(256 * 1024)
    try:
        thread = threading.Thread(target=made.clear)
        thread.start()
    finally:
        threading.stack_size(before)
    thread.join()
    assert not made


def test_each_object_is_let_go_of_once(chained: ModuleType) -> None:
    gone: list[int] = []

    class Noting:
        def __init__(self, number: int, held: Any) -> None:
            self.number, self.held = number, held

        def __del__(self) -> None:
            gone.append(self.number)

    made: Any = None
    for i in range(1000):
        made = chained.Chained(next=Noting(i, made))
    del made
    assert sorted(gone) == list(range(1000))


#: What has to go all the way down.
ALL_THE_WAY: dict[str, Callable[[Any, Any], Any]] = {
    "==": lambda a, b: a == b,
    "deepcopy": lambda a, b: copy.deepcopy(a),
    "pickle": lambda a, b: pickle.dumps(a),
    "diff": lambda a, b: hgvalue.diff(a, b),
}


@pytest.mark.parametrize("act", ALL_THE_WAY)
@pytest.mark.parametrize("link", ["struct", "struct of lists", "value"])
def test_too_deep_for_the_stack(chained: ModuleType, link: str, act: str) -> None:
    a, b = chain(chained, link), chain(chained, link)
    with pytest.raises(RecursionError):
        ALL_THE_WAY[act](a, b)
    assert len(repr(chain(chained, link))) < 4000
