"""Many keys written at once, from columns."""

from __future__ import annotations

import array
import gc
import weakref
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ..model.generated import load
from .columns_schema import SCALARS, SCHEMA, scalar_values, whole_state

np = pytest.importorskip("numpy")
pa = pytest.importorskip("pyarrow")

Column = Callable[[Sequence[Any]], Any]


@pytest.fixture(scope="session")
def m(backend: str) -> ModuleType:
    return load(SCHEMA, "columns", backend)


@pytest.fixture
def quotes(m: ModuleType) -> Any:
    root = m.Quotes()
    root.advance(1)
    root.value = {"a": {"bid": 1.0, "size": 1, "venue": "x"}, "b": {"bid": 2.0}}
    root.advance(2)
    return root


def _chunked(values: Sequence[Any]) -> Any:
    """Return an Arrow column in pieces, each a slice of something longer."""
    filled = pa.array([*values, *values])
    half = len(values) // 2
    return pa.chunked_array([filled.slice(len(values), half), filled.slice(half, len(values) - half)], filled.type)


def _bytes_between(values: Sequence[Any]) -> Any:
    return np.repeat(np.asarray(values), 3)[::3][::-1][::-1]


FLOATS: list[Column] = [
    list,
    tuple,
    np.asarray,
    pa.array,
    _chunked,
    _bytes_between,
    lambda values: array.array("d", values),
    lambda values: memoryview(array.array("d", values)),
    lambda values: np.asarray(values, dtype=">f8"),
    lambda values: np.asarray(values, dtype="f4"),
    lambda values: np.asarray(values, dtype="f2"),
    lambda values: np.asarray(values, dtype=object),
    lambda values: np.ma.masked_array(values, mask=[False] * len(values)),
    lambda values: pa.array(values, pa.float32()),
    lambda values: pa.array(values).dictionary_encode(),
    lambda values: np.asarray(values, dtype="i2"),
    lambda values: np.asarray(values, dtype="u8"),
    lambda values: pa.array([int(v) for v in values], pa.int64()),
]
KEYS: list[Column] = [
    list,
    tuple,
    np.asarray,
    lambda keys: np.asarray(keys, dtype=object),
    pa.array,
    _chunked,
    lambda keys: pa.array(keys, pa.large_string()),
    lambda keys: pa.array(keys, pa.string_view()),
    lambda keys: pa.array(keys).dictionary_encode(),
    lambda keys: [*keys, "more"][:-1],
]


@pytest.mark.parametrize("column", FLOATS)
def test_a_column_of_any_origin(m: ModuleType, quotes: Any, column: Column) -> None:
    quotes.update_columns(["b", "c", "a"], bid=column([4.0, 5.0, 6.0]))
    assert quotes.delta_value == {"b": {"bid": 4.0}, "c": {"bid": 5.0}, "a": {"bid": 6.0}}
    assert type(quotes["b"].bid.value) is float


@pytest.mark.parametrize("column", KEYS)
def test_keys_of_any_origin(quotes: Any, column: Column) -> None:
    keys = ["b", "a key that is longer than what fits anywhere", "a", "ä"]
    slots = quotes.resolve(column(keys))
    assert len(slots) == 4
    quotes.update_columns(slots, size=[1, 2, 3, 4])
    quotes.update_columns(column(keys), ask=[1.0, 2.0, 3.0, 4.0])
    assert {k: v["size"] for k, v in quotes.delta_value.items()} == dict(zip(keys, range(1, 5), strict=True))
    assert {k: v["ask"] for k, v in quotes.delta_value.items()} == dict(zip(keys, range(1, 5), strict=True))


