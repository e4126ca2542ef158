// The operations of time-series nodes that need no knowledge of their C++ types.
//
// Typed handles reach them through RuntimeApi; the Python binding and other type-erased code call them directly. Each
// either happens and is stamped, or throws and leaves value, times and change records as they were. All of them use
// the current time of the node's clock and throw StateError before its first tick. Outside a mutation_scope they tell
// observers last: what these throw leaves the call, although it happened, and what they change may have moved the node.
#pragma once

#include <hgvalue/time_series/node_type.hpp>
#include <hgvalue/time_series/observer.hpp>

#include <cstddef>
#include <cstdint>

namespace hgvalue::engine {

/// Makes value and overlay of a root in raw memory of the sizes in `type`.
void root_construct(const NodeType& type, void* value, void* overlay, root_context& context);
void root_destroy(const NodeType& type, void* value, void* overlay) noexcept;

/// Clears the change record of an earlier tick.
void start_record(node_overlay& node, engine_time_t now) noexcept;

/// Makes the node invalid: time back to MIN_DT, TSB and TSL with all their children, a TSD keeps its keys, TSS and TSW
/// drop their content, a REF refers to nothing then. Nothing happens when it is not valid.
void invalidate(const node_ref& n);

/// TSS and TSD: removes everything, and ticks even when empty. TSB and fixed TSL: clears the children. A dynamic TSL
/// becomes empty. TSW: drops its content and ticks. A REF refers to nothing then. TS and SIGNAL: nothing.
void clear(const node_ref& n);

/// Ticks without a change of value. StateError for a TS that is not valid: there would be no value to show; and for a
/// REF, which ticks with its target.
void mark_modified(const node_ref& n);

/// TSB, TSL: every child valid; TSD: valid and every child valid; TSW: valid and filled to its minimum.
bool all_valid(const node_ref& n);

/// Adds a key that is not there to a TSD or TSS and returns its row; a TSD's child is new and not valid.
std::uint32_t insert_row(const node_ref& n, const void* key, std::size_t hash);

/// Removes a row of a TSD or TSS. What was there at the tick's start stays readable until the next tick's first write.
void erase_row(const node_ref& n, std::uint32_t row);

/// An empty write: makes a TSS, TSD or dynamic TSL that is not valid valid, and ticks then; else nothing.
void touch_empty(const node_ref& n);

/// Grows or shrinks a dynamic TSL; ticks if its length changed.
void list_resize(const node_ref& n, std::size_t size);

/// Appends to a TSW.
void window_push(const node_ref& n, const void* value);

/// Gives a TSW the elements of another of the same type, with their times, none later than now, and ticks.
void window_copy(const node_ref& to, const node_ref& from);

/// Index of the first element of a TSW that is inside the window at the current time.
std::uint32_t window_first(const node_ref& n);

/// Appends to a TSW what is of time `at`, which is not after now. ValueError if it is before the newest element.
void window_push_at(const node_ref& n, const void* value, engine_time_t at);
/// Lets go of the oldest elements of a TSW, as a push does; to be stamped by the caller.
void window_drop_oldest(const node_ref& n, std::uint32_t count);
/// How many of the elements in a TSW are not of the current tick, whose record there must be.
std::uint32_t window_older(const node_ref& n) noexcept;
/// The elements that a TSW took and let go of in the tick of its record; null if there are none.
const window_storage* window_passed(const window_state& state) noexcept;

/// Has the key_set of a TSD tick, be it valid or not.
void tick_key_set(const node_ref& n);

/// The last element that left a TSW in the current tick, by a push or because its time was over; null if none did.
const void* window_evicted(const node_ref& n);

/// Makes `to` equal to `from`, a node of the same shape: values, validity, keys, the times in windows. References stay.
/// TypeError for another shape. ValueError if an element of a window is later than the current time, as may be when
/// the other is on another clock. PinnedError where somebody looks at rows in place.
void copy_node(const node_ref& to, const node_ref& from);
/// Makes a TSS equal to the keys of a TSD.
void copy_key_set(const node_ref& to, const node_ref& dict);

/// Whether the children of a keyed node changed in the current tick, so that its change record may be read.
inline bool record_is_current(const node_ref& n) noexcept { return n.node().touched_at(n.now()) && n.now() != MIN_DT; }

/// The removed row of `key` in this tick, or no_row. A row that is back in the collection does not count.
std::uint32_t find_removed(const node_ref& n, const void* key, std::size_t hash);

} // namespace hgvalue::engine
