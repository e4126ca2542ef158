// References made of references: one for each part of a bundle or list.
#include "ts_owned.hpp"

#include <hgvalue/time_series/engine.hpp>

#include <memory>
#include <string>
#include <vector>

using namespace hgvalue;

namespace {

TypeRegistry& types() { return TypeRegistry::instance(); }
const NodeType& number() { return built::leaf(type_of<double>()); }
const NodeType& names() { return built::set(types().set(type_of<std::string>())); }

/// A bundle of fields of these types.
const NodeType& bundle(const std::vector<std::pair<const char*, const NodeType*>>& fields) {
    BundleTypeBuilder data = types().bundle();
    std::vector<built::NodeChild> children;
    for (const auto& [name, type] : fields) {
        data.field(name, *type->value);
        children.push_back({type, "", false});
    }
    return built::bundle({"unbound_test", "B", ""}, data.build(), children);
}

const NodeType& quote() {
    static const NodeType& t = bundle({{"bid", &number()}, {"ask", &number()}, {"names", &names()}});
    return t;
}
const NodeType& pair() {
    static const NodeType& t = built::list(types().fixed_list(type_of<double>(), 2), number());
    return t;
}
const NodeType& quotes() {
    static const NodeType& t = built::dict(types().map(type_of<std::string>(), *quote().value), quote());
    return t;
}
/// What holds references: to a bundle, to a list, and to a bundle again.
const NodeType& holder() {
    static const NodeType& t = bundle(
        {{"best", &built::reference(quote())},
         {"pair", &built::reference(pair())},
         {"other", &built::reference(quote())},
         {"bid", &built::reference(number())},
         {"by_key", &built::dict(types().map(type_of<std::string>(), type_of<bool>()), built::reference(quote()))}});
    return t;
}

struct World {
    EvaluationClock clock;
    TSValue source{quotes(), &clock}, root{holder(), &clock};
    TSMutableView from = source.view(), to = root.view();

    World() {
        clock.advance(1);
        for (const char* key : {"a", "b"}) {
            from.get_or_create(std::string(key))["bid"].set(key[0] == 'a' ? 1.0 : 2.0);
            from[key]["names"].add(std::string(key));
        }
    }
    TSView source_of(const char* key, const char* field) const { return from[key][field]; }
};

double number_of(const TSView& v) { return v.value().as<double>(); }

} // namespace

TEST_CASE("a reference to parts reads as a bundle of what they refer to", "[T-10]") {
    World w;
    const TSMutableView best = w.to["best"];
    best.make_unbound(3);
    CHECK(best.is_unbound());
    CHECK_FALSE(best.is_empty());
    CHECK(best.item_count() == 3);
    CHECK_FALSE(best.valid());
    CHECK_FALSE(w.to.modified());
    CHECK(best.item(0).is_empty());
    CHECK(best.item(0).schema() == "REF[TS[float]]");
    best.set_item(0, w.source_of("a", "bid"));
    best.item(2).bind(w.source_of("b", "names"));
    CHECK(best.modified());
    CHECK(w.to.modified());
    CHECK_FALSE(best.all_valid());
    CHECK(number_of(best["bid"]) == 1.0);
    CHECK_FALSE(best["ask"].valid());
    CHECK(best["names"].contains(std::string_view("b")));
    CHECK_THROWS_AS(best["bid"].bind(w.source_of("b", "bid")), TypeError); // by item() only
    CHECK_THROWS_AS(best.item(3), IndexError);
    CHECK_THROWS_AS(best.set_item(1, w.source_of("a", "names")), TypeError);

    w.clock.advance(2);
    CHECK_FALSE(best.modified());
    w.from["a"]["bid"].set(5.0);
    CHECK(best.modified());
    CHECK(best.last_modified_time() == 2);
    CHECK(number_of(best["bid"]) == 5.0);
    CHECK_FALSE(best["names"].modified());
    std::vector<std::string> modified;
    best.for_each_modified([&](const PathElement& step, const TSView&) { modified.push_back(step.name()); });
    CHECK(modified == std::vector<std::string>{"bid"});

    w.clock.advance(3);
    best.set_item(0, w.source_of("b", "bid"));
    CHECK(number_of(best["bid"]) == 2.0);
    CHECK(best.modified());
    best.item(0).clear();
    CHECK(best.item(0).is_empty());
    CHECK_FALSE(best["bid"].valid());
    CHECK(best.valid()); // as a bundle stays
    CHECK(w.to.valid());
}

