#include "links.hpp"

#include "observe.hpp"

#include <hgvalue/core/hash.hpp>
#include <hgvalue/time_series/describe.hpp>
#include <hgvalue/time_series/engine.hpp>
#include <hgvalue/time_series/ts_value.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <utility>

// A root_context is found from the record in it.
#if defined(__GNUC__)
#pragma GCC diagnostic ignored "-Winvalid-offsetof"
#endif

namespace hgvalue {

namespace engine {

namespace {

bool is_anchor(const node_overlay& n) noexcept {
    return !n.parent || n.form() == RecordForm::Keyed || n.form() == RecordForm::List ||
           n.form() == RecordForm::Reference;
}

root_context& context_of(node_overlay& n) noexcept {
    node_overlay* top = &n;
    while (top->parent) top = top->parent;
    return *reinterpret_cast<root_context*>(reinterpret_cast<std::byte*>(top) - offsetof(root_context, record));
}

/// Whether a link is to the child `slot` of `parent`.
bool is_to(const node_link& link, const node_overlay& parent, std::uint32_t slot) noexcept {
    const node_overlay* at = &parent;
    for (std::size_t i = link.path.size(); i-- > 0; slot = at->slot, at = at->parent) {
        const link_step& s = link.path[i];
        if (s.slot != slot || is_anchor(*at) != (s.anchor != nullptr)) return false;
        if (s.anchor) return s.anchor == at;
    }
    return false;
}

/// What a reference shows went, and nobody wrote it.
void become_invalid(ref_state& s, engine_time_t now) noexcept {
    if (s.last_modified == MIN_DT) return;
    s.last_modified = MIN_DT;
    mark_touched(s.parent, s.slot, now);
    observe_reference(s);
}

/// The same as a tick.
void become_gone(ref_state& s, engine_time_t now) noexcept {
    s.last_modified = MIN_DT;
    s.gone_at = now;
    mark_written(s.parent, s.slot, now);
    observe_reference(s);
}

bool find_node(const node_link& link, node_ref& n) noexcept {
    if (!link.root) return false;
    root_context& c = *link.root;
    n = {c.type, c.value, c.overlay, &c.record, 0, &c};
    for (std::size_t i = 1; i < link.path.size(); ++i) {
        const link_step& s = link.path[i];
        switch (n.type->kind) {
        case NodeKind::TSB: n = field_ref(n, s.slot); break;
        case NodeKind::TSL:
            if (!n.type->list_size && (s.slot >= list_length(n) || n.list().generation[s.slot] != s.generation))
                return false;
            n = element_ref(n, s.slot);
            break;
        case NodeKind::TSD: {
            const keyed_state::place p = n.keyed().places[s.slot];
            if (p.row == no_row || p.generation != s.generation) return false;
            n = row_ref(n, p.row);
            break;
        }
        case NodeKind::REF:
            if (!n.reference().items) return false;
            n = child_ref(n, 0);
            break;
        default: return false;
        }
    }
    return true;
}

/// The target of a reference changed.
void follow(ref_state& s, engine_time_t now) noexcept {
    if (s.detached) return;
    node_ref target;
    const bool there = s.target && find_node(*s.target, target);
    if (!there || !target.valid()) {
        if (there && target.modified())
            become_gone(s, now); // it refers to a reference that let go of a set or dict
        else
            become_invalid(s, now);
    } else if (target.modified()) {
        stamp(s, now);
        observe_reference(s);
    } else {
        mark_touched(s.parent, s.slot, now);
        observe_reference(s);
    }
}

std::uint64_t next_serial() noexcept {
    static std::atomic<std::uint64_t> last{0}; // roots of different clocks may be on different threads
    return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

/// The node at the end of a link is gone, and the link is in no table any more.
void lose(node_link& link) noexcept {
    ref_state& s = *link.owner;
    link.root = nullptr;
    if (s.target.get() != &link) {
        s.previous.reset();
        return;
    }
    s.target.reset();
    s.serial = next_serial();
    if (!s.detached) become_invalid(s, context_of(s).now());
}

std::unique_ptr<node_link> make_link(const node_ref& target, ref_state& owner) {
    root_context& root = *target.context;
    auto link = std::make_unique<node_link>(nullptr, &owner);
    node_overlay* parent = target.parent;
    for (std::uint32_t slot = target.slot;; slot = parent->slot, parent = parent->parent) {
        link_step step{is_anchor(*parent) ? parent : nullptr, slot, 0};
        if (parent->parent && parent->form() == RecordForm::Keyed) {
            const auto& places = static_cast<const keyed_state&>(*parent).places;
            if (slot >= places.size() || places[slot].row == no_row)
                throw StateError("a reference cannot refer to an element that was removed");
            step.generation = places[slot].generation;
        } else if (parent->parent && parent->form() == RecordForm::List) {
            step.generation = static_cast<const list_state&>(*parent).generation[slot];
        }
        link->path.push_back(step);
        if (!parent->parent) break;
    }
    std::reverse(link->path.begin(), link->path.end());
    if (!root.links) root.links = new link_table;
    root.links->add(*link);
    link->root = &root;
    for (const link_step& s : link->path)
        if (s.anchor) s.anchor->form_bits |= node_overlay::watched_bit;
    target.parent->form_bits |= node_overlay::watched_bit;
    return link;
}

void refuse_cycle(const node_ref& reference, node_ref target) {
    if (is_item_of(target, reference)) throw ValueError("a reference cannot refer to its own items");
    while (target.type->kind == NodeKind::REF) {
        if (target.overlay == reference.overlay) throw ValueError("a reference cannot refer to itself");
        if (!reference_target(target, target)) return;
    }
}

/// Whether a set or dict with something in it was to be seen when the tick began.
bool showed_keys(const ref_state& s) {
    node_ref before;
    if (!s.previous || !find_node(*s.previous, before)) return false;
    if (before.type->kind == NodeKind::REF) before = reference_read(before).node;
    const NodeKind k = before.type->kind;
    if ((k != NodeKind::TSD && k != NodeKind::TSS) || !before.valid()) return false;
    const keyed_state& keys = before.keyed();
    if (!record_is_current(before)) return !before.rows().empty();
    if (keys.removed && !keys.removed->store.empty()) return true;
    const auto came = std::count_if(keys.added.begin(), keys.added.end(),
                                    [&](std::uint32_t id) { return keys.places[id].row != no_row; });
    return before.rows().size() > static_cast<std::size_t>(came);
}

/// Takes another target, or items, or nothing, and keeps what was there when the tick began.
void exchange_target(ref_state& s, std::unique_ptr<node_link> link, std::unique_ptr<reference_items> items,
                     engine_time_t now) noexcept {
    if (s.items) {
        root_context& context = context_of(s);
        element_gone(context, s, 0); // what refers to them, or to what is below them
        detach_references(*s.items->type, s.items->overlay);
        ++context.structure_version;
        if (context.observers) observe::note_removal({s.type, nullptr, nullptr, s.parent, s.slot, &context}, 0);
    }
    if (s.bound_at != now) {
        s.previous = std::move(s.target);
        s.previous_items = std::move(s.items);
        s.bound_at = now;
    }
    s.target = std::move(link);
    s.items = std::move(items);
    s.serial = next_serial();
}

/// The one that all nodes of no root are on; it never ticks.
EvaluationClock& unwritten_clock() noexcept {
    static auto& clock = *new EvaluationClock;
    return clock;
}

/// A node of the type that was never written, for references that refer to nothing.
node_ref unwritten_node(const NodeType& type) {
    static std::mutex lock;
    static auto& known = *new std::unordered_map<const NodeType*, TSValue>; // never freed: handles may point there
    const std::lock_guard guard(lock);
    TSValue& node = known[&type];
    if (!node) node = TSValue(type, unwritten_clock(), false);
    return node.ref();
}

} // namespace

bool is_unwritten(const node_ref& n) noexcept { return n.context->clock == &unwritten_clock(); }

/// Those of another root than the target's are told with the next change of their own root, or when the tick ends.
void observe_reference(ref_state& s) noexcept {
    root_context& context = context_of(s);
    if (context.observers && !s.passive) [[unlikely]]
        observe::note_change(context, s.parent, s.slot);
}

void tell_references(node_overlay& parent, std::uint32_t slot, engine_time_t now) noexcept {
    node_overlay* anchor = &parent;
    std::uint32_t element = slot;
    for (; !is_anchor(*anchor); anchor = anchor->parent) element = anchor->slot;
    const root_context& context = context_of(*anchor);
    const std::vector<node_link*>* links = context.links ? context.links->find(*anchor, element) : nullptr;
    if (!links) return;
    // To follow one stamps what is above it, which lets go of rows removed in an earlier tick and of the links in
    // those. Each makes room by the last, so that from the end none is passed over; the one that is followed stays.
    for (std::size_t i = links->size(); i-- > 0; i = std::min(i, links->size())) {
        node_link* link = (*links)[i];
        if (link->owner->target.get() == link && is_to(*link, parent, slot)) follow(*link->owner, now);
    }
}

void unlink(node_link& link) noexcept { link.root->links->remove(link); }

void element_gone(root_context& context, node_overlay& collection, std::uint32_t slot) noexcept {
    if (!context.links) return;
    while (const std::vector<node_link*>* links = context.links->find(collection, slot)) {
        node_link* link = links->back();
        context.links->remove(*link);
        lose(*link);
    }
}

void release_references(root_context& context) noexcept {
    element_gone(context, context.record, 0); // every link goes through the root
    delete std::exchange(context.links, nullptr);
}

void let_go(ref_state& s, engine_time_t now) noexcept {
    exchange_target(s, nullptr, nullptr, now);
    s.last_modified = MIN_DT;
}

void detach_references(const NodeType& t, void* overlay) noexcept {
    if (!t.references) return;
    const auto each = [&](std::byte* children, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) detach_references(*t.child, children + i * t.child->overlay_size);
    };
    switch (t.kind) {
    case NodeKind::REF: {
        ref_state& s = *static_cast<state_ptr<ref_state>*>(overlay)->state;
        s.detached = true;
        if (s.items) detach_references(*s.items->type, s.items->overlay);
        return;
    }
    case NodeKind::TSB:
        for (std::uint32_t i = 0; i < t.field_count; ++i)
            detach_references(*t.fields[i].type, at_offset(overlay, t.fields[i].overlay_offset));
        return;
    case NodeKind::TSL:
        if (t.list_size) {
            each(at_offset(overlay, t.children_offset), t.list_size);
        } else {
            const list_state& s = *static_cast<state_ptr<list_state>*>(overlay)->state;
            each(s.overlays, s.flags.size());
        }
        return;
    case NodeKind::TSD: {
        const keyed_state& s = *static_cast<state_ptr<keyed_state>*>(overlay)->state;
        each(s.overlays, s.id_of_row.size());
        return;
    }
    default: return;
    }
}

namespace {

void bind_at(const node_ref& reference, const node_ref& target, engine_time_t now) {
    ref_state& s = reference.reference();
    if (match_schemas(*reference.type->child, *target.type) == SchemaMatch::Mismatch)
        throw TypeError("a " + schema_text(*reference.type) + " cannot refer to a " + schema_text(*target.type));
    if (reference.context->clock != target.context->clock)
        throw ValueError("a reference and its target must be on one clock; give both roots the same EvaluationClock");
    refuse_cycle(reference, target);
    node_ref current;
    if (reference_target(reference, current) && current.overlay == target.overlay) return;
    exchange_target(s, make_link(target, s), nullptr, now);
    if (target.valid()) {
        stamp(s, now);
        observe_reference(s);
    } else if (showed_keys(s)) {
        become_gone(s, now);
    } else {
        become_invalid(s, now);
    }
    observe::settle(*reference.context);
}

void clear_at(const node_ref& reference, engine_time_t now) {
    ref_state& s = reference.reference();
    if (!s.target && !s.items) return;
    exchange_target(s, nullptr, nullptr, now);
    if (showed_keys(s))
        become_gone(s, now);
    else
        become_invalid(s, now);
    observe::settle(*reference.context);
}

} // namespace

bool is_item_of(const node_ref& n, const node_ref& reference) noexcept {
    for (const node_overlay* above = n.parent; above; above = above->parent)
        if (above == &reference.reference()) return true;
    return false;
}

void reference_make_unbound(const node_ref& reference, std::size_t count) {
    const engine_time_t now = reference.context->writing_time();
    const NodeType& target = *reference.type->child;
    ref_state& s = reference.reference();
    std::unique_ptr<reference_items> items = make_items(target, s);
    if (count != part_count(target))
        throw ValueError("a " + schema_text(*reference.type) + " has " + std::to_string(part_count(target)) +
                         " items, not " + std::to_string(count));
    exchange_target(s, nullptr, std::move(items), now);
    become_invalid(s, now);
    observe::settle(*reference.context);
}

std::size_t reference_item_count(const node_ref& reference) noexcept {
    return reference.reference().items ? part_count(*reference.type->child) : 0;
}

node_ref reference_item(const node_ref& reference, std::size_t i) {
    const std::size_t count = reference_item_count(reference);
    if (i >= count) throw IndexError("item " + std::to_string(i) + " of a reference with " + std::to_string(count));
    return child_ref(child_ref(reference, 0), static_cast<std::uint32_t>(i));
}

void reference_bind(const node_ref& reference, const node_ref& target) {
    bind_at(reference, target, reference.context->writing_time());
}
void reference_clear(const node_ref& reference) { clear_at(reference, reference.context->writing_time()); }
void reference_wire(const node_ref& reference, const node_ref& target) { bind_at(reference, target, reference.now()); }
void reference_unwire(const node_ref& reference) { clear_at(reference, reference.now()); }

bool reference_target(const node_ref& reference, node_ref& target) {
    const ref_state& s = reference.reference();
    return s.target && find_node(*s.target, target);
}

reference_view reference_read(const node_ref& reference) {
    const ref_state& s = reference.reference();
    const engine_time_t now = reference.now();
    reference_view v{{}, {}, false, false};
    node_ref n;
    if (s.items)
        v.node = child_ref(reference, 0);
    else if (!reference_target(reference, n))
        v.node = unwritten_node(*reference.type->child);
    else if (n.type->kind == NodeKind::REF)
        v = reference_read(n);
    else
        v.node = n;
    if (s.bound_at == now && now != MIN_DT) {
        v.sampled = true;
        v.has_before = s.previous && find_node(*s.previous, v.before);
        if (s.previous_items) {
            v.has_before = true;
            v.before = items_ref(reference, *s.previous_items);
        }
        if (v.has_before && v.before.type->kind == NodeKind::REF) v.before = reference_read(v.before).node;
        v.has_before = v.has_before && v.before.valid();
    }
    v.node.since = std::max({v.node.since, s.bound_at, reference.since});
    return v;
}

std::uint64_t reference_serial(const node_ref& reference) {
    const std::uint64_t own = reference.reference().serial;
    node_ref n;
    return reference_target(reference, n) && n.type->kind == NodeKind::REF ? combine_hash(own, reference_serial(n))
                                                                           : own;
}

} // namespace engine
} // namespace hgvalue
