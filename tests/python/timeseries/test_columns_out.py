"""Dicts of time series as Arrow tables."""

from __future__ import annotations

import gc
import sys
from types import ModuleType
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ..model.generated import load
from .columns_schema import SCALARS, SCHEMA, scalar_values

pa = pytest.importorskip("pyarrow")
np = pytest.importorskip("numpy")


@pytest.fixture(scope="session")
def m(backend: str) -> ModuleType:
    return load(SCHEMA, "columns", backend)


@pytest.fixture
def quotes(m: ModuleType) -> Any:
    root = m.Quotes()
    root.advance(1)
    root.value = {"a": {"bid": 1.0, "size": 1, "venue": "x"}, "b": {"bid": 2.0, "venue": ""}, "ä": {"size": 2}}
    return root


def _rows(table: Any) -> list[dict[str, Any]]:
    checked = pa.table(table)
    checked.validate(full=True)
    rows: list[dict[str, Any]] = checked.to_pylist()
    return rows


def test_a_table(quotes: Any) -> None:
    table = quotes.to_arrow()
    assert type(table) is pa.Table
    assert [str(f.type) for f in table.schema] == ["string", "double", "double", "int64", "string"]
    assert _rows(table) == [
        {"key": "a", "bid": 1.0, "ask": None, "size": 1, "venue": "x"},
        {"key": "b", "bid": 2.0, "ask": None, "size": None, "venue": ""},
        {"key": "ä", "bid": None, "ask": None, "size": 2, "venue": None},
    ]
    assert (table["bid"].null_count, table["ask"].null_count) == (1, 3)
    quotes.update_columns(["a"], bid=[9.0])
    assert table["bid"].to_pylist() == [1.0, 2.0, None]  # a table is a copy
    assert _rows(quotes)[0]["bid"] == 9.0  # what reads Arrow reads a dict itself


def test_what_can_be_chosen(quotes: Any, m: ModuleType) -> None:
    assert quotes.to_arrow(key=None).column_names == ["bid", "ask", "size", "venue"]
    assert quotes.to_arrow(key="symbol", columns=["size", "bid"]).column_names == ["symbol", "size", "bid"]
    assert quotes.to_arrow(columns=[]).to_pydict() == {"key": ["a", "b", "ä"]}
    with pytest.raises(ValueError, match="there is a column bid; give the key column another name"):
        quotes.to_arrow(key="bid")
    with pytest.raises(KeyError, match="no column 'mid'"):
        quotes.to_arrow(columns=["mid"])
    for wrong in ({"key": 1}, {"columns": "bid"}, {"columns": 1}, {"more": 1}):
        with pytest.raises(TypeError):
            quotes.to_arrow(**wrong)
    with pytest.raises(TypeError):
        quotes.to_arrow("symbol")
    every = m.Alls()
    assert "f_object" not in every.to_arrow().column_names  # which Arrow has no type for
    with pytest.raises(TypeError, match="Arrow has no type for the column f_object"):
        every.to_arrow(columns=["f_object"])
    for name in ("Nested", "Sets"):
        with pytest.raises(TypeError, match="has no columns"):
            getattr(m, name)().to_arrow()


def test_nothing_to_show(m: ModuleType) -> None:
    for root in (m.Quotes(), m.Prices(), m.Alls(), m.Sides()):
        table = root.to_arrow()
        table.validate(full=True)
        assert table.num_rows == 0
        root.advance(1)
        root.update_columns(table["key"], table.drop(["key"]) if table.num_columns > 2 else table.column(1))
        assert not root.valid


@pytest.mark.parametrize("field", [f for f in SCALARS if f != "f_object"])
def test_every_scalar_goes_out_and_comes_back(m: ModuleType, field: str) -> None:
    values = scalar_values(m, SCALARS[field])
    root, other = m.Alls(), m.Alls()
    for each in (root, other):
        each.advance(1)
    root.update_columns(["a", "b", "c"], {field: [*values, None], "f_object": [1, 2, 3]})
    table = root.to_arrow(columns=[field])
    table.validate(full=True)
    shown = [v.name for v in values] if field == "f_side" else values
    assert table[field].to_pylist() == [*shown, None]
    other.update_columns(table["key"], {field: table[field]})
    assert [child[field].value for child in other.values()] == values


def test_keys_of_other_types(m: ModuleType) -> None:
    sides = m.Sides()
    sides.advance(1)
    sides.value = {m.Side.BUY: 1, m.Side.SELL: 2}
    assert sides.to_arrow().to_pydict() == {"key": ["BUY", "SELL"], "value": [1, 2]}
    levels = m.Levels()
    levels.advance(1)
    levels.value = {5: {"quote": {"bid": 1.0}, "closes": 1.0}}
    assert levels.to_arrow(columns=["quote.bid", "count"]).to_pydict() == {
        "key": [5],
        "quote.bid": [1.0],
        "count": [None],
    }


def test_without_pyarrow(quotes: Any) -> None:
    import hgvalue

    with patch.dict(sys.modules, {"pyarrow": None}):
        table = quotes.to_arrow(columns=["bid"])
    assert type(table) is hgvalue.ArrowTable
    assert (repr(table), len(table), table.column_names) == ("<ArrowTable of 3 rows: key, bid>", 3, ["key", "bid"])
    assert pa.schema(table).names == ["key", "bid"]
    expected = {"key": ["a", "b", "ä"], "bid": [1.0, 2.0, None]}
    reader = pa.RecordBatchReader.from_stream(table)
    batch = pa.record_batch(table)
    del quotes
    for _ in range(2):
        assert pa.table(table).to_pydict() == expected
    column = pa.table(table)["bid"]
    del table
    gc.collect()
    assert reader.read_all().to_pydict() == batch.to_pydict() == expected
    assert column.to_pylist() == expected["bid"]
    with pytest.raises(TypeError):
        hgvalue.ArrowTable()


