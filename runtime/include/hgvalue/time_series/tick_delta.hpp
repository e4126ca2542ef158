// The delta of a tick: what it changed in a node of any kind, as a delta of the node's plain value, and following it.
//
// The rule both follow: a follower that applies the delta of every tick equals its leader at every node, in value,
// validity and keys. Generated classes have typed deltas of their own, see delta/capture.hpp; these are for everything
// that does not know the class.
#pragma once

#include <hgvalue/delta/delta_value.hpp>
#include <hgvalue/time_series/node_type.hpp>

namespace hgvalue {

/// What the current tick changed in the node and below it: a delta of snapshot_type(*node.type), empty if nothing
/// ticked or became invalid there. References are left out. In time proportional to what changed, and, of a dict that
/// became valid, to its keys.
///
/// Beyond what a diff of two snapshots says: which nodes ticked (marks), all elements a window took, and the children
/// that a dict or list keeps while it is not valid. A snapshot does not show those. What changes them is inside a
/// `Reset`; a child that is new and has some is among the new ones and among those that change.
DeltaValue tick_delta(const node_ref& node);

/// All that the node holds, valid or not, as the delta of a tick that wrote it: apply_tick with it makes a node that
/// never ticked, and has nothing, equal to this one. Empty if there is nothing. References are left out. In time
/// proportional to what there is.
DeltaValue full_delta(const node_ref& node);

/// Makes the node follow the one the delta was taken from; writes, stamps and notifies at the current time. TypeError
/// unless the delta is of snapshot_type(*node.type). ValueError, with nothing changed, if it does not fit what the
/// node holds, as DeltaValue::apply_to, or if a window gets elements of a later time than now. StateError before the
/// first tick.
void apply_tick(const node_ref& node, const DeltaValue& delta);

} // namespace hgvalue
