// TSMutableView: writing to a time-series node of any type.
#pragma once

#include <hgvalue/time_series/engine.hpp>
#include <hgvalue/time_series/ts_view.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace hgvalue {

namespace detail {

/// Refuses what cannot be changed: what is read through a reference, and references themselves unless `reference`.
void require_writable(const node_place& place, bool reference);

/// Runs a change of a node, after which observers are told. What it moves lies below: the place stays good.
template <class F> void change_node(node_place& place, const F& f) {
    const node_ref n = place.node;
    mutation_scope scope(*n.context);
    f(n);
    if (place.version) place.version = n.context->structure_version;
    scope.finish();
}

/// See TSMutableView::apply. check_write refuses what it would refuse for a node of type `t` at or below `where`.
void check_write(const NodeType& t, ValueArgument value, const node_ref& where);
void write_value(const node_ref& n, ValueArgument value);
/// Whether the key is new.
bool insert_key(node_place& place, ValueArgument key);
bool erase_key(node_place& place, ValueArgument key);
/// The child of a key, made if there is none.
node_place get_or_create(node_place& place, ValueArgument key);

// What they are given, here and above, may lie in what they move. No data: a child that is not valid.

/// Adds an element to a TSL without a size.
void append_element(node_place& place, ValueArgument value);
/// Writes the child of a key of a TSD, which is made if there is none.
void insert_entry(node_place& place, ValueArgument key, ValueArgument value);

} // namespace detail

/// A view through which a node can be written. Every write stamps it and all above it with the current time and tells
/// observers; StateError before the first tick, TypeError for what was reached through a reference. A write changes all
/// or nothing, but for one of many parts during which memory runs out.
class TSMutableView : public detail::ts_access<TSMutableView> {
  public:
    using ts_access::ts_access;
    operator TSView() const noexcept { return TSView(place_); }

    // -- whole values -------------------------------------------------------------------------------------------------

    /// As apply(); but a null Value, or a view of nothing, invalidates.
    template <AnyValue T> void set(const T& v) const { is_null(v) ? invalidate() : apply(v); }
    /// Writes a value: to a TS its scalar, to a TSS its content, to a TSW one more element. To a TSB the fields that
    /// the bundle has, to a TSL its elements (as many as a fixed one has; the other kind grows), to a TSD the entries
    /// of the map, where an optional that is None skips a child. A SIGNAL ticks, whatever it is given. TypeError,
    /// KeyError for a field, or ValueError for a wrong number of elements, with the place, for what does not fit. A
    /// null Value, or a view of nothing, does nothing.
    template <AnyValue T> void apply(const T& v) const {
        const node_ref n = writable();
        if (is_null(v)) return;
        if constexpr (detail::is_scalar<T> && std::is_trivially_copyable_v<T>)
            if (n.type->kind == NodeKind::TS && holds<T>(*n.type->scalar)) [[likely]] { // nothing that could fail
                const engine_time_t now = n.context->writing_time();
                *static_cast<T*>(n.value) = v;
                return stamp_leaf(n, now);
            }
        with_argument(given_for(*n.type), v, [&](ValueArgument a) {
            detail::change_node(place_, [&](const node_ref& node) { detail::write_value(node, a); });
        });
    }
    /// See engine::invalidate and engine::clear; both make a REF empty.
    void invalidate() const {
        writable(true);
        detail::change_node(place_, [](const node_ref& n) { engine::invalidate(n); });
    }
    void clear() const {
        writable(true);
        detail::change_node(place_, [](const node_ref& n) { engine::clear(n); });
    }
    /// Ticks without a change of value.
    void mark_modified() const { engine::mark_modified(writable()); }
    /// Becomes equal to another node of the same schema: values, validity, keys, the times in windows. References are
    /// left as they are.
    void copy_from(const TSView& other) const {
        writable();
        const node_ref from = detail::node_place(other.ref()).read().node;
        detail::change_node(place_, [&](const node_ref& n) { engine::copy_node(n, from); });
    }

