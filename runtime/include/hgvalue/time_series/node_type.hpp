// NodeType: the shape of one time-series node, and node_ref, a type-erased handle to one.
#pragma once

#include <hgvalue/core/type_meta.hpp>
#include <hgvalue/time_series/context.hpp>
#include <hgvalue/time_series/overlay.hpp>

#include <cstddef>
#include <cstdint>

namespace hgvalue {

/// What the nodes of one root share.
struct root_context {
    EvaluationClock* clock; ///< never null; outlives the root, which may keep it alive
    bool shared_clock;      ///< other roots may be on it: its current time may be joined
    node_overlay record;    ///< the parent of the root node: says whether this tick wrote or invalidated it
    /// Changes whenever a stored element may have moved or gone: whoever holds an address looks it up again then.
    std::uint64_t structure_version = 1;
    const NodeType* type = nullptr; ///< of the root node, and where it is
    void* value = nullptr;
    void* overlay = nullptr;
    link_table* links = nullptr;                    ///< who refers to nodes of this root; null until somebody does
    void* owner = nullptr;                          ///< the Python object of the root, if it has one
    std::shared_ptr<observer_registry> observers{}; ///< null until the first subscription
    std::uint32_t open_changes = 0;                 ///< mutation_scopes that are not finished

    engine_time_t now() const noexcept { return clock->now(); }

    /// The time to stamp with. StateError before the first tick.
    engine_time_t writing_time() const {
        const engine_time_t t = clock->now();
        if (t == MIN_DT)
            throw StateError(
                "a time series can only be changed after its first tick: call tick(at) or advance(at) first");
        return t;
    }

    /// Starts tick `at`, or joins it on a shared clock. ValueError when time would not grow.
    void advance(engine_time_t at) {
        if (shared_clock && at == clock->now() && at != MIN_DT) return;
        clock->advance(at);
    }
};

enum class NodeKind : std::uint8_t { TS, TSB, TSL, TSS, TSD, TSW, REF, SIGNAL };

/// One field of a TSB.
struct NodeField {
    const char* name;
    const NodeType* type;
    std::uint32_t value_offset;   ///< in the bundle's value struct, from the compiler
    std::uint32_t overlay_offset; ///< in its overlay struct, from the compiler
    bool item_only;               ///< reached by `[name]` only
    const char* doc;              ///< or null
};

struct NodeType {
    NodeKind kind;
    const char* name;        ///< class name of a bundle or root; null for an anonymous node
    const char* module;      ///< dotted schema module of a named one
    const char* doc;         ///< or null
    const NodeType* base;    ///< of a root: the node it gives a name to, structurally the same; else null
    const TypeMeta* value;   ///< type of the stored data
    const TypeMeta* scalar;  ///< TS: its value; SIGNAL: bool; TSS, TSW: element; TSD: key
    const NodeType* child;   ///< TSL, TSD; REF: what it refers to
    const NodeField* fields; ///< TSB
    std::uint32_t field_count;
    std::uint32_t list_size; ///< TSL: number of elements, 0 for a dynamic one
    std::uint32_t overlay_size;
    std::uint32_t overlay_alignment;
    std::uint32_t children_offset; ///< fixed TSL: where the children's overlays begin
    bool flat;                     ///< its overlay is moved by memcpy: nothing inside points into it
    bool by_time;                  ///< TSW: sizes are durations
    bool references;               ///< it is a REF, or has one below it
    std::int64_t window_size;      ///< TSW: count, or µs
    std::int64_t window_minimum;
    mutable void* python_class = nullptr; ///< the Python side's own notes on this type, once it needed any

    /// Its overlay is a leaf_overlay.
    constexpr bool is_leaf() const noexcept { return kind == NodeKind::TS || kind == NodeKind::SIGNAL; }
    constexpr bool is_dynamic_list() const noexcept { return kind == NodeKind::TSL && list_size == 0; }
    /// The overlay is a pointer to a state on the heap.
    constexpr bool has_state() const noexcept {
        return kind == NodeKind::TSS || kind == NodeKind::TSD || kind == NodeKind::TSW || kind == NodeKind::REF ||
               is_dynamic_list();
    }
};

/// A type-erased handle. Valid until its root's structure_version changes; who keeps one longer looks it up again.
struct node_ref {
    const NodeType* type;
    void* value;
    void* overlay;
    node_overlay* parent; ///< of a root: its context's record
    std::uint32_t slot;   ///< in the parent
    root_context* context;
    /// When it is read through a reference, the time at which that came to refer to it: nothing seems older.
    engine_time_t since = MIN_DT;