def test_keys_of_other_types(m: ModuleType) -> None:
    levels, names, sides = m.Levels(), m.Names(), m.Sides()
    for root in (levels, names, sides):
        root.advance(1)
    for keys in (
        [1, 2],
        np.array([2, 3], "i1"),
        np.array([3, 4], "u8")[::1],
        pa.array([4, 5], pa.int16()),
        range(5, 7),
    ):
        levels.update_columns(keys, count=[1, 2])
    assert sorted(levels.keys()) == [1, 2, 3, 4, 5, 6]
    levels.update_columns(np.array([9, 1, 8])[::2], **{"quote.bid": [1.5, 2.5]})
    assert levels[9].quote.bid.value == 1.5
    assert levels[8].value == {"quote": {"bid": 2.5}}

    days = np.array(["2020-01-01", "2020-01-02"], "M8[s]")
    names.update_columns(days, ["x", "y"])
    names.update_columns(pa.array(days), pa.array(["z", None]))
    assert names.value == {datetime(2020, 1, 1): "z", datetime(2020, 1, 2): "y"}
    sides.update_columns([m.Side.BUY, m.Side.SELL, m.Side.BUY], [1, 2, 3])
    assert sides.value == {m.Side.BUY: 3, m.Side.SELL: 2}


def test_a_dict_of_ts_has_one_column(m: ModuleType) -> None:
    prices = m.Prices()
    prices.advance(1)
    prices.update_columns(["a", "b"], np.array([1.0, 2.0]))
    prices.update_columns(["c"], value=[3])
    slots = prices.resolve(["c", "d"])
    prices.update_columns(slots, pa.array([None, 4.0]))
    assert prices.value == {"a": 1.0, "b": 2.0, "c": 3.0, "d": 4.0}


def test_tables_and_dicts_of_columns(quotes: Any) -> None:
    table = pa.table({"bid": [5.0, None], "size": pa.array([1, 2], pa.int8())})
    quotes.update_columns(["a", "c"], table)
    quotes.update_columns(["d"], table.to_batches()[0].slice(1))
    quotes.update_columns(
        ["e", "f"], pa.StructArray.from_arrays([pa.array([1, 2])], ["size"], mask=pa.array([True, False]))
    )
    quotes.update_columns(["g"], {"venue": ["v"]}, size=[7])
    assert quotes.delta_value == {
        "a": {"bid": 5.0, "size": 1},
        "c": {"size": 2},
        "d": {"size": 2},
        "f": {"size": 2},
        "g": {"size": 7, "venue": "v"},
    }


def test_columns_by_name_of_a_dict_of_ts(m: ModuleType) -> None:
    root = m.Prices()
    root.advance(1)
    root.update_columns(["a", "b"], {"value": [1.0, 2.0]})
    assert root.value == {"a": 1.0, "b": 2.0}


def test_a_table_without_batches_has_columns(quotes: Any) -> None:
    nothing = pa.chunked_array([], pa.float64())
    quotes.update_columns([], pa.table({"bid": nothing}))
    for keys, columns, error, message in (
        (["a"], pa.table({"bid": nothing}), ValueError, "the column bid has 0 rows, but there are 1 keys"),
        ([], pa.table({"other": nothing}), KeyError, "no column 'other'"),
        (["a"], {}, TypeError, "update_columns needs a column"),
    ):
        with pytest.raises(error, match=message):
            quotes.update_columns(keys, columns)
    assert not quotes.modified


def test_arrow_that_was_consumed(m: ModuleType, quotes: Any) -> None:
    class Once:
        """Gives the same capsules each time, which are empty after the first."""

        def __init__(self, method: str, capsules: Any) -> None:
            setattr(type(self), method, lambda self: capsules)

    def once(method: str, of: Any) -> Any:
        return type("Once", (Once,), {})(method, getattr(of, method)())

    for column in (
        once("__arrow_c_array__", pa.array([1.0, 2.0])),
        once("__arrow_c_stream__", pa.chunked_array([[1.0, 2.0]])),
    ):
        quotes.update_columns(["a", "b"], bid=column)
        with pytest.raises(ValueError, match=r"Quotes\.bid: the arrow_\w+ was consumed already"):
            quotes.update_columns(["a", "b"], bid=column)


