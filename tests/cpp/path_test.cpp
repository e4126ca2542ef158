// Paths: their text both ways, going along them, and what a step that fails says.
#include "catch.hpp"
#include "value_samples.hpp"

#include <hgvalue/value/format.hpp>
#include <hgvalue/value/navigate.hpp>
#include <hgvalue/value/view_range.hpp>

#include <functional>
#include <map>
#include <string>
#include <variant>
#include <vector>

using namespace hgvalue;

namespace {

struct quote {
    double bid{};
    double ask{};
    std::int64_t sizes[1]{}; // no field: not every byte of a struct has a name
    std::optional<point> best;
};

struct book {
    map<std::string, quote> quotes;
    list<quote> history;
    set<std::int64_t> levels;
    std::variant<std::int64_t, quote> last;
    double odd_name{};
};

} // namespace

template <> inline constexpr TypeFlags hgvalue::flags_of<quote> = TypeFlags::Equatable;
template <> struct hgvalue::meta_for<quote> {
    static constexpr FieldInfo fields[] = {
        {"bid", &type_of<double>(), offsetof(quote, bid), false, false, nullptr},
        {"ask", &type_of<double>(), offsetof(quote, ask), false, false, nullptr},
        {"best", &type_of<std::optional<point>>(), offsetof(quote, best), false, false, nullptr},
    };
    static constexpr TypeMeta value = struct_meta<quote>("samples", "Quote", nullptr, fields, 3);
};
template <> inline constexpr TypeFlags hgvalue::flags_of<book> = TypeFlags::Equatable;
template <> struct hgvalue::meta_for<book> {
    static constexpr FieldInfo fields[] = {
        {"quotes", &type_of<map<std::string, quote>>(), offsetof(book, quotes), false, false, nullptr},
        {"history", &type_of<list<quote>>(), offsetof(book, history), false, false, nullptr},
        {"levels", &type_of<set<std::int64_t>>(), offsetof(book, levels), false, false, nullptr},
        {"last", &type_of<std::variant<std::int64_t, quote>>(), offsetof(book, last), false, false, nullptr},
        {"odd \"name\"", &type_of<double>(), offsetof(book, odd_name), false, true, nullptr},
    };
    static constexpr TypeMeta value = struct_meta<book>("samples", "Book", nullptr, fields, 5);
};

namespace {

template <class T> ConstValueView view_of(const T& v) { return {&v, &type_of<T>(), &v}; }
template <class T> ValueView mutable_view_of(T& v) { return {&v, &type_of<T>(), &v}; }

book sample_book() {
    book b;
    b.quotes["AAPL"] = {1.5, 2.5, {}, point{7, 0.5, "best"}};
    b.quotes["A \"B\"\n"] = {3.5, 4.5, {}, std::nullopt};
    b.history.assign(3, {0.25, 0.75, {}, std::nullopt});
    b.levels.insert(30);
    b.levels.insert(10);
    b.last = quote{5.5, 6.5, {}, std::nullopt};
    return b;
}

template <class Error> std::string refusal(const ConstValueView& root, std::string_view path) {
    CHECK_FALSE(try_navigate(root, path));
    try {
        return "found " + navigate(root, path).path_string();
    } catch (const Error& e) {
        return e.what();
    }
}

std::string syntax_error(std::string_view path) {
    try {
        parse_path(path);
        return "read";
    } catch (const ValueError& e) {
        return e.what();
    }
}

/// Every part of a value, itself included.
void each_part(const ConstValueView& v, const std::function<void(const ConstValueView&)>& f) {
    f(v);
    if (v.is_scalar()) return;
    for (const ConstValueView& part : ViewRange::of(v)) each_part(part, f);
}

/// How many parts `root` has; each of which its path text leads to.
std::size_t check_all_paths(const ConstValueView& root) {
    std::size_t count = 0;
    each_part(root, [&](const ConstValueView& part) {
        ++count;
        const std::string text = part.path_string();
        INFO(text);
        for (const ConstValueView& found : {navigate(root, text), navigate(root, part.path())}) {
            CHECK(found.path_string() == text);
            CHECK(found.owner() == root.owner());
            // A path does not tell an optional or variant from what it holds.
            const bool choice = found.is_optional() || found.is_variant();
            const ConstValueView held = choice && found.schema() != part.schema() ? ViewRange::of(found)[0] : found;
            CHECK(held.data() == part.data());
            CHECK(held.schema() == part.schema());
        }
    });
    return count;
}

} // namespace

