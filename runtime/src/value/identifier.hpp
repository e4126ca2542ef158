// What may stand bare in a path or a type's spelling, and how everything else is quoted.
#pragma once

#include "format_scalars.hpp"

#include <string>
#include <string_view>

namespace hgvalue::detail {

/// Letters, digits and `_`; whatever is not ASCII passes for a letter.
constexpr bool is_identifier_start(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
constexpr bool is_identifier_part(char c) noexcept { return is_identifier_start(c) || is_digit(c); }

constexpr bool is_identifier(std::string_view text) noexcept {
    if (text.empty() || !is_identifier_start(text.front())) return false;
    for (const char c : text)
        if (!is_identifier_part(c)) return false;
    return true;
}

} // namespace hgvalue::detail
