// Storage of cyclic buffers, queues and windows: growth, pushes and copying by meta.
#include "elements.hpp"
#include "value_functions.hpp"

#include <algorithm>
#include <cassert>
#include <memory>

namespace hgvalue {

/// A ring together with what its meta says of it.
struct ring_access {
    ring_access(const TypeMeta& m, ring& r)
        : type(m), element(*m.element), store(r),
          times(m.kind == TypeKind::Window ? &static_cast<window_storage&>(r).times_ : nullptr) {}

    void copy_from(const ring& from) {
        buffers fresh(*this, from.size_);
        const std::uint32_t until_end = std::min(from.size_, from.capacity_ - from.head_);
        fresh.elements.append_copies(from.data_ + std::size_t{from.head_} * element.size, until_end);
        fresh.elements.append_copies(from.data_, from.size_ - until_end);
        if (times) {
            const auto& source = static_cast<const window_storage&>(from);
            for (std::uint32_t i = 0; i < from.size_; ++i) fresh.times[i] = source.time(i);
        }
        const std::uint32_t size = from.size_; // `from` may be this ring
        clear();
        adopt(fresh, size);
        store.size_ = size;
    }

    void append_relocated(engine_time_t at, void* value) noexcept {
        assert(store.size_ < store.capacity_);
        detail::relocate_elements(element, slot_at(store.size_), value, 1);
        ++store.size_;
        if (times) time_at(store.size_ - 1) = at;
    }

    void clear() noexcept {
        while (store.size_ != 0) pop();
        free_buffers();
    }

    /// Adds the element that `make` constructs in the memory it is given. When the ring must grow, the new element is
    /// made before the others move, so that it can be made from one of them.
    template <class Make> std::byte* append(const Make& make) {
        if (store.size_ < store.capacity_) {
            std::byte* slot = slot_at(store.size_);
            make(slot);
            ++store.size_;
            return slot;
        }
        if (store.size_ >= limit()) throw std::length_error("ring is full");
        const std::size_t capacity = std::min(std::max<std::size_t>(4, std::size_t{store.capacity_} * 2), limit());
        buffers fresh(*this, capacity);
        std::byte* slot = fresh.elements.at(store.size_);
        make(slot);
        move_to(fresh, capacity);
        ++store.size_;
        return slot;
    }

    void pop() noexcept {
        assert(store.size_ != 0);
        detail::destroy_elements(element, slot_at(0), 1);
        store.head_ = store.position(1);
        if (--store.size_ == 0) store.head_ = 0;
    }

    void replace_oldest(void* value) noexcept {
        assert(store.size_ != 0 && store.size_ == store.capacity_);
        element.ops->move_assign(element, slot_at(0), value);
        store.head_ = store.position(1);
    }

    void straighten() {
        if (store.head_ + store.size_ <= store.capacity_) return;
        buffers fresh(*this, store.capacity_);
        move_to(fresh, store.capacity_);
    }

    void drop_expired(engine_time_t now) noexcept {
        while (store.size_ != 0 && is_expired(now)) pop();
    }

    void reserve(std::size_t size) {
        const std::size_t capacity = std::min(size, limit());
        if (capacity <= store.capacity_) return;
        buffers fresh(*this, capacity);
        move_to(fresh, capacity);
    }

    void append_at(engine_time_t at, const void* value) {
        if (store.size_ != 0 && at < time_at(store.size_ - 1))
            throw ValueError("a window takes its elements in the order of time");
        append([&](std::byte* slot) { element.ops->copy_construct(element, slot, value); });
        time_at(store.size_ - 1) = at;
    }

    void push_window(engine_time_t at, const void* value) {
        append_at(at, value);
        drop_expired(at);
    }

  private:
    /// New memory for elements and, in a window, times.
    struct buffers {
        buffers(const ring_access& r, std::size_t capacity)
            : elements(r.element, capacity), times(r.times ? new engine_time_t[capacity] : nullptr) {}
        detail::element_array elements;
        std::unique_ptr<engine_time_t[]> times;
    };

