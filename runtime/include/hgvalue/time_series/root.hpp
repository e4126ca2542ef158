// A root: the owner of a value, its overlay and a clock.
#pragma once

#include <hgvalue/delta/capture.hpp>

#include <memory>
#include <new>

namespace hgvalue {

/// Owns one time series of the given shape and offers its handle's whole surface. Base of generated root classes.
/// Movable, not copyable; handles into it live as long as it does.
template <class Shape> class time_series : public Shape::handle {
    /// The shape that the root gives a name to; equal to Shape for the root of a bundle.
    using basic_shape = typename Shape::handle::shape;

    struct storage {
        std::shared_ptr<EvaluationClock> kept_clock;
        root_context context;
        alignas(typename Shape::value_type) std::byte value[sizeof(typename Shape::value_type)];
        alignas(typename Shape::overlay_type) std::byte overlay[sizeof(typename Shape::overlay_type)];

        explicit storage(EvaluationClock* clock)
            : kept_clock(detail::keep_clock(clock)), context{clock ? clock : kept_clock.get(), clock != nullptr, {}} {
            runtime().root_construct(basic_shape::type, value, overlay, context);
        }
        storage(const storage&) = delete;
        ~storage() {
            if (context.observers) runtime().release_observers(context);
            if (context.links) runtime().release_references(context);
            runtime().root_destroy(basic_shape::type, value, overlay);
        }
    };

  public:
    /// A root that never ticked. With `clock` it joins the ticks of that clock, which must outlive it; that of another
    /// root, or one made with make_shared, does.
    explicit time_series(EvaluationClock* clock = nullptr) : time_series(std::make_unique<storage>(clock)) {}

    /// Sets the evaluation time for what follows. ValueError unless it grows.
    void tick(engine_time_t at) { storage_->context.advance(at); }
    /// Tells the observers who wait for the end of the tick, as the next tick() would; see EvaluationClock::end_tick.
    void end_tick() { storage_->context.clock->end_tick(); }
    engine_time_t now() const noexcept { return storage_->context.now(); }

    /// What the current tick changed, as a value of its own.
    root_delta<Shape> delta() const {
        root_delta<Shape> d;
        d.time = now();
        // Before the first tick the record is not of any tick, though both times are MIN_DT.
        if (now() != MIN_DT && storage_->context.record.touched_at(now()))
            d.change = detail::take_delta<basic_shape>(this->ref(), d.content);
        return d;
    }
    /// Makes this root follow the one the delta was taken from. Writes at the current time. ValueError, with nothing
    /// changed, if there are windows and the delta is of a later tick: their elements keep their times.
    void apply(const root_delta<Shape>& d) {
        if (detail::has_windows<basic_shape> && d.time > now())
            throw ValueError("the delta is of a later tick than this root: advance the root first");
        mutation_scope scope(storage_->context);
        detail::apply_delta<basic_shape>(this->ref(), d.content, d.change);
        scope.finish();
    }

  private:
    explicit time_series(std::unique_ptr<storage> s)
        : Shape::handle(make_handle<Shape>(std::launder(reinterpret_cast<typename Shape::value_type*>(s->value)),
                                           std::launder(reinterpret_cast<typename Shape::overlay_type*>(s->overlay)),
                                           &s->context, &s->context.record, 0)),
          storage_(std::move(s)) {}

    std::unique_ptr<storage> storage_;
};

} // namespace hgvalue
