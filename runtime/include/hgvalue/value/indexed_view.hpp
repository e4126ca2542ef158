// Views of values with positions: what bundles, tuples, lists, buffers, queues and windows have in common; and tuples.
#pragma once

#include <hgvalue/value/argument.hpp>
#include <hgvalue/value/view.hpp>
#include <hgvalue/value/view_range.hpp>

#include <cstddef>
#include <iterator>
#include <optional>
#include <utility>

/// Defines the functions of ConstValueView and ValueView that give views of one kind.
#define HGVALUE_VIEWS_OF_KIND(name, Kind, text)                                                                        \
    inline Const##Kind##View ConstValueView::as_##name() const {                                                       \
        require_kind(TypeKind::Kind, text);                                                                            \
        return Const##Kind##View(*this);                                                                               \
    }                                                                                                                  \
    inline Kind##View ValueView::as_##name() {                                                                         \
        require_kind(TypeKind::Kind, text);                                                                            \
        return Kind##View(*this);                                                                                      \
    }                                                                                                                  \
    inline std::optional<Const##Kind##View> ConstValueView::try_as_##name() const {                                    \
        return is(TypeKind::Kind) ? std::optional<Const##Kind##View>(std::in_place, *this) : std::nullopt;             \
    }                                                                                                                  \
    inline std::optional<Kind##View> ValueView::try_as_##name() {                                                      \
        return is(TypeKind::Kind) ? std::optional<Kind##View>(std::in_place, *this) : std::nullopt;                    \
    }

namespace hgvalue {

namespace detail {

/// Goes through the elements of a range of its own, so that it does not matter where the view went that gave it.
template <class Range> class own_iterator {
  public:
    using value_type = typename Range::value_type;
    using reference = value_type; // made when asked for, so not a C++17 forward iterator
    using difference_type = std::ptrdiff_t;
    using iterator_category = std::input_iterator_tag;
    using iterator_concept = std::forward_iterator_tag;

    own_iterator() = default;
    explicit own_iterator(Range range) : range_(std::move(range)), at_(range_.first()) {}

    value_type operator*() const { return range_.read_at(at_); }
    own_iterator& operator++() noexcept {
        range_.inc(at_);
        return *this;
    }
    own_iterator operator++(int) {
        own_iterator was = *this;
        ++*this;
        return was;
    }
    friend bool operator==(const own_iterator& a, const own_iterator& b) noexcept { return a.at_ == b.at_; }
    friend bool operator==(const own_iterator& a, std::default_sentinel_t) noexcept { return a.range_.is_last(a.at_); }

  private:
    Range range_;
    typename Range::cursor at_{};
};

/// What the const and the mutable view share. `Base` is the view to extend.
template <class Base> class positional : public Base {
  public:
    using Base::Base;
    /// The view must be one of a kind that this class is for; as_x() sees to that.
    explicit positional(const Base& v) : Base(v) {}

    bool empty() const { return this->size() == 0; }

    using const_iterator = own_iterator<ViewRange>;
    const_iterator begin() const { return const_iterator(ViewRange::of(*this)); }
    std::default_sentinel_t end() const noexcept { return {}; }
};

template <class Base> class tuple_access : public Base {
  public:
    using Base::Base;

    /// Null beyond the end.
    const TypeMeta* element_type(std::size_t i) const noexcept {
        return i < this->schema()->field_count ? this->schema()->fields[i].type : nullptr;
    }
};

} // namespace detail

class ConstIndexedView : public detail::positional<ConstValueView> {
  public:
    using positional::positional;
};

class IndexedView : public detail::positional<ValueView> {
  public:
    using positional::begin;
    using positional::positional;

    using iterator = detail::own_iterator<MutableViewRange>;
    iterator begin() { return iterator(MutableViewRange::of(*this)); }

    /// Assigns element `i`; see ValueView::assign. IndexError beyond the end.
    template <AnyValue T> void set(std::size_t i, const T& v) { at(i).assign(v); }
};

class ConstTupleView : public detail::tuple_access<ConstIndexedView> {
  public:
    using tuple_access::tuple_access;
};

class TupleView : public detail::tuple_access<IndexedView> {
  public:
    using tuple_access::tuple_access;
    operator ConstTupleView() const { return as_tuple(); }
};

HGVALUE_VIEWS_OF_KIND(tuple, Tuple, "tuple")

} // namespace hgvalue
