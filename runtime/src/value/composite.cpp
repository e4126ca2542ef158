// Equality, order and hash of composite values, by their meta.
#include "value_functions.hpp"

#include <hgvalue/core/error.hpp>
#include <hgvalue/value/format.hpp>

#include <cstring>

namespace hgvalue::detail {
namespace {

const std::byte* bytes_at(const void* p) { return static_cast<const std::byte*>(p); }
const row_store& as_rows(const void* p) { return *static_cast<const row_store*>(p); }
const ring& as_ring(const void* p) { return *static_cast<const ring*>(p); }

bool same(const TypeMeta& m, const void* a, const void* b) { return m.ops->equals(m, a, b); }
bool before(const TypeMeta& m, const void* a, const void* b) { return m.ops->less(m, a, b); }
std::size_t hash_at(const TypeMeta& m, const void* v) { return m.ops->hash(m, v); }

[[noreturn]] void refuse(const TypeMeta& m, const char* what) {
    throw TypeError("'" + type_name(m) + "' values " + what);
}

/// The elements of a List.
struct list_view {
    list_view(const TypeMeta& m, const void* list) : element(*m.element) {
        if (m.ops->list_size) {
            size = m.ops->list_size(m, list);
            data = bytes_at(m.ops->list_data(m, const_cast<void*>(list))); // asked for its place only
        } else {
            size = static_cast<std::size_t>(m.fixed_size);
            data = bytes_at(list);
        }
    }
    const void* operator[](std::size_t i) const { return data + i * element.size; }

    const TypeMeta& element;
    const std::byte* data;
    std::size_t size;
};

const void* payload(const TypeMeta& m, const void* optional) {
    return m.ops->optional_get(m, const_cast<void*>(optional)); // asked for its place only
}

/// Whether values of the type are equal exactly if their bytes are: not floats, for NaN and -0.0, and nothing that
/// has padding or points elsewhere.
bool compares_as_bytes(const TypeMeta& m) {
    switch (m.scalar) {
    case ScalarKind::Bool:
    case ScalarKind::Int8:
    case ScalarKind::Int16:
    case ScalarKind::Int32:
    case ScalarKind::Int64:
    case ScalarKind::UInt8:
    case ScalarKind::UInt16:
    case ScalarKind::UInt32:
    case ScalarKind::UInt64:
    case ScalarKind::Date:
    case ScalarKind::Time:
    case ScalarKind::DateTime:
    case ScalarKind::TimeDelta:
    case ScalarKind::Enum: return true;
    default: return false;
    }
}

// -- equals ---------------------------------------------------------------------------------------------------------

bool equal_fields(const TypeMeta& m, const void* a, const void* b) {
    for (std::uint32_t i = 0; i < m.field_count; ++i) {
        const FieldInfo& f = m.fields[i];
        if (!same(*f.type, bytes_at(a) + f.offset, bytes_at(b) + f.offset)) return false;
    }
    return true;
}

bool equal_lists(const TypeMeta& m, const void* a, const void* b) {
    const list_view x(m, a), y(m, b);
    if (x.size != y.size) return false;
    if (x.size == 0) return true; // memcmp must not see the null of an empty list
    if (compares_as_bytes(x.element)) return std::memcmp(x.data, y.data, x.size * x.element.size) == 0;
    for (std::size_t i = 0; i < x.size; ++i)
        if (!same(x.element, x[i], y[i])) return false;
    return true;
}

bool equal_rows(const TypeMeta& m, const row_store& a, const row_store& b) {
    if (a.size() != b.size()) return false;
    const TypeMeta& key_type = key_meta(m);
    for (std::uint32_t row = 0; row < a.size(); ++row) {
        const void* key = a.key(m, row);
        const std::uint32_t other = find_row(m, b, key, hash_at(key_type, key));
        if (other == no_row) return false;
        if (m.kind == TypeKind::Map && !same(*m.element, a.value(m, row), b.value(m, other))) return false;
    }
    return true;
}

bool equal_rings(const TypeMeta& m, const ring& a, const ring& b) {
    if (a.size() != b.size()) return false;
    for (std::uint32_t i = 0; i < a.size(); ++i)
        if (!same(*m.element, a.element(m.element->size, i), b.element(m.element->size, i))) return false;
    if (m.kind != TypeKind::Window) return true;
    const auto& x = static_cast<const window_storage&>(a);
    const auto& y = static_cast<const window_storage&>(b);
    for (std::uint32_t i = 0; i < a.size(); ++i)
        if (x.time(i) != y.time(i)) return false;
    return true;
}

bool equal_optionals(const TypeMeta& m, const void* a, const void* b) {
    const void* x = payload(m, a);
    const void* y = payload(m, b);
    return x && y ? same(*m.element, x, y) : x == y;
}

/// What a variant holds, and the type of that.
struct held_alternative {
    held_alternative(const TypeMeta& m, const void* variant)
        : index(m.ops->variant_index(m, variant)), type(*m.fields[index].type),
          value(m.ops->variant_get(m, const_cast<void*>(variant))) {} // asked for its place only

