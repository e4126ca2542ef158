// A thousand observers over four levels and a million changes: who is called, once a tick, in the order that is
// promised, and nobody who unsubscribed or whose node is gone.
#include "catch.hpp"
#include "observer_log.hpp"
#include "watchers.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <random>
#include <tuple>

using namespace hgvalue;
using namespace ts_test;

namespace {

using quote = bundle<ts<double>, ts<double>>;
using books = tsd<std::int64_t, tsd<std::int64_t, quote>>;

constexpr int book_count = 8, quote_count = 16, observer_count = 1000, changes_in_tick = 1000;
/// A program that is not optimised takes its time.
#if defined(__OPTIMIZE__)
constexpr int change_count = long_run;
#else
constexpr int change_count = long_run / 10;
#endif

struct Node;

struct Watch {
    Node* node = nullptr;
    int number = 0;
    When when = When::End;
    engine_time_t told = MIN_DT;
    Subscription subscription;
};

/// A node of the model: when it changed, and who is to hear of it.
struct Node {
    int depth = 0;
    Node* above = nullptr;
    std::vector<Watch*> watches;
    bool there = true;
    engine_time_t changed = MIN_DT;
    int order = 0; ///< of its first change in the tick `changed`
};

/// A call of an observer: its number, negative if it was told that its node is gone.
using Calls = std::vector<int>;

class Market {
  public:
    Market() {
        root_.tick(now_ = 1);
        for (int b = 0; b < book_count; ++b) {
            books_[index(b)] = {1, &top_, {}};
            for (int q = 0; q < quote_count; ++q) {
                Node& n = quotes_[index(b * quote_count + q)] = {2, &books_[index(b)], {}};
                for (int f = 0; f < 2; ++f) fields_[index((b * quote_count + q) * 2 + f)] = {3, &n, {}};
                root_[b][q];
            }
        }
        root_.end_tick();
    }

    /// Begins a tick with as many observers as there are to be.
    void begin() {
        root_.tick(++now_);
        order_ = 0;
        while (watches_.size() < observer_count) subscribe();
    }

    void change() {
        const int q = below(book_count * quote_count), what = below(100);
        Node& n = quotes_[index(q)];
        if (what == 0) {
            unsubscribe();
        } else if (!n.there) {
            root_.at(q / quote_count)[q % quote_count];
            n.there = true;
            for (int f = 0; f < 2; ++f) fields_[index(q * 2 + f)].there = true;
            climb(n.above);
        } else if (what == 1) {
            root_.at(q / quote_count).erase(q % quote_count);
            for (int f = 0; f < 2; ++f) remove(fields_[index(q * 2 + f)]);
            remove(n);
            climb(n.above);
        } else if (what < 5) {
            root_.at(q / quote_count).at(q % quote_count).mark_modified();
            climb(&n);
        } else {
            const int f = below(2);
            auto at = root_.at(q / quote_count).at(q % quote_count);
            f ? at.set<1>(1.0) : at.set<0>(1.0);
            climb(&fields_[index(q * 2 + f)]);
        }
        compare(When::Write);
    }

    void end() {
        root_.end_tick();
        compare(When::End);
        for (const auto& w : gone_) wrong += w->subscription.active();
        gone_.clear();
    }

    void unsubscribe_all() {
        watches_.clear();
        CHECK_FALSE(root_.has_observers_in_subtree());
    }

    long calls = 0;
    int wrong = 0;

  private:
    static std::size_t index(int i) { return static_cast<std::size_t>(i); }
    int below(int n) { return std::uniform_int_distribution<int>(0, n - 1)(random_); }

