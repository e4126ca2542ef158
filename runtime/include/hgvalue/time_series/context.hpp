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

    /// The time before the last advance.
    engine_time_t previous() const noexcept { return previous_; }

    /// Moves to `at`. ValueError, naming both times, unless `at` is later than now.
    void advance(engine_time_t at) {
        if (at <= now_) throw_not_later(at);
        if (at > MAX_DT)
            throw ValueError("time " + std::to_string(at) + " µs is after the last time that can be shown");
        previous_ = now_;
        now_ = at;
    }

    [[noreturn]] void throw_not_later(engine_time_t at) const {
        throw ValueError("time must grow: " + std::to_string(at) + " µs is not after the current time, " +
                         std::to_string(now_) + " µs");
    }

  private:
    engine_time_t now_ = MIN_DT;
    engine_time_t previous_ = MIN_DT;
};

} // namespace hgvalue
