// What becomes of a change when the time series becomes invalid after it, or was before it.
//
// A time series that is not valid has no value, but dicts and lists keep their children, which are not valid either.
// So of a change before it is invalidated, that of the children's being there stays; and in one after that, whatever is
// not written must be reset, for it was valid before the first of the two.
#include "content.hpp"

#include "../value/temporary.hpp"

#include <vector>

namespace hgvalue::detail {
namespace {

void set_reset(const TypeMeta& m, void* out) {
    *static_cast<OptionalChange*>(field_at(m, out, part::optional::state)) = OptionalChange::Reset;
    set_mark(m, out, DeltaMark::Invalid);
}

/// Has `write(inside)` say what is inside a reset optional; false, and no change, if that is nothing.
template <class Write> bool reset_with(const TypeMeta& m, void* out, const Write& write) {
    void* inside = emplace_at(m, out, part::optional::inside);
    const TypeMeta& type = *m.fields[part::optional::inside].type;
    if (!write(*type.element, inside)) {
        type.ops->optional_reset(type, field_at(m, out, part::optional::inside));
        return false;
    }
    set_reset(m, out);
    return true;
}

OptionalChange state_of(const TypeMeta& m, const void* p) {
    return *static_cast<const OptionalChange*>(field_at(m, p, part::optional::state));
}
const TypeMeta& inside_type(const TypeMeta& m) { return *m.fields[part::optional::inside].type->element; }

/// The changes of parts, one after the other, into columns that have room for all of them.
class part_writer {
  public:
    part_writer(const TypeMeta& m, void* out, std::uint32_t keys, std::size_t most)
        : m_(m), out_(out), keys_(keys), key_(*m.fields[keys].type->element),
          change_(*m.fields[keys + 1].type->element) {
        if (most == 0) return;
        key_data_ = resize_column(m, out, keys, most);
        change_data_ = resize_column(m, out, keys + 1, most);
    }
    void* place() const { return change_data_ + used_ * change_.size; }
    void keep(const void* key) { key_.ops->copy_assign(key_, key_data_ + used_++ * key_.size, key); }
    /// False if there are none.
    bool finish() {
        if (key_data_) {
            resize_column(m_, out_, keys_, used_);
            resize_column(m_, out_, keys_ + 1, used_);
        }
        return used_ != 0;
    }