def test_capsules_that_nobody_takes(quotes: Any) -> None:
    for _ in range(3):
        quotes.__arrow_c_stream__()
        quotes.__arrow_c_stream__(requested_schema=None)
    with patch.dict(sys.modules, {"pyarrow": None}):
        table = quotes.to_arrow()
    table.__arrow_c_array__()
    table.__arrow_c_schema__()


_CELLS = st.one_of(st.none(), st.floats(allow_nan=False))
_ROWS = st.dictionaries(
    st.text(max_size=20), st.tuples(_CELLS, st.one_of(st.none(), st.text(max_size=20))), max_size=1500
)


@given(rows=_ROWS, removed=st.integers(1, 5))
def test_out_and_back(m: ModuleType, rows: dict[str, Any], removed: int) -> None:
    root = m.Quotes()
    root.advance(1)
    for key, (bid, venue) in rows.items():
        child = root.get_or_create(key)
        child.bid, child.venue = bid, venue
    for key in list(rows)[::removed]:
        if removed > 1:
            del root[key]
    table = root.to_arrow()
    assert table.to_pydict()["key"] == root.keys()
    assert _rows(table) == [
        {"key": key, "bid": c.bid.value, "ask": None, "size": None, "venue": c.venue.value} for key, c in root.items()
    ]
    other = m.Quotes()
    other.advance(1)
    other.update_columns(table["key"], table.drop(["key"]))
    assert (other.value or {}) == {k: v for k, v in (root.value or {}).items() if v}


def test_a_delta_is_a_table_of_what_changed(quotes: Any, m: ModuleType) -> None:
    quotes.advance(2)
    quotes.update_columns(["a", "new"], bid=[5.0, 6.0])
    quotes["a"].venue = "z"
    del quotes["b"]
    quotes.pop("ä")
    quotes["ä"] = {"size": 3}
    quotes["a"].size.invalidate()
    table = quotes.delta().to_arrow()
    assert type(table) is pa.Table
    nothing = dict.fromkeys(("bid", "ask", "size", "venue"))
    rows = _rows(table)
    assert sorted(rows[:2], key=lambda row: row["key"]) == [
        {"key": "b", "op": "removed", **nothing},
        {"key": "ä", "op": "removed", **nothing},
    ]
    assert sorted(rows[2:], key=lambda row: row["key"]) == [
        {"key": "a", "op": "updated", **nothing, "bid": 5.0, "venue": "z"},
        {"key": "new", "op": "added", **nothing, "bid": 6.0},
        {"key": "ä", "op": "added", **nothing, "size": 3},
    ]
    assert pa.table(quotes.delta()).equals(table)
    assert quotes.delta().to_arrow(key=None, columns=["size"]).column_names == ["op", "size"]
    with pytest.raises(ValueError, match="give the key column another name"):
        quotes.delta().to_arrow(key="op")
    quotes.advance(3)
    assert quotes.delta().to_arrow().num_rows == 0

    levels, prices, nested = m.Levels(), m.Prices(), m.Nested()
    for root in (levels, prices, nested):
        root.advance(1)
    levels.value = {1: {"quote": {"bid": 1.0}, "closes": 1.0}, 2: {"count": 2}}
    levels.advance(2)
    levels.value = {2: {"quote": {"ask": 3.0}}}
    row = {"key": 2, "op": "updated", "quote.bid": None, "quote.ask": 3.0, "quote.size": None, "quote.venue": None}
    assert _rows(levels.delta()) == [{**row, "count": None}]
    prices.value = {"a": 1.0}
    assert _rows(prices.delta()) == [{"key": "a", "op": "added", "value": 1.0}]
    prices.advance(2)
    prices.value = {"a": 2.0}
    assert _rows(prices.delta()) == [{"key": "a", "op": "updated", "value": 2.0}]
    for delta in (nested.delta(), levels[1].delta()):
        with pytest.raises(TypeError, match="is no table: those of a dict of scalars are"):
            delta.to_arrow()
    with pytest.raises(KeyError, match="no column 'mid'"):
        prices.delta().to_arrow(columns=["mid"])


@given(rows=_ROWS, changes=_ROWS)
def test_the_table_of_a_delta_says_what_delta_value_says(
    m: ModuleType, rows: dict[str, Any], changes: dict[str, Any]
) -> None:
    import hgvalue

    root = m.Quotes()
    for at, part in enumerate((rows, changes), 1):
        root.advance(at)
        for key, (bid, venue) in part.items():
            root.apply_result({key: {"bid": bid, "venue": venue}})
        if at == 2:
            for key in list(rows)[::3]:
                root.pop(key)
    said: dict[str, Any] = {}
    for row in _rows(root.delta()):
        key, op = row.pop("key"), row.pop("op")
        said[key] = hgvalue.REMOVE if op == "removed" else {k: v for k, v in row.items() if v is not None}
    delta = root.delta_value or {}
    assert {k: v for k, v in said.items() if v and v is not hgvalue.REMOVE} == {
        k: v for k, v in delta.items() if v and v is not hgvalue.REMOVE
    }
    removed = {k for k, v in said.items() if v is hgvalue.REMOVE}
    assert removed >= {k for k, v in delta.items() if v is hgvalue.REMOVE}
    assert removed <= set(root.removed_keys())
