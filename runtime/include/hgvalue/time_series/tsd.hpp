// TSD and TSS: dicts of time series, and sets.
#pragma once

#include <hgvalue/time_series/ts.hpp>

#include <functional>
#include <span>
#include <utility>

namespace hgvalue {

/// What a TSD and a TSS share: their keys, and which of them came and went in this tick.
template <class Shape> class keyed_handle : public node_handle<Shape> {
  public:
    using node_handle<Shape>::node_handle;
    using key_type = typename Shape::key_type;

    std::uint32_t size() const noexcept { return this->value_->size(); }
    bool empty() const noexcept { return size() == 0; }
    /// `key` is a key, or anything that one can be made of.
    template <class Q> bool contains(const Q& key) const { return row_of(key) != no_row; }
    /// The keys, in row order; good until the next insert or erase.
    std::span<const key_type> keys() const noexcept { return std::as_const(*this->value_).keys(); }

    /// Calls `f(key)` for each key that is there now and was not when the tick began.
    template <class F> void for_each_added(F&& f) const {
        const keyed_state& s = **this->overlay_;
        if (!current(s)) return;
        for (const std::uint32_t id : s.added)
            if (const std::uint32_t row = s.places[id].row; row != no_row && s.flags[row] & RowFlag::Added)
                f(keys()[row]);
    }
    /// Calls `f(key)` for each key that was there when the tick began and is not any more.
    template <class F> void for_each_removed(F&& f) const {
        const keyed_state& s = **this->overlay_;
        if (!current(s) || !s.removed) return;
        const auto* k = reinterpret_cast<const key_type*>(s.removed->store.keys());
        for (std::uint32_t row = 0; row < s.removed->store.size(); ++row)
            if (!(s.removed->flags[row] & RowFlag::Returned)) f(k[row]);
    }
    /// Removes `key`; false when it is not there.
    bool erase(const key_type& key) const {
        const std::uint32_t row = row_of(key);
        if (row == no_row) return false;
        runtime().erase_row(this->ref(), row);
        return true;
    }

    /// Told once a tick in which any element, or something below one, changed, came or went.
    template <class F> [[nodiscard]] Subscription subscribe_elements(F&& observer, When when = When::End) const {
        return detail::subscribe(this->ref(), {Scope::Elements, when}, std::forward<F>(observer));
    }
    /// Told once a tick in which keys came or went, or in which the key set became valid.
    template <class F> [[nodiscard]] Subscription subscribe_structure(F&& observer, When when = When::End) const {
        return detail::subscribe(this->ref(), {Scope::Structure, when}, std::forward<F>(observer));
    }
    /// Told when the element of `key`, which need not be there, comes, changes or goes.
    template <class F>
    [[nodiscard]] Subscription subscribe_key(const key_type& key, F&& observer, When when = When::End) const {
        return detail::subscribe(this->ref(), {Scope::Key, when, &key, hash_of(key)}, std::forward<F>(observer));
    }

  protected:
    /// The row of `key`, or no_row. Where no look-up without a key is possible, such as of an int among 64-bit ones,
    /// the key is made first.
    template <class Q> std::uint32_t row_of(const Q& key) const {
        if constexpr (LookupKey<Q, key_type>)
            return this->value_->find_index(key);
        else
            return this->value_->find_index(key_type(key));
    }
    bool current(const keyed_state& s) const noexcept { return s.touched_at(this->context_->now()); }
};

template <class Shape> class dict_handle : public keyed_handle<Shape> {
  public:
    using keyed_handle<Shape>::keyed_handle;
    using key_type = typename Shape::key_type;
    using child_handle = typename Shape::child::handle;

    /// The child of `key`; KeyError when there is none.
    template <class Q> child_handle at(const Q& key) const {
        const std::uint32_t row = this->row_of(key);
        if (row == no_row) throw KeyError("key not found");
        return in_row(row);
    }
    /// The child of `key`, created (which ticks the dict) when there is none.
    child_handle operator[](const key_type& key) const {
        std::uint32_t row = this->row_of(key);
        if (row == no_row) {
            if (in_values(&key)) [[unlikely]]
                return (*this)[key_type(key)]; // the rows are about to move
            const std::shared_ptr<observer_registry> told = this->context_->observers;
            row = runtime().insert_row(this->ref(), &key, hash_of(key));
            if (told) [[unlikely]] { // an observer may have moved the row, or removed it
                row = runtime().has_root(*told) ? this->row_of(key) : no_row;
                if (row == no_row) throw StateError("an observer removed the key while it was being created");
            }
        }
        return in_row(row);
    }
    /// The child in `row`, which is below size().
    child_handle in_row(std::uint32_t row) const noexcept {
        keyed_state& s = **this->overlay_;
#if defined(__GNUC__)
        // A write will want it, after two look-ups that each wait for the one before.
        __builtin_prefetch(s.flags.data() + row, 1);
#endif
        auto* overlays = reinterpret_cast<typename Shape::child::overlay_type*>(s.overlays);
        return make_handle<typename Shape::child>(this->value_->values().data() + row, overlays + row, this->context_,
                                                  &s, s.id_of_row[row]);
    }

    /// A range of (key, child) over the keys that are there and whose child was written in this tick.
    class modified_range {
      public:
        struct iterator {
            const modified_range* range;
            std::size_t at;
            std::pair<const key_type&, child_handle> operator*() const {
                const std::uint32_t row = range->row(at);
                return {range->dict_.keys()[row], range->dict_.in_row(row)};
            }
            iterator& operator++() {
                at = range->next(at + 1);
                return *this;
            }
            bool operator==(const iterator& o) const noexcept { return at == o.at; }
        };
        explicit modified_range(const dict_handle& dict) : dict_(dict), state_(&**dict.overlay_) {
            count_ = dict.current(*state_) ? state_->changed.size() : 0;
        }
        iterator begin() const { return {this, next(0)}; }
        iterator end() const { return {this, count_}; }

      private:
        std::uint32_t row(std::size_t i) const noexcept { return state_->places[state_->changed[i]].row; }
        std::size_t next(std::size_t i) const noexcept {
            while (i < count_ && (row(i) == no_row || !(state_->flags[row(i)] & RowFlag::Written))) ++i;
            return i;
        }
        dict_handle dict_;
        const keyed_state* state_;
        std::size_t count_;
    };
    modified_range modified_items() const { return modified_range(*this); }

  private:
    /// Whether it lies in the data of a child, which a new row may move.
    bool in_values(const void* p) const noexcept {
        const auto values = this->value_->values();
        return !std::less<const void*>()(p, values.data()) &&
               std::less<const void*>()(p, values.data() + values.size());
    }
};

/// TSD[K, Child].
template <class K, class Child> struct tsd {
    using key_type = K;
    using child = Child;
    using value_type = map<K, typename Child::value_type>;
    using overlay_type = state_ptr<keyed_state>;
    using handle = dict_handle<tsd>;
    using delta_type = dict_delta<K, Child>;
    static constexpr bool references = refers<Child>;
    static constexpr bool on_heap = true;
    static constexpr bool flat = false;
    static constexpr NodeType type = [] {
        NodeType t{};
        t.kind = NodeKind::TSD;
        t.value = &meta_for<value_type>::value;
        t.scalar = &meta_for<K>::value;
        t.child = &Child::type;
        t.references = references;
        t.overlay_size = sizeof(overlay_type);
        t.overlay_alignment = alignof(overlay_type);
        return t;
    }();
};

template <class Shape> class set_handle : public keyed_handle<Shape> {
  public:
    using keyed_handle<Shape>::keyed_handle;
    using key_type = typename Shape::key_type;

    /// Adds `element`; false, and no tick, when it is there.
    bool add(const key_type& element) const {
        if (this->contains(element)) return false;
        runtime().insert_row(this->ref(), &element, hash_of(element));
        return true;
    }
    /// Removes `element`; false, and no tick, when it is not there.
    bool remove(const key_type& element) const { return this->erase(element); }
};

/// TSS[T].
template <class T> struct tss {
    using key_type = T;
    using value_type = set<T>;
    using overlay_type = state_ptr<keyed_state>;
    using handle = set_handle<tss>;
    using delta_type = set_delta<T>;
    static constexpr bool on_heap = true;
    static constexpr bool flat = false;
    static constexpr NodeType type = [] {
        NodeType t{};
        t.kind = NodeKind::TSS;
        t.value = &meta_for<value_type>::value;
        t.scalar = &meta_for<T>::value;
        t.overlay_size = sizeof(overlay_type);
        t.overlay_alignment = alignof(overlay_type);
        return t;
    }();
};

} // namespace hgvalue
