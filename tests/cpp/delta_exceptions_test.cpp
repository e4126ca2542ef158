// A delta is applied, or the target is as it was: whatever memory fails on the way.
#include "catch.hpp"

#include "delta_mutations.hpp"
#include "memory.hpp"

#include <hgvalue/value/format.hpp>

#include <new>

using namespace hgvalue;
using namespace random_values;
using memory::allocations_left;

TEST_CASE("a delta is applied as a whole or not at all", "[D-06][D-02]") {
    int failures = 0;
    for (unsigned seed = 0; seed < 400; ++seed) {
        generator random(seed);
        mutator edits(random);
        const any_value a = random.value(random.type());
        const any_value b = edits.edited(a);
        INFO("seed " << seed << ", " << type_name(a.type()));
        const DeltaValue delta = diff(view_of(a), view_of(b));
        for (long step = 0;; ++step) {
            any_value target = a.copy();
            bool failed = false;
            allocations_left = step;
            try {
                delta.apply_to(ValueView(target.data(), &target.type()));
            } catch (const std::bad_alloc&) {
                failed = true;
            }
            allocations_left = -1;
            if (!failed) {
                REQUIRE(target == b);
                break;
            }
            ++failures;
            REQUIRE(target == a);
        }
    }
    CHECK(failures > 400);
}

TEST_CASE("making deltas leaks nothing when memory fails", "[D-03][D-04]") {
    for (unsigned seed = 0; seed < 150; ++seed) {
        generator random(seed);
        mutator edits(random);
        const any_value a = random.value(random.type());
        const any_value b = edits.edited(a), c = edits.edited(b);
        const DeltaValue ab = diff(view_of(a), view_of(b)), bc = diff(view_of(b), view_of(c));
        INFO("seed " << seed << ", " << type_name(a.type()));
        for (long step = 0;; ++step) {
            bool failed = false;
            allocations_left = step;
            try {
                const bool same = diff(view_of(a), view_of(b)) == ab;
                const DeltaValue both = compose(ab, bc), back = invert(ab, view_of(a)), whole = full_delta(view_of(a));
                allocations_left = -1;
                REQUIRE(same);
            } catch (const std::bad_alloc&) {
                failed = true;
            }
            allocations_left = -1;
            if (!failed) break;
        }
    }
}
