// Values that go from one layout to another, and changes that fail.
#include "both_layouts.hpp"

#include <hgvalue/value.hpp>

#include <functional>

using namespace hgvalue;

using numbers = std::vector<std::int64_t>;
using texts = hgvalue::map<std::string, std::vector<std::string>>;
using deep = std::tuple<std::vector<std::optional<point>>, texts, hgvalue::set<std::string>,
                        std::variant<std::int64_t, std::vector<point>>>;

namespace {

template <class T> T example();
template <> numbers example() { return {1, 2, 3}; }
template <> point example() { return make<point>(3); }
template <> lane example() { return make<lane>(3); }
template <> std::array<std::string, 2> example() { return {"a", "b"}; }
template <> tuple_of<bool> example() { return {true, false}; }
template <> std::tuple<std::int8_t, std::string> example() { return {std::int8_t{1}, "t"}; }
template <> texts example() {
    return {{"a", {"x"}}, {"b", {}}, {"a string that is too long to lie within itself", {"y", "z"}}};
}
template <> hgvalue::set<point> example() { return {make<point>(1), make<point>(2)}; }
template <> std::optional<point> example() { return make<point>(1); }
template <> std::variant<std::int64_t, numbers> example() { return numbers{1, 2}; }
template <> queue<std::string> example() {
    queue<std::string> q;
    for (const char* s : {"a", "b", "c"}) q.push(s);
    q.pop();
    return q;
}
template <> cyclic_buffer<std::vector<double>, 2> example() {
    cyclic_buffer<std::vector<double>, 2> b;
    for (double d : {1.0, 2.0, 3.0}) b.push({d});
    return b;
}
template <> window<std::vector<double>, false, 2, 0> example() {
    window<std::vector<double>, false, 2, 0> w;
    for (int i = 0; i < 3; ++i) w.push(i, {1.0 * i});
    return w;
}
template <> deep example() {
    return {{make<point>(1), std::nullopt}, example<texts>(), {"k"}, std::vector<point>{make<point>(2)}};
}

} // namespace

TEMPLATE_TEST_CASE("a value keeps its meaning in another layout", "[V-08][V-11][V-29]", numbers, point, lane,
                   (std::array<std::string, 2>), tuple_of<bool>, (std::tuple<std::int8_t, std::string>), texts,
                   hgvalue::set<point>, std::optional<point>, (std::variant<std::int64_t, numbers>), queue<std::string>,
                   (cyclic_buffer<std::vector<double>, 2>), (window<std::vector<double>, false, 2, 0>), deep) {
    const Value compiled(example<TestType>());
    const TypeMeta& other = rebuilt(*compiled.schema());
    REQUIRE(&other != compiled.schema());
    Value built(other);
    CHECK_FALSE(built == compiled);
    CHECK_FALSE(compiled == built);
    built.view().copy_from(compiled.view());
    CHECK(built == compiled);
    CHECK(compiled == built);
    CHECK(built.to_string() == compiled.to_string());
    if (other.is(TypeFlags::Hashable)) CHECK(built.hash() == compiled.hash());

    Value back(*compiled.schema());
    back.view().copy_from(built.view());
    CHECK(back == compiled);
    back.view().copy_from(back.view()); // itself
    CHECK(back == compiled);
    built.view().copy_from(Value(other).view());
    CHECK_FALSE(built == compiled);
}

TEST_CASE("values whose types do not match are refused", "[V-08]") {
    Value v(numbers{1, 2});
    CHECK(message_of<TypeError>([&] { v.view().copy_from(Value(1.5).view()); }) == "expected list[int], got float");
    CHECK_THROWS_AS(v.view().copy_from(Value(std::vector<double>{1}).view()), TypeError);
    CHECK_THROWS_AS(v.view().copy_from(Value(tuple_of<std::int64_t>{1}).view()), TypeError);
    CHECK(v.to_string() == "[1, 2]");
    CHECK_FALSE(v == Value(1.5));
    Value object(type_of<std::vector<object>>());
    CHECK(object == Value(type_of<std::vector<hgvalue::object>>()));
}

TEST_CASE("scalars of one's own are compatible with themselves only", "[V-31][V-08]") {
    struct other_probe : probe {};
    static constexpr TypeOps other_ops = meta_for<probe>::ops;
    static constexpr TypeMeta other = [] {
        TypeMeta m = meta_for<probe>::value;
        m.ops = &other_ops;
        return m;
    }();
    CHECK(structurally_compatible(type_of<probe>(), type_of<probe>()));
    CHECK_FALSE(structurally_compatible(type_of<probe>(), other));
    CHECK_FALSE(same_layout(type_of<probe>(), other));
}

TEST_CASE("a value may be assigned from a part of itself", "[V-08]") {
    Value v(std::vector<std::vector<std::string>>{{"a", "b"}, {"c"}});
    v.as_list()[1].copy_from(v.as_list()[0]);
    CHECK(v.to_string() == R"([["a", "b"], ["a", "b"]])");
    v.as_list().push_back(v.as_list()[0]);
    CHECK(v.as_list().size() == 3);
    using lists = hgvalue::map<std::string, std::vector<std::string>>;
    Value m(lists{{"a", {"x"}}});
    for (int i = 0; i < 40; ++i) m.as_map().set(std::to_string(i), m.as_map().at("a"));
    CHECK(m.as_map().at("39")[0].as<std::string>() == "x");
}

