// Views of time series: the same memory as the plain value's, navigation, what is read and written through them.
#include "memory.hpp"
#include "ts_owned.hpp"

#include <hgvalue/value/navigate.hpp>

#include <optional>
#include <string>
#include <vector>

using namespace hgvalue;
using namespace generated_samples;
using memory::allocations;
using ts_test::built_value;
using ts_test::generated_root;
using ts_test::generated_value;

namespace {

/// A desk with something in every field.
void fill(TSMutableView desk) {
    for (const char* key : {"UA1545", "BA2"}) {
        desk["quotes"].get_or_create(std::string(key))["bid"].set(1.5);
        desk["quotes"][key]["trail"].append(1.0);
    }
    desk["levels"][2].set(3.0);
    desk["lines"].resize(2);
    desk["lines"][1]["ask"].set(2.5);
    desk["names"].add(std::string("x"));
    desk["trail"].append(4.0);
    desk["beat"].mark_modified();
    desk["depth"].get_or_create(std::string("UA1545")).get_or_create(std::int64_t{7}).set(0.5);
}

std::string error_of(const auto& f) {
    try {
        f();
    } catch (const Error& e) {
        return e.what();
    }
    return "no error";
}

} // namespace

TEST_CASE("a view of a generated time series looks at its memory", "[T-07][generated]") {
    EvaluationClock clock;
    Desk root(&clock);
    clock.advance(1);
    const TSMutableView desk = ts_view(root);
    fill(desk);
    CHECK(desk.ref().value == root.ref().value);
    CHECK(desk.ref().overlay == root.ref().overlay);
    CHECK(desk.value().data() == view(root).data());
    CHECK(desk.value().schema() == &type_of<DeskValue>());
    CHECK(&desk["quotes"]["UA1545"]["bid"].value().as<double>() == &root.quotes().at("UA1545").bid().value());
    CHECK(desk["quotes"].value().data() == &root.quotes().data());
    CHECK(&desk["levels"][2].value().as<double>() == &root.levels()[2].value());
    CHECK(&desk["lines"][1]["ask"].value().as<double>() == &root.lines()[1].ask().value());
    CHECK(desk["names"].value().data() == &root.names().data());
    CHECK(desk["trail"].value().data() == &root.trail().data());
    // A typed write is seen through the view, and the other way round.
    root.quotes()["UA1545"].bid().set(9.0);
    CHECK(desk["quotes"]["UA1545"]["bid"].value().as<double>() == 9.0);
    desk["quotes"]["UA1545"]["bid"].set(8.0);
    CHECK(root.quotes().at("UA1545").bid().value() == 8.0);
}

TEMPLATE_TEST_CASE("going from a time series to its data and back", "[T-02][T-07][generated]", generated_root<Desk>,
                   generated_value<Desk>, built_value<Desk>) {
    EvaluationClock clock;
    TestType owner(clock);
    clock.advance(1);
    const TSMutableView desk = owner.view();
    fill(desk);
    const ConstValueView data = desk.value();
    const auto back = [&](const ConstValueView& part) { return desk.find(part); };
    CHECK(back(data)->ref().overlay == desk.ref().overlay);
    for (const char* path : {"quotes", "quotes['UA1545']", "quotes['UA1545'].bid", "levels[1]", "lines[1].trail",
                             "names", "trail", "beat", "depth['UA1545'][7]"}) {
        INFO(path);
        const ConstValueView part = navigate(data, path);
        const TSMutableView node = desk.navigate(path);
        REQUIRE(node.value().data() == part.data());
        REQUIRE(back(part));
        CHECK(back(part)->ref().overlay == node.ref().overlay);
        CHECK(back(part)->ref().slot == node.ref().slot);
        CHECK(desk.navigate(part.path()).ref().overlay == node.ref().overlay);
        CHECK(desk.navigate(node.path()).ref().overlay == node.ref().overlay);
    }
    // What a leaf, set or window holds is no time series.
    CHECK_FALSE(back(navigate(data, "quotes['UA1545'].deal.leg")));
    CHECK_FALSE(back(navigate(data, "trail[0]")));
    CHECK_FALSE(desk["quotes"].find(navigate(data, "quotes['UA1545']"))); // it began at another node
    const Value copy = data.clone();
    CHECK_FALSE(back(copy.view()["levels"]));
    CHECK_FALSE(back(ConstValueView()));
}

