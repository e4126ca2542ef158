// TS, TSB and fixed TSL: stamps, validity, records of what changed, clocks and roots.
#include "catch.hpp"
#include "ts_bundle.hpp"
#include "ts_compare.hpp"

#include <string>
#include <utility>
#include <vector>

using namespace hgvalue;
using ts_test::bundle;
using ts_test::wide_bundle;

namespace {

using quote = bundle<ts<double>, ts<double>>;
using inner = bundle<ts<std::int64_t>, quote, hgvalue::tsl<ts<double>, 3>>;
using outer = bundle<inner, ts<std::string>, inner>;
using beats = bundle<hgvalue::signal, hgvalue::tsl<hgvalue::signal, 2>, tsd<std::string, hgvalue::signal>>;

/// The indices of the children that a TSB or fixed TSL has on record for this tick.
std::vector<std::uint32_t> touched(const node_ref& n, std::uint32_t count) {
    std::vector<std::uint32_t> out;
    for (std::uint32_t i = 0; i < count; ++i)
        if (child_touched(n, i)) out.push_back(i);
    return out;
}
using indices = std::vector<std::uint32_t>;

template <class H> void check_state(const H& h, bool valid, bool modified, engine_time_t at) {
    CHECK(h.valid() == valid);
    CHECK(h.modified() == modified);
    CHECK(h.last_modified_time() == at);
}

} // namespace

TEST_CASE("a bundle made from shapes is laid out as its tables say", "[T-02]") {
    time_series<outer> root;
    CHECK(field_ref(root.ref(), 1).value == &ts_test::member<1>(root.data()));
    CHECK(field_ref(root.ref(), 2).overlay == root.get<2>().ref().overlay);
    CHECK(element_ref(root.get<2>().get<2>().ref(), 2).overlay == root.get<2>().get<2>()[2].ref().overlay);
    CHECK(ts_test::defects(root.ref()).empty());
}

TEST_CASE("SIGNAL: ticks, and has no value but that it did", "[T-01]") {
    time_series<beats> root;
    const auto beat = root.get<0>();
    check_state(beat, false, false, MIN_DT);
    CHECK_THROWS_AS(beat.mark_modified(), StateError); // before the first tick
    root.tick(5);
    beat.mark_modified();
    check_state(beat, true, true, 5);
    check_state(root, true, true, 5);
    CHECK(beat.value());
    CHECK(root.data().head);
    root.tick(6);
    CHECK(beat.value());
    engine::clear(beat.ref()); // there is nothing to clear
    check_state(beat, true, false, 5);
    root.get<1>()[1].mark_modified();
    root.get<2>()["a"].mark_modified();
    CHECK_FALSE(root.get<1>()[0].valid());
    CHECK_FALSE(root.get<1>().all_valid());

    time_series<beats> follower;
    follower.tick(6);
    follower.apply(root.delta());
    check_state(follower.get<1>()[1], true, true, 6);
    check_state(follower.get<2>().at("a"), true, true, 6);
    CHECK_FALSE(follower.get<0>().valid());
    beat.invalidate();
    check_state(beat, false, false, MIN_DT);
    check_state(root, true, true, 6);
}

TEST_CASE("TS: set, write an equal value, invalidate, write again", "[T-01][T-03][T-09]") {
    time_series<bundle<ts<std::string>>> root;
    const auto leaf = root.get<0>();
    check_state(leaf, false, false, MIN_DT);
    root.tick(5);
    leaf.set("a");
    check_state(leaf, true, true, 5);
    check_state(root, true, true, 5);
    CHECK(leaf.value() == "a");
    root.tick(6);
    check_state(leaf, true, false, 5);
    leaf.set("a"); // an equal value is a tick too
    check_state(leaf, true, true, 6);
    leaf.invalidate();
    check_state(leaf, false, false, MIN_DT);
    check_state(root, true, true, 6);
    leaf.invalidate(); // once more: nothing
    leaf.set("b");     // in the tick of the invalidation: a plain write
    check_state(leaf, true, true, 6);
    root.tick(7);
    leaf.invalidate();
    check_state(leaf, false, false, MIN_DT);
    check_state(root, true, false, 6);
    CHECK(touched(root.ref(), 1) == indices{0});
    CHECK_FALSE(root.delta().empty());
    root.tick(8);
    leaf.invalidate(); // never-valid again: no effect, no tick
    CHECK(root.delta().empty());
}

