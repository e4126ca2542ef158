// Deltas of ticks of time series of random types: following, undoing, starting a follower, and what their marks say.
#include "catch.hpp"
#include "ts_random.hpp"
#include "ts_rebuilt.hpp"

#include <hgvalue/delta/algebra.hpp>
#include <hgvalue/delta/codec.hpp>
#include <hgvalue/time_series/snapshot.hpp>
#include <hgvalue/time_series/tick_delta.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

using namespace hgvalue;
using ts_test::BuiltRoot;
using ts_test::registry;

namespace {

/// Makes types of nodes that nest at most `depth` levels, of the scalars that a Mutator writes.
class RandomNodes {
  public:
    explicit RandomNodes(unsigned seed, bool by_time) : random_(seed), by_time_(by_time) {}

    const NodeType& node(int depth) {
        switch (below(depth > 0 ? 9 : 4)) {
        case 0: return built::set(registry().set(scalar()));
        case 1: return window();
        case 2:
        case 3: return built::leaf(scalar());
        case 4: {
            const NodeType& child = node(depth - 1);
            return built::list(registry().fixed_list(*child.value, 1 + below(3)), child);
        }
        case 5: {
            const NodeType& child = node(depth - 1);
            return built::list(registry().list(*child.value), child);
        }
        case 6: return bundle(depth);
        default: {
            const NodeType& child = node(depth - 1);
            return built::dict(registry().map(scalar(), *child.value), child);
        }
        }
    }

  private:
    std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(random_() % n); }
    const TypeMeta& scalar() {
        static constexpr const char* names[] = {"bool", "int", "float", "str"};
        return registry().require(names[below(4)]);
    }
    const NodeType& window() {
        if (by_time_ && below(2) == 0) return built::window(registry().window(scalar(), timedelta{1 + below(9)}));
        return built::window(registry().window(scalar(), std::size_t{1 + below(4)}, std::size_t{0}));
    }
    const NodeType& bundle(int depth) {
        static int made = 0;
        BundleTypeBuilder data = registry().bundle();
        std::vector<built::NodeChild> children;
        for (std::uint32_t i = 0, count = 1 + below(4); i < count; ++i) {
            children.push_back({&node(depth - 1), "", false});
            data.field("f" + std::to_string(i), *children.back().type->value);
        }
        const std::string name = "Random" + std::to_string(made++);
        return built::bundle({"tests", name, ""}, data.build(), children);
    }

    std::mt19937 random_;
    bool by_time_;
};

/// What a node holds, null if it is not valid.
Value snapshot(const node_ref& n) {
    const TypeMeta& type = snapshot_type(*n.type);
    if (!n.valid()) return Value::null(type);
    Value taken(type);
    take_snapshot(n, taken.data());
    return taken;
}
ConstValueView view_of(const Value& v) { return v.has_value() ? v.view() : ConstValueView(); }

DeltaValue sent(const DeltaValue& delta) {
    const std::string bytes = encode(delta);
    DeltaValue again = decode_delta(*delta.value_schema(), bytes);
    REQUIRE(again == delta);
    REQUIRE(encode(again) == bytes);
    return again;
}

void require_same(const node_ref& a, const node_ref& b, bool ticks = false) {
    REQUIRE(ts_test::Comparison(ticks, false)(a, b) == "");
    REQUIRE(ts_test::defects(b) == "");
}

/// The delta of a tick makes of what was before what is now, and its inverse the other way round, at values and at a
/// root that holds what a snapshot shows.
void undo(const node_ref& leader, const DeltaValue& delta, const Value& before, engine_time_t at) {
    const DeltaValue back = invert(delta, view_of(before));
    Value changed = snapshot(leader);
    sent(back).apply_to(changed);
    REQUIRE(changed == before);
    BuiltRoot undone(*leader.type);
    undone.tick(at);
    if (before.has_value()) load_snapshot(undone.ref(), before.data());
    undone.tick(at + 1);
    apply_tick(undone.ref(), delta);
    REQUIRE(snapshot(undone.ref()) == snapshot(leader));
    undone.tick(at + 2);
    apply_tick(undone.ref(), sent(back));
    REQUIRE(snapshot(undone.ref()) == before);
}

