// CyclicBuffer, Queue and Window against std::deque.
#include "value_samples.hpp"

#include "../../runtime/src/value/value_functions.hpp"

#include <deque>
#include <limits>
#include <random>
#include <string>
#include <utility>

using namespace hgvalue;

namespace {

template <class R, class Model> void verify(const R& r, const Model& model) {
    REQUIRE(r.size() == model.size());
    for (std::uint32_t i = 0; i < r.size(); ++i)
        if (!equal(r[i], make<typename R::value_type>(model[i]))) FAIL("element " << i << " of " << r.size());
}

template <std::int64_t N, class T> void try_buffer() {
    cyclic_buffer<T, N> b;
    std::deque<int> model;
    std::mt19937 random(5);
    for (int step = 0; step < 3000; ++step) {
        b.push(make<element_t<T>>(step));
        model.push_back(step);
        if (model.size() > N) model.pop_front();
        if (random() % 100 == 0) b = cyclic_buffer<T, N>(b);
        if (random() % 500 == 0) {
            b.clear();
            model.clear();
        }
        if (b.capacity() > N) FAIL("more memory than elements");
        if (step % 50 == 0) verify(b, model);
    }
    verify(b, model);
}

template <class Q> void try_queue(std::size_t limit) {
    using T = typename Q::value_type;
    Q q;
    std::deque<int> model;
    std::mt19937 random(6);
    for (int step = 0; step < 10'000; ++step) {
        const bool filling = step / 1000 % 2 == 0;
        if (random() % 8 < (filling ? 5U : 3U)) {
            if (limit != 0 && model.size() == limit) {
                CHECK_THROWS_AS(q.push(make<T>(step)), ValueError);
            } else {
                q.push(make<T>(step));
                model.push_back(step);
            }
        } else if (model.empty()) {
            CHECK_THROWS_AS(q.pop(), IndexError);
        } else {
            if (!equal(q.pop(), make<T>(model.front()))) FAIL("pop at step " << step);
            model.pop_front();
        }
        if (random() % 200 == 0) q = Q(q);
        if (step % 50 == 0) verify(q, model);
    }
    verify(q, model);
}

template <class W> void try_window(bool by_time, std::int64_t size) {
    using T = typename W::value_type;
    W w;
    std::deque<std::pair<engine_time_t, int>> model;
    std::mt19937 random(7);
    engine_time_t now = 1;
    for (int step = 0; step < 5000; ++step) {
        now += random() % 4;
        w.push(now, make<T>(step));
        model.emplace_back(now, step);
        if (by_time)
            while (model.front().first < now - size) model.pop_front();
        else if (model.size() > static_cast<std::size_t>(size))
            model.pop_front();
        if (random() % 200 == 0) w = W(w);
        REQUIRE(w.size() == model.size());
        if (step % 50 != 0) continue;
        for (std::uint32_t i = 0; i < w.size(); ++i)
            if (w.time(i) != model[i].first || !equal(w[i], make<T>(model[i].second))) FAIL("element " << i);
    }
}

} // namespace

TEMPLATE_TEST_CASE("a cyclic buffer keeps the last elements", "[V-02]", std::int64_t, std::string, probe, bool, lane) {
    const probe_scope scope;
    try_buffer<1, TestType>();
    try_buffer<4, TestType>();
    try_buffer<7, TestType>();
    try_buffer<100, TestType>();
}

TEMPLATE_TEST_CASE("a queue is first in, first out", "[V-02]", std::int64_t, std::string, probe, bool, lane) {
    const probe_scope scope;
    try_queue<queue<TestType>>(0);
    try_queue<queue<TestType, 1>>(1);
    try_queue<queue<TestType, 50>>(50);
}

TEMPLATE_TEST_CASE("a window keeps the last elements with their times", "[V-02][V-33]", double, std::string, probe) {
    const probe_scope scope;
    try_window<window<TestType, false, 1, 1>>(false, 1);
    try_window<window<TestType, false, 20, 5>>(false, 20);
    try_window<window<TestType, true, 30, 10>>(true, 30);
    try_window<window<TestType, true, 0, 0>>(true, 0);
}

