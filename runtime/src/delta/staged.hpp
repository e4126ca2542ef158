// Copies of what a delta will move into its target, made before the target changes.
#pragma once

#include "../value/elements.hpp"
#include "content.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>

namespace hgvalue::detail {

/// What becomes of the values of a `staged`.
enum class Staging : std::uint8_t {
    Move, ///< they are moved into the target
    Read, ///< they are only read
    Keep  ///< they are changed before they are moved, or outlive the column
};

/// An array of values of type `to`, converted from a column of a delta. Where bytes are all there is to it, and they
/// may be, nothing is copied: the array is the column itself, which must outlive it.
class staged {
  public:
    staged(const TypeMeta& to, const column& from, Staging staging = Staging::Move) : type_(&to) {
        const copier copy(to, *from.element);
        const bool borrows =
            staging == Staging::Read || (staging == Staging::Move && to.is(TypeFlags::TriviallyCopyable));
        if (borrows && copy.direct()) {
            data_ = const_cast<std::byte*>(from.data); // relocating trivial values only reads them
            return;
        }
        owned_ = data_ = allocate_elements(to, from.size);
        try {
            for (; left_ < from.size; ++left_) copy.construct((*this)[left_], from[left_]);
        } catch (...) {
            drop();
            throw;
        }
    }
    staged(staged&& o) noexcept
        : type_(o.type_), data_(o.data_), owned_(std::exchange(o.owned_, nullptr)), left_(std::exchange(o.left_, 0)) {}
    staged& operator=(staged&&) = delete;
    ~staged() { drop(); }

    std::byte* operator[](std::size_t i) const noexcept { return data_ + i * type_->size; }
    /// All values were moved out into memory that held none.
    void relocated() noexcept { left_ = 0; }

  private:
    void drop() noexcept {
        if (!owned_) return;
        destroy_elements(*type_, owned_, left_);
        free_elements(*type_, owned_);
    }

    const TypeMeta* type_;
    std::byte* data_ = nullptr;
    std::byte* owned_ = nullptr; ///< null if borrowed
    std::size_t left_ = 0;       ///< values to destroy
};

} // namespace hgvalue::detail
