// What encoder and decoder agree on: which types, which values, how long at least, and how a place is named.
#pragma once

#include <hgvalue/core/type_meta.hpp>
#include <hgvalue/value/row_store.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace hgvalue::detail {

/// TypeError, with the path to it, if the type has a part without encoding: `object`, a reference, a scalar of the
/// user's own.
void require_encodable(const TypeMeta& type);

/// The fewest bytes that a value of the type takes; 0 if all its values take none. Such a "unit" takes one zero byte
/// as an element of something that grows, so that a length is never more than the bytes that follow.
std::uint64_t least_size(const TypeMeta& type) noexcept;

bool is_utf8(std::string_view text) noexcept;

/// How many elements a list has that does not grow, and whether it is one.
inline bool grows(const TypeMeta& list) noexcept { return list.ops->list_size != nullptr; }

/// Whether rows are written as they were inserted. Not in keys: equal keys have equal bytes, and equality knows no
/// order.
inline bool keeps_order(const TypeMeta& m, bool in_key) noexcept { return !in_key && m.is(TypeFlags::Ordered); }

/// The most elements a ring may have when it is encoded; the largest number if there is no limit.
inline std::uint64_t ring_limit(const TypeMeta& m) noexcept {
    const bool limited = m.fixed_size > 0 && !(m.kind == TypeKind::Window && m.by_time);
    return limited ? static_cast<std::uint64_t>(m.fixed_size) : ~std::uint64_t{0};
}

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdangling-pointer" // a place takes itself off the top when it ends
#endif

/// A step on the way to what is being encoded or decoded: one for each value that contains another, on the stack. Text
/// is made only when something is wrong.
struct codec_place {
    enum class Part : std::uint8_t { Field, Element, Key, Entry, Content };

    codec_place(codec_place*& top, const TypeMeta& m, Part p)
        : outer(top), type(m), depth(top ? top->depth + 1 : 1), part(p), top_(top) {
        top = this;
    }
    codec_place(const codec_place&) = delete;
    codec_place& operator=(const codec_place&) = delete;
    ~codec_place() { top_ = outer; }

    codec_place* const outer;
    const TypeMeta& type; ///< of the containing value
    const std::size_t depth;
    const row_store* rows = nullptr; ///< of an Entry
    std::size_t index = 0;           ///< field, element or row
    std::size_t base = 0;            ///< what to add to `index`
    Part part;

  private:
    codec_place*& top_;
};

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

/// `orders[3].price: `, `book["AAPL"].bid: `, `book.keys()[2]: `; nothing for the value itself.
std::string place_prefix(const codec_place* innermost);

} // namespace hgvalue::detail
