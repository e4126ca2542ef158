#include "place_check.hpp"

#ifdef HGVALUE_CHECK_PLACES

#include <hgvalue/core/type_registry.hpp>
#include <hgvalue/value/format.hpp>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <mutex>
#include <new>

namespace hgvalue::detail {
namespace {

/// Tests count what operator new gives, and let it fail; the notes are not theirs to see.
template <class T> struct plain_allocator {
    using value_type = T;
    plain_allocator() = default;
    template <class U> plain_allocator(const plain_allocator<U>&) noexcept {}
    T* allocate(std::size_t n) {
        void* p = std::malloc(n * sizeof(T));
        if (!p) throw std::bad_alloc();
        return static_cast<T*>(p);
    }
    void deallocate(T* p, std::size_t) noexcept { std::free(p); }
    template <class U> bool operator==(const plain_allocator<U>&) const noexcept { return true; }
};

struct noted {
    const TypeMeta* type;
    std::size_t count;
};

using Notes = std::map<const std::byte*, noted, std::less<>, plain_allocator<std::pair<const std::byte* const, noted>>>;

/// Never destroyed: values are let go of until the process ends.
struct state {
    std::mutex lock;
    Notes notes;
};
state& shared() {
    alignas(state) static std::byte memory[sizeof(state)];
    static state& made = *new (memory) state;
    return made;
}

/// Scalars of one size and sort lie in memory alike.
bool fits(const TypeMeta& place, const TypeMeta& type) {
    if (place.kind == TypeKind::Scalar && type.kind == TypeKind::Scalar)
        return place.scalar == type.scalar && place.size == type.size;
    return same_layout(place, type);
}

/// Whether a value of type `type` is at `offset` in one of type `outer`, as far as parts lie in place.
bool lies_at(const TypeMeta& outer, std::size_t offset, const TypeMeta& type) {
    if (offset == 0 && fits(outer, type)) return true;
    switch (outer.kind) {
    case TypeKind::Bundle:
    case TypeKind::Tuple:
        for (std::uint32_t i = 0; i < outer.field_count; ++i) {
            const FieldInfo& f = outer.fields[i];
            if (offset >= f.offset && offset - f.offset < f.type->size && lies_at(*f.type, offset - f.offset, type))
                return true;
        }
        return false;
    case TypeKind::List:
        return !outer.ops->list_size && outer.element->size != 0 &&
               lies_at(*outer.element, offset % outer.element->size, type);
    case TypeKind::Optional: return offset < outer.element->size && lies_at(*outer.element, offset, type);
    case TypeKind::Variant:
        for (std::uint32_t i = 0; i < outer.field_count; ++i)
            if (offset < outer.fields[i].type->size && lies_at(*outer.fields[i].type, offset, type)) return true;
        return false;
    default: return false;
    }
}

[[noreturn]] void report(const noted& at, std::size_t offset, const TypeMeta& type) {
    std::fprintf(stderr, "hgvalue: a place for %s (offset %zu) is used as %s, of another layout\n",
                 type_name(*at.type).c_str(), offset, type_name(type).c_str());
    std::abort();
}

} // namespace

void note_place(const void* memory, const TypeMeta& type, std::size_t count) noexcept {
    state& s = shared();
    const std::scoped_lock guard(s.lock);
    s.notes.insert_or_assign(static_cast<const std::byte*>(memory), noted{&type, count});
}

void forget_place(const void* memory) noexcept {
    state& s = shared();
    const std::scoped_lock guard(s.lock);
    s.notes.erase(static_cast<const std::byte*>(memory));
}

void check_place(const TypeMeta& type, const void* place) noexcept {
    state& s = shared();
    noted at{};
    std::size_t offset = 0;
    {
        const std::scoped_lock guard(s.lock);
        auto next = s.notes.upper_bound(static_cast<const std::byte*>(place));
        if (next == s.notes.begin()) return;
        --next;
        offset = static_cast<std::size_t>(static_cast<const std::byte*>(place) - next->first);
        at = next->second;
    }
    if (at.type->size == 0 || offset / at.type->size >= at.count) return;
    if (!lies_at(*at.type, offset % at.type->size, type)) report(at, offset % at.type->size, type);
}

} // namespace hgvalue::detail

#endif
