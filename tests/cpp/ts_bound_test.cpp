// Bound inputs: what fits, what is read through one, which output that is, and who is told.
#include "catch.hpp"
#include "ts_bundle.hpp"

#include <hgvalue/time_series/bound_value.hpp>
#include <hgvalue/time_series/built_node.hpp>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

using namespace hgvalue;
using ts_test::bundle;

namespace {

using price = ts<double>;
using quote = bundle<price, price>;
using linked = bundle<ts_ref<price>, price>;
using names = tss<std::string>;
using board = tsd<std::string, quote>;
using links = bundle<ts_ref<names>, ts_ref<board>, ts_ref<price>>;

std::vector<std::string> added(const auto& bound) {
    std::vector<std::string> keys;
    bound.for_each_added([&](const ConstValueView& key) { keys.push_back(key.as<std::string>()); });
    std::sort(keys.begin(), keys.end());
    return keys;
}
std::vector<std::string> removed(const auto& bound) {
    std::vector<std::string> keys;
    bound.for_each_removed([&](const ConstValueView& key) { keys.push_back(key.as<std::string>()); });
    std::sort(keys.begin(), keys.end());
    return keys;
}
using keys = std::vector<std::string>;

} // namespace

TEST_CASE("an input reads as its output", "[T-11]") {
    EvaluationClock clock;
    time_series<board> output(&clock);
    BoundValue seen = bind(board::type, ts_view(output)); // before the first tick
    CHECK(seen.kind() == SchemaMatch::Peer);
    CHECK(seen.bound());
    CHECK_FALSE(seen.valid());
    clock.advance(1);
    output["a"].get<0>().set(1.0);
    CHECK(seen.modified());
    CHECK(seen.modified_at(1));
    CHECK(seen.value().data() == &output.data());
    CHECK(seen.view()["a"][0].value().as<double>() == 1.0);
    CHECK(added(seen) == keys{"a"});
    CHECK_FALSE(seen.sampled());
    CHECK(seen.target().ref().overlay == output.ref().overlay);
    CHECK(seen.all_valid());
    clock.advance(2);
    CHECK_FALSE(seen.modified());
    CHECK(seen.last_modified_time() == 1);
    output.erase("a");
    CHECK(removed(seen) == keys{"a"});
    BoundValue moved = std::move(seen);
    output["b"].get<0>().set(1.0);
    CHECK(moved.view().size() == 1);
}

TEST_CASE("an input follows a reference that is its output", "[T-11]") {
    EvaluationClock clock;
    time_series<quote> source(&clock);
    time_series<links> holder(&clock);
    BoundValue seen = bind(price::type, ts_view(holder.get<2>()));
    CHECK(seen.kind() == SchemaMatch::Deref);
    CHECK(seen.bound());
    CHECK_FALSE(seen.valid());
    clock.advance(1);
    source.get<0>().set(1.0);
    source.get<1>().set(2.0);
    holder.get<2>().bind(source.get<0>());
    CHECK(seen.modified());
    CHECK(seen.value().as<double>() == 1.0);
    clock.advance(2);
    holder.get<2>().bind(source.get<1>());
    CHECK(seen.modified());
    CHECK(seen.value().as<double>() == 2.0);
    clock.advance(3);
    source.get<0>().set(5.0);
    CHECK_FALSE(seen.modified());
}

TEST_CASE("an input reads references in its output as what they refer to", "[T-11]") {
    EvaluationClock clock;
    time_series<quote> source(&clock);
    time_series<linked> output(&clock);
    BoundValue seen = bind(quote::type, ts_view(output));
    CHECK(seen.kind() == SchemaMatch::Composite);
    clock.advance(1);
    source.get<0>().set(1.5);
    output.get<0>().bind(source.get<0>());
    output.get<1>().set(2.5);
    CHECK(seen.view()[0].value().as<double>() == 1.5);
    CHECK(seen.view()[1].value().as<double>() == 2.5);
    CHECK(seen.all_valid());
    clock.advance(2);
    source.get<0>().set(3.5);
    CHECK(seen.modified());
    std::vector<std::size_t> modified;
    seen.view().for_each_modified([&](const PathElement& s, const TSView&) { modified.push_back(s.index()); });
    CHECK(modified == std::vector<std::size_t>{0});
}

