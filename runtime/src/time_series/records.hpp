// Steps of the engine that are not operations of their own: they leave the stamping to their caller.
#pragma once

#include <hgvalue/time_series/node_type.hpp>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace hgvalue::engine {

/// Makes room for `more` elements. vector::reserve asks for exactly what it is told; what grows by one again and again
/// must grow geometrically.
template <class T> void make_room(std::vector<T>& v, std::size_t more = 1) {
    if (v.capacity() - v.size() < more) v.reserve(std::max<std::size_t>({v.size() + more, v.size() * 2, 8}));
}

void keyed_begin_tick(keyed_state& state, engine_time_t now) noexcept;
void list_begin_tick(list_state& state, engine_time_t now) noexcept;
void window_begin_tick(window_state& state, engine_time_t now) noexcept;
/// Lets go of the content of a TSW; the record must be of the current tick.
void drop_window(const node_ref& n) noexcept;
void free_passed(window_state& state) noexcept;

/// Makes all the room that removing every row of a TSD or TSS, or dropping every element of a dynamic TSL, takes; doing
/// so in the same tick cannot fail then. The record must be of the current tick.
void keyed_reserve_removal(const node_ref& n);
void list_reserve_drop(const node_ref& n);

/// Removes a row of a TSD or TSS and records it, without stamping the collection.
void remove_row(const node_ref& n, std::uint32_t row, engine_time_t now);

} // namespace hgvalue::engine
