// Naming an element of a set or map, wherever its row moves to.
//
// An erase puts the last row into the gap and compact() may reorder, so a row number is good until the next of those. A
// handle names the element itself: its slot, which it keeps for life, and a generation, a number that is given once in
// a process. So a handle survives every insertion, erasure and compaction of other elements, and is stale - for ever -
// once its own was erased, cleared or assigned over, even if the key comes back and even if the slot is used again.
//
// Moving a container (`b(std::move(a))`, `b = std::move(a)`) takes its handles along: they are good for `b`, and stale
// for `a`; those `b` had are stale. A copy has none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace hgvalue {

inline constexpr std::uint32_t no_row = 0xffffffff;

namespace detail {
template <class T> void give_back(std::vector<T>& v) noexcept {
    try {
        v.shrink_to_fit();
    } catch (...) { // then it keeps what it has
    }
}
} // namespace detail

struct SlotHandle {
    std::uint32_t slot = no_row;
    std::uint64_t generation = 0; ///< 0 in a handle of nothing, which is always stale

    friend bool operator==(const SlotHandle&, const SlotHandle&) = default;
};

/// Slot to row and row to slot of one store. Built when the first handle is asked for or observer attached; from then
/// on every row has a slot. Freed slots are used again, the last first.
class slot_table {
    struct place {
        std::uint64_t generation; ///< 0 while the slot is free
        std::uint32_t row;        ///< of a free slot: the next free one, or no_row
    };

  public:
    /// Number of slots there are, in use or free.
    std::uint32_t slot_count() const noexcept { return static_cast<std::uint32_t>(places_.size()); }
    std::uint32_t slot_of(std::uint32_t row) const noexcept { return slot_of_row_[row]; }
    SlotHandle handle_of(std::uint32_t row) const noexcept {
        return {slot_of_row_[row], places_[slot_of_row_[row]].generation};
    }
    /// no_row when the slot is free.
    std::uint32_t row_in(std::size_t slot) const noexcept {
        return slot < places_.size() && places_[slot].generation != 0 ? places_[slot].row : no_row;
    }
    /// no_row when the handle is stale.
    std::uint32_t row_of(const SlotHandle& h) const noexcept {
        return h.slot < places_.size() && places_[h.slot].generation == h.generation ? row_in(h.slot) : no_row;
    }

    /// After this, appending up to `rows` rows in all does not allocate.
    void reserve(std::size_t rows) {
        places_.reserve(rows);
        slot_of_row_.reserve(rows);
    }
    /// A row was added at the end; there must be room. Returns its slot.
    std::uint32_t append(std::uint64_t generation) noexcept {
        const auto row = static_cast<std::uint32_t>(slot_of_row_.size());
        const std::uint32_t slot = free_ != no_row ? free_ : slot_count();
        if (slot == slot_count())
            places_.push_back({generation, row});
        else {
            free_ = places_[slot].row;
            places_[slot] = {generation, row};
        }
        slot_of_row_.push_back(slot);
        return slot;
    }
    /// A row was erased and the last one put in its place.
    void erase(std::uint32_t row) noexcept {
        const std::uint32_t slot = slot_of_row_[row], moved = slot_of_row_.back();
        slot_of_row_[row] = moved;
        slot_of_row_.pop_back();
        places_[moved].row = row; // before the next line: `moved` may be `slot`
        places_[slot] = {0, free_};
        free_ = slot;
    }
    void exchange(std::uint32_t a, std::uint32_t b) noexcept {
        std::swap(slot_of_row_[a], slot_of_row_[b]);
        places_[slot_of_row_[a]].row = a;
        places_[slot_of_row_[b]].row = b;
    }
    /// All rows are gone. Keeps the memory.
    void clear() noexcept {
        places_.clear();
        slot_of_row_.clear();
        free_ = no_row;
    }
    /// Forgets the free slots behind the last one in use, and gives unused memory back.
    void trim() noexcept {
        while (!places_.empty() && places_.back().generation == 0) places_.pop_back();
        free_ = no_row;
        for (std::uint32_t slot = slot_count(); slot-- != 0;)
            if (places_[slot].generation == 0) places_[slot].row = std::exchange(free_, slot);
        detail::give_back(places_);
        detail::give_back(slot_of_row_);
    }

  private:
    std::vector<place> places_;
    std::vector<std::uint32_t> slot_of_row_;
    std::uint32_t free_ = no_row;
};

} // namespace hgvalue