TEST_CASE("a window refuses a time before its last", "[V-33]") {
    window<std::int64_t, false, 3, 0> w;
    w.push(10, 1);
    w.push(10, 2);
    CHECK_THROWS_AS(w.push(9, 3), ValueError);
    CHECK(w.size() == 2);
    CHECK(w.time(1) == 10);
}

TEST_CASE("a window may be given one of its own elements", "[V-33]") {
    window<std::string, false, 9, 0> w;
    w.push(1, std::string(50, 'x'));
    for (engine_time_t t = 2; t < 30; ++t) w.push(t, w[0]); // while growing, and while letting the oldest go
    CHECK(w.size() == 9);
    for (std::uint32_t i = 0; i < 9; ++i) CHECK(w[i] == std::string(50, 'x'));
}

TEST_CASE("times far apart do not overflow", "[V-33]") {
    window<std::int64_t, true, 1000, 0> w;
    w.push(std::numeric_limits<engine_time_t>::min(), 1);
    w.push(std::numeric_limits<engine_time_t>::max(), 2);
    CHECK(w.size() == 1);
    CHECK(w[0] == 2);
}

TEST_CASE("appending to a window leaves the oldest to the caller", "[V-33]") {
    using last_two = window<std::string, false, 2, 0>;
    last_two w;
    const std::string text(40, 'w');
    for (engine_time_t t = 1; t <= 3; ++t) detail::window_append(type_of<last_two>(), w, t, &text);
    CHECK(w.size() == 3);
    CHECK_THROWS_AS(detail::window_append(type_of<last_two>(), w, 4, &text), std::length_error);
    detail::ring_pop(type_of<last_two>(), w);
    CHECK(w.time(0) == 2);
}

TEST_CASE("room is made for what the type can hold", "[V-30]") {
    cyclic_buffer<std::string, 6> bounded;
    bounded.push("first");
    detail::ring_reserve(type_of<decltype(bounded)>(), bounded, 1000);
    CHECK(bounded.capacity() == 6);
    CHECK(bounded.front() == "first");

    queue<std::string> open;
    detail::ring_reserve(type_of<decltype(open)>(), open, 1000);
    CHECK(open.capacity() == 1000);
    detail::ring_reserve(type_of<decltype(open)>(), open, 10);
    CHECK(open.capacity() == 1000);
}

TEST_CASE("growth moves elements, and a full cyclic buffer makes none", "[V-02]") {
    const probe_scope scope;
    queue<probe> q;
    for (int i = 0; i < 1000; ++i) q.push(probe(i));
    CHECK(probe::copies == 0);

    cyclic_buffer<probe, 3> b;
    for (int i = 0; i < 3; ++i) b.push(probe(i));
    probe last(9);
    const long live = probe::live;
    b.push(std::move(last));
    CHECK(probe::live == live);
    CHECK(b.back().value() == 9);
    CHECK(b.front().value() == 1);
    CHECK(probe::copies == 0);
}

TEST_CASE("over-aligned elements lie aligned", "[V-02]") {
    queue<lane> q;
    for (int i = 0; i < 50; ++i) {
        q.push(make<lane>(i));
        CHECK(reinterpret_cast<std::uintptr_t>(&q.back()) % alignof(lane) == 0);
    }
}

TEST_CASE("a copy of a ring to itself is itself", "[V-02]") {
    queue<std::string> q;
    for (int i = 0; i < 6; ++i) q.push(make<std::string>(i));
    q.pop();
    for (int i = 6; i < 9; ++i) q.push(make<std::string>(i)); // wraps around
    detail::ring_copy(type_of<decltype(q)>(), q, q);
    REQUIRE(q.size() == 8);
    for (std::uint32_t i = 0; i < 8; ++i) CHECK(q[i] == make<std::string>(static_cast<int>(i) + 1));
}
