// The difference of two values, and the whole of one, as deltas.
#pragma once

#include <hgvalue/delta/delta_value.hpp>

namespace hgvalue {

/// What makes `to` of `from`: `apply(diff(a, b), a) == b`. Floats are compared by their bits, all else by equality, so
/// the order of rows makes no difference. TypeError unless both are of one type. Takes time proportional to the values,
/// or n log n in the number of keys that differ.
DeltaValue diff(const ConstValueView& from, const ConstValueView& to);

/// The value as a change of its type's default value, which names every part of it: all fields, and all elements of
/// what is not empty.
DeltaValue full_delta(const ConstValueView& value);

} // namespace hgvalue
