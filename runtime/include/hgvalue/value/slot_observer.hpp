// Keeping something in step with the elements of a set or map.
//
// There are two ways. ContainerHooks speak of rows, and suit arrays that are to lie as the container's own columns do:
// they are told when the last row moves into a gap. A SlotObserver is told of slots, which an element keeps for life
// (see value/slot_handle.hpp), and suits what is costly to move. A container nobody watches pays one comparison of a
// pointer with null for each insertion and erasure.
//
// What is said, and when:
//   insertion    the row is there and complete; hooks.on_insert(row), observer.on_insert(slot). A row whose value is
//                written later (`map[key] = value`) holds the type's default then.
//   erasure      1. everything is still as it was: observer.on_erase(slot), then, unless the row is the last one,
//                hooks.on_swap(row, last)
//                2. the row is destroyed, the last one moved to its place
//                3. hooks.on_erase(last): there is one row less now, and the last is the one to drop
//   clear        observer.on_clear() before; after it hooks.on_erase for each row, the last first
//   copy over    as a clear and insertions
//   capacity     observer.on_capacity_change(old, new): slots from now on are below `new`. Growth is told before
//                anything changed and may be refused by an exception, which the one who inserts gets; then nothing has
//                changed, and observers told already are told the way back. Shrinking is told when it is done.
//   compact()    hooks.on_swap(a, b) for each exchange that puts an ordered container into insertion order, all of them
//                before rows move; slots stay
//   attaching    to a container that has rows: as if they were inserted just then
//   the end      of the container, also when another one is moved over it: as a clear; then observer.on_detach()
//
// But for growth nothing may throw: the program ends if it does. Those who are told must not change the container nor
// attach or detach. They must detach, or outlive it. Moving a container takes along who watches it; a copy is watched
// by nobody.
//
// The time-series layer keeps its overlays beside a row_store by itself, in one function with the change record of the
// tick (time_series/keyed.cpp): it has to, as a removed element's overlay is kept until the next tick. Both may be used
// on the rows of a time series: hooks hear of an inserted row before its stamp is made, and of an erased one before its
// overlay is gone.
#pragma once

#include <cstddef>

namespace hgvalue {

struct SlotObserver {
    virtual ~SlotObserver() = default;
    virtual void on_capacity_change(std::size_t old_capacity, std::size_t new_capacity) = 0;
    virtual void on_insert(std::size_t slot) = 0;
    virtual void on_erase(std::size_t slot) = 0;
    virtual void on_clear() = 0;
    /// The container is gone; there is nothing to detach from.
    virtual void on_detach() {}
};

/// Functions called with `ctx`; any may be null. Hooks with equal members are the same hooks.
struct ContainerHooks {
    void* ctx = nullptr;
    void (*on_insert)(void* ctx, std::size_t row) = nullptr;
    void (*on_swap)(void* ctx, std::size_t row_a, std::size_t row_b) = nullptr;
    void (*on_erase)(void* ctx, std::size_t row) = nullptr;

    void inserted(std::size_t row) const noexcept {
        if (on_insert) on_insert(ctx, row);
    }
    void swapping(std::size_t row_a, std::size_t row_b) const noexcept {
        if (on_swap) on_swap(ctx, row_a, row_b);
    }
    void erased(std::size_t row) const noexcept {
        if (on_erase) on_erase(ctx, row);
    }
    friend bool operator==(const ContainerHooks&, const ContainerHooks&) = default;
};

} // namespace hgvalue
