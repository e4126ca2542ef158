// Taking a typed delta from a time series, and applying one to another.
//
// The rule both follow: a follower that applies the delta of every tick equals its leader at every node, in value,
// validity and keys.
#pragma once

#include <hgvalue/delta/delta.hpp>
#include <hgvalue/time_series/reference.hpp>
#include <hgvalue/time_series/tsb.hpp>
#include <hgvalue/time_series/tsd.hpp>
#include <hgvalue/time_series/tsl.hpp>
#include <hgvalue/time_series/tsw.hpp>

#include <algorithm>
#include <tuple>
#include <type_traits>
#include <utility>

namespace hgvalue::detail {

/// How the delta of one shape is taken and applied. `take` is asked of nodes whose parent recorded them this tick.
template <class Shape> struct delta_codec;

template <class Shape> std::uint8_t take_delta(const node_ref& n, delta_of<Shape>& out) {
    if constexpr (std::is_same_v<delta_of<Shape>, reference_delta>) return Change::None;
    const bool content = delta_codec<Shape>::take(n, out);
    if (!n.valid()) return Change::Invalidated | (content ? Change::Nested : Change::None);
    if (n.modified()) return Change::Ticked;
    return content ? Change::Nested : Change::None;
}

template <class Shape> void apply_delta(const node_ref& n, const delta_of<Shape>& in, std::uint8_t change) {
    if (change == Change::None) return;
    delta_codec<Shape>::apply(n, in, change);
    if (change & Change::Invalidated)
        runtime().invalidate(n);
    else if (change & Change::Ticked && !n.modified())
        runtime().mark_modified(n);
}

template <class T> struct delta_codec<ts<T>> {
    static bool take(const node_ref& n, T& out) {
        if (n.valid()) out = *static_cast<const T*>(n.value);
        return false;
    }
    static void apply(const node_ref& n, const T& in, std::uint8_t change) {
        if (!(change & Change::Ticked)) return;
        const engine_time_t now = n.context->writing_time();
        T copy = in; // what may fail comes before the first change
        *static_cast<T*>(n.value) = std::move(copy);
        stamp_leaf(n, now);
    }
};

template <> struct delta_codec<signal> {
    static bool take(const node_ref& n, bool& out) {
        out = n.valid();
        return false;
    }
    static void apply(const node_ref&, bool, std::uint8_t) {} // that it ticked is all there is to it
};

template <class Child> struct delta_codec<ts_ref<Child>> {
    static bool take(const node_ref&, reference_delta&) { return false; }
    static void apply(const node_ref&, reference_delta, std::uint8_t) {}
};

/// Bundles: the generated delta lists its members, and their shapes, in `parts`.
template <class Shape>
    requires requires { typename delta_of<Shape>::parts; }
struct delta_codec<Shape> {
    using delta_type = delta_of<Shape>;
    static bool take(const node_ref& n, delta_type& out) {
        return each([&]<class Child>(std::uint32_t i, auto member) {
            if (child_touched(n, i)) out.change[i] = take_delta<Child>(field_ref(n, i), out.*member);
            return out.change[i] != Change::None;
        });
    }
    static void apply(const node_ref& n, const delta_type& in, std::uint8_t) {
        each([&]<class Child>(std::uint32_t i, auto member) {
            apply_delta<Child>(field_ref(n, i), in.*member, in.change[i]);
            return false;
        });
    }

