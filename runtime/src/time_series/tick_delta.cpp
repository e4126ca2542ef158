// Taking the delta of a tick.
#include <hgvalue/time_series/tick_delta.hpp>

#include "../delta/delta_access.hpp"
#include "../value/temporary.hpp"
#include "records.hpp"
#include "tick_take.hpp"

#include <hgvalue/time_series/engine.hpp>
#include <hgvalue/time_series/snapshot.hpp>
#include <hgvalue/value/ring.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace hgvalue::ticks {

namespace part = detail::part;
using detail::column;
using detail::field_at;

namespace {

bool take_content(const node_ref& n, const TypeMeta& v, const TypeMeta& m, void* to, Take what);

void set_state(const TypeMeta& m, void* to, OptionalChange state) {
    *static_cast<OptionalChange*>(field_at(m, to, part::optional::state)) = state;
}

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

void set_invalid(const TypeMeta& m, void* to) {
    set_state(m, to, OptionalChange::Reset);
    detail::set_mark(m, to, DeltaMark::Invalid);
}

/// What to take of a child where `what` is taken of its parent.
Take take_of(const node_ref& n, Take what) {
    if (n.valid()) return what;
    return what == Take::Changes ? Take::Kept : what == Take::All ? Take::Hidden : what;
}

} // namespace

void take_value(const node_ref& n, const TypeMeta& optional, void* to) {
    void* payload = optional.ops->optional_emplace(optional, to);
    const TypeMeta& snapshot = snapshot_type(*n.type);
    if (detail::same_bytes(*optional.element, snapshot)) return take_snapshot(n, payload);
    detail::temporary taken(snapshot);
    take_snapshot(n, taken.get());
    detail::copy_value(*optional.element, payload, snapshot, taken.get());
}

bool take_child(const node_ref& n, const TypeMeta& v, const TypeMeta& m, void* to, Take what) {
    if (is_reference(n)) return false;
    const bool valid = n.valid();
    const bool whole = what == Take::Changes || (what == Take::All && valid);
    if (!whole && !detail::keeps_children(v)) return false;
    if (n.type->is_leaf()) {
        take_leaf(n, m, to);
        return true;
    }
    const TypeMeta& optional = *m.fields[part::optional::inside].type;
    void* place = field_at(m, to, part::optional::inside);
    void* inside = optional.ops->optional_emplace(optional, place);
    const bool any = take_content(n, *v.element, *optional.element, inside, take_of(n, what));
    if (!any) optional.ops->optional_reset(optional, place);
    if (valid) {
        if (any) set_state(m, to, OptionalChange::Inside);
        return any;
    }
    if (!any && !whole) return false;
    set_invalid(m, to);
    return true;
}

bool take_row(const node_ref& n, std::uint8_t flags, const TypeMeta& v, const TypeMeta& m, void* to, Take what) {
    const bool any = take_child(n, v, m, to, what);
    if (!has_past(n, flags)) return any;
    // What an earlier tick noted is still there, if nothing was written since.
    const bool written = flags & RowFlag::Written && n.parent->touched_at(n.now());
    if (!written && by_tick(what)) return any; // of what was there before, only this tick is not known
    set_invalid(m, to);
    detail::set_mark(m, to, written ? DeltaMark::Written : DeltaMark::WasValid);
    return true;
}

namespace {

// -- bundles and lists ------------------------------------------------------------------------------------------------

bool take_fields(const node_ref& n, const TypeMeta& v, const TypeMeta& m, void* to, Take what) {
    bool any = false;
    for (std::uint32_t i = 0; i < n.type->field_count; ++i) {
        if (by_tick(what) && !child_touched(n, i)) continue;
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
    const std::uint8_t* flags = n.type->list_size ? nullptr : n.list().flags.data();
    for (std::size_t i = 0; i < indices.size(); ++i) {
        const std::uint32_t index = indices[i];
        if (!take_row(element_ref(n, index), flags ? flags[index] : std::uint8_t{0}, *v.element,
                      *m.fields[first + 1].type->element, out.place(), what[i]))
            continue;
        *reinterpret_cast<std::uint64_t*>(out.key()) = indices[i];
        out.keep();
    }
    return out.used() != 0;
}

bool take_array(const node_ref& n, const TypeMeta& v, const TypeMeta& m, void* to, Take what) {
    std::vector<std::uint32_t> indices;
    for (std::uint32_t i = 0; i < n.type->list_size; ++i)
        if (!by_tick(what) || child_touched(n, i)) indices.push_back(i);
    return take_elements(n, v, m, to, part::array::indices, indices, std::vector(indices.size(), what));
}

bool take_list(const node_ref& n, const TypeMeta& v, const TypeMeta& m, void* to, Take what) {
    const list_state& s = n.list();
    const std::uint32_t size = list_length(n);
    std::uint32_t kept = size, dropped = 0, appended = 0;
    std::vector<std::uint32_t> indices;
    if (by_tick(what)) {
        while (kept != 0 && s.flags[kept - 1] & RowFlag::Added) --kept; // what one tick adds is at the end
        dropped = s.size_at_start - kept;
        appended = size - kept;
        for (const std::uint32_t i : s.changed)
            if (i < kept) indices.push_back(i);
        std::sort(indices.begin(), indices.end());
        indices.erase(std::unique(indices.begin(), indices.end()), indices.end());
    } else if (what == Take::All || !n.valid()) {
        kept = 0;
        appended = size;
    }
    std::vector<Take> takes(indices.size(), what);
    for (std::uint32_t i = by_tick(what) ? kept : 0; i < size; ++i) {
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

// -- windows ----------------------------------------------------------------------------------------------------------

bool take_whole_window(const node_ref& n, const TypeMeta& m, void* to) {
    const auto& w = *static_cast<const window_storage*>(n.value);
    detail::append_from_ring(*n.type->value, w, engine::window_first(n), m, to);
    return true;
}

bool take_window(const node_ref& n, const TypeMeta& m, void* to, Take what) {
    if (what == Take::All) return take_whole_window(n, m, to);
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
    if (by_tick(what) && !engine::record_is_current(n)) return false;
    const bool any = take_kind(n, v, m, to, what);
    const bool ticked = what == Take::All || (what == Take::Changes && n.modified());
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

DeltaValue take_delta(const node_ref& n, Take what) {
    const TypeMeta& v = TypeRegistry::instance().intern(snapshot_type(*n.type));
    return delta_access::make_with(v, [&](const TypeMeta& root, void* to) {
        if (!n.type->is_leaf())
            take_content(n, v, root, to, take_of(n, what));
        else if (n.valid())
            take_root_leaf(n, v, root, to);
        if (!n.valid() && (by_tick(what) || !n.type->is_leaf()))
            detail::set_mark(root, to, DeltaMark::Invalid, by_tick(what) || !detail::content_empty(v, root, to));
    });
}

} // namespace

} // namespace hgvalue::ticks

namespace hgvalue {

DeltaValue tick_delta(const node_ref& n) {
    const bool any = !ticks::is_reference(n) && ticks::touched(n);
    DeltaValue delta = any ? ticks::take_delta(n, ticks::Take::Changes) : DeltaValue(snapshot_type(*n.type));
    delta.set_time(n.now());
    return delta;
}

DeltaValue full_delta(const node_ref& n) {
    const bool any = !ticks::is_reference(n);
    DeltaValue delta = any ? ticks::take_delta(n, ticks::Take::All) : DeltaValue(snapshot_type(*n.type));
    delta.set_time(n.now());
    return delta;
}

} // namespace hgvalue
