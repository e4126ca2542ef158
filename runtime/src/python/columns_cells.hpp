// Columns as they are given: by numpy, pandas, an Arrow library, any buffer of numbers, or a sequence of Python
// objects.
//
// Reading one finds out where its cells lie and copies them only where their form is none of ours. All that says where
// they lie is checked and copied then, so that nobody can change it. What lies there may belong to others, who may
// change it whenever Python code runs: whoever uses it checks what he uses.
#pragma once

#include "numpy.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace hgvalue::python {

struct NestedCells;

/// Cells in one piece.
struct Cells {
    /// What they are: numbers and times as values of ours are stored (a bool may be any byte), Str and Bytes as
    /// std::string_views, Object as `items` or `nested`; None if all are null.
    ScalarKind kind = ScalarKind::None;
    std::size_t count = 0;
    const std::byte* first = nullptr; ///< null of Object
    std::ptrdiff_t stride = 0;
    const std::uint8_t* given = nullptr; ///< by cell: 0 for null; null if none is
    bool copied = false;                 ///< nobody else has the memory
    bool midnights = false;              ///< of Date: they may also mean the datetime at which the day begins

    bool is_given(std::size_t i) const noexcept { return kind != ScalarKind::None && (!given || given[i]); }
    const std::byte* cell(std::size_t i) const noexcept { return first + static_cast<std::ptrdiff_t>(i) * stride; }
    std::string_view text(std::size_t i) const noexcept { return reinterpret_cast<const std::string_view*>(first)[i]; }

    nb::object items;                          ///< a tuple, or a list that nobody else has
    std::shared_ptr<const NestedCells> nested; ///< Arrow's lists, structs, …

    /// Cell i of `items`. Borrowed.
    PyObject* item(std::size_t i) const noexcept;
    /// New reference: the cell, which is not null and not nested, as Python has it.
    PyObject* object(std::size_t i, const PathStep* where) const;
};

/// Cells that are made of others.
struct NestedCells {
    enum class Form : std::uint8_t {
        List,    ///< `slices` of children[0]
        Map,     ///< `slices` of children[0], the keys, and of children[1]
        Struct,  ///< one cell of each child
        Picked,  ///< cells of children[0] in another order: slices of one
        Union,   ///< cells of child `which`: slices of one
        Decimal, ///< little-endian integers of `width` bytes
    };
    struct Slice {
        std::size_t first;
        std::size_t count;
    };

    Form form = Form::List;
    std::vector<Slice> slices;
    std::vector<std::uint8_t> which;
    std::vector<std::string> names; ///< of Struct
    std::vector<Cells> children;
    std::vector<std::byte> bytes; ///< of Decimal
    std::size_t width = 0;
    int digits = 0;
};

/// A column: its cells, and what keeps them there.
struct GivenColumn {
    std::vector<Cells> pieces;
    std::size_t count = 0;
    bool names_members = false;              ///< text may stand for enum members
    bool nan_is_missing = false;             ///< so for pandas, where NaN cannot be a value
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

/// How many rows a column may have, if that is known before it is read.
constexpr std::size_t any_rows = ~std::size_t{0};

/// ValueError unless the column that `where` names has as many rows as there are keys.
void require_rows(std::size_t given, std::size_t keys, const PathStep* where);

/// Reads a column. TypeError for what is no column; ValueError for an array of other than one dimension, for times that
/// are no whole microseconds, and for broken Arrow data; OverflowError for times beyond our range. May run Python code.
GivenColumn read_column(PyObject* from, const PathStep* where, std::size_t rows = any_rows);

/// What a pandas object has in its cells; false for any other object. In columns_pandas.cpp.
bool read_pandas(GivenColumn& to, PyObject* from, const PathStep* where, std::size_t rows);
/// Whether `o` is an instance of a class of a module, which is not imported for that.
bool is_of(PyObject* o, const char* module_name, const char* class_name);

/// The same of an object that speaks Arrow's PyCapsule interface; false for any other. In columns_arrow_in.cpp.
bool read_arrow(GivenColumn& to, PyObject* from, const PathStep* where, std::size_t rows = any_rows);

bool speaks_arrow(PyObject* o);

/// The columns of an Arrow table, record batch or struct array, with their names; false if `from` speaks no Arrow. With
/// `only`, the type of the only column there can be, that column may be given as well, and then has no name; false if
/// that is of a type which we do not read.
using NamedColumns = std::vector<std::pair<std::string, GivenColumn>>;
bool read_arrow_table(NamedColumns& to, PyObject* from, const TypeMeta* only, const PathStep* where,
                      std::size_t rows = any_rows);

/// Cells that are given by sequence, array or mask; in columns_cells.cpp.
struct Mask {
    std::uint8_t* given = nullptr; ///< null: all are
    std::size_t count = 0;
};
Mask read_mask(GivenColumn& to, PyObject* bools, bool means_missing, const PathStep* where);
void read_numpy(GivenColumn& to, nb::object array, Mask mask, const PathStep* where);
/// Objects in a tuple or a list that nobody else has, of which None, NaT and NA are missing.
void read_objects(GivenColumn& to, nb::object&& items, Mask mask, const PathStep* where);

/// Cells of `from` by number; those of other `given` are null. `owner` keeps both.
Cells pick(GivenColumn& owner, const Cells& from, const std::vector<std::size_t>& positions, const std::uint8_t* given);

/// Cell i, which may be nested and null, in the Python form that from_python with Form::Dict makes a value of `type`
/// of; null for the form it has by itself. Text is the name of a member where `names` and an enum is meant.
nb::object object_of(const Cells& cells, std::size_t i, const TypeMeta* type, bool names, const PathStep* where);

/// Where times of one unit are counted in another: multiplied and divided by these.
struct TimeScale {
    std::int64_t multiply = 1;
    std::int64_t divide = 1;
};

/// Copies `count` times of 64 bits, converted, leaving out those that are not given. `kind` says what they become: Date
/// (days) or microseconds.
Cells scaled_times(GivenColumn& owner, ScalarKind kind, const Cells& from, TimeScale scale, const PathStep* where);

} // namespace hgvalue::python
