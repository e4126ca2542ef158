// The parts of taking the delta of a tick that know of each other.
#pragma once

#include "../delta/content.hpp"

#include <hgvalue/time_series/node_type.hpp>

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace hgvalue::ticks {

/// What to take of a node.
enum class Take : std::uint8_t {
    Changes, ///< what the tick did
    Kept,    ///< of one that is not valid: what the tick did to the children that are kept
    Hidden,  ///< of one that is new: what its snapshot hides
    All      ///< of one that is valid: whatever it holds
};
/// Whether only what the tick touched matters.
constexpr bool by_tick(Take what) { return what == Take::Changes || what == Take::Kept; }

inline bool is_reference(const node_ref& n) { return n.type->kind == NodeKind::REF; }

/// Copies what the node holds to the payload of an optional of its snapshot type, of whatever layout.
void take_value(const node_ref& n, const TypeMeta& optional, void* to);
/// The change of a child, of type `v`, an optional; false if there is none.
bool take_child(const node_ref& n, const TypeMeta& v, const TypeMeta& m, void* to, Take what);
/// The same of a child of a dict or dynamic list with these RowFlags, which say what it was.
bool take_row(const node_ref& n, std::uint8_t flags, const TypeMeta& v, const TypeMeta& m, void* to, Take what);
/// Whether such a child says, besides its value, what it was.
inline bool has_past(const node_ref& n, std::uint8_t flags) {
    return (flags & RowFlag::EverValid) != 0 && !is_reference(n) && !n.valid();
}

bool take_set(const node_ref& n, const TypeMeta& m, void* to, Take what);
bool take_dict(const node_ref& n, const TypeMeta& v, const TypeMeta& m, void* to, Take what);

/// Columns that grow one entry at a time, for what is not known to be something before it was taken.
class entries {
  public:
    entries(const TypeMeta& m, void* to, std::uint32_t first, std::size_t most)
        : m_(m), to_(to), first_(first), size_(m.fields[first + 1].type->element->size) {
        if (most == 0) return;
        keys_ = detail::resize_column(m, to, first, most);
        places_ = detail::resize_column(m, to, first + 1, most);
    }
    ~entries() {
        if (!keys_) return;
        detail::resize_column(m_, to_, first_, used_); // to fewer, which does not fail
        detail::resize_column(m_, to_, first_ + 1, used_);
    }
    entries(const entries&) = delete;

    std::byte* key() const { return keys_ + used_ * m_.fields[first_].type->element->size; }
    std::byte* place() const { return places_ + used_ * size_; }
    void keep() { ++used_; }
    std::size_t used() const { return used_; }

  private:
    const TypeMeta& m_;
    void* to_;
    std::uint32_t first_;
    std::size_t size_, used_ = 0;
    std::byte* keys_ = nullptr;
    std::byte* places_ = nullptr;
};

} // namespace hgvalue::ticks
