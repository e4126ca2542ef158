// REMOVE, REMOVE_IF_EXISTS, Removed and SetDelta: ours, and hgraph's own, which are known by the module and name of
// their type, so that hgraph is never imported.
#pragma once

#include <nanobind/nanobind.h>

#include <string>

namespace hgvalue::python {

/// Loads `hgvalue._sentinels`. Throws nb::python_error.
void init_sentinels();

bool is_remove(PyObject* o);
bool is_remove_if_exists(PyObject* o);

/// REMOVE. Borrowed.
PyObject* remove_sentinel() noexcept;

/// What a Removed(item) wraps, or an empty object for anything else. Throws nb::python_error.
nanobind::object removed_item(PyObject* o);

/// The two sides of a set delta, as iterables; false for an object that is none. Throws nb::python_error.
bool set_delta_parts(PyObject* o, nanobind::object& added, nanobind::object& removed);

/// SetDelta(added, removed) of two frozensets. New reference, or null with an error set.
PyObject* make_set_delta(PyObject* added, PyObject* removed) noexcept;

/// An object whose repr is `text`. Throws nb::python_error.
nanobind::object standing_for(const std::string& text);

} // namespace hgvalue::python
