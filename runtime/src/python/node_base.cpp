// The members that every time series has.
#include "clock.hpp"
#include "node_access.hpp"
#include "node_classes.hpp"
#include "node_sampled.hpp"
#include "node_value.hpp"
#include "observers.hpp"

#include <hgvalue/core/type_of.hpp>
#include <hgvalue/time_series/describe.hpp>

namespace nb = nanobind;

namespace hgvalue::python {

namespace {

/// Converts by `convert(arena, node, where)`, then applies what that gives.
template <class Convert> void write_converted(PyObject* self, const Convert& convert) {
    const ObjectGuard guard;
    const PathStep start = here(self);
    Arena arena;
    const node_ref before = resolve_for_bind(as_node(self));
    before.context->writing_time();
    Write* w = convert(arena, before, &start);
    // Converting may have run Python code that moved or removed the node.
    const node_ref n = resolve_for_bind(as_node(self));
    check_write(arena, n, *w);
    mutation_scope scope(*n.context);
    apply_write(n, *w);
    scope.finish();
}

} // namespace

void write_node(PyObject* self, PyObject* value, NoneMeans none) {
    write_converted(self, [&](Arena& arena, const node_ref& n, const PathStep* where) {
        return convert_write(arena, *n.type, &n, value, none, where);
    });
}

void bind_node(PyObject* self, PyObject* target) {
    write_converted(self, [&](Arena& arena, const node_ref& n, const PathStep* where) {
        return convert_target(arena, n, target, where);
    });
}

namespace {

PyObject* get_value(PyObject* self, void*) {
    return guarded_hot([&]() -> PyObject* {
        const node_ref& n = resolve(as_node(self));
        if (n.type->kind == NodeKind::TS && n.type->scalar->kind == TypeKind::Scalar) return node_value(n);
        const CollectorPause pause;
        return node_value(n);
    });
}

/// Whether converting it runs no code of its own and makes no object that the collector knows.
bool is_plain_number_or_text(PyObject* o) noexcept {
    return o && (PyFloat_CheckExact(o) || PyLong_CheckExact(o) || PyUnicode_CheckExact(o) || PyBool_Check(o));
}

int set_value(PyObject* self, PyObject* value, void*) {
    return guarded_hot([&]() -> int {
        if (is_plain_number_or_text(value)) {
            write_node(self, value, NoneMeans::Invalidate);
            return 0;
        }
        const CollectorPause pause;
        if (!value)
            throw TypeError(path_of(as_node(self)) + ".value cannot be deleted; assign None or call invalidate()");
        write_node(self, value, NoneMeans::Invalidate);
        return 0;
    });
}

PyObject* get_delta_value(PyObject* self, void*) {
    return guarded([&]() -> PyObject* { return handle_delta(as_node(self)); });
}

PyObject* get_modified(PyObject* self, void*) {
    return guarded_hot([&]() -> PyObject* {
        NodeObject* n = as_node(self);
        return py_bool(n->reference ? resolve_reference(n).modified() : resolve(n).modified());
    });
}

PyObject* get_valid(PyObject* self, void*) {
    return guarded_hot([&]() -> PyObject* { return py_bool(resolve(as_node(self)).valid()); });
}

PyObject* get_all_valid(PyObject* self, void*) {
    return guarded_hot([&]() -> PyObject* { return py_bool(engine::all_valid(resolve(as_node(self)))); });
}

PyObject* get_last_modified_time(PyObject* self, void*) {
    return guarded_hot([&]() -> PyObject* { return time_to_python(resolve(as_node(self)).last_modified()); });
}

PyObject* get_path(PyObject* self, void*) {
    return guarded([&]() -> PyObject* {
        is_live(as_node(self)); // brings the addresses up to date that the path is read from
        const std::string path = path_of(as_node(self));
        return PyUnicode_FromStringAndSize(path.data(), static_cast<Py_ssize_t>(path.size()));
    });
}

PyObject* get_owner(PyObject* self, void*) {
    PyObject* parent = as_node(self)->parent;
    return Py_NewRef(parent ? parent : Py_None);
}

PyObject* root_of(PyObject* self) {
    while (as_node(self)->parent) self = as_node(self)->parent;
    return self;
}

PyObject* get_clock(PyObject* self, void*) { return Py_NewRef(as_node(root_of(self))->root->clock()); }

PyObject* get_schema(PyObject* self, void*) {
    return guarded([&]() -> PyObject* {
        const std::string text = schema_of(as_node(self));
        return PyUnicode_FromStringAndSize(text.data(), static_cast<Py_ssize_t>(text.size()));
    });
}

PyObject* apply_result(PyObject* self, PyObject* value) {
    return guarded([&]() -> PyObject* {
        write_node(self, value, NoneMeans::Nothing);
        return py_none();
    });
}

PyObject* can_apply_result(PyObject* self, PyObject* value) {
    return guarded([&]() -> PyObject* {
        const ObjectGuard guard;
        const PathStep start = here(self);
        resolve(as_node(self));
        try {
            const node_ref before = resolve_for_bind(as_node(self));
            before.context->writing_time();
            Arena arena;
            Write* w = convert_write(arena, *before.type, &before, value, NoneMeans::Nothing, &start);
            check_write(arena, resolve_for_bind(as_node(self)), *w);
            return py_bool(true);
        } catch (const Error&) {
            return py_bool(false);
        } catch (nb::python_error& e) {
            if (!says_unfit(e)) throw;
            return py_bool(false);
        }
    });
}

template <void (*Operation)(const node_ref&)> PyObject* call(PyObject* self, PyObject*) {
    return guarded([&]() -> PyObject* {
        const ObjectGuard guard;
        Operation(resolve_for_bind(as_node(self)));
        return py_none();
    });
}

PyObject* copy_from(PyObject* self, PyObject* other) {
    return guarded([&]() -> PyObject* {
        if (!PyObject_TypeCheck(other, reinterpret_cast<PyTypeObject*>(time_series_class())))
            throw_wrong_type("a time series of the same schema", other, nullptr);
        const ObjectGuard guard;
        const node_ref& to = resolve_for_write(as_node(self));
        const node_ref& from = resolve(as_node(other));
        if (as_node(other)->step == Step::KeySet)
            engine::copy_key_set(to, from);
        else
            engine::copy_node(to, from);
        return py_none();
    });
}

PyObject* advance(PyObject* self, PyObject* at) {
    return guarded([&]() -> PyObject* {
        NodeObject* n = as_node(self);
        if (!n->root) throw StateError(path_of(n) + ": only a root can be ticked, " + path_of(as_node(root_of(self))));
        n->root->ref().context->advance(time_from_python(at));
        return py_none();
    });
}

PyObject* tick(PyObject* self, PyObject* at) {
    PyObject* done = advance(self, at);
    if (!done) return nullptr;
    Py_DECREF(done);
    return Py_NewRef(self);
}

PyObject* enter(PyObject* self, PyObject*) {
    as_node(root_of(self))->root->context().clock->enter_block();
    return Py_NewRef(self);
}

PyObject* leave(PyObject* self, PyObject*) {
    return guarded([&]() -> PyObject* {
        as_node(root_of(self))->root->context().clock->leave_block();
        return py_none();
    });
}

PyObject* to_debug_string(PyObject* self, PyObject*) {
    return guarded([&]() -> PyObject* {
        const node_ref& n = resolve(as_node(self));
        const std::string text = debug_string(n, path_of(as_node(self)), n.now());
        return PyUnicode_FromStringAndSize(text.data(), static_cast<Py_ssize_t>(text.size()));
    });
}

/// What copy and pickle ask for. A part cannot be had without its root, and observers must not be copied.
PyObject* refuse_copy(PyObject* self, PyObject*) {
    return guarded([&]() -> PyObject* {
        throw TypeError(path_of(as_node(self)) +
                        ": a time series can be neither copied nor pickled; snapshot() gives its plain value, and "
                        "copy_from() makes another one equal to it");
    });
}

/// TS[float] in an annotation is TS.
PyObject* class_item(PyObject* cls, PyObject*) { return Py_NewRef(cls); }

} // namespace

PyGetSetDef node_getset[] = {
    {"value", get_value, set_value, "The current value; None when not valid. Assigning None invalidates.", nullptr},
    {"delta_value", get_delta_value, nullptr, "What the current tick changed; None when nothing did.", nullptr},
    {"modified", get_modified, nullptr, "Whether the node, or anything below it, was written in this tick.", nullptr},
    {"valid", get_valid, nullptr, "Whether the node was written and not invalidated since.", nullptr},
    {"all_valid", get_all_valid, nullptr, "Whether the node is valid and, of a collection, every child is.", nullptr},
    {"last_modified_time", get_last_modified_time, nullptr, "When it was last written; MIN_DT if never.", nullptr},
    {"path", get_path, nullptr, "Where the node stands, as an expression from its root.", nullptr},
    {"owner", get_owner, nullptr, "The time series that this one is part of; None of a root.", nullptr},
    {"clock", get_clock, nullptr, "The EvaluationClock of the root.", nullptr},
    {"schema", get_schema, nullptr, "The type, as it is written in a schema.", nullptr},
    {"has_observers", node_has_observers, nullptr, "Whether anyone subscribed to this node, or to keys of it.",
     nullptr},
    {"has_observers_in_subtree", node_has_observers_in_subtree, nullptr,
     "Whether anyone subscribed to this node or to anything below it.", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr}};

PyMethodDef node_methods[] = {
    {"apply_result", apply_result, METH_O,
     "apply_result($self, value, /)\n--\n\nWrites a value or a delta; None does nothing."},
    {"can_apply_result", can_apply_result, METH_O,
     "can_apply_result($self, value, /)\n--\n\nWhether apply_result would accept the value now."},
    {"invalidate", call<engine::invalidate>, METH_NOARGS, "invalidate($self, /)\n--\n\nMakes the node invalid."},
    {"clear", call<engine::clear>, METH_NOARGS, "clear($self, /)\n--\n\nRemoves the content of collections."},
    {"mark_modified", call<engine::mark_modified>, METH_NOARGS,
     "mark_modified($self, /)\n--\n\nTicks without a change of value."},
    {"copy_from", copy_from, METH_O,
     "copy_from($self, other, /)\n--\n\nMakes the node equal to another of the same schema."},
    {"snapshot", take_node_snapshot, METH_NOARGS,
     "snapshot($self, /)\n--\n\nA copy of what it holds, as its plain value; None if it is not valid. References are "
     "left out."},
    {"load", load_node_snapshot, METH_O,
     "load($self, value, /)\n--\n\nMakes it hold what a plain value, or the Python form of one, says: what is None "
     "there is invalidated, keys that "
     "are "
     "not there are removed, the rest is written. All or nothing."},
    {"delta", take_node_delta, METH_NOARGS,
     "delta($self, /)\n--\n\nWhat the current tick changed here and below, as a change of its plain value; empty if "
     "nothing ticked or became "
     "invalid. References are left out."},
    {"full_delta", take_full_node_delta, METH_NOARGS,
     "full_delta($self, /)\n--\n\nAll that it holds, as the delta of a tick that wrote it: apply() with it makes a "
     "time series that has nothing equal to this one. References are left out."},
    {"apply", apply_node_delta, METH_O,
     "apply($self, delta, /)\n--\n\nMakes it follow the time series whose tick a delta is of, at the current time. All "
     "or nothing: TypeError unless "
     "the delta is of its plain value, ValueError if it does not fit what it holds."},
    {"tick", tick, METH_O,
     "tick($self, at, /)\n--\n\nSets the evaluation time for what follows; may be used as a context manager."},
    {"advance", advance, METH_O, "advance($self, at, /)\n--\n\nSets the evaluation time for what follows."},
    HGVALUE_KEYWORD_METHOD(
        "subscribe", node_subscribe,
        "subscribe($self, observer, when='end')\n--\n\nHas an observer told of ticks in which the node changed."),
    {"unsubscribe", node_unsubscribe, METH_O,
     "unsubscribe($self, observer, /)\n--\n\nEnds what an observer subscribed to here; False if that was nothing."},
    {"to_debug_string", to_debug_string, METH_NOARGS,
     "to_debug_string($self, /)\n--\n\nValues and times of the node and what is below it."},
    {"__reduce_ex__", refuse_copy, METH_O, nullptr},
    {"__class_getitem__", class_item, METH_O | METH_CLASS, nullptr},
    {"__enter__", enter, METH_NOARGS, nullptr},
    {"__exit__", leave, METH_VARARGS, nullptr},
    {nullptr, nullptr, 0, nullptr}};

} // namespace hgvalue::python
