// Visiting by handlers, by visitor classes, to any depth, and by cursor.
#include "catch.hpp"
#include "value_samples.hpp"

#include <hgvalue/value/cursor.hpp>
#include <hgvalue/value/format.hpp>
#include <hgvalue/value/visitor.hpp>

#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

using namespace hgvalue;

namespace {

template <class T> ConstValueView view_of(const T& v) { return {&v, &type_of<T>(), &v}; }
template <class T> ValueView mutable_view_of(T& v) { return {&v, &type_of<T>(), &v}; }

using texts = std::vector<std::string>;

/// What a visitor is called with.
std::string visited(const ConstValueView& view) {
    return visit_with(
        view, [](bool) { return "bool"; }, [](std::int8_t) { return "int8"; }, [](std::int16_t) { return "int16"; },
        [](std::int32_t) { return "int32"; }, [](std::int64_t) { return "int64"; },
        [](std::uint8_t) { return "uint8"; }, [](std::uint16_t) { return "uint16"; },
        [](std::uint32_t) { return "uint32"; }, [](std::uint64_t) { return "uint64"; }, [](float) { return "float"; },
        [](double) { return "double"; }, [](const std::string&) { return "string"; },
        [](const bytes&) { return "bytes"; }, [](date) { return "date"; }, [](time_of_day) { return "time"; },
        [](datetime) { return "datetime"; }, [](timedelta) { return "timedelta"; },
        [](const object&) { return "object"; }, [](const ConstTupleView&) { return "tuple"; },
        [](const ConstBundleView&) { return "bundle"; }, [](const ConstListView&) { return "list"; },
        [](const ConstSetView&) { return "set"; }, [](const ConstMapView&) { return "map"; },
        [](const ConstCyclicBufferView&) { return "cyclic buffer"; }, [](const ConstQueueView&) { return "queue"; },
        [](const ConstWindowView&) { return "window"; }, [](const ConstOptionalView&) { return "optional"; },
        [](const ConstVariantView&) { return "variant"; }, [](const ConstRefView&) { return "ref"; },
        [](const ConstValueView&) { return "other"; });
}
template <class T> std::string visited_as() {
    const T value{};
    return visited(view_of(value));
}

/// Gives numbers and adds up lists; nothing else.
class total : public ConstValueVisitor<double> {
  public:
    double visit_int64(const std::int64_t& v) override { return static_cast<double>(v); }
    double visit_double(const double& v) override { return v; }
    double visit_list(const ConstListView& list) override {
        double sum = 0;
        for (const ConstValueView& v : elements(list)) sum += visit(v, *this);
        return sum;
    }
};

class doubler : public ValueVisitor<> {
  public:
    void visit_int64(std::int64_t& v) override { v *= 2; }
    void visit_bundle(BundleView& b) override {
        for (ValueView field : elements(b)) visit(field, *this);
    }
};

} // namespace

TEST_CASE("every kind of value has a case of its own", "[V-22]") {
    CHECK(visited_as<bool>() == "bool");
    CHECK(visited_as<std::int8_t>() == "int8");
    CHECK(visited_as<std::int16_t>() == "int16");
    CHECK(visited_as<std::int32_t>() == "int32");
    CHECK(visited_as<std::int64_t>() == "int64");
    CHECK(visited_as<std::uint8_t>() == "uint8");
    CHECK(visited_as<std::uint16_t>() == "uint16");
    CHECK(visited_as<std::uint32_t>() == "uint32");
    CHECK(visited_as<std::uint64_t>() == "uint64");
    CHECK(visited_as<float>() == "float");
    CHECK(visited_as<double>() == "double");
    CHECK(visited_as<std::string>() == "string");
    CHECK(visited_as<bytes>() == "bytes");
    CHECK(visited_as<date>() == "date");
    CHECK(visited_as<time_of_day>() == "time");
    CHECK(visited_as<datetime>() == "datetime");
    CHECK(visited_as<timedelta>() == "timedelta");
    CHECK(visited_as<object>() == "object");
    CHECK(visited_as<color>() == "int64");
    CHECK(visited_as<probe>() == "other");
    CHECK(visited_as<std::tuple<double, bool>>() == "tuple");
    CHECK(visited_as<point>() == "bundle");
    CHECK(visited_as<list<double>>() == "list");
    CHECK(visited_as<std::array<double, 2>>() == "list");
    CHECK(visited_as<set<double>>() == "set");
    CHECK(visited_as<map<bool, double>>() == "map");
    CHECK(visited_as<cyclic_buffer<double, 2>>() == "cyclic buffer");
    CHECK(visited_as<queue<double>>() == "queue");
    CHECK(visited_as<window<double, false, 2, 0>>() == "window");
    CHECK(visited_as<std::optional<double>>() == "optional");
    CHECK(visited_as<std::variant<double, bool>>() == "variant");
    CHECK(visited_as<ref<double>>() == "ref");
}

TEST_CASE("handlers change what they are given, the rest falls through", "[V-22]") {
    std::int64_t number = 3;
    std::string text = "a";
    const auto grow = [](const ValueView& v) {
        ValueView view = v;
        return visit_with(
            view, [](std::int64_t& i) { return ++i; },
            [](std::string& s) { return static_cast<std::int64_t>((s += 'b').size()); }, [](auto&) { return 0; });
    };
    CHECK(grow(mutable_view_of(number)) == 4);
    CHECK(number == 4);
    CHECK(grow(mutable_view_of(text)) == 2);
    CHECK(text == "ab");
    bool flag = true;
    CHECK(grow(mutable_view_of(flag)) == 0);

    // A const view gives const values, also of a mutable view.
    ValueView view = mutable_view_of(number);
    visit(std::as_const(view), [](auto& v) { static_assert(std::is_const_v<std::remove_reference_t<decltype(v)>>); });
    CHECK(visit<double>(view, [](auto& v) { return sizeof(v) == 8 ? 0.5 : 1.5; }) == 0.5);
    CHECK_THROWS_AS(visit(ConstValueView(), [](auto&) {}), NullValueError);
}

