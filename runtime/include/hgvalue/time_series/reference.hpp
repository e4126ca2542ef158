// REF[T]: a time series that refers to another, a T, and reads as it.
//
// A reference does not keep its target alive: when that goes, by itself or with its root, the reference is empty. It is
// valid and ticks with its target, and in the tick in which it comes to refer to another one: then all that is valid
// below counts as modified. It holds no data, so snapshots and deltas leave it out.
//
// One to a TSB, or to a TSL of fixed size, may instead be *unbound*: a collection of references, one for each field or
// element, which reads as a bundle or list of what they refer to.
#pragma once

#include <hgvalue/time_series/match.hpp>
#include <hgvalue/time_series/ts.hpp>

#include <optional>

namespace hgvalue {

/// What a reference reads as.
struct reference_view {
    node_ref node;   ///< the target, through any number of references; one that was never written if there is none
    node_ref before; ///< what it read as when the tick began, if has_before
    bool sampled;    ///< it came to refer to `node` in this tick, or to its parts
    bool has_before; ///< of a sampled one: it was not empty before, and what it referred to is still there
};

namespace engine {

/// Makes a reference refer to `target`, which may be a reference too. Ticks if that is valid and not the target
/// already. TypeError, naming both types, unless target is a T; ValueError if it is on another clock, or refers to
/// this reference itself.
void reference_bind(const node_ref& reference, const node_ref& target);
/// Makes it empty. Ticks if a set or dict with content was visible through it.
void reference_clear(const node_ref& reference);
/// The same before the first tick, too, when nothing can tick yet: for what is connected before it runs.
void reference_wire(const node_ref& reference, const node_ref& target);
void reference_unwire(const node_ref& reference);
/// Makes it a collection of `count` empty references, whatever it was. TypeError unless it refers to a TSB or fixed
/// TSL, ValueError unless that has so many parts.
void reference_make_unbound(const node_ref& reference, std::size_t count);
/// The type of what such items make: a bundle or list of references. TypeError for a target without parts.
const NodeType& reference_items_type(const NodeType& target);
/// Whether a node is, or is below, an item of a reference.
bool is_item_of(const node_ref& n, const node_ref& reference) noexcept;
/// The number of items of an unbound reference; 0 of any other.
std::size_t reference_item_count(const node_ref& reference) noexcept;
/// Item `i`, a REF that may be bound and cleared as any other. IndexError if there is none.
node_ref reference_item(const node_ref& reference, std::size_t i);
/// The node it refers to, which may be a reference; false if it is empty or unbound.
bool reference_target(const node_ref& reference, node_ref& target);
reference_view reference_read(const node_ref& reference);
/// Whether it is what is read where a reference refers to nothing, or a part of that.
bool is_unwritten(const node_ref& n) noexcept;
/// Another number whenever the reference, or one that it refers to, gets another target.
std::uint64_t reference_serial(const node_ref& reference);

} // namespace engine

template <class Shape> class reference_handle : public node_handle<Shape> {
  public:
    using node_handle<Shape>::node_handle;
    using target_shape = typename Shape::child;
    using target_handle = typename target_shape::handle;

    /// True also in the tick in which a set or dict was let go of, when it is not valid.
    bool modified() const noexcept { return this->ref().modified(); }

    /// Refers to `target`; see engine::reference_bind.
    void bind(const target_handle& target) const { runtime().reference_bind(this->ref(), target.ref()); }
    /// Follows another reference, wherever that refers to.
    void bind(const reference_handle& other) const { runtime().reference_bind(this->ref(), other.ref()); }

    bool is_empty() const {
        node_ref n;
        return !is_unbound() && !runtime().reference_target(this->ref(), n);
    }
    bool is_unbound() const noexcept { return (*this->overlay_)->items != nullptr; }
    /// What it refers to, through any number of references; nothing if it is empty or unbound. TypeError if the target
    /// was laid out by another module.
    std::optional<target_handle> target() const {
        node_ref n;
        if (!runtime().reference_target(this->ref(), n)) return {};
        while (n.type->kind == NodeKind::REF && target_shape::type.kind != NodeKind::REF)
            if (!runtime().reference_target(n, n)) return {};
        if (n.type->value != target_shape::type.value)
            throw TypeError("the target of the reference has another layout than this program knows");
        return make_handle<target_shape>(static_cast<typename target_shape::value_type*>(n.value),
                                         static_cast<typename target_shape::overlay_type*>(n.overlay), n.context,
                                         n.parent, n.slot);
    }
};

/// REF[Child]. What it refers to is in the overlay, as only the time-series layer can follow it.
template <class Child> struct ts_ref {
    using child = Child;
    using value_type = bool; ///< takes the place of data; means nothing
    using overlay_type = state_ptr<ref_state>;
    using handle = reference_handle<ts_ref>;
    using delta_type = reference_delta;
    static constexpr bool on_heap = true;
    static constexpr bool flat = false;
    static constexpr bool references = true;
    static constexpr NodeType type = [] {
        NodeType t{};
        t.kind = NodeKind::REF;
        t.value = &meta_for<bool>::value;
        t.child = &Child::type;
        t.overlay_size = sizeof(overlay_type);
        t.overlay_alignment = alignof(overlay_type);
        t.references = true;
        return t;
    }();
};

} // namespace hgvalue