TEST_CASE("another output: sampled, what was read before, and the difference", "[T-11][T-12]") {
    EvaluationClock clock;
    time_series<names> first(&clock);
    std::optional<time_series<names>> second(std::in_place, &clock);
    clock.advance(1);
    first.add("x"), first.add("y");
    second->add("y"), second->add("z");
    BoundValue seen = bind(names::type, ts_view(first));
    clock.advance(2);
    first.add("w");
    CHECK(added(seen) == keys{"w"});
    CHECK_FALSE(seen.has_previous());
    seen.rebind(ts_view(*second));
    CHECK(seen.modified());
    CHECK(seen.sampled());
    REQUIRE(seen.has_previous());
    CHECK(seen.previous_target().ref().overlay == first.ref().overlay);
    CHECK(added(seen) == keys{"z"});
    CHECK(removed(seen) == keys{"x"}); // w was not there when the tick began
    seen.end_evaluation();
    CHECK_FALSE(seen.sampled());
    CHECK_FALSE(seen.has_previous());
    CHECK_FALSE(seen.previous_target());
    seen.begin_evaluation(2);
    CHECK(seen.sampled());
    CHECK_THROWS_AS(seen.begin_evaluation(3), StateError);

    clock.advance(3);
    CHECK_FALSE(seen.sampled());
    CHECK_FALSE(seen.modified());
    CHECK(added(seen).empty());
    seen.unbind();
    CHECK_FALSE(seen.bound());
    CHECK_FALSE(seen.valid());
    CHECK(seen.modified()); // a set that is let go of ticks
    CHECK(removed(seen) == keys{"y", "z"});
    clock.advance(4);
    CHECK_FALSE(seen.modified());
    seen.rebind(ts_view(*second));
    CHECK(added(seen) == keys{"y", "z"});
    clock.advance(5);
    second.reset(); // the output goes
    CHECK_FALSE(seen.bound());
    CHECK_FALSE(seen.valid());
    CHECK(seen.view().size() == 0);
}

TEMPLATE_TEST_CASE("an input stays when an output goes that had a clock of its own", "[T-11]", time_series<names>,
                   TSValue) {
    const auto make = [] {
        if constexpr (std::is_same_v<TestType, TSValue>)
            return std::make_unique<TSValue>(names::type);
        else
            return std::make_unique<TestType>();
    };
    auto output = make();
    output->tick(1);
    ts_view(*output).add(std::string("x"));
    BoundValue seen = bind(names::type, ts_view(*output));
    int told = 0;
    const Subscription watch = seen.view().subscribe([&] { ++told; });
    output->tick(2);
    ts_view(*output).add(std::string("y"));
    CHECK(added(seen) == keys{"y"});
    TSValue beside(price::type, ts_view(*output).ref().context->clock);
    output.reset();
    CHECK_FALSE(seen.bound());
    CHECK_FALSE(seen.valid());
    CHECK_FALSE(seen.modified());
    CHECK(seen.view().ref().now() == 2);
    beside.tick(3); // others that are on the clock go on
    CHECK(seen.view().ref().now() == 3);
    CHECK(told == 1);
    auto next = make();
    CHECK_THROWS_AS(seen.rebind(ts_view(*next)), ValueError); // on another clock
}

TEST_CASE("an observer may destroy the output whose clock tells it", "[T-11][T-12]") {
    auto output = std::make_unique<time_series<names>>();
    output->tick(1);
    std::optional<BoundValue> seen(bind(names::type, ts_view(*output)));
    const bool with_input = GENERATE(false, true);
    const Subscription watch = ts_view(*output).subscribe([&] {
        output.reset();
        if (with_input) seen.reset();
    });
    output->add("x");
    output->tick(2);
    CHECK_FALSE(output);
    if (seen) CHECK_FALSE(seen->valid());
}

