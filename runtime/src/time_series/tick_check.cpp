// Checking that a delta fits a node, and making the values of its leaves.
#include "tick_check.hpp"

#include "../delta/place.hpp"
#include "../delta/staged.hpp"
#include "../value/temporary.hpp"

#include <hgvalue/time_series/engine.hpp>
#include <hgvalue/time_series/snapshot.hpp>
#include <hgvalue/value/format.hpp>
#include <hgvalue/value/ring.hpp>

#include <algorithm>
#include <string>

namespace hgvalue::ticks {

using detail::place;
using detail::refuse;

namespace {

/// Walks a delta beside the node it is for; the node is null where it is not there yet.
class checker {
  public:
    checker(engine_time_t now, LeafValues& leaves) : now_(now), leaves_(leaves) {}

    void content(const place* p, const NodeType& t, const node_ref* n, const TypeMeta& v, const TypeMeta& m,
                 const void* c) const {
        switch (t.kind) {
        case NodeKind::TSB:
            each_field(v, m, c, [&](std::uint32_t i) {
                const place here{p, PathElement::at(v, i)};
                const node_ref field = n ? field_ref(*n, i) : node_ref{};
                child(&here, *t.fields[i].type, n ? &field : nullptr, *v.fields[i].type, detail::change_type(m, i),
                      detail::change_at(m, c, i));
            });
            return;
        case NodeKind::TSL:
            return t.list_size ? elements(p, t, n, v, m, c, part::array::indices) : list(p, t, n, v, m, c);
        case NodeKind::TSS: return keys(p, n, v, m, c);
        case NodeKind::TSD: return dict(p, t, n, v, m, c);
        case NodeKind::TSW: return window(p, n, m, c);
        case NodeKind::TS:
        case NodeKind::SIGNAL:
        case NodeKind::REF: return;
        }
    }

  private:
    void child(const place* p, const NodeType& t, const node_ref* n, const TypeMeta& v, const TypeMeta& m,
               const void* c) const {
        const OptionalChange state = state_at(m, c);
        if (t.kind == NodeKind::REF)
            return state == OptionalChange::Replaced || state == OptionalChange::Inside ? refuse_value(p) : void();
        if (state == OptionalChange::Replaced)
            return require_loadable(t, *m.fields[part::optional::value].type->element,
                                    payload_at(m, c, part::optional::value), now_);
        const void* inside = inside_of(m, c);
        if (!inside) return;
        if (state == OptionalChange::Inside && n && !n->valid() && !detail::is_ticked(inside_type(m), inside))
            refuse(p, "it changes something inside a node that is not valid");
        if (!t.is_leaf()) return content(p, t, n, *v.element, inside_type(m), inside);
        // One that is not there yet is checked with the value that it starts from.
        if (state == OptionalChange::Inside && n) leaves_.add(c, changed_leaf(p, *n, inside_type(m), inside));
    }

    /// What is not there yet and changes: the change must fit the value that it starts from, a default one if that is
    /// null.
    static void starting(const place* p, const TypeMeta& v, const void* from, const TypeMeta& m, const void* c) {
        detail::temporary value(v);
        if (from) v.ops->copy_assign(v, value.get(), from);
        detail::apply_content(v, value.get(), m, c, p);
    }

    [[noreturn]] static void refuse_value(const place* p) {
        refuse(p, "a reference takes no value: it changes with its target");
    }

    void loadable(const place* p, const NodeType& t, const column& added) const {
        for (std::size_t i = 0; i < added.size; ++i)
            if (const void* payload = detail::optional_payload(*added.element, added[i])) {
                if (t.kind == NodeKind::REF) refuse_value(p);
                require_loadable(t, *added.element->element, payload, now_);
            }
    }

    void elements(const place* p, const NodeType& t, const node_ref* n, const TypeMeta& v, const TypeMeta& m,
                  const void* c, std::uint32_t first) const {
        const column indices = column_at(m, c, first), updated = column_at(m, c, first + 1);
        const std::uint64_t there = n ? list_length(*n) : 0;
        for (std::size_t i = 0; i < indices.size; ++i) {
            const auto index = static_cast<std::size_t>(index_at(indices, i));
            const place here{p, PathElement::at(v, index)};
            const bool is_there = index < there && (t.list_size || index < count_at(m, c, part::list::kept));
            const node_ref element = is_there ? element_ref(*n, static_cast<std::uint32_t>(index)) : node_ref{};
            child(&here, *t.child, is_there ? &element : nullptr, *v.element, *updated.element, updated[i]);
            if (!n || t.list_size || is_there) continue; // what is in something new was checked with that
            const std::uint64_t kept = count_at(m, c, part::list::kept);
            const column appended = column_at(m, c, part::list::appended);
            starting(&here, *appended.element, index < kept ? nullptr : appended[index - kept], *updated.element,
                     updated[i]);
        }
    }

    void list(const place* p, const NodeType& t, const node_ref* n, const TypeMeta& v, const TypeMeta& m,
              const void* c) const {
        const bool cleared = (detail::marks_at(m, c) & DeltaMark::Cleared) != 0;
        if (n && !cleared && !may_lack_children(*n) && !detail::changes_nothing(v, m, c)) {
            const std::uint64_t kept = count_at(m, c, part::list::kept), dropped = count_at(m, c, part::list::dropped);
            const std::uint32_t size = list_length(*n);
            if (kept > size || dropped != size - kept)
                refuse(p,
                       "it is for " + std::to_string(kept + dropped) + " elements, there are " + std::to_string(size));
        }
        const column appended = column_at(m, c, part::list::appended);
        loadable(p, *t.child, appended);
        elements(p, t, n, v, m, c, part::list::indices);
    }

