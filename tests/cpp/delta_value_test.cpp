// What deltas of each kind say, and how they are looked into.
#include "value_samples.hpp"

#include <hgvalue/delta/algebra.hpp>
#include <hgvalue/delta/diff.hpp>
#include <hgvalue/value.hpp>

#include <chrono>
#include <limits>
#include <string>
#include <vector>

using namespace hgvalue;
using Catch::Matchers::Contains;

namespace {

TypeRegistry& registry() { return TypeRegistry::instance(); }
template <class T> const TypeMeta& interned() { return interned_type_of<T>(); }

/// A value of a type made at run time, equal to a C++ value.
template <class T> Value built(const TypeMeta& type, const T& v) {
    Value made(type);
    const Value source{T(v)};
    made.view().copy_from(source.view());
    return made;
}
template <class T> Value value(const T& v) { return Value(T(v)); }

std::string shown(const ViewRange& range) {
    std::string text;
    for (const ConstValueView v : range) text += (text.empty() ? "" : " ") + v.to_string();
    return text;
}
std::string shown(const ViewPairRange& range) {
    std::string text;
    for (const auto& [k, v] : range) text += (text.empty() ? "" : " ") + k.to_string() + ":" + v.to_string();
    return text;
}

using book = hgvalue::map<std::string, std::vector<std::int64_t>>;

} // namespace

TEST_CASE("delta types are made once, of columns", "[D-01]") {
    const TypeMeta& t = delta_type(type_of<book>());
    CHECK(&t == &delta_type(registry().intern(type_of<book>())));
    CHECK(type_name(t) == "{marks: uint8, removed_keys: tuple[str, ...], added_keys: tuple[str, ...], added_values: "
                          "tuple[list[int], ...], "
                          "updated_keys: tuple[str, ...], updated: tuple[{marks: uint8, kept: uint64, dropped: uint64, "
                          "indices: tuple[uint64, ...], updated: tuple[int, ...], appended: tuple[int, ...]}, ...]}");
    CHECK(type_name(delta_type(type_of<point>())) ==
          "{marks: uint8, changed: tuple[uint64], fields: {x: int, y: float, label: str}}");
    CHECK(type_name(delta_type(type_of<double>())) == "{marks: uint8, value: float | None}");
    CHECK(type_name(delta_type(type_of<std::optional<double>>())) ==
          "{marks: uint8, state: uint8, value: float | None}");
    CHECK(type_name(delta_type(type_of<std::optional<point>>())) ==
          "{marks: uint8, state: uint8, value: Point | None, inside: {marks: uint8, changed: tuple[uint64], "
          "fields: {x: int, y: float, label: str}} | None}");
    CHECK(type_name(delta_type(type_of<std::array<double, 3>>())) ==
          "{marks: uint8, indices: tuple[uint64, ...], updated: tuple[float, ...]}");
    CHECK(type_name(delta_type(type_of<window<double, false, 3, 0>>())) ==
          "{marks: uint8, kept: uint64, dropped: uint64, appended: tuple[float, ...], times: tuple[datetime, ...]}");
}

TEST_CASE("a scalar's delta is its new value", "[D-01][D-02]") {
    DeltaValue delta = diff(value(1.5).view(), value(2.5).view());
    CHECK(delta.kind() == TypeKind::Scalar);
    CHECK(delta.change_count() == 1);
    CHECK(delta.const_view().as_atomic_delta().new_value().as<double>() == 2.5);
    delta.clear();
    CHECK(delta.empty());
    CHECK_FALSE(delta.const_view().as_atomic_delta().new_value().valid());
    CHECK_THROWS_WITH(delta.const_view().as_set_delta(), "expected a delta of a set, got one of float");
}

TEST_CASE("floats differ by their bits", "[D-03]") {
    CHECK(diff(value(0.0).view(), value(-0.0).view()).change_count() == 1);
    const double nan = std::numeric_limits<double>::quiet_NaN();
    CHECK(diff(value(nan).view(), value(nan).view()).empty());
}

