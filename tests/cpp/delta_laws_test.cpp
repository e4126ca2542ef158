// The laws of deltas, for random values of random types.
#include "catch.hpp"

#include "delta_mutations.hpp"

#include <hgvalue/value/format.hpp>

using namespace hgvalue;
using namespace random_values;

namespace {

constexpr unsigned rounds = 1500;

/// A random type and a few values of it, each an edit of the one before.
struct world {
    explicit world(unsigned seed) : random(seed), edits(random), a(random.value(random.type())) {
        b = edits.edited(a);
        c = edits.edited(b);
        d = edits.edited(c);
    }
    generator random;
    mutator edits;
    any_value a, b{a.type()}, c{a.type()}, d{a.type()};
};

bool same(const Value& x, const any_value& y) { return x.equals(view_of(y)); }

template <class Check> void for_worlds(const Check& check) {
    for (unsigned seed = 0; seed < rounds; ++seed) {
        world w(seed);
        INFO("seed " << seed << ", " << type_name(w.a.type()));
        check(w);
    }
}

} // namespace

TEST_CASE("the difference applied to the one gives the other", "[D-03]") {
    std::size_t changed = 0;
    for_worlds([&](world& w) {
        const DeltaValue delta = diff(view_of(w.a), view_of(w.b));
        REQUIRE(same(apply(delta, view_of(w.a)), w.b));
        REQUIRE(delta.empty() == (delta.change_count() == 0));
        if (!(w.a == w.b)) REQUIRE_FALSE(delta.empty());
        changed += !delta.empty();
    });
    CHECK(changed > rounds / 4);
}

TEST_CASE("a value does not differ from itself, however its rows lie", "[D-03]") {
    for_worlds([](world& w) {
        CHECK(diff(view_of(w.a), view_of(w.a)).empty());
        any_value moved = w.a.copy();
        w.random.shuffle(moved.type(), moved.data());
        REQUIRE(diff(view_of(w.a), view_of(moved)).empty());
    });
}

TEST_CASE("equal changes are equal deltas, whatever the order of the rows", "[D-01][D-03]") {
    for_worlds([](world& w) {
        const DeltaValue delta = diff(view_of(w.a), view_of(w.b));
        w.random.shuffle(w.a.type(), w.a.data());
        w.random.shuffle(w.b.type(), w.b.data());
        const DeltaValue other = diff(view_of(w.a), view_of(w.b));
        INFO(delta.to_string() << " and " << other.to_string());
        REQUIRE(delta == other);
        REQUIRE(delta.clone() == other);
    });
}

TEST_CASE("a full delta makes the value from its type's default", "[D-03]") {
    for_worlds([](world& w) {
        const DeltaValue delta = full_delta(view_of(w.a));
        REQUIRE(same(apply(delta, view_of(any_value(w.a.type()))), w.a));
    });
}

TEST_CASE("a composed delta does what its two do", "[D-04]") {
    for_worlds([](world& w) {
        const DeltaValue ab = diff(view_of(w.a), view_of(w.b)), bc = diff(view_of(w.b), view_of(w.c));
        const DeltaValue ac = compose(ab, bc);
        INFO(ab.to_string() << " then " << bc.to_string() << " is " << ac.to_string());
        REQUIRE(same(apply(ac, view_of(w.a)), w.c));
    });
}

TEST_CASE("composing is associative, and no change is its neutral element", "[D-04]") {
    for_worlds([](world& w) {
        const DeltaValue ab = diff(view_of(w.a), view_of(w.b)), bc = diff(view_of(w.b), view_of(w.c)),
                         cd = diff(view_of(w.c), view_of(w.d));
        const DeltaValue left = compose(compose(ab, bc), cd), right = compose(ab, compose(bc, cd));
        INFO(ab.to_string() << " then " << bc.to_string() << " then " << cd.to_string());
        INFO("is " << left.to_string() << " and " << right.to_string());
        // A key that a set lost and got again is as it was to compose, though not to the order of a set that keeps it:
        // such deltas do the same, but may name the keys in another order.
        if (type_name(w.a.type()).find("Ordered") == std::string::npos)
            REQUIRE(left == right);
        else
            REQUIRE(apply(left, view_of(w.a)) == apply(right, view_of(w.a)));
        const DeltaValue none(w.a.type());
        REQUIRE(compose(none, ab) == ab);
        REQUIRE(compose(ab, none) == ab);
    });
}

TEST_CASE("an inverted delta restores what was before", "[D-04]") {
    for_worlds([](world& w) {
        const DeltaValue delta = diff(view_of(w.a), view_of(w.b));
        const DeltaValue back = invert(delta, view_of(w.a));
        INFO(delta.to_string() << " is undone by " << back.to_string());
        const Value after = apply(delta, view_of(w.a));
        REQUIRE(same(apply(back, after.view()), w.a));
        // And the inverse of the inverse is the change again.
        REQUIRE(same(apply(invert(back, after.view()), view_of(w.a)), w.b));
        REQUIRE(same(apply(compose(delta, back), view_of(w.a)), w.a));
    });
}

TEST_CASE("a delta is well-formed, and is itself when it is put together again", "[D-01]") {
    for_worlds([](world& w) {
        DeltaValue delta = diff(view_of(w.a), view_of(w.b));
        const DeltaValue again = DeltaValue::from_storage(w.a.type(), delta.clone().release());
        REQUIRE(again == delta);
        const DeltaValue composed = compose(delta, diff(view_of(w.b), view_of(w.c)));
        REQUIRE(DeltaValue::from_storage(w.a.type(), composed.clone().release()) == composed);
        const DeltaValue back = invert(delta, view_of(w.a));
        REQUIRE(DeltaValue::from_storage(w.a.type(), back.clone().release()) == back);
        delta.clear();
        REQUIRE(delta.empty());
        REQUIRE(delta == DeltaValue(w.a.type()));
    });
}

TEST_CASE("a delta that does not fit is refused and changes nothing", "[D-02][D-06]") {
    int refused = 0;
    for (unsigned seed = 0; seed < 2 * rounds; ++seed) {
        world w(seed);
        INFO("seed " << seed << ", " << type_name(w.a.type()));
        const DeltaValue delta = diff(view_of(w.a), view_of(w.b));
        any_value target = w.random.value(w.a.type());
        const any_value before = target.copy();
        try {
            delta.apply_to(ValueView(target.data(), &target.type()));
        } catch (const ValueError& e) {
            ++refused;
            CHECK(std::string(e.what()).find("the delta does not fit") == 0);
            REQUIRE(target == before);
        }
    }
    CHECK(refused > 100);
}
