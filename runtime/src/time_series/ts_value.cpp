#include <hgvalue/time_series/ts_value.hpp>

#include <hgvalue/time_series/engine.hpp>

#include <algorithm>
#include <cstddef>
#include <new>

namespace hgvalue {

namespace {

std::align_val_t alignment_of(std::size_t wanted) {
    return std::align_val_t{std::max(wanted, alignof(std::max_align_t))};
}

/// Uninitialised bytes.
class Memory {
  public:
    Memory(std::size_t size, std::size_t alignment)
        : alignment_(alignment_of(alignment)), bytes_(::operator new(size, alignment_)) {}
    Memory(const Memory&) = delete;
    ~Memory() { ::operator delete(bytes_, alignment_); }
    void* get() const noexcept { return bytes_; }
    void* release() noexcept { return std::exchange(bytes_, nullptr); }

  private:
    std::align_val_t alignment_;
    void* bytes_;
};

} // namespace

TSValue::storage::storage(const NodeType& type, EvaluationClock* clock, bool shared)
    : kept_clock(detail::keep_clock(clock)), context{clock ? clock : kept_clock.get(), shared, {}} {
    Memory value(type.value->size, type.value->alignment), overlay(type.overlay_size, type.overlay_alignment);
    engine::root_construct(type, value.get(), overlay.get(), context);
    value.release();
    overlay.release();
}

TSValue::storage::~storage() {
    if (context.observers) runtime().release_observers(context);
    if (context.links) runtime().release_references(context);
    const NodeType& t = *context.type;
    engine::root_destroy(t, context.value, context.overlay);
    ::operator delete(context.value, alignment_of(t.value->alignment));
    ::operator delete(context.overlay, alignment_of(t.overlay_alignment));
}

TSValue::TSValue(const NodeType& type, EvaluationClock* clock)
    : data_(std::make_unique<storage>(type, clock, clock != nullptr)) {}

TSValue::TSValue(const NodeType& type, EvaluationClock& clock, bool shared)
    : data_(std::make_unique<storage>(type, &clock, shared)) {}

} // namespace hgvalue
