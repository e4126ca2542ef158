// Where a view stands in its value: steps from the root.
//
// A step does not own what it names: a field is its position in a type, a key the stored key itself. So making, copying
// and extending a path allocates nothing up to `inline_steps` steps; text is made by to_string only. Steps through a
// key are good for as long as that row of the map is.
#pragma once

#include <hgvalue/core/type_meta.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace hgvalue {

/// One step: a field of a bundle, an index, or a key of a map.
class PathElement {
  public:
    PathElement() = default;
    /// Field or element `index` of a value of type `container`, which tells whether it has a name.
    static PathElement at(const TypeMeta& container, std::size_t index) noexcept {
        PathElement e;
        e.type_ = &container;
        e.index_ = index;
        return e;
    }
    /// The entry of a map of type `container` whose key is stored at `key`.
    static PathElement at_key(const TypeMeta& container, const void* key) noexcept {
        PathElement e;
        e.type_ = &container;
        e.key_ = key;
        return e;
    }

    bool is_key() const noexcept { return type_->kind == TypeKind::Map; }
    bool is_field() const noexcept { return type_->kind == TypeKind::Bundle; }
    const TypeMeta& container() const noexcept { return *type_; }
    std::size_t index() const noexcept { return index_; } ///< of a field or element
    const char* name() const noexcept { return is_field() ? type_->fields[index_].name : nullptr; }
    const void* key() const noexcept { return key_; } ///< of type `*container().key`

  private:
    const TypeMeta* type_ = nullptr;
    union {
        std::size_t index_ = 0;
        const void* key_;
    };
};

/// How many bytes of a key messages show.
inline constexpr std::size_t longest_shown_key = 60;

class ValuePath {
  public:
    static constexpr std::size_t inline_steps = 3;

    ValuePath() = default;
    ValuePath(const ValuePath& o) : inline_(o.inline_), size_(o.size_) {
        if (o.overflow_) [[unlikely]]
            overflow_ = std::make_unique<std::vector<PathElement>>(*o.overflow_);
    }
    /// `parent` and one step more.
    ValuePath(const ValuePath& parent, PathElement step) {
        if (parent.size_ == 0) { // most paths start at a root: nothing to copy
            inline_[0] = step;
            size_ = 1;
            return;
        }
        inline_ = parent.inline_;
        size_ = parent.size_;
        if (parent.overflow_) [[unlikely]]
            overflow_ = std::make_unique<std::vector<PathElement>>(*parent.overflow_);
        push_back(step);
    }
    ValuePath(ValuePath&& o) noexcept
        : inline_(o.inline_), size_(std::exchange(o.size_, 0)), overflow_(std::move(o.overflow_)) {}
    ValuePath& operator=(const ValuePath& o) {
        if (this != &o) *this = ValuePath(o);
        return *this;
    }
    ValuePath& operator=(ValuePath&& o) noexcept {
        inline_ = o.inline_;
        size_ = std::exchange(o.size_, 0);
        overflow_ = std::move(o.overflow_);
        return *this;
    }

    std::size_t size() const noexcept { return size_; }
    bool empty() const noexcept { return size_ == 0; }
    const PathElement& operator[](std::size_t i) const noexcept { return begin()[i]; }
    const PathElement* begin() const noexcept { return overflow_ ? overflow_->data() : inline_.data(); }
    const PathElement* end() const noexcept { return begin() + size_; }

    void push_back(PathElement e) {
        if (size_ < inline_steps) [[likely]]
            inline_[size_] = e;
        else
            spill(e);
        ++size_;
    }

    /// `a[3].b`, `book["AAPL"].bid`, `[0]`: as parse_path reads it, unless a key takes more than `longest_key` bytes.
    std::string to_string(std::size_t longest_key = static_cast<std::size_t>(-1)) const;

  private:
    void spill(PathElement e);

    std::array<PathElement, inline_steps> inline_{};
    std::uint32_t size_ = 0;
    std::unique_ptr<std::vector<PathElement>> overflow_; ///< all steps, once there are more than fit
};

} // namespace hgvalue
