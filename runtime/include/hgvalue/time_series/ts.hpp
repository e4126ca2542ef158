// Typed shapes and handles: TS, and what all handles share.
//
// A *shape* (`ts<double>`, `tsd<std::string, QuoteNode>`) names a node's data, overlay and handle types and has its
// NodeType. A *handle* points into value and overlay of a living root; it is as cheap as its pointers. It stays good
// until an element of a dict or dynamic list above it is inserted, erased, or moved by either; look it up again then.
#pragma once

#include <hgvalue/core/type_of.hpp>
#include <hgvalue/delta/delta.hpp>
#include <hgvalue/time_series/node_type.hpp>
#include <hgvalue/time_series/observer.hpp>

#include <type_traits>
#include <utility>

namespace hgvalue {

template <class T> struct ts;
struct signal;

/// Whether nodes of the shape are references, or have some below them. A shape without any need not say so.
template <class Shape>
inline constexpr bool refers = [] {
    if constexpr (requires { Shape::references; })
        return Shape::references;
    else
        return false;
}();

/// What every handle offers. `Shape` says which node it is.
template <class Shape> class node_handle : public detail::observable_node<node_handle<Shape>> {
  public:
    using shape = Shape;
    using value_type = typename Shape::value_type;
    using overlay_type = typename Shape::overlay_type;

    node_handle(value_type* value, overlay_type* overlay, root_context* context) noexcept
        : value_(value), overlay_(overlay), context_(context) {}

    /// The data as it lies in memory; fields that are not valid hold whatever they held.
    const value_type& data() const noexcept { return *value_; }
    /// When the node, or anything below it, was last written; MIN_DT if never or invalidated.
    engine_time_t last_modified_time() const noexcept { return header().last_modified; }
    bool valid() const noexcept { return last_modified_time() != MIN_DT; }
    bool modified() const noexcept { return valid() && last_modified_time() == context_->now(); }
    bool all_valid() const { return runtime().all_valid(ref()); }

    void invalidate() const { runtime().invalidate(ref()); }
    void clear() const { runtime().clear(ref()); }
    void mark_modified() const { runtime().mark_modified(ref()); }

    /// The same node for type-erased code.
    node_ref ref() const noexcept { return {&Shape::type, value_, overlay_, header().parent, header().slot, context_}; }

  protected:
    node_overlay& header() const noexcept {
        if constexpr (Shape::on_heap)
            return **overlay_;
        else
            return *overlay_;
    }

    value_type* value_;
    overlay_type* overlay_;
    root_context* context_;
};

/// What the handles of leaves share: data of type T, and the time they were written.
template <class T, class Shape> class leaf_handle : public detail::observable_node<leaf_handle<T, Shape>> {
  public:
    using shape = Shape;

    leaf_handle(T* value, leaf_overlay* overlay, root_context* context, node_overlay* parent,
                std::uint32_t slot) noexcept
        : value_(value), overlay_(overlay), context_(context), parent_(parent), slot_(slot) {}

    engine_time_t last_modified_time() const noexcept { return overlay_->last_modified; }
    bool valid() const noexcept { return overlay_->last_modified != MIN_DT; }
    bool all_valid() const noexcept { return valid(); }
    bool modified() const noexcept { return valid() && overlay_->last_modified == context_->now(); }

    void invalidate() const { runtime().invalidate(ref()); }
    void mark_modified() const { runtime().mark_modified(ref()); }

    /// The same node for type-erased code.
    node_ref ref() const noexcept { return {&Shape::type, value_, overlay_, parent_, slot_, context_}; }

  protected:
    T* value_;
    leaf_overlay* overlay_;
    root_context* context_;
    node_overlay* parent_;
    std::uint32_t slot_;
};

/// One value.
template <class T> class ts_handle : public leaf_handle<T, ts<T>> {
  public:
    using leaf_handle<T, ts<T>>::leaf_handle;

    /// The current value; meaningful when valid().
    const T& value() const noexcept { return *this->value_; }

    /// Stores `v` and stamps the leaf and its ancestors. StateError before the first tick.
    void set(T v) const {
        const engine_time_t now = this->context_->writing_time();
        *this->value_ = std::move(v);
        stamp(*this->overlay_, this->parent_, this->slot_, now);
        announce(*this->context_, this->parent_, this->slot_);
    }
};

/// The NodeType of a node without children whose data is a T.
template <class T> constexpr NodeType leaf_type(NodeKind kind) {
    NodeType t{};
    t.kind = kind;
    t.value = t.scalar = &meta_for<T>::value;
    t.overlay_size = sizeof(leaf_overlay);
    t.overlay_alignment = alignof(leaf_overlay);
    t.flat = true;
    return t;
}

/// TS[T].
template <class T> struct ts {
    using value_type = T;
    using overlay_type = leaf_overlay;
    using handle = ts_handle<T>;
    using delta_type = T;
    static constexpr bool on_heap = false;
    static constexpr bool flat = true;
    static constexpr NodeType type = leaf_type<T>(NodeKind::TS);
};

/// Only that it ticked: mark_modified() ticks, and there is nothing to store.
class signal_handle : public leaf_handle<bool, signal> {
  public:
    using leaf_handle::leaf_handle;

    /// The same as valid(): true once it ticked.
    bool value() const noexcept { return valid(); }
};

/// SIGNAL. Its data is a bool, which is true whenever it is valid.
struct signal {
    using value_type = bool;
    using overlay_type = leaf_overlay;
    using handle = signal_handle;
    using delta_type = bool;
    static constexpr bool on_heap = false;
    static constexpr bool flat = true;
    static constexpr NodeType type = leaf_type<bool>(NodeKind::SIGNAL);
};

/// Makes the handle of a child: leaves are told their parent, other nodes know it.
template <class Shape, class Value>
typename Shape::handle make_handle(Value* value, typename Shape::overlay_type* overlay, root_context* context,
                                   node_overlay* parent, std::uint32_t slot) noexcept {
    auto* v = reinterpret_cast<typename Shape::value_type*>(value); // bool8 and bool are one byte alike
    if constexpr (std::is_same_v<typename Shape::overlay_type, leaf_overlay>)
        return {v, overlay, context, parent, slot};
    else
        return {v, overlay, context};
}

} // namespace hgvalue
