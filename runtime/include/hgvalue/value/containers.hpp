// set[T] and dict[K, V] as values.
#pragma once

#include <hgvalue/core/error.hpp>

#include <hgvalue/value/row_store.hpp>
#include <hgvalue/value/scalars.hpp>

#include <concepts>
#include <initializer_list>
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

    /// The row of `q`, or no_row. Rows are stable until the next erase.
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

/// set[T]: distinct values, iterated in row order.
template <class K> class set : public keyed_container<K> {
  public:
    set() = default;
    set(std::initializer_list<K> keys) {
        for (const K& k : keys) insert(k);
    }
    set(const set& o) { runtime().row_store_copy(type_of<set>(), *this, o); }
    set(set&&) noexcept = default;
    set& operator=(set o) noexcept {
        this->~set();
        return *new (this) set(std::move(o));
    }
    ~set() { runtime().row_store_clear(type_of<set>(), *this); }

    const K* begin() const noexcept { return this->key_data(); }
    const K* end() const noexcept { return this->key_data() + this->size_; }

    /// Adds `k`; false when it was there.
    bool insert(const K& k) {
        if (this->contains(k)) return false;
        runtime().row_store_insert(type_of<set>(), *this, &k, hash_of(k));
        return true;
    }
    /// Removes `k`; false when it was not there.
    bool erase(const K& k) {
        const std::uint32_t row = this->find_index(k);
        if (row == no_row) return false;
        runtime().row_store_erase(type_of<set>(), *this, row);
        return true;
    }
    friend bool operator==(const set& a, const set& b) { return equal(a, b); }
};

/// dict[K, V].
template <class K, class V> class map : public keyed_container<K> {
  public:
    using mapped_type = V;
    map() = default;
    map(std::initializer_list<std::pair<K, V>> items) {
        for (const auto& [key, value] : items) (*this)[key] = value;
    }
    map(const map& o) { runtime().row_store_copy(type_of<map>(), *this, o); }
    map(map&&) noexcept = default;
    map& operator=(map o) noexcept {
        this->~map();
        return *new (this) map(std::move(o));
    }
    ~map() { runtime().row_store_clear(type_of<map>(), *this); }

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
    /// Removes `k`; false when it was not there.
    bool erase(const K& k) {
        const std::uint32_t row = this->find_index(k);
        if (row == no_row) return false;
        runtime().row_store_erase(type_of<map>(), *this, row);
        return true;
    }
    friend bool operator==(const map& a, const map& b) { return equal(a, b); }

  private:
    element_t<V>* value_data() const noexcept { return reinterpret_cast<element_t<V>*>(this->values_); }
};

} // namespace hgvalue