void play(const NodeType& type, unsigned seed, bool undoes) {
    BuiltRoot leader(type), follower(type), late(type);
    ts_test::Mutator random(seed);
    std::optional<DeltaValue> waiting;
    for (engine_time_t at = 1; at <= 60; ++at) {
        leader.tick(at);
        follower.tick(at);
        const Value before = snapshot(leader.ref());
        for (std::uint32_t i = random.below(8); i-- > 0;) random.run(leader.ref());
        const DeltaValue delta = tick_delta(leader.ref());
        INFO("seed " << seed << ", tick " << at << " of " << type_name(*delta.value_schema()) << ": "
                     << delta.to_string());
        REQUIRE(delta.time() == at);
        apply_tick(follower.ref(), sent(delta));
        require_same(leader.ref(), follower.ref(), true);
        if (before.has_value() && !delta.invalidates()) REQUIRE(apply(delta, before.view()) == snapshot(leader.ref()));
        if (undoes) undo(leader.ref(), delta, before, at);
        waiting = waiting ? compose(*waiting, delta) : delta.clone();
        if (random.below(3) == 0) {
            INFO("composed " << waiting->to_string());
            late.tick(at);
            apply_tick(late.ref(), sent(*waiting));
            require_same(leader.ref(), late.ref());
            waiting.reset();
            BuiltRoot fresh(type);
            fresh.tick(at);
            apply_tick(fresh.ref(), sent(full_delta(leader.ref())));
            require_same(leader.ref(), fresh.ref());
        }
    }
}

/// The marks of the change of the only key of a dict, null if it names none.
std::optional<std::uint8_t> marks_of_key(const DeltaValue& delta) {
    const ConstDeltaView view = delta.const_view();
    const TypeMeta& m = *view.view().schema();
    const auto at = [&](std::uint32_t i) {
        return static_cast<const std::byte*>(view.view().data()) + m.fields[i].offset;
    };
    const TypeMeta& updated = *m.fields[5].type;
    if (updated.ops->list_size(updated, at(5)) != 1) return std::nullopt;
    const void* change = updated.ops->list_data(updated, const_cast<std::byte*>(at(5)));
    return *(static_cast<const std::uint8_t*>(change) + updated.element->fields[0].offset);
}
std::uint8_t marks(const DeltaValue& delta) {
    return *(static_cast<const std::uint8_t*>(delta.view().data()) + delta.view().schema()->fields[0].offset);
}

/// A root of dict[int, float].
struct Dict : BuiltRoot {
    Dict()
        : BuiltRoot(built::dict(registry().map(type_of<std::int64_t>(), type_of<double>()),
                                built::leaf(registry().intern(type_of<double>())))) {}
    node_ref child(std::int64_t key) {
        const std::size_t hash = type_of<std::int64_t>().ops->hash(type_of<std::int64_t>(), &key);
        std::uint32_t row = find_row(*ref().type->value, ref().rows(), &key, hash);
        if (row == no_row) row = engine::insert_row(ref(), &key, hash);
        return row_ref(ref(), row);
    }
    void set(std::int64_t key, double value) {
        const node_ref n = child(key);
        *static_cast<double*>(n.value) = value;
        stamp_leaf(n, n.context->writing_time());
    }
    void erase(std::int64_t key) {
        const std::size_t hash = type_of<std::int64_t>().ops->hash(type_of<std::int64_t>(), &key);
        engine::erase_row(ref(), find_row(*ref().type->value, ref().rows(), &key, hash));
    }
};

/// Whether a storage with these marks at the root, else empty, is a delta of the type.
bool is_delta(const TypeMeta& type, std::uint8_t marks) {
    Value storage(delta_type(type));
    *(static_cast<std::uint8_t*>(storage.data()) + storage.schema()->fields[0].offset) = marks;
    try {
        const DeltaValue delta = DeltaValue::from_storage(type, std::move(storage));
        REQUIRE(decode_delta(type, encode(delta)) == delta);
        return true;
    } catch (const ValueError&) {
        return false;
    }
}

} // namespace