    // -- elements -----------------------------------------------------------------------------------------------------

    /// Adds an element to a TSS, or a key, with a child that is not valid, to a TSD; false if it is there.
    template <AnyValue K> bool add(const K& key) const {
        return with_argument(detail::key_type_of(writable()), key,
                             [&](ValueArgument a) { return detail::insert_key(place_, a); });
    }
    /// Removes an element of a TSS or an entry of a TSD; false if it is not there.
    template <AnyValue K> bool erase(const K& key) const {
        return with_argument(detail::key_type_of(writable()), key,
                             [&](ValueArgument a) { return detail::erase_key(place_, a); });
    }
    /// The child of a TSD, made, which ticks, if there is none.
    template <AnyValue K> TSMutableView get_or_create(const K& key) const {
        return with_argument(detail::key_type_of(writable()), key,
                             [&](ValueArgument a) { return TSMutableView(detail::get_or_create(place_, a)); });
    }
    /// Writes the child of a TSD, which is made if there is none.
    template <AnyValue K, AnyValue T> void insert(const K& key, const T& v) const {
        const node_ref n = writable();
        detail::require_operation(n, n.type->kind == NodeKind::TSD, "insert");
        with_child_value(n, v, [&](ValueArgument a) {
            with_argument(*n.type->scalar, key, [&](ValueArgument k) { detail::insert_entry(place_, k, a); });
        });
    }
    /// Appends to a TSW, or one element to a TSL without a size.
    template <AnyValue T> void append(const T& v) const {
        const node_ref n = writable();
        if (n.type->kind == NodeKind::TSW) return apply(v);
        detail::require_operation(n, n.type->is_dynamic_list(), "append");
        with_child_value(n, v, [&](ValueArgument a) { detail::append_element(place_, a); });
    }
    /// Grows a TSL without a size by elements that are not valid, or drops its last ones.
    void resize(std::size_t size) const {
        detail::require_operation(writable(), place_.node.type->is_dynamic_list(), "resize");
        detail::change_node(place_, [&](const node_ref& n) { engine::list_resize(n, size); });
    }

    // -- references ---------------------------------------------------------------------------------------------------

    /// Makes a REF refer to `target`; see engine::reference_bind.
    void bind(const TSView& target) const { engine::reference_bind(writable_reference("bind"), target.ref()); }
    /// Makes a REF to a TSB or fixed TSL a collection of `count` empty references; see reference.hpp.
    void make_unbound(std::size_t count) const {
        writable_reference("make_unbound");
        detail::change_node(place_, [&](const node_ref& n) { engine::reference_make_unbound(n, count); });
    }
    /// Binds item `i` of an unbound REF.
    void set_item(std::size_t i, const TSView& target) const {
        writable_reference("set_item");
        item(i).bind(target);
    }

  private:
    node_ref writable_reference(const char* operation) const {
        writable(true);
        require_reference(operation);
        return place_.node;
    }
    node_ref writable(bool reference = false) const {
        place_.require_good();
        detail::require_writable(place_, reference);
        return place_.node;
    }
    /// Calls `f` with what a child of `n` is to hold; without data for a null Value, or a view of nothing.
    template <class T, class F> static void with_child_value(const node_ref& n, const T& v, const F& f) {
        if (is_null(v)) return f(ValueArgument{});
        with_argument(given_for(*n.type->child), v, f);
    }
    /// What a C++ number or text is made into for a node.
    static const TypeMeta& given_for(const NodeType& t) {
        return t.is_leaf() || t.kind == NodeKind::TSW ? *t.scalar : *t.value;
    }
    template <class T> static bool is_null(const T& v) {
        if constexpr (std::derived_from<T, ConstValueView>)
            return !v.valid();
        else if constexpr (detail::is_basic_value<T>)
            return !v.has_value();
        else
            return false;
    }
};

} // namespace hgvalue
