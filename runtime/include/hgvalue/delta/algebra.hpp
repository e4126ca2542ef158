// Working with deltas: applying, following one by another, undoing.
#pragma once

#include <hgvalue/delta/delta_value.hpp>

namespace hgvalue {

/// A copy of `value` that is changed; errors as DeltaValue::apply_to.
Value apply(const DeltaValue& delta, const ConstValueView& value);

/// The change that is `first` and then `second`: `apply(compose(a, b), v) == apply(b, apply(a, v))`. Associative.
/// TypeError unless both are of one type, ValueError if `second` cannot follow `first`, as far as the two tell.
DeltaValue compose(const DeltaValue& first, const DeltaValue& second);

/// The change that undoes `delta`, which applies to `before`: `apply(invert(d, v), apply(d, v)) == v`. In time
/// proportional to the change, but for buffers, queues and windows that change, of which it holds all elements. Errors
/// as DeltaValue::apply_to.
DeltaValue invert(const DeltaValue& delta, const ConstValueView& before);

} // namespace hgvalue
