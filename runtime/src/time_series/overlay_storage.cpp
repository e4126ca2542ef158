#include "overlay_storage.hpp"

#include "../value/elements.hpp"
#include "../value/value_functions.hpp"
#include "records.hpp"

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

namespace hgvalue::engine {

namespace {

std::byte* field_overlay(const NodeField& f, void* bundle) { return at_offset(bundle, f.overlay_offset); }

std::byte* element_overlay(const NodeType& list, void* overlay, std::uint32_t i) {
    return at_offset(overlay, list.children_offset + std::size_t{i} * list.child->overlay_size);
}

std::uint32_t child_count(const NodeType& t) { return t.kind == NodeKind::TSB ? t.field_count : t.list_size; }

const NodeType& child_type(const NodeType& t, std::uint32_t i) {
    return t.kind == NodeKind::TSB ? *t.fields[i].type : *t.child;
}

std::byte* child_overlay(const NodeType& t, void* overlay, std::uint32_t i) {
    return t.kind == NodeKind::TSB ? field_overlay(t.fields[i], overlay) : element_overlay(t, overlay, i);
}

void destroy_children(const NodeType& t, void* overlay, std::uint32_t count) noexcept {
    for (std::uint32_t i = 0; i < count; ++i) overlay_destroy(child_type(t, i), child_overlay(t, overlay, i));
}

void construct_masked(const NodeType& t, void* to, node_overlay* parent, std::uint32_t slot) {
    std::memset(to, 0, t.overlay_size);
    auto& n = *new (to) node_overlay;
    n.parent = parent;
    n.slot = slot & max_slots;
    const std::uint32_t count = child_count(t);
    n.form_bits = static_cast<std::uint32_t>(count > 32 ? RecordForm::WideMask : RecordForm::Mask);
    if (count > 32) wide_mask(n)[0] = (count - 1) / 32;
    if (t.flat) return; // all children are leaves, and a leaf that is zero was never written
    std::uint32_t made = 0;
    try {
        for (; made < count; ++made) overlay_construct(child_type(t, made), child_overlay(t, to, made), &n, made);
    } catch (...) {
        destroy_children(t, to, made);
        throw;
    }
}

template <class State> State* new_state(const NodeType& t, node_overlay* parent, std::uint32_t slot, RecordForm form) {
    auto* s = new State;
    s->type = &t;
    s->parent = parent;
    s->slot = slot & max_slots;
    s->form_bits = static_cast<std::uint32_t>(form);
    return s;
}

void delete_keyed(keyed_state* s) noexcept {
    if (s->removed) {
        removed_clear(*s, *s->removed);
        if (s->type->child) overlays_free(*s->type->child, s->removed->overlays, 0);
        runtime_table.row_store_clear(*s->type->value, s->removed->store);
    }
    if (s->type->child) overlays_free(*s->type->child, s->overlays, static_cast<std::uint32_t>(s->id_of_row.size()));
    delete s;
}

void delete_window(window_state* s) noexcept {
    if (s->evicted) delete_default(*s->type->scalar, s->evicted);
    free_passed(*s);
    delete s;
}

/// A composite child moved with, or into, `parent`: it learns the new address.
void adopt(const NodeType& child, void* overlay, node_overlay* parent) noexcept {
    if (child.is_leaf()) return;
    node_overlay& n = child.has_state() ? **static_cast<node_overlay**>(overlay) : *static_cast<node_overlay*>(overlay);
    n.parent = parent;
}

} // namespace

void* new_default(const TypeMeta& m) {
    std::byte* value = detail::allocate_elements(m, 1);
    try {
        m.ops->construct(m, value);
    } catch (...) {
        detail::free_elements(m, value);
        throw;
    }
    return value;
}

void delete_default(const TypeMeta& m, void* value) noexcept {
    m.ops->destroy(m, value);
    detail::free_elements(m, static_cast<std::byte*>(value));
}

void overlay_construct(const NodeType& t, void* to, node_overlay* parent, std::uint32_t slot) {
    switch (t.kind) {
    case NodeKind::TS:
    case NodeKind::SIGNAL: new (to) leaf_overlay; return;
    case NodeKind::TSB: construct_masked(t, to, parent, slot); return;
    case NodeKind::TSL:
        if (t.list_size)
            construct_masked(t, to, parent, slot);
        else
            new (to) state_ptr<list_state>{new_state<list_state>(t, parent, slot, RecordForm::List)};
        return;
    case NodeKind::TSS:
    case NodeKind::TSD:
        new (to) state_ptr<keyed_state>{new_state<keyed_state>(t, parent, slot, RecordForm::Keyed)};
        return;
    case NodeKind::TSW:
        new (to) state_ptr<window_state>{new_state<window_state>(t, parent, slot, RecordForm::Window)};
        return;
    case NodeKind::REF:
        new (to) state_ptr<ref_state>{new_state<ref_state>(t, parent, slot, RecordForm::Reference)};
        return;
    }
}

void overlay_destroy(const NodeType& t, void* overlay) noexcept {
    switch (t.kind) {
    case NodeKind::TSB:
        if (!t.flat) destroy_children(t, overlay, t.field_count);
        return;
    case NodeKind::TSL:
        if (t.list_size) {
            if (!t.flat) destroy_children(t, overlay, t.list_size);
        } else {
            list_state* s = static_cast<state_ptr<list_state>*>(overlay)->state;
            overlays_free(*t.child, s->overlays, static_cast<std::uint32_t>(s->flags.size()));
            delete s;
        }
        return;
    case NodeKind::TSS:
    case NodeKind::TSD: delete_keyed(static_cast<state_ptr<keyed_state>*>(overlay)->state); return;
    case NodeKind::TSW: delete_window(static_cast<state_ptr<window_state>*>(overlay)->state); return;
    case NodeKind::REF: delete static_cast<state_ptr<ref_state>*>(overlay)->state; return;
    case NodeKind::TS:
    case NodeKind::SIGNAL: return;
    }
}

void overlay_relocate(const NodeType& t, void* to, void* from) noexcept {
    if (t.flat || t.has_state()) {
        std::memcpy(to, from, t.overlay_size);
        return;
    }
    const std::uint32_t count = child_count(t);
    const std::size_t header = t.kind == NodeKind::TSB ? t.fields[0].overlay_offset : t.children_offset;
    std::memcpy(to, from, header);
    for (std::uint32_t i = 0; i < count; ++i) {
        const NodeType& c = child_type(t, i);
        overlay_relocate(c, child_overlay(t, to, i), child_overlay(t, from, i));
        adopt(c, child_overlay(t, to, i), static_cast<node_overlay*>(to));
    }
}

bool overlays_reserve(const NodeType& t, std::byte*& overlays, std::uint32_t& capacity, std::uint32_t count,
                      std::size_t needed) {
    if (needed <= capacity) return false;
    const std::size_t grown = std::max<std::size_t>({needed, std::size_t{capacity} + capacity / 2, 4});
    auto* bigger =
        static_cast<std::byte*>(::operator new(grown * t.overlay_size, std::align_val_t{t.overlay_alignment}));
    if (t.flat || t.has_state()) {
        if (count) std::memcpy(bigger, overlays, std::size_t{count} * t.overlay_size);
    } else {
        for (std::uint32_t i = 0; i < count; ++i)
            overlay_relocate(t, bigger + std::size_t{i} * t.overlay_size, overlays + std::size_t{i} * t.overlay_size);
    }
    ::operator delete(overlays, std::align_val_t{t.overlay_alignment});
    overlays = bigger;
    capacity = static_cast<std::uint32_t>(grown);
    return true;
}

void overlays_free(const NodeType& t, std::byte* overlays, std::uint32_t count) noexcept {
    if (!overlays) return;
    for (std::uint32_t i = 0; i < count; ++i) overlay_destroy(t, overlays + std::size_t{i} * t.overlay_size);
    ::operator delete(overlays, std::align_val_t{t.overlay_alignment});
}

void removed_clear(const keyed_state& s, removed_rows& r) noexcept {
    const std::uint32_t count = r.store.size();
    if (const NodeType* c = s.type->child)
        for (std::uint32_t i = 0; i < count; ++i) overlay_destroy(*c, r.overlays + std::size_t{i} * c->overlay_size);
    detail::row_store_drop_rows(*s.type->value, r.store);
    r.flags.clear();
    if (r.store.capacity() == 0) { // it was too large to be kept; so is what lies beside it
        if (const NodeType* c = s.type->child) overlays_free(*c, std::exchange(r.overlays, nullptr), 0);
        r.overlay_capacity = 0;
        r.flags.shrink_to_fit();
    }
    r.returned = 0;
}

} // namespace hgvalue::engine
