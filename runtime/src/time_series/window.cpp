// TSW: appending, and which elements are inside the window.
#include "../value/temporary.hpp"
#include "../value/value_functions.hpp"
#include "observe.hpp"
#include "overlay_storage.hpp"
#include "records.hpp"

#include <hgvalue/core/type_registry.hpp>
#include <hgvalue/time_series/engine.hpp>
#include <hgvalue/value/ring.hpp>

namespace hgvalue {

struct passed_elements {
    explicit passed_elements(const TypeMeta& element)
        : type(TypeRegistry::instance().window(element, timedelta{MAX_DT})) {}
    passed_elements(const passed_elements&) = delete;
    ~passed_elements() { detail::ring_clear(type, elements); }

    const TypeMeta& type; ///< a window that keeps all
    window_storage elements;
};

} // namespace hgvalue

namespace hgvalue::engine {

namespace {

window_storage& storage(const node_ref& n) { return *static_cast<window_storage*>(n.value); }

/// Whether an element of time `at` has left the window when the time is `now`.
bool outside(const NodeType& t, engine_time_t at, engine_time_t now) { return t.by_time && at < now - t.window_size; }

/// Moves the oldest element to `evicted`.
void evict(const node_ref& n, window_state& s, engine_time_t now) noexcept {
    const TypeMeta& m = *n.type->scalar;
    window_storage& w = storage(n);
    m.ops->move_assign(m, s.evicted, w.element(m.size, 0));
    s.evicted_at = now;
    s.evicted_time = w.time(0);
    detail::ring_pop(*n.type->value, w);
}

/// A copy of the oldest element, which is of this tick too, for those that pass through. finish() cannot fail.
class passing {
  public:
    passing(const node_ref& n, window_state& s, const window_storage& w)
        : element_(*n.type->scalar), state_(s), copy_(element_), time_(w.time(0)) {
        if (!s.passed) s.passed = new passed_elements(element_);
        detail::ring_reserve(s.passed->type, s.passed->elements, std::size_t{s.passed->elements.size()} + 1);
        element_.ops->copy_assign(element_, copy_.get(), w.element(element_.size, 0));
    }
    void finish() noexcept {
        detail::ring_append_relocated(state_.passed->type, state_.passed->elements, time_, copy_.get());
        copy_.forget();
    }

  private:
    const TypeMeta& element_;
    window_state& state_;
    detail::temporary copy_;
    engine_time_t time_;
};

/// Whether an element of time `at` was still inside when the tick before this one ended.
bool was_inside(const node_ref& n, engine_time_t at) { return !outside(*n.type, at, n.context->clock->previous()); }

} // namespace

const void* window_evicted(const node_ref& n) {
    const window_state& s = n.window();
    if (s.evicted_at == n.now() && n.now() != MIN_DT && was_inside(n, s.evicted_time)) return s.evicted;
    // What leaves by time stays in memory until the next push.
    const window_storage& w = storage(n);
    const std::uint32_t first = window_first(n);
    if (first == 0 || !was_inside(n, w.time(first - 1))) return nullptr;
    return w.element(n.type->scalar->size, first - 1);
}

std::uint32_t window_first(const node_ref& n) {
    if (!n.type->by_time) return 0;
    const window_storage& w = storage(n);
    const engine_time_t now = n.now();
    if (w.empty() || !outside(*n.type, w.time(0), now)) return 0;
    // Times ascend. Every access to an element asks, and what expired stays until the next push.
    std::uint32_t first = 1, last = w.size();
    while (first < last) {
        const std::uint32_t middle = first + (last - first) / 2;
        if (outside(*n.type, w.time(middle), now))
            first = middle + 1;
        else
            last = middle;
    }
    return first;
}

void window_push(const node_ref& n, const void* value) { window_push_at(n, value, n.context->writing_time()); }

void window_push_at(const node_ref& n, const void* value, engine_time_t at) {
    const engine_time_t now = n.context->writing_time();
    window_state& s = n.window();
    window_storage& w = storage(n);
    const TypeMeta& m = *n.type->scalar;
    // Made beforehand, because evicting must not fail and a default value may: that of a struct with a long text, say.
    if (!s.evicted) s.evicted = new_default(m);
    if (s.touched != now) begin_tick(s, now);
    std::uint32_t older = window_older(n);
    const bool full = !n.type->by_time && w.size() >= static_cast<std::uint64_t>(n.type->window_size);
    // The element is in before anything is let go, so that a failure leaves the window as it was.
    if (full && older == 0) {
        passing oldest(n, s, w);
        detail::window_append(*n.type->value, w, at, value);
        oldest.finish();
    } else {
        detail::window_append(*n.type->value, w, at, value);
    }
    ++s.appended;
    if (full) {
        evict(n, s, now);
        if (older != 0) ++s.gone;
    }
    while (n.type->by_time && !w.empty() && outside(*n.type, w.time(0), now)) {
        evict(n, s, now);
        if (older != 0)
            --older, ++s.gone;
        else
            --s.appended; // it was over before it came
    }
    stamp(s, now);
    announce(*n.context, n.parent, n.slot);
}

void window_drop_oldest(const node_ref& n, std::uint32_t count) {
    const engine_time_t now = n.context->writing_time();
    window_state& s = n.window();
    if (count == 0) return;
    if (!s.evicted) s.evicted = new_default(*n.type->scalar);
    if (s.touched != now) begin_tick(s, now);
    for (; count != 0; --count) {
        const bool older = window_older(n) != 0;
        evict(n, s, now);
        if (older)
            ++s.gone;
        else
            --s.appended;
    }
}

void window_copy(const node_ref& to, const node_ref& from) {
    const window_storage& source = storage(from);
    mutation_scope scope(*to.context);
    clear(to);
    for (std::uint32_t i = window_first(from); i < source.size(); ++i) {
        detail::window_append(*to.type->value, storage(to), source.time(i), source.element(to.type->scalar->size, i));
        ++to.window().appended;
    }
    scope.finish();
}

std::uint32_t window_older(const node_ref& n) noexcept {
    const window_state& s = n.window();
    const window_storage* passed = window_passed(s);
    return storage(n).size() + (passed ? passed->size() : 0) - s.appended;
}

const window_storage* window_passed(const window_state& s) noexcept { return s.passed ? &s.passed->elements : nullptr; }

void free_passed(window_state& s) noexcept { delete std::exchange(s.passed, nullptr); }

void drop_window(const node_ref& n) noexcept {
    window_state& s = n.window();
    s.gone += window_older(n);
    runtime_table.ring_clear(*n.type->value, storage(n));
    free_passed(s);
    s.appended = 0;
    s.evicted_at = MIN_DT;
    s.dropped = true;
}

void window_begin_tick(window_state& s, engine_time_t now) noexcept {
    free_passed(s);
    s.appended = 0;
    s.gone = 0;
    s.dropped = false;
    s.touched = now;
}

} // namespace hgvalue::engine
