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