TEMPLATE_TEST_CASE("views and the way between them allocate nothing", "[T-07]", generated_root<Desk>,
                   generated_value<Desk>, built_value<Desk>) {
    EvaluationClock clock;
    TestType owner(clock);
    clock.advance(1);
    fill(owner.view());
    const std::string key = "UA1545";
    const Value key_value(key);
    const std::int64_t level = 7;

    const long before = allocations;
    std::size_t sum = 0;
    const TSMutableView desk = owner.view();
    for (std::string_view field : {"quotes", "levels", "lines", "names", "trail", "beat", "depth"}) {
        const TSView node = desk[field];
        const ConstValueView data = node.value();
        sum += node.valid() + node.modified() + node.all_valid() + static_cast<std::size_t>(data.schema()->kind);
        sum += node.find(data)->valid() + node.parent().valid() + node.root().valid();
        sum += desk.find(desk.value()[field])->valid();
    }
    sum += desk["quotes"][key.c_str()]["bid"].valid() + desk["quotes"].key(key)["bid"].valid();
    sum += desk["quotes"][key_value.view()].valid() + desk["depth"]["UA1545"].key(level).valid();
    sum += desk["quotes"].contains(key) + desk["quotes"].contains(std::string_view("none"));
    sum += desk["names"].contains(key) + desk["lines"][1]["ask"].modified();
    sum += desk.navigate(desk.value()["depth"]["UA1545"].path()).size();
    const auto count = [&](const PathElement&, const TSView& child) { sum += child.valid(); };
    desk.for_each_child(count);
    desk.for_each_modified(count);
    desk["quotes"].for_each_modified(count);
    desk["levels"].for_each_valid(count);
    desk["levels"][0].set(2.0);
    desk["quotes"]["BA2"]["ask"].set(2.0);
    desk["quotes"].invalidate();
    CHECK(allocations == before);
    CHECK(sum > 0);
}

TEMPLATE_TEST_CASE("what is read through a view", "[T-02][T-07][generated]", generated_root<Desk>,
                   generated_value<Desk>, built_value<Desk>) {
    EvaluationClock clock;
    TestType owner(clock);
    const TSMutableView desk = owner.view();
    CHECK_FALSE(desk.valid());
    CHECK_FALSE(desk.modified_at(MIN_DT));
    clock.advance(1);
    fill(desk);
    clock.advance(2);
    CHECK(desk.last_modified_time() == 1);
    CHECK(desk.modified_at(1));
    CHECK_FALSE(desk.modified());
    desk["quotes"]["BA2"]["ask"].set(7.0);
    desk["levels"][0].set(1.0);
    CHECK(desk.modified());
    CHECK(desk.now() == 2);
    CHECK_FALSE(desk["quotes"]["UA1545"].modified());
    CHECK(desk["levels"].size() == 3);
    CHECK(desk["quotes"].size() == 2);
    CHECK(desk["trail"].size() == 1);
    CHECK(desk.size() == 9);
    CHECK(desk["levels"].kind() == NodeKind::TSL);
    CHECK(desk["levels"].schema() == "TSL[TS[float], Size[3]]");
    CHECK_FALSE(desk["levels"].all_valid());

    std::vector<std::string> names;
    desk.for_each_modified([&](const PathElement& step, const TSView&) { names.push_back(step.name()); });
    CHECK(names == std::vector<std::string>{"quotes", "levels"});
    std::vector<std::size_t> indices;
    desk["levels"].for_each_modified([&](const PathElement& s, const TSView&) { indices.push_back(s.index()); });
    CHECK(indices == std::vector<std::size_t>{0});
    std::vector<std::string> keys;
    desk["quotes"].for_each_modified([&](const PathElement& step, const TSView& child) {
        keys.push_back(*static_cast<const std::string*>(step.key()));
        CHECK(child["ask"].value().template as<double>() == 7.0);
    });
    CHECK(keys == std::vector<std::string>{"BA2"});

    CHECK(desk["quotes"]["BA2"]["ask"].path() == "quotes[\"BA2\"].ask");
    CHECK(desk["depth"]["UA1545"].key(7).path() == "depth[\"UA1545\"][7]");
    CHECK(desk.path().empty());
}

