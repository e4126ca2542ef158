// Measuring two versions of the same work against each other.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>

namespace bench {

/// What one run did: a sum over everything it read or wrote, and how long it took.
struct Run {
    std::uint64_t checksum;
    double nanoseconds;
};

/// The compiler may assume nothing about memory across this: every write before it has to be made.
inline void fence() { asm volatile("" : : : "memory"); }
/// And nothing about what can be reached through `p`.
inline void escape(void* p) { asm volatile("" : : "r"(p) : "memory"); }

inline std::uint64_t bits(double v) { return std::bit_cast<std::uint64_t>(v); }

class Stopwatch {
  public:
    double nanoseconds() const {
        return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - start_).count();
    }

  private:
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// Times `f`, which returns a checksum.
template <class F> Run timed(F&& f) {
    const Stopwatch watch;
    const std::uint64_t sum = f();
    return {sum, watch.nanoseconds()};
}

/// Prints one row: both sides take turns, one round to warm up and seven that count. They must agree on every checksum.
inline void contest(const char* name, double operations, const char* reach, const std::function<Run()>& ours,
                    const std::function<Run()>& by_hand) {
    constexpr std::size_t samples = 7;
    std::array<double, samples> a{}, b{};
    for (std::size_t i = 0; i <= samples; ++i) {
        const Run x = ours(), y = by_hand();
        if (x.checksum != y.checksum) {
            std::fprintf(stderr, "%s: the two sides did not do the same work\n", name);
            std::exit(1);
        }
        if (i != 0) a[i - 1] = x.nanoseconds / operations, b[i - 1] = y.nanoseconds / operations;
    }
    std::sort(a.begin(), a.end());
    std::sort(b.begin(), b.end());
    const auto spread = [](const auto& s) { return (s[samples * 3 / 4] - s[samples / 4]) / 2; };
    std::printf("| %s | %.1f ± %.1f | %.1f ± %.1f | %.1f | %s |\n", name, a[samples / 2], spread(a), b[samples / 2],
                spread(b), a[samples / 2] / b[samples / 2], reach);
    std::fflush(stdout);
}

} // namespace bench