def test_pandas(quotes: Any) -> None:
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame({"bid": [1.5, np.nan], "size": pd.array([1, None], "Int64")}, index=["a", "n"])
    frame["venue"] = pd.Series(["p", None], index=frame.index)
    quotes.update_columns(frame.index, frame)
    assert quotes["a"].value == {"bid": 1.5, "size": 1, "venue": "p"}
    assert str(quotes["n"].value) == "{'bid': nan}"  # a Series of floats is an array, in which NaN is a value
    quotes.update_columns(frame.index, bid=frame["bid"] + 1)
    assert quotes["a"].bid.value == 2.5


def test_arrow_types_without_cells_of_ours(m: ModuleType) -> None:
    every = m.Alls()
    every.advance(1)
    halves = pa.array([np.float16(0.5), None], pa.float16())
    lists = pa.array([[1], None])
    every.update_columns(["a", "b"], f_float=halves, f_object=lists)
    assert every.value == {"a": {"f_float": 0.5, "f_object": [1]}}
    every.update_columns(["a", "b"], pa.table({"f_float": halves}))
    months = pa.array([(1, 2, 3), None], pa.month_day_nano_interval())
    every.update_columns(["a", "b"], f_object=months)
    assert every["a"].f_object.value == (1, 2, 3)
    with pytest.raises(TypeError, match="a column of Arrow format tin holds nothing that we know"):
        every.update_columns(["a", "b"], pa.table({"f_object": months}))
    every.update_columns(["a", "b"], f_object=lists)
    broken = pa.Array.from_buffers(
        pa.string(), 2, [None, pa.py_buffer(np.array([0, 1, 2], "i4")), pa.py_buffer(b"a\xff")]
    )
    with pytest.raises(ValueError, match=r"f_str\[1\]: the Arrow text is not UTF-8"):
        every.update_columns(["a", "b"], f_str=broken)
    with pytest.raises(ValueError, match=r"keys\[1\]: the Arrow text is not UTF-8"):
        every.update_columns(broken, f_int8=[1, 2])
    assert every.value == {"a": {"f_float": 0.5, "f_object": [1]}}


def test_nulls_are_skipped(m: ModuleType, quotes: Any) -> None:
    before = quotes["a"].bid.last_modified_time
    quotes.update_columns(
        ["a", "b", "new"],
        bid=np.ma.masked_array([9.0, 8.0, 7.0], mask=[True, False, True]),
        size=[None, 3, None],
        venue=pa.array([None, "v", None]),
    )
    assert quotes.delta_value == {"b": {"bid": 8.0, "size": 3, "venue": "v"}}
    assert quotes["a"].bid.last_modified_time == before
    assert "new" not in quotes  # nothing was written to it
    quotes.update_columns(["a"], bid=[float("nan")])
    assert str(quotes["a"].bid.value) == "nan"

    every = m.Alls()
    every.advance(1)
    times = np.array(["NaT", "2020-01-01"], "M8[ns]")
    every.update_columns(["a", "b"], f_datetime=times, f_timedelta=times - times[1], f_date=times.astype("M8[D]"))
    assert every.value == {
        "b": {"f_date": date(2020, 1, 1), "f_datetime": datetime(2020, 1, 1), "f_timedelta": timedelta(0)}
    }
    every.update_columns(["c"], f_int8=pa.nulls(1), f_date=np.array(["NaT"], "M8"))
    assert "c" not in every


def test_of_equal_keys_the_last(quotes: Any) -> None:
    keys = ["a", "n", "a", "n", "n"]
    quotes.update_columns(keys, bid=[1.0, 2.0, 3.0, 4.0, None], venue=["p", None, None, "q", "r"])
    assert quotes.delta_value == {"a": {"bid": 3.0, "venue": "p"}, "n": {"bid": 4.0, "venue": "r"}}
    slots = quotes.resolve(["z", "z"])
    quotes.update_columns(slots, bid=[1.0, 2.0])
    quotes.update_columns(slots, ask=[3.0, 4.0])
    assert quotes["z"].value == {"bid": 2.0, "ask": 4.0}


