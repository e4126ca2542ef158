// Views in general, bundles and tuples.
#include "both_layouts.hpp"

#include <hgvalue/value.hpp>

using namespace hgvalue;

#define BOTH_LAYOUTS compiled_layout, built_layout

using nested = std::tuple<std::int64_t, std::string, point>;

TEMPLATE_TEST_CASE("fields are reached by name and by position", "[V-11][V-12]", BOTH_LAYOUTS) {
    Value v(TestType::template type<point>());
    BundleView b = v.as_bundle();
    b.set("x", 5);
    b.set(1, 2.5);
    b.set("label", "first");
    CHECK(b["x"].template as<std::int64_t>() == 5);
    CHECK(b.at(1).template as<double>() == 2.5);
    CHECK(b[2].template as<std::string>() == "first");
    CHECK(v.to_string() == "{x=5, y=2.5, label=\"first\"}");

    const ConstBundleView c = std::as_const(v).as_bundle();
    CHECK(c["label"].template as<std::string>() == "first");
    CHECK(c[0].data() == b["x"].data());
    CHECK(c.field_count() == 3);
    CHECK(c.size() == 3);
    CHECK(std::string(c.field_info(1)->name) == "y");
    CHECK(c.field_info("label")->type->scalar == ScalarKind::Str);
    CHECK(c.field_info(3) == nullptr);
    CHECK(c.field_info("no") == nullptr);
    CHECK(c.has_field("y"));
    CHECK_FALSE(c.has_field(""));
    CHECK_FALSE(c.has_field("label2"));
    CHECK(c.field_index("label") == 2);
    CHECK(c.field_index("lab") == 3);
}

TEMPLATE_TEST_CASE("a wrong field or value changes nothing and says where", "[V-11][V-12]", BOTH_LAYOUTS) {
    Value v(TestType::template type<point>());
    const std::string name = type_name(*v.schema());
    BundleView b = v.as_bundle();
    b.set("x", 1);
    CHECK(message_of<KeyError>([&] { b["z"]; }) == name + " has no field 'z'");
    CHECK(message_of<KeyError>([&] { b[std::string_view("x\0y", 3)]; }).find("no field") != std::string::npos);
    CHECK(message_of<IndexError>([&] { b[3]; }) == "index 3 is out of range for 3 elements of " + name);
    CHECK(message_of<TypeError>([&] { b.set("x", 2.5); }) == "x: expected int, got float");
    CHECK(message_of<TypeError>([&] { b.set("label", 2); }) == "label: expected str, got int32");
    CHECK(message_of<TypeError>([&] { b.set("x", true); }) == "x: expected int, got bool");
    CHECK(message_of<OverflowError>([&] { b.set("x", std::uint64_t{1} << 63); }) ==
          "x: 9223372036854775808 is beyond the range of int");
    CHECK(message_of<TypeError>([&] { b.as_list(); }) == "expected a list, got " + name);
    CHECK(message_of<TypeError>([&] { b["x"].as_map(); }) == "x: expected a dict, got int");
    CHECK(message_of<TypeError>([&] { b["x"].size(); }).find("scalar") != std::string::npos);
    CHECK(v.to_string() == "{x=1, y=0.0, label=\"\"}");
}

TEMPLATE_TEST_CASE("tuples are reached by position only", "[V-11][V-02]", BOTH_LAYOUTS) {
    Value v(TestType::template type<nested>());
    TupleView t = v.as_tuple();
    t.set(0, 7);
    t.set(1, std::string("text"));
    t[2].as_bundle().set("y", 0.5);
    CHECK(v.to_string() == "(7, \"text\", {x=0, y=0.5, label=\"\"})");
    CHECK(t.element_type(1)->scalar == ScalarKind::Str);
    CHECK(t.element_type(3) == nullptr);
    CHECK_THROWS_AS(t["x"], TypeError);
    CHECK_THROWS_AS(t.set(3, 1), IndexError);
    std::string all;
    for (const ConstValueView& e : std::as_const(t)) all += e.to_string() + ";";
    CHECK(all == "7;\"text\";{x=0, y=0.5, label=\"\"};");
    for (ValueView e : t)
        if (e.is_scalar_type<std::int64_t>()) e.template as<std::int64_t>() = 8;
    CHECK(t[0].template as<std::int64_t>() == 8);
    const ConstTupleView c = t;
    CHECK(c.size() == 3);
}

