// Arrays of elements known by their meta.
#pragma once

#include "place_check.hpp"

#include <hgvalue/core/type_meta.hpp>

#include <cstddef>
#include <cstring>
#include <limits>
#include <new>
#include <stdexcept>
#include <utility>

namespace hgvalue::detail {

/// Uninitialised memory for `count` elements, null for none; std::length_error if the bytes cannot be counted.
inline std::byte* allocate_elements(const TypeMeta& m, std::size_t count) {
    if (count == 0) return nullptr;
    if (count > static_cast<std::size_t>(std::numeric_limits<std::ptrdiff_t>::max()) / m.size)
        throw std::length_error("container too large");
    const std::size_t bytes = count * m.size;
    void* memory = m.alignment > __STDCPP_DEFAULT_NEW_ALIGNMENT__ ? ::operator new(bytes, std::align_val_t{m.alignment})
                                                                  : ::operator new(bytes);
    note_place(memory, m, count);
    return static_cast<std::byte*>(memory);
}

inline void free_elements(const TypeMeta& m, std::byte* memory) noexcept {
    if (memory) forget_place(memory);
    if (m.alignment > __STDCPP_DEFAULT_NEW_ALIGNMENT__)
        ::operator delete(memory, std::align_val_t{m.alignment});
    else
        ::operator delete(memory);
}

inline void destroy_elements(const TypeMeta& m, std::byte* first, std::size_t count) noexcept {
    if (m.is(TypeFlags::TriviallyDestructible)) return;
    for (std::byte* p = first; count != 0; --count, p += m.size) m.ops->destroy(m, p);
}

/// Moves elements into uninitialised memory that does not overlap them; where they were is uninitialised afterwards.
inline void relocate_elements(const TypeMeta& m, void* to, void* from, std::size_t count) noexcept {
    if (count == 0) return; // memcpy must not see the null of an empty array
    if (m.trivially_relocatable()) {
        std::memcpy(to, from, count * m.size);
        return;
    }
    auto* t = static_cast<std::byte*>(to);
    auto* f = static_cast<std::byte*>(from);
    for (; count != 0; --count, t += m.size, f += m.size) m.ops->relocate(m, t, f);
}

/// An array under construction: it destroys and frees what was not released.
class element_array {
  public:
    element_array(const TypeMeta& m, std::size_t capacity) : meta_(m), memory_(allocate_elements(m, capacity)) {}
    element_array(const element_array&) = delete;
    element_array& operator=(const element_array&) = delete;
    ~element_array() {
        destroy_elements(meta_, memory_, constructed_);
        free_elements(meta_, memory_);
    }

    std::byte* at(std::size_t i) const noexcept { return memory_ + i * meta_.size; }

    /// Appends copies of `count` elements.
    void append_copies(const std::byte* from, std::size_t count) {
        if (count == 0) return;
        if (meta_.is(TypeFlags::TriviallyCopyable)) {
            std::memcpy(at(constructed_), from, count * meta_.size);
            constructed_ += count;
            return;
        }
        for (; count != 0; --count, ++constructed_, from += meta_.size)
            meta_.ops->copy_construct(meta_, at(constructed_), from);
    }

    /// Hands memory and elements over to the caller.
    std::byte* release() noexcept {
        constructed_ = 0;
        return std::exchange(memory_, nullptr);
    }

  private:
    const TypeMeta& meta_;
    std::byte* memory_;
    std::size_t constructed_ = 0;
};

} // namespace hgvalue::detail
