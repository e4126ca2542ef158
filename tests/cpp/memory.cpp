#include "memory.hpp"

#include <cstdint>
#include <cstdlib>
#include <new>

namespace memory {

long allocations = 0;
long allocations_left = -1;
long allocations_until_failure = 0;
std::size_t bytes_held = 0;

} // namespace memory

namespace {

/// Lies in front of what is given out. What is given out ends where its block ends, so that a sanitizer sees what is
/// written behind it.
struct header {
    std::size_t bytes;
    void* block;
};

void* allocate(std::size_t bytes, std::size_t alignment) {
    ++memory::allocations;
    if (memory::allocations_left == 0) throw std::bad_alloc();
    if (memory::allocations_left > 0) --memory::allocations_left;
    if (memory::allocations_until_failure != 0 && --memory::allocations_until_failure == 0) throw std::bad_alloc();
    void* block = std::malloc(bytes + alignment + sizeof(header));
    if (!block) throw std::bad_alloc();
    const auto end = reinterpret_cast<std::uintptr_t>(block) + alignment + sizeof(header);
    auto* result = reinterpret_cast<header*>(end / alignment * alignment);
    result[-1] = {bytes, block};
    memory::bytes_held += bytes;
    return result;
}

void* allocate_or_null(std::size_t bytes, std::size_t alignment) noexcept {
    try {
        return allocate(bytes, alignment);
    } catch (const std::bad_alloc&) {
        return nullptr;
    }
}

void release(void* p) noexcept {
    if (!p) return;
    const header h = static_cast<header*>(p)[-1];
    memory::bytes_held -= h.bytes;
    std::free(h.block);
}

constexpr std::size_t usual = __STDCPP_DEFAULT_NEW_ALIGNMENT__;
constexpr std::size_t number(std::align_val_t a) { return static_cast<std::size_t>(a); }

} // namespace

void* operator new(std::size_t n) { return allocate(n, usual); }
void* operator new(std::size_t n, std::align_val_t a) { return allocate(n, number(a)); }
void* operator new(std::size_t n, const std::nothrow_t&) noexcept { return allocate_or_null(n, usual); }
void* operator new(std::size_t n, std::align_val_t a, const std::nothrow_t&) noexcept {
    return allocate_or_null(n, number(a));
}
void operator delete(void* p) noexcept { release(p); }
void operator delete(void* p, std::size_t) noexcept { release(p); }
void operator delete(void* p, std::align_val_t) noexcept { release(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { release(p); }
void operator delete(void* p, const std::nothrow_t&) noexcept { release(p); }
void operator delete(void* p, std::align_val_t, const std::nothrow_t&) noexcept { release(p); }
