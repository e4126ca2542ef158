// Clocks, and what all nodes of one root share.
#pragma once

#include <hgvalue/core/error.hpp>
#include <hgvalue/core/runtime_api.hpp>
#include <hgvalue/core/time.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace hgvalue {

/// The evaluation time. Several roots may share a clock; time only grows on it. Held by a shared_ptr it lives as long
/// as any root on it.
class EvaluationClock : public std::enable_shared_from_this<EvaluationClock> {
  public:
    EvaluationClock() = default;
    EvaluationClock(const EvaluationClock&) = delete;
    ~EvaluationClock() {
        if (destroyed_) *destroyed_ = true;
    }

    /// The current time; MIN_DT before the first tick.
    engine_time_t now() const noexcept { return now_; }

    /// The time before the last advance.
    engine_time_t previous() const noexcept { return previous_; }

    /// Moves to `at`, after observers were told of the tick that ends. ValueError, naming both times, unless `at` is
    /// later than now; StateError from within an observer. What an observer throws leaves the time as it is; nobody is
    /// told twice, so the next advance goes through.
    void advance(engine_time_t at) {
        if (at <= now_) throw_not_later(at);
        if (at > MAX_DT)
            throw ValueError("time " + std::to_string(at) + " µs is after the last time that can be shown");
        if (observed_) [[unlikely]]
            if (!runtime().end_tick(*this, true)) return;
        previous_ = now_;
        now_ = at;
    }

    /// Tells the observers who wait for the end of the tick. The time stays; what is written afterwards is told at the
    /// next end, to those not told in this tick. Nothing happens from within an observer.
    void end_tick() {
        if (observed_) runtime().end_tick(*this, false);
    }

    /// Blocks of which each ends the tick, one in the other: only the end of the outermost one does.
    void enter_block() noexcept { ++open_blocks_; }
    void leave_block() {
        if (open_blocks_ == 0 || --open_blocks_ == 0) end_tick();
    }

    [[noreturn]] void throw_not_later(engine_time_t at) const {
        throw ValueError("time must grow: " + std::to_string(at) + " µs is not after the current time, " +
                         std::to_string(now_) + " µs");
    }

  private:
    engine_time_t now_ = MIN_DT;
    engine_time_t previous_ = MIN_DT;
    friend class observer_registry;
    bool observed_ = false;                ///< observers wait, or are being told
    observer_registry* waiting_ = nullptr; ///< the first of the roots with observers to tell, in order of their changes
    observer_registry* last_waiting_ = nullptr;
    std::uint32_t notifying_ = 0; ///< observers being told
    std::uint32_t open_blocks_ = 0;
    bool* destroyed_ = nullptr; ///< to be set for whoever is telling observers when the clock is destroyed
};

namespace detail {

/// What keeps the clock of a root alive: a clock of its own unless one is given. Null for one that nobody shares.
inline std::shared_ptr<EvaluationClock> keep_clock(EvaluationClock* given) {
    return given ? given->weak_from_this().lock() : std::make_shared<EvaluationClock>();
}

} // namespace detail

} // namespace hgvalue
