// Hooks and observers of sets and maps: what is kept beside a container by what they are told never gets out of step.
#include "watchers.hpp"

#include "../../runtime/src/value/value_functions.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

using namespace hgvalue;

namespace {

using numbers = map<std::int64_t, double>;
using number_set = set<std::int64_t>;
using ordered_numbers = ordered_map<std::int64_t, double>;

/// What a container is to hold, by key number: the value, and when it was inserted.
struct model {
    struct entry {
        int value;
        long inserted;
    };
    std::map<int, entry> entries;
    long clock = 0;

    bool set(int k, int v) {
        const auto [at, added] = entries.try_emplace(k, entry{v, clock});
        at->second.value = v;
        if (added) ++clock;
        return added;
    }
    std::vector<int> in_order() const {
        std::vector<std::pair<long, int>> sorted;
        for (const auto& [k, e] : entries) sorted.emplace_back(e.inserted, k);
        std::sort(sorted.begin(), sorted.end());
        std::vector<int> keys;
        for (const auto& [at, k] : sorted) keys.push_back(k);
        return keys;
    }
};

template <class C> inline constexpr bool is_map = requires { typename C::mapped_type; };
template <class C> bool is_ordered() { return type_of<C>().is(TypeFlags::Ordered); }

template <class C> void verify(const C& c, const model& m) {
    using K = typename C::key_type;
    REQUIRE(c.size() == m.entries.size());
    for (const auto& [k, e] : m.entries) {
        const std::uint32_t row = c.find_index(make<K>(k));
        if (row >= c.size()) FAIL("key " << k << " is missing");
        if constexpr (is_map<C>)
            if (!equal(c.values()[row], make<element_t<typename C::mapped_type>>(e.value)))
                FAIL("key " << k << " has another value");
    }
    const std::vector<int> order = m.in_order();
    std::size_t count = 0;
    for (const std::uint32_t row : rows(type_of<C>(), c)) {
        if (is_ordered<C>() && !equal(c.keys()[row], make<K>(order[count]))) FAIL("out of order at " << count);
        ++count;
    }
    REQUIRE(count == c.size());
}

/// One insertion, or write, by one of the ways there are; whether the key was added.
template <class C> InsertResult put(C& c, int k, int v, unsigned way) {
    using K = typename C::key_type;
    const TypeMeta& m = type_of<C>();
    const K key = make<K>(k);
    if constexpr (is_map<C>) {
        const auto value = make<element_t<typename C::mapped_type>>(v);
        if (way % 3 == 0) return c.set_with_index(key, value);
        if (way % 3 == 1) return set_with_index(m, c, &key, hash_of(key), &value);
        const InsertResult r = insert_with_index(m, c, &key, hash_of(key));
        c[key] = value;
        return r;
    } else {
        return way % 2 == 0 ? c.insert_with_index(key) : insert_with_index(m, c, &key, hash_of(key));
    }
}

template <class C> bool take_out(C& c, int k, unsigned way) {
    using K = typename C::key_type;
    const K key = make<K>(k);
    const std::uint32_t row = c.find_index(key);
    if (way % 3 == 0 || row == no_row) return c.erase(key);
    if (way % 3 == 1) {
        runtime().row_store_erase(type_of<C>(), c, row);
    } else { // out of it, as the time-series layer does it
        C gone;
        detail::row_store_take(type_of<C>(), gone, c, row);
        CHECK(gone.contains(key));
    }
    return true;
}

template <class C> void try_watched(unsigned seed, int keys, int steps) {
    std::mt19937 random(seed);
    C c;
    model m;
    const watched w(c);
    for (int step = 0; step < steps; ++step) {
        const int k = static_cast<int>(random() % static_cast<unsigned>(keys));
        const unsigned way = random() % 64;
        if (way < 34) {
            const InsertResult r = put(c, k, step % 50'000, random());
            if (r.inserted != m.set(k, step % 50'000)) FAIL("insertion of " << k << " at step " << step);
            if (r.row != c.find_index(make<typename C::key_type>(k))) FAIL("row of " << k << " at step " << step);
        } else if (way < 62) {
            if (take_out(c, k, random()) != (m.entries.erase(k) == 1)) FAIL("erasure of " << k << " at step " << step);
        } else if (const unsigned rare = random() % 4096; rare < 40) {
            c.compact();
            REQUIRE(c.fragmentation_ratio() == 0);
        } else if (rare < 80) {
            c.reserve(random() % static_cast<unsigned>(2 * keys));
        } else if (rare < 90) {
            const C other(c);
            c = other; // those who watch stay
        } else if (rare < 94) {
            C other;
            for (const int key : {1, 3, 5}) put(other, key, 7, 0);
            c = other;
            m.entries.clear();
            for (const int key : {1, 3, 5}) m.set(key, 7);
        } else if (rare < 98) {
            detail::row_store_drop_rows(type_of<C>(), c);
            m.entries.clear();
        } else if (rare < 100) {
            c.clear();
            m.entries.clear();
        }
        if (step % 4000 == 0 || step % 50'000 < 30) {
            verify(c, m);
            if (!w.by_row.in_step()) FAIL("hooks out of step at " << step);
            if (!w.by_slot.in_step()) FAIL("observer out of step at " << step);
        }
    }
    verify(c, m);
    CHECK(w.in_step());
    CHECK(w.by_row.calls_ > steps / 4);
}

struct journal {
    std::vector<std::string> said;
    ContainerHooks hooks() {
        return {this, [](void* s, std::size_t r) { add(s, "insert " + std::to_string(r)); },
                [](void* s, std::size_t a, std::size_t b) {
                    add(s, "swap " + std::to_string(a) + ' ' + std::to_string(b));
                },
                [](void* s, std::size_t r) { add(s, "erase " + std::to_string(r)); }};
    }
    static void add(void* self, std::string text) { static_cast<journal*>(self)->said.push_back(std::move(text)); }
    std::vector<std::string> take() { return std::exchange(said, {}); }
};
using lines = std::vector<std::string>;

} // namespace

TEMPLATE_TEST_CASE("what hooks and observers are told keeps up with a million changes", "[V-15][V-17][T-04]", numbers,
                   number_set, ordered_numbers, ordered_set<std::int64_t>) {
    try_watched<TestType>(11, 2000, long_run);
}

TEMPLATE_TEST_CASE("what hooks and observers are told keeps up, of any element type", "[V-15][V-17][V-18]",
                   (map<std::string, probe>), (ordered_map<probe, std::string>), (ordered_map<lane, lane>),
                   ordered_set<std::string>, set<probe>) {
    const probe_scope scope;
    try_watched<TestType>(12, 12, 30'000); // around the size at which the index appears
    try_watched<TestType>(13, 300, 30'000);
}

TEST_CASE("hooks are told of a swap before it, and of an erasure after it", "[V-17]") {
    journal l;
    numbers m;
    m.attach(l.hooks());
    for (std::int64_t i = 0; i < 4; ++i) m[i * 10] = 0;
    CHECK(l.take() == lines{"insert 0", "insert 1", "insert 2", "insert 3"});

    SECTION("the order of what is said") {
        m.erase(10);
        CHECK(l.take() == lines{"swap 1 3", "erase 3"});
        m.erase(20); // the last by now
        CHECK(l.take() == lines{"erase 2"});
        CHECK_FALSE(m.erase(20));
        m[0] = 5; // no new row
        CHECK(l.take().empty());
        m.clear();
        CHECK(l.take() == lines{"erase 1", "erase 0"});
    }
    SECTION("before and after") {
        struct state {
            numbers& m;
            std::int64_t at_swap, at_erase;
            std::uint32_t size_at_erase;
        } s{m, 0, 0, 0};
        const ContainerHooks hooks{&s, nullptr,
                                   [](void* p, std::size_t a, std::size_t) {
                                       auto& x = *static_cast<state*>(p);
                                       x.at_swap = x.m.keys()[a];
                                   },
                                   [](void* p, std::size_t) {
                                       auto& x = *static_cast<state*>(p);
                                       x.at_erase = x.m.keys()[1];
                                       x.size_at_erase = x.m.size();
                                   }};
        m.attach(hooks);
        m.erase(10);
        m.detach(hooks);
        CHECK(s.at_swap == 10);
        CHECK(s.at_erase == 30);
        CHECK(s.size_at_erase == 3);
    }
    SECTION("not any more once detached") {
        m.detach(l.hooks());
        m.erase(0);
        m[100] = 1;
        CHECK(l.take().empty());
    }
}

TEST_CASE("hooks can be given for one call", "[V-17]") {
    journal attached, given;
    numbers m;
    m.attach(attached.hooks());
    CHECK(m.set_with_index(1, 1.5, given.hooks()).inserted);
    CHECK_FALSE(m.set_with_index(1, 2.5, given.hooks()).inserted);
    CHECK(m.at(std::int64_t{1}) == 2.5);
    CHECK(m.set_with_index(2, 3.5, given.hooks()).row == 1);
    CHECK(given.take() == lines{"insert 0", "insert 1"});
    CHECK(attached.take() == lines{"insert 0", "insert 1"});
    CHECK(m.erase_with_hooks(1, given.hooks()));
    CHECK_FALSE(m.erase_with_hooks(1, given.hooks()));
    CHECK(given.take() == lines{"swap 0 1", "erase 1"});
    CHECK(attached.take() == lines{"swap 0 1", "erase 1"});

    number_set s;
    CHECK(s.insert_with_index(7, given.hooks()).inserted);
    CHECK_FALSE(s.insert_with_index(7, given.hooks()).inserted);
    CHECK(given.take() == lines{"insert 0"});
}

TEST_CASE("a row is announced with its value when it is set with one", "[V-17]") {
    numbers m;
    struct state {
        numbers& m;
        double seen;
    } s{m, 0};
    m.attach(ContainerHooks{&s,
                            [](void* p, std::size_t row) {
                                auto& x = *static_cast<state*>(p);
                                x.seen = x.m.values()[row];
                            },
                            nullptr, nullptr});
    m.set_with_index(1, 2.5);
    CHECK(s.seen == 2.5);
}

TEST_CASE("who attaches to a container that has rows is told of them", "[V-17]") {
    ordered_map<std::string, std::int64_t> m;
    for (int i = 0; i < 30; ++i) m[make<std::string>(i)] = i;
    for (int i = 0; i < 10; ++i) m.erase(make<std::string>(i * 3));
    const watched w(m);
    CHECK(w.by_row.in_step());
    CHECK(w.by_slot.in_step());
    CHECK(w.by_slot.size_ == 20);
}

TEST_CASE("those who watch come along with a moved container, and learn of its end", "[V-17]") {
    number_set other;
    slot_mirror by_slot(other);
    {
        number_set s{1, 2, 3};
        by_slot.follow(s);
        s.attach(by_slot);
        other = std::move(s);
        by_slot.follow(other);
        s.insert(9); // NOLINT: empty, and watched by nobody
        CHECK(by_slot.detached_ == 0);
    }
    other.insert(4);
    CHECK(by_slot.in_step());
    CHECK(by_slot.size_ == 4);

    const number_set copy(other);
    CHECK(by_slot.detached_ == 0);
    other = number_set{5};
    CHECK(by_slot.detached_ == 1);
    CHECK(by_slot.size_ == 0);
    CHECK(by_slot.keys_.empty());
    other.insert(6);
    CHECK(by_slot.size_ == 0);
}

TEST_CASE("an insertion that fails is not announced", "[V-15][V-17]") {
    const probe_scope scope;
    map<probe, probe> m;
    const watched w(m);
    for (int i = 0; i < 40; ++i) {
        const probe key(i), value(i);
        for (long failing = 1; failing <= 2; ++failing) { // the key's copy, then the value's
            const int told = w.by_row.calls_;
            probe::fail_after = failing;
            if (i % 2 == 0)
                CHECK_THROWS_AS(m[key], probe_failure);
            else
                CHECK_THROWS_AS(m.set_with_index(key, value), probe_failure);
            REQUIRE(w.by_row.calls_ == told);
            REQUIRE(m.size() == static_cast<std::uint32_t>(i));
            REQUIRE(w.in_step());
        }
        m.set_with_index(key, value);
        probe::fail_after = 1;
        CHECK_THROWS_AS(m.set_with_index(key, probe(7)), probe_failure);
        probe::fail_after = 2;
        CHECK_THROWS_AS(m.set_with_index(key, probe(7)), probe_failure);
        probe::fail_after = 0;
        CHECK(m.at(key).value() == i);
    }
    map<probe, probe> other;
    for (int i = 0; i < 12; ++i) other[probe(i * 2)] = probe(i);
    const int told = w.by_slot.calls_;
    probe::fail_after = 20;
    CHECK_THROWS_AS(m = other, probe_failure);
    CHECK(w.by_slot.calls_ == told);
    m = other;
    CHECK(w.in_step());
    CHECK(m == other);
}

TEST_CASE("an observer that cannot grow refuses the insertion, and those told before are told back", "[V-17]") {
    for (const bool ordered : {false, true}) {
        numbers plain;
        ordered_numbers kept;
        const auto check = [](auto& m) {
            slot_mirror first(m), second(m);
            m.attach(first);
            m.attach(second);
            for (std::int64_t i = 0; i < 100; ++i) {
                second.refuse_ = true;
                const bool full = m.size() == m.capacity();
                if (full) CHECK_THROWS_AS(m[i], std::runtime_error);
                REQUIRE(m.size() == static_cast<std::uint32_t>(full ? i : m.size()));
                REQUIRE(first.keys_.size() == second.keys_.size());
                second.refuse_ = false;
                m[i] = 1;
                REQUIRE(first.in_step());
                REQUIRE(second.in_step());
            }
            const std::uint32_t capacity = m.capacity();
            second.refuse_ = true;
            CHECK_THROWS_AS(m.reserve(5000), std::runtime_error);
            CHECK(m.capacity() == capacity);
            CHECK(first.in_step());
            CHECK(m.size() == 100);

            slot_mirror late(m);
            late.refuse_ = true;
            CHECK_THROWS_AS(m.attach(late), std::runtime_error);
            CHECK(late.size_ == 0);
            m.erase(5);
            CHECK(late.calls_ == 1);
            m.detach(first);
            m.detach(second);
        };
        ordered ? check(kept) : check(plain);
    }
}

TEST_CASE("nothing is kept for a container that nobody watches", "[V-17]") {
    CHECK(sizeof(row_store) <= 5 * sizeof(void*));
    number_set s{1, 2, 3};
    CHECK(s.row_in(0) == no_row); // no slots
    s.erase(1);
    CHECK(s.row_in(0) == no_row);
}
