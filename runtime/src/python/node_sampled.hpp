// What is read through a reference in the tick in which it got its target, for Python; see time_series/sampling.hpp.
#pragma once

#include "node_object.hpp"

#include <hgvalue/time_series/sampling.hpp>

#include <Python.h>

namespace hgvalue::python {

/// delta_value of a handle's node, through a reference or not. New reference; throws.
PyObject* handle_delta(NodeObject* self);

/// delta_value of a REF. New reference; throws.
PyObject* reference_delta_value(const node_ref& reference);

/// frozensets of the keys gained and lost; SetDelta of both. New references; throw.
PyObject* sampled_added(const EarlierKeys& keys, const node_ref& n);
PyObject* sampled_removed(const EarlierKeys& keys);
PyObject* sampled_set_delta(const EarlierKeys& keys, const node_ref& n);

} // namespace hgvalue::python
