// Values: what they own, and when.
#include "both_layouts.hpp"

#include <hgvalue/value.hpp>

#include <cstdlib>
#include <new>

using namespace hgvalue;

static_assert(sizeof(Value) == 40);
static_assert(sizeof(BasicValue<WithPythonCache>) == sizeof(Value) + sizeof(object));
static_assert(!std::is_copy_constructible_v<Value> && std::is_nothrow_move_constructible_v<Value>);
static_assert(value_storage::fits(24, 8) && !value_storage::fits(25, 8) && !value_storage::fits(16, 16));

namespace {

struct block24 {
    probe p;
    std::int64_t n;
};
static_assert(sizeof(block24) == 24);

} // namespace

template <> inline constexpr TypeFlags hgvalue::flags_of<block24> = TypeFlags::Equatable;
template <> struct hgvalue::meta_for<block24> {
    static constexpr FieldInfo fields[] = {
        {"p", &type_of<probe>(), offsetof(block24, p), false, false, nullptr},
        {"n", &type_of<std::int64_t>(), offsetof(block24, n), false, false, nullptr},
    };
    static constexpr TypeMeta value = struct_meta<block24>("samples", "Block24", nullptr, fields, 2);
};

TEST_CASE("small values lie inside, others on the heap", "[V-08]") {
    const auto inside = [](const Value& v) {
        const auto* p = static_cast<const std::byte*>(v.data());
        const auto* at = reinterpret_cast<const std::byte*>(&v);
        return p >= at && p < at + sizeof v;
    };
    CHECK(inside(Value(1.5)));
    CHECK(inside(Value(type_of<std::vector<double>>())));
    CHECK(inside(Value(type_of<block24>())));
    CHECK_FALSE(inside(Value(type_of<point>())));
    const Value aligned(type_of<lane>());
    CHECK_FALSE(inside(aligned));
    CHECK(reinterpret_cast<std::uintptr_t>(aligned.data()) % alignof(lane) == 0);
}

TEST_CASE("moving leaves nothing behind and copies nothing", "[V-08]") {
    const probe_scope scope;
    {
        Value small(type_of<block24>());
        Value heap(type_of<std::tuple<probe, probe, probe>>());
        const void* there = heap.data();
        Value a(std::move(small)), b(std::move(heap));
        CHECK_FALSE(small.valid());
        CHECK_FALSE(heap.has_value());
        CHECK(heap.schema() == nullptr);
        CHECK(b.data() == there); // the heap's does not move
        CHECK_THROWS_AS(heap.view(), NullValueError);
        a = std::move(b);
        CHECK(a.data() == there);
        a = std::move(*&a);
        CHECK(a.has_value());
        CHECK(probe::copies == 0);
        CHECK(probe::live == 3);
        b = Value(type_of<probe>());
        CHECK(probe::live == 4);
    }
}

TEST_CASE("copies are explicit", "[V-08]") {
    const probe_scope scope;
    Value v(probe(5));
    CHECK(probe::copies == 0);
    const Value a = v.clone(), b = Value::copy(v), c = v.view().clone(), d(v.const_view()), e = Value::copy(v.view());
    CHECK(probe::copies == 5);
    CHECK(a == v);
    CHECK(e == d);
    probe::fail_after = 1;
    CHECK_THROWS_AS(v.clone(), probe_failure);
    CHECK(probe::live == 6);
}

TEST_CASE("a value is made of a C++ value", "[V-08][V-05]") {
    CHECK(Value(42).schema() == &type_of<std::int32_t>());
    CHECK(Value(std::int64_t{42}).to_string() == "42");
    CHECK(Value("text").to_string() == "\"text\"");
    CHECK(Value(std::string_view("text")) == Value(std::string("text")));
    CHECK(Value(std::vector<double>{1, 2}).to_string() == "[1.0, 2.0]");
    CHECK(Value(true).schema()->scalar == ScalarKind::Bool);
    const point p{1, 2, "p"};
    CHECK(Value(p).as<point>().label == "p");
    CHECK_THROWS_AS(Value(static_cast<const TypeMeta*>(nullptr)), StateError);
    CHECK_THROWS_AS(Value(ConstValueView()), NullValueError);
}