TEST_CASE("TS: mark_modified and clear", "[T-01][T-09]") {
    time_series<quote> root;
    root.tick(1);
    CHECK_THROWS_AS(runtime().mark_modified(root.get<0>().ref()), StateError);
    root.set<0>(2.0);
    root.tick(2);
    runtime().mark_modified(root.get<0>().ref());
    check_state(root.get<0>(), true, true, 2);
    check_state(root, true, true, 2);
    root.tick(3);
    runtime().clear(root.get<0>().ref()); // a TS has nothing to clear
    check_state(root.get<0>(), true, false, 2);
    CHECK(root.delta().empty());
}

TEST_CASE("writes before the first tick are refused and leave no trace", "[T-03]") {
    time_series<bundle<ts<double>, tss<std::int64_t>, tsd<std::int64_t, ts<double>>, tsw<double, false, 3, 0>,
                       hgvalue::tsl<ts<double>>>>
        root;
    CHECK_THROWS_AS(root.set<0>(1.0), StateError);
    CHECK_THROWS_AS(root.get<0>().set(1.0), StateError);
    CHECK_THROWS_AS(root.get<0>().invalidate(), StateError);
    CHECK_THROWS_AS(root.get<1>().add(1), StateError);
    CHECK_THROWS_AS(root.get<2>()[1], StateError);
    CHECK_THROWS_AS(root.get<3>().push(1.0), StateError);
    CHECK_THROWS_AS(root.get<4>().resize(2), StateError);
    CHECK_THROWS_AS(root.clear(), StateError);
    CHECK_THROWS_AS(root.invalidate(), StateError);
    CHECK_THROWS_AS(root.mark_modified(), StateError);
    CHECK(root.get<0>().value() == 0.0);
    CHECK(root.get<1>().empty());
    CHECK(root.get<2>().empty());
    CHECK(root.get<3>().size() == 0);
    CHECK(root.get<4>().size() == 0);
    CHECK(root.delta().empty());
    CHECK(ts_test::defects(root.ref()).empty());

    time_series<bundle<ts<double>>> leader, follower;
    leader.tick(1);
    leader.set<0>(4.0);
    CHECK_THROWS_AS(follower.apply(leader.delta()), StateError);
    CHECK(follower.get<0>().value() == 0.0);
}

TEST_CASE("a write three levels down stamps every ancestor once and no sibling", "[T-03]") {
    time_series<outer> root;
    root.tick(1);
    root.get<0>().get<2>()[1].set(1.5);
    for (const bool valid : {root.valid(), root.get<0>().valid(), root.get<0>().get<2>().valid()}) CHECK(valid);
    CHECK(touched(root.ref(), 3) == indices{0});
    CHECK(touched(root.get<0>().ref(), 3) == indices{2});
    CHECK(touched(root.get<0>().get<2>().ref(), 3) == indices{1});
    check_state(root.get<0>().get<2>()[0], false, false, MIN_DT);
    check_state(root.get<0>().get<1>(), false, false, MIN_DT);
    check_state(root.get<2>(), false, false, MIN_DT);
    root.tick(2);
    root.get<2>().get<1>().set<1>(3.0);
    CHECK(touched(root.ref(), 3) == indices{2});
    CHECK(touched(root.get<0>().ref(), 3).empty()); // a record of an earlier tick counts as empty
    check_state(root.get<0>(), true, false, 1);
    check_state(root, true, true, 2);
    root.get<0>().get<0>().set(7);
    CHECK(touched(root.ref(), 3) == indices{0, 2});
    CHECK(touched(root.get<0>().ref(), 3) == indices{0});
    std::vector<std::string> names;
    root.for_each_modified([&](std::uint32_t, const char* name) { names.emplace_back(name); });
    CHECK(names == std::vector<std::string>{"f0", "f2"});
    CHECK(ts_test::defects(root.ref()).empty());
}

