// Views of cyclic buffers, queues and windows: elements from the oldest to the newest.
#pragma once

#include <hgvalue/core/time.hpp>
#include <hgvalue/value/list_view.hpp>
#include <hgvalue/value/ring.hpp>

#include <cstddef>

namespace hgvalue {

namespace detail {

/// Appends to a window, converting where the element's type asks for it.
void push_to_window(const TypeMeta&, window_storage&, engine_time_us at, ValueArgument element);
/// Lets the elements lie side by side.
void straighten(const TypeMeta&, ring&);
void expire(const TypeMeta&, window_storage&, engine_time_us now);

/// Cyclic buffers and queues.
template <class Base> class bounded_access : public sequence_access<Base> {
  public:
    using sequence_access<Base>::sequence_access;

    /// The most elements it can hold; 0 for a queue without limit.
    std::size_t capacity() const noexcept { return static_cast<std::size_t>(this->schema()->fixed_size); }
    bool full() const { return capacity() > 0 && this->size() >= capacity(); }
};

template <class Base> class window_access : public sequence_access<Base> {
  public:
    using sequence_access<Base>::sequence_access;

    bool by_time() const noexcept { return this->schema()->by_time; }
    /// When element `i` was pushed. IndexError beyond the end.
    engine_time_t time_at(std::size_t i) const {
        this->part_at(i);
        return storage().time(static_cast<std::uint32_t>(i));
    }
    engine_time_t first_time() const { return time_at(0); }
    engine_time_t last_time() const { return time_at(this->size() - 1); }
    /// Whether it holds at least its minimum: so many elements, or so long a time from first to last.
    bool ready() const {
        const TypeMeta& m = *this->schema();
        if (!m.by_time) return this->size() >= static_cast<std::size_t>(m.min_size);
        if (this->empty()) return m.min_size <= 0;
        // Unsigned, because the distance of two signed times may not fit a signed one.
        return static_cast<std::uint64_t>(last_time()) - static_cast<std::uint64_t>(first_time()) >=
               static_cast<std::uint64_t>(m.min_size);
    }

  protected:
    const window_storage& storage() const {
        this->require_valid();
        return *static_cast<const window_storage*>(this->data_);
    }
};

/// What is common to the mutable views of rings.
template <class Base> class ring_changes : public sequence_changes<Base> {
  public:
    using sequence_changes<Base>::sequence_changes;

    /// Lets the elements lie side by side, oldest first, as buffers of numbers are shared with numpy.
    void recenter() {
        this->require_valid();
        straighten(*this->schema_, *static_cast<ring*>(this->data()));
    }
};

} // namespace detail

class ConstCyclicBufferView : public detail::bounded_access<ConstIndexedView> {
  public:
    using bounded_access::bounded_access;
};

class CyclicBufferView : public detail::ring_changes<detail::bounded_access<IndexedView>> {
  public:
    using ring_changes::ring_changes;
    operator ConstCyclicBufferView() const { return as_cyclic_buffer(); }

    /// Appends; a full buffer drops its oldest element.
    template <AnyValue T> void push(const T& v) { add(v); }
    /// Drops the oldest element; IndexError if there is none.
    void pop() { remove(); }
};

class ConstQueueView : public detail::bounded_access<ConstIndexedView> {
  public:
    using bounded_access::bounded_access;
};

class QueueView : public detail::ring_changes<detail::bounded_access<IndexedView>> {
  public:
    using ring_changes::ring_changes;
    operator ConstQueueView() const { return as_queue(); }

    /// Appends; ValueError if the queue is full.
    template <AnyValue T> void push(const T& v) { add(v); }
    /// Removes the oldest element; IndexError if there is none.
    void pop() { remove(); }
};

class ConstWindowView : public detail::window_access<ConstIndexedView> {
  public:
    using window_access::window_access;
};

class WindowView : public detail::ring_changes<detail::window_access<IndexedView>> {
  public:
    using ring_changes::ring_changes;
    operator ConstWindowView() const { return as_window(); }

    /// Appends, and drops what then no longer belongs to the window. ValueError if `at` is before the last time.
    template <AnyValue T> void push(engine_time_t at, const T& v) {
        require_valid();
        here([&] {
            with_argument(*schema_->element, v, [&](ValueArgument a) {
                detail::push_to_window(*schema_, *static_cast<window_storage*>(data()), at, a);
            });
        });
    }
    /// Drops what does not belong to the window any more at `now`. ValueError if `now` is before the last time.
    void expire(engine_time_t now) {
        require_valid();
        here([&] { detail::expire(*schema_, *static_cast<window_storage*>(data()), now); });
    }
};

HGVALUE_VIEWS_OF_KIND(cyclic_buffer, CyclicBuffer, "cyclic buffer")
HGVALUE_VIEWS_OF_KIND(queue, Queue, "queue")
HGVALUE_VIEWS_OF_KIND(window, Window, "window")

} // namespace hgvalue
