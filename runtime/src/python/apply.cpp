// The second step of a write: from here on nothing depends on Python.
#include "node_object.hpp"
#include "stage.hpp"

#include <hgvalue/time_series/engine.hpp>

#include <algorithm>
#include <vector>

namespace hgvalue::python {

namespace {

void store(const node_ref& n, Write& w) {
    const TypeMeta& m = *n.type->scalar;
    m.ops->move_assign(m, n.value, w.data);
    stamp_leaf(n, n.now());
}

void apply_elements(const node_ref& n, Write& w) {
    for (Item* i = w.first; i; i = i->next) {
        if (i->kind == Item::Remove) {
            engine::list_resize(n, i->slot);
            continue;
        }
        if (i->slot >= list_length(n)) engine::list_resize(n, std::size_t{i->slot} + 1);
        apply_write(element_ref(n, i->slot), *i->write);
    }
    if (w.empty) engine::touch_empty(n);
}

void apply_entries(const node_ref& n, Write& w) {
    const TypeMeta& m = *n.type->value;
    for (Item* i = w.first; i; i = i->next) {
        std::uint32_t row = find_row(m, n.rows(), i->key, i->hash);
        if (i->kind != Item::Set) {
            if (row != no_row) engine::erase_row(n, row);
            continue;
        }
        if (row == no_row) row = engine::insert_row(n, i->key, i->hash);
        apply_write(row_ref(n, row), *i->write);
    }
}

void apply_members(const node_ref& n, Write& w) {
    const TypeMeta& m = *n.type->value;
    for (Item* i = w.first; i; i = i->next) {
        const std::uint32_t row = find_row(m, n.rows(), i->key, i->hash);
        if (i->kind == Item::Set) {
            if (row == no_row) engine::insert_row(n, i->key, i->hash);
        } else if (row != no_row) {
            engine::erase_row(n, row);
        }
    }
    engine::touch_empty(n);
}

/// The keys of a write, for asking whether one is among them.
class KeyLookup {
  public:
    KeyLookup(const TypeMeta& key, const Write& w) : key_(key) {
        items_.reserve(w.count);
        for (const Item* i = w.first; i; i = i->next) items_.push_back(i);
        std::sort(items_.begin(), items_.end(), [](const Item* a, const Item* b) { return a->hash < b->hash; });
    }
    bool contains(const void* key) const {
        const std::size_t hash = key_.ops->hash(key_, key);
        auto at = std::lower_bound(items_.begin(), items_.end(), hash,
                                   [](const Item* i, std::size_t h) { return i->hash < h; });
        for (; at != items_.end() && (*at)->hash == hash; ++at)
            if (key_.ops->equals(key_, (*at)->key, key)) return true;
        return false;
    }

  private:
    const TypeMeta& key_;
    std::vector<const Item*> items_;
};

/// Leaves the set with exactly the given elements.
void apply_content(const node_ref& n, Write& w) {
    const TypeMeta& m = *n.type->value;
    const KeyLookup wanted(*n.type->scalar, w);
    for (std::uint32_t row = n.rows().size(); row-- > 0;)
        if (!wanted.contains(n.rows().key(m, row))) engine::erase_row(n, row);
    apply_members(n, w);
}

/// Nothing can be refused here but memory: the items are new, so that nothing refers to them.
void bind_parts(const node_ref& n, Write& w) {
    mutation_scope scope(*n.context);
    const NodeType& target = *n.type->child;
    engine::reference_make_unbound(n, target.kind == NodeKind::TSB ? target.field_count : target.list_size);
    for (Item* i = w.first; i; i = i->next) apply_write(engine::reference_item(n, i->slot), *i->write);
    scope.finish();
}

} // namespace

void apply_write(const node_ref& n, Write& w) {
    switch (w.action) {
    case Action::Nothing:
        if (w.empty && n.type->kind == NodeKind::TSD) engine::touch_empty(n);
        return;
    case Action::Invalidate: engine::invalidate(n); return;
    case Action::Store:
        if (n.type->kind == NodeKind::TSW)
            engine::window_push(n, w.data);
        else
            store(n, w);
        return;
    case Action::Children:
        for (Item* i = w.first; i; i = i->next)
            apply_write(n.type->kind == NodeKind::TSB ? field_ref(n, i->slot) : element_ref(n, i->slot), *i->write);
        return;
    case Action::Elements: apply_elements(n, w); return;
    case Action::Entries: apply_entries(n, w); return;
    case Action::Members: apply_members(n, w); return;
    case Action::Content: apply_content(n, w); return;
    case Action::BindParts: return bind_parts(n, w);
    case Action::Bind: engine::reference_bind(n, resolve_for_reference(static_cast<NodeObject*>(w.data))); return;
    }
}

} // namespace hgvalue::python
