// Types from text: every spelling, every refusal, and that what type_name writes is read back.
#include "catch.hpp"
#include "random_types.hpp"
#include "value_samples.hpp"

#include <hgvalue/core/type_parser.hpp>
#include <hgvalue/core/type_registry.hpp>
#include <hgvalue/value/format.hpp>

#include <string>

using namespace hgvalue;

namespace {

TypeRegistry& registry() { return TypeRegistry::instance(); }

/// The canonical spelling of what `text` is parsed to.
std::string read(std::string_view text) {
    const TypeMeta* type = parse_type(registry(), text);
    return type ? type_name(*type) : "unknown";
}

std::string refusal(std::string_view text) {
    try {
        return "accepted as " + read(text);
    } catch (const ValueError& e) {
        return e.what();
    }
}

void check_written_as(std::string_view text, std::string_view canonical) {
    INFO(text);
    CHECK(read(text) == canonical);
    CHECK(parse_type(registry(), text) == parse_type(registry(), canonical));
}

} // namespace

TEST_CASE("spellings of scalars and names", "[V-06][V-25]") {
    check_written_as("int", "int");
    check_written_as("  int64\n", "int");
    check_written_as("double", "float");
    check_written_as("datetime.date", "date");
    check_written_as("(int)", "int");
    registry().intern(type_of<point>());
    check_written_as("Point", "Point");
    check_written_as("samples.Point", "Point");
    check_written_as("list[samples.Point]", "list[Point]");
    CHECK(read("Poimt") == "unknown");
    CHECK(read("list[Poimt]") == "unknown");
    CHECK(read("dict[Poimt, int]") == "unknown");
    CHECK(read("Box[int, 3]") == "unknown");
    CHECK(read("list") == "unknown");
}

TEST_CASE("spellings of composites", "[V-06][V-25]") {
    check_written_as("List[int]", "list[int]");
    check_written_as("typing.List[ int ,]", "list[int]");
    check_written_as("tuple[int, ...]", "tuple[int, ...]");
    check_written_as("Tuple[int,str]", "tuple[int, str]");
    check_written_as("tuple[int]", "tuple[int]");
    check_written_as("tuple[()]", "tuple[()]");
    check_written_as("Tuple[int, Size[5]]", "Array[int, Size[5]]");
    for (const char* set : {"set", "Set", "frozenset", "FrozenSet", "typing.AbstractSet"})
        check_written_as(std::string(set) + "[str]", "set[str]");
    for (const char* map : {"dict", "Dict", "frozendict", "Mapping", "collections.abc.Mapping"})
        check_written_as(std::string(map) + "[str, float]", "dict[str, float]");
    check_written_as("OrderedSet[int]", "OrderedSet[int]");
    check_written_as("collections.OrderedDict[str, int]", "OrderedDict[str, int]");
    CHECK(read("OrderedSet[int]") != read("set[int]"));
    check_written_as("Array[float, 3]", "Array[float, Size[3]]");
    check_written_as("CyclicBuffer[float, 1_000]", "CyclicBuffer[float, Size[1000]]");
    check_written_as("Queue[str]", "Queue[str]");
    check_written_as("Queue[str, Size[8]]", "Queue[str, Size[8]]");
    check_written_as("{x: int, 'y z': {}, }", "{x: int, \"y z\": {}}");
    check_written_as("{\"x\": int}", "{x: int}");
}

TEST_CASE("spellings of windows", "[V-06][V-25]") {
    check_written_as("Window[float, 10]", "Window[float, Size[10]]");
    check_written_as("Window[float, WindowSize[10], Size[3]]", "Window[float, Size[10], Size[3]]");
    check_written_as("Window[float, 10, 0]", "Window[float, Size[10]]");
    check_written_as("Window[float, timedelta(minutes=5)]", "Window[float, timedelta[seconds=300]]");
    check_written_as("Window[float, timedelta[seconds=60], timedelta(seconds=1.5)]",
                     "Window[float, timedelta[seconds=60], timedelta[microseconds=1500000]]");
    check_written_as("Window[int, WindowSize[timedelta(1)], 0]", "Window[int, timedelta[seconds=86400]]");
    check_written_as("Window[int, datetime.timedelta(1, seconds = 2, )]", "Window[int, timedelta[seconds=86402]]");
    check_written_as("list[timedelta]", "list[timedelta]");
}

TEST_CASE("spellings of choices", "[V-06][V-25][V-29]") {
    check_written_as("int|None", "int | None");
    check_written_as("None | int", "int | None");
    check_written_as("Optional[int]", "int | None");
    check_written_as("Optional[int | None]", "int | None");
    check_written_as("int | str", "int | str");
    check_written_as("Union[int, str]", "int | str");
    check_written_as("Union[int, None]", "int | None");
    check_written_as("int | None | str", "int | str | None");
    check_written_as("list[int | str] | float", "list[int | str] | float");
    check_written_as("(int | None) | str", "(int | None) | str");
}

