// Where the parts of a type made at run time lie.
#include "built_ops.hpp"
#include "built_type.hpp"

#include <hgvalue/core/error.hpp>
#include <hgvalue/core/type_flags.hpp>
#include <hgvalue/value/format.hpp>
#include <hgvalue/value/ref.hpp>
#include <hgvalue/value/ring.hpp>
#include <hgvalue/value/row_store.hpp>

#include "../value/elements.hpp"

#include <algorithm>
#include <limits>
#include <new>

namespace hgvalue::detail {
namespace {

constexpr std::size_t aligned(std::size_t offset, std::size_t alignment) {
    return (offset + alignment - 1) / alignment * alignment;
}

void set_size(built_type& t, std::size_t size, std::size_t alignment) {
    size = aligned(std::max<std::size_t>(size, 1), alignment); // as in C++, nothing takes no room
    if (size > std::numeric_limits<std::uint32_t>::max())
        throw ValueError("a value of '" + type_name(t) +
                         "' would take 4 GiB or more in place; use a list or dict that grows");
    t.size = static_cast<std::uint32_t>(size);
    t.alignment = static_cast<std::uint32_t>(alignment);
}

/// As a C++ compiler does: fields in order, each at the next multiple of its alignment.
void lay_out_fields(built_type& t) {
    std::size_t size = 0, alignment = 1;
    TypeFlags flags = compose_flags();
    for (FieldInfo& f : t.field_storage) {
        const std::size_t offset = aligned(size, f.type->alignment);
        size = offset + f.type->size;
        if (size > std::numeric_limits<std::uint32_t>::max()) break; // set_size says so
        f.offset = static_cast<std::uint32_t>(offset);
        alignment = std::max<std::size_t>(alignment, f.type->alignment);
        flags = add_part_flags(flags, f.type->flags);
    }
    set_size(t, size, alignment);
    if (!t.defaults.empty()) flags = flags & ~TypeFlags::TriviallyConstructible;
    t.flags = t.flags | flags;
}

/// The payload first, then a byte that says whether, or which, it is.
void lay_out_union(built_type& t) {
    std::size_t size = 0, alignment = 1;
    TypeFlags flags = compose_flags();
    const auto add = [&](const TypeMeta& part) {
        size = std::max<std::size_t>(size, part.size);
        alignment = std::max<std::size_t>(alignment, part.alignment);
        flags = add_part_flags(flags, part.flags);
    };
    if (t.kind == TypeKind::Optional)
        add(*t.element);
    else
        for (const FieldInfo& alternative : t.field_storage) add(*alternative.type);
    set_size(t, size + 1, alignment);
    t.flags = t.flags | (t.kind == TypeKind::Optional ? optional_flags(t.element->flags) : variant_flags(flags));
}

template <class Storage> void lay_out_as(built_type& t, TypeFlags flags) {
    t.size = sizeof(Storage);
    t.alignment = alignof(Storage);
    t.flags = t.flags | flags;
}

void lay_out_list(built_type& t) {
    const TypeFlags element = t.element->flags;
    if (t.fixed_size > 0) {
        const auto count = static_cast<std::size_t>(t.fixed_size);
        set_size(t, count > std::numeric_limits<std::uint32_t>::max() ? count : count * t.element->size,
                 t.element->alignment);
        t.flags = t.flags | array_flags(element);
    } else
        lay_out_as<built_list>(t, t.is(TypeFlags::IsTuple) ? tuple_list_flags(element) : list_flags(element));
}

void set_depth(built_type& t) {
    const auto contain = [&](const TypeMeta* part) {
        // What the compiler laid out has an end, whatever it is.
        if (part && part->is(TypeFlags::Built))
            t.depth = std::max(t.depth, static_cast<const built_type*>(part)->depth + 1);
    };
    contain(t.key);
    contain(t.element);
    for (const FieldInfo& f : t.field_storage) contain(f.type);
    if (t.depth > deepest_type) throw ValueError("types nest at most " + std::to_string(deepest_type) + " levels deep");
}

} // namespace

void lay_out(built_type& t) {
    t.flags = t.flags | TypeFlags::Built;
    t.fields = t.field_storage.data();
    t.field_count = static_cast<std::uint32_t>(t.field_storage.size());
    set_depth(t);
    switch (t.kind) {
    case TypeKind::Tuple:
    case TypeKind::Bundle: lay_out_fields(t); break;
    case TypeKind::List: lay_out_list(t); break;
    case TypeKind::Set: lay_out_as<row_store>(t, set_flags); break;
    case TypeKind::Map: lay_out_as<row_store>(t, map_flags(t.element->flags)); break;
    case TypeKind::CyclicBuffer:
    case TypeKind::Queue: lay_out_as<ring>(t, ring_flags(t.element->flags)); break;
    case TypeKind::Window: lay_out_as<window_storage>(t, ring_flags(t.element->flags)); break;
    case TypeKind::Optional:
    case TypeKind::Variant: lay_out_union(t); break;
    case TypeKind::Scalar: // an enum
        t.size = sizeof(std::int64_t);
        t.alignment = alignof(std::int64_t);
        t.flags = t.flags | enum_flags(t.enumeration->default_value() == 0);
        break;
    case TypeKind::Ref: lay_out_as<ref_storage>(t, ref_flags); break;
    }
    t.operations = built_ops(t);
    t.ops = &t.operations;
}

void value_deleter::operator()(void* value) const noexcept {
    destroy_elements(*type, static_cast<std::byte*>(value), 1);
    free_elements(*type, static_cast<std::byte*>(value));
}

owned_value make_value(const TypeMeta& type, const void* from) {
    std::byte* memory = allocate_elements(type, 1);
    try {
        if (from)
            type.ops->copy_construct(type, memory, from);
        else
            type.ops->construct(type, memory);
    } catch (...) {
        free_elements(type, memory);
        throw;
    }
    return owned_value(memory, value_deleter{&type});
}

} // namespace hgvalue::detail
