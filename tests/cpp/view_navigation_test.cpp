// What navigation costs: no memory and no copy.
#include "both_layouts.hpp"
#include "memory.hpp"

#include <hgvalue/value.hpp>

using namespace hgvalue;
using memory::allocations;

#pragma GCC diagnostic ignored "-Winvalid-offsetof" // as in generated code, whose structs are no other way unusual

namespace {

struct holder {
    std::vector<std::tuple<probe, point>> a;
    hgvalue::map<std::string, std::int64_t> b;
};

} // namespace

template <> inline constexpr TypeFlags hgvalue::flags_of<holder> = TypeFlags::Equatable;
template <> struct hgvalue::meta_for<holder> {
    static inline const FieldInfo fields[] = {
        {"a", &type_of<std::vector<std::tuple<probe, point>>>(), offsetof(holder, a), false, false, nullptr},
        {"b", &type_of<hgvalue::map<std::string, std::int64_t>>(), offsetof(holder, b), false, false, nullptr},
    };
    static inline const TypeMeta value = struct_meta<holder>("samples", "Holder", nullptr, fields, 2);
};

TEMPLATE_TEST_CASE("going to a part of a value allocates and copies nothing", "[V-11][V-19]", compiled_layout,
                   built_layout) {
    const std::string long_key = "a key that is too long to lie within its string object";
    Value v(TestType::template type<holder>());
    v.view()["a"].as_list().resize(4);
    v.view()["b"].as_map().set(long_key, 5);
    v.view()["b"].as_map().set("k", 6);
    const ConstValueView key = v.view()["b"].as_map().key_at(0);
    const char* literal = long_key.c_str();

    const long before = allocations, copies = probe::copies, moves = probe::moves, live = probe::live;
    std::int64_t sum = 0;
    ValueView w = v.view();
    sum += w["a"][3][1].path().size() == 3;
    sum += w["a"][3][1].size();
    for (const ValueView& e : w["a"].as_list()) sum += e[0].is_scalar() ? 1 : 0;
    for (const ConstValueView& e : std::as_const(w)["a"].as_list()) sum += e.as_tuple().size();
    sum += w["b"][literal].as<std::int64_t>();
    sum += w["b"].as_map().at(literal).as<std::int64_t>();
    sum += w["b"][key].as<std::int64_t>();
    for (auto [k, e] : w["b"].as_map())
        sum += static_cast<std::int64_t>(k.template as<std::string>().size() > 1) + e.template as<std::int64_t>();
    for (const ConstValueView& k : w["b"].as_map().keys()) sum += k.valid();
    w["b"].as_map().set("k", 7);
    const long after = allocations;
    CHECK(after == before);
    CHECK(probe::copies == copies);
    CHECK(probe::moves == moves);
    CHECK(probe::live == live);
    CHECK(sum == 1 + 3 + 4 + 8 + 5 + 5 + 5 + 1 + 5 + 6 + 2);
    CHECK(v.view()["b"]["k"].as<std::int64_t>() == 7);
}

TEST_CASE("a view knows where it stands", "[V-19][V-11]") {
    Value v(type_of<holder>());
    v.view()["a"].as_list().resize(2);
    v.view()["b"].as_map().set("k", 1);
    const ConstValueView x = v.view()["a"][1][1]["x"];
    CHECK(x.path_string() == "a[1][1].x");
    CHECK(x.owner() == &v);
    CHECK(v.view()["b"]["k"].path_string() == "b[\"k\"]");
    CHECK(message_of<IndexError>([&] { v.view()["a"][1][7]; }).rfind("a[1]: index 7", 0) == 0);
    CHECK(message_of<TypeError>([&] { v.view()["a"].as_list().push_back(1); }).rfind("a: expected tuple[", 0) == 0);
}