TEST_CASE("what no type spells is refused with the column", "[V-06][V-25]") {
    CHECK(refusal("") == "type '', column 1: expected a type, not the end");
    CHECK(refusal("list[int") == "type 'list[int', column 9: expected ',' or ']', not the end");
    CHECK(refusal("list[]") == "type 'list[]', column 1: expected [a type], not 0 arguments");
    CHECK(refusal("dict[int]") == "type 'dict[int]', column 1: expected [a type, a type], not 1 argument");
    CHECK(refusal("int]") == "type 'int]', column 4: expected the end, not ']'");
    CHECK(refusal("None") == "type 'None', column 1: expected a type other than None, not 'N'");
    CHECK(refusal("list[None]") == "type 'list[None]', column 6: expected a type, not 'N'");
    CHECK(refusal("a..b") == "type 'a..b', column 3: expected a name, not '.'");
    CHECK(refusal("list[3]") == "type 'list[3]', column 6: expected a type, not '3'");
    CHECK(refusal("Array[int, int]") == "type 'Array[int, int]', column 12: expected a size, not 'i'");
    CHECK(refusal("Array[int, 0]") == "type 'Array[int, 0]', column 1: the size of an array must be positive");
    CHECK(refusal("Queue[int, 0]") == "type 'Queue[int, 0]', column 12: expected a size above 0, not '0'");
    CHECK(refusal("tuple[]") == "type 'tuple[]', column 1: expected tuple[()] or the types of a tuple, not 't'");
    CHECK(refusal("{x int}") == "type '{x int}', column 4: expected ':', not 'i'");
    CHECK(refusal("{x: int, x: str}") == "type '{x: int, x: str}', column 1: two fields are called 'x'");
    CHECK(refusal(std::string_view("{'a\0': int}", 11)).find("the name of a field cannot contain NUL") !=
          std::string::npos);
    CHECK(refusal("int | int") == "type 'int | int', column 1: 'int' is an alternative of a variant twice");
    CHECK(refusal("Window[int, 3, 4]") ==
          "type 'Window[int, 3, 4]', column 1: the minimum of a window is above its size");
    CHECK(refusal("Window[int, timedelta(years=1)]") ==
          "type 'Window[int, timedelta(years=1)]', column 23: expected a keyword of timedelta, not 'y'");
    CHECK(refusal("Window[int, timedelta(seconds=1.0000005)]") ==
          "type 'Window[int, timedelta(seconds=1.0000005)]', column 31: expected a whole number of microseconds, not "
          "'1'");
    CHECK(refusal("list[\xc3\xa9 \xc3\xa0]") == "type 'list[\xc3\xa9 \xc3\xa0]', column 8: expected ',' or ']', not "
                                                "'\xc3\xa0'");
    CHECK(refusal("Array[int, 99999999999999999999]").find("column 12: expected a number of 64 bits") !=
          std::string::npos);
    CHECK(refusal("Window[int, timedelta(weeks=999999999999)]").find("a shorter duration") != std::string::npos);
    CHECK_THROWS_AS(read("set[list[int]]"), TypeError);
}

TEST_CASE("nesting has a limit, and text of any length is read", "[V-06]") {
    const auto nested = [](int levels, const char* open, const char* close) {
        std::string text;
        for (int i = 0; i < levels; ++i) text += open;
        text += "int";
        for (int i = 0; i < levels; ++i) text += close;
        return text;
    };
    CHECK(read(nested(63, "list[", "]")) == nested(63, "list[", "]"));
    CHECK(refusal(nested(64, "list[", "]")).find("types nest at most 64 levels deep") != std::string::npos);
    for (const char* open : {"list[", "(", "{a:", "Size[", "Array[int, Size[", "Window[int, timedelta("})
        CHECK(refusal(nested(100'000, open, "")).find("type '") == 0);
    CHECK(refusal(std::string(1'000'000, '[')).size() < 300);
}

TEST_CASE("no type is made before the whole text was read", "[V-06]") {
    // Making the set would fail with another error than reading on.
    CHECK_THROWS_AS(read("tuple[set[list[int]], list["), ValueError);
    CHECK(read("tuple[set[list[int]], Missing]") == "unknown");
}

TEST_CASE("the registry reads spellings", "[V-06][V-07]") {
    CHECK(registry().get("dict[str, list[int]]") ==
          &registry().map(registry().require("str"), registry().list(registry().require("int"))));
    CHECK(registry().get("dict[str, Missing]") == nullptr);
    CHECK(registry().get("") == nullptr);
    CHECK_FALSE(registry().has("no such type"));
    CHECK_THROWS_AS(registry().get("list["), ValueError);
    CHECK_THROWS_WITH(registry().require("flaot"), "no type is called 'flaot'; did you mean 'float'?");
}

TEST_CASE("what type_name writes is read back as the same type", "[V-06][V-25]") {
    random_types types(20240229);
    for (int i = 0; i < 3000; ++i) {
        const TypeMeta& type = types.type(1 + i % 4);
        const std::string name = type_name(type);
        INFO(name);
        const TypeMeta* back = parse_type(registry(), name);
        REQUIRE(back != nullptr);
        CHECK(same_type(*back, type));
    }
}
