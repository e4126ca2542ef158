// Visiting: from a view to the C++ type of what it looks at.
//
//     visit_with(view, [](std::int64_t& i) { … }, [](BundleView& b) { … }, [](auto& other) { … });
//
// A scalar comes as a reference to its C++ type, an enum as std::int64_t, and every composite as the view of its kind;
// a scalar of a user's own type comes as the view itself. What is visited through a ConstValueView comes const.
// Handlers must cover all of it, or it does not compile; `[](auto& other)` covers what the others do not. A class
// derived from ValueVisitor or ConstValueVisitor covers it all, and overrides what it wants.
#pragma once

#include <hgvalue/core/error.hpp>
#include <hgvalue/core/scalar_kinds.hpp>
#include <hgvalue/value/bundle_view.hpp>
#include <hgvalue/value/keyed_view.hpp>
#include <hgvalue/value/list_view.hpp>
#include <hgvalue/value/optional_view.hpp>
#include <hgvalue/value/ref_view.hpp>
#include <hgvalue/value/ring_view.hpp>
#include <hgvalue/value/view_range.hpp>

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace hgvalue {

/// Several lambdas as one.
template <class... Fs> struct Overloaded : Fs... {
    using Fs::operator()...;
};
template <class... Fs> Overloaded(Fs...) -> Overloaded<Fs...>;

/// The result of visitors that do not cover everything.
template <class T> using VisitResult = std::optional<T>;

namespace detail {

template <class... Ts> struct visit_cases {
    template <class F> static constexpr bool all_invocable = (std::invocable<F&, Ts> && ...);
};

// What a visitor is called with: these, and for a scalar of a user's own type the view.
using mutable_cases =
    visit_cases<bool&, std::int8_t&, std::int16_t&, std::int32_t&, std::int64_t&, std::uint8_t&, std::uint16_t&,
                std::uint32_t&, std::uint64_t&, float&, double&, std::string&, bytes&, date&, time_of_day&, datetime&,
                timedelta&, object&, TupleView&, BundleView&, ListView&, SetView&, MapView&, CyclicBufferView&,
                QueueView&, WindowView&, OptionalView&, VariantView&, RefView&, ValueView&>;
using const_cases =
    visit_cases<const bool&, const std::int8_t&, const std::int16_t&, const std::int32_t&, const std::int64_t&,
                const std::uint8_t&, const std::uint16_t&, const std::uint32_t&, const std::uint64_t&, const float&,
                const double&, const std::string&, const bytes&, const date&, const time_of_day&, const datetime&,
                const timedelta&, const object&, const ConstTupleView&, const ConstBundleView&, const ConstListView&,
                const ConstSetView&, const ConstMapView&, const ConstCyclicBufferView&, const ConstQueueView&,
                const ConstWindowView&, const ConstOptionalView&, const ConstVariantView&, const ConstRefView&,
                const ConstValueView&>;

template <class View>
using cases_of =
    std::conditional_t<std::derived_from<View, ValueView> && !std::is_const_v<View>, mutable_cases, const_cases>;

/// Adds up what handlers give: their common type, void if one gives nothing. Cases that are not handled do not count.
template <class F, class R> struct result_sum {
    using type = R;
    template <class T> constexpr auto operator+(std::type_identity<T>) const {
        if constexpr (!std::invocable<F&, T>)
            return result_sum();
        else if constexpr (std::is_same_v<R, visit_cases<>>) // the first
            return result_sum<F, std::invoke_result_t<F&, T>>();
        else if constexpr (std::is_void_v<R> || std::is_void_v<std::invoke_result_t<F&, T>>)
            return result_sum<F, void>();
        else
            return result_sum<F, std::common_type_t<R, std::invoke_result_t<F&, T>>>();
    }
};
template <class F, class... Ts> constexpr auto sum_of_results(visit_cases<Ts...>) {
    return (result_sum<F, visit_cases<>>() + ... + std::type_identity<Ts>());
}
/// What the handlers of F give, as one type.
template <class View, class F> using visit_result_t = typename decltype(sum_of_results<F>(cases_of<View>()))::type;

/// `f` with a view of one kind, const if `View` is.
template <class R, class View, class Kind, class F> R visit_kind(Kind kind, F& f) {
    if constexpr (std::is_const_v<View>)
        return static_cast<R>(f(std::as_const(kind)));
    else
        return static_cast<R>(f(kind));
}

/// `f` with the value that a view of a scalar or reference looks at. `View` is const ConstValueView or ValueView.
template <class R, class View, class F> R visit_leaf(View& view, F& f) {
    if (view.is_ref()) return visit_kind<R, View>(view.as_ref(), f);
    return with_scalar_type(view.schema()->scalar, [&]<class T>(std::type_identity<T>) -> R {
        if constexpr (std::is_void_v<T>)
            return static_cast<R>(f(view));
        else if constexpr (std::is_const_v<View>)
            return static_cast<R>(f(*static_cast<const T*>(view.data())));
        else
            return static_cast<R>(f(*static_cast<T*>(view.data())));
    });
}

template <class R, class View, class F> R visit_any(View& view, F& f) {
    if (!view.valid()) throw NullValueError("a view of nothing cannot be visited");
    const auto call = [&f](auto kind) { return visit_kind<R, View>(std::move(kind), f); };
    switch (view.schema()->kind) {
    case TypeKind::Tuple: return call(view.as_tuple());
    case TypeKind::Bundle: return call(view.as_bundle());
    case TypeKind::List: return call(view.as_list());
    case TypeKind::Set: return call(view.as_set());
    case TypeKind::Map: return call(view.as_map());
    case TypeKind::CyclicBuffer: return call(view.as_cyclic_buffer());
    case TypeKind::Queue: return call(view.as_queue());
    case TypeKind::Window: return call(view.as_window());
    case TypeKind::Optional: return call(view.as_optional());
    case TypeKind::Variant: return call(view.as_variant());
    case TypeKind::Scalar:
    case TypeKind::Ref: break;
    }
    return visit_leaf<R>(view, f);
}

template <class R, class View, class F> auto checked_visit(View& view, F& f) {
    static_assert(cases_of<View>::template all_invocable<F>,
                  "every kind of value needs a handler; [](auto& other) { … } covers what the others do not");
    if constexpr (cases_of<View>::template all_invocable<F>) { // no more errors after that one
        if constexpr (std::is_void_v<R>)
            return visit_any<visit_result_t<View, F>>(view, f);
        else
            return visit_any<R>(view, f);
    }
}

} // namespace detail

/// Calls `visitor` with what the view looks at and returns what it gives, as `R` if that is named. NullValueError for a
/// view of nothing.
template <class R = void, class Visitor> auto visit(const ConstValueView& view, Visitor&& visitor) {
    return detail::checked_visit<R>(view, visitor);
}
template <class R = void, class Visitor> auto visit(ValueView& view, Visitor&& visitor) {
    return detail::checked_visit<R>(view, visitor);
}
template <class R = void, class Visitor> auto visit(ValueView&& view, Visitor&& visitor) {
    return detail::checked_visit<R>(view, visitor);
}

/// The same with several handlers.
template <class View, class... Handlers> auto visit_with(View&& view, Handlers&&... handlers) {
    return visit(std::forward<View>(view), Overloaded{std::forward<Handlers>(handlers)...});
}

/// The same with handlers that need not cover everything: nullopt, or false if they give nothing, where none fits.
template <class View, class... Handlers> auto try_visit_with(View&& view, Handlers&&... handlers) {
    Overloaded f{std::forward<Handlers>(handlers)...};
    using F = decltype(f);
    using R = detail::visit_result_t<std::remove_reference_t<View>, F>;
    return visit(std::forward<View>(view), [&f]<class T>(T& v) {
        constexpr bool handled = std::invocable<F&, T&>;
        if constexpr (std::is_void_v<R>) {
            if constexpr (handled) f(v);
            return handled;
        } else if constexpr (handled)
            return VisitResult<R>(f(v));
        else
            return VisitResult<R>();
    });
}

} // namespace hgvalue
