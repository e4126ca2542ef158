// Memory of overlays: construction, destruction and moving, driven by the NodeType.
#pragma once

#include <hgvalue/time_series/node_type.hpp>

namespace hgvalue::engine {

/// Makes an overlay in raw memory. Strong guarantee: on an exception nothing is left behind.
void overlay_construct(const NodeType& type, void* to, node_overlay* parent, std::uint32_t slot);
void overlay_destroy(const NodeType& type, void* overlay) noexcept;
/// Moves an overlay to raw memory; the children inside it learn their parent's new address.
void overlay_relocate(const NodeType& type, void* to, void* from) noexcept;

/// Makes room for `capacity` overlays, moving the `count` there are. False when there was room.
bool overlays_reserve(const NodeType& type, std::byte*& overlays, std::uint32_t& capacity, std::uint32_t count,
                      std::size_t needed);
void overlays_free(const NodeType& type, std::byte* overlays, std::uint32_t count) noexcept;

/// Destroys the rows of a collection's removed elements, keeping a little memory for the next ones.
void removed_clear(const keyed_state& state, removed_rows& removed) noexcept;

/// One default value on the heap, and letting go of it.
void* new_default(const TypeMeta& type);
void delete_default(const TypeMeta& type, void* value) noexcept;

} // namespace hgvalue::engine
