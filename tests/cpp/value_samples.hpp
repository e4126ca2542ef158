// Types as the generator would write them, and distinct values of any type by number.
#pragma once

#include "probe.hpp"

#include <hgvalue/core/type_of.hpp>

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <tuple>

/// Owns memory.
struct point {
    std::int64_t x{};
    double y{};
    std::string label;
};

/// Trivial, over-aligned and with padding.
struct alignas(32) lane {
    std::int64_t id{};
    std::int8_t side{};
    double weight{};
};

enum class color : std::int64_t { red, green = 5 };

template <>
inline constexpr hgvalue::TypeFlags hgvalue::flags_of<point> =
    hgvalue::compose_flags(flags_of<std::int64_t>, flags_of<double>, flags_of<std::string>);
template <> struct hgvalue::meta_for<point> {
    static constexpr FieldInfo fields[] = {
        {"x", &type_of<std::int64_t>(), offsetof(point, x), false, false, nullptr},
        {"y", &type_of<double>(), offsetof(point, y), false, false, nullptr},
        {"label", &type_of<std::string>(), offsetof(point, label), true, false, nullptr},
    };
    static constexpr TypeMeta value = struct_meta<point>("samples", "Point", nullptr, fields, 3);
};

template <>
inline constexpr hgvalue::TypeFlags hgvalue::flags_of<lane> =
    hgvalue::compose_flags(flags_of<std::int64_t>, flags_of<std::int8_t>, flags_of<double>);
template <> struct hgvalue::meta_for<lane> {
    static constexpr FieldInfo fields[] = {
        {"id", &type_of<std::int64_t>(), offsetof(lane, id), false, false, nullptr},
        {"side", &type_of<std::int8_t>(), offsetof(lane, side), false, false, nullptr},
        {"weight", &type_of<double>(), offsetof(lane, weight), false, false, nullptr},
    };
    static constexpr TypeMeta value = struct_meta<lane>("samples", "Lane", nullptr, fields, 3);
};

template <> struct hgvalue::meta_for<color> {
    static constexpr const char* names[] = {"Red", "Green"};
    static constexpr std::int64_t values[] = {0, 5};
    static constexpr EnumInfo members{names, values, 2};
    static constexpr TypeMeta value = enum_meta<color>("samples", "Color", nullptr, members);
};

/// Value number `i` of a type; different numbers below 2^16 give different values, but for bool.
template <class T> struct sample {
    static T make(int i) { return T(i); }
};
template <> struct sample<hgvalue::bool8> {
    static hgvalue::bool8 make(int i) { return i % 2 == 0; }
};
template <> struct sample<std::string> {
    // Some within the string object, some on the heap.
    static std::string make(int i) { return std::string(i % 3 == 0 ? 40 : 1, 's') + std::to_string(i); }
};
template <> struct sample<hgvalue::datetime> {
    static hgvalue::datetime make(int i) { return {i * std::int64_t{1'000'000}}; }
};
template <> struct sample<point> {
    static point make(int i) { return {i, i / 2.0, sample<std::string>::make(i)}; }
};
template <> struct sample<lane> {
    static lane make(int i) { return {i, static_cast<std::int8_t>(i % 100), i / 4.0}; }
};
template <class T> struct sample<std::vector<T>> {
    static std::vector<T> make(int i) { return std::vector<T>(i % 5 + 1, sample<T>::make(i)); }
};
template <class T> struct sample<std::optional<T>> {
    static std::optional<T> make(int i) { return i == 0 ? std::optional<T>() : sample<T>::make(i); }
};
template <class... Ts> struct sample<std::tuple<Ts...>> {
    static std::tuple<Ts...> make(int i) { return {sample<Ts>::make(i)...}; }
};
template <class K> struct sample<hgvalue::set<K>> {
    static hgvalue::set<K> make(int i) {
        hgvalue::set<K> s;
        for (int k = 0; k <= i % 12; ++k) s.insert(sample<K>::make(i + k));
        return s;
    }
};

template <class T> T make(int i) { return sample<T>::make(i); }

/// The operations of a type by its meta, as the runtime uses them.
template <class T> bool meta_equal(const T& a, const T& b) {
    return hgvalue::type_of<T>().ops->equals(hgvalue::type_of<T>(), &a, &b);
}
template <class T> bool meta_less(const T& a, const T& b) {
    return hgvalue::type_of<T>().ops->less(hgvalue::type_of<T>(), &a, &b);
}
template <class T> std::size_t meta_hash(const T& v) {
    return hgvalue::type_of<T>().ops->hash(hgvalue::type_of<T>(), &v);
}
