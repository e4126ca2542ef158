// Kinds with parts that the type tells: bundles, tuples, optionals and variants.
#include "kind_tables.hpp"
#include "layouts.hpp"

namespace hgvalue::detail {
namespace {

std::size_t field_count(const TypeMeta& m, const void*) { return m.field_count; }

ValuePart field_at(const TypeMeta& m, const void* v, std::size_t i) {
    if (i >= m.field_count) return {};
    return {field_place(m.fields[i], v), m.fields[i].type};
}

std::size_t field_named(const TypeMeta& m, std::string_view name) {
    // A bundle has few fields with short names: comparing letters beats hashing the name, and calling strlen and
    // memcmp.
    for (std::uint32_t i = 0; i < m.field_count; ++i) {
        const char* field = m.fields[i].name;
        std::size_t same = 0;
        while (same < name.size() && field[same] == name[same] && field[same] != 0) ++same;
        if (same == name.size() && field[same] == '\0') return i;
    }
    return no_field;
}

std::size_t optional_size(const TypeMeta& m, const void* v) { return optional_payload(m, v) ? 1 : 0; }
void optional_clear(const TypeMeta& m, void* v) { m.ops->optional_reset(m, v); }

constexpr KindOps make_tuple_ops(const char* name) {
    KindOps ops = common_ops(name);
    ops.size = field_count;
    ops.at = field_at;
    return ops;
}
constexpr KindOps make_bundle_ops() {
    KindOps ops = make_tuple_ops("bundle");
    ops.field = field_named;
    return ops;
}
constexpr KindOps make_optional_ops() {
    KindOps ops = common_ops("optional");
    ops.size = optional_size;
    ops.clear = optional_clear;
    return ops;
}

} // namespace

constinit const KindOps tuple_kind = make_tuple_ops("tuple");
constinit const KindOps bundle_kind = make_bundle_ops();
constinit const KindOps optional_kind = make_optional_ops();
constinit const KindOps variant_kind = common_ops("variant");

} // namespace hgvalue::detail
