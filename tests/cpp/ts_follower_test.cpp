// A follower that applies the typed delta of every tick equals its leader at every node.
#include "catch.hpp"
#include "ts_bundle.hpp"
#include "ts_random.hpp"

#include <hgvalue/delta/apply_captured.hpp>
#include <hgvalue/time_series/snapshot.hpp>

#include <string>
#include <vector>

using namespace hgvalue;
using ts_test::bundle;

namespace {

using inner = bundle<ts<std::int64_t>, tss<std::int64_t>, tsw<std::string, false, 3, 1>, hgvalue::tsl<ts<bool>>>;
using middle = bundle<ts<double>, tsd<std::string, inner>, hgvalue::tsl<inner, 2>, tsw<std::int64_t, true, 7, 3>>;
using deep = bundle<tsd<std::int64_t, middle>, hgvalue::tsl<tsd<std::int64_t, ts<std::string>>>, hgvalue::tsl<middle>,
                    ts_test::wide_bundle<ts<std::int64_t>, 40>, tss<std::string>, hgvalue::tsl<ts<bool>, 3>,
                    tsd<bool, hgvalue::tsl<tss<bool>>>, tsw<bool, false, 2, 0>>;

/// What a root holds, null if it is not valid.
Value snapshot(const node_ref& n) {
    const TypeMeta& type = snapshot_type(*n.type);
    if (!n.valid()) return Value::null(type);
    Value taken(type);
    take_snapshot(n, taken.data());
    return taken;
}

ConstValueView view_of(const Value& v) { return v.has_value() ? v.view() : ConstValueView(); }

void collect_valid(const node_ref& n, std::vector<bool>& out) {
    out.push_back(n.valid());
    ts_test::each_child(n, [&](const node_ref& c, const std::string&) { collect_valid(c, out); });
}
std::vector<bool> all_valid_flags(const node_ref& n) {
    std::vector<bool> out;
    collect_valid(n, out);
    return out;
}

template <class Shape> void follow(unsigned seed, int ticks, std::uint32_t most_operations) {
    time_series<Shape> leader, follower, second;
    ts_test::Mutator random(seed);
    const ts_test::Comparison compare(true);
    for (int t = 1; t <= ticks; ++t) {
        const engine_time_t at = leader.now() + 1 + random.below(3);
        leader.tick(at);
        follower.tick(at);
        second.tick(at);
        const std::vector<bool> before = all_valid_flags(leader.ref());
        const bool plainly = random.below(10) == 0; // it takes long where there is much
        const Value held = plainly ? snapshot(leader.ref()) : Value();
        for (std::uint32_t i = random.below(most_operations + 1); i-- > 0;) random.run(leader.ref());

        const root_delta<Shape> delta = leader.delta();
        if (leader.modified()) {
            REQUIRE_FALSE(delta.empty());
        } else if (before[0] && !leader.valid()) {
            REQUIRE_FALSE(delta.empty());
        } else if (leader.valid()) { // no key came or went, so the nodes are the same
            const std::vector<bool> after = all_valid_flags(leader.ref());
            bool invalidated = false;
            for (std::size_t i = 0; i < after.size(); ++i) invalidated |= before[i] && !after[i];
            REQUIRE(delta.empty() != invalidated);
        }
        REQUIRE(delta.time == at);
        if (plainly) REQUIRE(hgvalue::apply(delta, view_of(held)) == snapshot(leader.ref()));
        follower.apply(delta);
        second.apply(follower.delta());
        for (const auto& f : {&follower, &second})
            if (const std::string d = compare(leader.ref(), f->ref()); !d.empty())
                FAIL("seed " << seed << ", tick " << t << ": " << d);
        for (const auto& r : {&leader, &follower})
            if (const std::string d = ts_test::defects(r->ref()); !d.empty())
                FAIL("seed " << seed << ", tick " << t << ": " << d);
    }
}

} // namespace

TEST_CASE("a follower equals its leader, operation by operation", "[D-01][D-06][T-01]") { follow<deep>(1, 8000, 1); }
TEST_CASE("a follower equals its leader, a few operations a tick", "[D-01][D-06][T-01]") { follow<deep>(2, 6000, 4); }
TEST_CASE("a follower equals its leader, many operations a tick", "[D-01][D-06][T-01]") {
    follow<deep>(3, 3000, 30);
    follow<deep>(4, 1000, 100);
}

TEST_CASE("a follower of a root of any kind equals its leader", "[D-01][D-06]") {
    follow<tsd<std::string, middle>>(11, 2000, 6);
    follow<hgvalue::tsl<middle>>(12, 2000, 6);
    follow<hgvalue::tsl<middle, 3>>(13, 2000, 6);
    follow<tss<std::int64_t>>(14, 2000, 6);
    follow<tsw<std::string, false, 4, 2>>(15, 2000, 6);
    follow<tsw<double, true, 5, 2>>(16, 2000, 6);
    follow<inner>(17, 2000, 6);
    follow<tsd<std::int64_t, tsd<std::int64_t, tsd<std::int64_t, ts<std::string>>>>>(18, 2000, 6);
    follow<hgvalue::tsl<hgvalue::tsl<hgvalue::tsl<ts<std::int64_t>>>>>(19, 2000, 6);
}

