#include "collections.hpp"

namespace hgvalue::python {

namespace {

/// One of the abstract base classes of collections.abc.
PyObject* abstract(const char* name) {
    return owned(PyObject_GetAttrString(owned(PyImport_ImportModule("collections.abc")).ptr(), name)).release().ptr();
}

} // namespace

nb::object dict_of_mapping(PyObject* o) {
    if (PyDict_Check(o)) return nb::borrow(o);
    static PyObject* const mapping = abstract("Mapping");
    if (!checked(PyObject_IsInstance(o, mapping))) return {};
    nb::object dict = owned(PyDict_New());
    checked(PyDict_Update(dict.ptr(), o));
    return dict;
}

bool is_set(PyObject* o) {
    if (PyAnySet_Check(o)) return true;
    static PyObject* const set = abstract("Set");
    return checked(PyObject_IsInstance(o, set)) != 0;
}

nb::object items_of_sequence(PyObject* o) {
    if (PyList_Check(o) || PyTuple_Check(o)) return nb::borrow(o);
    if (PyUnicode_Check(o) || PyBytes_Check(o) || PyByteArray_Check(o)) return {};
    static PyObject* const sequence = abstract("Sequence");
    if (!checked(PyObject_IsInstance(o, sequence))) return {};
    return owned(PySequence_List(o));
}

} // namespace hgvalue::python