    std::byte* slot_at(std::uint32_t i) const noexcept {
        return static_cast<std::byte*>(store.element(element.size, i));
    }
    engine_time_t& time_at(std::uint32_t i) const noexcept { return (*times)[store.position(i)]; }

    /// The most elements this ring can hold. A window by count has room for one more than it keeps: the oldest goes
    /// only when the newest is in place, so that a failing copy loses nothing.
    std::size_t limit() const noexcept {
        if (type.fixed_size <= 0 || (type.kind == TypeKind::Window && type.by_time)) return detail::max_ring_size;
        const auto size = static_cast<std::uint64_t>(type.fixed_size) + (type.kind == TypeKind::Window ? 1 : 0);
        return static_cast<std::size_t>(std::min<std::uint64_t>(size, detail::max_ring_size));
    }

    /// Whether the oldest element no longer belongs to a window at time `at`, which is not before any of its elements'.
    bool is_expired(engine_time_t at) const noexcept {
        const auto size = static_cast<std::uint64_t>(type.fixed_size);
        if (!type.by_time) return store.size_ > size;
        // Unsigned, because the distance of two signed times may not fit a signed one.
        return static_cast<std::uint64_t>(at) - static_cast<std::uint64_t>(time_at(0)) > size;
    }

    /// Moves all elements to `fresh`, oldest first, and makes it the memory of the ring.
    void move_to(buffers& fresh, std::size_t capacity) noexcept {
        const std::uint32_t until_end = std::min(store.size_, store.capacity_ - store.head_);
        detail::relocate_elements(element, fresh.elements.at(0), slot_at(0), until_end);
        detail::relocate_elements(element, fresh.elements.at(until_end), store.data_, store.size_ - until_end);
        if (times)
            for (std::uint32_t i = 0; i < store.size_; ++i) fresh.times[i] = time_at(i);
        free_buffers();
        adopt(fresh, capacity);
    }

    void free_buffers() noexcept {
        detail::free_elements(element, store.data_);
        store.data_ = nullptr;
        if (times) delete[] std::exchange(*times, nullptr);
        store.head_ = store.capacity_ = 0;
    }

    void adopt(buffers& fresh, std::size_t capacity) noexcept {
        store.data_ = fresh.elements.release();
        if (times) *times = fresh.times.release();
        store.capacity_ = static_cast<std::uint32_t>(capacity);
    }

    const TypeMeta& type;
    const TypeMeta& element;
    ring& store;
    engine_time_t** times; // null unless a window
};

namespace detail {

void ring_copy(const TypeMeta& m, ring& to, const ring& from) { ring_access(m, to).copy_from(from); }
void ring_append_relocated(const TypeMeta& m, ring& r, engine_time_us at, void* value) noexcept {
    ring_access(m, r).append_relocated(at, value);
}
void ring_clear(const TypeMeta& m, ring& r) noexcept { ring_access(m, r).clear(); }
void* ring_push(const TypeMeta& m, ring& r) {
    assert(m.kind != TypeKind::Window);
    return ring_access(m, r).append([&](std::byte* slot) { m.element->ops->construct(*m.element, slot); });
}
void ring_pop(const TypeMeta& m, ring& r) noexcept { ring_access(m, r).pop(); }
void ring_replace_oldest(const TypeMeta& m, ring& r, void* value) noexcept { ring_access(m, r).replace_oldest(value); }
void ring_straighten(const TypeMeta& m, ring& r) { ring_access(m, r).straighten(); }
void ring_reserve(const TypeMeta& m, ring& r, std::size_t size) { ring_access(m, r).reserve(size); }
void window_append(const TypeMeta& m, window_storage& w, engine_time_us at, const void* value) {
    ring_access(m, w).append_at(at, value);
}
void window_value_push(const TypeMeta& m, window_storage& w, engine_time_us at, const void* value) {
    ring_access(m, w).push_window(at, value);
}
void window_drop_expired(const TypeMeta& m, window_storage& w, engine_time_us now) noexcept {
    ring_access(m, w).drop_expired(now);
}

} // namespace detail
} // namespace hgvalue
