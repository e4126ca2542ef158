// Observers: every scope, moment and kind, in which order, and how often.
#include "observer_log.hpp"

#include "catch.hpp"

using namespace hgvalue;
using namespace ts_test;

namespace {

using quote = bundle<ts<double>, ts<double>>;
using board = tsd<std::int64_t, quote>;
using matrix = tsd<std::int64_t, tsd<std::int64_t, ts<std::int64_t>>>;

} // namespace

TEST_CASE("nothing is allocated before the first subscription", "[T-06]") {
    time_series<quote> root;
    CHECK_FALSE(root.ref().context->observers);
    CHECK_FALSE(root.has_observers());
    CHECK_FALSE(root.has_observers_in_subtree());
    root.tick(1);
    root.get<0>().set(1.0);
    CHECK_FALSE(root.ref().context->observers);
    const auto s = root.get<0>().subscribe([] {});
    CHECK(root.ref().context->observers);
}

TEST_CASE("has_observers, here and below", "[T-06][T-16]") {
    time_series<board> root;
    root.tick(1);
    auto a = root[1].get<0>().subscribe([] {});
    CHECK_FALSE(root.has_observers());
    CHECK(root.has_observers_in_subtree());
    CHECK(root.at(1).has_observers_in_subtree());
    CHECK_FALSE(root.at(1).has_observers());
    CHECK(root.at(1).get<0>().has_observers());
    CHECK_FALSE(root.at(1).get<1>().has_observers_in_subtree());
    auto key = root.subscribe_key(7, [] {});
    CHECK(root.has_observers());
    CHECK_FALSE(root[7].has_observers()); // it is the dict that is observed
    key.unsubscribe();
    CHECK_FALSE(root.has_observers());
    a = {};
    CHECK_FALSE(root.has_observers_in_subtree());
}

TEST_CASE("a change is heard here and above, once a tick, at either moment", "[T-06][T-03]") {
    for (const When when : {When::Write, When::End}) {
        time_series<board> root;
        Log log;
        root.tick(1);
        root[1];
        root[2];
        root.end_tick();
        const auto s0 = root.subscribe(log("root"), when);
        const auto s1 = root.at(1).subscribe(log("one"), when);
        const auto s2 = root.at(2).subscribe(log("two"), when);
        const auto s3 = root.at(1).get<0>().subscribe(log("bid"), when);
        root.tick(2);
        root.at(1).get<0>().set(1.0);
        root.at(1).get<0>().set(2.0);
        root.at(1).get<1>().set(2.0);
        const words expected{"bid modified 2", "one modified 2", "root modified 2"};
        CHECK(log.all == (when == When::Write ? expected : words{}));
        root.tick(3);
        CHECK(log.all == expected);
        root.at(2).get<1>().set(2.0);
        root.end_tick();
        CHECK(log.take() ==
              words{"bid modified 2", "one modified 2", "root modified 2", "two modified 3", "root modified 3"});
        root.tick(4);
        CHECK(log.all.empty());
    }
}

TEST_CASE("the outermost call is one change", "[T-06]") {
    time_series<board> leader, root;
    leader.tick(1);
    for (std::int64_t k = 0; k < 3; ++k) leader[k].get<0>().set(1.0);
    Log log;
    root.tick(1);
    std::uint32_t size = 99;
    const auto s = root.subscribe([&] { size = root.size(); }, When::Write);
    root.apply(leader.delta());
    CHECK(size == 3);
    root.tick(2);
    const auto t = root.at(0).subscribe(log("0"), When::Write), u = root.at(1).subscribe(log("1"), When::Write);
    root.clear();
    CHECK(size == 0);
    CHECK(log.take() == words{"1 removed 2", "0 removed 2"}); // the last row goes first
}

TEST_CASE("deeper nodes first, then by change, then by subscription", "[T-06]") {
    time_series<bundle<quote, quote>> root;
    Log log;
    root.tick(1);
    auto x = root.get<0>();
    auto y = root.get<1>();
    const auto s0 = root.subscribe(log("root"));
    const auto s1 = x.subscribe(log("x first")), s2 = y.subscribe(log("y"));
    const auto s3 = x.subscribe_elements(log("x second"));
    const auto s4 = x.get<0>().subscribe(log("x0")), s5 = y.get<1>().subscribe(log("y1"));
    const auto s6 = x.subscribe(log("x third"));
    y.get<1>().set(1.0);
    x.get<0>().set(1.0);
    root.end_tick();
    CHECK(log.take() == words{"y1 modified 1", "x0 modified 1", "y modified 1", "x first modified 1",
                              "x second modified 1", "x third modified 1", "root modified 1"});
}

