#include "arena.hpp"

#include <hgvalue/core/type_meta.hpp>
#include <hgvalue/core/type_of.hpp>
#include <hgvalue/value/scalars.hpp>

#include <cstdint>

namespace hgvalue::python {

Arena::~Arena() {
    for (std::size_t i = made_.size(); i-- > 0;) made_[i].type->ops->destroy(*made_[i].type, made_[i].value);
}

void* Arena::allocate_in_block(std::size_t size, std::size_t alignment) {
    const std::size_t needed = size + alignment;
    const std::size_t block = needed > block_size_ ? needed : block_size_;
    blocks_.push_back(std::make_unique_for_overwrite<std::byte[]>(block));
    if (block_size_ < (std::size_t{1} << 20)) block_size_ *= 2;
    next_ = blocks_.back().get();
    end_ = next_ + block;
    return allocate(size, alignment);
}

void* Arena::make_value(const TypeMeta& t) {
    void* v = allocate(t.size, t.alignment);
    if (!t.is(TypeFlags::TriviallyDestructible)) {
        made_.push_back({&t, nullptr});
        try {
            t.ops->construct(t, v);
        } catch (...) {
            made_.pop_back();
            throw;
        }
        made_.back().value = v;
    } else {
        t.ops->construct(t, v);
    }
    return v;
}

void* Arena::hold(void* o) {
    *static_cast<object*>(make_value(type_of<object>())) = object(o);
    return o;
}

} // namespace hgvalue::python
