// Taking the delta of a tick: sets and dicts.
#include "tick_take.hpp"

#include <hgvalue/delta/delta_type.hpp>
#include <hgvalue/time_series/engine.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace hgvalue::ticks {

namespace part = detail::part;

namespace {

/// A key, and the row it is in now; no_row of one that is gone.
struct keyed_row {
    const void* key;
    std::uint32_t row;
};

/// Rows of the node in the order of their keys, as deltas have them.
void sort_rows(const node_ref& n, std::vector<keyed_row>& rows) {
    const TypeMeta& k = *n.type->scalar;
    std::sort(rows.begin(), rows.end(),
              [&](const keyed_row& a, const keyed_row& b) { return canonical_order(k, a.key, b.key) < 0; });
}

void write_keys(const node_ref& n, const TypeMeta& m, void* to, std::uint32_t field,
                const std::vector<keyed_row>& rows) {
    if (rows.empty()) return;
    std::byte* place = detail::resize_column(m, to, field, rows.size());
    const TypeMeta& type = *m.fields[field].type->element;
    const detail::copier copy(type, *n.type->scalar);
    for (const keyed_row& r : rows) {
        copy.assign(place, r.key);
        place += type.size;
    }
}

/// What a tick did to the keys of a TSS or TSD, or all of them as new.
struct key_changes {
    key_changes(const node_ref& n, Take what) {
        const keyed_state& s = n.keyed();
        const TypeMeta& m = *n.type->value;
        const auto key = [&](std::uint32_t row) { return n.rows().key(m, row); };
        if (!by_tick(what)) {
            auto& all = n.valid() && what == Take::Hidden ? updated : added;
            for (std::uint32_t row = 0; row < n.rows().size(); ++row) all.push_back({key(row), row});
        } else {
            if (s.removed)
                for (std::uint32_t row = 0; row < s.removed->store.size(); ++row) {
                    // A child that is created again starts afresh, an element of a set is the same.
                    const bool back = (s.removed->flags[row] & RowFlag::Returned) != 0;
                    if (!back || n.type->child) removed.push_back({s.removed->store.key(m, row), no_row});
                }
            for (const std::uint32_t id : s.added)
                if (const std::uint32_t row = s.places[id].row; row != no_row) {
                    const bool replaced = (s.flags[row] & RowFlag::Replaced) != 0;
                    if (s.flags[row] & RowFlag::Added || (replaced && n.type->child)) added.push_back({key(row), row});
                }
            if (n.type->child && n.valid() && !s.valid_at_start) {
                for (std::uint32_t row = 0; row < n.rows().size(); ++row)
                    if (!is_new(s.flags[row])) updated.push_back({key(row), row});
            } else {
                for (const std::uint32_t id : s.changed)
                    if (const std::uint32_t row = s.places[id].row; row != no_row && !is_new(s.flags[row]))
                        updated.push_back({key(row), row});
            }
        }
        for (auto* rows : {&removed, &added, &updated}) sort_rows(n, *rows);
    }
    static bool is_new(std::uint8_t flags) { return (flags & (RowFlag::Added | RowFlag::Replaced)) != 0; }

    std::vector<keyed_row> removed, added, updated;
};

} // namespace

bool take_set(const node_ref& n, const TypeMeta& m, void* to, Take what) {
    if (what == Take::Hidden || !n.valid()) return false; // invalidated, it drops its content
    const key_changes keys(n, what);
    write_keys(n, m, to, part::set::removed, keys.removed);
    write_keys(n, m, to, part::set::added, keys.added);
    return !keys.removed.empty() || !keys.added.empty();
}

bool take_dict(const node_ref& n, const TypeMeta& v, const TypeMeta& m, void* to, Take what) {
    key_changes keys(n, what);
    const keyed_state& s = n.keyed();
    const bool hides = detail::keeps_children(*v.element);
    std::vector<keyed_row> rows = std::move(keys.updated);
    const std::size_t told = rows.size();
    write_keys(n, m, to, part::map::removed, keys.removed);
    write_keys(n, m, to, part::map::added, keys.added);
    if (!keys.added.empty()) {
        std::byte* place = detail::resize_column(m, to, part::map::added_values, keys.added.size());
        const TypeMeta& optional = *m.fields[part::map::added_values].type->element;
        for (const keyed_row& r : keys.added) {
            const node_ref child = row_ref(n, r.row);
            if (child.valid() && !is_reference(child)) take_value(child, optional, place);
            if (hides || has_past(child, s.flags[r.row])) rows.push_back(r);
            place += optional.size;
        }
        if (rows.size() != told) sort_rows(n, rows);
    }
    const bool afresh = what == Take::Changes && n.valid() && !s.valid_at_start;
    entries out(m, to, part::map::updated_keys, rows.size());
    const TypeMeta& change = *m.fields[part::map::updated].type->element;
    const TypeMeta& key_type = *m.fields[part::map::updated_keys].type->element;
    const detail::copier copy(key_type, *n.type->scalar);
    for (const keyed_row& r : rows) {
        const std::uint8_t flags = s.flags[r.row];
        const bool fresh = !by_tick(what) || key_changes::is_new(flags);
        const bool touched = fresh || (flags & RowFlag::Touched) != 0;
        const bool any =
            touched && take_row(row_ref(n, r.row), flags, *v.element, change, out.place(), fresh ? Take::Hidden : what);
        if (!any && (fresh || !afresh)) continue; // where the dict became valid, its snapshot had no keys before
        copy.assign(out.key(), r.key);
        out.keep();
    }
    const bool keys_ticked = by_tick(what) ? s.key_set_modified == n.now()
                                           : s.key_set_modified != MIN_DT && (what == Take::All || !n.valid());
    if (keys_ticked) detail::set_mark(m, to, DeltaMark::Keys);
    return keys_ticked || !keys.removed.empty() || !keys.added.empty() || out.used() != 0;
}

} // namespace hgvalue::ticks
