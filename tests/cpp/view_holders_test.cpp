// Views of optionals, variants and references.
#include "both_layouts.hpp"

#include <hgvalue/value.hpp>

using namespace hgvalue;

#define BOTH_LAYOUTS compiled_layout, built_layout

TEMPLATE_TEST_CASE("an optional is empty or holds a value", "[V-29][V-11]", BOTH_LAYOUTS) {
    Value v(TestType::template type<std::optional<point>>());
    OptionalView o = v.view().as_optional();
    CHECK_FALSE(o.has_value());
    CHECK(o.size() == 0);
    CHECK_THROWS_AS(o.value(), NullValueError);
    CHECK(v.to_string() == "None");
    o.emplace().as_bundle().set("x", 4);
    CHECK(o.emplace()["x"].template as<std::int64_t>() == 4); // keeps what is there
    o.set(point{1, 2, "p"});
    CHECK(o.value()["label"].template as<std::string>() == "p");
    CHECK(o.value().path_string() == "");
    const Value other = v.clone();
    o.value()["x"].template as<std::int64_t>() = 9;
    o.set(other);
    CHECK(v == other);
    CHECK_THROWS_AS(o.set(5), TypeError);
    CHECK(v == other);
    o.set(Value(v.const_view())); // an optional of the same type
    CHECK(o.has_value());
    o.reset();
    CHECK_FALSE(o.has_value());
    CHECK_FALSE(v == other);
    const ConstOptionalView c = o;
    CHECK(c.element_type()->kind == TypeKind::Bundle);

    Value l(TestType::template type<std::vector<std::optional<std::int64_t>>>());
    l.as_list().push_back(5);
    l.as_list().resize(2);
    l.as_list().push_back(Value(std::optional<std::int64_t>(6)));
    CHECK(l.to_string() == "[5, None, 6]");
}

using number_or_text = std::variant<std::int64_t, std::string, point>;

TEMPLATE_TEST_CASE("a variant holds one of its alternatives", "[V-29][V-11]", BOTH_LAYOUTS) {
    Value v(TestType::template type<number_or_text>());
    VariantView a = v.view().as_variant();
    CHECK(a.index() == 0);
    CHECK(a.alternative_count() == 3);
    CHECK(*a.template get_if<std::int64_t>() == 0);
    a.set("text");
    CHECK(a.index() == 1);
    CHECK(a.template holds_alternative<std::string>());
    CHECK(*a.template get_if<std::string>() == "text");
    CHECK(a.template get_if<std::int64_t>() == nullptr);
    CHECK(a.held_type()->scalar == ScalarKind::Str);
    a.set(std::int64_t{7});
    CHECK(v.to_string() == "7");
    a.set(point{1, 2, "p"});
    CHECK(a.index() == 2);
    CHECK(a.value()["label"].template as<std::string>() == "p");
    CHECK_THROWS_AS(a.set(1.5), TypeError);
    CHECK(a.index() == 2);
    a.emplace(1).template as<std::string>() = "again";
    CHECK(v.to_string() == "\"again\"");
    CHECK_THROWS_AS(a.emplace(3), IndexError);
    CHECK(a.alternative(3) == nullptr);
    const Value copy = v.clone();
    CHECK(copy == v);
    a.emplace(1);
    CHECK_FALSE(copy == v);
    const ConstVariantView c = a;
    CHECK(c.value().template as<std::string>().empty());
}

TEMPLATE_TEST_CASE("a reference refers to a value it does not own", "[V-02][V-11]", BOTH_LAYOUTS) {
    Value v(TestType::template type<ref<std::int64_t>>());
    RefView r = v.view().as_ref();
    CHECK(r.is_empty());
    CHECK(r.target() == nullptr);
    Value target(std::int64_t{42}), other(std::int64_t{42});
    r.bind(target.view());
    CHECK(r.is_bound());
    CHECK(r.target()->data == target.data());
    CHECK(r.target()->schema == target.schema());
    CHECK(ref_is_bound(v.view()));
    CHECK(*static_cast<const std::int64_t*>(ref_target(v.view())->data) == 42);
    target.as<std::int64_t>() = 43;
    CHECK(*static_cast<const std::int64_t*>(r.target()->data) == 43);

    Value same = v.clone();
    CHECK(same == v);
    CHECK(same.hash() == v.hash());
    same.view().as_ref().bind(other.view());
    CHECK_FALSE(same == v);
    Value text("x");
    CHECK_THROWS_AS(r.bind(text.view()), TypeError);
    CHECK(r.is_bound());
    CHECK_THROWS_AS(r.make_unbound(2), ValueError); // one target, no items
    CHECK_THROWS_AS(r.item(0), IndexError);
    r.clear();
    CHECK(r.is_empty());
    CHECK_FALSE(ref_is_bound(v.view()));
    CHECK_THROWS_AS(ref_is_empty(target.view()), TypeError);
    CHECK(v.schema()->is(TypeFlags::Hashable | TypeFlags::Equatable | TypeFlags::HoldsObjects));
}

