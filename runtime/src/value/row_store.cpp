// Storage of sets and maps: growth, insertion, erasure and copying by meta.
#include "elements.hpp"
#include "value_functions.hpp"

#include <algorithm>
#include <cassert>
#include <memory>
#include <optional>

namespace hgvalue {

/// A store together with the metas of its columns.
struct row_store_access {
    row_store_access(const TypeMeta& m, row_store& s)
        : key_type(key_meta(m)), value_type(m.kind == TypeKind::Map ? m.element : nullptr), store(s) {}

    void copy_from(const row_store& from) {
        detail::element_array keys(key_type, from.size_);
        keys.append_copies(from.keys_, from.size_);
        std::optional<detail::element_array> values;
        if (value_type) values.emplace(*value_type, from.size_).append_copies(from.values_, from.size_);
        const bool indexed = from.size_ > row_store::linear_limit;
        auto index = indexed ? std::make_unique<row_index>(*from.index_) : nullptr;
        const std::uint32_t size = from.size_; // `from` may be this store

        clear();
        adopt(keys, values, size);
        store.size_ = size;
        store.index_ = std::move(index);
    }

    void clear() noexcept {
        store.index_.reset();
        const std::uint32_t size = std::exchange(store.size_, 0);
        detail::destroy_elements(key_type, store.keys_, size);
        if (value_type) detail::destroy_elements(*value_type, store.values_, size);
        free_columns();
    }

    std::uint32_t insert(const void* key, std::size_t hash) {
        const std::uint32_t row = begin_insert(hash);
        try {
            key_type.ops->copy_construct(key_type, key_at(row), key);
            try {
                if (value_type) value_type->ops->construct(*value_type, value_at(row));
            } catch (...) {
                detail::destroy_elements(key_type, key_at(row), 1);
                throw;
            }
        } catch (...) {
            if (store.index_) store.index_->erase(hash, row);
            throw;
        }
        ++store.size_;
        return row;
    }

    std::uint32_t insert_relocated(void* key, void* value, std::size_t hash) {
        const std::uint32_t row = begin_insert(hash);
        detail::relocate_elements(key_type, key_at(row), key, 1);
        if (value_type) detail::relocate_elements(*value_type, value_at(row), value, 1);
        ++store.size_;
        return row;
    }

    void erase(std::uint32_t row) noexcept {
        unindex(row);
        detail::destroy_elements(key_type, key_at(row), 1);
        if (value_type) detail::destroy_elements(*value_type, value_at(row), 1);
        fill_with_last(row);
    }

    void erase_to(std::uint32_t row, void* key_to, void* value_to) noexcept {
        unindex(row);
        detail::relocate_elements(key_type, key_to, key_at(row), 1);
        if (value_type) detail::relocate_elements(*value_type, value_to, value_at(row), 1);
        fill_with_last(row);
    }

    void take(row_store_access& from, std::uint32_t row) {
        const std::uint32_t to = begin_insert(from.hash_at(row));
        from.erase_to(row, key_at(to), value_type ? value_at(to) : nullptr);
        ++store.size_;
    }

    void drop_rows() noexcept {
        constexpr std::uint32_t kept_rows = 1024;
        if (store.capacity_ > kept_rows) return clear();
        const std::uint32_t size = store.size_;
        // Emptying the index touches all its places, of which a few rows use a few.
        if (store.index_ && size >= store.capacity_ / 8)
            store.index_->clear();
        else if (store.index_)
            for (std::uint32_t row = 0; row < size; ++row) store.index_->erase(hash_at(row), row);
        store.size_ = 0;
        detail::destroy_elements(key_type, store.keys_, size);
        if (value_type) detail::destroy_elements(*value_type, store.values_, size);
    }

    void reserve(std::size_t rows) {
        if (rows > detail::max_rows) throw std::length_error("too many rows");
        // At least by half, so that a caller who asks for one more each time does not move all of them each time.
        const std::size_t grown = std::size_t{store.capacity_} + store.capacity_ / 2;
        if (rows > store.capacity_) reallocate(std::min(std::max(rows, grown), detail::max_rows));
    }

    void shrink() {
        if (store.size_ < store.capacity_) reallocate(store.size_);
    }

    const TypeMeta& key_type;
    const TypeMeta* value_type; ///< null in a set
    row_store& store;

  private:
    std::byte* key_at(std::uint32_t row) const noexcept { return store.keys_ + std::size_t{row} * key_type.size; }
    std::byte* value_at(std::uint32_t row) const noexcept {
        return store.values_ + std::size_t{row} * value_type->size;
    }
    std::size_t hash_at(std::uint32_t row) const { return key_type.ops->hash(key_type, key_at(row)); }

