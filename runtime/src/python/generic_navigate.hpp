// Paths, for Python's views.
#pragma once

#include "generic_view.hpp"

namespace hgvalue::python {

/// The view at the end of a path given as a str. The error of a step that failed names it. New reference.
PyObject* navigate_from(ViewObject* v, PyObject* path);

} // namespace hgvalue::python
