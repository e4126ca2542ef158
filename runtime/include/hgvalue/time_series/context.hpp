// Clocks, and what all nodes of one root share.
#pragma once

#include <hgvalue/core/error.hpp>
#include <hgvalue/core/time.hpp>

#include <cstdint>
#include <string>

namespace hgvalue {

/// The evaluation time. Several roots may share a clock; time only grows on it.
class EvaluationClock {
  public:
    /// The current time; MIN_DT before the first tick.
    engine_time_t now() const noexcept { return now_; }

    /// Moves to `at`. ValueError, naming both times, unless `at` is later than now.
    void advance(engine_time_t at) {
        if (at <= now_) throw_not_later(at);
        if (at > MAX_DT) throw ValueError("time " + std::to_string(at) + " µs is after the last time that can be shown");
        now_ = at;
    }

    [[noreturn]] void throw_not_later(engine_time_t at) const {
        throw ValueError("time must grow: " + std::to_string(at) + " µs is not after the current time, " +
                         std::to_string(now_) + " µs");
    }

  private:
    engine_time_t now_ = MIN_DT;
};

/// What the nodes of one root share.
struct root_context {
    EvaluationClock* clock; ///< never null; outlives the root
    bool shared_clock;      ///< other roots may be on it: its current time may be joined
    /// Changes whenever a stored element may have moved or gone: whoever holds an address looks it up again then.
    std::uint64_t structure_version = 1;

    engine_time_t now() const noexcept { return clock->now(); }

    /// The time to stamp with. StateError before the first tick.
    engine_time_t writing_time() const {
        const engine_time_t t = clock->now();
        if (t == MIN_DT) throw StateError("a time series can only be changed after its first tick: call tick(at) or advance(at) first");
        return t;
    }

    /// Starts tick `at`, or joins it on a shared clock. ValueError when time would not grow.
    void advance(engine_time_t at) {
        if (shared_clock && at == clock->now() && at != MIN_DT) return;
        clock->advance(at);
    }
};

} // namespace hgvalue
