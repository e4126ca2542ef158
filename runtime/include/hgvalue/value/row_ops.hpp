// What can be done to a set or map by its meta, beyond what row_store does by itself.
//
// Keys and values are passed as pointers to values of the store's key and value type; `hash` is the key's. A function
// that throws has changed nothing. Everything here tells hooks and observers; see value/slot_observer.hpp.
#pragma once

#include <hgvalue/core/runtime_api.hpp>
#include <hgvalue/value/row_store.hpp>

#include <cstddef>
#include <cstdint>

namespace hgvalue {

/// Where a key is, and whether it was added there.
struct InsertResult {
    std::uint32_t row;
    bool inserted;
};

// The `hooks` of a single call are called for that call only, after those that are attached, and once the operation is
// done but for on_swap, which comes first.

/// Adds the key, with a default value in a map, unless it is there.
inline InsertResult insert_with_index(const TypeMeta& m, row_store& s, const void* key, std::size_t hash,
                                      const ContainerHooks& hooks = {}) {
    if (const std::uint32_t row = find_row(m, s, key, hash); row != no_row) return {row, false};
    const std::uint32_t row = runtime().row_store_insert(m, s, key, hash);
    hooks.inserted(row);
    return {row, true};
}
/// Makes `value` the value of the key, adding it unless it is there. Hooks hear of an added row when it has the value.
inline InsertResult set_with_index(const TypeMeta& m, row_store& s, const void* key, std::size_t hash,
                                   const void* value, const ContainerHooks& hooks = {}) {
    const InsertResult result = runtime().row_store_set(m, s, key, hash, value);
    if (result.inserted) hooks.inserted(result.row);
    return result;
}
/// Erases a row that is there; the last one takes its place.
inline void erase_with_hooks(const TypeMeta& m, row_store& s, std::uint32_t row, const ContainerHooks& hooks) noexcept {
    const std::uint32_t last = s.size() - 1;
    if (row != last) hooks.swapping(row, last);
    runtime().row_store_erase(m, s, row);
    hooks.erased(last);
}

/// Makes the capacity the size, and puts the rows of an ordered store into insertion order. Costs what is there, not
/// what was.
inline void compact(const TypeMeta& m, row_store& s) { runtime().row_store_compact(m, s); }

/// Names the element in a row that is there. The first handle of a store costs a pass over its rows; from then on it
/// keeps about 20 bytes a row for them.
inline SlotHandle handle_of(const TypeMeta& m, row_store& s, std::uint32_t row) {
    return runtime().row_store_handle(m, s, row);
}
/// The row that the handle names, or no_row when it is stale.
inline std::uint32_t row_of(const row_store& s, const SlotHandle& h) noexcept { return s.row_of(h); }

/// Attaching the same twice has it told twice; detaching what is not attached does nothing.
inline void attach_observer(const TypeMeta& m, row_store& s, SlotObserver& o) {
    runtime().row_store_attach_observer(m, s, o);
}
inline void detach_observer(row_store& s, SlotObserver& o) noexcept { runtime().row_store_detach_observer(s, o); }
inline void attach_hooks(const TypeMeta& m, row_store& s, const ContainerHooks& h) {
    runtime().row_store_attach_hooks(m, s, h);
}
inline void detach_hooks(row_store& s, const ContainerHooks& h) noexcept { runtime().row_store_detach_hooks(s, h); }

} // namespace hgvalue
