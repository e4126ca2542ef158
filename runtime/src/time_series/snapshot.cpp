#include <hgvalue/time_series/snapshot.hpp>

#include "../types/built_type.hpp"
#include "../value/value_functions.hpp"
#include "pins.hpp"

#include <hgvalue/core/error.hpp>
#include <hgvalue/time_series/engine.hpp>
#include <hgvalue/value/ring.hpp>

namespace hgvalue {

namespace {

const std::byte* bytes_at(const void* p) { return static_cast<const std::byte*>(p); }
const row_store& as_rows(const void* p) { return *static_cast<const row_store*>(p); }
const window_storage& as_window(const void* p) { return *static_cast<const window_storage*>(p); }

/// The value of a TS as its snapshot type has it, which knows no None: null for one.
const void* scalar_of(const node_ref& n) {
    const TypeMeta& m = *n.type->scalar;
    return m.kind == TypeKind::Optional ? m.ops->optional_get(m, n.value) : n.value;
}

/// The elements of the list or array `value` of type `m`.
struct elements {
    elements(const TypeMeta& m, const void* value)
        : type(*m.element), data(bytes_at(m.ops->list_data ? m.ops->list_data(m, const_cast<void*>(value)) : value)),
          size(m.ops->list_size ? m.ops->list_size(m, value) : static_cast<std::size_t>(m.fixed_size)) {}
    const std::byte* operator[](std::size_t i) const { return data + i * type.size; }

