// NodeTypes made at run time: the same numbers as the compiler's, and the same behaviour over data of the registry.
#include "catch.hpp"
#include "ts_bundle.hpp"
#include "ts_random.hpp"
#include "ts_rebuilt.hpp"

#include <cstring>
#include <string>
#include <tuple>

using namespace hgvalue;
using ts_test::bundle;
using ts_test::rebuilt;
using ts_test::registry;
using ts_test::wide_bundle;

namespace {

bool same_text(const char* a, const char* b) { return a == b || (a && b && std::strcmp(a, b) == 0); }

/// How two types differ in anything but the layout of data; empty if they do not.
std::string difference(const NodeType& a, const NodeType& b, const std::string& path = "type") {
    const auto numbers = [](const NodeType& t) {
        return std::tuple{t.kind,    t.field_count, t.list_size,         t.overlay_size,    t.flat,
                          t.by_time, t.window_size, t.overlay_alignment, t.children_offset, t.window_minimum};
    };
    if (numbers(a) != numbers(b)) return path + ": numbers differ";
    if (!same_text(a.name, b.name) || !same_text(a.module, b.module) || !same_text(a.doc, b.doc))
        return path + ": names differ";
    if ((a.scalar == nullptr) != (b.scalar == nullptr)) return path + ": one has a scalar";
    if (a.scalar && !same_type(*a.scalar, *b.scalar)) return path + ": scalars differ";
    if ((a.child == nullptr) != (b.child == nullptr)) return path + ": one has a child";
    if (a.child) return difference(*a.child, *b.child, path + "[]");
    for (std::uint32_t i = 0; i < a.field_count; ++i) {
        const NodeField &f = a.fields[i], &g = b.fields[i];
        const std::string step = path + "." + f.name;
        if (f.overlay_offset != g.overlay_offset) return step + ": overlays lie elsewhere";
        if (g.value_offset != b.value->fields[i].offset) return step + ": data is not where its type says";
        if (!same_text(f.name, g.name) || f.item_only != g.item_only || !same_text(f.doc, g.doc))
            return step + ": differs";
        if (std::string below = difference(*f.type, *g.type, step); !below.empty()) return below;
    }
    return "";
}

using quote = bundle<ts<double>, ts<std::string>>;
using flags = hgvalue::tsl<ts<bool>, 5>;
using mixed = bundle<ts<bool>, quote, hgvalue::tsl<ts<double>, 3>, tss<std::int64_t>, tsd<std::string, quote>,
                     tsw<double, false, 4, 2>, tsw<std::string, true, 5, 1>, hgvalue::tsl<quote>,
                     tsd<std::int64_t, hgvalue::tsl<tss<std::int64_t>, 2>>, flags>;
using narrow = wide_bundle<ts<double>, 32>;
using wide = wide_bundle<ts<std::string>, 33>;
using wider = wide_bundle<quote, 65>;
using widest = wide_bundle<tss<std::int64_t>, 97>;
using matrix = hgvalue::tsl<hgvalue::tsl<ts<std::int64_t>, 34>, 3>;
using nested = tsd<std::string, bundle<tsd<std::int64_t, ts<double>>, hgvalue::tsl<wide>, quote>>;

} // namespace

TEMPLATE_TEST_CASE("a type made at run time has the numbers of the compiler's", "[G-08]", ts<double>, ts<std::string>,
                   quote, flags, mixed, narrow, wide, wider, widest, matrix, nested, hgvalue::tsl<mixed>,
                   (tsw<double, true, 60, 0>)) {
    CHECK(difference(TestType::type, rebuilt(TestType::type)).empty());
}

TEMPLATE_TEST_CASE("random operations on data laid out at run time and by the compiler are the same", "[G-08]", quote,
                   mixed, wide, wider, widest, matrix, nested) {
    for (unsigned seed = 1; seed <= 20; ++seed) {
        time_series<TestType> compiled;
        ts_test::BuiltRoot built(rebuilt(TestType::type));
        ts_test::Mutator one(seed), other(seed);
        const ts_test::Comparison compare(true);
        for (engine_time_t at = 1; at <= 60; ++at) {
            compiled.tick(at);
            built.tick(at);
            for (int i = 0; i < 8; ++i) {
                one.run(compiled.ref());
                other.run(built.ref());
            }
            const std::string differs = compare(compiled.ref(), built.ref());
            INFO("seed " << seed << ", tick " << at);
            REQUIRE(differs == "");
            REQUIRE(ts_test::defects(built.ref()) == "");
            REQUIRE(runtime().all_valid(compiled.ref()) == runtime().all_valid(built.ref()));
        }
    }
}

TEST_CASE("a root has its own name and all else of what it names", "[G-08]") {
    const NodeType& base = rebuilt(mixed::type);
    const NodeType& root = built::root({"market", "Board", "All there is."}, base);
    CHECK(std::string(root.name) == "Board");
    CHECK(std::string(root.module) == "market");
    CHECK(std::string(root.doc) == "All there is.");
    CHECK(root.base == &base);
    CHECK(root.fields == base.fields);
    CHECK(root.overlay_size == base.overlay_size);
    CHECK(root.python_class == nullptr);
    CHECK(built::root({"", "Bare", ""}, base).doc == nullptr);
    CHECK_THROWS_AS(built::root({"market", "", ""}, base), ValueError);
}

TEST_CASE("an anonymous node is one type, a named one is made anew", "[G-08]") {
    const TypeMeta& text = registry().require("str");
    CHECK(&built::leaf(text) == &built::leaf(text));
    CHECK(&built::set(registry().set(text)) == &built::set(registry().set(text)));
    CHECK(&built::leaf(text) != &built::leaf(registry().require("float64")));
    CHECK(&rebuilt(quote::type) != &rebuilt(quote::type));
}

TEST_CASE("data that does not fit the node is refused", "[G-08]") {
    const TypeMeta& text = registry().require("str");
    const NodeType& number = built::leaf(registry().require("float64"));
    CHECK_THROWS_AS(built::set(text), TypeError);
    CHECK_THROWS_AS(built::window(text), TypeError);
    CHECK_THROWS_AS(built::list(registry().list(text), number), TypeError);
    CHECK_THROWS_AS(built::dict(registry().map(text, text), number), TypeError);
    CHECK_THROWS_AS(built::bundle({"m", "B", ""}, text, {}), TypeError);
    const TypeMeta& data = registry().bundle().field("a", text).build();
    const built::NodeChild wrong[] = {{&number, "", false}};
    CHECK_THROWS_AS(built::bundle({"m", "B", ""}, data, wrong), TypeError);
    CHECK_THROWS_AS(built::bundle({"m", "B", ""}, data, {}), TypeError);
}
