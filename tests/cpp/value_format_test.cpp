// Values and types as text.
#include "value_samples.hpp"

#include <hgvalue/value/format.hpp>
#include <hgvalue/value/ref.hpp>

#include <limits>
#include <optional>
#include <string>
#include <tuple>
#include <variant>

using namespace hgvalue;

namespace {

template <class T> std::string name() { return type_name(type_of<T>()); }
template <class T> std::string text(const T& v) { return to_string(type_of<T>(), &v); }

constexpr std::int64_t second = 1'000'000;
constexpr std::int64_t day = 86'400 * second;

} // namespace

TEST_CASE("types are named as a schema spells them", "[V-25]") {
    CHECK(name<bool>() == "bool");
    CHECK(name<std::int64_t>() == "int");
    CHECK(name<std::int32_t>() == "int32");
    CHECK(name<std::uint8_t>() == "uint8");
    CHECK(name<double>() == "float");
    CHECK(name<float>() == "float32");
    CHECK(name<std::string>() == "str");
    CHECK(name<bytes>() == "bytes");
    CHECK(name<date>() == "date");
    CHECK(name<time_of_day>() == "time");
    CHECK(name<datetime>() == "datetime");
    CHECK(name<timedelta>() == "timedelta");
    CHECK(name<object>() == "object");
    CHECK(name<color>() == "Color");
    CHECK(name<point>() == "Point");
    CHECK(name<probe>() == "probe");
    CHECK(name<list<bool>>() == "list[bool]");
    CHECK(name<tuple_of<std::int64_t>>() == "tuple[int, ...]");
    CHECK(name<std::tuple<std::int64_t, std::string>>() == "tuple[int, str]");
    CHECK(name<std::array<double, 3>>() == "Array[float, Size[3]]");
    CHECK(name<set<std::string>>() == "set[str]");
    CHECK(name<map<std::string, list<point>>>() == "dict[str, list[Point]]");
    CHECK(name<std::optional<std::int64_t>>() == "int | None");
    CHECK(name<cyclic_buffer<double, 4>>() == "CyclicBuffer[float, Size[4]]");
    CHECK(name<queue<std::string>>() == "Queue[str]");
    CHECK(name<queue<std::string, 8>>() == "Queue[str, Size[8]]");
    CHECK(name<window<double, false, 10, 0>>() == "Window[float, Size[10]]");
    CHECK(name<window<double, false, 10, 3>>() == "Window[float, Size[10], Size[3]]");
    CHECK(name<window<double, true, 60 * second, 0>>() == "Window[float, timedelta[seconds=60]]");
    CHECK(name<window<double, true, 1500, 0>>() == "Window[float, timedelta[microseconds=1500]]");
}

TEST_CASE("types without a C++ name are spelled out", "[V-25]") {
    TypeMeta bundle = type_of<point>();
    bundle.name = nullptr;
    CHECK(type_name(bundle) == "{x: int, y: float, label: str}");
    TypeMeta reference{};
    reference.kind = TypeKind::Ref;
    reference.element = &type_of<std::int64_t>();
    CHECK(type_name(reference) == "REF[int]");
}

TEST_CASE("scalars as text", "[V-25]") {
    CHECK(text(true) == "true");
    CHECK(text(bool8(false)) == "false");
    CHECK(text(std::int64_t{-42}) == "-42");
    CHECK(text(std::int8_t{65}) == "65");
    CHECK(text(std::numeric_limits<std::uint64_t>::max()) == "18446744073709551615");
    CHECK(text(std::string("hello")) == "\"hello\"");
    CHECK(text(std::string("a \"b\"\\\n\x01é")) == "\"a \\\"b\\\"\\\\\\n\\x01é\"");
    CHECK(text(bytes("a\xff")) == "b\"a\\xff\"");
    CHECK(text(color::green) == "Color.Green");
    CHECK(text(static_cast<color>(3)) == "Color(3)");
    CHECK(text(object()) == "None");
    CHECK(text(probe(1)) == "<probe>");
}

TEST_CASE("floats have the digits it takes to read them back", "[V-25]") {
    CHECK(text(3.14159) == "3.14159");
    CHECK(text(2.0) == "2.0");
    CHECK(text(-0.0) == "-0.0");
    CHECK(text(0.1 + 0.2) == "0.30000000000000004");
    CHECK(text(1e15) == "1000000000000000.0");
    CHECK(text(1e16) == "1e+16");
    CHECK(text(1e-4) == "0.0001");
    CHECK(text(1.5e-5) == "1.5e-05");
    CHECK(text(std::numeric_limits<double>::max()) == "1.7976931348623157e+308");
    CHECK(text(0.1F) == "0.1");
    CHECK(text(std::numeric_limits<double>::quiet_NaN()) == "nan");
    CHECK(text(-std::numeric_limits<double>::infinity()) == "-inf");
}

