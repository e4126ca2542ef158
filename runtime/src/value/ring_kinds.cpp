// Cyclic buffers, queues and windows.
#include "kind_tables.hpp"
#include "layouts.hpp"
#include "temporary.hpp"
#include "value_functions.hpp"

#include <hgvalue/value/format.hpp>
#include <hgvalue/value/ring_view.hpp>

namespace hgvalue::detail {
namespace {

ring& as_ring(void* v) { return *static_cast<ring*>(v); }
const ring& as_ring(const void* v) { return *static_cast<const ring*>(v); }

bool is_full(const TypeMeta& m, const ring& r) noexcept {
    return m.fixed_size > 0 && r.size() >= static_cast<std::uint64_t>(m.fixed_size);
}

std::size_t ring_size(const TypeMeta&, const void* v) { return as_ring(v).size(); }

ValuePart ring_at(const TypeMeta& m, const void* v, std::size_t i) {
    if (i >= as_ring(v).size()) return {};
    return {as_ring(v).element(m.element->size, static_cast<std::uint32_t>(i)), m.element};
}

void append(const TypeMeta& m, ring& r, temporary& element) { element.move_to(ring_push(m, r)); }

void buffer_push(const TypeMeta& m, void* v, ValueArgument element) {
    temporary made(*m.element, *element.type, element.data); // it may lie in this buffer, which may move
    ring& r = as_ring(v);
    if (is_full(m, r))
        ring_replace_oldest(m, r, made.get());
    else
        append(m, r, made);
}

void queue_push(const TypeMeta& m, void* v, ValueArgument element) {
    ring& r = as_ring(v);
    if (is_full(m, r)) throw ValueError("the queue is full: it holds " + std::to_string(m.fixed_size) + " elements");
    temporary made(*m.element, *element.type, element.data);
    append(m, r, made);
}

void pop_oldest(const TypeMeta& m, void* v) {
    if (as_ring(v).empty()) throw IndexError("pop from an empty " + std::string(kind_ops(m.kind).name));
    ring_pop(m, as_ring(v));
}

void clear(const TypeMeta& m, void* v) { ring_clear(m, as_ring(v)); }
void reserve(const TypeMeta& m, void* v, std::size_t size) { ring_reserve(m, as_ring(v), size); }

constexpr KindOps make_ring_ops(const char* name) {
    KindOps ops = common_ops(name);
    ops.size = ring_size;
    ops.at = ring_at;
    ops.pop = pop_oldest;
    ops.clear = clear;
    ops.reserve = reserve;
    return ops;
}
constexpr KindOps make_pushing_ops(const char* name, decltype(KindOps::push) push) {
    KindOps ops = make_ring_ops(name);
    ops.push = push;
    return ops;
}

} // namespace

void push_to_window(const TypeMeta& m, window_storage& w, engine_time_us at, ValueArgument element) {
    if (same_bytes(*m.element, *element.type)) return window_value_push(m, w, at, element.data);
    const temporary made(*m.element, *element.type, element.data);
    window_value_push(m, w, at, made.get());
}

void straighten(const TypeMeta& m, ring& r) { ring_straighten(m, r); }

void expire(const TypeMeta& m, window_storage& w, engine_time_us now) {
    if (!w.empty() && now < w.time(w.size() - 1)) throw ValueError("a window cannot go back in time");
    window_drop_expired(m, w, now);
}

constinit const KindOps cyclic_buffer_kind = make_pushing_ops("cyclic buffer", buffer_push);
constinit const KindOps queue_kind = make_pushing_ops("queue", queue_push);
constinit const KindOps window_kind = make_ring_ops("window"); // its elements come with a time

} // namespace hgvalue::detail
