// Views of lists, buffers, queues and windows.
#include "both_layouts.hpp"

#include <hgvalue/value.hpp>

using namespace hgvalue;

#define BOTH_LAYOUTS compiled_layout, built_layout

TEMPLATE_TEST_CASE("lists grow and shrink at their end", "[V-13][V-11]", BOTH_LAYOUTS) {
    Value v(TestType::template type<std::vector<std::string>>());
    ListView l = v.as_list();
    CHECK(l.empty());
    CHECK_THROWS_AS(l.pop_back(), IndexError);
    CHECK_THROWS_AS(l.front(), IndexError);
    CHECK_THROWS_AS(l.back(), IndexError);
    l.push_back("a");
    l.push_back(Value("b"));
    l.push_back(l[0]); // lies in the list that grows
    CHECK(v.to_string() == R"(["a", "b", "a"])");
    CHECK(l.front().template as<std::string>() == "a");
    l.back().template as<std::string>() = "c";
    l.set(0, "z");
    l.pop_back();
    CHECK(v.to_string() == R"(["z", "b"])");
    l.resize(4);
    CHECK(v.to_string() == R"(["z", "b", "", ""])");
    l.resize(1);
    CHECK(l.size() == 1);
    CHECK_THROWS_AS(l.push_back(5), TypeError);
    CHECK_THROWS_AS(l.set(1, "x"), IndexError);
    l.clear();
    CHECK(v.to_string() == "[]");
    for (int i = 0; i < 100; ++i) l.push_back(std::to_string(i));
    int i = 0;
    for (const ValueView& e : l) CHECK(e.as<std::string>() == std::to_string(i++));
    CHECK(i == 100);
    const ConstListView c = l;
    CHECK(c.back().as<std::string>() == "99");
}

TEMPLATE_TEST_CASE("reset gives every element a value, in fixed lists too", "[V-13]", BOTH_LAYOUTS) {
    Value v(TestType::template type<std::vector<point>>());
    ListView l = v.as_list();
    l.resize(3);
    l.reset(Value(point{1, 2, "p"}));
    for (const ValueView& e : l) CHECK(e["label"].as<std::string>() == "p");
    l[0].as_bundle().set("label", "q");
    l.reset(l[0]); // an element as the sentinel
    for (const ValueView& e : l) CHECK(e["label"].as<std::string>() == "q");

    Value f(TestType::template type<std::array<double, 3>>());
    f.as_list().reset(1.5);
    CHECK(f.to_string() == "[1.5, 1.5, 1.5]");
    CHECK_THROWS_AS(f.as_list().reset("x"), TypeError);
}

TEMPLATE_TEST_CASE("fixed lists refuse to change their size", "[V-13]", BOTH_LAYOUTS) {
    Value v(TestType::template type<std::array<std::int64_t, 3>>());
    ListView l = v.as_list();
    CHECK(v.view().is_fixed_list());
    CHECK(l.size() == 3);
    l.set(2, 9);
    CHECK(message_of<ValueError>([&] { l.push_back(1); }) == "Array[int, Size[3]] has a fixed size");
    CHECK_THROWS_AS(l.pop_back(), ValueError);
    CHECK_THROWS_AS(l.clear(), ValueError);
    CHECK_THROWS_AS(l.resize(2), ValueError);
    CHECK_THROWS_AS(l.reserve(4), ValueError);
    CHECK_NOTHROW(l.resize(3));
    CHECK_THROWS_AS(l[3], IndexError);
    CHECK(v.to_string() == "[0, 0, 9]");
}

TEMPLATE_TEST_CASE("integers take the width of the element, if they fit", "[V-13][V-05]", BOTH_LAYOUTS) {
    Value v(TestType::template type<std::vector<std::int8_t>>());
    v.as_list().push_back(127);
    CHECK_THROWS_AS(v.as_list().push_back(128), OverflowError);
    CHECK_THROWS_AS(v.as_list().push_back(-129L), OverflowError);
    Value u(TestType::template type<std::vector<std::uint64_t>>());
    u.as_list().push_back(std::uint64_t{1} << 63);
    CHECK_THROWS_AS(u.as_list().push_back(-1), OverflowError);
    CHECK(v.to_string() == "[127]");
    CHECK(u.to_string() == "[9223372036854775808]");
}