TEST_CASE("invalidation is heard by what it reaches and by those above", "[T-06][T-03]") {
    time_series<bundle<quote, ts<std::int64_t>>> root;
    Log log;
    root.tick(1);
    root.get<0>().get<0>().set(1.0);
    const auto s0 = root.subscribe(log("root"), When::Write), s1 = root.get<0>().subscribe(log("q"), When::Write);
    const auto s2 = root.get<0>().get<0>().subscribe(log("bid"), When::Write);
    const auto s3 = root.get<0>().get<1>().subscribe(log("ask"), When::Write);
    root.tick(2);
    root.get<0>().invalidate();
    CHECK(log.take() == words{"bid invalidated 2", "q invalidated 2", "root invalidated 2"});
    CHECK(root.valid());
    root.get<0>().invalidate(); // without effect
    root.tick(3);
    root.get<0>().invalidate();
    CHECK(log.take().empty());
    root.get<0>().get<0>().set(2.0);
    CHECK(log.take() == words{"bid modified 3", "q modified 3", "root modified 3"});
}

TEST_CASE("mark_modified and clear of a parent say nothing of what did not change below", "[T-06]") {
    time_series<quote> root;
    Log log;
    root.tick(1);
    const auto s0 = root.subscribe(log("root")), s1 = root.get<0>().subscribe(log("bid"));
    root.mark_modified();
    root.tick(2);
    CHECK(log.take() == words{"root modified 1"});
    root.clear();
    root.tick(3);
    CHECK(log.take().empty());
}

TEST_CASE("structure: keys that come and go, not what is written below", "[T-06][T-16]") {
    time_series<board> root;
    Log log;
    root.tick(1);
    const auto s = root.subscribe_structure(log("keys"), When::Write);
    const auto e = root.subscribe_elements(log("any"), When::Write);
    root[1];
    CHECK(log.take() == words{"keys modified 1", "any modified 1"});
    root.tick(2);
    root.at(1).get<0>().set(1.0);
    CHECK(log.take() == words{"any modified 2"});
    root.tick(3);
    root.erase(1);
    CHECK(log.take() == words{"keys modified 3", "any modified 3"});
    root.tick(4);
    root.mark_modified();
    CHECK(log.take().empty());

    time_series<hgvalue::tsl<ts<std::int64_t>>> list;
    list.tick(1);
    const auto l = list.subscribe_structure(log("length"), When::Write);
    list.resize(2);
    list.tick(2);
    list[0].set(1);
    list.tick(3);
    list.resize(1);
    CHECK(log.take() == words{"length modified 1", "length modified 3"});

    time_series<tss<std::int64_t>> set;
    set.tick(1);
    const auto t = set.subscribe_structure(log("set"), When::Write);
    set.add(1);
    set.tick(2);
    set.add(1);
    set.tick(3);
    set.remove(1);
    CHECK(log.take() == words{"set modified 1", "set modified 3"});
}

TEST_CASE("a key is heard of when it comes, changes, goes and comes back", "[T-06]") {
    for (const When when : {When::Write, When::End}) {
        time_series<board> root;
        Log log;
        root.tick(1);
        const auto s = root.subscribe_key(7, log("7"), when);
        root[1];
        root.end_tick();
        CHECK(log.take().empty());
        root[7].get<0>().set(1.0);
        root.tick(2);
        CHECK(log.take() == words{"7 modified 1"});
        root.at(7).get<1>().set(1.0);
        root.tick(3);
        CHECK(log.take() == words{"7 modified 2"});
        root.at(7).invalidate();
        root.tick(4);
        CHECK(log.take() == words{"7 invalidated 3"});
        root.erase(7);
        root.tick(5);
        CHECK(log.take() == words{"7 removed 4"});
        root.tick(6);
        root[7];
        root.tick(7);
        CHECK(log.take() == words{"7 modified 6"});
        // Within one tick, what remains of it at the end; with each write, each coming and going.
        root.erase(7);
        root[7].get<0>().set(2.0);
        root.tick(8);
        CHECK(log.take() == (when == When::End ? words{"7 modified 7"} : words{"7 removed 7", "7 modified 7"}));
        root.erase(7);
        root.tick(9);
        log.take();
        root[7];
        root.erase(7);
        root.tick(10);
        CHECK(log.take() == (when == When::End ? words{} : words{"7 modified 9", "7 removed 9"}));
    }
}

TEST_CASE("an element of a set", "[T-06]") {
    time_series<tss<std::int64_t>> set;
    Log log;
    set.tick(1);
    const auto s = set.subscribe_key(7, log("7"));
    set.add(1);
    set.tick(2);
    set.add(7);
    set.tick(3);
    set.remove(7);
    set.add(7);
    set.tick(4);
    CHECK(log.take() == words{"7 modified 2"});
    set.invalidate();
    set.tick(5);
    CHECK(log.take() == words{"7 removed 4"});
}

