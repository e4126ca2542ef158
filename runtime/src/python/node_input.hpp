// Bound inputs, made by hgvalue.bind().
#pragma once

#include <Python.h>

namespace hgvalue::python {

/// Adds `bind` and `match_schemas` to the module.
void init_inputs(PyObject* module);

} // namespace hgvalue::python
