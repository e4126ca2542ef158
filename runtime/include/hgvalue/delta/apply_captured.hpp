// Applying the typed delta of a root to a plain value of it, in a program that links libhgvalue.
#pragma once

#include <hgvalue/time_series/root.hpp>
#include <hgvalue/time_series/snapshot.hpp>
#include <hgvalue/value/assign.hpp>
#include <hgvalue/value/format.hpp>
#include <hgvalue/value/value.hpp>

namespace hgvalue {

/// The value of the root after the tick that `delta` tells of, where `before` is the one before it, of
/// snapshot_type(Shape::type). Null stands for a root that is not valid, before and after. As in the root, elements of
/// windows by time whose time is over at `delta.time` are not there any more. TypeError for a value of another type,
/// ValueError for one that has elements of a later time, or if the delta changes something and has no time.
template <class Shape> Value apply(const root_delta<Shape>& delta, const ConstValueView& before) {
    time_series<Shape> root;
    const node_ref n = root.ref();
    const TypeMeta& type = snapshot_type(*n.type);
    if (before.valid() && !same_type(type, *before.schema()))
        throw TypeError("applying a delta: expected a value of type " + type_name(type) + ", got one of type " +
                        type_name(*before.schema()));
    if (delta.time == MIN_DT) {
        if (!delta.empty()) throw ValueError("the delta has no time: it was not taken from a root");
        return before.valid() ? Value(before) : Value::null(type);
    }
    root.tick(delta.time);
    if (before.valid()) {
        Value loaded(type);
        assign_value(type, loaded.data(), *before.schema(), before.data());
        load_snapshot(n, loaded.data());
    }
    root.apply(delta);
    if (!n.valid()) return Value::null(type);
    Value after(type);
    take_snapshot(n, after.data());
    return after;
}

} // namespace hgvalue
