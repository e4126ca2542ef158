// A thousand observers across the levels of a tree that changes at random: each is called exactly once in every tick in
// which its node changed, and never once it ended.
#include "catch.hpp"
#include "observer_log.hpp"

#include <map>
#include <memory>
#include <random>
#include <set>

using namespace hgvalue;
using namespace ts_test;

namespace {

using quote = bundle<ts<double>, ts<double>>;
using books = tsd<std::int64_t, tsd<std::int64_t, quote>>;

/// A node by the path to it: no keys, the outer one, both, or both and a field.
using Place = std::vector<std::int64_t>;

/// Which nodes a tick changed and which it removed, worked out from the calls that were made.
struct Model {
    std::set<Place> there{{}};
    std::set<Place> changed, removed;

    void write(Place p) {
        for (;; p.pop_back()) {
            changed.insert(p);
            if (p.empty()) return;
        }
    }
    void create(const Place& p) {
        if (there.insert(p).second) {
            if (p.size() == 2)
                for (std::int64_t f = 0; f < 2; ++f) there.insert({p[0], p[1], f});
            write(Place(p.begin(), p.end() - 1));
        }
    }
    bool remove(const Place& p) {
        if (!there.count(p)) return false;
        const auto below = [&](const Place& q) {
            return q.size() >= p.size() && std::equal(p.begin(), p.end(), q.begin());
        };
        std::erase_if(there, [&](const Place& q) {
            if (below(q)) removed.insert(q);
            return below(q);
        });
        std::erase_if(changed, below);
        write(Place(p.begin(), p.end() - 1));
        return true;
    }
};

struct Watch {
    Place place;
    When when;
    int calls = 0, removals = 0;
    bool ended = false;
    Subscription subscription;
};

} // namespace

TEST_CASE("a thousand observers and random changes", "[T-06]") {
    for (unsigned seed = 0; seed < 5; ++seed) {
        std::mt19937 random(seed);
        const auto below = [&](std::int64_t n) {
            return std::uniform_int_distribution<std::int64_t>(0, n - 1)(random);
        };
        time_series<books> root;
        Model model;
        std::vector<std::unique_ptr<Watch>> watches;

        const auto subscribe = [&] {
            auto w = std::make_unique<Watch>();
            auto at = model.there.begin();
            std::advance(at, below(static_cast<std::int64_t>(model.there.size())));
            w->place = *at;
            w->when = below(2) ? When::Write : When::End;
            const auto call = [w = w.get()](const NodeChange& c) {
                ++(c.kind == ChangeKind::Removed ? w->removals : w->calls);
            };
            const Place& p = w->place;
            if (p.empty()) w->subscription = root.subscribe(call, w->when);
            if (p.size() == 1) w->subscription = root.at(p[0]).subscribe(call, w->when);
            if (p.size() == 2) w->subscription = root.at(p[0]).at(p[1]).subscribe(call, w->when);
            if (p.size() == 3 && p[2] == 0) w->subscription = root.at(p[0]).at(p[1]).get<0>().subscribe(call, w->when);
            if (p.size() == 3 && p[2] == 1) w->subscription = root.at(p[0]).at(p[1]).get<1>().subscribe(call, w->when);
            watches.push_back(std::move(w));
        };

        for (engine_time_t t = 1; t <= 150; ++t) {
            root.tick(t);
            // At the start of a tick, so that what they should hear of is all that the tick does.
            while (watches.size() < 1000 && t > 3) subscribe();
            for (int i = 0; i < 30 && t > 3; ++i) {
                Watch& w = *watches[static_cast<std::size_t>(below(1000))];
                w.subscription.unsubscribe();
                w.ended = true;
            }
            for (std::int64_t n = below(40); n-- > 0;) {
                const std::int64_t a = below(8), b = below(12), what = below(20);
                if (what == 0) {
                    CHECK(root.erase(a) == model.remove({a}));
                } else if (what < 4 && model.there.count({a})) {
                    CHECK(root.at(a).erase(b) == model.remove({a, b}));
                } else if (what == 4 && model.there.count({a, b})) {
                    root.at(a).at(b).mark_modified();
                    model.write({a, b});
                } else {
                    model.create({a});
                    model.create({a, b});
                    const std::int64_t f = below(2);
                    model.write({a, b, f});
                    auto q = root[a][b];
                    if (f)
                        q.set<1>(1.0);
                    else
                        q.set<0>(1.0);
                }
            }
            root.end_tick();
            int wrong = 0;
            for (auto& w : watches) {
                const bool removed = !w->ended && model.removed.count(w->place);
                const bool changed = !w->ended && !removed && model.changed.count(w->place);
                // One that is told at once may have heard of a change before its node was removed.
                const int most = removed && w->when == When::Write ? 1 : changed;
                if (w->calls < changed || w->calls > most || w->removals != removed) ++wrong;
                if (removed) w->ended = true;
                if (w->subscription.active() == w->ended) ++wrong;
                w->calls = w->removals = 0;
            }
            CHECK(wrong == 0);
            std::erase_if(watches, [](const auto& w) { return w->ended; });
            model.changed.clear();
            model.removed.clear();
        }
        watches.clear();
        CHECK_FALSE(root.has_observers_in_subtree());
    }
}
