// The registry: names, identities, layouts, and values of the types it makes.
#include "value_samples.hpp"

#include <hgvalue/core/type_registry.hpp>
#include <hgvalue/delta/delta_type.hpp>
#include <hgvalue/value/format.hpp>
#include <hgvalue/value/value.hpp>

#include <vector>

using namespace hgvalue;

namespace {

TypeRegistry& registry() { return TypeRegistry::instance(); }
const TypeMeta& named(const char* name) { return registry().require(name); }

/// A value of a type known only here by its meta.
class held {
  public:
    explicit held(const TypeMeta& type) : type_(type), bytes_(type.size + type.alignment) {
        type_.ops->construct(type_, data());
    }
    held(const held& o) : type_(o.type_), bytes_(type_.size + type_.alignment) {
        type_.ops->copy_construct(type_, data(), o.data());
    }
    ~held() { type_.ops->destroy(type_, data()); }
    void* data() {
        const auto a = reinterpret_cast<std::uintptr_t>(bytes_.data());
        return bytes_.data() + (type_.alignment - a % type_.alignment) % type_.alignment;
    }
    const void* data() const { return const_cast<held*>(this)->data(); }
    bool operator==(const held& o) const { return type_.ops->equals(type_, data(), o.data()); }

  private:
    const TypeMeta& type_;
    std::vector<std::byte> bytes_;
};

} // namespace

TEST_CASE("built-in names and their aliases", "[V-06][V-07]") {
    CHECK(registry().get("int") == &type_of<std::int64_t>());
    for (const char* alias : {"int64", "long"}) CHECK(&named(alias) == &named("int"));
    for (const char* alias : {"float64", "double"}) CHECK(&named(alias) == &named("float"));
    CHECK(&named("size_t") == &named("uint64"));
    for (const char* name : {"bool", "int8", "int16", "int32", "uint8", "uint16", "uint32", "float32", "str", "bytes",
                             "date", "time", "datetime", "timedelta", "object"})
        CHECK(type_name(named(name)) == name);
    CHECK(registry().get("no such type") == nullptr);
    CHECK_FALSE(registry().has("no such type"));
    CHECK_THROWS_AS(registry().require("no such type"), KeyError);
    CHECK(scalar_type_meta<double>() == &named("float"));
}

TEST_CASE("the same shape is the same type", "[V-06]") {
    const TypeMeta& number = named("int");
    CHECK(&registry().list(number) == &registry().list(number));
    CHECK(&registry().list(number) != &registry().tuple_of(number));
    CHECK(&registry().fixed_list(number, 3) != &registry().fixed_list(number, 4));
    CHECK(&registry().map(number, named("str")) == &registry().map(named("long"), named("str")));
    CHECK(&registry().map(number, number) != &registry().map(number, number, RowOrder::Insertion));
    CHECK(&registry().window(number, 10) != &registry().window(number, timedelta{10}));
    CHECK(&registry().optional(registry().optional(number)) == &registry().optional(number));
    const auto pair = [&] { return &registry().bundle().field<std::int64_t>("x").field<double>("y").build(); };
    CHECK(pair() == pair());
    CHECK(pair() != &registry().bundle().field<double>("y").field<std::int64_t>("x").build());
}

TEST_CASE("named types are nominal, and a bare name may be ambiguous", "[V-06]") {
    const TypeMeta& a = registry().bundle("Twin", "one").field<std::int64_t>("x").build();
    CHECK(&named("Twin") == &a);
    CHECK(&registry().bundle("Twin", "one").field<std::int64_t>("x").build() == &a);
    const TypeMeta& b = registry().bundle("Twin", "two").field<std::int64_t>("x").build();
    CHECK(&a != &b);
    using Catch::Matchers::Contains;
    CHECK_THROWS_AS(registry().get("Twin"), AmbiguousTypeError);
    for (const TypeMeta* twin : {&a, &b})
        CHECK_THROWS_WITH(registry().get("Twin"), Contains(std::string(twin->module) + ".Twin (fingerprint " +
                                                           std::to_string(type_fingerprint(*twin)) + ')'));
    CHECK(&named("one.Twin") == &a);
    CHECK(registry().find("two.Twin", type_fingerprint(b)) == &b);
    CHECK(registry().find("two.Twin", type_fingerprint(a)) == nullptr);
    CHECK(structurally_compatible(a, b));
    CHECK_FALSE(same_type(a, b));
    CHECK(registry().find(type_fingerprint(a)) == &a);
}

TEST_CASE("a bundle declared again with another default is told apart in the message", "[V-06]") {
    registry().bundle("Again", "m").field<std::int64_t>("x").build();
    const std::int64_t five = 5;
    registry().bundle("Again", "m").field("x", type_of<std::int64_t>(), &five).build();
    CHECK_THROWS_WITH(registry().get("Again"), Catch::Matchers::Contains(", with other defaults)"));
}