@pytest.mark.parametrize("field", SCALARS)
def test_every_scalar(m: ModuleType, field: str) -> None:
    values = scalar_values(m, SCALARS[field])
    root = m.Alls()
    root.advance(1)
    root.update_columns(["a", "b"], {field: values})
    assert [child[field].value for child in root.values()] == values
    numpy_type = {"f_datetime": "M8[us]", "f_date": "M8[D]", "f_timedelta": "m8[us]", "f_str": "O", "f_bytes": "O"}
    dtype = numpy_type.get(field, {"f_float": "f8"}.get(field, field.removeprefix("f_")))
    if field not in ("f_side", "f_object", "f_time"):
        root.update_columns(["c", "d"], {field: np.array(values, dtype)})
    if field != "f_object":
        arrow = pa.array(
            [v.name for v in values] if field == "f_side" else values, pa.uint64() if field == "f_uint64" else None
        )
        root.update_columns(["e", "f"], {field: arrow})
        root.update_columns(["g", "h"], {field: arrow.dictionary_encode()})
    for key, child in root.items():
        assert [child[field].value] == [values["bdfh".count(key)]], key


@pytest.mark.parametrize(
    ("field", "column", "error", "message"),
    [
        ("f_float", np.array([True]), TypeError, r"Alls\.f_float\[0\]: expected float, got bool True"),
        ("f_float", ["1"], TypeError, "expected float, got str '1'"),
        ("f_float", pa.array(["1"]), TypeError, "expected float, got str '1'"),
        ("f_int64", np.array([1.0]), TypeError, "expected int, got float 1.0"),
        ("f_int8", np.array([128]), OverflowError, "128 is beyond the range of int8"),
        ("f_uint64", np.array([-1], "i1"), OverflowError, "-1 is beyond the range of uint64"),
        ("f_int64", np.array([2**63], "u8"), OverflowError, "9223372036854775808 is beyond the range of int"),
        ("f_float32", np.array([1e300]), OverflowError, "beyond the range of float32"),
        ("f_bool", np.array([1]), TypeError, "expected bool, got int 1"),
        ("f_str", np.array([b"x"]), TypeError, "expected str, got bytes"),
        ("f_str", [1], TypeError, "expected str, got int 1"),
        ("f_bytes", pa.array(["x"]), TypeError, "expected bytes, got str 'x'"),
        ("f_date", np.array(["2020-01-01"], "M8[s]"), TypeError, "expected date, got datetime"),
        ("f_date", np.array([10**8], "M8[D]"), OverflowError, "beyond what Python can show"),
        ("f_datetime", np.array([1], "M8[ns]"), ValueError, "no whole microsecond"),
        ("f_datetime", pa.array([1], pa.timestamp("ns")), ValueError, "no whole microsecond"),
        ("f_datetime", np.array([2**62], "M8[s]"), OverflowError, "beyond the range of datetime"),
        ("f_datetime", [1], TypeError, "expected datetime, got int 1"),
        ("f_timedelta", np.array([1], "m8[Y]"), TypeError, "neither dates nor times"),
        ("f_timedelta", np.array([1], "m8[2147483647W]"), OverflowError, "the unit of the times is beyond the range"),
        ("f_timedelta", np.array([-(2**62)], "m8[s]"), OverflowError, "beyond the range of timedelta"),
        ("f_side", [1], TypeError, "expected Side"),
        ("f_side", ["BUY"], TypeError, "expected Side"),
        ("f_side", pa.array(["HOLD"]), ValueError, "HOLD"),
        ("f_int64", 1, TypeError, "expected an array or a sequence, got int 1"),
        ("f_str", "x", TypeError, "expected an array or a sequence, got str 'x'"),
        ("f_float", {1.0}, TypeError, "expected an array or a sequence"),
        ("f_float", np.array([[1.0]]), ValueError, "one dimension, not 2"),
        ("f_float", np.float64(1), (TypeError, ValueError), "dimension|sequence"),
        ("f_float", [1.0, 2.0], ValueError, "the column f_float has 2 rows, but there are 1 keys"),
        ("f_float", [], ValueError, "has 0 rows"),
        ("f_nothing", [1.0], KeyError, "no column 'f_nothing'; the columns are f_int8, "),
    ],
)
def test_what_columns_refuse(m: ModuleType, field: str, column: Any, error: Any, message: str) -> None:
    """Nothing has changed afterwards, not even by the columns that were right."""
    root = m.Alls()
    root.advance(1)
    root.value = {"a": {"f_str": "a"}}
    root.advance(2)
    calls: list[Any] = []
    root.subscribe(calls.append, "write")
    good = {} if field == "f_str" else {"f_str": ["b"]}
    for keys in (["new"], root.resolve(["a"]), root.resolve(["new"])):
        with pytest.raises(error, match=message):
            root.update_columns(keys, **good, **{field: column})
    assert (root.value, root.modified, calls) == ({"a": {"f_str": "a"}}, False, [])


