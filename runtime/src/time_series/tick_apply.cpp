// Following: the delta of a tick is applied to a node. First everything is checked, then it is done leniently: what a
// delta says of a child that is new, or not valid, cannot be checked before that is there.
#include <hgvalue/time_series/tick_delta.hpp>

#include "../delta/delta_access.hpp"
#include "../delta/place.hpp"
#include "../delta/staged.hpp"
#include "../value/temporary.hpp"
#include "pins.hpp"
#include "records.hpp"

#include <hgvalue/time_series/engine.hpp>
#include <hgvalue/time_series/snapshot.hpp>
#include <hgvalue/value/format.hpp>
#include <hgvalue/value/ring.hpp>

#include <algorithm>
#include <string>

namespace hgvalue {

namespace {

namespace part = detail::part;
using detail::column;
using detail::column_at;
using detail::payload_at;
using detail::place;
using detail::refuse;

OptionalChange state_at(const TypeMeta& m, const void* c) {
    return *static_cast<const OptionalChange*>(detail::field_at(m, c, part::optional::state));
}
const TypeMeta& inside_type(const TypeMeta& m) { return *m.fields[part::optional::inside].type->element; }
/// The change inside an optional, or null; a leaf has no room for one.
const void* inside_of(const TypeMeta& m, const void* c) {
    return m.field_count > part::optional::inside ? payload_at(m, c, part::optional::inside) : nullptr;
}

std::uint64_t index_at(const column& indices, std::size_t i) { return indices.as<std::uint64_t>(i); }

/// Calls `f(i, field)` for the fields that change.
template <class F> void each_field(const TypeMeta& v, const TypeMeta& m, const void* c, const F& f) {
    const detail::field_mask changed(m, c);
    for (std::uint32_t i = 0; i < v.field_count; ++i)
        if (changed[i]) f(i);
}

// -- checking ---------------------------------------------------------------------------------------------------------

/// Walks a delta beside the node it is for; the node is null where it is not there yet.
class checker {
  public:
    explicit checker(engine_time_t now) : now_(now) {}

    void content(const place* p, const NodeType& t, const node_ref* n, const TypeMeta& v, const TypeMeta& m,
                 const void* c) const {
        switch (t.kind) {
        case NodeKind::TSB:
            each_field(v, m, c, [&](std::uint32_t i) {
                const place here{p, PathElement::at(v, i)};
                const node_ref field = n ? field_ref(*n, i) : node_ref{};
                child(&here, *t.fields[i].type, n ? &field : nullptr, *v.fields[i].type, detail::change_type(m, i),
                      detail::change_at(m, c, i));
            });
            return;
        case NodeKind::TSL:
            return t.list_size ? elements(p, t, n, v, m, c, part::array::indices) : list(p, t, n, v, m, c);
        case NodeKind::TSS: return keys(p, n, v, m, c);
        case NodeKind::TSD: return dict(p, t, n, v, m, c);
        case NodeKind::TSW: return window(p, n, m, c);
        case NodeKind::TS:
        case NodeKind::SIGNAL:
        case NodeKind::REF: return;
        }
    }

  private:
    void child(const place* p, const NodeType& t, const node_ref* n, const TypeMeta& v, const TypeMeta& m,
               const void* c) const {
        if (t.kind == NodeKind::REF) return;
        const OptionalChange state = state_at(m, c);
        if (state == OptionalChange::Replaced)
            return require_loadable(t, *m.fields[part::optional::value].type->element,
                                    payload_at(m, c, part::optional::value), now_);
        const void* inside = inside_of(m, c);
        if (!inside) return;
        if (state == OptionalChange::Inside && n && !n->valid() && !detail::is_ticked(inside_type(m), inside))
            refuse(p, "it changes something inside a node that is not valid");
        content(p, t, n, *v.element, inside_type(m), inside);
    }

    void values(const NodeType& t, const column& added) const {
        for (std::size_t i = 0; i < added.size; ++i)
            if (const void* payload = detail::optional_payload(*added.element, added[i]))
                require_loadable(t, *added.element->element, payload, now_);
    }

