// Conversion of scalars: the rules for each kind, one function each.
#pragma once

#include "convert.hpp"

namespace hgvalue::python {

/// New reference, or null with an error set. `type` is a Scalar.
PyObject* scalar_to_python(const TypeMeta& type, const void* value) noexcept;

/// Assigns a scalar. On failure `to` is unchanged. Throws as from_python.
void scalar_from_python(const TypeMeta& type, void* to, PyObject* from, const PathStep* where);

/// The same from the form that a JSON text has for it: strings for times, bytes, enum members and what is no number.
void json_scalar_from_python(const TypeMeta& type, void* to, PyObject* from, const PathStep* where);

/// The UTF-8 text of a str; `keep` holds it. Throws TypeError, or ValueError for lone surrogates.
std::string_view text_from_python(const TypeMeta& type, PyObject* from, const PathStep* where);

/// The value of an integer field of 64 bits. Throws TypeError or OverflowError.
std::int64_t int64_from_python(const TypeMeta& type, PyObject* from, const PathStep* where);

} // namespace hgvalue::python
