// The binary form: what the bytes are, what is refused, and what a message says.
#include "random_values.hpp"
#include "value_samples.hpp"

#include "catch.hpp"

#include <hgvalue/core/type_registry.hpp>
#include <hgvalue/time_series.hpp>
#include <hgvalue/value/codec.hpp>
#include <hgvalue/value/value.hpp>

#include <cmath>
#include <limits>
#include <string>
#include <variant>

using namespace hgvalue;
using Catch::Matchers::Contains;
using random_values::any_value;

namespace {

TypeRegistry& registry() { return TypeRegistry::instance(); }

std::string hex(std::string_view bytes) {
    std::string out;
    for (const char c : bytes) {
        out += "0123456789abcdef"[static_cast<unsigned char>(c) >> 4];
        out += "0123456789abcdef"[static_cast<unsigned char>(c) & 15];
    }
    return out;
}
std::string unhex(std::string_view text) {
    const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
    std::string out;
    for (std::size_t i = 0; i < text.size(); i += 2) out += static_cast<char>(digit(text[i]) * 16 + digit(text[i + 1]));
    return out;
}

/// The value's own bytes.
template <class T> std::string payload(const T& v) {
    std::string out;
    encode_payload(type_of<T>(), &v, out);
    return hex(out);
}
template <class T> T from_payload(std::string_view text) {
    const std::string bytes = unhex(text);
    T v{};
    CHECK(decode_payload(type_of<T>(), &v, bytes) == bytes.size());
    return v;
}
/// What decoding says of a value's bytes.
template <class T> std::string refusal(std::string_view text) {
    T v{};
    const std::string bytes = unhex(text);
    try {
        decode_payload(type_of<T>(), &v, bytes);
    } catch (const DecodeError& e) {
        return e.what();
    }
    return "nothing";
}
template <class F> std::string message_of(F&& f) {
    try {
        f();
    } catch (const Error& e) {
        return e.what();
    }
    return "nothing";
}

/// It has these bytes, and they give it back.
template <class T> void check_bytes(const T& v, const char* text) {
    CHECK(payload(v) == text);
    CHECK(meta_equal(from_payload<T>(text), v));
}

using minutes = window<double, true, 10, 0>;
using number_or_text = std::variant<std::int64_t, std::string>;

} // namespace

