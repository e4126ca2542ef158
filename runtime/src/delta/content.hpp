// Reading and writing the parts of a delta's content by position. See delta/delta_type.hpp for the shapes.
#pragma once

#include "../value/layouts.hpp"
#include "../value/place_check.hpp"

#include <hgvalue/core/type_meta.hpp>
#include <hgvalue/delta/delta_type.hpp>
#include <hgvalue/value/assign.hpp>
#include <hgvalue/value/ring.hpp>
#include <hgvalue/value/row_store.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace hgvalue::detail {

struct place;

/// Positions of the fields in the content of each kind.
namespace part {
inline constexpr std::uint32_t marks = 0;
namespace atomic_root {
inline constexpr std::uint32_t value = 1;
}
namespace optional {
inline constexpr std::uint32_t state = 1, value = 2, inside = 3;
}
namespace fields {
inline constexpr std::uint32_t changed = 1, values = 2;
}
namespace array {
inline constexpr std::uint32_t indices = 1, updated = 2;
}
namespace list {
inline constexpr std::uint32_t kept = 1, dropped = 2, indices = 3, updated = 4, appended = 5;
}
namespace set {
inline constexpr std::uint32_t removed = 1, added = 2;
}
namespace map {
inline constexpr std::uint32_t removed = 1, added = 2, added_values = 3, updated_keys = 4, updated = 5;
}
namespace ring {
inline constexpr std::uint32_t kept = 1, dropped = 2, appended = 3, times = 4;
}
} // namespace part

inline const void* field_at(const TypeMeta& m, const void* p, std::uint32_t i) { return field_place(m.fields[i], p); }
inline void* field_at(const TypeMeta& m, void* p, std::uint32_t i) { return field_place(m.fields[i], p); }

/// Elements side by side.
struct column {
    column(const TypeMeta& type, const std::byte* first, std::size_t count)
        : element(&type), data(first), size(count) {}
    /// The elements of a List, whether it can grow or not.
    column(const TypeMeta& list, const void* p) : element(list.element) {
        const list_elements elements(list, p);
        data = elements.data;
        size = elements.size;
    }
    const void* operator[](std::size_t i) const { return data + i * element->size; }
    bool empty() const { return size == 0; }
    column from(std::size_t first) const { return {*element, data + first * element->size, size - first}; }
    column first(std::size_t count) const { return {*element, data, count}; }
    template <class T> const T& as(std::size_t i) const { return static_cast<const T*>((*this)[0])[i]; }

    const TypeMeta* element;
    const std::byte* data;
    std::size_t size;
};

inline column column_at(const TypeMeta& m, const void* p, std::uint32_t i) {
    return {*m.fields[i].type, field_at(m, p, i)};
}
/// Gives column `i` so many elements, of which those that are new are default values, and returns the first.
inline std::byte* resize_column(const TypeMeta& m, void* p, std::uint32_t i, std::size_t size) {
    const TypeMeta& list = *m.fields[i].type;
    list.ops->list_resize(list, field_at(m, p, i), size);
    return static_cast<std::byte*>(list.ops->list_data(list, field_at(m, p, i)));
}

inline std::uint64_t count_at(const TypeMeta& m, const void* p, std::uint32_t i) {
    return *static_cast<const std::uint64_t*>(field_at(m, p, i));
}
inline void set_count(const TypeMeta& m, void* p, std::uint32_t i, std::uint64_t n) {
    *static_cast<std::uint64_t*>(field_at(m, p, i)) = n;
}
/// The DeltaMark bits of a content that is a bundle.
inline std::uint8_t marks_at(const TypeMeta& m, const void* p) {
    return *static_cast<const std::uint8_t*>(field_at(m, p, part::marks));
}
inline void set_marks(const TypeMeta& m, void* p, std::uint8_t marks) {
    *static_cast<std::uint8_t*>(field_at(m, p, part::marks)) = marks;
}
inline void set_mark(const TypeMeta& m, void* p, std::uint8_t mark, bool on = true) {
    const std::uint8_t others = marks_at(m, p) & static_cast<std::uint8_t>(~mark);
    set_marks(m, p, static_cast<std::uint8_t>(on ? others | mark : others));
}
inline bool is_ticked(const TypeMeta& m, const void* p) { return (marks_at(m, p) & DeltaMark::Ticked) != 0; }
inline bool invalidates(const TypeMeta& m, const void* p) { return (marks_at(m, p) & DeltaMark::Invalid) != 0; }

