// What stands around a value's own bytes: magic, kind and fingerprint before it, a checksum behind.
#include "codec_envelope.hpp"
#include "codec_bytes.hpp"
#include "scratch_value.hpp"

#include <hgvalue/core/error.hpp>
#include <hgvalue/core/type_registry.hpp>
#include <hgvalue/value/codec.hpp>
#include <hgvalue/value/format.hpp>

#include <array>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>

namespace hgvalue {
namespace {

constexpr std::string_view magic = "HGV";
/// That of deltas counts by itself.
constexpr std::uint8_t format_version(EncodedKind kind) { return kind == EncodedKind::Delta ? 2 : 1; }
constexpr std::uint8_t null_bit = 0x80; // of the kind
constexpr std::size_t version_at = 3, kind_at = 4, fingerprint_at = 5, fingerprint_size = 8, checksum_size = 4;

[[noreturn]] void refuse(std::size_t at, const std::string& what) {
    throw DecodeError("byte " + std::to_string(at) + ": " + what);
}

std::uint8_t byte_at(std::string_view bytes, std::size_t i) { return static_cast<std::uint8_t>(bytes[i]); }

const char* kind_name(EncodedKind k) {
    switch (k) {
    case EncodedKind::Value: return "a value";
    case EncodedKind::Delta: return "a delta";
    case EncodedKind::Bare: return "a bare value";
    }
    return "nothing known";
}

std::string hexadecimal(std::uint64_t v) {
    std::string out = "0x";
    for (int shift = 60; shift >= 0; shift -= 4) out += "0123456789abcdef"[v >> shift & 15];
    return out;
}

/// The fingerprint of a type. It is remembered, for it takes longer than encoding a small value; and whoever decodes
/// in this process will know the type.
std::uint64_t fingerprint_of(const TypeMeta& type) {
    struct Known {
        std::shared_mutex lock;
        std::unordered_map<const TypeMeta*, std::uint64_t> fingerprints;
    };
    static Known& known = *new Known; // as types, it outlives whoever may still ask while the process ends
    {
        const std::shared_lock guard(known.lock);
        if (const auto at = known.fingerprints.find(&type); at != known.fingerprints.end()) return at->second;
    }
    TypeRegistry::instance().intern(type);
    const std::uint64_t fingerprint = type_fingerprint(type);
    const std::unique_lock guard(known.lock);
    known.fingerprints.emplace(&type, fingerprint);
    return fingerprint;
}

/// As a message names the type of a fingerprint.
std::string describe(std::uint64_t fingerprint) {
    const TypeMeta* type = TypeRegistry::instance().find(fingerprint);
    return (type ? "'" + type_name(*type) + "'" : std::string("an unknown type")) + " (fingerprint " +
           hexadecimal(fingerprint) + ")";
}

} // namespace

namespace detail {

const TypeMeta& type_of_header(const EncodedHeader& header) {
    if (header.kind == EncodedKind::Bare) refuse(kind_at, "a bare value does not say of what type it is");
    const TypeMeta* type = TypeRegistry::instance().find(header.fingerprint);
    if (!type)
        throw KeyError("no type of fingerprint " + hexadecimal(header.fingerprint) +
                       " is known here: load the schema that it comes from first");
    return *type;
}

EncodedHeader expect_header(const TypeMeta& type, std::string_view bytes, EncodedKind kind) {
    const EncodedHeader header = encoded_header(bytes);
    if (header.kind != kind)
        refuse(kind_at,
               std::string("these are the bytes of ") + kind_name(header.kind) + ", not of " + kind_name(kind));
    if (kind == EncodedKind::Bare) return header;
    if (const std::uint64_t expected = fingerprint_of(type); header.fingerprint != expected)
        refuse(fingerprint_at, "these are the bytes of " + describe(header.fingerprint) + ", not of '" +
                                   type_name(type) + "' (fingerprint " + hexadecimal(expected) + ")");
    return header;
}

void read_payload(const TypeMeta& type, void* to, std::string_view bytes, const EncodedHeader& header) {
    const std::size_t end = decode_payload(type, to, bytes.substr(0, header.payload_end), header.payload_begin);
    if (end != header.payload_end)
        refuse(end, std::to_string(header.payload_end - end) + " bytes follow the end of the value");
}

} // namespace detail

std::string detail::encode_as(const TypeMeta& named, const TypeMeta& type, const void* value, EncodedKind kind,
                              std::string_view behind) {
    std::string out(magic);
    detail::byte_writer writer(out);
    writer.byte(format_version(kind));
    writer.byte(static_cast<std::uint8_t>(kind) | (value ? 0 : null_bit));
    if (kind != EncodedKind::Bare) writer.fixed(fingerprint_of(named));
    writer.finish();
    if (value) encode_payload(type, value, out);
    out += behind;
    std::array<char, checksum_size> checksum;
    detail::store_le(checksum.data(), crc32c(out));
    out.append(checksum.data(), checksum.size());
    return out;
}

std::string encode(const TypeMeta& type, const void* value, EncodedKind kind) {
    return detail::encode_as(type, type, value, kind);
}

EncodedHeader encoded_header(std::string_view bytes) {
    for (std::size_t i = 0; i < magic.size() && i < bytes.size(); ++i)
        if (bytes[i] != magic[i]) refuse(i, "not an encoded value: it would begin with \"HGV\"");
    if (bytes.size() < fingerprint_at + checksum_size)
        refuse(bytes.size(), "the end comes too early: no encoded value is as short as this");
    const std::uint8_t kind = byte_at(bytes, kind_at) & static_cast<std::uint8_t>(~null_bit);
    const std::uint8_t version = format_version(static_cast<EncodedKind>(kind));
    if (byte_at(bytes, version_at) != version)
        refuse(version_at, "format version " + std::to_string(byte_at(bytes, version_at)) + " is not known, only " +
                               std::to_string(version));
    const std::size_t end = bytes.size() - checksum_size;
    if (detail::load_le<std::uint32_t>(bytes.data() + end) != crc32c(bytes.substr(0, end)))
        refuse(end, "the checksum is not that of the bytes before it: they were changed, cut or added to");

    if (kind < 1 || kind > 3) refuse(kind_at, "kind " + std::to_string(kind) + " is not known");
    EncodedHeader header{};
    header.kind = static_cast<EncodedKind>(kind);
    header.has_value = (byte_at(bytes, kind_at) & null_bit) == 0;
    header.payload_begin = fingerprint_at;
    header.payload_end = end;
    if (header.kind != EncodedKind::Bare) {
        if (end < fingerprint_at + fingerprint_size) refuse(end, "the end comes too early: no fingerprint");
        header.fingerprint = detail::load_le<std::uint64_t>(bytes.data() + fingerprint_at);
        header.payload_begin += fingerprint_size;
    }
    if (!header.has_value && header.payload_begin != end) refuse(header.payload_begin, "a null value has no content");
    return header;
}

const TypeMeta& decoded_type(std::string_view bytes) { return detail::type_of_header(encoded_header(bytes)); }

void decode(const TypeMeta& type, void* to, std::string_view bytes, EncodedKind kind) {
    const EncodedHeader header = detail::expect_header(type, bytes, kind);
    if (!header.has_value) refuse(kind_at, "the value is null, which '" + type_name(type) + "' cannot be in place");
    const detail::scratch_value made(type);
    detail::read_payload(type, made.data(), bytes, header);
    type.ops->move_assign(type, to, made.data());
}

} // namespace hgvalue
