// set[T] and dict[K, V] as values.
#pragma once

#include <hgvalue/core/error.hpp>

#include <hgvalue/value/row_ops.hpp>
#include <hgvalue/value/scalars.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <new>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace hgvalue {

/// What may be looked up in a container of keys of type K without making a K first.
template <class Q, class K>
concept LookupKey = std::same_as<Q, K> || (std::same_as<K, std::string> && std::convertible_to<Q, std::string_view>);

template <class Q> std::size_t hash_of_lookup(const Q& q) {
    if constexpr (std::convertible_to<const Q&, std::string_view>)
        return hash_bytes(q);
    else
        return hash_of(q);
}

/// The part of `set` and `map` that concerns keys.
template <class K> class keyed_container : public row_store {
  public:
    using key_type = K;
    keyed_container() = default;
    keyed_container(keyed_container&&) noexcept = default;

    std::span<const K> keys() const noexcept { return {key_data(), size_}; }

    /// The row of `q`, or no_row. Rows are stable until the next erase or compact().
    template <class Q>
        requires LookupKey<Q, K>
    std::uint32_t find_index(const Q& q) const {
        const K* k = key_data();
        return this->find(hash_of_lookup(q), [k, &q](std::uint32_t row) {
            if constexpr (std::same_as<Q, K>)
                return equal(k[row], q);
            else
                return k[row] == std::string_view(q);
        });
    }
    template <class Q>
        requires LookupKey<Q, K>
    bool contains(const Q& q) const {
        return find_index(q) != no_row;
    }

  protected:
    const K* key_data() const noexcept { return reinterpret_cast<const K*>(this->keys_); }
};

/// What `set` and `map` have in common beyond their keys: `Self` is the one or the other.
template <class K, class Self> class row_container : public keyed_container<K> {
  public:
    /// Makes room: after this, inserting up to `rows` elements in all does not allocate for the container.
    void reserve(std::size_t rows) { runtime().row_store_reserve(type_of<Self>(), *this, rows); }
    /// Gives unused memory back; an ordered container also puts its rows into insertion order.
    void compact() { runtime().row_store_compact(type_of<Self>(), *this); }
    /// Removes everything and frees the memory.
    void clear() noexcept { runtime().row_store_clear(type_of<Self>(), *this); }

    /// Removes `k`; false when it was not there. The last row takes its place.
    bool erase(const K& k) { return erase_with_hooks(k, {}); }
    /// As erase; the hooks hear of this call only.
    bool erase_with_hooks(const K& k, const ContainerHooks& hooks) {
        const std::uint32_t row = this->find_index(k);
        if (row == no_row) return false;
        hgvalue::erase_with_hooks(type_of<Self>(), *this, row, hooks);
        return true;
    }

    /// Names the element in a row; see value/slot_handle.hpp.
    SlotHandle handle_of(std::uint32_t row) { return hgvalue::handle_of(type_of<Self>(), *this, row); }
    void attach(SlotObserver& o) { attach_observer(type_of<Self>(), *this, o); }
    void detach(SlotObserver& o) noexcept { detach_observer(*this, o); }
    void attach(const ContainerHooks& h) { attach_hooks(type_of<Self>(), *this, h); }
    void detach(const ContainerHooks& h) noexcept { detach_hooks(*this, h); }

    friend bool operator==(const Self& a, const Self& b) { return equal(a, b); }

  protected:
    row_container() = default;
    row_container(const row_container& o) : keyed_container<K>() {
        runtime().row_store_copy(type_of<Self>(), *this, o);
    }
    row_container(row_container&&) noexcept = default;
    /// What watches this container hears of a clear and of insertions.
    row_container& operator=(const row_container& o) {
        runtime().row_store_copy(type_of<Self>(), *this, o);
        return *this;
    }
    /// What watches this container is detached; what watches the other one comes along.
    row_container& operator=(row_container&& o) noexcept {
        row_container taken(std::move(o)); // `o` may be this
        this->~row_container();
        return *new (this) row_container(std::move(taken));
    }
    ~row_container() { runtime().row_store_clear(type_of<Self>(), *this); }
};

