// What observers may do while they are told: subscribe, unsubscribe, change, destroy, throw.
#include "catch.hpp"
#include "observer_log.hpp"

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>

using namespace hgvalue;
using namespace ts_test;

namespace {

using quote = bundle<ts<double>, ts<double>>;
using board = tsd<std::int64_t, quote>;
using numbers = tsd<std::int64_t, ts<std::int64_t>>;

struct failure : std::runtime_error {
    using std::runtime_error::runtime_error;
};

} // namespace

TEST_CASE("one that is added while others are told hears of what comes later", "[T-06]") {
    time_series<quote> root;
    Log log;
    root.tick(1);
    std::vector<Subscription> more;
    const auto s = root.subscribe(
        [&] {
            log.all.push_back("first");
            more.push_back(root.subscribe(log("added"), When::Write));
        },
        When::Write);
    root.set<0>(1.0);
    CHECK(log.take() == words{"first"});
    root.set<0>(2.0);
    CHECK(log.take() == words{"added modified 1"});
    root.tick(2);
    root.set<0>(1.0);
    CHECK(log.take() == words{"first", "added modified 2"});
}

TEST_CASE("one that is removed before its turn is not called", "[T-06]") {
    time_series<quote> root;
    Log log;
    root.tick(1);
    Subscription second, third;
    const auto first = root.subscribe([&] { second.unsubscribe(); });
    second = root.subscribe(log("second"));
    third = root.subscribe([&] {
        log.all.push_back("third");
        third.unsubscribe(); // itself
    });
    const auto fourth = root.subscribe(log("fourth"));
    for (engine_time_t t = 1; t < 3; ++t) {
        root.set<0>(1.0);
        root.tick(t + 1);
    }
    CHECK(log.take() == words{"third", "fourth modified 1", "fourth modified 2"});
    CHECK_FALSE(second.active());
    CHECK_FALSE(third.active());
}

TEST_CASE("an observer that dies takes its subscription along", "[T-06]") {
    struct Own : Observer {
        Subscription subscription;
        int* calls;
        explicit Own(int* c) : calls(c) {}
        void notify(engine_time_t) override { ++*calls; }
    };
    time_series<quote> root;
    root.tick(1);
    int calls = 0;
    std::unique_ptr<Own> own;
    const auto killer = root.get<0>().subscribe([&] { own.reset(); });
    own = std::make_unique<Own>(&calls);
    own->subscription = root.subscribe(*own);
    root.set<1>(1.0);
    root.tick(2);
    CHECK(calls == 1);
    root.set<0>(1.0); // the field is told before the bundle
    root.tick(3);
    CHECK(calls == 1);
    root.set<1>(1.0);
    root.tick(4);
    CHECK(calls == 1);
}

TEST_CASE("an object is told of removals by another function", "[T-06]") {
    struct Own : Observer {
        std::vector<engine_time_t> at, gone;
        void notify(engine_time_t t) override { at.push_back(t); }
        void removed(engine_time_t t) override { gone.push_back(t); }
    } own;
    time_series<board> root;
    root.tick(1);
    const auto s = root[1].subscribe(own);
    root.at(1).set<0>(1.0);
    root.tick(2);
    root.erase(1);
    root.tick(3);
    CHECK(own.at == std::vector<engine_time_t>{1});
    CHECK(own.gone == std::vector<engine_time_t>{2});
}

TEST_CASE("what an observer changes belongs to the tick and is told afterwards, once", "[T-06]") {
    for (const When when : {When::Write, When::End}) {
        time_series<bundle<quote, quote>> root;
        Log log;
        root.tick(1);
        const auto a = root.get<0>().subscribe(
            [&] {
                log.all.push_back("source");
                root.get<1>().set<0>(1.0);
                root.get<0>().set<1>(1.0); // it was told itself: not again
                log.all.push_back("changed");
            },
            when);
        const auto b = root.get<1>().subscribe(log("target"), when);
        const auto c = root.subscribe(log("root"), when);
        root.get<0>().set<0>(1.0);
        if (when == When::End) root.tick(2);
        CHECK(log.take() == words{"source", "changed", "root modified 1", "target modified 1"});
        CHECK(root.get<1>().last_modified_time() == 1);
        root.end_tick();
        CHECK(log.take().empty());
    }
}