TEMPLATE_TEST_CASE("a reference to a composite may be one of its items each", "[V-02][V-11]", BOTH_LAYOUTS) {
    Value v(TestType::template type<ref<std::vector<std::int64_t>, 3>>());
    RefView r = v.view().as_ref();
    CHECK(r.max_items() == 3);
    CHECK_THROWS_AS(r.make_unbound(2), ValueError);
    r.make_unbound(3);
    CHECK(r.is_unbound());
    CHECK(r.item_count() == 3);
    CHECK(r.item(0).is_empty());
    Value a(std::int64_t{10}), b(std::int64_t{20});
    r.set_item(0, a.view());
    ref_set_item(v.view(), 2, b.view());
    CHECK(r.item(0).is_bound());
    CHECK(r.item(1).is_empty());
    CHECK(r.item(2).target()->data == b.data());
    CHECK(r.item(2).path_string() == "[2]");
    CHECK_THROWS_AS(r.item(3), IndexError);
    Value wrong("x");
    CHECK_THROWS_AS(r.set_item(1, wrong.view()), TypeError);
    CHECK(ref_item(v.const_view(), 1).is_empty());

    Value copy = v.clone();
    CHECK(copy == v);
    CHECK(copy.hash() == v.hash());
    copy.view().as_ref().item(1).bind(a.view());
    CHECK_FALSE(copy == v);
    Value list(TestType::template type<std::vector<std::int64_t>>());
    r.bind(list.view());
    CHECK(r.is_bound());
    CHECK(r.item_count() == 0);
    CHECK_FALSE(copy == v);

    Value p(TestType::template type<ref<point, 3>>());
    p.view().as_ref().make_unbound(3);
    p.view().as_ref().set_item(0, a.view());
    CHECK_THROWS_AS(p.view().as_ref().set_item(2, a.view()), TypeError); // `label` is text
    p.view().as_ref().set_item(2, wrong.view());
    CHECK(p.view().as_ref().item(2).is_bound());
}

TEST_CASE("references copy between layouts", "[V-02]") {
    using boxes = std::vector<ref<std::int64_t>>;
    Value compiled(type_of<boxes>()), built(rebuilt(type_of<boxes>()));
    Value target(std::int64_t{1});
    compiled.as_list().resize(1);
    compiled.as_list()[0].as_ref().bind(target.view());
    built.view().copy_from(compiled.view());
    CHECK(built.as_list()[0].as_ref().target()->data == target.data());
    CHECK(built == compiled);
}

TEST_CASE("the keepers of references are found, and a reference that loses its keeper refers to nothing", "[V-02]") {
    // Without Python an object counts nothing: any address will do.
    Value a(std::int64_t{1}), v(type_of<ref<std::vector<std::int64_t>, 2>>());
    RefView r = v.view().as_ref();
    r.make_unbound(2);
    r.set_item(0, a.view(), object(&a));
    r.set_item(1, a.view());
    auto& storage = *static_cast<ref_storage*>(r.data());
    int seen = 0;
    CHECK(storage.visit_keepers([&](object& o) {
        CHECK(o.get() == &a);
        ++seen;
        return 0;
    }) == 0);
    CHECK(seen == 1);
    CHECK(storage.visit_keepers([](object&) { return 5; }) == 5);
    storage.visit_keepers([](object& o) {
        o = object();
        return 0;
    });
    CHECK(r.item(0).is_empty());
    CHECK(r.item(1).is_bound());
}
