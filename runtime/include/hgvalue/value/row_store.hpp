// The storage of sets and maps: keys and values in dense arrays in row order, and an index from key to row.
//
// Rows 0 to size()-1 are always in use: an erased row is filled with the last one. Row order is therefore insertion
// order until the first erase, and no promise after it; a store whose type is Ordered also remembers in which order its
// rows were inserted, and `rows()` runs through them in that order. Keys and values are contiguous, so a column of
// numbers can be handed to numpy as it lies. The class knows its element types only through the TypeMeta it is given;
// `set<K>` and `map<K, V>` are the typed faces of it. What changes a store by its meta is in value/row_ops.hpp.
#pragma once

#include <hgvalue/core/hash.hpp>
#include <hgvalue/core/runtime_api.hpp>
#include <hgvalue/value/row_extras.hpp>

#include <tsl/robin_hash.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

namespace hgvalue {

/// Key to row, as a robin-hood table of (hash, row) pairs. It holds no keys: the caller compares.
class row_index {
    struct entry {
        std::uint32_t hash;
        mutable std::uint32_t row; // not part of the entry's place in the table, so it may be renumbered there
    };
    template <class Eq> struct probe {
        std::uint32_t hash;
        const Eq* eq;
    };
    struct hasher {
        std::size_t operator()(const entry& e) const noexcept { return e.hash; }
        template <class Eq> std::size_t operator()(const probe<Eq>& p) const noexcept { return p.hash; }
    };
    struct matcher {
        using is_transparent = void;
        bool operator()(const entry& a, const entry& b) const noexcept { return a.row == b.row; }
        template <class Eq> bool operator()(const entry& e, const probe<Eq>& p) const {
            return e.hash == p.hash && (*p.eq)(e.row);
        }
        template <class Eq> bool operator()(const probe<Eq>& p, const entry& e) const { return (*this)(e, p); }
    };

    struct key_of {
        using key_type = entry;
        const entry& operator()(const entry& e) const noexcept { return e; }
        entry& operator()(entry& e) const noexcept { return e; }
    };
    // What tsl::robin_set is made of; nanobind's package ships the table and the map, not the set.
    using table = tsl::detail_robin_hash::robin_hash<entry, key_of, void, hasher, matcher, std::allocator<entry>, false,
                                                     tsl::rh::power_of_two_growth_policy<2>>;

  public:
    /// The row whose key has this hash and for which `eq(row)` holds, or no_row.
    template <class Eq> std::uint32_t find(std::size_t hash, const Eq& eq) const {
        const auto it = table_.find(probe<Eq>{static_cast<std::uint32_t>(hash), &eq});
        return it == table_.end() ? no_row : it->row;
    }
    void insert(std::size_t hash, std::uint32_t row) { table_.insert(entry{static_cast<std::uint32_t>(hash), row}); }
    void erase(std::size_t hash, std::uint32_t row) noexcept {
        const auto same = [row](std::uint32_t r) { return r == row; };
        table_.erase(probe<decltype(same)>{static_cast<std::uint32_t>(hash), &same});
    }
    /// The key of `from` now stands in row `to`.
    void renumber(std::size_t hash, std::uint32_t from, std::uint32_t to) noexcept {
        const auto same = [from](std::uint32_t r) { return r == from; };
        table_.find(probe<decltype(same)>{static_cast<std::uint32_t>(hash), &same})->row = to;
    }
    /// Every row `r` is now `to[r]`.
    template <class Rows> void renumber_all(const Rows& to) noexcept {
        for (const entry& e : table_) e.row = to[e.row];
    }
    void reserve(std::size_t rows) { table_.reserve(rows); }
    void clear() noexcept { table_.clear(); }

  private:
    static constexpr float max_load = 0.7F; // half again as dense as the default, for a probe more now and then
    table table_{0, hasher{}, matcher{}, std::allocator<entry>{}, table::DEFAULT_MIN_LOAD_FACTOR, max_load};
};

/// The rows of a store in insertion order if it keeps that, else in row order. Good until the store changes.
class row_range {
  public:
    class iterator {
      public:
        using value_type = std::uint32_t;
        using difference_type = std::ptrdiff_t;
        iterator() = default;
        iterator(const row_links* links, std::uint32_t size, std::uint32_t row) noexcept
            : links_(links), size_(size), row_(row) {}
        std::uint32_t operator*() const noexcept { return row_; }
        iterator& operator++() noexcept {
            row_ = links_ ? links_->next(row_) : row_ + 1 < size_ ? row_ + 1 : no_row;
            return *this;
        }
        iterator operator++(int) noexcept {
            const iterator was = *this;
            ++*this;
            return was;
        }
        friend bool operator==(const iterator& a, const iterator& b) noexcept { return a.row_ == b.row_; }

