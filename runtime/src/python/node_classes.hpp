// The Python classes of time-series nodes: one per kind, and one per generated bundle or root.
#pragma once

#include <hgvalue/time_series/node_type.hpp>

#include <Python.h>

namespace hgvalue::python {

/// The class of handles to nodes of this type: the generated class if it has one, else that of its kind. Borrowed.
PyTypeObject* class_of(const NodeType& type);
/// The class of a kind of node, whatever its type. Borrowed.
PyTypeObject* kind_class_of(const NodeType& type);
/// The class of a dict's key_set. Borrowed.
PyTypeObject* key_set_class();

/// The class of inputs that read nodes of this type. Borrowed.
PyTypeObject* input_class(const NodeType& type);
/// The type that a generated class, or a class derived from one, stands for; null for any other.
const NodeType* node_type_of_class(PyTypeObject* cls);

/// The name of field `i` of a bundle, an interned str. Borrowed.
PyObject* field_name(const NodeType& type, std::uint32_t i);

/// The base of all node classes. Borrowed.
PyObject* time_series_class();

/// Makes the class of a generated bundle or root. `python_module` is its __module__. New reference.
PyObject* make_node_class(const NodeType& type, const char* python_module);

/// Makes the classes of the kinds and adds them to `module` (hgvalue._hgvalue). Throws nb::python_error.
void init_kind_classes(PyObject* module);

// The members of each kind's class, in node_<kind>.cpp; all are slot tables ended by {0, nullptr}.
extern PyMethodDef node_methods[];
extern PyGetSetDef node_getset[];
extern PyType_Slot ts_slots[];
extern PyType_Slot signal_slots[];
extern PyType_Slot ref_slots[];
extern PyType_Slot input_slots[];
extern PyType_Slot tsb_slots[];
extern PyType_Slot tsl_slots[];
extern PyType_Slot dynamic_tsl_slots[];
extern PyType_Slot tss_slots[];
extern PyType_Slot tsd_slots[];
extern PyType_Slot tsw_slots[];
extern PyType_Slot key_set_slots[];

} // namespace hgvalue::python
