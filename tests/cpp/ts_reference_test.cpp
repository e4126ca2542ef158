// References: what they read as, what ticks with them, and what becomes of them when something goes.
#include "catch.hpp"
#include "ts_bundle.hpp"

#include <hgvalue/time_series/built_node.hpp>
#include <hgvalue/time_series/engine.hpp>
#include <hgvalue/time_series/reference.hpp>
#include <hgvalue/time_series/snapshot.hpp>
#include <hgvalue/value/value.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

using namespace hgvalue;
using ts_test::bundle;

namespace {

using price = ts<double>;
using quote = bundle<price, price>;
using board = tsd<std::string, quote>;
using follower = bundle<ts_ref<price>, ts<std::int64_t>, ts_ref<board>>;
using book = tsd<std::string, ts_ref<price>>;

} // namespace

TEST_CASE("a reference is empty until it is bound, and ticks with its target", "[T-10]") {
    EvaluationClock clock;
    time_series<quote> source(&clock);
    time_series<follower> root(&clock);
    const auto r = root.get<0>();
    CHECK(r.is_empty());
    CHECK_FALSE(r.target());
    CHECK_THROWS_AS(r.bind(source.get<0>()), StateError); // before the first tick
    CHECK(r.is_empty());

    clock.advance(1);
    r.bind(source.get<0>()); // to what is not valid: no tick
    CHECK_FALSE(r.is_empty());
    CHECK_FALSE(r.valid());
    CHECK_FALSE(root.modified());
    source.get<1>().set(9.0); // a sibling of the target is none of its business
    CHECK_FALSE(root.modified());
    source.get<0>().set(1.5);
    CHECK(r.valid());
    CHECK(r.modified());
    CHECK(root.modified());
    CHECK(r.target()->value() == 1.5);

    clock.advance(2);
    CHECK_FALSE(r.modified());
    r.bind(source.get<0>()); // the same again
    CHECK_FALSE(root.modified());
    source.get<0>().set(2.5);
    CHECK(root.last_modified_time() == 2);

    clock.advance(3);
    source.get<0>().invalidate();
    CHECK_FALSE(r.valid());
    CHECK_FALSE(r.modified());
    CHECK(r.last_modified_time() == MIN_DT);
    CHECK(root.valid());
    CHECK_FALSE(root.modified());
    CHECK(child_touched(root.ref(), 0)); // but it is on record
    source.get<0>().set(3.5);
    CHECK(root.modified());

    clock.advance(4);
    r.clear();
    CHECK(r.is_empty());
    CHECK_FALSE(root.modified());
    source.get<0>().set(4.5);
    CHECK_FALSE(root.modified());
}

TEST_CASE("binding ticks if the target is valid, even if that did not tick", "[T-10]") {
    EvaluationClock clock;
    time_series<quote> source(&clock);
    time_series<follower> root(&clock);
    clock.advance(1);
    source.get<0>().set(1.0);
    source.get<1>().set(2.0);
    clock.advance(2);
    root.get<0>().bind(source.get<0>());
    CHECK(root.get<0>().modified());
    CHECK(root.modified());
    clock.advance(3);
    root.get<0>().bind(source.get<1>());
    CHECK(root.get<0>().last_modified_time() == 3);
    const reference_view v = engine::reference_read(root.get<0>().ref());
    CHECK(v.sampled);
    REQUIRE(v.has_before);
    CHECK(v.before.overlay == source.get<0>().ref().overlay);
    CHECK(v.node.modified()); // as it is read through the reference
    CHECK_FALSE(source.get<1>().modified());
    source.get<0>().set(7.0); // not bound any more
    clock.advance(4);
    CHECK_FALSE(engine::reference_read(root.get<0>().ref()).sampled);
    CHECK(engine::reference_read(root.get<0>().ref()).node.last_modified() == 3);
}

TEST_CASE("a reference within its target's own root", "[T-10]") {
    time_series<bundle<price, ts_ref<price>, ts<std::int64_t>>> root;
    root.tick(1);
    root.get<1>().bind(root.get<0>());
    root.get<0>().set(1.0);
    CHECK(root.get<1>().modified());
    CHECK(root.modified());
    root.tick(2);
    root.get<2>().set(1);
    CHECK_FALSE(root.get<1>().modified());
    root.get<0>().set(2.0); // when the root is stamped already
    CHECK(root.get<1>().modified());
    CHECK(child_touched(root.ref(), 1));
    root.tick(3);
    root.invalidate();
    CHECK(root.get<1>().is_empty());
    CHECK_FALSE(root.get<1>().valid());
}

