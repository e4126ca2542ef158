// hgvalue.EvaluationClock.
#pragma once

#include <hgvalue/time_series/context.hpp>

#include <Python.h>

namespace hgvalue::python {

/// Makes the class and adds it to `module`. Throws nb::python_error.
void init_clock(PyObject* module);

/// A new clock object. New reference; throws nb::python_error.
PyObject* new_clock();
bool is_clock(PyObject* o);
EvaluationClock* clock_of(PyObject* clock);

} // namespace hgvalue::python
