// Deltas of a dict of 100,000 entries of which 1 % changed, against the same written by hand, in nanoseconds an entry
// of the dict (diff) or of the change (all else).
#include "by_hand.hpp"
#include "contest.hpp"

#include <hgvalue/delta/algebra.hpp>
#include <hgvalue/delta/diff.hpp>
#include <hgvalue/value.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <numeric>
#include <utility>
#include <vector>

using namespace hgvalue;
using namespace bench;

namespace {

using prices = map<std::int64_t, double>;

constexpr std::int64_t entries = 100'000;
constexpr std::int64_t step = 100; ///< every so-manieth entry changes
constexpr std::int64_t changes = entries / step;
constexpr int repeats = 20;

/// The keys 0 to entries-1, in no order.
std::int64_t scattered(std::int64_t i) { return i * 618'033'989 % entries; }

/// The dict by hand: columns, and an index from key to row.
struct Prices {
    tsl::robin_map<std::int64_t, std::uint32_t, by_hand::Mix> index;
    std::vector<std::int64_t> keys;
    std::vector<double> values;

    void add(std::int64_t k, double v) {
        index.emplace(k, static_cast<std::uint32_t>(keys.size()));
        keys.push_back(k);
        values.push_back(v);
    }
};

/// Its change by hand, for keys that stay, by ascending key.
struct Changes {
    std::vector<std::int64_t> keys;
    std::vector<double> values;
};
Changes difference(const Prices& a, const Prices& b) {
    Changes found;
    for (std::size_t row = 0; row < b.keys.size(); ++row) {
        const std::int64_t key = b.keys[row];
        const std::size_t before = row < a.keys.size() && a.keys[row] == key ? row : a.index.at(key);
        if (bits(a.values[before]) == bits(b.values[row])) continue;
        found.keys.push_back(key);
        found.values.push_back(b.values[row]);
    }
    std::vector<std::uint32_t> order(found.keys.size());
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(), [&](auto x, auto y) { return found.keys[x] < found.keys[y]; });
    Changes sorted;
    for (const std::uint32_t i : order) {
        sorted.keys.push_back(found.keys[i]);
        sorted.values.push_back(found.values[i]);
    }
    return sorted;
}
void apply_by_hand(const Changes& c, Prices& to) {
    for (std::size_t i = 0; i < c.keys.size(); ++i) to.values[to.index.at(c.keys[i])] = c.values[i];
}
Changes compose_by_hand(const Changes& a, const Changes& b) { // both by ascending key
    Changes both;
    for (std::size_t i = 0, j = 0; i < a.keys.size() || j < b.keys.size();) {
        const bool first = j == b.keys.size() || (i < a.keys.size() && a.keys[i] < b.keys[j]);
        both.keys.push_back(first ? a.keys[i] : b.keys[j]);
        both.values.push_back(first ? a.values[i] : b.values[j]);
        if (!first && i < a.keys.size() && a.keys[i] == b.keys[j]) ++i;
        ++(first ? i : j);
    }
    return both;
}

template <class F> Run repeated(const F& f) {
    return timed([&] {
        std::uint64_t sum = 0;
        for (int i = 0; i < repeats; ++i) {
            sum += f();
            fence();
        }
        return sum;
    });
}

} // namespace

int main() {
    std::puts("| dict of 100,000, 1 % changed | ours | by hand | ratio | reach |\n|---|---|---|---|---|");
    prices before, after, last;
    Prices hand_before, hand_after, hand_last;
    for (std::int64_t i = 0; i < entries; ++i) {
        const std::int64_t key = scattered(i);
        const double v = static_cast<double>(i), w = i % step == 0 ? -v - 1 : v, x = i % step == 0 ? -v - 2 : v;
        before[key] = v, after[key] = w, last[key] = x;
        hand_before.add(key, v), hand_after.add(key, w), hand_last.add(key, x);
    }
    Value a{std::move(before)};
    const Value b{std::move(after)}, c{std::move(last)};
    const DeltaValue ab = diff(a.const_view(), b.view()), bc = diff(b.view(), c.view());
    const Changes hand_ab = difference(hand_before, hand_after), hand_bc = difference(hand_after, hand_last);

    contest(
        "diff", double{entries} * repeats, "≤ 3",
        [&] { return repeated([&] { return diff(a.const_view(), b.view()).change_count(); }); },
        [&] { return repeated([&] { return difference(hand_before, hand_after).keys.size(); }); });
    contest(
        "apply", double{changes} * repeats, "≤ 3",
        [&] {
            return repeated([&] {
                ab.apply_to(a);
                return bits(std::as_const(a).as<prices>().at(std::int64_t{0}));
            });
        },
        [&] {
            return repeated([&] {
                apply_by_hand(hand_ab, hand_before);
                return bits(hand_before.values[hand_before.index.at(0)]);
            });
        });
    contest(
        "compose", double{changes} * repeats, "≤ 20",
        [&] { return repeated([&] { return compose(ab, bc).change_count(); }); },
        [&] { return repeated([&] { return compose_by_hand(hand_ab, hand_bc).keys.size(); }); });
}
