// Scalars as text.
#pragma once

#include <hgvalue/core/type_meta.hpp>

#include <string>

namespace hgvalue::detail {

/// The name of a built-in scalar type in a schema.
const char* scalar_name(ScalarKind) noexcept;

/// Appends a value of kind Scalar.
void add_scalar(std::string& out, const TypeMeta&, const void* value);

} // namespace hgvalue::detail