class _Odd(np.ndarray):  # type: ignore[misc]
    """An array whose methods are not to be relied on."""

    mask, hardmask, data = True, False, property(lambda self: np.zeros(1 << 26))

    def tolist(self) -> Any:
        return 5


def test_subclasses_of_arrays_are_read_as_arrays(quotes: Any) -> None:
    quotes.update_columns(["a", "b"], bid=np.array([3.0, 4.0]).view(_Odd))
    quotes.update_columns(["a", "b"], venue=np.array(["x", "y"], object).view(_Odd))
    assert quotes.delta_value == {"a": {"bid": 3.0, "venue": "x"}, "b": {"bid": 4.0, "venue": "y"}}
    short = np.ma.array([5.0, 6.0])
    short._mask = np.zeros(1, bool)
    with pytest.raises(ValueError, match=r"Quotes\.bid: a mask of as many bools as the array has elements"):
        quotes.update_columns(["a", "b"], bid=short)
    assert quotes.value["a"]["bid"] == 3.0


def test_what_keys_refuse(m: ModuleType, quotes: Any) -> None:
    for keys in ([1], [None], np.array([1]), ["a", 1], "a", {"a"}, 3, np.array([["a"]]), pa.array(["a", None]), None):
        with pytest.raises((TypeError, ValueError), match=r"Quotes\.keys"):
            quotes.update_columns(keys, bid=[1.0])
        with pytest.raises((TypeError, ValueError), match=r"Quotes\.keys"):
            quotes.resolve(keys)
    for call in (lambda: quotes.update_columns(), lambda: quotes.update_columns(["a"])):
        with pytest.raises(TypeError):
            call()
    with pytest.raises(TypeError, match="a dict of columns or an Arrow table"):
        quotes.update_columns(["a"], [1.0])
    with pytest.raises(TypeError, match="expected an Arrow table"):
        quotes.update_columns(["a"], pa.array([1.0]))
    with pytest.raises(TypeError, match="given twice"):
        quotes.update_columns(["a"], {"bid": [1.0]}, bid=[2.0])
    other = m.Quotes(quotes.clock)
    with pytest.raises(ValueError, match="slots of Quotes"):
        other.update_columns(quotes.resolve(["a"]), bid=[1.0])
    assert not quotes.modified
    for name in ("Nested", "Sets"):
        root = getattr(m, name)()
        root.advance(1)
        with pytest.raises(TypeError, match="has no columns: those of a TSD are its TS, or the TS fields of its TSB"):
            root.update_columns(["a"], [1.0])
    with pytest.raises(KeyError, match=r"the columns are quote\.bid, quote.ask, quote.size, quote.venue, count"):
        levels = m.Levels()
        levels.advance(1)
        levels.update_columns([1], closes=[1.0])


