// Taking the delta of a tick.
#include <hgvalue/time_series/tick_delta.hpp>

#include "../delta/delta_access.hpp"
#include "../value/temporary.hpp"
#include "records.hpp"

#include <hgvalue/time_series/engine.hpp>
#include <hgvalue/time_series/snapshot.hpp>
#include <hgvalue/value/ring.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace hgvalue {

namespace {

namespace part = detail::part;
using detail::column;
using detail::field_at;

/// What to take of a node: what the tick did; of one that is not valid, what it did to the children that are kept; of
/// one that is new, what its snapshot hides.
enum class Take : std::uint8_t { Changes, Kept, Hidden };

bool take_content(const node_ref& n, const TypeMeta& v, const TypeMeta& m, void* to, Take what);

void set_state(const TypeMeta& m, void* to, OptionalChange state) {
    *static_cast<OptionalChange*>(field_at(m, to, part::optional::state)) = state;
}

/// Copies what the node holds to the payload of an optional of its snapshot type, of whatever layout.
void take_value(const node_ref& n, const TypeMeta& optional, void* to) {
    void* payload = optional.ops->optional_emplace(optional, to);
    const TypeMeta& snapshot = snapshot_type(*n.type);
    if (detail::same_bytes(*optional.element, snapshot)) return take_snapshot(n, payload);
    detail::temporary taken(snapshot);
    take_snapshot(n, taken.get());
    detail::copy_value(*optional.element, payload, snapshot, taken.get());
}

bool is_reference(const node_ref& n) { return n.type->kind == NodeKind::REF; }

/// The change of a leaf that was touched.
void take_leaf(const node_ref& n, const TypeMeta& m, void* to) {
    if (n.valid()) {
        take_value(n, *m.fields[part::optional::value].type, field_at(m, to, part::optional::value));
        set_state(m, to, OptionalChange::Replaced);
    } else {
        set_state(m, to, OptionalChange::Reset);
        detail::set_mark(m, to, DeltaMark::Invalid);
    }
}

/// As take_leaf, of a root. Its new value may have parts, which are changes then: of the default value.
void take_root_leaf(const node_ref& n, const TypeMeta& v, const TypeMeta& m, void* to) {
    if (is_atomic(v)) {
        take_value(n, *m.fields[part::atomic_root::value].type, field_at(m, to, part::atomic_root::value));
        return detail::set_marks(m, to, DeltaMark::Ticked);
    }
    const TypeMeta& snapshot = snapshot_type(*n.type);
    const detail::temporary none(snapshot);
    detail::temporary taken(snapshot);
    take_snapshot(n, taken.get());
    detail::diff_content(snapshot, none.get(), taken.get(), m, to, true);
    detail::set_marks(m, to, DeltaMark::Ticked | DeltaMark::Cleared);
}

/// The change of a child, of type `v`, an optional; false if there is none.
bool take_child(const node_ref& n, const TypeMeta& v, const TypeMeta& m, void* to, Take what) {
    if (is_reference(n)) return false;
    if (what != Take::Changes && !detail::keeps_children(v)) return false;
    if (n.type->is_leaf()) {
        take_leaf(n, m, to);
        return true;
    }
    const TypeMeta& optional = *m.fields[part::optional::inside].type;
    void* place = field_at(m, to, part::optional::inside);
    void* inside = optional.ops->optional_emplace(optional, place);
    const bool valid = n.valid();
    const bool any =
        take_content(n, *v.element, *optional.element, inside, !valid && what == Take::Changes ? Take::Kept : what);
    if (!any) optional.ops->optional_reset(optional, place);
    if (valid) {
        if (any) set_state(m, to, OptionalChange::Inside);
        return any;
    }
    if (!any && what != Take::Changes) return false;
    set_state(m, to, OptionalChange::Reset);
    detail::set_mark(m, to, DeltaMark::Invalid);
    return true;
}

/// Columns that grow one entry at a time, for what is not known to be something before it was taken.
class entries {
  public:
    entries(const TypeMeta& m, void* to, std::uint32_t first, std::size_t most)
        : m_(m), to_(to), first_(first), size_(m.fields[first + 1].type->element->size) {
        if (most == 0) return;
        keys_ = detail::resize_column(m, to, first, most);
        places_ = detail::resize_column(m, to, first + 1, most);
    }
    ~entries() {
        if (!keys_) return;
        detail::resize_column(m_, to_, first_, used_); // to fewer, which does not fail
        detail::resize_column(m_, to_, first_ + 1, used_);
    }
    entries(const entries&) = delete;

    std::byte* key() const { return keys_ + used_ * m_.fields[first_].type->element->size; }
    std::byte* place() const { return places_ + used_ * size_; }
    void keep() { ++used_; }
    std::size_t used() const { return used_; }

