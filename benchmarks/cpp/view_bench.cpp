// What it costs to reach the parts of a value whose type is known at run time only, against plain C++.
#include "contest.hpp"

#include <hgvalue/value.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

using namespace hgvalue;
using namespace bench;

namespace {

struct quote {
    std::int64_t id = 1;
    double bid = 2.0;
    double ask = 3.0;
    std::int64_t bid_size = 4;
    std::int64_t ask_size = 5;
};

} // namespace

template <>
inline constexpr TypeFlags hgvalue::flags_of<quote> = compose_flags(flags_of<std::int64_t>, flags_of<double>);
template <> struct hgvalue::meta_for<quote> {
    static constexpr FieldInfo fields[] = {
        {"id", &type_of<std::int64_t>(), offsetof(quote, id), true, false, nullptr},
        {"bid", &type_of<double>(), offsetof(quote, bid), true, false, nullptr},
        {"ask", &type_of<double>(), offsetof(quote, ask), true, false, nullptr},
        {"bid_size", &type_of<std::int64_t>(), offsetof(quote, bid_size), true, false, nullptr},
        {"ask_size", &type_of<std::int64_t>(), offsetof(quote, ask_size), true, false, nullptr},
    };
    static constexpr TypeMeta value = struct_meta<quote>("bench", "Quote", nullptr, fields, 5);
};

namespace {

using numbers = std::vector<std::int64_t>;
using book = map<std::string, std::int64_t>;
constexpr int rounds = 1'000'000;
constexpr std::size_t length = 1024; // of lists and maps, a power of two

/// The sum of `read()` over all rounds; what it reads from must be looked at each time anew.
template <class T, class Read> std::function<Run()> summing(T& from, const Read& read) {
    return [&from, read] {
        return timed([&] {
            std::uint64_t sum = 0;
            for (int i = 0; i < rounds; ++i) {
                escape(&from);
                sum += static_cast<std::uint64_t>(read(static_cast<std::size_t>(i)));
            }
            return sum;
        });
    };
}

void measure_bundle() {
    quote plain;
    Value value(plain);
    const ConstValueView view = value.const_view();
    const ConstBundleView bundle = view.as_bundle();
    const auto direct = summing(plain, [&](std::size_t) { return plain.ask_size; });
    contest("field by name, view[\"ask_size\"]", rounds, "bundle of 5",
            summing(value, [&](std::size_t) { return view["ask_size"].as<std::int64_t>(); }), direct);
    contest("field by index, view[4]", rounds, "bundle of 5",
            summing(value, [&](std::size_t) { return view[std::size_t{4}].as<std::int64_t>(); }), direct);
    contest("field by name, as_bundle()[\"ask_size\"]", rounds, "bundle of 5",
            summing(value, [&](std::size_t) { return bundle["ask_size"].as<std::int64_t>(); }), direct);

    ValueView writable = value.view();
    contest("write of a field by name, checked", rounds, "bundle of 5",
            summing(value,
                    [&](std::size_t i) {
                        writable["bid_size"].assign(static_cast<std::int64_t>(i));
                        return writable["bid_size"].as<std::int64_t>();
                    }),
            summing(plain, [&](std::size_t i) { return plain.bid_size = static_cast<std::int64_t>(i); }));
    contest("clone", rounds, "bundle of 5", summing(value, [&](std::size_t) { return view.clone().as<quote>().id; }),
            summing(plain, [&](std::size_t) {
                const auto copy = std::make_unique<quote>(plain);
                escape(copy.get());
                return copy->id;
            }));
}

void measure_containers() {
    numbers plain;
    book plain_book;
    std::vector<std::string> keys;
    for (std::size_t i = 0; i < length; ++i) {
        plain.push_back(static_cast<std::int64_t>(i));
        keys.push_back("SYM" + std::to_string(i));
        plain_book[keys.back()] = static_cast<std::int64_t>(i);
    }
    Value list(plain), entries(plain_book);
    const ConstValueView list_view = list.const_view(), map_view = entries.const_view();
    const auto at = [](std::size_t i) { return i & (length - 1); };

    contest("list element, view[i]", rounds, "1024 elements",
            summing(list, [&](std::size_t i) { return list_view[at(i)].as<std::int64_t>(); }),
            summing(plain, [&](std::size_t i) { return plain[at(i)]; }));
    contest("iteration over a list", rounds, "1024 elements",
            summing(list,
                    [&](std::size_t i) {
                        if (at(i) != 0) return std::int64_t{0};
                        std::int64_t sum = 0;
                        for (const ConstValueView& e : list_view.as_list()) sum += e.as<std::int64_t>();
                        return sum;
                    }),
            summing(plain, [&](std::size_t i) {
                if (at(i) != 0) return std::int64_t{0};
                std::int64_t sum = 0;
                for (const std::int64_t e : plain) sum += e;
                return sum;
            }));
    contest("map lookup by text, view[key]", rounds, "1024 rows",
            summing(entries, [&](std::size_t i) { return map_view[std::string_view(keys[at(i)])].as<std::int64_t>(); }),
            summing(plain_book, [&](std::size_t i) { return plain_book.at(keys[at(i)]); }));
    contest("clone", rounds / 1000.0, "1024 numbers",
            summing(list,
                    [&](std::size_t i) {
                        if (i % 1000 != 0) return std::int64_t{0};
                        return list_view.clone().as<numbers>()[5];
                    }),
            summing(plain, [&](std::size_t i) {
                if (i % 1000 != 0) return std::int64_t{0};
                const numbers copy(plain);
                return copy[5];
            }));
}

} // namespace

int main() {
    std::printf("| operation | views (ns) | C++ (ns) | ratio | reach |\n|---|---|---|---|---|\n");
    measure_bundle();
    measure_containers();
}
