// Dicts of time series as Arrow tables.
#pragma once

#include "arrow_export.hpp"
#include "errors.hpp"

namespace hgvalue::python {

/// A table as Python has it: a pyarrow.Table where pyarrow is installed, else an ArrowTable, which speaks the PyCapsule
/// interface. New reference; throws nb::python_error.
PyObject* table_to_python(ArrowTable&& table);

/// The arguments `key="key", columns=None` of to_arrow().
struct TableRequest {
    nb::object key;     ///< a str, or None for no key column
    nb::object columns; ///< names, or None for all

    TableRequest(PyObject* args, PyObject* kwargs);
    /// The name of the key column. ValueError if a column has it, too.
    std::string key_name(const ArrowTable& others) const;
};

/// Methods of a TSD, as Python calls them.
PyObject* tsd_to_arrow(PyObject* self, PyObject* args, PyObject* kwargs);
PyObject* tsd_arrow_stream(PyObject* self, PyObject* args, PyObject* kwargs);

/// Adds the class ArrowTable to `module`. Throws nb::python_error.
void init_arrow_table(PyObject* module);

} // namespace hgvalue::python
