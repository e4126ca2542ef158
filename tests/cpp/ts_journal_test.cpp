// What a TSS and a TSD say they added and removed is net over the tick: every short sequence of operations, against
// sets of the tick's start and of now.
#include "catch.hpp"
#include "ts_bundle.hpp"
#include "ts_compare.hpp"

#include <array>
#include <map>
#include <set>
#include <string>
#include <vector>

using namespace hgvalue;

namespace {

using numbers = std::set<std::int64_t>;

template <class H> numbers added(const H& h) {
    numbers out;
    h.for_each_added([&](std::int64_t k) { REQUIRE(out.insert(k).second); });
    return out;
}
template <class H> numbers removed(const H& h) {
    numbers out;
    h.for_each_removed([&](std::int64_t k) { REQUIRE(out.insert(k).second); });
    return out;
}
numbers without(const numbers& a, const numbers& b) {
    numbers out;
    for (const std::int64_t k : a)
        if (!b.contains(k)) out.insert(k);
    return out;
}

/// Runs `f` on every sequence of up to `length` operations out of `count`, each from a fresh start.
template <class F> void every_sequence(int count, int length, F&& f) {
    std::vector<int> ops;
    for (int n = 1; n <= length; ++n) {
        ops.assign(static_cast<std::size_t>(n), 0);
        for (bool more = true; more;) {
            f(ops);
            more = false;
            for (int& op : ops)
                if (++op < count) {
                    more = true;
                    break;
                } else {
                    op = 0;
                }
        }
    }
}

/// A TSS of two elements, of which `initial` are there from an earlier tick.
class SetTrial {
  public:
    explicit SetTrial(int initial) {
        set_.tick(1);
        for (std::int64_t k = 0; k < 2; ++k)
            if (initial >> k & 1) set_.add(k), now_.insert(k);
        valid_ = initial != 0;
        next_tick();
    }
    void run(int op) {
        switch (op) {
        case 0:
        case 1:
            ticked_ |= now_.insert(op).second;
            set_.add(op);
            break;
        case 2:
        case 3:
            ticked_ |= now_.erase(op - 2) != 0;
            set_.remove(op - 2);
            break;
        case 4:
            now_.clear();
            ticked_ = true;
            set_.clear();
            break;
        case 5:
            if (valid_ || ticked_) now_.clear();
            valid_ = ticked_ = false;
            set_.invalidate();
            break;
        case 6: next_tick(); break;
        }
        valid_ |= ticked_;
    }
    void check() const {
        REQUIRE(numbers(set_.keys().begin(), set_.keys().end()) == now_);
        REQUIRE(added(set_) == without(now_, start_));
        REQUIRE(removed(set_) == without(start_, now_));
        REQUIRE(set_.valid() == valid_);
        REQUIRE(set_.modified() == ticked_);
        REQUIRE(ts_test::defects(set_.ref()).empty());
    }

  private:
    void next_tick() {
        set_.tick(set_.now() + 1);
        start_ = now_;
        ticked_ = false;
    }
    time_series<tss<std::int64_t>> set_;
    numbers start_, now_;
    bool valid_ = false, ticked_ = false;
};

/// A TSD of two keys with TSS children, against the child's number of elements; -1: not valid.
class DictTrial {
  public:
    using child = ts_test::bundle<ts<std::int64_t>, tss<std::int64_t>>;
    static constexpr int operations = 10;

