// snapshot() and load(): plain values out of time series and back into them; delta() and apply(): what a tick changed.
#include "generic_delta.hpp"
#include "generic_view.hpp"
#include "node_access.hpp"
#include "plain_classes.hpp"

#include <hgvalue/time_series/engine.hpp>
#include <hgvalue/time_series/snapshot.hpp>
#include <hgvalue/time_series/tick_delta.hpp>
#include <hgvalue/value/value.hpp>

namespace hgvalue::python {

namespace {

void require_own_value(NodeObject* n) {
    if (n->step == Step::KeySet)
        throw TypeError(path_of(n) + ": a key_set has no plain value of its own; use those of its dict");
}

} // namespace

PyObject* take_node_snapshot(PyObject* self, PyObject*) {
    return guarded([&] {
        require_own_value(as_node(self));
        const node_ref& n = resolve(as_node(self));
        if (!n.valid()) return py_none();
        Value taken(snapshot_type(*n.type));
        take_snapshot(n, taken.data());
        return plain_object(*n.type, std::move(taken)).release().ptr();
    });
}

PyObject* load_node_snapshot(PyObject* self, PyObject* from) {
    return guarded([&] {
        require_own_value(as_node(self));
        const ObjectGuard guard;
        const node_ref before = resolve_for_write(as_node(self));
        before.context->writing_time();
        if (from == Py_None) {
            engine::invalidate(before);
            return py_none();
        }
        Value made(snapshot_type(*before.type));
        const PathStep where = here(self);
        from_python(*made.schema(), made.data(), from, &where);
        const node_ref n = resolve_for_write(as_node(self)); // a conversion may have run any code
        load_snapshot(n, made.data());
        return py_none();
    });
}

PyObject* take_node_delta(PyObject* self, PyObject*) {
    return guarded([&] {
        require_own_value(as_node(self));
        const node_ref& n = resolve(as_node(self));
        return delta_object(delta_class_of(*n.type), tick_delta(n));
    });
}

PyObject* take_full_node_delta(PyObject* self, PyObject*) {
    return guarded([&] {
        require_own_value(as_node(self));
        const node_ref& n = resolve(as_node(self));
        return delta_object(delta_class_of(*n.type), full_delta(n));
    });
}

PyObject* apply_node_delta(PyObject* self, PyObject* delta) {
    return guarded([&] {
        require_own_value(as_node(self));
        const std::string where = path_of(as_node(self));
        if (!is_delta(delta))
            throw TypeError(where + ": apply takes a Delta, as delta() gives, not " + describe(delta) +
                            "; a value or a delta_value is written by apply_result");
        UsedDelta used(delta);
        const ObjectGuard guard;
        const node_ref& n = resolve_for_write(as_node(self));
        n.context->writing_time();
        const TypeMeta& held = snapshot_type(*n.type);
        if (!same_type(used.value_type(), held))
            throw TypeError(where + ": a delta of " + type_name(used.value_type()) +
                            " cannot change a time series that holds " + type_name(held));
        try {
            apply_tick(n, used.value());
        } catch (const ValueError& e) {
            throw ValueError(where + ": " + e.what());
        }
        return py_none();
    });
}

} // namespace hgvalue::python
