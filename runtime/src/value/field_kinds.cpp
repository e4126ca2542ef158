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

std::size_t optional_size(const TypeMeta& m, const void* v) { return optional_payload(m, v) ? 1 : 0; }
void optional_clear(const TypeMeta& m, void* v) { m.ops->optional_reset(m, v); }

constexpr KindOps make_tuple_ops(const char* name) {
    KindOps ops = common_ops(name);
    ops.size = field_count;
    ops.at = field_at;
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
constinit const KindOps bundle_kind = make_tuple_ops("bundle");
constinit const KindOps optional_kind = make_optional_ops();
constinit const KindOps variant_kind = common_ops("variant");

} // namespace hgvalue::detail
