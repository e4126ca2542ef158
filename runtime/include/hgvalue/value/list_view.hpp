// Views of lists: those that grow, and those of a fixed size, whose growth is a ValueError.
#pragma once

#include <hgvalue/value/indexed_view.hpp>

#include <cstddef>

namespace hgvalue {

namespace detail {

/// Lists, buffers, queues and windows: elements of one type.
template <class Base> class sequence_access : public Base {
  public:
    using Base::Base;

    const TypeMeta* element_type() const noexcept { return this->schema()->element; }
    /// IndexError if it is empty.
    ConstValueView front() const { return this->at(std::size_t{0}); }
    ConstValueView back() const { return this->at(this->size() - 1); }
};

/// What changes the number of elements.
template <class Base> class sequence_changes : public Base {
  public:
    using Base::Base;

    using Base::back;
    using Base::front;
    ValueView front() { return this->at(std::size_t{0}); }
    ValueView back() { return this->at(this->size() - 1); }
    void clear() {
        this->here([this] { this->need(&KindOps::clear, "clear")(*this->schema_, this->data()); });
    }
    /// Room for `size` elements in all, so that adding up to there does not allocate for the container.
    void reserve(std::size_t size) {
        this->here([&] { this->need(&KindOps::reserve, "reserve")(*this->schema_, this->data(), size); });
    }

  protected:
    template <class T> void add(const T& v) {
        const auto push = this->need(&KindOps::push, "push");
        this->here([&] {
            with_argument(*this->schema_->element, v, [&](ValueArgument a) { push(*this->schema_, this->data(), a); });
        });
    }
    void remove() {
        this->here([this] { this->need(&KindOps::pop, "pop")(*this->schema_, this->data()); });
    }
};

} // namespace detail

class ConstListView : public detail::sequence_access<ConstIndexedView> {
  public:
    using sequence_access::sequence_access;
};

class ListView : public detail::sequence_changes<detail::sequence_access<IndexedView>> {
  public:
    using sequence_changes::sequence_changes;
    operator ConstListView() const { return as_list(); }

    template <AnyValue T> void push_back(const T& v) { add(v); }
    /// IndexError if it is empty.
    void pop_back() { remove(); }
    /// New elements have the default value.
    void resize(std::size_t size) {
        here([&] { need(&KindOps::resize, "resize")(*schema_, data(), size); });
    }
    /// Makes every element equal to `sentinel`; fixed lists too.
    template <AnyValue T> void reset(const T& sentinel) {
        const auto fill = need(&KindOps::fill, "reset");
        here([&] { with_argument(*schema_->element, sentinel, [&](ValueArgument a) { fill(*schema_, data(), a); }); });
    }
};

HGVALUE_VIEWS_OF_KIND(list, List, "list")

} // namespace hgvalue