TEMPLATE_TEST_CASE("from any node up to its root", "[T-17]", generated_root<Desk>, generated_value<Desk>,
                   built_value<Desk>) {
    EvaluationClock clock;
    TestType owner(clock);
    clock.advance(1);
    const TSMutableView desk = owner.view();
    fill(desk);
    const TSView leaf = desk.navigate("quotes['UA1545'].bid");
    CHECK(leaf.parent().ref().overlay == desk["quotes"]["UA1545"].ref().overlay);
    CHECK(leaf.parent().parent().ref().overlay == desk["quotes"].ref().overlay);
    CHECK(leaf.parent().parent().parent().ref().overlay == desk.ref().overlay);
    CHECK(leaf.root().ref().overlay == desk.ref().overlay);
    CHECK(desk.parent().ref().overlay == desk.ref().overlay); // a root is its own
    // An element that moves is found from below where it is then.
    desk["quotes"].erase(std::string("UA1545"));
    CHECK(desk["quotes"]["BA2"]["bid"].parent().path() == "quotes[\"BA2\"]");
}

TEMPLATE_TEST_CASE("writes through a view stamp and tell", "[T-07][T-08]", generated_root<Desk>, generated_value<Desk>,
                   built_value<Desk>) {
    EvaluationClock clock;
    TestType owner(clock);
    const TSMutableView desk = owner.view();
    CHECK_THROWS_AS(desk["levels"][0].set(1.0), StateError); // before the first tick
    const Value quote(TypeRegistry::instance().bundle().field("bid", type_of<double>()).build());
    int told = 0;
    const Subscription watch = desk.subscribe([&] { ++told; }, When::Write);
    const auto tells = [&](const auto& write) {
        clock.advance(clock.now() == MIN_DT ? 1 : clock.now() + 1);
        const int before = told;
        write();
        return told == before + 1 && desk.modified();
    };
    CHECK(tells([&] { desk["levels"][0].set(1.0); }));
    CHECK(tells([&] { desk["quotes"].insert(std::string("a"), quote); }));
    CHECK(tells([&] { desk["quotes"].add(std::string("b")); }));
    CHECK(tells([&] { desk["quotes"].erase(std::string("b")); }));
    CHECK(tells([&] { desk["names"].add(std::string("x")); }));
    CHECK(tells([&] { desk["names"].erase(std::string("x")); }));
    CHECK(tells([&] { desk["lines"].resize(1); }));
    CHECK(tells([&] { desk["trail"].append(1.0); }));
    CHECK(tells([&] { desk["beat"].mark_modified(); }));
    CHECK(tells([&] { desk["beat"].set(true); }));
    CHECK(tells([&] { desk["quotes"].clear(); }));
    CHECK(tells([&] { desk["trail"].clear(); }));
    CHECK(desk["names"].add(std::string("y")));
    CHECK_FALSE(desk["names"].add(std::string("y")));
    CHECK_FALSE(desk["names"].erase(std::string("none")));

    clock.advance(100);
    const int before = told;
    desk["levels"].invalidate(); // told, although the desk does not tick
    CHECK(told == before + 1);
    CHECK_FALSE(desk["levels"].valid());
    CHECK_FALSE(desk.modified());
    desk["levels"][1].set(2.0);
    desk["levels"][1].set(Value::null(type_of<double>()));
    CHECK_FALSE(desk["levels"][1].valid());
    desk["levels"][1].apply(Value::null(type_of<double>())); // nothing
    desk["levels"][1].set(ConstValueView());
}