    leaf_overlay& leaf() const noexcept { return *static_cast<leaf_overlay*>(overlay); }
    /// The header; of any kind that is no leaf.
    node_overlay& node() const noexcept {
        return type->has_state() ? **static_cast<node_overlay**>(overlay) : *static_cast<node_overlay*>(overlay);
    }
    keyed_state& keyed() const noexcept { return **static_cast<keyed_state**>(overlay); }
    list_state& list() const noexcept { return **static_cast<list_state**>(overlay); }
    ref_state& reference() const noexcept { return **static_cast<ref_state**>(overlay); }
    window_state& window() const noexcept { return **static_cast<window_state**>(overlay); }
    row_store& rows() const noexcept { return *static_cast<row_store*>(value); }

    engine_time_t now() const noexcept { return context->now(); }
    engine_time_t last_modified() const noexcept {
        const engine_time_t t = type->is_leaf() ? leaf().last_modified : node().last_modified;
        return t != MIN_DT && t < since ? since : t;
    }
    bool valid() const noexcept { return last_modified() != MIN_DT; }
    bool modified() const noexcept {
        const engine_time_t t = last_modified();
        if (t != MIN_DT && t == now()) return true;
        return type->kind == NodeKind::REF && t == MIN_DT && reference().gone_at == now() && now() != MIN_DT;
    }
};

inline std::byte* at_offset(void* p, std::size_t offset) noexcept { return static_cast<std::byte*>(p) + offset; }

/// Field `i` of a TSB.
inline node_ref field_ref(const node_ref& n, std::uint32_t i) noexcept {
    const NodeField& f = n.type->fields[i];
    return {f.type, at_offset(n.value, f.value_offset), at_offset(n.overlay, f.overlay_offset), &n.node(), i, n.context,
            n.since};
}

/// Element `i` of a TSL, fixed or dynamic; `i` is below its length.
inline node_ref element_ref(const node_ref& n, std::uint32_t i) noexcept {
    const NodeType& c = *n.type->child;
    std::byte* overlays;
    void* values;
    if (n.type->list_size) {
        overlays = at_offset(n.overlay, n.type->children_offset);
        values = n.value;
    } else {
        overlays = n.list().overlays;
        values = n.type->value->ops->list_data(*n.type->value, n.value);
    }
    return {&c,
            at_offset(values, std::size_t{i} * c.value->size),
            overlays + std::size_t{i} * c.overlay_size,
            &n.node(),
            i,
            n.context,
            n.since};
}

/// Number of elements of a TSL.
inline std::uint32_t list_length(const node_ref& n) noexcept {
    return n.type->list_size ? n.type->list_size
                             : static_cast<std::uint32_t>(n.type->value->ops->list_size(*n.type->value, n.value));
}

/// The child in row `row` of a TSD.
inline node_ref row_ref(const node_ref& n, std::uint32_t row) noexcept {
    const NodeType& c = *n.type->child;
    keyed_state& s = n.keyed();
    return {&c,
            n.rows().values() + std::size_t{row} * c.value->size,
            s.overlays + std::size_t{row} * c.overlay_size,
            &s,
            s.id_of_row[row],
            n.context,
            n.since};
}

/// The node that the items of an unbound reference make, now or when it had them.
inline node_ref items_ref(const node_ref& reference, const reference_items& items) noexcept {
    return {items.type, items.value, items.overlay, &reference.node(), 0, reference.context, reference.since};
}

/// The child that `n` names by `slot`, which must be there.
inline node_ref child_ref(const node_ref& n, std::uint32_t slot) noexcept {
    if (n.type->kind == NodeKind::REF) return items_ref(n, *n.reference().items);
    if (n.type->kind == NodeKind::TSB) return field_ref(n, slot);
    return n.type->kind == NodeKind::TSL ? element_ref(n, slot) : row_ref(n, n.keyed().places[slot].row);
}

/// The child in row `row` of what a TSD lost in this tick.
inline node_ref removed_ref(const node_ref& n, std::uint32_t row) noexcept {
    const NodeType& c = *n.type->child;
    removed_rows& r = *n.keyed().removed;
    return {&c,
            r.store.values() + std::size_t{row} * c.value->size,
            r.overlays + std::size_t{row} * c.overlay_size,
            &n.keyed(),
            max_slots,
            n.context};
}

/// Whether child `slot` of a TSB or fixed TSL was written or invalidated in the current tick.
inline bool child_touched(const node_ref& n, std::uint32_t slot) noexcept {
    node_overlay& o = n.node();
    if (!o.touched_at(n.now())) return false;
    const std::uint32_t word = slot < 32 ? o.mask : wide_mask(o)[slot / 32];
    return (word >> slot % 32 & 1U) != 0;
}

} // namespace hgvalue
