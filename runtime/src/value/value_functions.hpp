// The functions of the value layer that the runtime table offers, and those that only the time-series layer needs.
//
// All work on storage whose element types they learn from the meta of the container: a Set or Map for `row_store`, a
// CyclicBuffer, Queue or Window for `ring`. Unless noted otherwise a function that throws has changed nothing, and any
// that needs memory may throw std::bad_alloc, or std::length_error beyond the limits below.
#pragma once

#include <hgvalue/value/ring.hpp>
#include <hgvalue/value/row_ops.hpp>

#include <cstddef>
#include <cstdint>

namespace hgvalue::detail {

/// Row numbers are 32 bits and the largest means "none".
inline constexpr std::size_t max_rows = no_row - std::size_t{1};
/// A ring adds a position to its head in 32 bits.
inline constexpr std::size_t max_ring_size = std::size_t{1} << 31;

// -- sets and maps --------------------------------------------------------------------------------------------------

/// Makes `to` an equal of `from`, letting go of what it held.
void row_store_copy(const TypeMeta&, row_store& to, const row_store& from);
/// Destroys all rows and frees the memory.
void row_store_clear(const TypeMeta&, row_store&) noexcept;
/// Adds a row with a copy of `key`, which must not be there yet and have hash `hash`, and a default value.
std::uint32_t row_store_insert(const TypeMeta&, row_store&, const void* key, std::size_t hash);
/// Adds a row whose key and value are moved out of the given memory, which then holds no objects. `value` is ignored
/// for a set.
std::uint32_t row_store_insert_relocated(const TypeMeta&, row_store&, void* key, void* value, std::size_t hash);
/// Destroys a row; the last one takes its place.
void row_store_erase(const TypeMeta&, row_store&, std::uint32_t row) noexcept;
/// As row_store_erase, but moves the row's key and value into the given uninitialised memory. `value_to` is ignored for
/// a set.
void row_store_erase_to(const TypeMeta&, row_store&, std::uint32_t row, void* key_to, void* value_to) noexcept;
/// Moves a row to the end of another store of the same type, which does not have its key; the last row of `from` takes
/// its place. It cannot fail if `to` has room for it.
void row_store_take(const TypeMeta&, row_store& to, row_store& from, std::uint32_t row);
/// Destroys all rows, keeping a moderate amount of memory for the next ones. The cost depends on the rows there are,
/// not on those there were.
void row_store_drop_rows(const TypeMeta&, row_store&) noexcept;
/// After this, inserts up to `rows` rows in all do not allocate (but for what the elements themselves allocate).
void row_store_reserve(const TypeMeta&, row_store&, std::size_t rows);
/// Gives unused memory back, and puts the rows of an ordered store into insertion order.
void row_store_compact(const TypeMeta&, row_store&);
/// Makes a copy of `value` the value of `key` in a map, adding the key unless it is there.
InsertResult row_store_set(const TypeMeta&, row_store&, const void* key, std::size_t hash, const void* value);
/// The functions of value/row_ops.hpp. An attached observer that throws while it grows is not attached.
SlotHandle row_store_handle(const TypeMeta&, row_store&, std::uint32_t row);
void row_store_attach_observer(const TypeMeta&, row_store&, SlotObserver&);
void row_store_detach_observer(row_store&, SlotObserver&) noexcept;
void row_store_attach_hooks(const TypeMeta&, row_store&, const ContainerHooks&);
void row_store_detach_hooks(row_store&, const ContainerHooks&) noexcept;

// -- rings ----------------------------------------------------------------------------------------------------------

/// Makes `to` an equal of `from`, letting go of what it held.
void ring_copy(const TypeMeta&, ring& to, const ring& from);
/// Moves the value out of the given memory to the back, with time `at` in a window. There must be room for it, and in a
/// window it must not be older than the newest: nothing is checked, so nothing fails.
void ring_append_relocated(const TypeMeta&, ring&, engine_time_us at, void* value) noexcept;
/// Destroys all elements and frees the memory.
void ring_clear(const TypeMeta&, ring&) noexcept;
/// Adds a default element at the back and returns it. std::length_error if a CyclicBuffer or Queue is full: what
/// happens then is its caller's to decide. Not for a Window, whose elements come with a time.
void* ring_push(const TypeMeta&, ring&);
/// Destroys the oldest element; there must be one.
void ring_pop(const TypeMeta&, ring&) noexcept;
/// Makes the value at `value`, which stays destructible, the newest element in place of the oldest. The ring must have
/// no free place.
void ring_replace_oldest(const TypeMeta&, ring&, void* value) noexcept;
/// Lets the elements lie side by side, oldest first, at `element(size, 0)`.
void ring_straighten(const TypeMeta&, ring&);
/// Makes room for `size` elements, or for as many as the type can hold if that is less.
void ring_reserve(const TypeMeta&, ring&, std::size_t size);
/// Appends a copy of `value` (which may lie in the window) at time `at` and drops nothing: a window by count may hold
/// one element more than its size until its caller lets the oldest go. ValueError if `at` is before the last time.
void window_append(const TypeMeta&, window_storage&, engine_time_us at, const void* value);
/// As window_append, then drops the elements that no longer fit: by count all but the last `fixed_size`, by time those
/// more than `fixed_size` microseconds before `at`.
void window_value_push(const TypeMeta&, window_storage&, engine_time_us at, const void* value);
/// Drops the elements that no longer belong to a window at time `now`, which must not be before the last one's.
void window_drop_expired(const TypeMeta&, window_storage&, engine_time_us now) noexcept;

// -- all composite values -------------------------------------------------------------------------------------------

/// equals, less and hash of every kind but scalars and references. `less` is lexicographic and exists for bundles,
/// tuples and lists; hash and equality of sets and maps do not depend on row order; windows also compare times.
/// TypeError for a kind without the operation.
extern const TypeOps composite_table;

} // namespace hgvalue::detail