TEST_CASE("scalars have the documented bytes", "[D-05]") {
    check_bytes(bool8(true), "01");
    check_bytes(std::int8_t{-1}, "ff");
    check_bytes(std::uint8_t{200}, "c8");
    check_bytes(std::int16_t{-1}, "01");
    check_bytes(std::int32_t{64}, "8001");
    check_bytes(std::int64_t{0}, "00");
    check_bytes(std::numeric_limits<std::int64_t>::min(), "ffffffffffffffffff01");
    check_bytes(std::numeric_limits<std::int64_t>::max(), "feffffffffffffffff01");
    check_bytes(std::uint16_t{300}, "ac02");
    check_bytes(std::uint32_t{1}, "01");
    check_bytes(std::numeric_limits<std::uint64_t>::max(), "ffffffffffffffffff01");
    check_bytes(1.5F, "0000c03f");
    check_bytes(1.5, "000000000000f83f");
    check_bytes(std::string("né"), "036ec3a9");
    check_bytes(bytes("\xff", 1), "01ff");
    check_bytes(date{-1}, "01");
    check_bytes(time_of_day{86'399'999'999}, "ffbfddeec102");
    check_bytes(datetime{1}, "0100000000000000");
    check_bytes(timedelta{-2}, "03");
    check_bytes(color::green, "0a");
}

TEST_CASE("composites have the documented bytes", "[D-05]") {
    check_bytes(point{1, 2.0, "a"}, "0200000000000000400161");
    check_bytes(list<bool>{true, false}, "020100");
    check_bytes(list<double>{}, "00");
    check_bytes(std::array<std::int32_t, 2>{1, -1}, "0201");
    check_bytes(tuple_of<std::string>{"a", ""}, "02016100");
    check_bytes(std::tuple<bool, std::int64_t>{true, 3}, "0106");
    check_bytes(std::optional<std::int64_t>(), "00");
    check_bytes(std::optional<std::int64_t>(3), "0106");
    check_bytes(number_or_text(std::int64_t{3}), "0006");
    check_bytes(number_or_text("x"), "010178");
    check_bytes(set<std::int64_t>{3, -1, 1}, "03010206");
    check_bytes(map<std::string, double>{{"b", 1.0}, {"a", 0.5}}, "0201610162000000000000e03f000000000000f03f");
    cyclic_buffer<std::int32_t, 2> last;
    for (int i = 0; i < 3; ++i) last.push(i);
    check_bytes(last, "020204");
    queue<std::string> waiting;
    waiting.push("x");
    check_bytes(waiting, "010178");
    window<double, false, 2, 0> w;
    for (int i = 0; i < 3; ++i) w.push(i + 300, i);
    check_bytes(w, "022d0100000000000001000000000000f03f0000000000000040");
    check_bytes(window<double, true, 10, 0>(), "00");
    // What takes no bytes takes one in a list, so that no length is more than the bytes that follow.
    check_bytes(list<std::tuple<>>{{}, {}}, "020000");
    CHECK(payload(std::array<std::tuple<>, 5>{}) == "");
}

TEST_CASE("an encoding has a header and a checksum", "[D-05]") {
    CHECK(crc32c("123456789") == 0xe3069283);
    CHECK(crc32c("") == 0);
    const point p{1, 2.0, "a"};
    const std::string text = encode(type_of<point>(), &p);
    // A change here is a change of the format: existing data can no longer be read.
    CHECK(hex(text) == "4847560101bd44da33e20e306d0200000000000000400161daf00db6");
    const EncodedHeader header = encoded_header(text);
    CHECK(header.kind == EncodedKind::Value);
    CHECK(header.has_value);
    CHECK(header.fingerprint == type_fingerprint(type_of<point>()));
    CHECK(hex(text.substr(header.payload_begin, header.payload_end - header.payload_begin)) == payload(p));
    point q;
    decode(type_of<point>(), &q, text);
    CHECK(meta_equal(p, q));

    const std::int64_t n = -3;
    CHECK(hex(encode(type_of<std::int64_t>(), &n, EncodedKind::Bare)) == "484756010305c789df84");
    CHECK(hex(encode(type_of<std::int64_t>(), nullptr)) == "4847560181b160a78120827123f2f07c7d");
    CHECK_FALSE(encoded_header(encode(type_of<std::int64_t>(), nullptr)).has_value);
    CHECK(&decoded_type(encode(type_of<std::int64_t>(), &n)) == &interned_type_of<std::int64_t>());
}

TEST_CASE("any flipped bit, cut or appended byte is noticed", "[D-05]") {
    const point p{1, 2.0, "a"};
    const std::string text = encode(type_of<point>(), &p);
    point q{7, 8.0, "q"};
    const auto check_refused = [&](const std::string& wrong) {
        CHECK_THROWS_AS(decode(type_of<point>(), &q, wrong), DecodeError);
        CHECK(meta_equal(q, point{7, 8.0, "q"}));
    };
    for (std::size_t bit = 0; bit < 8 * text.size(); ++bit) {
        std::string wrong = text;
        wrong[bit / 8] = static_cast<char>(wrong[bit / 8] ^ 1 << bit % 8);
        check_refused(wrong);
    }
    for (std::size_t length = 0; length < text.size(); ++length) check_refused(text.substr(0, length));
    check_refused(text + '\0');
    check_refused(text + text);
    check_refused('\0' + text);
}

TEST_CASE("bytes of another kind or type are refused by name", "[D-05]") {
    const std::int64_t n = 1;
    const auto decoding = [](const TypeMeta& type, const std::string& text, EncodedKind kind = EncodedKind::Value) {
        return message_of([&] {
            point to;
            decode(type, &to, text, kind);
        });
    };
    CHECK(decoding(type_of<point>(), "") == "byte 0: the end comes too early: no encoded value is as short as this");
    CHECK(decoding(type_of<point>(), "{\"x\": 1}") == "byte 0: not an encoded value: it would begin with \"HGV\"");
    CHECK_THAT(decoding(type_of<point>(), "HGV\x02 and whatever came later"),
               Contains("byte 3: format version 2 is not known"));
    const std::string number = encode(type_of<std::int64_t>(), &n);
    CHECK_THAT(decoding(type_of<point>(), number),
               Contains("byte 5: these are the bytes of 'int' (fingerprint 0x") && Contains(", not of 'Point'"));
    CHECK(decoding(type_of<point>(), encode(type_of<std::int64_t>(), &n, EncodedKind::Delta)) ==
          "byte 4: these are the bytes of a delta, not of a value");
    CHECK(decoding(type_of<point>(), encode(type_of<point>(), nullptr)) ==
          "byte 4: the value is null, which 'Point' cannot be in place");
    CHECK(decoding(type_of<std::int64_t>(), number.substr(0, number.size() - 1)) ==
          "byte 13: the checksum is not that of the bytes before it: they were changed, cut or added to");
    CHECK_THROWS_AS(decoded_type(encode(type_of<std::int64_t>(), &n, EncodedKind::Bare)), DecodeError);

    const auto with_checksum = [](std::string content) {
        const std::uint32_t crc = crc32c(content);
        for (int i = 0; i < 4; ++i) content += static_cast<char>(crc >> 8 * i);
        return content;
    };
    const std::string unknown = with_checksum(std::string("HGV\1\1", 5) + "fedcba98" + '\0');
    CHECK_THROWS_AS(decoded_type(unknown), KeyError);
    CHECK_THAT(message_of([&] { decoded_type(unknown); }), Contains("fingerprint 0x3839616263646566"));
    CHECK_THAT(decoding(type_of<point>(), unknown), Contains("an unknown type (fingerprint 0x3839616263646566)"));
    CHECK_THAT(decoding(type_of<point>(), with_checksum(std::string("HGV\1\4", 5) + "fedcba98")),
               Contains("byte 4: kind 4 is not known"));
    std::int64_t to = 5;
    CHECK(message_of([&] { decode(type_of<std::int64_t>(), &to, with_checksum(number.substr(0, 14) + '\0')); }) ==
          "byte 14: 1 bytes follow the end of the value");
    CHECK(to == 5);
}

TEST_CASE("a float's bits are kept, but for those of NaN", "[D-05]") {
    CHECK(payload(-0.0) == "0000000000000080");
    CHECK(std::signbit(from_payload<double>("0000000000000080")));
    CHECK(payload(-std::nan("7")) == "000000000000f87f");
    CHECK(payload(-std::numeric_limits<float>::quiet_NaN()) == "0000c07f");
    CHECK(payload(list<double>{1.0, -std::nan("1")}) == "02000000000000f03f000000000000f87f");
    CHECK(refusal<double>("000000000000f8ff") == "byte 0: a NaN in another form than its own");
    CHECK(refusal<list<double>>("02000000000000f03f010000000000f07f") ==
          "byte 9: [1]: a NaN in another form than its own");
    check_bytes(std::numeric_limits<double>::infinity(), "000000000000f07f");
    // As keys, -0.0 and 0.0 are one.
    CHECK(payload(set<double>{-0.0}) == payload(set<double>{0.0}));
    CHECK(refusal<set<double>>("010000000000000080") == "byte 1: [0]: a NaN or zero in another form than its own");
}

TEST_CASE("what is no value of the type is refused where it stands", "[D-05]") {
    CHECK(refusal<bool8>("02") == "byte 0: a bool is 0 or 1, given 2");
    CHECK(refusal<list<bool>>("03000102") == "byte 3: [2]: a bool is 0 or 1, given 2");
    CHECK(refusal<std::int16_t>("8080808001") == "byte 0: 134217728 does not fit in 16 bits");
    CHECK(refusal<std::int64_t>("8000") == "byte 1: the number is longer than it need be");
    CHECK(refusal<std::uint64_t>("ffffffffffffffffff02") == "byte 9: the number has more than 64 bits");
    CHECK(refusal<std::int64_t>("80") == "byte 1: the end comes too early: 1 bytes expected, 0 left");
    CHECK(refusal<std::string>("0561") == "byte 1: a text of 5 bytes cannot be in the 1 left");
    CHECK(refusal<date>("c282e602") == "byte 0: the day is not in the years 1 to 9999");
    CHECK(refusal<time_of_day>("80c0ddeec102") == "byte 0: the time is not within a day");
    CHECK(refusal<time_of_day>("ffffffffffffffffff01") == "byte 0: the time is not within a day");
    CHECK(refusal<datetime>("ffffffffffffff7f") == "byte 0: the time is not in the years 1 to 9999");
    CHECK(refusal<color>("02") == "byte 0: 'Color' has no member of value 1");
    CHECK(refusal<std::optional<bool>>("0201") == "byte 0: presence is 0 or 1, given 2");
    CHECK(refusal<number_or_text>("02") == "byte 0: there are 2 alternatives, given number 2");
    CHECK(refusal<set<std::int64_t>>("020202") == "byte 2: [1]: the key is there already");
    CHECK(refusal<set<std::int64_t>>("020402") == "byte 2: [1]: the keys are not in order");
    CHECK(refusal<cyclic_buffer<bool, 2>>("03000000") == "byte 1: no more than 2 elements fit, given 3");
    CHECK(refusal<queue<bool, 2>>("03000000") == "byte 1: no more than 2 elements fit, given 3");
    CHECK(refusal<window<bool, false, 2, 0>>("0301000000000000000000000000") ==
          "byte 1: no more than 2 elements fit, given 3");
    CHECK(refusal<window<bool, true, 5, 0>>("020100000000000000060000") ==
          "byte 10: [1]: the window's times are further apart than its duration");
    CHECK(refusal<window<bool, false, 5, 0>>("020100000000000000ffffffffffffffffff010100") ==
          "byte 9: [1]: its time is not in the years 1 to 9999");
    CHECK(refusal<list<std::tuple<>>>("0101") == "byte 1: [0]: a 0 expected");
    CHECK(refusal<point>("02000000000000004001ff") == "byte 10: label: the text is not UTF-8");
    CHECK(refusal<map<std::string, list<point>>>("010161010200000000000000400563") ==
          R"(byte 14: ["a"][0].label: a text of 5 bytes cannot be in the 1 left)");
    CHECK(refusal<map<std::string, bool>>("0100") == "byte 1: 1 keys cannot be in the 1 bytes left");
    CHECK(refusal<map<std::string, bool>>("0101ff00") == "byte 2: keys()[0]: the text is not UTF-8");
}

TEST_CASE("text is UTF-8 as the standard has it", "[D-05]") {
    for (const char* good : {"", "a", "twelve bytes", "é", "߿", "ࠀ", "\xed\x9f\xbf", "\xee\x80\x80", "￿", "𐀀",
                             "\xf4\x8f\xbf\xbf", "12345678é", "1234567é"})
        CHECK(from_payload<std::string>(payload(std::string(good))) == good);
    for (const char* bad :
         {"\x80", "\xc0\x80", "\xc1\xbf", "\xc3", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xe2\x82", "\xf0\x8f\xbf\xbf",
          "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "12345678\x80", "\xf0\x90\x80", "\xc3\x28"}) {
        const std::string text = bad;
        CAPTURE(hex(text));
        CHECK(refusal<std::string>(hex(std::string(1, static_cast<char>(text.size())) + text)) ==
              "byte 1: the text is not UTF-8");
        CHECK_THROWS_AS(payload(text), ValueError);
    }
}

TEST_CASE("a length beyond the bytes that follow allocates nothing", "[D-05]") {
    const std::string huge = "ffffffffffffffff7f"; // 2^63 - 1
    CHECK_THAT(refusal<list<std::int64_t>>(huge), Contains("elements cannot be in the 0 bytes left"));
    CHECK_THAT(refusal<list<std::tuple<>>>(huge), Contains("elements cannot be in the 0 bytes left"));
    CHECK_THAT(refusal<tuple_of<std::string>>(huge + "00"), Contains("elements cannot be in the 1 bytes left"));
    CHECK_THAT(refusal<set<std::tuple<>>>(huge), Contains("no more than 4294967294 keys fit"));
    CHECK_THAT(refusal<set<std::int64_t>>("ffffffff0700"), Contains("2147483647 keys cannot be in the 1 bytes left"));
    CHECK_THAT(refusal<queue<std::int64_t>>("ffffffff0700"), Contains("elements cannot be in the 1 bytes left"));
    CHECK_THAT(refusal<minutes>("ffffffff07" + std::string(16, '0')),
               Contains("elements cannot be in the 8 bytes left"));
    CHECK_THAT(refusal<std::string>(huge), Contains("cannot be in the 0 left"));
    CHECK_THAT(refusal<list<point>>("03" + std::string(58, '0')),
               Contains("3 elements cannot be in the 29 bytes left"));
}

TEST_CASE("what decoding would refuse is not encoded", "[D-05]") {
    list<point> points(3);
    points[2].label = "\xff";
    CHECK(message_of([&] { payload(points); }) == "[2].label: the text is not UTF-8");
    CHECK(message_of([&] { payload(map<std::string, list<date>>{{"a", {date{}, date{9'999'999}}}}); }) ==
          R"(["a"][1]: the day is not in the years 1 to 9999)");
    CHECK(message_of([&] { payload(set<std::string>{"\xff"}); }) == "[0]: the text is not UTF-8");
    CHECK_THROWS_AS(payload(datetime{std::numeric_limits<std::int64_t>::max()}), ValueError);
    CHECK_THROWS_AS(payload(time_of_day{-1}), ValueError);
    CHECK(message_of([&] { payload(static_cast<color>(3)); }) == "'Color' has no member of value 3");
    std::string out = "before";
    CHECK_THROWS_AS(encode_payload(type_of<list<point>>(), &points, out), ValueError);
    CHECK(out == "before");
}

TEST_CASE("objects and references have no encoding", "[D-05]") {
    const TypeMeta& inner =
        registry().bundle().field("id", type_of<std::int64_t>()).field("payload", type_of<object>()).build();
    const TypeMeta& outer = registry().bundle().field("orders", registry().list(inner)).build();
    std::string out;
    alignas(16) std::byte memory[64]{};
    const auto encoding = [&](const TypeMeta& m) { return message_of([&] { encode_payload(m, memory, out); }); };
    CHECK(encoding(outer) == "orders[].payload: 'object' has no binary encoding: reading one back could run any code");
    CHECK(encoding(registry().map(type_of<std::string>(), inner)) ==
          "[].payload: 'object' has no binary encoding: reading one back could run any code");
    TypeMeta reference{};
    reference.kind = TypeKind::Ref;
    reference.element = &type_of<double>();
    CHECK(encoding(reference) == "'REF[float]' has no binary encoding: it is a place in this process");
    CHECK_THROWS_AS(encode_payload(outer, memory, out), TypeError);
    CHECK_THROWS_AS(decode_payload(outer, memory, ""), TypeError);
}

TEST_CASE("values lie in each other so deep and no deeper", "[D-05]") {
    const TypeMeta* type = &type_of<bool>();
    std::string bytes;
    const auto nest = [&](std::size_t depth) {
        for (std::size_t i = 0; i < depth; ++i) type = &registry().optional(registry().tuple({type}));
        for (std::size_t i = 0; i < depth; ++i) bytes += '\1';
    };
    nest(max_encoded_depth / 2);
    bytes += '\1';
    const auto decoding = [&] {
        return message_of([&] {
            any_value e(*type);
            decode_payload(*type, e.data(), bytes);
            std::string again;
            encode_payload(*type, e.data(), again);
            CHECK(again == bytes);
        });
    };
    CHECK(decoding() == "nothing");
    bytes.pop_back();
    nest(1);
    bytes += '\1';
    CHECK_THAT(decoding(), Contains("values lie in each other more than 256 deep"));
}

TEST_CASE("sets that keep insertion order keep it", "[D-05][V-18]") {
    const TypeMeta& type = registry().set(type_of<std::int64_t>(), RowOrder::Insertion);
    any_value made(type);
    auto& rows = *static_cast<row_store*>(made.data());
    for (const std::int64_t k : {7, 3, 1, 2}) runtime().row_store_insert(type, rows, &k, hash_of(k));
    runtime().row_store_erase(type, rows, 0); // and the last lies first
    std::string text;
    encode_payload(type, made.data(), text);
    CHECK(hex(text) == "03060204");
    any_value back(type);
    CHECK(decode_payload(type, back.data(), text) == 4);
    std::string again;
    encode_payload(type, back.data(), again);
    CHECK(again == text);
    CHECK_THROWS_AS(decode_payload(type, back.data(), unhex("03060206")), DecodeError);
    // In a key, equal sets have equal bytes.
    const TypeMeta& outer = registry().set(type);
    any_value sets(outer);
    runtime().row_store_insert(outer, *static_cast<row_store*>(sets.data()), made.data(),
                               type.ops->hash(type, made.data()));
    text.clear();
    encode_payload(outer, sets.data(), text);
    CHECK(hex(text) == "0103020406");
}

TEST_CASE("a window is encoded without what fell out of it", "[D-05]") {
    using three = window<std::int64_t, false, 3, 0>;
    const TypeMeta& m = type_of<three>();
    time_series<tsw<std::int64_t, false, 3, 0>> series;
    for (int i = 1; i <= 5; ++i) {
        series.tick(i);
        series.push(i);
    }
    std::string text;
    encode_payload(m, series.ref().value, text);
    three expected;
    for (int i = 3; i <= 5; ++i) expected.push(i, i);
    CHECK(hex(text) == payload(expected));
}

TEST_CASE("values and views are encoded with their type, null or not", "[D-05][V-09]") {
    const Value text("hello");
    const Value back = decode(encode(text));
    CHECK(back.checked_as<std::string>() == "hello");
    CHECK(encode(text.view()) == encode(text));
    const Value none = decode(encode(Value::null(type_of<point>())));
    CHECK_FALSE(none.has_value());
    CHECK(same_type(*none.schema(), type_of<point>()));
    CHECK_FALSE(decode(type_of<point>(), encode(Value::null(type_of<point>()))).has_value());
    const Value p = decode(type_of<point>(), encode(Value(point{1, 2.0, "a"})));
    CHECK(meta_equal(p.checked_as<point>(), point{1, 2.0, "a"}));
    CHECK_THROWS_AS(encode(Value()), NullValueError);
    CHECK_THROWS_AS(encode(ConstValueView()), NullValueError);
    // The reader of a type by its fingerprint may have it in another layout than the writer.
    const Value numbers = decode(encode(Value(list<std::int64_t>{1, 2, 3})));
    CHECK(numbers.view().equals(Value(list<std::int64_t>{1, 2, 3}).view()));
    const std::string delta = encode(type_of<point>(), p.data(), EncodedKind::Delta);
    CHECK_THROWS_AS(decode(type_of<point>(), delta), DecodeError);
    CHECK(meta_equal(decode(type_of<point>(), delta, EncodedKind::Delta).checked_as<point>(), point{1, 2.0, "a"}));
}