    void elements(const place* p, const NodeType& t, const node_ref* n, const TypeMeta& v, const TypeMeta& m,
                  const void* c, std::uint32_t first) const {
        const column indices = column_at(m, c, first), updated = column_at(m, c, first + 1);
        const std::uint64_t there = n ? list_length(*n) : 0;
        for (std::size_t i = 0; i < indices.size; ++i) {
            const auto index = static_cast<std::size_t>(index_at(indices, i));
            const place here{p, PathElement::at(v, index)};
            const bool is_there = index < there && (t.list_size || index < count_at(m, c, part::list::kept));
            const node_ref element = is_there ? element_ref(*n, static_cast<std::uint32_t>(index)) : node_ref{};
            child(&here, *t.child, is_there ? &element : nullptr, *v.element, *updated.element, updated[i]);
        }
    }

    void list(const place* p, const NodeType& t, const node_ref* n, const TypeMeta& v, const TypeMeta& m,
              const void* c) const {
        if (n && !detail::changes_nothing(v, m, c)) {
            const std::uint64_t kept = count_at(m, c, part::list::kept), dropped = count_at(m, c, part::list::dropped);
            const std::uint32_t size = list_length(*n);
            if (kept > size || dropped != size - kept)
                refuse(p,
                       "it is for " + std::to_string(kept + dropped) + " elements, there are " + std::to_string(size));
        }
        const column appended = column_at(m, c, part::list::appended);
        values(*t.child, appended);
        elements(p, t, n, v, m, c, part::list::indices);
    }

    /// The row of key number `i`, or no_row.
    static std::uint32_t row_of(const node_ref& n, const detail::staged& keys, std::size_t i) {
        const TypeMeta& k = *n.type->scalar;
        return find_row(*n.type->value, n.rows(), keys[i], k.ops->hash(k, keys[i]));
    }
    [[noreturn]] static void refuse_key(const place* p, const char* does, const column& keys, std::size_t i,
                                        const char* but) {
        refuse(p, std::string("it ") + does + " " + to_string(*keys.element, keys[i]) + ", which is " + but);
    }

    void keys(const place* p, const node_ref* n, const TypeMeta& v, const TypeMeta& m, const void* c) const {
        if (!n || detail::marks_at(m, c) & DeltaMark::Cleared) return;
        const bool dict = v.kind == TypeKind::Map;
        const column removed = column_at(m, c, dict ? part::map::removed : part::set::removed);
        const column added = column_at(m, c, dict ? part::map::added : part::set::added);
        const detail::staged go(*n->type->scalar, removed, detail::Staging::Read),
            come(*n->type->scalar, added, detail::Staging::Read);
        for (std::size_t i = 0; i < removed.size; ++i)
            if (row_of(*n, go, i) == no_row) refuse_key(p, "removes", removed, i, "not there");
        for (std::size_t i = 0; i < added.size; ++i)
            if (row_of(*n, come, i) != no_row && detail::find_sorted(removed, added[i]) == removed.size)
                refuse_key(p, "adds", added, i, "there already");
    }

    void dict(const place* p, const NodeType& t, const node_ref* n, const TypeMeta& v, const TypeMeta& m,
              const void* c) const {
        keys(p, n, v, m, c);
        values(*t.child, column_at(m, c, part::map::added_values));
        const column updated = column_at(m, c, part::map::updated_keys), changes = column_at(m, c, part::map::updated);
        const column added = column_at(m, c, part::map::added);
        if (updated.empty()) return;
        const detail::staged lookup(*t.scalar, updated, detail::Staging::Read);
        for (std::size_t i = 0; i < updated.size; ++i) {
            const place here{p, PathElement::at_key(*t.value, lookup[i])};
            const bool is_new = detail::find_sorted(added, updated[i]) != added.size;
            node_ref found{};
            if (n && !is_new) {
                const std::uint32_t row = row_of(*n, lookup, i);
                if (row == no_row) refuse_key(p, "updates", updated, i, "not there");
                found = row_ref(*n, row);
            }
            child(&here, *t.child, found.type ? &found : nullptr, *v.element, *changes.element, changes[i]);
        }
    }

    void window(const place* p, const node_ref* n, const TypeMeta& m, const void* c) const {
        const column times = column_at(m, c, part::ring::times);
        if (!times.empty() && times.as<datetime>(times.size - 1).us > now_)
            refuse(p, "it appends elements of a later time than the current tick");
        const std::uint64_t kept = count_at(m, c, part::ring::kept), dropped = count_at(m, c, part::ring::dropped);
        if (!n || (dropped == 0 && times.empty()) || detail::marks_at(m, c) & DeltaMark::Cleared) return;
        const auto& w = *static_cast<const window_storage*>(n->value);
        const std::uint64_t size = w.size(), seen = size - engine::window_first(*n);
        const bool fits = n->type->by_time ? seen <= kept + dropped : size == kept + dropped;
        if (kept > size || !fits)
            refuse(p, "it is for " + std::to_string(kept + dropped) + " elements, there are " + std::to_string(seen));
        // Also where none of those there are kept: they may be of this tick, whose delta would then have them first.
        if (size != 0 && !times.empty() && times.as<datetime>(0).us < w.time(w.size() - 1))
            refuse(p, "it appends elements older than the newest one");
    }

