// What a content says: nothing, how much, and whether it is well-formed.
#include "content.hpp"

#include "../value/temporary.hpp"

#include <hgvalue/core/error.hpp>
#include <hgvalue/value/format.hpp>

#include <algorithm>
#include <numeric>
#include <string>

namespace hgvalue::detail {

bool changes_nothing(const TypeMeta& v, const TypeMeta& m, const void* p) {
    const auto none = [&](std::uint32_t i) { return column_at(m, p, i).empty(); };
    switch (v.kind) {
    case TypeKind::Optional:
        return *static_cast<const OptionalChange*>(field_at(m, p, part::optional::state)) == OptionalChange::None;
    case TypeKind::Bundle:
    case TypeKind::Tuple: return !field_mask(m, p).any();
    case TypeKind::List:
        if (is_fixed_list(v)) return none(part::array::indices);
        return count_at(m, p, part::list::dropped) == 0 && none(part::list::indices) && none(part::list::appended);
    case TypeKind::Set: return none(part::set::removed) && none(part::set::added);
    case TypeKind::Map: return none(part::map::removed) && none(part::map::added) && none(part::map::updated_keys);
    case TypeKind::CyclicBuffer:
    case TypeKind::Queue:
    case TypeKind::Window: return count_at(m, p, part::ring::dropped) == 0 && none(part::ring::appended);
    case TypeKind::Scalar:
    case TypeKind::Variant:
    case TypeKind::Ref: break;
    }
    return false; // the new value of an atomic is a change
}

bool content_empty(const TypeMeta& v, const TypeMeta& m, const void* p) {
    return !is_atomic(v) && marks_at(m, p) == 0 && changes_nothing(v, m, p);
}

// -- counting ---------------------------------------------------------------------------------------------------------

namespace {

std::size_t count_all(const TypeMeta& v, const column& changes) {
    if (is_atomic(v)) return changes.size;
    std::size_t sum = 0;
    for (std::size_t i = 0; i < changes.size; ++i) sum += count_changes(v, *changes.element, changes[i]);
    return sum;
}

std::size_t count_fields(const TypeMeta& v, const TypeMeta& m, const void* p) {
    const field_mask changed(m, p);
    std::size_t sum = 0;
    for (std::uint32_t i = 0; i < v.field_count; ++i)
        if (changed[i]) sum += count_changes(*v.fields[i].type, change_type(m, i), change_at(m, p, i));
    return sum;
}

} // namespace

std::size_t count_changes(const TypeMeta& v, const TypeMeta& m, const void* p) {
    const auto size = [&](std::uint32_t i) { return column_at(m, p, i).size; };
    const auto count = [&](std::uint32_t i) { return static_cast<std::size_t>(count_at(m, p, i)); };
    switch (v.kind) {
    case TypeKind::Optional:
        switch (*static_cast<const OptionalChange*>(field_at(m, p, part::optional::state))) {
        case OptionalChange::None: return 0;
        case OptionalChange::Inside:
            return count_changes(*v.element, *m.fields[part::optional::inside].type->element,
                                 payload_at(m, p, part::optional::inside));
        case OptionalChange::Reset:
        case OptionalChange::Replaced: break;
        }
        return 1;
    case TypeKind::Bundle:
    case TypeKind::Tuple: return count_fields(v, m, p);
    case TypeKind::List:
        if (is_fixed_list(v)) return count_all(*v.element, column_at(m, p, part::array::updated));
        return count(part::list::dropped) + size(part::list::appended) +
               count_all(*v.element, column_at(m, p, part::list::updated));
    case TypeKind::Set: return size(part::set::removed) + size(part::set::added);
    case TypeKind::Map:
        return size(part::map::removed) + size(part::map::added) +
               count_all(*v.element, column_at(m, p, part::map::updated));
    case TypeKind::CyclicBuffer:
    case TypeKind::Queue:
    case TypeKind::Window: return count(part::ring::dropped) + size(part::ring::appended);
    case TypeKind::Scalar:
    case TypeKind::Variant:
    case TypeKind::Ref: break;
    }
    return 1;
}

// -- checking
// -----------------------------------------------------------------------------------------------------------

namespace {

[[noreturn]] void refuse(const TypeMeta& v, const std::string& what) {
    throw ValueError("not a delta of " + type_name(v) + ": " + what);
}

void check_parallel(const TypeMeta& v, const char* a, std::size_t a_size, const char* b, std::size_t b_size) {
    if (a_size != b_size)
        refuse(v, std::string(a) + " has " + std::to_string(a_size) + " elements, " + b + " has " +
                      std::to_string(b_size));
}

std::string shown(const column& keys, std::size_t i) { return short_string(*keys.element, keys[i]); }

/// Ascending, which makes them distinct.
void check_ascending(const TypeMeta& v, const char* name, const column& keys) {
    for (std::size_t i = 1; i < keys.size; ++i)
        if (canonical_order(*keys.element, keys[i - 1], keys[i]) >= 0)
            refuse(v, std::string(name) + " must ascend, but " + shown(keys, i) + " follows " + shown(keys, i - 1));
}

/// Distinct, in whatever order.
void check_distinct(const TypeMeta& v, const char* name, const column& keys) {
    const auto order = sorted_positions(keys);
    for (std::size_t i = 1; i < order.size(); ++i)
        if (canonical_order(*keys.element, keys[order[i - 1]], keys[order[i]]) == 0)
            refuse(v, std::string(name) + " has " + shown(keys, order[i]) + " twice");
}

void check_added(const TypeMeta& v, const char* name, const column& keys) {
    if (v.is(TypeFlags::Ordered))
        check_distinct(v, name, keys);
    else
        check_ascending(v, name, keys);
}

void check_apart(const TypeMeta& v, const char* a_name, const column& a, const char* b_name, const column& b) {
    for (std::size_t i = 0; i < b.size; ++i)
        if (find_sorted(a, b[i]) != a.size) refuse(v, shown(b, i) + " stands in both " + a_name + " and " + b_name);
}

/// A change within another. That a part becomes invalid is for the optional around it to say. `row`: it is of a dict or
/// a list that grows, which remember what their children were.
void check_part(const TypeMeta& v, const TypeMeta& m, const void* p, bool row = false) {
    if (v.kind != TypeKind::Optional && invalidates(m, p)) refuse(v, "only a root or an optional becomes invalid");
    if (!row && marks_at(m, p) & DeltaMark::past)
        refuse(v, "only a child of a dict or of a list that grows has a past");
    check_content(v, m, p);
}

/// The changes of the elements of `owner`, each of which must be one unless `names_unchanged`.
void check_all(const TypeMeta& owner, const column& changes, bool names_unchanged = false) {
    const TypeMeta& v = *owner.element;
    if (is_atomic(v)) return;
    for (std::size_t i = 0; i < changes.size; ++i) {
        check_part(v, *changes.element, changes[i], !is_fixed_list(owner));
        if (!names_unchanged && content_empty(v, *changes.element, changes[i]))
            refuse(v, "it names a part that does not change");
    }
}

/// A delta that changes nothing says nothing besides: else equal changes would have several encodings.
void check_kept(const TypeMeta& v, const TypeMeta& m, const void* p, std::uint32_t kept, bool is_ticked) {
    if (count_at(m, p, kept) != 0 && changes_nothing(v, m, p) && !is_ticked)
        refuse(v, "nothing changes, so no number is kept");
}

bool is_blank(const TypeMeta& v, const TypeMeta& m, const void* p);

/// Whether the content of a part that does not change is as it was made.
bool is_blank_content(const TypeMeta& v, const TypeMeta& m, const void* p) {
    if (marks_at(m, p) != 0) return false;
    for (std::uint32_t i = part::marks + 1; i < m.field_count; ++i) {
        const FieldInfo& f = m.fields[i];
        const void* place = field_at(m, p, i);
        const bool fields = v.kind == TypeKind::Bundle || v.kind == TypeKind::Tuple;
        if (fields && i == part::fields::values) {
            for (std::uint32_t n = 0; n < v.field_count; ++n)
                if (!is_blank(*v.fields[n].type, change_type(m, n), change_at(m, p, n))) return false;
        } else if (f.type->kind == TypeKind::List) {
            if (column(*f.type, place).size != 0) return false;
        } else if (f.type->kind == TypeKind::Optional) {
            if (optional_payload(*f.type, place)) return false;
        } else { // a state, a count or a mask
            const auto* bytes = static_cast<const std::byte*>(place);
            if (std::any_of(bytes, bytes + f.type->size, [](std::byte b) { return b != std::byte{0}; })) return false;
        }
    }
    return true;
}

/// The same, of what a bundle or tuple has for a field that does not change.
bool is_blank(const TypeMeta& v, const TypeMeta& m, const void* p) {
    if (!is_atomic(v)) return is_blank_content(v, m, p);
    const temporary blank(m);
    return identical(m, blank.get(), p);
}

/// What is said inside of something that is not valid must be about children that stay with it.
void check_hidden(const TypeMeta& v, const TypeMeta& m, const void* p) {
    if (marks_at(m, p) & (DeltaMark::Ticked | DeltaMark::Cleared))
        refuse(v, "what became invalid neither ticked nor was cleared");
    if (!is_hidden(v, m, p)) refuse(v, "what became invalid has no value, nor has anything in it");
}

void check_optional(const TypeMeta& v, const TypeMeta& m, const void* p) {
    const auto state = *static_cast<const OptionalChange*>(field_at(m, p, part::optional::state));
    const bool nests = m.field_count > part::optional::inside;
    const void* value = optional_payload(v, field_at(m, p, part::optional::value));
    const void* inside = nests ? payload_at(m, p, part::optional::inside) : nullptr;
    if (state > (nests ? OptionalChange::Inside : OptionalChange::Replaced)) refuse(v, "unknown state");
    if ((value != nullptr) != (state == OptionalChange::Replaced))
        refuse(v, "'value' belongs to a replaced one, and only to that");
    if (invalidates(m, p) && state != OptionalChange::Reset) refuse(v, "what becomes invalid is reset");
    if (state == OptionalChange::Inside ? !inside : inside && !invalidates(m, p))
        refuse(v, "'inside' belongs to one that changed inside, and only to that");
    const std::uint8_t marks = marks_at(m, p);
    if (marks & (DeltaMark::Ticked | DeltaMark::Cleared)) refuse(v, "what ticked, or was cleared, is inside");
    if (marks & DeltaMark::past && !invalidates(m, p)) refuse(v, "only what is reset has a past");
    if ((marks & DeltaMark::past) == DeltaMark::past) refuse(v, "what was written was valid: one of the two is enough");
    if (!inside) return;
    const TypeMeta& inner = *m.fields[part::optional::inside].type->element;
    check_part(*v.element, inner, inside);
    if (content_empty(*v.element, inner, inside)) refuse(v, "'inside' does not change");
    if (state == OptionalChange::Reset) return check_hidden(*v.element, inner, inside);
    if (marks_at(inner, inside) & DeltaMark::Keys && !is_ticked(inner, inside))
        refuse(*v.element, "a key_set ticks with its dict");
}

void check_fields(const TypeMeta& v, const TypeMeta& m, const void* p) {
    const field_mask changed(m, p);
    for (std::uint32_t i = v.field_count; i < field_mask::word_count(m) * 64; ++i)
        if (changed[i])
            refuse(v, "field " + std::to_string(i) + " is marked, but there are " + std::to_string(v.field_count));
    for (std::uint32_t i = 0; i < v.field_count; ++i) {
        const TypeMeta& type = *v.fields[i].type;
        if (!changed[i] && !is_blank(type, change_type(m, i), change_at(m, p, i)))
            refuse(v, "field " + std::to_string(i) + " is not marked, but has content");
        if (!changed[i] || is_atomic(type)) continue;
        check_part(type, change_type(m, i), change_at(m, p, i));
        if (content_empty(type, change_type(m, i), change_at(m, p, i)))
            refuse(v, "field " + std::to_string(i) + " is marked, but does not change");
    }
}

void check_updates(const TypeMeta& v, const TypeMeta& m, const void* p, std::uint32_t first, std::uint64_t limit) {
    const column indices = column_at(m, p, first), updated = column_at(m, p, first + 1);
    check_parallel(v, "indices", indices.size, "updated", updated.size);
    check_ascending(v, "indices", indices);
    if (!indices.empty() && indices.as<std::uint64_t>(indices.size - 1) >= limit)
        refuse(v, "index " + shown(indices, indices.size - 1) + " is out of range for " + std::to_string(limit) +
                      " elements");
    check_all(v, updated);
}

/// The change of a child that is new, which may say more than its value does: of children that it keeps while it is not
/// valid, or that it was valid. `added` is its value.
void check_new(const TypeMeta& v, const column& added, std::size_t i, const TypeMeta& m, const void* change) {
    const bool has_value = optional_payload(*added.element, added[i]) != nullptr;
    switch (*static_cast<const OptionalChange*>(field_at(m, change, part::optional::state))) {
    case OptionalChange::None: return; // refused elsewhere
    case OptionalChange::Replaced: refuse(v, "what is new has the value that it was added with");
    case OptionalChange::Reset:
        if (!invalidates(m, change)) refuse(v, "what is new is reset only if it became invalid");
        if (has_value && !(marks_at(m, change) & DeltaMark::Written))
            refuse(v, "what is new, has a value and became invalid was written");
        return;
    case OptionalChange::Inside:
        if (!has_value &&
            !is_ticked(*m.fields[part::optional::inside].type->element, payload_at(m, change, part::optional::inside)))
            refuse(v, "it changes something inside of what is new and has no value");
    }
}

void check_list(const TypeMeta& v, const TypeMeta& m, const void* p) {
    const std::uint64_t kept = count_at(m, p, part::list::kept);
    const column appended = column_at(m, p, part::list::appended);
    check_kept(v, m, p, part::list::kept, is_ticked(m, p));
    if (marks_at(m, p) & DeltaMark::Cleared && count_at(m, p, part::list::dropped) != 0)
        refuse(v, "what is cleared has nothing left to drop");
    const bool news = may_update_new(*v.element); // as in check_map
    check_updates(v, m, p, part::list::indices, news ? kept + appended.size : kept);
    const column indices = column_at(m, p, part::list::indices), updated = column_at(m, p, part::list::updated);
    for (std::size_t i = indices.size; news && i-- > 0 && indices.as<std::uint64_t>(i) >= kept;)
        check_new(v, appended, static_cast<std::size_t>(indices.as<std::uint64_t>(i) - kept), *updated.element,
                  updated[i]);
}

void check_map(const TypeMeta& v, const TypeMeta& m, const void* p) {
    const column removed = column_at(m, p, part::map::removed), added = column_at(m, p, part::map::added);
    const column updated = column_at(m, p, part::map::updated_keys);
    check_parallel(v, "added_keys", added.size, "added_values", column_at(m, p, part::map::added_values).size);
    check_parallel(v, "updated_keys", updated.size, "updated", column_at(m, p, part::map::updated).size);
    check_ascending(v, "removed_keys", removed);
    check_added(v, "added_keys", added);
    check_ascending(v, "updated_keys", updated);
    // A new child of a time series may have children, or a past, that its value does not show.
    if (v.is(TypeFlags::Ordered) || !may_update_new(*v.element)) {
        check_apart(v, "removed_keys", removed, "updated_keys", updated);
        check_apart(v, "updated_keys", updated, "added_keys", added);
    } else {
        const bool hides = keeps_children(*v.element);
        const column changes = column_at(m, p, part::map::updated);
        for (std::size_t i = 0; i < updated.size; ++i) {
            const std::size_t at = find_sorted(added, updated[i]);
            const bool is_new = at != added.size;
            if (!is_new && find_sorted(removed, updated[i]) != removed.size)
                refuse(v, shown(updated, i) + " stands in both removed_keys and updated_keys");
            if (is_new && !hides && !(marks_at(*changes.element, changes[i]) & DeltaMark::past))
                refuse(v, shown(updated, i) + " stands in both updated_keys and added_keys");
            if (is_new) check_new(v, column_at(m, p, part::map::added_values), at, *changes.element, changes[i]);
        }
    }
    if (marks_at(m, p) & DeltaMark::Cleared)
        for (std::size_t i = 0; i < updated.size; ++i)
            if (find_sorted(added, updated[i]) == added.size)
                refuse(v, shown(updated, i) + " is updated, but what is cleared keeps nothing");
    check_all(v, column_at(m, p, part::map::updated), lists_keys(v, m, p));
}

void check_ring(const TypeMeta& v, const TypeMeta& m, const void* p) {
    check_kept(v, m, p, part::ring::kept, false);
    if (v.kind != TypeKind::Window) return;
    const column times = column_at(m, p, part::ring::times);
    check_parallel(v, "appended", column_at(m, p, part::ring::appended).size, "times", times.size);
    for (std::size_t i = 1; i < times.size; ++i)
        if (times.as<datetime>(i) < times.as<datetime>(i - 1)) refuse(v, "times must not descend");
}

/// Whether a change is one of more than the default value.
bool keeps_something(const TypeMeta& v, const TypeMeta& m, const void* p) {
    switch (v.kind) {
    case TypeKind::Optional: return true;
    case TypeKind::List: return is_growing_list(v) && count_at(m, p, part::list::kept) != 0;
    case TypeKind::Set: return !column_at(m, p, part::set::removed).empty();
    case TypeKind::Map: return !column_at(m, p, part::map::removed).empty();
    case TypeKind::CyclicBuffer:
    case TypeKind::Queue:
    case TypeKind::Window: return count_at(m, p, part::ring::kept) != 0;
    default: return false;
    }
}

} // namespace

std::vector<std::uint32_t> sorted_positions(const column& keys) {
    std::vector<std::uint32_t> order(keys.size);
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(),
              [&](std::uint32_t a, std::uint32_t b) { return canonical_order(*keys.element, keys[a], keys[b]) < 0; });
    return order;
}

