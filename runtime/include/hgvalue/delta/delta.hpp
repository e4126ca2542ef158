// Typed deltas: what one tick changed, as data that can be kept, sent and applied elsewhere.
//
// Every node has its Change bits in its parent's delta, beside the parts that changed; collections are
// structure-of-arrays and hold what changed only.
#pragma once

#include <hgvalue/core/time.hpp>
#include <hgvalue/value/scalars.hpp>

#include <array>
#include <cstdint>
#include <vector>

namespace hgvalue {

/// What happened to a node in a tick; bits.
namespace Change {
inline constexpr std::uint8_t None = 0;
inline constexpr std::uint8_t Ticked = 1;      ///< written; its content is in the delta
inline constexpr std::uint8_t Invalidated = 2; ///< written or not, it is not valid now
inline constexpr std::uint8_t Cleared = 4;     ///< its content was dropped before what the delta says was put in
inline constexpr std::uint8_t Created = 8;     ///< of a dict's key: was not there
inline constexpr std::uint8_t Removed = 16;    ///< of a dict's key: is gone
inline constexpr std::uint8_t Replaced = 32;   ///< of a dict's key: removed and created again, starts afresh
inline constexpr std::uint8_t Nested = 64;     ///< not written itself, but something below it became invalid
inline constexpr std::uint8_t Written = 128;   ///< of a child of a dict or list that is not valid: it was, in this tick
} // namespace Change

template <class Shape> using delta_of = typename Shape::delta_type;

/// Base of a generated bundle's delta: per field, what happened to it.
template <std::size_t N> struct bundle_delta {
    std::array<std::uint8_t, N> change{};
};

/// TSL with N elements.
template <class Child, std::size_t N> struct fixed_list_delta {
    std::array<std::uint8_t, N> change{};
    std::array<delta_of<Child>, N> elements{};
};

/// Dynamic TSL: the length after the tick, and the elements that changed, by ascending index.
template <class Child> struct list_delta {
    std::uint32_t size{};
    std::vector<std::uint32_t> indices;
    std::vector<std::uint8_t> change;
    list<delta_of<Child>> elements;
};

/// TSS.
template <class T> struct set_delta {
    list<T> added;
    list<T> removed;
};

/// TSD: keys created, changed and removed, in no order. `elements[i]` of a removed key is empty. One that became valid
/// names all its keys, for those that it kept while it was not valid are not in a snapshot of what was before.
template <class K, class Child> struct dict_delta {
    bool keys_ticked = false; ///< its key_set ticked
    list<K> keys;
    std::vector<std::uint8_t> change;
    list<delta_of<Child>> elements;
};

/// TSW: the elements appended, the oldest first, also those that left again.
template <class T> struct window_delta {
    bool dropped = false;   ///< the window was emptied first
    std::uint32_t gone = 0; ///< how many elements of earlier ticks left it
    std::uint32_t kept = 0; ///< how many of them are still there
    list<T> appended;
    std::vector<engine_time_t> times; ///< of those appended
};

/// REF: nothing, as references are not data. What its target changed is in the delta of that.
struct reference_delta {};

/// The delta of a whole root.
template <class Shape> struct root_delta {
    engine_time_t time = MIN_DT; ///< when the tick was; MIN_DT of one that was not taken from a root
    std::uint8_t change = Change::None;
    delta_of<Shape> content{};
    /// Nothing ticked and nothing became invalid.
    bool empty() const noexcept { return change == Change::None; }
};

} // namespace hgvalue
