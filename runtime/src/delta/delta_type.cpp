// Derives the types of deltas.
#include "content.hpp"

#include <hgvalue/delta/delta_type.hpp>

#include <algorithm>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>
#include <vector>

namespace hgvalue {
namespace {

/// What was derived before, by interned value type.
class type_cache {
  public:
    template <class Derive> const TypeMeta& get(const TypeMeta& value_type, const Derive& derive) {
        {
            const std::shared_lock lock(mutex_);
            if (const auto it = known_.find(&value_type); it != known_.end()) return *it->second;
        }
        const TypeMeta& derived = derive(value_type); // which comes back here for the parts
        const std::unique_lock lock(mutex_);
        return *known_.emplace(&value_type, &derived).first->second;
    }

  private:
    std::shared_mutex mutex_;
    std::unordered_map<const TypeMeta*, const TypeMeta*> known_;
};

/// Never destroyed: types live as long as the process.
type_cache& contents() {
    static auto& cache = *new type_cache;
    return cache;
}
type_cache& roots() {
    static auto& cache = *new type_cache;
    return cache;
}

TypeRegistry& registry() { return TypeRegistry::instance(); }

/// A tuple rather than a list, because tuples can be hashed.
const TypeMeta& column_of(const TypeMeta& element) { return registry().tuple_of(element); }

BundleTypeBuilder start() {
    BundleTypeBuilder b = registry().bundle();
    b.field<std::uint8_t>("marks");
    return b;
}

/// The changes of a bundle's or tuple's fields, in a type of the same kind.
const TypeMeta& changes_of_fields(const TypeMeta& v) {
    if (v.kind == TypeKind::Tuple) {
        std::vector<const TypeMeta*> types(v.field_count);
        for (std::uint32_t i = 0; i < v.field_count; ++i) types[i] = &delta_content_type(*v.fields[i].type);
        return registry().tuple(types);
    }
    BundleTypeBuilder b = registry().bundle();
    for (std::uint32_t i = 0; i < v.field_count; ++i) b.field(v.fields[i].name, delta_content_type(*v.fields[i].type));
    return b.build();
}

const TypeMeta& derive_optional(const TypeMeta& v) {
    BundleTypeBuilder b = start();
    b.field<std::uint8_t>("state").field("value", v);
    if (!is_atomic(*v.element)) b.field("inside", registry().optional(delta_content_type(*v.element)));
    return b.build();
}

const TypeMeta& derive_fields(const TypeMeta& v) {
    const std::size_t words = std::max<std::size_t>(1, (std::size_t{v.field_count} + 63) / 64);
    return start()
        .field("changed", registry().tuple(std::vector(words, &interned_type_of<std::uint64_t>())))
        .field("fields", changes_of_fields(v))
        .build();
}

const TypeMeta& derive_list(const TypeMeta& v) {
    BundleTypeBuilder b = start();
    if (v.fixed_size == 0) b.field<std::uint64_t>("kept").field<std::uint64_t>("dropped");
    b.field("indices", column_of(interned_type_of<std::uint64_t>()));
    b.field("updated", column_of(delta_content_type(*v.element)));
    if (v.fixed_size == 0) b.field("appended", column_of(*v.element));
    return b.build();
}

const TypeMeta& derive_ring(const TypeMeta& v) {
    BundleTypeBuilder b = start();
    b.field<std::uint64_t>("kept").field<std::uint64_t>("dropped").field("appended", column_of(*v.element));
    if (v.kind == TypeKind::Window) b.field("times", column_of(interned_type_of<datetime>()));
    return b.build();
}

const TypeMeta& derive_content(const TypeMeta& v) {
    switch (v.kind) {
    case TypeKind::Optional: return derive_optional(v);
    case TypeKind::Bundle:
    case TypeKind::Tuple: return derive_fields(v);
    case TypeKind::List: return derive_list(v);
    case TypeKind::Set: {
        const TypeMeta& keys = column_of(*v.element);
        return start().field("removed", keys).field("added", keys).build();
    }
    case TypeKind::Map: {
        const TypeMeta& keys = column_of(*v.key);
        return start()
            .field("removed_keys", keys)
            .field("added_keys", keys)
            .field("added_values", column_of(*v.element))
            .field("updated_keys", keys)
            .field("updated", column_of(delta_content_type(*v.element)))
            .build();
    }
    case TypeKind::CyclicBuffer:
    case TypeKind::Queue:
    case TypeKind::Window: return derive_ring(v);
    case TypeKind::Scalar:
    case TypeKind::Variant:
    case TypeKind::Ref: break;
    }
    return v;
}

} // namespace

const TypeMeta& delta_content_type(const TypeMeta& value_type) {
    const TypeMeta& v = registry().intern(value_type);
    return is_atomic(v) ? v : contents().get(v, derive_content);
}

const TypeMeta& delta_type(const TypeMeta& value_type) {
    const TypeMeta& v = registry().intern(value_type);
    if (!is_atomic(v)) return delta_content_type(v);
    return roots().get(v, [](const TypeMeta& atomic) -> const TypeMeta& {
        return start().field("value", registry().optional(atomic)).build();
    });
}

} // namespace hgvalue
