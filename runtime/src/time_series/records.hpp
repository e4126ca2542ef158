// Steps of the engine that are not operations of their own: they leave the stamping to their caller.
#pragma once

#include <hgvalue/time_series/node_type.hpp>

namespace hgvalue::engine {

void keyed_begin_tick(keyed_state& state, engine_time_t now);
void list_begin_tick(list_state& state, engine_time_t now);
void window_begin_tick(window_state& state, engine_time_t now);

/// Removes a row of a TSD or TSS and records it, without stamping the collection.
void remove_row(const node_ref& n, std::uint32_t row, engine_time_t now);

} // namespace hgvalue::engine
