// Assignment and comparison of values whose layouts or types differ.
#include "layouts.hpp"
#include "place_check.hpp"
#include "temporary.hpp"
#include "value_functions.hpp"

#include <hgvalue/core/error.hpp>
#include <hgvalue/value/assign.hpp>
#include <hgvalue/value/format.hpp>
#include <hgvalue/value/view_range.hpp>

#include <cstring>

namespace hgvalue {
namespace {

using detail::list_elements;
using detail::optional_payload;
using detail::same_bytes;
using detail::temporary;
using detail::variant_held;

[[noreturn]] void refuse(const TypeMeta& to, const TypeMeta& from) {
    throw TypeError("expected " + type_name(to) + ", got " + type_name(from));
}

void require_compatible(const TypeMeta& to, const TypeMeta& from) {
    if (!structurally_compatible(to, from)) refuse(to, from);
}

bool is_trivial(const TypeMeta& m) noexcept { return m.is(TypeFlags::TriviallyCopyable); }

/// Whether the type's own assignment changes nothing when it fails.
bool assigns_whole(const TypeMeta& m) noexcept {
    if (is_trivial(m)) return true;
    if (m.kind == TypeKind::Scalar) return m.scalar != ScalarKind::None; // text gets its memory first
    return m.kind == TypeKind::List && m.ops->list_size && is_trivial(*m.element);
}

// -- conversion between layouts: `to` holds a value that nobody else sees yet ---------------------------------------

void fill(const TypeMeta& to_type, void* to, const TypeMeta& from_type, const void* from);

void fill_fields(const TypeMeta& tm, void* to, const TypeMeta& fm, const void* from) {
    for (std::uint32_t i = 0; i < tm.field_count; ++i)
        fill(*tm.fields[i].type, detail::field_place(tm.fields[i], to), *fm.fields[i].type,
             detail::field_place(fm.fields[i], from));
}

void fill_list(const TypeMeta& tm, void* to, const TypeMeta& fm, const void* from) {
    const list_elements source(fm, from);
    if (tm.ops->list_resize) tm.ops->list_resize(tm, to, source.size);
    const list_elements target(tm, to);
    if (source.size == 0) return; // memcpy must not see the null of an empty list
    if (is_trivial(*tm.element) && same_bytes(*tm.element, *fm.element)) {
        std::memcpy(target.data, source.data, source.size * source.stride);
        return;
    }
    for (std::size_t i = 0; i < source.size; ++i) fill(*tm.element, target[i], *fm.element, source[i]);
}

void fill_rows(const TypeMeta& tm, row_store& to, const TypeMeta& fm, const row_store& from) {
    const TypeMeta& key_type = key_meta(tm);
    detail::row_store_clear(tm, to);
    detail::row_store_reserve(tm, to, from.size());
    const ViewRange rows = ViewRange::keys(ConstValueView(&from, &fm)); // in the order that the source shows
    for (ValueCursor at = rows.first(); !rows.is_last(at); rows.inc(at)) {
        const temporary key(key_type, key_meta(fm), from.key(fm, at.row));
        const std::uint32_t row = detail::row_store_insert(tm, to, key.get(), key_type.ops->hash(key_type, key.get()));
        if (tm.kind == TypeKind::Map) fill(*tm.element, to.value(tm, row), *fm.element, from.value(fm, at.row));
    }
}

void fill_ring(const TypeMeta& tm, ring& to, const TypeMeta& fm, const ring& from) {
    const std::size_t stride = fm.element->size;
    detail::ring_clear(tm, to);
    detail::ring_reserve(tm, to, from.size());
    for (std::uint32_t i = 0; i < from.size(); ++i) {
        const void* element = from.element(stride, i);
        if (tm.kind == TypeKind::Window) {
            const temporary copy(*tm.element, *fm.element, element);
            detail::window_append(tm, static_cast<window_storage&>(to),
                                  static_cast<const window_storage&>(from).time(i), copy.get());
        } else
            fill(*tm.element, detail::ring_push(tm, to), *fm.element, element);
    }
}

void fill_optional(const TypeMeta& tm, void* to, const TypeMeta& fm, const void* from) {
    const void* payload = optional_payload(fm, from);
    if (payload)
        fill(*tm.element, tm.ops->optional_emplace(tm, to), *fm.element, payload);
    else
        tm.ops->optional_reset(tm, to);
}

void fill_variant(const TypeMeta& tm, void* to, const TypeMeta& fm, const void* from) {
    const std::size_t index = fm.ops->variant_index(fm, from);
    fill(*tm.fields[index].type, tm.ops->variant_emplace(tm, to, index), *fm.fields[index].type,
         variant_held(fm, from));
}

void fill(const TypeMeta& tm, void* to, const TypeMeta& fm, const void* from) {
    detail::check_place(tm, to);
    detail::check_place(fm, from);
    if (same_bytes(tm, fm)) return tm.ops->copy_assign(tm, to, from);
    switch (tm.kind) {
    case TypeKind::Bundle:
    case TypeKind::Tuple: return fill_fields(tm, to, fm, from);
    case TypeKind::List: return fill_list(tm, to, fm, from);
    case TypeKind::Set:
    case TypeKind::Map: return fill_rows(tm, *static_cast<row_store*>(to), fm, *static_cast<const row_store*>(from));
    case TypeKind::CyclicBuffer:
    case TypeKind::Queue:
    case TypeKind::Window: return fill_ring(tm, *static_cast<ring*>(to), fm, *static_cast<const ring*>(from));
    case TypeKind::Optional: return fill_optional(tm, to, fm, from);
    case TypeKind::Variant: return fill_variant(tm, to, fm, from);
    // Compatible ones lie in memory alike: every enum is an int64, every reference a ref_storage.
    case TypeKind::Scalar:
    case TypeKind::Ref: return tm.ops->copy_assign(tm, to, from);
    }
}

/// Makes a value at `to` out of `from`, by a function that may fail half-way.
template <class Fill> void construct_filled(const TypeMeta& type, void* to, const Fill& fill_in) {
    type.ops->construct(type, to);
    try {
        fill_in();
    } catch (...) {
        type.ops->destroy(type, to);
        throw;
    }
}

/// The alternative of a variant that takes a value of type `from`: that very type, else the first that looks like it.
std::uint32_t alternative_for(const TypeMeta& variant, const TypeMeta& from) {
    for (std::uint32_t i = 0; i < variant.field_count; ++i)
        if (same_bytes(*variant.fields[i].type, from) || same_type(*variant.fields[i].type, from)) return i;
    for (std::uint32_t i = 0; i < variant.field_count; ++i)
        if (structurally_compatible(*variant.fields[i].type, from)) return i;
    refuse(variant, from);
}

} // namespace

void construct_value(const TypeMeta& tm, void* to, const TypeMeta& fm, const void* from) {
    detail::check_place(tm, to);
    detail::check_place(fm, from);
    if (same_bytes(tm, fm)) return tm.ops->copy_construct(tm, to, from);
    require_compatible(tm, fm);
    construct_filled(tm, to, [&] { fill(tm, to, fm, from); });
}

void assign_value(const TypeMeta& tm, void* to, const TypeMeta& fm, const void* from) {
    detail::check_place(tm, to);
    detail::check_place(fm, from);
    const bool same = same_bytes(tm, fm);
    if (!same) require_compatible(tm, fm);
    if (same && assigns_whole(tm)) return tm.ops->copy_assign(tm, to, from);
    temporary(tm, fm, from).move_to(to);
}

void construct_stored(const TypeMeta& tm, void* to, const TypeMeta& fm, const void* from) {
    const bool wraps = fm.kind != tm.kind && (tm.kind == TypeKind::Optional || tm.kind == TypeKind::Variant);
    if (!wraps) return construct_value(tm, to, fm, from);
    if (tm.kind == TypeKind::Optional)
        construct_filled(tm, to, [&] {
            temporary payload(*tm.element, fm, from); // by store_value's rules: this may be a variant
            payload.move_to(tm.ops->optional_emplace(tm, to));
        });
    else
        construct_filled(tm, to, [&] {
            const std::uint32_t i = alternative_for(tm, fm);
            fill(*tm.fields[i].type, tm.ops->variant_emplace(tm, to, i), fm, from);
        });
}

void store_value(const TypeMeta& tm, void* to, const TypeMeta& fm, const void* from) {
    if (fm.kind == tm.kind) return assign_value(tm, to, fm, from);
    temporary(tm, fm, from).move_to(to);
}

// -- equality -------------------------------------------------------------------------------------------------------

namespace {

bool equal_parts(const TypeMeta& am, const void* a, const TypeMeta& bm, const void* b);

bool equal_fields(const TypeMeta& am, const void* a, const TypeMeta& bm, const void* b) {
    for (std::uint32_t i = 0; i < am.field_count; ++i)
        if (!equal_parts(*am.fields[i].type, detail::field_place(am.fields[i], a), *bm.fields[i].type,
                         detail::field_place(bm.fields[i], b)))
            return false;
    return true;
}

bool equal_lists(const TypeMeta& am, const void* a, const TypeMeta& bm, const void* b) {
    const list_elements x(am, a), y(bm, b);
    if (x.size != y.size) return false;
    for (std::size_t i = 0; i < x.size; ++i)
        if (!equal_parts(*am.element, x[i], *bm.element, y[i])) return false;
    return true;
}

bool equal_rows(const TypeMeta& am, const row_store& a, const TypeMeta& bm, const row_store& b) {
    if (a.size() != b.size()) return false;
    const TypeMeta& key_type = key_meta(bm);
    for (std::uint32_t i = 0; i < a.size(); ++i) {
        const temporary key(key_type, key_meta(am), a.key(am, i));
        const std::uint32_t row = find_row(bm, b, key.get(), key_type.ops->hash(key_type, key.get()));
        if (row == no_row) return false;
        if (am.kind == TypeKind::Map && !equal_parts(*am.element, a.value(am, i), *bm.element, b.value(bm, row)))
            return false;
    }
    return true;
}

bool equal_rings(const TypeMeta& am, const ring& a, const TypeMeta& bm, const ring& b) {
    if (a.size() != b.size()) return false;
    for (std::uint32_t i = 0; i < a.size(); ++i) {
        if (!equal_parts(*am.element, a.element(am.element->size, i), *bm.element, b.element(bm.element->size, i)))
            return false;
        if (am.kind == TypeKind::Window &&
            static_cast<const window_storage&>(a).time(i) != static_cast<const window_storage&>(b).time(i))
            return false;
    }
    return true;
}

bool equal_optionals(const TypeMeta& am, const void* a, const TypeMeta& bm, const void* b) {
    const void* x = optional_payload(am, a);
    const void* y = optional_payload(bm, b);
    return x && y ? equal_parts(*am.element, x, *bm.element, y) : x == y;
}

bool equal_variants(const TypeMeta& am, const void* a, const TypeMeta& bm, const void* b) {
    const std::size_t index = am.ops->variant_index(am, a);
    return index == bm.ops->variant_index(bm, b) &&
           equal_parts(*am.fields[index].type, variant_held(am, a), *bm.fields[index].type, variant_held(bm, b));
}

bool equal_parts(const TypeMeta& am, const void* a, const TypeMeta& bm, const void* b) {
    if (same_bytes(am, bm)) return am.ops->equals(am, a, b);
    switch (am.kind) {
    case TypeKind::Bundle:
    case TypeKind::Tuple: return equal_fields(am, a, bm, b);
    case TypeKind::List: return equal_lists(am, a, bm, b);
    case TypeKind::Set:
    case TypeKind::Map: return equal_rows(am, *static_cast<const row_store*>(a), bm, *static_cast<const row_store*>(b));
    case TypeKind::CyclicBuffer:
    case TypeKind::Queue:
    case TypeKind::Window: return equal_rings(am, *static_cast<const ring*>(a), bm, *static_cast<const ring*>(b));
    case TypeKind::Optional: return equal_optionals(am, a, bm, b);
    case TypeKind::Variant: return equal_variants(am, a, bm, b);
    case TypeKind::Scalar:
    case TypeKind::Ref: break;
    }
    return am.ops->equals(am, a, b);
}

} // namespace

bool values_equal(const TypeMeta& am, const void* a, const TypeMeta& bm, const void* b) {
    detail::check_place(am, a);
    detail::check_place(bm, b);
    const bool same = same_bytes(am, bm);
    if (!same && !structurally_compatible(am, bm)) return false;
    if (!am.ops->equals || !bm.ops->equals)
        throw TypeError("values of type " + type_name(am.ops->equals ? bm : am) + " cannot be compared");
    return same ? am.ops->equals(am, a, b) : equal_parts(am, a, bm, b);
}

} // namespace hgvalue
