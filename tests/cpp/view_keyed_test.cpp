// Views of sets and maps.
#include "both_layouts.hpp"

#include <hgvalue/value.hpp>

#include <set>

using namespace hgvalue;

#define BOTH_LAYOUTS compiled_layout, built_layout

TEMPLATE_TEST_CASE("a set knows what it contains", "[V-14][V-11]", BOTH_LAYOUTS) {
    Value v(TestType::template type<hgvalue::set<std::string>>());
    SetView s = v.as_set();
    CHECK(s.empty());
    CHECK(s.insert("a"));
    CHECK_FALSE(s.insert(std::string("a")));
    CHECK(s.insert(Value("b")));
    CHECK(s.contains("a"));
    CHECK(s.contains(Value("b").view()));
    CHECK_FALSE(s.contains("c"));
    CHECK_THROWS_AS(s.contains(1.5), TypeError);
    CHECK_THROWS_AS(s.insert(1.5), TypeError);
    CHECK_THROWS_AS(s[0], TypeError);
    CHECK(s.erase("a"));
    CHECK_FALSE(s.erase("a"));
    CHECK(s.size() == 1);
    CHECK(s.find_index("b") == 0);
    CHECK(s.find_index("a") == no_row);
    CHECK(s.key_at(0).template as<std::string>() == "b");
    for (int i = 0; i < 100; ++i) s.insert(std::to_string(i));
    std::set<std::string> all;
    for (const ConstValueView& e : s) all.insert(e.as<std::string>());
    CHECK(all.size() == 101);
    CHECK(all.count("b") == 1);
    CHECK(s.values().size() == 101);
    s.erase(s.key_at(5)); // a key that lies in the set
    CHECK(s.size() == 100);
    s.clear();
    CHECK(v.to_string() == "{}");
    const ConstSetView c = s;
    CHECK(c.empty());
}

TEMPLATE_TEST_CASE("a map gives, takes and makes entries", "[V-14][V-11]", BOTH_LAYOUTS) {
    Value v(TestType::template type<hgvalue::map<std::string, point>>());
    MapView m = v.as_map();
    CHECK(message_of<KeyError>([&] { m.at("a"); }).find("no key 'a'") != std::string::npos);
    CHECK(m["a"]["x"].template as<std::int64_t>() == 0); // made
    CHECK(m.size() == 1);
    CHECK(m.set("b", point{1, 2, "b"}));
    CHECK_FALSE(m.set("b", point{3, 4, "c"}));
    CHECK(m.at("b")["label"].template as<std::string>() == "c");
    CHECK_FALSE(m.insert("b", point{}));
    CHECK(m.insert(Value("d"), Value(point{5, 6, "d"})));
    CHECK(m.at("b")["x"].template as<std::int64_t>() == 3);
    CHECK(m.contains("d"));
    CHECK_FALSE(m.contains("e"));
    CHECK_THROWS_AS(m.at(5), TypeError);
    CHECK_THROWS_AS(m.set("e", 5), TypeError);
    CHECK_FALSE(m.contains("e"));
    CHECK(std::as_const(m).at("d").path_string() == "[\"d\"]");
    CHECK(v.view()["d"]["x"].template as<std::int64_t>() == 5);
    CHECK(v.view()[Value("d").view()]["x"].template as<std::int64_t>() == 5);
    CHECK_THROWS_AS(v.view()["e"], KeyError); // only the map's own [] makes entries
    m.set("f", m.at("d"));                    // a value that lies in the map
    CHECK(m.at("f")["label"].template as<std::string>() == "d");
    CHECK(m.erase("a"));
    CHECK_FALSE(m.erase("a"));
    std::set<std::string> keys, labels;
    for (const auto& k : m.keys()) keys.insert(k.template as<std::string>());
    for (auto e : m.values()) e.as_bundle().set("y", 9.0);
    for (auto [k, e] : std::as_const(m)) {
        CHECK(e["y"].template as<double>() == 9.0);
        labels.insert(k.template as<std::string>() + "=" + e["label"].template as<std::string>());
    }
    CHECK(keys == std::set<std::string>{"b", "d", "f"});
    CHECK(labels == std::set<std::string>{"b=c", "d=d", "f=d"});
    CHECK(m.items().size() == 3);
    CHECK(m.key_type()->scalar == ScalarKind::Str);
    CHECK(m.value_type()->kind == TypeKind::Bundle);
    m.clear();
    CHECK(m.empty());
    const ConstMapView c = m;
    CHECK_THROWS_AS(c["a"], KeyError);
}

TEMPLATE_TEST_CASE("keys of other kinds", "[V-14][V-28]", BOTH_LAYOUTS) {
    Value v(TestType::template type<hgvalue::map<std::int32_t, std::string>>());
    MapView m = v.as_map();
    m.set(5, "five");
    m[std::int64_t{6}].assign("six"); // any width that fits
    CHECK(m.at(5).template as<std::string>() == "five");
    CHECK_THROWS_AS(m.at(std::int64_t{1} << 40), OverflowError);
    CHECK_THROWS_AS(m.at("5"), TypeError);
    CHECK_THROWS_AS(v.view()["5"], TypeError);

    Value p(TestType::template type<hgvalue::map<point, double>>());
    p.as_map().set(point{1, 2, "k"}, 1.5); // a key of another layout, one time of two
    CHECK(p.as_map().contains(Value(rebuilt(type_of<point>())).view()) == false);
    Value key(rebuilt(type_of<point>()));
    key.view().copy_from(Value(point{1, 2, "k"}).view());
    CHECK(p.as_map().at(key).template as<double>() == 1.5);
    CHECK(p.as_map().erase(key));
    CHECK(p.as_map().empty());
}

TEMPLATE_TEST_CASE("room in sets and maps is made ahead", "[V-30]", BOTH_LAYOUTS) {
    Value v(TestType::template type<hgvalue::map<std::int64_t, double>>());
    v.as_map().reserve(100);
    v.as_map().set(0, 0.0);
    const void* first = v.as_map().key_at(0).data();
    for (int i = 1; i < 100; ++i) v.as_map().set(i, 1.0);
    CHECK(v.as_map().key_at(0).data() == first);
}

TEMPLATE_TEST_CASE("memory that is not used is given back", "[V-18]", BOTH_LAYOUTS) {
    Value v(TestType::template type<hgvalue::map<std::int64_t, double>>());
    MapView m = v.as_map();
    CHECK(m.fragmentation_ratio() == 0);
    for (int i = 0; i < 100; ++i) m.set(i, 1.0 * i);
    for (int i = 10; i < 100; ++i) m.erase(i);
    CHECK(m.fragmentation_ratio() > 0.8);
    m.compact();
    CHECK(m.fragmentation_ratio() == 0);
    for (int i = 0; i < 10; ++i) CHECK(m.at(i).template as<double>() == i);
}

TEMPLATE_TEST_CASE("sets and maps that keep insertion order show it", "[V-18][V-14]", BOTH_LAYOUTS) {
    Value v(TestType::template type<hgvalue::map<std::int64_t, std::string, true>>());
    MapView m = v.as_map();
    for (int i = 0; i < 10; ++i) m.set(i, std::to_string(i));
    m.erase(0);
    m.erase(4);
    m.set(0, "zero");
    std::string all;
    for (auto [k, e] : std::as_const(m)) all += e.template as<std::string>() + ",";
    CHECK(all == "1,2,3,5,6,7,8,9,zero,");

    Value other(rebuilt(type_of<hgvalue::map<std::int64_t, std::string, true>>()));
    other.view().copy_from(v.view());
    CHECK(other.to_string() == v.to_string());
}
