// Equality and hashing of values: NaN equals NaN, 0.0 equals -0.0, and the hash agrees.
#pragma once

#include <hgvalue/core/time.hpp>
#include <hgvalue/core/type_meta.hpp>

#include <bit>
#include <concepts>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>

namespace hgvalue {

struct bool8; // value/scalars.hpp

/// Spreads every input bit over the whole word (the finaliser of SplitMix64): table positions are taken from the low
/// bits, and neighbouring integers must not share them.
constexpr std::size_t mix_hash(std::uint64_t x) noexcept {
    x ^= x >> 30;
    x *= 0xbf58476d1ce4e5b9ULL;
    x ^= x >> 27;
    x *= 0x94d049bb133111ebULL;
    x ^= x >> 31;
    return static_cast<std::size_t>(x);
}

/// Adds one part's hash to that of the parts before it; the order matters.
constexpr std::size_t combine_hash(std::size_t seed, std::size_t part) noexcept {
    return mix_hash(seed * 0x9e3779b97f4a7c15ULL + part);
}

template <class T>
concept CalendarScalar =
    std::same_as<T, datetime> || std::same_as<T, timedelta> || std::same_as<T, date> || std::same_as<T, time_of_day>;

/// Equality as the time-series layer understands it. Types that are not scalars are compared through their meta.
template <class T> bool equal(const T& a, const T& b) {
    if constexpr (std::floating_point<T>)
        return a == b || (a != a && b != b);
    else if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T> || CalendarScalar<T> || std::same_as<T, bool8> ||
                       std::derived_from<T, std::string>)
        return a == b;
    else
        return type_of<T>().ops->equals(type_of<T>(), &a, &b);
}

inline std::size_t hash_bytes(std::string_view bytes) noexcept { return std::hash<std::string_view>{}(bytes); }

/// The hash that agrees with `equal`.
template <class T> std::size_t hash_of(const T& v) {
    if constexpr (std::floating_point<T>) {
        const double d = v != v ? std::numeric_limits<double>::quiet_NaN() : (v == 0 ? 0.0 : static_cast<double>(v));
        return mix_hash(std::bit_cast<std::uint64_t>(d));
    } else if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T>)
        return mix_hash(static_cast<std::uint64_t>(v));
    else if constexpr (std::same_as<T, bool8>)
        return mix_hash(static_cast<bool>(v));
    else if constexpr (std::same_as<T, date>)
        return mix_hash(static_cast<std::uint64_t>(v.days));
    else if constexpr (CalendarScalar<T>)
        return mix_hash(static_cast<std::uint64_t>(v.us));
    else if constexpr (std::derived_from<T, std::string>)
        return hash_bytes(v);
    else
        return type_of<T>().ops->hash(type_of<T>(), &v);
}

} // namespace hgvalue