TEMPLATE_TEST_CASE("a queue gives back what came first and refuses more than it holds", "[V-11][V-02]", BOTH_LAYOUTS) {
    Value v(TestType::template type<queue<std::string, 2>>());
    QueueView q = v.view().as_queue();
    CHECK_THROWS_AS(q.pop(), IndexError);
    q.push("a");
    CHECK_FALSE(q.full());
    q.push("b");
    CHECK(q.full());
    CHECK(q.capacity() == 2);
    CHECK(message_of<ValueError>([&] { q.push("c"); }) == "the queue is full: it holds 2 elements");
    CHECK(q.front().template as<std::string>() == "a");
    q.pop();
    q.push("c");
    CHECK(v.to_string() == R"(["b", "c"])");
    q.set(1, "d");
    q.recenter();
    CHECK(v.to_string() == R"(["b", "d"])");
    q.clear();
    CHECK(q.empty());
    Value open(TestType::template type<queue<std::int64_t>>());
    for (int i = 0; i < 50; ++i) open.view().as_queue().push(i);
    CHECK(open.view().as_queue().size() == 50);
    CHECK_FALSE(open.view().as_queue().full());
}

TEMPLATE_TEST_CASE("a cyclic buffer drops its oldest element", "[V-11][V-02]", BOTH_LAYOUTS) {
    Value v(TestType::template type<cyclic_buffer<std::string, 3>>());
    CyclicBufferView b = v.view().as_cyclic_buffer();
    for (const char* s : {"a", "b", "c", "d"}) b.push(s);
    CHECK(v.to_string() == R"(["b", "c", "d"])");
    b.push(b[0]); // the one that goes
    CHECK(v.to_string() == R"(["c", "d", "b"])");
    CHECK(b.full());
    CHECK(b.front().template as<std::string>() == "c");
    CHECK_THROWS_AS(b.push(1), TypeError);
    CHECK_THROWS_AS(b[3], IndexError);
    std::string all;
    for (const ConstValueView& e : std::as_const(b)) all += e.as<std::string>();
    CHECK(all == "cdb");
    b.recenter();
    const auto& r = *static_cast<const ring*>(b.data());
    CHECK(r.position(0) == 0);
    CHECK(v.to_string() == R"(["c", "d", "b"])");
    b.pop();
    CHECK(b.size() == 2);
}

TEMPLATE_TEST_CASE("a window keeps the last values with their times", "[V-33][V-11]", BOTH_LAYOUTS) {
    Value v(TestType::template type<window<double, false, 3, 2>>());
    WindowView w = v.view().as_window();
    CHECK_FALSE(w.by_time());
    CHECK_FALSE(w.ready());
    for (int i = 1; i <= 4; ++i) w.push(i * 10, i / 2.0);
    CHECK(w.ready());
    CHECK(w.size() == 3);
    CHECK(w.time_at(0) == 20);
    CHECK(w.first_time() == 20);
    CHECK(w.last_time() == 40);
    CHECK(w[2].template as<double>() == 2.0);
    CHECK_THROWS_AS(w.push(39, 1.0), ValueError);
    CHECK_THROWS_AS(w.push(50, "x"), TypeError);
    CHECK_THROWS_AS(w.time_at(3), IndexError);
    CHECK(v.to_string() == "Window[size=3, newest=2.0]");
    CHECK_THROWS_AS(need(&KindOps::push, *v.schema(), "push"), TypeError); // it needs a time

    Value t(TestType::template type<window<std::string, true, 100, 50>>());
    WindowView s = t.view().as_window();
    s.push(10, "a");
    CHECK_FALSE(s.ready());
    s.push(60, "b");
    CHECK(s.ready());
    s.push(111, "c");
    CHECK(s.size() == 2);
    CHECK(s.front().template as<std::string>() == "b");
    CHECK_THROWS_AS(s.expire(100), ValueError);
    s.expire(161);
    CHECK(s.size() == 1);
    s.expire(1000);
    CHECK(s.empty());
    CHECK_THROWS_AS(s.first_time(), IndexError);
    const ConstWindowView c = s;
    CHECK(c.by_time());
}

TEMPLATE_TEST_CASE("room is made ahead", "[V-30]", BOTH_LAYOUTS) {
    Value l(TestType::template type<std::vector<std::int64_t>>());
    l.as_list().reserve(100);
    l.as_list().push_back(1);
    const void* first = l.as_list()[0].data();
    for (int i = 0; i < 99; ++i) l.as_list().push_back(i);
    CHECK(l.as_list()[0].data() == first);

    Value q(TestType::template type<queue<std::int64_t>>());
    q.view().as_queue().reserve(64);
    q.view().as_queue().push(1);
    first = q.view().as_queue()[0].data();
    for (int i = 0; i < 63; ++i) q.view().as_queue().push(i);
    CHECK(q.view().as_queue()[0].data() == first);

    Value w(TestType::template type<window<std::int64_t, true, 1000, 0>>());
    w.view().as_window().reserve(64);
    w.view().as_window().push(1, 1);
    first = w.view().as_window()[0].data();
    for (int i = 0; i < 63; ++i) w.view().as_window().push(1, i);
    CHECK(w.view().as_window()[0].data() == first);
}
