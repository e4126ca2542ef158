// Views of values with positions: what bundles, tuples, lists, buffers, queues and windows have in common; and tuples.
#pragma once

#include <hgvalue/value/argument.hpp>
#include <hgvalue/value/view.hpp>

#include <cstddef>
#include <iterator>
#include <optional>

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

/// Goes through a view by position. It points to the view, which must stay where it is.
template <class View, class Element> class view_iterator {
  public:
    using value_type = Element;
    using reference = Element; // made when asked for, so not a C++17 forward iterator
    using difference_type = std::ptrdiff_t;
    using iterator_category = std::input_iterator_tag;
    using iterator_concept = std::forward_iterator_tag;

    view_iterator() = default;
    view_iterator(View& view, std::size_t i) noexcept : view_(&view), i_(i) {}

    Element operator*() const { return view_->at(i_); }
    view_iterator& operator++() noexcept {
        ++i_;
        return *this;
    }
    view_iterator operator++(int) noexcept {
        view_iterator was = *this;
        ++i_;
        return was;
    }
    friend bool operator==(const view_iterator& a, const view_iterator& b) noexcept { return a.i_ == b.i_; }

  private:
    View* view_ = nullptr;
    std::size_t i_ = 0;
};

/// What the const and the mutable view share. `Base` is the view to extend.
template <class Base> class positional : public Base {
  public:
    using Base::Base;
    /// The view must be one of a kind that this class is for; as_x() sees to that.
    explicit positional(const Base& v) : Base(v) {}

    bool empty() const { return this->size() == 0; }

    using const_iterator = view_iterator<const positional, ConstValueView>;
    const_iterator begin() const { return {*this, 0}; }
    const_iterator end() const { return {*this, this->size()}; }
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
    using positional::end;
    using positional::positional;

    using iterator = detail::view_iterator<IndexedView, ValueView>;
    iterator begin() { return {*this, 0}; }
    iterator end() { return {*this, this->size()}; }

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
