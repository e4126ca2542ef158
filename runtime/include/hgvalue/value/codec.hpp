// Values as bytes: compact, the same on every machine, and safe to read from anyone. docs/encoding.md has the format.
//
// Equal content gives equal bytes, whatever its history; every value has one encoding, and decoding accepts no other.
// An encoding carries the fingerprint of its type and a checksum, so a flipped bit, a cut or foreign bytes are found
// before anything is read. Decoding runs no code of the data's and allocates in proportion to the bytes that are there.
//
// Errors: DecodeError for bytes that are no encoding of the type, naming the byte and the place in the value. TypeError
// for a type that holds `object` or references, which have no encoding, naming the field. ValueError for a value that
// decoding would refuse: text that is not UTF-8, a date beyond the calendar, an enum without such a member.
#pragma once

#include <hgvalue/core/error.hpp>
#include <hgvalue/core/type_meta.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace hgvalue {

class ConstValueView;
template <class Policy> class BasicValue;
struct NoCache;
using Value = BasicValue<NoCache>; // value/value.hpp, which whoever has one includes

/// What an encoding is of.
enum class EncodedKind : std::uint8_t {
    Value = 1, ///< a value, after its type's fingerprint
    Delta = 2, ///< a change, after the fingerprint of the type that changes; see delta/codec.hpp
    Bare = 3   ///< a value without fingerprint, for a reader who knows the type: 8 bytes less
};

/// Values may lie in each other so deep; ValueError or DecodeError beyond.
inline constexpr std::size_t max_encoded_depth = 256;

// -- encoding -------------------------------------------------------------------------------------------------------

/// The value at `value`, or a null of the type if that is a null pointer.
std::string encode(const TypeMeta& type, const void* value, EncodedKind kind = EncodedKind::Value);
/// NullValueError for a view that looks at nothing.
std::string encode(const ConstValueView& view);
/// Null values keep their type. NullValueError for a value without a type.
template <class Policy> std::string encode(const BasicValue<Policy>& value) {
    if (!value.valid()) throw NullValueError("a value without a type cannot be encoded");
    return encode(*value.schema(), value.has_value() ? value.data() : nullptr);
}

// -- decoding -------------------------------------------------------------------------------------------------------

/// Assigns to `to`, a value of the type; when it throws, `to` is as it was. DecodeError for the encoding of a null.
void decode(const TypeMeta& type, void* to, std::string_view bytes, EncodedKind kind = EncodedKind::Value);
/// A value of the type, null if that was encoded.
Value decode(const TypeMeta& type, std::string_view bytes, EncodedKind kind = EncodedKind::Value);
/// A value of the type that the bytes name; KeyError if this process has no type of that fingerprint.
Value decode(std::string_view bytes);

/// What stands around an encoded value.
struct EncodedHeader {
    EncodedKind kind;
    bool has_value;
    std::uint64_t fingerprint; ///< 0 in a bare one
    std::size_t payload_begin; ///< position of the value's own bytes
    std::size_t payload_end;
};
/// The header of an encoding whose checksum is right; DecodeError otherwise.
EncodedHeader encoded_header(std::string_view bytes);
/// The type that the bytes name: KeyError if there is none in this process, DecodeError for a bare encoding.
const TypeMeta& decoded_type(std::string_view bytes);

// -- the parts, for formats that put values into something else -----------------------------------------------------

/// Appends the value's own bytes: no header and no checksum. When it throws, `out` is as it was.
void encode_payload(const TypeMeta& type, const void* value, std::string& out);
/// Reads a value's own bytes from position `begin` on into `to`, a value of the type, and returns the position after
/// them. When it throws, `to` is some value.
std::size_t decode_payload(const TypeMeta& type, void* to, std::string_view bytes, std::size_t begin = 0);

/// The checksum at the end of an encoding.
std::uint32_t crc32c(std::string_view bytes) noexcept;

} // namespace hgvalue
