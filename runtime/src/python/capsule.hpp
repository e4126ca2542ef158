// The function table that generated modules fetch at import.
#pragma once

#include <Python.h>

namespace hgvalue::python {

/// Adds the capsule `runtime_api` to `module`. Throws nb::python_error.
void init_capsule(PyObject* module);

} // namespace hgvalue::python
