// TSS, TSD, TSW and dynamic TSL: what each kind does on a write, on clear and on invalidate.
#include "catch.hpp"
#include "ts_bundle.hpp"
#include "ts_compare.hpp"

#include <algorithm>
#include <string>
#include <vector>

using namespace hgvalue;
using ts_test::bundle;

namespace {

using numbers = std::vector<std::int64_t>;
using quote = bundle<ts<double>, ts<double>>;

template <class H> numbers added(const H& h) {
    numbers out;
    h.for_each_added([&](std::int64_t k) { out.push_back(k); });
    std::sort(out.begin(), out.end());
    return out;
}
template <class H> numbers removed(const H& h) {
    numbers out;
    h.for_each_removed([&](std::int64_t k) { out.push_back(k); });
    std::sort(out.begin(), out.end());
    return out;
}
template <class H> numbers modified_keys(const H& h) {
    numbers out;
    for (auto [k, c] : h.modified_items()) out.push_back(k);
    std::sort(out.begin(), out.end());
    return out;
}
bool key_set_ticked(const node_ref& n) { return n.keyed().key_set_modified == n.now(); }

} // namespace

TEST_CASE("TSS: elements come and go, and only real changes tick", "[T-01]") {
    time_series<tss<std::int64_t>> s;
    s.tick(1);
    CHECK_FALSE(s.remove(1));
    CHECK_FALSE(s.valid());
    CHECK(s.add(1));
    CHECK(s.add(2));
    CHECK(added(s) == numbers{1, 2});
    s.tick(2);
    CHECK_FALSE(s.modified());
    CHECK(added(s).empty());
    CHECK_FALSE(s.add(1));
    CHECK_FALSE(s.remove(7));
    CHECK_FALSE(s.modified());
    CHECK(s.remove(1));
    CHECK(s.modified());
    CHECK(removed(s) == numbers{1});
    CHECK(s.size() == 1);
    s.tick(3);
    CHECK(removed(s).empty());
    s.clear();
    CHECK(removed(s) == numbers{2});
    s.tick(4);
    s.clear(); // ticks although empty
    CHECK(s.modified());
    CHECK(removed(s).empty());
    s.tick(5);
    s.invalidate();
    CHECK_FALSE(s.valid());
    s.tick(6);
    runtime().touch_empty(s.ref());
    CHECK(s.modified());
}

TEST_CASE("TSS: invalidate drops the content, and a write after it nets against the tick's start", "[T-01]") {
    time_series<bundle<tss<std::int64_t>>> root;
    const auto s = root.get<0>();
    root.tick(1);
    s.add(1);
    s.add(2);
    root.tick(2);
    s.invalidate();
    CHECK(s.empty());
    CHECK_FALSE(s.valid());
    CHECK_FALSE(root.modified());
    s.add(2);
    s.add(3);
    CHECK(s.valid());
    CHECK(added(s) == numbers{3});
    CHECK(removed(s) == numbers{1});
}

TEST_CASE("TSD: keys, children and the key set", "[T-01][T-05]") {
    time_series<tsd<std::int64_t, quote>> d;
    d.tick(1);
    CHECK_THROWS_AS(d.at(1), KeyError);
    CHECK_FALSE(d.erase(1));
    CHECK_FALSE(d.valid());
    d[1];
    CHECK(d.valid());
    CHECK_FALSE(d.at(1).valid());
    CHECK(added(d) == numbers{1});
    CHECK(modified_keys(d).empty());
    CHECK_FALSE(d.all_valid());
    d[1].set<0>(1.0);
    CHECK(modified_keys(d) == numbers{1});
    CHECK(d.all_valid());
    CHECK(key_set_ticked(d.ref()));
    d.tick(2);
    d[1].set<1>(1.0);
    CHECK(modified_keys(d) == numbers{1});
    CHECK(added(d).empty());
    CHECK_FALSE(key_set_ticked(d.ref()));
    d.tick(3);
    d.at(1).invalidate();
    CHECK_FALSE(d.modified());
    CHECK(modified_keys(d).empty());
    CHECK_FALSE(d.all_valid());
    CHECK(d.contains(1));
    d.tick(4);
    d[1].set<0>(1.0);
    d[1].invalidate(); // written, then invalidated: listed
    CHECK(modified_keys(d) == numbers{1});
    d.tick(5);
    d.erase(1);
    CHECK(removed(d) == numbers{1});
    CHECK(key_set_ticked(d.ref()));
    d.tick(6);
    d.clear(); // valid and empty: the dict ticks, its key set does not
    CHECK(d.modified());
    CHECK_FALSE(key_set_ticked(d.ref()));
}