TEST_CASE("a null value has a type and no content", "[V-09]") {
    const probe_scope scope;
    Value v = Value::null(type_of<probe>());
    CHECK(v.valid());
    CHECK_FALSE(v.has_value());
    CHECK_FALSE(v);
    CHECK(v.to_string() == "None");
    CHECK(v.hash() == 0);
    CHECK_THROWS_AS(v.view(), NullValueError);
    CHECK_THROWS_AS(std::as_const(v).view(), NullValueError);
    CHECK_THROWS_AS(v.data(), NullValueError);
    CHECK_THROWS_AS(v.checked_as<probe>(), NullValueError);
    CHECK(v.try_as<probe>() == nullptr);
    CHECK(message_of<NullValueError>([&] { v.as_list(); }) == "the value of type probe is null");
    CHECK_THROWS_AS(Value().view(), NullValueError);
    CHECK_THROWS_AS(Value().emplace(), StateError);

    CHECK(v == Value::null(type_of<probe>()));
    CHECK_FALSE(v == Value::null(type_of<double>()));
    CHECK_FALSE(v == Value());
    CHECK(Value() == Value());
    CHECK(Value::null(type_of<std::vector<double>>()) == Value::null(rebuilt(type_of<std::vector<double>>())));
    const Value copy = v.clone();
    CHECK(copy.schema() == &type_of<probe>());
    CHECK_FALSE(copy.has_value());

    probe::fail_after = 1;
    CHECK_THROWS_AS(v.emplace(), probe_failure);
    CHECK_FALSE(v.has_value());
    v.emplace();
    CHECK(v.has_value());
    CHECK_FALSE(v == copy);
    const void* there = v.data();
    CHECK(v.emplace().data() == there);
    CHECK(probe::live == 1);
    v.reset();
    CHECK(probe::live == 0);
    CHECK(v.valid());
    v.reset();

    // Giving a null value where a value is wanted is an error, too.
    Value list(type_of<std::vector<double>>());
    CHECK_THROWS_AS(list.as_list().push_back(Value::null(type_of<double>())), NullValueError);
    CHECK_THROWS_AS(list.as_list().push_back(ConstValueView()), NullValueError);
    CHECK(list.as_list().empty());
}

TEST_CASE("types are the same by address and compatible by shape", "[V-08]") {
    struct pair_of {
        const TypeMeta& compiled;
        const TypeMeta& built;
    };
    const pair_of same{type_of<std::vector<std::int64_t>>(), rebuilt(type_of<std::vector<std::int64_t>>())};
    CHECK(same_type(same.compiled, same.built));
    CHECK_FALSE(same_layout(same.compiled, same.built));
    const pair_of alike{type_of<point>(), rebuilt(type_of<point>())};
    CHECK_FALSE(same_type(alike.compiled, alike.built)); // named types are what they are called
    CHECK(structurally_compatible(alike.compiled, alike.built));
    CHECK(Value(same.compiled).view().is_type(&same.built));
    CHECK_FALSE(Value(alike.compiled).view().is_type(&alike.built));
    CHECK_FALSE(structurally_compatible(type_of<point>(), type_of<lane>()));
    CHECK_FALSE(structurally_compatible(type_of<std::vector<double>>(), type_of<std::vector<float>>()));
}

TEMPLATE_TEST_CASE("flags follow from those of the parts", "[V-03]", compiled_layout, built_layout) {
    using enum TypeFlags;
    const auto has = [](const TypeMeta& m, TypeFlags f) { return m.is(f); };
    const auto lacks = [](const TypeMeta& m, TypeFlags f) { return (m.flags & f) == None; };
    const TypeMeta& trivial = TestType::template type<lane>();
    CHECK(has(trivial, TriviallyCopyable | TriviallyDestructible | Hashable | Comparable | Equatable));
    CHECK(lacks(trivial, BufferCompatible | HoldsObjects));
    const TypeMeta& owning = TestType::template type<point>();
    CHECK(has(owning, Hashable | Comparable | Equatable));
    CHECK(lacks(owning, TriviallyCopyable | TriviallyDestructible));
    const TypeMeta& list = TestType::template type<std::vector<double>>();
    CHECK(has(list, Comparable | Equatable));
    CHECK(lacks(list, Hashable | TriviallyCopyable));
    CHECK(has(TestType::template type<tuple_of<double>>(), Hashable | IsTuple));
    CHECK(has(TestType::template type<std::array<double, 3>>(), BufferCompatible | TriviallyCopyable));
    CHECK(lacks(TestType::template type<std::array<point, 3>>(), BufferCompatible | TriviallyCopyable));
    CHECK(has(TestType::template type<hgvalue::set<std::string>>(), Hashable | Equatable));
    CHECK(has(TestType::template type<hgvalue::map<std::string, double>>(), Hashable | Equatable));
    CHECK(lacks(TestType::template type<hgvalue::map<std::string, std::vector<double>>>(), Hashable));
    CHECK(has(TestType::template type<std::optional<std::int64_t>>(), TriviallyCopyable | Hashable));
    CHECK(lacks(TestType::template type<std::optional<std::vector<double>>>(), TriviallyCopyable | Hashable));
    CHECK(lacks(TestType::template type<std::tuple<std::int64_t, std::vector<double>>>(), Hashable));
    CHECK(has(TestType::template type<std::vector<object>>(), HoldsObjects | Equatable));
    CHECK(lacks(TestType::template type<std::vector<object>>(), Comparable | Hashable));
    CHECK(has(TestType::template type<queue<double>>(), Equatable));
    CHECK(has(TestType::template type<ref<double>>(), HoldsObjects));
}
