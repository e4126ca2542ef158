// The steps of decoding that do not depend on where the value goes.
#pragma once

#include <hgvalue/value/codec.hpp>

namespace hgvalue::detail {

/// The value at `value`, or a null, after the fingerprint of `named` and before the bytes of `behind`.
std::string encode_as(const TypeMeta& named, const TypeMeta& type, const void* value, EncodedKind kind,
                      std::string_view behind = {});

/// The header of an encoding of that type and kind; DecodeError for any other.
EncodedHeader expect_header(const TypeMeta&, std::string_view bytes, EncodedKind);
/// The type of an encoding's fingerprint; see decoded_type.
const TypeMeta& type_of_header(const EncodedHeader&);
/// Reads the payload, which must be all of the value and nothing else, into a value of the type.
void read_payload(const TypeMeta&, void* to, std::string_view bytes, const EncodedHeader&);

} // namespace hgvalue::detail
