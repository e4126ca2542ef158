#include "columns_given.hpp"

#include "collections.hpp"
#include "node_access.hpp"

#include <algorithm>

namespace hgvalue::python {

namespace {

/// The columns of a pandas DataFrame as pairs: two may have one name. Empty for anything else.
nb::object pairs_of_frame(PyObject* o) {
    for (const char* name : {"iloc", "columns", "items"})
        if (!has_attribute(o, name)) return {};
    return owned(PySequence_List(owned(PyObject_CallMethod(o, "items", nullptr)).ptr()));
}

/// The items of a mapping; empty for anything else.
nb::object pairs_of_mapping(PyObject* o) {
    const nb::object dict = dict_of_mapping(o);
    return dict ? owned(PyDict_Items(dict.ptr())) : nb::object();
}

/// Calls `f(name, column)` for each pair.
template <class F> void for_each_pair(const nb::object& pairs, F&& f) {
    for (Py_ssize_t i = 0; i < PyList_Size(pairs.ptr()); ++i) {
        const nb::object pair = owned(PySequence_Tuple(PyList_GetItem(pairs.ptr(), i)));
        if (PyTuple_Size(pair.ptr()) != 2) throw TypeError("items() of a table must give pairs");
        f(PyTuple_GetItem(pair.ptr(), 0), PyTuple_GetItem(pair.ptr(), 1));
    }
}

std::string text_of(PyObject* str) {
    const char* text = PyUnicode_AsUTF8AndSize(str, nullptr);
    if (!text) throw_python_error();
    return text;
}

bool is_same(PyObject* a, PyObject* b) { return checked(PyObject_RichCompareBool(a, b, Py_EQ)) != 0; }

[[noreturn]] void throw_no_keys(const std::string& name, const PathStep* where) {
    throw KeyError(prefix(where) + "the table has no column '" + name +
                   "' of keys; name it with key=…, or give the keys before the table");
}

} // namespace

void GivenColumns::add(PyObject* name, PyObject* cells) {
    const DictColumn& column = find(name);
    const PathStep step = PathStep::field(start_, column.name.c_str());
    add(column, read_column(cells, &step, rows_), &step);
}

void GivenColumns::add(const std::string& name, GivenColumn&& cells) {
    const nb::object text = owned(PyUnicode_FromStringAndSize(name.data(), static_cast<Py_ssize_t>(name.size())));
    const DictColumn& column = find(text.ptr());
    const PathStep step = PathStep::field(start_, column.name.c_str());
    add(column, std::move(cells), &step);
}

void GivenColumns::add_named(const nb::object& dict) {
    for_each_pair(owned(PyDict_Items(dict.ptr())), [&](PyObject* name, PyObject* cells) { add(name, cells); });
}

void GivenColumns::add_all(PyObject* given) {
    if (const nb::object pairs = pairs_of_frame(given))
        return for_each_pair(pairs, [&](PyObject* name, PyObject* cells) { add(name, cells); });
    const bool only = is_only_column();
    const PathStep step = only ? PathStep::field(start_, columns_[0].name.c_str()) : *start_;
    if (speaks_arrow(given) && !(only && is_of(given, "pandas", "Series"))) {
        NamedColumns table;
        if (read_arrow_table(table, given, only ? columns_[0].type->scalar : nullptr, only ? &step : start_,
                             only ? rows_ : any_rows)) {
            for (auto& [name, cells] : table)
                if (only && name.empty())
                    add(columns_[0], std::move(cells), &step);
                else
                    add(name, std::move(cells));
            return;
        }
    } else if (const nb::object pairs = pairs_of_mapping(given)) {
        return for_each_pair(pairs, [&](PyObject* name, PyObject* cells) { add(name, cells); });
    }
    if (!only) throw_wrong_type("a dict of columns or an Arrow table", given, start_);
    add(columns_[0], read_column(given, &step, rows_), &step);
}

bool GivenColumns::has(const char* name) const noexcept {
    for (const DictColumn& c : columns_)
        if (c.name == name) return true;
    return false;
}

void GivenColumns::throw_empty() const {
    throw TypeError(prefix(start_) + "update_columns needs a column; the columns are " + names());
}

std::vector<ColumnCells> GivenColumns::cells() const {
    std::vector<ColumnCells> all;
    for (const auto& [column, cells] : staged_) all.push_back({column, cells.first(), cells.stride(), cells.given()});
    return all;
}

std::string GivenColumns::names() const {
    std::string names;
    for (const DictColumn& c : columns_) names += (names.empty() ? "" : ", ") + c.name;
    return names;
}

const DictColumn& GivenColumns::find(PyObject* name) const {
    if (!PyUnicode_Check(name)) throw_wrong_type("the name of a column", name, start_);
    for (const DictColumn& c : columns_)
        if (PyUnicode_CompareWithASCIIString(name, c.name.c_str()) == 0) return c;
    throw KeyError(prefix(start_) + "no column " + short_repr(name) + "; the columns are " + names());
}

void GivenColumns::add(const DictColumn& column, GivenColumn&& cells, const PathStep* where) {
    for (const auto& [other, staged] : staged_)
        if (other == &column) throw TypeError(prefix(where) + "the column is given twice");
    require_rows(cells.count, rows_, where); // before anything is made for each of them
    staged_.emplace_back(&column, StagedColumn(*column.type->scalar, std::move(cells), where));
}

WholeTable::WholeTable(GivenColumns& to, PyObject* table, PyObject* key) : to_(to) {
    const PathStep where = PathStep::field(to.start(), "keys");
    nb::object pairs = pairs_of_frame(table);
    if (!pairs && speaks_arrow(table) && !is_of(table, "pandas", "Series")) {
        read_arrow_columns(table, text_of(key), &where);
        return;
    }
    if (!pairs) pairs = pairs_of_mapping(table);
    if (!pairs) to.throw_empty();
    read_pairs(table, key, pairs, &where);
}

void WholeTable::read_arrow_columns(PyObject* table, const std::string& key, const PathStep* where) {
    read_arrow_table(arrow_, table, nullptr, to_.start());
    const auto is_key = [&](const auto& column) { return column.first == key; };
    const auto found = std::find_if(arrow_.begin(), arrow_.end(), is_key);
    if (found == arrow_.end()) throw_no_keys(key, where->parent);
    keys_ = std::move(found->second);
    arrow_.erase(found);
    if (std::any_of(arrow_.begin(), arrow_.end(), is_key))
        throw TypeError(prefix(where) + "the column " + key + " is given twice");
}

void WholeTable::read_pairs(PyObject* table, PyObject* key, const nb::object& pairs, const PathStep* where) {
    nb::object keys;
    for_each_pair(pairs, [&](PyObject* name, PyObject* cells) {
        if (!PyUnicode_Check(name) || !is_same(name, key)) {
            others_.emplace_back(nb::borrow(name), nb::borrow(cells));
            return;
        }
        if (keys) throw TypeError(prefix(where) + "the column " + text_of(key) + " is given twice");
        keys = nb::borrow(cells);
    });
    const nb::object index = keys ? nb::object() : find_attribute(table, "index"); // a DataFrame may have them there
    const nb::object name = index ? find_attribute(index.ptr(), "name") : nb::object();
    if (name && PyUnicode_Check(name.ptr()) && is_same(name.ptr(), key)) keys = index;
    if (!keys) throw_no_keys(text_of(key), where->parent);
    keys_ = read_column(keys.ptr(), where);
}

std::vector<bool> WholeTable::add_columns() {
    GivenColumn operations;
    bool has_operations = false;
    const PathStep step = PathStep::field(to_.start(), "op");
    for (auto& [name, cells] : arrow_)
        if (name == "op" && !to_.has("op")) {
            operations = std::move(cells);
            has_operations = true;
        } else {
            to_.add(name, std::move(cells));
        }
    for (const auto& [name, cells] : others_)
        if (!to_.has("op") && PyUnicode_Check(name.ptr()) && PyUnicode_CompareWithASCIIString(name.ptr(), "op") == 0) {
            operations = read_column(cells.ptr(), &step);
            has_operations = true;
        } else {
            to_.add(name.ptr(), cells.ptr());
        }
    if (has_operations) require_rows(operations.count, to_.rows(), &step);
    return has_operations ? read_operations(operations) : std::vector<bool>(to_.rows(), true);
}

std::vector<bool> WholeTable::read_operations(const GivenColumn& operations) const {
    std::vector<bool> made;
    const PathStep where = PathStep::field(to_.start(), "op");
    for (const Cells& cells : operations.pieces)
        for (std::size_t i = 0; i < cells.count; ++i) {
            const PathStep step = PathStep::at(&where, made.size());
            const nb::object op = object_of(cells, i, nullptr, false, &step);
            const bool text = PyUnicode_Check(op.ptr());
            const bool added = text && PyUnicode_CompareWithASCIIString(op.ptr(), "added") == 0;
            if (text && PyUnicode_CompareWithASCIIString(op.ptr(), "removed") == 0)
                throw ValueError(prefix(&step) + "a table of columns cannot remove a key; apply the delta itself");
            if (!added && !(text && PyUnicode_CompareWithASCIIString(op.ptr(), "updated") == 0))
                throw ValueError(prefix(&step) + "expected 'added' or 'updated', got " + describe(op.ptr()));
            made.push_back(added);
        }
    return made;
}

} // namespace hgvalue::python
