// Values and types as text.
#include <hgvalue/value/format.hpp>

#include "format_scalars.hpp"
#include "identifier.hpp"

#include <hgvalue/value/ref.hpp>
#include <hgvalue/value/ring.hpp>
#include <hgvalue/value/row_store.hpp>

#include <algorithm>
#include <string_view>
#include <utility>

namespace hgvalue {
namespace {

// -- types ----------------------------------------------------------------------------------------------------------

void add_type(std::string& out, const TypeMeta& m);

void add_sized(std::string& out, const char* name, const TypeMeta& m) {
    out += name;
    add_type(out, *m.element);
    if (m.fixed_size > 0) out += ", Size[" + std::to_string(m.fixed_size) + ']';
    out += ']';
}

void add_window_size(std::string& out, const TypeMeta& m, std::int64_t size) {
    constexpr std::int64_t second = 1'000'000;
    if (!m.by_time)
        out += ", Size[" + std::to_string(size) + ']';
    else if (size % second == 0)
        out += ", timedelta[seconds=" + std::to_string(size / second) + ']';
    else
        out += ", timedelta[microseconds=" + std::to_string(size) + ']';
}

void add_fields(std::string& out, const TypeMeta& m) {
    for (std::uint32_t i = 0; i < m.field_count; ++i) {
        if (i != 0) out += ", ";
        if (const char* name = m.fields[i].name) {
            if (detail::is_identifier(name))
                out += name;
            else
                detail::add_quoted(out, name);
            out += ": ";
        }
        add_type(out, *m.fields[i].type);
    }
}

void add_list_type(std::string& out, const TypeMeta& m) {
    if (m.fixed_size > 0) {
        add_sized(out, "Array[", m);
        return;
    }
    const bool tuple = m.is(TypeFlags::IsTuple);
    out += tuple ? "tuple[" : "list[";
    add_type(out, *m.element);
    out += tuple ? ", ...]" : "]";
}

/// `A | B`, with brackets around an alternative that is itself a choice.
void add_alternatives(std::string& out, const TypeMeta& m) {
    for (std::uint32_t i = 0; i < m.field_count; ++i) {
        if (i != 0) out += " | ";
        const TypeMeta& alternative = *m.fields[i].type;
        const bool choice =
            !alternative.name && (alternative.kind == TypeKind::Optional || alternative.kind == TypeKind::Variant);
        if (choice) out += '(';
        add_type(out, alternative);
        if (choice) out += ')';
    }
}

/// Types that share parts are written out for each use, so a name may be exponentially longer than the type is large.
constexpr std::size_t longest_name = std::size_t{1} << 16;

void add_type(std::string& out, const TypeMeta& m) {
    if (m.name) {
        out += m.name;
        return;
    }
    if (out.size() > longest_name) {
        out += "...";
        return;
    }
    switch (m.kind) {
    case TypeKind::Scalar: out += detail::scalar_name(m.scalar); return;
    case TypeKind::Tuple:
        out += "tuple[";
        add_fields(out, m);
        if (m.field_count == 0) out += "()";
        break;
    case TypeKind::Bundle:
        out += '{';
        add_fields(out, m);
        out += '}';
        return;
    case TypeKind::List: add_list_type(out, m); return;
    case TypeKind::Set:
        out += m.is(TypeFlags::Ordered) ? "OrderedSet[" : "set[";
        add_type(out, *m.element);
        break;
    case TypeKind::Map:
        out += m.is(TypeFlags::Ordered) ? "OrderedDict[" : "dict[";
        add_type(out, *m.key);
        out += ", ";
        add_type(out, *m.element);
        break;
    case TypeKind::CyclicBuffer: add_sized(out, "CyclicBuffer[", m); return;
    case TypeKind::Queue: add_sized(out, "Queue[", m); return;
    case TypeKind::Window:
        out += "Window[";
        add_type(out, *m.element);
        add_window_size(out, m, m.fixed_size);
        if (m.min_size > 0) add_window_size(out, m, m.min_size);
        break;
    case TypeKind::Optional:
        add_type(out, *m.element);
        out += " | None";
        return;
    case TypeKind::Variant: add_alternatives(out, m); return;
    case TypeKind::Ref: add_sized(out, "REF[", m); return;
    }
    out += ']';
}

// -- values ---------------------------------------------------------------------------------------------------------

const std::byte* bytes_at(const void* p) { return static_cast<const std::byte*>(p); }

/// `add(i)` for each of `count` items, with commas between, as long as there is room.
template <class Add> void add_items(ShortText& out, std::size_t count, const Add& add) {
    for (std::size_t i = 0; i < count; ++i) {
        if (i != 0) out.text += ", ";
        if (out.full()) return out.leave_out(count - i);
        add(i);
    }
}

/// Text or bytes of which not all may have room. What is escaped takes several bytes for one.
template <class Text> void add_text(ShortText& out, const Text& whole, bool ascii) {
    const std::size_t room = std::max<std::size_t>(out.room(), 1);
    std::size_t shown = std::min(whole.size(), room);
    std::string quoted;
    for (bool fits = false; !fits; shown /= fits ? 1 : 4) {
        if (!ascii) shown = detail::character_start(whole, shown);
        quoted.clear();
        detail::add_quoted(quoted, std::string_view(whole).substr(0, shown), ascii);
        fits = shown < 4 || quoted.size() / 2 <= room;
    }
    out.text += quoted;
    if (shown < whole.size()) out.leave_out(whole.size() - shown, " bytes");
}

void add_scalar(ShortText& out, const TypeMeta& m, const void* v) {
    if (m.scalar == ScalarKind::Str) return add_text(out, *static_cast<const std::string*>(v), false);
    if (m.scalar != ScalarKind::Bytes) return detail::add_scalar(out.text, m, v);
    out.text += 'b';
    add_text(out, *static_cast<const bytes*>(v), true);
}

void add_field_values(ShortText& out, const TypeMeta& m, const void* v) {
    add_items(out, m.field_count, [&](std::size_t i) {
        const FieldInfo& f = m.fields[i];
        if (f.name) {
            out.text += f.name;
            out.text += '=';
        }
        add_value(out, *f.type, bytes_at(v) + f.offset);
    });
}

void add_list(ShortText& out, const TypeMeta& m, const void* v) {
    const bool grows = m.ops->list_size != nullptr, tuple = m.is(TypeFlags::IsTuple);
    const std::size_t size = grows ? m.ops->list_size(m, v) : static_cast<std::size_t>(m.fixed_size);
    const std::byte* data = bytes_at(grows ? m.ops->list_data(m, const_cast<void*>(v)) : v); // asked for its place only
    out.text += tuple ? '(' : '[';
    add_items(out, size, [&](std::size_t i) { add_value(out, *m.element, data + i * m.element->size); });
    if (tuple && size == 1) out.text += ',';
    out.text += tuple ? ')' : ']';
}

void add_rows(ShortText& out, const TypeMeta& m, const row_store& s) {
    out.text += '{';
    auto next = s.rows().begin();
    add_items(out, s.size(), [&](std::size_t) {
        const std::uint32_t row = *next++;
        add_value(out, key_meta(m), s.key(m, row));
        if (m.kind != TypeKind::Map) return;
        out.text += ": ";
        add_value(out, *m.element, s.value(m, row));
    });
    out.text += '}';
}

/// Whether a window, of which only the newest element is shown, would not have room.
bool is_long(std::size_t limit, const TypeMeta& m, const ring& r) {
    if (limit == ShortText().limit) return false;
    ShortText all{{}, limit};
    add_items(all, r.size(), [&](std::size_t i) {
        add_value(all, *m.element, r.element(m.element->size, static_cast<std::uint32_t>(i)));
    });
    return all.cut;
}

void add_ring(ShortText& out, const TypeMeta& m, const ring& r) {
    const auto element = [&](std::size_t i) {
        add_value(out, *m.element, r.element(m.element->size, static_cast<std::uint32_t>(i)));
    };
    if (m.kind == TypeKind::Window) {
        out.text += "Window[size=" + std::to_string(r.size());
        if (!r.empty()) {
            out.text += ", newest=";
            element(r.size() - 1);
        }
        out.cut = out.cut || (r.size() > 1 && is_long(out.limit, m, r));
    } else {
        out.text += '[';
        add_items(out, r.size(), element);
    }
    out.text += ']';
}

void add_reference(ShortText& out, const ref_storage& r) {
    // References may lead round in a circle, so what is at the end of more than a few is left out.
    constexpr int most = 4;
    thread_local int depth = 0;
    if (const ValueRef* target = r.target()) {
        out.text += "REF[bound: ";
        if (depth == most) {
            out.text += "...]";
            return;
        }
        struct level {
            level() { ++depth; }
            ~level() { --depth; }
        } const inside;
        add_value(out, *target->schema, target->data);
        out.text += ']';
    } else if (r.is_unbound())
        out.text += "REF[unbound: " + std::to_string(r.item_count()) + " items]";
    else
        out.text += "REF[empty]";
}

} // namespace

void add_value(ShortText& out, const TypeMeta& m, const void* v) {
    switch (m.kind) {
    case TypeKind::Scalar: add_scalar(out, m, v); return;
    case TypeKind::Tuple:
        out.text += '(';
        add_field_values(out, m, v);
        out.text += m.field_count == 1 ? ",)" : ")";
        return;
    case TypeKind::Bundle:
        out.text += '{';
        add_field_values(out, m, v);
        out.text += '}';
        return;
    case TypeKind::List: add_list(out, m, v); return;
    case TypeKind::Set:
    case TypeKind::Map: add_rows(out, m, *static_cast<const row_store*>(v)); return;
    case TypeKind::CyclicBuffer:
    case TypeKind::Queue:
    case TypeKind::Window: add_ring(out, m, *static_cast<const ring*>(v)); return;
    case TypeKind::Optional:
        if (const void* payload = m.ops->optional_get(m, const_cast<void*>(v))) // asked for its place only
            add_value(out, *m.element, payload);
        else
            out.text += "None";
        return;
    case TypeKind::Variant:
        add_value(out, *m.fields[m.ops->variant_index(m, v)].type,
                  m.ops->variant_get(m, const_cast<void*>(v))); // asked for its place only
        return;
    case TypeKind::Ref: add_reference(out, *static_cast<const ref_storage*>(v)); return;
    }
}

std::string type_name(const TypeMeta& type) {
    std::string out;
    add_type(out, type);
    return out;
}

std::string to_string(const TypeMeta& type, const void* value) {
    ShortText out;
    add_value(out, type, value);
    return std::move(out.text);
}

std::string short_string(const TypeMeta& type, const void* value, std::size_t limit) {
    ShortText out{{}, limit};
    add_value(out, type, value);
    return std::move(out.text);
}

void ShortText::leave_out(std::size_t count, const char* unit) {
    ((text += "… ") += std::to_string(count) + " more") += unit;
    cut = true;
}

void ShortText::add_clipped(const std::string& added) {
    constexpr std::size_t slack = 32; // a number is not cut
    const std::size_t shown = added.size() <= room() + slack ? added.size() : detail::character_start(added, room());
    text.append(added, 0, shown);
    if (shown < added.size()) leave_out(added.size() - shown, " bytes");
}

} // namespace hgvalue
