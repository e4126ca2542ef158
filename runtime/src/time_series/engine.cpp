// Operations that every kind of node has: invalidate, clear, mark_modified, all_valid.
#include <hgvalue/time_series/engine.hpp>

#include "links.hpp"
#include "observe.hpp"
#include "overlay_storage.hpp"
#include "pins.hpp"
#include "records.hpp"

#include <hgvalue/value/ring.hpp>

#include <cstring>

namespace hgvalue::engine {

void start_record(node_overlay& n, engine_time_t now) noexcept {
    switch (n.form()) {
    case RecordForm::WideMask:
        std::memset(wide_mask(n) + 1, 0, wide_mask(n)[0] * sizeof(std::uint32_t));
        [[fallthrough]];
    case RecordForm::Mask:
        n.mask = 0;
        n.touched = now;
        return;
    case RecordForm::Keyed: keyed_begin_tick(static_cast<keyed_state&>(n), now); return;
    case RecordForm::List: list_begin_tick(static_cast<list_state&>(n), now); return;
    case RecordForm::Window: window_begin_tick(static_cast<window_state&>(n), now); return;
    case RecordForm::Reference: n.touched = now; return;
    }
}

void root_construct(const NodeType& t, void* value, void* overlay, root_context& context) {
    t.value->ops->construct(*t.value, value);
    try {
        overlay_construct(t, overlay, &context.record, 0);
    } catch (...) {
        t.value->ops->destroy(*t.value, value);
        throw;
    }
    context.type = &t;
    context.value = value;
    context.overlay = overlay;
}

void root_destroy(const NodeType& t, void* value, void* overlay) noexcept {
    overlay_destroy(t, overlay);
    t.value->ops->destroy(*t.value, value);
}

namespace {

template <class F> void for_each_child(const node_ref& n, F&& f) {
    switch (n.type->kind) {
    case NodeKind::TSB:
        for (std::uint32_t i = 0; i < n.type->field_count; ++i) f(field_ref(n, i));
        return;
    case NodeKind::TSL:
        for (std::uint32_t i = 0, count = list_length(n); i < count; ++i) f(element_ref(n, i));
        return;
    case NodeKind::TSD:
        for (std::uint32_t row = 0, count = n.rows().size(); row < count; ++row) f(row_ref(n, row));
        return;
    default: return;
    }
}

void remove_all(const node_ref& n, engine_time_t now) {
    for (std::uint32_t row = n.rows().size(); row-- > 0;) remove_row(n, row, now);
}

/// An object must not outlive the moment its holder lets go of it; other values just become unreachable. Where there is
/// no memory for a default value the old one stays until the next write: that is not worth half an invalidation.
void drop_objects(const node_ref& n) noexcept {
    const TypeMeta& m = *n.type->value;
    if (!m.is(TypeFlags::HoldsObjects)) return;
    try {
        void* fresh = new_default(m);
        m.ops->move_assign(m, n.value, fresh);
        delete_default(m, fresh);
    } catch (...) {
    }
}

/// That neither the node nor anything below it needs memory to be invalidated or cleared.
bool is_flat(const NodeType& t) noexcept { return t.flat || (t.kind == NodeKind::TSD && t.child->flat); }

void start_current(node_overlay& o, engine_time_t now) noexcept {
    if (o.touched != now) begin_tick(o, now);
}

/// Makes the room that invalidating `n` takes, so that it does not stop half-way.
void reserve_invalidation(const node_ref& n, engine_time_t now) {
    if (is_flat(*n.type) || !n.valid()) return;
    if (n.type->kind == NodeKind::TSS) {
        start_current(n.node(), now);
        keyed_reserve_removal(n);
    } else {
        for_each_child(n, [&](const node_ref& c) { reserve_invalidation(c, now); });
    }
}

/// Makes the room that clearing `n` takes.
void reserve_clearing(const node_ref& n, engine_time_t now) {
    if (n.type->flat || n.type->kind == NodeKind::TSW || n.type->kind == NodeKind::REF) return;
    if (n.type->kind == NodeKind::TSB || n.type->list_size) {
        for_each_child(n, [&](const node_ref& c) { reserve_clearing(c, now); });
        return;
    }
    start_current(n.node(), now);
    if (n.type->is_dynamic_list())
        list_reserve_drop(n);
    else
        keyed_reserve_removal(n);
}

/// Invalidates `n` and what hangs on it; the record of its parent is the caller's.
void invalidate_tree(const node_ref& n, engine_time_t now) {
    if (n.type->kind == NodeKind::REF) {
        const bool was_valid = n.valid();
        let_go(n.reference(), now);
        if (was_valid) observe::changed(n);
        return;
    }
    if (!n.valid()) return;
    if (n.type->is_leaf()) {
        n.leaf().last_modified = MIN_DT;
        drop_objects(n);
        observe::changed(n);
        return;
    }
    node_overlay& o = n.node();
    start_current(o, now);
    switch (n.type->kind) {
    case NodeKind::TSS: remove_all(n, now); break;
    case NodeKind::TSW: drop_window(n); break;
    default:
        for_each_child(n, [&](const node_ref& c) {
            if (!c.valid() && c.type->kind != NodeKind::REF)
                return; // one to what is not valid refers to it all the same
            invalidate_tree(c, now);
            note_and_tell(o, c.slot, false, now);
        });
    }
    o.last_modified = MIN_DT;
    observe::changed(n);
}

} // namespace

void invalidate(const node_ref& n) {
    const engine_time_t now = n.context->writing_time();
    if (n.type->kind == NodeKind::REF) return reference_clear(n);
    if (!n.valid()) return;
    reserve_invalidation(n, now);
    invalidate_tree(n, now);
    mark_touched(n.parent, n.slot, now);
    observe::settle(*n.context);
}

namespace {

void clear_tree(const node_ref& n, engine_time_t now) {
    switch (n.type->kind) {
    case NodeKind::TSB: for_each_child(n, [&](const node_ref& c) { clear_tree(c, now); }); return;
    case NodeKind::TSL:
        if (n.type->list_size) {
            for_each_child(n, [&](const node_ref& c) { clear_tree(c, now); });
        } else {
            list_resize(n, 0);
            stamp(n.node(), now);
            observe::changed(n);
        }
        return;
    case NodeKind::TSS:
    case NodeKind::TSD: {
        keyed_state& s = n.keyed();
        if (n.type->kind == NodeKind::TSD && n.rows().empty() && s.key_set_modified == MIN_DT)
            observe::key_set_changed(n);
        if (s.key_set_modified == MIN_DT || !n.rows().empty()) s.key_set_modified = now;
        remove_all(n, now);
        stamp(s, now);
        observe::changed(n);
        return;
    }
    case NodeKind::TSW: {
        window_state& s = n.window();
        start_current(s, now);
        drop_window(n);
        stamp(s, now);
        observe::changed(n);
        return;
    }
    case NodeKind::REF: reference_clear(n); return;
    default: return;
    }
}

} // namespace

void clear(const node_ref& n) {
    const engine_time_t now = n.context->writing_time();
    refuse_removing_below(n);
    reserve_clearing(n, now);
    mutation_scope scope(*n.context);
    clear_tree(n, now);
    scope.finish();
}

void mark_modified(const node_ref& n) {
    const engine_time_t now = n.context->writing_time();
    if (n.type->kind == NodeKind::REF) throw StateError("mark_modified() of a reference, which ticks with its target");
    if (!n.type->is_leaf()) {
        stamp(n.node(), now);
    } else {
        if (n.type->kind == NodeKind::SIGNAL)
            *static_cast<bool*>(n.value) = true;
        else if (!n.valid())
            throw StateError("mark_modified() of a TS that has no value");
        stamp(n.leaf(), n.parent, n.slot, now);
    }
    announce(*n.context, n.parent, n.slot);
}

void touch_empty(const node_ref& n) {
    const engine_time_t now = n.context->writing_time();
    if (n.valid()) return;
    // A dict that was invalidated kept its keys, and its key_set stayed valid.
    if (n.type->kind == NodeKind::TSD && n.keyed().key_set_modified == MIN_DT) {
        n.keyed().key_set_modified = now;
        observe::key_set_changed(n);
    }
    stamp(n.node(), now);
    announce(*n.context, n.parent, n.slot);
}

bool all_valid(const node_ref& n) {
    bool every = true;
    switch (n.type->kind) {
    case NodeKind::TSD:
        if (!n.valid()) return false;
        break;
    case NodeKind::TSL:
        if (list_length(n) == 0) return n.valid();
        break;
    case NodeKind::TSW: {
        if (!n.valid()) return false;
        const auto& w = *static_cast<const window_storage*>(n.value);
        const std::uint32_t first = window_first(n);
        if (!n.type->by_time) return w.size() >= n.type->window_minimum;
        if (first == w.size()) return n.type->window_minimum == 0;
        return w.time(w.size() - 1) - w.time(first) >= n.type->window_minimum;
    }
    case NodeKind::TSB: break;
    case NodeKind::REF: return n.valid() && all_valid(reference_read(n).node);
    default: return n.valid();
    }
    for_each_child(n, [&](const node_ref& c) { every = every && c.valid(); });
    return every;
}

} // namespace hgvalue::engine