@pytest.mark.row("T-08")
def test_an_update_is_a_write(m: ModuleType) -> None:
    root = m.Quotes()
    with pytest.raises(RuntimeError, match="first tick"):
        root.update_columns(["a"], bid=[1.0])
    slots = root.resolve(["a", "b"])  # which writes nothing
    root.advance(1)
    root.update_columns([], bid=[])
    root.update_columns(slots, bid=pa.nulls(2))
    assert not root.valid
    heard: list[tuple[str, str]] = []
    root.subscribe(lambda change: heard.append((change.path, change.kind)), "write")
    root.subscribe_key("b", lambda change: heard.append(("key", change.kind)), "write")
    root.update_columns(slots, bid=[1.0, 2.0])
    assert sorted(heard) == [("Quotes", "modified"), ("key", "modified")]
    assert (root.valid, root.modified, root.key_set.modified, sorted(root.added_keys())) == (
        True,
        True,
        True,
        ["a", "b"],
    )
    assert root["a"].bid.modified
    assert root["a"].modified
    root.advance(2)
    assert not root["a"].modified
    root.update_columns(slots, bid=[None, 3.0])
    assert root.modified_keys() == ["b"]
    assert not root.key_set.modified


def test_slots_follow_their_keys(quotes: Any) -> None:
    import hgvalue

    quotes.update_columns([f"k{i}" for i in range(50)], bid=np.arange(50.0))
    slots = quotes.resolve(["k49", "b", "later", "k7"])
    for i in range(7):
        del quotes[f"k{i}"]  # rows move
    quotes.update_columns([f"m{i}" for i in range(500)], bid=np.zeros(500))
    quotes.update_columns(slots, ask=[1.0, 2.0, 3.0, 4.0])
    assert [quotes[k].ask.value for k in ("k49", "b", "later", "k7")] == [1.0, 2.0, 3.0, 4.0]
    del quotes["b"]
    before = quotes.value
    with pytest.raises(hgvalue.StaleReferenceError, match="slot 1 was removed; resolve the keys again"):
        quotes.update_columns(slots, ask=[5.0] * 4)
    assert quotes.value == before
    quotes["b"] = {"bid": 1.0}
    with pytest.raises(hgvalue.StaleReferenceError):
        quotes.update_columns(slots, ask=[5.0] * 4)
    assert repr(slots) == "<4 slots of Quotes>"
    with pytest.raises(TypeError):
        hgvalue.KeySlots()


def test_slots_of_a_key_that_comes_otherwise(quotes: Any) -> None:
    slots = quotes.resolve(["x", "y"])
    quotes["y"] = {"bid": 1.0}
    quotes.update_columns(slots, bid=[None, 5.0])
    assert quotes["y"].bid.value == 5.0
    assert "x" not in quotes
    quotes.advance(3)
    del quotes["y"]
    quotes.update_columns(quotes.resolve(["x"]), bid=[1.0])
    with pytest.raises(RuntimeError):
        quotes.update_columns(slots, bid=[1.0, 2.0])


def test_dicts_below_others(m: ModuleType) -> None:
    import hgvalue

    nested, boards = m.Nested(), m.Boards()
    for root in (nested, boards):
        root.advance(1)
    nested.value = {"x": {"a": 1.0}}
    inner = nested["x"]
    slots = inner.resolve(["a", "b"])
    inner.update_columns(slots, [2.0, 3.0])
    assert nested.value == {"x": {"a": 2.0, "b": 3.0}}
    assert nested.modified
    del nested["x"]
    with pytest.raises(hgvalue.StaleReferenceError):
        inner.update_columns(slots, [2.0, 3.0])
    with pytest.raises(hgvalue.StaleReferenceError):
        inner.update_columns(["a"], [2.0])
    boards.append({"a": 1.0})
    boards[0].update_columns(["a", "b"], [4.0, 5.0])
    assert boards.delta_value == {0: {"a": 4.0, "b": 5.0}}


