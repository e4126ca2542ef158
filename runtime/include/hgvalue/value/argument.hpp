// What may be given where a value is wanted: a view, a Value, or a C++ value.
//
// Text may be a string literal or string_view where the wanted type is str. A C++ integer becomes one of the wanted
// width (OverflowError if it does not fit), so that `set("n", 5)` works whatever `n` is; bool and float stay what they
// are.
#pragma once

#include <hgvalue/core/error.hpp>
#include <hgvalue/core/type_of.hpp>
#include <hgvalue/value/format.hpp>
#include <hgvalue/value/view.hpp>

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace hgvalue {

namespace detail {

template <class T> inline constexpr bool is_basic_value = false;
template <class P> inline constexpr bool is_basic_value<BasicValue<P>> = true;

template <class T>
concept has_meta = requires { meta_for<T>::value; };
template <class T>
concept text_argument = !has_meta<T> && std::convertible_to<const T&, std::string_view>;
template <class T>
concept integer_argument = std::integral<T> && !std::same_as<T, bool>;

template <class Stored, class T, class F> decltype(auto) with_integer(const TypeMeta& wanted, T v, const F& f) {
    if (!std::in_range<Stored>(v))
        throw OverflowError(std::to_string(v) + " is beyond the range of " + type_name(wanted));
    const auto stored = static_cast<Stored>(v);
    return f(ValueArgument{&stored, &wanted});
}

} // namespace detail

template <class T>
concept AnyValue = std::derived_from<T, ConstValueView> || detail::is_basic_value<T> || detail::has_meta<T> ||
                   detail::text_argument<T> || detail::integer_argument<T>;

/// Calls `f` with `v` as a value for a place of type `wanted`. Nothing is copied but text and integers that change
/// their type. NullValueError for a view of nothing or a null Value.
template <AnyValue T, class F> decltype(auto) with_argument(const TypeMeta& wanted, const T& v, const F& f) {
    if constexpr (std::derived_from<T, ConstValueView>) {
        if (!v.valid()) throw NullValueError("a view of nothing has no value to give");
        return f(ValueArgument{v.data(), v.schema()});
    } else if constexpr (detail::is_basic_value<T>)
        return f(ValueArgument{v.data(), v.schema()});
    else if constexpr (detail::text_argument<T>) {
        const std::string text{std::string_view(v)};
        return f(ValueArgument{&text, &type_of<std::string>()});
    } else if constexpr (detail::integer_argument<T>) {
        const TypeMeta& m = wanted.kind == TypeKind::Optional ? *wanted.element : wanted;
        switch (m.scalar) {
        case ScalarKind::Int8: return detail::with_integer<std::int8_t>(m, v, f);
        case ScalarKind::Int16: return detail::with_integer<std::int16_t>(m, v, f);
        case ScalarKind::Int32: return detail::with_integer<std::int32_t>(m, v, f);
        case ScalarKind::UInt8: return detail::with_integer<std::uint8_t>(m, v, f);
        case ScalarKind::UInt16: return detail::with_integer<std::uint16_t>(m, v, f);
        case ScalarKind::UInt32: return detail::with_integer<std::uint32_t>(m, v, f);
        case ScalarKind::UInt64: return detail::with_integer<std::uint64_t>(m, v, f);
        case ScalarKind::Int64: return detail::with_integer<std::int64_t>(m, v, f);
        default:
            if constexpr (detail::has_meta<T>) return f(ValueArgument{&v, &type_of<T>()});
            return detail::with_integer<std::int64_t>(type_of<std::int64_t>(), v, f);
        }
    } else
        return f(ValueArgument{&v, &type_of<T>()});
}

template <class T> void ValueView::assign(const T& v) {
    require_valid();
    if constexpr (detail::is_scalar<T> && std::is_trivially_copyable_v<T>)
        if (holds<T>(*schema_)) [[likely]] { // nothing to convert and nothing that can fail
            *static_cast<T*>(data()) = v;
            return;
        }
    here([&] { with_argument(*schema_, v, [&](ValueArgument a) { store(a); }); });
}

} // namespace hgvalue
