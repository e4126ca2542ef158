// Python's datetime, date, time and timedelta from and to the counts of core/time.hpp.
#pragma once

#include "path.hpp"

#include <hgvalue/core/time.hpp>

namespace hgvalue::python {

/// New reference. RangeOverflowError before year 1 or after year 9999, which Python's datetime and date cannot show.
PyObject* to_python(datetime value) noexcept;
PyObject* to_python(date value) noexcept;
/// New reference. InvalidValueError beyond a day.
PyObject* to_python(time_of_day value) noexcept;
PyObject* to_python(timedelta value) noexcept;

/// From a datetime.datetime: one with a time zone is converted to UTC, `fold` means nothing. A subclass that counts
/// nanoseconds (pandas Timestamp) must hold whole microseconds. Also from a numpy.datetime64. Throws TypeError for
/// anything else, ValueError or OverflowError with the place named by `where`.
datetime datetime_from_python(PyObject* from, const PathStep* where);
/// From a datetime.date that is no datetime, or a numpy.datetime64 of days or longer.
date date_from_python(PyObject* from, const PathStep* where);
/// From a datetime.time without time zone.
time_of_day time_from_python(PyObject* from, const PathStep* where);
/// From a datetime.timedelta or a numpy.timedelta64.
timedelta timedelta_from_python(PyObject* from, const PathStep* where);

} // namespace hgvalue::python