TEST_CASE("the steps of a path as text", "[V-20]") {
    const ParsedPath path = parse_path("bundle.field[0].nested");
    CHECK(path.size() == 4);
    CHECK(path[0].kind == ParsedStep::Kind::Name);
    CHECK(path[0].text == "bundle");
    CHECK(path[1].text == "field");
    CHECK(path[2].kind == ParsedStep::Kind::Integer);
    CHECK(path[2].magnitude == 0);
    CHECK(path[3].text == "nested");
    CHECK(path.text_to(2) == "bundle.field[0]");
    CHECK(parse_path("").empty());
}

TEST_CASE("keys in paths", "[V-20]") {
    const ParsedPath keys = parse_path(R"(["a\"b\n\x41\u00e9\ud83d\ude00\/"]['it\'s "x"'][true][False][-3])"
                                       "[18446744073709551615].\xc3\xa9t\xc3\xa9");
    REQUIRE(keys.size() == 7);
    CHECK(keys[0].kind == ParsedStep::Kind::Text);
    CHECK(keys[0].text == "a\"b\nA\xc3\xa9\xf0\x9f\x98\x80/");
    CHECK(keys[1].text == "it's \"x\"");
    CHECK(keys[2].kind == ParsedStep::Kind::Boolean);
    CHECK(keys[2].magnitude == 1);
    CHECK(keys[3].magnitude == 0);
    CHECK(keys[4].negative);
    CHECK(keys[4].magnitude == 3);
    CHECK(keys[5].magnitude == std::numeric_limits<std::uint64_t>::max());
    CHECK(keys[6].text == "\xc3\xa9t\xc3\xa9");
}

TEST_CASE("text that is no path", "[V-20]") {
    CHECK(syntax_error(".a") == "path '.a', column 1: expected a name, not '.'");
    CHECK(syntax_error("a..b") == "path 'a..b', column 3: expected a name, not '.'");
    CHECK(syntax_error("a.") == "path 'a.', column 3: expected a name, not the end");
    CHECK(syntax_error("a b") == "path 'a b', column 2: expected '.', '[' or the end, not ' '");
    CHECK(syntax_error("a[") == "path 'a[', column 3: expected a number, true, false or a quoted text, not the end");
    CHECK(syntax_error("a[x]") == "path 'a[x]', column 3: expected a number, true, false or a quoted text, not 'x'");
    CHECK(syntax_error("a[1") == "path 'a[1', column 4: expected ']', not the end");
    CHECK(syntax_error("a[-]") == "path 'a[-]', column 4: expected a number, not ']'");
    CHECK(syntax_error("a[\"b]") == "path 'a[\"b]', column 6: expected the closing \", not the end");
    CHECK(syntax_error("a['\\q']") ==
          "path 'a['\\q']', column 4: expected an escape that Python or JSON knows, not '\\'");
    CHECK(syntax_error("a['\\u12']") == "path 'a['\\u12']', column 8: expected a hexadecimal digit, not '''");
    CHECK(syntax_error("a['\\ud800']") == "path 'a['\\ud800']', column 4: expected the code of a character, not '\\'");
    CHECK(syntax_error("a['\\ud800\\u0041']").find("expected a pair of surrogates") != std::string::npos);
    CHECK(syntax_error("a['\\U00110000']").find("expected the code of a character") != std::string::npos);
    CHECK(syntax_error("a[18446744073709551616]") ==
          "path 'a[18446744073709551616]', column 3: expected a number of 64 bits, not '1'");
}

TEST_CASE("a path knows its steps without allocating up to three", "[V-19]") {
    const book b = sample_book();
    const ConstValueView bid = navigate(view_of(b), "quotes[\"AAPL\"].bid");
    CHECK(bid.path().size() == 3);
    CHECK(bid.path_string() == "quotes[\"AAPL\"].bid");
    CHECK(bid.owner() == &b);
    CHECK(std::string(bid.path()[0].name()) == "quotes");
    CHECK(bid.path()[1].is_key());

    const ConstValueView label = navigate(view_of(b), "quotes[\"AAPL\"].best.label");
    CHECK(label.path().size() == 4);
    ValuePath copy = label.path();
    CHECK(copy.to_string() == "quotes[\"AAPL\"].best.label");
    copy.push_back(PathElement::at(type_of<list<double>>(), 2));
    CHECK(copy.to_string() == "quotes[\"AAPL\"].best.label[2]");
    CHECK(label.path().size() == 4);
    ValuePath moved = std::move(copy);
    CHECK(moved.size() == 5);
    CHECK(copy.empty()); // NOLINT(bugprone-use-after-move): that is what is tested
    copy = moved;
    CHECK(copy.to_string() == moved.to_string());
    moved = ValuePath();
    CHECK(moved.to_string().empty());
}

