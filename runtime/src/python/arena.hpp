// Memory that is given out in order and given back all at once.
#pragma once

#include <hgvalue/fwd.hpp>

#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>
#include <vector>

namespace hgvalue::python {

/// Memory of one write: given out in order, given back all at once.
class Arena {
  public:
    Arena() = default;
    Arena(const Arena&) = delete;
    ~Arena();

    void* allocate(std::size_t size, std::size_t alignment) {
        const auto at = (reinterpret_cast<std::uintptr_t>(next_) + alignment - 1) & ~(alignment - 1);
        if (at + size > reinterpret_cast<std::uintptr_t>(end_)) [[unlikely]]
            return allocate_in_block(size, alignment);
        next_ = reinterpret_cast<std::byte*>(at + size);
        return reinterpret_cast<void*>(at);
    }
    template <class T> T* make() {
        static_assert(std::is_trivially_destructible_v<T>);
        return new (allocate(sizeof(T), alignof(T))) T();
    }
    /// A default value of the type, destroyed with the arena.
    void* make_value(const TypeMeta& type);
    /// Keeps a Python object alive as long as the arena, and returns it.
    void* hold(void* o);

  private:
    void* allocate_in_block(std::size_t size, std::size_t alignment); ///< in a new one
    struct Made {
        const TypeMeta* type;
        void* value;
    };
    alignas(std::max_align_t) std::byte inline_[1024];
    std::byte* next_ = inline_;
    std::byte* end_ = inline_ + sizeof(inline_);
    std::size_t block_size_ = 4096;
    std::vector<std::unique_ptr<std::byte[]>> blocks_;
    std::vector<Made> made_;
};

} // namespace hgvalue::python
