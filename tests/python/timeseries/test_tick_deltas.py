"""The typed delta of a tick: what it says of each kind, that a follower equals its leader, and what is refused."""

from __future__ import annotations

import copy
import importlib.util
import pickle
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import hgvalue

from ..model.generated import load

ROOT = Path(__file__).parents[3]
pytestmark = pytest.mark.row("D-01", "D-02", "D-04", "D-05", "D-06", "T-08", generated=True)

SCHEMA = """
class Side(Enum):
    BUY = 1
    SELL = 2

class Point(CompoundScalar):
    x: int
    y: float

class Quote(TimeSeriesSchema):
    bid: TS[float]
    point: TS[Point]
    side: TS[Side]

class Board(TimeSeriesSchema):
    quote: TSB[Quote]
    quotes: TSD[str, TSB[Quote]]
    deep: TSD[str, TSD[int, TS[float]]]
    names: TSS[str]
    pair: TSL[TS[int], Size[2]]
    rows: TSL[TSD[str, TS[int]]]
    last: TSW[int, Size[3], Size[1]]
    recent: TSW[int, timedelta(microseconds=10)]
    beat: SIGNAL
    ref: REF[TS[float]]

Number = TS[float]
Texts = TS[list[str]]
Names = TSS[str]
Pair = TSL[TS[int], Size[2]]
Rows = TSL[TSD[str, TS[int]]]
Deep = TSD[str, TSD[int, TS[float]]]
Last = TSW[int, Size[3], Size[1]]
Beat = SIGNAL
"""
OTHER = "class Quote(TimeSeriesSchema):\n    bid: TS[int]\n\nNumber = TS[int]\n"
NAME = "tick_deltas"


@pytest.fixture(scope="module")
def m(backend: str) -> ModuleType:
    module = load(SCHEMA, NAME, backend)
    sys.modules.setdefault(module.__name__, module)
    return module


class Pair:
    """A leader and its follower."""

    def __init__(self, cls: Any, other: Any = None) -> None:
        self.leader, self.follower = cls(), (other or cls)()
        self.now = 0

    def tick(self, change: Callable[[Any], object] = lambda _: None) -> hgvalue.Delta:
        """Change the leader in a tick of its own; the delta, which made the follower equal and came back from bytes."""
        self.now += 1
        self.leader.advance(self.now)
        self.follower.advance(self.now)
        before = self.leader.snapshot()
        change(self.leader)
        delta = self.leader.delta()
        self.follower.apply(type(delta).decode(delta.encode()))
        assert difference(self.leader, self.follower) == []
        assert hgvalue.apply(delta, before) == self.leader.snapshot()
        return delta


