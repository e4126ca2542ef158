// What is read through a reference in the tick in which it got its target: all that is valid there counts as modified,
// and what was to be seen before and is not there now, as removed.
#pragma once

#include "node_object.hpp"

#include <Python.h>

namespace hgvalue::python {

/// delta_value of a handle's node, through a reference or not. New reference; throws.
PyObject* handle_delta(NodeObject* self);

/// delta_value of a REF. New reference; throws.
PyObject* reference_delta_value(const node_ref& reference);

/// The child that the dict `before` had for a key, of its key type, when the tick began; false if there was none.
bool earlier_child(const node_ref& before, const void* key, node_ref& found);

/// The keys of the set or dict that stood where `n` stands, as they were when the tick began.
class EarlierKeys {
  public:
    EarlierKeys(const node_ref& n, const Sampling& s);

    bool contains(const void* key) const;
    /// Calls `f(row, removed)` for those that `n` does not have; of the removed rows of `before` if `removed`.
    template <class F> void for_each_missing(F&& f) const {
        if (!any_) return;
        const keyed_state& k = before_.keyed();
        const bool current = record_is_current();
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
    bool record_is_current() const noexcept;
    bool is_missing(const row_store& store, std::uint32_t row) const;

    node_ref now_;
    node_ref before_;
    bool any_; ///< there are such keys, of the same form
};

/// frozensets of the keys gained and lost; SetDelta of both. New references; throw.
PyObject* sampled_added(const EarlierKeys& keys, const node_ref& n);
PyObject* sampled_removed(const EarlierKeys& keys);
PyObject* sampled_set_delta(const EarlierKeys& keys, const node_ref& n);

} // namespace hgvalue::python
