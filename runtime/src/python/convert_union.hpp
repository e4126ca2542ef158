#pragma once

#include "convert.hpp"

namespace hgvalue::python {

/// Assigns to a union: the first alternative that reads back as the object given; else the first that reads back as an
/// equal of it. OverflowError for a number beyond the range of an alternative of its kind, ValueError for one that
/// every alternative would round, TypeError where none accepts the object. Part of from_python.
void assign_variant(const TypeMeta& type, void* to, PyObject* from, const PathStep* where, Form form);

/// What a value of a union is in Python. In JSON and dicts it names its alternative if it would else become another.
nb::object variant_form(const TypeMeta& type, const void* value, Form form);

} // namespace hgvalue::python
