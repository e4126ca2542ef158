// Overlays: what the time-series layer keeps beside the data. Modification times, and per tick which children changed.
//
// A leaf (TS) has a time and nothing else. Every other node starts with a node_overlay. A write stamps the leaf, notes
// it in its parent's change record and climbs, stopping at the first ancestor already stamped in this tick. The rule
// that makes this right: whenever a node's last_modified is the current time, its ancestors' are too.
//
// A change record belongs to the tick in `touched`; a record of an earlier tick counts as empty and is cleared by the
// first write of a later one, so clean-up costs what changed, never what exists.
//
// Stamping, noting and beginning a tick cannot fail: whatever makes a child makes room for it in the change record too.
// So a value is stored first and stamped afterwards, and no write is ever seen without its stamp.
#pragma once

#include <hgvalue/core/runtime_api.hpp>
#include <hgvalue/core/time.hpp>
#include <hgvalue/value/row_store.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace hgvalue {

/// The overlay of a TS.
struct leaf_overlay {
    engine_time_t last_modified = MIN_DT;
};

/// How a node records which of its children changed.
enum class RecordForm : std::uint32_t {
    Mask,     ///< at most 32 children: one bit each
    WideMask, ///< more: the first 32 as above, the rest in words behind the header
    Keyed,    ///< keyed_state
    List,     ///< list_state
    Window,   ///< window_state: no children
    Reference ///< ref_state: no children
};

struct node_overlay {
    engine_time_t last_modified = MIN_DT;
    engine_time_t touched = MIN_DT;  ///< the tick the change record is of
    node_overlay* parent = nullptr;  ///< of a root: the record in its root_context; null of that
    std::uint32_t slot : 28 = 0;     ///< how the parent names this node: field, index or element id
    std::uint32_t form_bits : 4 = 0; ///< RecordForm, and watched_bit
    std::uint32_t mask = 0;          ///< children 0 to 31 touched in this tick (Mask, WideMask)

    /// Among form_bits: references may refer to a child, or to something below one. Whoever notes a change tells them.
    static constexpr std::uint32_t watched_bit = 8;

    RecordForm form() const noexcept { return static_cast<RecordForm>(form_bits & ~watched_bit); }
    bool is_watched() const noexcept { return (form_bits & watched_bit) != 0; }
    /// The fast case of a write: one bit to set, and nobody to tell.
    bool is_plain_mask() const noexcept { return form_bits == 0; }
    bool touched_at(engine_time_t now) const noexcept { return touched == now; }
};
static_assert(sizeof(node_overlay) == 32);
static_assert(static_cast<std::uint32_t>(RecordForm::Mask) == 0); // as is_plain_mask says

/// The largest number of children a node can name.
inline constexpr std::uint32_t max_slots = (1U << 28) - 1;

/// Base of a generated overlay struct: the header and the change record of a bundle or fixed list of N children.
template <std::uint32_t N, bool Wide = (N > 32)> struct masked_overlay : node_overlay {};
template <std::uint32_t N> struct masked_overlay<N, true> : node_overlay {
    std::uint32_t more_words = (N - 1) / 32; ///< number of words that follow; read by type-erased code
    std::uint32_t more[(N - 1) / 32 + ((N - 1) / 32 + 1) % 2] = {};
};

/// The words behind the header of a WideMask node: their number, then the words.
inline std::uint32_t* wide_mask(node_overlay& n) noexcept {
    return reinterpret_cast<std::uint32_t*>(reinterpret_cast<std::byte*>(&n) + sizeof(node_overlay));
}

/// A key, and the child under it, that was removed in this tick but was there when it began.
struct removed_rows {
    row_store store;               ///< keys and values (values of a TSD only), as they were when removed
    std::byte* overlays = nullptr; ///< TSD: the children's overlays
    std::uint32_t overlay_capacity = 0;
    std::vector<std::uint8_t> flags; ///< by row: RowFlag
    std::uint32_t returned = 0;      ///< how many of the rows are back in the collection
};

namespace RowFlag {
inline constexpr std::uint8_t Added = 1;     ///< was not there when the tick began
inline constexpr std::uint8_t Written = 2;   ///< the child was written in this tick
inline constexpr std::uint8_t Touched = 4;   ///< the child was written or invalidated in this tick
inline constexpr std::uint8_t EverValid = 8; ///< the child was valid at some time
inline constexpr std::uint8_t Replaced = 16; ///< was there when the tick began, removed since and created again
inline constexpr std::uint8_t Returned = 32; ///< of a removed row: its key was created again in this tick
inline constexpr std::uint8_t per_tick = Added | Written | Touched | Replaced;
} // namespace RowFlag

