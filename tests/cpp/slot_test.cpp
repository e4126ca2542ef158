// Handles to elements, compaction and insertion order.
#include "watchers.hpp"

#include <hgvalue/value/format.hpp>

#include <algorithm>
#include <numeric>
#include <random>
#include <string>
#include <utility>
#include <vector>

using namespace hgvalue;

namespace {

template <class C> void put(C& c, int k) {
    using K = typename C::key_type;
    if constexpr (requires { typename C::mapped_type; })
        c[make<K>(k)] = make<element_t<typename C::mapped_type>>(k);
    else
        c.insert(make<K>(k));
}

/// Holds a handle to every key while others come and go.
template <class C> void try_handles(unsigned seed, int keys, int steps) {
    using K = typename C::key_type;
    std::mt19937 random(seed);
    C c;
    std::vector<SlotHandle> live(static_cast<std::size_t>(keys)); // by key; a handle of nothing while it is not there
    std::vector<SlotHandle> gone;
    const auto finds = [&](int k) {
        const std::uint32_t row = row_of(c, live[static_cast<std::size_t>(k)]);
        return row < c.size() && equal(c.keys()[row], make<K>(k));
    };
    const auto all_gone = [&](std::size_t from) {
        return std::all_of(gone.begin() + static_cast<std::ptrdiff_t>(from), gone.end(),
                           [&](const SlotHandle& h) { return row_of(c, h) == no_row; });
    };
    const auto drop_all = [&] {
        for (SlotHandle& h : live)
            if (h.generation != 0) gone.push_back(std::exchange(h, {}));
    };
    for (int step = 0; step < steps; ++step) {
        const int k = static_cast<int>(random() % static_cast<unsigned>(keys));
        SlotHandle& h = live[static_cast<std::size_t>(k)];
        const unsigned way = random() % 64;
        if (way < 34) {
            put(c, k);
            if (h.generation == 0) h = c.handle_of(c.find_index(make<K>(k)));
        } else if (way < 62) {
            if (c.erase(make<K>(k)) != (h.generation != 0)) FAIL("erasure of " << k << " at step " << step);
            if (h.generation != 0) gone.push_back(std::exchange(h, {}));
        } else if (const unsigned rare = random() % 4096; rare < 40) {
            c.compact();
        } else if (rare < 60) {
            C moved(std::move(c));
            c = std::move(moved); // the handles come along
        } else if (rare < 63) {
            c.clear();
            drop_all();
        } else if (rare < 66) {
            const C copy(c);
            c = copy;
            drop_all();
            for (int key = 0; key < keys; ++key)
                if (const std::uint32_t row = c.find_index(make<K>(key)); row != no_row)
                    live[static_cast<std::size_t>(key)] = c.handle_of(row);
        }
        if (h.generation != 0 && !finds(k)) FAIL("the handle of " << k << " is lost at step " << step);
        if (!gone.empty() && row_of(c, gone[random() % gone.size()]) != no_row) FAIL("not stale at step " << step);
        if (step % 20'000 == 0) {
            for (int key = 0; key < keys; ++key)
                if (live[static_cast<std::size_t>(key)].generation != 0 && !finds(key)) FAIL("lost: " << key);
            if (!all_gone(0)) FAIL("an old handle is not stale at step " << step);
        }
    }
    CHECK(all_gone(0));
    CHECK(gone.size() > static_cast<std::size_t>(steps) / 8);
}

template <class C> std::vector<typename C::key_type> in_order(const C& c) {
    std::vector<typename C::key_type> keys;
    for (const std::uint32_t row : rows(type_of<C>(), c)) keys.push_back(c.keys()[row]);
    return keys;
}
using integers = std::vector<std::int64_t>;

} // namespace

TEMPLATE_TEST_CASE("a handle finds its own key or nothing, over a million changes", "[V-16]",
                   (map<std::int64_t, double>), set<std::int64_t>, (ordered_map<std::int64_t, double>)) {
    try_handles<TestType>(21, 1500, long_run);
}

