// The numbers in a type: sizes and durations.
#pragma once

#include "../value/text_scanner.hpp"

#include <cstdint>

namespace hgvalue::detail {

/// A number of elements, and the blanks after it. ValueError beyond 63 bits.
std::int64_t parse_size(text_scanner& scan);

/// The arguments of timedelta up to the closing bracket `close`, which is taken with the blanks after it, in
/// microseconds: `minutes=5`, `seconds=0.5`, or first a plain number of days. ValueError if it is no whole number of
/// microseconds or beyond 63 bits.
std::int64_t parse_duration(text_scanner& scan, char close);

} // namespace hgvalue::detail