TEST_CASE("a bundle's delta names the fields that changed", "[D-01][D-02]") {
    const Value a = value(point{1, 2, "a"}), b = value(point{1, 3, "b"});
    const DeltaValue delta = diff(a.view(), b.view());
    const auto fields = delta.const_view().as_bundle_delta();
    CHECK(fields.changed_fields() == std::vector<std::uint32_t>{1, 2});
    CHECK(delta.change_count() == 2);
    CHECK(fields.is_changed(1));
    CHECK(fields.field("x").empty());
    CHECK_FALSE(fields.field("x").as_atomic_delta().new_value().valid());
    CHECK(fields.field("y").as_atomic_delta().new_value().as<double>() == 3);
    CHECK(fields.field(2).as_atomic_delta().new_value().as<std::string>() == "b");
    CHECK_THROWS_AS(fields.field("z"), KeyError);
    CHECK_THROWS_AS(fields.field(3), IndexError);
}

TEST_CASE("a bundle may have any number of fields", "[D-01]") {
    BundleTypeBuilder builder = registry().bundle();
    for (int i = 0; i < 130; ++i) builder.field<std::int64_t>("f" + std::to_string(i));
    const TypeMeta& type = builder.build();
    Value a(type), b(type);
    for (const int i : {0, 63, 64, 129}) b.view().at(static_cast<std::size_t>(i)).as<std::int64_t>() = i + 1;
    const DeltaValue delta = diff(a.view(), b.view());
    CHECK(delta.const_view().as_bundle_delta().changed_fields() == std::vector<std::uint32_t>{0, 63, 64, 129});
    CHECK(apply(delta, a.view()) == b);
}

TEST_CASE("a list's delta has positions and values, what went and what came", "[D-01][D-02]") {
    using ints = std::vector<std::int64_t>;
    const DeltaValue longer = diff(value(ints{1, 2, 3}).view(), value(ints{1, 5, 3, 7, 8}).view());
    auto view = longer.const_view().as_list_delta();
    CHECK(shown(view.updated_items()) == "1:5");
    CHECK(shown(view.updated_indices()) == "1");
    CHECK(shown(view.appended()) == "7 8");
    CHECK(view.kept() == 3);
    CHECK(view.dropped() == 0);
    CHECK(longer.change_count() == 3);
    const DeltaValue shorter = diff(value(ints{1, 2, 3}).view(), value(ints{2}).view());
    CHECK(shorter.const_view().as_list_delta().dropped() == 2);
    CHECK(shorter.change_count() == 3);
    CHECK_THROWS_WITH(apply(shorter, value(ints{1, 2}).view()),
                      "the delta does not fit: it is for 3 elements, there are 2");

    const DeltaValue fixed =
        diff(value(std::array<double, 3>{1, 2, 3}).view(), value(std::array<double, 3>{1, 2, 4}).view());
    CHECK(shown(fixed.const_view().as_list_delta().updated_items()) == "2:4.0");
    CHECK(fixed.const_view().as_list_delta().appended().empty());
}

TEST_CASE("a set's delta has what was added and removed, in order", "[D-01][D-02]") {
    using names = hgvalue::set<std::string>;
    const DeltaValue delta = diff(value(names{"x", "b", "c"}).view(), value(names{"z", "c", "a"}).view());
    CHECK(shown(delta.const_view().as_set_delta().added()) == "\"a\" \"z\"");
    CHECK(shown(delta.const_view().as_set_delta().removed()) == "\"b\" \"x\"");
    CHECK(delta.change_count() == 4);
    CHECK_THROWS_WITH(apply(delta, value(names{"x"}).view()),
                      "the delta does not fit: it removes \"b\", which is not there");
    CHECK_THROWS_WITH(apply(delta, value(names{"x", "b", "z"}).view()),
                      "the delta does not fit: it adds \"z\", which is there already");
}

