#include "object_walk.hpp"

#include <hgvalue/value/ref.hpp>
#include <hgvalue/value/ring.hpp>

namespace hgvalue::python {

namespace {

int walk_array(const TypeMeta& t, void* first, std::size_t count, ObjectVisitor visit, void* state) {
    auto* p = static_cast<std::byte*>(first);
    for (std::size_t i = 0; i < count; ++i)
        if (const int r = walk_objects(t, p + i * t.size, visit, state)) return r;
    return 0;
}

int walk_rows(const TypeMeta& t, const row_store& rows, ObjectVisitor visit, void* state) {
    // Keys are hashable and an object is not, so only values can hold one.
    return t.kind == TypeKind::Map ? walk_array(*t.element, rows.values(), rows.size(), visit, state) : 0;
}

} // namespace

int walk_objects(const TypeMeta& t, void* value, ObjectVisitor visit, void* state) {
    if (!t.is(TypeFlags::HoldsObjects)) return 0;
    switch (t.kind) {
    case TypeKind::Scalar: {
        auto& o = *static_cast<object*>(value);
        return o.get() ? visit(o, state) : 0;
    }
    case TypeKind::Bundle:
    case TypeKind::Tuple:
        for (std::uint32_t i = 0; i < t.field_count; ++i)
            if (const int r = walk_objects(*t.fields[i].type, at_offset(value, t.fields[i].offset), visit, state))
                return r;
        return 0;
    case TypeKind::List:
        if (!t.ops->list_size)
            return walk_array(*t.element, value, static_cast<std::size_t>(t.fixed_size), visit, state);
        return walk_array(*t.element, t.ops->list_data(t, value), t.ops->list_size(t, value), visit, state);
    case TypeKind::Optional: {
        void* payload = t.ops->optional_get(t, value);
        return payload ? walk_objects(*t.element, payload, visit, state) : 0;
    }
    case TypeKind::Variant:
        return walk_objects(*t.fields[t.ops->variant_index(t, value)].type, t.ops->variant_get(t, value), visit, state);
    case TypeKind::Map: return walk_rows(t, *static_cast<row_store*>(value), visit, state);
    case TypeKind::CyclicBuffer:
    case TypeKind::Queue:
    case TypeKind::Window: {
        auto& r = *static_cast<ring*>(value);
        for (std::uint32_t i = 0; i < r.size(); ++i)
            if (const int x = walk_objects(*t.element, r.element(t.element->size, i), visit, state)) return x;
        return 0;
    }
    case TypeKind::Ref:
        return static_cast<ref_storage*>(value)->visit_keepers([&](object& o) { return visit(o, state); });
    case TypeKind::Set: return 0;
    }
    return 0;
}

int walk_objects(const node_ref& n, ObjectVisitor visit, void* state) {
    if (!n.type->value->is(TypeFlags::HoldsObjects)) return 0;
    switch (n.type->kind) {
    case NodeKind::TSB:
        for (std::uint32_t i = 0; i < n.type->field_count; ++i)
            if (const int r = walk_objects(field_ref(n, i), visit, state)) return r;
        return 0;
    case NodeKind::TSL:
        for (std::uint32_t i = 0, count = list_length(n); i < count; ++i)
            if (const int r = walk_objects(element_ref(n, i), visit, state)) return r;
        return 0;
    case NodeKind::TSD: {
        for (std::uint32_t row = 0; row < n.rows().size(); ++row)
            if (const int r = walk_objects(row_ref(n, row), visit, state)) return r;
        if (!n.keyed().removed) return 0;
        for (std::uint32_t row = 0; row < n.keyed().removed->store.size(); ++row)
            if (const int r = walk_objects(removed_ref(n, row), visit, state)) return r;
        return 0;
    }
    case NodeKind::TSW: {
        const window_state& s = n.window();
        if (s.evicted)
            if (const int r = walk_objects(*n.type->scalar, s.evicted, visit, state)) return r;
        return walk_objects(*n.type->value, n.value, visit, state);
    }
    default: return walk_objects(*n.type->value, n.value, visit, state);
    }
}

} // namespace hgvalue::python
