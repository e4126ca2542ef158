// A value of a type known by its meta, on the stack where it fits.
#pragma once

#include <hgvalue/core/type_meta.hpp>

#include <cstddef>
#include <new>

namespace hgvalue::python {

class Temporary {
  public:
    /// Holds the type's default value.
    explicit Temporary(const TypeMeta& type) : type_(type), place_(allocate(type)) {
        try {
            type.ops->construct(type, place_);
        } catch (...) {
            release();
            throw;
        }
    }
    Temporary(const Temporary&) = delete;
    Temporary& operator=(const Temporary&) = delete;
    ~Temporary() {
        if (!type_.is(TypeFlags::TriviallyDestructible)) type_.ops->destroy(type_, place_);
        release();
    }

    void* get() noexcept { return place_; }
    const void* get() const noexcept { return place_; }
    const TypeMeta& type() const noexcept { return type_; }

  private:
    void* allocate(const TypeMeta& type) {
        if (type.size <= sizeof(buffer_) && type.alignment <= alignof(std::max_align_t)) return buffer_;
        return ::operator new(type.size, std::align_val_t{type.alignment});
    }
    void release() noexcept {
        if (place_ != buffer_) ::operator delete(place_, std::align_val_t{type_.alignment});
    }

    const TypeMeta& type_;
    void* place_;
    alignas(std::max_align_t) std::byte buffer_[128];
};

} // namespace hgvalue::python