def test_what_conversion_runs_may_change_the_dict(quotes: Any) -> None:
    class Index:
        def __index__(self) -> int:
            quotes.pop("a")
            return 7

    quotes.update_columns(["b", "a"], size=[1, Index()])
    assert quotes["a"].value == {"size": 7}  # a key of its own, after the other was removed


def test_lifetimes(m: ModuleType) -> None:
    root = m.Quotes()
    root.advance(1)
    slots = root.resolve(["a"])
    root.subscribe(lambda _, held=slots: None)
    gone = weakref.ref(root)
    del root, slots
    gc.collect()
    assert gone() is None
    root = m.Quotes()
    root.advance(1)
    slots = root.resolve(["a", "b"])
    gone = weakref.ref(root)
    del root
    gc.collect()
    assert gone() is not None  # slots keep what they are of
    del slots
    gc.collect()
    assert gone() is None

    class Thing:
        pass

    thing = Thing()
    every = m.Alls()
    every.advance(1)
    every.update_columns(["a", "b"], f_object=[thing, 1])
    held = weakref.ref(thing)
    del thing
    assert held() is not None
    every.update_columns(["a"], f_object=[2])
    assert held() is None


_KEYS = st.sampled_from("abcdef")
_FLOATS = st.one_of(st.none(), st.floats(width=32), st.integers(-5, 5))
_ROW = st.tuples(_KEYS, _FLOATS, st.one_of(st.none(), st.integers(-9, 9)), st.one_of(st.none(), st.text(max_size=3)))
_ACTIONS = st.one_of(
    st.tuples(st.sampled_from(["keys", "slots", "arrow"]), st.lists(_ROW, max_size=8)),
    st.tuples(st.just("remove"), _KEYS),
    st.tuples(st.just("invalidate"), _KEYS),
    st.just(("tick", None)),
)


def _apply(root: Any, action: tuple[str, Any], at: int) -> None:
    what, given_ = action
    match what:
        case "tick":
            root.advance(at)
        case "remove":
            root.pop(given_)
        case "invalidate":
            if given_ in root:
                root[given_].invalidate()
        case _:
            keys, bids, sizes, venues = ([row[i] for row in given_] for i in range(4))
            if what == "arrow":
                root.update_columns(
                    pa.array(keys, pa.string()),
                    bid=bids,
                    size=pa.array(sizes, pa.int64()),
                    venue=pa.array(venues, pa.string()),
                )
            else:
                root.update_columns(root.resolve(keys) if what == "slots" else keys, bid=bids, size=sizes, venue=venues)


def _apply_singly(root: Any, action: tuple[str, Any], at: int) -> None:
    if action[0] not in ("keys", "slots", "arrow"):
        return _apply(root, action, at)
    for key, *cells in action[1]:
        for name, cell in zip(("bid", "size", "venue"), cells, strict=True):
            if cell is not None:
                root.apply_result({key: {name: cell}})
    return None


@given(actions=st.lists(_ACTIONS, max_size=12))
@pytest.mark.row("T-08")
def test_an_update_equals_single_writes(m: ModuleType, actions: list[tuple[str, Any]]) -> None:
    roots = [m.Quotes(), m.Quotes()]
    heard: list[list[Any]] = [[], []]
    for root, log in zip(roots, heard, strict=True):
        root.advance(1)
        for when in ("write", "end"):
            hear = lambda change, log=log, when=when: log.append((when, change.at, change.path, change.kind))  # noqa: E731
            root.subscribe(hear, when)
            root.subscribe_elements(lambda change, hear=hear: hear(change), when)
            root.subscribe_structure(lambda change, hear=hear: hear(change), when)
            for key in "abc":
                root.subscribe_key(key, lambda change, hear=hear: hear(change), when)
    for at, action in enumerate(actions, 2):
        _apply(roots[0], action, at)
        _apply_singly(roots[1], action, at)
        assert whole_state(m, roots[0]) == whole_state(m, roots[1])
        assert sorted(heard[0]) == sorted(heard[1])
