#include "duration_parser.hpp"

#include "../value/identifier.hpp"

#include <limits>
#include <string>
#include <string_view>
#include <utility>

namespace hgvalue::detail {
namespace {

constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();

/// Microseconds in one of timedelta's keyword arguments, or 0.
std::int64_t unit_of(std::string_view keyword) {
    static constexpr std::pair<std::string_view, std::int64_t> units[] = {
        {"microseconds", 1},      {"milliseconds", 1'000},  {"seconds", 1'000'000},     {"minutes", 60'000'000},
        {"hours", 3'600'000'000}, {"days", 86'400'000'000}, {"weeks", 604'800'000'000},
    };
    for (const auto& [name, unit] : units)
        if (name == keyword) return unit;
    return 0;
}

/// `a + b`, both not negative; a ValueError at `at` if that is too much.
std::int64_t sum(const text_scanner& scan, std::size_t at, std::int64_t a, std::int64_t b) {
    if (b > largest - a) scan.fail_at(at, "a shorter duration");
    return a + b;
}

/// The decimal places that are next, as a part of `unit`.
std::int64_t fraction(text_scanner& scan, std::size_t at, std::int64_t unit) {
    constexpr int places = 6; // what a week has room for
    std::int64_t digits = 0, scale = 1;
    for (int i = 0; i < places && is_digit(scan.peek()); ++i, scale *= 10) digits = digits * 10 + (scan.next() - '0');
    if (is_digit(scan.peek()) || digits * unit % scale != 0) scan.fail_at(at, "a whole number of microseconds");
    return digits * unit / scale;
}

std::int64_t multiple(text_scanner& scan, std::int64_t unit) {
    const std::size_t at = scan.position();
    const std::int64_t whole = parse_size(scan);
    if (whole > largest / unit) scan.fail_at(at, "a shorter duration");
    const std::int64_t us = scan.take('.') ? sum(scan, at, whole * unit, fraction(scan, at, unit)) : whole * unit;
    scan.skip_blanks();
    return us;
}

} // namespace

std::int64_t parse_size(text_scanner& scan) {
    const std::size_t at = scan.position();
    const std::uint64_t n = scan.number();
    if (n > static_cast<std::uint64_t>(largest)) scan.fail_at(at, "a number of at most 63 bits");
    scan.skip_blanks();
    return static_cast<std::int64_t>(n);
}

std::int64_t parse_duration(text_scanner& scan, char close) {
    std::int64_t total = 0;
    for (bool first = true; !scan.take(close); first = false) {
        if (!first) {
            scan.expect(',');
            scan.skip_blanks();
            if (scan.take(close)) break;
        }
        const std::size_t at = scan.position();
        const std::string_view keyword = scan.identifier();
        const bool days = keyword.empty() && first;
        const std::int64_t unit = unit_of(days ? "days" : keyword);
        if (unit == 0) scan.fail_at(at, "a keyword of timedelta");
        if (!days) {
            scan.skip_blanks();
            scan.expect('=');
            scan.skip_blanks();
        }
        total = sum(scan, at, total, multiple(scan, unit));
    }
    scan.skip_blanks();
    return total;
}

} // namespace hgvalue::detail
