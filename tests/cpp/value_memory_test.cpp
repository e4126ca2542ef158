// What containers cost in memory.
#include "memory.hpp"
#include "value_samples.hpp"

#include <cstddef>
#include <cstdint>

using namespace hgvalue;
using memory::bytes_held;

namespace {

constexpr std::int64_t many = 1'000'000;

/// Bytes an entry beyond key and value, with a million entries.
template <class M> double overhead(M& m, std::size_t held_before) {
    const double payload = sizeof(typename M::key_type) + sizeof(typename M::mapped_type);
    return static_cast<double>(bytes_held - held_before) / m.size() - payload;
}

} // namespace

TEST_CASE("a map of a million numbers costs at most 40 bytes an entry beyond them", "[V-15]") {
    const std::size_t before = bytes_held;
    {
        map<std::int64_t, double> m;
        for (std::int64_t i = 0; i < many; ++i) m[i * 7] = 1;
        REQUIRE(m.size() == many);
        const double grown = overhead(m, before);
        CHECK(grown <= 40);
        CHECK(grown > 8); // or nothing was counted

        m.compact();
        CHECK(overhead(m, before) <= grown);

        for (std::int64_t i = 0; i < many; ++i) // leaves a thousandth
            if (i % 1000 != 0) m.erase(i * 7);
        m.compact();
        REQUIRE(m.size() == many / 1000);
        CHECK(overhead(m, before) <= 40);
    }
    CHECK(bytes_held == before);
}

TEST_CASE("order costs 8 bytes an entry, handles 20", "[V-16][V-18]") {
    map<std::int64_t, double> plain;
    std::size_t before = bytes_held;
    plain.reserve(many);
    const std::size_t of_plain = bytes_held - before;
    for (std::int64_t i = 0; i < many; ++i) plain[i] = 1;
    CHECK(bytes_held - before == of_plain); // all of it was reserved

    ordered_map<std::int64_t, double> ordered;
    before = bytes_held;
    ordered.reserve(many);
    CHECK(static_cast<double>(bytes_held - before - of_plain) / many < 8.01);

    before = bytes_held;
    plain.handle_of(0);
    CHECK(static_cast<double>(bytes_held - before) / many < 20.01);
}
