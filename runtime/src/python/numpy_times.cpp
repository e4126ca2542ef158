#include "numpy_times.hpp"

#include "../types/registry_state.hpp"
#include "imported.hpp"

#include <hgvalue/core/time.hpp>
#include <hgvalue/value/format.hpp>

#include <chrono>
#include <cstring>
#include <limits>

namespace hgvalue::python {

namespace {

constexpr std::int64_t not_a_time = std::numeric_limits<std::int64_t>::min();

constinit Imported datetime_data{"numpy", "datetime_data"};

nb::object attribute(PyObject* o, const char* name) { return owned(PyObject_GetAttrString(o, name)); }

std::string text_of(PyObject* o) {
    const nb::object str = owned(PyObject_Str(o));
    const char* text = PyUnicode_AsUTF8AndSize(str.ptr(), nullptr);
    if (!text) throw_python_error();
    return text;
}

/// `by` is positive; false if the product is beyond 64 bits.
bool multiply_into(std::int64_t& product, std::int64_t v, std::int64_t by) noexcept {
    using limits = std::numeric_limits<std::int64_t>;
    if (v > limits::max() / by || v < limits::min() / by) return false;
    product = v * by;
    return true;
}

struct NamedUnit {
    const char* name;
    bool days; ///< counted in days, of a datetime64; or months
    bool months;
    TimeScale scale; ///< to days, months or microseconds
};
constexpr NamedUnit units[] = {
    {"Y", true, true, {12, 1}},
    {"M", true, true, {}},
    {"W", true, false, {7, 1}},
    {"D", true, false, {}},
    {"h", false, false, {3'600'000'000, 1}},
    {"m", false, false, {60'000'000, 1}},
    {"s", false, false, {1'000'000, 1}},
    {"ms", false, false, {1'000, 1}},
    {"us", false, false, {}},
    {"ns", false, false, {1, 1'000}},
    {"ps", false, false, {1, 1'000'000}},
    {"fs", false, false, {1, 1'000'000'000}},
    {"as", false, false, {1, 1'000'000'000'000}},
};

/// What the counts of a dtype mean.
struct Unit {
    ScalarKind kind = ScalarKind::None; ///< None: no length of time
    bool months = false;
    TimeScale scale;
};

Unit unit_of(PyObject* dtype, bool durations, const PathStep* where) {
    const nb::object data = owned(PyObject_CallFunctionObjArgs(datetime_data.get(), dtype, nullptr));
    const std::string name = text_of(PyTuple_GetItem(data.ptr(), 0));
    const long times = PyLong_AsLong(PyTuple_GetItem(data.ptr(), 1));
    for (const NamedUnit& u : units) {
        if (name != u.name || (durations && u.months)) continue;
        Unit made{durations ? ScalarKind::TimeDelta
                  : u.days  ? ScalarKind::Date
                            : ScalarKind::DateTime,
                  u.months, u.scale};
        if (!multiply_into(made.scale.multiply, u.scale.multiply, times) ||
            (durations && u.days && !multiply_into(made.scale.multiply, made.scale.multiply, microseconds_per_day)))
            throw OverflowError(prefix(where) + "the unit of the times is beyond the range of " +
                                type_name(detail::plain_scalar(made.kind)));
        return made;
    }
    return {};
}

[[noreturn]] void throw_beyond(ScalarKind kind, const PathStep* where) {
    throw OverflowError(prefix(where) + "the time is beyond the range of " + type_name(detail::plain_scalar(kind)));
}

/// The first day of a month that is counted from January 1970.
std::int64_t day_of_month(std::int64_t months, const PathStep* where) {
    const std::int64_t years = months / 12 - (months % 12 < 0);
    if (years < -1969 || years > 9999 - 1970) throw_beyond(ScalarKind::Date, where);
    const std::chrono::year_month_day first{std::chrono::year{static_cast<int>(1970 + years)},
                                            std::chrono::month{static_cast<unsigned>(months - years * 12 + 1)},
                                            std::chrono::day{1}};
    return std::chrono::sys_days{first}.time_since_epoch().count();
}

std::int64_t scaled(std::int64_t v, ScalarKind kind, TimeScale scale, const PathStep* where) {
    if (v % scale.divide != 0) throw ValueError(prefix(where) + "the time is no whole microsecond");
    std::int64_t result = 0;
    if (!multiply_into(result, v / scale.divide, scale.multiply) ||
        (kind == ScalarKind::Date && static_cast<std::int32_t>(result) != result))
        throw_beyond(kind, where);
    return result;
}

std::int64_t converted(std::int64_t v, const Unit& unit, const PathStep* where) {
    const std::int64_t made = scaled(v, unit.kind, unit.scale, where);
    return unit.months ? day_of_month(made, where) : made;
}

template <class Convert>
Cells converted_cells(GivenColumn& owner, ScalarKind kind, const Cells& from, const PathStep* where,
                      const Convert& convert) {
    Cells made;
    made.kind = kind;
    made.count = from.count;
    made.given = from.given;
    made.copied = true;
    made.stride = kind == ScalarKind::Date ? sizeof(std::int32_t) : sizeof(std::int64_t);
    std::byte* to = owner.allocate<std::byte>(from.count * static_cast<std::size_t>(made.stride));
    made.first = to;
    for (std::size_t i = 0; i < from.count; ++i, to += made.stride) {
        if (!from.is_given(i)) continue;
        const PathStep step = PathStep::at(where, i);
        std::int64_t v = 0;
        std::memcpy(&v, from.cell(i), sizeof v);
        const std::int64_t result = convert(v, &step);
        if (const auto days = static_cast<std::int32_t>(result); kind == ScalarKind::Date)
            std::memcpy(to, &days, sizeof days);
        else
            std::memcpy(to, &result, sizeof result);
    }
    return made;
}

std::int64_t count_of(PyObject* o) {
    const nb::object number = owned(PyObject_CallMethod(o, "astype", "s", "int64"));
    const std::int64_t v = PyLong_AsLongLong(owned(PyNumber_Index(number.ptr())).ptr());
    if (v == -1 && PyErr_Occurred()) throw_python_error();
    return v;
}

} // namespace

Cells scaled_times(GivenColumn& owner, ScalarKind kind, const Cells& from, TimeScale scale, const PathStep* where) {
    return converted_cells(owner, kind, from, where,
                           [&](std::int64_t v, const PathStep* step) { return scaled(v, kind, scale, step); });
}

void read_numpy_times(GivenColumn& to, const nb::object& array, bool durations, Mask mask, const PathStep* where) {
    const nb::object dtype = attribute(array.ptr(), "dtype");
    GivenColumn counts;
    const nb::object whole = owned(PyObject_CallMethod(array.ptr(), "view", "s", "int64"));
    if (!read_numbers(counts, whole.ptr(), where)) throw TypeError(prefix(where) + "an array of times expected");
    Cells cells = counts.pieces[0];
    auto* given = to.allocate<std::uint8_t>(cells.count);
    bool any = false;
    for (std::size_t i = 0; i < cells.count; ++i) {
        std::int64_t v = 0;
        std::memcpy(&v, cells.cell(i), sizeof v);
        given[i] = v != not_a_time && (!mask.given || (i < mask.count && mask.given[i]));
        any |= given[i] != 0;
    }
    cells.given = given;
    if (!any) { // whatever their unit
        Cells nothing;
        nothing.count = cells.count;
        return to.add(std::move(nothing));
    }
    const Unit unit = unit_of(dtype.ptr(), durations, where);
    if (unit.kind == ScalarKind::None)
        throw TypeError(prefix(where) + "an array of " + text_of(dtype.ptr()) +
                        " holds neither dates nor times; astype gives one");
    Cells made = converted_cells(to, unit.kind, cells, where,
                                 [&](std::int64_t v, const PathStep* step) { return converted(v, unit, step); });
    made.midnights = unit.kind == ScalarKind::Date;
    to.add(std::move(made));
}

bool is_numpy_time(PyObject* o, bool duration) { return is_numpy(o, duration ? "timedelta64" : "datetime64"); }

bool is_numpy_nat(PyObject* o) {
    return (is_numpy_time(o, false) || is_numpy_time(o, true)) && count_of(o) == not_a_time;
}

std::int64_t numpy_time(PyObject* o, ScalarKind kind, const PathStep* where) {
    const std::int64_t v = count_of(o);
    if (v == not_a_time) throw ValueError(prefix(where) + describe(o) + " is not a time");
    const Unit unit = unit_of(attribute(o, "dtype").ptr(), kind == ScalarKind::TimeDelta, where);
    if (unit.kind == kind) return converted(v, unit, where);
    std::int64_t us = 0;
    if (unit.kind != ScalarKind::Date || kind != ScalarKind::DateTime)
        throw_wrong_type(detail::plain_scalar(kind), o, where);
    if (!multiply_into(us, converted(v, unit, where), microseconds_per_day)) throw_beyond(kind, where);
    return us;
}

} // namespace hgvalue::python
