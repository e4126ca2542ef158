// What `hgvalue._dynamic` makes classes with: functions from the description of a type to the type, and to its class.
#pragma once

#include <Python.h>

namespace hgvalue::python {

/// Adds the functions to `module` (hgvalue._hgvalue). Throws nb::python_error.
void init_dynamic(PyObject* module);

} // namespace hgvalue::python
