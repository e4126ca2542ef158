// Scalars as text.
#include "format_scalars.hpp"

#include <hgvalue/core/time.hpp>
#include <hgvalue/value/scalars.hpp>

#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <string_view>

namespace hgvalue::detail {
namespace {

constexpr std::int64_t second = 1'000'000;
constexpr std::int64_t day = 86'400 * second;

template <class T> const T& as_scalar(const void* p) { return *static_cast<const T*>(p); }

template <class... Args> void add_formatted(std::string& out, const char* format, Args... args) {
    char buffer[64];
    std::snprintf(buffer, sizeof buffer, format, args...);
    out += buffer;
}

/// As Python's repr: fixed notation where it is readable, and always recognisable as a float.
template <class T> void add_float(std::string& out, T v) {
    if (!std::isfinite(v)) {
        out += std::isnan(v) ? "nan" : v < 0 ? "-inf" : "inf";
        return;
    }
    const T magnitude = std::abs(v);
    const bool fixed = magnitude == 0 || (magnitude >= T(1e-4) && magnitude < T(1e16));
    char buffer[64];
    const char* end = std::to_chars(buffer, buffer + sizeof buffer, v,
                                    fixed ? std::chars_format::fixed : std::chars_format::scientific)
                          .ptr;
    const std::string_view digits(buffer, static_cast<std::size_t>(end - buffer));
    out += digits;
    if (fixed && digits.find('.') == std::string_view::npos) out += ".0";
}

void add_date(std::string& out, std::int64_t days) {
    const std::chrono::year_month_day d{std::chrono::sys_days{std::chrono::days{days}}};
    add_formatted(out, "%04d-%02u-%02u", static_cast<int>(d.year()), static_cast<unsigned>(d.month()),
                  static_cast<unsigned>(d.day()));
}

void add_clock(std::string& out, std::int64_t us) {
    const auto s = static_cast<int>(us / second);
    add_formatted(out, "%02d:%02d:%02d.%06d", s / 3600, s / 60 % 60, s % 60, static_cast<int>(us % second));
}

/// The whole days in `us`, rounded down, so that the rest is not negative.
std::int64_t whole_days(std::int64_t us) { return us / day - (us % day < 0 ? 1 : 0); }
/// What they leave; not by multiplying them, which may go beyond the range.
std::int64_t rest_of_day(std::int64_t us) { return us % day + (us % day < 0 ? day : 0); }

void add_timedelta(std::string& out, std::int64_t us) {
    const std::int64_t days = whole_days(us);
    if (days != 0) out += std::to_string(days) + (days == 1 || days == -1 ? " day, " : " days, ");
    add_clock(out, rest_of_day(us));
}

void add_enum(std::string& out, const TypeMeta& m, std::int64_t v) {
    out += m.name;
    for (std::uint32_t i = 0; i < m.enumeration->count; ++i)
        if (m.enumeration->values[i] == v) {
            (out += '.') += m.enumeration->names[i];
            return;
        }
    out += '(' + std::to_string(v) + ')';
}

} // namespace

const char* scalar_name(ScalarKind kind) noexcept {
    switch (kind) {
    case ScalarKind::None: return "scalar";
    case ScalarKind::Bool: return "bool";
    case ScalarKind::Int8: return "int8";
    case ScalarKind::Int16: return "int16";
    case ScalarKind::Int32: return "int32";
    case ScalarKind::Int64: return "int";
    case ScalarKind::UInt8: return "uint8";
    case ScalarKind::UInt16: return "uint16";
    case ScalarKind::UInt32: return "uint32";
    case ScalarKind::UInt64: return "uint64";
    case ScalarKind::Float32: return "float32";
    case ScalarKind::Float64: return "float";
    case ScalarKind::Str: return "str";
    case ScalarKind::Bytes: return "bytes";
    case ScalarKind::Date: return "date";
    case ScalarKind::Time: return "time";
    case ScalarKind::DateTime: return "datetime";
    case ScalarKind::TimeDelta: return "timedelta";
    case ScalarKind::Object: return "object";
    case ScalarKind::Enum: return "Enum";
    }
    return "scalar";
}

void add_quoted(std::string& out, std::string_view text, bool ascii) {
    out += '"';
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\')
            (out += '\\') += c;
        else if (c == '\n')
            out += "\\n";
        else if (c == '\t')
            out += "\\t";
        else if (c == '\r')
            out += "\\r";
        else if (byte < 0x20 || byte == 0x7f || (ascii && byte > 0x7f))
            add_formatted(out, "\\x%02x", static_cast<unsigned>(byte));
        else
            out += c;
    }
    out += '"';
}

std::size_t character_start(std::string_view text, std::size_t position) noexcept {
    while (position > 0 && position < text.size() && (static_cast<unsigned char>(text[position]) & 0xc0) == 0x80)
        --position;
    return position;
}

void add_scalar(std::string& out, const TypeMeta& m, const void* v) {
    switch (m.scalar) {
    case ScalarKind::None: // a type of the user's, of which only the name is known
        (((out += '<') += m.name ? m.name : "scalar") += '>');
        return;
    case ScalarKind::Bool: out += as_scalar<bool8>(v) ? "true" : "false"; return;
    case ScalarKind::Int8: out += std::to_string(as_scalar<std::int8_t>(v)); return;
    case ScalarKind::Int16: out += std::to_string(as_scalar<std::int16_t>(v)); return;
    case ScalarKind::Int32: out += std::to_string(as_scalar<std::int32_t>(v)); return;
    case ScalarKind::Int64: out += std::to_string(as_scalar<std::int64_t>(v)); return;
    case ScalarKind::UInt8: out += std::to_string(as_scalar<std::uint8_t>(v)); return;
    case ScalarKind::UInt16: out += std::to_string(as_scalar<std::uint16_t>(v)); return;
    case ScalarKind::UInt32: out += std::to_string(as_scalar<std::uint32_t>(v)); return;
    case ScalarKind::UInt64: out += std::to_string(as_scalar<std::uint64_t>(v)); return;
    case ScalarKind::Float32: add_float(out, as_scalar<float>(v)); return;
    case ScalarKind::Float64: add_float(out, as_scalar<double>(v)); return;
    case ScalarKind::Str: add_quoted(out, as_scalar<std::string>(v), false); return;
    case ScalarKind::Bytes:
        out += 'b';
        add_quoted(out, as_scalar<bytes>(v), true);
        return;
    case ScalarKind::Date: add_date(out, as_scalar<date>(v).days); return;
    case ScalarKind::Time: add_clock(out, as_scalar<time_of_day>(v).us); return;
    case ScalarKind::DateTime: {
        const std::int64_t us = as_scalar<datetime>(v).us, days = whole_days(us);
        add_date(out, days);
        out += ' ';
        add_clock(out, rest_of_day(us));
        return;
    }
    case ScalarKind::TimeDelta: add_timedelta(out, as_scalar<timedelta>(v).us); return;
    case ScalarKind::Object: out += as_scalar<object>(v).get() ? "<object>" : "None"; return;
    case ScalarKind::Enum: add_enum(out, m, as_scalar<std::int64_t>(v)); return;
    }
}

} // namespace hgvalue::detail
