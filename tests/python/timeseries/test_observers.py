"""Observers: every scope, moment and kind, and in which order they are told."""

from __future__ import annotations

import gc
from types import ModuleType
from typing import Any

import pytest

from ..model.generated import load
from .observing import Log, OnlyNotified, Own
from .surface import depth

pytestmark = [pytest.mark.row("T-06"), pytest.mark.row("T-06", generated=True)]

WHEN = pytest.mark.parametrize("when", ["write", "end"])


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
def quotes(m: ModuleType) -> Any:
    root = m.Quotes()
    with root.tick(1):
        root.value = {key: {"bid": float(i)} for i, key in enumerate("abcdef")}
    return root


def test_a_change_says_where_what_and_when(quotes: Any) -> None:
    import hgvalue

    told: list[Any] = []
    child = quotes["b"]
    child.bid.subscribe(told.append)
    quotes.subscribe(told.append)
    with quotes.tick(2):
        child.bid = 5.0
        assert not told  # the end of the tick is when they are told, unless they ask for every write
    at, path, node, kind = told[0]
    assert (path, kind) == ("Quotes['b'].bid", "modified")
    assert at == quotes.last_modified_time == told[0].at
    assert node == child.bid
    assert node.value == 5.0
    assert told[1] == hgvalue.Change(at, "Quotes", quotes, "modified")
    assert isinstance(told[1], hgvalue.Change)


@WHEN
def test_every_level_hears_once_a_tick(m: ModuleType, log: Log, when: str) -> None:
    root = m.Book()
    with root.tick(1):
        root.value = {"a": {"quote": {"bid": 1.0}, "levels": ({"bid": 1.0}, None, None), "sizes": {1: 10}}}
    entry = root["a"]
    nodes = (root, entry, entry.quote, entry.quote.bid, entry.quote.ask, entry.levels, entry.levels[0])
    for node in (*nodes, entry.levels[1], entry.sizes, entry.sizes[1]):
        node.subscribe(log(), when)
    with root.tick(2):
        entry.quote.bid = 2.0
        entry.quote.bid = 3.0
        entry.sizes[1] = 11
    book, quote = "Book modified 2", "Book['a'].quote"
    at_once = [f"{quote}.bid modified 2", f"{quote} modified 2", "Book['a'] modified 2", book]
    later = ["Book['a'].sizes[1] modified 2", "Book['a'].sizes modified 2"]
    if when == "write":
        assert log.take() == at_once + later
    else:
        assert log.take() == [at_once[0], later[0], at_once[1], later[1], "Book['a'] modified 2", book]
    with root.tick(3):
        entry.levels[1].bid = 1.0
    assert log.take() == [f"Book['a'].{what} modified 3" for what in ("levels[1]", "levels")] + [
        "Book['a'] modified 3",
        "Book modified 3",
    ]


def test_end_is_also_the_next_advance(quotes: Any, log: Log) -> None:
    quotes.subscribe(log())
    quotes.advance(2)
    quotes["a"].bid = 1.0
    assert not log.all
    quotes.advance(3)
    assert log.take() == ["Quotes modified 2"]


def test_write_is_after_the_outermost_call(quotes: Any) -> None:
    seen: list[Any] = []
    quotes.subscribe(lambda change: seen.append(quotes.value), when="write")
    with quotes.tick(2):
        quotes.value = {"a": {"bid": 7.0, "ask": 8.0}, "b": {"bid": 9.0}, "new": {"ask": 1.0}}
    assert len(seen) == 1
    assert seen[0] == quotes.value
    assert seen[0]["new"] == {"ask": 1.0}


@WHEN
@pytest.mark.parametrize("kind", ["set", "dict", "list", "window", "bundle", "leaf", "object"])
def test_every_kind_of_node(m: ModuleType, log: Log, kind: str, when: str) -> None:
    root = depth(m)
    node, write = {
        "set": (root.flags, lambda: root.flags.add("new")),
        "dict": (root.sizes, lambda: root.sizes.get_or_create(99)),
        "list": (root.notes, lambda: root.notes.append("c")),
        "window": (root.closes, lambda: setattr(root, "closes", 7.0)),
        "bundle": (root.quote, lambda: root.quote.mark_modified()),
        "leaf": (root.last, lambda: setattr(root, "last", m.Trade(price=1.0))),
        "object": (root.anything, lambda: setattr(root, "anything", object())),
    }[kind]
    node.subscribe(log("node"), when)
    root.subscribe(log("root"), when)
    with root.tick(2):
        write()
    assert log.take() == ["node modified 2", "root modified 2"]
    with root.tick(3):
        node.invalidate()
        node.invalidate()
    assert log.take() == ["node invalidated 3", "root invalidated 3"]
    with root.tick(4):
        node.invalidate()
    assert log.take() == []


