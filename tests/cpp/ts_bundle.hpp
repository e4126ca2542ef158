// Bundles for tests, made by the compiler from a list of shapes instead of being generated: `bundle<ts<double>,
// tss<K>>`. Value, overlay, delta and handle have the form that generated ones have; only members are numbered, not
// named.
#pragma once

#include <hgvalue/time_series/root.hpp>

#include <array>
#include <cstddef>
#include <string>
#include <tuple>
#include <utility>

namespace ts_test {

/// Members one after another, each at an offset that can be computed.
template <class... T> struct members;
template <class T> struct members<T> {
    T head{};
    static constexpr std::uint32_t offset(std::size_t) { return 0; }
};
template <class T, class... Rest> struct members<T, Rest...> {
    T head{};
    members<Rest...> tail{};
    static constexpr std::uint32_t offset(std::size_t i) {
        constexpr std::size_t a = alignof(members<Rest...>);
        return i == 0 ? 0 : static_cast<std::uint32_t>((sizeof(T) + a - 1) / a * a) + members<Rest...>::offset(i - 1);
    }
};

template <std::size_t I, class M> auto& member(M& m) {
    if constexpr (I == 0)
        return m.head;
    else
        return member<I - 1>(m.tail);
}

template <class... Shapes> struct bundle_value : members<typename Shapes::value_type...> {};

template <class... Shapes> struct bundle_overlay : hgvalue::masked_overlay<sizeof...(Shapes)> {
    members<typename Shapes::overlay_type...> children;
};

template <std::size_t I, class Shape> struct delta_part {
    hgvalue::delta_of<Shape> part{};
};
template <class Index, class... Shapes> struct delta_parts;
template <std::size_t... I, class... Shapes>
struct delta_parts<std::index_sequence<I...>, Shapes...> : delta_part<I, Shapes>... {
    static constexpr auto all() { return std::tuple{&delta_part<I, Shapes>::part...}; }
};
template <class... Shapes>
struct bundle_delta : hgvalue::bundle_delta<sizeof...(Shapes)>,
                      delta_parts<std::index_sequence_for<Shapes...>, Shapes...> {
    using parts = std::tuple<Shapes...>;
    static constexpr auto members() { return bundle_delta::all(); }
};

template <class... Shapes> class bundle_of_handle;

/// The shape of a bundle.
template <class... Shapes> struct bundle {
    using value_type = bundle_value<Shapes...>;
    using overlay_type = bundle_overlay<Shapes...>;
    using handle = bundle_of_handle<Shapes...>;
    using delta_type = bundle_delta<Shapes...>;
    static constexpr bool on_heap = false;
    static constexpr bool flat = (std::is_same_v<typename Shapes::overlay_type, hgvalue::leaf_overlay> && ...);
    static constexpr bool references = (hgvalue::refers<Shapes> || ...);

    static const std::array<std::string, sizeof...(Shapes)> names;
    static const std::array<hgvalue::FieldInfo, sizeof...(Shapes)> values;
    static const std::array<hgvalue::NodeField, sizeof...(Shapes)> fields;
    static const hgvalue::NodeType type;
};

template <class... Shapes> class bundle_of_handle : public hgvalue::bundle_handle<bundle<Shapes...>> {
    template <std::size_t I> using shape_at = std::tuple_element_t<I, std::tuple<Shapes...>>;

  public:
    using hgvalue::bundle_handle<bundle<Shapes...>>::bundle_handle;

    /// Field I.
    template <std::size_t I> typename shape_at<I>::handle get() const {
        return this->template child<shape_at<I>>(member<I>(*this->value_), member<I>(this->overlay_->children), I);
    }
    /// Sets field I, which is a TS.
    template <std::size_t I> void set(typename shape_at<I>::value_type v) const {
        this->set_leaf(member<I>(*this->value_), member<I>(this->overlay_->children), I, std::move(v));
    }
};

namespace detail {
template <class... Shapes, std::size_t... I>
std::array<std::string, sizeof...(I)> make_names(std::index_sequence<I...>) {
    return {("f" + std::to_string(I))...};
}
template <class... Shapes, std::size_t... I>
std::array<hgvalue::FieldInfo, sizeof...(I)> make_values(const std::string* names, std::index_sequence<I...>) {
    using data = members<typename Shapes::value_type...>;
    return {hgvalue::FieldInfo{names[I].c_str(), &hgvalue::type_of<typename Shapes::value_type>(), data::offset(I),
                               false, false, nullptr}...};
}
template <class... Shapes, std::size_t... I>
std::array<hgvalue::NodeField, sizeof...(I)> make_fields(const std::string* names, std::index_sequence<I...>) {
    using data = members<typename Shapes::value_type...>;
    using overlay = members<typename Shapes::overlay_type...>;
    constexpr auto header = static_cast<std::uint32_t>(sizeof(hgvalue::masked_overlay<sizeof...(I)>));
    return {hgvalue::NodeField{names[I].c_str(), &Shapes::type, data::offset(I), header + overlay::offset(I), false,
                               nullptr}...};
}
} // namespace detail

// Statics of a template are initialised in no promised order, so each is asked for by the one that needs it.
template <class... Shapes>
const std::array<std::string, sizeof...(Shapes)> bundle<Shapes...>::names =
    detail::make_names<Shapes...>(std::index_sequence_for<Shapes...>{});
template <class... Shapes>
const std::array<hgvalue::FieldInfo, sizeof...(Shapes)> bundle<Shapes...>::values =
    detail::make_values<Shapes...>(names.data(), std::index_sequence_for<Shapes...>{});
template <class... Shapes>
const std::array<hgvalue::NodeField, sizeof...(Shapes)> bundle<Shapes...>::fields =
    detail::make_fields<Shapes...>(names.data(), std::index_sequence_for<Shapes...>{});

template <class Shape, std::size_t N, class... Before> struct repeat : repeat<Shape, N - 1, Shape, Before...> {};
template <class Shape, class... Before> struct repeat<Shape, 0, Before...> {
    using type = bundle<Before...>;
};
/// A bundle of N fields of one shape.
template <class Shape, std::size_t N> using wide_bundle = typename repeat<Shape, N>::type;

} // namespace ts_test

template <class... Shapes>
inline constexpr hgvalue::TypeFlags hgvalue::flags_of<ts_test::bundle_value<Shapes...>> =
    hgvalue::compose_flags(hgvalue::flags_of<typename Shapes::value_type>...);

template <class... Shapes> struct hgvalue::meta_for<ts_test::bundle_value<Shapes...>> {
    static const TypeMeta value;
};
template <class... Shapes>
constinit const hgvalue::TypeMeta hgvalue::meta_for<ts_test::bundle_value<Shapes...>>::value =
    hgvalue::struct_meta<ts_test::bundle_value<Shapes...>>(
        "test", "Bundle", nullptr, ts_test::bundle<Shapes...>::values.data(), sizeof...(Shapes));
template <class... Shapes>
constinit const hgvalue::NodeType ts_test::bundle<Shapes...>::type = hgvalue::bundle_type<ts_test::bundle<Shapes...>>(
    "test", "Bundle", nullptr, ts_test::bundle<Shapes...>::fields.data(), sizeof...(Shapes));
