// The tables that kind_ops gives, one for each kind.
#pragma once

#include <hgvalue/value/kind_ops.hpp>

namespace hgvalue::detail {

extern const KindOps scalar_kind, tuple_kind, bundle_kind, list_kind, set_kind, map_kind, cyclic_buffer_kind,
    queue_kind, window_kind, optional_kind, variant_kind, ref_kind;

/// What every kind can do.
std::string value_text(const TypeMeta&, const void*);
void* value_to_python(const TypeMeta&, const void*);
void value_from_python(const TypeMeta&, void*, void* object);

/// A table with that, to which a kind adds its own.
constexpr KindOps common_ops(const char* name) {
    KindOps ops{};
    ops.name = name;
    ops.to_string = value_text;
    ops.to_python = value_to_python;
    ops.from_python = value_from_python;
    return ops;
}

} // namespace hgvalue::detail