void check_content(const TypeMeta& v, const TypeMeta& m, const void* p) {
    check_place(m, p);
    const std::uint8_t marks = marks_at(m, p);
    if (marks & ~DeltaMark::all) refuse(v, "unknown marks");
    if (marks & DeltaMark::Cleared && keeps_something(v, m, p)) refuse(v, "what is cleared keeps nothing");
    if (marks & DeltaMark::Keys && (v.kind != TypeKind::Map || !may_update_new(*v.element)))
        refuse(v, "only the dict of a time series has a key_set that ticks");
    if (marks & DeltaMark::Invalid && v.kind != TypeKind::Optional) check_hidden(v, m, p);
    if (marks & DeltaMark::past && v.kind != TypeKind::Optional) refuse(v, "only what is reset has a past");
    switch (v.kind) {
    case TypeKind::Optional: return check_optional(v, m, p);
    case TypeKind::Bundle:
    case TypeKind::Tuple: return check_fields(v, m, p);
    case TypeKind::List:
        if (is_fixed_list(v))
            return check_updates(v, m, p, part::array::indices, static_cast<std::uint64_t>(v.fixed_size));
        return check_list(v, m, p);
    case TypeKind::Set:
        check_ascending(v, "removed", column_at(m, p, part::set::removed));
        check_added(v, "added", column_at(m, p, part::set::added));
        return check_apart(v, "removed", column_at(m, p, part::set::removed), "added",
                           column_at(m, p, part::set::added));
    case TypeKind::Map: return check_map(v, m, p);
    case TypeKind::CyclicBuffer:
    case TypeKind::Queue:
    case TypeKind::Window: return check_ring(v, m, p);
    case TypeKind::Scalar:
    case TypeKind::Variant:
    case TypeKind::Ref: break;
    }
}

} // namespace hgvalue::detail
