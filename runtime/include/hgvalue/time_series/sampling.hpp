// What is read through a reference in the tick in which it got its target: all that is valid there counts as modified,
// and what was to be seen before and is not there now, as removed.
#pragma once

#include <hgvalue/core/type_registry.hpp>
#include <hgvalue/time_series/engine.hpp>
#include <hgvalue/time_series/reference.hpp>

#include <cstdint>

namespace hgvalue {

/// What a node below a reference that got its target in this tick is to be compared with.
struct Sampling {
    bool sampled = false;    ///< it did: all that is valid counts as modified
    bool has_before = false; ///< something valid stood in its place when the tick began
    node_ref before;
};

/// Of a REF.
inline Sampling sampling_of(const node_ref& reference) {
    const reference_view v = engine::reference_read(reference);
    return {v.sampled, v.has_before, v.before};
}

/// The child that the dict `before` had for a key, of its key type, when the tick began; false if there was none.
bool earlier_child(const node_ref& before, const void* key, node_ref& found);

/// The keys of the set or dict that stood where `n` stands, as they were when the tick began.
class EarlierKeys {
  public:
    EarlierKeys(const node_ref& n, const Sampling& s)
        : now_(n), before_(s.before), any_(s.has_before && same_layout(*n.type->scalar, *s.before.type->scalar)) {}

    bool contains(const void* key) const;
    /// Calls `f(row, removed)` for those that `n` does not have; of the removed rows of `before` if `removed`.
    template <class F> void for_each_missing(F&& f) const {
        if (!any_) return;
        const keyed_state& k = before_.keyed();
        const bool current = engine::record_is_current(before_);
        for (std::uint32_t row = 0; row < before_.rows().size(); ++row)
            if (!(current && k.flags[row] & RowFlag::Added) && is_missing(before_.rows(), row)) f(row, false);
        if (!current || !k.removed) return;
        for (std::uint32_t row = 0; row < k.removed->store.size(); ++row)
            if (!(k.removed->flags[row] & RowFlag::Returned) && is_missing(k.removed->store, row)) f(row, true);
    }
    /// Calls `f(row)` for the rows of `n` that were not there.
    template <class F> void for_each_new(F&& f) const {
        for (std::uint32_t row = 0; row < now_.rows().size(); ++row)
            if (!contains(now_.rows().key(*now_.type->value, row))) f(row);
    }
    const node_ref& before() const noexcept { return before_; }

  private:
    bool is_missing(const row_store& store, std::uint32_t row) const;

    node_ref now_;
    node_ref before_;
    bool any_; ///< there are such keys, of the same form
};

} // namespace hgvalue
