// Working with deltas: applying, following one by another, undoing.
#pragma once

#include <hgvalue/delta/delta_value.hpp>

namespace hgvalue {

/// A copy of `value` that is changed; errors as DeltaValue::apply_to. As in the time series, elements of windows by
/// time whose time is over at `delta.time()` are not there any more, wherever they are in it.
Value apply(const DeltaValue& delta, const ConstValueView& value);
/// Lets go of the elements of windows by time that are over at `now`, anywhere in the value. A null stays as it is.
void expire(Value& value, engine_time_t now);

/// The change that is `first` and then `second`: `apply(compose(a, b), v) == apply(b, apply(a, v))`. Associative.
/// TypeError unless both are of one type, ValueError if `second` cannot follow `first`, as far as the two tell. Its
/// time is the later one.
DeltaValue compose(const DeltaValue& first, const DeltaValue& second);

/// The change that undoes `delta`, which applies to `before`: `apply(invert(d, v), apply(d, v)) == v`. In time
/// proportional to the change, but for buffers, queues and windows that change, of which it holds all elements. Errors
/// as DeltaValue::apply_to. `before` may be null: a time series that was not valid had no value.
///
/// The inverse of the delta of a tick can be applied to the time series it came from, in a later tick: it restores
/// value, validity and keys, and windows with the elements, and their times, that they had, but for those that are over
/// meanwhile. It has no time of its own.
DeltaValue invert(const DeltaValue& delta, const ConstValueView& before);

} // namespace hgvalue