    static std::uint64_t count_at(const TypeMeta& m, const void* c, std::uint32_t i) {
        return detail::count_at(m, c, i);
    }

    engine_time_t now_;
};

// -- following --------------------------------------------------------------------------------------------------------

void follow(const node_ref& n, const TypeMeta& v, const TypeMeta& m, const void* c);

/// Loads a value of a layout of the node's snapshot type.
void load_value(const node_ref& n, const TypeMeta& m, const void* from) {
    const TypeMeta& snapshot = snapshot_type(*n.type);
    if (detail::same_bytes(snapshot, m)) return load_snapshot(n, from);
    const detail::temporary converted(snapshot, m, from);
    load_snapshot(n, converted.get());
}

void follow_child(const node_ref& n, const TypeMeta& v, const TypeMeta& m, const void* c) {
    if (n.type->kind == NodeKind::REF) return;
    const OptionalChange state = state_at(m, c);
    if (const void* inside = inside_of(m, c)) follow(n, *v.element, inside_type(m), inside);
    if (state == OptionalChange::Replaced)
        load_value(n, *m.fields[part::optional::value].type->element, payload_at(m, c, part::optional::value));
    if (state == OptionalChange::Reset) engine::invalidate(n);
}

/// A child that is new gets its value, if it has one.
void start_child(const node_ref& n, const TypeMeta& optional, const void* value) {
    if (n.type->kind == NodeKind::REF) return;
    if (const void* payload = detail::optional_payload(optional, value))
        load_value(n, *optional.element, payload);
    else
        engine::invalidate(n);
}

void follow_elements(const node_ref& n, const TypeMeta& v, const TypeMeta& m, const void* c, std::uint32_t first) {
    const column indices = column_at(m, c, first), updated = column_at(m, c, first + 1);
    for (std::size_t i = 0; i < indices.size; ++i)
        if (const std::uint64_t index = index_at(indices, i); index < list_length(n))
            follow_child(element_ref(n, static_cast<std::uint32_t>(index)), *v.element, *updated.element, updated[i]);
}

void follow_list(const node_ref& n, const TypeMeta& v, const TypeMeta& m, const void* c) {
    const column appended = column_at(m, c, part::list::appended);
    if (detail::count_at(m, c, part::list::dropped) != 0 || !appended.empty()) {
        const auto kept = static_cast<std::uint32_t>(
            std::min<std::uint64_t>(detail::count_at(m, c, part::list::kept), list_length(n)));
        engine::list_resize(n, kept);
        engine::list_resize(n, kept + appended.size);
        for (std::size_t i = 0; i < appended.size; ++i)
            start_child(element_ref(n, kept + static_cast<std::uint32_t>(i)), *appended.element, appended[i]);
    }
    follow_elements(n, v, m, c, part::list::indices);
}

/// Calls `f(key, hash, row or no_row, i)` for each key of a column.
template <class F> void each_key(const node_ref& n, const column& keys, const F& f) {
    if (keys.empty()) return;
    const TypeMeta& k = *n.type->scalar;
    const detail::staged converted(k, keys, detail::Staging::Read);
    for (std::size_t i = 0; i < keys.size; ++i) {
        const std::size_t hash = k.ops->hash(k, converted[i]);
        f(converted[i], hash, find_row(*n.type->value, n.rows(), converted[i], hash), i);
    }
}

void follow_keys(const node_ref& n, const TypeMeta& v, const TypeMeta& m, const void* c) {
    const bool dict = v.kind == TypeKind::Map;
    each_key(n, column_at(m, c, dict ? part::map::removed : part::set::removed),
             [&](const void*, std::size_t, std::uint32_t row, std::size_t) {
                 if (row != no_row) engine::erase_row(n, row);
             });
    each_key(n, column_at(m, c, dict ? part::map::added : part::set::added),
             [&](const void* key, std::size_t hash, std::uint32_t row, std::size_t i) {
                 if (row == no_row) row = engine::insert_row(n, key, hash);
                 if (!dict) return;
                 const column values = column_at(m, c, part::map::added_values);
                 start_child(row_ref(n, row), *values.element, values[i]);
             });
    if (!dict) return;
    const column updated = column_at(m, c, part::map::updated);
    each_key(n, column_at(m, c, part::map::updated_keys),
             [&](const void*, std::size_t, std::uint32_t row, std::size_t i) {
                 if (row != no_row) follow_child(row_ref(n, row), *v.element, *updated.element, updated[i]);
             });
}

void follow_window(const node_ref& n, const TypeMeta& m, const void* c) {
    if (detail::marks_at(m, c) & DeltaMark::Cleared) engine::clear(n);
    const column appended = column_at(m, c, part::ring::appended), times = column_at(m, c, part::ring::times);
    if (detail::count_at(m, c, part::ring::dropped) == 0 && appended.empty()) return;
    const auto& w = *static_cast<const window_storage*>(n.value);
    const auto kept = std::min<std::uint64_t>(detail::count_at(m, c, part::ring::kept), w.size());
    engine::window_drop_oldest(n, w.size() - static_cast<std::uint32_t>(kept));
    if (appended.empty()) return engine::mark_modified(n);
    const detail::staged elements(*n.type->scalar, appended, detail::Staging::Read);
    for (std::size_t i = 0; i < appended.size; ++i) {
        const engine_time_t at = times.as<datetime>(i).us;
        engine::window_push_at(n, elements[i], w.empty() ? at : std::max(at, w.time(w.size() - 1)));
    }
}

void follow(const node_ref& n, const TypeMeta& v, const TypeMeta& m, const void* c) {
    const bool ticked = detail::is_ticked(m, c);
    switch (n.type->kind) {
    case NodeKind::TSB:
        each_field(v, m, c, [&](std::uint32_t i) {
            follow_child(field_ref(n, i), *v.fields[i].type, detail::change_type(m, i), detail::change_at(m, c, i));
        });
        break;
    case NodeKind::TSL:
        if (n.type->list_size)
            follow_elements(n, v, m, c, part::array::indices);
        else
            follow_list(n, v, m, c);
        break;
    case NodeKind::TSS:
    case NodeKind::TSD:
        if (ticked) engine::touch_empty(n); // the key set of a dict becomes valid with it
        if (detail::marks_at(m, c) & DeltaMark::Cleared) engine::clear(n);
        follow_keys(n, v, m, c);
        break;
    case NodeKind::TSW: follow_window(n, m, c); break;
    case NodeKind::TS:
    case NodeKind::SIGNAL:
    case NodeKind::REF: return;
    }
    if (ticked && !n.modified()) engine::mark_modified(n);
}

/// What a leaf that is a root, or a part asked by itself, holds after a change.
Value changed_leaf(const node_ref& n, const DeltaValue& delta) {
    const TypeMeta& snapshot = snapshot_type(*n.type);
    Value value(snapshot);
    if (n.valid())
        take_snapshot(n, value.data());
    else if (!delta.ticked() && !is_atomic(snapshot))
        refuse(nullptr, "it changes something inside a node that is not valid");
    delta.apply_to(value);
    return value;
}

} // namespace

void apply_tick(const node_ref& n, const DeltaValue& delta) {
    const engine_time_t now = n.context->writing_time();
    const TypeMeta& wanted = snapshot_type(*n.type);
    const delta_access d(delta);
    if (!same_type(wanted, d.type))
        throw TypeError("a delta of " + type_name(d.type) + " cannot change a time series that holds " +
                        type_name(wanted));
    if (delta.empty()) return;
    if (n.type->kind == NodeKind::REF) throw ValueError("a reference takes no delta: it changes with its target");
    const void* content = d.content();
    Value leaf; // what a leaf will hold
    if (n.type->is_leaf()) {
        if (content && !delta.invalidates()) leaf = changed_leaf(n, delta);
    } else {
        if (!n.valid() && !delta.ticked() && !delta.invalidates())
            refuse(nullptr, "it changes something inside a node that is not valid");
        checker(now).content(nullptr, *n.type, &n, d.type, d.content_type(), content);
    }
    engine::refuse_removing_below(n);
    mutation_scope scope(*n.context);
    if (leaf.valid())
        load_value(n, *leaf.schema(), leaf.data());
    else if (!n.type->is_leaf())
        follow(n, d.type, d.content_type(), content);
    if (delta.invalidates()) engine::invalidate(n);
    scope.finish();
}

} // namespace hgvalue