TEST_CASE("a dict's delta has keys that came, went and changed, to any depth", "[D-01][D-02]") {
    const Value a = value(book{{"a", {1, 2}}, {"b", {3}}, {"c", {4}}});
    const Value b = value(book{{"c", {4}}, {"a", {1, 5}}, {"e", {6}}, {"d", {}}});
    const DeltaValue delta = diff(a.view(), b.view());
    const auto view = delta.const_view().as_map_delta();
    CHECK(shown(view.added_items()) == "\"d\":[] \"e\":[6]");
    CHECK(shown(view.added_keys()) == "\"d\" \"e\"");
    CHECK(shown(view.updated_keys()) == "\"a\"");
    CHECK(view.updated_items().size() == 1);
    CHECK(shown(view.updated(0).as_list_delta().updated_items()) == "1:5");
    CHECK(shown(view.removed_keys()) == "\"b\"");
    CHECK(delta.change_count() == 4);
    CHECK(apply(delta, a.view()) == b);
    CHECK_THROWS_WITH(apply(delta, value(book{{"b", {}}}).view()),
                      "the delta does not fit: it updates \"a\", which is not there");
    CHECK_THROWS_WITH(apply(delta, value(book{{"b", {}}, {"a", {1}}}).view()),
                      "the delta does not fit at '[\"a\"]': it is for 2 elements, there are 1");
}

TEST_CASE("a key that is removed and added starts afresh", "[D-01][D-04]") {
    const Value ab = value(book{{"a", {1}}, {"b", {2}}}), b = value(book{{"b", {2}}}),
                ab2 = value(book{{"b", {2}}, {"a", {7}}});
    const DeltaValue renewed = compose(diff(ab.view(), b.view()), diff(b.view(), ab2.view()));
    const auto view = renewed.const_view().as_map_delta();
    CHECK(shown(view.removed_keys()) == "\"a\"");
    CHECK(shown(view.added_items()) == "\"a\":[7]");
    CHECK(apply(renewed, ab.view()) == ab2);
    // The other way round nothing is left.
    CHECK(compose(diff(b.view(), ab2.view()), diff(ab2.view(), b.view())).empty());
    CHECK_THROWS_WITH(compose(diff(ab.view(), b.view()), diff(ab.view(), b.view())),
                      Contains("does not follow the one before it: \"a\" would not be there"));
}

TEST_CASE("an optional is reset, replaced or changes inside", "[D-01][D-02]") {
    using maybe = std::optional<point>;
    const Value none = value(maybe()), one = value(maybe({1, 2, "a"})), two = value(maybe({1, 2, "b"}));
    const auto state = [](const DeltaValue& d) { return d.const_view().as_optional_delta().state(); };
    const DeltaValue set = diff(none.view(), one.view()), reset = diff(one.view(), none.view()),
                     inside = diff(one.view(), two.view());
    CHECK(state(set) == OptionalChange::Replaced);
    CHECK(set.const_view().as_optional_delta().new_value() == value(point{1, 2, "a"}).view());
    CHECK(state(reset) == OptionalChange::Reset);
    CHECK_FALSE(reset.const_view().as_optional_delta().new_value().valid());
    CHECK_THROWS_AS(reset.const_view().as_optional_delta().inside(), StateError);
    CHECK(state(inside) == OptionalChange::Inside);
    CHECK(inside.const_view().as_optional_delta().inside().as_bundle_delta().changed_fields() ==
          std::vector<std::uint32_t>{2});
    CHECK(state(DeltaValue(type_of<maybe>())) == OptionalChange::None);
    CHECK_THROWS_WITH(apply(inside, none.view()), Contains("it changes something inside Point, but there is None"));
    CHECK(apply(compose(set, inside), none.view()) == two);
    CHECK(compose(inside, reset) == reset);
}

TEST_CASE("a window's delta has what left and what came, with times", "[D-01][D-02]") {
    using last3 = window<double, false, 3, 0>;
    last3 a, b;
    for (int i = 1; i <= 3; ++i) a.push(10 * i, i);
    b = a;
    b.push(40, 4);
    b.push(50, 5);
    const DeltaValue delta = diff(value(a).view(), value(b).view());
    const auto view = delta.const_view().as_window_delta();
    CHECK(view.dropped() == 2);
    CHECK(view.kept() == 1);
    CHECK(shown(view.appended()) == "4.0 5.0");
    CHECK(view.appended_times()[1].as<datetime>().us == 50);
    CHECK(view.appended_items().size() == 2);
    CHECK(delta.change_count() == 4);
    CHECK(apply(delta, value(a).view()) == value(b));
    last3 later;
    for (int i = 1; i <= 3; ++i) later.push(30 * i, i);
    CHECK_THROWS_WITH(apply(delta, value(later).view()),
                      "the delta does not fit: it appends elements older than the newest one");

    queue<std::int64_t> p, q;
    for (int i = 0; i < 4; ++i) p.push(i % 2), q.push(i % 2);
    q.pop(), q.pop(), q.push(0);
    const DeltaValue moved = diff(value(p).view(), value(q).view());
    CHECK(moved.const_view().as_window_delta().dropped() == 2);
    CHECK(shown(moved.const_view().as_window_delta().appended()) == "0");
    CHECK_THROWS_AS(moved.const_view().as_window_delta().appended_times(), TypeError);
}

