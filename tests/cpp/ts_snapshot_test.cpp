// Plain values of time series: what they hold, and that a root loaded with one equals the root it was taken of.
#include "catch.hpp"
#include "ts_bundle.hpp"
#include "ts_random.hpp"

#include <hgvalue/time_series/snapshot.hpp>
#include <hgvalue/value/format.hpp>

#include <memory>
#include <string>

using namespace hgvalue;
using ts_test::bundle;

namespace {

using inner = bundle<ts<std::int64_t>, tss<std::int64_t>, tsw<std::string, false, 3, 1>, hgvalue::tsl<ts<bool>>>;
using middle = bundle<ts<double>, tsd<std::string, inner>, hgvalue::tsl<inner, 2>, tsw<std::int64_t, true, 7, 3>>;
using deep = bundle<tsd<std::int64_t, middle>, hgvalue::tsl<middle>, ts_test::wide_bundle<ts<std::int64_t>, 40>,
                    ts<std::string>, tsd<bool, hgvalue::tsl<tss<bool>>>>;

/// A snapshot of a root; empty if it is not valid.
class plain {
  public:
    explicit plain(const node_ref& n) : type_(snapshot_type(*n.type)), memory_(new std::byte[type_.size]) {
        type_.ops->construct(type_, memory_.get());
        take_snapshot(n, memory_.get());
    }
    plain(const plain&) = delete;
    ~plain() { type_.ops->destroy(type_, memory_.get()); }
    const void* data() const { return memory_.get(); }
    std::string text() const { return to_string(type_, data()); }
    bool operator==(const plain& o) const { return type_.ops->equals(type_, data(), o.data()); }

  private:
    const TypeMeta& type_;
    std::unique_ptr<std::byte[]> memory_;
};

/// Whether a dict or list that is not valid still has children: a snapshot does not say which.
bool hides_children(const node_ref& n) {
    bool found = false;
    if (!n.valid() && n.type->kind == NodeKind::TSD) found = !n.rows().empty();
    if (!n.valid() && n.type->is_dynamic_list()) found = list_length(n) != 0;
    ts_test::each_child(n, [&](const node_ref& c, const std::string&) { found |= hides_children(c); });
    return found;
}

template <class Shape> void reload(unsigned seed, int ticks) {
    time_series<Shape> leader, follower;
    ts_test::Mutator random(seed);
    const ts_test::Comparison compare(false);
    int compared = 0;
    for (int t = 1; t <= ticks; ++t) {
        leader.tick(t);
        follower.tick(t);
        for (std::uint32_t i = random.below(8); i-- > 0;) random.run(leader.ref());
        if (!leader.valid()) continue;
        const plain snapshot(leader.ref());
        load_snapshot(follower.ref(), snapshot.data());
        REQUIRE(follower.modified());
        REQUIRE(plain(follower.ref()) == snapshot);
        if (const std::string d = ts_test::defects(follower.ref()); !d.empty()) FAIL("tick " << t << ": " << d);
        if (hides_children(leader.ref()) || hides_children(follower.ref())) continue;
        ++compared;
        if (const std::string d = compare(leader.ref(), follower.ref()); !d.empty())
            FAIL("seed " << seed << ", tick " << t << ": " << d);
    }
    REQUIRE(compared > ticks / 20);
}

} // namespace

TEST_CASE("a loaded root equals the one the snapshot was taken of", "[T-01][T-13]") {
    reload<deep>(1, 1500);
    reload<inner>(2, 1500);
    reload<middle>(3, 1500);
    reload<tsd<std::string, middle>>(4, 1500);
    reload<hgvalue::tsl<inner>>(5, 1500);
    reload<tss<std::int64_t>>(6, 500);
    reload<tsw<std::string, false, 4, 2>>(7, 500);
    reload<tsw<double, true, 5, 2>>(8, 500);
}

TEST_CASE("a snapshot says what is not valid", "[T-13]") {
    using pair = bundle<ts<double>, tss<std::string>>;
    time_series<tsd<std::string, pair>> root;
    root.tick(1);
    root["a"];
    root["b"].template set<0>(1.5);
    const plain snapshot(root.ref());
    CHECK(snapshot.text().find("\"a\": None") != std::string::npos);
    CHECK(snapshot.text().find("=1.5") != std::string::npos);
    CHECK(snapshot.text().find("=None") != std::string::npos);
}

TEST_CASE("a window of the future is refused before anything is written", "[T-13]") {
    using shape = bundle<ts<std::int64_t>, tsw<std::int64_t, false, 3, 0>>;
    time_series<shape> ahead, behind;
    ahead.tick(10);
    ahead.template set<0>(7);
    ahead.template get<1>().push(1);
    behind.tick(9);
    const plain snapshot(ahead.ref());
    CHECK_THROWS_AS(load_snapshot(behind.ref(), snapshot.data()), ValueError);
    CHECK_FALSE(behind.valid());
    time_series<shape> never;
    CHECK_THROWS_AS(load_snapshot(never.ref(), snapshot.data()), StateError);
}