TEST_CASE("observers follow their element through swaps, and end with it", "[T-06][T-04]") {
    for (const When when : {When::Write, When::End}) {
        time_series<board> root;
        Log log;
        root.tick(1);
        for (std::int64_t k = 0; k < 100; ++k) root[k].get<0>().set(0.0);
        std::vector<Subscription> all;
        for (std::int64_t k = 0; k < 100; ++k)
            all.push_back(root.at(k).get<0>().subscribe(log(std::to_string(k)), when));
        root.tick(2);
        for (std::int64_t k = 0; k < 99; ++k) root.erase(k); // 99 moves again and again
        root.end_tick();
        words removed;
        for (std::int64_t k = 0; k < 99; ++k) removed.push_back(std::to_string(k) + " removed 2");
        CHECK(log.take() == removed);
        for (std::int64_t k = 0; k < 99; ++k) CHECK_FALSE(all[static_cast<std::size_t>(k)].active());
        for (std::int64_t k = 0; k < 1000; ++k) root[k]; // grows, and uses ids again
        root.tick(3);
        log.take();
        for (std::int64_t k = 0; k < 1000; ++k) root.at(k).get<0>().set(1.0);
        root.end_tick();
        CHECK(log.take() == words{"99 modified 3"});
        CHECK(all[99].active());
    }
}

TEST_CASE("one that was told of a change is told of the removal, too", "[T-06]") {
    time_series<matrix> root;
    Log log;
    root.tick(1);
    root[1][2].set(5);
    const auto a = root.at(1).subscribe(log("row"), When::Write);
    const auto b = root.at(1).at(2).subscribe(log("cell"), When::Write);
    const auto c = root.at(1).subscribe_key(3, log("absent"), When::Write);
    root.tick(2);
    root.at(1).at(2).set(6);
    CHECK(log.take() == words{"cell modified 2", "row modified 2"});
    root.erase(1);
    CHECK(log.take() == words{"cell removed 2", "absent removed 2", "row removed 2"});
    root[1][3].set(1); // another element
    CHECK(log.take().empty());
    CHECK_FALSE(a.active());
    CHECK_FALSE(c.active());
    CHECK_FALSE(root.has_observers_in_subtree());
}

TEST_CASE("one who subscribes late in a tick hears of what comes after", "[T-06]") {
    time_series<quote> root;
    Log log;
    root.tick(1);
    root.get<0>().set(1.0);
    const auto a = root.subscribe(log("a"));
    root.tick(2);
    CHECK(log.take().empty());
    root.get<0>().set(1.0);
    const auto b = root.get<0>().subscribe(log("b"));
    root.get<0>().set(1.0); // changes no time any more
    root.tick(3);
    CHECK(log.take() == words{"b modified 2", "a modified 2"});
}

TEST_CASE("scopes that a node does not have are refused", "[T-06]") {
    time_series<ts<std::int64_t>> root;
    const auto subscribe = [&](Scope scope) {
        std::int64_t key = 1;
        return hgvalue::detail::subscribe(root.ref(), {scope, When::End, &key, 1}, [] {});
    };
    CHECK_THROWS_AS(subscribe(Scope::Key), TypeError);
    CHECK_THROWS_AS(subscribe(Scope::Structure), TypeError);
    CHECK_THROWS_AS(subscribe(Scope::Elements), TypeError);
    CHECK(subscribe(Scope::Node).active());
}

TEST_CASE("owners lead from any node to its root", "[T-17]") {
    time_series<bundle<quote, matrix>> root;
    root.tick(1);
    for (std::int64_t k = 0; k < 20; ++k) root.get<1>()[k][k + 1].set(k);
    root.get<1>().erase(3);
    const node_ref leaf = root.get<1>().at(19).at(20).ref();
    const node_ref row = owner_of(leaf), dict = owner_of(row), top = owner_of(dict);
    CHECK(row.overlay == root.get<1>().at(19).ref().overlay);
    CHECK(row.value == root.get<1>().at(19).ref().value);
    CHECK(dict.overlay == root.get<1>().ref().overlay);
    CHECK(top.overlay == root.ref().overlay);
    CHECK(top.type->fields == root.ref().type->fields);
    CHECK(owner_of(top).overlay == top.overlay);
    CHECK(root_of(leaf).value == root.ref().value);
    const node_ref bid = root.get<0>().get<0>().ref();
    CHECK(owner_of(bid).value == root.get<0>().ref().value);
}