    void free_columns() noexcept {
        detail::free_elements(key_type, store.keys_);
        if (value_type) detail::free_elements(*value_type, store.values_);
        store.keys_ = store.values_ = nullptr;
        store.capacity_ = 0;
    }

    void adopt(detail::element_array& keys, std::optional<detail::element_array>& values,
               std::size_t capacity) noexcept {
        store.keys_ = keys.release();
        store.values_ = values ? values->release() : nullptr;
        store.capacity_ = static_cast<std::uint32_t>(capacity);
    }

    /// Changes the capacity. There is an index if, and only if, the capacity is above linear_limit, and it has room for
    /// as many rows.
    void reallocate(std::size_t capacity) {
        detail::element_array keys(key_type, capacity);
        std::optional<detail::element_array> values;
        if (value_type) values.emplace(*value_type, capacity);
        auto index = capacity > row_store::linear_limit ? make_index(capacity) : nullptr;

        detail::relocate_elements(key_type, keys.at(0), store.keys_, store.size_);
        if (value_type) detail::relocate_elements(*value_type, values->at(0), store.values_, store.size_);
        free_columns();
        adopt(keys, values, capacity);
        store.index_ = std::move(index);
    }

    /// An index of the rows there are, with room for `rows`.
    std::unique_ptr<row_index> make_index(std::size_t rows) const {
        auto index = store.index_ ? std::make_unique<row_index>(*store.index_) : std::make_unique<row_index>();
        index->reserve(rows);
        if (store.index_) return index;
        for (std::uint32_t row = 0; row < store.size_; ++row) index->insert(hash_at(row), row);
        return index;
    }

    /// Everything of an insertion that may fail but for the elements themselves. The new row, if indexed, is found
    /// there already.
    std::uint32_t begin_insert(std::size_t hash) {
        if (store.size_ == detail::max_rows) throw std::length_error("too many rows");
        if (store.size_ == store.capacity_)
            reallocate(std::min(std::max<std::size_t>(4, std::size_t{store.capacity_} * 2), detail::max_rows));
        if (store.index_) store.index_->insert(hash, store.size_);
        return store.size_;
    }

    /// Takes `row` out of the index and lets the last row be found in its place.
    void unindex(std::uint32_t row) noexcept {
        assert(row < store.size_);
        if (!store.index_) return;
        const std::uint32_t last = store.size_ - 1;
        store.index_->erase(hash_at(row), row);
        if (row != last) store.index_->renumber(hash_at(last), last, row);
    }

    /// Closes the gap that `row`, which holds no objects any more, leaves.
    void fill_with_last(std::uint32_t row) noexcept {
        const std::uint32_t last = --store.size_;
        if (row == last) return;
        detail::relocate_elements(key_type, key_at(row), key_at(last), 1);
        if (value_type) detail::relocate_elements(*value_type, value_at(row), value_at(last), 1);
    }
};

namespace detail {

void row_store_copy(const TypeMeta& m, row_store& to, const row_store& from) {
    row_store_access(m, to).copy_from(from);
}
void row_store_clear(const TypeMeta& m, row_store& s) noexcept { row_store_access(m, s).clear(); }
std::uint32_t row_store_insert(const TypeMeta& m, row_store& s, const void* key, std::size_t hash) {
    return row_store_access(m, s).insert(key, hash);
}
std::uint32_t row_store_insert_relocated(const TypeMeta& m, row_store& s, void* key, void* value, std::size_t hash) {
    return row_store_access(m, s).insert_relocated(key, value, hash);
}
void row_store_erase(const TypeMeta& m, row_store& s, std::uint32_t row) noexcept { row_store_access(m, s).erase(row); }
void row_store_erase_to(const TypeMeta& m, row_store& s, std::uint32_t row, void* key_to, void* value_to) noexcept {
    row_store_access(m, s).erase_to(row, key_to, value_to);
}
void row_store_take(const TypeMeta& m, row_store& to, row_store& from, std::uint32_t row) {
    row_store_access source(m, from);
    row_store_access(m, to).take(source, row);
}
void row_store_drop_rows(const TypeMeta& m, row_store& s) noexcept { row_store_access(m, s).drop_rows(); }
void row_store_reserve(const TypeMeta& m, row_store& s, std::size_t rows) { row_store_access(m, s).reserve(rows); }
void row_store_shrink(const TypeMeta& m, row_store& s) { row_store_access(m, s).shrink(); }

} // namespace detail
} // namespace hgvalue