TEST_CASE("what a reference of items can be made of, and of how many", "[T-10]") {
    World w;
    CHECK_THROWS_AS(w.to["best"].make_unbound(2), ValueError);
    CHECK_THROWS_AS(w.to["pair"].make_unbound(3), ValueError);
    CHECK_THROWS_AS(w.to["bid"].make_unbound(1), TypeError); // a TS has no parts
    CHECK_THROWS_AS(w.from["a"].make_unbound(3), TypeError);
    CHECK_THROWS_AS(w.to["best"].item(0), IndexError);
    CHECK(w.to["best"].is_empty());
    TSValue early(holder());
    CHECK_THROWS_AS(early.view()["best"].make_unbound(3), StateError); // before the first tick

    const TSMutableView list = w.to["pair"];
    list.make_unbound(2);
    list.set_item(1, w.source_of("a", "bid"));
    CHECK(number_of(list[1]) == 1.0);
    CHECK_FALSE(list[0].valid());
    CHECK(list.schema() == "REF[TSL[TS[float], Size[2]]]");
    list.make_unbound(2); // fresh ones
    CHECK(list.item(1).is_empty());
    CHECK_FALSE(list.valid());
}

TEST_CASE("a reference goes between a target and items", "[T-10]") {
    World w;
    const TSMutableView best = w.to["best"];
    best.bind(w.from["a"]);
    w.clock.advance(2);
    best.make_unbound(3);
    CHECK_FALSE(best.valid());
    reference_view v = engine::reference_read(best.ref());
    CHECK(v.sampled);
    REQUIRE(v.has_before);
    CHECK(v.before.overlay == w.from["a"].ref().overlay);
    best.set_item(0, w.source_of("b", "bid"));
    CHECK(number_of(best["bid"]) == 2.0);
    const TSView was = best["bid"], item = best.item(0);

    w.clock.advance(3);
    best.bind(w.from["a"]);
    CHECK_FALSE(best.is_unbound());
    CHECK(best.item_count() == 0);
    CHECK(number_of(best["bid"]) == 1.0);
    v = engine::reference_read(best.ref());
    CHECK(v.sampled);
    REQUIRE(v.has_before); // the items, as they were
    CHECK(engine::reference_read(field_ref(v.before, 0)).node.overlay == w.source_of("b", "bid").ref().overlay);
    CHECK(item.is_stale());
    CHECK_THROWS_AS(item.valid(), StaleReferenceError);
    CHECK_THROWS_AS(was.valid(), StaleReferenceError);
    w.from["b"]["bid"].set(9.0); // followed by nobody any more
    w.clock.advance(4);
    w.from["b"]["bid"].set(10.0);
    CHECK_FALSE(best.modified());

    best.make_unbound(3);
    best.set_item(0, w.source_of("a", "bid"));
    best.clear();
    CHECK(best.is_empty());
    CHECK_FALSE(best.is_unbound());
    w.to.invalidate();
    CHECK(w.to["best"].is_empty());
}

TEST_CASE("items follow their own targets, which may go", "[T-10]") {
    World w;
    const TSMutableView best = w.to["best"];
    best.make_unbound(3);
    best.set_item(0, w.source_of("a", "bid"));
    best.set_item(2, w.source_of("a", "names"));
    w.clock.advance(2);
    w.from.erase(std::string("a"));
    CHECK(best.item(0).is_empty());
    CHECK(best.item(2).is_empty());
    CHECK_FALSE(best["bid"].valid());
    best.set_item(0, w.source_of("b", "bid"));
    CHECK(number_of(best["bid"]) == 2.0);
    w.clock.advance(3);
    w.source = TSValue();
    CHECK(best.item(0).is_empty());
    CHECK_FALSE(best["bid"].valid());
}

