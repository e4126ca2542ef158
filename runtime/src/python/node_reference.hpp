// References from Python: what one made of references offers.
#pragma once

#include <Python.h>

namespace hgvalue::python {

/// The items of a reference's handle: a sequence of references, empty unless it is unbound, which called gives the
/// items() of what it reads as. New reference; throws.
PyObject* reference_items_of(PyObject* handle);

void init_reference_items(PyObject* module);

} // namespace hgvalue::python
