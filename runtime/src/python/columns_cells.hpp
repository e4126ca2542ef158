// Columns as they are given: by numpy, an Arrow library, any buffer of numbers, or a sequence of Python objects.
//
// Reading one finds out where its cells lie and copies them only where their form is none of ours.
#pragma once

#include "numpy.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace hgvalue::python {

/// Cells in one piece.
struct Cells {
    /// What they are: numbers and times as values of ours are stored (a bool may be any byte), Str and Bytes as
    /// std::string_views, Object as items of a list or tuple; None if all are null.
    ScalarKind kind = ScalarKind::None;
    std::size_t count = 0;
    const std::byte* first = nullptr; ///< null of Object
    std::ptrdiff_t stride = 0;
    const std::uint8_t* given = nullptr; ///< by cell: 0 for null; null if none is

    bool is_given(std::size_t i) const noexcept { return kind != ScalarKind::None && (!given || given[i]); }
    const std::byte* cell(std::size_t i) const noexcept { return first + static_cast<std::ptrdiff_t>(i) * stride; }
    std::string_view text(std::size_t i) const noexcept { return reinterpret_cast<const std::string_view*>(first)[i]; }

    nb::object items; ///< of Object: a list or tuple that nobody else has

    /// New reference: the cell, which is not null, as Python has it.
    PyObject* object(std::size_t i) const;
};

/// A column: its cells, and what keeps them there.
struct GivenColumn {
    std::vector<Cells> pieces;
    std::size_t count = 0;
    bool from_arrow = false;                 ///< text may then stand for enum members
    std::vector<std::shared_ptr<void>> kept; ///< memory that cells lie in

    void add(Cells&& cells) {
        count += cells.count;
        pieces.push_back(std::move(cells));
    }
    /// New memory that lives as long as the column.
    template <class T> T* allocate(std::size_t size) {
        std::shared_ptr<T[]> made(new T[size == 0 ? 1 : size]());
        kept.push_back(made);
        return made.get();
    }
};

/// Reads a column. TypeError for what is no column; ValueError for an array of other than one dimension, for times that
/// are no whole microseconds, and for broken Arrow data; OverflowError for times beyond our range. May run Python code.
GivenColumn read_column(PyObject* from, const PathStep* where);

/// The same of an object that speaks Arrow's PyCapsule interface; false for any other.
bool read_arrow(GivenColumn& to, PyObject* from, const PathStep* where);

/// The columns of an Arrow table, record batch or struct array, with their names; false if `from` speaks no Arrow.
bool read_arrow_table(std::vector<std::pair<std::string, GivenColumn>>& to, PyObject* from, const PathStep* where);

/// Where times of one unit are counted in another: multiplied and divided by these.
struct TimeScale {
    std::int64_t multiply = 1;
    std::int64_t divide = 1;
};

/// Copies `count` times of 64 bits, converted, leaving out those that are not given. `kind` says what they become: Date
/// (days) or microseconds.
Cells scaled_times(GivenColumn& owner, ScalarKind kind, const Cells& from, TimeScale scale, const PathStep* where);

} // namespace hgvalue::python
