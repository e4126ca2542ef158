// Sets and maps against std::map and std::set, and the promises of their storage.
#include "value_samples.hpp"

#include "../../runtime/src/value/value_functions.hpp"

#include <cstdint>
#include <map>
#include <random>
#include <set>
#include <string>
#include <string_view>

using namespace hgvalue;

namespace {

template <class C> const TypeMeta& meta(const C&) { return type_of<C>(); }

/// That `m` holds the entries of `model`, which has them by number.
template <class K, class V> void verify(const map<K, V>& m, const std::map<int, int>& model) {
    REQUIRE(m.size() == model.size());
    for (const auto& [k, v] : model) {
        const std::uint32_t row = m.find_index(make<K>(k));
        if (row >= m.size()) FAIL("key " << k << " is missing");
        if (!equal(m.keys()[row], make<K>(k))) FAIL("row of key " << k << " has another key");
        if (!equal(m.values()[row], make<element_t<V>>(v))) FAIL("key " << k << " has another value");
    }
}
template <class K> void verify(const set<K>& s, const std::set<int>& model) {
    REQUIRE(s.size() == model.size());
    for (const int k : model)
        if (!s.contains(make<K>(k))) FAIL("element " << k << " is missing");
}

template <class M> void try_random_map(unsigned seed, int keys, int steps) {
    using K = typename M::key_type;
    using V = element_t<typename M::mapped_type>;
    std::mt19937 random(seed);
    M m;
    std::map<int, int> model;
    for (int step = 0; step < steps; ++step) {
        const int k = static_cast<int>(random() % static_cast<unsigned>(keys));
        switch (random() % 16) {
        default: // writes outnumber erasures, so that the map fills
            m[make<K>(k)] = make<V>(step % 50000);
            model[k] = step % 50000;
            break;
        case 0:
        case 1:
        case 2:
            if (m.erase(make<K>(k)) != (model.erase(k) == 1)) FAIL("erase of key " << k << " at step " << step);
            break;
        case 3:
        case 4:
            if (m.contains(make<K>(k)) != model.contains(k)) FAIL("find of key " << k << " at step " << step);
            break;
        case 5:
            if (random() % 32 == 0) m = M(m);
            break;
        case 6:
            if (random() % 32 == 0) detail::row_store_compact(meta(m), m);
            break;
        case 7:
            if (random() % 32 == 0) detail::row_store_reserve(meta(m), m, random() % 64);
            break;
        case 8:
            if (random() % 512 == 0) {
                m = M();
                model.clear();
            }
            break;
        }
        if (step % 500 == 0) verify(m, model);
    }
    verify(m, model);
}

template <class S> void try_random_set(unsigned seed, int keys, int steps) {
    using K = typename S::key_type;
    std::mt19937 random(seed);
    S s;
    std::set<int> model;
    for (int step = 0; step < steps; ++step) {
        const int k = static_cast<int>(random() % static_cast<unsigned>(keys));
        if (random() % 5 < 3) {
            if (s.insert(make<K>(k)) != model.insert(k).second) FAIL("insert of " << k << " at step " << step);
        } else {
            if (s.erase(make<K>(k)) != (model.erase(k) == 1)) FAIL("erase of " << k << " at step " << step);
        }
        if (random() % 512 == 0) s = S(s);
        if (step % 500 == 0) verify(s, model);
    }
    verify(s, model);
}

using numbers = map<std::int64_t, double>;
using texts = map<std::string, std::string>;
using structs = map<point, probe>;
using probes = map<probe, list<std::int64_t>>;
using bools = map<datetime, bool>;
using aligned = map<lane, lane>;
using nested = map<std::tuple<std::int64_t, std::string>, set<std::string>>;

} // namespace