TEST_CASE("going along a path", "[V-20]") {
    book b = sample_book();
    const ConstValueView root = view_of(b);
    CHECK(navigate(root, "quotes[\"AAPL\"].bid").data() == &b.quotes.at("AAPL").bid);
    CHECK(navigate(root, "quotes['AAPL']['ask']").data() == &b.quotes.at("AAPL").ask);
    CHECK(navigate(root, "[0]['AAPL'][1]").data() == &b.quotes.at("AAPL").ask);
    CHECK(navigate(root, "history[2].ask").data() == &b.history[2].ask);
    CHECK(navigate(root, "levels[1]").as<std::int64_t>() == 10);
    CHECK(navigate(root, "last.bid").as<double>() == 5.5);
    CHECK(navigate(root, "quotes['AAPL'].best.label").as<std::string>() == "best");
    CHECK(navigate(root, "").data() == &b);
    CHECK(navigate(root, "quotes['AAPL'].best").is_optional());
    CHECK(try_navigate(root, "history[1]")->schema() == &type_of<quote>());

    // From a part on, its own path goes before.
    const ConstValueView history = navigate(root, "history");
    CHECK(navigate(history, "[0].bid").path_string() == "history[0].bid");
    CHECK(navigate(navigate(history, "[0]"), "bid").path_string() == "history[0].bid");
}

TEST_CASE("going along a path to write", "[V-20]") {
    book b = sample_book();
    ValueView root = mutable_view_of(b);
    *static_cast<double*>(navigate(root, "history[2].ask").data()) = 9.5;
    CHECK(b.history[2].ask == 9.5);
    static_assert(std::is_same_v<decltype(navigate(root, "a")), ValueView>);
    static_assert(std::is_same_v<decltype(navigate(std::as_const(root), "a")), ConstValueView>);
    static_assert(std::is_same_v<decltype(navigate(mutable_view_of(b), parse_path("a"))), ValueView>);
    static_assert(std::is_same_v<decltype(try_navigate(root, ValuePath())), std::optional<ValueView>>);
    CHECK_FALSE(try_navigate(root, "history[3]"));
}

TEST_CASE("every part is where its path leads", "[V-19][V-20]") {
    CHECK(check_all_paths(view_of(sample_book())) == 36);

    map<std::tuple<std::int64_t, std::string>, list<double>> by_tuple;
    by_tuple[{1, "a\"]"}] = {0.5};
    by_tuple[{-1, ""}] = {1.5, 2.5};
    CHECK(check_all_paths(view_of(by_tuple)) == 6);
    const map<bool, std::int64_t> by_bool{{true, 1}, {false, 2}};
    CHECK(check_all_paths(view_of(by_bool)) == 3);
    const map<date, std::int64_t> by_date{{date{0}, 1}, {date{18262}, 2}};
    CHECK(check_all_paths(view_of(by_date)) == 3);
    CHECK(navigate(view_of(by_date), "[\"2020-01-01\"]").as<std::int64_t>() == 2);
    const map<bytes, std::int64_t> by_bytes{{bytes("\xff\"\\"), 1}};
    CHECK(check_all_paths(view_of(by_bytes)) == 2);
    const map<color, std::int64_t> by_color{{color::green, 1}};
    CHECK(navigate(view_of(by_color), "[\"Color.Green\"]").as<std::int64_t>() == 1);
    const map<double, std::int64_t> by_float{{0.1, 1}, {-2.0, 2}};
    CHECK(check_all_paths(view_of(by_float)) == 3);
    cyclic_buffer<quote, 2> buffer;
    for (int i = 0; i < 3; ++i) buffer.push(quote{1.0 * i, 2.0 * i, {}, std::nullopt});
    CHECK(check_all_paths(view_of(buffer)) == 9);
}

