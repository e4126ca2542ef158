// The time-series engine against the same work written by hand, in nanoseconds an operation.
#include "ts_bench.hpp"
#include "../../tests/cpp/ts_bundle.hpp"
#include "by_hand.hpp"
#include "contest.hpp"

using namespace hgvalue;
using namespace bench;

namespace {

using quote = ts_test::bundle<ts<double>, ts<double>, ts<std::int64_t>, ts<std::int64_t>>;

constexpr int many = 1'000'000; ///< operations a sample

void leaves() {
    time_series<ts<std::int64_t>> a;
    by_hand::Leaf<std::int64_t> b;
    std::int64_t now = 0, root_time = 0;
    escape(&b), escape(&now), escape(&root_time);
    const auto ours = [&] {
        return timed([&] {
            for (int i = 0; i < many; ++i) {
                a.tick(a.now() + 1);
                a.set(i);
                fence();
            }
            return static_cast<std::uint64_t>(a.value()) + a.modified();
        });
    };
    const auto hand = [&] {
        return timed([&] {
            for (int i = 0; i < many; ++i) {
                ++now;
                b.value = i;
                if (b.time != now) b.time = root_time = now;
                fence();
            }
            return static_cast<std::uint64_t>(b.value) + (b.time == now);
        });
    };
    contest("TS[int] set + stamp", many, "≤ 1.5", ours, hand);
    const auto read = [](auto&& value, auto&& modified) {
        return timed([&] {
            std::uint64_t sum = 0;
            for (int i = 0; i < many; ++i) {
                sum += static_cast<std::uint64_t>(value()) + modified();
                fence();
            }
            return sum;
        });
    };
    contest(
        "TS[int] read value and modified", many, "≤ 1",
        [&] { return read([&] { return a.value(); }, [&] { return a.modified(); }); },
        [&] { return read([&] { return b.value; }, [&] { return b.time == now; }); });
}

void bundles() {
    time_series<quote> a;
    by_hand::Quote b;
    std::int64_t now = 0;
    escape(&b), escape(&now);
    contest(
        "TSB of 4: set one field, parent stamped", many, "≤ 2",
        [&] {
            return timed([&] {
                for (int i = 0; i < many; ++i) {
                    a.tick(a.now() + 1);
                    a.set<1>(i);
                    fence();
                }
                return bits(a.get<1>().value()) + a.modified();
            });
        },
        [&] {
            return timed([&] {
                for (int i = 0; i < many; ++i) {
                    ++now;
                    b.set(b.ask, 1, static_cast<double>(i), now);
                    fence();
                }
                return bits(b.ask.value) + (b.time == now);
            });
        });
    const auto read = [](auto&& value) {
        return timed([&] {
            std::uint64_t sum = 0;
            for (int i = 0; i < many; ++i) {
                sum += bits(value());
                fence();
            }
            return sum;
        });
    };
    contest(
        "TSB of 4: read one field", many, "≤ 1", [&] { return read([&] { return a.get<1>().value(); }); },
        [&] { return read([&] { return b.ask.value; }); });
}

void lists() {
    time_series<hgvalue::tsl<ts<double>, 16>> a;
    struct {
        by_hand::Leaf<double> elements[16];
        std::int64_t time = 0;
        std::uint32_t mask = 0;
    } b;
    std::int64_t now = 0;
    escape(&b), escape(&now);
    contest(
        "TSL[TS[float], 16] set an element", many, "≤ 2",
        [&] {
            return timed([&] {
                for (int i = 0; i < many; ++i) {
                    a.tick(a.now() + 1);
                    a[static_cast<std::uint32_t>(i) % 16].set(i);
                    fence();
                }
                return bits(a[5].value());
            });
        },
        [&] {
            return timed([&] {
                for (int i = 0; i < many; ++i) {
                    const std::uint32_t at = static_cast<std::uint32_t>(i) % 16;
                    ++now;
                    b.elements[at] = {static_cast<double>(i), now};
                    if (b.time != now) b.time = now, b.mask = 0;
                    b.mask |= 1U << at;
                    fence();
                }
                return bits(b.elements[5].value);
            });
        });
}

void windows() {
    time_series<tsw<double, false, 100, 0>> a;
    by_hand::Window<double, 100> b;
    std::int64_t now = 0;
    escape(&b), escape(&now);
    contest(
        "TSW[float, 100] push, full", many, "≤ 3",
        [&] {
            return timed([&] {
                for (int i = 0; i < many; ++i) {
                    a.tick(a.now() + 1);
                    a.push(i);
                    fence();
                }
                return bits(a[0]) + bits(a[99]);
            });
        },
        [&] {
            return timed([&] {
                for (int i = 0; i < many; ++i) {
                    b.push(i, ++now);
                    fence();
                }
                return bits(b.values[b.head]) + bits(b.values[(b.head + 99) % 100]);
            });
        });
}

} // namespace

int main() {
    std::puts("| ns an operation | ours | by hand | ratio | reach |\n|---|---|---|---|---|");
    leaves();
    bundles();
    lists();
    windows();
    bench_keyed();
}
