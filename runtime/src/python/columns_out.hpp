// Dicts of time series as Arrow tables.
#pragma once

#include "arrow_export.hpp"
#include "errors.hpp"
#include "path.hpp"

#include <algorithm>

namespace hgvalue::python {

/// A table as Python has it: a pyarrow.Table where pyarrow is installed, else an ArrowTable, which speaks the PyCapsule
/// interface. New reference; throws nb::python_error.
PyObject* table_to_python(ArrowTable&& table);

/// The arguments `key="key", columns=None` of to_arrow().
struct TableRequest {
    nb::object key;     ///< a str, or None for no key column
    nb::object columns; ///< names, or None for all

    TableRequest();
    TableRequest(PyObject* args, PyObject* kwargs);
    /// The name of the key column. ValueError if a column has it, too.
    std::string key_name(const ArrowTable& others) const;
};

/// The columns of these names among all. KeyError for one that is not there, TypeError for one that Arrow has no type
/// for; `type_of(column)` is its type, and `where` the start of the message.
template <class Column, class TypeOf>
std::vector<Column> choose_columns(const std::vector<Column>& all, const nb::object& names, const std::string& where,
                                   const TypeOf& type_of) {
    const nb::object list = owned(PySequence_List(names.ptr()));
    std::vector<Column> chosen;
    for (Py_ssize_t i = 0; i < PyList_Size(list.ptr()); ++i) {
        PyObject* name = PyList_GetItem(list.ptr(), i);
        const auto found = std::find_if(all.begin(), all.end(), [&](const Column& c) {
            return PyUnicode_Check(name) && PyUnicode_CompareWithASCIIString(name, c.name.c_str()) == 0;
        });
        if (found == all.end()) throw KeyError(where + "no column " + short_repr(name));
        if (!has_arrow_form(type_of(*found)))
            throw TypeError(where + "Arrow has no type for the column " + found->name);
        chosen.push_back(*found);
    }
    return chosen;
}

/// Takes the requested schema of the PyCapsule interface, which is a wish: the consumer converts.
void accept_request(PyObject* args, PyObject* kwargs);

/// The method __arrow_c_stream__ of what `make(request)` gives a table of.
template <class Make> PyObject* stream_of(PyObject* args, PyObject* kwargs, const Make& make) {
    accept_request(args, kwargs);
    return stream_capsule(std::make_shared<const ArrowTable>(make(TableRequest())));
}

/// Methods of a TSD, as Python calls them.
PyObject* tsd_to_arrow(PyObject* self, PyObject* args, PyObject* kwargs);
PyObject* tsd_arrow_stream(PyObject* self, PyObject* args, PyObject* kwargs);

/// The method view_columns() of a TSD, as Python calls it; in columns_view.cpp.
PyObject* tsd_view_columns(PyObject* self, PyObject*);
void init_column_views(PyObject* module);

/// Adds the class ArrowTable to `module`. Throws nb::python_error.
void init_arrow_table(PyObject* module);

} // namespace hgvalue::python
