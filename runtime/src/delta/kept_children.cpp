// Time series that stay when the one they are in becomes invalid.
#include "content.hpp"
#include "staged.hpp"

#include "../value/value_functions.hpp"

namespace hgvalue::detail {

bool keeps_children(const TypeMeta& v) {
    switch (v.kind) {
    case TypeKind::Map: return v.element->kind == TypeKind::Optional;
    case TypeKind::List:
        return (is_growing_list(v) && v.element->kind == TypeKind::Optional) || keeps_children(*v.element);
    case TypeKind::Optional: return keeps_children(*v.element);
    case TypeKind::Bundle:
        for (std::uint32_t i = 0; i < v.field_count; ++i)
            if (keeps_children(*v.fields[i].type)) return true;
        return false;
    default: return false;
    }
}

bool is_hidden(const TypeMeta& v, const TypeMeta& m, const void* p) {
    const auto none = [](const column& values) {
        for (std::size_t i = 0; i < values.size; ++i)
            if (values.element->kind != TypeKind::Optional || optional_payload(*values.element, values[i]))
                return false;
        return true;
    };
    const auto reset = [](const TypeMeta& part, const TypeMeta& change, const void* of) {
        return part.kind == TypeKind::Optional &&
               *static_cast<const OptionalChange*>(field_at(change, of, part::optional::state)) ==
                   OptionalChange::Reset;
    };
    const auto all_reset = [&](const column& changes) {
        for (std::size_t i = 0; i < changes.size; ++i)
            if (!reset(*v.element, *changes.element, changes[i])) return false;
        return true;
    };
    if (changes_nothing(v, m, p)) return true;
    if (!keeps_children(v)) return false;
    switch (v.kind) {
    case TypeKind::Bundle: {
        const field_mask changed(m, p);
        for (std::uint32_t i = 0; i < v.field_count; ++i)
            if (changed[i] && !reset(*v.fields[i].type, change_type(m, i), change_at(m, p, i))) return false;
        return true;
    }
    case TypeKind::List:
        if (is_fixed_list(v)) return all_reset(column_at(m, p, part::array::updated));
        return none(column_at(m, p, part::list::appended)) && all_reset(column_at(m, p, part::list::updated));
    case TypeKind::Map:
        return none(column_at(m, p, part::map::added_values)) && all_reset(column_at(m, p, part::map::updated));
    default: return false;
    }
}

void start_afresh(const TypeMeta& v, void* value, const TypeMeta& m, const void* content) {
    if (is_growing_list(v) && v.element->kind == TypeKind::Optional) {
        const std::uint64_t size = count_at(m, content, part::list::kept) + count_at(m, content, part::list::dropped);
        v.ops->list_resize(v, value, static_cast<std::size_t>(size));
    }
    if (v.kind != TypeKind::Map || v.element->kind != TypeKind::Optional) return;
    const column added = column_at(m, content, part::map::added);
    for (const auto field : {part::map::removed, part::map::updated_keys}) {
        const column keys = column_at(m, content, field);
        const staged lookup(*v.key, keys, Staging::Read);
        row_store_reserve(v, as_rows(value), as_rows(value).size() + keys.size);
        for (std::size_t i = 0; i < keys.size; ++i)
            if (field == part::map::removed || find_sorted(added, keys[i]) == added.size)
                row_store_insert(v, as_rows(value), lookup[i], v.key->ops->hash(*v.key, lookup[i]));
    }
}

} // namespace hgvalue::detail
