// Deltas as bytes: they come back, and what is no encoding of one is refused whatever it says.
#include "catch.hpp"

#include "delta_mutations.hpp"

#include <hgvalue/core/type_of.hpp>
#include <hgvalue/delta/codec.hpp>
#include <hgvalue/delta/diff.hpp>

#include <string>

using namespace hgvalue;
using namespace random_values;
using Catch::Matchers::Contains;

namespace {

/// The bytes with a checksum that is right, so that what is before it is read.
std::string sealed(std::string bytes) {
    bytes.resize(bytes.size() - 4);
    const std::uint32_t sum = crc32c(bytes);
    for (int shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<char>(sum >> shift & 0xff));
    return bytes;
}

const TypeMeta& numbers() { return TypeRegistry::instance().set(type_of<std::int64_t>()); }

} // namespace

TEST_CASE("random deltas come back from their bytes", "[D-05]") {
    std::size_t encoded = 0;
    for (unsigned seed = 0; seed < 1000; ++seed) {
        generator random(seed);
        mutator edits(random);
        const any_value a = random.value(random.type());
        const any_value b = edits.edited(a);
        const DeltaValue delta = diff(view_of(a), view_of(b));
        if (a.type().is(TypeFlags::HoldsObjects)) {
            CHECK_THROWS_AS(encode(delta), TypeError);
            continue;
        }
        ++encoded;
        const std::string bytes = encode(delta);
        CHECK(encoded_header(bytes).kind == EncodedKind::Delta);
        CHECK(encoded_header(bytes).fingerprint == type_fingerprint(a.type()));
        REQUIRE(decode_delta(a.type(), bytes) == delta);
        REQUIRE(decode_delta(bytes) == delta);
        REQUIRE(encode(decode_delta(bytes)) == bytes);
        for (std::size_t end = 0; end < bytes.size(); end += 3)
            REQUIRE_THROWS_AS(decode_delta(a.type(), bytes.substr(0, end)), DecodeError);
    }
    CHECK(encoded > 500);
}

TEST_CASE("changed bytes with a checksum that is right give a well-formed delta or none", "[D-05]") {
    std::size_t refused = 0, accepted = 0;
    for (unsigned seed = 0; seed < 500; ++seed) {
        generator random(seed);
        mutator edits(random);
        const any_value a = random.value(random.type());
        if (a.type().is(TypeFlags::HoldsObjects)) continue;
        const std::string bytes = encode(diff(view_of(a), view_of(edits.edited(a))));
        for (std::size_t at = 13; at + 4 < bytes.size(); ++at) {
            std::string changed = bytes;
            changed[at] = static_cast<char>(changed[at] ^ (1 << (at + seed) % 8));
            try {
                const DeltaValue read = decode_delta(a.type(), sealed(changed));
                DeltaValue again = DeltaValue::from_storage(a.type(), read.clone().release());
                again.set_time(read.time());
                REQUIRE(again == read);
                ++accepted;
            } catch (const DecodeError&) {
                ++refused;
            }
        }
    }
    CHECK(refused > 1000);
    CHECK(accepted > 1000);
}

TEST_CASE("bytes of something else are no delta", "[D-05]") {
    const DeltaValue none(numbers());
    const std::string bytes = encode(none);
    CHECK_THROWS_WITH(decode_delta(type_of<std::int64_t>(), bytes), Contains("set[int]") && Contains("'int'"));
    CHECK_THROWS_AS(decode_delta(type_of<std::int64_t>(), bytes), DecodeError);
    const std::string value = encode(Value(numbers()));
    CHECK_THROWS_WITH(decode_delta(numbers(), value), Contains("not of a delta"));
    CHECK_THROWS_WITH(decode_delta(value), Contains("not of a delta"));
    CHECK_THROWS_AS(decode(numbers(), bytes), DecodeError);

    std::string null = bytes.substr(0, 13) + std::string(4, '\0');
    null[4] = static_cast<char>(null[4] | 0x80);
    CHECK_THROWS_WITH(decode_delta(sealed(null)), Contains("null"));

    std::string unknown = bytes;
    unknown[5] = static_cast<char>(unknown[5] ^ 1);
    CHECK_THROWS_AS(decode_delta(sealed(unknown)), KeyError);
}

TEST_CASE("a delta that contradicts itself is refused", "[D-05]") {
    // ticked, removed, added: the same element in both
    std::string bytes = encode(DeltaValue(numbers()));
    bytes.resize(13);
    bytes += std::string("\0\1\2\1\2", 5) + std::string(sizeof(engine_time_t), '\0') + "....";
    CHECK_THROWS_WITH(decode_delta(sealed(bytes)), Contains("both"));
}
