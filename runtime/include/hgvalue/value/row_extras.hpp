// What only some row_stores have: watchers, slots and the insertion order. The functions are the runtime's own.
#pragma once

#include <hgvalue/value/row_links.hpp>
#include <hgvalue/value/slot_handle.hpp>
#include <hgvalue/value/slot_observer.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace hgvalue {

struct row_extras {
    row_extras() = default;
    row_extras(const row_extras&) = delete;
    ~row_extras() {
        for (SlotObserver* o : observers) o->on_detach();
    }

    /// Gives every row a slot, now and from now on. std::bad_alloc, with nothing changed.
    void track(std::uint32_t rows, std::uint32_t capacity);
    /// Makes room for `rows` rows. What observers throw comes out, after those told before were told the way back.
    void reserve(std::size_t rows);
    /// Gives up what is not needed for `rows` rows.
    void trim(std::uint32_t rows) noexcept;

    void inserted(std::uint32_t row) noexcept;
    /// Row `row` is about to be erased; `last` is the last one.
    void erasing(std::uint32_t row, std::uint32_t last) noexcept;
    void erased(std::uint32_t row, std::uint32_t last) noexcept;
    void clearing() noexcept;
    void cleared(std::uint32_t rows) noexcept;
    void exchanging(std::uint32_t a, std::uint32_t b) noexcept;

    std::vector<SlotObserver*> observers;
    std::vector<ContainerHooks> hooks;
    std::optional<slot_table> slots;
    std::optional<row_links> links;  ///< of an ordered store
    std::uint32_t slot_capacity = 0; ///< what observers know; 0 without slots
};

} // namespace hgvalue
