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

/// Whether there are windows in it, whose elements have times.
template <class Shape> inline constexpr bool has_windows = false;
template <class T, bool B, std::int64_t S, std::int64_t M> inline constexpr bool has_windows<tsw<T, B, S, M>> = true;
template <class Child, std::uint32_t N> inline constexpr bool has_windows<tsl<Child, N>> = has_windows<Child>;
template <class K, class Child> inline constexpr bool has_windows<tsd<K, Child>> = has_windows<Child>;
template <class Shape>
    requires requires { typename delta_of<Shape>::parts; }
inline constexpr bool has_windows<Shape> = []<class... Child>(std::tuple<Child...>*) {
    return (has_windows<Child> || ...);
}(static_cast<typename delta_of<Shape>::parts*>(nullptr));

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

/// Bits of a child of a dict or dynamic list that is not valid, by its RowFlags: what it says when it is removed, and
/// whether it is among the modified ones, depend on whether it was.
inline std::uint8_t past_of(const node_ref& n, std::uint8_t flags) {
    const bool written = (flags & RowFlag::Written) != 0 && n.type->kind != NodeKind::REF;
    return written && !n.valid() ? Change::Written : Change::None;
}
inline void apply_past(const node_ref& n, std::uint8_t change) {
    if (!(change & Change::Written)) return;
    const engine_time_t now = n.context->writing_time();
    mark_touched(n.parent, n.slot, now);
    note_and_tell(*n.parent, n.slot, true, now);
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
            if (s.flags[i] & RowFlag::Touched) {
                const node_ref element = element_ref(n, i);
                change = take_delta<Child>(element, child) | past_of(element, s.flags[i]);
            }
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
        for (std::size_t i = 0; i < in.indices.size(); ++i) {
            const node_ref element = element_ref(n, in.indices[i]);
            apply_past(element, in.change[i]);
            apply_delta<Child>(element, in.elements[i], in.change[i]);
        }
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
        out.keys_ticked = s.key_set_modified == n.now();
        each_removed<K>(n, [&](const K& key) { add(out, key, Change::Removed); });
        const auto* keys = reinterpret_cast<const K*>(n.rows().keys());
        for (const std::uint32_t id : s.added)
            if (const std::uint32_t row = s.places[id].row; row != no_row && !(s.flags[row] & RowFlag::Touched))
                add(out, keys[row], arrival(s.flags[row]));
        for (const std::uint32_t id : s.changed) {
            const std::uint32_t row = s.places[id].row;
            if (row == no_row) continue;
            delta_of<Child> child{};
            const node_ref element = row_ref(n, row);
            const std::uint8_t change =
                take_delta<Child>(element, child) | arrival(s.flags[row]) | past_of(element, s.flags[row]);
            if (change != Change::None) add(out, keys[row], change), out.elements.back() = std::move(child);
        }
        if (n.valid() && !s.valid_at_start)
            for (std::uint32_t row = 0; row < n.rows().size(); ++row)
                if (!(s.flags[row] & RowFlag::per_tick)) add(out, keys[row], Change::None);
        return out.keys_ticked || !out.keys.empty();
    }
    static void apply(const node_ref& n, const delta_type& in, std::uint8_t change) {
        if (change & Change::Ticked) runtime().touch_empty(n); // its key set becomes valid with it
        for (std::size_t i = 0; i < in.keys.size(); ++i)
            if (in.change[i] & (Change::Removed | Change::Replaced)) drop_key<K>(n, in.keys[i]);
        for (std::size_t i = 0; i < in.keys.size(); ++i) {
            if (in.change[i] & Change::Removed) continue;
            const node_ref element = row_ref(n, require_row<K>(n, in.keys[i]));
            apply_past(element, in.change[i]);
            apply_delta<Child>(element, in.elements[i], in.change[i]);
        }
        if (in.keys_ticked) runtime().tick_key_set(n);
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
    using content = window<T, B, S, M>;
    static bool take(const node_ref& n, window_delta<T>& out) {
        const window_state& s = n.window();
        if (!s.touched_at(n.now())) return false;
        const auto& w = *static_cast<const content*>(n.value);
        out.dropped = s.dropped;
        out.gone = s.gone;
        out.kept = runtime().window_older(n);
        const window_storage* passed = runtime().window_passed(s);
        const std::uint32_t before = passed ? passed->size() : 0;
        for (std::uint32_t i = 0; i < before; ++i) {
            using element = typename content::value_type;
            out.appended.push_back(*static_cast<const element*>(passed->element(sizeof(element), i)));
            out.times.push_back(passed->time(i));
        }
        for (std::uint32_t i = out.kept; i < w.size(); ++i) {
            out.appended.push_back(w[i]);
            out.times.push_back(w.time(i));
        }
        return out.dropped || out.gone != 0 || !out.appended.empty();
    }
    static void apply(const node_ref& n, const window_delta<T>& in, std::uint8_t change) {
        if (change & Change::Invalidated) return; // as for a set
        if (in.dropped) runtime().clear(n);
        if (in.gone == 0 && in.appended.empty()) return;
        const auto& w = *static_cast<const content*>(n.value);
        const engine_time_t now = n.context->writing_time();
        if (w.size() > in.kept) runtime().window_drop_oldest(n, w.size() - in.kept);
        for (std::size_t i = 0; i < in.appended.size(); ++i) {
            const engine_time_t at = i < in.times.size() ? std::min(in.times[i], now) : now;
            runtime().window_push_at(n, &in.appended[i], w.empty() ? at : std::max(at, w.time(w.size() - 1)));
        }
    }
};

} // namespace hgvalue::detail