TEST_CASE("a delta may say that a node ticked though nothing changed", "[D-02]") {
    const Value v = value(book{{"a", {1}}});
    DeltaValue delta = diff(v.view(), v.view());
    CHECK_FALSE(delta.ticked());
    CHECK(delta.empty());
    delta.set_ticked(true);
    CHECK_FALSE(delta.empty());
    CHECK(delta.change_count() == 0);
    CHECK(apply(delta, v.view()) == v);
    CHECK(compose(delta, DeltaValue(type_of<book>())).ticked());
    CHECK(invert(delta, v.view()).ticked());
    DeltaValue number(type_of<double>());
    number.set_ticked(true);
    CHECK_FALSE(number.empty());
    CHECK(compose(DeltaValue(type_of<double>()), number).ticked());
}

TEST_CASE("equal deltas hash alike, where the values in them can be hashed", "[D-01]") {
    const DeltaValue a = diff(value(point{1, 2, "a"}).view(), value(point{1, 3, "b"}).view()),
                     b = diff(value(point{7, 0, "b"}).view(), value(point{7, 3, "b"}).view());
    CHECK(a.hash() == compose(b, a).hash());
    CHECK(a.hash() != b.hash());
    CHECK_THROWS_AS(DeltaValue(type_of<book>()).hash(), TypeError); // lists cannot
}

TEST_CASE("a full delta names everything", "[D-03]") {
    const DeltaValue whole = full_delta(value(point{}).view());
    CHECK(whole.const_view().as_bundle_delta().changed_fields() == std::vector<std::uint32_t>{0, 1, 2});
    CHECK(full_delta(value(std::int64_t{0}).view()).change_count() == 1);
    CHECK(full_delta(value(std::array<double, 2>{}).view()).change_count() == 2);
    CHECK(full_delta(value(book{{"a", {1, 2}}}).view()).change_count() == 1);
    CHECK(full_delta(value(book{}).view()).empty());
}

TEST_CASE("a delta applies to every layout of its type", "[D-06]") {
    const TypeMeta& type = registry().map(interned<std::string>(), registry().list(interned<std::int64_t>()));
    REQUIRE(same_type(type, type_of<book>()));
    const book before{{"a", {1, 2}}, {"b", {3}}}, after{{"a", {1, 5, 6}}, {"c", {4}}};
    const DeltaValue compiled = diff(value(before).view(), value(after).view());
    const Value a = built(type, before), b = built(type, after);
    const DeltaValue dynamic = diff(a.view(), b.view());
    CHECK(compiled == dynamic);
    CHECK(apply(compiled, a.view()) == b);
    CHECK(apply(dynamic, value(before).view()) == value(after));
    CHECK(diff(value(before).view(), b.view()) == compiled);
    CHECK(apply(invert(compiled, a.view()), value(after).view()) == value(before));
    Value target = value(before);
    dynamic.apply_to(target);
    CHECK(target.as<book>() == after);
}

TEST_CASE("a delta of another type is refused, with both types", "[D-06]") {
    const DeltaValue delta = diff(value(point{}).view(), value(point{1, 2, "x"}).view());
    Value other = value(std::int64_t{3});
    CHECK_THROWS_WITH(delta.apply_to(other),
                      "applying a delta: expected a value of type samples.Point, got one of type int");
    CHECK_THROWS_AS(compose(delta, DeltaValue(type_of<double>())), TypeError);
    CHECK_THROWS_AS(invert(delta, other.view()), TypeError);
    CHECK_THROWS_AS(diff(other.view(), value(point{}).view()), TypeError);
    CHECK_THROWS_AS(DeltaValue::from_storage(type_of<point>(), value(point{})), TypeError);
    CHECK_THROWS_AS(diff(ConstValueView(), other.view()), NullValueError);
    Value null = Value::null(type_of<point>());
    CHECK_THROWS_AS(delta.apply_to(null), NullValueError);
}

