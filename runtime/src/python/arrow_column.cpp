#include "arrow_export.hpp"

#include <hgvalue/core/time.hpp>
#include <hgvalue/value/scalars.hpp>

#include <bit>
#include <cstring>
#include <limits>
#include <string_view>

namespace hgvalue::python {

namespace {

const char* format_of(const TypeMeta& type) noexcept {
    switch (type.scalar) {
    case ScalarKind::Bool: return "b";
    case ScalarKind::Int8: return "c";
    case ScalarKind::Int16: return "s";
    case ScalarKind::Int32: return "i";
    case ScalarKind::Int64: return "l";
    case ScalarKind::UInt8: return "C";
    case ScalarKind::UInt16: return "S";
    case ScalarKind::UInt32: return "I";
    case ScalarKind::UInt64: return "L";
    case ScalarKind::Float32: return "f";
    case ScalarKind::Float64: return "g";
    case ScalarKind::Str:
    case ScalarKind::Enum: return "u";
    case ScalarKind::Bytes: return "z";
    case ScalarKind::Date: return "tdD";
    case ScalarKind::Time: return "ttu";
    case ScalarKind::DateTime: return "tsu:";
    case ScalarKind::TimeDelta: return "tDu";
    default: return nullptr;
    }
}

bool is_text(const TypeMeta& type) noexcept {
    return type.scalar == ScalarKind::Str || type.scalar == ScalarKind::Bytes || type.scalar == ScalarKind::Enum;
}

std::string_view text_of(const TypeMeta& type, const std::byte* cell) noexcept {
    if (type.scalar != ScalarKind::Enum) return *reinterpret_cast<const std::string*>(cell); // bytes are one, too
    const EnumInfo& info = *type.enumeration;
    const std::int64_t value = *reinterpret_cast<const std::int64_t*>(cell);
    for (std::uint32_t i = 0; i < info.count; ++i)
        if (info.values[i] == value) return info.names[i];
    return {};
}

bool is_valid(CellTimes times, std::size_t i) noexcept {
    engine_time_t t = 0;
    if (!times.first) return true;
    std::memcpy(&t, times.first + i * times.stride, sizeof t);
    return t != MIN_DT;
}

/// Appends bits to `size` of them.
template <class Bit>
std::size_t append_bits(std::vector<std::uint64_t>& to, std::size_t size, std::size_t count, const Bit& bit) {
    std::size_t set = 0;
    to.resize((size + count + 63) / 64);
    for (std::size_t i = 0; i < count;) {
        std::uint64_t word = 0;
        const std::size_t at = size + i, in_word = std::min<std::size_t>(64 - at % 64, count - i);
        for (std::size_t j = 0; j < in_word; ++j) word |= std::uint64_t{bit(i + j)} << j;
        set += static_cast<std::size_t>(std::popcount(word));
        to[at / 64] |= word << at % 64;
        i += in_word;
    }
    return set;
}

template <class T> void gather(std::byte* to, const std::byte* first, std::size_t stride, std::size_t count) noexcept {
    for (std::size_t i = 0; i < count; ++i) std::memcpy(to + i * sizeof(T), first + i * stride, sizeof(T));
}

} // namespace

static_assert(std::endian::native == std::endian::little, "Arrow's bits are in the order of bytes");

bool has_arrow_form(const TypeMeta& type) noexcept {
    if (type.kind == TypeKind::Optional) return has_arrow_form(*type.element);
    return type.kind == TypeKind::Scalar && format_of(type) != nullptr;
}

ArrowColumn::ArrowColumn(std::string name, const TypeMeta& type, std::size_t capacity)
    : name_(std::move(name)), type_(&type), cells_(&type) {
    while (type_->kind == TypeKind::Optional) type_ = type_->element;
    format_ = format_of(*type_);
    validity_.reserve(capacity / 64 + 1);
    if (is_text(*type_))
        offsets_.reserve(capacity + 1);
    else if (type_->scalar == ScalarKind::Bool)
        bits_.reserve(capacity / 64 + 1);
    else
        fixed_ = std::make_unique_for_overwrite<std::byte[]>(capacity * type_->size + 1);
    if (is_text(*type_)) offsets_.push_back(0);
}

void ArrowColumn::append(const std::byte* first, std::size_t stride, std::size_t count, CellTimes times) {
    if (cells_ == type_) return append_plain(first, stride, count, times);
    for (std::size_t i = 0; i < count; ++i) {
        const void* held = is_valid(times, i) ? first + i * stride : nullptr;
        for (const TypeMeta* t = cells_; held && t != type_; t = t->element)
            held = t->ops->optional_get(*t, const_cast<void*>(held));
        if (held)
            append_plain(static_cast<const std::byte*>(held), 0, 1, {});
        else
            append_null();
    }
}

void ArrowColumn::append_plain(const std::byte* first, std::size_t stride, std::size_t count, CellTimes times) {
    if (is_text(*type_))
        append_texts(first, stride, count, times);
    else if (type_->scalar == ScalarKind::Bool)
        append_bits(bits_, size_, count, [&](std::size_t i) { return first[i * stride] != std::byte{0}; });
    else
        append_fixed(first, stride, count);
    append_validity(count, times);
    size_ += count;
}

void ArrowColumn::append_null() {
    static constexpr engine_time_t never = MIN_DT;
    alignas(std::string) static constexpr std::byte nothing[sizeof(std::string)] =
        {}; // a text that is not valid is not read
    append_plain(nothing, 0, 1, {reinterpret_cast<const std::byte*>(&never), 0});
}

void ArrowColumn::append_validity(std::size_t count, CellTimes times) {
    const std::size_t valid = append_bits(validity_, size_, count, [&](std::size_t i) { return is_valid(times, i); });
    nulls_ += static_cast<std::int64_t>(count - valid);
}

void ArrowColumn::append_fixed(const std::byte* first, std::size_t stride, std::size_t count) {
    std::byte* to = fixed_.get() + size_ * type_->size;
    switch (type_->size) {
    case 8: return gather<std::uint64_t>(to, first, stride, count);
    case 4: return gather<std::uint32_t>(to, first, stride, count);
    case 2: return gather<std::uint16_t>(to, first, stride, count);
    default: return gather<std::uint8_t>(to, first, stride, count);
    }
}

void ArrowColumn::append_texts(const std::byte* first, std::size_t stride, std::size_t count, CellTimes times) {
    for (std::size_t i = 0; i < count; ++i) {
        if (is_valid(times, i)) texts_ += text_of(*type_, first + i * stride);
        offsets_.push_back(static_cast<std::int64_t>(texts_.size()));
    }
}

void ArrowColumn::finish() {
    if (!is_text(*type_)) return;
    if (texts_.size() > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max())) {
        format_ = type_->scalar == ScalarKind::Bytes ? "Z" : "U";
        return;
    }
    narrow_offsets_.assign(offsets_.begin(), offsets_.end());
    std::vector<std::int64_t>().swap(offsets_);
}

std::size_t ArrowColumn::buffers(const void** to) const noexcept {
    std::size_t count = 0;
    to[count++] = nulls_ == 0 ? nullptr : validity_.data();
    if (is_text(*type_)) {
        to[count++] = narrow_offsets_.empty() ? static_cast<const void*>(offsets_.data()) : narrow_offsets_.data();
        to[count++] = texts_.data();
    } else {
        to[count++] = type_->scalar == ScalarKind::Bool ? static_cast<const void*>(bits_.data()) : fixed_.get();
    }
    return count;
}

} // namespace hgvalue::python
