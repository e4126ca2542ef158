// What the generic runtime adds to `hgvalue._hgvalue`.
#pragma once

#include <Python.h>

namespace hgvalue::python {

/// Makes TypeMeta, TypeRegistry, Value, the views and `view`, and adds them to `module`. Throws nb::python_error.
void init_generic(PyObject* module);

} // namespace hgvalue::python
