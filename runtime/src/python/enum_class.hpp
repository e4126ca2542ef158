// Python's enum classes for the enums of a schema.
#pragma once

#include "path.hpp"

#include <hgvalue/core/type_meta.hpp>

#include <cstdint>

namespace hgvalue::python {

/// The member of an enum that has this value. New reference, or null with an error set when there is none.
PyObject* enum_member(const TypeMeta& type, std::int64_t value) noexcept;

/// The name of the member that has this value. New reference, or null with an error set when there is none.
PyObject* enum_name(const TypeMeta& type, std::int64_t value) noexcept;

/// The value of a member. A member of another enum class of the same name counts by its name. Throws TypeError for
/// anything else, ints and strs too.
std::int64_t enum_value(const TypeMeta& type, PyObject* member, const PathStep* where);

/// The value of the member of this name. Throws ValueError when there is none.
std::int64_t enum_value_of_name(const TypeMeta& type, PyObject* name, const PathStep* where);

/// The enum class made for a type, or null. Borrowed.
PyObject* find_enum_class(const TypeMeta& type) noexcept;

} // namespace hgvalue::python
