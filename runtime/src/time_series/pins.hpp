// Rows of dicts that somebody looks at in place: while they are pinned, nothing may move or remove them.
//
// There are hardly ever any, so that a change of keys asks one global number, and no node knows of its pins.
#pragma once

#include <hgvalue/time_series/node_type.hpp>

#include <atomic>

namespace hgvalue::engine {

/// A change of keys was refused because somebody looks at the rows (BufferError in Python).
struct HGVALUE_EXCEPTION PinnedError : StateError {
    PinnedError() : StateError("keys cannot come or go while there are views of the columns") {}
};

/// Pins the rows of a TSD. Whoever has one keeps the root alive.
class RowPin {
  public:
    explicit RowPin(const node_ref& dict);
    RowPin(const RowPin&) = delete;
    ~RowPin();

  private:
    const keyed_state* state_;
};

/// How many pins there are.
extern std::atomic<std::uint32_t> pin_count;
inline bool any_pins() noexcept { return pin_count.load(std::memory_order_relaxed) != 0; }

// PinnedError, with nothing changed, where there are pins in the way of

void refuse_inserting(const keyed_state& dict);                    ///< new keys
void refuse_removing(const keyed_state& parent, std::uint32_t id); ///< removing an element
void refuse_removing_below(const node_ref& n);                     ///< removing what is in `n` or below it

} // namespace hgvalue::engine
