// The Python classes of generated structs and enums.
#pragma once

#include <hgvalue/core/type_meta.hpp>
#include <hgvalue/python/module_info.hpp>

#include <nanobind/nanobind.h>

namespace hgvalue::python {

/// The class of a struct, made at the first call; `python_module` is its __module__. Borrowed: classes live as long as
/// the process. Throws nb::python_error.
PyTypeObject* struct_class(const TypeMeta& type, const char* python_module);

/// The enum.Enum of an enum, made at the first call. Borrowed. Throws nb::python_error.
PyObject* enum_class(const TypeMeta& type, const char* python_module);

/// The class of an enum or struct, made at the first call and noted in the registry. Borrowed. Throws
/// nb::python_error.
PyObject* value_class(const TypeMeta& type, const char* python_module);

/// The class made for `type`, or null. Borrowed.
PyObject* find_class(const TypeMeta& type) noexcept;

/// Makes the classes of all enums and structs of a schema file and sets them as attributes of `module`.
/// Throws nb::python_error.
void add_value_types(PyObject* module, const SchemaModule& schema);

/// Makes what all value classes share and adds it to `hgvalue._hgvalue`. Throws nb::python_error.
void init_value_types(PyObject* module);

} // namespace hgvalue::python
