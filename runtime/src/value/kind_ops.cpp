// The kinds' tables by kind, and those of kinds with nothing of their own.
#include "kind_tables.hpp"
#include "temporary.hpp"

#include <hgvalue/core/runtime_api.hpp>
#include <hgvalue/value/format.hpp>

namespace hgvalue {
namespace detail {

std::string value_text(const TypeMeta& m, const void* v) { return to_string(m, v); }

void* value_to_python(const TypeMeta& m, const void* v) {
    if (!runtime().to_python) throw StateError("there is no Python to make objects of values");
    return runtime().to_python(m, v);
}

void value_from_python(const TypeMeta& m, void* v, void* object) {
    if (!runtime().from_python) throw StateError("there is no Python to make values of objects");
    temporary made(m); // a conversion that fails may leave a value half filled
    runtime().from_python(m, made.get(), object);
    made.move_to(v);
}

constinit const KindOps scalar_kind = common_ops("scalar");
constinit const KindOps ref_kind = common_ops("reference");

constinit const KindOps* const kind_tables[] = {
    &scalar_kind,        &tuple_kind, &bundle_kind, &list_kind,     &set_kind,     &map_kind,
    &cyclic_buffer_kind, &queue_kind, &window_kind, &optional_kind, &variant_kind, &ref_kind,
};
static_assert(sizeof kind_tables / sizeof *kind_tables == static_cast<std::size_t>(TypeKind::Ref) + 1);

} // namespace detail

void refuse_operation(const TypeMeta& m, const char* operation) {
    throw TypeError("a " + std::string(kind_ops(m.kind).name) + " has no '" + operation + "', but the value is " +
                    type_name(m));
}

} // namespace hgvalue
