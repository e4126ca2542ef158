// Columns converted to what they are written to, before anything is changed.
#pragma once

#include "columns_cells.hpp"

namespace hgvalue::python {

/// Values of a type that own their memory; each is default-constructed.
class ValueArray {
  public:
    ValueArray(const TypeMeta& type, std::size_t count);
    ValueArray(ValueArray&& o) noexcept
        : type_(o.type_), memory_(std::exchange(o.memory_, nullptr)), count_(std::exchange(o.count_, 0)) {}
    ValueArray(const ValueArray&) = delete;
    ~ValueArray();
    std::byte* at(std::size_t i) const noexcept { return memory_ + i * type_->size; }
    std::size_t size() const noexcept { return count_; }

  private:
    const TypeMeta* type_;
    std::byte* memory_;
    std::size_t count_ = 0;
};

/// Values of a type, as many as the column has cells: the cells themselves where they are such values, else copies.
class StagedColumn {
  public:
    /// Converts by the rules for single values; throws as from_python, with the number of the row in the place.
    StagedColumn(const TypeMeta& type, GivenColumn&& from, const PathStep* where);
    StagedColumn(StagedColumn&&) = default;

    std::size_t size() const noexcept { return given_column_.count; }
    std::byte* first() const noexcept { return first_; }
    std::ptrdiff_t stride() const noexcept { return stride_; }
    std::byte* value(std::size_t i) const noexcept { return first_ + static_cast<std::ptrdiff_t>(i) * stride_; }
    /// By cell: 0 for null. Null if none is.
    const std::uint8_t* given() const noexcept { return given_; }
    bool is_given(std::size_t i) const noexcept { return !given_ || given_[i]; }

  private:
    bool use_as_is(const TypeMeta& type);
    void convert(const TypeMeta& type, const PathStep* where);

    GivenColumn given_column_;
    std::byte* first_ = nullptr;
    std::ptrdiff_t stride_ = 0;
    const std::uint8_t* given_ = nullptr;
    std::unique_ptr<ValueArray> values_;
};

} // namespace hgvalue::python
