// The insertion order of a set or map that keeps it: each row knows the one inserted before and after it.
//
// Rows stay dense, so columns stay contiguous, erasing takes constant time and there are no holes to skip; reading in
// insertion order follows the links.
#pragma once

#include <hgvalue/value/slot_handle.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hgvalue {

class row_links {
    struct link {
        std::uint32_t before;
        std::uint32_t after;
    };

  public:
    /// The rows inserted first, and next after `row`; no_row when there is none.
    std::uint32_t first() const noexcept { return first_; }
    std::uint32_t next(std::uint32_t row) const noexcept { return links_[row].after; }

    /// After this, appending up to `rows` rows in all does not allocate.
    void reserve(std::size_t rows) { links_.reserve(rows); }

    /// A row was added at the end; there must be room.
    void append() noexcept {
        const auto row = static_cast<std::uint32_t>(links_.size());
        links_.push_back({last_, no_row});
        after(last_) = row;
        last_ = row;
    }
    /// A row was erased and the last one put in its place.
    void erase(std::uint32_t row) noexcept {
        const link gone = links_[row];
        after(gone.before) = gone.after;
        before(gone.after) = gone.before;
        const auto end = static_cast<std::uint32_t>(links_.size() - 1);
        if (row != end) {
            const link moved = links_[row] = links_[end];
            after(moved.before) = row;
            before(moved.after) = row;
        }
        links_.pop_back();
    }
    /// All rows are gone. Keeps the memory.
    void clear() noexcept {
        links_.clear();
        first_ = last_ = no_row;
    }

    /// Gives unused memory back.
    void trim() noexcept { detail::give_back(links_); }

    /// Whether the rows lie as they were inserted.
    bool in_row_order() const noexcept {
        for (std::uint32_t row = 0; row < links_.size(); ++row)
            if (links_[row].before != row - 1) return false; // of row 0 that is no_row
        return true;
    }
    /// The rows were put in order.
    void set_in_row_order() noexcept {
        const std::size_t size = links_.size();
        clear();
        for (std::size_t row = 0; row < size; ++row) append();
    }

  private:
    std::uint32_t& after(std::uint32_t row) noexcept { return row == no_row ? first_ : links_[row].after; }
    std::uint32_t& before(std::uint32_t row) noexcept { return row == no_row ? last_ : links_[row].before; }

    std::vector<link> links_;
    std::uint32_t first_ = no_row;
    std::uint32_t last_ = no_row;
};

} // namespace hgvalue