TEMPLATE_TEST_CASE("a map does what std::map does", "[V-14][V-15][V-28]", numbers, texts, structs, probes, bools,
                   aligned, nested) {
    const probe_scope scope;
    try_random_map<TestType>(1, 12, 10'000); // around the size at which the index appears
    try_random_map<TestType>(2, 700, 12'000);
}

TEMPLATE_TEST_CASE("a set does what std::set does", "[V-14][V-15][V-28]", set<std::int64_t>, set<std::string>,
                   set<probe>, set<lane>, set<std::optional<double>>, (set<std::tuple<std::int64_t, point>>)) {
    const probe_scope scope;
    try_random_set<TestType>(3, 12, 10'000);
    try_random_set<TestType>(4, 700, 12'000);
}

TEST_CASE("rows keep the order of insertion until an erase puts the last into the gap", "[V-15]") {
    set<std::int64_t> s;
    for (std::int64_t i = 0; i < 20; ++i) s.insert(i * 3);
    for (std::uint32_t i = 0; i < 20; ++i) CHECK(s.keys()[i] == i * 3);

    s.erase(6);
    CHECK(s.keys()[2] == 57);
    CHECK(s.find_index(std::int64_t{57}) == 2);
    s.erase(54); // now the last: nothing moves
    CHECK(s.size() == 18);
    CHECK(s.keys().back() == 51);
}

TEST_CASE("strings are looked up without making a string", "[V-15]") {
    map<std::string, std::int64_t> m;
    for (int i = 0; i < 30; ++i) m[std::to_string(i)] = i;
    CHECK(m.contains("7"));
    CHECK(m.at(std::string_view("29")) == 29);
    CHECK_FALSE(m.contains("30"));
    CHECK_THROWS_AS(m.at("30"), KeyError);
}

TEST_CASE("finding and iterating copy and move nothing", "[V-15]") {
    const probe_scope scope;
    map<probe, probe> m;
    for (int i = 0; i < 100; ++i) m[probe(i)];
    const probe wanted(42);
    probe::copies = probe::moves = 0;

    std::int64_t sum = 0;
    for (const probe& k : m.keys()) sum += k.value();
    for (const probe& v : m.values()) sum += v.value();
    CHECK(sum == 4950);
    CHECK(m.contains(wanted));
    CHECK(m.at(wanted).value() == 0);
    CHECK(probe::copies == 0);
    CHECK(probe::moves == 0);
}

TEST_CASE("an insertion copies the key once, growth copies nothing", "[V-15]") {
    const probe_scope scope;
    set<probe> s;
    for (int i = 0; i < 1000; ++i) s.insert(probe(i));
    CHECK(probe::copies == 1000);
    probe::copies = probe::moves = 0;

    const set<probe> moved = std::move(s);
    CHECK(moved.size() == 1000);
    CHECK(s.empty());
    CHECK(probe::copies + probe::moves == 0);
}

TEST_CASE("over-aligned keys and values lie aligned", "[V-15]") {
    aligned m;
    for (int i = 0; i < 100; ++i) {
        m[make<lane>(i)] = make<lane>(i);
        CHECK(reinterpret_cast<std::uintptr_t>(m.keys().data()) % 32 == 0);
        CHECK(reinterpret_cast<std::uintptr_t>(m.values().data()) % 32 == 0);
    }
}

TEST_CASE("a copy is independent, and a copy of itself is itself", "[V-15]") {
    texts m;
    for (int i = 0; i < 20; ++i) m[make<std::string>(i)] = "old";
    texts copy(m);
    copy["s1"] = "new";
    copy.erase("s2");
    CHECK(m.at("s1") == "old");
    CHECK(m.size() == 20);
    CHECK(copy.size() == 19);

    detail::row_store_copy(meta(m), m, m);
    CHECK(m.size() == 20);
    CHECK(m.at("s1") == "old");
}

TEST_CASE("reserved rows need no memory; growing row by row is not asked for each time", "[V-15][V-30]") {
    numbers m;
    detail::row_store_reserve(meta(m), m, 100);
    CHECK(m.capacity() == 100);
    for (std::int64_t i = 0; i < 100; ++i) m[i] = 0;
    CHECK(m.capacity() == 100);

    int moves = 0;
    for (std::size_t rows = 101; rows <= 10'000; ++rows) {
        const std::uint32_t before = m.capacity();
        detail::row_store_reserve(meta(m), m, rows);
        moves += before != m.capacity();
    }
    CHECK(moves < 20);
    CHECK_THROWS_AS(detail::row_store_reserve(meta(m), m, detail::max_rows + 1), std::length_error);
}

TEST_CASE("shrinking gives memory back and keeps the rows findable", "[V-15][V-18]") {
    for (const int left : {0, 3, 8, 9, 200}) {
        texts m;
        for (int i = 0; i < 500; ++i) m[make<std::string>(i)] = std::to_string(i);
        for (int i = left; i < 500; ++i) m.erase(make<std::string>(i));
        detail::row_store_compact(meta(m), m);
        CHECK(m.capacity() == m.size());
        for (int i = 0; i < left; ++i) CHECK(m.at(make<std::string>(i)) == std::to_string(i));
        m["another"] = "one";
        CHECK(m.size() == static_cast<std::uint32_t>(left) + 1);
    }
}

TEST_CASE("rows move between stores and out of them without a copy", "[V-15]") {
    const probe_scope scope;
    using probe_map = map<probe, probe>;
    probe_map from, to;
    for (int i = 0; i < 40; ++i) from[probe(i)] = probe(i * 10);
    probe::copies = 0;

    SECTION("from one to the other") {
        for (int i = 0; i < 30; ++i) detail::row_store_take(meta(from), to, from, from.find_index(probe(i)));
        CHECK(from.size() == 10);
        CHECK(to.size() == 30);
        for (int i = 0; i < 40; ++i) CHECK((i < 30 ? to : from).at(probe(i)).value() == i * 10);
        CHECK_FALSE(from.contains(probe(29)));
        CHECK(probe::copies == 0);

        for (int rows = 0; rows < 2; ++rows) { // with many rows, and with few in a large store
            detail::row_store_drop_rows(meta(to), to);
            CHECK(to.empty());
            CHECK_FALSE(to.contains(probe(5)));
            to[probe(5)] = probe(6);
            CHECK(to.at(probe(5)).value() == 6);
        }
    }
    SECTION("out and in again") {
        alignas(probe) std::byte key[sizeof(probe)], value[sizeof(probe)];
        detail::row_store_erase_to(meta(from), from, from.find_index(probe(7)), key, value);
        CHECK(from.size() == 39);
        CHECK_FALSE(from.contains(probe(7)));
        const std::uint32_t row = detail::row_store_insert_relocated(meta(from), from, key, value, hash_of(probe(7)));
        CHECK(row == 39);
        CHECK(from.at(probe(7)).value() == 70);
        CHECK(probe::copies == 0);
    }
}

TEST_CASE("a store with much memory lets it go with its rows", "[V-15]") {
    numbers m;
    for (std::int64_t i = 0; i < 5000; ++i) m[i] = 1;
    detail::row_store_drop_rows(meta(m), m);
    CHECK(m.empty());
    CHECK(m.capacity() == 0);
    m[3] = 4;
    CHECK(m.at(std::int64_t{3}) == 4);
}
