// The types that have a name before any schema is read.
#include "registry_state.hpp"

#include <hgvalue/core/type_of.hpp>

namespace hgvalue::detail {

const TypeMeta& plain_scalar(ScalarKind kind) {
    switch (kind) {
    case ScalarKind::Bool: return type_of<bool>();
    case ScalarKind::Int8: return type_of<std::int8_t>();
    case ScalarKind::Int16: return type_of<std::int16_t>();
    case ScalarKind::Int32: return type_of<std::int32_t>();
    case ScalarKind::Int64: return type_of<std::int64_t>();
    case ScalarKind::UInt8: return type_of<std::uint8_t>();
    case ScalarKind::UInt16: return type_of<std::uint16_t>();
    case ScalarKind::UInt32: return type_of<std::uint32_t>();
    case ScalarKind::UInt64: return type_of<std::uint64_t>();
    case ScalarKind::Float32: return type_of<float>();
    case ScalarKind::Float64: return type_of<double>();
    case ScalarKind::Str: return type_of<std::string>();
    case ScalarKind::Bytes: return type_of<bytes>();
    case ScalarKind::Date: return type_of<date>();
    case ScalarKind::Time: return type_of<time_of_day>();
    case ScalarKind::DateTime: return type_of<datetime>();
    case ScalarKind::TimeDelta: return type_of<timedelta>();
    case ScalarKind::Object: return type_of<object>();
    case ScalarKind::None:
    case ScalarKind::Enum: break;
    }
    throw TypeError("not a scalar that is built in");
}

void add_builtin_names(TypeRegistry& registry) {
    struct builtin {
        const char* name;
        ScalarKind kind;
    };
    // The first name of a kind is the one a schema uses; the others are those of C and numpy.
    static constexpr builtin builtins[] = {
        {"bool", ScalarKind::Bool},
        {"int", ScalarKind::Int64},
        {"int64", ScalarKind::Int64},
        {"long", ScalarKind::Int64},
        {"int8", ScalarKind::Int8},
        {"int16", ScalarKind::Int16},
        {"int32", ScalarKind::Int32},
        {"uint8", ScalarKind::UInt8},
        {"uint16", ScalarKind::UInt16},
        {"uint32", ScalarKind::UInt32},
        {"uint64", ScalarKind::UInt64},
        {"size_t", ScalarKind::UInt64},
        {"float", ScalarKind::Float64},
        {"float64", ScalarKind::Float64},
        {"double", ScalarKind::Float64},
        {"float32", ScalarKind::Float32},
        {"str", ScalarKind::Str},
        {"string", ScalarKind::Str},
        {"bytes", ScalarKind::Bytes},
        {"date", ScalarKind::Date},
        {"time", ScalarKind::Time},
        {"datetime", ScalarKind::DateTime},
        {"timedelta", ScalarKind::TimeDelta},
        {"object", ScalarKind::Object},
    };
    for (const builtin& b : builtins) registry.add_alias(b.name, plain_scalar(b.kind));
}

} // namespace hgvalue::detail