/// The payload of the optional in field `i`, or null.
inline const void* payload_at(const TypeMeta& m, const void* p, std::uint32_t i) {
    return optional_payload(*m.fields[i].type, field_at(m, p, i));
}
inline void* emplace_at(const TypeMeta& m, void* p, std::uint32_t i) {
    const TypeMeta& type = *m.fields[i].type;
    return type.ops->optional_emplace(type, field_at(m, p, i));
}

/// As emplace_at, with the layout of what was made.
inline typed_ptr emplace_typed(const TypeMeta& m, void* p, std::uint32_t i) {
    return {m.fields[i].type->element, emplace_at(m, p, i)};
}

/// Which fields of a bundle or tuple changed: the words of a tuple, which lie side by side.
class field_mask {
  public:
    field_mask(const TypeMeta& m, const void* p)
        : words_(static_cast<const std::uint64_t*>(field_at(m, p, part::fields::changed))), count_(word_count(m)) {}
    bool operator[](std::uint32_t i) const { return words_[i / 64] >> (i % 64) & 1; }
    bool any() const {
        for (std::size_t i = 0; i < count_; ++i)
            if (words_[i]) return true;
        return false;
    }
    static std::uint32_t word_count(const TypeMeta& m) { return m.fields[part::fields::changed].type->field_count; }
    static void mark(const TypeMeta& m, void* p, std::uint32_t i) {
        static_cast<std::uint64_t*>(field_at(m, p, part::fields::changed))[i / 64] |= std::uint64_t{1} << (i % 64);
    }

  private:
    const std::uint64_t* words_;
    std::size_t count_;
};
/// The type and place of the change of field `i`.
inline const TypeMeta& change_type(const TypeMeta& m, std::uint32_t i) {
    return *m.fields[part::fields::values].type->fields[i].type;
}
template <class P> P* change_at(const TypeMeta& m, P* p, std::uint32_t i) {
    return field_at(*m.fields[part::fields::values].type, field_at(m, p, part::fields::values), i);
}

/// Copies values between two metas of one type; whether they are one layout is asked once.
class copier {
  public:
    copier(const TypeMeta& to, const TypeMeta& from) : to_(to), from_(from), direct_(same_bytes(to, from)) {}
    bool direct() const { return direct_; }
    void assign(void* to, const void* from) const {
        if (direct_)
            to_.ops->copy_assign(to_, to, from);
        else
            assign_value(to_, to, from_, from);
    }
    void construct(void* to, const void* from) const {
        if (direct_)
            to_.ops->copy_construct(to_, to, from);
        else
            construct_value(to_, to, from_, from);
    }

  private:
    const TypeMeta& to_;
    const TypeMeta& from_;
    bool direct_;
};
inline void copy_value(const TypeMeta& to_type, void* to, const TypeMeta& from_type, const void* from) {
    copier(to_type, from_type).assign(to, from);
}
/// Makes column `i` of a content a copy of `from`.
void copy_column(const TypeMeta& m, void* p, std::uint32_t i, const column& from);

inline const row_store& as_rows(const void* p) { return *static_cast<const row_store*>(p); }
inline row_store& as_rows(void* p) { return *static_cast<row_store*>(p); }
inline const ring& as_ring(const void* p) { return *static_cast<const ring*>(p); }
inline ring& as_ring(void* p) { return *static_cast<ring*>(p); }
inline const window_storage& as_window(const void* p) { return *static_cast<const window_storage*>(p); }

inline bool is_fixed_list(const TypeMeta& m) { return m.kind == TypeKind::List && m.fixed_size > 0; }
inline bool is_growing_list(const TypeMeta& m) { return m.kind == TypeKind::List && m.fixed_size == 0; }

/// Where in ascending `keys` a key equal to `key` stands, or keys.size; both of type `*keys.element`.
std::size_t find_sorted(const column& keys, const void* key);
/// The positions of keys in ascending order of the keys.
std::vector<std::uint32_t> sorted_positions(const column& keys);

/// Whether a content of a change of `value_type` says nothing: neither a change nor a mark. False for atomic ones.
bool content_empty(const TypeMeta& value_type, const TypeMeta& m, const void* p);
/// As content_empty, marks aside.
bool changes_nothing(const TypeMeta& value_type, const TypeMeta& m, const void* p);
/// The number of changes in a content; see DeltaValue::change_count.
std::size_t count_changes(const TypeMeta& value_type, const TypeMeta& m, const void* p);
/// ValueError unless the content is as delta_type.hpp says: parallel columns, ascending keys, known bits.
void check_content(const TypeMeta& value_type, const TypeMeta& m, const void* p);

