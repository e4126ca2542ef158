// Whether two types have the same layout or the same structure, and a hash of what a type is.
#include "registry_state.hpp"

#include <hgvalue/value/format.hpp>

#include <cstring>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

namespace hgvalue {
namespace {

bool same_text(const char* a, const char* b) { return a == b || (a && b && std::strcmp(a, b) == 0); }

bool same_members(const EnumInfo* a, const EnumInfo* b) {
    if (a == b) return true;
    if (!a || !b || a->count != b->count || a->base != b->base) return false;
    for (std::uint32_t i = 0; i < a->count; ++i)
        if (a->values[i] != b->values[i] || !same_text(a->names[i], b->names[i])) return false;
    return true;
}

/// Kind, sizes and field names agree, and for each pair of parts `same(a, b)`.
template <class Same> bool same_structure(const TypeMeta& a, const TypeMeta& b, const Same& same) {
    if (a.kind != b.kind || a.scalar != b.scalar || a.field_count != b.field_count || a.fixed_size != b.fixed_size ||
        a.min_size != b.min_size || a.by_time != b.by_time || a.is(TypeFlags::IsTuple) != b.is(TypeFlags::IsTuple) ||
        !same_members(a.enumeration, b.enumeration))
        return false;
    // Of a scalar that is none of the built-in ones nothing is known but its functions.
    if (a.kind == TypeKind::Scalar && a.scalar == ScalarKind::None && a.ops != b.ops) return false;
    if (a.key && !same(*a.key, *b.key)) return false;
    if (a.element && !same(*a.element, *b.element)) return false;
    for (std::uint32_t i = 0; i < a.field_count; ++i)
        if (!same_text(a.fields[i].name, b.fields[i].name) || !same(*a.fields[i].type, *b.fields[i].type)) return false;
    return true;
}

/// Whether the storage of the kind itself, not of its parts, is the registry's own.
bool is_built_storage(const TypeMeta& m) {
    switch (m.kind) {
    case TypeKind::List: return m.fixed_size == 0 && m.is(TypeFlags::Built);
    case TypeKind::Optional:
    case TypeKind::Variant:
    case TypeKind::Bundle:
    case TypeKind::Tuple: return m.is(TypeFlags::Built);
    default: return false;
    }
}

/// Compares two types part by part. Types share parts, so pairs that were found to agree are remembered; the first few
/// are not, because most comparisons end before that pays.
class Comparison {
  public:
    explicit Comparison(bool layout) : layout_(layout) {}

    bool same(const TypeMeta& a, const TypeMeta& b) {
        if (&a == &b) return true;
        const bool remembered = a.kind != TypeKind::Scalar && ++compared_ > free_of_charge;
        if (remembered && agreeing_.contains({&a, &b})) return true;
        if (layout_ && !parts_lie_alike(a, b)) return false;
        if (!same_structure(a, b, [this](const TypeMeta& x, const TypeMeta& y) { return same(x, y); })) return false;
        if (remembered) agreeing_.emplace(&a, &b);
        return true;
    }

  private:
    static constexpr std::size_t free_of_charge = 32;

    static bool parts_lie_alike(const TypeMeta& a, const TypeMeta& b) {
        if (a.size != b.size || a.alignment != b.alignment || is_built_storage(a) != is_built_storage(b) ||
            a.is(TypeFlags::Ordered) != b.is(TypeFlags::Ordered) || a.field_count != b.field_count)
            return false;
        if (a.kind == TypeKind::Variant) return true;
        for (std::uint32_t i = 0; i < a.field_count; ++i)
            if (a.fields[i].offset != b.fields[i].offset) return false;
        return true;
    }

    bool layout_;
    std::size_t compared_ = 0;
    std::set<std::pair<const TypeMeta*, const TypeMeta*>> agreeing_;
};

// -- fingerprints -----------------------------------------------------------------------------------------------------

void describe_number(std::string& out, std::int64_t n) { (out += std::to_string(n)) += ';'; }

/// The type's content as text without ambiguity: every name and list is followed by what cannot be part of it. The
/// parts are left to `part(type)`.
template <class Part> void describe(std::string& out, const TypeMeta& m, const Part& part) {
    describe_number(out, static_cast<int>(m.kind));
    describe_number(out, static_cast<int>(m.scalar));
    if (m.name) {
        if (m.module) (out += m.module) += '.';
        (out += m.name) += ';';
    }
    if (m.is(TypeFlags::IsTuple)) out += "tuple;";
    if (m.is(TypeFlags::Ordered)) out += "ordered;";
    if (m.kind != TypeKind::Scalar) {
        describe_number(out, m.fixed_size);
        describe_number(out, m.min_size);
        describe_number(out, m.by_time);
    }
    out += '{';
    if (m.key) part(*m.key);
    if (m.element) part(*m.element);
    for (std::uint32_t i = 0; i < m.field_count; ++i) {
        if (m.fields[i].name) (out += m.fields[i].name) += ':';
        part(*m.fields[i].type);
    }
    if (m.enumeration)
        for (std::uint32_t i = 0; i < m.enumeration->count; ++i) {
            (out += m.enumeration->names[i]) += '=';
            describe_number(out, m.enumeration->values[i]);
        }
    out += '}';
}

/// All parts written out where they stand, as long as that is no longer than `longest_text`.
constexpr std::size_t longest_text = std::size_t{1} << 16;

void write_out(std::string& out, const TypeMeta& m) {
    if (out.size() > longest_text) return;
    describe(out, m, [&](const TypeMeta& part) { write_out(out, part); });
}

/// Each different part once, and its number wherever it is used: types that share parts would be written out in a text
/// of exponential length.
class NumberedParts {
  public:
    std::size_t add(const TypeMeta& m) {
        if (const auto found = by_type_.find(&m); found != by_type_.end()) return found->second;
        std::string text;
        describe(text, m, [&](const TypeMeta& part) { describe_number(text, static_cast<std::int64_t>(add(part))); });
        // By content as well: one part may be there as two equal types.
        const auto [at, added] = by_text_.try_emplace(text, by_text_.size());
        if (added) out_ += text;
        return by_type_.emplace(&m, at->second).first->second;
    }
    const std::string& text() const { return out_; }

  private:
    std::unordered_map<const TypeMeta*, std::size_t> by_type_;
    std::unordered_map<std::string, std::size_t> by_text_;
    std::string out_;
};

/// FNV-1a, 64 bits, then spread: the same everywhere.
std::uint64_t hash_text(const std::string& text) {
    std::uint64_t h = 0xcbf29ce484222325ULL;
    for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    h ^= h >> 30;
    h *= 0xbf58476d1ce4e5b9ULL;
    h ^= h >> 27;
    h *= 0x94d049bb133111ebULL;
    return h ^ (h >> 31);
}

} // namespace

bool same_layout(const TypeMeta& a, const TypeMeta& b) { return Comparison(true).same(a, b); }

bool structurally_compatible(const TypeMeta& a, const TypeMeta& b) { return Comparison(false).same(a, b); }

std::uint64_t type_fingerprint(const TypeMeta& type) {
    std::string text;
    write_out(text, type);
    if (text.size() <= longest_text) return hash_text(text);
    NumberedParts parts;
    parts.add(type);
    return hash_text(parts.text());
}

} // namespace hgvalue
