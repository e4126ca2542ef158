// Scalars as text.
#pragma once

#include <hgvalue/core/type_meta.hpp>

#include <string>
#include <string_view>

namespace hgvalue::detail {

/// The name of a built-in scalar type in a schema.
const char* scalar_name(ScalarKind) noexcept;

/// Appends `text` in double quotes, as Python and JSON read it; with `ascii`, each byte beyond ASCII as \xNN.
void add_quoted(std::string& out, std::string_view text, bool ascii = false);

/// Appends a value of kind Scalar.
void add_scalar(std::string& out, const TypeMeta&, const void* value);

} // namespace hgvalue::detail
