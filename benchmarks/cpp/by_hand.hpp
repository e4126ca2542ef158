// What an engineer would write for one schema alone: the data, a time beside each value, and a list of what changed.
#pragma once

#include <tsl/robin_map.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace by_hand {

template <class T> struct Leaf {
    T value{};
    std::int64_t time = 0;
};

/// A bundle of four, with the mask of the fields that changed.
struct Quote {
    Leaf<double> bid, ask;
    Leaf<std::int64_t> bid_size, ask_size;
    std::int64_t time = 0;
    std::uint32_t mask = 0;

    template <class T> void set(Leaf<T>& leaf, std::uint32_t i, T v, std::int64_t now) {
        leaf.value = v;
        leaf.time = now;
        if (time != now) time = now, mask = 0;
        mask |= 1U << i;
    }
};

struct Mix {
    std::size_t operator()(std::int64_t k) const noexcept {
        auto x = static_cast<std::uint64_t>(k) * 0x9e3779b97f4a7c15ULL;
        return static_cast<std::size_t>(x ^ x >> 32);
    }
    std::size_t operator()(const std::string& s) const noexcept { return std::hash<std::string>{}(s); }
};

/// Keys to rows, swap with last on erase, lists of what changed, came and went.
template <class K, class V> struct Dict {
    struct Row {
        K key;
        V value;
    };
    tsl::robin_map<K, std::uint32_t, Mix> index;
    std::vector<Row> rows;
    std::vector<std::uint32_t> changed;
    std::vector<K> added;
    std::vector<Row> removed;
    std::int64_t time = 0;

    void touch(std::int64_t now) {
        if (time == now) return;
        time = now;
        changed.clear();
        added.clear();
        removed.clear();
    }
    V& insert(const K& key, std::int64_t now) {
        touch(now);
        index.emplace(key, static_cast<std::uint32_t>(rows.size()));
        rows.push_back({key, V{}});
        added.push_back(key);
        return rows.back().value;
    }
    bool erase(const K& key, std::int64_t now) {
        const auto it = index.find(key);
        if (it == index.end()) return false;
        touch(now);
        const std::uint32_t row = it->second;
        index.erase(it);
        removed.push_back(std::move(rows[row]));
        if (row + 1 != rows.size()) {
            rows[row] = std::move(rows.back());
            index.find(rows[row].key).value() = row;
        }
        rows.pop_back();
        return true;
    }
    std::uint32_t find(const K& key) const { return index.find(key)->second; }
    void note(std::uint32_t row, std::int64_t now) {
        touch(now);
        changed.push_back(row);
    }
};

/// A ring of the last N values.
template <class T, std::uint32_t N> struct Window {
    T values[N] = {};
    std::int64_t times[N] = {};
    std::uint32_t head = 0, size = 0;
    T evicted{};
    std::int64_t time = 0;

    void push(T v, std::int64_t now) {
        const std::uint32_t at = head;
        if (size == N) evicted = values[at];
        values[at] = v;
        times[at] = now;
        head = at + 1 == N ? 0 : at + 1;
        size += size != N;
        time = now;
    }
};

} // namespace by_hand
