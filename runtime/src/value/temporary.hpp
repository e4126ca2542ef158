// A value of a type known by its meta, on the stack where it fits.
#pragma once

#include "place_check.hpp"

#include <hgvalue/core/type_meta.hpp>
#include <hgvalue/value/assign.hpp>

#include <cstddef>
#include <new>

namespace hgvalue::detail {

class temporary {
  public:
    /// Holds the type's default value.
    explicit temporary(const TypeMeta& type)
        : temporary(type, [&](void* place) { type.ops->construct(type, place); }) {}
    /// Holds what store_value would make of a value of another type.
    temporary(const TypeMeta& type, const TypeMeta& from_type, const void* from)
        : temporary(type, [&](void* place) { construct_stored(type, place, from_type, from); }) {}
    temporary(const temporary&) = delete;
    temporary& operator=(const temporary&) = delete;
    ~temporary() {
        if (holds_ && !type_.is(TypeFlags::TriviallyDestructible)) type_.ops->destroy(type_, place_);
        release();
    }

    void* get() noexcept { return place_; }
    const void* get() const noexcept { return place_; }
    const TypeMeta& type() const noexcept { return type_; }

    /// Makes it the value at `to`; what was there goes with this object.
    void move_to(void* to) noexcept { type_.ops->move_assign(type_, to, place_); }

    /// The value was relocated out of here.
    void forget() noexcept { holds_ = false; }

  private:
    template <class Make> temporary(const TypeMeta& type, const Make& make) : type_(type), place_(allocate(type)) {
        note_place(place_, type, 1);
        try {
            make(place_);
        } catch (...) {
            release();
            throw;
        }
    }
    void* allocate(const TypeMeta& type) {
        if (type.size <= sizeof(buffer_) && type.alignment <= alignof(std::max_align_t)) return buffer_;
        return ::operator new(type.size, std::align_val_t{type.alignment});
    }
    void release() noexcept {
        forget_place(place_);
        if (place_ != buffer_) ::operator delete(place_, std::align_val_t{type_.alignment});
    }

    const TypeMeta& type_;
    void* place_;
    bool holds_ = true;
    alignas(std::max_align_t) std::byte buffer_[128];
};

} // namespace hgvalue::detail
