#include <hgvalue/time_series/snapshot_type.hpp>

#include "../types/built_type.hpp"

#include <hgvalue/core/type_registry.hpp>

#include <mutex>
#include <shared_mutex>
#include <string>
#include <unordered_map>

namespace hgvalue {

namespace {

const TypeMeta& optional_child(const NodeType& child) {
    return TypeRegistry::instance().optional(snapshot_type(child));
}

const TypeMeta& bundle(const NodeType& t) {
    BundleTypeBuilder builder =
        TypeRegistry::instance().bundle(std::string(t.name) + "Value", t.module ? t.module : "");
    if (t.doc) builder.doc(t.doc);
    for (std::uint32_t i = 0; i < t.field_count; ++i) {
        const NodeField& f = t.fields[i];
        const TypeMeta& type = optional_child(*f.type);
        const detail::owned_value none = detail::make_value(type);
        builder.field(f.name, type, none.get(), f.doc ? f.doc : "", f.item_only);
    }
    return builder.partial().build();
}

/// As snapshot_type, anew.
const TypeMeta& derive(const NodeType& t) {
    TypeRegistry& types = TypeRegistry::instance();
    switch (t.kind) {
    case NodeKind::TS: return t.scalar->kind == TypeKind::Optional ? *t.scalar->element : *t.scalar;
    case NodeKind::TSB: return bundle(t.base ? *t.base : t);
    case NodeKind::TSL:
        return t.list_size ? types.fixed_list(optional_child(*t.child), t.list_size)
                           : types.tuple_of(optional_child(*t.child));
    case NodeKind::TSS: return types.set(*t.scalar);
    case NodeKind::TSD: return types.map(*t.scalar, optional_child(*t.child));
    case NodeKind::TSW:
        if (t.by_time) return types.window(*t.scalar, timedelta{t.window_size}, timedelta{t.window_minimum});
        return types.window(*t.scalar, static_cast<std::size_t>(t.window_size),
                            static_cast<std::size_t>(t.window_minimum));
    case NodeKind::REF: return snapshot_type(*t.child);
    case NodeKind::SIGNAL: return type_of<bool>();
    }
    throw TypeError("a node of an unknown kind has no value");
}

} // namespace

const TypeMeta& snapshot_type(const NodeType& t) {
    if (t.is_leaf()) return derive(t);
    static std::shared_mutex lock;
    static auto& known = *new std::unordered_map<const NodeType*, const TypeMeta*>;
    {
        const std::shared_lock guard(lock);
        if (const auto found = known.find(&t); found != known.end()) return *found->second;
    }
    const TypeMeta& type = derive(t); // asks for the types of the children: not under the lock
    const std::unique_lock guard(lock);
    return *known.try_emplace(&t, &type).first->second;
}

} // namespace hgvalue
