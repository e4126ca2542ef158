// Writes through views of any type happen whole or not at all, whatever they are given and whoever is told.
#include "../../runtime/src/time_series/pins.hpp"
#include "ts_owned.hpp"

#include <hgvalue/time_series/snapshot.hpp>
#include <hgvalue/time_series/tick_delta.hpp>

#include <stdexcept>
#include <string>

using namespace hgvalue;
using namespace generated_samples;
using ts_test::built_value;
using ts_test::generated_root;
using ts_test::generated_value;

namespace {

using numbers = time_series<hgvalue::tsl<ts<double>>>;
using texts = time_series<tsd<std::string, ts<std::string>>>;
using nested = time_series<tsd<std::string, tsd<std::int64_t, ts<double>>>>;

/// Too long to lie in the string itself.
std::string long_text(int i) { return "a text that needs memory of its own, number " + std::to_string(i); }

} // namespace

TEMPLATE_TEST_CASE("what is appended may lie in the list itself", "[T-07]", generated_root<numbers>,
                   generated_value<numbers>, built_value<numbers>) {
    EvaluationClock clock;
    TestType owner(clock);
    clock.advance(1);
    const TSMutableView list = owner.view();
    list.append(1.5);
    for (int i = 1; i < 100; ++i) list.append(list[0].value());
    for (int i = 0; i < 100; ++i) list.append(list[0].value().template as<double>());
    REQUIRE(list.size() == 200);
    for (std::size_t i = 0; i < 200; ++i) CHECK(list[i].value().template as<double>() == 1.5);
    list.append(Value::null(type_of<double>()));
    CHECK(list.size() == 201);
    CHECK_FALSE(list[200].valid());
}

TEMPLATE_TEST_CASE("what is inserted may lie in the dict itself", "[T-07]", generated_root<texts>,
                   generated_value<texts>, built_value<texts>) {
    EvaluationClock clock;
    TestType owner(clock);
    clock.advance(1);
    const TSMutableView dict = owner.view();
    dict.insert(std::string("first"), long_text(0));
    for (int i = 1; i < 100; ++i) dict.insert(long_text(i), dict["first"].value());
    REQUIRE(dict.size() == 100);
    for (int i = 1; i < 100; ++i) CHECK(dict.key(long_text(i)).value().template as<std::string>() == long_text(0));
    // Keys that are the data of its children.
    for (int i = 100; i < 200; ++i) {
        dict["first"].set(long_text(i));
        dict.get_or_create(dict["first"].value()).set(std::string("made"));
        dict["first"].set(long_text(1000 + i));
        CHECK(dict.add(dict["first"].value()));
        dict["first"].set(long_text(2000 + i));
        dict.insert(dict["first"].value(), dict["first"].value());
        CHECK(dict.key(long_text(i)).value().template as<std::string>() == "made");
        CHECK_FALSE(dict.key(long_text(1000 + i)).valid());
        CHECK(dict.key(long_text(2000 + i)).value().template as<std::string>() == long_text(2000 + i));
    }
    CHECK(dict.size() == 400);
}

TEST_CASE("a key may be the data of a child of the dict that gets it", "[T-05]") {
    texts dict;
    dict.tick(1);
    dict["first"].set(long_text(0));
    for (int i = 1; i < 100; ++i) {
        dict["first"].set(long_text(i));
        dict[dict.at("first").value()].set("made");
        CHECK(dict.at(long_text(i)).value() == "made");
    }
    CHECK(dict.size() == 100);
}

TEMPLATE_TEST_CASE("a dict inserted as a copy of another one in it", "[T-07]", generated_root<nested>,
                   generated_value<nested>, built_value<nested>) {
    EvaluationClock clock;
    TestType owner(clock);
    clock.advance(1);
    const TSMutableView dict = owner.view();
    dict.get_or_create(std::string("first")).insert(std::int64_t{7}, 0.5);
    for (int i = 1; i < 50; ++i) dict.insert(long_text(i), dict["first"].value());
    for (int i = 1; i < 50; ++i)
        CHECK(dict.key(long_text(i)).key(std::int64_t{7}).value().template as<double>() == 0.5);
}

TEMPLATE_TEST_CASE("an entry is inserted as a whole", "[T-07][T-08]", generated_root<texts>, generated_value<texts>,
                   built_value<texts>) {
    EvaluationClock clock;
    TestType owner(clock);
    clock.advance(1);
    const TSMutableView dict = owner.view();
    int told = 0;
    const Subscription watch = dict.subscribe_structure(
        [&] {
            ++told;
            if (dict["key"].valid()) throw std::runtime_error("seen");
        },
        When::Write);
    CHECK_THROWS_WITH(dict.insert(std::string("key"), long_text(1)), "seen");
    CHECK(told == 1);
    CHECK(dict["key"].value().template as<std::string>() == long_text(1));
    dict.insert(std::string("key"), Value::null(type_of<std::string>()));
    CHECK_FALSE(dict["key"].valid());
    dict.insert(std::string("none"), Value::null(type_of<std::string>()));
    CHECK_FALSE(dict["none"].valid());
    CHECK_THROWS_AS(dict.insert(std::string("wrong"), 1.0), TypeError);
    CHECK(dict.size() == 2);
}

