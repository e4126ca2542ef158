// Watchers, slots and order of a store; who is told what is in value/slot_observer.hpp.
#include <hgvalue/value/row_extras.hpp>

#include <algorithm>
#include <atomic>
#include <utility>

namespace hgvalue {
namespace {

/// The first of `count` numbers that are given once in a process.
std::uint64_t new_generations(std::uint64_t count) noexcept {
    static std::atomic<std::uint64_t> next{1};
    return next.fetch_add(count, std::memory_order_relaxed);
}

} // namespace

void row_extras::track(std::uint32_t rows, std::uint32_t capacity) {
    if (slots) return;
    slot_table made;
    made.reserve(capacity);
    const std::uint64_t generation = new_generations(rows);
    for (std::uint32_t row = 0; row < rows; ++row) made.append(generation + row);
    slots = std::move(made);
    slot_capacity = capacity;
}

void row_extras::reserve(std::size_t rows) {
    if (links) links->reserve(rows);
    if (!slots) return;
    slots->reserve(rows);
    if (rows <= slot_capacity) return;
    std::size_t told = 0;
    try {
        for (; told < observers.size(); ++told) observers[told]->on_capacity_change(slot_capacity, rows);
    } catch (...) {
        while (told != 0) observers[--told]->on_capacity_change(rows, slot_capacity);
        throw;
    }
    slot_capacity = static_cast<std::uint32_t>(rows);
}

void row_extras::trim(std::uint32_t rows) noexcept {
    if (links) links->trim();
    if (!slots) return;
    slots->trim();
    const std::uint32_t needed = std::max(rows, slots->slot_count());
    if (needed >= slot_capacity) return;
    const std::uint32_t was = std::exchange(slot_capacity, needed);
    for (SlotObserver* o : observers) o->on_capacity_change(was, needed);
}

void row_extras::inserted(std::uint32_t row) noexcept {
    if (links) links->append();
    const std::uint32_t slot = slots ? slots->append(new_generations(1)) : no_row;
    for (const ContainerHooks& h : hooks) h.inserted(row);
    for (SlotObserver* o : observers) o->on_insert(slot);
}

void row_extras::erasing(std::uint32_t row, std::uint32_t last) noexcept {
    for (SlotObserver* o : observers) o->on_erase(slots->slot_of(row));
    if (row == last) return;
    for (const ContainerHooks& h : hooks) h.swapping(row, last);
}

void row_extras::erased(std::uint32_t row, std::uint32_t last) noexcept {
    if (links) links->erase(row);
    if (slots) slots->erase(row);
    for (const ContainerHooks& h : hooks) h.erased(last);
}

void row_extras::clearing() noexcept {
    for (SlotObserver* o : observers) o->on_clear();
}

void row_extras::cleared(std::uint32_t rows) noexcept {
    if (links) links->clear();
    if (slots) slots->clear();
    while (rows-- != 0)
        for (const ContainerHooks& h : hooks) h.erased(rows);
}

void row_extras::exchanging(std::uint32_t a, std::uint32_t b) noexcept {
    for (const ContainerHooks& h : hooks) h.swapping(a, b);
    if (slots) slots->exchange(a, b);
}

} // namespace hgvalue
