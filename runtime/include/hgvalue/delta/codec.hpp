// Deltas as bytes: as value/codec.hpp, of kind EncodedKind::Delta. docs/encoding.md has the format.
//
// The fingerprint is that of the type whose values change, so whoever knows the schema can read them.
#pragma once

#include <hgvalue/delta/delta_value.hpp>
#include <hgvalue/value/codec.hpp>

#include <string>
#include <string_view>

namespace hgvalue {

/// Errors as of a value of the delta's type.
std::string encode(const DeltaValue& delta);

/// A delta of `value_type`. DecodeError for bytes that are no encoding of one, or of one that is not well-formed.
DeltaValue decode_delta(const TypeMeta& value_type, std::string_view bytes);
/// A delta of the type that the bytes name; KeyError if this process has no type of that fingerprint.
DeltaValue decode_delta(std::string_view bytes);

} // namespace hgvalue