TEST_CASE("TSD: invalidate keeps keys, and the first empty write ticks the key set", "[T-01]") {
    time_series<tsd<std::int64_t, quote>> d;
    d.tick(1);
    runtime().touch_empty(d.ref());
    CHECK(d.modified());
    CHECK(key_set_ticked(d.ref()));
    d.tick(2);
    runtime().touch_empty(d.ref());
    CHECK_FALSE(d.modified());
    d[1].set<0>(1.0);
    d[2].set<0>(1.0);
    d.tick(3);
    d[2].set<1>(2.0);
    d.invalidate();
    CHECK_FALSE(d.valid());
    CHECK(d.size() == 2);
    CHECK_FALSE(d.at(1).valid());
    CHECK(removed(d).empty());
    CHECK(modified_keys(d) == numbers{2}); // as written in the tick
    CHECK(d.ref().keyed().key_set_modified == 2);
    d.tick(4);
    d[1].set<0>(3.0);
    CHECK(d.valid());
    CHECK_FALSE(d.at(2).valid());
}

TEST_CASE("TSD: removed children keep their content for the tick", "[T-01][T-04]") {
    using shape = tsd<std::int64_t, bundle<ts<std::string>, tss<std::int64_t>, tsd<std::int64_t, ts<double>>>>;
    time_series<shape> d;
    d.tick(1);
    for (std::int64_t k = 0; k < 20; ++k) {
        d[k].set<0>("a long enough string " + std::to_string(k));
        d[k].get<1>().add(k);
        d[k].get<2>()[k].set(static_cast<double>(k));
    }
    d.tick(2);
    d[7].get<1>().add(100);
    for (std::int64_t k = 19; k >= 0; k -= 2) d.erase(k);
    const node_ref n = d.ref();
    for (std::int64_t k = 19; k >= 0; k -= 2) {
        const std::uint32_t row = engine::find_removed(n, &k, hash_of(k));
        REQUIRE(row != no_row);
        const node_ref child = removed_ref(n, row);
        CHECK(child.valid());
        CHECK(*static_cast<std::string*>(field_ref(child, 0).value) == "a long enough string " + std::to_string(k));
        CHECK(field_ref(child, 1).rows().size() == (k == 7 ? 2 : 1));
        CHECK(field_ref(child, 1).modified() == (k == 7));
        CHECK(*static_cast<double*>(row_ref(field_ref(child, 2), 0).value) == static_cast<double>(k));
    }
    d.tick(3);
    const std::int64_t key = 7;
    CHECK(engine::find_removed(n, &key, hash_of(key)) == no_row);
    CHECK(removed(d).empty());
}

TEST_CASE("TSW by count: keeps the last, evicts the oldest", "[T-01]") {
    time_series<bundle<tsw<std::string, false, 3, 2>>> root;
    const auto w = root.get<0>();
    const window_state& s = w.ref().window();
    const auto evicted = [&] { return s.evicted_at == root.now() ? *static_cast<std::string*>(s.evicted) : ""; };
    root.tick(1);
    w.push("first, too long to be stored in place");
    CHECK(w.modified());
    CHECK(root.modified());
    CHECK_FALSE(w.all_valid());
    root.tick(2);
    w.push("b");
    CHECK(w.all_valid());
    CHECK(evicted().empty());
    root.tick(3);
    w.push("c");
    root.tick(4);
    w.push("d");
    w.push("e"); // both are kept, and the second to go is the one on record
    CHECK(s.appended == 2);
    CHECK(w.size() == 3);
    CHECK(w[0] == "c");
    CHECK(w[2] == "e");
    CHECK(w.time(1) == 4);
    CHECK(w.time(2) == 4);
    CHECK(evicted() == "b");
    root.tick(5);
    CHECK(evicted().empty());
    w.clear();
    CHECK(w.modified());
    CHECK(w.size() == 0);
    CHECK_FALSE(w.all_valid());
    root.tick(6);
    w.push("f");
    root.tick(7);
    w.invalidate();
    CHECK(w.size() == 0);
    CHECK_FALSE(w.valid());
    CHECK_FALSE(root.modified());
    w.push("g");
    CHECK(w.size() == 1);
    CHECK(w.modified());
}

