// Random edits of values of any type, so that two values differ in a few places at any depth.
#pragma once

#include "random_values.hpp"

#include <hgvalue/delta/algebra.hpp>
#include <hgvalue/delta/diff.hpp>

#include "../../runtime/src/value/value_functions.hpp"

namespace random_values {

inline ConstValueView view_of(const any_value& v) { return {v.data(), &v.type()}; }

class mutator {
  public:
    explicit mutator(generator& g) : random_(g) {}

    /// A copy with some edits; sometimes another value altogether.
    any_value edited(const any_value& v) {
        if (random_.chance(8)) return random_.value(v.type());
        any_value copy = v.copy();
        for (std::uint32_t n = random_.below(4); n != 0; --n) edit(copy.type(), copy.data());
        return copy;
    }

    /// One edit somewhere.
    void edit(const TypeMeta& m, void* v) {
        switch (m.kind) {
        case TypeKind::Bundle:
        case TypeKind::Tuple:
            if (m.field_count == 0) return;
            return edit_field(m, v, random_.below(m.field_count));
        case TypeKind::List: return edit_list(m, v);
        case TypeKind::Set:
        case TypeKind::Map: return edit_rows(m, *static_cast<row_store*>(v));
        case TypeKind::CyclicBuffer:
        case TypeKind::Queue:
        case TypeKind::Window: return edit_ring(m, *static_cast<ring*>(v));
        case TypeKind::Optional:
            if (void* p = m.ops->optional_get(m, v); p && !random_.chance(3)) return edit(*m.element, p);
            return random_.fill(m, v);
        case TypeKind::Scalar:
        case TypeKind::Variant:
        case TypeKind::Ref: return random_.fill(m, v);
        }
    }

  private:
    void edit_field(const TypeMeta& m, void* v, std::uint32_t i) {
        edit(*m.fields[i].type, static_cast<std::byte*>(v) + m.fields[i].offset);
    }

    void edit_list(const TypeMeta& m, void* v) {
        const bool grows = m.ops->list_size != nullptr;
        const std::size_t size = grows ? m.ops->list_size(m, v) : static_cast<std::size_t>(m.fixed_size);
        if (grows && random_.chance(3))
            return m.ops->list_resize(m, v, size > 0 && random_.chance(2) ? size - 1 : size + 1);
        if (size == 0) return;
        auto* first = static_cast<std::byte*>(grows ? m.ops->list_data(m, v) : v);
        edit(*m.element, first + random_.below(static_cast<std::uint32_t>(size)) * m.element->size);
    }

    void edit_rows(const TypeMeta& m, row_store& s) {
        const std::uint32_t choice = random_.below(4);
        if (s.size() != 0 && choice == 0) return detail::row_store_erase(m, s, random_.below(s.size()));
        if (m.kind == TypeKind::Map && s.size() != 0 && choice != 1)
            return edit(*m.element, s.value(m, random_.below(s.size())));
        const any_value key = random_.value(key_meta(m));
        const std::size_t hash = key.type().ops->hash(key.type(), key.data());
        if (find_row(m, s, key.data(), hash) == no_row) detail::row_store_insert(m, s, key.data(), hash);
    }

    void edit_ring(const TypeMeta& m, ring& r) {
        if (r.size() != 0 && random_.chance(3)) return detail::ring_pop(m, r);
        const any_value v = random_.value(*m.element);
        if (m.kind == TypeKind::Window) {
            auto& w = static_cast<window_storage&>(r);
            const engine_time_t last = w.empty() ? 1'577'836'800'000'000 : w.time(w.size() - 1);
            return detail::window_value_push(m, w, last + random_.below(20), v.data());
        }
        if (m.fixed_size > 0 && r.size() == static_cast<std::uint64_t>(m.fixed_size)) detail::ring_pop(m, r);
        m.element->ops->copy_assign(*m.element, detail::ring_push(m, r), v.data());
    }

    generator& random_;
};

} // namespace random_values
