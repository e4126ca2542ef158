// Sets and maps of the value layer against columns and an index written by hand, in nanoseconds an operation.
#include "by_hand.hpp"
#include "contest.hpp"

#include <hgvalue/core/type_of.hpp>

#include <cstdint>
#include <cstdio>
#include <optional>
#include <vector>
#if defined(__GLIBC__)
#include <malloc.h>
#endif

using namespace hgvalue;
using namespace bench;

namespace {

using numbers = map<std::int64_t, double>;
using ordered_numbers = ordered_map<std::int64_t, double>;

constexpr std::int64_t many = 1'000'000;

/// The keys 0 to many-1, in no order.
std::int64_t scattered(std::int64_t i) { return i * 618'033'989 % many; }

struct Columns {
    tsl::robin_map<std::int64_t, std::uint32_t, by_hand::Mix> index;
    std::vector<std::int64_t> keys;
    std::vector<double> values;

    void set(std::int64_t k, double v) {
        const auto [at, added] = index.try_emplace(k, static_cast<std::uint32_t>(keys.size()));
        if (!added) return void(values[at->second] = v);
        keys.push_back(k);
        values.push_back(v);
    }
    double at(std::int64_t k) const { return values[index.at(k)]; }
    void erase(std::int64_t k) {
        const auto it = index.find(k);
        const std::uint32_t row = it->second;
        index.erase(it);
        if (row + 1 != keys.size()) {
            keys[row] = keys.back();
            values[row] = values.back();
            index.find(keys[row]).value() = row;
        }
        keys.pop_back();
        values.pop_back();
    }
    void compact() {
        keys.shrink_to_fit();
        values.shrink_to_fit();
        index.rehash(0);
    }
    std::size_t size() const { return keys.size(); }
};

void put(numbers& m, std::int64_t k, double v) { m[k] = v; }
void put(ordered_numbers& m, std::int64_t k, double v) { m[k] = v; }
void put(Columns& m, std::int64_t k, double v) { m.set(k, v); }

template <class M> M filled() {
    M m;
    for (std::int64_t i = 0; i < many; ++i) put(m, scattered(i), static_cast<double>(i));
    return m;
}

template <class M> Run insert_all() {
    std::optional<M> m; // its end is not timed
    return timed([&] {
        m.emplace(filled<M>());
        return static_cast<std::uint64_t>(m->size());
    });
}

template <class M> Run find_all(const M& m) {
    return timed([&] {
        std::uint64_t sum = 0;
        for (std::int64_t i = 0; i < many; ++i) sum += bits(m.at(scattered(i * 7 % many)));
        return sum;
    });
}

/// Takes out a key that is there and puts in one that is not, over and over; `first` goes on from run to run.
template <class M> Run churn(M& m, std::int64_t& first) {
    return timed([&] {
        for (std::int64_t i = 0; i < many; ++i, ++first) {
            const std::int64_t round = first / many * many;
            const std::int64_t k = scattered(first % many) + round;
            m.erase(k);
            put(m, k + many, 1);
        }
        return static_cast<std::uint64_t>(m.size());
    });
}

/// Compacts what is left when every other key went.
template <class M> Run compact_half() {
    M m = filled<M>();
    for (std::int64_t i = 0; i < many; i += 2) m.erase(scattered(i));
    return timed([&] {
        m.compact();
        return static_cast<std::uint64_t>(m.size());
    });
}

void times() {
    contest("map[int, float] of 1 M: insert", many, "–", insert_all<numbers>, insert_all<Columns>);
    contest("same, insertion order kept", many, "–", insert_all<ordered_numbers>, insert_all<Columns>);

    numbers a = filled<numbers>();
    Columns b = filled<Columns>();
    contest("find a key that is there", many, "–", [&] { return find_all(a); }, [&] { return find_all(b); });

    std::int64_t at_a = 0, at_b = 0;
    const auto by_hand = [&] { return churn(b, at_b); };
    contest("erase + insert pair", many, "–", [&] { return churn(a, at_a); }, by_hand);

    std::uint64_t told = 0;
    const auto count = [](void* n, std::size_t) { ++*static_cast<std::uint64_t*>(n); };
    const ContainerHooks hooks{&told, count, nullptr, count};
    a.attach(hooks);
    contest("same, hooks attached", many, "–", [&] { return churn(a, at_a); }, by_hand);
    a.detach(hooks);
    a.handle_of(0);
    contest("same, handles kept", many, "–", [&] { return churn(a, at_a); }, by_hand);
    ordered_numbers c = filled<ordered_numbers>();
    std::int64_t at_c = 0;
    contest("same, insertion order kept", many, "–", [&] { return churn(c, at_c); }, by_hand);

    contest("compact, half erased, an entry left", many / 2.0, "–", compact_half<numbers>, compact_half<Columns>);
    contest("same, insertion order kept", many / 2.0, "–", compact_half<ordered_numbers>, compact_half<Columns>);
}

#if defined(__GLIBC__)
double memory_in_use() {
    const auto m = mallinfo2();
    return static_cast<double>(m.uordblks + m.hblkhd);
}
template <class M> double bytes_an_entry() {
    const double before = memory_in_use();
    const M m = filled<M>();
    return (memory_in_use() - before) / many - sizeof(std::int64_t) - sizeof(double);
}
void sizes() {
    const double by_hand = bytes_an_entry<Columns>();
    const auto row = [&](const char* name, double ours, const char* reach) {
        std::printf("| %s | %.1f | %.1f | %.1f | %s |\n", name, ours, by_hand, ours / by_hand, reach);
    };
    row("bytes an entry beyond its 16, map[int, float] of 1 M", bytes_an_entry<numbers>(), "≤ 40");
    row("same, insertion order kept", bytes_an_entry<ordered_numbers>(), "–");
}
#else
void sizes() {}
#endif

} // namespace

int main() {
    std::puts("| ns an operation | ours | by hand | ratio | reach |\n|---|---|---|---|---|");
    times();
    sizes();
}
