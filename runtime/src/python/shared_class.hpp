// One Python class for all modules that were compiled with the same type.
#pragma once

#include <hgvalue/core/type_registry.hpp>

#include <unordered_map>
#include <utility>
#include <vector>

namespace hgvalue::python {

/// The classes of one kind (structs, enums) by the identity of their type. Two modules that declare the same type with
/// the same layout share a class, whichever is imported first; another layout of it, as the dynamic backend makes, has
/// a class of its own.
template <class Class> class SharedClasses {
  public:
    /// The class for a type of this identity and layout; null, to be set by the caller, if there is none yet.
    const Class*& of(const TypeMeta& type) {
        auto& candidates = by_identity_[&TypeRegistry::instance().intern(type)];
        for (auto& [layout, cls] : candidates)
            if (same_layout(*layout, type)) return cls;
        return candidates.emplace_back(&type, nullptr).second;
    }

  private:
    std::unordered_map<const TypeMeta*, std::vector<std::pair<const TypeMeta*, const Class*>>> by_identity_;
};

} // namespace hgvalue::python
