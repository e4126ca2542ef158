// What the registry keeps. One lock guards all of it; it is never held while code of a type runs.
#pragma once

#include "built_type.hpp"

#include <hgvalue/core/type_registry.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace hgvalue {

struct TypeRegistry::state {
    mutable std::shared_mutex lock;

    /// By what it is made of, with the addresses of its parts: one entry for each layout that was asked for.
    std::unordered_map<std::string, std::unique_ptr<const detail::built_type>> built;
    /// From any layout to the type's identity.
    std::unordered_map<const TypeMeta*, const TypeMeta*> interned;
    /// Named types by what they are made of, with the identities of their parts.
    std::unordered_map<std::string, const TypeMeta*> named_by_content;
    /// By name, bare and with the module. An ordered map, so that near names are found in a stable order.
    std::multimap<std::string, const TypeMeta*, std::less<>> by_name;
    std::map<std::string, const TypeMeta*, std::less<>> aliases;
    std::unordered_map<std::uint64_t, const TypeMeta*> by_fingerprint;
    std::unordered_map<void*, const TypeMeta*> by_python_type;
    std::set<std::string, std::less<>> texts; ///< a set's elements stay where they are

    /// Looks up under the shared lock.
    template <class Map, class Key> const TypeMeta* look_up(const Map& map, const Key& key) const {
        const std::shared_lock guard(lock);
        const auto found = map.find(key);
        return found == map.end() ? nullptr : found->second;
    }
    /// The type built for `key`, which `make` builds if nobody did.
    template <class Make> const TypeMeta& build(const std::string& key, const Make& make) {
        {
            const std::shared_lock guard(lock);
            if (const auto found = built.find(key); found != built.end()) return *found->second;
        }
        std::unique_ptr<detail::built_type> made = make();
        detail::lay_out(*made);
        const std::unique_lock guard(lock);
        return *built.try_emplace(key, std::move(made)).first->second; // another thread's, if it was first
    }
};

namespace detail {

/// Whether the type is one that is built in: laid out alike wherever it was compiled, so that one meta stands for all.
inline bool is_plain_scalar(const TypeMeta& m) noexcept {
    return m.kind == TypeKind::Scalar && m.scalar != ScalarKind::Enum && m.scalar != ScalarKind::None;
}
/// The meta of this library for a plain scalar.
const TypeMeta& plain_scalar(ScalarKind kind);

/// Names the built-in types, their aliases, and nothing else.
void add_builtin_names(TypeRegistry& registry);

} // namespace detail
} // namespace hgvalue
