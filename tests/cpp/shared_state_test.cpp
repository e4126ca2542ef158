// What all threads of a process share: types, names, and what is made of them once. Built with a thread sanitizer, too.
#include "value_samples.hpp"

#include <hgvalue/core/type_registry.hpp>
#include <hgvalue/delta/delta_type.hpp>
#include <hgvalue/delta/diff.hpp>
#include <hgvalue/time_series/built_node.hpp>
#include <hgvalue/time_series/snapshot_type.hpp>
#include <hgvalue/time_series/ts_value.hpp>
#include <hgvalue/value/codec.hpp>
#include <hgvalue/value/format.hpp>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

using namespace hgvalue;

namespace {

TypeRegistry& registry() { return TypeRegistry::instance(); }
constexpr int thread_count = 4;

/// Calls `f(thread)` in several threads at once, and gives what each returned.
template <class F> auto in_threads(const F& f) {
    std::vector<decltype(f(0))> results(thread_count);
    std::atomic<int> ready{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < thread_count; ++t)
        threads.emplace_back([&, t] {
            ++ready;
            while (ready < thread_count) std::this_thread::yield(); // all at once
            results[static_cast<std::size_t>(t)] = f(t);
        });
    for (std::thread& t : threads) t.join();
    return results;
}

std::string text(int i) { return std::to_string(i); }
std::size_t size(int i) { return static_cast<std::size_t>(i) + 1; }

} // namespace

TEST_CASE("many threads that build the same types get the same addresses", "[V-06]") {
    const auto made = in_threads([](int) {
        std::vector<const TypeMeta*> types;
        for (int i = 0; i < 200; ++i) {
            const TypeMeta& array = registry().fixed_list(type_of<float>(), size(i) + 1000);
            types.push_back(&registry().map(type_of<std::string>(), array));
            types.push_back(&registry().bundle("Shared" + text(i), "threads").field("values", array).build());
            types.push_back(&registry().intern(type_of<std::vector<point>>()));
            types.push_back(&registry().require("tuple[int, Array[str, Size[" + text(i + 1) + "]]]"));
        }
        return types;
    });
    for (const auto& types : made) CHECK(types == made.front());
}

TEST_CASE("threads register, name and find types at once", "[V-06][V-07]") {
    static int python_types[400];
    const auto wrong = in_threads([](int thread) {
        int errors = 0;
        for (int i = 0; i < 100; ++i) {
            const std::string name = "Own" + text(thread) + "_" + text(i);
            const TypeMeta& own = registry().bundle(name, "threads").field("a", type_of<point>()).build();
            registry().add_alias("alias_of_" + name, own);
            void* const python = &python_types[thread * 100 + i];
            registry().register_python_type(python, own);
            errors += &registry().require("threads." + name) != &own;
            errors += registry().get("alias_of_" + name) != &own;
            errors += registry().find(type_fingerprint(own)) != &own;
            errors += registry().from_python_type(python) != &own;
            errors += registry().has("no such type " + text(i));
            // What others make meanwhile is there, or is not yet.
            if (const TypeMeta* other =
                    registry().get("threads.Own" + text((thread + 1) % thread_count) + "_" + text(i)))
                errors += same_type(*other, own) || !structurally_compatible(*other, own) || type_name(*other).empty();
            if (i % 20 == 0) errors += registry().names().size() < 10;
        }
        return errors;
    });
    for (const int errors : wrong) CHECK(errors == 0);
}

TEST_CASE("threads use one type for values of their own", "[V-06]") {
    const TypeMeta& type = registry().require("dict[str, tuple[int, list[float | None]]]");
    const auto texts = in_threads([&](int) {
        std::string all;
        for (int i = 0; i < 50; ++i) {
            Value before(type), after(type);
            after.view().as_map().set("k" + text(i % 3), Value(*type.element).view());
            after.view()["k" + text(i % 3)][0].assign(std::int64_t{i});
            const auto delta = diff(before.view(), after.view());
            all += after.to_string() + encode(after.view()) + type_name(delta_type(type));
            if (!(decode(encode(after.view())) == after)) all += "not what was encoded";
            all += text(static_cast<int>(type_fingerprint(*delta.value_schema()) % 1000));
        }
        return all;
    });
    for (const std::string& t : texts) CHECK(t == texts.front());
    CHECK(texts.front().find("not what") == std::string::npos);
}

TEST_CASE("threads make the same types of time series, and have some of their own", "[V-06][T-02]") {
    const auto made = in_threads([](int) {
        std::vector<const void*> addresses;
        double sum = 0;
        for (int i = 0; i < 30; ++i) {
            const NodeType& number = built::leaf(type_of<double>());
            const NodeType& pair = built::list(registry().fixed_list(type_of<double>(), size(i) + 2), number);
            const NodeType& link = built::reference(pair);
            addresses.insert(addresses.end(), {&number, &pair, &link, &snapshot_type(pair)});
            addresses.push_back(&engine::reference_items_type(pair));

            EvaluationClock clock;
            TSValue source(pair, &clock), reference(link, &clock);
            clock.advance(1);
            sum += reference.view().valid(); // of a node that all threads have in common
            sum += reference.view()[0].valid();
            source.view()[0].set(1.5);
            reference.view().bind(source.view());
            sum += reference.value()[0].as<double>();
            reference.view().make_unbound(size(i) + 2);
            reference.view().set_item(1, source.view()[0]);
            sum += reference.view()[1].value().as<double>();
        }
        addresses.push_back(sum == 90 ? &registry() : nullptr);
        return addresses;
    });
    for (const auto& addresses : made) CHECK(addresses == made.front());
    CHECK(made.front().back() == &registry());
}