    void subscribe() {
        const int at = below(4), q = below(book_count * quote_count), f = below(2);
        Node& n = at == 0   ? top_
                  : at == 1 ? books_[index(q / quote_count)]
                  : at == 2 ? quotes_[index(q)]
                            : fields_[index(q * 2 + f)];
        if (!n.there) return;
        auto w = std::make_unique<Watch>();
        w->node = &n;
        w->number = ++subscribed_;
        w->when = below(2) ? When::Write : When::End;
        const auto call = [this, number = w->number, when = w->when](const NodeChange& c) {
            found_[when == When::End].push_back(c.kind == ChangeKind::Removed ? -number : number);
        };
        const auto book = root_.at(q / quote_count);
        if (at == 0) w->subscription = root_.subscribe(call, w->when);
        if (at == 1) w->subscription = book.subscribe(call, w->when);
        if (at == 2) w->subscription = book.at(q % quote_count).subscribe(call, w->when);
        if (at == 3 && f == 0) w->subscription = book.at(q % quote_count).get<0>().subscribe(call, w->when);
        if (at == 3 && f == 1) w->subscription = book.at(q % quote_count).get<1>().subscribe(call, w->when);
        n.watches.push_back(w.get());
        watches_.push_back(std::move(w));
    }

    void unsubscribe() {
        if (watches_.empty()) return;
        std::unique_ptr<Watch>& w = watches_[index(below(static_cast<int>(watches_.size())))];
        std::erase(w->node->watches, w.get());
        std::erase_if(expected_, [&](const Expected& e) { return e.number == w->number || e.number == -w->number; });
        w = std::move(watches_.back());
        watches_.pop_back();
    }

    void touch(Node& n) {
        if (n.changed == now_) return;
        n.changed = now_;
        n.order = ++order_;
    }

    void climb(Node* n) {
        for (; n; n = n->above) {
            touch(*n);
            for (Watch* w : n->watches)
                if (std::exchange(w->told, now_) != now_)
                    expected_.push_back({-n->depth, n->order, w->number, w->when});
        }
    }

    /// Its observers hear that it is gone, and of nothing else that they would hear at the same moment.
    void remove(Node& n) {
        touch(n);
        for (Watch* w : n.watches) {
            std::erase_if(expected_, [&](const Expected& e) { return e.number == w->number; });
            expected_.push_back({-n.depth, n.order, -w->number, w->when});
            const auto at = std::find_if(watches_.begin(), watches_.end(), [&](const auto& o) { return o.get() == w; });
            gone_.push_back(std::move(*at)); // who ends a subscription is not told any more
            *at = std::move(watches_.back());
            watches_.pop_back();
        }
        n.watches.clear();
        n.there = false;
        n.changed = MIN_DT; // what is created at its place is another
    }

    struct Expected {
        int depth, order, number;
        When when;
    };

    void compare(When when) {
        Calls& found = found_[when == When::End];
        std::vector<Expected> due;
        for (const Expected& e : expected_)
            if (e.when == when) due.push_back(e);
        std::erase_if(expected_, [&](const Expected& e) { return e.when == when; });
        std::sort(due.begin(), due.end(), [](const Expected& a, const Expected& b) {
            return std::tuple(a.depth, a.order, std::abs(a.number)) < std::tuple(b.depth, b.order, std::abs(b.number));
        });
        calls += static_cast<long>(found.size());
        if (!std::equal(found.begin(), found.end(), due.begin(), due.end(),
                        [](int number, const Expected& e) { return number == e.number; }))
            ++wrong;
        found.clear();
    }

    std::mt19937 random_{7};
    engine_time_t now_ = MIN_DT;
    int order_ = 0, subscribed_ = 0;
    Node top_;
    std::array<Node, book_count> books_;
    std::array<Node, book_count * quote_count> quotes_;
    std::array<Node, book_count * quote_count * 2> fields_;
    time_series<books> root_;
    std::vector<std::unique_ptr<Watch>> watches_, gone_;
    std::vector<Expected> expected_;
    std::array<Calls, 2> found_;
};

} // namespace

TEST_CASE("a thousand observers and a million changes", "[T-06][T-03]") {
    auto market = std::make_unique<Market>();
    for (int tick = 0; tick < change_count / changes_in_tick; ++tick) {
        market->begin();
        for (int i = 0; i < changes_in_tick; ++i) market->change();
        market->end();
    }
    CHECK(market->wrong == 0);
    CHECK(market->calls > change_count / 2);
    market->unsubscribe_all();
}
