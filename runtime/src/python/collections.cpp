#include "collections.hpp"

#include "imported.hpp"

namespace hgvalue::python {

namespace {

constinit Imported mapping{"collections.abc", "Mapping"};
constinit Imported abstract_set{"collections.abc", "Set"};
constinit Imported sequence{"collections.abc", "Sequence"};

bool is_instance(PyObject* o, Imported& cls) { return checked(PyObject_IsInstance(o, cls.get())) != 0; }

} // namespace

nb::object dict_of_mapping(PyObject* o) {
    if (PyDict_Check(o)) return nb::borrow(o);
    if (!is_instance(o, mapping)) return {};
    nb::object dict = owned(PyDict_New());
    checked(PyDict_Update(dict.ptr(), o));
    return dict;
}

bool is_set(PyObject* o) { return PyAnySet_Check(o) || is_instance(o, abstract_set); }

nb::object items_of_sequence(PyObject* o) {
    if (PyList_Check(o) || PyTuple_Check(o)) return nb::borrow(o);
    if (PyUnicode_Check(o) || PyBytes_Check(o) || PyByteArray_Check(o)) return {};
    if (!is_instance(o, sequence)) return {};
    return owned(PySequence_List(o));
}

} // namespace hgvalue::python