TEST_CASE("a reference finds its target wherever that moves", "[T-10]") {
    EvaluationClock clock;
    time_series<board> source(&clock);
    time_series<book> root(&clock);
    clock.advance(1);
    for (int i = 0; i < 100; ++i) {
        const std::string key = std::to_string(i);
        source[key].template get<0>().set(i);
        root[key].bind(source.at(key).template get<0>()); // both grow all the time
    }
    for (int i = 0; i < 100; i += 2) source.erase(std::to_string(i));
    clock.advance(2);
    for (int i = 0; i < 100; ++i) {
        const auto r = root.at(std::to_string(i));
        REQUIRE(r.is_empty() == (i % 2 == 0));
        REQUIRE(r.valid() == (i % 2 == 1));
        if (i % 2) REQUIRE(r.target()->value() == i);
    }
    source.at("51").template get<0>().set(-1);
    std::vector<std::string> ticked;
    for (auto [key, child] : root.modified_items()) ticked.push_back(key);
    CHECK(ticked == std::vector<std::string>{"51"});
    source["50"].template get<0>().set(5); // the key is back, but what was referred to is not
    CHECK(root.at("50").is_empty());
}

TEST_CASE("what a reference refers to goes: with its element, with its root", "[T-10]") {
    EvaluationClock clock;
    auto source = std::make_unique<time_series<bundle<board, hgvalue::tsl<price>>>>(&clock);
    time_series<bundle<ts_ref<price>, ts_ref<price>, ts_ref<board>>> root(&clock);
    clock.advance(1);
    source->get<0>()["a"].template get<1>().set(1.0);
    source->get<1>().resize(2);
    source->get<1>()[1].set(2.0);
    root.get<0>().bind(source->get<0>().at("a").template get<1>());
    root.get<1>().bind(source->get<1>()[1]);
    root.get<2>().bind(source->get<0>());
    CHECK(root.all_valid());
    clock.advance(2);
    source->get<0>().erase("a");
    CHECK(root.get<0>().is_empty());
    CHECK_FALSE(root.get<0>().valid());
    CHECK(root.get<2>().modified());
    source->get<1>().resize(1);
    CHECK(root.get<1>().is_empty());
    source->get<1>().resize(3); // the index is back
    source->get<1>()[1].set(3.0);
    CHECK(root.get<1>().is_empty());
    clock.advance(3);
    source.reset();
    CHECK(root.get<2>().is_empty());
    CHECK_FALSE(root.get<2>().valid());
    CHECK(root.valid());
    CHECK(engine::reference_read(root.get<2>().ref()).node.rows().empty());
}

TEST_CASE("a reference goes before its target", "[T-10]") {
    EvaluationClock clock;
    time_series<quote> source(&clock);
    clock.advance(1);
    source.get<0>().set(1.0);
    {
        time_series<book> root(&clock);
        root["a"].bind(source.get<0>());
        root["b"].bind(source.get<0>());
        clock.advance(2);
        root.erase("a"); // still to be read in this tick, but it follows no more
        source.get<0>().set(2.0);
        CHECK(root.at("b").modified());
        REQUIRE(root.ref().keyed().removed);
        CHECK(removed_ref(root.ref(), 0).valid());
        CHECK_FALSE(removed_ref(root.ref(), 0).modified());
        clock.advance(3);
        root["c"].bind(source.get<0>());
    }
    source.get<0>().set(3.0); // nobody is there to be told
    CHECK(source.get<0>().value() == 3.0);
}

TEST_CASE("references to references", "[T-10]") {
    EvaluationClock clock;
    time_series<quote> source(&clock);
    time_series<bundle<ts_ref<price>, ts_ref<price>>> root(&clock);
    clock.advance(1);
    source.get<0>().set(1.0);
    source.get<1>().set(2.0);
    root.get<1>().bind(root.get<0>());
    CHECK_THROWS_AS(root.get<0>().bind(root.get<1>()), ValueError);
    CHECK_THROWS_AS(root.get<0>().bind(root.get<0>()), ValueError);
    CHECK_FALSE(root.get<1>().is_empty());
    CHECK_FALSE(root.get<1>().valid());
    root.get<0>().bind(source.get<0>());
    CHECK(root.get<1>().modified());
    CHECK(root.get<1>().target()->value() == 1.0);
    const std::uint64_t serial = engine::reference_serial(root.get<1>().ref());
    clock.advance(2);
    root.get<0>().bind(source.get<1>());
    CHECK(root.get<1>().modified());
    CHECK(root.get<1>().target()->value() == 2.0);
    CHECK(engine::reference_serial(root.get<1>().ref()) != serial);
    clock.advance(3);
    root.get<0>().clear();
    CHECK_FALSE(root.get<1>().valid());
    CHECK_FALSE(root.get<1>().target());
}

