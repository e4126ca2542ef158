// Storage of sets and maps: growth, insertion, erasure and copying by meta.
#include "elements.hpp"
#include "value_functions.hpp"

#include <algorithm>
#include <cassert>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace hgvalue {

/// A store together with the metas of its columns.
struct row_store_access {
    row_store_access(const TypeMeta& m, row_store& s)
        : key_type(key_meta(m)), value_type(m.kind == TypeKind::Map ? m.element : nullptr),
          ordered(m.is(TypeFlags::Ordered)), store(s) {}

    void copy_from(const row_store& from) {
        const std::uint32_t size = from.size_; // `from` may be this store
        detail::element_array keys(key_type, size);
        keys.append_copies(from.keys_, size);
        std::optional<detail::element_array> values;
        if (value_type) values.emplace(*value_type, size).append_copies(from.values_, size);
        auto index = size > row_store::linear_limit ? std::make_unique<row_index>(*from.index_) : nullptr;
        std::optional<row_links> links;
        if (ordered && size != 0) links = from.extras_->links;
        std::unique_ptr<row_extras> made;
        if (store.extras_)
            store.extras_->reserve(size);
        else if (links)
            made = std::make_unique<row_extras>();

        discard_rows();
        adopt(keys, values, size);
        store.size_ = size;
        store.index_ = std::move(index);
        if (made) store.extras_ = std::move(made);
        if (!store.extras_) return;
        for (std::uint32_t row = 0; row < size; ++row) store.extras_->inserted(row);
        if (links) store.extras_->links = std::move(links);
        store.extras_->trim(size);
    }

    void clear() noexcept {
        discard_rows();
        if (store.extras_) store.extras_->trim(0);
    }

    /// `value` is null for a default one.
    std::uint32_t insert(const void* key, std::size_t hash, const void* value = nullptr) {
        if (store.size_ == store.capacity_ && (in_column(key) || in_column(value))) [[unlikely]]
            return insert_from_within(key, hash, value);
        const std::uint32_t row = begin_insert(hash);
        try {
            key_type.ops->copy_construct(key_type, key_at(row), key);
            try {
                if (value)
                    value_type->ops->copy_construct(*value_type, value_at(row), value);
                else if (value_type)
                    value_type->ops->construct(*value_type, value_at(row));
            } catch (...) {
                detail::destroy_elements(key_type, key_at(row), 1);
                throw;
            }
        } catch (...) {
            if (store.index_) store.index_->erase(hash, row);
            throw;
        }
        end_insert();
        return row;
    }

    void set_value(std::uint32_t row, const void* value) {
        if (value_type->is(TypeFlags::TriviallyCopyable)) {
            std::memmove(value_at(row), value, value_type->size); // it may be its own value
            return;
        }
        detail::element_array copy(*value_type, 1);
        copy.append_copies(static_cast<const std::byte*>(value), 1);
        value_type->ops->move_assign(*value_type, value_at(row), copy.at(0));
    }

    std::uint32_t insert_relocated(void* key, void* value, std::size_t hash) {
        const std::uint32_t row = begin_insert(hash);
        detail::relocate_elements(key_type, key_at(row), key, 1);
        if (value_type) detail::relocate_elements(*value_type, value_at(row), value, 1);
        end_insert();
        return row;
    }

    void erase(std::uint32_t row) noexcept {
        begin_erase(row);
        detail::destroy_elements(key_type, key_at(row), 1);
        if (value_type) detail::destroy_elements(*value_type, value_at(row), 1);
        fill_with_last(row);
    }

    void erase_to(std::uint32_t row, void* key_to, void* value_to) noexcept {
        begin_erase(row);
        detail::relocate_elements(key_type, key_to, key_at(row), 1);
        if (value_type) detail::relocate_elements(*value_type, value_to, value_at(row), 1);
        fill_with_last(row);
    }

    void take(row_store_access& from, std::uint32_t row) {
        const std::uint32_t to = begin_insert(from.hash_at(row));
        from.erase_to(row, key_at(to), value_type ? value_at(to) : nullptr);
        end_insert();
    }

    void drop_rows() noexcept {
        constexpr std::uint32_t kept_rows = 1024;
        if (store.capacity_ > kept_rows) return clear();
        const std::uint32_t size = store.size_;
        if (store.extras_) store.extras_->clearing();
        // Emptying the index touches all its places, of which a few rows use a few.
        if (store.index_ && size >= store.capacity_ / 8)
            store.index_->clear();
        else if (store.index_)
            for (std::uint32_t row = 0; row < size; ++row) store.index_->erase(hash_at(row), row);
        destroy_rows();
    }