TEST_CASE("dates and times as text", "[V-25]") {
    CHECK(text(date{0}) == "1970-01-01");
    CHECK(text(date{-1}) == "1969-12-31");
    CHECK(text(date{-719162}) == "0001-01-01");
    CHECK(text(time_of_day{day - 1}) == "23:59:59.999999");
    CHECK(text(datetime{1}) == "1970-01-01 00:00:00.000001");
    CHECK(text(datetime{-1}) == "1969-12-31 23:59:59.999999");
    CHECK(text(datetime{MAX_DT}) == "9999-12-31 23:59:59.999999");
    CHECK(text(timedelta{90 * second}) == "00:01:30.000000");
    CHECK(text(timedelta{day + 1}) == "1 day, 00:00:00.000001");
    CHECK(text(timedelta{-second}) == "-1 day, 23:59:59.000000");
    CHECK(text(timedelta{std::numeric_limits<std::int64_t>::min()}) == "-106751992 days, 19:59:05.224192");
    CHECK(text(timedelta{-3 * day}) == "-3 days, 00:00:00.000000");
}

TEST_CASE("composites as text", "[V-25]") {
    CHECK(text(point{1, 2.5, "p"}) == "{x=1, y=2.5, label=\"p\"}");
    CHECK(text(list<std::int64_t>{1, 2, 3}) == "[1, 2, 3]");
    CHECK(text(list<bool>{true}) == "[true]");
    CHECK(text(list<std::int64_t>{}) == "[]");
    CHECK(text(std::array<std::int64_t, 2>{4, 5}) == "[4, 5]");
    CHECK(text(std::tuple<std::int64_t, std::string>{1, "a"}) == "(1, \"a\")");
    CHECK(text(std::tuple<std::int64_t>{1}) == "(1,)");
    CHECK(text(tuple_of<std::int64_t>{1}) == "(1,)");
    CHECK(text(tuple_of<std::int64_t>{1, 2}) == "(1, 2)");
    CHECK(text(set<std::int64_t>{1, 2, 3}) == "{1, 2, 3}");
    map<std::string, list<std::int64_t>> m;
    m["a"] = {1};
    m["b"] = {};
    CHECK(text(m) == "{\"a\": [1], \"b\": []}");
    CHECK(text(std::optional<double>()) == "None");
    CHECK(text(std::optional<double>(1.5)) == "1.5");
    cyclic_buffer<std::int64_t, 2> b;
    for (int i = 0; i < 3; ++i) b.push(i);
    CHECK(text(b) == "[1, 2]");
    window<std::int64_t, false, 3, 0> w;
    CHECK(text(w) == "Window[size=0]");
    for (int i = 40; i < 43; ++i) w.push(i, i);
    CHECK(text(w) == "Window[size=3, newest=42]");
}

TEST_CASE("references as text", "[V-25]") {
    ref<std::int64_t, 3> r;
    CHECK(name<ref<std::int64_t>>() == "REF[int]");
    CHECK(name<ref<std::int64_t, 3>>() == "REF[int, Size[3]]");
    CHECK(text(r) == "REF[empty]");
    std::int64_t target = 42;
    r.bind({&target, &type_of<std::int64_t>(), {}});
    CHECK(text(r) == "REF[bound: 42]");
    target = 43;
    CHECK(text(r) == "REF[bound: 43]");
    r.make_unbound(3);
    CHECK(text(r) == "REF[unbound: 3 items]");
}

TEST_CASE("a reference that leads back to itself has a text", "[V-25]") {
    std::tuple<ref<std::int64_t>> round;
    std::get<0>(round).bind({&round, &type_of<decltype(round)>(), {}});
    const std::string shown = text(round);
    CHECK(shown.find("(REF[bound: (REF[bound: ") == 0);
    CHECK(shown.find("...") != std::string::npos);
    CHECK(text(round) == shown);
}

TEST_CASE("options and choices in names", "[V-25]") {
    TypeMeta keys = type_of<set<std::int64_t>>(), entries = type_of<map<std::string, double>>();
    keys.flags = keys.flags | TypeFlags::Ordered;
    entries.flags = entries.flags | TypeFlags::Ordered;
    CHECK(type_name(keys) == "OrderedSet[int]");
    CHECK(type_name(entries) == "OrderedDict[str, float]");
    CHECK(name<std::variant<std::int64_t, std::string>>() == "int | str");
    CHECK(name<std::variant<std::optional<std::int64_t>, std::string>>() == "(int | None) | str");
    CHECK(name<std::optional<std::variant<std::int64_t, std::string>>>() == "int | str | None");
    CHECK(name<std::tuple<>>() == "tuple[()]");
}
