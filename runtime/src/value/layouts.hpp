// Quick answers to questions about types, before the registry is asked.
#pragma once

#include <hgvalue/core/type_registry.hpp>

#include <cstddef>

namespace hgvalue::detail {

/// A place and the layout of the value in it. Where two layouts of one type meet, the two are passed on together.
struct typed_ptr {
    const TypeMeta* type;
    void* data;
};
/// The same of a value that is only read.
struct const_typed_ptr {
    const TypeMeta* type;
    const void* data;
};

/// As same_layout, which takes locks for what is not obvious.
inline bool same_bytes(const TypeMeta& a, const TypeMeta& b) {
    if (&a == &b) return true;
    if (a.kind != b.kind || a.scalar != b.scalar) return false;
    if (a.kind == TypeKind::Scalar && a.scalar != ScalarKind::None && a.scalar != ScalarKind::Enum) return true;
    return same_layout(a, b);
}

/// The elements of a List.
struct list_elements {
    list_elements(const TypeMeta& m, const void* list) {
        if (m.ops->list_size) {
            size = m.ops->list_size(m, list);
            data = static_cast<std::byte*>(m.ops->list_data(m, const_cast<void*>(list))); // asked for its place only
        } else {
            size = static_cast<std::size_t>(m.fixed_size);
            data = const_cast<std::byte*>(static_cast<const std::byte*>(list));
        }
        stride = m.element->size;
    }
    std::byte* operator[](std::size_t i) const noexcept { return data + i * stride; }

    std::byte* data;
    std::size_t size;
    std::size_t stride;
};

inline void* optional_payload(const TypeMeta& m, const void* optional) {
    return m.ops->optional_get(m, const_cast<void*>(optional)); // asked for its place only
}
inline void* variant_held(const TypeMeta& m, const void* variant) {
    return m.ops->variant_get(m, const_cast<void*>(variant)); // asked for its place only
}
inline std::byte* field_place(const FieldInfo& f, const void* value) noexcept {
    return const_cast<std::byte*>(static_cast<const std::byte*>(value)) + f.offset;
}

} // namespace hgvalue::detail
