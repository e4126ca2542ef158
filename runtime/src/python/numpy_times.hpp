// numpy's datetime64 and timedelta64, in arrays and alone.
#pragma once

#include "columns_cells.hpp"

namespace hgvalue::python {

/// Cells of an array of times in native byte order, of which NaT is null. Days, weeks, months and years become dates.
/// Throws TypeError for a unit that is no length of time, ValueError for what is no whole microsecond, OverflowError.
void read_numpy_times(GivenColumn& to, const nb::object& array, bool durations, Mask mask, const PathStep* where);

/// Whether `o` is a datetime64 or timedelta64.
bool is_numpy_time(PyObject* o, bool duration);
/// Whether `o` is one, and NaT.
bool is_numpy_nat(PyObject* o);

/// A datetime64, or a timedelta64 for TimeDelta, as a value of this kind: days of a Date, else microseconds. Throws
/// TypeError for a finer time than a Date, ValueError for NaT and for what is no whole microsecond, OverflowError.
std::int64_t numpy_time(PyObject* o, ScalarKind kind, const PathStep* where);

/// Numbers in a buffer; false if they are none, or in another byte order. In columns_cells.cpp.
bool read_numbers(GivenColumn& to, PyObject* from, const PathStep* where);

} // namespace hgvalue::python
