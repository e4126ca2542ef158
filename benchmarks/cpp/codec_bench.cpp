// Encoding and decoding, in megabytes of encoded bytes a second, beside copying as many bytes and their checksum.
#include "contest.hpp"

#include <hgvalue/core/type_of.hpp>
#include <hgvalue/value/codec.hpp>

#include <array>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

using namespace hgvalue;
using namespace bench;

namespace {

struct quote {
    std::string symbol;
    double bid{}, ask{};
    std::int64_t bid_size{}, ask_size{};
    datetime at{};
    std::optional<double> last;
};

} // namespace

template <>
inline constexpr TypeFlags hgvalue::flags_of<quote> =
    compose_flags(flags_of<std::string>, flags_of<double>, flags_of<std::optional<double>>);
template <> struct hgvalue::meta_for<quote> {
    static constexpr FieldInfo fields[] = {
        {"symbol", &type_of<std::string>(), offsetof(quote, symbol), false, false, nullptr},
        {"bid", &type_of<double>(), offsetof(quote, bid), false, false, nullptr},
        {"ask", &type_of<double>(), offsetof(quote, ask), false, false, nullptr},
        {"bid_size", &type_of<std::int64_t>(), offsetof(quote, bid_size), false, false, nullptr},
        {"ask_size", &type_of<std::int64_t>(), offsetof(quote, ask_size), false, false, nullptr},
        {"at", &type_of<datetime>(), offsetof(quote, at), false, false, nullptr},
        {"last", &type_of<std::optional<double>>(), offsetof(quote, last), false, false, nullptr},
    };
    static constexpr TypeMeta value = struct_meta<quote>("benchmarks", "Quote", nullptr, fields, 7);
};

namespace {

quote make_quote(int i) {
    const double price = 100 + i % 977 / 8.0;
    return {"SYM" + std::to_string(i),
            price,
            price + 0.125,
            i % 500 * 100,
            i % 300 * 100,
            {1'700'000'000'000'000 + i},
            i % 3 ? std::optional(price) : std::nullopt};
}

/// Median nanoseconds of nine runs, after one to warm up.
template <class F> double median(F&& f) {
    std::array<double, 9> runs{};
    f();
    for (double& ns : runs) {
        const Stopwatch watch;
        f();
        fence();
        ns = watch.nanoseconds();
    }
    std::nth_element(runs.begin(), runs.begin() + 4, runs.end());
    return runs[4];
}

template <class T> void row(const char* name, const T& value) {
    const TypeMeta& type = type_of<T>();
    const std::string bytes = encode(type, &value);
    std::vector<char> copy(bytes.size());
    T back{};
    const double encoding = median([&] {
        std::string out = encode(type, &value);
        escape(out.data());
    });
    const double decoding = median([&] { decode(type, &back, bytes); });
    const double copying = median([&] {
        std::memcpy(copy.data(), bytes.data(), bytes.size());
        escape(copy.data());
    });
    const double checking = median([&] {
        std::uint32_t sum = crc32c(bytes);
        escape(&sum);
    });
    if (!type.ops->equals(type, &value, &back)) std::exit(1);
    const auto rate = [&](double ns) { return static_cast<double>(bytes.size()) * 1e3 / ns; };
    std::printf("| %s | %zu | %.0f | %.0f | %.0f | %.0f |\n", name, bytes.size(), rate(encoding), rate(decoding),
                rate(copying), rate(checking));
    std::fflush(stdout);
}

} // namespace

int main() {
    constexpr int many = 100'000;
    list<double> floats;
    list<std::int64_t> ints;
    list<std::string> texts;
    list<quote> quotes;
    map<std::int64_t, double> by_id;
    map<std::string, quote> by_symbol;
    for (int i = 0; i < many; ++i) {
        floats.push_back(i / 3.0);
        ints.push_back(std::int64_t{i} * i);
        texts.push_back("text number " + std::to_string(i));
        quotes.push_back(make_quote(i));
        by_id[(std::int64_t{i} * 7919) % many] = i;
        by_symbol["SYM" + std::to_string((std::int64_t{i} * 7919) % many)] = make_quote(i);
    }
    std::puts("| MB/s, 100,000 elements | bytes | encode | decode | memcpy | checksum |\n|---|---|---|---|---|---|");
    row("list[float]", floats);
    row("list[int]", ints);
    row("list[str]", texts);
    row("list of bundles of 7 fields", quotes);
    row("dict[int, float], keys in no order", by_id);
    row("dict[str, bundle of 7 fields], keys in no order", by_symbol);
    row("one bundle of 7 fields", make_quote(1));
}