TEST_CASE("deltas of ticks of any type follow, undo and start", "[T-08][D-04][D-06]") {
    for (unsigned seed = 1; seed <= 60; ++seed) {
        play(RandomNodes(seed, false).node(3), seed, true);
        play(RandomNodes(seed + 1000, true).node(3), seed, false);
    }
}

TEST_CASE("the marks of a dict tell of its keys", "[T-05][D-06]") {
    Dict dict;
    dict.tick(1);
    dict.set(1, 1.5);
    CHECK(marks(tick_delta(dict.ref())) == (DeltaMark::Ticked | DeltaMark::Keys));
    dict.tick(2);
    dict.set(1, 2.5);
    CHECK(marks(tick_delta(dict.ref())) == DeltaMark::Ticked);
    dict.tick(3);
    dict.set(2, 1.0);
    dict.erase(2); // which nets to nothing
    CHECK(tick_delta(dict.ref()).change_count() == 0);
    CHECK(marks(tick_delta(dict.ref())) == (DeltaMark::Ticked | DeltaMark::Keys));
}

TEST_CASE("the marks of a child that is not valid tell what it was", "[T-05][D-06]") {
    Dict dict;
    dict.tick(1);
    dict.child(1);
    CHECK(marks_of_key(tick_delta(dict.ref())) == std::nullopt); // it never was
    dict.tick(2);
    dict.set(1, 1.5);
    engine::invalidate(dict.child(1));
    CHECK(marks_of_key(tick_delta(dict.ref())) == std::uint8_t{DeltaMark::Invalid | DeltaMark::Written});
    dict.tick(3);
    dict.set(1, 1.5);
    dict.tick(4);
    engine::invalidate(dict.child(1)); // a follower knows what it was
    CHECK(marks_of_key(tick_delta(dict.ref())) == std::uint8_t{DeltaMark::Invalid});
    dict.tick(5);
    CHECK(tick_delta(dict.ref()).empty());
    CHECK(marks_of_key(full_delta(dict.ref())) == std::uint8_t{DeltaMark::Invalid | DeltaMark::WasValid});
}

TEST_CASE("the inverse of a first tick leaves nothing", "[D-04]") {
    Dict dict, other;
    dict.tick(1);
    dict.set(1, 1.5);
    const DeltaValue delta = tick_delta(dict.ref());
    const DeltaValue back = sent(invert(delta, ConstValueView()));
    CHECK(back.invalidates());
    CHECK(back.time() == MIN_DT);
    dict.tick(2);
    apply_tick(dict.ref(), back);
    CHECK_FALSE(dict.ref().valid());
    CHECK(dict.ref().rows().empty());
    CHECK(invert(DeltaValue(*delta.value_schema()), ConstValueView()).empty());
    CHECK(full_delta(other.ref()).empty());
}

TEST_CASE("marks that contradict each other are no delta", "[D-01]") {
    const TypeMeta& number = registry().intern(type_of<double>());
    const TypeMeta& plain = registry().map(number, number);
    const TypeMeta& series = registry().map(number, registry().optional(number));
    for (std::uint32_t bits = 0; bits < 256; ++bits) {
        const auto m = static_cast<std::uint8_t>(bits);
        using namespace DeltaMark;
        INFO("marks " << bits);
        const bool past = (m & (Written | WasValid)) != 0 || (m & ~DeltaMark::all) != 0;
        const bool both = (m & Invalid) && (m & (Ticked | Cleared));
        CHECK(is_delta(number, m) == !((m & ~(Ticked | Invalid)) != 0 || both));
        CHECK(is_delta(series, m) == !(past || both));
        CHECK(is_delta(plain, m) == !(past || both || (m & Keys)));
        CHECK(is_delta(registry().optional(number), m) == (m == 0));
    }
}
