// Equality, order and hash of composite values: NaN equals NaN, 0.0 equals -0.0, equal values have equal hashes.
#include "value_samples.hpp"

#include <hgvalue/core/error.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>
#include <random>
#include <set>
#include <vector>

using namespace hgvalue;

namespace {

const double a_nan = std::numeric_limits<double>::quiet_NaN();
const double other_nan = -std::nan("7");

template <class T> void check_equal(const T& a, const T& b) {
    CHECK(meta_equal(a, b));
    CHECK(meta_equal(b, a));
    if constexpr ((flags_of<T> & TypeFlags::Hashable) == TypeFlags::Hashable) CHECK(meta_hash(a) == meta_hash(b));
    if constexpr ((flags_of<T> & TypeFlags::Comparable) == TypeFlags::Comparable) {
        CHECK_FALSE(meta_less(a, b));
        CHECK_FALSE(meta_less(b, a));
    }
}
template <class T> void check_different(const T& a, const T& b) {
    CHECK_FALSE(meta_equal(a, b));
    CHECK_FALSE(meta_equal(b, a));
    if constexpr ((flags_of<T> & TypeFlags::Hashable) == TypeFlags::Hashable) CHECK(meta_hash(a) != meta_hash(b));
}
/// All laws, for values in ascending order.
template <class T> void check_ascending(const std::vector<T>& values) {
    for (std::size_t i = 0; i < values.size(); ++i)
        for (std::size_t j = 0; j < values.size(); ++j) {
            CHECK(meta_equal(values[i], values[j]) == (i == j));
            CHECK(meta_less(values[i], values[j]) == (i < j));
        }
}

} // namespace

TEST_CASE("floats are equal as values, within anything", "[V-04]") {
    check_equal(a_nan, other_nan);
    check_equal(0.0, -0.0);
    check_different(a_nan, 0.0);
    check_equal(std::numeric_limits<float>::quiet_NaN(), -std::numeric_limits<float>::quiet_NaN());
    check_equal(point{1, a_nan, "a"}, point{1, other_nan, "a"});
    check_equal(point{1, 0.0, "a"}, point{1, -0.0, "a"});
    check_equal(list<double>{a_nan, 0.0}, list<double>{other_nan, -0.0});
    check_equal(std::array<double, 2>{a_nan, 0.0}, std::array<double, 2>{other_nan, -0.0});
    check_equal(std::tuple{a_nan, std::int64_t{1}}, std::tuple{other_nan, std::int64_t{1}});
    check_equal(std::optional(0.0), std::optional(-0.0));
    check_equal(set<double>{a_nan, 0.0}, set<double>{-0.0, other_nan});

    set<double> s{a_nan, 0.0};
    CHECK_FALSE(s.insert(other_nan));
    CHECK_FALSE(s.insert(-0.0));
    for (int i = 1; i < 50; ++i) s.insert(i); // found through the index too
    CHECK(s.contains(other_nan));
    CHECK(s.contains(-0.0));
    map<double, double> m;
    m[a_nan] = a_nan;
    CHECK(std::isnan(m.at(other_nan)));
    check_equal(m, map<double, double>(m));
}

TEST_CASE("padding has no part in equality", "[V-04]") {
    alignas(lane) unsigned char one[sizeof(lane)], two[sizeof(lane)];
    std::memset(one, 0x11, sizeof one);
    std::memset(two, 0x22, sizeof two);
    auto* a = reinterpret_cast<lane*>(one);
    auto* b = reinterpret_cast<lane*>(two);
    for (lane* l : {a, b}) {
        l->id = 5;
        l->side = 1;
        l->weight = 2.5;
    }
    check_equal(*a, *b);
    b->side = 2;
    check_different(*a, *b);
}

TEST_CASE("bundles, tuples and lists are ordered by the first part that differs", "[V-03][V-04]") {
    check_ascending<point>({{1, 1, "a"}, {1, 1, "b"}, {1, 2, ""}, {2, -1, ""}});
    check_ascending<std::tuple<std::string, std::int64_t>>({{"a", 2}, {"b", -1}, {"b", 0}});
    check_ascending<list<std::int64_t>>({{}, {-1}, {-1, 0}, {0}, {0, -5, 9}, {0, 3}});
    check_ascending<tuple_of<std::string>>({{}, {"a"}, {"a", "a"}, {"b"}});
    check_ascending<std::array<std::uint8_t, 2>>({{1, 200}, {2, 0}, {200, 0}});
    check_ascending<list<point>>({{{1, 1, "a"}}, {{1, 1, "a"}, {0, 0, ""}}, {{1, 1, "b"}}});
    check_ascending<list<bool>>({{false, true}, {true}});
}

TEST_CASE("sets and maps are equal whatever the order of their rows", "[V-03][V-15]") {
    std::mt19937 random(11);
    for (const int size : {0, 1, 5, 8, 9, 100}) {
        std::vector<int> order(static_cast<std::size_t>(size));
        std::iota(order.begin(), order.end(), 0);
        set<std::string> s;
        map<std::string, std::int64_t> m;
        for (const int i : order) {
            s.insert(make<std::string>(i));
            m[make<std::string>(i)] = i;
        }
        for (int round = 0; round < 5; ++round) {
            std::shuffle(order.begin(), order.end(), random);
            set<std::string> t{"a", "guest"};
            map<std::string, std::int64_t> n;
            n["guest"] = 0;
            for (const int i : order) {
                t.insert(make<std::string>(i));
                n[make<std::string>(i)] = i;
            }
            if (size != 0) {
                check_different(s, t);
                check_different(m, n);
            }
            t.erase("guest"); // and the rows are out of order
            t.erase("a");
            n.erase("guest");
            check_equal(s, t);
            check_equal(m, n);
            if (size == 0) continue;
            n[make<std::string>(0)] = -1;
            check_different(m, n);
        }
    }
    check_different(set<std::int64_t>{1, 4}, set<std::int64_t>{2, 3});
    check_different(set<probe>{probe(1), probe(4)}, set<probe>{probe(2), probe(3)});
    check_different(set<std::int64_t>{}, set<std::int64_t>{0});
}

