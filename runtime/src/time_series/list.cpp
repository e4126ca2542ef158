// Dynamic TSL: growing and shrinking.
#include "links.hpp"
#include "observe.hpp"
#include "overlay_storage.hpp"
#include "pins.hpp"
#include "records.hpp"

#include <hgvalue/time_series/engine.hpp>

#include <algorithm>
#include <stdexcept>

namespace hgvalue::engine {

namespace {

void grow(const node_ref& n, list_state& s, std::uint32_t from, std::uint32_t to) {
    const NodeType& c = *n.type->child;
    if (overlays_reserve(c, s.overlays, s.overlay_capacity, from, to))
        ++n.context->structure_version; // they moved, even if what follows fails
    make_room(s.flags, to - from);
    make_room(s.changed, to); // what is in it may have been dropped, so that each index can come once more
    if (s.generation.size() < to) s.generation.resize(to, 0);
    std::uint32_t made = from;
    try {
        for (; made < to; ++made) overlay_construct(c, s.overlays + std::size_t{made} * c.overlay_size, &s, made);
        n.type->value->ops->list_resize(*n.type->value, n.value, to);
    } catch (...) {
        while (made-- > from) overlay_destroy(c, s.overlays + std::size_t{made} * c.overlay_size);
        throw;
    }
    s.flags.resize(to, RowFlag::Added);
}

void shrink(const node_ref& n, list_state& s, std::uint32_t from, std::uint32_t to) {
    const NodeType& c = *n.type->child;
    const std::uint32_t remembered = std::min(from, s.size_at_start);
    if (s.dropped.size() < remembered) s.dropped.resize(s.size_at_start, 0);
    for (std::uint32_t i = to; i < remembered; ++i)
        if (!(s.flags[i] & RowFlag::Added)) s.dropped[i] = s.flags[i];
    n.type->value->ops->list_resize(*n.type->value, n.value, to);
    for (std::uint32_t i = to; i < from; ++i) {
        overlay_destroy(c, s.overlays + std::size_t{i} * c.overlay_size);
        ++s.generation[i];
        observe::removed(n, i);
    }
    s.flags.resize(to);
    if (s.is_watched())
        for (std::uint32_t i = to; i < from; ++i) element_gone(*n.context, s, i);
}

} // namespace

void list_reserve_drop(const node_ref& n) {
    list_state& s = n.list();
    s.dropped.reserve(s.size_at_start);
}

void list_resize(const node_ref& n, std::size_t size) {
    const engine_time_t now = n.context->writing_time();
    list_state& s = n.list();
    const std::uint32_t from = list_length(n);
    if (size == from) return;
    if (size < from) refuse_removing_below(n);
    if (size > max_slots) throw std::length_error("a time series list cannot hold more than 2^28 elements");
    if (s.touched != now) begin_tick(s, now);
    const auto to = static_cast<std::uint32_t>(size);
    if (to > from)
        grow(n, s, from, to);
    else
        shrink(n, s, from, to);
    ++n.context->structure_version;
    stamp(s, now);
    observe::structure_changed(n);
    observe::settle(*n.context);
}

void list_begin_tick(list_state& s, engine_time_t now) noexcept {
    // The elements added in one tick are the last ones. They are found by their flag, which must not be cleared before.
    for (std::size_t i = s.flags.size(); i-- > 0 && s.flags[i] & RowFlag::Added;)
        s.flags[i] &= static_cast<std::uint8_t>(~RowFlag::per_tick);
    for (const std::uint32_t i : s.changed)
        if (i < s.flags.size()) s.flags[i] &= static_cast<std::uint8_t>(~RowFlag::per_tick);
    s.changed.clear();
    s.dropped.clear();
    s.size_at_start = static_cast<std::uint32_t>(s.flags.size());
    s.touched = now;
}

} // namespace hgvalue::engine