    std::size_t index;
    const TypeMeta& type;
    const void* value;
};

bool equal_variants(const TypeMeta& m, const void* a, const void* b) {
    const held_alternative x(m, a), y(m, b);
    return x.index == y.index && same(x.type, x.value, y.value);
}

bool equals(const TypeMeta& m, const void* a, const void* b) {
    switch (m.kind) {
    case TypeKind::Bundle:
    case TypeKind::Tuple: return equal_fields(m, a, b);
    case TypeKind::List: return equal_lists(m, a, b);
    case TypeKind::Set:
    case TypeKind::Map: return equal_rows(m, as_rows(a), as_rows(b));
    case TypeKind::CyclicBuffer:
    case TypeKind::Queue:
    case TypeKind::Window: return equal_rings(m, as_ring(a), as_ring(b));
    case TypeKind::Optional: return equal_optionals(m, a, b);
    case TypeKind::Variant: return equal_variants(m, a, b);
    case TypeKind::Scalar:
    case TypeKind::Ref: break;
    }
    refuse(m, "cannot be compared");
}

// -- less: the first parts that differ decide -------------------------------------------------------------------------

bool less_fields(const TypeMeta& m, const void* a, const void* b) {
    for (std::uint32_t i = 0; i < m.field_count; ++i) {
        const FieldInfo& f = m.fields[i];
        const void* x = bytes_at(a) + f.offset;
        const void* y = bytes_at(b) + f.offset;
        if (!same(*f.type, x, y)) return before(*f.type, x, y);
    }
    return false;
}

bool less_lists(const TypeMeta& m, const void* a, const void* b) {
    const list_view x(m, a), y(m, b);
    for (std::size_t i = 0; i < x.size && i < y.size; ++i)
        if (!same(x.element, x[i], y[i])) return before(x.element, x[i], y[i]);
    return x.size < y.size;
}

bool less(const TypeMeta& m, const void* a, const void* b) {
    switch (m.kind) {
    case TypeKind::Bundle:
    case TypeKind::Tuple: return less_fields(m, a, b);
    case TypeKind::List: return less_lists(m, a, b);
    default: refuse(m, "have no order");
    }
}

// -- hash -----------------------------------------------------------------------------------------------------------

std::size_t hash_fields(const TypeMeta& m, const void* v) {
    std::size_t h = m.field_count;
    for (std::uint32_t i = 0; i < m.field_count; ++i)
        h = combine_hash(h, hash_at(*m.fields[i].type, bytes_at(v) + m.fields[i].offset));
    return h;
}

std::size_t hash_list(const TypeMeta& m, const void* v) {
    const list_view list(m, v);
    std::size_t h = list.size;
    for (std::size_t i = 0; i < list.size; ++i) h = combine_hash(h, hash_at(list.element, list[i]));
    return h;
}

std::size_t hash_rows(const TypeMeta& m, const row_store& s) {
    std::size_t sum = 0; // a sum does not depend on the order of the rows
    for (std::uint32_t row = 0; row < s.size(); ++row) {
        std::size_t h = hash_at(key_meta(m), s.key(m, row));
        if (m.kind == TypeKind::Map) h = combine_hash(h, hash_at(*m.element, s.value(m, row)));
        sum += mix_hash(h); // a type of the user's may hash 1 to 1: {1, 4} and {2, 3} must not add up to the same
    }
    return combine_hash(s.size(), sum);
}

std::size_t hash_ring(const TypeMeta& m, const ring& r) {
    std::size_t h = r.size();
    for (std::uint32_t i = 0; i < r.size(); ++i) {
        h = combine_hash(h, hash_at(*m.element, r.element(m.element->size, i)));
        if (m.kind == TypeKind::Window) h = combine_hash(h, hash_of(static_cast<const window_storage&>(r).time(i)));
    }
    return h;
}

std::size_t hash_optional(const TypeMeta& m, const void* v) {
    const void* p = payload(m, v);
    return p ? combine_hash(1, hash_at(*m.element, p)) : 0;
}

std::size_t hash_variant(const TypeMeta& m, const void* v) {
    const held_alternative held(m, v);
    return combine_hash(held.index, hash_at(held.type, held.value));
}

std::size_t hash(const TypeMeta& m, const void* v) {
    switch (m.kind) {
    case TypeKind::Bundle:
    case TypeKind::Tuple: return hash_fields(m, v);
    case TypeKind::List: return hash_list(m, v);
    case TypeKind::Set:
    case TypeKind::Map: return hash_rows(m, as_rows(v));
    case TypeKind::CyclicBuffer:
    case TypeKind::Queue:
    case TypeKind::Window: return hash_ring(m, as_ring(v));
    case TypeKind::Optional: return hash_optional(m, v);
    case TypeKind::Variant: return hash_variant(m, v);
    case TypeKind::Scalar:
    case TypeKind::Ref: break;
    }
    refuse(m, "cannot be hashed");
}

constexpr TypeOps comparisons() {
    TypeOps ops{};
    ops.equals = equals;
    ops.less = less;
    ops.hash = hash;
    return ops;
}

} // namespace

constinit const TypeOps composite_table = comparisons();

} // namespace hgvalue::detail