TEMPLATE_TEST_CASE("whole values", "[T-07][T-08]", generated_root<Desk>, generated_value<Desk>, built_value<Desk>) {
    EvaluationClock clock;
    TestType owner(clock), other(clock);
    clock.advance(1);
    const TSMutableView desk = owner.view();
    TypeRegistry& types = TypeRegistry::instance();

    // Other layouts than the node's own, and optionals.
    Value levels(types.get("Array[float | None, Size[3]]"));
    levels.view()[0].copy_from(Value(1.5).view());
    desk["levels"].set(levels);
    CHECK(desk["levels"][0].value().template as<double>() == 1.5);
    CHECK_FALSE(desk["levels"][1].valid());

    Value quote(types.bundle().field("ask", *types.get("float | None")).field("bid", *types.get("float")).build());
    quote.view()["bid"].assign(2.5);
    Value book(types.map(*types.get("str"), *quote.schema()));
    book.view().as_map().set("AAPL", quote.view());
    desk["quotes"].set(book);
    CHECK(desk["quotes"]["AAPL"]["bid"].value().template as<double>() == 2.5);
    CHECK_FALSE(desk["quotes"]["AAPL"]["ask"].valid());

    Value names(types.get("set[str]"));
    names.view().as_set().insert("x");
    names.view().as_set().insert("y");
    desk["names"].set(names);
    names.view().as_set().erase("x");
    desk["names"].apply(names); // all that it is to hold
    CHECK(desk["names"].size() == 1);
    desk["lines"].append(quote);
    CHECK(desk["lines"][0]["bid"].value().template as<double>() == 2.5);
    desk["trail"].set(1.5);
    desk["trail"].set(2.5); // a window takes one more element
    CHECK(desk["trail"].size() == 2);

    other.view().copy_from(desk);
    CHECK(other.view()["quotes"]["AAPL"]["bid"].value().template as<double>() == 2.5);
    CHECK(other.view()["trail"].size() == 2);
    CHECK(other.view()["names"].contains(std::string_view("y")));
    clock.advance(2);
    desk["quotes"].erase(std::string("AAPL"));
    other.view()["quotes"].copy_from(desk["quotes"]);
    CHECK(other.view()["quotes"].size() == 0);
    CHECK(other.view()["quotes"].modified());
}

TEMPLATE_TEST_CASE("what does not fit is refused with its place, and changes nothing", "[T-07]", generated_value<Desk>,
                   built_value<Desk>) {
    EvaluationClock clock;
    TestType owner(clock);
    clock.advance(1);
    const TSMutableView desk = owner.view();
    fill(desk);
    clock.advance(2);
    TypeRegistry& types = TypeRegistry::instance();
    CHECK(error_of([&] { desk["nothing"]; }) == "Desk: no field 'nothing'");
    CHECK(error_of([&] { desk["level"]; }) == "Desk: no field 'level'; did you mean 'levels'?");
    CHECK(error_of([&] { desk["quotes"]["none"]; }) == "quotes: no key \"none\"");
    CHECK(error_of([&] { desk["quotes"].key(5); }) == "quotes: expected str, got int32");
    CHECK(error_of([&] { desk["levels"][3]; }) == "levels: position 3 is out of range for 3 elements");
    CHECK(error_of([&] { desk["trail"][0]; }) ==
          "trail: a TSW[float, Size[3], Size[0]] has no fields or elements by position");
    CHECK(error_of([&] { desk.navigate("levels[0].x"); }) == "levels[0]: a TS[float] has no time series below it");
    CHECK(error_of([&] { desk["levels"].key(1); }) == "levels: a TSL[TS[float], Size[3]] has no keys");
    CHECK(error_of([&] { desk["beat"].size(); }) == "beat: a SIGNAL has no size");
    CHECK_THROWS_AS(desk["nothing"], KeyError);
    CHECK_THROWS_AS(desk["levels"][3], IndexError);
    CHECK_THROWS_AS(TSView().value(), NullValueError);

    CHECK(error_of([&] { desk["levels"][0].set("text"); }) == "levels[0]: expected float, got str");
    CHECK(error_of([&] { desk["levels"][0].set(5); }) == "levels[0]: expected float, got int32");
    CHECK(error_of([&] { desk["levels"].set(2.0); }) == "levels: a TSL[TS[float], Size[3]] does not take a float");
    CHECK(error_of([&] { desk["levels"].set(std::vector<double>{1, 2}); }) == "levels: expected 3 elements, got 2");
    Value line(types.bundle().field("bid", *types.get("float")).field("ask", *types.get("str")).build());
    CHECK(error_of([&] { desk["lines"].append(line); }) == "lines.ask: expected float, got str");
    CHECK(error_of([&] { desk["quotes"].insert(std::string("new"), line); }) == "quotes.ask: expected float, got str");
    Value many(types.map(*types.get("str"), *line.schema()));
    many.view().as_map().set("UA1545", line.view());
    CHECK(error_of([&] { desk["quotes"].set(many); }) == "quotes[\"UA1545\"].ask: expected float, got str");
    Value unknown(types.bundle().field("bids", *types.get("float")).build());
    CHECK(error_of([&] { desk["lines"][0].set(unknown); }) ==
          "lines[0]: a " + desk["lines"][0].schema() + " has no field 'bids'");
    CHECK(error_of([&] { desk["best"].set(line); }) ==
          "a reference cannot be written through; write to its target, or bind() it to another");
    CHECK_THROWS_AS(desk["levels"].append(1.0), TypeError);
    CHECK_THROWS_AS(desk["quotes"].resize(1), TypeError);
    CHECK_THROWS_AS(desk["levels"].add(1.0), TypeError);
    CHECK_THROWS_AS(desk["names"].get_or_create(std::string("x")), TypeError);
    CHECK_THROWS_AS(desk["levels"].copy_from(desk["lines"]), TypeError);
    CHECK_FALSE(desk.modified());
    CHECK(desk["lines"].size() == 2);
    CHECK(desk["quotes"].size() == 2);
}

