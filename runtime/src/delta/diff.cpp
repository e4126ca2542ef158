// Making deltas: what turns one value into another of the same layout.
#include "content.hpp"

#include "../value/value_functions.hpp"

#include <algorithm>
#include <cstring>

namespace hgvalue::detail {
namespace {

void diff_optional(const TypeMeta& v, const void* from, const void* to, const TypeMeta& m, void* out, bool full) {
    const void* a = optional_payload(v, from);
    const void* b = optional_payload(v, to);
    auto& state = *static_cast<OptionalChange*>(field_at(m, out, part::optional::state));
    const auto replace = [&] {
        copy_value(*m.fields[part::optional::value].type, field_at(m, out, part::optional::value), v, to);
        state = OptionalChange::Replaced;
    };
    if (!b) {
        if (a || full) state = OptionalChange::Reset;
    } else if (!a) {
        replace();
    } else if (is_atomic(*v.element)) {
        if (full || !identical(*v.element, a, b)) replace();
    } else if (full || !identical(*v.element, a, b)) {
        const TypeMeta& inner = *m.fields[part::optional::inside].type->element;
        void* inside = emplace_at(m, out, part::optional::inside);
        diff_content(*v.element, a, b, inner, inside, full);
        state = OptionalChange::Inside;
        if (content_empty(*v.element, inner, inside)) { // full, but nothing in there
            const TypeMeta& optional = *m.fields[part::optional::inside].type;
            optional.ops->optional_reset(optional, field_at(m, out, part::optional::inside));
            state = OptionalChange::None;
        }
    }
}

/// Writes the change of a value with a parent to `out`, a default-made one; false, leaving it so, if there is none.
bool diff_part(const TypeMeta& v, const void* from, const void* to, const TypeMeta& m, void* out, bool full) {
    if (is_atomic(v)) {
        if (!full && identical(v, from, to)) return false;
        copy_value(m, out, v, to);
        return true;
    }
    diff_content(v, from, to, m, out, full);
    return !content_empty(v, m, out);
}

void diff_fields(const TypeMeta& v, const void* from, const void* to, const TypeMeta& m, void* out, bool full) {
    for (std::uint32_t i = 0; i < v.field_count; ++i)
        if (diff_part(*v.fields[i].type, field_at(v, from, i), field_at(v, to, i), change_type(m, i),
                      change_at(m, out, i), full))
            field_mask::mark(m, out, i);
}

/// The changes of `positions` elements, all that may have changed: `places(i)` gives where they are before and after,
/// `name(i, j)` notes that number i of them is the j-th that did change. Their column is `updated`.
template <class Places, class Name>
std::size_t diff_each(const TypeMeta& v, std::size_t count, const TypeMeta& m, void* out, std::uint32_t updated,
                      bool full, const Places& places, const Name& name) {
    if (count == 0) return 0;
    std::byte* change = resize_column(m, out, updated, count);
    const TypeMeta& type = *m.fields[updated].type->element;
    std::size_t used = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const auto [from, to] = places(i);
        if (!diff_part(v, from, to, type, change + used * type.size, full)) continue;
        name(i, used);
        ++used;
    }
    resize_column(m, out, updated, used);
    return used;
}

/// The changes of the first `count` elements.
void diff_elements(const TypeMeta& v, const column& from, const column& to, std::size_t count, const TypeMeta& m,
                   void* out, std::uint32_t first, bool full) {
    const TypeMeta& e = *v.element;
    if (count == 0) return;
    if (!full && same_by_bytes(e) && std::memcmp(from.data, to.data, count * e.size) == 0) return;
    std::vector<std::uint64_t> changed;
    for (std::size_t i = 0; i < count; ++i)
        if (full || !identical(e, from[i], to[i])) changed.push_back(i);
    if (changed.empty()) return;
    auto* indices = reinterpret_cast<std::uint64_t*>(resize_column(m, out, first, changed.size()));
    const std::size_t used = diff_each(
        e, changed.size(), m, out, first + 1, full,
        [&](std::size_t i) { return std::pair(from[changed[i]], to[changed[i]]); },
        [&](std::size_t i, std::size_t j) { indices[j] = changed[i]; });
    resize_column(m, out, first, used);
}

void diff_list(const TypeMeta& v, const void* from, const void* to, const TypeMeta& m, void* out, bool full) {
    const column a(v, from), b(v, to);
    const std::size_t kept = full ? 0 : std::min(a.size, b.size);
    diff_elements(v, a, b, kept, m, out, part::list::indices, full);
    set_count(m, out, part::list::dropped, a.size - kept);
    copy_column(m, out, part::list::appended, b.from(kept));
    if (!changes_nothing(v, m, out)) set_count(m, out, part::list::kept, kept);
}

// -- sets and maps
// ------------------------------------------------------------------------------------------------------

struct row_pair {
    std::uint32_t from, to;
};

/// Which rows came, went and, in a map, changed; came and went by the rows of the container they are in.
struct row_changes {
    std::vector<std::uint32_t> added, removed;
    std::vector<row_pair> updated;
};

row_changes compare_rows(const TypeMeta& v, const row_store& a, const row_store& b, bool full) {
    const TypeMeta& k = key_meta(v);
    row_changes changes;
    std::size_t matched = 0;
    for (const std::uint32_t row : b.rows()) {
        const std::uint32_t before = row_like(v, a, row, k, b.key(v, row));
        if (before == no_row) {
            changes.added.push_back(row);
            continue;
        }
        ++matched;
        if (v.kind == TypeKind::Map && (full || !identical(*v.element, a.value(v, before), b.value(v, row))))
            changes.updated.push_back({before, row});
    }
    if (matched != a.size())
        for (std::uint32_t row = 0; row < a.size(); ++row)
            if (row_like(v, b, row, k, a.key(v, row)) == no_row) changes.removed.push_back(row);
    const auto ascending = [&](const row_store& s) {
        return [&](std::uint32_t x, std::uint32_t y) { return canonical_order(k, s.key(v, x), s.key(v, y)) < 0; };
    };
    std::sort(changes.removed.begin(), changes.removed.end(), ascending(a));
    if (!v.is(TypeFlags::Ordered)) std::sort(changes.added.begin(), changes.added.end(), ascending(b));
    std::sort(changes.updated.begin(), changes.updated.end(),
              [&, before = ascending(b)](const row_pair& x, const row_pair& y) { return before(x.to, y.to); });
    return changes;
}

/// Makes column `i` hold what `at` gives for each row.
template <class Rows, class At>
void gather(const TypeMeta& m, void* out, std::uint32_t i, const TypeMeta& from, const Rows& rows, const At& at) {
    if (rows.empty()) return;
    std::byte* place = resize_column(m, out, i, rows.size());
    const TypeMeta& to = *m.fields[i].type->element;
    const copier copy(to, from);
    for (const auto& row : rows) {
        copy.assign(place, at(row));
        place += to.size;
    }
}

void diff_set(const TypeMeta& v, const row_store& a, const row_store& b, const TypeMeta& m, void* out) {
    const row_changes changes = compare_rows(v, a, b, false);
    gather(m, out, part::set::removed, *v.element, changes.removed, [&](std::uint32_t r) { return a.key(v, r); });
    gather(m, out, part::set::added, *v.element, changes.added, [&](std::uint32_t r) { return b.key(v, r); });
}

void diff_map(const TypeMeta& v, const row_store& a, const row_store& b, const TypeMeta& m, void* out, bool full) {
    row_changes changes = compare_rows(v, a, b, full);
    gather(m, out, part::map::removed, *v.key, changes.removed, [&](std::uint32_t r) { return a.key(v, r); });
    gather(m, out, part::map::added, *v.key, changes.added, [&](std::uint32_t r) { return b.key(v, r); });
    gather(m, out, part::map::added_values, *v.element, changes.added, [&](std::uint32_t r) { return b.value(v, r); });
    auto& rows = changes.updated;
    const std::size_t used = diff_each(
        *v.element, rows.size(), m, out, part::map::updated, full,
        [&](std::size_t i) { return std::pair(a.value(v, rows[i].from), b.value(v, rows[i].to)); },
        [&](std::size_t i, std::size_t j) { rows[j] = rows[i]; });
    rows.resize(used);
    gather(m, out, part::map::updated_keys, *v.key, rows, [&](const row_pair& r) { return b.key(v, r.to); });
}

// -- buffers, queues, windows
// ---------------------------------------------------------------------------------------------

/// How many of the newest elements of `a` are the oldest of `b`, at most: the longest suffix of `a` that is a prefix of
/// `b`, by the prefix function of `b` (Knuth, Morris, Pratt), in time linear in both.
std::uint32_t overlap(const TypeMeta& v, const ring& a, const ring& b) {
    const std::uint32_t limit = std::min(a.size(), b.size());
    if (limit == 0) return 0;
    std::vector<std::uint32_t> border(limit,
                                      0); // of the first i + 1 elements of b: the longest proper prefix that ends there
    for (std::uint32_t i = 1, n = 0; i < limit; ++i) {
        while (n != 0 && !same_ring_element(v, b, i, b, n)) n = border[n - 1];
        if (same_ring_element(v, b, i, b, n)) ++n;
        border[i] = n;
    }
    std::uint32_t n = 0;
    for (std::uint32_t i = a.size() - limit; i < a.size(); ++i) {
        while (n != 0 && (n == limit || !same_ring_element(v, a, i, b, n))) n = border[n - 1];
        if (same_ring_element(v, a, i, b, n)) ++n;
    }
    return n;
}

} // namespace