    void reserve(std::size_t rows) {
        if (rows > detail::max_rows) throw std::length_error("too many rows");
        // At least by half, so that a caller who asks for one more each time does not move all of them each time.
        const std::size_t grown = std::size_t{store.capacity_} + store.capacity_ / 2;
        if (rows > store.capacity_) reallocate(std::min(std::max(rows, grown), detail::max_rows));
    }

    void compact() {
        if (ordered && store.size_ != 0 && !store.extras_->links->in_row_order())
            sort_rows();
        else if (store.size_ < store.capacity_)
            reallocate(store.size_);
        if (store.extras_) store.extras_->trim(store.size_);
    }

    row_extras& extras() {
        if (!store.extras_) store.extras_ = std::make_unique<row_extras>();
        return *store.extras_;
    }

    /// Gives every row a slot.
    row_extras& tracked() {
        extras().track(store.size_, store.capacity_);
        return *store.extras_;
    }

    static void forget(row_store& s, SlotObserver& o) noexcept {
        if (s.extras_) remove_last(s.extras_->observers, &o);
    }
    static void forget(row_store& s, const ContainerHooks& h) noexcept {
        if (s.extras_) remove_last(s.extras_->hooks, h);
    }

    const TypeMeta& key_type;
    const TypeMeta* value_type; ///< null in a set
    const bool ordered;
    row_store& store;

  private:
    template <class T> static void remove_last(std::vector<T>& from, const T& what) noexcept {
        if (const auto it = std::find(from.rbegin(), from.rend(), what); it != from.rend())
            from.erase(std::next(it).base());
    }

    std::byte* key_at(std::uint32_t row) const noexcept { return store.keys_ + std::size_t{row} * key_type.size; }
    std::byte* value_at(std::uint32_t row) const noexcept {
        return store.values_ + std::size_t{row} * value_type->size;
    }
    std::size_t hash_at(std::uint32_t row) const { return key_type.ops->hash(key_type, key_at(row)); }

    /// Makes room for `rows` rows in what the store has beside its columns, and tells of it.
    void prepare_extras(std::size_t rows) {
        if (ordered && rows != 0 && !extras().links) store.extras_->links.emplace();
        if (store.extras_) store.extras_->reserve(rows);
    }

    /// Destroys all rows, which are in no index any more.
    void destroy_rows() noexcept {
        const std::uint32_t size = std::exchange(store.size_, 0);
        detail::destroy_elements(key_type, store.keys_, size);
        if (value_type) detail::destroy_elements(*value_type, store.values_, size);
        if (store.extras_) store.extras_->cleared(size);
    }

    /// Destroys all rows and frees the columns; the extras keep their room.
    void discard_rows() noexcept {
        if (store.extras_) store.extras_->clearing();
        store.index_.reset();
        destroy_rows();
        free_columns();
    }

    bool in_column(const void* p) const noexcept {
        const auto within = [&](const std::byte* first, const TypeMeta& type) {
            const std::less<const void*> before;
            return first && !before(p, first) && before(p, first + std::size_t{store.size_} * type.size);
        };
        return within(store.keys_, key_type) || (value_type && within(store.values_, *value_type));
    }

    /// An insertion for which the elements move away from below the new one's key or value.
#if defined(__GNUC__)
    [[gnu::noinline]]
#endif
    std::uint32_t insert_from_within(const void* key, std::size_t hash, const void* value) {
        detail::element_array key_copy(key_type, 1);
        key_copy.append_copies(static_cast<const std::byte*>(key), 1);
        if (!value) return insert(key_copy.at(0), hash);
        detail::element_array value_copy(*value_type, 1);
        value_copy.append_copies(static_cast<const std::byte*>(value), 1);
        return insert(key_copy.at(0), hash, value_copy.at(0));
    }

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

    /// Columns and index for another capacity, not in use yet. There is an index if, and only if, the capacity is above
    /// linear_limit, and it has room for as many rows.
    struct columns {
        columns(const row_store_access& of, std::size_t rows)
            : capacity(rows), keys(of.key_type, rows),
              index(rows > row_store::linear_limit ? of.make_index(rows) : nullptr) {
            if (of.value_type) values.emplace(*of.value_type, rows);
        }
        std::size_t capacity;
        detail::element_array keys;
        std::optional<detail::element_array> values;
        std::unique_ptr<row_index> index;
    };