TEMPLATE_TEST_CASE("a view whose element may have moved says so", "[T-07]", generated_root<Desk>, generated_value<Desk>,
                   built_value<Desk>) {
    EvaluationClock clock;
    TestType owner(clock);
    clock.advance(1);
    const TSMutableView desk = owner.view();
    fill(desk);
    const TSMutableView quotes = desk["quotes"], level = desk["levels"][0];
    const TSMutableView ua = quotes["UA1545"], bid = ua["bid"], ba = quotes["BA2"];
    quotes.erase(std::string("BA2"));
    for (const TSMutableView& stale : {ua, bid, ba}) {
        CHECK(stale.is_stale());
        CHECK_THROWS_AS(stale.value(), StaleReferenceError);
        CHECK_THROWS_AS(stale.valid(), StaleReferenceError);
        CHECK_THROWS_AS(stale.set(1.0), StaleReferenceError);
        CHECK_THROWS_AS(stale.invalidate(), StaleReferenceError);
    }
    CHECK_FALSE(quotes.is_stale()); // nothing above it can move
    CHECK_FALSE(level.is_stale());
    CHECK(quotes["UA1545"]["bid"].value().template as<double>() == 1.5);

    // A dict in a dict stays good when the change was made through its own view.
    const TSMutableView inner = desk["depth"]["UA1545"];
    for (std::int64_t i = 0; i < 100; ++i) inner.get_or_create(i).set(1.0);
    CHECK(inner.size() == 100);
    desk["depth"].clear();
    CHECK_THROWS_AS(inner.size(), StaleReferenceError);
    // In a loop that changes what it runs over the next step is not taken.
    CHECK_THROWS_AS(quotes.for_each_child([&](const PathElement&, const TSView&) { quotes.clear(); }),
                    StaleReferenceError);
}

TEMPLATE_TEST_CASE("what observers do while a key is made", "[T-07]", generated_value<Desk>, built_value<Desk>) {
    EvaluationClock clock;
    auto owner = std::make_unique<TestType>(clock);
    clock.advance(1);
    {
        const TSMutableView quotes = owner->view()["quotes"];
        const Subscription watch = quotes.subscribe_structure([&] { quotes.erase(std::string("a")); }, When::Write);
        CHECK_THROWS_AS(quotes.get_or_create(std::string("a")), StateError);
        CHECK(quotes.size() == 0);
    }
    const TSMutableView quotes = owner->view()["quotes"];
    const Subscription watch = quotes.subscribe_structure([&] { owner.reset(); }, When::Write);
    CHECK_THROWS_AS(quotes.get_or_create(std::string("a")), StateError);
    CHECK_FALSE(owner);
}

