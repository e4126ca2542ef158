// Following, before anything changes: whether a delta fits a node.
#pragma once

#include "../delta/content.hpp"

#include <hgvalue/time_series/node_type.hpp>
#include <hgvalue/value/value.hpp>

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace hgvalue::ticks {

namespace part = detail::part;
using detail::column;
using detail::column_at;
using detail::payload_at;

inline OptionalChange state_at(const TypeMeta& m, const void* c) {
    return *static_cast<const OptionalChange*>(detail::field_at(m, c, part::optional::state));
}
inline const TypeMeta& inside_type(const TypeMeta& m) { return *m.fields[part::optional::inside].type->element; }
/// The change inside an optional, or null; a leaf has no room for one.
inline const void* inside_of(const TypeMeta& m, const void* c) {
    return m.field_count > part::optional::inside ? payload_at(m, c, part::optional::inside) : nullptr;
}

inline std::uint64_t index_at(const column& indices, std::size_t i) { return indices.as<std::uint64_t>(i); }

/// Calls `f(i, field)` for the fields that change.
template <class F> void each_field(const TypeMeta& v, const TypeMeta& m, const void* c, const F& f) {
    const detail::field_mask changed(m, c);
    for (std::uint32_t i = 0; i < v.field_count; ++i)
        if (changed[i]) f(i);
}

/// The new values of leaves in which a delta changes something, by the change. They are made before anything is
/// written, and taken in the order in which they were made.
class LeafValues {
  public:
    void add(const void* change, Value value) { made_.push_back({change, std::move(value)}); }
    /// Null if there is none for this change.
    const Value* take(const void* change) {
        for (std::size_t i = next_; i < made_.size(); ++i)
            if (made_[i].change == change) {
                next_ = i + 1;
                return &made_[i].value;
            }
        return nullptr;
    }

  private:
    struct made {
        const void* change;
        Value value;
    };
    std::vector<made> made_;
    std::size_t next_ = 0;
};

/// Whether the node is as one that was loaded from a snapshot in which it has no value: a dict or list may have
/// children all the same, which a snapshot does not show.
inline bool may_lack_children(const node_ref& n) {
    if (n.valid()) return false;
    if (n.type->kind == NodeKind::TSD) return n.rows().empty();
    return n.type->is_dynamic_list() && list_length(n) == 0;
}

/// ValueError unless the content of a delta fits the node. `m` is the type of `c`, a change of `v`.
LeafValues check_tick(const node_ref& n, const TypeMeta& v, const TypeMeta& m, const void* c);

/// What the leaf holds after something changed inside.
Value changed_leaf(const detail::place* p, const node_ref& n, const TypeMeta& m, const void* c);

} // namespace hgvalue::ticks