TEST_CASE("an observer may insert, erase and clear what is being told", "[T-06]") {
    time_series<numbers> root;
    Log log;
    root.tick(1);
    for (std::int64_t k = 0; k < 50; ++k) root[k].set(0);
    std::vector<Subscription> all;
    for (std::int64_t k = 0; k < 50; ++k) all.push_back(root.at(k).subscribe(log(std::to_string(k))));
    all.push_back(root.at(0).subscribe([&] {
        for (std::int64_t k = 10; k < 50; ++k) root.erase(k);
        for (std::int64_t k = 100; k < 500; ++k) root[k].set(1);
    }));
    root.tick(2);
    for (std::int64_t k = 0; k < 50; ++k) root.at(k).set(1);
    root.end_tick();
    words expected;
    for (int k = 0; k < 50; ++k) expected.push_back(std::to_string(k) + (k < 10 ? " modified 2" : " removed 2"));
    // The first to be told removed them while they waited: they are told of that alone.
    CHECK(log.take() == expected);
    const auto clearing = root.subscribe([&] { root.clear(); }, When::Write);
    root.tick(3);
    root.at(5).set(2);
    CHECK(root.size() == 0);
    root.end_tick();
    expected.clear();
    for (const char* k : {"9", "8", "7", "6", "5", "4", "3", "2", "1", "0"})
        expected.push_back(std::string(k) + " removed 3");
    words told = log.take();
    std::sort(told.begin(), told.end(), std::greater<>());
    CHECK(told == expected);
}

TEST_CASE("creating a key whose observer erases it, or moves it", "[T-06]") {
    time_series<numbers> root;
    root.tick(1);
    auto s = root.subscribe_structure([&] { root.erase(7); }, When::Write);
    CHECK_THROWS_AS(root[7], StateError);
    s = root.subscribe_structure(
        [&] {
            for (std::int64_t k = 100; k < 1000; ++k) root[k];
        },
        When::Write);
    root.tick(2);
    root[8].set(80);
    CHECK(root.at(8).value() == 80);
    CHECK(root.size() == 901);
}

TEST_CASE("an observer may destroy the root, at either moment", "[T-06][T-16]") {
    for (const When when : {When::Write, When::End}) {
        for (const int by : {0, 1, 2, 3, 4}) {
            auto root = std::make_unique<time_series<numbers>>();
            Log log;
            root->tick(1);
            (*root)[1].set(1);
            (*root)[2].set(1);
            root->tick(2);
            const auto deep = root->at(1).subscribe(log("deep"), when);
            const auto gone = root->at(2).subscribe(log("gone"), When::End);
            const auto killer = root->subscribe([&] { root.reset(); }, when);
            const auto after = root->subscribe(log("after"), when);
            const auto key = root->subscribe_key(9, log("key"), When::End);
            auto& r = *root;
            if (by == 0) r.at(1).set(2);
            if (by == 1) CHECK_NOTHROW(r.erase(2));
            if (by == 2) r.clear();
            if (by == 3) r.at(1).invalidate();
            if (by == 4 && when == When::Write) CHECK_THROWS_AS(r[9], StateError);
            if (by == 4 && when == When::End) r[9];
            if (when == When::End) r.tick(3);
            CHECK_FALSE(root);
            CHECK_FALSE(after.active());
            CHECK_FALSE(deep.active());
            CHECK_FALSE(key.active());
            for (const std::string& w : log.all) CHECK(w.find("after") == std::string::npos);
        }
    }
}

TEST_CASE("nobody is called once a root is destroyed; subscriptions answer", "[T-16]") {
    Log log;
    Subscription s, moved;
    {
        time_series<board> root;
        root.tick(1);
        s = root.subscribe(log("root"));
        moved = root[1].get<0>().subscribe(log("bid"));
        root.at(1).set<0>(1.0); // to be told at the end of a tick that never ends
        CHECK(s.active());
    }
    CHECK(log.all.empty());
    CHECK_FALSE(s.active());
    CHECK_FALSE(moved.active());
    s.unsubscribe();
    moved = std::move(s);
    CHECK_FALSE(moved.active());
}

TEST_CASE("all subscriptions may end while one is told", "[T-06]") {
    for (const When when : {When::Write, When::End}) {
        time_series<board> root;
        Log log;
        root.tick(1);
        std::vector<Subscription> all;
        all.push_back(root[1].get<0>().subscribe([&] { all.clear(); }, when));
        for (int i = 0; i < 20; ++i) all.push_back(root.at(1).subscribe(log("x"), i % 2 ? When::Write : When::End));
        root.at(1).set<0>(1.0);
        root.tick(2);
        CHECK(all.empty());
        CHECK(log.take() == (when == When::Write ? words{} : words(10, "x modified 1")));
        CHECK_FALSE(root.has_observers_in_subtree());
    }
}