def test_invalidation_reaches_down_and_is_heard_above(m: ModuleType, log: Log) -> None:
    root = depth(m)
    for node in (root, root.quote, root.quote.bid, root.levels, root.levels[0].bid, root.levels[1].bid):
        node.subscribe(log())
    with root.tick(2):
        root.levels.value = None
    assert log.take() == ["Depth.levels[0].bid invalidated 2", "Depth.levels invalidated 2", "Depth invalidated 2"]
    assert root.valid
    with root.tick(3):
        root.quote.bid = None
        root.quote.ask = 1.0
    assert log.take() == ["Depth.quote.bid invalidated 3", "Depth.quote modified 3", "Depth modified 3"]


@WHEN
def test_removal(quotes: Any, log: Log, when: str) -> None:
    own, only = Own(), OnlyNotified()
    for observer in (log(), own, only):
        quotes["b"].bid.subscribe(observer, when)
        quotes["b"].subscribe(observer, when)
    with quotes.tick(2):
        quotes["b"].bid = 3.0
        del quotes["b"]
    if when == "write":
        assert log.take() == [
            f"Quotes['b']{field} {kind} 2" for kind in ("modified", "removed") for field in (".bid", "")
        ]
        assert own.at == [2, 2]
    else:  # only what became of it
        assert log.take() == ["Quotes['b'].bid removed 2", "Quotes['b'] removed 2"]
        assert own.at == []
    assert own.gone == [2, 2]
    assert only.at == own.at
    with quotes.tick(3):
        quotes["b"] = {"bid": 1.0}  # another element
    assert log.take() == []
    assert not quotes.has_observers_in_subtree


@pytest.mark.parametrize("how", ["del", "pop", "clear", "REMOVE", "above", "shrink"])
def test_every_way_to_remove(m: ModuleType, log: Log, how: str) -> None:
    import hgvalue

    root = m.Book()
    with root.tick(1):
        root.value = {"a": {"sizes": {1: 10}, "notes": ("x", "y")}}
    entry = root["a"]
    (entry.notes[1] if how == "shrink" else entry.sizes[1]).subscribe(log("it"))
    with root.tick(2):
        match how:
            case "del":
                del entry.sizes[1]
            case "pop":
                assert entry.sizes.pop(1) == 10
            case "clear":
                root["a"].clear()
            case "REMOVE":
                root.value = {"a": {"sizes": {1: hgvalue.REMOVE}}}
            case "above":
                del root["a"]
            case "shrink":
                entry.notes.resize(1)
    assert log.take() == ["it removed 2"]


@pytest.mark.row("T-04", generated=True)
def test_observers_follow_their_element(quotes: Any, log: Log) -> None:
    for key in "abcdef":
        quotes[key].bid.subscribe(log(key))
    with quotes.tick(2):
        for key in "abcde":  # the last row moves each time
            del quotes[key]
    assert sorted(log.take()) == [f"{key} removed 2" for key in "abcde"]
    with quotes.tick(3):
        quotes.value = {str(i): {"bid": 1.0} for i in range(1000)}
        quotes["f"].bid = 2.0
    assert log.take() == ["f modified 3"]


# -- keys, structure, any element ------------------------------------------------------------------------------------


@WHEN
def test_a_key_may_be_absent(quotes: Any, log: Log, when: str) -> None:
    nodes: list[Any] = []
    quotes.subscribe_key("x", log(), when)
    quotes.subscribe_key("x", lambda change: nodes.append(change.node), when)
    assert quotes.has_observers
    with quotes.tick(2):
        quotes["y"] = {"bid": 1.0}
    assert log.take() == []
    with quotes.tick(3):
        quotes["x"] = {"bid": 1.0}
    assert log.take() == ["Quotes['x'] modified 3"]
    assert nodes.pop() == quotes["x"]
    with quotes.tick(4):
        quotes["x"].invalidate()
    assert log.take() == ["Quotes['x'] invalidated 4"]
    with quotes.tick(5):
        del quotes["x"]
    assert log.take() == ["Quotes['x'] removed 5"]
    assert nodes.pop() is None
    with quotes.tick(6):
        quotes["x"] = {"ask": 1.0}
    assert log.take() == ["Quotes['x'] modified 6"]  # it outlives the element