TEMPLATE_TEST_CASE("what cannot be copied changes nothing", "[T-07]", generated_root<Desk>, generated_value<Desk>,
                   built_value<Desk>) {
    EvaluationClock late, early;
    TestType leader(late), follower(early);
    const TSMutableView from = leader.view(), to = follower.view();
    early.advance(50);
    to["quotes"].get_or_create(std::string("old"))["bid"].set(1.0);
    to["names"].add(std::string("old"));
    early.advance(51);
    late.advance(10);
    from["trail"].append(1.0);
    from["quotes"].get_or_create(std::string("new"))["ask"].set(2.0);
    from["names"].add(std::string("new"));
    to.copy_from(from); // all of it is of an earlier time
    CHECK(to["names"].contains(std::string("new")));
    early.advance(52);
    late.advance(100);
    from["quotes"].erase(std::string("new"));
    from["names"].add(std::string("more"));
    SECTION("in a dict") { from["quotes"].get_or_create(std::string("x"))["trail"].append(3.0); }
    SECTION("in a list") {
        from["lines"].resize(1);
        from["lines"][0]["trail"].append(3.0);
    }
    SECTION("in a bundle") { from["trail"].append(3.0); }
    CHECK_THROWS_AS(to.copy_from(from), ValueError);
    CHECK_FALSE(to.modified());
    CHECK(to["quotes"].size() == 1);
    CHECK(to["quotes"]["new"]["ask"].value().template as<double>() == 2.0);
    CHECK_FALSE(to["names"].contains(std::string("more")));
    early.advance(100);
    to.copy_from(from);
    CHECK(to["names"].contains(std::string("more")));
    CHECK_FALSE(to["quotes"].contains(std::string("new")));
}

TEMPLATE_TEST_CASE("rows that somebody looks at stay where they are", "[T-07]", generated_root<Desk>,
                   generated_value<Desk>, built_value<Desk>) {
    EvaluationClock clock;
    TestType leader(clock), follower(clock);
    const TSMutableView from = leader.view(), to = follower.view();
    clock.advance(1);
    to["levels"][0].set(1.0);
    to["depth"].get_or_create(std::string("a")).insert(std::int64_t{7}, 0.5);
    to.copy_from(from); // makes them one
    clock.advance(2);
    from["levels"][0].set(2.0);
    from["depth"].get_or_create(std::string("b")).insert(std::int64_t{7}, 0.5);
    Value taken(snapshot_type(from.type()));
    take_snapshot(from.ref(), taken.data());
    const DeltaValue delta = tick_delta(from.ref());
    to["depth"].get_or_create(std::string("a"));
    clock.advance(3);
    {
        const engine::RowPin pin(to["depth"].ref());
        CHECK_THROWS_AS(to.copy_from(from), engine::PinnedError);
        CHECK_THROWS_AS(load_snapshot(to.ref(), taken.data()), engine::PinnedError);
        CHECK_THROWS_AS(apply_tick(to.ref(), delta), engine::PinnedError);
        CHECK_FALSE(to.modified());
        CHECK_FALSE(to["levels"][0].valid());
        CHECK(to["depth"].size() == 1);
    }
    apply_tick(to.ref(), delta);
    CHECK(to["depth"].size() == 2);
    to.copy_from(from);
    CHECK(to["depth"].size() == 1);
}

TEMPLATE_TEST_CASE("there is nothing to observe through an empty reference", "[T-08][T-10]", generated_root<Desk>,
                   generated_value<Desk>, built_value<Desk>) {
    EvaluationClock clock;
    TestType owner(clock), other(clock);
    clock.advance(1);
    const TSMutableView best = owner.view()["best"];
    CHECK_THROWS_AS(best.target().subscribe([] {}), StateError);
    CHECK_THROWS_AS(best["bid"].subscribe([] {}), StateError);
    CHECK_FALSE(best.target().has_observers());
    CHECK_FALSE(other.view()["best"].target().has_observers_in_subtree());
    best.bind(owner.view()["quotes"].get_or_create(std::string("a")));
    const Subscription watch = best.target().subscribe([] {});
    CHECK(best.target().has_observers());
    CHECK_FALSE(other.view()["best"].target().has_observers());
}