TEST_CASE("layouts of one type have one identity", "[V-06][V-08]") {
    const TypeMeta& compiled = type_of<std::vector<double>>();
    const TypeMeta& built = registry().list(type_of<double>());
    CHECK(&compiled != &built);
    CHECK(&registry().intern(compiled) == &built);
    CHECK(same_type(compiled, built));
    CHECK_FALSE(same_layout(compiled, built));
    CHECK(same_layout(compiled, compiled));
    CHECK(type_fingerprint(compiled) == type_fingerprint(built));

    const TypeMeta& point_type = registry().intern(type_of<point>());
    CHECK(&point_type == &type_of<point>()); // the first layout of a named type is its identity
    CHECK(&named("samples.Point") == &point_type);
    const std::string none;
    const TypeMeta& twin = registry()
                               .bundle("Point", "samples")
                               .field<std::int64_t>("x")
                               .field<double>("y")
                               .field("label", type_of<std::string>(), &none)
                               .build();
    CHECK(&twin != &point_type);
    CHECK(&registry().intern(twin) == &point_type);
    CHECK_FALSE(same_layout(twin, point_type));
    CHECK(&registry().intern(registry().list(twin)) == &registry().intern(type_of<std::vector<point>>()));
    CHECK(twin.fields[1].offset == point_type.fields[1].offset);
    CHECK(twin.size == point_type.size);
}

TEST_CASE("a fingerprint says what a type is, not what its defaults and docstring are", "[D-05]") {
    const std::int64_t one = 1;
    const TypeMeta& with = registry().bundle("Print", "m").field("x", type_of<std::int64_t>(), &one).build();
    const TypeMeta& without = registry().bundle("Print", "m").field<std::int64_t>("x").doc("text").build();
    CHECK_FALSE(same_type(with, without));
    CHECK(type_fingerprint(with) == type_fingerprint(without));
    CHECK(type_fingerprint(with) != type_fingerprint(registry().bundle("Print", "m").field<double>("x").build()));
    CHECK(type_fingerprint(type_of<std::int64_t>()) == 0x2371822081a760b1ULL); // the same on every machine, for ever
}

TEST_CASE("impossible types are refused where they are built", "[V-28][V-06]") {
    const TypeMeta& number = named("int");
    CHECK_THROWS_AS(registry().set(registry().list(number)), TypeError);
    CHECK_THROWS_AS(registry().map(named("object"), number), TypeError);
    CHECK_NOTHROW(registry().map(registry().tuple_of(number), number));
    CHECK_THROWS_AS(registry().fixed_list(number, 0), ValueError);
    CHECK_THROWS_AS(registry().fixed_list(number, std::size_t{1} << 40), ValueError);
    CHECK_THROWS_AS(registry().cyclic_buffer(number, 0), ValueError);
    CHECK_THROWS_AS(registry().window(number, 2, 3), ValueError);
    CHECK_THROWS_AS(registry().window(number, timedelta{-1}), ValueError);
    CHECK_THROWS_AS(registry().variant({&number}), ValueError);
    CHECK_THROWS_AS(registry().variant({&number, &named("long")}), ValueError);
    CHECK_THROWS_AS(registry().bundle("").field<double>("x"), ValueError);
    CHECK_THROWS_AS(registry().bundle().field<double>("x").field<double>("x"), ValueError);
    CHECK_THROWS_AS(registry().enumeration("E", "m", {}), ValueError);
    const EnumMember twice[] = {{"A", 1}, {"B", 1}};
    CHECK_THROWS_AS(registry().enumeration("E", "m", twice), ValueError);
    CHECK_THROWS_AS(registry().add_alias("int", named("str")), ValueError);
}

TEST_CASE("types made at run time nest to a limit", "[V-28]") {
    const auto nested = [](int levels) -> const TypeMeta& {
        const TypeMeta* t = &type_of<std::int64_t>();
        for (int i = 0; i < levels; ++i) t = &registry().list(*t);
        return *t;
    };
    CHECK(delta_type(nested(64)).size != 0); // the deepest that can be spelled
    const TypeMeta& deepest = nested(512);
    const Value value(deepest);
    CHECK(value == value.const_view().clone());
    CHECK_THROWS_WITH(registry().list(deepest), Catch::Matchers::Contains("512 levels"));
    CHECK_THROWS_AS(registry().map(type_of<std::int64_t>(), deepest), ValueError);
    CHECK_THROWS_AS(registry().bundle().field("deep", deepest).build(), ValueError);
}

