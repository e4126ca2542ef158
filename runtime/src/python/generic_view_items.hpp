// What is one step below a view, by position, name or key; and ranges over it.
#pragma once

#include "generic_view.hpp"

namespace hgvalue::python {

/// Number of fields, elements or rows; of an optional 0 or 1, of a variant 1. TypeError for scalars and references.
std::size_t view_size(ViewObject* v);

/// `view[key]`: a field by name or position, an element by position (negative ones from the end), an entry by key; of
/// an optional or variant, that of what it holds. KeyError, IndexError or TypeError; NullValueError of an empty
/// optional. New reference.
PyObject* item_view(ViewObject* v, PyObject* key);

/// The position of the element that `key` means, good until Python code runs again. TypeError, IndexError.
std::size_t position_of(ViewObject* v, PyObject* key);
/// The field that `key`, a name or a position, means. TypeError, KeyError, IndexError.
std::size_t field_index(ViewObject* v, PyObject* key);
/// The field of this name, or -1.
std::ptrdiff_t find_field(const TypeMeta& type, PyObject* name);
/// The row of a key in a set or map, or no_row. What the key's own code does may change the container: locate it again.
std::uint32_t find_row_of(ViewObject* v, PyObject* key);
/// The rows of a set or map, its own or a node's.
row_store& rows_of(ViewObject* v);
/// An object as a number of elements. TypeError, ValueError for a negative one.
std::size_t count_from_python(ViewObject* v, PyObject* o);
[[noreturn]] void throw_no_key(ViewObject* v, PyObject* key);

/// What a range shows of each element.
enum class Part : std::uint8_t { Key, View, Pair };

/// A range over what is below a view: names, positions or keys; views; or pairs. New reference.
PyObject* range_of(ViewObject* v, Part part);
/// An iterator over the same. New reference.
PyObject* iterate_parts(ViewObject* v, Part part);

// Slots and methods of more than one kind.
Py_ssize_t view_length(PyObject* self);
int view_contains(PyObject* self, PyObject* wanted); ///< whether an element is equal to `wanted`
PyObject* view_subscript(PyObject* self, PyObject* key);
PyObject* iterate_views(PyObject* self); ///< over the elements, as views
PyObject* iterate_keys(PyObject* self);  ///< over names or keys
template <Part part> PyObject* range_method(PyObject* self, PyObject*) noexcept {
    return guarded([&] { return range_of(as_view(self), part); });
}

/// Calls a method of the time series that a view of a node stands for; views among the arguments go as plain values.
PyObject* call_node(ViewObject* v, const char* method, PyObject* argument = nullptr);

} // namespace hgvalue::python
