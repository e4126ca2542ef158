// A write that fails leaves value, times and change records as they were; whatever fails, at whichever call.
#include "catch.hpp"
#include "memory.hpp"
#include "probe.hpp"
#include "ts_bundle.hpp"
#include "ts_compare.hpp"

#include <algorithm>
#include <cstddef>
#include <new>
#include <string>
#include <vector>

using namespace hgvalue;
using memory::allocations_until_failure;
using ts_test::bundle;

namespace {

using child = bundle<ts<probe>, tss<probe>, tsw<probe, false, 3, 0>, tsd<probe, ts<probe>>, hgvalue::tsl<ts<probe>>>;
using shape = bundle<tsd<probe, child>, tss<probe>, hgvalue::tsl<child>, tsw<probe, false, 3, 0>,
                     tsw<std::string, true, 5, 0>, ts<std::string>, tsd<std::string, tss<std::string>>>;

std::string text(int i) { return "a text that is too long to be stored in place " + std::to_string(i); }

/// Everything that can be read of a tree, with its change records, as text. A record of an earlier tick is an empty
/// one.
void describe(const node_ref& n, std::string& out) {
    const auto number = [&](auto v) { out += std::to_string(v) + ","; };
    const auto key = [&](const void* k) {
        if (n.type->scalar == &type_of<probe>())
            number(static_cast<const probe*>(k)->value());
        else
            out += to_string(*n.type->scalar, k) + ",";
    };
    out += "(";
    number(n.last_modified());
    switch (n.type->kind) {
    case NodeKind::TS: key(n.value); break;
    case NodeKind::TSS:
    case NodeKind::TSD: {
        const keyed_state& s = n.keyed();
        number(s.key_set_modified);
        for (std::uint32_t row = 0; row < n.rows().size(); ++row) {
            key(n.rows().key(*n.type->value, row));
            number(s.touched_at(n.now()) ? s.flags[row] : s.flags[row] & RowFlag::EverValid);
        }
        if (!s.touched_at(n.now())) break;
        for (const auto* ids : {&s.changed, &s.added})
            for (const std::uint32_t id : *ids) number(id);
        if (!s.removed) break;
        for (std::uint32_t row = 0; row < s.removed->store.size(); ++row) {
            key(s.removed->store.key(*n.type->value, row));
            number(s.removed->flags[row]);
            if (n.type->child) describe(removed_ref(n, row), out);
        }
        break;
    }
    case NodeKind::TSL:
        if (n.type->is_dynamic_list()) {
            const list_state& s = n.list();
            const bool current = s.touched_at(n.now());
            number(current ? s.size_at_start : s.flags.size());
            for (const std::uint8_t f : s.flags) number(current ? f : f & RowFlag::EverValid);
            if (current)
                for (const std::uint32_t i : s.changed) number(i);
            if (current)
                for (const std::uint8_t f : s.dropped) number(f);
        }
        break;
    case NodeKind::TSW: {
        const window_state& s = n.window();
        const auto& w = *static_cast<const window_storage*>(n.value);
        number(s.touched_at(n.now()) ? s.appended : 0);
        number(s.touched_at(n.now()) && s.dropped);
        number(s.evicted_at);
        if (s.evicted_at != MIN_DT) key(s.evicted);
        for (std::uint32_t i = 0; i < w.size(); ++i) number(w.time(i)), key(w.element(n.type->scalar->size, i));
        break;
    }
    default: break;
    }
    std::uint32_t i = 0;
    ts_test::each_child(n, [&](const node_ref& c, const std::string&) {
        if (n.type->kind == NodeKind::TSB) number(child_touched(n, i++));
        describe(c, out);
    });
    out += ")";
}
std::string description(const node_ref& n) {
    std::string out;
    describe(n, out);
    return out;
}

void fill(const bundle<ts<probe>, tss<probe>, tsw<probe, false, 3, 0>, tsd<probe, ts<probe>>,
                       hgvalue::tsl<ts<probe>>>::handle& c,
          int seed) {
    c.set<0>(probe(seed));
    for (int i = 0; i < 4; ++i) {
        c.get<1>().add(probe(seed + i));
        c.get<2>().push(probe(seed + i));
        c.get<3>()[probe(seed + i)].set(probe(i));
    }
    c.get<4>().resize(3);
    c.get<4>()[1].set(probe(seed));
}

/// A root with something in every part, in the middle of its third tick.
struct filled {
    time_series<shape> root;
    explicit filled(int size) {
        root.tick(1);
        grow(0, size);
        root.tick(2);
        grow(size / 2, size + 1);
        root.get<0>().erase(probe(0));
        root.get<1>().remove(probe(1));
        root.tick(3);
        root.get<0>().erase(probe(1));
        root.get<0>()[probe(1)].set<0>(probe(1));
        root.get<6>()[text(1)].add("x");
    }
    void grow(int from, int to) {
        for (int i = from; i < to; ++i) {
            fill(root.get<0>()[probe(i)], i);
            root.get<1>().add(probe(i));
            root.get<3>().push(probe(i));
            root.get<4>().push(text(i));
            for (int j = 0; j < 3; ++j) root.get<6>()[text(i)].add(text(j));
        }
        root.get<2>().resize(static_cast<std::size_t>(to));
        fill(root.get<2>()[static_cast<std::uint32_t>(to - 1)], to);
        root.set<5>(text(to));
    }
};

enum class Fails { Probe, Memory };

/// Lets `f` fail at its first, second, ... call of that kind until it succeeds; checks after each failure that nothing
/// changed. Each time on a root of its own, as a failure may leave larger buffers.
template <class F> void try_failures(Fails what, int size, F&& f) {
    for (long call = 1;; ++call) {
        REQUIRE(call < 2000);
        probe_scope scope;
        filled r(size);
        const std::string before = description(r.root.ref());
        ts_test::address_map places, places_after;
        ts_test::addresses(r.root.ref(), "", places);
        const std::uint64_t version = r.root.ref().context->structure_version;
        bool failed = false;
        try {
            (what == Fails::Probe ? probe::fail_after : allocations_until_failure) = call;
            f(r.root);
        } catch (const probe_failure&) {
            failed = true;
        } catch (const std::bad_alloc&) {
            failed = true;
        }
        probe::fail_after = allocations_until_failure = 0;
        if (!failed) return;
        if (const std::string after = description(r.root.ref()); after != before)
            FAIL("failure " << call << " left a trace:\n" << before << "\n" << after);
        if (const std::string d = ts_test::defects(r.root.ref()); !d.empty()) FAIL("failure " << call << ": " << d);
        ts_test::addresses(r.root.ref(), "", places_after);
        if (r.root.ref().context->structure_version == version && places != places_after)
            FAIL("failure " << call << " moved something unannounced");
        f(r.root); // the same, correct now
        r.root.tick(4);
        r.grow(2, size + 3);
        if (const std::string d = ts_test::defects(r.root.ref()); !d.empty())
            FAIL("after failure " << call << ": " << d);
    }
}
template <class F> void try_all(F&& f) {
    for (const int size : {2, 3, 4, 8, 9}) // around the sizes where things grow
        for (const Fails what : {Fails::Probe, Fails::Memory}) try_failures(what, size, f);
}

} // namespace

