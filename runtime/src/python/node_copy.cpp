// copy_from: making one node equal to another of the same shape.
#include "node_access.hpp"

#include <hgvalue/time_series/engine.hpp>
#include <hgvalue/value/ring.hpp>

namespace hgvalue::python {

namespace {

/// Shapes are compared by structure: the two nodes may come from different modules.
void require_same_shape(const NodeType& a, const NodeType& b) {
    const bool same = a.kind == b.kind && a.list_size == b.list_size && a.field_count == b.field_count &&
                      a.by_time == b.by_time && a.window_size == b.window_size &&
                      a.window_minimum == b.window_minimum && !a.scalar == !b.scalar && !a.child == !b.child &&
                      (!a.scalar || a.scalar == b.scalar ||
                       (a.scalar->kind == TypeKind::Scalar && a.scalar->scalar == b.scalar->scalar &&
                        a.scalar->scalar != ScalarKind::Enum && b.scalar->kind == TypeKind::Scalar));
    if (!same) throw TypeError("copy_from needs a time series of the same schema");
    for (std::uint32_t i = 0; i < a.field_count; ++i) {
        if (std::string(a.fields[i].name) != b.fields[i].name)
            throw TypeError("copy_from needs a time series of the same schema");
        require_same_shape(*a.fields[i].type, *b.fields[i].type);
    }
    if (a.child) require_same_shape(*a.child, *b.child);
}

void copy_leaf(const node_ref& to, const node_ref& from) {
    const TypeMeta& m = *to.type->scalar;
    Temporary copy(m);
    m.ops->copy_assign(m, copy.get(), from.value);
    m.ops->move_assign(m, to.value, copy.get());
    stamp(to.leaf(), to.parent, to.slot, to.context->writing_time());
}

void copy_keys(const node_ref& to, const node_ref& from) {
    const TypeMeta& m = *to.type->value;
    const TypeMeta& k = key_meta(m);
    for (std::uint32_t row = to.rows().size(); row-- > 0;) {
        const void* key = to.rows().key(m, row);
        if (find_row(*from.type->value, from.rows(), key, k.ops->hash(k, key)) == no_row) engine::erase_row(to, row);
    }
    for (std::uint32_t source = 0; source < from.rows().size(); ++source) {
        const void* key = from.rows().key(*from.type->value, source);
        const std::size_t hash = k.ops->hash(k, key);
        std::uint32_t row = find_row(m, to.rows(), key, hash);
        if (row == no_row) row = engine::insert_row(to, key, hash);
        if (to.type->child) copy_node(row_ref(to, row), row_ref(from, source));
    }
    engine::touch_empty(to);
}

void copy_window(const node_ref& to, const node_ref& from) {
    engine::clear(to);
    const auto& w = *static_cast<const window_storage*>(from.value);
    for (std::uint32_t i = engine::window_first(from); i < w.size(); ++i)
        engine::window_push(to, w.element(from.type->scalar->size, i));
}

void copy_children(const node_ref& to, const node_ref& from) {
    if (to.type->is_dynamic_list()) {
        engine::list_resize(to, list_length(from));
        engine::touch_empty(to);
    }
    const std::uint32_t count = to.type->kind == NodeKind::TSB ? to.type->field_count : list_length(from);
    const auto child = [](const node_ref& n, std::uint32_t i) {
        return n.type->kind == NodeKind::TSB ? field_ref(n, i) : element_ref(n, i);
    };
    for (std::uint32_t i = 0; i < count; ++i) copy_node(child(to, i), child(from, i));
}

} // namespace

void copy_node(const node_ref& to, const node_ref& from) {
    if (to.type != from.type) require_same_shape(*to.type, *from.type);
    to.context->writing_time();
    if (to.overlay == from.overlay) return;
    if (!from.valid()) {
        engine::invalidate(to);
        return;
    }
    switch (to.type->kind) {
    case NodeKind::TS: copy_leaf(to, from); return;
    case NodeKind::TSB:
    case NodeKind::TSL: copy_children(to, from); return;
    case NodeKind::TSS:
    case NodeKind::TSD: copy_keys(to, from); return;
    case NodeKind::TSW: copy_window(to, from); return;
    default: return;
    }
}

} // namespace hgvalue::python
