"""What stands in columns in the forms that numpy, pandas and Arrow have for it, and whole tables that come back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import hgvalue

from ..model.generated import load

np = pytest.importorskip("numpy")
pa = pytest.importorskip("pyarrow")
pd = pytest.importorskip("pandas")

SCHEMA = '''"""What the tests of forms use."""

class Side(Enum):
    BUY = 1
    SELL = 2

class Leg(CompoundScalar):
    size: int
    note: str = "n"
    limit: float | None = None

class Row(TimeSeriesSchema):
    floats: TS[tuple[float, ...]]
    pair: TS[tuple[int, str]]
    ints: TS[list[int]]
    marks: TS[set[int]]
    limits: TS[dict[str, int]]
    sides: TS[dict[Side, list[Side]]]
    leg: TS[Leg]
    legs: TS[list[Leg]]
    maybe: TS[float | None]
    either: TS[int | str]
    thing: TS[object]
    side: TS[Side]
    number: TS[float]
    count: TS[int]
    text: TS[str]
    day: TS[date]
    at: TS[datetime]
    span: TS[timedelta]

class Flat(TimeSeriesSchema):
    maybe: TS[float | None]
    name: TS[str | None]
    side: TS[Side]
    at: TS[datetime]
    flag: TS[bool]

type Rows = TSD[str, TSB[Row]]
type Flats = TSD[int, TSB[Flat]]
type Sides = TSD[Side, TS[int]]
type Days = TSD[date, TS[str]]
type Prices = TSD[int, TS[float]]
type Times = TSD[datetime, TS[datetime]]
'''


@pytest.fixture(scope="session")
def m(backend: str) -> ModuleType:
    return load(SCHEMA, "forms", backend)


_MAP = pa.map_(pa.string(), pa.int64())
FORMS: list[tuple[str, Callable[[], Any], Callable[[ModuleType], Any]]] = [
    ("floats", lambda: pa.array([[1.0, 2.0]]), lambda m: (1.0, 2.0)),
    ("floats", lambda: pa.array([[1, 2]], pa.list_(pa.int8(), 2)), lambda m: (1.0, 2.0)),
    ("floats", lambda: pa.array([[1.5], [2.5]], pa.list_view(pa.float64())).slice(1), lambda m: (2.5,)),
    ("pair", lambda: pa.array([{"a": 1, "b": "x"}]), lambda m: (1, "x")),
    ("ints", lambda: pa.array([[9], [1, 2]], pa.large_list(pa.int16())).slice(1), lambda m: [1, 2]),
    ("marks", lambda: pa.array([[1, 2, 2]]), lambda m: frozenset({1, 2})),
    ("limits", lambda: pa.array([[("x", 1), ("y", 2), ("x", 3)]], _MAP), lambda m: {"x": 3, "y": 2}),
    ("limits", lambda: pa.array([{"x": 1, "y": None}]), lambda m: {"x": 1}),
    ("limits", lambda: pa.array([[{"key": "x", "value": 1}]]), lambda m: {"x": 1}),
    (
        "sides",
        lambda: pa.array([[("BUY", ["SELL"])]], pa.map_(pa.string(), pa.list_(pa.string()))),
        lambda m: {m.Side.BUY: [m.Side.SELL]},
    ),
    ("leg", lambda: pa.array([{"size": 1, "limit": None}]), lambda m: m.Leg(size=1)),
    ("legs", lambda: pa.array([[{"size": 1, "note": "x"}]]), lambda m: [m.Leg(size=1, note="x")]),
    ("maybe", lambda: pa.array([1]), lambda m: 1.0),
    ("either", lambda: pa.array(["x"]), lambda m: "x"),
    (
        "either",
        lambda: pa.UnionArray.from_sparse(pa.array([1], pa.int8()), [pa.array([1]), pa.array(["y"])]),
        lambda m: "y",
    ),
    ("thing", lambda: pa.array([{"a": [1, None]}]), lambda m: {"a": [1, None]}),
    ("number", lambda: pa.array([-0.5], pa.float16()), lambda m: -0.5),
    ("number", lambda: pa.array([-150], pa.int64()).cast(pa.decimal128(21, 2)), lambda m: -150.0),
    ("number", lambda: pa.RunEndEncodedArray.from_arrays(pa.array([1], pa.int16()), pa.array([2.5])), lambda m: 2.5),
    ("side", lambda: pa.array(["BUY"]).dictionary_encode(), lambda m: m.Side.BUY),
    ("number", lambda: pd.arrays.SparseArray([1.5]), lambda m: 1.5),
    ("count", lambda: pd.array([2**62 + 1], dtype="Int64"), lambda m: 2**62 + 1),
    ("text", lambda: pd.Categorical(["x"]), lambda m: "x"),
    ("at", lambda: pd.DatetimeIndex(["2024-01-01T02"]).tz_localize("Europe/Zurich"), lambda m: datetime(2024, 1, 1, 1)),
    ("at", lambda: [np.datetime64("2024-01")], lambda m: datetime(2024, 1, 1)),
    ("at", lambda: np.array(["2024"], "M8[Y]"), lambda m: datetime(2024, 1, 1)),
    ("at", lambda: pa.array([1_000], pa.timestamp("ns", tz="UTC")), lambda m: datetime(1970, 1, 1, 0, 0, 0, 1)),
    ("day", lambda: [np.datetime64("2024-01-02")], lambda m: date(2024, 1, 2)),
    ("span", lambda: [np.timedelta64(3, "W")], lambda m: timedelta(21)),
    ("number", lambda: [np.float32(0.5)], lambda m: 0.5),
]


@pytest.mark.parametrize(("field", "column", "expected"), FORMS)
def test_forms(m: ModuleType, field: str, column: Any, expected: Any) -> None:
    rows = m.Rows()
    rows.advance(1)
    rows.update_columns(["k"], {field: column()})
    value = rows["k"][field].value
    assert (type(value), value) == (type(expected(m)), expected(m))


def _either(make: Any, ids: list[int], *offsets: list[int]) -> Any:
    """Return a union of ints and texts whose second cell is null."""
    parts = [pa.array(given, pa.int32()) for given in offsets]
    return make(pa.array(ids, pa.int8()), *parts, [pa.array([1, None]), pa.array(["x", None])])


MISSING: list[tuple[str, Callable[[], Any]]] = [
    ("number", lambda: pd.array([1.5, None], dtype="Float64")),
    ("number", lambda: pd.Index([1.5, None], dtype="Float64")),
    ("count", lambda: pd.Series([1, None], dtype="Int8")),
    ("text", lambda: pd.Index(["x", None])),
    ("text", lambda: pd.Series(["x", np.nan], dtype=object)),
    ("text", lambda: pd.array(["x", None], dtype="string")),
    ("text", lambda: pd.Categorical(["x", None])),
    ("at", lambda: pd.DatetimeIndex(["2024-01-01", None])),
    ("at", lambda: [datetime(2024, 1, 1), pd.NaT]),
    ("at", lambda: np.array([datetime(2024, 1, 1), pd.NA], dtype=object)),
    ("span", lambda: [timedelta(1), np.timedelta64("NaT")]),
    ("number", lambda: [1.0, np.ma.masked]),
    ("ints", lambda: pa.array([[1], None])),
    ("maybe", lambda: [1.0, None]),
    ("either", lambda: _either(pa.UnionArray.from_sparse, [0, 1])),
    ("either", lambda: _either(pa.UnionArray.from_dense, [0, 1], [0, 1])),
    ("thing", lambda: pa.UnionArray.from_sparse(pa.array([0, 0], pa.int8()), [pa.array([{"a": 1}, None])])),
    ("number", lambda: pa.RunEndEncodedArray.from_arrays(pa.array([1, 2], pa.int16()), pa.array([2.5, None]))),
]


@pytest.mark.parametrize(("field", "column"), MISSING)
def test_what_is_missing_writes_nothing(m: ModuleType, field: str, column: Any) -> None:
    rows = m.Rows()
    rows.advance(1)
    rows.update_columns(["a", "b"], {field: column()})
    assert list(rows) == ["a"]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("field", ["count", "text", "day", "at", "side"])
def test_nan_of_pandas_is_missing_where_it_is_no_value(m: ModuleType, field: str, dtype: str) -> None:
    rows = m.Rows()
    rows.advance(1)
    column = pd.Series([np.nan, np.nan], dtype=dtype)
    for cells in (column, pd.Index(column)):
        rows.update_columns(["a", "b"], {field: cells, "number": column})
    assert [dict(row.value) for row in rows.values()] == [{"number": pytest.approx(np.nan, nan_ok=True)}] * 2


def test_ints_that_pandas_keeps_as_floats(m: ModuleType) -> None:
    rows = m.Rows()
    rows.advance(1)
    column = pd.Series([1, None])
    with pytest.raises(TypeError, match=r"Rows\.count\[0\]: expected int, got float 1\.0; .*astype\('Int64'\)"):
        rows.update_columns(["a", "b"], {"count": column})
    assert not rows.modified
    rows.update_columns(["a", "b"], {"count": column.astype("Int64")})
    assert rows.value == {"a": {"count": 1}}
    with pytest.raises(TypeError, match=r"Rows\.count\[0\]: expected int, got float nan$"):
        rows.update_columns(["a"], {"count": np.array([np.nan])})  # to numpy NaN is a value


@pytest.mark.parametrize("given", [(), (1, 2), None, 3, (None, None), [1, 2]])
@pytest.mark.parametrize("method", ["__arrow_c_array__", "__arrow_c_stream__"])
def test_what_is_no_capsule(m: ModuleType, method: str, given: Any) -> None:
    column = type("Column", (), {method: lambda self, requested_schema=None: given})()
    rows = m.Rows()
    rows.advance(1)
    for write in (
        lambda: rows.update_columns(["a"], {"count": column}),
        lambda: rows.update_columns(["a"], column),
        lambda: rows.update_columns(column),
        lambda: rows.resolve(column),
    ):
        with pytest.raises(TypeError, match="capsule") as caught:
            write()
        assert isinstance(caught.value, hgvalue.HgValueError)
    assert not rows.modified


def test_capsules_in_the_wrong_order(m: ModuleType) -> None:
    pair = pa.array([1]).__arrow_c_array__()
    column = type("Column", (), {"__arrow_c_array__": lambda self, requested_schema=None: pair[::-1]})()
    with pytest.raises(hgvalue.WrongTypeError, match="expected a capsule of an arrow_schema"):
        m.Rows().resolve(column)


def test_a_memoryview_that_was_released(m: ModuleType) -> None:
    rows = m.Rows()
    rows.advance(1)
    for source in (np.arange(2), bytearray(2), np.arange(2)[::-1]):
        column = memoryview(source)
        column.release()
        with pytest.raises(hgvalue.InvalidValueError, match="released"):
            rows.update_columns(["a", "b"], {"count": column})
        with pytest.raises(hgvalue.HgValueError, match="released"):
            hgvalue.Value("list[int]", column)
    assert not rows.modified


@pytest.mark.parametrize(
    ("field", "column", "error", "message"),
    [
        ("floats", lambda: pa.array([[1.0, None]]), TypeError, r"Rows\.floats\[0\]\[1\]: expected float, got None"),
        ("leg", lambda: pa.array([{"note": "x"}]), TypeError, "size"),
        ("leg", lambda: pa.array([{"size": 1, "more": 2}]), TypeError, "more"),
        ("side", lambda: pa.array(["HOLD"]), ValueError, "HOLD"),
        ("marks", lambda: pa.array([[{"a": 1}]]), TypeError, r"Rows\.marks\[0\]\[0\]: expected int, got dict"),
        ("marks", lambda: pa.array([[[1]]]), TypeError, r"Rows\.marks\[0\]\[0\]: expected int, got list"),
        (
            "limits",
            lambda: pa.array([[({"a": 1}, 1)]], pa.map_(pa.struct({"a": pa.int8()}), pa.int8())),
            TypeError,
            "dict",
        ),
        ("count", lambda: pd.Series(pd.period_range("2024", periods=1, freq="D")), TypeError, "Period"),
        ("day", lambda: [np.datetime64("2024-01-01T00", "h")], TypeError, "expected date"),
        ("span", lambda: [np.timedelta64(1, "ns")], ValueError, "no whole microsecond"),
        ("at", lambda: np.array([2**62], "M8[Y]"), OverflowError, "beyond the range"),
    ],
)
def test_what_forms_refuse(m: ModuleType, field: str, column: Any, error: type[Exception], message: str) -> None:
    rows = m.Rows()
    rows.advance(1)
    with pytest.raises(error, match=message) as caught:
        rows.update_columns(["k"], {field: column()})
    assert isinstance(caught.value, hgvalue.HgValueError)
    assert not rows.modified


def test_the_only_column(m: ModuleType) -> None:
    table = pa.table({"value": [1.0, 2.0]})
    for column in (
        pd.Series([1.0, 2.0], index=["x", "y"]),
        pd.Series([1.0, 2.0], dtype=object),
        table.to_pandas(),
        table,
        table.to_batches()[0],
        table["value"],
        table["value"].chunk(0),
    ):
        prices = m.Prices()
        prices.advance(1)
        prices.update_columns([1, 2], column)
        assert prices.value == {1: 1.0, 2: 2.0}


def test_two_columns_of_one_name(m: ModuleType) -> None:
    prices = m.Prices()
    prices.advance(1)
    for table in (
        pd.DataFrame([[1.0, 2.0]], columns=["value", "value"]),
        pa.Table.from_arrays([pa.array([1.0]), pa.array([2.0])], names=["value", "value"]),
    ):
        with pytest.raises(TypeError, match="given twice"):
            prices.update_columns([1], table)
    keyed = pa.Table.from_arrays([pa.array([1]), pa.array([2]), pa.array([1.0])], names=["key", "key", "value"])
    with pytest.raises(TypeError, match="given twice"):
        prices.update_columns(keyed)
    assert not prices.modified


def test_times_that_are_changed_after_they_were_read(m: ModuleType) -> None:
    buffer = np.arange(2).astype("M8[us]")
    keys = pa.Array.from_buffers(pa.timestamp("us"), 2, [None, pa.py_buffer(buffer)])

    class Column:
        """Changes the keys while it is read."""

        def __array__(self, *args: Any, **kwargs: Any) -> Any:
            buffer[:] = np.array([2**62] * 2).astype("M8[us]")
            return np.arange(2).astype("M8[us]")

    times = m.Times()
    times.advance(1)
    times.update_columns(keys, Column())
    assert list(times) == [datetime(1970, 1, 1), datetime(1970, 1, 1, 0, 0, 0, 1)]


@pytest.mark.parametrize(
    "at", [np.int64(1_000_000), np.uint8(1), np.datetime64("1970-01-01T00:00:01"), np.datetime64("1970-01-02")]
)
def test_ticks_by_numpy(m: ModuleType, at: Any) -> None:
    prices = m.Prices()
    with prices.tick(at):
        prices[1] = 1.0
    us = at.astype("M8[us]").astype("int64") if isinstance(at, np.datetime64) else at
    assert prices.clock.now == datetime(1970, 1, 1) + timedelta(microseconds=int(us))
    for wrong, error in (
        (np.datetime64("NaT"), ValueError),
        (np.datetime64(1, "ns"), ValueError),
        (np.timedelta64(1, "s"), TypeError),
        (np.bool_(True), TypeError),
        (np.datetime64(2**62, "s"), OverflowError),
    ):
        with pytest.raises(error):
            prices.advance(wrong)


def _back(m: ModuleType, root: Any, table: Any, **options: Any) -> Any:
    other = getattr(m, type(root).__name__)()
    other.advance(1)
    other.update_columns(table, **options)
    return other


_TIMES = st.datetimes(datetime(1, 1, 1), datetime(9999, 1, 1))
_FLATS = st.dictionaries(
    st.integers(-(2**63), 2**63 - 1),
    st.fixed_dictionaries(
        {},
        optional={
            "maybe": st.floats(allow_nan=False),
            "name": st.text(max_size=20),
            "side": st.sampled_from(["BUY", "SELL"]),
            "at": _TIMES,
            "flag": st.booleans(),
        },
    ),
    max_size=20,
)


@given(rows=_FLATS)
def test_a_whole_table_comes_back(m: ModuleType, rows: dict[int, dict[str, Any]]) -> None:
    root = m.Flats()
    root.advance(1)
    for key, cells in rows.items():
        child = root.get_or_create(key)
        for name, cell in cells.items():
            setattr(child, name, m.Side[cell] if name == "side" else cell)
    for table in (root.to_arrow(), root, root.to_arrow().to_pandas(types_mapper=pd.ArrowDtype), root.delta()):
        other = _back(m, root, table)
        assert other.value == root.value
        assert set(other) == set(root)
    assert _back(m, root, root.to_arrow(key="id"), key="id").value == root.value


def test_keys_that_come_back(m: ModuleType) -> None:
    for name, value in (
        ("Sides", {m.Side.BUY: 1, m.Side.SELL: 2}),
        ("Days", {date(1, 1, 1): "", date(9999, 12, 31): "x"}),
        ("Times", {datetime(2024, 1, 1): datetime(2025, 1, 1)}),
    ):
        root = getattr(m, name)()
        root.advance(1)
        root.value = value
        assert _back(m, root, root.to_arrow()).value == value
    indexed = pd.DataFrame({"value": [1.0]}, index=pd.Index([7], name="key"))
    assert _back(m, m.Prices(), indexed).value == {7: 1.0}


def test_tables_that_are_no_whole(m: ModuleType) -> None:
    prices = m.Prices()
    prices.advance(1)
    prices.value = {1: 1.0, 2: 2.0}
    prices.advance(2)
    del prices[1]
    for table, error, message in (
        (pa.table({"value": [1.0]}), KeyError, "no column 'key' of keys"),
        (pa.array([1.0]), TypeError, "expected an Arrow table"),
        (prices.resolve([1]), TypeError, "needs a column"),
        (prices.delta(), ValueError, "cannot remove a key; apply the delta itself"),
        (pa.table({"key": [1, None], "value": [1.0, 2.0]}), ValueError, "null"),
    ):
        other = m.Prices()
        other.advance(1)
        with pytest.raises(error, match=message):
            other.update_columns(table)
        assert not other.modified