TEST_CASE("sets and structs serve as keys", "[V-03][V-28]") {
    map<set<std::int64_t>, point> m;
    m[{1, 2, 3}] = {1, 1, "one"};
    m[{3, 4}] = {2, 2, "two"};
    CHECK(m.at(set<std::int64_t>{3, 2, 1}).label == "one");
    CHECK_FALSE(m.contains(set<std::int64_t>{3}));

    map<std::tuple<std::int64_t, std::optional<std::string>>, std::int64_t> by_tuple;
    by_tuple[{1, std::nullopt}] = 1;
    by_tuple[{1, "x"}] = 2;
    CHECK(by_tuple.at(std::tuple<std::int64_t, std::optional<std::string>>{1, "x"}) == 2);
    CHECK(by_tuple.size() == 2);
}

TEST_CASE("optionals are equal if both are empty or their values are equal", "[V-29]") {
    check_equal(std::optional<std::string>(), std::optional<std::string>());
    check_equal(std::optional<std::string>("a"), std::optional<std::string>("a"));
    check_different(std::optional<std::string>(), std::optional<std::string>(""));
    check_different(std::optional<std::int64_t>(0), std::optional<std::int64_t>());
    check_equal(list<std::optional<double>>{std::nullopt, a_nan}, list<std::optional<double>>{std::nullopt, a_nan});
}

TEST_CASE("rings are equal by content, not by place; windows also by time", "[V-02][V-33]") {
    cyclic_buffer<std::int64_t, 3> a, b;
    for (int i = 0; i < 7; ++i) a.push(i);
    for (int i = 4; i < 7; ++i) b.push(i);
    check_equal(a, b);
    b.push(6);
    check_different(a, b);

    queue<double> p, q;
    for (int i = 0; i < 3; ++i) p.push(a_nan);
    check_different(p, q);
    for (int i = 0; i < 3; ++i) q.push(other_nan);
    check_equal(p, q);

    using last_two = window<std::int64_t, false, 2, 0>;
    last_two v, w;
    for (int i = 0; i < 5; ++i) v.push(i, i);
    for (int i = 3; i < 5; ++i) w.push(i, i);
    check_equal(v, w);
    const TypeOps& ops = *runtime().composite_ops;
    CHECK(ops.hash(type_of<last_two>(), &v) == ops.hash(type_of<last_two>(), &w));
    w.push(5, 5);
    v.push(6, 5); // the same element at another time
    check_different(v, w);
    CHECK(ops.hash(type_of<last_two>(), &v) != ops.hash(type_of<last_two>(), &w));
}

TEST_CASE("equal hashes are rare where values differ", "[V-03]") {
    std::set<std::size_t> hashes;
    for (int i = 0; i < 20'000; ++i) {
        hashes.insert(meta_hash(make<point>(i)));
        hashes.insert(meta_hash(set<std::int64_t>{i, -i, i + 1}));
        hashes.insert(meta_hash(tuple_of<std::int64_t>{i, 1}));
        hashes.insert(meta_hash(tuple_of<std::int64_t>{1, i + 1'000'000}));
    }
    CHECK(hashes.size() == 80'000);
}

TEST_CASE("flags say which operations a type has", "[V-03]") {
    const auto has = [](const TypeMeta& m, bool hash, bool less) {
        return m.ops->equals && !m.ops->hash == !hash && !m.ops->less == !less && m.is(TypeFlags::Hashable) == hash &&
               m.is(TypeFlags::Comparable) == less;
    };
    CHECK(has(type_of<point>(), true, true));
    CHECK(has(type_of<lane>(), true, true));
    CHECK(has(type_of<list<std::string>>(), false, true));
    CHECK(has(type_of<tuple_of<std::string>>(), true, true));
    CHECK(has(type_of<set<std::string>>(), true, false));
    CHECK(has(type_of<map<std::string, std::int64_t>>(), true, false));
    CHECK(has(type_of<map<std::string, list<std::int64_t>>>(), false, false));
    CHECK(has(type_of<std::optional<std::int64_t>>(), true, false));
    CHECK(has(type_of<queue<std::int64_t>>(), false, false));
}

TEST_CASE("an operation that a kind lacks is a TypeError that names it", "[V-04]") {
    const set<std::int64_t> s{1};
    const TypeOps& ops = *runtime().composite_ops;
    CHECK_THROWS_AS(ops.less(type_of<set<std::int64_t>>(), &s, &s), TypeError);
    CHECK_THROWS_WITH(ops.less(type_of<set<std::int64_t>>(), &s, &s), "'set[int]' values have no order");
    const std::int64_t i = 1;
    CHECK_THROWS_AS(ops.equals(type_of<std::int64_t>(), &i, &i), TypeError);
    CHECK_THROWS_AS(ops.hash(type_of<std::int64_t>(), &i), TypeError);
}