TEST_CASE("flags follow from the parts", "[V-03]") {
    const TypeMeta& number = named("int");
    const TypeMeta& text = named("str");
    CHECK(registry().tuple({&number, &number}).is(TypeFlags::TriviallyCopyable | TypeFlags::Hashable));
    CHECK_FALSE(registry().tuple({&number, &text}).is(TypeFlags::TriviallyCopyable));
    CHECK(registry().set(number).is(TypeFlags::Hashable));
    CHECK(registry().map(number, text).is(TypeFlags::Hashable));
    CHECK_FALSE(registry().map(number, registry().list(number)).is(TypeFlags::Hashable));
    CHECK(registry().list(named("object")).is(TypeFlags::HoldsObjects));
    // As the compiler's own.
    CHECK(registry().map(text, number).flags == (type_of<map<std::string, std::int64_t>>().flags | TypeFlags::Built));
    CHECK(registry().fixed_list(number, 2).flags == (type_of<std::array<std::int64_t, 2>>().flags | TypeFlags::Built));
    CHECK(registry().optional(text).flags == (type_of<std::optional<std::string>>().flags | TypeFlags::Built));
    CHECK(registry().variant({&number, &text}).flags ==
          (type_of<std::variant<std::int64_t, std::string>>().flags | TypeFlags::Built));
}

TEST_CASE("bundles start with their defaults", "[V-01][V-04]") {
    const std::string text = "a text that is longer than what fits into a string itself";
    const std::int64_t seven = 7;
    const TypeMeta& m = registry()
                            .bundle()
                            .field("n", type_of<std::int64_t>(), &seven)
                            .field("s", type_of<std::string>(), &text)
                            .field<double>("z")
                            .build();
    REQUIRE(m.field_count == 3);
    held v(m);
    CHECK(to_string(m, v.data()) == "{n=7, s=\"" + text + "\", z=0.0}");
    const held copy(v);
    CHECK(copy == v);
    *static_cast<std::int64_t*>(v.data()) = 8;
    CHECK_FALSE(copy == v);
    m.ops->copy_assign(m, v.data(), copy.data());
    CHECK(copy == v);
}

TEST_CASE("lists, optionals and variants made here hold objects", "[V-02][V-29]") {
    const long before = probe::live;
    {
        const TypeMeta& element = type_of<probe>();
        const TypeMeta& list = registry().list(element);
        held v(list);
        list.ops->list_resize(list, v.data(), 10);
        CHECK(list.ops->list_size(list, v.data()) == 10);
        CHECK(probe::live == before + 10);
        held copy(v);
        list.ops->list_resize(list, v.data(), 3);
        CHECK(probe::live == before + 13);
        list.ops->copy_assign(list, v.data(), copy.data());
        CHECK(v == copy);
        probe::fail_after = 5;
        CHECK_THROWS_AS(list.ops->list_resize(list, v.data(), 100), probe_failure);
        probe::fail_after = 0;
        CHECK(v == copy);
        probe::fail_after = 5;
        CHECK_THROWS_AS(held(copy), probe_failure);
        CHECK_THROWS_AS((probe::fail_after = 5, list.ops->copy_assign(list, v.data(), copy.data())), probe_failure);
        probe::fail_after = 0;
        CHECK(v == copy);

        const TypeMeta& optional = registry().optional(element);
        held o(optional);
        CHECK(optional.ops->optional_get(optional, o.data()) == nullptr);
        CHECK(optional.ops->optional_emplace(optional, o.data()) != nullptr);
        held other(o);
        CHECK(other == o);
        optional.ops->optional_reset(optional, o.data());
        CHECK_FALSE(other == o);
        optional.ops->move_assign(optional, o.data(), other.data());
        CHECK(optional.ops->optional_get(optional, o.data()) != nullptr);

        const TypeMeta& variant = registry().variant({&named("int"), &element, &named("str")});
        held w(variant);
        CHECK(variant.ops->variant_index(variant, w.data()) == 0);
        variant.ops->variant_emplace(variant, w.data(), 1);
        CHECK(variant.ops->variant_index(variant, w.data()) == 1);
        held third(w);
        variant.ops->variant_emplace(variant, w.data(), 2);
        *static_cast<std::string*>(variant.ops->variant_get(variant, w.data())) = "text";
        CHECK(to_string(variant, w.data()) == "\"text\"");
        variant.ops->move_assign(variant, w.data(), third.data());
        CHECK(variant.ops->variant_index(variant, w.data()) == 1);
        probe::fail_after = 1;
        variant.ops->variant_emplace(variant, w.data(), 0);
        probe::fail_after = 1;
        CHECK_THROWS_AS(variant.ops->variant_emplace(variant, w.data(), 1), probe_failure);
        probe::fail_after = 0;
        CHECK(variant.ops->variant_index(variant, w.data()) == 0);
    }
    CHECK(probe::live == before);
    CHECK(probe::corrupted == 0);
}
