// How the type that somebody wants to read fits a time series that is there.
#pragma once

#include <hgvalue/time_series/node_type.hpp>

namespace hgvalue {

enum class SchemaMatch : std::uint8_t {
    Peer,      ///< the same type
    Deref,     ///< a reference to what is wanted
    Composite, ///< a collection of the same form, with references in it where what they refer to is wanted
    Mismatch
};

/// Bundles are compared by their fields, not by their names. Wanting a REF[T] is wanting to read a T.
SchemaMatch match_schemas(const NodeType& wanted, const NodeType& given);

} // namespace hgvalue
