// One delta for two that follow each other: bundles, optionals, lists and buffers. Sets and dicts: compose_keys.cpp.
#include "../value/temporary.hpp"
#include "content.hpp"

#include <hgvalue/core/error.hpp>
#include <hgvalue/value/format.hpp>

#include <algorithm>
#include <string>

namespace hgvalue::detail {

void refuse_sequel(const TypeMeta& v, const std::string& what) {
    throw ValueError("a delta of " + type_name(v) + " does not follow the one before it: " + what);
}

bool compose_part(const TypeMeta& v, const TypeMeta& m, const void* a, const void* b, void* out) {
    if (a) check_place(m, a);
    if (b) check_place(m, b);
    check_place(m, out);
    if (!is_atomic(v)) {
        if (a && b) {
            compose_content(v, m, a, b, out);
            return !content_empty(v, m, out);
        }
    }
    m.ops->copy_assign(m, out, b ? b : a);
    return true;
}

namespace {

void compose_fields(const TypeMeta& v, const TypeMeta& m, const void* a, const void* b, void* out) {
    const field_mask in_a(m, a), in_b(m, b);
    for (std::uint32_t i = 0; i < v.field_count; ++i)
        if ((in_a[i] || in_b[i]) &&
            compose_part(*v.fields[i].type, change_type(m, i), in_a[i] ? change_at(m, a, i) : nullptr,
                         in_b[i] ? change_at(m, b, i) : nullptr, change_at(m, out, i)))
            field_mask::mark(m, out, i);
}

void compose_optional(const TypeMeta& v, const TypeMeta& m, const void* a, const void* b, void* out) {
    const auto state = [&](const void* p) {
        return *static_cast<const OptionalChange*>(field_at(m, p, part::optional::state));
    };
    const bool nests = m.field_count > part::optional::inside;
    const void* before = nests ? payload_at(m, a, part::optional::inside) : nullptr;
    const void* change = nests ? payload_at(m, b, part::optional::inside) : nullptr;
    if (state(b) == OptionalChange::Reset && invalidates(m, b)) {
        m.ops->copy_assign(m, out, b);
        if (!nests || state(a) == OptionalChange::Replaced) return;
        const TypeMeta& type = *m.fields[part::optional::inside].type;
        temporary kept(*type.element);
        const bool any = compose_then_invalid(*v.element, *type.element, before, change, kept.get());
        type.ops->optional_reset(type, field_at(m, out, part::optional::inside));
        if (any) kept.move_to(emplace_at(m, out, part::optional::inside));
        return;
    }
    if (state(b) != OptionalChange::Inside) return m.ops->copy_assign(m, out, b);
    const TypeMeta& inner = *m.fields[part::optional::inside].type->element;
    switch (state(a)) {
    case OptionalChange::None: return m.ops->copy_assign(m, out, b);
    case OptionalChange::Reset:
        compose_after_invalid(*v.element, inner, before, change, emplace_at(m, out, part::optional::inside));
        *static_cast<OptionalChange*>(field_at(m, out, part::optional::state)) = OptionalChange::Inside;
        return;
    case OptionalChange::Replaced: {
        m.ops->copy_assign(m, out, a);
        const TypeMeta& type = *m.fields[part::optional::value].type;
        apply_content(*type.element, optional_payload(type, field_at(m, out, part::optional::value)), inner, change);
        return;
    }
    case OptionalChange::Inside: break;
    }
    void* inside = emplace_at(m, out, part::optional::inside);
    auto& result = *static_cast<OptionalChange*>(field_at(m, out, part::optional::state));
    if (compose_part(*v.element, inner, before, change, inside)) {
        result = OptionalChange::Inside;
    } else {
        const TypeMeta& type = *m.fields[part::optional::inside].type;
        type.ops->optional_reset(type, field_at(m, out, part::optional::inside));
    }
}

// -- lists
// --------------------------------------------------------------------------------------------------------------

/// The changes of the first `kept` elements, merged by index. The columns are `first` (indices) and the one after it.
void compose_elements(const TypeMeta& v, const TypeMeta& m, const void* a, const void* b, void* out,
                      std::uint32_t first, std::uint64_t kept) {
    const column a_indices = column_at(m, a, first), b_indices = column_at(m, b, first);
    const column a_changes = column_at(m, a, first + 1), b_changes = column_at(m, b, first + 1);
    const auto next = [&](const column& indices, std::size_t i) {
        const std::uint64_t index = i < indices.size ? indices.as<std::uint64_t>(i) : kept;
        return std::min(index, kept); // what no longer exists counts as the end
    };
    const std::size_t most = a_indices.size + b_indices.size;
    if (most == 0) return;
    auto* indices = reinterpret_cast<std::uint64_t*>(resize_column(m, out, first, most));
    std::byte* changes = resize_column(m, out, first + 1, most);
    const TypeMeta& type = *a_changes.element;
    std::size_t used = 0;
    for (std::size_t i = 0, j = 0;;) {
        const std::uint64_t x = next(a_indices, i), y = next(b_indices, j), index = std::min(x, y);
        if (index == kept) break;
        const void* before = x == index ? a_changes[i++] : nullptr;
        const void* after = y == index ? b_changes[j++] : nullptr;
        void* place = changes + used * type.size;
        const bool any = is_growing_list(v) ? compose_row(*v.element, type, nullptr, before, after, place)
                                            : compose_part(*v.element, type, before, after, place);
        if (any) indices[used++] = index;
    }
    resize_column(m, out, first, used);
    resize_column(m, out, first + 1, used);
}

/// Sizes as two deltas of one list or buffer give them.
struct sizes {
    sizes(const TypeMeta& m, const void* p, std::uint32_t kept_field, std::uint32_t appended_field)
        : kept(count_at(m, p, kept_field)), dropped(count_at(m, p, kept_field + 1)),
          appended(column_at(m, p, appended_field).size) {}
    std::uint64_t before() const { return kept + dropped; }
    std::uint64_t after() const { return kept + appended; }
    std::uint64_t kept, dropped, appended;
};
void require_sequel(const TypeMeta& v, const sizes& a, const sizes& b) {
    if (a.after() != b.before())
        refuse_sequel(v, "it is for " + std::to_string(b.before()) + " elements, there would be " +
                             std::to_string(a.after()));
}

/// Column `i` of `out` becomes `x` and then `y`.
std::byte* concatenate(const TypeMeta& m, void* out, std::uint32_t i, const column& x, const column& y) {
    const std::size_t size = x.size + y.size;
    if (size == 0) return nullptr;
    std::byte* first = resize_column(m, out, i, size);
    const TypeMeta& type = *x.element;
    std::byte* place = first;
    for (std::size_t j = 0; j < size; ++j, place += type.size)
        type.ops->copy_assign(type, place, j < x.size ? x[j] : y[j - x.size]);
    return first;
}

/// The changes of what is appended: of those of the first delta that stay, and of those of the second. They go into
/// the elements, but for what these do not show.
void compose_appended(const TypeMeta& v, const TypeMeta& m, const void* a, const void* b, void* out,
                      std::byte* appended, std::uint64_t a_kept, std::uint64_t b_kept) {
    const column indices[] = {column_at(m, a, part::list::indices), column_at(m, b, part::list::indices)};
    const column changes[] = {column_at(m, a, part::list::updated), column_at(m, b, part::list::updated)};
    const TypeMeta& element = *m.fields[part::list::appended].type->element;
    const TypeMeta& change = *changes[0].element;
    const std::uint64_t first = std::min(a_kept, b_kept);
    const std::uint64_t end = first + column_at(m, out, part::list::appended).size;
    const auto find = [&](int which, std::uint64_t index) -> const void* {
        const auto* begin = indices[which].empty() ? nullptr : &indices[which].as<std::uint64_t>(0);
        const auto* found = std::lower_bound(begin, begin + indices[which].size, index);
        return found != begin + indices[which].size && *found == index
                   ? changes[which][static_cast<std::size_t>(found - begin)]
                   : nullptr;
    };
    for (std::uint64_t index = first; index < end; ++index) {
        const void* before = index >= a_kept && index < b_kept ? find(0, index) : nullptr;
        const void* after = find(1, index);
        if (!before && !after) continue;
        temporary both(change);
        std::byte* value = appended + (index - first) * element.size;
        if (!compose_row(*v.element, change, value, before, after, both.get())) continue;
        if (!hides_children(*v.element, change, both.get())) {
            apply_content(element, value, change, both.get());
            continue;
        }
        const std::size_t used = column_at(m, out, part::list::indices).size;
        auto* places = reinterpret_cast<std::uint64_t*>(resize_column(m, out, part::list::indices, used + 1));
        places[used] = index;
        both.move_to(resize_column(m, out, part::list::updated, used + 1) + used * change.size);
    }
}

void compose_list(const TypeMeta& v, const TypeMeta& m, const void* a, const void* b, void* out) {
    const sizes x(m, a, part::list::kept, part::list::appended), y(m, b, part::list::kept, part::list::appended);
    require_sequel(v, x, y);
    const std::uint64_t kept = std::min(x.kept, y.kept), stays = y.kept - kept; // of what the first one appended
    compose_elements(v, m, a, b, out, part::list::indices, kept);
    std::byte* appended = concatenate(m, out, part::list::appended, column_at(m, a, part::list::appended).first(stays),
                                      column_at(m, b, part::list::appended));
    if (appended) compose_appended(v, m, a, b, out, appended, x.kept, y.kept);
    set_count(m, out, part::list::dropped, x.before() - kept);
    if (!changes_nothing(v, m, out) || is_ticked(m, a) || is_ticked(m, b)) set_count(m, out, part::list::kept, kept);
}

void compose_ring(const TypeMeta& v, const TypeMeta& m, const void* a, const void* b, void* out) {
    sizes x(m, a, part::ring::kept, part::ring::appended), y(m, b, part::ring::kept, part::ring::appended);
    const std::size_t passed = passes(v, m, a);
    x.appended -= passed;
    if (v.by_time && y.kept <= x.after() && x.after() < y.before()) y.dropped = x.after() - y.kept; // others were over
    require_sequel(v, x, y);
    const std::uint64_t kept = x.kept - std::min(x.kept, y.dropped);
    const std::uint64_t gone = passed + y.dropped - (x.kept - kept); // of what the first one appended
    concatenate(m, out, part::ring::appended, column_at(m, a, part::ring::appended).from(gone),
                column_at(m, b, part::ring::appended));
    if (v.kind == TypeKind::Window)
        concatenate(m, out, part::ring::times, column_at(m, a, part::ring::times).from(gone),
                    column_at(m, b, part::ring::times));
    set_count(m, out, part::ring::dropped, x.before() - kept);
    if (!changes_nothing(v, m, out)) set_count(m, out, part::ring::kept, kept);
}

void compose_changes(const TypeMeta& v, const TypeMeta& m, const void* a, const void* b, void* out) {
    switch (v.kind) {
    case TypeKind::Optional: return compose_optional(v, m, a, b, out);
    case TypeKind::Bundle:
    case TypeKind::Tuple: return compose_fields(v, m, a, b, out);
    case TypeKind::List:
        if (is_growing_list(v)) return compose_list(v, m, a, b, out);
        return compose_elements(v, m, a, b, out, part::array::indices, static_cast<std::uint64_t>(v.fixed_size));
    case TypeKind::Set: return compose_set(v, m, a, b, out);
    case TypeKind::Map: return compose_map(v, m, a, b, out);
    case TypeKind::CyclicBuffer:
    case TypeKind::Queue:
    case TypeKind::Window: return compose_ring(v, m, a, b, out);
    case TypeKind::Scalar:
    case TypeKind::Variant:
    case TypeKind::Ref: break;
    }
}

} // namespace

void compose_both(const TypeMeta& v, const TypeMeta& m, const void* a, const void* b, void* out) {
    const bool clears = (marks_at(m, b) & DeltaMark::Cleared) != 0;
    // One that changes nothing may not know the sizes.
    if (clears || (!changes_nothing(v, m, b) && changes_nothing(v, m, a)))
        m.ops->copy_assign(m, out, b);
    else if (changes_nothing(v, m, b))
        m.ops->copy_assign(m, out, a);
    else
        compose_changes(v, m, a, b, out);
    // What an optional's marks say belongs to its state.
    if (v.kind != TypeKind::Optional) set_marks(m, out, marks_at(m, a) | marks_at(m, b));
}

void compose_content(const TypeMeta& v, const TypeMeta& m, const void* a, const void* b, void* out) {
    const bool whole = v.kind != TypeKind::Optional;
    if (whole && invalidates(m, b)) {
        compose_then_invalid(v, m, a, b, out);
        set_marks(m, out, DeltaMark::Invalid);
    } else if (whole && invalidates(m, a) && !content_empty(v, m, b)) {
        compose_after_invalid(v, m, a, b, out);
    } else {
        compose_both(v, m, a, b, out);
    }
}

} // namespace hgvalue::detail
