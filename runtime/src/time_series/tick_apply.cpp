// Following: the delta of a tick is applied to a node. First everything is checked, then it is done leniently: what a
// delta says of a child that is new, or not valid, cannot be checked before that is there.
#include <hgvalue/time_series/tick_delta.hpp>

#include "../delta/delta_access.hpp"
#include "../delta/place.hpp"
#include "../delta/staged.hpp"
#include "../value/temporary.hpp"
#include "pins.hpp"
#include "records.hpp"
#include "tick_check.hpp"

#include <hgvalue/time_series/engine.hpp>
#include <hgvalue/time_series/snapshot.hpp>
#include <hgvalue/value/format.hpp>
#include <hgvalue/value/ring.hpp>

#include <algorithm>
#include <string>

namespace hgvalue {

namespace {

using namespace ticks;
using detail::refuse;

/// Loads a value of a layout of the node's snapshot type.
void load_value(const node_ref& n, const TypeMeta& m, const void* from) {
    const TypeMeta& snapshot = snapshot_type(*n.type);
    if (detail::same_bytes(snapshot, m)) return load_snapshot(n, from);
    const detail::temporary converted(snapshot, m, from);
    load_snapshot(n, converted.get());
}

/// Has the dict or list of a child that is not valid remember that it was, or that it was written in this tick.
void note_past(const node_ref& n, std::uint8_t past) {
    const engine_time_t now = n.context->writing_time();
    node_overlay& above = *n.parent;
    if (past & DeltaMark::Written) {
        mark_touched(&above, n.slot, now);
        note_and_tell(above, n.slot, true, now);
    } else if (above.form() == RecordForm::Keyed) {
        auto& s = static_cast<keyed_state&>(above);
        s.flags[s.places[n.slot].row] |= RowFlag::EverValid;
    } else if (above.form() == RecordForm::List) {
        static_cast<list_state&>(above).flags[n.slot] |= RowFlag::EverValid;
    }
}

/// Makes nodes follow a delta that was found to fit.
class follower {
  public:
    explicit follower(LeafValues leaves) : leaves_(std::move(leaves)) {}

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
            if (ticked) engine::touch_empty(n);
            if (detail::marks_at(m, c) & DeltaMark::Cleared) engine::clear(n);
            follow_keys(n, v, m, c, false);
            break;
        case NodeKind::TSD: {
            const bool lacks = may_lack_children(n);
            if (detail::marks_at(m, c) & DeltaMark::Cleared) engine::clear(n);
            follow_keys(n, v, m, c, lacks);
            if (detail::marks_at(m, c) & DeltaMark::Keys) engine::tick_key_set(n);
            break;
        }
        case NodeKind::TSW: follow_window(n, m, c); break;
        case NodeKind::TS:
        case NodeKind::SIGNAL:
        case NodeKind::REF: return;
        }
        if (ticked && !n.modified()) engine::mark_modified(n);
    }

  private:
    void follow_child(const node_ref& n, const TypeMeta& v, const TypeMeta& m, const void* c) {
        if (n.type->kind == NodeKind::REF) return;
        const OptionalChange state = state_at(m, c);
        const void* inside = inside_of(m, c);
        if (inside && !n.type->is_leaf())
            follow(n, *v.element, inside_type(m), inside);
        else if (inside && state == OptionalChange::Inside)
            change_leaf(n, inside_type(m), c, inside);
        if (state == OptionalChange::Replaced)
            load_value(n, *m.fields[part::optional::value].type->element, payload_at(m, c, part::optional::value));
        if (state != OptionalChange::Reset) return;
        if (const std::uint8_t past = detail::marks_at(m, c) & DeltaMark::past) note_past(n, past);
        engine::invalidate(n);
    }

    /// The value was made before, but for what is new.
    void change_leaf(const node_ref& n, const TypeMeta& m, const void* change, const void* inside) {
        if (const Value* made = leaves_.take(change)) return load_value(n, *made->schema(), made->data());
        const Value made = changed_leaf(nullptr, n, m, inside);
        load_value(n, *made.schema(), made.data());
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
                follow_child(element_ref(n, static_cast<std::uint32_t>(index)), *v.element, *updated.element,
                             updated[i]);
    }

    void follow_list(const node_ref& n, const TypeMeta& v, const TypeMeta& m, const void* c) {
        const column appended = column_at(m, c, part::list::appended);
        if (detail::marks_at(m, c) & DeltaMark::Cleared) engine::clear(n);
        if (may_lack_children(n)) engine::list_resize(n, detail::count_at(m, c, part::list::kept));
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

    /// `lacks`: what is updated and not there, was there already.
    void follow_keys(const node_ref& n, const TypeMeta& v, const TypeMeta& m, const void* c, bool lacks) {
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
                 [&](const void* key, std::size_t hash, std::uint32_t row, std::size_t i) {
                     if (row == no_row && lacks) row = engine::insert_row(n, key, hash);
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

    LeafValues leaves_;
};

/// What a leaf that is a root, or a part asked by itself, holds after a change.
Value changed_root_leaf(const node_ref& n, const DeltaValue& delta) {
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
    n.context->writing_time(); // StateError before the first tick
    const TypeMeta& wanted = snapshot_type(*n.type);
    const delta_access d(delta);
    if (!same_type(wanted, d.type))
        throw TypeError("a delta of " + type_name(d.type) + " cannot change a time series that holds " +
                        type_name(wanted));
    if (delta.empty()) return;
    if (n.type->kind == NodeKind::REF) throw ValueError("a reference takes no delta: it changes with its target");
    const void* content = d.content();
    Value leaf; // what a leaf will hold
    LeafValues leaves;
    if (n.type->is_leaf()) {
        if (content && !delta.invalidates()) leaf = changed_root_leaf(n, delta);
        if (!content && delta.ticked() && !n.valid()) refuse(nullptr, "it ticked as it was, but it is not valid");
    } else {
        if (!n.valid() && !delta.ticked() && !delta.invalidates())
            refuse(nullptr, "it changes something inside a node that is not valid");
        leaves = check_tick(n, d.type, d.content_type(), content);
    }
    engine::refuse_removing_below(n);
    mutation_scope scope(*n.context);
    if (leaf.valid())
        load_value(n, *leaf.schema(), leaf.data());
    else if (!n.type->is_leaf())
        follower(std::move(leaves)).follow(n, d.type, d.content_type(), content);
    else if (delta.ticked())
        engine::mark_modified(n);
    if (delta.invalidates()) engine::invalidate(n);
    scope.finish();
}

} // namespace hgvalue
