// The delta that undoes another.
#include "content.hpp"

#include "../value/temporary.hpp"
#include "staged.hpp"

#include <hgvalue/core/error.hpp>
#include <hgvalue/value/format.hpp>

#include <algorithm>
#include <string>

namespace hgvalue::detail {
namespace {

[[noreturn]] void refuse(const TypeMeta& v, const std::string& what) {
    throw ValueError("the delta of " + type_name(v) + " does not fit the value before it: " + what);
}

/// Of the change of a time series that was not valid before: it is so again, with the children that it had.
void invert_start(const TypeMeta& v, const TypeMeta& m, const void* d, void* out) {
    temporary before(v);
    start_afresh(v, before.get(), m, d);
    // As one that neither ticks nor becomes invalid, which names no keys that do not change.
    temporary change(m);
    m.ops->copy_assign(m, change.get(), d);
    set_marks(m, change.get(), marks_at(m, d) & DeltaMark::Cleared);
    invert_content(v, before.get(), m, change.get(), out);
    set_marks(m, out, 0);
}

/// False if undoing the change of this part changes nothing.
bool invert_part(const TypeMeta& v, const void* before, const TypeMeta& m, const void* d, void* out) {
    if (is_atomic(v))
        copy_value(m, out, v, before);
    else
        invert_content(v, before, m, d, out);
    return !content_empty(v, m, out);
}

/// Of the change of an optional that was None before: so it is again.
void reset_to_start(const TypeMeta& v, const TypeMeta& m, const void* d, void* out) {
    *static_cast<OptionalChange*>(field_at(m, out, part::optional::state)) = OptionalChange::Reset;
    const void* inside = keeps_children(v) ? payload_at(m, d, part::optional::inside) : nullptr;
    if (!inside) return;
    const TypeMeta& optional = *m.fields[part::optional::inside].type;
    void* back = emplace_at(m, out, part::optional::inside);
    invert_start(*v.element, *optional.element, inside, back);
    if (content_empty(*v.element, *optional.element, back))
        optional.ops->optional_reset(optional, field_at(m, out, part::optional::inside));
    else
        set_mark(m, out, DeltaMark::Invalid);
}

void invert_optional(const TypeMeta& v, const void* before, const TypeMeta& m, const void* d, void* out) {
    const void* payload = optional_payload(v, before);
    auto& state = *static_cast<OptionalChange*>(field_at(m, out, part::optional::state));
    switch (*static_cast<const OptionalChange*>(field_at(m, d, part::optional::state))) {
    case OptionalChange::None: return;
    case OptionalChange::Reset:
        if (!payload) return invalidates(m, d) ? reset_to_start(v, m, d, out) : void();
        break;
    case OptionalChange::Replaced:
        if (!payload) {
            state = OptionalChange::Reset;
            return;
        }
        break;
    case OptionalChange::Inside:
        if (!payload) {
            const TypeMeta& inner = *m.fields[part::optional::inside].type->element;
            const void* inside = payload_at(m, d, part::optional::inside);
            if (!is_ticked(inner, inside)) refuse(v, "it changes something inside, but there is None");
            reset_to_start(v, m, d, out);
            return;
        }
        invert_content(*v.element, payload, *m.fields[part::optional::inside].type->element,
                       payload_at(m, d, part::optional::inside), emplace_at(m, out, part::optional::inside));
        state = OptionalChange::Inside;
        return;
    }
    copy_value(*m.fields[part::optional::value].type, field_at(m, out, part::optional::value), v, before);
    state = OptionalChange::Replaced;
}

void invert_fields(const TypeMeta& v, const void* before, const TypeMeta& m, const void* d, void* out) {
    const field_mask changed(m, d);
    for (std::uint32_t i = 0; i < v.field_count; ++i) {
        if (!changed[i]) continue;
        if (invert_part(*v.fields[i].type, field_at(v, before, i), change_type(m, i), change_at(m, d, i),
                        change_at(m, out, i)))
            field_mask::mark(m, out, i);
    }
}

void invert_elements(const TypeMeta& v, const column& before, const TypeMeta& m, const void* d, void* out,
                     std::uint32_t first) {
    column indices = column_at(m, d, first), changes = column_at(m, d, first + 1);
    while (!indices.empty() && indices.as<std::uint64_t>(indices.size - 1) >= before.size) // of what is new
        indices = indices.first(indices.size - 1);
    if (indices.empty()) return;
    auto* inverted = reinterpret_cast<std::uint64_t*>(resize_column(m, out, first, indices.size));
    std::byte* place = resize_column(m, out, first + 1, indices.size);
    std::size_t used = 0;
    for (std::size_t i = 0; i < indices.size; ++i) {
        const auto index = indices.as<std::uint64_t>(i);
        if (invert_part(*v.element, before[index], *changes.element, changes[i], place + used * changes.element->size))
            inverted[used++] = index;
    }
    resize_column(m, out, first, used);
    resize_column(m, out, first + 1, used);
}

/// The number of elements that stay.
std::size_t require_size(const TypeMeta& v, const TypeMeta& m, const void* d, std::uint32_t kept_field,
                         std::size_t size, bool by_time = false) {
    const std::uint64_t kept = count_at(m, d, kept_field), dropped = count_at(m, d, kept_field + 1);
    if (kept > size || (by_time ? dropped < size - kept : dropped != size - kept))
        refuse(v, "it is for " + std::to_string(kept + dropped) + " elements, there are " + std::to_string(size));
    return kept;
}

void invert_list(const TypeMeta& v, const void* before, const TypeMeta& m, const void* d, void* out) {
    const column elements(v, before);
    const std::size_t kept = require_size(v, m, d, part::list::kept, elements.size);
    invert_elements(v, elements.first(kept), m, d, out, part::list::indices);
    set_count(m, out, part::list::kept, kept);
    set_count(m, out, part::list::dropped, column_at(m, d, part::list::appended).size);
    copy_column(m, out, part::list::appended, elements.from(kept));
}

/// What went is at the wrong end to be appended: everything is replaced.
void invert_ring(const TypeMeta& v, const ring& before, const TypeMeta& m, const void* d, void* out) {
    const std::size_t kept = require_size(v, m, d, part::ring::kept, before.size(), v.by_time);
    set_count(m, out, part::ring::dropped, kept + column_at(m, d, part::ring::appended).size - passes(v, m, d));
    append_from_ring(v, before, 0, m, out);
    // A window appends only what is not older than its newest element.
    if (v.kind == TypeKind::Window && before.size() != 0) set_mark(m, out, DeltaMark::Cleared);
}

// -- sets and maps
// --------------------------------------------------------------------------------------------------------

/// Where keys that must be there, or must not, are in the value before.
std::vector<std::uint32_t> find_keys(const TypeMeta& v, const row_store& s, const column& keys) {
    const TypeMeta& k = key_meta(v);
    const staged converted(k, keys, Staging::Read);
    std::vector<std::uint32_t> rows(keys.size);
    for (std::size_t i = 0; i < keys.size; ++i) {
        rows[i] = find_row(v, s, converted[i], k.ops->hash(k, converted[i]));
        if (rows[i] == no_row) refuse(v, short_string(k, converted[i]) + " is not there");
    }
    return rows;
}
void require_absent(const TypeMeta& v, const row_store& s, const column& keys, const column& removed) {
    const TypeMeta& k = key_meta(v);
    const staged converted(k, keys, Staging::Read);
    for (std::size_t i = 0; i < keys.size; ++i)
        if (find_row(v, s, converted[i], k.ops->hash(k, converted[i])) != no_row &&
            find_sorted(removed, keys[i]) == removed.size)
            refuse(v, "it adds " + short_string(k, converted[i]) + ", which is there already");
}

/// Column `i` of `out` becomes the added keys in ascending order.
void remove_added(const TypeMeta& v, const TypeMeta& m, void* out, std::uint32_t i, const column& added) {
    if (!v.is(TypeFlags::Ordered)) return copy_column(m, out, i, added);
    if (added.empty()) return;
    std::byte* place = resize_column(m, out, i, added.size);
    const TypeMeta& type = *added.element;
    for (const std::uint32_t position : sorted_positions(added)) {
        type.ops->copy_assign(type, place, added[position]);
        place += type.size;
    }
}

void invert_set(const TypeMeta& v, const row_store& before, const TypeMeta& m, const void* d, void* out) {
    const column removed = column_at(m, d, part::set::removed), added = column_at(m, d, part::set::added);
    find_keys(v, before, removed);
    require_absent(v, before, added, removed);
    remove_added(v, m, out, part::set::removed, added);
    copy_column(m, out, part::set::added, removed);
}

void invert_map(const TypeMeta& v, const row_store& before, const TypeMeta& m, const void* d, void* out) {
    const column removed = column_at(m, d, part::map::removed), added = column_at(m, d, part::map::added);
    const column updated = column_at(m, d, part::map::updated_keys), changes = column_at(m, d, part::map::updated);
    const auto gone = find_keys(v, before, removed);
    require_absent(v, before, added, removed);
    remove_added(v, m, out, part::map::removed, added);
    copy_column(m, out, part::map::added, removed);
    if (!gone.empty()) {
        std::byte* place = resize_column(m, out, part::map::added_values, gone.size());
        const TypeMeta& type = *m.fields[part::map::added_values].type->element;
        const copier copy(type, *v.element);
        for (const std::uint32_t row : gone) {
            copy.assign(place, before.value(v, row));
            place += type.size;
        }
    }
    if (updated.empty()) return;
    const bool both = added.size != 0 && may_update_new(*v.element); // what is new goes, whatever changed in it
    std::byte* keys = resize_column(m, out, part::map::updated_keys, updated.size);
    std::byte* place = resize_column(m, out, part::map::updated, updated.size);
    std::size_t used = 0;
    for (std::size_t i = 0; i < updated.size; ++i) {
        if (both && find_sorted(added, updated[i]) != added.size) continue;
        const std::uint32_t row = find_keys(v, before, updated.from(i).first(1))[0];
        updated.element->ops->copy_assign(*updated.element, keys + used * updated.element->size, updated[i]);
        if (!invert_part(*v.element, before.value(v, row), *changes.element, changes[i], place) && !lists_keys(v, m, d))
            continue;
        place += changes.element->size;
        ++used;
    }
    resize_column(m, out, part::map::updated_keys, used);
    resize_column(m, out, part::map::updated, used);
}

void invert_changes(const TypeMeta& v, const void* before, const TypeMeta& m, const void* d, void* out) {
    switch (v.kind) {
    case TypeKind::Optional: return invert_optional(v, before, m, d, out);
    case TypeKind::Bundle:
    case TypeKind::Tuple: return invert_fields(v, before, m, d, out);
    case TypeKind::List:
        if (is_growing_list(v)) return invert_list(v, before, m, d, out);
        return invert_elements(v, column(v, before), m, d, out, part::array::indices);
    case TypeKind::Set: return invert_set(v, as_rows(before), m, d, out);
    case TypeKind::Map: return invert_map(v, as_rows(before), m, d, out);
    case TypeKind::CyclicBuffer:
    case TypeKind::Queue:
    case TypeKind::Window: return invert_ring(v, as_ring(before), m, d, out);
    case TypeKind::Scalar:
    case TypeKind::Variant:
    case TypeKind::Ref: break;
    }
}

} // namespace

void invert_content(const TypeMeta& v, const void* before, const TypeMeta& m, const void* d, void* out) {
    check_place(v, before);
    check_place(m, d);
    check_place(m, out);
    const bool cleared = v.kind != TypeKind::Optional && (marks_at(m, d) & DeltaMark::Cleared) != 0;
    if (v.kind != TypeKind::Optional && invalidates(m, d)) {
        const temporary none(v);
        diff_content(v, none.get(), before, m, out, true);
        return set_marks(m, out, DeltaMark::Ticked | DeltaMark::Cleared); // it may have kept children
    }
    if (cleared) {
        temporary after(v);
        apply_content(v, after.get(), m, d);
        diff_content(v, after.get(), before, m, out, false);
    } else if (!changes_nothing(v, m, d)) {
        invert_changes(v, before, m, d, out);
    }
    set_mark(m, out, DeltaMark::Ticked, is_ticked(m, d));
}

void invert_to_invalid(const TypeMeta& v, const TypeMeta& m, const void* d, void* out) {
    if (content_empty(v, m, d)) return;
    if (!is_ticked(m, d) && !invalidates(m, d)) refuse(v, "it changes something inside, where there is no value");
    if (keeps_children(v)) invert_start(v, m, d, out);
    set_marks(m, out, DeltaMark::Invalid);
}

} // namespace hgvalue::detail