    explicit DictTrial(int initial) {
        dict_.tick(1);
        for (std::int64_t k = 0; k < 2; ++k)
            if (initial >> k & 1) write(k);
        if (initial & 4) dict_[1], now_.try_emplace(1, -1); // there, and maybe never valid
        next_tick();
    }
    void run(int op) {
        const std::int64_t key = op & 1;
        switch (op / 2) {
        case 0: write(key); break;
        case 1:
            if (now_.erase(key)) {
                key_set_ = true;
                if (!had_erased_.contains(key) && start_.contains(key)) had_erased_[key] = contents_.at(key);
            }
            dict_.erase(key);
            break;
        case 2:
            if (now_.try_emplace(key, -1).second) key_set_ = true;
            dict_[key];
            break;
        case 3:
            if (key) {
                key_set_ |= !now_.empty() || dict_.ref().keyed().key_set_modified == MIN_DT;
                for (const auto& [k, v] : now_)
                    if (!had_erased_.contains(k) && start_.contains(k)) had_erased_[k] = contents_.at(k);
                now_.clear();
                dict_.clear();
            } else {
                if (dict_.valid())
                    for (auto& [k, v] : now_) v = -1, remember(k);
                dict_.invalidate();
            }
            break;
        case 4:
            if (key) {
                next_tick();
            } else if (now_.contains(0)) {
                now_[0] = -1;
                dict_.at(0).invalidate();
                remember(0);
            }
            break;
        }
    }
    void check() const {
        const node_ref n = dict_.ref();
        numbers keys, before;
        for (const auto& [k, v] : now_) keys.insert(k);
        for (const auto& [k, v] : start_) before.insert(k);
        REQUIRE(numbers(dict_.keys().begin(), dict_.keys().end()) == keys);
        REQUIRE(added(dict_) == without(keys, before));
        REQUIRE(removed(dict_) == without(before, keys));
        REQUIRE((n.keyed().key_set_modified == dict_.now()) == key_set_);
        for (const auto& [k, v] : now_) {
            REQUIRE(dict_.at(k).valid() == (v >= 0));
            if (v >= 0) REQUIRE(dict_.at(k).template get<0>().value() == v);
        }
        for (const std::int64_t k : removed(dict_)) { // as it was when it was removed first
            const std::uint32_t row = engine::find_removed(n, &k, hash_of(k));
            REQUIRE(row != no_row);
            const node_ref c = removed_ref(n, row);
            const content& was = had_erased_.at(k);
            REQUIRE(c.valid() == (was.value >= 0));
            if (was.value >= 0) REQUIRE(*static_cast<std::int64_t*>(field_ref(c, 0).value) == was.value);
            REQUIRE(field_ref(c, 1).rows().size() == static_cast<std::uint32_t>(was.elements));
            REQUIRE(((n.keyed().removed->flags[row] & RowFlag::EverValid) != 0) == was.ever_valid);
        }
        REQUIRE(ts_test::defects(n).empty());
    }

  private:
    struct content {
        std::int64_t value = -1;
        int elements = 0;
        bool ever_valid = false;
    };
    void write(std::int64_t key) {
        key_set_ |= !now_.contains(key);
        now_[key] = ++written_;
        dict_[key].template set<0>(written_);
        dict_[key].template get<1>().add(written_);
        remember(key);
    }
    /// Keeps what the child of the tick's start has now, until it is removed.
    void remember(std::int64_t key) {
        if (!start_.contains(key) || had_erased_.contains(key)) return;
        content& c = contents_[key];
        c.value = now_.at(key);
        c.elements = c.value < 0 ? 0 : c.elements + 1;
        c.ever_valid |= c.value >= 0;
    }
    void next_tick() {
        dict_.tick(dict_.now() + 1);
        for (const auto& [k, v] : now_) {
            const bool same = start_.contains(k) && !had_erased_.contains(k);
            content c{v, static_cast<int>(dict_.at(k).template get<1>().size()), v >= 0};
            c.ever_valid |= (same && contents_.at(k).ever_valid) ||
                            (dict_.ref().keyed().flags[dict_.data().find_index(k)] & RowFlag::EverValid) != 0;
            contents_[k] = c;
        }
        start_ = now_;
        had_erased_.clear();
        key_set_ = false;
    }

    time_series<tsd<std::int64_t, child>> dict_;
    std::map<std::int64_t, std::int64_t> start_, now_; ///< key to value, -1 when not valid
    std::map<std::int64_t, content> contents_;         ///< of the children of the tick's start
    std::map<std::int64_t, content> had_erased_;       ///< those of them that were removed
    std::int64_t written_ = 0;
    bool key_set_ = false;
};

} // namespace

