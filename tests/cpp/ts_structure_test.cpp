// Rows move, grow and go; what is inside them must go on knowing its place.
#include "catch.hpp"
#include "ts_bundle.hpp"
#include "ts_random.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

using namespace hgvalue;
using ts_test::bundle;

namespace {

using entry = bundle<ts<double>, hgvalue::tsl<ts<std::int64_t>>, tss<std::string>>;
using child = bundle<tsd<std::string, entry>, hgvalue::tsl<entry>, tsw<std::string, false, 4, 0>, ts<std::string>,
                     hgvalue::tsl<entry, 2>>;
using book = tsd<std::int64_t, child>;

/// Nodes from `n` down to a leaf, at random; ends early at an empty collection or a kind without children.
void random_path(const node_ref& n, ts_test::Mutator& random, std::vector<node_ref>& path) {
    path.push_back(n);
    std::vector<node_ref> children;
    ts_test::each_child(n, [&](const node_ref& c, const std::string&) { children.push_back(c); });
    if (!children.empty())
        random_path(children[random.below(static_cast<std::uint32_t>(children.size()))], random, path);
}

/// Whether `parent` has `c`, just written, on record as changed, under its own row or index.
bool noted(const node_ref& parent, const node_ref& c) {
    const auto has = [&](const std::vector<std::uint32_t>& changed) {
        return std::count(changed.begin(), changed.end(), c.slot) == 1;
    };
    if (parent.type->kind == NodeKind::TSD) {
        const keyed_state& s = parent.keyed();
        const std::uint32_t row = s.places[c.slot].row;
        return s.touched == parent.now() && has(s.changed) && row < parent.rows().size() &&
               row_ref(parent, row).overlay == c.overlay && (s.flags[row] & RowFlag::Written) != 0;
    }
    if (parent.type->is_dynamic_list()) {
        const list_state& s = parent.list();
        return s.touched == parent.now() && has(s.changed) && (s.flags[c.slot] & RowFlag::Written) != 0;
    }
    return child_touched(parent, c.slot);
}

/// Writes somewhere deep inside, in a tick of its own, and looks at every ancestor.
void write_deep(time_series<book>& root, ts_test::Mutator& random) {
    root.tick(root.now() + 1);
    std::vector<node_ref> path;
    random_path(root.ref(), random, path);
    const node_ref& last = path.back();
    if (last.type->kind == NodeKind::TS)
        random.set(last);
    else
        runtime().mark_modified(last);
    for (std::size_t i = 0; i < path.size(); ++i) {
        if (!path[i].modified()) FAIL("ancestor " << i << " of " << path.size() << " is not stamped");
        if (i != 0 && !noted(path[i - 1], path[i])) FAIL("ancestor " << i - 1 << " has no record of its child");
    }
    if (!root.ref().context->record.touched_at(root.now())) FAIL("the root is not on record");
}

/// Inserts, erases or changes something under a row; `keys` limits the number of rows.
void change(const node_ref& n, ts_test::Mutator& random, std::uint32_t keys) {
    const std::int64_t key = random.below(keys);
    const std::uint32_t what = random.below(10), row = find_row(*n.type->value, n.rows(), &key, hash_of(key));
    if (what < 2) {
        if (row == no_row) runtime().insert_row(n, &key, hash_of(key));
    } else if (what < 3) {
        if (row != no_row) runtime().erase_row(n, row);
    } else if (!n.rows().empty()) {
        random.run(row_ref(n, random.below(n.rows().size())));
    }
}

} // namespace

TEST_CASE("parents, ids and rows stay right through inserts, erases and growth", "[T-04]") {
    time_series<book> root;
    ts_test::Mutator random(7);
    for (int batch = 0; batch < 1000; ++batch) {
        const std::uint32_t keys = batch % 300 < 150 ? 20 : 90; // grows, and empties again
        for (int i = 0; i < 200; ++i) {
            if (i % 20 == 0) root.tick(root.now() + 1);
            change(root.ref(), random, keys);
        }
        if (keys == 20 && batch % 50 == 0) root.clear();
        if (const std::string d = ts_test::defects(root.ref()); !d.empty()) FAIL("batch " << batch << ": " << d);
        for (int i = 0; i < 5; ++i) write_deep(root, random);
    }
}

TEST_CASE("whoever keeps an address learns that it may have changed", "[T-04]") {
    time_series<book> root;
    ts_test::Mutator random(8);
    ts_test::address_map before, after;
    int moved = 0, gone = 0, quiet = 0;
    for (int i = 0; i < 4000; ++i) {
        if (i % 5 == 0) root.tick(root.now() + 1);
        const std::uint64_t version = root.ref().context->structure_version;
        change(root.ref(), random, 24);
        after.clear();
        ts_test::addresses(root.ref(), "", after);
        if (root.ref().context->structure_version == version) {
            for (const auto& [path, where] : before) {
                const auto now = after.find(path);
                if (now == after.end()) FAIL("operation " << i << ": " << path << " has gone unannounced");
                if (now->second != where) FAIL("operation " << i << ": " << path << " has moved unannounced");
            }
            ++quiet;
        } else {
            for (const auto& [path, where] : before)
                if (const auto now = after.find(path); now == after.end())
                    ++gone;
                else if (now->second != where)
                    ++moved;
        }
        std::swap(before, after);
    }
    CHECK(moved > 100);
    CHECK(gone > 100);
    CHECK(quiet > 1000);
}

TEST_CASE("the keys of a set may move too", "[T-04]") {
    time_series<tss<std::int64_t>> s;
    s.tick(1);
    for (std::int64_t k = 0; k < 1000; ++k) {
        const std::int64_t* before = s.keys().data();
        const std::uint64_t version = s.ref().context->structure_version;
        s.add(k);
        if (before != s.keys().data()) REQUIRE(s.ref().context->structure_version != version);
    }
}

TEST_CASE("ids are told apart by generation when they are used again", "[T-04]") {
    time_series<tsd<std::int64_t, ts<double>>> d;
    d.tick(1);
    d[1].set(1.0);
    const keyed_state& s = d.ref().keyed();
    const std::uint32_t id = s.id_of_row[0], generation = s.places[id].generation;
    d.tick(2);
    d.erase(1);
    d[1].set(2.0);
    CHECK(s.id_of_row[0] != id); // not before the next tick: the records name elements by id
    CHECK(s.places[id].row == no_row);
    CHECK(s.places[id].generation != generation);
    d.tick(3);
    d[2].set(1.0);
    CHECK(s.id_of_row[1] == id);
    CHECK(s.places[id].generation != generation);
    CHECK(s.places.size() == 2);
}
