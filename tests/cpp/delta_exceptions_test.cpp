// A delta is applied, or the target is as it was: whatever memory fails on the way.
#include "catch.hpp"

#include "delta_mutations.hpp"

#include <hgvalue/value/format.hpp>

#include <cstdlib>
#include <new>

using namespace hgvalue;
using namespace random_values;

namespace {

long allocations_left = -1; // the allocation at 0 fails; below: none does

void* allocate(std::size_t bytes, std::size_t alignment) {
    if (allocations_left == 0) throw std::bad_alloc();
    if (allocations_left > 0) --allocations_left;
    const std::size_t least = std::max(alignment, alignof(std::max_align_t));
    void* p = std::aligned_alloc(least, (bytes + least) / least * least);
    if (!p) throw std::bad_alloc();
    return p;
}

} // namespace

void* operator new(std::size_t bytes) { return allocate(bytes, __STDCPP_DEFAULT_NEW_ALIGNMENT__); }
void* operator new(std::size_t bytes, std::align_val_t a) { return allocate(bytes, static_cast<std::size_t>(a)); }
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept {
    try {
        return operator new(bytes);
    } catch (const std::bad_alloc&) {
        return nullptr;
    }
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }

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
