// The Python classes made for time series beside them: `QuoteValue` and `QuoteDelta`, `BookValue` and `BookDelta`.
#pragma once

#include <hgvalue/time_series/node_type.hpp>
#include <hgvalue/value/value.hpp>

#include <nanobind/nanobind.h>

namespace hgvalue::python {

namespace nb = nanobind;

/// Adds to `module` the classes of what a bundle or root holds, and of changes to that: its name with `Value` and
/// `Delta` behind it. Values of a bundle are structs, those of other roots have a class of their own; a root that gives
/// a bundle a name has the bundle's classes. Throws nb::python_error.
void add_plain_classes(PyObject* module, const NodeType& node, const char* python_module);

/// A plain value as an object of the class made for its time series; of one without a name, a generic Value. Throws
/// nb::python_error.
nb::object plain_object(const NodeType& node, Value&& value);

/// The class of changes of what a time series holds: the one made for it, or Delta. Borrowed.
PyTypeObject* delta_class_of(const NodeType& node);
/// The class of changes of a value, which may be an object of a root's class of plain values.
PyTypeObject* delta_class_of(const TypeMeta& value_type, PyObject* plain = nullptr);

} // namespace hgvalue::python
