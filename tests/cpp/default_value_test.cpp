// Values that are made without one being given: an enum is always one of its members.
#include "value_samples.hpp"

#include <hgvalue/core/type_registry.hpp>
#include <hgvalue/value.hpp>

#include <variant>

using namespace hgvalue;

enum class level : std::int64_t { high = 9, low = -1 };
template <> inline constexpr std::int64_t hgvalue::enum_default<level> = 9;
template <> struct hgvalue::meta_for<level> {
    static constexpr const char* names[] = {"High", "Low"};
    static constexpr std::int64_t values[] = {9, -1};
    static constexpr EnumInfo members{names, values, 2};
    static constexpr TypeMeta value = enum_meta<level>("samples", "Level", nullptr, members);
};

namespace {

using pair = std::tuple<std::int64_t, level>;
using levels = std::array<level, 3>;
using choice = std::variant<level, std::string>;
using other_choice = std::variant<std::string, pair>;

/// A value as the operations of its type make it.
template <class T> T constructed() {
    alignas(T) std::byte place[sizeof(T)];
    type_of<T>().ops->construct(type_of<T>(), place);
    T made = std::move(*reinterpret_cast<T*>(place));
    type_of<T>().ops->destroy(type_of<T>(), place);
    return made;
}

template <class T> void check_default(const T& expected) {
    CHECK(constructed<T>() == expected);
    CHECK(default_value<T>() == expected);
    CHECK(starts_as_made<T> == false);
    CHECK(!type_of<T>().is(TypeFlags::TriviallyConstructible));
    std::vector<T> list;
    type_of<std::vector<T>>().ops->list_resize(type_of<std::vector<T>>(), &list, 2);
    CHECK(list == std::vector<T>{expected, expected});
    std::optional<T> held;
    type_of<std::optional<T>>().ops->optional_emplace(type_of<std::optional<T>>(), &held);
    CHECK(held == expected);
    map<std::string, T> by_name;
    CHECK(by_name["new"] == expected);
}

} // namespace

TEST_CASE("an enum without a member 0 starts as its first member, wherever it is") {
    check_default(level::high);
    check_default(pair{0, level::high});
    check_default(levels{level::high, level::high, level::high});
    check_default(std::tuple{levels{level::high, level::high, level::high}, std::string()});
    check_default(choice(level::high));
    other_choice v;
    type_of<other_choice>().ops->variant_emplace(type_of<other_choice>(), &v, 1);
    CHECK(v == other_choice(pair{0, level::high}));
    tuple_of<level> many;
    type_of<tuple_of<level>>().ops->list_resize(type_of<tuple_of<level>>(), &many, 1);
    CHECK(many == tuple_of<level>{level::high});
}

TEST_CASE("an enum with a member 0 starts as that, without code") {
    CHECK(default_value<color>() == color::red);
    CHECK(type_of<std::array<color, 2>>().is(TypeFlags::TriviallyConstructible));
}

TEST_CASE("types made at run time start likewise") {
    TypeRegistry& registry = TypeRegistry::instance();
    const EnumMember without_zero[] = {{"Low", 3}, {"High", 7}}, with_zero[] = {{"On", 1}, {"Off", 0}};
    const TypeMeta& low = registry.enumeration("DefaultLow", "samples", without_zero);
    const TypeMeta& off = registry.enumeration("DefaultOff", "samples", with_zero);
    const auto made = [](const TypeMeta& type) { return Value(type).view().to_string(); };
    CHECK(made(low) == "DefaultLow.Low");
    CHECK(made(off) == "DefaultOff.Off");
    CHECK(made(registry.fixed_list(low, 2)) == "[DefaultLow.Low, DefaultLow.Low]");
    const TypeMeta* const parts[] = {&type_of<level>(), &low};
    CHECK(made(registry.tuple(parts)) == "(Level.High, DefaultLow.Low)");
    CHECK(made(registry.variant(parts)) == "Level.High");
    CHECK(!registry.tuple(parts).is(TypeFlags::TriviallyConstructible));
    CHECK(registry.fixed_list(off, 2).is(TypeFlags::TriviallyConstructible));
}