// The keys and values are made before, so that only what the operation does can fail.
TEST_CASE("inserting a key: done or not begun", "[T-04]") {
    const probe key(100);
    const std::string name = text(100);
    try_all([&](auto& r) { r.template get<0>()[key]; });
    try_all([&](auto& r) { r.template get<1>().add(key); });
    try_all([&](auto& r) { r.template get<6>()[name]; });
    try_all([&](auto& r) { r.template get<0>().in_row(0).template get<1>().add(key); });
}

TEST_CASE("removing a key: done or not begun", "[T-04]") {
    try_all([](auto& r) { runtime().erase_row(r.template get<0>().ref(), 0); });
    try_all([](auto& r) { runtime().erase_row(r.template get<1>().ref(), 0); });
    try_all([](auto& r) { runtime().erase_row(r.template get<6>().ref(), r.template get<6>().size() - 1); });
    try_all([](auto& r) { // one that came in this tick
        const node_ref n = r.template get<0>().ref();
        for (std::uint32_t row = 0; row < n.rows().size(); ++row)
            if (n.keyed().flags[row] & RowFlag::Replaced) return runtime().erase_row(n, row);
    });
}

TEST_CASE("resizing a list: done or not begun", "[T-04]") {
    for (const int change : {-2, -1, 1, 2, 20})
        try_all([&](auto& r) {
            r.template get<2>().resize(static_cast<std::size_t>(r.template get<2>().size() + change));
        });
}

TEST_CASE("pushing into a window: done or not begun", "[T-04]") {
    const probe value(100);
    const std::string name = text(100);
    try_all([&](auto& r) { r.template get<3>().push(value); });
    try_all([&](auto& r) { r.template get<4>().push(name); });
    try_all([&](auto& r) { r.template get<2>()[0].template get<2>().push(value); });
}

TEST_CASE("setting a leaf: done or not begun", "[T-03]") {
    const std::string name = text(100);
    try_all([&](auto& r) { r.template set<5>(name); });
    try_all([&](auto& r) { r.template get<0>().in_row(0).template set<0>(probe(7)); });
    try_all([&](auto& r) { r.template get<2>()[0].template get<4>().resize(1); });
}

TEST_CASE("clear and invalidate: done or not begun, however much they take along", "[T-03][T-04]") {
    try_all([](auto& r) { r.clear(); });
    try_all([](auto& r) { r.invalidate(); });
    try_all([](auto& r) { r.template get<0>().clear(); });
    try_all([](auto& r) { r.template get<0>().invalidate(); });
    try_all([](auto& r) { r.template get<2>().invalidate(); });
    try_all([](auto& r) { r.template get<2>().clear(); });
    try_all([](auto& r) { r.template get<1>().invalidate(); });
    try_all([](auto& r) { r.mark_modified(); });
}

TEST_CASE("making a root: nothing is left behind on failure", "[T-02]") {
    probe_scope scope;
    for (const Fails what : {Fails::Probe, Fails::Memory})
        for (long call = 1;; ++call) {
            try {
                (what == Fails::Probe ? probe::fail_after : allocations_until_failure) = call;
                const time_series<bundle<hgvalue::tsl<child, 3>, ts<probe>, shape>> root;
                probe::fail_after = allocations_until_failure = 0;
                CHECK(probe::live > 0);
                break;
            } catch (const probe_failure&) {
            } catch (const std::bad_alloc&) {
            }
            probe::fail_after = allocations_until_failure = 0;
            REQUIRE(probe::live == 0);
        }
}
