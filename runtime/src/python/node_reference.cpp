// REF: what a reference can do besides reading as its target.
#include "node_reference.hpp"

#include "node_access.hpp"
#include "node_classes.hpp"

namespace nb = nanobind;

namespace hgvalue::python {

namespace {

PyObject* bind(PyObject* self, PyObject* target) {
    return guarded([&]() -> PyObject* {
        bind_node(self, target);
        return py_none();
    });
}

PyObject* get_is_valid(PyObject* self, void*) {
    return guarded([&]() -> PyObject* { return py_bool(resolve_reference(as_node(self)).valid()); });
}

PyObject* get_is_empty(PyObject* self, void*) {
    return guarded([&]() -> PyObject* {
        const node_ref n = resolve_reference(as_node(self));
        node_ref target;
        return py_bool(!n.reference().items && !engine::reference_target(n, target));
    });
}

PyObject* get_target(PyObject* self, void*) {
    return guarded([&]() -> PyObject* {
        node_ref target;
        if (!engine::reference_target(resolve_reference(as_node(self)), target)) return py_none();
        return handle_of(target);
    });
}

PyObject* get_items(PyObject* self, void*) {
    return guarded([&]() -> PyObject* { return reference_items_of(self); });
}

PyGetSetDef getset[] = {
    {"is_valid", get_is_valid, nullptr, "Whether it refers to something, and that is valid.", nullptr},
    {"is_empty", get_is_empty, nullptr, "Whether it refers to nothing, or to what is gone.", nullptr},
    {"target", get_target, nullptr, "What it refers to; None if it is empty, or refers to parts.", nullptr},
    {"items", get_items, nullptr,
     "The references to the parts that it was bound to, none otherwise; called, the items() of what it reads as.",
     nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr}};

PyMethodDef methods[] = {{"bind", bind, METH_O,
                          "bind($self, target, /)\n--\n\nMakes it refer to a time series of its type, or to nothing if "
                          "that is None; of a bundle or list of fixed size "
                          "also to parts, given as a dict or a tuple."},
                         {nullptr, nullptr, 0, nullptr}};

} // namespace

PyType_Slot ref_slots[] = {
    {Py_tp_doc, const_cast<char*>("A reference to another time series, which reads as that: REF[T].")},
    {Py_tp_getset, getset},
    {Py_tp_methods, methods},
    {0, nullptr}};

} // namespace hgvalue::python
