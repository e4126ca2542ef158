// Columns of a dict of time series: writing many keys at once, and giving all of them out.
#pragma once

#include <hgvalue/time_series/columns.hpp>

#include <Python.h>

namespace hgvalue::python {

/// Methods of a TSD, as Python calls them.
PyObject* tsd_resolve(PyObject* self, PyObject* keys);
PyObject* tsd_update_columns(PyObject* self, PyObject* args, PyObject* kwargs);

/// The columns of a TSD; TypeError that says what has some, if it has none.
std::vector<DictColumn> require_columns(PyObject* self);

/// Makes the classes of this header's objects and adds them to `module`. Throws nb::python_error.
void init_columns(PyObject* module);

} // namespace hgvalue::python
