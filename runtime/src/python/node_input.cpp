// Bound inputs: an output, seen as the type that somebody wants to read, whichever output that is just now.
//
// See time_series/bound_value.hpp. Here an input also keeps its output alive.
#include "node_input.hpp"

#include "imported.hpp"
#include "node_access.hpp"
#include "node_classes.hpp"

#include <hgvalue/time_series/bound_value.hpp>
#include <hgvalue/time_series/built_node.hpp>

namespace nb = nanobind;

namespace hgvalue::python {

namespace {

Imported schema_match{"hgvalue._inputs", "SchemaMatch"};

PyObject* match_object(SchemaMatch match) {
    static const char* const names[] = {"Peer", "Deref", "Composite", "Mismatch"};
    return owned(PyObject_GetAttrString(schema_match.get(), names[static_cast<std::size_t>(match)])).release().ptr();
}

InputState& state(PyObject* self) { return *as_node(self)->root->input; }
node_ref input_node(PyObject* self) { return as_node(self)->root->ref(); }

NodeObject* output_of(PyObject* o) {
    if (!PyObject_TypeCheck(o, reinterpret_cast<PyTypeObject*>(time_series_class())))
        throw_wrong_type("a time series", o, nullptr);
    return as_node(o);
}

/// The type that a class of a schema, or a time series, stands for; null for anything else.
const NodeType* type_of_schema(PyObject* schema) {
    if (PyObject_TypeCheck(schema, reinterpret_cast<PyTypeObject*>(time_series_class())))
        return as_node(schema)->reference ? as_node(schema)->ref.type : resolve_for_reference(as_node(schema)).type;
    return PyType_Check(schema) ? node_type_of_class(reinterpret_cast<PyTypeObject*>(schema)) : nullptr;
}

const NodeType& required_type(PyObject* schema) {
    const NodeType* type = type_of_schema(schema);
    if (!type) throw_wrong_type("a class of a schema, or a time series", schema, nullptr);
    return *type;
}

/// Connects an input to an output, or throws with both schemas.
void connect(PyObject* self, PyObject* output) {
    const SchemaMatch match = engine::input_connect(input_node(self), resolve_for_reference(output_of(output)));
    const nb::object old = nb::steal(std::exchange(state(self).output, Py_NewRef(output)));
    state(self).match = match;
}

PyObject* bind(PyObject*, PyObject* args) {
    return guarded([&]() -> PyObject* {
        PyObject *schema = nullptr, *output = nullptr;
        if (!PyArg_UnpackTuple(args, "bind", 2, 2, &schema, &output)) throw_python_error();
        const NodeType& wanted = engine::input_type(required_type(schema));
        NodeObject* from = output_of(output);
        while (from->parent) from = as_node(from->parent);
        const nb::object input = owned(new_root(input_class(wanted), built::reference(wanted), from->root->clock()));
        as_node(input.ptr())->root->input = std::make_unique<InputState>();
        connect(input.ptr(), output);
        return Py_NewRef(input.ptr());
    });
}

PyObject* match(PyObject*, PyObject* args) {
    return guarded([&]() -> PyObject* {
        PyObject *wanted = nullptr, *given = nullptr;
        if (!PyArg_UnpackTuple(args, "match_schemas", 2, 2, &wanted, &given)) throw_python_error();
        const auto declared = [](PyObject* schema) -> const NodeType& {
            // A reference stands for its own type here, not for what it reads as.
            if (PyObject_TypeCheck(schema, reinterpret_cast<PyTypeObject*>(time_series_class())))
                return *resolve_for_reference(as_node(schema)).type;
            return required_type(schema);
        };
        return match_object(match_schemas(declared(wanted), declared(given)));
    });
}

PyObject* rebind(PyObject* self, PyObject* output) {
    return guarded([&]() -> PyObject* {
        connect(self, output);
        return py_none();
    });
}

PyObject* unbind(PyObject* self, PyObject*) {
    return guarded([&]() -> PyObject* {
        engine::reference_unwire(input_node(self));
        const nb::object old = nb::steal(std::exchange(state(self).output, nullptr));
        return py_none();
    });
}

template <bool active> PyObject* make(PyObject* self, PyObject*) {
    return guarded([&]() -> PyObject* {
        engine::input_set_active(input_node(self), active);
        return py_none();
    });
}

bool is_bound(PyObject* self) {
    node_ref n;
    return engine::reference_target(input_node(self), n);
}

PyObject* get_bound(PyObject* self, void*) {
    return guarded([&]() -> PyObject* { return py_bool(is_bound(self)); });
}

PyObject* get_active(PyObject* self, void*) { return py_bool(engine::input_is_active(input_node(self))); }

PyObject* get_sampled(PyObject* self, void*) {
    return guarded([&]() -> PyObject* { return py_bool(is_bound(self) && sampling_of(as_node(self)).sampled); });
}

PyObject* get_previous_target(PyObject* self, void*) {
    return guarded([&]() -> PyObject* {
        const Sampling s = sampling_of(as_node(self));
        return s.has_before ? handle_of(s.before) : py_none();
    });
}

PyObject* get_output(PyObject* self, void*) { return Py_NewRef(state(self).output ? state(self).output : Py_None); }

PyObject* get_kind(PyObject* self, void*) {
    return guarded([&]() -> PyObject* { return match_object(state(self).match); });
}

PyGetSetDef getset[] = {
    {"bound", get_bound, nullptr, "Whether it has an output that is still there.", nullptr},
    {"active", get_active, nullptr, "Whether its observers are told of its ticks. It reads the same if not.", nullptr},
    {"sampled", get_sampled, nullptr, "Whether it came to read something else in this tick.", nullptr},
    {"previous_target", get_previous_target, nullptr, "What it read before, in a tick in which it is sampled.",
     nullptr},
    {"output", get_output, nullptr, "What it is bound to, or None.", nullptr},
    {"kind", get_kind, nullptr, "How the schema of the output fits: Peer, Deref or Composite.", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr}};

PyMethodDef methods[] = {
    {"make_active", make<true>, METH_NOARGS,
     "make_active($self, /)\n--\n\nHas its observers told of its ticks again; at once, if it ticked in this one."},
    {"make_passive", make<false>, METH_NOARGS,
     "make_passive($self, /)\n--\n\nLets its ticks pass without telling its observers."},
    {"rebind", rebind, METH_O, "rebind($self, output, /)\n--\n\nBinds it to another output."},
    {"unbind", unbind, METH_NOARGS, "unbind($self, /)\n--\n\nLeaves it without an output."},
    {nullptr, nullptr, 0, nullptr}};

PyMethodDef functions[] = {
    {"bind", bind, METH_VARARGS, "bind(schema, output, /)\n--\n\nAn input that reads an output as a schema."},
    {"match_schemas", match, METH_VARARGS,
     "match_schemas(wanted, given, /)\n--\n\nHow a time series fits the schema that is wanted."},
    {nullptr, nullptr, 0, nullptr}};

} // namespace

PyType_Slot input_slots[] = {
    {Py_tp_doc, const_cast<char*>("An output as it is read by somebody, made by hgvalue.bind().")},
    {Py_tp_getset, getset},
    {Py_tp_methods, methods},
    {0, nullptr}};

void init_inputs(PyObject* module) { checked(PyModule_AddFunctions(module, functions)); }

} // namespace hgvalue::python