TEST_CASE("an input of another schema, or on another clock, is refused and stays as it was", "[T-11]") {
    EvaluationClock clock;
    time_series<names> output(&clock);
    time_series<quote> other(&clock);
    time_series<names> elsewhere;
    BoundValue seen = bind(ts_ref<names>::type, ts_view(output)); // of a REF: what that refers to
    CHECK(seen.kind() == SchemaMatch::Peer);
    CHECK_THROWS_AS(seen.rebind(ts_view(other)), TypeError);
    CHECK_THROWS_AS(seen.rebind(ts_view(elsewhere)), ValueError);
    CHECK_THROWS_AS(bind(names::type, ts_view(other)), TypeError);
    try {
        bind(price::type, ts_view(output));
        FAIL("bound to another schema");
    } catch (const TypeError& e) {
        CHECK(std::string(e.what()) == "an input of TS[float] cannot be bound to a TSS[str]");
    }
    CHECK(seen.target().ref().overlay == output.ref().overlay);
}

TEST_CASE("a passive input tells nobody", "[T-12]") {
    EvaluationClock clock;
    time_series<price> output(&clock), other(&clock);
    BoundValue seen = bind(price::type, ts_view(output));
    int at_end = 0, at_write = 0;
    const Subscription end = seen.view().subscribe([&] { ++at_end; });
    const Subscription write = seen.view().subscribe([&] { ++at_write; }, When::Write);
    CHECK(seen.active());
    clock.advance(1);
    output.set(1.0);
    other.set(5.0);
    clock.advance(2);
    CHECK(at_end == 1);
    CHECK(at_write == 1);

    seen.make_passive();
    CHECK_FALSE(seen.active());
    output.set(2.0);
    CHECK(seen.modified()); // it reads the same
    CHECK(seen.value().as<double>() == 2.0);
    clock.advance(3);
    output.invalidate();
    clock.advance(4);
    seen.rebind(ts_view(other));
    CHECK(seen.sampled());
    clock.advance(5);
    seen.unbind();
    seen.rebind(ts_view(output));
    clock.advance(6);
    CHECK(at_end == 1);
    CHECK(at_write == 1);

    output.set(3.0);
    seen.make_active(); // in a tick of its own: told now, and when the tick ends
    CHECK(at_write == 2);
    seen.make_active();
    CHECK(at_write == 2);
    clock.advance(7);
    CHECK(at_end == 2);
    seen.make_passive();
    seen.make_active(); // nothing ticked
    output.set(4.0);
    clock.advance(8);
    CHECK(at_end == 3);
    seen.make_passive();
    seen.rebind(ts_view(other));
    seen.make_active(); // it is sampled
    clock.advance(9);
    CHECK(at_end == 4);
}

TEST_CASE("reading through a reference that is somewhere", "[T-11]") {
    EvaluationClock clock;
    time_series<board> first(&clock), second(&clock);
    time_series<links> holder(&clock);
    clock.advance(1);
    first["a"].get<0>().set(1.0);
    first["b"].get<0>().set(1.0);
    second["b"].get<0>().set(2.0);
    second["c"].get<0>().set(2.0);
    const TSView reference = ts_view(holder.get<1>());
    DerefTSValue deref(reference, board::type);
    CHECK_FALSE(deref.bound());
    holder.get<1>().bind(first);
    deref.begin_evaluation(1);
    CHECK(deref.bound());
    CHECK(deref.modified());
    CHECK(added(deref) == keys{"a", "b"});
    deref.end_evaluation();
    clock.advance(2);
    holder.get<1>().bind(second);
    deref.begin_evaluation(2);
    CHECK(deref.has_previous());
    CHECK(deref.previous_target().size() == 2);
    CHECK(deref.value().data() == &second.data());
    CHECK(added(deref) == keys{"c"});
    CHECK(removed(deref) == keys{"a"});
    deref.end_evaluation();
    CHECK_FALSE(deref.has_previous());
    clock.advance(3);
    second.erase("b");
    CHECK(removed(deref) == keys{"b"});
    CHECK_THROWS_AS(DerefTSValue(reference, names::type), TypeError);
    CHECK_THROWS_AS(DerefTSValue(ts_view(first)), TypeError);
    const DerefTSValue of_number(ts_view(holder.get<2>()));
    CHECK_THROWS_AS(added(of_number), TypeError); // no keys
}
