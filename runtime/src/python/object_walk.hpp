// Finding the Python objects inside a time series, for the garbage collector.
#pragma once

#include <hgvalue/time_series/node_type.hpp>
#include <hgvalue/value/scalars.hpp>

namespace hgvalue::python {

/// Calls `visit(object&, state)` for each non-empty `object` in a value; stops at, and returns, the first non-zero.
using ObjectVisitor = int (*)(object&, void* state);
int walk_objects(const TypeMeta& type, void* value, ObjectVisitor visit, void* state);
/// The same for a node: its data, what it removed in this tick, and the last element a window let go.
int walk_objects(const node_ref& node, ObjectVisitor visit, void* state);

} // namespace hgvalue::python
