// From a ScalarKind to the C++ type that is stored for it.
#pragma once

#include <hgvalue/core/time.hpp>
#include <hgvalue/core/type_meta.hpp>
#include <hgvalue/value/scalars.hpp>

#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>

namespace hgvalue {

/// `f(std::type_identity<T>())` with the C++ type of the kind: bool for Bool, std::int64_t for Enum, and void for None,
/// the types of a user's own.
template <class F> decltype(auto) with_scalar_type(ScalarKind kind, F&& f) {
    switch (kind) {
    case ScalarKind::Bool: return f(std::type_identity<bool>());
    case ScalarKind::Int8: return f(std::type_identity<std::int8_t>());
    case ScalarKind::Int16: return f(std::type_identity<std::int16_t>());
    case ScalarKind::Int32: return f(std::type_identity<std::int32_t>());
    case ScalarKind::Int64:
    case ScalarKind::Enum: return f(std::type_identity<std::int64_t>());
    case ScalarKind::UInt8: return f(std::type_identity<std::uint8_t>());
    case ScalarKind::UInt16: return f(std::type_identity<std::uint16_t>());
    case ScalarKind::UInt32: return f(std::type_identity<std::uint32_t>());
    case ScalarKind::UInt64: return f(std::type_identity<std::uint64_t>());
    case ScalarKind::Float32: return f(std::type_identity<float>());
    case ScalarKind::Float64: return f(std::type_identity<double>());
    case ScalarKind::Str: return f(std::type_identity<std::string>());
    case ScalarKind::Bytes: return f(std::type_identity<bytes>());
    case ScalarKind::Date: return f(std::type_identity<date>());
    case ScalarKind::Time: return f(std::type_identity<time_of_day>());
    case ScalarKind::DateTime: return f(std::type_identity<datetime>());
    case ScalarKind::TimeDelta: return f(std::type_identity<timedelta>());
    case ScalarKind::Object: return f(std::type_identity<object>());
    case ScalarKind::None: break;
    }
    return f(std::type_identity<void>());
}

} // namespace hgvalue
