// The type of a time series' plain value: what `QuoteValue` and `BoardValue` are values of.
#pragma once

#include <hgvalue/time_series/node_type.hpp>

namespace hgvalue {

/// What a node holds when it is valid. A TS gives its scalar; a TSS a set; a TSW a window; a TSB a partial bundle
/// called
/// `<name>Value`; a TSL an array or list and a TSD a map of what their children give, each optional: None stands for a
/// child that is not valid, and always for a reference. The same address for the same shape.
///
/// It is not the type of the storage, which has no room to say what is valid: NodeType::value is that.
const TypeMeta& snapshot_type(const NodeType& type);

} // namespace hgvalue
