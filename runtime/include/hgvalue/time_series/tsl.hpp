// TSL: fixed and dynamic lists of time series.
#pragma once

#include <hgvalue/time_series/ts.hpp>

#include <array>
#include <string>

namespace hgvalue {

template <class Shape> class list_handle : public node_handle<Shape> {
  public:
    using node_handle<Shape>::node_handle;
    using child = typename Shape::child;

    std::uint32_t size() const noexcept { return Shape::length(*this->value_); }

    /// Element `i`; IndexError beyond the end.
    typename child::handle operator[](std::uint32_t i) const {
        if (i >= size())
            throw IndexError("index " + std::to_string(i) + " is beyond a list of " + std::to_string(size()));
        return make_handle<child>(&(*this->value_)[i], Shape::overlays(*this->overlay_) + i, this->context_,
                                  &this->header(), i);
    }
    /// Calls `f(index, child)` for each element written in this tick and valid, in order.
    template <class F> void for_each_modified(F&& f) const {
        for (std::uint32_t i = 0; i < size(); ++i)
            if (auto c = (*this)[i]; c.modified()) f(i, c);
    }
    /// Told once a tick in which any element, or something below one, changed, came or went.
    template <class F> [[nodiscard]] Subscription subscribe_elements(F&& observer, When when = When::End) const {
        return detail::subscribe(this->ref(), {Scope::Elements, when}, std::forward<F>(observer));
    }
    /// Dynamic lists only: told once a tick in which the length changed.
    template <class F>
    [[nodiscard]] Subscription subscribe_structure(F&& observer, When when = When::End) const
        requires(Shape::fixed_size == 0)
    {
        return detail::subscribe(this->ref(), {Scope::Structure, when}, std::forward<F>(observer));
    }
    /// Dynamic lists only: grows with elements that are not valid, or drops the last ones.
    void resize(std::size_t n) const
        requires(Shape::fixed_size == 0)
    {
        runtime().list_resize(this->ref(), n);
    }
};

namespace detail {
template <class Shape, class Overlay> constexpr NodeType list_type(std::uint32_t children_offset) {
    NodeType t{};
    t.kind = NodeKind::TSL;
    t.value = &meta_for<typename Shape::value_type>::value;
    t.child = &Shape::child::type;
    t.list_size = Shape::fixed_size;
    t.overlay_size = sizeof(Overlay);
    t.overlay_alignment = alignof(Overlay);
    t.children_offset = children_offset;
    t.flat = Shape::flat;
    t.references = Shape::references;
    return t;
}
} // namespace detail

/// TSL[Child, Size[N]]; N = 0: TSL[Child], which can grow.
template <class Child, std::uint32_t N = 0> struct tsl {
    struct overlay_type : masked_overlay<N> {
        std::array<typename Child::overlay_type, N> children;
    };
    using child = Child;
    using value_type = std::array<element_t<typename Child::value_type>, N>;
    using handle = list_handle<tsl>;
    using delta_type = fixed_list_delta<Child, N>;
    static constexpr std::uint32_t fixed_size = N;
    static constexpr bool on_heap = false;
    static constexpr bool references = refers<Child>;
    static constexpr bool flat = std::is_same_v<typename Child::overlay_type, leaf_overlay>;
    static std::uint32_t length(const value_type&) noexcept { return N; }
    static typename Child::overlay_type* overlays(overlay_type& o) noexcept { return o.children.data(); }
    static constexpr NodeType type = detail::list_type<tsl, overlay_type>(sizeof(masked_overlay<N>));
};

template <class Child> struct tsl<Child, 0> {
    using child = Child;
    using value_type = list<typename Child::value_type>;
    using overlay_type = state_ptr<list_state>;
    using handle = list_handle<tsl>;
    using delta_type = list_delta<Child>;
    static constexpr std::uint32_t fixed_size = 0;
    static constexpr bool on_heap = true;
    static constexpr bool references = refers<Child>;
    static constexpr bool flat = false;
    static std::uint32_t length(const value_type& v) noexcept { return static_cast<std::uint32_t>(v.size()); }
    static typename Child::overlay_type* overlays(overlay_type& o) noexcept {
        return reinterpret_cast<typename Child::overlay_type*>(o->overlays);
    }
    static constexpr NodeType type = detail::list_type<tsl, overlay_type>(0);
};

} // namespace hgvalue
