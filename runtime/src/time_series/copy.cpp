// copy_from: making one node equal to another of the same shape.
#include "../value/temporary.hpp"
#include "pins.hpp"

#include <hgvalue/time_series/engine.hpp>
#include <hgvalue/value/ring.hpp>

#include <cstring>

namespace hgvalue::engine {

namespace {

/// Equal metas of one module are one object; of built-in scalars each module has its own.
bool same_scalar(const TypeMeta& a, const TypeMeta& b) {
    return &a == &b || (a.kind == TypeKind::Scalar && b.kind == TypeKind::Scalar && a.scalar == b.scalar &&
                        a.scalar != ScalarKind::Enum);
}

/// Shapes are compared by structure: the two nodes may come from different modules.
void require_same_shape(const NodeType& a, const NodeType& b) {
    const bool same = a.kind == b.kind && a.list_size == b.list_size && a.field_count == b.field_count &&
                      a.by_time == b.by_time && a.window_size == b.window_size &&
                      a.window_minimum == b.window_minimum && !a.scalar == !b.scalar && !a.child == !b.child &&
                      (!a.scalar || same_scalar(*a.scalar, *b.scalar));
    if (!same) throw TypeError("copy_from needs a time series of the same schema");
    for (std::uint32_t i = 0; i < a.field_count; ++i) {
        if (std::strcmp(a.fields[i].name, b.fields[i].name) != 0)
            throw TypeError("copy_from needs a time series of the same schema");
        require_same_shape(*a.fields[i].type, *b.fields[i].type);
    }
    if (a.child) require_same_shape(*a.child, *b.child);
}

/// The children of a TSB or TSL.
std::uint32_t child_count(const node_ref& n) {
    return n.type->kind == NodeKind::TSB ? n.type->field_count : list_length(n);
}
node_ref child_in(const node_ref& n, std::uint32_t i) {
    return n.type->kind == NodeKind::TSB ? field_ref(n, i) : element_ref(n, i);
}

bool has_windows(const NodeType& t) {
    if (t.kind == NodeKind::TSW) return true;
    for (std::uint32_t i = 0; i < t.field_count; ++i)
        if (has_windows(*t.fields[i].type)) return true;
    return t.child && t.kind != NodeKind::REF && has_windows(*t.child);
}

/// A window cannot have elements that are later than the time of its clock.
void require_windows_by(const node_ref& from, engine_time_t now) {
    if (!has_windows(*from.type)) return;
    if (from.type->kind == NodeKind::TSW) {
        const auto& w = *static_cast<const window_storage*>(from.value);
        if (!w.empty() && w.time(w.size() - 1) > now)
            throw ValueError("the window to copy has elements of a later time");
    } else if (from.type->kind == NodeKind::TSD) {
        for (std::uint32_t row = 0; row < from.rows().size(); ++row) require_windows_by(row_ref(from, row), now);
    } else {
        const std::uint32_t count = child_count(from);
        for (std::uint32_t i = 0; i < count; ++i) require_windows_by(child_in(from, i), now);
    }
}

void copy(const node_ref& to, const node_ref& from);

void copy_leaf(const node_ref& to, const node_ref& from) {
    const TypeMeta& m = *to.type->scalar;
    detail::temporary(m, *from.type->scalar, from.value).move_to(to.value);
    stamp_leaf(to, to.context->writing_time());
}

void copy_keys(const node_ref& to, const node_ref& from) {
    const TypeMeta& m = *to.type->value;
    const TypeMeta& k = key_meta(m);
    for (std::uint32_t row = to.rows().size(); row-- > 0;) {
        const void* key = to.rows().key(m, row);
        if (find_row(*from.type->value, from.rows(), key, k.ops->hash(k, key)) == no_row) erase_row(to, row);
    }
    for (std::uint32_t source = 0; source < from.rows().size(); ++source) {
        const void* key = from.rows().key(*from.type->value, source);
        const std::size_t hash = k.ops->hash(k, key);
        std::uint32_t row = find_row(m, to.rows(), key, hash);
        if (row == no_row) row = insert_row(to, key, hash);
        if (to.type->child) copy(row_ref(to, row), row_ref(from, source));
    }
    touch_empty(to);
}

void copy_children(const node_ref& to, const node_ref& from) {
    if (to.type->is_dynamic_list()) {
        list_resize(to, list_length(from));
        touch_empty(to);
    }
    const std::uint32_t count = child_count(from);
    for (std::uint32_t i = 0; i < count; ++i) copy(child_in(to, i), child_in(from, i));
}

void copy(const node_ref& to, const node_ref& from) {
    if (to.overlay == from.overlay || to.type->kind == NodeKind::REF) return; // a reference is no value to copy
    if (!from.valid()) {
        // A dict that was invalidated still has its keys.
        if (from.type->kind == NodeKind::TSD && !from.rows().empty()) copy_keys(to, from);
        invalidate(to);
        return;
    }
    switch (to.type->kind) {
    case NodeKind::TS:
    case NodeKind::SIGNAL: copy_leaf(to, from); return;
    case NodeKind::TSB:
    case NodeKind::TSL: copy_children(to, from); return;
    case NodeKind::TSS:
    case NodeKind::TSD: copy_keys(to, from); return;
    case NodeKind::TSW: window_copy(to, from); return;
    default: return;
    }
}

} // namespace

void copy_node(const node_ref& to, const node_ref& from) {
    if (to.type != from.type) require_same_shape(*to.type, *from.type);
    require_windows_by(from, to.context->writing_time());
    refuse_removing_below(to);
    mutation_scope scope(*to.context);
    copy(to, from);
    scope.finish();
}

void copy_key_set(const node_ref& to, const node_ref& dict) {
    if (to.type->kind != NodeKind::TSS || !same_scalar(*to.type->scalar, *dict.type->scalar))
        throw TypeError("copy_from needs a time series of the same schema");
    to.context->writing_time();
    mutation_scope scope(*to.context);
    if (dict.keyed().key_set_modified == MIN_DT)
        invalidate(to);
    else
        copy_keys(to, dict);
    scope.finish();
}

} // namespace hgvalue::engine
