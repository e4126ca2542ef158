// The Python forms of nodes: value, delta_value and the pieces they are made of.
#pragma once

#include <hgvalue/time_series/node_type.hpp>

#include <Python.h>

namespace hgvalue::python {

/// `value`: None when not valid; TSB: dict of the valid fields; TSL: tuple; TSS: frozenset; TSD: dict with None for
/// children that are not valid; TSW: array, or None below a count window's minimum. New reference; throws.
PyObject* node_value(const node_ref& n);

/// `delta_value`: what the current tick changed; None when the node did not tick. New reference; throws.
PyObject* node_delta(const node_ref& n);

/// Whether the node has something to show in its parent's delta_value.
bool has_delta(const node_ref& n);

/// Keys that a TSS or TSD gained, or lost, in the current tick. `f` gets the address of each key.
template <class F> void for_each_added(const node_ref& n, F&& f) {
    const keyed_state& s = n.keyed();
    if (!s.touched_at(n.now()) || n.now() == MIN_DT) return;
    for (std::size_t i = 0; i < s.added.size(); ++i)
        if (const std::uint32_t row = s.places[s.added[i]].row; row != no_row && s.flags[row] & RowFlag::Added) f(row);
}
template <class F> void for_each_removed(const node_ref& n, F&& f) {
    const keyed_state& s = n.keyed();
    if (!s.touched_at(n.now()) || n.now() == MIN_DT || !s.removed) return;
    for (std::uint32_t row = 0; row < s.removed->store.size(); ++row)
        if (!(s.removed->flags[row] & RowFlag::Returned)) f(row);
}
/// Rows of a TSD whose child was written in the current tick.
template <class F> void for_each_written(const node_ref& n, F&& f) {
    const keyed_state& s = n.keyed();
    if (!s.touched_at(n.now()) || n.now() == MIN_DT) return;
    for (std::size_t i = 0; i < s.changed.size(); ++i)
        if (const std::uint32_t row = s.places[s.changed[i]].row; row != no_row && s.flags[row] & RowFlag::Written)
            f(row);
}

/// frozensets of the keys gained and lost. New references; throw.
PyObject* added_keys(const node_ref& n);
PyObject* removed_keys(const node_ref& n);
/// The content of a TSS, or the keys of a TSD, as a frozenset.
PyObject* key_frozenset(const node_ref& n);
/// SetDelta(added, removed) of a TSS or of a TSD's keys.
PyObject* set_delta_of(const node_ref& n);

/// The times of a TSW's elements, in the form of its value.
PyObject* window_times(const node_ref& n);

} // namespace hgvalue::python