  private:
    const TypeMeta& m_;
    void* to_;
    std::uint32_t first_;
    std::size_t size_, used_ = 0;
    std::byte* keys_ = nullptr;
    std::byte* places_ = nullptr;
};

// -- bundles and lists ------------------------------------------------------------------------------------------------

bool take_fields(const node_ref& n, const TypeMeta& v, const TypeMeta& m, void* to, Take what) {
    bool any = false;
    for (std::uint32_t i = 0; i < n.type->field_count; ++i) {
        if (what != Take::Hidden && !child_touched(n, i)) continue;
        if (!take_child(field_ref(n, i), *v.fields[i].type, detail::change_type(m, i), detail::change_at(m, to, i),
                        what))
            continue;
        detail::field_mask::mark(m, to, i);
        any = true;
    }
    return any;
}

/// The changes of the elements with these indices, which ascend.
bool take_elements(const node_ref& n, const TypeMeta& v, const TypeMeta& m, void* to, std::uint32_t first,
                   const std::vector<std::uint32_t>& indices, const std::vector<Take>& what) {
    entries out(m, to, first, indices.size());
    for (std::size_t i = 0; i < indices.size(); ++i) {
        if (!take_child(element_ref(n, indices[i]), *v.element, *m.fields[first + 1].type->element, out.place(),
                        what[i]))
            continue;
        *reinterpret_cast<std::uint64_t*>(out.key()) = indices[i];
        out.keep();
    }
    return out.used() != 0;
}

bool take_array(const node_ref& n, const TypeMeta& v, const TypeMeta& m, void* to, Take what) {
    std::vector<std::uint32_t> indices;
    for (std::uint32_t i = 0; i < n.type->list_size; ++i)
        if (what == Take::Hidden || child_touched(n, i)) indices.push_back(i);
    return take_elements(n, v, m, to, part::array::indices, indices, std::vector(indices.size(), what));
}

bool take_list(const node_ref& n, const TypeMeta& v, const TypeMeta& m, void* to, Take what) {
    const list_state& s = n.list();
    const std::uint32_t size = list_length(n);
    std::uint32_t kept = size, dropped = 0, appended = 0;
    std::vector<std::uint32_t> indices;
    if (what != Take::Hidden) {
        while (kept != 0 && s.flags[kept - 1] & RowFlag::Added) --kept; // what one tick adds is at the end
        dropped = s.size_at_start - kept;
        appended = size - kept;
        for (const std::uint32_t i : s.changed)
            if (i < kept) indices.push_back(i);
        std::sort(indices.begin(), indices.end());
        indices.erase(std::unique(indices.begin(), indices.end()), indices.end());
    } else if (!n.valid()) {
        kept = 0;
        appended = size;
    }
    std::vector<Take> takes(indices.size(), what);
    for (std::uint32_t i = what == Take::Hidden ? 0 : kept; i < size; ++i) {
        indices.push_back(i);
        takes.push_back(Take::Hidden);
    }
    if (appended != 0) {
        std::byte* place = detail::resize_column(m, to, part::list::appended, appended);
        const TypeMeta& optional = *m.fields[part::list::appended].type->element;
        for (std::uint32_t i = kept; i < size; ++i, place += optional.size)
            if (const node_ref child = element_ref(n, i); child.valid() && !is_reference(child))
                take_value(child, optional, place);
    }
    const bool inside = take_elements(n, v, m, to, part::list::indices, indices, takes);
    const bool any = inside || dropped != 0 || appended != 0;
    // One that became valid with all it had changes nothing, and its snapshot has them all the same.
    if (any || (what == Take::Changes && n.modified())) detail::set_count(m, to, part::list::kept, kept);
    detail::set_count(m, to, part::list::dropped, dropped);
    return any;
}

// -- sets and dicts ---------------------------------------------------------------------------------------------------

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
        if (what == Take::Hidden) {
            auto& all = n.valid() ? updated : added;
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

bool take_set(const node_ref& n, const TypeMeta& m, void* to, Take what) {
    if (what == Take::Hidden || !n.valid()) return false; // invalidated, it drops its content
    const key_changes keys(n, what);
    write_keys(n, m, to, part::set::removed, keys.removed);
    write_keys(n, m, to, part::set::added, keys.added);
    return !keys.removed.empty() || !keys.added.empty();
}

bool take_dict(const node_ref& n, const TypeMeta& v, const TypeMeta& m, void* to, Take what) {
    key_changes keys(n, what);
    write_keys(n, m, to, part::map::removed, keys.removed);
    write_keys(n, m, to, part::map::added, keys.added);
    if (!keys.added.empty()) {
        std::byte* place = detail::resize_column(m, to, part::map::added_values, keys.added.size());
        const TypeMeta& optional = *m.fields[part::map::added_values].type->element;
        for (const keyed_row& r : keys.added) {
            if (const node_ref child = row_ref(n, r.row); child.valid() && !is_reference(child))
                take_value(child, optional, place);
            place += optional.size;
        }
    }
    const keyed_state& s = n.keyed();
    const bool afresh = what == Take::Changes && n.valid() && !s.valid_at_start;
    const bool hides = detail::keeps_children(*v.element);
    std::vector<keyed_row> rows = std::move(keys.updated);
    if (hides) {
        rows.insert(rows.end(), keys.added.begin(), keys.added.end());
        sort_rows(n, rows);
    }
    entries out(m, to, part::map::updated_keys, rows.size());
    const TypeMeta& change = *m.fields[part::map::updated].type->element;
    const TypeMeta& key_type = *m.fields[part::map::updated_keys].type->element;
    const detail::copier copy(key_type, *n.type->scalar);
    for (const keyed_row& r : rows) {
        const bool fresh = what == Take::Hidden || key_changes::is_new(s.flags[r.row]);
        const bool touched = fresh || (s.flags[r.row] & RowFlag::Touched) != 0;
        const bool any =
            touched && take_child(row_ref(n, r.row), *v.element, change, out.place(), fresh ? Take::Hidden : what);
        if (!any && (fresh || !afresh)) continue; // where the dict became valid, its snapshot had no keys before
        copy.assign(out.key(), r.key);
        out.keep();
    }
    return !keys.removed.empty() || !keys.added.empty() || out.used() != 0;
}

// -- windows ----------------------------------------------------------------------------------------------------------

bool take_window(const node_ref& n, const TypeMeta& m, void* to, Take what) {
    if (what == Take::Hidden || !n.valid()) return false; // as a set
    const window_state& s = n.window();
    const auto& w = *static_cast<const window_storage*>(n.value);
    const window_storage* passed = engine::window_passed(s);
    const std::uint32_t older = engine::window_older(n), before = passed ? passed->size() : 0;
    if (s.dropped) detail::set_mark(m, to, DeltaMark::Cleared);
    if (s.appended == 0 && s.gone == 0) return s.dropped;
    detail::set_count(m, to, part::ring::kept, older);
    detail::set_count(m, to, part::ring::dropped, s.gone);
    if (s.appended == 0) return true;
    std::byte* place = detail::resize_column(m, to, part::ring::appended, s.appended);
    auto* time = reinterpret_cast<datetime*>(detail::resize_column(m, to, part::ring::times, s.appended));
    const TypeMeta& type = *m.fields[part::ring::appended].type->element;
    const detail::copier copy(type, *n.type->scalar);
    for (std::uint32_t i = 0; i < s.appended; ++i, place += type.size, ++time) {
        const window_storage& from = i < before ? *passed : w;
        const std::uint32_t at = i < before ? i : older + i - before;
        copy.assign(place, from.element(n.type->scalar->size, at));
        *time = datetime{from.time(at)};
    }
    return true;
}

// -- any kind ---------------------------------------------------------------------------------------------------------

bool take_kind(const node_ref& n, const TypeMeta& v, const TypeMeta& m, void* to, Take what) {
    switch (n.type->kind) {
    case NodeKind::TSB: return take_fields(n, v, m, to, what);
    case NodeKind::TSL: return n.type->list_size ? take_array(n, v, m, to, what) : take_list(n, v, m, to, what);
    case NodeKind::TSS: return take_set(n, m, to, what);
    case NodeKind::TSD: return take_dict(n, v, m, to, what);
    case NodeKind::TSW: return take_window(n, m, to, what);
    case NodeKind::TS:
    case NodeKind::SIGNAL:
    case NodeKind::REF: break;
    }
    return false;
}

/// The content of a change of what the node holds, whether it is valid or not; false if it says nothing.
bool take_content(const node_ref& n, const TypeMeta& v, const TypeMeta& m, void* to, Take what) {
    if (what != Take::Hidden && !engine::record_is_current(n)) return false;
    const bool any = take_kind(n, v, m, to, what);
    const bool ticked = what == Take::Changes && n.modified();
    if (ticked) detail::set_mark(m, to, DeltaMark::Ticked);
    return any || ticked;
}

/// Whether the tick wrote the node, or made it or something below it invalid.
bool touched(const node_ref& n) {
    if (n.now() == MIN_DT || n.slot == max_slots || !n.parent->touched_at(n.now())) return false; // or removed
    if (n.parent == &n.context->record) return true;
    const node_ref above = owner_of(n);
    switch (above.type->kind) {
    case NodeKind::TSD: return (above.keyed().flags[above.keyed().places[n.slot].row] & RowFlag::Touched) != 0;
    case NodeKind::TSL:
        if (above.type->is_dynamic_list()) return (above.list().flags[n.slot] & RowFlag::Touched) != 0;
        [[fallthrough]];
    default: return child_touched(above, n.slot);
    }
}

} // namespace

DeltaValue tick_delta(const node_ref& n) {
    const TypeMeta& v = TypeRegistry::instance().intern(snapshot_type(*n.type));
    if (is_reference(n) || !touched(n)) return DeltaValue(v);
    return delta_access::make_with(v, [&](const TypeMeta& root, void* to) {
        if (!n.valid()) detail::set_mark(root, to, DeltaMark::Invalid);
        if (!n.type->is_leaf()) {
            take_content(n, v, root, to, n.valid() ? Take::Changes : Take::Kept);
        } else if (n.valid()) {
            take_root_leaf(n, v, root, to);
        }
    });
}

} // namespace hgvalue
