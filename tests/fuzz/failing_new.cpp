// operator new that fails when it is told to. tests/fuzz/memory.py compiles this file and loads it before the native
// modules, so that they take this operator instead of the one of libstdc++.
#include <cstddef>
#include <cstdlib>
#include <new>

namespace {

// The allocations with numbers from `first` to `last` fail, counted from 0. One thread plays.
long counted = 0, first = 0, last = -1;

bool fails() noexcept {
    const long number = counted++;
    return number >= first && number <= last;
}

void* take(std::size_t size) {
    void* p = fails() ? nullptr : std::malloc(size ? size : 1);
    if (!p) throw std::bad_alloc();
    return p;
}

void* take(std::size_t size, std::align_val_t alignment) {
    const auto a = static_cast<std::size_t>(alignment);
    void* p = fails() ? nullptr : std::aligned_alloc(a, (size + a - 1) / a * a);
    if (!p) throw std::bad_alloc();
    return p;
}

} // namespace

extern "C" {
void fail_from_to(long from, long to) {
    counted = 0;
    first = from;
    last = to;
}
/// How many allocations there were since; none fails any more.
long stop_failing() {
    last = -1;
    return counted;
}
}

void* operator new(std::size_t size) { return take(size); }
void* operator new[](std::size_t size) { return take(size); }
void* operator new(std::size_t size, std::align_val_t a) { return take(size, a); }
void* operator new[](std::size_t size, std::align_val_t a) { return take(size, a); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    return fails() ? nullptr : std::malloc(size ? size : 1);
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete[](void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t) noexcept { std::free(p); }
void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete[](void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }
