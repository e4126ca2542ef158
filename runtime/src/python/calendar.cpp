#include "calendar.hpp"

#include "convert.hpp"
#include "imported.hpp"
#include "numpy_times.hpp"

#include <hgvalue/core/type_of.hpp>

#include <chrono>
#include <optional>

namespace hgvalue::python {

namespace {

using nb::detail::datetime_kind;

// Only subclasses can mean more than a datetime does, so the common case pays one comparison of types.
constinit Imported exact_datetime{"datetime", "datetime"};
constinit Imported exact_timedelta{"datetime", "timedelta"};

constexpr std::int64_t us_per_second = 1'000'000;
constexpr std::int64_t us_per_minute = 60 * us_per_second;
constexpr std::int64_t us_per_hour = 60 * us_per_minute;
constexpr std::int64_t us_per_day = microseconds_per_day;

constexpr std::int32_t days_of(int year, unsigned month, unsigned day) {
    const std::chrono::year_month_day ymd{std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{day}};
    return static_cast<std::int32_t>(std::chrono::sys_days{ymd}.time_since_epoch().count());
}

static_assert(first_calendar_day == days_of(1, 1, 1) && last_calendar_day == days_of(9999, 12, 31));

constexpr std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0); }

/// The fields that the backend passes; their order is documented at nanobind's datetime_kind.
using Fields = std::int32_t[8];

PyObject* pack(datetime_kind kind, const Fields& fields) noexcept {
    return NB_CALL(datetime_pack)(NB_CTX, static_cast<std::uint32_t>(kind), fields);
}

/// The kind of `o` among `kinds`, and its fields.
datetime_kind unpack(PyObject* o, std::uint32_t kinds, Fields& fields) {
    return static_cast<datetime_kind>(checked(NB_CALL(datetime_unpack)(NB_CTX, o, kinds, fields)));
}
datetime_kind unpack(PyObject* o, datetime_kind kind, Fields& fields) {
    return unpack(o, static_cast<std::uint32_t>(kind), fields);
}

void put_date(Fields& fields, std::int64_t days) {
    const std::chrono::year_month_day ymd{std::chrono::sys_days{std::chrono::days{days}}};
    fields[0] = int{ymd.year()};
    fields[1] = static_cast<std::int32_t>(unsigned{ymd.month()});
    fields[2] = static_cast<std::int32_t>(unsigned{ymd.day()});
}

void put_time(std::int32_t* fields, std::int64_t us) {
    fields[0] = static_cast<std::int32_t>(us / us_per_hour);
    fields[1] = static_cast<std::int32_t>(us / us_per_minute % 60);
    fields[2] = static_cast<std::int32_t>(us / us_per_second % 60);
    fields[3] = static_cast<std::int32_t>(us % us_per_second);
    fields[4] = 0; // fold
}

std::int32_t get_date(const Fields& f) {
    return days_of(f[0], static_cast<unsigned>(f[1]), static_cast<unsigned>(f[2]));
}

std::int64_t get_time(const std::int32_t* f) {
    return f[0] * us_per_hour + f[1] * us_per_minute + f[2] * us_per_second + f[3];
}

bool has_zone(PyObject* o) {
    static PyObject* const name = interned("tzinfo"); // read with every datetime that is assigned
    return !owned(PyObject_GetAttr(o, name)).is_none();
}

/// What a subclass of datetime or timedelta may add to it: the nanoseconds of pandas, and its "not a time".
void require_whole_microseconds(PyObject* o, const char* attribute_name, const PathStep* where) {
    const nb::object extra = find_attribute(o, attribute_name);
    if (!extra) return;
    if (!PyLong_Check(extra.ptr())) throw ValueError(prefix(where) + describe(o) + " is not a time");
    if (checked(PyObject_IsTrue(extra.ptr())))
        throw ValueError(prefix(where) + describe(o) + " does not fall on a whole microsecond");
}

std::optional<std::int64_t> microseconds(const Fields& f) {
    // A timedelta reaches 1e9 days, an int64 of microseconds about 1e8. Days are counted down from the whole, so that
    // neither end of the range overflows on the way.
    using limits = std::numeric_limits<std::int64_t>;
    constexpr std::int64_t whole_days = limits::max() / us_per_day;
    std::int64_t days = f[0], rest = f[1] * us_per_second + f[2];
    if (days < 0) ++days, rest -= us_per_day;
    if (days > whole_days || days < -whole_days) return std::nullopt;
    const std::int64_t base = days * us_per_day;
    if (rest > 0 ? base > limits::max() - rest : base < limits::min() - rest) return std::nullopt;
    return base + rest;
}

