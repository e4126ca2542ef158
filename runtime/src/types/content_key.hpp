// What a type is made of, as a key of the registry's tables.
#pragma once

#include <hgvalue/core/type_meta.hpp>
#include <hgvalue/value/format.hpp>

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace hgvalue::detail {

class key_writer {
  public:
    template <class T> key_writer& number(T v) {
        char bytes[sizeof v];
        std::memcpy(bytes, &v, sizeof v);
        out_.append(bytes, sizeof v);
        return *this;
    }
    key_writer& text(const char* s) { return text(std::string_view(s ? s : "")); }
    key_writer& text(std::string_view s) {
        number(s.size());
        out_ += s;
        return *this;
    }
    std::string take() { return std::move(out_); }

  private:
    std::string out_;
};

/// Kind, sizes and names, and for each part the address that `part(type)` gives for it. `defaults`, if not null, is a
/// default value of a bundle: what its fields start with is part of it.
template <class Part> std::string content_key(const TypeMeta& m, const void* defaults, const Part& part) {
    key_writer w;
    constexpr TypeFlags shape = TypeFlags::IsTuple | TypeFlags::Ordered | TypeFlags::Partial;
    w.number(m.kind).number(m.scalar).number(m.flags & shape).text(m.module).text(m.name);
    w.number(m.fixed_size).number(m.min_size).number(m.by_time);
    if (m.key) w.number(part(*m.key));
    if (m.element) w.number(part(*m.element));
    for (std::uint32_t i = 0; i < m.field_count; ++i) {
        const FieldInfo& f = m.fields[i];
        w.text(f.name).number(part(*f.type)).number(f.has_default).number(f.item_only);
        if (defaults && f.has_default) w.text(to_string(*f.type, static_cast<const std::byte*>(defaults) + f.offset));
    }
    if (m.enumeration) {
        w.number(m.enumeration->base);
        for (std::uint32_t i = 0; i < m.enumeration->count; ++i)
            w.text(m.enumeration->names[i]).number(m.enumeration->values[i]);
    }
    return w.take();
}

} // namespace hgvalue::detail