TEST_CASE("a follower's key set becomes valid with its leader's", "[D-06][T-05]") {
    time_series<tsd<std::int64_t, ts<double>>> leader, follower;
    leader.tick(1);
    follower.tick(1);
    runtime().touch_empty(leader.ref());
    follower.apply(leader.delta());
    CHECK(follower.valid());
    CHECK(follower.ref().keyed().key_set_modified == 1);
}

TEST_CASE("a delta holds what changed, not what is there", "[D-01][D-02]") {
    time_series<tsd<std::int64_t, inner>> d;
    d.tick(1);
    for (std::int64_t k = 0; k < 100; ++k) d[k].set<0>(k);
    CHECK(d.delta().content.keys.size() == 100);
    d.tick(2);
    CHECK(d.delta().empty());
    d[7].get<1>().add(5);
    const auto delta = d.delta();
    REQUIRE(delta.content.keys == std::vector<std::int64_t>{7});
    CHECK(delta.content.change[0] == Change::Ticked);
    CHECK(delta.content.elements[0].change[0] == Change::None);
    CHECK(delta.content.elements[0].change[1] == Change::Ticked);
    d.tick(3);
    d[7].get<1>().invalidate(); // nobody ticked, but something below is not valid any more
    CHECK_FALSE(d.modified());
    const auto nested = d.delta();
    CHECK(nested.change == Change::Nested);
    REQUIRE(nested.content.keys == std::vector<std::int64_t>{7});
    CHECK(nested.content.change[0] == Change::Nested);
    CHECK((nested.content.elements[0].change[1] & Change::Invalidated) != 0);
}

TEST_CASE("a delta has all that a window took, with its times", "[D-06][T-07]") {
    time_series<tsw<std::int64_t, false, 3, 1>> leader, follower;
    leader.tick(1);
    follower.tick(1);
    for (std::int64_t i = 0; i < 5; ++i) leader.push(i);
    const auto delta = leader.delta();
    CHECK(delta.time == 1);
    CHECK(delta.content.appended == std::vector<std::int64_t>{0, 1, 2, 3, 4});
    CHECK(delta.content.times == std::vector<engine_time_t>(5, 1));
    follower.apply(delta);
    REQUIRE(engine::window_evicted(follower.ref()));
    CHECK(*static_cast<const std::int64_t*>(engine::window_evicted(follower.ref())) == 1);
    leader.tick(2);
    leader.push(7);
    CHECK(leader.delta().content.gone == 1);
    CHECK(leader.delta().content.kept == 2);
    // A window keeps the times of its elements, so a root of an earlier time cannot have them.
    CHECK_THROWS_AS(follower.apply(leader.delta()), ValueError);
    CHECK(follower.delta().content.appended.size() == 5);
    follower.tick(9);
    follower.apply(leader.delta());
    CHECK(follower.delta().content.times == std::vector<engine_time_t>{2});
}

TEST_CASE("elements of a plain value's time windows are over when the delta says", "[D-06][T-07]") {
    using board = bundle<tsd<std::int64_t, tsw<std::int64_t, true, 10, 0>>, ts<bool>>;
    time_series<board> root;
    root.tick(1);
    root.get<0>()[1].push(5);
    root.get<0>()[2].push(6);
    const Value before = snapshot(root.ref());
    root.tick(12); // both are over, and nobody writes there
    root.set<1>(true);
    const Value after = hgvalue::apply(root.delta(), before.view());
    CHECK(after == snapshot(root.ref()));
    CHECK_FALSE(after == before);
    CHECK(snapshot(root.ref()) == hgvalue::apply(root_delta<board>{}, after.view()));
    root_delta<board> by_hand = root.delta();
    by_hand.time = MIN_DT;
    CHECK_THROWS_AS(hgvalue::apply(by_hand, before.view()), ValueError);
    CHECK_THROWS_AS(hgvalue::apply(root.delta(), Value(1).view()), TypeError);
    root.invalidate();
    CHECK_FALSE(hgvalue::apply(root.delta(), before.view()).has_value());
    CHECK_FALSE(hgvalue::apply(root.delta(), ConstValueView()).has_value());
}

TEST_CASE("a delta tells what a child that is not valid was", "[D-06][T-05]") {
    time_series<tsd<std::int64_t, ts<std::int64_t>>> leader, follower;
    for (auto* root : {&leader, &follower}) root->tick(1);
    leader[1].set(5);
    leader[1].invalidate();
    const auto delta = leader.delta();
    REQUIRE(delta.content.keys == std::vector<std::int64_t>{1});
    CHECK(delta.content.change[0] == (Change::Created | Change::Invalidated | Change::Written));
    CHECK(delta.content.keys_ticked);
    follower.apply(delta);
    CHECK(ts_test::Comparison(true)(leader.ref(), follower.ref()) == "");
}