    /// The row of key number `i`, or no_row.
    static std::uint32_t row_of(const node_ref& n, const detail::staged& keys, std::size_t i) {
        const TypeMeta& k = *n.type->scalar;
        return find_row(*n.type->value, n.rows(), keys[i], k.ops->hash(k, keys[i]));
    }
    [[noreturn]] static void refuse_key(const place* p, const char* does, const column& keys, std::size_t i,
                                        const char* but) {
        refuse(p, std::string("it ") + does + " " + short_string(*keys.element, keys[i]) + ", which is " + but);
    }

    void keys(const place* p, const node_ref* n, const TypeMeta& v, const TypeMeta& m, const void* c) const {
        if (!n || may_lack_children(*n) || detail::marks_at(m, c) & DeltaMark::Cleared) return;
        const bool dict = v.kind == TypeKind::Map;
        const column removed = column_at(m, c, dict ? part::map::removed : part::set::removed);
        const column added = column_at(m, c, dict ? part::map::added : part::set::added);
        const detail::staged go(*n->type->scalar, removed, detail::Staging::Read),
            come(*n->type->scalar, added, detail::Staging::Read);
        for (std::size_t i = 0; i < removed.size; ++i)
            if (row_of(*n, go, i) == no_row) refuse_key(p, "removes", removed, i, "not there");
        for (std::size_t i = 0; i < added.size; ++i)
            if (row_of(*n, come, i) != no_row && detail::find_sorted(removed, added[i]) == removed.size)
                refuse_key(p, "adds", added, i, "there already");
    }

    void dict(const place* p, const NodeType& t, const node_ref* n, const TypeMeta& v, const TypeMeta& m,
              const void* c) const {
        keys(p, n, v, m, c);
        const column values = column_at(m, c, part::map::added_values);
        loadable(p, *t.child, values);
        const column updated = column_at(m, c, part::map::updated_keys), changes = column_at(m, c, part::map::updated);
        const column added = column_at(m, c, part::map::added);
        if (updated.empty()) return;
        const detail::staged lookup(*t.scalar, updated, detail::Staging::Read);
        for (std::size_t i = 0; i < updated.size; ++i) {
            const place here{p, PathElement::at_key(*t.value, lookup[i])};
            const std::size_t at = detail::find_sorted(added, updated[i]);
            const bool is_new = at != added.size;
            node_ref found{};
            if (n && !is_new && !may_lack_children(*n)) {
                const std::uint32_t row = row_of(*n, lookup, i);
                if (row == no_row) refuse_key(p, "updates", updated, i, "not there");
                found = row_ref(*n, row);
            }
            child(&here, *t.child, found.type ? &found : nullptr, *v.element, *changes.element, changes[i]);
            if (!n || found.type) continue;
            if (is_new)
                starting(&here, *values.element, values[at], *changes.element, changes[i]);
            else
                starting(&here, *v.element, nullptr, *changes.element, changes[i]);
        }
    }

    void window(const place* p, const node_ref* n, const TypeMeta& m, const void* c) const {
        const column times = column_at(m, c, part::ring::times);
        if (!times.empty() && times.as<datetime>(times.size - 1).us > now_)
            refuse(p, "it appends elements of a later time than the current tick");
        const std::uint64_t kept = count_at(m, c, part::ring::kept), dropped = count_at(m, c, part::ring::dropped);
        if (!n || (dropped == 0 && times.empty()) || detail::marks_at(m, c) & DeltaMark::Cleared) return;
        const auto& w = *static_cast<const window_storage*>(n->value);
        const std::uint64_t size = w.size(), seen = size - engine::window_first(*n);
        const bool fits = n->type->by_time ? seen <= kept + dropped : size == kept + dropped;
        if (kept > size || !fits)
            refuse(p, "it is for " + std::to_string(kept + dropped) + " elements, there are " + std::to_string(seen));
        // Also where none of those there are kept: they may be of this tick, whose delta would then have them first.
        if (size != 0 && !times.empty() && times.as<datetime>(0).us < w.time(w.size() - 1))
            refuse(p, "it appends elements older than the newest one");
    }

    static std::uint64_t count_at(const TypeMeta& m, const void* c, std::uint32_t i) {
        return detail::count_at(m, c, i);
    }

    engine_time_t now_;
    LeafValues& leaves_;
};

} // namespace

Value changed_leaf(const place* p, const node_ref& n, const TypeMeta& m, const void* c) {
    Value value(snapshot_type(*n.type));
    if (n.valid())
        take_snapshot(n, value.data());
    else if (!detail::is_ticked(m, c))
        refuse(p, "it changes something inside a node that is not valid");
    detail::apply_content(*value.schema(), value.data(), m, c, p);
    return value;
}

LeafValues check_tick(const node_ref& n, const TypeMeta& v, const TypeMeta& m, const void* c) {
    LeafValues leaves;
    checker(n.context->writing_time(), leaves).content(nullptr, *n.type, &n, v, m, c);
    return leaves;
}

} // namespace hgvalue::ticks