TEST_CASE("integer keys of every width", "[V-20]") {
    const map<std::int8_t, std::int64_t> narrow{{-128, 1}, {127, 2}};
    CHECK(check_all_paths(view_of(narrow)) == 3);
    CHECK_FALSE(try_navigate(view_of(narrow), "[128]"));
    CHECK_FALSE(try_navigate(view_of(narrow), "[-129]"));
    CHECK(refusal<KeyError>(view_of(narrow), "[-129]") == "[-129]: dict[int8, int] has no key -129");
    const map<std::uint64_t, std::int64_t> wide{{std::numeric_limits<std::uint64_t>::max(), 1}, {0, 2}};
    CHECK(check_all_paths(view_of(wide)) == 3);
    CHECK_FALSE(try_navigate(view_of(wide), "[-1]"));
    CHECK(try_navigate(view_of(wide), "[-0]"));
    const map<std::int64_t, std::int64_t> signed_wide{{std::numeric_limits<std::int64_t>::min(), 1}, {3, 2}};
    CHECK(check_all_paths(view_of(signed_wide)) == 3);
    CHECK(navigate(view_of(signed_wide), "[\"3\"]").as<std::int64_t>() == 2);
}

TEST_CASE("a step that fails is named", "[V-20]") {
    const book b = sample_book();
    const ConstValueView root = view_of(b);
    CHECK(refusal<KeyError>(root, "quotes[\"AAPL\"].bidd.x") ==
          "quotes[\"AAPL\"].bidd: Quote has no field 'bidd'; did you mean 'bid'?");
    CHECK(refusal<KeyError>(root, "quotes[\"AAPL\"].volume") == "quotes[\"AAPL\"].volume: Quote has no field 'volume'");
    CHECK(refusal<KeyError>(root, "quotes['MSFT'].bid") == "quotes['MSFT']: dict[str, Quote] has no key \"MSFT\"");
    CHECK(refusal<TypeError>(root, "quotes.AAPL") ==
          "quotes.AAPL: dict[str, Quote] has keys, not fields; write [\"AAPL\"]");
    CHECK(refusal<TypeError>(root, "quotes[3]") == "quotes[3]: the keys of dict[str, Quote] are str, not an integer");
    CHECK(refusal<TypeError>(root, "quotes[true]") ==
          "quotes[true]: the keys of dict[str, Quote] are str, not a truth value");
    CHECK(refusal<IndexError>(root, "history[3].bid") == "history[3]: the position is out of range for 3 elements");
    CHECK(refusal<IndexError>(root, "history[-1]") == "history[-1]: the position is out of range for 3 elements");
    CHECK(refusal<IndexError>(root, "[5]") == "[5]: the position is out of range for 5 fields");
    CHECK(refusal<TypeError>(root, "history.bid") == "history.bid: list[Quote] has positions only");
    CHECK(refusal<TypeError>(root, "last.bid.x") == "last.bid.x: float has no parts");
    CHECK(refusal<TypeError>(root, "[true]") == "[true]: Book has fields, so this step leads nowhere");
    CHECK(refusal<NullValueError>(root, "history[0].best.x") == "history[0].best.x: the value is None");
    CHECK(refusal<NullValueError>(ConstValueView(), "a") == "a: the value is None");
    CHECK(refusal<KeyError>(navigate(root, "history[0]"), "bud") ==
          "history[0].bud: Quote has no field 'bud'; did you mean 'bid'?");
    CHECK_THROWS_AS(try_navigate(root, "quotes["), ValueError);
}

TEST_CASE("the path of one value in another", "[V-20]") {
    const book b = sample_book();
    book other = sample_book();
    const ConstValueView bid = navigate(view_of(b), "quotes['AAPL'].bid");
    CHECK(navigate(view_of(other), bid.path()).data() == &other.quotes.at("AAPL").bid);
    other.quotes.erase("AAPL");
    CHECK_FALSE(try_navigate(view_of(other), bid.path()));
    CHECK_THROWS_WITH(navigate(view_of(other), bid.path()), "quotes[\"AAPL\"]: dict[str, Quote] has no key \"AAPL\"");
    const map<std::int64_t, double> numbers{{1, 2.0}};
    CHECK_THROWS_AS(navigate(view_of(b), ViewRange::values(view_of(numbers))[0].path()), TypeError);
    CHECK_THROWS_AS(navigate(view_of(numbers), bid.path()), TypeError);
}