// -- every change happens whole or not at all
// ---------------------------------------------------------------------------

namespace {

struct failing_case {
    const char* name;
    const TypeMeta* type;
    std::function<void(ValueView)> fill;   ///< makes the value that must survive
    std::function<void(ValueView)> change; ///< fails as often as a probe may be copied or made in it
};

const Value& a_probe() {
    static const Value v(probe(7));
    return v;
}

template <class Layout> std::vector<failing_case> cases() {
    using pair = std::tuple<probe, probe>;
    const auto grow = [](ValueView v) {
        v.as_list().resize(3);
        v.as_list().set(0, a_probe());
    };
    const auto fill_map = [](ValueView v) {
        for (int i = 0; i < 9; ++i) v.as_map().set(Value(probe(i)), Value(probe(i)));
    };
    return {
        {"tuple copy", &Layout::template type<pair>(), [](ValueView) {},
         [](ValueView v) { v.copy_from(Value(pair(probe(1), probe(2))).view()); }},
        {"list copy", &Layout::template type<std::vector<probe>>(), grow,
         [](ValueView v) { v.copy_from(Value(std::vector<probe>(5)).view()); }},
        {"list push", &Layout::template type<std::vector<probe>>(), grow,
         [](ValueView v) { v.as_list().push_back(a_probe()); }},
        {"list resize", &Layout::template type<std::vector<probe>>(), grow, [](ValueView v) { v.as_list().resize(7); }},
        {"list reset", &Layout::template type<std::vector<probe>>(), grow,
         [](ValueView v) { v.as_list().reset(a_probe()); }},
        {"array reset", &Layout::template type<std::array<probe, 3>>(), [](ValueView) {},
         [](ValueView v) { v.as_list().reset(a_probe()); }},
        {"set insert", &Layout::template type<hgvalue::set<probe>>(),
         [](ValueView v) {
             for (int i = 10; i < 18; ++i) v.as_set().insert(Value(probe(i)));
         },
         [](ValueView v) { v.as_set().insert(a_probe()); }},
        {"map set", &Layout::template type<hgvalue::map<probe, probe>>(), fill_map,
         [](ValueView v) { v.as_map().set(Value(probe(100)), a_probe()); }},
        {"map set of a known key", &Layout::template type<hgvalue::map<probe, std::vector<probe>>>(),
         [](ValueView v) { v.as_map()[Value(probe(1))].as_list().resize(2); },
         [](ValueView v) { v.as_map().set(Value(probe(1)), Value(std::vector<probe>(4))); }},
        {"map default", &Layout::template type<hgvalue::map<probe, probe>>(), fill_map,
         [](ValueView v) { v.as_map()[Value(probe(100))]; }},
        {"queue push", &Layout::template type<queue<probe>>(), [](ValueView v) { v.as_queue().push(a_probe()); },
         [](ValueView v) { v.as_queue().push(a_probe()); }},
        {"full cyclic buffer push", &Layout::template type<cyclic_buffer<probe, 2>>(),
         [](ValueView v) {
             v.as_cyclic_buffer().push(Value(probe(1)));
             v.as_cyclic_buffer().push(Value(probe(2)));
         },
         [](ValueView v) { v.as_cyclic_buffer().push(a_probe()); }},
        {"window push", &Layout::template type<window<probe, false, 2, 0>>(),
         [](ValueView v) {
             v.as_window().push(1, a_probe());
             v.as_window().push(2, a_probe());
         },
         [](ValueView v) { v.as_window().push(3, Value(probe(9))); }},
        {"optional set", &Layout::template type<std::optional<pair>>(), [](ValueView) {},
         [](ValueView v) { v.as_optional().set(Value(pair(probe(1), probe(2)))); }},
        {"variant set", &Layout::template type<std::variant<std::int64_t, pair>>(), [](ValueView) {},
         [](ValueView v) { v.as_variant().set(Value(pair(probe(1), probe(2)))); }},
    };
}

} // namespace

TEMPLATE_TEST_CASE("a change that fails changes nothing and leaks nothing", "[V-04][V-13][V-14][V-11]", compiled_layout,
                   built_layout) {
    a_probe(); // it outlives the scope
    for (const failing_case& c : cases<TestType>()) {
        INFO(c.name);
        const long before = probe::live;
        {
            Value v(*c.type);
            c.fill(v.view());
            const Value was = v.clone();
            int failures = 0;
            for (int n = 1;; ++n) {
                probe::fail_after = n;
                try {
                    c.change(v.view());
                    probe::fail_after = 0;
                    break;
                } catch (const probe_failure&) {
                    probe::fail_after = 0;
                    ++failures;
                    REQUIRE(v == was);
                }
                REQUIRE(n < 100);
            }
            CHECK(failures > 0);
            CHECK_FALSE(v == was);
        }
        CHECK(probe::live == before);
        CHECK(probe::corrupted == 0);
    }
}