TEST_CASE("handlers that need not cover everything", "[V-22]") {
    std::int64_t number = 3;
    double real = 1.5;
    const auto half = [](std::int64_t& i) { return static_cast<double>(i) / 2; };
    CHECK(try_visit_with(mutable_view_of(number), half) == 1.5);
    CHECK(try_visit_with(mutable_view_of(real), half) == std::nullopt);
    const auto increment = [](std::int64_t& i) { ++i; };
    CHECK(try_visit_with(mutable_view_of(number), increment));
    CHECK_FALSE(try_visit_with(mutable_view_of(real), increment));
    CHECK(number == 4);
}

TEST_CASE("visitors as classes", "[V-22]") {
    total sum;
    CHECK(visit(view_of(std::int64_t{4}), sum) == 4.0);
    CHECK(visit(view_of(list<double>{1.5, 2.5}), sum) == 4.0);
    CHECK(visit(view_of(list<list<std::int64_t>>{{1}, {2, 3}}), sum) == 6.0);
    CHECK_THROWS_AS(visit(view_of(std::string("a")), sum), TypeError);

    point p{21, 0.5, "p"};
    doubler twice;
    visit(mutable_view_of(p), twice);
    CHECK(p.x == 42);
    CHECK(p.y == 0.5);
    CHECK(p.label == "p");
}

TEST_CASE("visiting all leaves, with their paths", "[V-22]") {
    const map<std::string, list<point>> m{{"a", {{1, 0.5, "x"}}}, {"b", {{2, 1.5, "y"}, {3, 2.5, "z"}}}};
    texts leaves;
    deep_visit(view_of(m), [&](const auto& leaf, const ValuePath& path) {
        using leaf_type = std::remove_cvref_t<decltype(leaf)>;
        std::string shown;
        if constexpr (requires { meta_for<leaf_type>::value; }) shown = hgvalue::to_string(type_of<leaf_type>(), &leaf);
        leaves.push_back(path.to_string() + '=' + shown);
    });
    CHECK(leaves == texts{"[\"a\"][0].x=1", "[\"a\"][0].y=0.5", "[\"a\"][0].label=\"x\"", "[\"b\"][0].x=2",
                          "[\"b\"][0].y=1.5", "[\"b\"][0].label=\"y\"", "[\"b\"][1].x=3", "[\"b\"][1].y=2.5",
                          "[\"b\"][1].label=\"z\""});

    const std::tuple<std::optional<std::int64_t>, std::optional<std::int64_t>, std::variant<bool, std::int64_t>,
                     set<std::int64_t>>
        mixed{std::nullopt, 5, std::int64_t{6}, {7, 8}};
    std::int64_t sum = 0;
    auto visitor = make_deep_visitor(Overloaded{[&](const std::int64_t& i) { sum += i; }, [](const auto&) {}});
    visitor(view_of(mixed));
    CHECK(sum == 26);
    CHECK_THROWS_AS(visitor(ConstValueView()), NullValueError);
}

TEST_CASE("changing all leaves", "[V-22]") {
    std::tuple<map<std::string, std::int64_t>, list<std::int64_t>, set<std::int64_t>, std::optional<std::int64_t>> v{
        {{"a", 1}}, {2, 3}, {4}, 5};
    deep_visit(mutable_view_of(v), Overloaded{[](std::int64_t& i) { i *= 10; }, [](auto&) {}});
    CHECK(std::get<0>(v).at("a") == 10);
    CHECK(std::get<1>(v) == list<std::int64_t>{20, 30});
    CHECK(std::get<2>(v).contains(std::int64_t{4})); // a set would not find what was changed behind its back
    CHECK(std::get<3>(v) == 50);
}

TEST_CASE("going through a value by cursor", "[V-22]") {
    queue<std::int64_t> q;
    for (int i = 1; i <= 3; ++i) q.push(i);
    const ConstValueView seq = view_of(q);
    std::vector<std::int64_t> seen;
    for (ValueCursor at = IterableOps::first(seq); !IterableOps::is_last(seq, at); IterableOps::inc(seq, at))
        seen.push_back(IterableOps::read_at(seq, at).as<std::int64_t>());
    CHECK(seen == std::vector<std::int64_t>{1, 2, 3});

    point p{1, 0.5, "a"};
    ValueView view = mutable_view_of(p);
    ValueCursor at = IterableOps::first(view);
    IterableOps::read_at(view, at).as<std::int64_t>() = 7;
    CHECK(p.x == 7);
    IterableOps::inc(view, at);
    const ValueCursor kept = at;
    CHECK(IterableOps::read_at(std::as_const(view), kept).path_string() == "y");
    IterableOps::inc(view, at);
    CHECK_FALSE(at == kept);
    IterableOps::inc(view, at);
    CHECK(IterableOps::is_last(view, at));
    CHECK_THROWS_AS(IterableOps::read_at(view, at), IndexError);

    set<std::int64_t> s{1};
    CHECK(IterableOps::read_at(view_of(s), IterableOps::first(view_of(s))).as<std::int64_t>() == 1);
    CHECK_THROWS_AS(elements(mutable_view_of(s)), TypeError);
    CHECK_THROWS_AS(elements(view_of(p.x)), TypeError);
    CHECK_THROWS_AS(elements(ConstValueView()), NullValueError);
    std::optional<std::int64_t> none;
    CHECK(elements(view_of(none)).empty());
}