TEST_CASE("TSW by time: an element leaves as time passes, appended or not", "[T-01]") {
    time_series<tsw<std::int64_t, true, 10, 5>> w;
    w.tick(100);
    w.push(1);
    w.push(2);
    CHECK(w.size() == 2);
    CHECK_FALSE(w.all_valid());
    w.tick(105);
    w.push(3);
    CHECK(w.all_valid()); // newest − oldest is the minimum
    w.tick(110);
    CHECK(w.size() == 3); // the boundary is inside
    w.tick(111);
    CHECK(w.size() == 1);
    CHECK(w[0] == 3);
    CHECK(w.time(0) == 105);
    CHECK_FALSE(w.all_valid());
    CHECK(w.valid());
    CHECK_FALSE(w.modified());
    w.tick(116);
    CHECK(w.size() == 0);
    w.push(4); // what had expired goes now
    CHECK(w.size() == 1);
    CHECK(w.data().size() == 1);
    CHECK(*static_cast<std::int64_t*>(w.ref().window().evicted) == 3);
    for (engine_time_t t = 117; t < 1117; ++t) {
        w.tick(t);
        w.push(t);
        REQUIRE(w.size() == std::min<engine_time_t>(t - 115, 11));
        REQUIRE(w.time(0) >= t - 10);
    }
    w.tick(1120);
    CHECK(w.size() == 7);
    CHECK(w[0] == 1110);
    time_series<tsw<std::int64_t, true, 10, 0>> empty;
    empty.tick(1);
    CHECK_FALSE(empty.all_valid());
    empty.clear();
    CHECK(empty.all_valid());
}

TEST_CASE("dynamic TSL: grows, shrinks and starts dropped elements afresh", "[T-01]") {
    time_series<hgvalue::tsl<quote>> l;
    l.tick(1);
    l.resize(0); // nothing
    CHECK_FALSE(l.valid());
    CHECK_FALSE(l.all_valid());
    l.resize(3);
    CHECK(l.modified());
    CHECK_FALSE(l.all_valid());
    for (std::uint32_t i = 0; i < 3; ++i) l[i].set<0>(i);
    CHECK(l.all_valid());
    CHECK_THROWS_AS(l[3], IndexError);
    l.tick(2);
    l.resize(3);
    CHECK_FALSE(l.modified());
    l.resize(1);
    l.resize(2);
    CHECK(l[0].valid());
    CHECK_FALSE(l[1].valid()); // fresh
    CHECK_FALSE(l.all_valid());
    const list_state& s = l.ref().list();
    CHECK(s.size_at_start == 3);
    REQUIRE(s.dropped.size() == 3);
    CHECK(s.dropped[1] & RowFlag::EverValid);
    CHECK(s.dropped[2] & RowFlag::EverValid);
    l.tick(3);
    l.clear();
    CHECK(l.size() == 0);
    CHECK(l.all_valid());
    l.tick(4);
    l.clear(); // ticks although empty
    CHECK(l.modified());
    l.resize(5);
    l[4].set<1>(1.0);
    l.tick(5);
    l.invalidate();
    CHECK(l.size() == 5);
    CHECK_FALSE(l[4].valid());
    l.tick(6);
    runtime().touch_empty(l.ref());
    CHECK(l.modified());
}

TEST_CASE("dynamic TSL: elements added in one tick are old ones in the next", "[T-01]") {
    time_series<hgvalue::tsl<quote>> l;
    l.tick(1);
    l.resize(4);
    l[3].set<0>(1.0);
    l.tick(2);
    l[1].set<0>(1.0); // begins the new record
    const list_state& s = l.ref().list();
    for (std::uint32_t i = 0; i < 4; ++i) CHECK((s.flags[i] & RowFlag::Added) == 0);
    CHECK(l.delta().content.change == std::vector<std::uint8_t>{Change::Ticked});
}

TEST_CASE("every kind stamps from wherever it lies", "[T-03]") {
    using deep = bundle<hgvalue::tsl<
        tsd<std::int64_t, bundle<tsw<double, false, 2, 0>, tss<std::int64_t>, hgvalue::tsl<ts<double>>>>, 2>>;
    time_series<deep> root;
    const auto written = [&](auto&& write) {
        root.tick(root.now() + 1);
        write(root.get<0>()[1][5]);
        const auto child = root.get<0>()[1].at(5);
        return root.modified() && root.get<0>().modified() && root.get<0>()[1].modified() && child.modified() &&
               modified_keys(root.get<0>()[1]) == numbers{5} && !root.get<0>()[0].valid();
    };
    CHECK(written([](const auto& c) { c.template get<0>().push(1.0); }));
    CHECK(written([](const auto& c) { c.template get<0>().push(1.0); }));
    CHECK(written([](const auto& c) { c.template get<0>().clear(); }));
    CHECK(written([](const auto& c) { c.template get<1>().add(1); }));
    CHECK(written([](const auto& c) { c.template get<1>().remove(1); }));
    CHECK(written([](const auto& c) { c.template get<1>().clear(); }));
    CHECK(written([](const auto& c) { c.template get<2>().resize(2); }));
    CHECK(written([](const auto& c) { c.template get<2>()[1].set(1.0); }));
    CHECK(written([](const auto& c) { c.template get<2>().clear(); }));
    CHECK(written([](const auto& c) { c.mark_modified(); }));
    CHECK(ts_test::defects(root.ref()).empty());
}
