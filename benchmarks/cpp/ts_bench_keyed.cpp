// Dicts and sets of 100,000 keys.
#include "../../tests/cpp/ts_bundle.hpp"
#include "by_hand.hpp"
#include "contest.hpp"
#include "ts_bench.hpp"

#include <random>
#include <string>
#include <vector>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

using namespace hgvalue;
using namespace bench;

namespace {

using quote = ts_test::bundle<ts<double>, ts<double>, ts<std::int64_t>, ts<std::int64_t>>;

constexpr std::int64_t key_count = 100'000;
constexpr int some = 200'000; ///< operations a sample

/// Keys in random order, the same for both sides.
const std::vector<std::int64_t> random_keys = [] {
    std::mt19937_64 random(42);
    std::vector<std::int64_t> keys(1 << 20);
    for (std::int64_t& k : keys) k = static_cast<std::int64_t>(random() % key_count);
    return keys;
}();
std::int64_t key_at(int i) { return random_keys[static_cast<std::size_t>(i) & (random_keys.size() - 1)]; }
std::string name_of(std::int64_t k) { return "SYM" + std::to_string(k); }

using book = tsd<std::int64_t, ts<double>>;
using hand_book = by_hand::Dict<std::int64_t, by_hand::Leaf<double>>;

void update_book(time_series<book>& a, hand_book& b, std::int64_t& now, int per_tick, const char* name) {
    contest(
        name, some, "≤ 20",
        [&, per_tick] {
            return timed([&] {
                double sum = 0;
                for (int i = 0; i < some; ++i) {
                    if (i % per_tick == 0) a.tick(a.now() + 1);
                    const auto leaf = a.at(key_at(i));
                    sum += leaf.value();
                    leaf.set(i);
                }
                return bits(sum);
            });
        },
        [&, per_tick] {
            return timed([&] {
                double sum = 0;
                for (int i = 0; i < some; ++i) {
                    if (i % per_tick == 0) ++now;
                    const std::uint32_t row = b.find(key_at(i));
                    auto& leaf = b.rows[row].value;
                    sum += leaf.value;
                    leaf.value = i;
                    if (leaf.time != now) leaf.time = now, b.note(row, now);
                }
                return bits(sum);
            });
        });
}

void replace_keys(time_series<book>& a, hand_book& b, std::int64_t& now, int per_tick, const char* name) {
    const auto run = [per_tick](auto&& tick, auto&& erase, auto&& insert) {
        return timed([&] {
            std::uint64_t sum = 0;
            for (int i = 0; i < some; ++i) {
                if (i % per_tick == 0) tick();
                const std::int64_t key = key_at(i);
                const std::int64_t other = key + key_count; // each is there half of the time
                if (erase(key)) {
                    insert(other, i);
                    ++sum;
                } else if (erase(other)) {
                    insert(key, i);
                    sum += 2;
                }
            }
            return sum;
        });
    };
    contest(
        name, some, "≤ 60",
        [&] {
            return run([&] { a.tick(a.now() + 1); }, [&](std::int64_t k) { return a.erase(k); },
                       [&](std::int64_t k, int v) { a[k].set(v); });
        },
        [&] {
            return run([&] { ++now; }, [&](std::int64_t k) { return b.erase(k, now); },
                       [&](std::int64_t k, int v) { b.insert(k, now) = {static_cast<double>(v), now}; });
        });
}

void deltas(time_series<book>& a, hand_book& b, std::int64_t& now) {
    struct hand_delta {
        std::vector<std::int64_t> keys;
        std::vector<double> values;
    };
    const auto take = [&] {
        hand_delta d;
        for (const std::uint32_t row : b.changed) {
            d.keys.push_back(b.rows[row].key);
            d.values.push_back(b.rows[row].value.value);
        }
        return d;
    };
    constexpr int ticks = 200, changes = 1000;
    const auto sum_of = [](const auto& keys, const auto& values) {
        std::uint64_t sum = keys.size();
        for (std::size_t i = 0; i < keys.size(); ++i) sum += static_cast<std::uint64_t>(keys[i]) + bits(values[i]);
        return sum;
    };
    const auto a_write = [&](int i) { a.at(key_at(i)).set(i); };
    const auto b_write = [&](int i) {
        const std::uint32_t row = b.find(key_at(i));
        auto& leaf = b.rows[row].value;
        leaf.value = i;
        if (leaf.time != now) leaf.time = now, b.note(row, now);
    };
    // Only the taking is timed.
    const auto run = [&](auto&& tick, auto&& write, auto&& delta) {
        Run r{0, 0};
        for (int t = 0; t < ticks; ++t) {
            tick();
            for (int i = 0; i < changes; ++i) write(t * changes + i);
            const Stopwatch watch;
            r.checksum += delta();
            r.nanoseconds += watch.nanoseconds();
        }
        return r;
    };
    const auto a_delta = [&] {
        const auto d = a.delta();
        return sum_of(d.content.keys, d.content.elements);
    };
    const auto b_delta = [&] {
        const hand_delta d = take();
        return sum_of(d.keys, d.values);
    };
    contest(
        "delta of 1,000 changed among 100 k, owned, per changed key", double{ticks} * changes, "≤ 40",
        [&] { return run([&] { a.tick(a.now() + 1); }, a_write, a_delta); },
        [&] { return run([&] { ++now; }, b_write, b_delta); });
    const auto whole = [&](auto&& tick, auto&& write, auto&& delta) {
        return timed([&] {
            std::uint64_t sum = 0;
            for (int i = 0; i < some; ++i) {
                tick();
                write(i);
                sum += delta();
            }
            return sum;
        });
    };
    contest(
        "delta of 1 changed among 100 k, whole tick", some, "≤ 300",
        [&] { return whole([&] { a.tick(a.now() + 1); }, a_write, a_delta); },
        [&] { return whole([&] { ++now; }, b_write, b_delta); });
}

/// What one change costs, its delta and the clean-up of the tick before included, must not grow with the dict. One key
/// all the time leaves the caches of the processor out of it; other keys each time show what they cost on top.
void growth(std::int64_t keys, const char* size) {
    time_series<book> a;
    hand_book b;
    std::int64_t now = 1;
    a.tick(1);
    for (std::int64_t k = 0; k < keys; ++k) {
        a[k].set(0);
        b.insert(k, now);
    }
    for (const bool same : {true, false}) {
        const auto run = [&](auto&& tick) {
            return timed([&] {
                std::uint64_t sum = 0;
                for (int i = 0; i < some; ++i) {
                    // A stride that shares no factor with the number of keys reaches each of them.
                    const std::int64_t key = same ? 7 : (std::int64_t{i} * 48'271) % keys;
                    sum += tick(key, i);
                }
                return sum;
            });
        };
        const std::string name =
            std::string("1 key of ") + size + (same ? ", always the same" : ", another each time") + ", whole tick";
        contest(
            name.c_str(), some, keys > 1'000'000 ? "≤ 400" : "≤ 300",
            [&] {
                return run([&](std::int64_t key, int i) {
                    a.tick(a.now() + 1);
                    a.at(key).set(i);
                    const auto d = a.delta();
                    return static_cast<std::uint64_t>(d.content.keys[0]) + bits(d.content.elements[0]);
                });
            },
            [&] {
                return run([&](std::int64_t key, int i) {
                    ++now;
                    const std::uint32_t row = b.find(key);
                    auto& leaf = b.rows[row].value;
                    leaf.value = i;
                    if (leaf.time != now) leaf.time = now, b.note(row, now);
                    const std::uint32_t changed = b.changed[0];
                    return static_cast<std::uint64_t>(b.rows[changed].key) + bits(b.rows[changed].value.value);
                });
            });
    }
}

void books() {
    time_series<book> a;
    hand_book b;
    std::int64_t now = 1;
    a.tick(1);
    for (std::int64_t k = 0; k < key_count; ++k) {
        a[k].set(0);
        b.insert(k, now);
    }
    update_book(a, b, now, 1, "TSD[int, TS[float]], 100 k keys, update, 1 a tick");
    update_book(a, b, now, 1000, "same, 1,000 a tick");
    deltas(a, b, now);
    replace_keys(a, b, now, 1, "same dict, erase + insert pair, 1 a tick");
    replace_keys(a, b, now, 100, "same, 100 a tick");
}

void boards() {
    time_series<tsd<std::string, quote>> a;
    by_hand::Dict<std::string, by_hand::Quote> b;
    std::int64_t now = 1;
    std::vector<std::string> names;
    a.tick(1);
    for (std::int64_t k = 0; k < key_count; ++k) {
        names.push_back(name_of(k));
        a[names.back()].set<0>(0);
        b.insert(names.back(), now);
    }
    const auto name_at = [&](int i) -> const std::string& { return names[static_cast<std::size_t>(key_at(i))]; };
    for (const int per_tick : {1, 1000})
        contest(
            per_tick == 1 ? "TSD[str, TSB of 4], 100 k keys, update one field, 1 a tick" : "same, 1,000 a tick", some,
            "≤ 80",
            [&] {
                return timed([&] {
                    double sum = 0;
                    for (int i = 0; i < some; ++i) {
                        if (i % per_tick == 0) a.tick(a.now() + 1);
                        const auto q = a.at(name_at(i));
                        sum += q.get<0>().value();
                        q.set<0>(i);
                    }
                    return bits(sum);
                });
            },
            [&] {
                return timed([&] {
                    double sum = 0;
                    for (int i = 0; i < some; ++i) {
                        if (i % per_tick == 0) ++now;
                        const std::uint32_t row = b.find(name_at(i));
                        auto& q = b.rows[row].value;
                        sum += q.bid.value;
                        if (q.time != now) b.note(row, now);
                        q.set(q.bid, 0, static_cast<double>(i), now);
                    }
                    return bits(sum);
                });
            });
}

void sets() {
    struct nothing {};
    time_series<tss<std::int64_t>> a;
    by_hand::Dict<std::int64_t, nothing> b;
    std::int64_t now = 1;
    a.tick(1);
    for (std::int64_t k = 0; k < key_count; ++k) a.add(k), b.insert(k, now);
    const auto run = [](int per_tick, auto&& tick, auto&& remove, auto&& add) {
        return timed([&] {
            std::uint64_t sum = 0;
            for (int i = 0; i < some; ++i) {
                if (i % per_tick == 0) tick();
                const std::int64_t key = key_at(i);
                const bool first = remove(key);
                if (!first) remove(key + key_count);
                add(first ? key + key_count : key);
                sum += first;
            }
            return sum;
        });
    };
    for (const int per_tick : {1, 100})
        contest(
            per_tick == 1 ? "TSS[int] 100 k, remove + add, 1 a tick" : "same, 100 a tick", some, "≤ 60",
            [&] {
                return run(
                    per_tick, [&] { a.tick(a.now() + 1); }, [&](std::int64_t k) { return a.remove(k); },
                    [&](std::int64_t k) { a.add(k); });
            },
            [&] {
                return run(
                    per_tick, [&] { ++now; }, [&](std::int64_t k) { return b.erase(k, now); },
                    [&](std::int64_t k) { b.insert(k, now); });
            });
}

#if defined(__GLIBC__)
double memory_in_use() {
    const auto m = mallinfo2();
    return static_cast<double>(m.uordblks + m.hblkhd);
}
template <class F> void bytes(const char* name, const char* reach, F&& fill) {
    const double before = memory_in_use();
    const auto keep = fill();
    std::printf("| %s | %.0f | – | – | %s |\n", name, (memory_in_use() - before) / key_count, reach);
}
void sizes() {
    bytes("bytes an entry, TSD[int, TS[float]] of 100 k", "≤ 72", [] {
        time_series<book> d;
        d.tick(1);
        for (std::int64_t k = 0; k < key_count; ++k) d[k].set(1);
        return d;
    });
    bytes("bytes an entry, TSD[str, TSB of 4] of 100 k", "≤ 160", [] {
        time_series<tsd<std::string, quote>> d;
        d.tick(1);
        for (std::int64_t k = 0; k < key_count; ++k) d[name_of(k)].set<0>(1);
        return d;
    });
}
#endif

} // namespace

void bench_keyed() {
    books();
    growth(1'000, "1,000");
    growth(1'000'000, "1,000,000");
    growth(10'000'000, "10,000,000");
    boards();
    sets();
#if defined(__GLIBC__)
    sizes();
#endif
}
