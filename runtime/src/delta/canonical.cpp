// The order of keys in deltas, and the sameness that decides whether there is a change at all.
#include "content.hpp"

#include "../value/value_functions.hpp"

#include <hgvalue/core/error.hpp>
#include <hgvalue/value/format.hpp>
#include <hgvalue/value/scalars.hpp>

#include <algorithm>
#include <cstring>
#include <numeric>

namespace hgvalue {
namespace {

using std::strong_ordering;

template <class T> strong_ordering order_of(const void* a, const void* b) {
    return *static_cast<const T*>(a) <=> *static_cast<const T*>(b);
}

/// NaN after all numbers; 0.0 and -0.0 alike, as equality has it.
template <class T> strong_ordering order_of_floats(const void* a, const void* b) {
    const T x = *static_cast<const T*>(a), y = *static_cast<const T*>(b);
    if (x != x || y != y) return (x != x) <=> (y != y);
    return x < y ? strong_ordering::less : y < x ? strong_ordering::greater : strong_ordering::equal;
}

strong_ordering order_scalars(const TypeMeta& m, const void* a, const void* b) {
    switch (m.scalar) {
    case ScalarKind::Bool:
    case ScalarKind::UInt8: return order_of<std::uint8_t>(a, b);
    case ScalarKind::Int8: return order_of<std::int8_t>(a, b);
    case ScalarKind::Int16: return order_of<std::int16_t>(a, b);
    case ScalarKind::Int32: return order_of<std::int32_t>(a, b);
    case ScalarKind::Int64:
    case ScalarKind::Enum: return order_of<std::int64_t>(a, b);
    case ScalarKind::UInt16: return order_of<std::uint16_t>(a, b);
    case ScalarKind::UInt32: return order_of<std::uint32_t>(a, b);
    case ScalarKind::UInt64: return order_of<std::uint64_t>(a, b);
    case ScalarKind::Float32: return order_of_floats<float>(a, b);
    case ScalarKind::Float64: return order_of_floats<double>(a, b);
    case ScalarKind::Str:
    case ScalarKind::Bytes: return order_of<std::string>(a, b);
    case ScalarKind::Date: return order_of<date>(a, b);
    case ScalarKind::Time: return order_of<time_of_day>(a, b);
    case ScalarKind::DateTime: return order_of<datetime>(a, b);
    case ScalarKind::TimeDelta: return order_of<timedelta>(a, b);
    case ScalarKind::None:
    case ScalarKind::Object: break;
    }
    throw TypeError("values of type " + type_name(m) + " have no order to stand in a delta");
}

strong_ordering order_lists(const TypeMeta& m, const void* a, const void* b) {
    const detail::column x(m, a), y(m, b);
    for (std::size_t i = 0; i < x.size && i < y.size; ++i)
        if (const auto o = canonical_order(*m.element, x[i], y[i]); o != 0) return o;
    return x.size <=> y.size;
}

/// The rows by ascending key.
std::vector<std::uint32_t> sorted_rows(const TypeMeta& m, const row_store& s) {
    std::vector<std::uint32_t> rows(s.size());
    std::iota(rows.begin(), rows.end(), 0U);
    std::sort(rows.begin(), rows.end(), [&](std::uint32_t x, std::uint32_t y) {
        return canonical_order(key_meta(m), s.key(m, x), s.key(m, y)) < 0;
    });
    return rows;
}

strong_ordering order_rows(const TypeMeta& m, const row_store& a, const row_store& b) {
    if (const auto o = a.size() <=> b.size(); o != 0) return o;
    const auto x = sorted_rows(m, a), y = sorted_rows(m, b);
    for (std::size_t i = 0; i < x.size(); ++i) {
        if (const auto o = canonical_order(key_meta(m), a.key(m, x[i]), b.key(m, y[i])); o != 0) return o;
        if (m.kind != TypeKind::Map) continue;
        if (const auto o = canonical_order(*m.element, a.value(m, x[i]), b.value(m, y[i])); o != 0) return o;
    }
    return strong_ordering::equal;
}

} // namespace

std::strong_ordering canonical_order(const TypeMeta& m, const void* a, const void* b) {
    switch (m.kind) {
    case TypeKind::Scalar: return order_scalars(m, a, b);
    case TypeKind::Bundle:
    case TypeKind::Tuple:
        for (std::uint32_t i = 0; i < m.field_count; ++i) {
            const FieldInfo& f = m.fields[i];
            if (const auto o = canonical_order(*f.type, detail::field_place(f, a), detail::field_place(f, b)); o != 0)
                return o;
        }
        return strong_ordering::equal;
    case TypeKind::List: return order_lists(m, a, b);
    case TypeKind::Set:
    case TypeKind::Map: return order_rows(m, detail::as_rows(a), detail::as_rows(b));
    case TypeKind::Optional: {
        const void* x = detail::optional_payload(m, a);
        const void* y = detail::optional_payload(m, b);
        return x && y ? canonical_order(*m.element, x, y) : (x != nullptr) <=> (y != nullptr);
    }
    case TypeKind::Variant: {
        const std::size_t x = m.ops->variant_index(m, a), y = m.ops->variant_index(m, b);
        if (x != y) return x <=> y;
        return canonical_order(*m.fields[x].type, detail::variant_held(m, a), detail::variant_held(m, b));
    }
    case TypeKind::CyclicBuffer:
    case TypeKind::Queue:
    case TypeKind::Window:
    case TypeKind::Ref: break;
    }
    throw TypeError("values of type " + type_name(m) + " have no order to stand in a delta");
}

namespace detail {
namespace {

bool same_rows(const TypeMeta& m, const row_store& a, const row_store& b) {
    if (a.size() != b.size()) return false;
    const TypeMeta& k = key_meta(m);
    for (std::uint32_t row = 0; row < a.size(); ++row) {
        const std::uint32_t other = row_like(m, b, row, k, a.key(m, row));
        if (other == no_row) return false;
        if (m.kind == TypeKind::Map && !identical(*m.element, a.value(m, row), b.value(m, other))) return false;
    }
    return true;
}

bool same_rings(const TypeMeta& m, const ring& a, const ring& b) {
    if (a.size() != b.size()) return false;
    for (std::uint32_t i = 0; i < a.size(); ++i)
        if (!same_ring_element(m, a, i, b, i)) return false;
    return true;
}

bool same_lists(const TypeMeta& m, const void* a, const void* b) {
    const column x(m, a), y(m, b);
    if (x.size != y.size) return false;
    if (x.size != 0 && same_by_bytes(*m.element)) return std::memcmp(x.data, y.data, x.size * m.element->size) == 0;
    for (std::size_t i = 0; i < x.size; ++i)
        if (!identical(*m.element, x[i], y[i])) return false;
    return true;
}

} // namespace

bool same_by_bytes(const TypeMeta& m) {
    return m.kind == TypeKind::Scalar && m.scalar != ScalarKind::Str && m.scalar != ScalarKind::Bytes &&
           m.scalar != ScalarKind::Object;
}

bool same_ring_element(const TypeMeta& m, const ring& a, std::uint32_t i, const ring& b, std::uint32_t j) {
    if (m.kind == TypeKind::Window &&
        static_cast<const window_storage&>(a).time(i) != static_cast<const window_storage&>(b).time(j))
        return false;
    return identical(*m.element, a.element(m.element->size, i), b.element(m.element->size, j));
}

std::uint32_t row_like(const TypeMeta& m, const row_store& s, std::uint32_t hint, const TypeMeta& k, const void* key) {
    // Where both containers come from one, most rows did not move.
    if (hint < s.size() && k.ops->equals(k, s.key(m, hint), key)) return hint;
    return find_row(m, s, key, k.ops->hash(k, key));
}

bool identical(const TypeMeta& m, const void* a, const void* b) {
    check_place(m, a);
    check_place(m, b);
    if (same_by_bytes(m)) return std::memcmp(a, b, m.size) == 0;
    switch (m.kind) {
    case TypeKind::Bundle:
    case TypeKind::Tuple:
        for (std::uint32_t i = 0; i < m.field_count; ++i)
            if (!identical(*m.fields[i].type, field_at(m, a, i), field_at(m, b, i))) return false;
        return true;
    case TypeKind::List: return same_lists(m, a, b);
    case TypeKind::Set:
    case TypeKind::Map: return same_rows(m, as_rows(a), as_rows(b));
    case TypeKind::CyclicBuffer:
    case TypeKind::Queue:
    case TypeKind::Window: return same_rings(m, as_ring(a), as_ring(b));
    case TypeKind::Optional: {
        const void* x = optional_payload(m, a);
        const void* y = optional_payload(m, b);
        return x && y ? identical(*m.element, x, y) : x == y;
    }
    case TypeKind::Variant: {
        const std::size_t i = m.ops->variant_index(m, a);
        return i == m.ops->variant_index(m, b) && identical(*m.fields[i].type, variant_held(m, a), variant_held(m, b));
    }
    case TypeKind::Scalar:
    case TypeKind::Ref: break;
    }
    if (!m.ops->equals) throw TypeError("values of type " + type_name(m) + " cannot be compared");
    return m.ops->equals(m, a, b);
}

std::size_t find_sorted(const column& keys, const void* key) {
    std::size_t low = 0, high = keys.size;
    while (low < high) {
        const std::size_t middle = low + (high - low) / 2;
        if (canonical_order(*keys.element, keys[middle], key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < keys.size && canonical_order(*keys.element, keys[low], key) == 0 ? low : keys.size;
}

void copy_column(const TypeMeta& m, void* p, std::uint32_t i, const column& from) {
    if (from.empty()) return;
    const TypeMeta& to = *m.fields[i].type->element;
    std::byte* place = resize_column(m, p, i, from.size);
    const copier copy(to, *from.element);
    if (copy.direct() && to.is(TypeFlags::TriviallyCopyable)) {
        std::memcpy(place, from.data, from.size * to.size);
        return;
    }
    for (std::size_t j = 0; j < from.size; ++j, place += to.size) copy.assign(place, from[j]);
}

} // namespace detail
} // namespace hgvalue
