// Ranges of views: what keys(), values(), items(), added(), removed() give, to loop over or to index.
//
// A range knows where its elements lie and makes the view of one when it is asked for: nothing is copied, and nothing
// allocated as long as the elements' paths fit into a ValuePath. Iterators point into their range, so keep the range.
// Like a view of an element, a range is good until its container changes its structure.
#pragma once

#include <hgvalue/core/error.hpp>
#include <hgvalue/value/format.hpp>
#include <hgvalue/value/ring.hpp>
#include <hgvalue/value/row_store.hpp>
#include <hgvalue/value/view.hpp>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

namespace hgvalue {

/// A place in a range: the how-manieth element, and the row it has in its set or map. See value/cursor.hpp.
struct ValueCursor {
    std::size_t index = 0;
    std::uint32_t row = no_row;
    friend bool operator==(const ValueCursor& a, const ValueCursor& b) noexcept { return a.index == b.index; }
};

namespace detail {

[[noreturn]] inline void refuse_range_index(std::size_t i, std::size_t size) {
    throw IndexError("range index " + std::to_string(i) + " is out of range for " + std::to_string(size) + " elements");
}

/// The iterators of both kinds of range. `Range` has a type of cursors, moves one on, and reads where one stands.
template <class Range, class Element> class range_iterator {
  public:
    using value_type = Element;
    using reference = Element; // made when asked for, so not a C++17 forward iterator
    using difference_type = std::ptrdiff_t;
    using iterator_category = std::input_iterator_tag;
    using iterator_concept = std::forward_iterator_tag;
    struct pointer {
        Element element;
        Element* operator->() noexcept { return &element; }
    };

    range_iterator() = default;
    range_iterator(const Range* range, typename Range::cursor at) noexcept : range_(range), at_(at) {}

    Element operator*() const { return range_->read_at(at_); }
    pointer operator->() const { return {**this}; }
    range_iterator& operator++() noexcept {
        range_->inc(at_);
        return *this;
    }
    range_iterator operator++(int) noexcept {
        range_iterator was = *this;
        ++*this;
        return was;
    }
    friend bool operator==(const range_iterator& a, const range_iterator& b) noexcept { return a.at_ == b.at_; }

  private:
    const Range* range_ = nullptr;
    typename Range::cursor at_;
};

[[noreturn]] inline void refuse_range_of(const TypeMeta& type) {
    throw TypeError('\'' + type_name(type) + "' has no parts to go through");
}

} // namespace detail

/// The elements of one container, as `View`s: ConstValueView or ValueView.
template <class View> class BasicViewRange {
  public:
    using value_type = View;
    using cursor = ValueCursor;
    using iterator = detail::range_iterator<BasicViewRange, View>;
    using const_iterator = iterator;
    /// The view of the container: a mutable one where the elements' views are.
    using container_view = std::conditional_t<std::is_same_v<View, ValueView>, ValueView, ConstValueView>;

    /// No elements.
    BasicViewRange() = default;
    /// The fields of a bundle or tuple, each of its own type.
    static BasicViewRange fields(const container_view& v) {
        return {v, Layout::Fields, v.data(), nullptr, v.schema()->field_count};
    }
    /// `count` elements of type `element` that lie side by side; their steps are the positions in `v`.
    static BasicViewRange contiguous(const container_view& v, const void* first, const TypeMeta& element,
                                     std::size_t count) {
        return {v, Layout::Contiguous, first, &element, count};
    }
    /// The elements of a list, whether it can grow or not.
    static BasicViewRange list(const container_view& v) {
        const TypeMeta& m = *v.schema();
        if (!m.ops->list_size) return contiguous(v, v.data(), *m.element, static_cast<std::size_t>(m.fixed_size));
        const void* first = m.ops->list_data(m, const_cast<void*>(v.data())); // asked for its place only
        return contiguous(v, first, *m.element, m.ops->list_size(m, v.data()));
    }
    /// The elements of a cyclic buffer, queue or window, oldest first.
    static BasicViewRange ring_elements(const container_view& v) {
        const auto& r = *static_cast<const ring*>(v.data());
        BasicViewRange range{v, Layout::Ring, nullptr, v.schema()->element, r.size()};
        range.ring_ = &r;
        return range;
    }
    /// The elements of a set or the keys of a map, in the container's order. A key has the path of its entry.
    static BasicViewRange keys(const container_view& v)
        requires std::is_same_v<View, ConstValueView> // a key that changed would be in the wrong place
    {
        const row_store& s = store_of(v);
        return {v, s, s.keys(), key_meta(*v.schema())};
    }
    /// The values of a map, in the container's order.
    static BasicViewRange values(const container_view& v) {
        const row_store& s = store_of(v);
        return {v, s, s.values(), *v.schema()->element};
    }
    /// The keys in the given rows of a set or map, in that order. `rows` must outlive the range.
    static BasicViewRange keys(const container_view& v, std::span<const std::uint32_t> rows)
        requires std::is_same_v<View, ConstValueView>
    {
        return keys(v).pick(rows);
    }
    /// The values in the given rows of a map, likewise.
    static BasicViewRange values(const container_view& v, std::span<const std::uint32_t> rows) {
        return values(v).pick(rows);
    }

    /// What an optional or variant holds, which has the container's own path; none in an empty optional.
    static BasicViewRange payload(const container_view& v) {
        const TypeMeta& m = *v.schema();
        void* data = const_cast<void*>(v.data()); // asked for its place only
        if (m.kind == TypeKind::Variant)
            return {v, Layout::Payload, m.ops->variant_get(m, data), m.fields[m.ops->variant_index(m, data)].type, 1};
        const void* held = m.ops->optional_get(m, data);
        return {v, Layout::Payload, held, m.element, held ? std::size_t{1} : 0};
    }
    /// The parts of a value of any kind: fields, elements, values of a map, payload. TypeError for scalars and
    /// references, and for a set if its elements are to be changed.
    static BasicViewRange of(const container_view& v);

    std::size_t size() const noexcept { return size_; }
    bool empty() const noexcept { return size_ == 0; }
    /// Element `i`; IndexError beyond the end. Takes as many steps as `i` says in a container that keeps insertion
    /// order, else one.
    View operator[](std::size_t i) const {
        if (i >= size_) [[unlikely]]
            detail::refuse_range_index(i, size_);
        cursor at = first();
        if (layout_ == Layout::Linked) [[unlikely]]
            while (at.index < i) inc(at);
        else
            at = {i, row_at(i)};
        return read_at(at);
    }
    View front() const { return (*this)[0]; }

    iterator begin() const noexcept { return {this, first()}; }
    iterator end() const noexcept { return {this, {size_, no_row}}; }

    // -- by cursor: what iterators are made of; a cursor is good for every range over the same elements --------------
    cursor first() const noexcept {
        if (size_ == 0) return {};
        return {0, layout_ == Layout::Linked ? first_row(*store_) : row_at(0)};
    }
    void inc(cursor& at) const noexcept {
        ++at.index;
        at.row = layout_ == Layout::Linked ? next_row(*store_, at.row) : row_at(at.index);
    }
    bool is_last(const cursor& at) const noexcept { return at.index >= size_; } ///< beyond the last element
    View read_at(const cursor& at) const {
        const TypeMeta* type = element_;
        const std::byte* place = base_;
        switch (layout_) {
        case Layout::Contiguous: place += at.index * type->size; break;
        case Layout::Ring:
            place = static_cast<const std::byte*>(ring_->element(type->size, static_cast<std::uint32_t>(at.index)));
            break;
        case Layout::Fields:
            type = container_->fields[at.index].type;
            place += container_->fields[at.index].offset;
            break;
        case Layout::Rows:
        case Layout::Linked:
        case Layout::Picked: place += std::size_t{at.row} * type->size; break;
        case Layout::Payload: break;
        }
        ValuePath path = path_;
        if (layout_ != Layout::Payload) path.push_back(step(at));
        if constexpr (std::is_same_v<View, ValueView>) // made of a mutable view of the container
            return {const_cast<std::byte*>(place), type, owner_, std::move(path)};
        else
            return {place, type, owner_, std::move(path)};
    }

  private:
    enum class Layout : std::uint8_t { Contiguous, Ring, Fields, Rows, Linked, Picked, Payload };

    BasicViewRange(const ConstValueView& v, Layout layout, const void* base, const TypeMeta* element, std::size_t size)
        : layout_(layout), container_(v.schema()), element_(element), base_(static_cast<const std::byte*>(base)),
          size_(size), owner_(v.owner()), path_(v.path()) {}
    BasicViewRange(const ConstValueView& v, const row_store& s, const std::byte* base, const TypeMeta& element)
        : BasicViewRange(v, v.schema()->is(TypeFlags::Ordered) ? Layout::Linked : Layout::Rows, base, &element,
                         s.size()) {
        store_ = &s;
    }

    static const row_store& store_of(const ConstValueView& v) { return *static_cast<const row_store*>(v.data()); }

    BasicViewRange&& pick(std::span<const std::uint32_t> rows) && {
        layout_ = Layout::Picked;
        picked_ = rows.data();
        size_ = rows.size();
        return std::move(*this);
    }

    /// The row of element `i`, unless the rows are linked.
    std::uint32_t row_at(std::size_t i) const noexcept {
        if (layout_ == Layout::Rows) return static_cast<std::uint32_t>(i);
        return layout_ == Layout::Picked && i < size_ ? picked_[i] : no_row;
    }
    PathElement step(const cursor& at) const noexcept {
        if (container_->kind == TypeKind::Map && store_)
            return PathElement::at_key(*container_, store_->key(*container_, at.row));
        return PathElement::at(*container_, store_ ? at.row : at.index);
    }
    Layout layout_ = Layout::Contiguous;
    const TypeMeta* container_ = nullptr;
    const TypeMeta* element_ = nullptr; ///< null for fields, which have each their own
    const std::byte* base_ = nullptr;
    std::size_t size_ = 0;
    const ring* ring_ = nullptr;
    const row_store* store_ = nullptr;
    const std::uint32_t* picked_ = nullptr;
    const void* owner_ = nullptr;
    ValuePath path_;
};

template <class View> BasicViewRange<View> BasicViewRange<View>::of(const container_view& v) {
    switch (v.schema()->kind) {
    case TypeKind::Tuple:
    case TypeKind::Bundle: return fields(v);
    case TypeKind::List: return list(v);
    case TypeKind::Set:
        if constexpr (std::is_same_v<View, ConstValueView>) return keys(v);
        break; // an element that changed would be in the wrong place
    case TypeKind::Map: return values(v);
    case TypeKind::CyclicBuffer:
    case TypeKind::Queue:
    case TypeKind::Window: return ring_elements(v);
    case TypeKind::Optional:
    case TypeKind::Variant: return payload(v);
    case TypeKind::Scalar:
    case TypeKind::Ref: break;
    }
    detail::refuse_range_of(*v.schema());
}

using ViewRange = BasicViewRange<ConstValueView>;
using MutableViewRange = BasicViewRange<ValueView>;

/// Two ranges of the same length, side by side: the keys and values of a map, the positions and values of a change.
template <class View> class BasicViewPairRange {
  public:
    using value_type = std::pair<ConstValueView, View>;
    struct cursor {
        ValueCursor first, second;
        friend bool operator==(const cursor&, const cursor&) = default;
    };
    using iterator = detail::range_iterator<BasicViewPairRange, value_type>;
    using const_iterator = iterator;

    BasicViewPairRange() = default;
    /// ValueError unless both have as many elements.
    BasicViewPairRange(ViewRange first, BasicViewRange<View> second)
        : left_(std::move(first)), right_(std::move(second)) {
        if (left_.size() != right_.size()) throw ValueError("the ranges of a range of pairs differ in size");
    }
    /// The entries of a map.
    static BasicViewPairRange items(const typename BasicViewRange<View>::container_view& map) {
        return {ViewRange::keys(map), BasicViewRange<View>::values(map)};
    }
    /// The entries in the given rows of a map. `rows` must outlive the range.
    static BasicViewPairRange items(const typename BasicViewRange<View>::container_view& map,
                                    std::span<const std::uint32_t> rows) {
        return {ViewRange::keys(map, rows), BasicViewRange<View>::values(map, rows)};
    }

    const ViewRange& left() const noexcept { return left_; }
    const BasicViewRange<View>& right() const noexcept { return right_; }

    std::size_t size() const noexcept { return left_.size(); }
    bool empty() const noexcept { return left_.empty(); }
    /// Pair `i`; IndexError beyond the end.
    value_type operator[](std::size_t i) const { return {left_[i], right_[i]}; }
    value_type front() const { return (*this)[0]; }

    iterator begin() const noexcept { return {this, first()}; }
    iterator end() const noexcept { return {this, {{size(), no_row}, {size(), no_row}}}; }

    cursor first() const noexcept { return {left_.first(), right_.first()}; }
    bool is_last(const cursor& at) const noexcept { return left_.is_last(at.first); }
    value_type read_at(const cursor& at) const { return {left_.read_at(at.first), right_.read_at(at.second)}; }
    void inc(cursor& at) const noexcept {
        left_.inc(at.first);
        right_.inc(at.second);
    }

  private:
    ViewRange left_;
    BasicViewRange<View> right_;
};

using ViewPairRange = BasicViewPairRange<ConstValueView>;
using MutableViewPairRange = BasicViewPairRange<ValueView>;

} // namespace hgvalue
