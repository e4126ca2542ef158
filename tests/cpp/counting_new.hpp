// Counts allocations of the whole program; for one source file of it, as it replaces operator new.
#pragma once

#include <cstdlib>
#include <new>

namespace {
long allocations = 0;
}

// GCC sees through one of the two and not the other, and then takes memory of malloc for that of new.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
#endif
void* operator new(std::size_t size) {
    ++allocations;
    if (void* p = std::malloc(size)) return p;
    throw std::bad_alloc();
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    ++allocations;
    return std::malloc(size);
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
