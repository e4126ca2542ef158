// Applying deltas: first everything that may fail, then the change, which does not.
//
// `prepare` walks delta and target together. It checks that the one fits the other, copies what will be moved in, makes
// room, and notes each change as a step. Room that is visible (elements at the end of a list, the payload of an empty
// optional) is taken back if anything fails later. The steps are then taken in order; each one's place stays good until
// it is taken, because what moves elements comes after all changes inside them.
#include "place.hpp"
#include "staged.hpp"

#include "../value/temporary.hpp"
#include "../value/value_functions.hpp"

#include <hgvalue/value/format.hpp>

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace hgvalue::detail {
namespace {

// -- the steps
// -----------------------------------------------------------------------------------------------------------

/// One value is replaced.
struct assign_step {
    const TypeMeta* type;
    void* to;
    staged from;
    void take() noexcept { type->ops->move_assign(*type, to, from[0]); }
};
/// Several values of one type are replaced, wherever they are.
struct scatter_step {
    const TypeMeta* type;
    std::vector<void*> to;
    staged from;
    void take() noexcept {
        const bool trivial = type->is(TypeFlags::TriviallyCopyable);
        for (std::size_t i = 0; i < to.size(); ++i)
            if (trivial)
                std::memcpy(to[i], from[i], type->size);
            else
                type->ops->move_assign(*type, to[i], from[i]);
    }
};
/// Elements that lie side by side, from `first` on, are replaced; the list then has `size` elements, not more than now.
struct tail_step {
    const TypeMeta* list;
    void* to;
    std::size_t first, size;
    staged appended;
    void take() noexcept {
        const column target(*list, to);
        for (std::size_t i = first; i < size; ++i)
            list->element->ops->move_assign(*list->element, const_cast<void*>(target[i]), appended[i - first]);
        list->ops->list_resize(*list, to, size);
    }
};
struct reset_step {
    const TypeMeta* optional;
    void* to;
    void take() noexcept { optional->ops->optional_reset(*optional, to); }
};
struct erase_step {
    const TypeMeta* type;
    row_store* store;
    staged keys;
    std::size_t count;
    void take() noexcept {
        const TypeMeta& k = key_meta(*type);
        for (std::size_t i = 0; i < count; ++i)
            row_store_erase(*type, *store, find_row(*type, *store, keys[i], k.ops->hash(k, keys[i])));
    }
};
struct insert_step {
    const TypeMeta* type;
    row_store* store;
    staged keys;
    staged values; ///< unused for a set
    std::size_t count;
    void take() noexcept {
        const TypeMeta& k = key_meta(*type);
        const bool is_map = type->kind == TypeKind::Map;
        for (std::size_t i = 0; i < count; ++i)
            row_store_insert_relocated(*type, *store, keys[i], is_map ? values[i] : nullptr, k.ops->hash(k, keys[i]));
        keys.relocated();
        values.relocated();
    }
};
struct ring_step {
    const TypeMeta* type;
    ring* to;
    std::size_t dropped;
    staged appended;
    column times; ///< of a window
    std::size_t count;
    void take() noexcept {
        for (std::size_t i = 0; i < dropped; ++i) ring_pop(*type, *to);
        for (std::size_t i = 0; i < count; ++i)
            ring_append_relocated(*type, *to, times.empty() ? 0 : times.as<datetime>(i).us, appended[i]);
        appended.relocated();
    }
};

// -- preparing
// -----------------------------------------------------------------------------------------------------------

class applier {
  public:
    applier() = default;
    applier(const applier&) = delete;
    ~applier() {
        for (auto undo = room_.rbegin(); undo != room_.rend(); ++undo)
            if (undo->type->kind == TypeKind::Optional)
                undo->type->ops->optional_reset(*undo->type, undo->container);
            else
                undo->type->ops->list_resize(*undo->type, undo->container, undo->size);
    }

    void prepare(const place* p, const TypeMeta& t, void* target, const TypeMeta& m, const void* d) {
        const bool ring = t.kind == TypeKind::Window || t.kind == TypeKind::Queue || t.kind == TypeKind::CyclicBuffer;
        if (is_atomic(t) || ring || !(marks_at(m, d) & DeltaMark::Cleared)) return prepare_kind(p, t, target, m, d);
        temporary made(t);
        applier inside;
        inside.prepare_kind(p, t, made.get(), m, d);
        inside.commit();
        const column one(t, static_cast<std::byte*>(made.get()), 1);
        steps_.emplace_back(assign_step{&t, target, staged(t, one, Staging::Keep)});
    }

    void prepare_kind(const place* p, const TypeMeta& t, void* target, const TypeMeta& m, const void* d) {
        check_place(t, target);
        check_place(m, d);
        switch (t.kind) {
        case TypeKind::Optional: return prepare_optional(p, t, target, m, d);
        case TypeKind::Bundle:
        case TypeKind::Tuple: return prepare_fields(p, t, target, m, d);
        case TypeKind::List:
            if (is_growing_list(t)) return prepare_list(p, t, target, m, d);
            return prepare_elements(p, t, target, column_at(m, d, part::array::indices),
                                    column_at(m, d, part::array::updated));
        case TypeKind::Set: return prepare_set(p, t, as_rows(target), m, d);
        case TypeKind::Map: return prepare_map(p, t, as_rows(target), m, d);
        case TypeKind::CyclicBuffer:
        case TypeKind::Queue:
        case TypeKind::Window: return prepare_ring(p, t, as_ring(target), m, d);
        case TypeKind::Scalar:
        case TypeKind::Variant:
        case TypeKind::Ref: steps_.emplace_back(assign_step{&t, target, staged(t, column(m, bytes(d), 1))});
        }
    }

    void commit() noexcept {
        room_.clear(); // it is used now
        for (auto& step : steps_) std::visit([](auto& s) { s.take(); }, step);
    }

  private:
    using any_step = std::variant<assign_step, scatter_step, tail_step, reset_step, erase_step, insert_step, ring_step>;
    /// A list that was made longer than `size`, or an optional that was empty.
    struct room {
        const TypeMeta* type;
        void* container;
        std::size_t size;
    };

    static const std::byte* bytes(const void* p) { return static_cast<const std::byte*>(p); }

    void prepare_optional(const place* p, const TypeMeta& t, void* target, const TypeMeta& m, const void* d) {
        void* payload = optional_payload(t, target);
        switch (*static_cast<const OptionalChange*>(field_at(m, d, part::optional::state))) {
        case OptionalChange::None: return;
        case OptionalChange::Reset:
            if (payload) steps_.emplace_back(reset_step{&t, target});
            return;
        case OptionalChange::Replaced: {
            const TypeMeta& from = *m.fields[part::optional::value].type->element;
            staged value(*t.element, column(from, bytes(payload_at(m, d, part::optional::value)), 1));
            if (!payload) payload = emplace(t, target);
            steps_.emplace_back(assign_step{t.element, payload, std::move(value)});
            return;
        }
        case OptionalChange::Inside: {
            const TypeMeta& inner = *m.fields[part::optional::inside].type->element;
            const void* change = payload_at(m, d, part::optional::inside);
            if (!payload) {
                if (!is_ticked(inner, change))
                    refuse(p, "it changes something inside " + type_name(*t.element) + ", but there is None");
                payload = emplace(t, target);
                start_afresh(*t.element, payload, inner, change);
            }
            return prepare(p, *t.element, payload, inner, change);
        }
        }
    }

    void* emplace(const TypeMeta& t, void* target) {
        room_.reserve(room_.size() + 1);
        void* payload = t.ops->optional_emplace(t, target);
        room_.push_back({&t, target, 0});
        return payload;
    }

    void prepare_fields(const place* p, const TypeMeta& t, void* target, const TypeMeta& m, const void* d) {
        const field_mask changed(m, d);
        for (std::uint32_t i = 0; i < t.field_count; ++i) {
            if (!changed[i]) continue;
            const place here{p, PathElement::at(t, i)};
            prepare(&here, *t.fields[i].type, field_at(t, target, i), change_type(m, i), change_at(m, d, i));
        }
    }

    void prepare_elements(const place* p, const TypeMeta& t, void* target, const column& indices,
                          const column& updated) {
        const column elements(t, target);
        const auto at = [&](std::size_t i) { return static_cast<std::size_t>(indices.as<std::uint64_t>(i)); };
        prepare_each(
            p, *t.element, updated, [&](std::size_t i) { return const_cast<void*>(elements[at(i)]); },
            [&](std::size_t i) { return PathElement::at(t, at(i)); });
    }

    /// The changes of parts of type `type`: `find(i)` gives the place of the i-th, `step(i)` its step in the path.
    template <class Find, class Step>
    void prepare_each(const place* p, const TypeMeta& type, const column& changes, const Find& find, const Step& step) {
        if (changes.empty()) return;
        if (is_atomic(type)) {
            std::vector<void*> places(changes.size);
            for (std::size_t i = 0; i < changes.size; ++i) places[i] = find(i);
            steps_.emplace_back(scatter_step{&type, std::move(places), staged(type, changes)});
            return;
        }
        for (std::size_t i = 0; i < changes.size; ++i)
            prepare_part(p, type, find(i), *changes.element, changes[i], [&] { return step(i); });
    }
    template <class Step>
    void prepare_part(const place* p, const TypeMeta& type, void* part, const TypeMeta& m, const void* change,
                      const Step& step) {
        const place here{p, step()};
        prepare(&here, type, part, m, change);
    }

    void prepare_list(const place* p, const TypeMeta& t, void* target, const TypeMeta& m, const void* d) {
        if (changes_nothing(t, m, d)) return;
        const std::size_t size = t.ops->list_size(t, target);
        const std::size_t kept = require_size(p, m, d, part::list::kept, size);
        const column appended = column_at(m, d, part::list::appended);
        const column indices = column_at(m, d, part::list::indices), updated = column_at(m, d, part::list::updated);
        const bool changes_new = !indices.empty() && indices.as<std::uint64_t>(indices.size - 1) >= kept;
        staged tail(*t.element, appended, changes_new ? Staging::Keep : Staging::Move);
        const std::size_t final_size = kept + appended.size;
        if (final_size > size) {
            room_.reserve(room_.size() + 1);
            t.ops->list_resize(t, target, final_size);
            room_.push_back({&t, target, size});
        }
        std::size_t stay = indices.size; // the changes of what stays; the others are of what is new
        for (; stay != 0 && indices.as<std::uint64_t>(stay - 1) >= kept; --stay)
            apply_content(*t.element, tail[indices.as<std::uint64_t>(stay - 1) - kept], *updated.element,
                          updated[stay - 1]);
        prepare_elements(p, t, target, indices.first(stay), updated.first(stay));
        if (final_size != kept || final_size != size)
            steps_.emplace_back(tail_step{&t, target, kept, final_size, std::move(tail)});
    }

    // -- sets and maps

    void prepare_set(const place* p, const TypeMeta& t, row_store& s, const TypeMeta& m, const void* d) {
        prepare_keys(p, t, s, column_at(m, d, part::set::removed), column_at(m, d, part::set::added), nullptr, {}, t);
    }

    void prepare_map(const place* p, const TypeMeta& t, row_store& s, const TypeMeta& m, const void* d) {
        const column removed = column_at(m, d, part::map::removed), added = column_at(m, d, part::map::added);
        const column keys = column_at(m, d, part::map::updated_keys), updated = column_at(m, d, part::map::updated);
        const column values = column_at(m, d, part::map::added_values);
        make_room(t, s, removed.size, added.size); // which moves the rows
        const staged lookup(*t.key, keys, Staging::Read);
        std::vector<followed> after;
        std::uint32_t row = no_row;
        const auto find = [&](std::size_t i) -> void* {
            row = require_row(p, t, s, lookup[i], "updates");
            return s.value(t, row);
        };
        const auto step = [&](std::size_t) { return PathElement::at_key(t, s.key(t, row)); };
        if (added.empty() || !may_update_new(*t.element)) {
            prepare_each(p, *t.element, updated, find, step);
        } else {
            for (std::size_t i = 0; i < keys.size; ++i)
                if (const std::size_t at = find_sorted(added, keys[i]); at != added.size)
                    after.push_back({at, updated[i]});
                else
                    prepare_part(p, *t.element, find(i), *updated.element, updated[i], [&] { return step(i); });
        }
        prepare_keys(p, t, s, removed, added, &values, after, *updated.element);
    }

    /// What is new and changes besides: its position among the new ones.
    struct followed {
        std::size_t at;
        const void* change;
    };

    /// Erases and inserts; `values` is null for a set.
    void prepare_keys(const place* p, const TypeMeta& t, row_store& s, const column& removed, const column& added,
                      const column* values, const std::vector<followed>& after, const TypeMeta& change) {
        const TypeMeta& k = key_meta(t);
        if (!removed.empty()) {
            staged keys(k, removed, Staging::Read);
            for (std::size_t i = 0; i < removed.size; ++i) require_row(p, t, s, keys[i], "removes");
            steps_.emplace_back(erase_step{&t, &s, std::move(keys), removed.size});
        }
        if (added.empty()) return;
        staged keys(k, added);
        for (std::size_t i = 0; i < added.size; ++i)
            if (find_row(t, s, keys[i], k.ops->hash(k, keys[i])) != no_row &&
                find_sorted(removed, added[i]) == removed.size)
                refuse(p, "it adds " + short_string(k, keys[i]) + ", which is there already");
        const Staging staging = after.empty() ? Staging::Move : Staging::Keep;
        staged contents = values ? staged(*t.element, *values, staging) : staged(k, added.first(0));
        for (const followed& f : after) apply_content(*t.element, contents[f.at], change, f.change);
        make_room(t, s, removed.size, added.size);
        steps_.emplace_back(insert_step{&t, &s, std::move(keys), std::move(contents), added.size});
    }

    static void make_room(const TypeMeta& t, row_store& s, std::size_t removed, std::size_t added) {
        const std::size_t rows = s.size() + added;
        if (added != 0 && rows > removed) row_store_reserve(t, s, rows - std::min<std::size_t>(removed, s.size()));
    }

    static std::uint32_t require_row(const place* p, const TypeMeta& t, const row_store& s, const void* key,
                                     const char* does) {
        const TypeMeta& k = key_meta(t);
        const std::uint32_t row = find_row(t, s, key, k.ops->hash(k, key));
        if (row == no_row) refuse(p, std::string("it ") + does + " " + short_string(k, key) + ", which is not there");
        return row;
    }

    // -- buffers, queues, windows

    void prepare_ring(const place* p, const TypeMeta& t, ring& r, const TypeMeta& m, const void* d) {
        if (changes_nothing(t, m, d) && !(marks_at(m, d) & DeltaMark::Cleared)) return;
        const bool cleared = (marks_at(m, d) & DeltaMark::Cleared) != 0;
        const std::size_t kept = cleared ? 0 : require_size(p, m, d, part::ring::kept, r.size(), t.by_time);
        const std::size_t dropped = r.size() - kept;
        const std::size_t passed = passes(t, m, d);
        const column appended = column_at(m, d, part::ring::appended).from(passed);
        const column times =
            t.kind == TypeKind::Window ? column_at(m, d, part::ring::times).from(passed) : appended.first(0);
        const std::size_t size = kept + appended.size;
        if (t.fixed_size > 0 && !t.by_time && size > static_cast<std::size_t>(t.fixed_size))
            refuse(p,
                   "it makes " + std::to_string(size) + " elements, there is room for " + std::to_string(t.fixed_size));
        if (!times.empty()) require_times(p, t, static_cast<const window_storage&>(r), dropped, times);
        staged elements(*t.element, appended);
        ring_reserve(t, r, std::max<std::size_t>(size, r.size()));
        steps_.emplace_back(ring_step{&t, &r, dropped, std::move(elements), times, appended.size});
    }

    static void require_times(const place* p, const TypeMeta& t, const window_storage& w, std::size_t dropped,
                              const column& times) {
        const engine_time_t first = times.as<datetime>(0).us, last = times.as<datetime>(times.size - 1).us;
        const bool keeps = dropped < w.size();
        if (keeps && first < w.time(w.size() - 1)) refuse(p, "it appends elements older than the newest one");
        const engine_time_t oldest = keeps ? w.time(static_cast<std::uint32_t>(dropped)) : first;
        if (t.by_time && static_cast<std::uint64_t>(last) - static_cast<std::uint64_t>(oldest) >
                             static_cast<std::uint64_t>(t.fixed_size))
            refuse(p, "it keeps elements that are too old for the window");
    }

    /// The number of elements that stay, in a container that must have as many as the delta says. A window by time may
    /// have fewer that go: their time was over before.
    static std::size_t require_size(const place* p, const TypeMeta& m, const void* d, std::uint32_t kept_field,
                                    std::size_t size, bool by_time = false) {
        const std::uint64_t kept = count_at(m, d, kept_field), dropped = count_at(m, d, kept_field + 1);
        if (kept > size || (by_time ? dropped < size - kept : dropped != size - kept))
            refuse(p, "it is for " + std::to_string(kept + dropped) + " elements, there are " + std::to_string(size));
        return kept;
    }

    std::vector<any_step> steps_;
    std::vector<room> room_;
};

} // namespace

std::size_t passes(const TypeMeta& v, const TypeMeta& m, const void* content) {
    if (v.kind != TypeKind::Window || v.by_time || count_at(m, content, part::ring::kept) != 0) return 0;
    const std::size_t appended = column_at(m, content, part::ring::appended).size;
    const auto room = static_cast<std::size_t>(v.fixed_size);
    return appended > room ? appended - room : 0;
}

void apply_content(const TypeMeta& v, void* value, const TypeMeta& m, const void* content, const place* where) {
    applier a;
    a.prepare(where, v, value, m, content);
    a.commit();
}

} // namespace hgvalue::detail
