// Scalars as text.
#pragma once

#include <hgvalue/core/type_meta.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace hgvalue::detail {

/// The name of a built-in scalar type in a schema.
const char* scalar_name(ScalarKind) noexcept;

/// Appends `text` in double quotes, as Python and JSON read it; with `ascii`, each byte beyond ASCII as \xNN.
void add_quoted(std::string& out, std::string_view text, bool ascii = false);

/// The start of the character that the byte at `position` is part of, for cutting UTF-8; `position` if it is the end.
std::size_t character_start(std::string_view text, std::size_t position) noexcept;

/// Appends a value of kind Scalar.
void add_scalar(std::string& out, const TypeMeta&, const void* value);

} // namespace hgvalue::detail