  private:
    const TypeMeta& m_;
    void* out_;
    std::uint32_t keys_;
    const TypeMeta& key_;
    const TypeMeta& change_;
    std::byte *key_data_ = nullptr, *change_data_ = nullptr;
    std::size_t used_ = 0;
};

// -- the children that a value has ------------------------------------------------------------------------------------

bool children_of_value(const TypeMeta& v, const void* value, const TypeMeta& m, void* out);

/// Notes in the change of an optional that it is reset, and what it was before; false if it was nothing.
bool set_past(const TypeMeta& m, void* out, std::uint8_t past) {
    if (past == 0) return false;
    set_reset(m, out);
    set_mark(m, out, past);
    return true;
}

/// The same of an optional, which is reset. `row`: it is one of those that remember that they were valid.
bool children_of_part(const TypeMeta& v, const void* optional, const TypeMeta& m, void* out, bool row) {
    const void* payload = v.kind == TypeKind::Optional ? optional_payload(v, optional) : nullptr;
    if (!payload) return false;
    const bool any = keeps_children(v) && reset_with(m, out, [&](const TypeMeta& inner, void* inside) {
                         return children_of_value(*v.element, payload, inner, inside);
                     });
    return (row && set_past(m, out, DeltaMark::Written)) || any;
}

/// Writes, to a default-made content, that the children of a value are there and not valid.
bool children_of_value(const TypeMeta& v, const void* value, const TypeMeta& m, void* out) {
    bool any = false;
    if (v.kind == TypeKind::Bundle) {
        for (std::uint32_t i = 0; i < v.field_count; ++i)
            if (children_of_part(*v.fields[i].type, field_at(v, value, i), change_type(m, i), change_at(m, out, i),
                                 false)) {
                field_mask::mark(m, out, i);
                any = true;
            }
    } else if (v.kind == TypeKind::List) {
        const column elements(v, value);
        const bool grows = is_growing_list(v);
        if (grows) resize_column(m, out, part::list::appended, elements.size);
        const std::uint32_t first = grows ? part::list::indices : part::array::indices;
        part_writer parts(m, out, first, elements.size);
        for (std::uint64_t i = 0; i < elements.size; ++i)
            if (children_of_part(*v.element, elements[i], *m.fields[first + 1].type->element, parts.place(), grows))
                parts.keep(&i);
        any = parts.finish() || (grows && elements.size != 0);
    } else if (v.kind == TypeKind::Map) {
        const row_store& s = as_rows(value);
        const TypeMeta& k = *m.fields[part::map::added].type->element;
        const copier copy_key(k, *v.key);
        std::byte* keys = resize_column(m, out, part::map::added, s.size());
        for (std::uint32_t row = 0; row < s.size(); ++row) copy_key.assign(keys + row * k.size, s.key(v, row));
        const auto order = sorted_positions(column_at(m, out, part::map::added));
        for (std::uint32_t i = 0; i < s.size(); ++i) copy_key.assign(keys + i * k.size, s.key(v, order[i]));
        resize_column(m, out, part::map::added_values, s.size());
        part_writer parts(m, out, part::map::updated_keys, s.size());
        for (std::uint32_t i = 0; i < s.size(); ++i)
            if (children_of_part(*v.element, s.value(v, order[i]), *m.fields[part::map::updated].type->element,
                                 parts.place(), true))
                parts.keep(keys + i * k.size);
        parts.finish();
        set_mark(m, out, DeltaMark::Keys); // they are valid also where there are none
        any = true;
    }
    return any;
}

// -- what stays of a change before ------------------------------------------------------------------------------------

bool kept_of_content(const TypeMeta& v, const TypeMeta& m, const void* p, void* out);

/// As kept_of_part, of the children inside. The value stands in a delta, whose layout is its own.
bool kept_inside(const TypeMeta& v, const_typed_ptr value, const TypeMeta& m, const void* change, void* out) {
    const TypeMeta& inner = inside_type(m);
    const void* inside = change ? payload_at(m, change, part::optional::inside) : nullptr;
    return reset_with(m, out, [&](const TypeMeta&, void* to) {
        temporary before(inner), after(inner);
        const void* payload = value.data ? optional_payload(*value.type, value.data) : nullptr;
        const bool had = payload && children_of_value(*value.type->element, payload, inner, before.get());
        const bool changes = inside && kept_of_content(*v.element, inner, inside, after.get());
        if (had && changes)
            compose_content(*v.element, inner, before.get(), after.get(), to);
        else if (had || changes)
            (had ? before : after).move_to(to);
        return had || changes;
    });
}

/// Of what an optional's value was before (null data if there was none) and of its change (likewise), as one that is
/// reset. `row` as in children_of_part.
bool kept_of_part(const TypeMeta& v, const_typed_ptr value, const TypeMeta& m, const void* change, void* out,
                  bool row) {
    if (v.kind != TypeKind::Optional) return false;
    const bool any = keeps_children(v) && kept_inside(v, value, m, change, out);
    if (!row) return any;
    const bool was = value.data && optional_payload(*value.type, value.data);
    return set_past(m, out, was ? DeltaMark::Written : change ? past_of(m, change) : std::uint8_t{0}) || any;
}

bool kept_of_elements(const TypeMeta& v, const TypeMeta& m, const void* p, void* out, std::uint32_t first,
                      const column* appended, std::uint64_t kept) {
    const column indices = column_at(m, p, first), updated = column_at(m, p, first + 1);
    part_writer parts(m, out, first, indices.size + (appended ? appended->size : 0));
    const TypeMeta& change = *updated.element;
    std::size_t i = 0;
    for (; i < indices.size && (!appended || indices.as<std::uint64_t>(i) < kept); ++i)
        if (kept_of_part(*v.element, {}, change, updated[i], parts.place(), appended != nullptr))
            parts.keep(indices[i]);
    for (std::uint64_t n = 0; appended && n < appended->size; ++n) {
        const std::uint64_t index = kept + n;
        const bool changes = i < indices.size && indices.as<std::uint64_t>(i) == index;
        if (kept_of_part(*v.element, {appended->element, (*appended)[n]}, change, changes ? updated[i] : nullptr,
                         parts.place(), true))
            parts.keep(&index);
        if (changes) ++i;
    }
    return parts.finish();
}

bool kept_of_list(const TypeMeta& v, const TypeMeta& m, const void* p, void* out) {
    if (changes_nothing(v, m, p)) return false;
    const std::uint64_t kept = count_at(m, p, part::list::kept);
    const column appended = column_at(m, p, part::list::appended);
    resize_column(m, out, part::list::appended, appended.size);
    set_count(m, out, part::list::dropped, count_at(m, p, part::list::dropped));
    kept_of_elements(v, m, p, out, part::list::indices, &appended, kept);
    if (changes_nothing(v, m, out)) return false;
    set_count(m, out, part::list::kept, kept);
    return true;
}

bool kept_of_map(const TypeMeta& v, const TypeMeta& m, const void* p, void* out) {
    const column added = column_at(m, p, part::map::added), values = column_at(m, p, part::map::added_values);
    const column keys = column_at(m, p, part::map::updated_keys), updated = column_at(m, p, part::map::updated);
    copy_column(m, out, part::map::removed, column_at(m, p, part::map::removed));
    copy_column(m, out, part::map::added, added);
    resize_column(m, out, part::map::added_values, added.size);
    part_writer parts(m, out, part::map::updated_keys, added.size + keys.size);
    for (std::size_t i = 0, j = 0; i < added.size || j < keys.size;) { // both ascend
        const auto order = i == added.size  ? std::strong_ordering::greater
                           : j == keys.size ? std::strong_ordering::less
                                            : canonical_order(*keys.element, added[i], keys[j]);
        const void* key = order <= 0 ? added[i] : keys[j];
        if (kept_of_part(*v.element, {values.element, order <= 0 ? values[i] : nullptr}, *updated.element,
                         order >= 0 ? updated[j] : nullptr, parts.place(), true))
            parts.keep(key);
        i += order <= 0;
        j += order >= 0;
    }
    parts.finish();
    set_mark(m, out, DeltaMark::Keys, (marks_at(m, p) & DeltaMark::Keys) != 0);
    return !content_empty(v, m, out);
}

bool kept_of_content(const TypeMeta& v, const TypeMeta& m, const void* p, void* out) {
    if (!keeps_children(v)) return false;
    switch (v.kind) {
    case TypeKind::Bundle: {
        const field_mask changed(m, p);
        bool any = false;
        for (std::uint32_t i = 0; i < v.field_count; ++i)
            if (changed[i] && kept_of_part(*v.fields[i].type, {}, change_type(m, i), change_at(m, p, i),
                                           change_at(m, out, i), false)) {
                field_mask::mark(m, out, i);
                any = true;
            }
        return any;
    }
    case TypeKind::List:
        if (is_growing_list(v)) return kept_of_list(v, m, p, out);
        return kept_of_elements(v, m, p, out, part::array::indices, nullptr, 0);
    case TypeKind::Map: return kept_of_map(v, m, p, out);
    default: return false;
    }
}

// -- what a change after must say besides -----------------------------------------------------------------------------

void renewed_content(const TypeMeta& v, const TypeMeta& m, const void* p, void* out);

/// `p` is null for a part that does not change.
void renewed_part(const TypeMeta& v, const TypeMeta& m, const void* p, void* out) {
    if (p && (v.kind != TypeKind::Optional || state_of(m, p) != OptionalChange::None)) m.ops->copy_assign(m, out, p);
    if (v.kind != TypeKind::Optional) return;
    if (!p || state_of(m, p) == OptionalChange::None) return set_reset(m, out);
    if (state_of(m, p) != OptionalChange::Inside) return;
    const TypeMeta& inner = inside_type(m);
    temporary made(inner);
    renewed_content(*v.element, inner, payload_at(m, p, part::optional::inside), made.get());
    made.move_to(emplace_at(m, out, part::optional::inside));
}

/// The first `count` elements all change.
void renewed_elements(const TypeMeta& v, const TypeMeta& m, const void* p, void* out, std::uint32_t first,
                      std::uint64_t count) {
    const column indices = column_at(m, p, first), updated = column_at(m, p, first + 1);
    part_writer parts(m, out, first, static_cast<std::size_t>(count) + indices.size);
    std::size_t i = 0;
    for (std::uint64_t index = 0; index < count; ++index) {
        const bool changes = i < indices.size && indices.as<std::uint64_t>(i) == index;
        renewed_part(*v.element, *updated.element, changes ? updated[i++] : nullptr, parts.place());
        parts.keep(&index);
    }
    for (; i < indices.size; ++i) {
        updated.element->ops->copy_assign(*updated.element, parts.place(), updated[i]);
        parts.keep(indices[i]);
    }
    parts.finish();
}

void renewed_map(const TypeMeta& v, const TypeMeta& m, const void* p, void* out) {
    const column added = column_at(m, p, part::map::added), keys = column_at(m, p, part::map::updated_keys);
    const column updated = column_at(m, p, part::map::updated);
    m.ops->copy_assign(m, out, p);
    if (keys.empty()) return;
    std::byte* place = resize_column(m, out, part::map::updated, keys.size);
    for (std::size_t i = 0; i < keys.size; ++i, place += updated.element->size)
        if (find_sorted(added, keys[i]) == added.size) {
            temporary made(*updated.element);
            renewed_part(*v.element, *updated.element, updated[i], made.get());
            made.move_to(place);
        }
}

void renewed_content(const TypeMeta& v, const TypeMeta& m, const void* p, void* out) {
    switch (v.kind) {
    case TypeKind::Bundle: {
        const field_mask changed(m, p);
        for (std::uint32_t i = 0; i < v.field_count; ++i) {
            renewed_part(*v.fields[i].type, change_type(m, i), changed[i] ? change_at(m, p, i) : nullptr,
                         change_at(m, out, i));
            if (changed[i] || v.fields[i].type->kind == TypeKind::Optional) field_mask::mark(m, out, i);
        }
        break;
    }
    case TypeKind::List:
        if (is_growing_list(v)) {
            const std::uint64_t kept = count_at(m, p, part::list::kept);
            copy_column(m, out, part::list::appended, column_at(m, p, part::list::appended));
            set_count(m, out, part::list::dropped, count_at(m, p, part::list::dropped));
            renewed_elements(v, m, p, out, part::list::indices, kept);
            set_count(m, out, part::list::kept, kept);
        } else {
            renewed_elements(v, m, p, out, part::array::indices, static_cast<std::uint64_t>(v.fixed_size));
        }
        break;
    case TypeKind::Map: renewed_map(v, m, p, out); break;
    default: // what a set or window held is not known: whatever it was, it goes
        m.ops->copy_assign(m, out, p);
        set_mark(m, out, DeltaMark::Cleared);
    }
    set_mark(m, out, DeltaMark::Ticked);
}

} // namespace

std::uint8_t past_of(const TypeMeta& m, const void* change) {
    switch (state_of(m, change)) {
    case OptionalChange::None: break;
    case OptionalChange::Reset: return marks_at(m, change) & DeltaMark::past;
    case OptionalChange::Replaced: return DeltaMark::Written;
    case OptionalChange::Inside:
        if (is_ticked(inside_type(m), payload_at(m, change, part::optional::inside))) return DeltaMark::Written;
    }
    return 0;
}

bool compose_row(const TypeMeta& v, const TypeMeta& m, const void* value, const void* a, const void* b, void* out) {
    if (!compose_part(v, m, a, b, out)) return false;
    if (v.kind != TypeKind::Optional || !invalidates(m, out)) return true;
    std::uint8_t past = marks_at(m, out) & DeltaMark::past;
    if (value && optional_payload(v, value))
        past |= DeltaMark::Written;
    else if (a)
        past |= past_of(m, a);
    if (past & DeltaMark::Written) past = DeltaMark::Written; // it says that it was valid, too
    set_mark(m, out, DeltaMark::past, false);
    set_mark(m, out, past);
    return true;
}

bool compose_then_invalid(const TypeMeta& v, const TypeMeta& m, const void* a, const void* b, void* out) {
    temporary kept(m);
    const bool stays = a && kept_of_content(v, m, a, kept.get());
    if (!stays && b) m.ops->copy_assign(m, out, b);
    if (stays && !b) kept.move_to(out);
    if (stays && b) compose_both(v, m, kept.get(), b, out);
    // That its keys ticked stays true of a dict that became invalid.
    const int keys = (a ? marks_at(m, a) : 0) | (b ? marks_at(m, b) : 0);
    set_marks(m, out, static_cast<std::uint8_t>(keys & DeltaMark::Keys));
    return !content_empty(v, m, out);
}

void compose_after_invalid(const TypeMeta& v, const TypeMeta& m, const void* a, const void* b, void* out) {
    if (!is_ticked(m, b)) refuse_sequel(v, "it changes something inside, where there is None");
    if (marks_at(m, b) & DeltaMark::Cleared) return m.ops->copy_assign(m, out, b); // whatever was before
    temporary renewed(m);
    renewed_content(v, m, b, renewed.get());
    if (a) {
        temporary before(m);
        m.ops->copy_assign(m, before.get(), a);
        set_marks(m, before.get(), marks_at(m, a) & DeltaMark::Keys);
        compose_both(v, m, before.get(), renewed.get(), out);
    } else {
        renewed.move_to(out);
    }
}

bool hides_children(const TypeMeta& v, const TypeMeta& m, const void* p) {
    if (v.kind == TypeKind::Optional && marks_at(m, p) & DeltaMark::past) return true;
    if (!keeps_children(v)) return false;
    const auto any_of = [&](const column& changes) {
        for (std::size_t i = 0; i < changes.size; ++i)
            if (hides_children(*v.element, *changes.element, changes[i])) return true;
        return false;
    };
    switch (v.kind) {
    case TypeKind::Optional:
        if (invalidates(m, p)) return true;
        return state_of(m, p) == OptionalChange::Inside &&
               hides_children(*v.element, inside_type(m), payload_at(m, p, part::optional::inside));
    case TypeKind::Bundle: {
        const field_mask changed(m, p);
        for (std::uint32_t i = 0; i < v.field_count; ++i)
            if (changed[i] && hides_children(*v.fields[i].type, change_type(m, i), change_at(m, p, i))) return true;
        return false;
    }
    case TypeKind::List:
        return any_of(column_at(m, p, is_growing_list(v) ? part::list::updated : part::array::updated));
    case TypeKind::Map: return any_of(column_at(m, p, part::map::updated));
    default: return false;
    }
}

} // namespace hgvalue::detail
