// Decoding of bytes that carry a right checksum, as whoever wants to do harm would send them.
//
// The first two bytes choose a type, the rest is the value's own bytes. What is accepted must be the encoding of what
// it gave; what is refused must leave the target as it was.
#include "../cpp/random_values.hpp"

#include <hgvalue/value/codec.hpp>

#include <cstdlib>
#include <string>

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

/// An encoding with that content: the header of a null value with the bit for null taken away, and a checksum.
std::string sealed(const TypeMeta& type, std::string_view content) {
    std::string bytes = encode(type, nullptr);
    bytes.resize(bytes.size() - 4);
    bytes[4] = 1;
    bytes += content;
    const std::uint32_t checksum = crc32c(bytes);
    for (int i = 0; i < 4; ++i) bytes += static_cast<char>(checksum >> 8 * i);
    return bytes;
}

void require(bool fact) {
    if (!fact) std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const TypeMeta& type = type_number(static_cast<std::size_t>(data[0] << 8 | data[1]));
    const std::string bytes = sealed(type, {reinterpret_cast<const char*>(data) + 2, size - 2});
    random_values::any_value target(type);
    const std::string before = encode(type, target.data());
    try {
        decode(type, target.data(), bytes);
        require(encode(type, target.data()) == bytes);
    } catch (const DecodeError&) {
        require(encode(type, target.data()) == before);
    }
    return 0;
}
