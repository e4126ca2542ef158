// The time-series half of `hgvalue._hgvalue`.
#pragma once

#include <hgvalue/python/module_info.hpp>

#include <Python.h>

namespace hgvalue::python {

/// Makes the classes of clocks and of all kinds of nodes and adds them to `module`. Throws nb::python_error.
void init_time_series(PyObject* module);

/// RuntimeApi::module_create: builds the Python classes of a generated module. For each schema file an attribute of
/// `module`, named as the file with dots replaced by underscores, is a module object that holds that file's classes.
bool create_module(void* module, const ModuleInfo& info) noexcept;

} // namespace hgvalue::python