@pytest.mark.parametrize(("when", "told"), [("write", ["modified", "removed", "modified"]), ("end", ["modified"])])
def test_a_key_that_comes_and_goes_in_one_tick(quotes: Any, log: Log, when: str, told: list[str]) -> None:
    quotes.subscribe_key("x", log("x"), when)
    with quotes.tick(2):
        quotes["x"] = {"bid": 1.0}
        del quotes["x"]
        quotes["x"] = {"bid": 2.0}
    assert log.take() == [f"x {kind} 2" for kind in told]


def test_keys_of_sets(m: ModuleType, log: Log) -> None:
    names = m.Names()
    names.subscribe_key("x", log("x"))
    names.subscribe_structure(log("keys"))
    names.subscribe_elements(log("any"))
    with names.tick(1):
        names.value = {"x", "y"}
    assert log.take() == ["x modified 1", "keys modified 1", "any modified 1"]
    with names.tick(2):
        names.add("x")
    assert log.take() == []
    with names.tick(3):
        names.remove("x")
    assert log.take() == ["x removed 3", "keys modified 3", "any modified 3"]


@pytest.mark.row("T-05", generated=True)
@pytest.mark.row("T-05", "T-16")
@pytest.mark.row("T-16", generated=True)
def test_structure_only(quotes: Any, log: Log) -> None:
    quotes.subscribe_structure(log("keys"), when="write")
    quotes.key_set.subscribe(log(), when="write")
    quotes.subscribe_elements(log("any"), when="write")
    quotes.subscribe(log("dict"), when="write")
    assert quotes.key_set.has_observers
    with quotes.tick(2):
        quotes["a"].bid = 5.0
    assert log.take() == ["any modified 2", "dict modified 2"]
    with quotes.tick(3):
        quotes.get_or_create("new")
    assert log.take() == ["keys modified 3", "Quotes.key_set modified 3", "any modified 3", "dict modified 3"]
    with quotes.tick(4):
        quotes.mark_modified()
    assert log.take() == ["dict modified 4"]


@pytest.mark.row("T-05")
def test_a_key_set_is_given_to_its_observers(m: ModuleType) -> None:
    told: list[Any] = []
    root = m.Quotes()
    root.key_set.subscribe(told.append)
    with root.tick(1):
        root.value = {}  # which makes the keys valid
    with root.tick(2):
        root["a"] = {"bid": 1.0}
    assert [change.node for change in told] == [root.key_set, root.key_set]
    assert [change.path for change in told] == ["Quotes.key_set"] * 2
    assert root.key_set.unsubscribe(told.append) is True
    assert not root.key_set.has_observers


def test_elements_of_bundles_and_lists(m: ModuleType, log: Log) -> None:
    root = depth(m)
    root.quote.subscribe_elements(log("quote"))
    root.levels.subscribe_elements(log("levels"))
    root.notes.subscribe_elements(log("notes"))
    root.notes.subscribe_structure(log("length"))
    with root.tick(2):
        for node in (root.quote, root.levels, root.notes):
            node.mark_modified()
    assert log.take() == []
    with root.tick(3):
        root.value = {"quote": {"ask": 1.0}, "levels": {2: {"bid": 1.0}}, "notes": {0: "n"}}
    assert log.take() == ["quote modified 3", "levels modified 3", "notes modified 3"]
    with root.tick(4):
        root.notes.resize(1)
    assert log.take() == ["notes modified 4", "length modified 4"]


# -- subscribing -----------------------------------------------------------------------------------------------------


def test_unsubscribe(quotes: Any, log: Log) -> None:
    class Listener:
        def __init__(self) -> None:
            self.calls = 0

        def method(self, change: Any) -> None:
            self.calls += 1

    listener, plain = Listener(), log("plain")
    quotes.subscribe(listener.method)
    quotes.subscribe(listener.method)  # nothing more
    quotes.subscribe(plain)
    quotes.subscribe(plain, when="write")
    quotes.subscribe_key("a", plain)
    with quotes.tick(2):
        quotes["a"].bid = 1.0
    assert listener.calls == 1
    assert sorted(log.take()) == ["plain modified 2"] * 3
    assert quotes.unsubscribe(listener.method) is True
    assert quotes.unsubscribe(listener.method) is False
    assert quotes.unsubscribe_key("b", plain) is False
    assert quotes.unsubscribe_key("a", plain) is True
    assert quotes.has_observers
    assert quotes.unsubscribe(plain) is True
    assert not quotes.has_observers
    with quotes.tick(3):
        quotes["a"].bid = 1.0
    assert (listener.calls, log.take()) == (1, [])


