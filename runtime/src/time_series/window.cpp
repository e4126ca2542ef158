// TSW: appending, and which elements are inside the window.
#include "../value/elements.hpp"
#include "../value/value_functions.hpp"
#include "records.hpp"

#include <hgvalue/time_series/engine.hpp>
#include <hgvalue/value/ring.hpp>

namespace hgvalue::engine {

namespace {

window_storage& storage(const node_ref& n) { return *static_cast<window_storage*>(n.value); }

/// Whether an element of time `at` has left the window when the time is `now`.
bool outside(const NodeType& t, engine_time_t at, engine_time_t now) { return t.by_time && at < now - t.window_size; }

/// Moves the oldest element to `evicted`.
void evict(const node_ref& n, window_state& s, engine_time_t now) noexcept {
    const TypeMeta& m = *n.type->scalar;
    window_storage& w = storage(n);
    if (s.evicted_at != MIN_DT) m.ops->destroy(m, s.evicted);
    m.ops->construct(m, s.evicted); // a default value cannot throw for any scalar kind
    m.ops->move_assign(m, s.evicted, w.element(m.size, 0));
    s.evicted_at = now;
    runtime_table.ring_pop(*n.type->value, w);
}

} // namespace

std::uint32_t window_first(const node_ref& n) {
    if (!n.type->by_time) return 0;
    const window_storage& w = storage(n);
    std::uint32_t i = 0;
    while (i < w.size() && outside(*n.type, w.time(i), n.now())) ++i;
    return i;
}

void window_push(const node_ref& n, const void* value) {
    const engine_time_t now = n.context->writing_time();
    window_state& s = n.window();
    window_storage& w = storage(n);
    const TypeMeta& m = *n.type->scalar;
    if (!s.evicted) s.evicted = detail::allocate_elements(m, 1);
    if (s.touched != now) begin_tick(s, now);
    // The element is in before anything is let go, so that a failure leaves the window as it was.
    detail::window_append(*n.type->value, w, now, value);
    if (!n.type->by_time && w.size() > static_cast<std::uint64_t>(n.type->window_size)) evict(n, s, now);
    while (n.type->by_time && outside(*n.type, w.time(0), now)) evict(n, s, now);
    ++s.appended;
    stamp(s, now);
}

void window_begin_tick(window_state& s, engine_time_t now) {
    s.appended = 0;
    s.dropped = false;
    s.touched = now;
}

} // namespace hgvalue::engine
