// Ring storage, and the buffers made of it: CyclicBuffer, Queue and Window.
#pragma once

#include <hgvalue/core/error.hpp>
#include <hgvalue/core/runtime_api.hpp>
#include <hgvalue/core/time.hpp>
#include <hgvalue/core/type_meta.hpp>
#include <hgvalue/value/scalars.hpp>

#include <cstddef>
#include <cstdint>
#include <new>
#include <utility>

namespace hgvalue {

/// Elements in the order of their arrival, oldest first, in a circular array that grows as needed.
/// Like row_store it knows its elements through the meta it is given.
class ring {
  public:
    ring() = default;
    ring(ring&& o) noexcept
        : data_(std::exchange(o.data_, nullptr)), head_(std::exchange(o.head_, 0)), size_(std::exchange(o.size_, 0)),
          capacity_(std::exchange(o.capacity_, 0)) {}
    ring(const ring&) = delete;
    ring& operator=(ring&&) = delete;

    std::uint32_t size() const noexcept { return size_; }
    bool empty() const noexcept { return size_ == 0; }
    std::uint32_t capacity() const noexcept { return capacity_; }
    /// Where element `i`, counted from the oldest, is stored.
    std::uint32_t position(std::uint32_t i) const noexcept {
        const std::uint32_t p = head_ + i;
        return p >= capacity_ ? p - capacity_ : p;
    }
    void* element(std::size_t element_size, std::uint32_t i) const noexcept {
        return data_ + std::size_t{position(i)} * element_size;
    }

  protected:
    friend struct ring_access; // the implementation in src/value/ring.cpp

    std::byte* data_ = nullptr;
    std::uint32_t head_ = 0;
    std::uint32_t size_ = 0;
    std::uint32_t capacity_ = 0;
};

/// What CyclicBuffer and Queue share: a typed ring of T. `Self` is the class that has the meta.
template <class Self, class T> class typed_ring : public ring {
  public:
    using value_type = element_t<T>;
    typed_ring() = default;
    typed_ring(typed_ring&&) noexcept = default;

    const value_type& operator[](std::uint32_t i) const noexcept {
        return *static_cast<const value_type*>(element(sizeof(value_type), i));
    }
    const value_type& front() const noexcept { return (*this)[0]; }
    const value_type& back() const noexcept { return (*this)[size_ - 1]; }
    void clear() noexcept { runtime().ring_clear(type_of<Self>(), *this); }

  protected:
    void append(value_type v) { *static_cast<value_type*>(runtime().ring_push(type_of<Self>(), *this)) = std::move(v); }
    void drop_front() noexcept { runtime().ring_pop(type_of<Self>(), *this); }
    /// In a ring without free places the oldest element's place is the next to write: nothing is made, so nothing
    /// fails.
    void replace_front(value_type v) noexcept {
        *static_cast<value_type*>(element(sizeof(value_type), 0)) = std::move(v);
        head_ = position(1);
    }
};

/// CyclicBuffer[T, Size[N]]: the last N elements; a push beyond drops the oldest.
template <class T, std::int64_t N> class cyclic_buffer : public typed_ring<cyclic_buffer<T, N>, T> {
  public:
    cyclic_buffer() = default;
    cyclic_buffer(const cyclic_buffer& o) { runtime().ring_copy(type_of<cyclic_buffer>(), *this, o); }
    cyclic_buffer(cyclic_buffer&&) noexcept = default;
    cyclic_buffer& operator=(cyclic_buffer o) noexcept {
        this->~cyclic_buffer();
        return *new (this) cyclic_buffer(std::move(o));
    }
    ~cyclic_buffer() { this->clear(); }
    void push(element_t<T> v) {
        if (this->size_ == N)
            this->replace_front(std::move(v));
        else
            this->append(std::move(v));
    }
    friend bool operator==(const cyclic_buffer& a, const cyclic_buffer& b) { return equal(a, b); }
};

/// Queue[T] or, with N > 0, Queue[T, Size[N]]: first in, first out; pushing onto a full one is a ValueError.
template <class T, std::int64_t N = 0> class queue : public typed_ring<queue<T, N>, T> {
  public:
    queue() = default;
    queue(const queue& o) { runtime().ring_copy(type_of<queue>(), *this, o); }
    queue(queue&&) noexcept = default;
    queue& operator=(queue o) noexcept {
        this->~queue();
        return *new (this) queue(std::move(o));
    }
    ~queue() { this->clear(); }
    void push(element_t<T> v) {
        if (N > 0 && this->size_ == N) throw ValueError("queue is full");
        this->append(std::move(v));
    }
    /// Removes and returns the oldest element; IndexError when there is none.
    element_t<T> pop() {
        if (this->empty()) throw IndexError("pop from an empty queue");
        element_t<T> v = std::move(const_cast<element_t<T>&>(this->front()));
        this->drop_front();
        return v;
    }
    friend bool operator==(const queue& a, const queue& b) { return equal(a, b); }
};

/// The data of a Window: values, and beside each the time it was pushed.
class window_storage : public ring {
  public:
    window_storage() = default;
    window_storage(window_storage&& o) noexcept : ring(std::move(o)), times_(std::exchange(o.times_, nullptr)) {}
    engine_time_t time(std::uint32_t i) const noexcept { return times_[position(i)]; }

  protected:
    friend struct ring_access;

    engine_time_t* times_ = nullptr; // as many as capacity_, at the positions of the values
};

/// Window[T, Size[n], Size[m]] and Window[T, timedelta(...), ...] as a value: its sizes are in its meta.
/// `ByTime` says whether Size and Minimum count elements or microseconds.
template <class T, bool ByTime, std::int64_t Size, std::int64_t Minimum> class window : public window_storage {
  public:
    using value_type = element_t<T>;
    window() = default;
    window(const window& o) : window_storage() { runtime().ring_copy(type_of<window>(), *this, o); }
    window(window&&) noexcept = default;
    window& operator=(window o) noexcept {
        this->~window();
        return *new (this) window(std::move(o));
    }
    ~window() { runtime().ring_clear(type_of<window>(), *this); }
    const value_type& operator[](std::uint32_t i) const noexcept {
        return *static_cast<const value_type*>(element(sizeof(value_type), i));
    }
    /// Appends `v` at time `at`, which must not be before the last one (ValueError); drops what no longer fits.
    void push(engine_time_t at, const value_type& v) { runtime().window_value_push(type_of<window>(), *this, at, &v); }
    friend bool operator==(const window& a, const window& b) { return equal(a, b); }
};

} // namespace hgvalue
