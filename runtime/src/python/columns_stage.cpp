#include "columns_stage.hpp"

#include "../time_series/pins.hpp"
#include "../value/codec_rules.hpp"
#include "../value/elements.hpp"
#include "enum_class.hpp"

#include <hgvalue/core/time.hpp>
#include <hgvalue/value/format.hpp>
#include <hgvalue/value/scalars.hpp>

#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

namespace hgvalue::python {

ValueArray::ValueArray(const TypeMeta& type, std::size_t count)
    : type_(&type), memory_(detail::allocate_elements(type, count)) {
    if (type.is(TypeFlags::TriviallyConstructible)) {
        if (count) std::memset(memory_, 0, count * type.size);
        count_ = count;
        return;
    }
    try {
        for (; count_ < count; ++count_) type.ops->construct(type, at(count_));
    } catch (...) {
        detail::destroy_elements(type, memory_, count_);
        detail::free_elements(type, memory_);
        throw;
    }
}

ValueArray::~ValueArray() {
    detail::destroy_elements(*type_, memory_, count_);
    detail::free_elements(*type_, memory_);
}

namespace {

template <class T> T read(const std::byte* at) noexcept {
    T v;
    std::memcpy(&v, at, sizeof v); // the cells of others may have any alignment
    return v;
}

template <class To> bool put(std::byte* to, To v) noexcept {
    std::memcpy(to, &v, sizeof v);
    return true;
}
template <class To, class From> bool put_integer(std::byte* to, From v) noexcept {
    if constexpr (std::is_floating_point_v<From>)
        return false;
    else
        return std::in_range<To>(v) && put(to, static_cast<To>(v));
}

/// Stores a number as one of another kind; false where that is no matter of course, and from_python has to say why.
template <class From> bool convert_number(ScalarKind kind, std::byte* to, From v) noexcept {
    switch (kind) {
    case ScalarKind::Int8: return put_integer<std::int8_t>(to, v);
    case ScalarKind::Int16: return put_integer<std::int16_t>(to, v);
    case ScalarKind::Int32: return put_integer<std::int32_t>(to, v);
    case ScalarKind::Int64: return put_integer<std::int64_t>(to, v);
    case ScalarKind::UInt8: return put_integer<std::uint8_t>(to, v);
    case ScalarKind::UInt16: return put_integer<std::uint16_t>(to, v);
    case ScalarKind::UInt32: return put_integer<std::uint32_t>(to, v);
    case ScalarKind::UInt64: return put_integer<std::uint64_t>(to, v);
    case ScalarKind::Float64: return put(to, static_cast<double>(v));
    case ScalarKind::Float32: {
        const auto wide = static_cast<double>(v);
        const auto narrow = static_cast<float>(wide);
        return (!std::isinf(narrow) || std::isinf(wide)) && put(to, narrow);
    }
    default: return false;
    }
}

bool convert_bool(ScalarKind kind, std::byte* to, bool v) noexcept {
    if (kind == ScalarKind::Bool) return put(to, bool8(v));
    return kind != ScalarKind::Float32 && kind != ScalarKind::Float64 && convert_number(kind, to, std::uint8_t{v});
}

bool in_range(ScalarKind kind, const std::byte* at) noexcept {
    switch (kind) {
    case ScalarKind::Date: return is_in_calendar(read<date>(at));
    case ScalarKind::DateTime: return is_in_calendar(read<datetime>(at));
    case ScalarKind::Time: return is_in_calendar(read<time_of_day>(at));
    default: return true;
    }
}

/// Stores a cell; false where from_python has to decide.
bool convert_cell(const TypeMeta& type, std::byte* to, const Cells& from, std::size_t i, bool names) {
    const std::byte* cell = from.first ? from.cell(i) : nullptr;
    switch (from.kind) {
    case ScalarKind::Bool: return convert_bool(type.scalar, to, cell[0] != std::byte{0});
    case ScalarKind::Int8: return convert_number(type.scalar, to, read<std::int8_t>(cell));
    case ScalarKind::Int16: return convert_number(type.scalar, to, read<std::int16_t>(cell));
    case ScalarKind::Int32: return convert_number(type.scalar, to, read<std::int32_t>(cell));
    case ScalarKind::Int64: return convert_number(type.scalar, to, read<std::int64_t>(cell));
    case ScalarKind::UInt8: return convert_number(type.scalar, to, read<std::uint8_t>(cell));
    case ScalarKind::UInt16: return convert_number(type.scalar, to, read<std::uint16_t>(cell));
    case ScalarKind::UInt32: return convert_number(type.scalar, to, read<std::uint32_t>(cell));
    case ScalarKind::UInt64: return convert_number(type.scalar, to, read<std::uint64_t>(cell));
    case ScalarKind::Float32: return convert_number(type.scalar, to, read<float>(cell));
    case ScalarKind::Float64: return convert_number(type.scalar, to, read<double>(cell));
    case ScalarKind::Date:
    case ScalarKind::Time:
    case ScalarKind::DateTime:
    case ScalarKind::TimeDelta:
        if (type.scalar == ScalarKind::DateTime && from.midnights && in_range(from.kind, cell))
            return put(to, read<std::int32_t>(cell) * microseconds_per_day);
        if (type.scalar != from.kind || !in_range(from.kind, cell)) return false;
        std::memcpy(to, cell, type.size);
        return true;
    case ScalarKind::Str:
        if (type.scalar != ScalarKind::Str || names) return false;
        reinterpret_cast<std::string*>(to)->assign(from.text(i));
        return detail::is_utf8(*reinterpret_cast<std::string*>(to)); // libraries promise it, but not all look
    case ScalarKind::Bytes:
        if (type.scalar != ScalarKind::Bytes) return false;
        reinterpret_cast<bytes*>(to)->assign(from.text(i).data(), from.text(i).size());
        return true;
    default: return false;
    }
}

/// Whether NaN can be a value, or within one.
bool has_nan(const TypeMeta& type) noexcept {
    switch (type.kind) {
    case TypeKind::Scalar:
        return type.scalar == ScalarKind::Float32 || type.scalar == ScalarKind::Float64 ||
               type.scalar == ScalarKind::Object;
    case TypeKind::Optional: return has_nan(*type.element);
    case TypeKind::Variant:
        for (std::uint32_t i = 0; i < type.field_count; ++i)
            if (has_nan(*type.fields[i].type)) return true;
        return false;
    default: return false;
    }
}

bool is_nan(const Cells& cells, std::size_t i) {
    switch (cells.kind) {
    case ScalarKind::Float64: return std::isnan(read<double>(cells.cell(i)));
    case ScalarKind::Float32: return std::isnan(read<float>(cells.cell(i)));
    case ScalarKind::Object: break;
    default: return false;
    }
    return !cells.nested && PyFloat_Check(cells.item(i)) && std::isnan(PyFloat_AsDouble(cells.item(i)));
}

bool holds_integers(const TypeMeta& type) noexcept {
    if (type.kind == TypeKind::Optional) return holds_integers(*type.element);
    return type.scalar >= ScalarKind::Int8 && type.scalar <= ScalarKind::UInt64;
}

/// What pandas makes of ints as soon as one of them is missing.
[[noreturn]] void throw_floats_of_pandas(const Cells& cells, std::size_t i, const TypeMeta& type,
                                         const PathStep* where) {
    const nb::object number = nb::steal(cells.object(i, where));
    throw TypeError(prefix(where) + "expected " + type_name(type) + ", got " + describe(number.ptr()) +
                    "; pandas keeps ints as floats where some are missing: give column.astype('Int64')");
}

void convert_object(const TypeMeta& type, std::byte* to, const Cells& from, std::size_t i, bool names,
                    const PathStep* where) {
    if ((from.kind == ScalarKind::DateTime || from.kind == ScalarKind::Date || from.kind == ScalarKind::Time) &&
        !in_range(from.kind, from.cell(i)))
        throw OverflowError(prefix(where) + "the time is beyond what Python can show");
    const nb::object object = object_of(from, i, &type, names, where);
    from_python(type, to, object.ptr(), where, from.nested ? Form::Dict : Form::Object);
}

/// As convert_cell, into what an optional holds.
bool convert_into(const TypeMeta& type, std::byte* to, const Cells& from, std::size_t i, bool names) {
    if (type.kind == TypeKind::Scalar) return convert_cell(type, to, from, i, names);
    if (type.kind != TypeKind::Optional || type.element->kind != TypeKind::Scalar || from.kind == ScalarKind::Object)
        return false;
    auto* payload = static_cast<std::byte*>(type.ops->optional_emplace(type, to));
    return convert_cell(*type.element, payload, from, i, names);
}

bool is_float(ScalarKind kind) noexcept { return kind == ScalarKind::Float64 || kind == ScalarKind::Float32; }
bool is_time(ScalarKind kind) noexcept {
    return kind == ScalarKind::Date || kind == ScalarKind::DateTime || kind == ScalarKind::Time;
}

} // namespace

StagedColumn::StagedColumn(const TypeMeta& type, GivenColumn&& from, const PathStep* where)
    : given_column_(std::move(from)) {
    if (!use_as_is(type)) convert(type, where);
}

bool StagedColumn::use_as_is(const TypeMeta& type) {
    // With rows on view the cells may be those of the very dict that is written.
    if (given_column_.pieces.size() != 1 || engine::any_pins()) return false;
    const Cells& cells = given_column_.pieces[0];
    if (cells.kind != type.scalar || type.kind != TypeKind::Scalar || cells.kind == ScalarKind::Bool ||
        !type.is(TypeFlags::TriviallyCopyable))
        return false;
    if (is_time(cells.kind)) {
        if (!cells.copied) return false; // whoever has them may change them after they were found to be in range
        for (std::size_t i = 0; i < cells.count; ++i)
            if (cells.is_given(i) && !in_range(cells.kind, cells.cell(i))) return false; // convert() says which
    }
    first_ = const_cast<std::byte*>(cells.first); // never written to: what is trivially copyable is not moved from
    stride_ = cells.stride;
    given_ = cells.given;
    return true;
}

void StagedColumn::convert(const TypeMeta& type, const PathStep* where) {
    values_ = std::make_unique<ValueArray>(type, given_column_.count);
    first_ = values_->at(0);
    stride_ = type.size;
    const bool names = given_column_.names_members;
    const bool skip_nan = given_column_.nan_is_missing && !has_nan(type);
    const bool nulls = skip_nan || [&] {
        for (const Cells& cells : given_column_.pieces)
            if (cells.given || cells.kind == ScalarKind::None) return true;
        return false;
    }();
    std::uint8_t* given = nulls ? given_column_.allocate<std::uint8_t>(given_column_.count) : nullptr;
    given_ = given;
    std::size_t row = 0;
    for (const Cells& cells : given_column_.pieces)
        for (std::size_t i = 0; i < cells.count; ++i, ++row) {
            if (!cells.is_given(i) || (skip_nan && is_nan(cells, i))) continue;
            if (given) given[row] = 1;
            std::byte* to = values_->at(row);
            if (convert_into(type, to, cells, i, names && type.scalar == ScalarKind::Enum)) continue;
            const PathStep step = PathStep::at(where, row);
            if (skip_nan && is_float(cells.kind) && holds_integers(type)) throw_floats_of_pandas(cells, i, type, &step);
            convert_object(type, to, cells, i, names, &step);
        }
}

} // namespace hgvalue::python