TEMPLATE_TEST_CASE("a handle finds its own key or nothing, of any type", "[V-16]", (map<std::string, probe>),
                   ordered_set<probe>, set<lane>) {
    const probe_scope scope;
    try_handles<TestType>(22, 11, 20'000);
    try_handles<TestType>(23, 400, 20'000);
}

TEST_CASE("a handle is of an element, not of a key or a row", "[V-16]") {
    set<std::int64_t> s{1, 2, 3};
    const SlotHandle one = s.handle_of(0), three = s.handle_of(2);
    CHECK(s.handle_of(0) == one);
    CHECK_FALSE(one == three);

    s.erase(1);
    CHECK(row_of(s, one) == no_row);
    CHECK(row_of(s, three) == 0);
    s.insert(1);
    CHECK(row_of(s, one) == no_row); // the key is back, in the same slot, but it is another element
    CHECK(s.handle_of(2).slot == one.slot);

    CHECK(row_of(s, SlotHandle{}) == no_row);
    CHECK(row_of(s, SlotHandle{0, 0}) == no_row);
    CHECK(row_of(s, SlotHandle{77, three.generation}) == no_row);
    const set<std::int64_t> untracked{1, 2, 3};
    CHECK(row_of(untracked, three) == no_row);
}

TEST_CASE("what ends all handles, and what takes them along", "[V-16]") {
    set<std::int64_t> s{1, 2, 3}, other{4, 5, 6};
    const SlotHandle h = s.handle_of(1), of_other = other.handle_of(1);
    CHECK(row_of(other, h) == no_row); // generations differ between containers

    SECTION("clear") {
        s.clear();
        for (const std::int64_t k : {1, 2, 3}) s.insert(k);
    }
    SECTION("copying over") { s = other; }
    SECTION("copying over itself") { s = static_cast<const set<std::int64_t>&>(s); }
    SECTION("moving over") {
        s = std::move(other);
        CHECK(row_of(s, of_other) == 1);
        CHECK(row_of(other, of_other) == no_row);
    }
    SECTION("moving away") {
        const set<std::int64_t> moved(std::move(s));
        CHECK(row_of(moved, h) == 1);
        for (const std::int64_t k : {1, 2, 3}) s.insert(k);
        s.handle_of(1);
    }
    CHECK(row_of(s, h) == no_row);
}

TEST_CASE("fragmentation is the share of unused rows", "[V-18]") {
    map<std::int64_t, double> m;
    CHECK(m.fragmentation_ratio() == 0);
    m.reserve(200);
    CHECK(m.fragmentation_ratio() == 1);
    for (std::int64_t i = 0; i < 150; ++i) m[i] = 1;
    CHECK(m.fragmentation_ratio() == 0.25);
    for (std::int64_t i = 0; i < 100; ++i) m.erase(i);
    CHECK(m.fragmentation_ratio() == 0.75);
    m.compact();
    CHECK(m.fragmentation_ratio() == 0);
    CHECK(m.capacity() == 50);
    for (std::int64_t i = 100; i < 150; ++i) CHECK(m.at(i) == 1);
    m[7] = 3;
    CHECK(m.at(std::int64_t{7}) == 3);
}

TEST_CASE("reserved rows need no growth, watched and ordered or not", "[V-30]") {
    ordered_map<std::int64_t, double> m;
    const watched w(m);
    m.reserve(500);
    const int told = w.by_slot.calls_;
    for (std::int64_t i = 0; i < 500; ++i) m[i] = 1;
    CHECK(m.capacity() == 500);
    CHECK(w.by_slot.calls_ == told + 500); // no change of capacity among them

    set<std::string> s;
    s.reserve(64);
    const void* const keys = s.keys().data();
    for (int i = 0; i < 64; ++i) s.insert(make<std::string>(i));
    CHECK(s.keys().data() == keys);
}

TEST_CASE("an ordered container is read in insertion order, and stays dense", "[V-18]") {
    ordered_set<std::int64_t> s;
    for (std::int64_t i = 0; i < 10; ++i) s.insert(i * 7 % 10);
    for (const std::int64_t k : {7, 8, 3, 0}) CHECK(s.erase(k)); // in the middle, the last, the last but one, the first
    CHECK(in_order(s) == integers{4, 1, 5, 2, 9, 6});
    s.insert(0);
    s.insert(4); // is there: keeps its place
    CHECK(in_order(s) == integers{4, 1, 5, 2, 9, 6, 0});
    CHECK(integers(s.begin(), s.end()) == in_order(s));
    CHECK(s.size() == 7);
    CHECK(to_string(type_of<ordered_set<std::int64_t>>(), &s) == "{4, 1, 5, 2, 9, 6, 0}");

    SECTION("row by row") {
        integers keys;
        for (std::uint32_t row = first_row(s); row != no_row; row = next_row(s, row)) keys.push_back(s.keys()[row]);
        CHECK(keys == in_order(s));
    }
    SECTION("copies keep the order") {
        ordered_set<std::int64_t> copy(s);
        CHECK(in_order(copy) == in_order(s));
        copy.erase(5);
        copy.insert(5);
        CHECK(in_order(copy) == integers{4, 1, 2, 9, 6, 0, 5});
        CHECK(copy == s); // order is no part of the value
        CHECK(meta_hash(copy) == meta_hash(s));
        copy = s;
        CHECK(in_order(copy) == in_order(s));
    }
    SECTION("after a clear it starts again") {
        s.clear();
        CHECK(in_order(s).empty());
        CHECK(first_row(s) == no_row);
        s.insert(9);
        s.insert(1);
        CHECK(in_order(s) == integers{9, 1});
    }
}

TEST_CASE("compaction puts the rows of an ordered container into insertion order", "[V-17][V-18]") {
    for (const int size : {0, 1, 5, 9, 400}) {
        ordered_map<std::string, probe> m;
        const watched w(m);
        for (int i = 0; i < 2 * size; ++i) m[make<std::string>(i)] = probe(i);
        std::mt19937 random(31);
        while (m.size() > static_cast<std::uint32_t>(size))
            m.erase(make<std::string>(static_cast<int>(random() % static_cast<unsigned>(2 * size))));
        const auto order = in_order(m);
        std::vector<SlotHandle> handles;
        for (const std::uint32_t row : m.rows()) handles.push_back(m.handle_of(row));

        m.compact();
        CHECK(m.fragmentation_ratio() == 0);
        CHECK(std::equal(order.begin(), order.end(), m.keys().begin(), m.keys().end()));
        CHECK(in_order(m) == order);
        CHECK(w.in_step());
        for (std::uint32_t row = 0; row < m.size(); ++row) {
            CHECK(row_of(m, handles[row]) == row);
            CHECK(m.find_index(order[row]) == row);
            CHECK(meta_equal(m.values()[row], m.at(order[row])));
        }
        if (size == 400) CHECK(w.by_row.swaps_ > 0);
        const int swaps = w.by_row.swaps_;
        m.compact(); // nothing is left to do
        CHECK(w.by_row.swaps_ == swaps);
    }
}

TEST_CASE("an unordered container is read in row order", "[V-18]") {
    map<std::int64_t, double> m;
    CHECK(first_row(m) == no_row);
    for (std::int64_t i = 0; i < 5; ++i) m[i] = 0;
    m.erase(1);
    CHECK(in_order(m) == integers{0, 4, 2, 3});
    CHECK(next_row(m, 2) == 3);
    CHECK(next_row(m, 3) == no_row);
}

TEST_CASE("an element can be a copy of another that growth moves", "[V-15]") {
    map<std::string, std::string> m;
    for (int i = 0; i < 4; ++i) m[make<std::string>(i)] = "x" + make<std::string>(i * 3);
    REQUIRE(m.size() == m.capacity());
    m[m.values()[2]]; // grows, with a key that lies in the values
    CHECK(m.contains("x" + make<std::string>(6)));

    m.compact();
    m.set_with_index("new", m.values()[1]);
    CHECK(m.at("new") == "x" + make<std::string>(3));
    m.set_with_index("new", m.at("new"));
    CHECK(m.at("new") == "x" + make<std::string>(3));
}