TEST_CASE("what a reference cannot refer to", "[T-10]") {
    EvaluationClock clock;
    time_series<quote> other; // on a clock of its own
    time_series<quote> source(&clock);
    time_series<follower> root(&clock);
    clock.advance(1);
    other.tick(1);
    CHECK_THROWS_AS(root.get<0>().bind(other.get<0>()), ValueError);
    try {
        engine::reference_bind(root.get<0>().ref(), root.get<1>().ref());
        FAIL("a reference to another type");
    } catch (const TypeError& e) {
        CHECK(std::string(e.what()) == "a REF[TS[float]] cannot refer to a TS[int]");
    }
    CHECK_THROWS_AS(root.get<0>().mark_modified(), StateError);
    CHECK(root.get<0>().is_empty());
    CHECK_FALSE(root.modified());
}

TEST_CASE("references are left out of snapshots and deltas", "[T-10]") {
    EvaluationClock clock;
    time_series<quote> source(&clock);
    time_series<follower> root(&clock), copy(&clock);
    clock.advance(1);
    source.get<0>().set(1.0);
    root.get<0>().bind(source.get<0>());
    root.get<1>().set(5);
    copy.apply(root.delta());
    CHECK(copy.get<0>().is_empty());
    CHECK(copy.get<1>().value() == 5);
    copy.get<0>().bind(source.get<0>());
    const TypeMeta& m = snapshot_type(follower::type);
    Value shot(&m);
    take_snapshot(root.ref(), shot.data());
    CHECK(m.fields[0].type->ops->optional_get(*m.fields[0].type, at_offset(shot.data(), m.fields[0].offset)) ==
          nullptr);
    load_snapshot(copy.ref(), shot.data());
    CHECK_FALSE(copy.get<0>().is_empty()); // neither is it touched by one
}

TEST_CASE("a dict that is let go of ticks", "[T-10]") {
    EvaluationClock clock;
    time_series<board> source(&clock);
    time_series<follower> root(&clock);
    clock.advance(1);
    source["a"].get<0>().set(1.0);
    root.get<2>().bind(source);
    clock.advance(2);
    root.get<2>().clear();
    CHECK(root.get<2>().modified());
    CHECK_FALSE(root.get<2>().valid());
    CHECK(root.modified());
    clock.advance(3);
    CHECK_FALSE(root.get<2>().modified());
    root.get<2>().clear(); // nothing to let go of
    CHECK_FALSE(root.modified());
}

TEST_CASE("schemas match: peer, deref, composite, or not at all", "[T-11]") {
    using with_reference = bundle<ts_ref<price>, price>;
    CHECK(match_schemas(price::type, price::type) == SchemaMatch::Peer);
    CHECK(match_schemas(price::type, ts_ref<price>::type) == SchemaMatch::Deref);
    CHECK(match_schemas(quote::type, with_reference::type) == SchemaMatch::Composite);
    CHECK(match_schemas(with_reference::type, quote::type) == SchemaMatch::Peer); // what is wanted reads the same
    CHECK(match_schemas(quote::type, ts_ref<with_reference>::type) == SchemaMatch::Deref);
    CHECK(match_schemas(hgvalue::tsl<price, 2>::type, hgvalue::tsl<ts_ref<price>, 2>::type) == SchemaMatch::Composite);
    CHECK(match_schemas(tsd<std::string, price>::type, book::type) == SchemaMatch::Composite);
    CHECK(match_schemas(hgvalue::tsl<price, 2>::type, hgvalue::tsl<price, 3>::type) == SchemaMatch::Mismatch);
    CHECK(match_schemas(hgvalue::tsl<price, 2>::type, hgvalue::tsl<price>::type) == SchemaMatch::Mismatch);
    CHECK(match_schemas(price::type, ts<std::int64_t>::type) == SchemaMatch::Mismatch);
    CHECK(match_schemas(price::type, hgvalue::signal::type) == SchemaMatch::Mismatch);
    CHECK(match_schemas(tsd<std::string, price>::type, tsd<std::int64_t, price>::type) == SchemaMatch::Mismatch);
    CHECK(match_schemas(quote::type, bundle<price, ts<std::int64_t>>::type) == SchemaMatch::Mismatch);
    CHECK(match_schemas(built::leaf(type_of<double>()), price::type) == SchemaMatch::Peer);
}
