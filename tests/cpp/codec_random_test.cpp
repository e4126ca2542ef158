// Encoding and decoding of values of random types, and of bytes that were tampered with.
#include "random_values.hpp"

#include "catch.hpp"

#include <hgvalue/value/codec.hpp>
#include <hgvalue/value/format.hpp>

#include <algorithm>
#include <optional>
#include <string>

using namespace hgvalue;
using random_values::any_value;
using random_values::generator;

namespace {

std::string encoded(const any_value& v) { return encode(v.type(), v.data()); }

/// As whoever wants to be believed would do it.
std::string sealed(std::string bytes) {
    const std::size_t end = bytes.size() - 4;
    const std::uint32_t checksum = crc32c(std::string_view(bytes).substr(0, end));
    for (std::size_t i = 0; i < 4; ++i) bytes[end + i] = static_cast<char>(checksum >> 8 * i);
    return bytes;
}

/// Bytes with a few changes; may be what they were.
std::string tampered(generator& g, std::string bytes, const std::string& other) {
    const auto at = [&] { return g.below(static_cast<std::uint32_t>(bytes.size() + 1)); };
    for (std::uint32_t n = g.chance(4) ? 3 : 1; n != 0; --n) {
        switch (g.below(6)) {
        case 0: // one bit
        case 1:
            if (!bytes.empty()) bytes[at() % bytes.size()] ^= static_cast<char>(1 << g.below(8));
            break;
        case 2: // a byte that means something often
            if (!bytes.empty()) bytes[at() % bytes.size()] = "\x00\x01\x02\x7f\x80\xff"[g.below(6)];
            break;
        case 3: bytes.resize(at()); break; // cut
        case 4: bytes.insert(at(), g.below(9) + 1, static_cast<char>(g.below(256))); break;
        default: // the beginning of one and the end of another
            bytes = bytes.substr(0, at()) + other.substr(g.below(static_cast<std::uint32_t>(other.size() + 1)));
        }
    }
    return bytes;
}

/// A decode that may fail; then its target must be as it was.
bool decodes(any_value& to, std::string_view bytes) {
    const std::string before = encoded(to);
    try {
        decode(to.type(), to.data(), bytes);
        return true;
    } catch (const DecodeError&) {
        CHECK(encoded(to) == before);
        return false;
    }
}

} // namespace

TEST_CASE("values of any type come back as they were", "[D-05]") {
    generator g(5);
    for (int i = 0; i < 3000; ++i) {
        const TypeMeta& type = g.type();
        const any_value value = g.value(type);
        const std::string bytes = encoded(value);
        CAPTURE(type_name(type), to_string(type, value.data()));
        any_value back = g.value(type); // what was there before leaves no trace
        decode(type, back.data(), bytes);
        REQUIRE(back == value);
        REQUIRE(encoded(back) == bytes);
        const EncodedHeader header = encoded_header(bytes);
        CHECK(header.fingerprint == type_fingerprint(type));
        CHECK(same_type(decoded_type(bytes), type));
    }
}

TEST_CASE("equal content gives equal bytes whatever its history", "[D-05]") {
    generator g(6);
    for (int i = 0; i < 1000; ++i) {
        const TypeMeta& type = i % 2 ? g.type() : TypeRegistry::instance().map(g.key_type(), g.type(2));
        const any_value value = g.value(type);
        any_value other = value.copy();
        g.shuffle(type, other.data());
        CAPTURE(type_name(type), to_string(type, value.data()));
        REQUIRE(encoded(other) == encoded(value));
    }
}

TEST_CASE("tampered bytes are refused, and the target is as it was", "[D-05]") {
    generator g(7);
    std::string other = "HGV";
    for (int i = 0; i < 2000; ++i) {
        const TypeMeta& type = g.type(3);
        const any_value value = g.value(type);
        const std::string bytes = encoded(value);
        any_value target = g.value(type);
        for (int k = 0; k < 50; ++k) {
            const std::string wrong = tampered(g, bytes, other);
            if (wrong == bytes || wrong == other) continue;
            CAPTURE(type_name(type));
            REQUIRE_FALSE(decodes(target, wrong));
        }
        other = bytes;
    }
}

TEST_CASE("bytes made to look right are refused or are the encoding of what they give", "[D-05]") {
    generator g(8);
    std::string other = "HGV";
    int accepted = 0, refused = 0;
    for (int i = 0; i < 2000; ++i) {
        const TypeMeta& type = g.type(3);
        const any_value value = g.value(type);
        const std::string bytes = encoded(value);
        any_value target = g.value(type);
        for (int k = 0; k < 50; ++k) {
            // Past the header, or nothing would ever get that far.
            std::string content = tampered(g, bytes.substr(13, bytes.size() - 17), other);
            const std::string wrong = sealed(bytes.substr(0, 13) + content + "1234");
            CAPTURE(type_name(type), to_string(type, value.data()));
            if (decodes(target, wrong)) {
                ++accepted;
                REQUIRE(encoded(target) == wrong);
            } else {
                ++refused;
            }
        }
        other = bytes.substr(13);
    }
    CHECK(accepted > 5000);
    CHECK(refused > 20000);
}
