// Type-erased views over classes that were generated from a schema: generated_samples.hgt.
#include "catch.hpp"

#include <generated_samples.h>

#include <hgvalue/delta/algebra.hpp>
#include <hgvalue/delta/diff.hpp>
#include <hgvalue/value/codec.hpp>
#include <hgvalue/value/cursor.hpp>
#include <hgvalue/value/mixins.hpp>
#include <hgvalue/value/navigate.hpp>
#include <hgvalue/value/operator_context.hpp>
#include <hgvalue/value/visit.hpp>
#include <hgvalue/view.hpp>

#include <string>
#include <vector>

using namespace hgvalue;
using namespace generated_samples;

namespace {

Deal sample() {
    Deal d;
    d.name = "a deal with a name that is longer than a short string";
    d.leg = {2.5, 10};
    d.legs = {{1.0, 1}, {2.0, 2}};
    d.limits["max"] = 9.5;
    d.limits["min"] = 0.5;
    d.books["x"][3] = {1.0, 2.0};
    d.tags.insert("hot");
    d.pair = {7, "seven"};
    d.marks = {4, 5, 6};
    d.weights = {0.5, 1.5, 2.5, 3.5};
    for (double v : {1.0, 2.0, 3.0, 4.0}) d.last.push(v);
    d.todo.push(11);
    d.recent.push(5, 1.5);
    d.recent.push(6, 2.5);
    d.note = "noted";
    d.either = std::string("text");
    return d;
}

} // namespace

TEST_CASE("the meta of a generated struct", "[V-01][V-02][V-03][V-04][V-05][generated]") {
    const TypeMeta& m = type_of<Deal>();
    CHECK(m.kind == TypeKind::Bundle);
    CHECK(std::string(m.name) == "Deal");
    CHECK(m.size == sizeof(Deal));
    CHECK(m.alignment == alignof(Deal));
    CHECK_FALSE(m.is(TypeFlags::TriviallyCopyable));
    CHECK(type_of<Leg>().is(TypeFlags::TriviallyCopyable | TypeFlags::Hashable | TypeFlags::Comparable));
    const Deal d = sample();
    const auto bundle = view(d).as_bundle();
    const TypeKind kinds[] = {TypeKind::Scalar, TypeKind::Bundle,   TypeKind::Scalar,       TypeKind::List,
                              TypeKind::Map,    TypeKind::Map,      TypeKind::Set,          TypeKind::Tuple,
                              TypeKind::List,   TypeKind::List,     TypeKind::CyclicBuffer, TypeKind::Queue,
                              TypeKind::Window, TypeKind::Optional, TypeKind::Variant,      TypeKind::Optional};
    REQUIRE(bundle.field_count() == std::size(kinds));
    for (std::size_t i = 0; i < std::size(kinds); ++i) CHECK(bundle[i].schema()->kind == kinds[i]);
    Deal copy;
    m.ops->copy_assign(m, &copy, &d);
    CHECK(m.ops->equals(m, &copy, &d));
    copy.pair = {8, ""};
    CHECK_FALSE(m.ops->equals(m, &copy, &d));
}

TEST_CASE("views lie over generated storage", "[V-11][V-12][V-10][V-19][generated]") {
    Deal d = sample();
    const ConstValueView v = view(std::as_const(d));
    CHECK(v.data() == &d);
    CHECK(v["leg"]["price"].data() == &d.leg.price);
    CHECK(v["legs"][1]["size"].data() == &d.legs[1].size);
    CHECK(v["limits"]["max"].data() == &d.limits.at("max"));
    CHECK(v["weights"][2].data() == &d.weights[2]);
    CHECK(v["leg"][0].as<double>() == 2.5);
    CHECK(v["name"].try_as<double>() == nullptr);
    CHECK_THROWS_AS(v["name"].checked_as<double>(), TypeError);
    CHECK_THROWS_AS(v["nmae"], KeyError);
    CHECK_THROWS_AS(v.as_list(), TypeError);
    CHECK_FALSE(v.try_as_map());
    const ConstValueView price = v["legs"][1]["price"];
    CHECK(price.path_string() == "legs[1].price");
    CHECK(price.owner() == &d);
    CHECK(v.as_bundle().field_index("side") == 2);
    CHECK(v.as_bundle().has_field("tags"));
    CHECK_FALSE(v.as_bundle().has_field("tag"));
}

