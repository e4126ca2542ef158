// A root: the owner of a value, its overlay and a clock.
#pragma once

#include <hgvalue/time_series/ts.hpp>

#include <memory>
#include <new>

namespace hgvalue {

/// Owns one time series of the given shape and offers its handle's whole surface. Base of generated root classes.
/// Movable, not copyable; handles into it live as long as it does.
template <class Shape> class time_series : public Shape::handle {
    struct storage {
        EvaluationClock own_clock;
        root_context context;
        alignas(typename Shape::value_type) std::byte value[sizeof(typename Shape::value_type)];
        alignas(typename Shape::overlay_type) std::byte overlay[sizeof(typename Shape::overlay_type)];

        explicit storage(EvaluationClock* clock)
            : context{clock ? clock : &own_clock, clock != nullptr} {
            runtime().root_construct(Shape::type, value, overlay);
        }
        storage(const storage&) = delete;
        ~storage() { runtime().root_destroy(Shape::type, value, overlay); }
    };

  public:
    /// A root that never ticked. With `clock`, which must outlive it, it joins the ticks of that clock.
    explicit time_series(EvaluationClock* clock = nullptr) : time_series(std::make_unique<storage>(clock)) {}

    /// Sets the evaluation time for what follows. ValueError unless it grows.
    void tick(engine_time_t at) { storage_->context.advance(at); }
    engine_time_t now() const noexcept { return storage_->context.now(); }

  private:
    explicit time_series(std::unique_ptr<storage> s)
        : Shape::handle(make_handle<Shape>(std::launder(reinterpret_cast<typename Shape::value_type*>(s->value)),
                                           std::launder(reinterpret_cast<typename Shape::overlay_type*>(s->overlay)),
                                           &s->context, nullptr, 0)),
          storage_(std::move(s)) {}

    std::unique_ptr<storage> storage_;
};

} // namespace hgvalue
