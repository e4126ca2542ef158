// The operations of types made at run time: what the compiler writes for a struct, done by the type's table.
#include "built_ops.hpp"

#include "../value/elements.hpp"
#include "../value/value_functions.hpp"

#include <hgvalue/core/type_flags.hpp>
#include <hgvalue/core/type_of.hpp>
#include <hgvalue/value/ref.hpp>
#include <hgvalue/value/ring.hpp>
#include <hgvalue/value/row_store.hpp>

#include <algorithm>
#include <cstring>
#include <memory>
#include <utility>

namespace hgvalue::detail {
namespace {

std::byte* bytes_of(void* p) { return static_cast<std::byte*>(p); }
const std::byte* bytes_of(const void* p) { return static_cast<const std::byte*>(p); }

// -- what is memory and nothing else ----------------------------------------------------------------------------------

void zero(const TypeMeta& m, void* to) { std::memset(to, 0, m.size); }
void forget(const TypeMeta&, void*) noexcept {}
void copy_bytes(const TypeMeta& m, void* to, const void* from) { std::memcpy(to, from, m.size); }
void move_bytes(const TypeMeta& m, void* to, void* from) noexcept {
    if (to != from) std::memcpy(to, from, m.size);
}
void assign_bytes(const TypeMeta& m, void* to, const void* from) {
    if (to != from) std::memcpy(to, from, m.size);
}

/// Assignments of a type that has the rest: make a copy, let the old value go, move the copy in. The copy is what may
/// fail, and it is made first.
void assign_by_copy(const TypeMeta& m, void* to, const void* from) {
    if (to == from) return;
    const owned_value copy = make_value(m, from);
    m.ops->move_assign(m, to, copy.get());
}
/// `from` is left a default value that takes no memory: so ends every type here that has this.
void assign_by_exchange(const TypeMeta& m, void* to, void* from) noexcept {
    if (to == from) return;
    m.ops->destroy(m, to);
    m.ops->relocate(m, to, from);
    m.ops->construct(m, from);
}

// -- bundles, tuples and arrays: parts side by side
// -----------------------------------------------------------------------

struct part {
    const TypeMeta& type;
    std::size_t offset;
};
std::size_t part_count(const TypeMeta& m) {
    return m.kind == TypeKind::List ? static_cast<std::size_t>(m.fixed_size) : m.field_count;
}
part part_at(const TypeMeta& m, std::size_t i) {
    if (m.kind == TypeKind::List) return {*m.element, i * m.element->size};
    return {*m.fields[i].type, m.fields[i].offset};
}

void destroy_parts(const TypeMeta& m, void* v, std::size_t count) noexcept {
    while (count != 0) {
        const part p = part_at(m, --count);
        destroy_elements(p.type, bytes_of(v) + p.offset, 1);
    }
}
/// Makes all parts with `make(part, i)`, or none.
template <class Make> void make_parts(const TypeMeta& m, void* to, const Make& make) {
    std::size_t made = 0;
    try {
        for (const std::size_t count = part_count(m); made < count; ++made) make(part_at(m, made), made);
    } catch (...) {
        destroy_parts(m, to, made);
        throw;
    }
}
void construct_parts(const TypeMeta& m, void* to) {
    const auto& defaults = static_cast<const built_type&>(m).defaults;
    make_parts(m, to, [&](const part& p, std::size_t i) {
        void* place = bytes_of(to) + p.offset;
        if (!defaults.empty() && defaults[i])
            p.type.ops->copy_construct(p.type, place, defaults[i].get());
        else
            p.type.ops->construct(p.type, place);
    });
}
void copy_parts(const TypeMeta& m, void* to, const void* from) {
    make_parts(m, to, [&](const part& p, std::size_t) {
        p.type.ops->copy_construct(p.type, bytes_of(to) + p.offset, bytes_of(from) + p.offset);
    });
}
void destroy_all_parts(const TypeMeta& m, void* v) noexcept { destroy_parts(m, v, part_count(m)); }
void relocate_parts(const TypeMeta& m, void* to, void* from) noexcept {
    for (std::size_t i = 0, count = part_count(m); i < count; ++i) {
        const part p = part_at(m, i);
        relocate_elements(p.type, bytes_of(to) + p.offset, bytes_of(from) + p.offset, 1);
    }
}
void move_parts(const TypeMeta& m, void* to, void* from) noexcept {
    for (std::size_t i = 0, count = part_count(m); i < count; ++i) {
        const part p = part_at(m, i);
        p.type.ops->move_assign(p.type, bytes_of(to) + p.offset, bytes_of(from) + p.offset);
    }
}

// -- lists
// --------------------------------------------------------------------------------------------------------------

built_list& as_list(void* v) { return *static_cast<built_list*>(v); }
const built_list& as_list(const void* v) { return *static_cast<const built_list*>(v); }

void construct_list(const TypeMeta&, void* to) { new (to) built_list; }
void destroy_list(const TypeMeta& m, void* v) noexcept {
    destroy_elements(*m.element, as_list(v).data, as_list(v).size);
    free_elements(*m.element, as_list(v).data);
}
void copy_list(const TypeMeta& m, void* to, const void* from) {
    const built_list& source = as_list(from);
    element_array copy(*m.element, source.size);
    copy.append_copies(source.data, source.size);
    new (to) built_list{copy.release(), source.size, source.size};
}
void reallocate_list(const TypeMeta& m, built_list& list, std::size_t capacity) {
    element_array grown(*m.element, capacity);
    relocate_elements(*m.element, grown.at(0), list.data, list.size);
    free_elements(*m.element, list.data);
    list.data = grown.release();
    list.capacity = capacity;
}
void reserve_list(const TypeMeta& m, void* v, std::size_t size) {
    built_list& list = as_list(v);
    if (size > list.capacity) reallocate_list(m, list, std::max(size, list.capacity + list.capacity / 2));
}
void resize_list(const TypeMeta& m, void* v, std::size_t size) {
    built_list& list = as_list(v);
    const TypeMeta& e = *m.element;
    if (size <= list.size) {
        destroy_elements(e, list.data + size * e.size, list.size - size);
        list.size = size;
        return;
    }
    reserve_list(m, v, size);
    const std::size_t before = list.size;
    try {
        for (; list.size < size; ++list.size) e.ops->construct(e, list.data + list.size * e.size);
    } catch (...) {
        resize_list(m, v, before);
        throw;
    }
}

// -- optionals and variants: a payload, and behind it a byte
// -------------------------------------------------------------

std::size_t payload_size(const TypeMeta& m) {
    if (m.kind == TypeKind::Optional) return m.element->size;
    std::size_t size = 0;
    for (std::uint32_t i = 0; i < m.field_count; ++i) size = std::max<std::size_t>(size, m.fields[i].type->size);
    return size;
}
std::uint8_t& tag(const TypeMeta& m, void* v) {
    return *reinterpret_cast<std::uint8_t*>(bytes_of(v) + payload_size(m));
}
std::uint8_t tag(const TypeMeta& m, const void* v) {
    return *reinterpret_cast<const std::uint8_t*>(bytes_of(v) + payload_size(m));
}
/// The tag of a variant whose payload was moved away: it may be destroyed or assigned, nothing else.
constexpr std::uint8_t moved_away = 0xff;

/// The type of the payload, or null where there is none.
const TypeMeta* payload_type(const TypeMeta& m, const void* v) {
    const std::uint8_t t = tag(m, v);
    if (m.kind == TypeKind::Optional) return t ? m.element : nullptr;
    return t == moved_away ? nullptr : m.fields[t].type;
}
std::uint8_t empty_tag(const TypeMeta& m) { return m.kind == TypeKind::Optional ? 0 : moved_away; }
void construct_union(const TypeMeta& m, void* to) {
    if (m.kind == TypeKind::Variant) m.fields[0].type->ops->construct(*m.fields[0].type, to);
    tag(m, to) = 0;
}
void destroy_union(const TypeMeta& m, void* v) noexcept {
    if (const TypeMeta* p = payload_type(m, v)) destroy_elements(*p, bytes_of(v), 1);
}
void copy_union(const TypeMeta& m, void* to, const void* from) {
    if (const TypeMeta* p = payload_type(m, from)) p->ops->copy_construct(*p, to, from);
    tag(m, to) = tag(m, from);
}
void relocate_union(const TypeMeta& m, void* to, void* from) noexcept {
    if (const TypeMeta* p = payload_type(m, from)) relocate_elements(*p, to, from, 1);
    tag(m, to) = tag(m, from);
}
void move_union(const TypeMeta& m, void* to, void* from) noexcept {
    if (to == from) return;
    destroy_union(m, to);
    relocate_union(m, to, from);
    tag(m, from) = empty_tag(m);
}

void* get_optional(const TypeMeta& m, void* v) { return tag(m, v) ? v : nullptr; }
void reset_optional(const TypeMeta& m, void* v) noexcept {
    destroy_union(m, v);
    tag(m, v) = 0;
}
/// A default-made payload in place of the old one, which goes only once the new one is there.
void replace_payload(const TypeMeta& m, void* v, const TypeMeta& type) {
    element_array made(type, 1);
    type.ops->construct(type, made.at(0));
    destroy_union(m, v);
    relocate_elements(type, v, made.at(0), 1); // from then on the array has memory only
}
void* emplace_optional(const TypeMeta& m, void* v) {
    replace_payload(m, v, *m.element);
    tag(m, v) = 1;
    return v;
}
std::size_t index_of_variant(const TypeMeta& m, const void* v) { return tag(m, v); }
void* get_variant(const TypeMeta&, void* v) { return v; }
void* emplace_variant(const TypeMeta& m, void* v, std::size_t alternative) {
    replace_payload(m, v, *m.fields[alternative].type);
    tag(m, v) = static_cast<std::uint8_t>(alternative);
    return v;
}

// -- sets, maps and rings have a class of their own, whatever their elements
// ----------------------------------------------

template <class Storage> void construct_storage(const TypeMeta&, void* to) { new (to) Storage; }
template <class Storage> void relocate_storage(const TypeMeta&, void* to, void* from) noexcept {
    auto& source = *static_cast<Storage*>(from);
    new (to) Storage(std::move(source));
    std::destroy_at(&source);
}
void destroy_rows(const TypeMeta& m, void* v) noexcept {
    auto& rows = *static_cast<row_store*>(v);
    row_store_clear(m, rows);
    std::destroy_at(&rows);
}
void copy_rows(const TypeMeta& m, void* to, const void* from) {
    row_store_copy(m, *new (to) row_store, *static_cast<const row_store*>(from));
}
template <class Storage> void destroy_ring(const TypeMeta& m, void* v) noexcept {
    ring_clear(m, *static_cast<Storage*>(v));
    std::destroy_at(static_cast<Storage*>(v));
}
template <class Storage> void copy_ring(const TypeMeta& m, void* to, const void* from) {
    ring_copy(m, *new (to) Storage, *static_cast<const Storage*>(from));
}

// -- the tables
// ---------------------------------------------------------------------------------------------------------

constexpr TypeOps lifetime(decltype(TypeOps::construct) construct, decltype(TypeOps::destroy) destroy,
                           decltype(TypeOps::copy_construct) copy, decltype(TypeOps::relocate) relocate,
                           decltype(TypeOps::move_assign) move) {
    TypeOps ops{};
    ops.construct = construct;
    ops.destroy = destroy;
    ops.copy_construct = copy;
    ops.relocate = relocate;
    ops.copy_assign = assign_by_copy;
    ops.move_assign = move;
    return ops;
}

constexpr TypeOps list_table() {
    TypeOps ops = lifetime(construct_list, destroy_list, copy_list, move_bytes, assign_by_exchange);
    ops.list_size = [](const TypeMeta&, const void* v) { return as_list(v).size; };
    ops.list_data = [](const TypeMeta&, void* v) -> void* { return as_list(v).data; };
    ops.list_resize = resize_list;
    ops.list_reserve = reserve_list;
    return ops;
}
constexpr TypeOps optional_table() {
    TypeOps ops = lifetime(construct_union, destroy_union, copy_union, relocate_union, move_union);
    ops.optional_get = get_optional;
    ops.optional_emplace = emplace_optional;
    ops.optional_reset = reset_optional;
    return ops;
}
constexpr TypeOps variant_table() {
    TypeOps ops = lifetime(construct_union, destroy_union, copy_union, relocate_union, move_union);
    ops.variant_index = index_of_variant;
    ops.variant_get = get_variant;
    ops.variant_emplace = emplace_variant;
    return ops;
}

TypeOps enum_table() {
    TypeOps ops = scalar_ops_v<std::int64_t>;
    ops.construct = [](const TypeMeta& m, void* to) { new (to) std::int64_t(m.enumeration->default_value()); };
    return ops;
}

TypeOps lifetime_by_kind(const built_type& type) {
    switch (type.kind) {
    case TypeKind::Tuple:
    case TypeKind::Bundle: return lifetime(construct_parts, destroy_all_parts, copy_parts, relocate_parts, move_parts);
    case TypeKind::List:
        if (type.fixed_size == 0) return list_table();
        return lifetime(construct_parts, destroy_all_parts, copy_parts, relocate_parts, move_parts);
    case TypeKind::Set:
    case TypeKind::Map:
        return lifetime(construct_storage<row_store>, destroy_rows, copy_rows, relocate_storage<row_store>,
                        assign_by_exchange);
    case TypeKind::CyclicBuffer:
    case TypeKind::Queue:
        return lifetime(construct_storage<ring>, destroy_ring<ring>, copy_ring<ring>, relocate_storage<ring>,
                        assign_by_exchange);
    case TypeKind::Window:
        return lifetime(construct_storage<window_storage>, destroy_ring<window_storage>, copy_ring<window_storage>,
                        relocate_storage<window_storage>, assign_by_exchange);
    case TypeKind::Optional: return optional_table();
    case TypeKind::Variant: return variant_table();
    case TypeKind::Ref: return ref_ops;
    case TypeKind::Scalar: break; // an enum
    }
    return enum_table();
}

} // namespace

TypeOps built_ops(const built_type& type) {
    TypeOps ops = lifetime_by_kind(type);
    // Parts without code of their own need none to be copied.
    if (type.is(TypeFlags::TriviallyConstructible)) ops.construct = zero;
    if (type.is(TypeFlags::TriviallyDestructible)) ops.destroy = forget;
    if (type.is(TypeFlags::TriviallyCopyable)) {
        ops.copy_construct = copy_bytes;
        ops.relocate = ops.move_assign = move_bytes;
        ops.copy_assign = assign_bytes;
    }
    if (type.kind == TypeKind::Scalar || type.kind == TypeKind::Ref) return ops; // they have comparisons of their own
    if (type.is(TypeFlags::Equatable)) ops.equals = composite_table.equals;
    if (type.is(TypeFlags::Comparable)) ops.less = composite_table.less;
    if (type.is(TypeFlags::Hashable)) ops.hash = composite_table.hash;
    return ops;
}

} // namespace hgvalue::detail