TEST_CASE("views change generated storage", "[V-11][V-13][V-14][V-29][V-30][V-33][generated]") {
    Deal d = sample();
    const auto at = [&](const char* field) { return view(d).at(field); };
    view(d).as_bundle().set("name", "new");
    CHECK(d.name == "new");
    at("legs").as_list().push_back(Value(Leg{3.0, 3}).const_view());
    CHECK(d.legs.size() == 3);
    CHECK(d.legs[2].price == 3.0);
    at("legs").as_list().pop_back();
    at("legs").as_list().resize(5);
    CHECK(d.legs[4].size == 1);
    CHECK_THROWS_AS(at("weights").as_list().push_back(1.0), ValueError);
    at("weights").as_list().reset(7.0);
    CHECK(d.weights == std::array<double, 4>{7.0, 7.0, 7.0, 7.0});
    at("limits").as_map().set("mid", 4.5);
    CHECK(d.limits.at("mid") == 4.5);
    CHECK(at("limits").as_map().erase("mid"));
    at("limits").as_map().reserve(100);
    CHECK(at("tags").as_set().insert("cold"));
    CHECK_FALSE(at("tags").as_set().insert("cold"));
    CHECK(d.tags.contains("cold"));
    at("last").as_cyclic_buffer().push(5.0);
    CHECK(d.last.front() == 3.0);
    at("todo").as_queue().push(std::int64_t{12});
    CHECK_THROWS_AS(at("todo").as_queue().push(std::int64_t{13}), ValueError);
    CHECK(d.todo.pop() == 11);
    at("recent").as_window().push(7, 3.5);
    CHECK(d.recent.size() == 3);
    CHECK(at("recent").as_window().time_at(2) == 7);
    at("note").as_optional().reset();
    CHECK_FALSE(d.note);
    CHECK(at("either").as_variant().index() == 1);
    const Deal other = sample();
    view(d).copy_from(view(other));
    CHECK(d == other);
}

TEST_CASE("rows of generated maps are hooked, named and compacted", "[V-15][V-16][V-17][V-18][generated]") {
    Deal d = sample();
    std::vector<std::string> events;
    ContainerHooks hooks;
    hooks.ctx = &events;
    static constexpr auto noted = [](void* to, const char* what, std::size_t row) {
        static_cast<std::vector<std::string>*>(to)->push_back(what + std::to_string(row));
    };
    hooks.on_insert = [](void* to, std::size_t row) { noted(to, "insert ", row); };
    hooks.on_swap = [](void* to, std::size_t a, std::size_t) { noted(to, "swap ", a); };
    hooks.on_erase = [](void* to, std::size_t row) { noted(to, "erase ", row); };
    d.limits.attach(hooks);
    d.limits["new"] = 1.0;
    const SlotHandle kept = d.limits.handle_of(d.limits.find_index("new")),
                     gone = d.limits.handle_of(d.limits.find_index("max"));
    CHECK(view(d)["limits"].as_map().erase("max"));
    CHECK(events == std::vector<std::string>{"insert 0", "insert 1", "insert 2", "swap 0", "erase 2"});
    CHECK(d.limits.row_of(kept) == d.limits.find_index("new"));
    CHECK(d.limits.row_of(gone) == no_row);
    CHECK(d.limits.fragmentation_ratio() > 0);
    d.limits.compact();
    CHECK(d.limits.fragmentation_ratio() == 0);
    CHECK(d.limits.row_of(kept) == d.limits.find_index("new"));
    d.limits.detach(hooks);
}

TEST_CASE("whole generated values", "[V-06][V-07][V-08][V-09][V-25][V-28][generated]") {
    const Deal d = sample();
    const Value copy = view(d).clone();
    CHECK(copy.const_view() == view(d));
    CHECK(same_type(*copy.schema(), type_of<Deal>()));
    const TypeMeta& identity = TypeRegistry::instance().intern(type_of<Deal>()); // from then on it has its name
    CHECK(&TypeRegistry::instance().require("Deal") == &identity);
    CHECK(&TypeRegistry::instance().intern(*view(d)["legs"].schema()) ==
          &TypeRegistry::instance().list(TypeRegistry::instance().intern(type_of<Leg>())));
    CHECK(view(d)["leg"].to_string() == "{price=2.5, size=10}");
    CHECK(view(d)["leg"].hash() == view(Leg{2.5, 10}).hash());
    CHECK(view(Leg{1.0, 1}).less_than(view(Leg{1.0, 2})));
    CHECK_THROWS_AS(view(d).hash(), TypeError);
    Value none = Value::null(type_of<Deal>());
    CHECK_FALSE(none.has_value());
    CHECK_THROWS_AS(none.view(), NullValueError);
    none.emplace();
    CHECK(none.view()["side"].to_string() == "Side.SELL");
    CHECK_THROWS_AS(TypeRegistry::instance().set(type_of<Deal>()), TypeError);
}