/// The overlay of a TSD or TSS, parallel to its row_store. Elements are named by id: a row moves, an id does not.
struct keyed_state : node_overlay {
    struct place {
        std::uint32_t row; ///< no_row while the id is unused
        std::uint32_t generation;
    };

    const NodeType* type = nullptr;
    engine_time_t key_set_modified = MIN_DT; ///< of a TSD's key_set
    bool valid_at_start = false;             ///< whether it was valid when the tick of `touched` began
    std::byte* overlays = nullptr;           ///< TSD: the children's overlays, in row order
    std::uint32_t overlay_capacity = 0;
    std::vector<std::uint8_t> flags;      ///< by row: RowFlag
    std::vector<std::uint32_t> id_of_row; ///< by row
    std::vector<place> places;            ///< by id
    std::vector<std::uint32_t> free_ids;
    // Of the current tick:
    std::vector<std::uint32_t> changed;    ///< ids of children touched; an id that has no row now was removed. Each id
                                           ///< is in it once at most, and there is room for all of them
    std::vector<std::uint32_t> added;      ///< ids of new elements; likewise
    std::vector<std::uint32_t> freed_ids;  ///< may be used again from the next tick on; free_ids has room for them
    std::unique_ptr<removed_rows> removed; ///< null until something is removed

    void note(std::uint32_t id, bool written) noexcept {
        std::uint8_t& f = flags[places[id].row];
        if (!(f & RowFlag::Touched)) changed.push_back(id);
        f |= written ? RowFlag::Touched | RowFlag::Written | RowFlag::EverValid : RowFlag::Touched;
    }
};

/// The overlay of a dynamic TSL.
struct list_state : node_overlay {
    const NodeType* type = nullptr;
    std::byte* overlays = nullptr; ///< by index
    std::uint32_t overlay_capacity = 0;
    std::vector<std::uint8_t> flags;       ///< by index: RowFlag
    std::vector<std::uint32_t> generation; ///< by index, never shrinks: how often the index was dropped
    // Of the current tick:
    std::vector<std::uint32_t> changed; ///< indices touched, with room for the others; one beyond the end was dropped
    std::uint32_t size_at_start = 0;
    std::vector<std::uint8_t> dropped; ///< for indices below size_at_start: RowFlag of the first element dropped there

    void note(std::uint32_t index, bool written) noexcept {
        std::uint8_t& f = flags[index];
        if (!(f & RowFlag::Touched)) changed.push_back(index);
        f |= written ? RowFlag::Touched | RowFlag::Written | RowFlag::EverValid : RowFlag::Touched;
    }
};

/// Elements that a window took and let go of in one tick, for that is part of what the tick did.
struct passed_elements;

/// The overlay of a TSW; values and their times are data and lie in the window itself.
struct window_state : node_overlay {
    const NodeType* type = nullptr;
    void* evicted = nullptr;             ///< one element, the last one evicted; null before the first push
    engine_time_t evicted_at = MIN_DT;   ///< the tick that let it go; MIN_DT: forgotten, or none yet
    engine_time_t evicted_time = MIN_DT; ///< when it had been pushed
    // Of the tick of `touched`:
    std::uint32_t appended = 0;        ///< elements pushed since it was last dropped
    std::uint32_t gone = 0;            ///< elements of earlier ticks that left
    passed_elements* passed = nullptr; ///< owned: those of the pushed that left again; null if none did
    bool dropped = false;              ///< cleared or invalidated
};

/// One step of a node_link, from the root on. The first is the root itself.
struct link_step {
    node_overlay* anchor; ///< the parent's overlay if it never moves: of a TSD or dynamic TSL, or the root's record
    std::uint32_t slot;   ///< field, index or element id
    std::uint32_t generation;
};

/// A place in a root that is found again whatever moved. While `root` is set, it is on that root's list and is taken
/// from it when the node, or the root, goes.
struct node_link {
    root_context* root;
    ref_state* owner;
    std::vector<link_step> path;

    node_link(root_context* r, ref_state* o) noexcept : root(r), owner(o) {}
    node_link(const node_link&) = delete;
    ~node_link() {
        if (root) runtime().unlink(*this);
    }
};

/// A node made of references, one for each part of a target: what an unbound reference reads as. The node's parent is
/// the reference, which names it 0.
struct reference_items {
    const NodeType* type;
    void* value = nullptr;
    void* overlay = nullptr;

