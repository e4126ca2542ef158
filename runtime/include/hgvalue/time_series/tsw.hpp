// TSW: windows over the last values, by count or by time.
#pragma once

#include <hgvalue/time_series/ts.hpp>

namespace hgvalue {

template <class Shape> class window_handle : public node_handle<Shape> {
  public:
    using node_handle<Shape>::node_handle;
    using element = typename Shape::value_type::value_type;

    /// Number of elements inside the window at the current time.
    std::uint32_t size() const { return this->value_->size() - first(); }
    /// Element `i`, the oldest first; `i` is below size().
    const element& operator[](std::uint32_t i) const { return (*this->value_)[first() + i]; }
    /// When element `i` was pushed.
    engine_time_t time(std::uint32_t i) const { return this->value_->time(first() + i); }
    /// Appends `v`; what no longer fits leaves.
    void push(const element& v) const { runtime().window_push(this->ref(), &v); }

  private:
    std::uint32_t first() const { return runtime().window_first(this->ref()); }
};

/// TSW[T, Size[n], Size[m]], and TSW[T, timedelta(...), ...] with ByTime and sizes in microseconds.
template <class T, bool ByTime, std::int64_t Size, std::int64_t Minimum> struct tsw {
    using value_type = window<T, ByTime, Size, Minimum>;
    using overlay_type = state_ptr<window_state>;
    using handle = window_handle<tsw>;
    using delta_type = window_delta<T>;
    static constexpr bool on_heap = true;
    static constexpr bool flat = false;
    static constexpr NodeType type = [] {
        NodeType t{};
        t.kind = NodeKind::TSW;
        t.value = &meta_for<value_type>::value;
        t.scalar = &meta_for<element_t<T>>::value;
        t.overlay_size = sizeof(overlay_type);
        t.overlay_alignment = alignof(overlay_type);
        t.by_time = ByTime;
        t.window_size = Size;
        t.window_minimum = Minimum;
        return t;
    }();
};

} // namespace hgvalue
