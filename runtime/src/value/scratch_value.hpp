// A value of any type for the time of a call.
#pragma once

#include "elements.hpp"

namespace hgvalue::detail {

/// The default value of a type, on the heap if it is large.
class scratch_value {
  public:
    explicit scratch_value(const TypeMeta& m) : type_(m), data_(fits(m) ? buffer_ : allocate_elements(m, 1)) {
        note_place(data_, m, 1);
        try {
            m.ops->construct(m, data_);
        } catch (...) {
            free();
            throw;
        }
    }
    scratch_value(const scratch_value&) = delete;
    scratch_value& operator=(const scratch_value&) = delete;
    ~scratch_value() {
        destroy_elements(type_, data_, 1);
        free();
    }

    void* data() const noexcept { return data_; }

  private:
    static constexpr std::size_t inline_size = 64;
    static bool fits(const TypeMeta& m) noexcept {
        return m.size <= inline_size && m.alignment <= alignof(std::max_align_t);
    }
    void free() noexcept {
        if (data_ == buffer_)
            forget_place(data_);
        else
            free_elements(type_, data_);
    }

    const TypeMeta& type_;
    std::byte* const data_;
    alignas(std::max_align_t) std::byte buffer_[inline_size];
};

} // namespace hgvalue::detail
