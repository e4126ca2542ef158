#include "codec_rules.hpp"

#include <hgvalue/core/error.hpp>
#include <hgvalue/value/codec.hpp>
#include <hgvalue/value/format.hpp>

#include <algorithm>
#include <cstring>
#include <vector>

namespace hgvalue::detail {
namespace {

/// Whether it is a scalar that can be encoded.
bool has_encoding(const TypeMeta& m) {
    return m.kind == TypeKind::Scalar && m.scalar != ScalarKind::None && m.scalar != ScalarKind::Object;
}

/// Looks through a type for parts that have no encoding.
class type_check {
  public:
    void visit(const TypeMeta& m) {
        switch (m.kind) {
        case TypeKind::Scalar:
            if (!has_encoding(m)) refuse(m);
            return;
        case TypeKind::Ref: refuse(m);
        case TypeKind::Tuple:
        case TypeKind::Bundle:
        case TypeKind::Variant: return visit_fields(m);
        case TypeKind::Optional: return visit(*m.element);
        case TypeKind::Map: visit_at("[key]", *m.key); [[fallthrough]];
        case TypeKind::List:
        case TypeKind::Set:
        case TypeKind::CyclicBuffer:
        case TypeKind::Queue:
        case TypeKind::Window: return visit_at("[]", *m.element);
        }
    }

  private:
    void visit_fields(const TypeMeta& m) {
        if (std::find(seen_.begin(), seen_.end(), &m) != seen_.end()) return; // used twice, or part of itself
        seen_.push_back(&m);
        for (std::uint32_t i = 0; i < m.field_count; ++i) {
            const FieldInfo& f = m.fields[i];
            if (has_encoding(*f.type)) continue; // most are, and need no path
            if (m.kind == TypeKind::Variant)
                visit(*f.type);
            else if (f.name)
                visit_at((path_.empty() ? "" : ".") + std::string(f.name), *f.type);
            else
                visit_at('[' + std::to_string(i) + ']', *f.type);
        }
    }
    void visit_at(std::string_view step, const TypeMeta& m) {
        if (has_encoding(m)) return;
        const std::size_t length = path_.size();
        path_ += step;
        visit(m);
        path_.resize(length);
    }
    [[noreturn]] void refuse(const TypeMeta& m) const {
        const char* why = m.kind == TypeKind::Ref          ? ": it is a place in this process"
                          : m.scalar == ScalarKind::Object ? ": reading one back could run any code"
                                                           : ": it is a type of your own";
        throw TypeError((path_.empty() ? "" : path_ + ": ") + "'" + type_name(m) + "' has no binary encoding" + why);
    }

    std::string path_;
    std::vector<const TypeMeta*> seen_;
};

std::uint64_t scalar_least_size(ScalarKind k) noexcept {
    switch (k) {
    case ScalarKind::Float32: return 4;
    case ScalarKind::Float64:
    case ScalarKind::DateTime: return 8;
    default: return 1;
    }
}

void add_step(std::string& out, const codec_place& p) {
    const std::size_t i = p.base + p.index;
    switch (p.part) {
    case codec_place::Part::Field:
        if (const char* name = p.type.fields[i].name) {
            if (!out.empty()) out += '.';
            out += name;
            return;
        }
        [[fallthrough]];
    case codec_place::Part::Element: out += '[' + std::to_string(i) + ']'; return;
    case codec_place::Part::Key:
        if (p.type.kind == TypeKind::Map) out += out.empty() ? "keys()" : ".keys()";
        out += '[' + std::to_string(i) + ']';
        return;
    case codec_place::Part::Entry:
        out += '[' + short_string(*p.type.key, p.rows->key(p.type, static_cast<std::uint32_t>(i))) + ']';
        return;
    case codec_place::Part::Content: return;
    }
}

void add_place(std::string& out, const codec_place* p) {
    if (!p) return;
    add_place(out, p->outer);
    add_step(out, *p);
}

} // namespace

void require_encodable(const TypeMeta& type) { type_check().visit(type); }

std::uint64_t least_size(const TypeMeta& type) noexcept {
    switch (type.kind) {
    case TypeKind::Scalar: return scalar_least_size(type.scalar);
    case TypeKind::Tuple:
    case TypeKind::Bundle: {
        std::uint64_t sum = 0; // no overflow: no more than the bytes the value takes in memory
        for (std::uint32_t i = 0; i < type.field_count; ++i) sum += least_size(*type.fields[i].type);
        return sum;
    }
    case TypeKind::List:
        return grows(type) ? 1 : static_cast<std::uint64_t>(type.fixed_size) * least_size(*type.element);
    default: return 1;
    }
}

bool is_utf8(std::string_view text) noexcept {
    const auto* p = reinterpret_cast<const unsigned char*>(text.data());
    const auto* const end = p + text.size();
    const auto follows = [&](int n) { // whether n continuation bytes come after *p
        if (end - p <= n) return false;
        for (int i = 1; i <= n; ++i)
            if ((p[i] & 0xc0) != 0x80) return false;
        return true;
    };
    while (p != end) {
        for (std::uint64_t word; end - p >= 8; p += 8) { // eight characters of ASCII at a time
            std::memcpy(&word, p, 8);
            if (word & 0x8080808080808080) break;
        }
        if (p == end) break;
        if (*p < 0x80) {
            ++p;
        } else if (*p < 0xe0) {
            if (*p < 0xc2 || !follows(1)) return false; // below: longer than need be
            p += 2;
        } else if (*p < 0xf0) {
            if (!follows(2) || (*p == 0xe0 && p[1] < 0xa0) || (*p == 0xed && p[1] >= 0xa0)) return false; // surrogates
            p += 3;
        } else {
            if (*p > 0xf4 || !follows(3) || (*p == 0xf0 && p[1] < 0x90) || (*p == 0xf4 && p[1] >= 0x90)) return false;
            p += 4;
        }
    }
    return true;
}

std::string place_prefix(const codec_place* innermost) {
    std::string out;
    add_place(out, innermost);
    if (!out.empty()) out += ": ";
    return out;
}

} // namespace hgvalue::detail
