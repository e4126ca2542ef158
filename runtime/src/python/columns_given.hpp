// The columns that an update is given, converted for the fields that they are for.
#pragma once

#include "columns.hpp"
#include "columns_stage.hpp"
#include "path.hpp"

#include <string>
#include <utility>
#include <vector>

namespace hgvalue::python {

/// Columns converted for the fields they are given for.
class GivenColumns {
  public:
    GivenColumns(PyObject* self, const PathStep* start) : columns_(require_columns(self)), start_(start) {}
    /// How many rows each column must have; before any is added.
    void expect_rows(std::size_t rows) noexcept { rows_ = rows; }

    /// One of a dict.
    void add(PyObject* name, PyObject* cells);
    /// One of an Arrow table.
    void add(const std::string& name, GivenColumn&& cells);
    void add_named(const nb::object& dict);
    /// What is given at once: a mapping, a DataFrame, an Arrow table, or a column where there is just one.
    void add_all(PyObject* given);

    std::size_t rows() const noexcept { return rows_; }
    bool empty() const noexcept { return staged_.empty(); }
    bool has(const char* name) const noexcept;
    const PathStep* start() const noexcept { return start_; }
    [[noreturn]] void throw_empty() const;
    std::vector<ColumnCells> cells() const;

  private:
    /// Of a dict of TS.
    bool is_only_column() const noexcept { return columns_.size() == 1 && columns_[0].name == "value"; }
    std::string names() const;
    const DictColumn& find(PyObject* name) const;
    void add(const DictColumn& column, GivenColumn&& cells, const PathStep* where);

    std::vector<DictColumn> columns_;
    const PathStep* start_;
    std::size_t rows_ = any_rows;
    std::vector<std::pair<const DictColumn*, StagedColumn>> staged_;
};

/// A table that has its keys in one of its columns, as to_arrow() makes it.
class WholeTable {
  public:
    /// Reads an Arrow table, a DataFrame (whose index may have the keys) or a mapping. KeyError without such a column.
    WholeTable(GivenColumns& to, PyObject* table, PyObject* key);
    GivenColumn take_keys() { return std::move(keys_); }
    /// Adds the other columns; whether the key of each row is made though no cell is given. The table of a delta has a
    /// column `op`: ValueError for a row that was removed.
    std::vector<bool> add_columns();

  private:
    void read_arrow_columns(PyObject* table, const std::string& key, const PathStep* where);
    void read_pairs(PyObject* table, PyObject* key, const nb::object& pairs, const PathStep* where);
    std::vector<bool> read_operations(const GivenColumn& operations) const;

    GivenColumns& to_;
    GivenColumn keys_;
    NamedColumns arrow_;
    std::vector<std::pair<nb::object, nb::object>> others_;
};

} // namespace hgvalue::python
