// What counts as a set, mapping or sequence: the builtin, or anything that collections.abc says is one.
#pragma once

#include "errors.hpp"

namespace hgvalue::python {

/// The content of a Mapping as a dict; empty for anything else. A dict is given as it is.
nb::object dict_of_mapping(PyObject* o);

/// Whether `o` is a Set.
bool is_set(PyObject* o);

/// A Sequence as a list or tuple; empty for anything else. A str is no sequence here, nor are bytes.
nb::object items_of_sequence(PyObject* o);

/// Calls `f(key, value)` for each entry of a dict, in its order. What f runs may change the dict: StateError if that
/// makes it longer or shorter.
template <class F> void for_each_entry(PyObject* dict, F&& f) {
    const Py_ssize_t size = PyDict_Size(dict);
    Py_ssize_t position = 0;
    PyObject *key = nullptr, *value = nullptr;
    while (PyDict_Next(dict, &position, &key, &value)) {
        const nb::object held_key = nb::borrow(key), held_value = nb::borrow(value);
        f(key, value);
        if (PyDict_Size(dict) != size) throw StateError("a dict changed while it was being read");
    }
}

} // namespace hgvalue::python
