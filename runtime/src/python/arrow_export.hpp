// Tables built in Arrow's format, and given out through its C interfaces.
#pragma once

#include "arrow_abi.hpp"

#include <hgvalue/core/type_meta.hpp>

#include <Python.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace hgvalue::python {

/// Whether Arrow has a type for values of ours: all scalars but objects, and optionals of them, of which None is null.
/// Enum members are given by their names.
bool has_arrow_form(const TypeMeta& type) noexcept;

/// Where the engine times of cells lie, which say whether these are valid: MIN_DT for one that is not.
struct CellTimes {
    const std::byte* first = nullptr; ///< null: all are valid
    std::size_t stride = 0;
};

/// A column of a table. Cells are appended in order; then it is finished, and does not change any more.
class ArrowColumn {
  public:
    /// Room for `capacity` cells of a type that has an Arrow form.
    ArrowColumn(std::string name, const TypeMeta& type, std::size_t capacity);

    /// Appends cells that lie `stride` bytes apart, if they are valid, else nulls.
    void append(const std::byte* first, std::size_t stride, std::size_t count, CellTimes times = {});
    void append(const void* cell) { append(static_cast<const std::byte*>(cell), 0, 1); }
    void append_null();
    void finish();

    const std::string& name() const noexcept { return name_; }
    const char* format() const noexcept { return format_; }
    std::size_t size() const noexcept { return size_; }
    std::int64_t null_count() const noexcept { return nulls_; }
    /// Fills in the buffers of Arrow's layout and returns how many there are.
    std::size_t buffers(const void** to) const noexcept;

  private:
    void append_plain(const std::byte* first, std::size_t stride, std::size_t count, CellTimes times);
    void append_validity(std::size_t count, CellTimes times);
    void append_fixed(const std::byte* first, std::size_t stride, std::size_t count);
    void append_texts(const std::byte* first, std::size_t stride, std::size_t count, CellTimes times);

    std::string name_;
    const TypeMeta* type_;
    const TypeMeta* cells_; ///< the same, or an optional of it
    const char* format_;
    std::size_t size_ = 0;
    std::int64_t nulls_ = 0;
    std::vector<std::uint64_t> validity_; ///< bits
    std::vector<std::uint64_t> bits_;     ///< of bools
    std::unique_ptr<std::byte[]> fixed_;  ///< of numbers and times
    std::string texts_;
    std::vector<std::int64_t> offsets_; ///< of texts; replaced by the narrow ones where those will do
    std::vector<std::int32_t> narrow_offsets_;
};

/// Columns of one length.
using ArrowTable = std::vector<ArrowColumn>;

/// The capsules of Arrow's PyCapsule interface, each of which keeps the table. New references; throw nb::python_error.
PyObject* schema_capsule(const std::shared_ptr<const ArrowTable>& table);
PyObject* array_capsule(const std::shared_ptr<const ArrowTable>& table);
PyObject* stream_capsule(const std::shared_ptr<const ArrowTable>& table);

} // namespace hgvalue::python
