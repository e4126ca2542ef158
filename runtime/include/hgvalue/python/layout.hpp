// A number that two builds share only if the structs both sides reach into have the same layout.
//
// `abi_version` is raised by hand; this catches the time it was forgotten, and a module compiled against other headers
// than the installed runtime's.
#pragma once

#include <hgvalue/core/type_meta.hpp>
#include <hgvalue/python/module_info.hpp>
#include <hgvalue/time_series/node_type.hpp>
#include <hgvalue/value/ring.hpp>
#include <hgvalue/value/row_store.hpp>

#include <cstddef>
#include <cstdint>

namespace hgvalue {

constexpr std::uint64_t layout_signature() {
    std::uint64_t h = 0;
    for (const std::size_t size :
         {sizeof(TypeMeta),     sizeof(TypeOps),        sizeof(FieldInfo),    sizeof(EnumInfo),
          sizeof(NodeType),     sizeof(NodeField),      sizeof(node_ref),     sizeof(node_overlay),
          sizeof(leaf_overlay), sizeof(keyed_state),    sizeof(list_state),   sizeof(window_state),
          sizeof(ref_state),    sizeof(node_link),      sizeof(removed_rows), sizeof(row_store),
          sizeof(ring),         sizeof(window_storage), sizeof(root_context), sizeof(EvaluationClock),
          sizeof(SchemaModule), sizeof(ModuleInfo)})
        h = combine_hash(h, size);
    return h;
}

} // namespace hgvalue
