// hgvalue.TypeMeta and hgvalue.TypeRegistry: the types of the generic runtime, for Python.
#pragma once

#include "errors.hpp"

#include <hgvalue/core/type_meta.hpp>

namespace hgvalue::python {

/// The object of a type, the same for the same layout of it. New reference; throws nb::python_error.
PyObject* type_object(const TypeMeta& type);
bool is_type_object(PyObject* o) noexcept;
/// The type of a TypeMeta object.
const TypeMeta& type_of_object(PyObject* o) noexcept;

/// The member of TypeKind. New reference; throws nb::python_error.
PyObject* kind_object(TypeKind kind);

/// The type that a Python object stands for where a type is expected: a TypeMeta, the spelling of a type, a class such
/// as int or a generated one, or a generic like list[int], dict[str, float], tuple[int, ...], int | None.
/// Throws TypeError or KeyError.
const TypeMeta& type_from_python(PyObject* o);
/// Whether an object can only be meant as a type: not so a str.
bool looks_like_type(PyObject* o);
/// The type for a plain Python object: of 42 int, of [1.5] list[float]. TypeError if that is not clear.
const TypeMeta& infer_type(PyObject* o);

/// Makes the classes and adds them to `module`. Throws nb::python_error.
void init_types(PyObject* module);
void init_registry(PyObject* module);

} // namespace hgvalue::python
