// Plain values out of a time series and back into one.
#pragma once

#include <hgvalue/time_series/snapshot_type.hpp>

namespace hgvalue {

/// Copies what a node holds to `to`, a default value of `snapshot_type(*node.type)`. Of a node that is not valid
/// nothing is copied, neither are the keys and elements that an invalidated dict
/// or list keeps; nor of references, which are not data.
void take_snapshot(const node_ref& node, void* to);

/// ValueError unless a value of snapshot_type(type), of any layout, could be loaded at `now`.
void require_loadable(const NodeType& type, const TypeMeta& layout, const void* value, engine_time_t now);

/// Makes the node hold what `from`, a value of `snapshot_type(*node.type)`, says: what is None there is invalidated,
/// keys that are not there are removed, everything else is written and stamped with the current time. Windows keep the
/// times of their elements. ValueError, with nothing changed, if a window has an element of a later time than now;
/// StateError before the first tick.
void load_snapshot(const node_ref& node, const void* from);

} // namespace hgvalue
