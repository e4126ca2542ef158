// The fields that a dict leaves out.
#pragma once

#include "temporary.hpp"

#include <cstddef>
#include <optional>

namespace hgvalue::python {

/// Gives each field `i` of a struct for which `left_out(i)` is true its default. The struct may hold another value
/// already: the next element of a window is read into the same place, and a key that comes twice into the same row.
template <class LeftOut> void reset_fields(const TypeMeta& type, void* to, const LeftOut& left_out) {
    std::optional<Temporary> fresh;
    for (std::uint32_t i = 0; i < type.field_count; ++i) {
        if (!left_out(i)) continue;
        const FieldInfo& f = type.fields[i];
        std::byte* field = static_cast<std::byte*>(to) + f.offset;
        if (!f.has_default && f.type->kind == TypeKind::Optional) {
            f.type->ops->optional_reset(*f.type, field);
            continue;
        }
        if (!fresh) fresh.emplace(type);
        f.type->ops->copy_assign(*f.type, field, static_cast<const std::byte*>(fresh->get()) + f.offset);
    }
}

} // namespace hgvalue::python
