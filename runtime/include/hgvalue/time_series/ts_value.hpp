// TSValue: the owner of a time series whose type need not be known to the compiler.
#pragma once

#include <hgvalue/time_series/ts_mutable_view.hpp>

#include <memory>

namespace hgvalue {

/// A value and, beside it, its overlay: any NodeType, generated or made at run time, as a root of its own. Movable, not
/// copyable; views of it stay good when it moves.
class TSValue {
  public:
    /// None.
    TSValue() = default;
    /// One that never ticked. With `clock` it joins the ticks of that clock, which must outlive it; that of another
    /// root, or one made with make_shared, does.
    explicit TSValue(const NodeType& type, EvaluationClock* clock = nullptr);
    /// On a clock that others use only if it is `shared`.
    TSValue(const NodeType& type, EvaluationClock& clock, bool shared);
    TSValue(TSValue&&) noexcept = default;
    TSValue& operator=(TSValue&&) noexcept = default;

    explicit operator bool() const noexcept { return data_ != nullptr; }
    const NodeType& type() const noexcept { return *data_->context.type; }
    root_context& context() const noexcept { return data_->context; }
    EvaluationClock& clock() const noexcept { return *data_->context.clock; }
    node_ref ref() const noexcept {
        root_context& c = data_->context;
        return {c.type, c.value, c.overlay, &c.record, 0, &c};
    }

    TSMutableView view() noexcept { return TSMutableView(ref()); }
    TSView view() const noexcept { return TSView(ref()); }
    /// The data, in place.
    ConstValueView value() const { return view().value(); }

    /// Sets the evaluation time for what follows. ValueError unless it grows.
    void tick(engine_time_t at) { data_->context.advance(at); }
    /// Tells the observers who wait for the end of the tick, as the next tick() would.
    void end_tick() { clock().end_tick(); }
    engine_time_t now() const noexcept { return clock().now(); }

  private:
    struct storage {
        std::shared_ptr<EvaluationClock> kept_clock;
        root_context context;

        storage(const NodeType& type, EvaluationClock* clock, bool shared);
        storage(const storage&) = delete;
        ~storage();
    };
    std::unique_ptr<storage> data_;
};

/// A view of a time series, which may be a TSValue, a generated root, or any handle or view of a node.
template <NodeHandle T> TSMutableView ts_view(const T& handle) { return TSMutableView(handle.ref()); }
inline TSView ts_view(const TSValue& owner) { return owner.view(); }
inline TSMutableView ts_view(TSValue& owner) { return owner.view(); }
inline const TSView& ts_view(const TSView& view) { return view; }
inline const TSMutableView& ts_view(const TSMutableView& view) { return view; }

} // namespace hgvalue