TEST_CASE("a content that is no delta is refused", "[D-01]") {
    const auto refused = [](const TypeMeta& type, auto&& write) -> std::string {
        Value storage(delta_type(type));
        write(storage.view());
        try {
            DeltaValue::from_storage(type, std::move(storage));
        } catch (const ValueError& e) {
            return e.what();
        }
        return "";
    };
    const auto push = [](ValueView list, auto v) { list.as_list().push_back(v); };
    using names = hgvalue::set<std::string>;
    CHECK(refused(type_of<names>(), [&](ValueView v) {
              push(v.at("added"), std::string("b"));
              push(v.at("added"), std::string("a"));
          }) == "not a delta of set[str]: added must ascend, but \"a\" follows \"b\"");
    CHECK(refused(type_of<names>(), [&](ValueView v) {
              push(v.at("added"), std::string("a"));
              push(v.at("removed"), std::string("a"));
          }) == "not a delta of set[str]: \"a\" stands in both removed and added");
    CHECK(refused(type_of<book>(), [&](ValueView v) { push(v.at("added_keys"), std::string("a")); }) ==
          "not a delta of dict[str, list[int]]: added_keys has 1 elements, added_values has 0");
    using ints = std::vector<std::int64_t>;
    CHECK(refused(type_of<ints>(), [&](ValueView v) {
              v.at("kept").as<std::uint64_t>() = 2;
              push(v.at("indices"), std::uint64_t{2});
              push(v.at("updated"), std::int64_t{2});
          }) == "not a delta of list[int]: index 2 is out of range for 2 elements");
    CHECK(refused(type_of<point>(), [&](ValueView v) { v.at("changed").at(0).as<std::uint64_t>() = 8; }) ==
          "not a delta of Point: field 3 is marked, but there are 3");
    CHECK(refused(type_of<std::optional<double>>(), [&](ValueView v) { v.at("state").as<std::uint8_t>() = 3; }) ==
          "not a delta of float | None: unknown state");
}

TEST_CASE("ordered containers keep the order in which a delta adds", "[D-01][D-04]") {
    const TypeMeta& type = registry().map(interned<std::string>(), interned<std::int64_t>(), RowOrder::Insertion);
    const auto make = [&](std::initializer_list<const char*> keys) {
        Value v(type);
        for (const char* k : keys) v.as_map().set(k, std::int64_t{1});
        return v;
    };
    const Value a = make({"m"}), b = make({"m", "z", "a"}), c = make({"m", "a", "k", "b"});
    const DeltaValue ab = diff(a.view(), b.view());
    CHECK(shown(ab.const_view().as_map_delta().added_keys()) == "\"z\" \"a\"");
    CHECK(apply(ab, a.view()).to_string() == b.to_string());
    const DeltaValue ac = compose(ab, diff(b.view(), c.view()));
    CHECK(apply(ac, a.view()).to_string() == c.to_string());
    CHECK(apply(invert(ab, a.view()), b.view()).to_string() == a.to_string());
}

TEST_CASE("applying costs what changes", "[D-02]") {
    using counts = hgvalue::map<std::int64_t, std::int64_t>;
    Value big{counts()};
    counts& m = big.as<counts>();
    m.reserve(1'000'010);
    for (std::int64_t i = 0; i < 1'000'000; ++i) m[i] = i;
    const DeltaValue one = diff(value(counts{{5, 5}}).view(), value(counts{{5, 6}, {-1, 1}}).view());
    const auto* keys = m.keys().data();
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < 1000; ++i) {
        one.apply_to(big);
        m.erase(-1);
    }
    const auto spent = std::chrono::steady_clock::now() - start;
    CHECK(m.keys().data() == keys); // nothing was copied or moved
    CHECK(m.at(std::int64_t{5}) == 6);
    CHECK(spent < std::chrono::seconds(1)); // a copy takes milliseconds, and a thousand of them seconds
}
