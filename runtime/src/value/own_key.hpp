// A key that somebody gives, in the layout that a set or map has its keys in.
#pragma once

#include "layouts.hpp"
#include "temporary.hpp"

#include <hgvalue/value/kind_ops.hpp>
#include <hgvalue/value/row_store.hpp>

#include <cstddef>
#include <optional>

namespace hgvalue::detail {

/// The key and its hash. Nothing is copied unless the layouts differ. TypeError for a key of another type.
class own_key {
  public:
    own_key(const TypeMeta& store, ValueArgument key) : data_(key.data) {
        const TypeMeta& type = key_meta(store);
        if (!same_bytes(type, *key.type)) data_ = converted_.emplace(type, *key.type, key.data).get();
        hash_ = type.ops->hash(type, data_);
    }
    const void* data() const noexcept { return data_; }
    std::size_t hash() const noexcept { return hash_; }

  private:
    std::optional<temporary> converted_;
    const void* data_;
    std::size_t hash_;
};

} // namespace hgvalue::detail