TEST_CASE("paths, ranges, visitors and cursors over generated values", "[V-20][V-21][V-22][generated]") {
    Deal d = sample();
    CHECK(navigate(view(d), "legs[1].price").data() == &d.legs[1].price);
    CHECK(navigate(view(d), "books[\"x\"][3][1]").as<double>() == 2.0);
    CHECK_FALSE(try_navigate(view(d), "legs[2].price"));
    CHECK_THROWS_WITH(navigate(view(d), "leg.prise"), Catch::Contains("price"));
    double sum = 0;
    for (const ConstValueView& leg : view(d)["legs"].as_list()) sum += leg["price"].as<double>();
    CHECK(sum == 3.0);
    for (const auto& [key, value] : view(d)["limits"].as_map().items())
        CHECK(d.limits.at(key.as<std::string>()) == value.as<double>());
    std::vector<std::string> paths;
    deep_visit(view(std::as_const(d))["leg"],
               [&](const auto&, const ValuePath& path) { paths.push_back(path.to_string()); });
    CHECK(paths == std::vector<std::string>{"leg.price", "leg.size"});
    std::size_t count = 0;
    const ConstValueView marks = view(std::as_const(d))["marks"];
    for (auto at = IterableOps::first(marks); !IterableOps::is_last(marks, at); IterableOps::inc(marks, at))
        count += IterableOps::read_at(marks, at).as<std::int64_t>() == static_cast<std::int64_t>(4 + count);
    CHECK(count == 3);
}

TEST_CASE("deltas and bytes of generated values", "[D-01][D-02][D-03][D-04][D-05][D-06][generated]") {
    const Deal a = sample();
    Deal b = sample();
    b.legs[0].price = 4.5;
    b.legs.push_back({5.0, 5});
    b.limits["new"] = 1.0;
    b.limits.erase("max");
    b.tags.erase("hot");
    b.note.reset();
    const DeltaValue delta = diff(view(a), view(b));
    CHECK_FALSE(delta.empty());
    CHECK(diff(view(a), view(a)).empty());
    CHECK(apply(delta, view(a)).const_view() == view(b));
    CHECK(apply(invert(delta, view(a)), view(b)).const_view() == view(a));
    Deal target = a;
    delta.apply_to(view(target));
    CHECK(target == b);

    Deal decoded;
    decode(type_of<Deal>(), &decoded, encode(view(a)));
    CHECK(decoded == a);
    CHECK_THROWS_AS(decode(type_of<Leg>(), &decoded.leg, encode(view(a))), DecodeError);
}

TEST_CASE("generated values with behaviour around their changes", "[V-23][generated]") {
    ExtendedValue<WithModTracking, WithValidation> checked{Value(sample())};
    int changes = 0;
    checked.on_modified([&] { ++changes; });
    checked.validate_with([](const ConstValueView& v) { return v["leg"]["price"].as<double>() > 0; });
    checked.modify([](ValueView& v) { v["leg"]["price"].assign(5.5); });
    CHECK(changes == 1);
    CHECK_THROWS_AS(checked.modify([](ValueView& v) { v["leg"]["price"].assign(-1.0); }), ValueError);
    CHECK(changes == 1);
    CHECK(checked.view()["leg"]["price"].as<double>() == 5.5);
    static_assert(sizeof(BasicValue<NoCache>) < sizeof(BasicValue<WithPythonCache>));
}

TEST_CASE("hooks around the conversion of generated values", "[V-24][generated]") {
    const Deal d = sample();
    static int converted = 0;
    // Stands in for Python: the form of a Deal is the address of its name.
    const auto before = runtime_table.to_python;
    runtime_table.to_python = [](const TypeMeta&, const void* value) -> void* {
        return const_cast<std::string*>(&static_cast<const Deal*>(value)->name);
    };
    OperatorContext context;
    context.after_to_python = [](const ConstValueView& v, void* form) -> void* {
        converted += v.is_type(&type_of<Deal>());
        return form;
    };
    CHECK(view(d).to_python(context) == &d.name);
    runtime_table.to_python = before;
    CHECK(converted == 1);
}

TEST_CASE("a time series is read as it lies", "[V-11][generated]") {
    Book book;
    book.tick(1);
    book["A"].set_bid(1.5);
    const ConstValueView v = view(book);
    CHECK(v["A"]["bid"].as<double>() == 1.5);
    CHECK(v["A"]["bid"].data() == &book["A"].data().bid);
    CHECK(v.size() == 1);
}
