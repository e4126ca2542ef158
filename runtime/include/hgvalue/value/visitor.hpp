// Visitors as classes, and visiting all of a value to any depth.
#pragma once

#include <hgvalue/value/visit.hpp>

#include <concepts>
#include <type_traits>
#include <utility>

namespace hgvalue {

namespace detail {

/// What a visitor's functions are given: in `View`'s world everything is const, or nothing.
template <class View> struct visited {
    template <class T> using scalar = const T&;
    template <class Const, class Mutable> using kind = const Const&;
    using other = const ConstValueView&;
};
template <> struct visited<ValueView> {
    template <class T> using scalar = T&;
    template <class Const, class Mutable> using kind = Mutable&;
    using other = ValueView&;
};

} // namespace detail

/// A visitor with a virtual function for every kind of value, for `visit`. What is not overridden is `unhandled`: that
/// does nothing, or for a visitor that must give something is a TypeError.
template <class R, class View> class BasicValueVisitor {
    template <class T> using scalar = typename detail::visited<View>::template scalar<T>;
    template <class C, class M> using kind = typename detail::visited<View>::template kind<C, M>;
    using other = typename detail::visited<View>::other;

  public:
    virtual ~BasicValueVisitor() = default;

    /// An enum is visited as int64.
    virtual R visit_bool(scalar<bool>) { return unhandled(); }
    virtual R visit_int8(scalar<std::int8_t>) { return unhandled(); }
    virtual R visit_int16(scalar<std::int16_t>) { return unhandled(); }
    virtual R visit_int32(scalar<std::int32_t>) { return unhandled(); }
    virtual R visit_int64(scalar<std::int64_t>) { return unhandled(); }
    virtual R visit_uint8(scalar<std::uint8_t>) { return unhandled(); }
    virtual R visit_uint16(scalar<std::uint16_t>) { return unhandled(); }
    virtual R visit_uint32(scalar<std::uint32_t>) { return unhandled(); }
    virtual R visit_uint64(scalar<std::uint64_t>) { return unhandled(); }
    virtual R visit_float(scalar<float>) { return unhandled(); }
    virtual R visit_double(scalar<double>) { return unhandled(); }
    virtual R visit_string(scalar<std::string>) { return unhandled(); }
    virtual R visit_bytes(scalar<bytes>) { return unhandled(); }
    virtual R visit_date(scalar<date>) { return unhandled(); }
    virtual R visit_time(scalar<time_of_day>) { return unhandled(); }
    virtual R visit_datetime(scalar<datetime>) { return unhandled(); }
    virtual R visit_timedelta(scalar<timedelta>) { return unhandled(); }
    virtual R visit_object(scalar<object>) { return unhandled(); }
    /// A scalar of a user's own type.
    virtual R visit_other(other) { return unhandled(); }

    virtual R visit_tuple(kind<ConstTupleView, TupleView>) { return unhandled(); }
    virtual R visit_bundle(kind<ConstBundleView, BundleView>) { return unhandled(); }
    virtual R visit_list(kind<ConstListView, ListView>) { return unhandled(); }
    virtual R visit_set(kind<ConstSetView, SetView>) { return unhandled(); }
    virtual R visit_map(kind<ConstMapView, MapView>) { return unhandled(); }
    virtual R visit_cyclic_buffer(kind<ConstCyclicBufferView, CyclicBufferView>) { return unhandled(); }
    virtual R visit_queue(kind<ConstQueueView, QueueView>) { return unhandled(); }
    virtual R visit_window(kind<ConstWindowView, WindowView>) { return unhandled(); }
    virtual R visit_optional(kind<ConstOptionalView, OptionalView>) { return unhandled(); }
    virtual R visit_variant(kind<ConstVariantView, VariantView>) { return unhandled(); }
    virtual R visit_ref(kind<ConstRefView, RefView>) { return unhandled(); }

    // What `visit` calls.
    R operator()(scalar<bool> v) { return visit_bool(v); }
    R operator()(scalar<std::int8_t> v) { return visit_int8(v); }
    R operator()(scalar<std::int16_t> v) { return visit_int16(v); }
    R operator()(scalar<std::int32_t> v) { return visit_int32(v); }
    R operator()(scalar<std::int64_t> v) { return visit_int64(v); }
    R operator()(scalar<std::uint8_t> v) { return visit_uint8(v); }
    R operator()(scalar<std::uint16_t> v) { return visit_uint16(v); }
    R operator()(scalar<std::uint32_t> v) { return visit_uint32(v); }
    R operator()(scalar<std::uint64_t> v) { return visit_uint64(v); }
    R operator()(scalar<float> v) { return visit_float(v); }
    R operator()(scalar<double> v) { return visit_double(v); }
    R operator()(scalar<std::string> v) { return visit_string(v); }
    R operator()(scalar<bytes> v) { return visit_bytes(v); }
    R operator()(scalar<date> v) { return visit_date(v); }
    R operator()(scalar<time_of_day> v) { return visit_time(v); }
    R operator()(scalar<datetime> v) { return visit_datetime(v); }
    R operator()(scalar<timedelta> v) { return visit_timedelta(v); }
    R operator()(scalar<object> v) { return visit_object(v); }
    R operator()(other v) { return visit_other(v); }
    R operator()(kind<ConstTupleView, TupleView> v) { return visit_tuple(v); }
    R operator()(kind<ConstBundleView, BundleView> v) { return visit_bundle(v); }
    R operator()(kind<ConstListView, ListView> v) { return visit_list(v); }
    R operator()(kind<ConstSetView, SetView> v) { return visit_set(v); }
    R operator()(kind<ConstMapView, MapView> v) { return visit_map(v); }
    R operator()(kind<ConstCyclicBufferView, CyclicBufferView> v) { return visit_cyclic_buffer(v); }
    R operator()(kind<ConstQueueView, QueueView> v) { return visit_queue(v); }
    R operator()(kind<ConstWindowView, WindowView> v) { return visit_window(v); }
    R operator()(kind<ConstOptionalView, OptionalView> v) { return visit_optional(v); }
    R operator()(kind<ConstVariantView, VariantView> v) { return visit_variant(v); }
    R operator()(kind<ConstRefView, RefView> v) { return visit_ref(v); }

  protected:
    BasicValueVisitor() = default;
    BasicValueVisitor(const BasicValueVisitor&) = default;
    BasicValueVisitor& operator=(const BasicValueVisitor&) = default;

    virtual R unhandled() {
        if constexpr (!std::is_void_v<R>) throw TypeError("the visitor does not handle values of this kind");
    }
};

template <class R = void> using ValueVisitor = BasicValueVisitor<R, ValueView>;
template <class R = void> using ConstValueVisitor = BasicValueVisitor<R, ConstValueView>;

/// Calls `leaf(value)`, or `leaf(value, path)` if it takes two, with every scalar and reference in a value, in order
/// and to any depth. Through a ValueView the leaves can be changed; elements of sets are then passed over, as they must
/// not change where they are. Keys of maps are in the paths.
template <class Leaf> class DeepVisitor {
  public:
    explicit DeepVisitor(Leaf leaf) : leaf_(std::forward<Leaf>(leaf)) {}

    void operator()(const ConstValueView& view) { descend(view); }
    void operator()(ValueView& view) { descend(view); }
    void operator()(ValueView&& view) { descend(view); }

    Leaf& leaf() noexcept { return leaf_; }

  private:
    template <class View> void descend(View& view) {
        if (!view.valid()) throw NullValueError("a view of nothing cannot be visited");
        if (view.is_scalar() || view.is_ref()) {
            const auto call = [&](auto& value) {
                if constexpr (std::invocable<Leaf&, decltype(value), const ValuePath&>)
                    leaf_(value, view.path());
                else
                    leaf_(value);
            };
            detail::visit_leaf<void>(view, call);
        } else if (std::is_const_v<View> || !view.is_set())
            for (auto part : BasicViewRange<std::remove_const_t<View>>::of(view)) descend_into(part);
    }
    void descend_into(const ConstValueView& part) { descend(part); }
    void descend_into(ValueView& part) { descend(part); }

    Leaf leaf_;
};

template <class F> auto make_deep_visitor(F&& leaf) { return DeepVisitor<std::decay_t<F>>(std::forward<F>(leaf)); }

/// Visits every leaf of a value; see DeepVisitor. Several handlers go in an Overloaded.
template <class View, class F> void deep_visit(View&& view, F&& leaf) { DeepVisitor<F&>{leaf}(view); }

} // namespace hgvalue