TEMPLATE_TEST_CASE("reading through a reference", "[T-07][T-10]", generated_root<Desk>, generated_value<Desk>,
                   built_value<Desk>) {
    EvaluationClock clock;
    TestType owner(clock);
    clock.advance(1);
    const TSMutableView desk = owner.view();
    fill(desk);
    const TSMutableView best = desk["best"], price = desk["price"];
    CHECK(best.is_empty());
    CHECK_FALSE(best.valid());
    CHECK(best.size() == 4); // of a quote that was never written
    CHECK_FALSE(best["bid"].valid());
    best.bind(desk["quotes"]["UA1545"]);
    price.bind(desk["quotes"]["UA1545"]["bid"]);
    CHECK_FALSE(best.is_empty());
    CHECK(best.kind() == NodeKind::REF);
    CHECK(best.target().kind() == NodeKind::TSB);
    CHECK(best.value().data() == desk["quotes"]["UA1545"].value().data());
    CHECK(best["bid"].value().data() == price.value().data());
    CHECK(desk.navigate("best.bid").value().data() == price.value().data());
    CHECK(best["bid"].path() == "quotes[\"UA1545\"].bid");
    CHECK_THROWS_AS(best["bid"].set(1.0), TypeError);
    CHECK_THROWS_AS(best.target().set(1.0), TypeError);
    CHECK_THROWS_AS(price.bind(desk["names"]), TypeError);
    CHECK_THROWS_AS(desk["names"].bind(price), TypeError);
    clock.advance(2);
    desk["quotes"]["UA1545"]["bid"].set(3.0);
    CHECK(price.modified());
    CHECK(price.value().template as<double>() == 3.0);
    desk["quotes"].erase(std::string("UA1545"));
    CHECK(price.is_empty());
    CHECK_FALSE(price.valid());
    best.clear();
    CHECK(best.is_empty());
}

TEMPLATE_TEST_CASE("a node and all below it as text, at a time", "[T-14]", generated_root<Desk>, generated_value<Desk>,
                   built_value<Desk>) {
    EvaluationClock clock;
    TestType owner(clock);
    clock.advance(1);
    const TSMutableView desk = owner.view();
    desk["levels"][0].set(1.5);
    clock.advance(2);
    desk["levels"][2].set(2.5);
    CHECK(desk["levels"].to_debug_string() ==
          "levels (now 1970-01-01 00:00:00.000002): TSL[TS[float], Size[3]] modified 1970-01-01 00:00:00.000002\n"
          "  [0]: TS[float] at 1970-01-01 00:00:00.000001 = 1.5\n"
          "  [1]: TS[float] invalid\n"
          "  [2]: TS[float] modified 1970-01-01 00:00:00.000002 = 2.5\n");
    CHECK(desk["levels"][0].to_debug_string(1) == "levels[0] (now 1970-01-01 00:00:00.000001): TS[float] modified "
                                                  "1970-01-01 00:00:00.000001 = 1.5\n");
    CHECK(desk.to_debug_string().starts_with("Desk (now "));
}

TEST_CASE("a time series of any type has an owner", "[T-02]") {
    TSValue none;
    CHECK_FALSE(none);
    TSValue price(built::leaf(type_of<double>()));
    CHECK_FALSE(price.view().valid());
    price.tick(5);
    const TSMutableView view = price.view();
    view.set(1.5);
    TSValue moved = std::move(price);
    CHECK_FALSE(price); // NOLINT(bugprone-use-after-move)
    CHECK(view.value().as<double>() == 1.5);
    CHECK(moved.value().as<double>() == 1.5);
    CHECK(moved.now() == 5);
    CHECK_THROWS_AS(moved.tick(5), ValueError);
    int ended = 0;
    const Subscription watch = ts_view(moved).subscribe([&] { ++ended; });
    ts_view(moved).set(2.5);
    moved.end_tick();
    CHECK(ended == 1);
    EvaluationClock shared;
    TSValue one(built::signal(), &shared), other(built::signal(), &shared);
    one.tick(3);
    other.tick(3); // joins
    CHECK(other.now() == 3);
    CHECK(&one.clock() == &shared);
    const TSValue& constant = one;
    static_assert(std::is_same_v<decltype(constant.view()), TSView>);
    static_assert(std::is_same_v<decltype(ts_view(constant)), TSView>);
    static_assert(sizeof(TSView) == sizeof(node_ref) + sizeof(std::uint64_t));
    CHECK_FALSE(constant.view().valid());
}