  private:
    template <class F> static bool each(F&& f) {
        return [&]<class... Child, std::size_t... I>(std::tuple<Child...>*, std::index_sequence<I...>) {
            constexpr auto members = delta_type::members();
            bool any = false;
            ((any |= f.template operator()<Child>(static_cast<std::uint32_t>(I), std::get<I>(members))), ...);
            return any;
        }(static_cast<typename delta_type::parts*>(nullptr),
               std::make_index_sequence<std::tuple_size_v<typename delta_type::parts>>{});
    }
};

template <class Child, std::uint32_t N>
    requires(N > 0)
struct delta_codec<tsl<Child, N>> {
    static bool take(const node_ref& n, fixed_list_delta<Child, N>& out) {
        bool any = false;
        for (std::uint32_t i = 0; i < N; ++i) {
            if (!child_touched(n, i)) continue;
            out.change[i] = take_delta<Child>(element_ref(n, i), out.elements[i]);
            any |= out.change[i] != Change::None;
        }
        return any;
    }
    static void apply(const node_ref& n, const fixed_list_delta<Child, N>& in, std::uint8_t) {
        for (std::uint32_t i = 0; i < N; ++i) apply_delta<Child>(element_ref(n, i), in.elements[i], in.change[i]);
    }
};

template <class Child> struct delta_codec<tsl<Child, 0>> {
    static bool take(const node_ref& n, list_delta<Child>& out) {
        const list_state& s = n.list();
        out.size = list_length(n);
        if (!s.touched_at(n.now())) return false;
        std::vector<std::uint32_t> indices(s.changed);
        // An index dropped and created again starts afresh even if nothing was written to it.
        for (std::uint32_t i = 0; i < s.dropped.size() && i < out.size; ++i)
            if (s.flags[i] & RowFlag::Added) indices.push_back(i);
        std::sort(indices.begin(), indices.end());
        indices.erase(std::unique(indices.begin(), indices.end()), indices.end());
        for (const std::uint32_t i : indices) {
            if (i >= out.size) continue;
            delta_of<Child> child{};
            std::uint8_t change = Change::None;
            if (s.flags[i] & RowFlag::Touched) change = take_delta<Child>(element_ref(n, i), child);
            if (s.flags[i] & RowFlag::Added && i < s.size_at_start) change |= Change::Replaced;
            if (change == Change::None) continue;
            out.indices.push_back(i);
            out.change.push_back(change);
            out.elements.push_back(std::move(child));
        }
        return !out.indices.empty() || out.size != s.size_at_start;
    }
    static void apply(const node_ref& n, const list_delta<Child>& in, std::uint8_t) {
        for (std::size_t i = 0; i < in.indices.size(); ++i)
            if (in.change[i] & Change::Replaced && in.indices[i] < list_length(n)) {
                runtime().list_resize(n, in.indices[i]); // replaced elements are the last ones
                break;
            }
        runtime().list_resize(n, in.size);
        for (std::size_t i = 0; i < in.indices.size(); ++i)
            apply_delta<Child>(element_ref(n, in.indices[i]), in.elements[i], in.change[i]);
    }
};

/// Calls `f(key, row)` for the keys a TSS or TSD lost in this tick.
template <class K, class F> void each_removed(const node_ref& n, F&& f) {
    const keyed_state& s = n.keyed();
    if (!s.touched_at(n.now()) || !s.removed) return;
    const auto* keys = reinterpret_cast<const K*>(s.removed->store.keys());
    for (std::uint32_t row = 0; row < s.removed->store.size(); ++row)
        if (!(s.removed->flags[row] & RowFlag::Returned)) f(keys[row]);
}

/// The row of `key`, inserted if it is not there.
template <class K> std::uint32_t require_row(const node_ref& n, const K& key) {
    const auto& keys = *static_cast<const keyed_container<K>*>(&n.rows());
    const std::uint32_t row = keys.find_index(key);
    return row != no_row ? row : runtime().insert_row(n, &key, hash_of(key));
}
template <class K> void drop_key(const node_ref& n, const K& key) {
    const auto& keys = *static_cast<const keyed_container<K>*>(&n.rows());
    if (const std::uint32_t row = keys.find_index(key); row != no_row) runtime().erase_row(n, row);
}

template <class T> struct delta_codec<tss<T>> {
    static bool take(const node_ref& n, set_delta<T>& out) {
        const keyed_state& s = n.keyed();
        if (!s.touched_at(n.now())) return false;
        const auto* keys = reinterpret_cast<const T*>(n.rows().keys());
        for (const std::uint32_t id : s.added)
            if (const std::uint32_t row = s.places[id].row; row != no_row && s.flags[row] & RowFlag::Added)
                out.added.push_back(keys[row]);
        each_removed<T>(n, [&](const T& key) { out.removed.push_back(key); });
        return !out.added.empty() || !out.removed.empty();
    }
    static void apply(const node_ref& n, const set_delta<T>& in, std::uint8_t change) {
        if (change & Change::Invalidated) return; // which drops all elements; to remove them first would tick
        for (const auto& key : in.removed) drop_key<T>(n, key);
        for (const auto& key : in.added) require_row<T>(n, key);
    }
};

template <class K, class Child> struct delta_codec<tsd<K, Child>> {
    using delta_type = dict_delta<K, Child>;
    static bool take(const node_ref& n, delta_type& out) {
        const keyed_state& s = n.keyed();
        if (!s.touched_at(n.now())) return false;
        each_removed<K>(n, [&](const K& key) { add(out, key, Change::Removed); });
        const auto* keys = reinterpret_cast<const K*>(n.rows().keys());
        for (const std::uint32_t id : s.added)
            if (const std::uint32_t row = s.places[id].row; row != no_row && !(s.flags[row] & RowFlag::Touched))
                add(out, keys[row], arrival(s.flags[row]));
        for (const std::uint32_t id : s.changed) {
            const std::uint32_t row = s.places[id].row;
            if (row == no_row) continue;
            delta_of<Child> child{};
            const std::uint8_t change = take_delta<Child>(row_ref(n, row), child) | arrival(s.flags[row]);
            if (change != Change::None) add(out, keys[row], change), out.elements.back() = std::move(child);
        }
        return !out.keys.empty();
    }
    static void apply(const node_ref& n, const delta_type& in, std::uint8_t change) {
        if (change & Change::Ticked) runtime().touch_empty(n); // its key set becomes valid with it
        for (std::size_t i = 0; i < in.keys.size(); ++i)
            if (in.change[i] & (Change::Removed | Change::Replaced)) drop_key<K>(n, in.keys[i]);
        for (std::size_t i = 0; i < in.keys.size(); ++i) {
            if (in.change[i] & Change::Removed) continue;
            const std::uint32_t row = require_row<K>(n, in.keys[i]);
            apply_delta<Child>(row_ref(n, row), in.elements[i], in.change[i]);
        }
    }

  private:
    static std::uint8_t arrival(std::uint8_t flags) {
        return static_cast<std::uint8_t>((flags & RowFlag::Added ? Change::Created : Change::None) |
                                         (flags & RowFlag::Replaced ? Change::Replaced : Change::None));
    }
    static void add(delta_type& out, const K& key, std::uint8_t change) {
        out.keys.push_back(key);
        out.change.push_back(change);
        out.elements.emplace_back();
    }
};

template <class T, bool B, std::int64_t S, std::int64_t M> struct delta_codec<tsw<T, B, S, M>> {
    static bool take(const node_ref& n, window_delta<T>& out) {
        const window_state& s = n.window();
        if (!s.touched_at(n.now())) return false;
        const auto& w = *static_cast<const window<T, B, S, M>*>(n.value);
        out.dropped = s.dropped;
        const std::uint32_t kept = std::min(s.appended, w.size());
        for (std::uint32_t i = w.size() - kept; i < w.size(); ++i) out.appended.push_back(w[i]);
        return out.dropped || kept != 0;
    }
    static void apply(const node_ref& n, const window_delta<T>& in, std::uint8_t change) {
        if (change & Change::Invalidated) return; // as for a set
        if (in.dropped) runtime().clear(n);
        for (const auto& v : in.appended) runtime().window_push(n, &v);
    }
};

} // namespace hgvalue::detail
