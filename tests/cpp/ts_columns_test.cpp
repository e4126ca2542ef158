// Columns of dicts: where they lie, and that writing them is writing the time series one by one.
#include "catch.hpp"
#include "ts_bundle.hpp"
#include "ts_compare.hpp"

#include <hgvalue/time_series/columns.hpp>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

using namespace hgvalue;
using ts_test::bundle;

namespace {

using inner = bundle<ts<std::int64_t>, tss<std::int64_t>>;
using row = bundle<ts<double>, ts<std::string>, inner, ts<std::int8_t>>;
using numbers = bundle<ts<double>, ts<double>, ts<double>>;

std::vector<std::string> names(const NodeType& dict) {
    std::vector<std::string> found;
    for (const DictColumn& c : columns_of(dict)) found.push_back(c.name);
    return found;
}

/// Cells for a column: random values, some of them not given.
struct Column {
    explicit Column(const DictColumn& c, std::size_t size, std::mt19937& random, bool nulls)
        : column(&c), given(size, 1) {
        for (std::size_t i = 0; i < size; ++i) {
            const auto n = static_cast<int>(random() % 100);
            doubles.push_back(n / 2.0);
            integers.push_back(n);
            bytes.push_back(static_cast<std::int8_t>(n));
            texts.push_back("a text that is on the heap, number " + std::to_string(n));
            if (nulls) given[i] = random() % 3 != 0;
        }
        has_nulls = nulls;
    }
    ColumnCells cells() {
        const auto at = [&](auto& values) {
            return ColumnCells{column, reinterpret_cast<std::byte*>(values.data()), sizeof(values[0]),
                               has_nulls ? given.data() : nullptr};
        };
        switch (column->type->scalar->scalar) {
        case ScalarKind::Float64: return at(doubles);
        case ScalarKind::Int64: return at(integers);
        case ScalarKind::Int8: return at(bytes);
        default: return at(texts);
        }
    }
    const DictColumn* column;
    std::vector<std::uint8_t> given;
    bool has_nulls = false;
    std::vector<double> doubles;
    std::vector<std::int64_t> integers;
    std::vector<std::int8_t> bytes;
    std::vector<std::string> texts;
};

/// The node of a column in a row, by name.
node_ref node_of(const node_ref& dict, std::uint32_t r, const std::string& name) {
    node_ref n = row_ref(dict, r);
    for (std::size_t from = 0; from < name.size() && n.type->kind == NodeKind::TSB;) {
        const std::size_t dot = std::min(name.find('.', from), name.size());
        for (std::uint32_t i = 0; i < n.type->field_count; ++i)
            if (n.type->fields[i].name == name.substr(from, dot - from)) {
                n = field_ref(n, i);
                break;
            }
        from = dot + 1;
    }
    return n;
}

void write_singly(const node_ref& dict, const std::vector<std::uint32_t>& rows, std::vector<Column>& columns) {
    for (std::size_t i = 0; i < rows.size(); ++i)
        for (Column& c : columns) {
            const ColumnCells cells = c.cells();
            if (rows[i] == no_row || !cells.is_given(i)) continue;
            const node_ref n = node_of(dict, rows[i], c.column->name);
            n.type->scalar->ops->copy_assign(*n.type->scalar, n.value, cells.cell(i));
            stamp_leaf(n, n.now());
        }
}

/// Random updates of two roots, one by columns and one by single writes.
template <class Child> void compare(bool nulls, bool observed) {
    using dict = tsd<std::int64_t, Child>;
    std::mt19937 random(7);
    time_series<dict> a, b;
    std::vector<std::string> heard[2];
    std::vector<Subscription> kept;
    if (observed)
        for (int i = 0; i < 2; ++i) {
            auto& root = i == 0 ? a : b;
            auto& log = heard[i];
            for (const When when : {When::Write, When::End}) {
                const std::string at = when == When::Write ? "write" : "end";
                kept.push_back(root.subscribe([&log, at] { log.push_back("root " + at); }, when));
                kept.push_back(root.subscribe_elements([&log, at] { log.push_back("elements " + at); }, when));
                kept.push_back(root.subscribe_key(3, [&log, at] { log.push_back("3 " + at); }, when));
            }
        }
    const std::vector<DictColumn> all = columns_of(dict::type);
    for (engine_time_t t = 1; t <= 40; ++t) {
        a.tick(t);
        b.tick(t);
        for (std::int64_t key = 0; key < 12; ++key)
            if (const auto what = random() % 8; what == 0) {
                a.erase(key);
                b.erase(key);
            } else if (what < 3) {
                a[key];
                b[key];
            }
        for (int update = 0; update < 2; ++update) {
            std::vector<std::uint32_t> rows;
            for (std::size_t i = 0; i < random() % 10; ++i)
                rows.push_back(a.empty() || random() % 6 == 0 ? no_row
                                                              : static_cast<std::uint32_t>(random() % a.size()));
            std::vector<Column> columns;
            for (const DictColumn& c : all)
                if (random() % 4 != 0) columns.emplace_back(c, rows.size(), random, nulls);
            write_singly(b.ref(), rows, columns); // before what is moved from
            std::vector<ColumnCells> cells;
            for (Column& c : columns) cells.push_back(c.cells());
            engine::write_columns(a.ref(), rows, cells);
            REQUIRE(ts_test::Comparison(true)(a.ref(), b.ref()) == "");
            std::vector<std::int64_t> changed[2];
            for (auto [k, c] : a.modified_items()) changed[0].push_back(k);
            for (auto [k, c] : b.modified_items()) changed[1].push_back(k);
            REQUIRE(changed[0] == changed[1]);
            for (std::uint32_t r = 0; r < a.size(); ++r)
                for (const DictColumn& c : all)
                    REQUIRE(node_of(a.ref(), r, c.name).modified() == node_of(b.ref(), r, c.name).modified());
        }
    }
    std::sort(heard[0].begin(), heard[0].end());
    std::sort(heard[1].begin(), heard[1].end());
    CHECK(heard[0] == heard[1]);
    CHECK(heard[0].empty() != observed);
}

} // namespace

TEST_CASE("the columns of a dict are its scalars, in bundles too", "[T-08]") {
    CHECK(names(tsd<std::int64_t, ts<double>>::type) == std::vector<std::string>{"value"});
    CHECK(names(tsd<std::int64_t, row>::type) == std::vector<std::string>{"f0", "f1", "f2.f0", "f3"});
    CHECK(names(tsd<std::int64_t, tss<std::int64_t>>::type).empty());
    CHECK(names(tsd<std::int64_t, tsd<std::int64_t, ts<double>>>::type).empty());
}

TEST_CASE("writing columns is writing one by one", "[T-08]") {
    for (const bool nulls : {false, true})
        for (const bool observed : {false, true}) {
            CAPTURE(nulls, observed);
            compare<ts<double>>(nulls, observed);
            compare<ts<std::string>>(nulls, observed);
            compare<row>(nulls, observed);
            compare<numbers>(nulls, observed);
        }
}

TEST_CASE("columns are written after the first tick only", "[T-08]") {
    time_series<tsd<std::int64_t, ts<double>>> d;
    CHECK_THROWS_AS(engine::write_columns(d.ref(), {}, {}), StateError);
    d.tick(1);
    engine::write_columns(d.ref(), {}, {});
    CHECK_FALSE(d.valid());
}
