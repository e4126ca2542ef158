// TSD and TSS: adding and removing elements, and the record of what a tick added and removed.
#include "../value/elements.hpp"
#include "../value/value_functions.hpp"
#include "links.hpp"
#include "observe.hpp"
#include "overlay_storage.hpp"
#include "pins.hpp"
#include "records.hpp"

#include <hgvalue/time_series/engine.hpp>

#include <algorithm>
#include <stdexcept>
#include <vector>

namespace hgvalue::engine {

namespace {

/// Makes room to free `count` ids, now and when they become free at the begin of the next tick.
void reserve_freed(keyed_state& s, std::size_t count) {
    make_room(s.freed_ids, count);
    make_room(s.free_ids, s.freed_ids.size() + count);
}

/// Makes an id that is not in use yet. Only memory changes.
void make_id(const node_ref& n, keyed_state& s) {
    if (s.places.size() > max_slots) throw std::length_error("too many keys of a time series dict or set in one tick");
    make_room(s.places);
    if (n.type->child) s.changed.reserve(s.places.capacity());
    make_room(s.free_ids, s.freed_ids.size() + 1);
    s.free_ids.push_back(static_cast<std::uint32_t>(s.places.size()));
    s.places.push_back({no_row, 0});
}

/// Makes room for one more row in everything that is parallel to the rows. Only memory changes.
void reserve_row(const node_ref& n, keyed_state& s, row_store& rows) {
    const std::uint32_t count = rows.size();
    if (count >= max_slots) throw std::length_error("a time series dict or set cannot hold more than 2^28 elements");
    const std::byte* const keys = rows.keys();
    runtime_table.row_store_reserve(*n.type->value, rows, std::size_t{count} + 1);
    if (rows.keys() != keys) ++n.context->structure_version; // they moved, even if what follows fails
    if (n.type->child && overlays_reserve(*n.type->child, s.overlays, s.overlay_capacity, count, rows.capacity()))
        ++n.context->structure_version;
    if (s.flags.capacity() < rows.capacity()) {
        s.flags.reserve(rows.capacity());
        s.id_of_row.reserve(rows.capacity());
    }
    if (s.free_ids.empty()) make_id(n, s);
    make_room(s.added);
}

std::uint32_t find_returnable(const node_ref& n, const keyed_state& s, const void* key, std::size_t hash) {
    if (!s.removed || s.removed->store.empty()) return no_row;
    return find_row(*n.type->value, s.removed->store, key, hash);
}

/// Makes room for `count` more removed rows.
void reserve_removed(const node_ref& n, keyed_state& s, std::size_t count) {
    if (!s.removed) s.removed = std::make_unique<removed_rows>();
    removed_rows& r = *s.removed;
    const std::uint32_t at = r.store.size();
    runtime_table.row_store_reserve(*n.type->value, r.store, at + count);
    if (n.type->child) overlays_reserve(*n.type->child, r.overlays, r.overlay_capacity, at, r.store.capacity());
    make_room(r.flags, count);
}

/// Moves row `row`, which was there when the tick began, to the removed ones, which have room for it.
void keep_removed(const node_ref& n, keyed_state& s, std::uint32_t row) {
    removed_rows& r = *s.removed;
    detail::row_store_take(*n.type->value, r.store, n.rows(), row);
    r.flags.push_back(s.flags[row] & static_cast<std::uint8_t>(~RowFlag::Returned));
}

/// Closes the gap at `row` in what is parallel to the rows; the row store has already done so.
void close_gap(const node_ref& n, keyed_state& s, std::uint32_t row, void* overlay_to) noexcept {
    const auto last = static_cast<std::uint32_t>(s.flags.size() - 1);
    if (const NodeType* c = n.type->child) {
        std::byte* gone = s.overlays + std::size_t{row} * c->overlay_size;
        if (overlay_to)
            overlay_relocate(*c, overlay_to, gone);
        else
            overlay_destroy(*c, gone);
        if (row != last) overlay_relocate(*c, gone, s.overlays + std::size_t{last} * c->overlay_size);
    }
    const std::uint32_t id = s.id_of_row[row];
    s.places[id].row = no_row;
    ++s.places[id].generation;
    s.freed_ids.push_back(id);
    if (row != last) {
        s.flags[row] = s.flags[last];
        s.id_of_row[row] = s.id_of_row[last];
        s.places[s.id_of_row[row]].row = row;
    }
    s.flags.pop_back();
    s.id_of_row.pop_back();
}

/// Clears what the last tick noted at the rows of `ids`, and the list.
void forget(keyed_state& s, std::vector<std::uint32_t>& ids) noexcept {
    for (const std::uint32_t id : ids)
        if (const std::uint32_t row = s.places[id].row; row != no_row)
            s.flags[row] &= static_cast<std::uint8_t>(~RowFlag::per_tick);
    ids.clear();
}

/// Empties a list and lets go of much memory: a first tick with all keys there are is not to be paid for ever after.
void shed(std::vector<std::uint32_t>& ids) noexcept {
    ids.clear();
    if (ids.capacity() > 1024) std::vector<std::uint32_t>().swap(ids);
}

void stamp_keys(keyed_state& s, engine_time_t now) {
    s.key_set_modified = now;
    stamp(s, now);
}

} // namespace

std::uint32_t find_removed(const node_ref& n, const void* key, std::size_t hash) {
    const keyed_state& s = n.keyed();
    if (!record_is_current(n)) return no_row;
    const std::uint32_t row = find_returnable(n, s, key, hash);
    return row != no_row && s.removed->flags[row] & RowFlag::Returned ? no_row : row;
}

std::uint32_t insert_row(const node_ref& n, const void* key, std::size_t hash) {
    const engine_time_t now = n.context->writing_time();
    keyed_state& s = n.keyed();
    row_store& rows = n.rows();
    if (any_pins()) [[unlikely]]
        refuse_inserting(s);
    if (s.touched != now) begin_tick(s, now);
    reserve_row(n, s, rows);
    const std::uint32_t id = s.free_ids.back();
    const std::uint32_t row = rows.size();
    if (n.type->child) {
        std::byte* overlay = s.overlays + std::size_t{row} * n.type->child->overlay_size;
        overlay_construct(*n.type->child, overlay, &s, id);
        try {
            runtime_table.row_store_insert(*n.type->value, rows, key, hash);
        } catch (...) {
            overlay_destroy(*n.type->child, overlay);
            throw;
        }
    } else {
        runtime_table.row_store_insert(*n.type->value, rows, key, hash);
    }
    // Nothing below can fail: the room was made above.
    s.free_ids.pop_back();
    s.places[id].row = row;
    s.id_of_row.push_back(id);
    const std::uint32_t was = find_returnable(n, s, key, hash);
    if (was != no_row) {
        s.removed->flags[was] |= RowFlag::Returned;
        ++s.removed->returned;
        s.flags.push_back(RowFlag::Replaced);
    } else {
        s.flags.push_back(RowFlag::Added);
    }
    s.added.push_back(id);
    stamp_keys(s, now);
    observe::inserted(n, id, key, hash);
    observe::settle(*n.context);
    return row;
}

void erase_row(const node_ref& n, std::uint32_t row) {
    const engine_time_t now = n.context->writing_time();
    if (any_pins()) [[unlikely]]
        refuse_removing(n.keyed(), n.keyed().id_of_row[row]);
    remove_row(n, row, now);
    stamp_keys(n.keyed(), now);
    observe::settle(*n.context);
}

void tick_key_set(const node_ref& n) {
    const engine_time_t now = n.context->writing_time();
    keyed_state& s = n.keyed();
    if (s.key_set_modified == now) return;
    s.key_set_modified = now;
    if (s.touched != now) begin_tick(s, now);
    mark_touched(n.parent, n.slot, now); // so that the delta of this tick tells of it
    observe::key_set_changed(n);
}

void remove_row(const node_ref& n, std::uint32_t row, engine_time_t now) {
    keyed_state& s = n.keyed();
    if (s.touched != now) begin_tick(s, now);
    const std::uint8_t flags = s.flags[row];
    const std::uint32_t id = s.id_of_row[row];
    reserve_freed(s, 1);
    if (flags & (RowFlag::Added | RowFlag::Replaced)) {
        if (flags & RowFlag::Replaced) {
            const TypeMeta& k = key_meta(*n.type->value);
            const void* key = n.rows().key(*n.type->value, row);
            removed_rows& r = *s.removed;
            r.flags[find_row(*n.type->value, r.store, key, k.ops->hash(k, key))] &=
                static_cast<std::uint8_t>(~RowFlag::Returned);
            --r.returned;
        }
        runtime_table.row_store_erase(*n.type->value, n.rows(), row);
        close_gap(n, s, row, nullptr);
    } else {
        reserve_removed(n, s, 1);
        keep_removed(n, s, row);
        const NodeType* c = n.type->child;
        std::byte* kept =
            c ? s.removed->overlays + std::size_t{s.removed->store.size() - 1} * c->overlay_size : nullptr;
        close_gap(n, s, row, kept);
        if (c && c->references) detach_references(*c, kept);
    }
    ++n.context->structure_version;
    if (s.is_watched()) element_gone(*n.context, s, id);
    observe::removed(n, id);
}

void keyed_reserve_removal(const node_ref& n) {
    keyed_state& s = n.keyed();
    constexpr std::uint8_t is_new = RowFlag::Added | RowFlag::Replaced;
    reserve_freed(s, s.flags.size());
    if (const auto kept = std::count_if(s.flags.begin(), s.flags.end(), [](std::uint8_t f) { return !(f & is_new); }))
        reserve_removed(n, s, static_cast<std::size_t>(kept));
}

void keyed_begin_tick(keyed_state& s, engine_time_t now) noexcept {
    s.touched = now;
    s.valid_at_start = s.last_modified != MIN_DT;
    forget(s, s.changed);
    if (!s.added.empty()) {
        forget(s, s.added);
        shed(s.added);
    }
    if (s.freed_ids.empty()) return; // then nothing was removed either
    s.free_ids.insert(s.free_ids.end(), s.freed_ids.begin(), s.freed_ids.end());
    shed(s.freed_ids);
    if (s.removed) removed_clear(s, *s.removed);
}

} // namespace hgvalue::engine