      private:
        const row_links* links_ = nullptr; // null: row order
        std::uint32_t size_ = 0;
        std::uint32_t row_ = no_row;
    };

    row_range(const row_links* links, std::uint32_t size) noexcept : links_(links), size_(size) {}
    iterator begin() const noexcept { return {links_, size_, links_ ? links_->first() : size_ == 0 ? no_row : 0}; }
    iterator end() const noexcept { return {links_, size_, no_row}; }

  private:
    const row_links* links_;
    std::uint32_t size_;
};

class row_store {
  public:
    row_store() = default;
    row_store(row_store&& o) noexcept
        : keys_(std::exchange(o.keys_, nullptr)), values_(std::exchange(o.values_, nullptr)),
          size_(std::exchange(o.size_, 0)), capacity_(std::exchange(o.capacity_, 0)), index_(std::move(o.index_)),
          extras_(std::move(o.extras_)) {}
    row_store& operator=(row_store&&) = delete; // the typed faces know how to let the old content go
    row_store(const row_store&) = delete;

    std::uint32_t size() const noexcept { return size_; }
    std::uint32_t capacity() const noexcept { return capacity_; }
    bool empty() const noexcept { return size_ == 0; }
    std::byte* keys() const noexcept { return keys_; }
    std::byte* values() const noexcept { return values_; }
    void* key(const TypeMeta& m, std::uint32_t row) const noexcept;
    void* value(const TypeMeta& m, std::uint32_t row) const noexcept;

    row_range rows() const noexcept { return {links(), size_}; }
    /// The row after `row` in that range, or no_row.
    std::uint32_t next_row(std::uint32_t row) const noexcept { return *++row_range::iterator(links(), size_, row); }
    /// The share of the reserved rows that is not in use; 0 without any. compact() makes it 0.
    double fragmentation_ratio() const noexcept {
        return capacity_ == 0 ? 0.0 : static_cast<double>(capacity_ - size_) / capacity_;
    }
    /// The slot of a row, if slots are kept: after the first handle_of(), or with an observer attached.
    std::uint32_t slot_of(std::uint32_t row) const noexcept { return extras_->slots->slot_of(row); }
    /// The row of the element with that slot; no_row if there is none, or no slots are kept.
    std::uint32_t row_in(std::size_t slot) const noexcept {
        return extras_ && extras_->slots ? extras_->slots->row_in(slot) : no_row;
    }
    /// The row that the handle names, or no_row when it is stale.
    std::uint32_t row_of(const SlotHandle& h) const noexcept {
        return extras_ && extras_->slots ? extras_->slots->row_of(h) : no_row;
    }

    /// The row for which `eq(row)` holds; `hash` is the key's. no_row when there is none.
    template <class Eq> std::uint32_t find(std::size_t hash, const Eq& eq) const {
        if (index_) return index_->find(hash, eq);
        for (std::uint32_t row = 0; row < size_; ++row)
            if (eq(row)) return row;
        return no_row;
    }

  protected:
    /// Up to so many rows are searched one by one: faster than hashing, and most sets in a schema stay small.
    static constexpr std::uint32_t linear_limit = 8;

    friend struct row_store_access; // the implementation in src/value/row_store.cpp

    std::byte* keys_ = nullptr;
    std::byte* values_ = nullptr;
    std::uint32_t size_ = 0;
    std::uint32_t capacity_ = 0;
    std::unique_ptr<row_index> index_;
    std::unique_ptr<row_extras> extras_; ///< null in most stores

  private:
    const row_links* links() const noexcept { return extras_ && extras_->links ? &*extras_->links : nullptr; }
};

/// The key type of a set's or map's meta.
constexpr const TypeMeta& key_meta(const TypeMeta& m) noexcept { return m.kind == TypeKind::Map ? *m.key : *m.element; }

inline void* row_store::key(const TypeMeta& m, std::uint32_t row) const noexcept {
    return keys_ + std::size_t{row} * key_meta(m).size;
}
inline void* row_store::value(const TypeMeta& m, std::uint32_t row) const noexcept {
    return values_ + std::size_t{row} * m.element->size;
}

/// Finds by an erased key: `key` points to a value of the store's key type.
inline std::uint32_t find_row(const TypeMeta& m, const row_store& s, const void* key, std::size_t hash) {
    const TypeMeta& k = key_meta(m);
    return s.find(hash, [&](std::uint32_t row) { return k.ops->equals(k, s.key(m, row), key); });
}

/// For loops over rows: `for (const std::uint32_t row : rows(meta, store))`.
inline row_range rows(const TypeMeta&, const row_store& s) noexcept { return s.rows(); }
inline std::uint32_t first_row(const row_store& s) noexcept { return *s.rows().begin(); }
inline std::uint32_t next_row(const row_store& s, std::uint32_t row) noexcept { return s.next_row(row); }

} // namespace hgvalue
