// Every change of a container happens, or leaves it as it was: whatever copies or memory fail on the way.
#include "memory.hpp"
#include "value_samples.hpp"

#include "../../runtime/src/value/value_functions.hpp"

#include <new>
#include <string>

using namespace hgvalue;

namespace {

/// Repeats `change` with the first, the second, the third … step of it failing until it succeeds. After each failure
/// `subject` must equal what it was. Returns the number of failures.
template <class T, class Change> int try_failing(T& subject, long& countdown, long first, const Change& change) {
    const T before(subject);
    for (int failures = 0;; ++failures) {
        countdown = first + failures;
        try {
            change(subject);
            countdown = first - 1;
            return failures;
        } catch (const probe_failure&) {
        } catch (const std::bad_alloc&) {
        }
        countdown = first - 1;
        if (!equal(subject, before)) FAIL("changed by a failure, after " << failures << " steps");
    }
}
template <class T, class Change> int with_failing_memory(T& subject, const Change& change) {
    return try_failing(subject, memory::allocations_left, 0, change);
}
template <class T, class Change> int with_failing_probes(T& subject, const Change& change) {
    return try_failing(subject, probe::fail_after, 1, change);
}

using texts = map<std::string, std::string>;
using probes = map<probe, probe>;
using lanes = map<lane, lane>;

} // namespace

TEST_CASE("an insertion that runs out of memory changes nothing", "[V-14][V-15]") {
    texts m;
    int failures = 0;
    for (int i = 0; i < 40; ++i) { // past every kind of growth: of the rows, to an index, of the index
        const std::string key = make<std::string>(i * 3); // on the heap
        failures += with_failing_memory(m, [&](texts& t) { t[key]; });
        REQUIRE(m.size() == static_cast<std::uint32_t>(i) + 1);
        REQUIRE(m.contains(key));
    }
    CHECK(failures > 40);

    lanes aligned;
    for (int i = 0; i < 20; ++i) failures += with_failing_memory(aligned, [&](lanes& t) { t[make<lane>(i)]; });
    CHECK(aligned.size() == 20);
}

TEST_CASE("an insertion whose key or value cannot be made changes nothing", "[V-14][V-15]") {
    const probe_scope scope;
    probes m;
    for (int i = 0; i < 40; ++i) {
        const probe key(i);
        // The key's copy fails first, then the construction of the value.
        CHECK(with_failing_probes(m, [&](probes& p) { p[key]; }) == 2);
        REQUIRE(m.contains(key));
    }
    for (int i = 0; i < 40; ++i) REQUIRE(m.erase(probe(i)));
}

TEST_CASE("a copy that fails leaves both sides as they were", "[V-08]") {
    const probe_scope scope;
    probes from, to;
    for (int i = 0; i < 12; ++i) from[probe(i)] = probe(i);
    for (int i = 0; i < 3; ++i) to[probe(i)] = probe(100 + i);
    const TypeMeta& m = type_of<probes>();
    CHECK(with_failing_probes(to, [&](probes& t) { detail::row_store_copy(m, t, from); }) == 24);
    CHECK(equal(from, to));

    probes again;
    again[probe(1)];
    CHECK(with_failing_memory(again, [&](probes& t) { detail::row_store_copy(m, t, from); }) >= 3);
    CHECK(equal(from, again));
}

TEST_CASE("room that cannot be had changes nothing", "[V-30]") {
    texts m;
    for (int i = 0; i < 5; ++i) m[make<std::string>(i)] = "value";
    CHECK(with_failing_memory(m, [](texts& t) { detail::row_store_reserve(type_of<texts>(), t, 500); }) >= 4);
    for (int i = 0; i < 400; ++i) m[make<std::string>(i)];
    for (int i = 20; i < 400; ++i) m.erase(make<std::string>(i));
    CHECK(with_failing_memory(m, [](texts& t) { detail::row_store_compact(type_of<texts>(), t); }) >= 3);
    CHECK(m.at("s1") == "value");
}

TEST_CASE("a row that cannot be taken stays", "[V-15]") {
    const probe_scope scope;
    probes from, to;
    for (int i = 0; i < 30; ++i) from[probe(i)] = probe(i);
    for (int i = 0; i < 30; ++i) {
        const std::uint32_t row = from.find_index(probe(i));
        const auto take = [&](probes& p) { detail::row_store_take(type_of<probes>(), to, p, row); };
        with_failing_memory(from, take);
        REQUIRE(to.at(probe(i)).value() == i);
        REQUIRE(from.size() == 29U - static_cast<std::uint32_t>(i));
    }
}

TEST_CASE("a push that fails changes nothing", "[V-02][V-33]") {
    const probe_scope scope;
    using buffer = cyclic_buffer<probe, 6>;
    using line = queue<std::string>;
    using last_six = window<probe, false, 6, 0>;
    using last_second = window<std::string, true, 10, 0>;
    buffer b;
    line q;
    last_six w;
    last_second t;
    int failures = 0;
    for (int i = 0; i < 30; ++i) {
        failures += with_failing_memory(b, [&](buffer& r) { r.push(probe(i)); });
        failures += with_failing_probes(b, [&](buffer& r) { r.push(probe(i)); });
        failures += with_failing_memory(q, [&](line& r) { r.push(make<std::string>(i)); });
        failures += with_failing_memory(w, [&](last_six& r) { r.push(i, probe(i)); });
        failures += with_failing_probes(w, [&](last_six& r) { r.push(i, probe(i)); });
        failures += with_failing_memory(t, [&](last_second& r) { r.push(i, make<std::string>(i)); });
        if (i % 3 == 0) q.pop();
    }
    CHECK(failures > 100);
    CHECK(b.size() == 6);
    CHECK(w.size() == 6);
    CHECK(t.size() == 11);
    CHECK(with_failing_probes(w, [&](last_six& r) { detail::ring_copy(type_of<last_six>(), r, w); }) == 6);
}
