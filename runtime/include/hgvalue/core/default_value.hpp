// The default value of each C++ type that a schema can name, where that is not what `T()` makes.
//
// `T()` makes an enum 0, which need not be one of its members. So whatever makes a value that is or holds an enum asks
// here; structs of generated code do so in the initialisers of their members.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace hgvalue {

/// The default of an enum: 0 if that is a member, else the first one declared. Generated code specialises it for enums
/// without a member 0.
template <class T> inline constexpr std::int64_t enum_default = 0;

/// Whether `T()` makes the default value.
template <class T> inline constexpr bool starts_as_made = true;
template <class T>
    requires std::is_enum_v<T>
inline constexpr bool starts_as_made<T> = enum_default<T> == 0;
template <class T, std::size_t N> inline constexpr bool starts_as_made<std::array<T, N>> = starts_as_made<T>;
template <class... Ts> inline constexpr bool starts_as_made<std::tuple<Ts...>> = (starts_as_made<Ts> && ...);
template <class T, class... Ts> inline constexpr bool starts_as_made<std::variant<T, Ts...>> = starts_as_made<T>;

/// A new value, with the schema's defaults.
template <class T> T default_value();

namespace detail {
template <class T> T make_default(std::type_identity<T>) { return static_cast<T>(enum_default<T>); }
template <class T, std::size_t N> std::array<T, N> make_default(std::type_identity<std::array<T, N>>) {
    std::array<T, N> made;
    made.fill(default_value<T>());
    return made;
}
template <class... Ts> std::tuple<Ts...> make_default(std::type_identity<std::tuple<Ts...>>) {
    return std::tuple<Ts...>(default_value<Ts>()...);
}
template <class T, class... Ts> std::variant<T, Ts...> make_default(std::type_identity<std::variant<T, Ts...>>) {
    return std::variant<T, Ts...>(std::in_place_index<0>, default_value<T>());
}

/// Shortens a list, or adds default values to it.
template <class T> void resize(std::vector<T>& list, std::size_t size) {
    if constexpr (starts_as_made<T>)
        list.resize(size);
    else
        list.resize(size, default_value<T>());
}
} // namespace detail

template <class T> T default_value() {
    if constexpr (starts_as_made<T>)
        return T();
    else
        return detail::make_default(std::type_identity<T>());
}

} // namespace hgvalue
