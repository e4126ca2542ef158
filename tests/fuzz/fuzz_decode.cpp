// Decoding of bytes that carry a right checksum, as whoever wants to do harm would send them.
//
// The first two bytes choose a type, and whether it is a value or a delta of one; the rest is its own bytes. What is
// accepted must be the encoding of what it gave; what is refused must leave the target as it was. A delta that is taken
// must also apply to the default value or be refused whole, and so must its inverse, which gives that value back.
#include "../cpp/random_values.hpp"

#include <hgvalue/delta/algebra.hpp>
#include <hgvalue/delta/codec.hpp>
#include <hgvalue/value/codec.hpp>

#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

using namespace hgvalue;

namespace {

constexpr std::size_t type_count = 1024;

const TypeMeta& type_number(std::size_t i) {
    static const std::vector<const TypeMeta*> types = [] {
        random_values::generator g(1);
        std::vector<const TypeMeta*> made;
        while (made.size() < type_count) made.push_back(&g.type());
        return made;
    }();
    return *types[i % type_count];
}

/// Bytes up to where the content begins, then that content, and a checksum.
std::string sealed(std::string bytes, std::string_view content) {
    bytes += content;
    const std::uint32_t checksum = crc32c(bytes);
    for (int i = 0; i < 4; ++i) bytes += static_cast<char>(checksum >> 8 * i);
    return bytes;
}

void require(bool fact) {
    if (!fact) std::abort();
}

/// The header of a null value with the bit for null taken away.
std::string value_header(const TypeMeta& type) {
    std::string bytes = encode(type, nullptr);
    bytes.resize(bytes.size() - 4);
    bytes[4] = 1;
    return bytes;
}
std::string delta_header(const TypeMeta& type) {
    std::string bytes = encode(DeltaValue(type));
    bytes.resize(encoded_header(bytes).payload_begin);
    return bytes;
}

void decode_value(const TypeMeta& type, std::string_view content) {
    const std::string bytes = sealed(value_header(type), content);
    random_values::any_value target(type);
    const std::string before = encode(type, target.data());
    try {
        decode(type, target.data(), bytes);
        require(encode(type, target.data()) == bytes);
    } catch (const DecodeError&) {
        require(encode(type, target.data()) == before);
    }
}

/// Whether the delta fits.
bool applies(const DeltaValue& delta, Value& value) {
    const Value before = value.clone();
    try {
        delta.apply_to(value);
        return true;
    } catch (const ValueError&) {
        require(value == before);
        return false;
    }
}

void decode_delta_of(const TypeMeta& type, std::string_view content) {
    const std::string bytes = sealed(delta_header(type), content);
    std::optional<DeltaValue> delta;
    try {
        delta = decode_delta(type, bytes);
    } catch (const DecodeError&) {
        return;
    }
    require(encode(*delta) == bytes);
    require(decode_delta(bytes) == *delta);
    const Value before(type);
    Value value = before.clone();
    if (!applies(*delta, value) || !value.has_value()) return;
    const DeltaValue back = invert(*delta, before.view());
    require(encode(decode_delta(type, encode(back))) == encode(back));
    require(applies(back, value) && value == before);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const TypeMeta& type = type_number(static_cast<std::size_t>((data[0] & 0x7f) << 8 | data[1]));
    const std::string_view content(reinterpret_cast<const char*>(data) + 2, size - 2);
    if (data[0] & 0x80)
        decode_delta_of(type, content);
    else
        decode_value(type, content);
    return 0;
}