@pytest.fixture(scope="session")
def followers() -> ModuleType:
    """The program of the long run."""
    spec = importlib.util.spec_from_file_location("followers", ROOT / "benchmarks" / "followers.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def difference(leader: Any, follower: Any, path: str = "root") -> list[str]:
    """Return where two nodes differ in value, valid and keys, at any depth."""
    names = {cls.__name__ for cls in type(leader).__mro__}
    found: list[str] = []
    if "REF" in names:
        return found
    if leader.valid != follower.valid or leader.modified != follower.modified:
        found.append(f"{path}: valid {leader.valid} and {follower.valid}, {leader.modified} and {follower.modified}")
    if names & {"TSB", "TSL", "DynamicTSL", "TSD"}:
        keys = sorted(leader.keys())
        if keys != sorted(follower.keys()):
            return [*found, f"{path}: {keys} and {sorted(follower.keys())}"]
        for key in keys:
            found += difference(leader[key], follower[key], f"{path}[{key!r}]")
    elif shown(leader.value) != shown(follower.value):
        found.append(f"{path}: {leader.value} and {follower.value}")
    return found


def form(delta: hgvalue.Delta) -> Any:
    """Return the plain form without the time of the tick."""
    plain = delta.to_python()
    assert plain.pop("$time") == delta.time
    return plain


def shown(value: Any) -> object:
    """Return what tells 1 from 1.0 and NaN from what is none, and says nothing of the order of a set."""
    return sorted(map(repr, value)) if isinstance(value, frozenset) else repr(value)


def assign(**values: Any) -> Callable[[Any], None]:
    return lambda root: [setattr(root, name, value) for name, value in values.items()] and None


# -- what it says, by kind --------------------------------------------------------------------------------------------


def test_a_scalar(m: ModuleType) -> None:
    pair = Pair(m.Number)
    assert pair.tick().empty
    delta = pair.tick(assign(value=1.5))
    assert type(delta) is m.NumberDelta
    assert (delta.ticked, delta.new_value(), delta.change_count, delta.invalidated) == (True, 1.5, 1, False)
    assert form(pair.tick(assign(value=1.5))) == {"$ticked": True, "value": 1.5}  # an equal value ticks, too
    assert form(pair.tick(assign(value=None))) == {"$invalidated": True}
    assert pair.tick().empty
    assert pair.tick(lambda root: (assign(value=2.0)(root), root.invalidate())).invalidated


def test_a_scalar_with_parts(m: ModuleType) -> None:
    pair = Pair(m.Texts)
    pair.tick(assign(value=["a", "b"]))
    delta = pair.tick(assign(value=["c"]))
    assert form(delta) == {"$ticked": True, "$cleared": True, "appended": ["c"]}
    pair.tick(assign(value=None))
    pair.tick(assign(value=[]))
    assert pair.follower.value == []


def test_a_signal(m: ModuleType) -> None:
    pair = Pair(m.Beat)
    assert pair.tick(lambda root: root.mark_modified()).new_value() is True
    assert pair.tick().empty
    assert pair.tick(lambda root: root.invalidate()).invalidated


def test_a_bundle(m: ModuleType) -> None:
    pair = Pair(m.Quote)
    delta = pair.tick(assign(bid=1.5, side=m.Side.BUY))
    assert type(delta) is m.QuoteDelta
    assert {name: change.new_value() for name, change in delta.changed().items()} == {"bid": 1.5, "side": m.Side.BUY}
    pair.tick(assign(point=m.Point(1, 2.0)))
    assert form(pair.tick(assign(bid=None))) == {"bid": {"$invalidated": True}}
    assert not pair.leader.modified
    assert not pair.leader.delta().empty  # nothing ticked, but something became invalid
    assert form(pair.tick(lambda root: root.mark_modified())) == {"$ticked": True}
    assert form(pair.tick(lambda root: root.invalidate())) == {"$invalidated": True}
    assert hgvalue.apply(pair.leader.delta(), m.QuoteValue(bid=1.0)) is None
    delta = pair.tick(assign(bid=2.5))
    assert hgvalue.apply(delta, None) == m.QuoteValue(bid=2.5)


def test_a_set(m: ModuleType) -> None:
    pair = Pair(m.Names)
    assert form(pair.tick(assign(value=set()))) == {"$ticked": True}
    delta = pair.tick(assign(value={"a", "b"}))
    assert (delta.added(), delta.removed()) == ({"a", "b"}, frozenset())
    delta = pair.tick(lambda root: (root.remove("a"), root.add("c"), root.remove("b"), root.add("b")))
    assert (delta.added(), delta.removed()) == ({"c"}, {"a"})
    assert pair.tick(lambda root: root.clear()).removed() == {"b", "c"}
    assert form(pair.tick(lambda root: root.clear())) == {"$ticked": True}
    pair.tick(assign(value={"x"}))
    assert form(pair.tick(lambda root: root.invalidate())) == {"$invalidated": True}
    pair.tick(assign(value={"y"}))
    assert set(pair.follower) == {"y"}


def test_a_list(m: ModuleType) -> None:
    pair = Pair(m.Pair)
    pair.tick(assign(value=(1, None)))
    assert form(pair.tick(assign(value={1: 5}))) == {"$ticked": True, 1: {"value": 5}}
    assert form(pair.tick(lambda root: root[0].invalidate())) == {0: {"$invalidated": True}}
    pair.tick(lambda root: root.invalidate())
    pair.tick(assign(value=(None, 7)))
    assert pair.follower.value == (None, 7)


def test_a_list_that_grows(m: ModuleType) -> None:
    pair = Pair(m.Rows)
    delta = pair.tick(assign(value=({"a": 1}, None)))
    assert (delta.kept(), delta.dropped(), delta.appended()) == (0, 0, [{"a": 1}, None])
    delta = pair.tick(lambda root: (root.resize(1), root.append({"b": 2}), root[0].get_or_create("c")))
    assert (delta.kept(), delta.dropped(), delta.appended()) == (1, 1, [{"b": 2}])
    assert [index for index, _ in delta.updated_items()] == [0]
    pair.tick(lambda root: root.invalidate())
    assert len(pair.follower) == 2  # what is not valid keeps its elements
    pair.tick(lambda root: root[1].__setitem__("b", 3))
    pair.tick(lambda root: root.clear())
    pair.tick(lambda root: root.clear())
    assert pair.follower.modified


def test_keys_of_a_dict(m: ModuleType) -> None:
    pair = Pair(m.Deep)
    delta = pair.tick(lambda root: (root.get_or_create("never"), root.__setitem__("a", {1: 1.0})))
    assert delta.added_items() == [("a", {1: 1.0}), ("never", None)]
    assert pair.tick(lambda root: root.pop("never")).removed_keys() == ["never"]  # although it had never been valid
    delta = pair.tick(lambda root: (root.pop("a"), root.__setitem__("a", {2: 2.0})))
    assert (delta.removed_keys(), delta.added_items()) == (["a"], [("a", {2: 2.0})])  # another child, which has no 1
    delta = pair.tick(lambda root: (root.pop("a"), root.get_or_create("a")))
    assert (delta.removed_keys(), delta.added_items()) == (["a"], [("a", None)])
    delta = pair.tick(lambda root: (root.get_or_create("gone"), root.pop("gone")))
    assert form(delta) == {"$ticked": True, "$keys_ticked": True}
    assert pair.tick(lambda root: root.clear()).removed_keys() == ["a"]
    assert form(pair.tick(lambda root: root.clear())) == {"$ticked": True}


def test_an_invalidated_dict_keeps_its_keys(m: ModuleType) -> None:
    pair = Pair(m.Deep)
    pair.tick(assign(value={"a": {1: 1.0, 2: 2.0}, "b": {}}))
    assert form(pair.tick(lambda root: root.invalidate())) == {"$invalidated": True}
    assert list(pair.follower["a"].keys()) == [1, 2]
    delta = pair.tick(lambda root: root["a"].__setitem__(1, 5.0))
    assert hgvalue.apply(delta, None) == m.DeepValue({"a": {1: 5.0, 2: None}, "b": None})
    # Keys that come, go and are replaced in the tick that invalidates.
    delta = pair.tick(lambda root: (root.pop("b"), root["a"].get_or_create(9), root["a"].pop(2), root.invalidate()))
    assert delta.invalidated
    assert (list(pair.follower.keys()), list(pair.follower["a"].keys())) == (["a"], list(pair.leader["a"].keys()))
    delta = pair.tick(lambda root: (root.__setitem__("n", {7: 1.0}), root["n"].invalidate()))
    assert list(pair.follower["n"].keys()) == [7]
    assert pair.tick(lambda root: (root.pop("n"), root.get_or_create("n"))).removed_keys() == ["n"]
    assert list(pair.follower["n"].keys()) == []


def test_a_python_form_is_not_applied(m: ModuleType) -> None:
    """The likeliest mistake: the delta_value, which says less, instead of the delta."""
    pair = Pair(m.Number)
    pair.tick(assign(value=1.5))
    for wrong in (pair.leader.delta_value, {"x": 1}, None, b"", pair.leader.snapshot()):
        with pytest.raises(TypeError, match=r"takes a Delta, as delta\(\) gives, .*; .* is written by apply_result"):
            pair.follower.apply(wrong)
    assert pair.follower.value == 1.5


def test_a_window(m: ModuleType) -> None:
    pair = Pair(m.Last)
    pair.tick(assign(value=1))
    delta = pair.tick(lambda root: [assign(value=i)(root) for i in range(5)])
    assert delta.appended() == [0, 1, 2, 3, 4]  # also those that left again
    assert pair.follower.removed_value == pair.leader.removed_value == 1
    assert (delta.kept(), delta.dropped()) == (0, 1)
    assert [time for time, _ in delta.appended_items()] == [pair.leader.last_modified_time] * 5
    delta = pair.tick(assign(value=9))
    assert (delta.kept(), delta.dropped(), delta.appended()) == (2, 1, [9])
    delta = pair.tick(lambda root: (assign(value=1)(root), root.clear(), assign(value=2)(root)))
    assert delta.to_python()["$cleared"] is True
    assert delta.appended() == [2]
    assert not pair.follower.has_removed_value
    pair.tick(lambda root: root.clear())
    assert form(pair.tick(lambda root: root.clear())) == {"$ticked": True, "$cleared": True}
    pair.tick(assign(value=3))
    assert form(pair.tick(lambda root: root.invalidate())) == {"$invalidated": True}
    pair.tick(assign(value=4))


def test_a_window_takes_no_elements_older_than_its_own(m: ModuleType) -> None:
    """Not even when all of its own were to go: those of the same tick would come first in its own delta."""
    pair = Pair(m.Last)
    pair.tick(lambda root: [assign(value=i)(root) for i in range(5)])
    old = pair.tick(lambda root: [assign(value=i)(root) for i in range(5, 10)])
    leader = pair.leader

    def refuses_the_old_one(root: Any) -> None:
        for i in range(10, 15):
            root.value = i
        if root is leader:
            with pytest.raises(ValueError, match="older than the newest one"):
                root.apply(old)

    delta = pair.tick(refuses_the_old_one)
    assert type(delta).decode(delta.encode()).appended() == [10, 11, 12, 13, 14]


def test_a_window_by_time(m: ModuleType) -> None:
    leader, follower = m.Board(), m.Board()
    for at in (1, 2, 4, 11, 12, 30):
        leader.advance(at)
        follower.advance(at)
        leader.recent = at
        delta = leader.delta()
        follower.apply(delta)
        assert list(follower.recent.value) == list(leader.recent.value)
    # One whose elements are gone already, because their time was over, takes the same delta.
    assert list(leader.recent.value) == [30]
    fresh = m.Board()
    fresh.advance(12)
    fresh.load(m.BoardValue())
    fresh.advance(30)
    fresh.apply(delta)
    assert list(fresh.recent.value) == [30]


def everything(m: ModuleType) -> list[Callable[[Any], object]]:
    """Return what is done to a board, tick by tick."""
    return [
        assign(quote={"bid": 1.0}, names={"a"}, pair=(1, 2), last=1, quotes={"x": {"bid": 1.0}, "y": {}}),
        assign(deep={"k": {1: 1.0}}, rows=({"a": 1},), beat=True, recent=1),
        lambda root: (root.quotes.pop("x"), root.quotes.get_or_create("x"), root.deep.invalidate()),
        lambda root: (root.rows.append(None), root.names.clear(), root.pair[0].invalidate(), root.last.clear()),
        lambda root: (root.deep["k"].__setitem__(1, 2.0), root.quote.invalidate()),
        lambda root: root.invalidate(),
        assign(quotes={"x": {"point": m.Point(1, 2.0)}}, last=5),
        lambda root: root.clear(),
    ]


def test_composed_deltas_do_what_the_two_do(m: ModuleType) -> None:
    changes = everything(m)
    for first in range(len(changes) - 1):
        pair = Pair(m.Board)
        late = m.Board()
        for change in changes[:first]:
            late.advance(pair.now + 1)
            late.apply(pair.tick(change))
        both = hgvalue.compose(pair.tick(changes[first]), pair.tick(changes[first + 1]))
        assert type(both) is m.BoardDelta
        late.advance(pair.now)
        late.apply(both)
        late.mark_modified()
        pair.leader.mark_modified()
        lines = [line for line in difference(pair.leader, late) if "True and False, " not in line]
        assert [line for line in lines if "valid True and True" not in line] == [], f"{first}: {both}"
        assert late.snapshot() == pair.leader.snapshot()


# -- as data ----------------------------------------------------------------------------------------------------------


def test_it_is_data(m: ModuleType) -> None:
    pair = Pair(m.Board)
    for change in everything(m):
        delta = pair.tick(change)
        cls = type(delta)
        assert cls is m.BoardDelta
        for again in (
            cls.decode(delta.encode()),
            hgvalue.decode(delta.encode()),
            cls.from_python(delta.to_python()),
            cls.from_json(delta.to_json()),
            pickle.loads(pickle.dumps(delta)),
            copy.deepcopy(delta),
        ):
            assert again == delta
            assert again.encode() == delta.encode()
        assert delta.to_string() == str(delta.to_python())
    delta.clear()
    assert delta.empty
    assert delta.change_count == 0


def test_a_value_takes_it(m: ModuleType) -> None:
    """A plain value follows by deltas as a time series does; none at all is the value of what is not valid."""
    leader = m.Board()
    followed: Any = None
    generic = hgvalue.Value.null(m.BoardDelta().schema)
    for at, change in enumerate(everything(m), 1):
        leader.advance(at)
        change(leader)
        followed = hgvalue.apply(leader.delta(), followed)
        leader.delta().apply_to(generic)
        assert followed == leader.snapshot()
        assert (generic.value is None) == (followed is None)
        assert generic.value == followed


def test_bytes_of_another_process(m: ModuleType, backend: str, tmp_path: Path) -> None:
    """Encoded in one process, replayed in another."""
    program = f"""
import sys, hgvalue_gen
m = hgvalue_gen.load({SCHEMA!r}, name={NAME!r}, backend={backend!r})
board = m.Board()
with open(sys.argv[1], "wb") as file:
    for at in range(1, 6):
        board.advance(at)
        board.quotes[str(at % 3)] = {{"bid": at / 2}} if str(at % 3) in board.quotes else None
        board.quotes.get_or_create(str(at))
        board.last = at
        if at == 4:
            board.quotes.invalidate()
        data = board.delta().encode()
        file.write(len(data).to_bytes(4, "little") + data)
print(sorted(board.quotes.keys()), list(board.last.value))
"""
    journal = tmp_path / "journal"
    said = subprocess.run([sys.executable, "-c", program, journal], check=True, capture_output=True, text=True)
    board = m.Board()
    data = journal.read_bytes()
    at = 0
    while data:
        size = int.from_bytes(data[:4], "little")
        at += 1
        board.advance(at)
        board.apply(m.BoardDelta.decode(data[4 : 4 + size]))
        data = data[4 + size :]
    assert f"{sorted(board.quotes.keys())} {list(board.last.value)}" == said.stdout.strip()


@pytest.mark.compile
def test_backends_follow_each_other() -> None:
    compiled, dynamic = (load(SCHEMA, NAME, backend) for backend in ("compiled", "dynamic"))
    for leader, follower in ((compiled, dynamic), (dynamic, compiled)):
        pair = Pair(leader.Board, follower.Board)
        board = leader.Board
        assert board is not follower.Board
        pair.leader.advance(1)
        for change in everything(leader):
            pair.now += 1
            pair.leader.advance(pair.now + 1)
            pair.follower.advance(pair.now + 1)
            change(pair.leader)
            pair.follower.apply(pair.leader.delta())
            assert difference_in_text(pair.leader, pair.follower) == []


def difference_in_text(leader: Any, follower: Any) -> list[str]:
    """Return the differences but for the classes of structs and enums."""
    return [line for line in difference(leader, follower) if line.split(": ")[1].split(" and ")[0] not in line]


# -- at every level, and to whom ---------------------------------------------------------------------------------------


def test_at_every_level(m: ModuleType) -> None:
    pair = Pair(m.Board)
    pair.tick(assign(quotes={"x": {"bid": 1.0}}, deep={"a": {1: 1.0}}, names={"n"}, last=1))
    board, follower = pair.leader, pair.follower
    board.advance(5)
    follower.advance(5)
    board.quotes["x"].bid = 2.0
    board.deep["a"][1] = 3.0
    board.names.add("o")
    assert type(board.quotes["x"].delta()) is m.QuoteDelta
    assert type(board.deep.delta()) is hgvalue.Delta
    for of in (
        lambda root: root.quotes["x"],
        lambda root: root.deep["a"][1],
        lambda root: root.names,
    ):
        of(follower).apply(of(board).delta())
    assert follower.quotes["x"].bid.value == 2.0
    assert follower.deep["a"][1].value == 3.0
    assert set(follower.names) == {"n", "o"}
    assert board.last.delta().empty
    assert board.quotes.delta() == m.BoardDelta(board.delta()).changed()["quotes"].inside()
    removed = board.quotes.pop("x")
    assert removed is not None
    with pytest.raises(TypeError, match="key_set"):
        board.quotes.key_set.delta()


def test_references_are_left_out(m: ModuleType) -> None:
    source, pair = m.Number(), Pair(m.Board)
    pair.tick(assign(names={"a"}))
    source = m.Number(pair.leader.clock)
    source.value = 1.0
    pair.leader.ref.bind(source)
    assert "ref" not in pair.leader.delta().changed()
    assert hgvalue.apply(pair.leader.delta(), None) == m.BoardValue(names={"a"})


def test_observers_hear_of_it(m: ModuleType) -> None:
    pair = Pair(m.Board)
    pair.tick(assign(quotes={"x": {"bid": 1.0}}, names={"a"}))
    heard: list[tuple[str, str]] = []
    for node in (pair.follower, pair.follower.quotes, pair.follower.quotes["x"].bid, pair.follower.names):
        node.subscribe(lambda change: heard.append((change.path, change.kind)), "write")
    pair.tick(lambda root: (root.quotes["x"].__setattr__("bid", 2.0), root.names.invalidate()))
    assert [kind for _, kind in heard] == ["modified", "modified", "invalidated", "modified"]
    assert heard[0][0].endswith("bid")
    assert heard[-1][0] == "Board"


def test_an_observer_that_raises_finds_it_done(m: ModuleType) -> None:
    pair = Pair(m.Number)
    pair.tick(assign(value=1.0))

    def fail(_: object) -> None:
        raise RuntimeError("no")

    pair.follower.subscribe(fail, "write")
    pair.leader.advance(7)
    pair.follower.advance(7)
    pair.leader.value = 2.0
    with pytest.raises(RuntimeError, match="no"):
        pair.follower.apply(pair.leader.delta())
    assert pair.follower.value == 2.0


# -- what is refused ---------------------------------------------------------------------------------------------------


def test_what_does_not_fit_changes_nothing(m: ModuleType) -> None:
    pair = Pair(m.Board)
    pair.tick(assign(quotes={"x": {"bid": 1.0}}, names={"a"}, rows=({"a": 1},), last=1, pair=(1, 2)))
    root = pair.follower
    root.advance(50)
    before = root.snapshot()
    for form, says in (
        (
            {"names": {"inside": {"added": ["b"]}}, "quotes": {"inside": {"removed": ["y"]}}},
            'removes "y", which is not',
        ),
        ({"pair": {"inside": {0: {"value": 5}}}, "names": {"inside": {"added": ["a"]}}}, 'adds "a", which is there'),
        ({"quotes": {"inside": {"added": {"x": None}}}}, 'adds "x", which is there'),
        ({"quotes": {"inside": {"updated": {"z": {"inside": {"bid": {"value": 1.0}}}}}}}, 'updates "z", which is not'),
        ({"rows": {"inside": {"kept": 2, "appended": [None]}}}, "for 2 elements, there are 1"),
        ({"last": {"inside": {"dropped": 2, "kept": 1}}}, "for 3 elements, there are 1"),
        ({"deep": {"inside": {"added": {"a": None}}}}, "not valid"),
        ({"last": {"inside": {"kept": 1, "appended": [(root.clock.now + timedelta(days=1), 2)]}}}, "later time"),
    ):
        delta = m.BoardDelta({"pair": {"inside": {1: {"value": 9}}}} | form)
        with pytest.raises(hgvalue.InvalidValueError, match=says) as caught:
            root.apply(delta)
        assert str(caught.value).startswith("Board: the delta does not fit")
        assert not root.modified
        assert root.snapshot() == before
    root.apply(m.BoardDelta({"pair": {"inside": {1: {"value": 9}}}}))  # the next correct one works
    assert root.pair.value == (1, 9)


def test_a_delta_of_something_else(m: ModuleType, backend: str) -> None:
    other = load(OTHER, NAME, backend)
    theirs = other.Quote()
    theirs.advance(1)
    theirs.bid = 1
    mine = m.Quote()
    mine.advance(1)
    with pytest.raises(hgvalue.WrongTypeError, match="Quote: a delta of QuoteValue cannot change"):
        mine.apply(theirs.delta())
    with pytest.raises(hgvalue.DecodeError, match=r"fingerprint|another type"):
        m.QuoteDelta.decode(theirs.delta().encode())
    board = m.Board()
    board.advance(1)
    board.names = {"a"}
    for wrong in (board.delta(), board.names.delta(), m.Number.__name__, None, board.delta().encode(), {"bid": 1.0}):
        with pytest.raises(hgvalue.WrongTypeError):
            mine.apply(wrong)
    assert not mine.valid


def test_before_the_first_tick(m: ModuleType) -> None:
    leader, follower = m.Quote(), m.Quote()
    assert leader.delta().empty
    leader.advance(1)
    leader.bid = 1.0
    with pytest.raises(hgvalue.StateError, match="first tick"):
        follower.apply(leader.delta())
    assert not follower.valid


def test_a_handle_whose_element_is_gone(m: ModuleType) -> None:
    board = m.Board()
    board.advance(1)
    board.quotes = {"x": {"bid": 1.0}}
    handle = board.quotes["x"]
    delta = handle.delta()
    del board.quotes["x"]
    board.advance(2)
    for use in (handle.delta, lambda: handle.apply(delta)):
        with pytest.raises(hgvalue.StaleReferenceError):
            use()


# -- for long ---------------------------------------------------------------------------------------------------------


def test_a_long_follower(backend: str, followers: ModuleType) -> None:
    """The program does the same for as many ticks as it is told."""
    module = load(followers.SCHEMA, "follow", backend)
    found = list(followers.follow(module, 10_000))
    assert [each.tick for each in found] == list(range(1_000, 10_001, 1_000))
    assert min(each.nodes for each in found[2:]) > 20
    assert found[-1].resident - found[4].resident < 4 * 1024  # KiB: what it holds is bounded
