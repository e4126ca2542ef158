// Views of sets and maps.
#pragma once

#include <hgvalue/value/indexed_view.hpp>
#include <hgvalue/value/row_ops.hpp>

#include <cstddef>
#include <cstdint>
#include <utility>

namespace hgvalue {

namespace detail {

template <class Base> class keyed_access : public Base {
  public:
    using Base::Base;
    /// The view must be one of a set or map; as_set() and as_map() see to that.
    explicit keyed_access(const Base& v) : Base(v) {}

    bool empty() const { return this->size() == 0; }
    /// Whether the key is there. TypeError for a key of another type.
    template <AnyValue K> bool contains(const K& key) const { return find_index(key) != no_row; }
    /// The row of the key, or no_row: its place in the columns that keys and values lie in.
    template <AnyValue K> std::uint32_t find_index(const K& key) const {
        const auto find = this->need(&KindOps::find, "keys");
        return this->here(
            [&] { return this->with_key(key, [&](ValueArgument k) { return find(*this->schema_, this->data_, k); }); });
    }

    /// The share of the reserved rows that is not in use.
    double fragmentation_ratio() const { return store().fragmentation_ratio(); }

    /// The elements of the set or the keys of the map, in its order.
    ViewRange keys() const {
        this->require_valid();
        return ViewRange::keys(*this);
    }
    /// The key in a row.
    ConstValueView key_at(std::uint32_t row) const {
        this->require_valid();
        return ViewRange::keys(*this).read_at({row, row});
    }

  protected:
    const row_store& store() const {
        this->require_valid();
        return *static_cast<const row_store*>(this->data_);
    }
    template <class K, class F> decltype(auto) with_key(const K& key, const F& f) const {
        return with_argument(key_meta(*this->schema_), key, f);
    }
};

/// What changes the rows.
template <class Base> class keyed_changes : public Base {
  public:
    using Base::Base;

    /// Removes the key; false when it was not there. Another row may take its place.
    template <AnyValue K> bool erase(const K& key) {
        const auto erase = this->need(&KindOps::erase, "erase");
        return this->here([&] {
            return this->with_key(key, [&](ValueArgument k) { return erase(*this->schema_, this->data(), k); });
        });
    }
    void clear() {
        this->here([this] { this->need(&KindOps::clear, "clear")(*this->schema_, this->data()); });
    }
    /// Room for `rows` rows in all, so that inserting up to there does not allocate for the container.
    void reserve(std::size_t rows) {
        this->here([&] { this->need(&KindOps::reserve, "reserve")(*this->schema_, this->data(), rows); });
    }
    /// Gives unused memory back; where insertion order is kept, also puts the rows into it.
    void compact() {
        this->require_valid();
        hgvalue::compact(*this->schema_, *static_cast<row_store*>(this->data()));
    }
};

template <class Base> class set_access : public keyed_access<Base> {
  public:
    using keyed_access<Base>::keyed_access;

    const TypeMeta* element_type() const noexcept { return this->schema()->element; }
    ViewRange values() const { return this->keys(); }
    using const_iterator = own_iterator<ViewRange>;
    const_iterator begin() const { return const_iterator(values()); }
    std::default_sentinel_t end() const noexcept { return {}; }
};

template <class Base> class map_access : public keyed_access<Base> {
  public:
    using keyed_access<Base>::keyed_access;

    const TypeMeta* key_type() const noexcept { return this->schema()->key; }
    const TypeMeta* value_type() const noexcept { return this->schema()->element; }

    ViewRange values() const {
        this->require_valid();
        return ViewRange::values(*this);
    }
    /// Pairs of key and value.
    ViewPairRange items() const {
        this->require_valid();
        return ViewPairRange::items(*this);
    }
    using const_iterator = own_iterator<ViewPairRange>;
    const_iterator begin() const { return const_iterator(items()); }
    std::default_sentinel_t end() const noexcept { return {}; }

  protected:
    template <class K> auto part_of(const K& key) const {
        // Text is looked up as it is, without making a key of it.
        if constexpr (text_argument<K>)
            return this->part_at(std::string_view(key));
        else
            return this->with_key(key, [&](ValueArgument k) { return this->part_at(k); });
    }
};

} // namespace detail

class ConstSetView : public detail::set_access<ConstValueView> {
  public:
    using set_access::set_access;
};

class SetView : public detail::keyed_changes<detail::set_access<ValueView>> {
  public:
    using keyed_changes::keyed_changes;
    operator ConstSetView() const { return as_set(); }

    /// Adds the element; false when it was there.
    template <AnyValue T> bool insert(const T& v) {
        const auto insert = need(&KindOps::insert, "insert");
        return here([&] { return with_key(v, [&](ValueArgument k) { return insert(*schema_, data(), k); }); });
    }
};

class ConstMapView : public detail::map_access<ConstValueView> {
  public:
    using map_access::map_access;

    /// The value of the key; KeyError if there is none.
    template <AnyValue K> ConstValueView at(const K& key) const { return child(part_of(key)); }
    template <AnyValue K> ConstValueView operator[](const K& key) const { return at(key); }
};

class MapView : public detail::keyed_changes<detail::map_access<ValueView>> {
  public:
    using keyed_changes::keyed_changes;
    operator ConstMapView() const { return as_map(); }

    /// The value of the key; KeyError if there is none.
    template <AnyValue K> ConstValueView at(const K& key) const { return as_map().at(key); }
    template <AnyValue K> ValueView at(const K& key) { return child(part_of(key)); }
    template <AnyValue K> ConstValueView operator[](const K& key) const { return at(key); }
    /// The value of the key, default-made if there is none.
    template <AnyValue K> ValueView operator[](const K& key) {
        const auto insert = need(&KindOps::insert, "insert");
        return here([&] {
            return with_key(key, [&](ValueArgument k) {
                insert(*schema_, data(), k);
                return child(part_at(k));
            });
        });
    }

    using keyed_changes::begin;
    using keyed_changes::items;
    using keyed_changes::values;
    MutableViewRange values() {
        require_valid();
        return MutableViewRange::values(*this);
    }
    MutableViewPairRange items() {
        require_valid();
        return MutableViewPairRange::items(*this);
    }
    using iterator = detail::own_iterator<MutableViewPairRange>;
    iterator begin() { return iterator(items()); }

    /// Makes `v` the value of the key; true when the key was added.
    template <AnyValue K, AnyValue V> bool set(const K& key, const V& v) {
        const auto set = need(&KindOps::set, "set");
        return with_both(key, v, [&](ValueArgument k, ValueArgument a) { return set(*schema_, data(), k, a); });
    }
    /// Adds the key with that value; false, with nothing changed, when the key was there.
    template <AnyValue K, AnyValue V> bool insert(const K& key, const V& v) {
        const auto set = need(&KindOps::set, "insert");
        const auto get = need(&KindOps::get, "parts by key");
        return with_both(key, v, [&](ValueArgument k, ValueArgument a) {
            return !get(*schema_, data(), k) && set(*schema_, data(), k, a);
        });
    }

  private:
    template <class K, class V, class F> bool with_both(const K& key, const V& v, const F& f) {
        return here([&] {
            return with_key(key, [&](ValueArgument k) {
                return with_argument(*schema_->element, v, [&](ValueArgument a) { return f(k, a); });
            });
        });
    }
};

HGVALUE_VIEWS_OF_KIND(set, Set, "set")
HGVALUE_VIEWS_OF_KIND(map, Map, "dict")

} // namespace hgvalue
