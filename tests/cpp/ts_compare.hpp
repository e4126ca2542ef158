// Looking at whole trees of nodes: whether two are equal, and whether one is consistent in itself.
#pragma once

#include <hgvalue/core/type_of.hpp>
#include <hgvalue/time_series/engine.hpp>
#include <hgvalue/value/format.hpp>
#include <hgvalue/value/ring.hpp>

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ts_test {

using namespace hgvalue;

/// Calls `f(child, step)` for each child there is.
template <class F> void each_child(const node_ref& n, F&& f) {
    switch (n.type->kind) {
    case NodeKind::TSB:
        for (std::uint32_t i = 0; i < n.type->field_count; ++i) f(field_ref(n, i), "." + std::to_string(i));
        return;
    case NodeKind::TSL:
        for (std::uint32_t i = 0; i < list_length(n); ++i) f(element_ref(n, i), "[" + std::to_string(i) + "]");
        return;
    case NodeKind::TSD:
        for (std::uint32_t row = 0; row < n.rows().size(); ++row)
            f(row_ref(n, row), "[" + to_string(*n.type->scalar, n.rows().key(*n.type->value, row)) + "]");
        return;
    default: return;
    }
}

/// Value and overlay of nodes, by path.
using address_map = std::map<std::string, std::pair<void*, void*>>;

/// Where `n` and every node under it lies.
inline void addresses(const node_ref& n, const std::string& path, address_map& out) {
    out[path] = {n.value, n.overlay};
    each_child(n, [&](const node_ref& c, const std::string& step) { addresses(c, path + step, out); });
}

/// How two trees of one type differ in value, validity, keys and, if `ticks`, in what the last tick left: times of
/// modification, also of key sets, children that were written or ever valid, elements that left windows. Empty if they
/// do not. `news`: also elements that left the windows of children that the tick created, of which not every kind of
/// delta tells.
class Comparison {
  public:
    explicit Comparison(bool ticks = false, bool news = true) : ticks_(ticks), news_(news) {}

    std::string operator()(const node_ref& a, const node_ref& b, const std::string& path = "root") const {
        if (a.valid() != b.valid())
            return path + ": valid " + std::to_string(a.valid()) + " and " + std::to_string(b.valid());
        if (ticks_ && a.last_modified() != b.last_modified())
            return path + ": modified at " + std::to_string(a.last_modified()) + " and " +
                   std::to_string(b.last_modified());
        switch (a.type->kind) {
        case NodeKind::TS: return a.valid() ? values(a, b, path) : "";
        case NodeKind::TSS: return values(a, b, path);
        case NodeKind::TSW: return windows(a, b, path);
        case NodeKind::TSD: return dicts(a, b, path);
        default: return sequences(a, b, path);
        }
    }

  private:
    static std::string values(const node_ref& a, const node_ref& b, const std::string& path) {
        const TypeMeta& m = *a.type->value;
        if (m.ops->equals(m, a.value, b.value)) return "";
        return path + ": " + to_string(m, a.value) + " and " + to_string(m, b.value);
    }
    std::string windows(const node_ref& a, const node_ref& b, const std::string& path) const {
        const auto& x = *static_cast<const window_storage*>(a.value);
        const auto& y = *static_cast<const window_storage*>(b.value);
        const TypeMeta& m = *a.type->scalar;
        const std::uint32_t i0 = engine::window_first(a), j0 = engine::window_first(b), count = x.size() - i0;
        if (count != y.size() - j0) return path + ": lengths differ";
        for (std::uint32_t i = 0; i < count; ++i)
            if (x.time(i0 + i) != y.time(j0 + i) ||
                !m.ops->equals(m, x.element(m.size, i0 + i), y.element(m.size, j0 + i)))
                return path + ": element " + std::to_string(i) + " differs";
        if (!ticks_ || (!news_ && is_new(a))) return "";
        const void *out = engine::window_evicted(a), *other = engine::window_evicted(b);
        if (!out != !other || (out && !m.ops->equals(m, out, other))) return path + ": what left it differs";
        return "";
    }
    std::string dicts(const node_ref& a, const node_ref& b, const std::string& path) const {
        if (a.rows().size() != b.rows().size()) return path + ": sizes differ";
        // That of a dict that became valid by mark_modified() alone never ticked; a new dict's value does not tell.
        const engine_time_t keys = a.keyed().key_set_modified;
        if (ticks_ && keys != MIN_DT && keys != b.keyed().key_set_modified) return path + ": key sets differ";
        const TypeMeta& k = *a.type->scalar;
        for (std::uint32_t row = 0; row < a.rows().size(); ++row) {
            const void* key = a.rows().key(*a.type->value, row);
            const std::uint32_t other = find_row(*b.type->value, b.rows(), key, k.ops->hash(k, key));
            const std::string step = path + "[" + to_string(k, key) + "]";
            if (other == no_row) return step + ": missing";
            if (std::string d = pasts(a, a.keyed().flags[row], b, b.keyed().flags[other], step); !d.empty()) return d;
            if (std::string d = (*this)(row_ref(a, row), row_ref(b, other), step); !d.empty()) return d;
        }
        return "";
    }
    std::string sequences(const node_ref& a, const node_ref& b, const std::string& path) const {
        std::vector<node_ref> others;
        each_child(b, [&](const node_ref& c, const std::string&) { others.push_back(c); });
        std::size_t i = 0;
        std::string difference;
        const bool grows = a.type->is_dynamic_list();
        each_child(a, [&](const node_ref& c, const std::string& step) {
            if (i < others.size() && difference.empty()) difference = (*this)(c, others[i], path + step);
            if (i < others.size() && difference.empty() && grows)
                difference = pasts(a, a.list().flags[i], b, b.list().flags[i], path + step);
            ++i;
        });
        return i == others.size() ? difference : path + ": lengths differ";
    }

    /// What a dict or dynamic list remembers of a child: whether it was valid at some time, and written in this tick.
    static std::uint8_t past(const node_ref& n, std::uint8_t flags) {
        return flags & (engine::record_is_current(n) ? RowFlag::EverValid | RowFlag::Written : RowFlag::EverValid);
    }
    std::string pasts(const node_ref& a, std::uint8_t mine, const node_ref& b, std::uint8_t other,
                      const std::string& path) const {
        if (!ticks_ || past(a, mine) == past(b, other)) return "";
        return path + ": flags " + std::to_string(past(a, mine)) + " and " + std::to_string(past(b, other));
    }

    /// Whether the last tick created the node, or something above it.
    static bool is_new(node_ref n) {
        for (; n.parent && n.parent != &n.context->record; n = owner_of(n)) {
            const node_ref above = owner_of(n);
            if (!engine::record_is_current(above)) return false;
            const std::uint8_t flags = above.type->kind == NodeKind::TSD
                                           ? above.keyed().flags[above.keyed().places[n.slot].row]
                                       : above.type->is_dynamic_list() ? above.list().flags[n.slot]
                                                                       : std::uint8_t{0};
            if (flags & (RowFlag::Added | RowFlag::Replaced)) return true;
        }
        return false;
    }

    bool ticks_, news_;
};

/// What is wrong in the tree under `n`: headers that do not know their parent or slot, validity or times that
/// contradict their parent's, tables of a dict that disagree with each other. Empty if nothing is.
inline std::string defects(const node_ref& n, const std::string& path = "root") {
    if (n.type->kind != NodeKind::TS) {
        if (n.node().parent != n.parent) return path + ": wrong parent";
        if (n.node().slot != n.slot) return path + ": wrong slot";
    }
    if (n.type->kind == NodeKind::TSD || n.type->kind == NodeKind::TSS) {
        const keyed_state& s = n.keyed();
        if (s.id_of_row.size() != n.rows().size() || s.flags.size() != n.rows().size())
            return path + ": lengths differ";
        std::size_t used = 0;
        for (const keyed_state::place& p : s.places) used += p.row != no_row;
        if (used != n.rows().size()) return path + ": " + std::to_string(used) + " ids in use";
        for (std::uint32_t row = 0; row < n.rows().size(); ++row)
            if (s.places[s.id_of_row[row]].row != row) return path + ": id and row disagree";
        std::set<std::uint32_t> unused(s.free_ids.begin(), s.free_ids.end());
        unused.insert(s.freed_ids.begin(), s.freed_ids.end());
        if (unused.size() != s.free_ids.size() + s.freed_ids.size()) return path + ": an id is free twice";
        if (unused.size() + used != s.places.size()) return path + ": an id is lost";
        if (n.type->child && s.overlay_capacity < n.rows().size()) return path + ": too few overlays";
    }
    if (n.type->is_dynamic_list() && n.list().flags.size() != list_length(n)) return path + ": lengths differ";
    std::string found;
    each_child(n, [&](const node_ref& c, const std::string& step) {
        if (!found.empty()) return;
        if (c.valid() && !n.valid())
            found = path + step + ": valid in an invalid parent";
        else if (c.last_modified() > n.last_modified())
            found = path + step + ": written later than its parent";
        else
            found = defects(c, path + step);
    });
    return found;
}

} // namespace ts_test