TEST_CASE("when observers throw, the others are called, and the write stands", "[T-06]") {
    for (const When when : {When::Write, When::End}) {
        time_series<quote> root;
        Log log;
        root.tick(1);
        const auto a = root.get<0>().subscribe([] { throw failure("a"); }, when);
        const auto b = root.subscribe(log("b"), when);
        const auto change = [&](double v) {
            root.set<0>(v);
            root.end_tick();
        };
        CHECK_THROWS_AS(change(1.0), failure);
        CHECK(root.get<0>().value() == 1.0);
        CHECK(log.take() == words{"b modified 1"});
        root.tick(2);
        const auto c = root.subscribe([] { throw failure("c"); }, when);
        try {
            change(2.0);
            FAIL("nothing was thrown");
        } catch (const ObserverErrors& e) {
            CHECK(e.errors->size() == 2);
            CHECK_THROWS_WITH(std::rethrow_exception((*e.errors)[0]), "a");
            CHECK_THROWS_WITH(std::rethrow_exception((*e.errors)[1]), "c");
        }
        CHECK(log.take() == words{"b modified 2"});
        root.set<0>(3.0); // all were told in this tick
    }
}

TEST_CASE("time does not move when an observer of its end throws, and moves at the next call", "[T-06]") {
    time_series<quote> root;
    root.tick(1);
    const auto s = root.subscribe([] { throw failure("no"); });
    root.set<0>(1.0);
    CHECK_THROWS_AS(root.tick(1), ValueError); // which is said first, and tells nobody
    CHECK_THROWS_AS(root.tick(2), failure);
    CHECK(root.now() == 1);
    root.tick(2);
    CHECK(root.now() == 2);
}

TEST_CASE("an observer cannot move the time it is told of", "[T-06]") {
    for (const When when : {When::Write, When::End}) {
        EvaluationClock other;
        time_series<quote> root, second(&other);
        root.tick(1);
        std::optional<bool> refused;
        const auto s = root.subscribe(
            [&] {
                CHECK_THROWS_AS(root.tick(9), StateError);
                other.advance(5); // that of others it may
                second.set<0>(1.0);
                refused = true;
            },
            when);
        root.set<0>(1.0);
        root.tick(2);
        CHECK(refused == true);
        CHECK(root.now() == 2);
        CHECK(second.now() == 5);
    }
}

TEST_CASE("roots that share a clock are told when its tick ends", "[T-06]") {
    EvaluationClock clock;
    Log log;
    time_series<quote> a(&clock), b(&clock);
    auto gone = std::make_unique<time_series<quote>>(&clock);
    const auto sa = a.subscribe([&] {
        log.all.push_back("a");
        b.set<0>(1.0);
        gone.reset();
    });
    const auto sb = b.subscribe(log("b"));
    const auto sg = gone->subscribe(log("gone"));
    clock.advance(1);
    a.set<0>(1.0);
    gone->set<0>(1.0);
    b.tick(1); // joins
    CHECK(log.all.empty());
    clock.advance(2);
    CHECK(log.take() == words{"a", "b modified 1"});
    b.set<0>(2.0);
    a.tick(3); // the clock's tick ends with any of its roots
    CHECK(log.take() == words{"b modified 2"});
}

TEST_CASE("only the outermost block ends a tick", "[T-06]") {
    EvaluationClock clock;
    time_series<quote> root(&clock);
    Log log;
    const auto s = root.subscribe(log("root"));
    clock.advance(1);
    clock.enter_block();
    clock.enter_block();
    root.set<0>(1.0);
    clock.leave_block();
    CHECK(log.all.empty());
    root.set<1>(1.0);
    clock.leave_block();
    CHECK(log.take() == words{"root modified 1"});
    root.set<1>(2.0); // still the same tick
    clock.advance(2);
    CHECK(log.take().empty());
}

TEST_CASE("a call that failed tells nobody by itself", "[T-06]") {
    time_series<numbers> root;
    Log log;
    const auto s = root.subscribe(log("root"), When::Write);
    CHECK_THROWS_AS(root[1], StateError); // before the first tick
    CHECK_THROWS_AS(root.clear(), StateError);
    root.tick(1);
    CHECK_THROWS_AS(root.at(5), KeyError);
    CHECK(log.all.empty());
    {
        const mutation_scope scope(*root.ref().context);
        root[1].set(1); // and what follows throws
    }
    CHECK(log.all.empty());
    root.end_tick();
    CHECK(log.take() == words{"root modified 1"});
}
