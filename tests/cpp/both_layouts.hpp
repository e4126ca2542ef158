// Every type twice: as the compiler lays it out, and as the registry does.
#pragma once

#include "value_samples.hpp"

#include <hgvalue/value.hpp>

#include <string>
#include <vector>

/// The type as the registry would make it from a schema, with none of its parts laid out by the compiler.
inline const hgvalue::TypeMeta& rebuilt(const hgvalue::TypeMeta& m) {
    using namespace hgvalue;
    TypeRegistry& types = TypeRegistry::instance();
    const RowOrder order = m.is(TypeFlags::Ordered) ? RowOrder::Insertion : RowOrder::Any;
    std::vector<const TypeMeta*> parts;
    for (std::uint32_t i = 0; i < m.field_count; ++i) parts.push_back(&rebuilt(*m.fields[i].type));
    const auto size = static_cast<std::size_t>(m.fixed_size);
    switch (m.kind) {
    case TypeKind::Scalar: break;
    case TypeKind::Tuple: return types.tuple(parts);
    case TypeKind::Variant: return types.variant(parts);
    case TypeKind::Bundle: {
        auto bundle = m.name ? types.bundle("Built" + std::string(m.name), "samples") : types.bundle();
        for (std::uint32_t i = 0; i < m.field_count; ++i) bundle.field(m.fields[i].name, *parts[i]);
        return bundle.build();
    }
    case TypeKind::List:
        if (size != 0) return types.fixed_list(rebuilt(*m.element), size);
        return m.is(TypeFlags::IsTuple) ? types.tuple_of(rebuilt(*m.element)) : types.list(rebuilt(*m.element));
    case TypeKind::Set: return types.set(rebuilt(*m.element), order);
    case TypeKind::Map: return types.map(rebuilt(*m.key), rebuilt(*m.element), order);
    case TypeKind::CyclicBuffer: return types.cyclic_buffer(rebuilt(*m.element), size);
    case TypeKind::Queue: return types.queue(rebuilt(*m.element), size);
    case TypeKind::Window:
        if (m.by_time) return types.window(rebuilt(*m.element), timedelta{m.fixed_size}, timedelta{m.min_size});
        return types.window(rebuilt(*m.element), size, static_cast<std::size_t>(m.min_size));
    case TypeKind::Optional: return types.optional(rebuilt(*m.element));
    case TypeKind::Ref: return types.ref(rebuilt(*m.element), size);
    }
    return m;
}

// The two, for TEMPLATE_TEST_CASE.
struct compiled_layout {
    template <class T> static const hgvalue::TypeMeta& type() { return hgvalue::type_of<T>(); }
};
struct built_layout {
    template <class T> static const hgvalue::TypeMeta& type() { return rebuilt(hgvalue::type_of<T>()); }
};

/// What an Error of class E says when `f` throws it; the test fails if it does not.
template <class E, class F> std::string message_of(const F& f) {
    try {
        f();
    } catch (const E& e) {
        return e.what();
    }
    FAIL("nothing was thrown");
    return {};
}
