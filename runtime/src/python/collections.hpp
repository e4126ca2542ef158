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

} // namespace hgvalue::python