/// How far an aware datetime is ahead of UTC. None from a zone that does not know is no offset.
std::int64_t utc_offset(PyObject* o) {
    const nb::object offset = owned(PyObject_CallMethod(o, "utcoffset", nullptr));
    if (offset.is_none()) return 0;
    Fields f;
    if (unpack(offset.ptr(), datetime_kind::timedelta, f) != datetime_kind::timedelta)
        throw TypeError("utcoffset() returned " + describe(offset.ptr()));
    return *microseconds(f); // Python has checked that it is less than a day
}

} // namespace

PyObject* to_python(datetime value) noexcept {
    if (!is_in_calendar(value))
        return set_error(ErrorKind::Overflow, "time is beyond what Python's datetime can show (years 1 to 9999)");
    const std::int64_t days = floor_div(value.us, us_per_day);
    Fields f;
    put_date(f, days);
    put_time(f + 3, value.us - days * us_per_day);
    return pack(datetime_kind::datetime, f);
}

PyObject* to_python(date value) noexcept {
    if (!is_in_calendar(value))
        return set_error(ErrorKind::Overflow, "day is beyond what Python's date can show (years 1 to 9999)");
    Fields f;
    put_date(f, value.days);
    return pack(datetime_kind::date, f);
}

PyObject* to_python(time_of_day value) noexcept {
    if (!is_in_calendar(value))
        return set_error(ErrorKind::Value, "time of day is not between 00:00:00 and 23:59:59.999999");
    Fields f;
    put_time(f, value.us);
    return pack(datetime_kind::time, f);
}

PyObject* to_python(timedelta value) noexcept {
    const std::int64_t days = floor_div(value.us, us_per_day);
    const std::int64_t rest = value.us - days * us_per_day;
    const Fields f = {static_cast<std::int32_t>(days), static_cast<std::int32_t>(rest / us_per_second),
                      static_cast<std::int32_t>(rest % us_per_second)};
    return pack(datetime_kind::timedelta, f);
}

datetime datetime_from_python(PyObject* from, const PathStep* where) {
    Fields f;
    if (unpack(from, datetime_kind::datetime, f) != datetime_kind::datetime) {
        if (!is_numpy_time(from, false)) throw_wrong_type(type_of<datetime>(), from, where);
        const datetime made{numpy_time(from, ScalarKind::DateTime, where)};
        if (!is_in_calendar(made)) throw_out_of_range(type_of<datetime>(), from, where);
        return made;
    }
    if (!Py_IS_TYPE(from, exact_datetime.type())) require_whole_microseconds(from, "nanosecond", where);
    std::int64_t us = get_date(f) * us_per_day + get_time(f + 3);
    if (has_zone(from)) us -= utc_offset(from);
    if (!is_in_calendar(datetime{us})) throw_out_of_range(type_of<datetime>(), from, where);
    return {us};
}

date date_from_python(PyObject* from, const PathStep* where) {
    Fields f;
    // A datetime is a date to Python; asked for both, the backend says which.
    const auto kinds =
        static_cast<std::uint32_t>(datetime_kind::datetime) | static_cast<std::uint32_t>(datetime_kind::date);
    if (unpack(from, kinds, f) != datetime_kind::date) {
        if (!is_numpy_time(from, false)) throw_wrong_type(type_of<date>(), from, where);
        const date made{static_cast<std::int32_t>(numpy_time(from, ScalarKind::Date, where))};
        if (!is_in_calendar(made)) throw_out_of_range(type_of<date>(), from, where);
        return made;
    }
    return {get_date(f)};
}

time_of_day time_from_python(PyObject* from, const PathStep* where) {
    Fields f;
    if (unpack(from, datetime_kind::time, f) != datetime_kind::time)
        throw_wrong_type(type_of<time_of_day>(), from, where);
    if (has_zone(from))
        throw ValueError(prefix(where) + describe(from) + " has a time zone, which a time of day cannot keep");
    return {get_time(f)};
}

timedelta timedelta_from_python(PyObject* from, const PathStep* where) {
    Fields f;
    if (unpack(from, datetime_kind::timedelta, f) != datetime_kind::timedelta) {
        if (!is_numpy_time(from, true)) throw_wrong_type(type_of<timedelta>(), from, where);
        return {numpy_time(from, ScalarKind::TimeDelta, where)};
    }
    if (!Py_IS_TYPE(from, exact_timedelta.type())) require_whole_microseconds(from, "nanoseconds", where);
    const std::optional<std::int64_t> us = microseconds(f);
    if (!us) throw_out_of_range(type_of<timedelta>(), from, where);
    return {*us};
}

} // namespace hgvalue::python