    const TypeMeta& type;
    const std::byte* data;
    std::size_t size;
};

// -- out ------------------------------------------------------------------------------------------------------------

void take(const node_ref& n, const TypeMeta& m, void* to);

void take_child(const node_ref& n, const TypeMeta& optional, const void* to) {
    if (n.valid() && n.type->kind != NodeKind::REF)
        take(n, *optional.element, optional.ops->optional_emplace(optional, const_cast<void*>(to)));
}

void take_children(const node_ref& n, const TypeMeta& m, void* to) {
    if (m.ops->list_resize) m.ops->list_resize(m, to, list_length(n));
    const elements list(m, to);
    for (std::uint32_t i = 0; i < list.size; ++i) take_child(element_ref(n, i), list.type, list[i]);
}

void take_rows(const node_ref& n, const TypeMeta& m, row_store& to) {
    const TypeMeta& key_type = key_meta(m);
    detail::row_store_reserve(m, to, n.rows().size());
    for (std::uint32_t row = 0; row < n.rows().size(); ++row) {
        const void* key = n.rows().key(*n.type->value, row);
        const std::uint32_t made = detail::row_store_insert(m, to, key, key_type.ops->hash(key_type, key));
        if (n.type->child) take_child(row_ref(n, row), *m.element, to.value(m, made));
    }
}

void take_window(const node_ref& n, const TypeMeta& m, window_storage& to) {
    const window_storage& from = as_window(n.value);
    for (std::uint32_t i = engine::window_first(n); i < from.size(); ++i)
        detail::window_append(m, to, from.time(i), from.element(m.element->size, i));
}

void take(const node_ref& n, const TypeMeta& m, void* to) {
    switch (n.type->kind) {
    case NodeKind::TSB:
        for (std::uint32_t i = 0; i < n.type->field_count; ++i)
            take_child(field_ref(n, i), *m.fields[i].type, bytes_at(to) + m.fields[i].offset);
        return;
    case NodeKind::TSL: return take_children(n, m, to);
    case NodeKind::TSS:
    case NodeKind::TSD: return take_rows(n, m, *static_cast<row_store*>(to));
    case NodeKind::TSW: return take_window(n, m, *static_cast<window_storage*>(to));
    case NodeKind::REF: return;
    default:
        if (const void* value = scalar_of(n)) m.ops->copy_assign(m, to, value);
    }
}

// -- in -------------------------------------------------------------------------------------------------------------

void check(const NodeType& t, const TypeMeta& m, const void* value, engine_time_t now);

void check_child(const NodeType& t, const TypeMeta& optional, const void* value, engine_time_t now) {
    if (const void* payload = optional.ops->optional_get(optional, const_cast<void*>(value)))
        check(t, *optional.element, payload, now);
}

void check(const NodeType& t, const TypeMeta& m, const void* value, engine_time_t now) {
    switch (t.kind) {
    case NodeKind::TSB:
        for (std::uint32_t i = 0; i < t.field_count; ++i)
            check_child(*t.fields[i].type, *m.fields[i].type, bytes_at(value) + m.fields[i].offset, now);
        return;
    case NodeKind::TSL: {
        const elements list(m, value);
        for (std::size_t i = 0; i < list.size; ++i) check_child(*t.child, list.type, list[i], now);
        return;
    }
    case NodeKind::TSD:
        for (std::uint32_t row = 0; row < as_rows(value).size(); ++row)
            check_child(*t.child, *m.element, as_rows(value).value(m, row), now);
        return;
    case NodeKind::TSW: {
        const window_storage& w = as_window(value);
        if (!w.empty() && w.time(w.size() - 1) > now)
            throw ValueError("the window to load has elements of a later time than the current tick");
        return;
    }
    case NodeKind::SIGNAL:
        if (!*static_cast<const bool*>(value)) throw ValueError("a SIGNAL has no value but true");
        return;
    default: return;
    }
}

void load(const node_ref& n, const TypeMeta& m, const void* from);

/// A composite may be valid with nothing valid in it.
void make_valid(const node_ref& n) {
    if (n.type->kind == NodeKind::TSB || n.type->list_size) {
        if (!n.valid()) engine::mark_modified(n);
    } else
        engine::touch_empty(n);
}

void load_child(const node_ref& n, const TypeMeta& optional, const void* from) {
    if (n.type->kind == NodeKind::REF) return;
    if (const void* payload = optional.ops->optional_get(optional, const_cast<void*>(from)))
        load(n, *optional.element, payload);
    else
        engine::invalidate(n);
}

void load_scalar(const node_ref& n, const TypeMeta& m, const void* from) {
    const TypeMeta& stored = *n.type->scalar;
    if (&stored != &m && stored.kind == TypeKind::Optional) {
        const detail::owned_value made = detail::make_value(stored);
        m.ops->copy_assign(m, stored.ops->optional_emplace(stored, made.get()), from);
        stored.ops->move_assign(stored, n.value, made.get());
    } else {
        const detail::owned_value made = detail::make_value(m, from);
        m.ops->move_assign(m, n.value, made.get());
    }
    stamp_leaf(n, n.context->writing_time());
}

void load_rows(const node_ref& n, const TypeMeta& m, const row_store& from) {
    const TypeMeta& key_type = key_meta(m);
    const TypeMeta& stored = *n.type->value;
    const auto hash_of_key = [&](const void* key) { return key_type.ops->hash(key_type, key); };
    for (std::uint32_t row = n.rows().size(); row-- > 0;) {
        const void* key = n.rows().key(stored, row);
        if (find_row(m, from, key, hash_of_key(key)) == no_row) engine::erase_row(n, row);
    }
    for (std::uint32_t source = 0; source < from.size(); ++source) {
        const void* key = from.key(m, source);
        const std::size_t hash = hash_of_key(key);
        std::uint32_t row = find_row(stored, n.rows(), key, hash);
        if (row == no_row) row = engine::insert_row(n, key, hash);
        if (n.type->child) load_child(row_ref(n, row), *m.element, from.value(m, source));
    }
    make_valid(n);
}

void load_window(const node_ref& n, const TypeMeta& m, const window_storage& from) {
    engine::clear(n);
    for (std::uint32_t i = 0; i < from.size(); ++i) {
        detail::window_append(*n.type->value, *static_cast<window_storage*>(n.value), from.time(i),
                              from.element(m.element->size, i));
        ++n.window().appended;
    }
}

void load(const node_ref& n, const TypeMeta& m, const void* from) {
    switch (n.type->kind) {
    case NodeKind::TSB:
        for (std::uint32_t i = 0; i < n.type->field_count; ++i)
            load_child(field_ref(n, i), *m.fields[i].type, bytes_at(from) + m.fields[i].offset);
        return make_valid(n);
    case NodeKind::TSL: {
        const elements list(m, from);
        if (n.type->is_dynamic_list()) engine::list_resize(n, list.size);
        for (std::uint32_t i = 0; i < list.size; ++i) load_child(element_ref(n, i), list.type, list[i]);
        return make_valid(n);
    }
    case NodeKind::TSS:
    case NodeKind::TSD: return load_rows(n, m, as_rows(from));
    case NodeKind::TSW: return load_window(n, m, as_window(from));
    case NodeKind::SIGNAL: return engine::mark_modified(n);
    default: return load_scalar(n, m, from);
    }
}

} // namespace

void take_snapshot(const node_ref& node, void* to) {
    if (node.valid()) take(node, snapshot_type(*node.type), to);
}

void require_loadable(const NodeType& type, const TypeMeta& layout, const void* value, engine_time_t now) {
    check(type, layout, value, now);
}

void load_snapshot(const node_ref& node, const void* from) {
    const TypeMeta& m = snapshot_type(*node.type);
    check(*node.type, m, from, node.context->writing_time());
    engine::refuse_removing_below(node);
    mutation_scope scope(*node.context);
    load(node, m, from);
    if (!node.modified()) engine::mark_modified(node); // a bundle that is valid with nothing valid in it
    scope.finish();
}

} // namespace hgvalue