TEST_CASE("others follow a reference of items, and its items", "[T-10]") {
    World w;
    const TSMutableView best = w.to["best"], other = w.to["other"], bid = w.to["bid"];
    best.make_unbound(3);
    other.bind(best);
    bid.bind(best.item(0));
    best.set_item(0, w.source_of("a", "bid"));
    CHECK(other.modified());
    CHECK(bid.modified());
    CHECK(number_of(other["bid"]) == 1.0);
    CHECK(number_of(bid) == 1.0);
    w.clock.advance(2);
    w.from["a"]["bid"].set(4.0);
    CHECK(other.modified());
    CHECK(number_of(other["bid"]) == 4.0);
    CHECK(bid.modified());
    w.clock.advance(3);
    best.set_item(0, w.source_of("b", "bid"));
    CHECK(number_of(bid) == 2.0);
    CHECK(number_of(other["bid"]) == 2.0);
    // What referred to an item is empty when the items go.
    best.bind(w.from["a"]);
    CHECK(bid.is_empty());
    CHECK(number_of(other["bid"]) == 4.0);

    best.make_unbound(3);
    CHECK_THROWS_AS(best.bind(best.target()), ValueError);
    CHECK_THROWS_AS(best.set_item(0, best.item(0)), ValueError);
    bid.bind(best.item(0));
    CHECK_THROWS_AS(best.set_item(0, bid), ValueError);
    CHECK_THROWS_AS(best.bind(other), ValueError);
    CHECK(best.is_unbound());
}

TEST_CASE("references of items in a dict move, and go with their keys", "[T-10]") {
    World w;
    const TSMutableView dict = w.to["by_key"];
    for (int i = 0; i < 50; ++i) {
        const TSMutableView r = dict.get_or_create(std::to_string(i));
        r.make_unbound(3);
        dict[std::to_string(i)].set_item(0, w.source_of("a", "bid"));
    }
    for (int i = 0; i < 50; i += 2) dict.erase(std::to_string(i));
    w.clock.advance(2);
    w.from["a"]["bid"].set(7.0);
    int ticked = 0;
    dict.for_each_modified([&](const PathElement&, const TSView& r) { ticked += number_of(r["bid"]) == 7.0; });
    CHECK(ticked == 25);
    const TSMutableView kept = w.to["bid"];
    kept.bind(dict["1"].item(0));
    w.clock.advance(3);
    dict.erase(std::string("1")); // to be read in this tick, but it follows no more
    CHECK(kept.is_empty());
    w.from["a"]["bid"].set(8.0);
    CHECK(dict["3"].modified());
    w.clock.advance(4);
    w.to.clear();
    CHECK(dict.size() == 0);
}

TEST_CASE("observers of references with items", "[T-10]") {
    World w;
    const TSMutableView best = w.to["best"];
    best.make_unbound(3);
    std::vector<std::string> told;
    const auto note = [&](const char* who) {
        return [&told, who](const NodeChange& c) { told.push_back(who + std::to_string(static_cast<int>(c.kind))); };
    };
    const Subscription whole = best.subscribe(note("best"), When::Write);
    const Subscription item = best.item(0).subscribe(note("item"), When::Write);
    const Subscription root = w.to.subscribe(note("root"), When::Write);
    best.set_item(0, w.source_of("a", "bid"));
    CHECK(told == std::vector<std::string>{"item0", "best0", "root0"});
    w.clock.advance(2);
    told.clear();
    w.from["a"]["bid"].set(2.0);
    w.clock.end_tick();
    CHECK(told == std::vector<std::string>{"item0", "best0", "root0"});
    CHECK(best.has_observers_in_subtree());
    w.clock.advance(3);
    told.clear();
    w.from["a"]["bid"].invalidate();
    w.clock.end_tick();
    CHECK(told == std::vector<std::string>{"item1", "best1", "root1"});

    // With the items go the subscriptions to them.
    w.clock.advance(4);
    told.clear();
    best.make_unbound(3);
    CHECK(told == std::vector<std::string>{"item2", "best1", "root1"});
    CHECK_FALSE(item.active());
    best.set_item(0, w.source_of("b", "bid"));
    w.clock.advance(5);
    w.from["b"]["bid"].set(1.0);
    CHECK_FALSE(best.item(0).has_observers());
}