    /// Puts the store on columns to which its rows were moved.
    void settle(columns& to) noexcept {
        free_columns();
        adopt(to.keys, to.values, to.capacity);
        store.index_ = std::move(to.index);
    }

    /// Changes the capacity.
    void reallocate(std::size_t capacity) {
        columns to(*this, capacity);
        prepare_extras(capacity);
        detail::relocate_elements(key_type, to.keys.at(0), store.keys_, store.size_);
        if (value_type) detail::relocate_elements(*value_type, to.values->at(0), store.values_, store.size_);
        settle(to);
    }

    /// Puts the rows of an ordered store into insertion order, and makes the capacity the size.
    void sort_rows() {
        columns to(*this, store.size_);
        std::vector<std::uint32_t> row_in(store.size_);   // by place: the row that is there now
        std::vector<std::uint32_t> place_of(store.size_); // by row: where it is now
        for (std::uint32_t row = 0; row < store.size_; ++row) row_in[row] = place_of[row] = row;

        std::uint32_t place = 0;
        for (const std::uint32_t row : store.rows()) { // what is in order up to `place` stays there
            if (const std::uint32_t was = place_of[row]; was != place) {
                store.extras_->exchanging(place, was);
                row_in[was] = row_in[place];
                place_of[row_in[was]] = was;
                place_of[row] = place;
            }
            ++place;
        }
        for (std::uint32_t row = 0; row < store.size_; ++row) {
            detail::relocate_elements(key_type, to.keys.at(place_of[row]), key_at(row), 1);
            if (value_type) detail::relocate_elements(*value_type, to.values->at(place_of[row]), value_at(row), 1);
        }
        if (to.index) to.index->renumber_all(place_of);
        store.extras_->links->set_in_row_order();
        settle(to);
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

    /// The new row is complete.
    void end_insert() noexcept {
        ++store.size_;
        if (store.extras_) [[unlikely]]
            store.extras_->inserted(store.size_ - 1);
    }

    /// Takes `row` out of the index and lets the last row be found in its place.
    void begin_erase(std::uint32_t row) noexcept {
        assert(row < store.size_);
        const std::uint32_t last = store.size_ - 1;
        if (store.extras_) [[unlikely]]
            store.extras_->erasing(row, last);
        if (!store.index_) return;
        store.index_->erase(hash_at(row), row);
        if (row != last) store.index_->renumber(hash_at(last), last, row);
    }

    /// Closes the gap that `row`, which holds no objects any more, leaves.
    void fill_with_last(std::uint32_t row) noexcept {
        const std::uint32_t last = --store.size_;
        if (row != last) {
            detail::relocate_elements(key_type, key_at(row), key_at(last), 1);
            if (value_type) detail::relocate_elements(*value_type, value_at(row), value_at(last), 1);
        }
        if (store.extras_) [[unlikely]]
            store.extras_->erased(row, last);
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
void row_store_compact(const TypeMeta& m, row_store& s) { row_store_access(m, s).compact(); }
InsertResult row_store_set(const TypeMeta& m, row_store& s, const void* key, std::size_t hash, const void* value) {
    row_store_access to(m, s);
    const std::uint32_t row = find_row(m, s, key, hash);
    if (row == no_row) return {to.insert(key, hash, value), true};
    to.set_value(row, value);
    return {row, false};
}

SlotHandle row_store_handle(const TypeMeta& m, row_store& s, std::uint32_t row) {
    assert(row < s.size());
    return row_store_access(m, s).tracked().slots->handle_of(row);
}
void row_store_attach_observer(const TypeMeta& m, row_store& s, SlotObserver& o) {
    row_extras& x = row_store_access(m, s).tracked();
    x.observers.reserve(x.observers.size() + 1);
    if (x.slot_capacity != 0) o.on_capacity_change(0, x.slot_capacity);
    x.observers.push_back(&o);
    for (const std::uint32_t row : s.rows()) o.on_insert(x.slots->slot_of(row));
}
void row_store_detach_observer(row_store& s, SlotObserver& o) noexcept { row_store_access::forget(s, o); }
void row_store_attach_hooks(const TypeMeta& m, row_store& s, const ContainerHooks& h) {
    row_store_access(m, s).extras().hooks.push_back(h);
    for (std::uint32_t row = 0; row < s.size(); ++row) h.inserted(row);
}
void row_store_detach_hooks(row_store& s, const ContainerHooks& h) noexcept { row_store_access::forget(s, h); }

} // namespace detail
} // namespace hgvalue
