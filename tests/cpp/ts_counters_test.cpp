// How often values are made, copied and moved: reading copies nothing, writing what must be, and nothing is left.
#include "catch.hpp"
#include "probe.hpp"
#include "ts_bundle.hpp"
#include "ts_compare.hpp"

#include <utility>

using namespace hgvalue;
using ts_test::bundle;

namespace {

/// What happened to probes since it was made.
class Count {
  public:
    long copies() const { return probe::copies - copies_; }
    long moves() const { return probe::moves - moves_; }
    long made() const { return probe::live - live_; }

  private:
    long copies_ = probe::copies, moves_ = probe::moves, live_ = probe::live;
};

using child = bundle<ts<probe>, tss<probe>, tsw<probe, false, 4, 0>, hgvalue::tsl<ts<probe>, 3>>;

} // namespace

TEST_CASE("reading copies, moves and makes nothing", "[T-02]") {
    probe_scope scope;
    time_series<bundle<tsd<probe, child>, hgvalue::tsl<child>, ts<probe>>> root;
    root.tick(1);
    for (int i = 0; i < 40; ++i) {
        const auto c = root.get<0>()[probe(i)];
        c.set<0>(probe(i));
        c.get<1>().add(probe(i));
        c.get<2>().push(probe(i));
        c.get<3>()[1].set(probe(i));
    }
    root.get<1>().resize(20);
    root.get<1>()[7].set<0>(probe(1));
    root.tick(2);
    for (int i = 0; i < 40; i += 2) root.get<0>()[probe(i)].set<0>(probe(i));
    root.get<0>().erase(probe(1));
    const probe key(6);

    const Count count;
    std::int64_t sum = 0;
    for (auto [k, c] : root.get<0>().modified_items()) sum += k.value() + c.get<0>().value().value();
    for (const probe& k : root.get<0>().keys()) sum += k.value();
    root.get<0>().for_each_added([&](const probe& k) { sum += k.value(); });
    root.get<0>().for_each_removed([&](const probe& k) { sum += k.value(); });
    const auto c = root.get<0>().at(key);
    const auto window = c.get<2>();
    for (std::uint32_t i = 0; i < window.size(); ++i) sum += window[i].value();
    sum += c.get<3>()[1].value().value();
    root.get<1>().for_each_modified([&](std::uint32_t, const auto& e) { sum += e.template get<0>().value().value(); });
    c.get<3>().for_each_modified([&](std::uint32_t, const auto& e) { sum += e.value().value(); });
    CHECK(root.get<0>().contains(key));
    CHECK_FALSE(root.all_valid());
    CHECK(ts_test::defects(root.ref()).empty());
    CHECK(sum > 0);
    CHECK(count.copies() == 0);
    CHECK(count.moves() == 0);
    CHECK(count.made() == 0);
}

TEST_CASE("a write moves its value once into place", "[T-02]") {
    probe_scope scope;
    time_series<bundle<ts<probe>, hgvalue::tsl<ts<probe>, 2>, tsw<probe, false, 2, 0>>> root;
    root.tick(1);
    {
        const Count count;
        root.get<0>().set(probe(1));
        CHECK(count.copies() == 0);
        CHECK(count.moves() == 1);
        root.get<1>()[1].set(probe(2));
        CHECK(count.moves() == 2);
        CHECK(count.made() == 0);
    }
    const probe value(3);
    for (int i = 0; i < 3; ++i) root.get<2>().push(value); // full, and one evicted
    {
        const Count count;
        root.get<2>().push(value);
        CHECK(count.copies() == 2); // the element, and the one that came and goes in this tick
    }
    root.tick(2);
    const Count count;
    root.get<2>().push(value);
    CHECK(count.copies() == 1); // the element
    CHECK(count.moves() == 1);  // the evicted one
    CHECK(count.made() == -2);  // what came and went in the tick before is let go of
}

TEST_CASE("inserting and erasing touch the rows they must", "[T-04]") {
    probe_scope scope;
    time_series<tsd<probe, child>> d;
    d.tick(1);
    for (int i = 0; i < 100; ++i) d[probe(i)].set<0>(probe(i));
    const probe key(1000);
    d[key];
    d.tick(2);
    d.erase(key);
    d[key]; // there is room for it now, here and among the removed
    d.tick(3);
    d.at(key).set<0>(probe(1)); // what tick 2 removed goes with the first write of the next
    {
        const Count count;
        d.erase(d.keys()[d.size() - 1]); // nothing to move but the row itself: its key, its value and five in it
        CHECK(count.copies() == 0);
        CHECK(count.moves() <= 5);
        CHECK(count.made() == 0);
    }
    const Count count;
    d[probe(2000)];
    CHECK(count.copies() == 1); // the key
    CHECK(count.moves() == 0);
    d[probe(2000)];
    CHECK(count.copies() == 1);
    CHECK(count.made() == 5); // key, leaf and three elements
}

TEST_CASE("taking a delta copies what changed and nothing else", "[D-01]") {
    probe_scope scope;
    time_series<tsd<probe, child>> leader, follower;
    leader.tick(1);
    follower.tick(1);
    for (int i = 0; i < 50; ++i) leader[probe(i)].set<0>(probe(i));
    follower.apply(leader.delta());
    leader.tick(2);
    follower.tick(2);
    leader.at(probe(7)).set<0>(probe(70));
    const Count count;
    const auto delta = leader.delta();
    CHECK(count.copies() == 2); // the key and the leaf
    follower.apply(delta);
    CHECK(count.copies() == 3);
    CHECK(follower.at(probe(7)).get<0>().value().value() == 70);
}

TEST_CASE("moving a root moves none of its values, and all of them go with it", "[T-02]") {
    probe_scope scope;
    time_series<tsd<probe, child>> a;
    a.tick(1);
    for (int i = 0; i < 20; ++i) a[probe(i)].get<2>().push(probe(i));
    a.tick(2);
    for (int i = 0; i < 10; ++i) a.erase(probe(i));
    for (int i = 0; i < 5; ++i) a[probe(i)];
    const Count count;
    time_series<tsd<probe, child>> b(std::move(a));
    a = std::move(b);
    CHECK(count.copies() == 0);
    CHECK(count.moves() == 0);
    CHECK(count.made() == 0);
    a.clear();
    a.tick(3);
    CHECK(probe::live > 0); // what was removed in tick 2 waits for the next write to the dict
    a.invalidate();
    CHECK(probe::live == 0);
}