TEST_CASE("the views of a kind are given for that kind only", "[V-11]") {
    Value v(type_of<point>());
    CHECK(v.view().try_as_bundle());
    CHECK_FALSE(v.view().try_as_tuple());
    CHECK_FALSE(v.view().try_as_list());
    CHECK_FALSE(v.view().try_as_set());
    CHECK_FALSE(v.view().try_as_map());
    CHECK_FALSE(v.view().try_as_cyclic_buffer());
    CHECK_FALSE(v.view().try_as_queue());
    CHECK_FALSE(v.view().try_as_window());
    CHECK_FALSE(v.view().try_as_optional());
    CHECK_FALSE(v.view().try_as_variant());
    CHECK_FALSE(v.const_view().try_as_ref());
    CHECK(v.const_view().try_as_bundle()->field_count() == 3);
    CHECK_FALSE(ConstValueView().try_as_bundle());
    CHECK_THROWS_AS(ConstValueView().as_bundle(), NullValueError);
    CHECK_THROWS_AS(ConstValueView().size(), NullValueError);
    CHECK_THROWS_AS(ConstValueView()[0], NullValueError);
    CHECK_THROWS_AS(ConstValueView().to_string(), NullValueError);
    CHECK_THROWS_AS(v.view().copy_from(ConstValueView()), NullValueError);
    CHECK(ConstValueView() == ConstValueView());
    CHECK_FALSE(ConstValueView() == v.view());
}

TEST_CASE("a C++ value is had in three tiers", "[V-10]") {
    Value v(std::int64_t{42});
    CHECK(v.view().as<std::int64_t>() == 42);
    CHECK(*v.view().try_as<std::int64_t>() == 42);
    CHECK(v.view().try_as<double>() == nullptr);
    CHECK(v.view().try_as<std::int32_t>() == nullptr);
    CHECK(v.const_view().checked_as<std::int64_t>() == 42);
    CHECK(message_of<TypeError>([&] { v.view().checked_as<std::string>(); }) == "expected str, got int");
    CHECK_THROWS_AS(ConstValueView().checked_as<std::int64_t>(), NullValueError);
    CHECK(ConstValueView().try_as<std::int64_t>() == nullptr);
    v.view().as<std::int64_t>() = 43;
    v.view().checked_as<std::int64_t>() += 1;
    CHECK(v.as<std::int64_t>() == 44);

    Value p(point{1, 2, "p"});
    CHECK(p.view().as<point>().label == "p");
    CHECK(p.view().try_as<lane>() == nullptr);
    CHECK(Value(rebuilt(type_of<point>())).view().try_as<point>() == nullptr); // other bytes
    CHECK(Value(true).checked_as<bool>());
    CHECK(Value(color::green).checked_as<color>() == color::green);
    CHECK_THROWS_AS(Value(color::green).checked_as<std::int64_t>(), TypeError);
}

TEST_CASE("what a kind lacks is null in its table, and an error in its views", "[V-04]") {
    const KindOps& list = kind_ops(TypeKind::List);
    CHECK(list.push != nullptr);
    CHECK(list.insert == nullptr);
    CHECK(kind_ops(TypeKind::Scalar).size == nullptr);
    CHECK(kind_ops(TypeKind::Set).get == nullptr);
    CHECK(kind_ops(TypeKind::Map).get != nullptr);
    CHECK(kind_ops(TypeKind::Window).push == nullptr);
    for (int k = 0; k <= static_cast<int>(TypeKind::Ref); ++k) {
        const KindOps& ops = kind_ops(static_cast<TypeKind>(k));
        CHECK(ops.name != nullptr);
        CHECK(ops.to_string != nullptr);
        CHECK(ops.to_python != nullptr);
        CHECK(ops.from_python != nullptr);
    }
    CHECK(message_of<TypeError>([] { need(&KindOps::insert, type_of<std::vector<double>>(), "insert"); }) ==
          "a list has no 'insert', but the value is list[float]");
    Value v(1.5);
    CHECK_THROWS_AS(v.view().at("x"), TypeError);
    CHECK_THROWS_AS(v.view().at(v.view()), TypeError);
}

TEST_CASE("values without order or hash say so", "[V-03][V-04]") {
    Value list(type_of<std::vector<double>>());
    CHECK_THROWS_AS(list.hash(), TypeError);
    Value set(type_of<hgvalue::set<std::int64_t>>());
    CHECK_THROWS_AS(set.view().less_than(set.view()), TypeError);
    Value a(point{1, 2, "a"}), b(point{1, 2, "b"});
    CHECK(a.view().less_than(b.view()));
    CHECK_FALSE(b.view().less_than(a.view()));
    CHECK(a.hash() == Value(point{1, 2, "a"}).hash());
    CHECK_THROWS_AS(a.view().less_than(list.view()), TypeError);
}

TEST_CASE("a field is found by exactly its name", "[V-04]") {
    const TypeMeta& m = type_of<point>();
    for (std::uint32_t i = 0; i < m.field_count; ++i) {
        const std::string name = m.fields[i].name;
        CHECK(field_index(m, name) == i);
        CHECK(field_index(m, name + "x") == m.field_count);
        CHECK(field_index(m, name.substr(0, name.size() - 1)) == m.field_count);
        CHECK(field_index(m, name + std::string(1, '\0')) == m.field_count); // its end is no letter of it
    }
    CHECK(field_index(m, "") == m.field_count);
    const TypeMeta& unnamed = type_of<nested>();
    CHECK_FALSE(is_named(unnamed.fields[0], ""));
}