TEST_CASE("TSS: added and removed are net over the tick, whatever the sequence", "[T-01][D-01]") {
    for (int initial = 0; initial < 4; ++initial)
        every_sequence(7, 5, [&](const std::vector<int>& ops) {
            SetTrial trial(initial);
            for (const int op : ops) trial.run(op);
            trial.check();
        });
}

TEST_CASE("TSD: keys are net over the tick, and removed children are those of its start", "[T-01][T-05][D-01]") {
    for (int initial = 0; initial < 8; ++initial)
        every_sequence(DictTrial::operations, initial % 4 == 3 ? 5 : 4, [&](const std::vector<int>& ops) {
            DictTrial trial(initial);
            for (const int op : ops) trial.run(op);
            trial.check();
        });
}

TEST_CASE("TSD: a key replaced in a tick is fresh, and its delta says so", "[T-01][D-01]") {
    time_series<tsd<std::int64_t, ts<double>>> d;
    const auto change = [&](std::int64_t k) {
        const auto delta = d.delta();
        for (std::size_t i = 0; i < delta.content.keys.size(); ++i)
            if (delta.content.keys[i] == k) return delta.content.change[i];
        return Change::None;
    };
    d.tick(1);
    d[1].set(1.0);
    d[2];
    d.tick(2);
    d.erase(1);
    d[1];
    CHECK(change(1) == Change::Replaced);
    CHECK_FALSE(d.at(1).valid());
    d[1].set(1.0);
    CHECK(change(1) == (Change::Replaced | Change::Ticked));
    d.erase(1);
    CHECK(change(1) == Change::Removed);
    d.erase(2); // never valid, and yet in the typed delta
    CHECK(change(2) == Change::Removed);
    d[3];
    CHECK(change(3) == Change::Created);
    d.erase(3);
    CHECK(change(3) == Change::None);
    CHECK(d.modified());
}

TEST_CASE("memory of the records does not grow with the number of ticks", "[T-04]") {
    time_series<tsd<std::int64_t, ts_test::bundle<ts<double>, tss<std::int64_t>>>> d;
    const keyed_state& s = d.ref().keyed();
    const auto sizes = [&] {
        const removed_rows& r = *s.removed;
        return std::array<std::size_t, 11>{s.flags.capacity(),     s.id_of_row.capacity(), s.places.capacity(),
                                           s.free_ids.capacity(),  s.changed.capacity(),   s.added.capacity(),
                                           s.freed_ids.capacity(), s.overlay_capacity,     r.store.capacity(),
                                           r.overlay_capacity,     r.flags.capacity()};
    };
    const auto run = [&](engine_time_t ticks) {
        for (const engine_time_t end = d.now() + ticks; d.now() < end;) {
            d.tick(d.now() + 1);
            for (std::int64_t k = 0; k < 5; ++k) {
                const std::int64_t key = (d.now() * 7 + k) % 40;
                d[key].set<0>(1.0);
                d[(key + 20) % 40].get<1>().add(d.now());
                d.erase((key + 13) % 40);
                d[(key + 13) % 40].get<0>().set(1.0);
                d.erase((key + 29) % 40);
            }
            if (d.now() % 10 == 0) d.clear();
        }
    };
    run(2000);
    const auto before = sizes();
    run(20000);
    CHECK(sizes() == before);
    CHECK(s.places.size() < 100);
}

TEST_CASE("a large removal leaves no large memory behind", "[T-04]") {
    time_series<tsd<std::int64_t, ts_test::bundle<ts<double>, ts<double>>>> d;
    d.tick(1);
    for (std::int64_t k = 0; k < 20000; ++k) d[k].set<0>(1.0);
    d.tick(2);
    d.clear();
    const removed_rows& r = *d.ref().keyed().removed;
    CHECK(r.store.size() == 20000);
    d.tick(3);
    d[1].set<0>(1.0);
    CHECK(r.store.capacity() <= 1024);
    CHECK(r.overlay_capacity <= 1024);
    CHECK(r.flags.capacity() <= 1024);
}
