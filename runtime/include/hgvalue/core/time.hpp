// Times, durations and calendar values. All are plain counts, so they compare, hash and copy as integers.
#pragma once

#include <compare>
#include <cstdint>

namespace hgvalue {

/// Evaluation time: microseconds since 1970-01-01T00:00:00 UTC.
using engine_time_t = std::int64_t;

/// "Never": the modification time of a node that was not written, or was invalidated.
inline constexpr engine_time_t MIN_DT = 0;
/// The smallest time at which anything can happen.
inline constexpr engine_time_t MIN_ST = 1;
/// The largest time Python's datetime can show: 9999-12-31T23:59:59.999999.
inline constexpr engine_time_t MAX_DT = 253402300799999999;

/// A point in time without zone (UTC), in microseconds since 1970.
struct datetime {
    std::int64_t us{};
    friend constexpr auto operator<=>(const datetime&, const datetime&) = default;
};

/// A signed duration in microseconds.
struct timedelta {
    std::int64_t us{};
    friend constexpr auto operator<=>(const timedelta&, const timedelta&) = default;
};

/// A calendar day: days since 1970-01-01 in the proleptic Gregorian calendar.
struct date {
    std::int32_t days{};
    friend constexpr auto operator<=>(const date&, const date&) = default;
};

/// A time of day: microseconds since midnight, 0 to 86,399,999,999.
struct time_of_day {
    std::int64_t us{};
    friend constexpr auto operator<=>(const time_of_day&, const time_of_day&) = default;
};

// -- what a calendar can show: years 1 to 9999, as in Python's classes of the same names. Every timedelta is fine.

/// 0001-01-01, and 9999-12-31, in days since 1970.
inline constexpr std::int32_t first_calendar_day = -719162, last_calendar_day = 2932896;
inline constexpr std::int64_t microseconds_per_day = 86'400'000'000;

constexpr bool is_in_calendar(date v) noexcept { return v.days >= first_calendar_day && v.days <= last_calendar_day; }
constexpr bool is_in_calendar(datetime v) noexcept {
    return v.us >= first_calendar_day * microseconds_per_day && v.us <= MAX_DT;
}
/// Whether it is within one day.
constexpr bool is_in_calendar(time_of_day v) noexcept { return v.us >= 0 && v.us < microseconds_per_day; }

} // namespace hgvalue
