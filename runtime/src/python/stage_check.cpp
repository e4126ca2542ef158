// Between converting a write and applying it: what only the whole write shows.
//
// Converting runs Python code, which may have moved or dropped what was looked at before; and a write may bind a
// reference to what it removes itself, or close a ring of references. All of it is refused here, when nothing is
// changed yet.
#include "node_access.hpp"
#include "stage.hpp"

#include <hgvalue/time_series/describe.hpp>
#include <hgvalue/time_series/engine.hpp>

#include <algorithm>
#include <deque>
#include <unordered_map>
#include <utility>
#include <vector>

namespace hgvalue::python {

namespace {

/// Goes through a write and the nodes that it is for, in the order in which it is applied.
class BindCheck {
  public:
    explicit BindCheck(Arena& arena) : arena_(arena) {}

    void check(const node_ref& n, Write& w) {
        visit(*n.type, &n, w);
        if (gone_.empty()) return;
        std::sort(gone_.begin(), gone_.end());
        for (const auto& [handle, target] : targets_) refuse_removed(handle, target);
    }

  private:
    /// A collection and the element of it that goes.
    using Gone = std::pair<const node_overlay*, std::uint32_t>;

    /// `n` is null for what the write makes first.
    void visit(const NodeType& t, const node_ref* n, Write& w) {
        switch (w.action) {
        case Action::Children: return visit_children(t, n, w);
        case Action::Elements: return visit_elements(t, n, w);
        case Action::Entries: return visit_entries(t, n, w);
        case Action::BindParts:
            lose_target(n);
            return visit_children(engine::reference_items_type(*t.child), nullptr, w);
        case Action::Bind: return bind(t, n, w);
        case Action::Invalidate:
            if (t.kind == NodeKind::REF) lose_target(n);
            return;
        default: return;
        }
    }

    void visit_children(const NodeType& t, const node_ref* n, Write& w) {
        for (Item* i = w.first; i; i = i->next) {
            const node_ref child = n ? child_ref(*n, i->slot) : node_ref{};
            visit(t.kind == NodeKind::TSB ? *t.fields[i->slot].type : *t.child, n ? &child : nullptr, *i->write);
        }
    }

    void visit_elements(const NodeType& t, const node_ref* n, Write& w) {
        for (Item* i = w.first; i; i = i->next) {
            const bool there = n && i->slot < list_length(*n);
            if (i->kind == Item::Remove) {
                if (there) gone_.emplace_back(&n->node(), i->slot);
                continue;
            }
            const node_ref child = there ? element_ref(*n, i->slot) : node_ref{};
            visit(*t.child, there ? &child : nullptr, *i->write);
        }
    }

    void visit_entries(const NodeType& t, const node_ref* n, Write& w) {
        for (Item* i = w.first; i; i = i->next) {
            const std::uint32_t row = n ? find_row(*t.value, n->rows(), i->key, i->hash) : no_row;
            if (i->kind != Item::Set) {
                if (row != no_row) gone_.emplace_back(&n->node(), n->keyed().id_of_row[row]);
                continue;
            }
            const node_ref child = row != no_row ? row_ref(*n, row) : node_ref{};
            visit(*t.child, row != no_row ? &child : nullptr, *i->write);
        }
    }

    /// A reference gets something in place of its target or its items, of which nothing is left.
    void lose_target(const node_ref* reference) {
        if (!reference) return;
        if (reference->reference().items) gone_.emplace_back(&reference->node(), 0);
        bound_[reference->overlay] = nullptr;
    }

    void bind(const NodeType& t, const node_ref* n, Write& w) {
        NodeObject* handle = as_node(static_cast<PyObject*>(w.data));
        const node_ref target = resolve_for_reference(handle);
        if (match_schemas(*t.child, *target.type) == SchemaMatch::Mismatch)
            throw TypeError("a " + schema_text(t) + " cannot refer to " + path_of(handle) + ", a " +
                            schema_text(*target.type));
        if (n) refuse_ring(*n, target, handle);
        lose_target(n);
        if (n) bound_[n->overlay] = &targets_.emplace_back(handle, target).second;
        if (!n) targets_.emplace_back(handle, target);
        if (!is_read_through(handle)) return;
        // The write may bind the reference that it is read through to something else: name it by its own place.
        const nb::object direct = owned(handle_of(target));
        if (!direct.is_none()) w.data = arena_.hold(direct.ptr());
    }

    static bool is_read_through(const NodeObject* n) noexcept {
        for (n = as_node(n->parent); n; n = as_node(n->parent))
            if (n->reference) return true;
        return false;
    }

    void refuse_removed(NodeObject* handle, const node_ref& target) const {
        std::uint32_t slot = target.slot;
        for (const node_overlay* above = target.parent; above; slot = above->slot, above = above->parent)
            if (std::binary_search(gone_.begin(), gone_.end(), Gone{above, slot}))
                throw ValueError("a reference cannot refer to " + path_of(handle) + ", which the same write removes");
    }

    /// A reference in a ring would never find a target. What the write binds before this one counts as bound.
    void refuse_ring(const node_ref& reference, const node_ref& target, NodeObject* handle) const {
        if (engine::is_item_of(target, reference)) throw ValueError("a reference cannot refer to its own items");
        node_ref at = target;
        while (at.type->kind == NodeKind::REF) {
            if (at.overlay == reference.overlay)
                throw ValueError("a reference cannot refer to itself, not through " + path_of(handle) + " either");
            if (const auto bound = bound_.find(at.overlay); bound != bound_.end()) {
                if (!bound->second) return;
                at = *bound->second;
            } else if (!engine::reference_target(at, at)) {
                return;
            }
        }
    }

    Arena& arena_;
    std::deque<std::pair<NodeObject*, node_ref>> targets_;
    std::vector<Gone> gone_;
    std::unordered_map<const void*, const node_ref*> bound_; ///< by the reference's overlay; null: to nothing
};

} // namespace

void refuse_moves(const node_ref& n, const Write& w) {
    const bool list = w.action == Action::Elements;
    if (w.action != Action::Children && w.action != Action::Entries && !list) return;
    for (const Item* i = w.first; i; i = i->next) {
        if (w.action == Action::Entries) {
            const std::uint32_t row = find_row(*n.type->value, n.rows(), i->key, i->hash);
            if (row == no_row && i->kind == Item::Set)
                engine::refuse_inserting(n.keyed());
            else if (row != no_row && i->kind == Item::Set)
                refuse_moves(row_ref(n, row), *i->write);
            else if (row != no_row)
                engine::refuse_removing(n.keyed(), n.keyed().id_of_row[row]);
        } else if (i->kind != Item::Set) {
            engine::refuse_removing_below(n);
        } else if (!list || i->slot < list_length(n)) { // else it is new
            refuse_moves(child_ref(n, i->slot), *i->write);
        }
    }
}

void check_binds(Arena& arena, const node_ref& n, Write& w) { BindCheck(arena).check(n, w); }

} // namespace hgvalue::python