/// Whether two values of one layout are the same down to the bits of their floats: what diff calls no change. The order
/// of rows does not matter, and objects are compared as Python does.
bool identical(const TypeMeta& m, const void* a, const void* b);
/// Whether `identical` asks for nothing but the bytes.
bool same_by_bytes(const TypeMeta& m);
/// Whether element i of `a` and j of `b` are identical and, in a window, of one time.
bool same_ring_element(const TypeMeta& m, const ring& a, std::uint32_t i, const ring& b, std::uint32_t j);
/// The row of a key of type `k`, the store's key type, or no_row. `hint` is where it may well be.
std::uint32_t row_like(const TypeMeta& m, const row_store& s, std::uint32_t hint, const TypeMeta& k, const void* key);

/// Writes the change that makes `from` equal to `to`, both of layout `v`, to a default-made content. With `full` it
/// names everything in `to`, changed or not.
void diff_content(const TypeMeta& v, const void* from, const void* to, const TypeMeta& m, void* content, bool full);
/// Whether the change of a dict may name keys in which nothing changes: those that a time series kept while it was not
/// valid.
inline bool lists_keys(const TypeMeta& v, const TypeMeta& m, const void* p) {
    return v.element->kind == TypeKind::Optional && is_ticked(m, p);
}
/// Whether a time series with such a value has children that stay when it becomes invalid.
bool keeps_children(const TypeMeta& v);
/// Whether a content says nothing but which children a time series that is not valid keeps, and what these were.
bool is_hidden(const TypeMeta& v, const TypeMeta& m, const void* p);
/// Makes a default value what it is before a tick in which its time series became valid: with the children that it
/// kept.
void start_afresh(const TypeMeta& v, void* value, const TypeMeta& m, const void* content);
/// How many of the elements appended to a window by count leave it again, because later ones fill it.
std::size_t passes(const TypeMeta& v, const TypeMeta& m, const void* content);
/// Changes `value` of layout `v`, which is at `where`; all or nothing.
void apply_content(const TypeMeta& v, void* value, const TypeMeta& m, const void* content,
                   const place* where = nullptr);
/// Writes the change that is `a` and then `b`, contents of a change of `v`, to a default-made content.
void compose_content(const TypeMeta& v, const TypeMeta& m, const void* a, const void* b, void* content);
/// As compose_content where no root becomes invalid: the marks that say so are not looked at.
void compose_both(const TypeMeta& v, const TypeMeta& m, const void* a, const void* b, void* content);
/// The same for a part with a parent, either of which may be null: false if nothing is left of it.
bool compose_part(const TypeMeta& v, const TypeMeta& m, const void* a, const void* b, void* out);
/// As compose_part, of an element that remembers that it was valid, and that has `value` if it is new, else null.
bool compose_row(const TypeMeta& v, const TypeMeta& m, const void* value, const void* a, const void* b, void* out);
/// What the change of an optional says of what it was before, if it is reset later: DeltaMark::past.
std::uint8_t past_of(const TypeMeta& m, const void* change);
/// The change of what is kept of a time series that becomes invalid after `a`, and by `b`, which says no more than
/// that; either may be null. False if that is nothing.
bool compose_then_invalid(const TypeMeta& v, const TypeMeta& m, const void* a, const void* b, void* out);
/// The change that is `a`, by which it became invalid and which may be null, and then `b`.
void compose_after_invalid(const TypeMeta& v, const TypeMeta& m, const void* a, const void* b, void* out);
/// Whether a dict or list with such elements may say more of a new one than its value: it may be a time series.
inline bool may_update_new(const TypeMeta& element) { return element.kind == TypeKind::Optional; }
/// Whether a change of something new says more than its value will show: of children that it keeps while not valid, or
/// that it was valid.
bool hides_children(const TypeMeta& v, const TypeMeta& m, const void* p);
void compose_map(const TypeMeta& v, const TypeMeta& m, const void* a, const void* b, void* content);
void compose_set(const TypeMeta& v, const TypeMeta& m, const void* a, const void* b, void* content);
/// ValueError: a delta of `v` cannot come after another.
[[noreturn]] void refuse_sequel(const TypeMeta& v, const std::string& what);
/// Appends the elements of a buffer, queue or window of layout `v`, from number `first` on, to an empty delta.
void append_from_ring(const TypeMeta& v, const ring& r, std::uint32_t first, const TypeMeta& m, void* content);
/// Writes the change that undoes `change`, which applies to `before` of layout `v`, to a default-made content.
void invert_content(const TypeMeta& v, const void* before, const TypeMeta& m, const void* change, void* content);
/// Whether an element of a window by time somewhere in the value is over at `now`.
bool expires(const TypeMeta& v, const void* value, engine_time_t now);
/// The same where there was no value before.
void invert_to_invalid(const TypeMeta& v, const TypeMeta& m, const void* change, void* content);

} // namespace hgvalue::detail