    explicit reference_items(const NodeType& t) noexcept : type(&t) {}
    reference_items(const reference_items&) = delete;
    ~reference_items();
};

/// The overlay of a REF. Its last_modified follows the target: MIN_DT while that is not valid.
struct ref_state : node_overlay {
    const NodeType* type = nullptr;
    std::unique_ptr<node_link> target;      ///< null of an empty or unbound reference
    std::unique_ptr<reference_items> items; ///< of an unbound one, else null
    // What it referred to before the tick `bound_at`; nulls if nothing.
    std::unique_ptr<node_link> previous;
    std::unique_ptr<reference_items> previous_items;
    engine_time_t bound_at = MIN_DT; ///< the tick of the last change of target
    engine_time_t gone_at = MIN_DT;  ///< the tick in which a set or dict was let go of: it ticked, and is not valid
    std::uint64_t serial = 0;        ///< another number for each target
    bool detached = false;           ///< removed in this tick from its dict: it does not follow any more
    bool passive = false;            ///< of an input: nobody is told of its ticks
};

/// The overlay of a collection is on the heap, so that children can point to it wherever its owner moves.
template <class State> struct state_ptr {
    State* state;
    State* operator->() const noexcept { return state; }
    State& operator*() const noexcept { return *state; }
};

/// Starts the change record of a new tick.
inline void begin_tick(node_overlay& n, engine_time_t now) noexcept {
    if (n.form() == RecordForm::Mask) {
        n.touched = now;
        n.mask = 0;
    } else {
        runtime().start_record(n, now);
    }
}

/// Notes that child `slot` changed; the record must be of this tick.
inline void note_child(node_overlay& n, std::uint32_t slot, bool written) noexcept {
    switch (n.form()) {
    case RecordForm::Mask: n.mask |= 1U << slot; return;
    case RecordForm::WideMask:
        if (slot < 32)
            n.mask |= 1U << slot;
        else
            wide_mask(n)[slot / 32] |= 1U << slot % 32; // word 0 holds their number
        return;
    case RecordForm::Keyed: static_cast<keyed_state&>(n).note(slot, written); return;
    case RecordForm::List: static_cast<list_state&>(n).note(slot, written); return;
    case RecordForm::Window:
    case RecordForm::Reference: return;
    }
}

/// Notes that child `slot` changed, and lets those know who refer to it.
inline void note_and_tell(node_overlay& n, std::uint32_t slot, bool written, engine_time_t now) noexcept {
    note_child(n, slot, written);
    if (n.is_watched()) [[unlikely]]
        runtime().tell_references(n, slot, now);
}

/// A step of mark_written for all but the plainest nodes; out of line, so that the rest is small enough to be inlined.
#if defined(__GNUC__)
[[gnu::noinline]]
#endif
inline void note_written(node_overlay& n, std::uint32_t slot, engine_time_t now) noexcept {
    if (n.touched != now) begin_tick(n, now);
    note_and_tell(n, slot, true, now);
}

/// Child `slot` of `n` was written at `now`: stamps `n` and its ancestors.
inline void mark_written(node_overlay* n, std::uint32_t slot, engine_time_t now) noexcept {
    for (; n; slot = n->slot, n = n->parent) {
        if (n->is_plain_mask()) { // most nodes are, and need no branch to begin their tick
            const std::uint32_t earlier = n->touched == now ? n->mask : 0;
            n->mask = earlier | 1U << slot;
            n->touched = now;
        } else {
            note_written(*n, slot, now);
        }
        if (n->last_modified == now) return;
        n->last_modified = now;
    }
}

/// Child `slot` of `n` was invalidated at `now`: recorded up to the root, but nobody's time changes.
inline void mark_touched(node_overlay* n, std::uint32_t slot, engine_time_t now) noexcept {
    while (n) {
        if (n->touched != now) begin_tick(*n, now);
        note_and_tell(*n, slot, false, now);
        slot = n->slot;
        n = n->parent;
    }
}

/// `n` itself was written (a key came or went, a window grew).
inline void stamp(node_overlay& n, engine_time_t now) noexcept {
    if (n.touched != now) begin_tick(n, now);
    if (n.last_modified == now) return;
    n.last_modified = now;
    mark_written(n.parent, n.slot, now);
}

/// The leaf in `slot` of `parent` was written.
inline void stamp(leaf_overlay& leaf, node_overlay* parent, std::uint32_t slot, engine_time_t now) noexcept {
    if (leaf.last_modified == now) return;
    leaf.last_modified = now;
    mark_written(parent, slot, now);
}

} // namespace hgvalue