void append_from_ring(const TypeMeta& v, const ring& r, std::uint32_t first, const TypeMeta& m, void* out) {
    if (first == r.size()) return;
    std::byte* place = resize_column(m, out, part::ring::appended, r.size() - first);
    const TypeMeta& to = *m.fields[part::ring::appended].type->element;
    const copier copy(to, *v.element);
    for (std::uint32_t i = first; i < r.size(); ++i, place += to.size)
        copy.assign(place, r.element(v.element->size, i));
    if (v.kind != TypeKind::Window) return;
    auto* times = reinterpret_cast<datetime*>(resize_column(m, out, part::ring::times, r.size() - first));
    const auto& w = static_cast<const window_storage&>(r);
    for (std::uint32_t i = first; i < r.size(); ++i) *times++ = datetime{w.time(i)};
}

namespace {

void diff_ring(const TypeMeta& v, const ring& a, const ring& b, const TypeMeta& m, void* out, bool full) {
    const std::uint32_t kept = full ? 0 : overlap(v, a, b);
    set_count(m, out, part::ring::dropped, a.size() - kept);
    append_from_ring(v, b, kept, m, out);
    if (!changes_nothing(v, m, out)) set_count(m, out, part::ring::kept, kept);
    if (v.kind != TypeKind::Window || kept != 0 || a.size() == 0 || b.size() == 0) return;
    // A window appends only what is not older than its newest element: an older one goes into an emptied window.
    const auto &from = static_cast<const window_storage&>(a), &to = static_cast<const window_storage&>(b);
    if (to.time(0) < from.time(from.size() - 1)) set_mark(m, out, DeltaMark::Cleared);
}

} // namespace

void diff_content(const TypeMeta& v, const void* from, const void* to, const TypeMeta& m, void* out, bool full) {
    check_place(v, from);
    check_place(v, to);
    check_place(m, out);
    switch (v.kind) {
    case TypeKind::Optional: return diff_optional(v, from, to, m, out, full);
    case TypeKind::Bundle:
    case TypeKind::Tuple: return diff_fields(v, from, to, m, out, full);
    case TypeKind::List:
        if (is_growing_list(v)) return diff_list(v, from, to, m, out, full);
        return diff_elements(v, column(v, from), column(v, to), static_cast<std::size_t>(v.fixed_size), m, out,
                             part::array::indices, full);
    case TypeKind::Set: return diff_set(v, as_rows(from), as_rows(to), m, out);
    case TypeKind::Map: return diff_map(v, as_rows(from), as_rows(to), m, out, full);
    case TypeKind::CyclicBuffer:
    case TypeKind::Queue:
    case TypeKind::Window: return diff_ring(v, as_ring(from), as_ring(to), m, out, full);
    case TypeKind::Scalar:
    case TypeKind::Variant:
    case TypeKind::Ref: break;
    }
}

} // namespace hgvalue::detail