@pytest.mark.row("T-16")
@pytest.mark.row("T-16", generated=True)
def test_has_observers(m: ModuleType, log: Log) -> None:
    root = depth(m)
    assert (root.has_observers, root.has_observers_in_subtree) == (False, False)
    observer = log()
    root.sizes[1].subscribe(observer)
    assert (root.has_observers, root.has_observers_in_subtree) == (False, True)
    assert (root.sizes.has_observers, root.sizes.has_observers_in_subtree) == (False, True)
    assert root.sizes[1].has_observers
    assert not root.sizes[2].has_observers_in_subtree
    assert not root.quote.has_observers_in_subtree
    root.sizes[1].unsubscribe(observer)
    assert not root.has_observers_in_subtree


def test_wrong_arguments(m: ModuleType, log: Log) -> None:
    import hgvalue

    root = depth(m)
    with pytest.raises(TypeError, match="a callable, or an object with a method notify"):
        root.subscribe(3)
    with pytest.raises(ValueError, match="'later'"):
        root.subscribe(log(), when="later")
    with pytest.raises(TypeError):
        root.subscribe()
    with pytest.raises(TypeError, match="int"):
        root.sizes.subscribe_key("text", log())
    with pytest.raises(TypeError):
        root.sizes.key_set.subscribe_key(1, log())
    for node in (root.quote, root.quote.bid, root.closes):
        assert not hasattr(node, "subscribe_key")
        assert not hasattr(node, "subscribe_structure")
    assert not root.has_observers_in_subtree
    child = root.sizes[1]
    root.advance(2)
    del root.sizes[1]
    for stale in (child, next(iter(root.sizes.removed_values()))):
        with pytest.raises(hgvalue.StaleReferenceError):
            stale.subscribe(log())
    assert child.unsubscribe(log()) is False


@WHEN
def test_a_failed_write_tells_nobody(m: ModuleType, log: Log, when: str) -> None:
    root = depth(m)
    for node in (root, root.quote, root.quote.bid, root.sizes, root.notes):
        node.subscribe(log(), when)
    root.sizes.subscribe_key(77, log(), when)
    with root.tick(2):
        for wrong in (
            {"quote": {"bid": 1.0, "ask": "no"}},
            {"sizes": {77: 1, 78: "no"}},
            {"quote": {"bid": 1.0}, "notes": {0: "n", 17: "beyond"}},
        ):
            with pytest.raises((TypeError, IndexError)):
                root.value = wrong
        with pytest.raises(KeyError):
            del root.sizes[55]
        with pytest.raises(TypeError):
            root.sizes["text"] = 1
    assert log.take() == []
    with root.tick(3):
        root.quote.bid = 2.0
        with pytest.raises(TypeError):
            root.value = {"sizes": {77: 1}, "quote": 3}
    assert log.take() == ["Depth.quote.bid modified 3", "Depth.quote modified 3", "Depth modified 3"]


def test_copy_from_is_one_change(m: ModuleType, log: Log) -> None:
    source, target = depth(m), m.Depth()
    seen: list[Any] = []
    target.subscribe(lambda change: seen.append(target.value), "write")
    target.sizes.subscribe_key(1, log(), "write")
    with target.tick(5):
        target.copy_from(source)
    assert seen == [source.value]
    assert log.take() == ["Depth.sizes[1] modified 5"]


def test_references_tick_with_their_target(backend: str, log: Log) -> None:
    import hgvalue

    m = load("class Linked(TimeSeriesSchema):\n    price: TS[float]\n    link: REF[TS[float]]\n", "linked", backend)
    clock = hgvalue.EvaluationClock()
    root, other = m.Linked(clock), m.Linked(clock)
    nodes: list[Any] = []
    root.link.subscribe(log(), "write")
    root.link.subscribe(lambda change: nodes.append(change.node))
    other.link.subscribe(log("elsewhere"))
    with clock.tick(1):
        root.price = 1.0
        root.link.bind(root.price)
        other.link.bind(root.price)
        assert log.take() == ["Linked.link modified 1"]
    assert log.take() == ["elsewhere modified 1"]
    with clock.tick(2):
        root.price = 2.0
    assert log.take() == ["Linked.link modified 2", "elsewhere modified 2"]
    with clock.tick(3):
        root.link.clear()
    assert log.take() == ["Linked.link invalidated 3"]
    assert [node.path for node in nodes] == ["Linked.link"] * 3
    assert root.link.has_observers
    with clock.tick(4):
        nodes.clear()
        del root  # and with it the target
        gc.collect()
    assert log.take() == ["elsewhere invalidated 4"]