TEST_CASE("TSB: invalidate takes all children along, clear only what can be cleared", "[T-01][T-03][T-09]") {
    time_series<outer> root;
    root.tick(1);
    root.get<0>().get<1>().set<0>(1.0);
    root.get<0>().get<0>().set(3);
    root.get<2>().get<0>().set(4);
    CHECK_FALSE(root.all_valid());
    root.set<1>("x");
    CHECK(root.all_valid()); // direct children only
    CHECK_FALSE(root.get<0>().all_valid());
    root.tick(2);
    root.get<0>().invalidate();
    check_state(root.get<0>(), false, false, MIN_DT);
    check_state(root.get<0>().get<1>(), false, false, MIN_DT);
    check_state(root.get<0>().get<1>().get<0>(), false, false, MIN_DT);
    check_state(root, true, false, 1);
    CHECK(touched(root.ref(), 3) == indices{0});
    CHECK(touched(root.get<0>().ref(), 3) == indices{0, 1});
    CHECK_FALSE(root.all_valid());
    root.tick(3);
    root.clear();
    check_state(root, true, false, 1);
    CHECK(root.get<2>().get<0>().value() == 4);
    root.tick(4);
    root.get<0>().get<1>().set<1>(2.0); // valid again, but the siblings are not
    check_state(root.get<0>(), true, true, 4);
    check_state(root.get<0>().get<1>().get<0>(), false, false, MIN_DT);
    root.mark_modified();
    check_state(root, true, true, 4);
}

TEST_CASE("TSB and TSL: mark_modified and an empty write of one that was never valid", "[T-01]") {
    time_series<bundle<quote, hgvalue::tsl<ts<double>, 2>>> root;
    root.tick(1);
    root.get<0>().mark_modified();
    check_state(root.get<0>(), true, true, 1);
    check_state(root, true, true, 1);
    runtime().touch_empty(root.get<1>().ref());
    check_state(root.get<1>(), true, true, 1);
    root.tick(2);
    runtime().touch_empty(root.get<1>().ref());
    check_state(root.get<1>(), true, false, 1);
    CHECK(root.delta().empty());
}

TEST_CASE("TSL: elements, order, bounds", "[T-01]") {
    time_series<hgvalue::tsl<quote, 4>> root;
    root.tick(1);
    root[2].set<0>(1.0);
    root[0].set<1>(1.0);
    indices seen;
    root.for_each_modified([&](std::uint32_t i, const auto&) { seen.push_back(i); });
    CHECK(seen == indices{0, 2});
    CHECK_THROWS_AS(root[4], IndexError);
    CHECK(root.size() == 4);
    CHECK_FALSE(root.all_valid());
    root[1].mark_modified();
    root[3].mark_modified();
    CHECK(root.all_valid());
    root.tick(2);
    root.invalidate();
    for (std::uint32_t i = 0; i < 4; ++i) check_state(root[i], false, false, MIN_DT);
    check_state(root, false, false, MIN_DT);
    CHECK_FALSE(root.delta().empty());
}

namespace {

template <std::size_t N> void try_width() {
    time_series<bundle<wide_bundle<ts<std::int64_t>, N>, hgvalue::tsl<quote, N>>> root;
    const node_ref fields = root.template get<0>().ref();
    const auto list = root.template get<1>();
    for (engine_time_t t = 1; t <= static_cast<engine_time_t>(N); ++t) {
        root.tick(t);
        const auto i = static_cast<std::uint32_t>(t - 1), j = static_cast<std::uint32_t>((i * 7 + 3) % N);
        for (const std::uint32_t k : {i, j}) {
            const node_ref leaf = field_ref(fields, k);
            *static_cast<std::int64_t*>(leaf.value) = k;
            stamp(leaf.leaf(), leaf.parent, leaf.slot, t);
            list[k].template set<1>(k);
        }
        const indices expected = i == j ? indices{i} : i < j ? indices{i, j} : indices{j, i};
        REQUIRE(touched(fields, N) == expected);
        REQUIRE(touched(list.ref(), N) == expected);
    }
    root.tick(1000);
    CHECK(touched(fields, N).empty());
    CHECK(root.all_valid());
    CHECK(root.template get<0>().all_valid());
    CHECK(root.template get<1>().all_valid());
    for (std::uint32_t i = 0; i < N; ++i) REQUIRE(*static_cast<std::int64_t*>(field_ref(fields, i).value) == i);
    root.template get<1>()[N - 1].invalidate();
    CHECK(touched(list.ref(), N) == indices{N - 1});
    CHECK(ts_test::defects(root.ref()).empty());
    root.invalidate();
    CHECK(touched(fields, N).size() == N);
}

} // namespace