/// Keys in insertion order.
template <class K> class ordered_keys {
  public:
    using value_type = K;
    using difference_type = std::ptrdiff_t;
    ordered_keys() = default;
    ordered_keys(const K* keys, row_range::iterator row) noexcept : keys_(keys), row_(row) {}
    const K& operator*() const noexcept { return keys_[*row_]; }
    const K* operator->() const noexcept { return keys_ + *row_; }
    ordered_keys& operator++() noexcept {
        ++row_;
        return *this;
    }
    ordered_keys operator++(int) noexcept { return {keys_, row_++}; }
    friend bool operator==(const ordered_keys& a, const ordered_keys& b) noexcept { return a.row_ == b.row_; }

  private:
    const K* keys_ = nullptr;
    row_range::iterator row_;
};

/// set[T]: distinct values, iterated in row order, or in insertion order if `Ordered`.
template <class K, bool Ordered = false> class set : public row_container<K, set<K, Ordered>> {
  public:
    set() = default;
    set(std::initializer_list<K> keys) {
        for (const K& k : keys) insert(k);
    }

    auto begin() const noexcept {
        if constexpr (Ordered)
            return ordered_keys<K>(this->key_data(), this->rows().begin());
        else
            return this->key_data();
    }
    auto end() const noexcept {
        if constexpr (Ordered)
            return ordered_keys<K>(this->key_data(), this->rows().end());
        else
            return this->key_data() + this->size_;
    }

    /// Adds `k`; false when it was there.
    bool insert(const K& k) { return insert_with_index(k).inserted; }
    /// As insert, and says where it is; the hooks hear of this call only.
    InsertResult insert_with_index(const K& k, const ContainerHooks& hooks = {}) {
        if (const std::uint32_t row = this->find_index(k); row != no_row) return {row, false};
        const std::uint32_t row = runtime().row_store_insert(type_of<set>(), *this, &k, hash_of(k));
        hooks.inserted(row);
        return {row, true};
    }
};

/// dict[K, V]. `rows()` runs through it, in insertion order if `Ordered`.
template <class K, class V, bool Ordered = false> class map : public row_container<K, map<K, V, Ordered>> {
  public:
    using mapped_type = V;
    map() = default;
    map(std::initializer_list<std::pair<K, V>> items) {
        for (const auto& [key, value] : items) (*this)[key] = value;
    }

    std::span<element_t<V>> values() noexcept { return {value_data(), this->size_}; }
    std::span<const element_t<V>> values() const noexcept { return {value_data(), this->size_}; }

    /// The value of `q`; KeyError when there is none.
    template <class Q>
        requires LookupKey<Q, K>
    element_t<V>& at(const Q& q) const {
        const std::uint32_t row = this->find_index(q);
        if (row == no_row) throw KeyError("key not found");
        return value_data()[row];
    }
    /// The value of `k`, default-made when there is none.
    element_t<V>& operator[](const K& k) {
        std::uint32_t row = this->find_index(k);
        if (row == no_row) row = runtime().row_store_insert(type_of<map>(), *this, &k, hash_of(k));
        return value_data()[row];
    }
    /// Makes `v` the value of `k` and says where it is; the hooks hear of this call only.
    InsertResult set_with_index(const K& k, const element_t<V>& v, const ContainerHooks& hooks = {}) {
        return hgvalue::set_with_index(type_of<map>(), *this, &k, hash_of(k), &v, hooks);
    }

  private:
    element_t<V>* value_data() const noexcept { return reinterpret_cast<element_t<V>*>(this->values_); }
};

template <class K> using ordered_set = set<K, true>;
template <class K, class V> using ordered_map = map<K, V, true>;

} // namespace hgvalue
