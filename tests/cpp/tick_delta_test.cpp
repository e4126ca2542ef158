// The delta of a tick of any node, and following it: a follower equals its leader at every node, on types of the
// compiler and on those made at run time.
#include "catch.hpp"
#include "ts_bundle.hpp"
#include "ts_random.hpp"
#include "ts_rebuilt.hpp"

#include <hgvalue/delta/algebra.hpp>
#include <hgvalue/delta/codec.hpp>
#include <hgvalue/time_series/snapshot.hpp>
#include <hgvalue/time_series/tick_delta.hpp>

#include <optional>
#include <string>
#include <vector>

using namespace hgvalue;
using ts_test::BuiltRoot;
using ts_test::bundle;
using ts_test::rebuilt;

namespace {

using inner = bundle<ts<std::int64_t>, tss<std::int64_t>, tsw<std::string, false, 3, 1>, hgvalue::tsl<ts<bool>>>;
using middle = bundle<ts<double>, tsd<std::string, inner>, hgvalue::tsl<inner, 2>, tsw<std::int64_t, true, 7, 3>>;
using deep = bundle<tsd<std::int64_t, middle>, hgvalue::tsl<tsd<std::int64_t, ts<std::string>>>, hgvalue::tsl<middle>,
                    ts_test::wide_bundle<ts<std::int64_t>, 40>, tss<std::string>, hgvalue::tsl<ts<bool>, 3>,
                    tsd<bool, hgvalue::tsl<tss<bool>>>, tsw<bool, false, 2, 0>>;
using dicts = tsd<std::int64_t, tsd<std::int64_t, tsd<std::int64_t, ts<std::string>>>>;
using lists = hgvalue::tsl<hgvalue::tsl<hgvalue::tsl<ts<std::int64_t>>>>;

/// What a node holds, null if it is not valid.
Value snapshot(const node_ref& n) {
    const TypeMeta& type = snapshot_type(*n.type);
    if (!n.valid()) return Value::null(type);
    Value taken(type);
    take_snapshot(n, taken.data());
    return taken;
}

bool has_time_window(const NodeType& t) {
    if (t.kind == NodeKind::TSW) return t.by_time;
    for (std::uint32_t i = 0; i < t.field_count; ++i)
        if (has_time_window(*t.fields[i].type)) return true;
    return t.child && has_time_window(*t.child);
}

void require_same(const node_ref& a, const node_ref& b, const char* what, unsigned seed, int tick, bool times = false) {
    if (const std::string d = ts_test::Comparison(times, false)(a, b); !d.empty())
        FAIL(what << ", seed " << seed << ", tick " << tick << ": " << d);
    if (const std::string d = ts_test::defects(b); !d.empty())
        FAIL(what << ", seed " << seed << ", tick " << tick << ": " << d);
}

/// A follower tick by tick, one made at run time that follows the follower, and one that follows by composed deltas.
template <class Shape> void follow(unsigned seed, int ticks, std::uint32_t most_operations) {
    time_series<Shape> leader, follower, slow;
    BuiltRoot built(rebuilt(Shape::type));
    ts_test::Mutator random(seed);
    std::optional<DeltaValue> waiting;
    std::string history;
    const bool exact = !has_time_window(Shape::type);
    for (int t = 1; t <= ticks; ++t) {
        const engine_time_t at = leader.now() + 1 + random.below(3);
        leader.tick(at);
        follower.tick(at);
        built.tick(at);
        const Value before = snapshot(leader.ref());
        for (std::uint32_t i = random.below(most_operations + 1); i-- > 0;) random.run(leader.ref());

        const DeltaValue delta = tick_delta(leader.ref());
        INFO("seed " << seed << ", tick " << t << ": " << delta.to_string());
        REQUIRE(delta.ticked() == leader.modified());
        REQUIRE(leader.delta().empty() == delta.empty());
        apply_tick(follower.ref(), delta);
        require_same(leader.ref(), follower.ref(), "follower", seed, t, true);
        apply_tick(built.ref(), decode_delta(*delta.value_schema(), encode(tick_delta(follower.ref()))));
        require_same(leader.ref(), built.ref(), "built", seed, t, true);
        if (exact) {
            Value changed = before.clone();
            delta.apply_to(changed);
            REQUIRE(changed == snapshot(leader.ref()));
        }
        if (!waiting) history.clear();
        waiting = waiting ? compose(*waiting, delta) : delta.clone();
        history += "\n  " + delta.to_string();
        if (random.below(3) == 0) {
            INFO("composed " << waiting->to_string() << " of" << history);
            slow.tick(at);
            apply_tick(slow.ref(), *waiting);
            require_same(leader.ref(), slow.ref(), "composed", seed, t);
            waiting.reset();
        }
    }
}

} // namespace

TEST_CASE("a follower of any node equals its leader, operation by operation", "[T-08][D-06]") {
    follow<deep>(1, 3000, 1);
    follow<dicts>(2, 3000, 1);
    follow<lists>(3, 3000, 1);
}
TEST_CASE("a follower of any node equals its leader, many operations a tick", "[T-08][D-06][D-04]") {
    follow<deep>(4, 1500, 6);
    follow<deep>(5, 500, 60);
    follow<tsd<std::string, middle>>(11, 1500, 6);
    follow<hgvalue::tsl<middle>>(12, 1000, 6);
    follow<hgvalue::tsl<middle, 3>>(13, 1000, 6);
    follow<tss<std::int64_t>>(14, 1000, 6);
    follow<tsw<std::string, false, 4, 2>>(15, 1000, 8);
    follow<tsw<double, true, 5, 2>>(16, 1000, 6);
    follow<inner>(17, 1500, 6);
    follow<dicts>(18, 2000, 6);
    follow<lists>(19, 2000, 6);
    follow<ts<std::string>>(20, 200, 2);
}