TEST_CASE("bundles and lists of any width record exactly the children that changed", "[T-03]") {
    try_width<1>();
    try_width<31>();
    try_width<32>();
    try_width<33>();
    try_width<64>();
    try_width<65>();
    try_width<96>();
    try_width<97>();
    try_width<100>();
}

TEST_CASE("wide nodes keep their records when they move", "[T-04]") {
    time_series<tsd<std::int64_t, bundle<ts<double>, wide_bundle<tss<std::int64_t>, 65>,
                                         hgvalue::tsl<hgvalue::tsl<ts<double>, 2>, 40>>>>
        root;
    root.tick(1);
    for (std::int64_t k = 0; k < 50; ++k) { // grows, so all of them move several times within the tick
        root[k].get<1>().get<64>().add(k);
        root[k].get<2>()[33][1].set(1.0);
    }
    for (std::int64_t k = 0; k < 50; k += 3) root.erase(k);
    CHECK(ts_test::defects(root.ref()).empty());
    for (std::int64_t k = 1; k < 50; k += 3) {
        CHECK(touched(root.at(k).get<1>().ref(), 65) == indices{64});
        CHECK(touched(root.at(k).get<2>().ref(), 40) == indices{33});
    }
}

TEST_CASE("a root's time grows and only grows", "[T-03]") {
    time_series<quote> root;
    CHECK(root.now() == MIN_DT);
    root.tick(10);
    CHECK_THROWS_AS(root.tick(10), ValueError);
    CHECK_THROWS_WITH(root.tick(9), Catch::Contains("9 µs") && Catch::Contains("10 µs"));
    CHECK_THROWS_AS(root.tick(MAX_DT + 1), ValueError);
    CHECK(root.now() == 10);
    root.tick(MAX_DT);
    root.set<0>(1.0);
    CHECK(root.get<0>().modified());
    CHECK_THROWS_AS(time_series<quote>().tick(MIN_DT), ValueError);
}

TEST_CASE("roots on one clock join each other's ticks", "[T-03]") {
    EvaluationClock clock;
    time_series<quote> a(&clock), b(&clock);
    CHECK_THROWS_AS(a.tick(MIN_DT), ValueError);
    a.tick(3);
    b.tick(3);
    CHECK(b.now() == 3);
    a.set<0>(1.0);
    b.set<1>(2.0);
    CHECK(a.modified());
    b.tick(4);
    CHECK(a.now() == 4); // a tick of one is a tick of all
    CHECK_FALSE(a.modified());
    CHECK(a.delta().empty());
    CHECK_THROWS_AS(a.tick(3), ValueError);
    a.set<1>(5.0);
    CHECK_FALSE(a.delta().empty());
    CHECK(b.delta().empty());
}

TEST_CASE("a root may move; what points into it stays good", "[T-03]") {
    using shape = bundle<ts<double>, tsd<std::string, quote>>;
    time_series<shape> a;
    a.tick(1);
    a.get<1>()["x"].set<0>(1.0);
    const auto leaf = a.get<0>();
    time_series<shape> b(std::move(a));
    leaf.set(2.0);
    CHECK(b.get<0>().value() == 2.0);
    b.tick(2);
    leaf.set(3.0);
    CHECK(b.modified());
    time_series<shape> c;
    c.tick(9);
    c.get<1>()["y"].set<1>(4.0);
    c = std::move(b);
    CHECK(c.now() == 2);
    c.tick(3);
    c.get<1>()["x"].set<1>(5.0);
    CHECK(c.get<1>().modified());
    CHECK(ts_test::defects(c.ref()).empty());
}
