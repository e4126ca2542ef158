// Ranges over the elements of every kind of container: what they give, in which order, and that they are forward
// ranges.
#include "catch.hpp"
#include "value_samples.hpp"

#include <hgvalue/value/format.hpp>
#include <hgvalue/value/view_range.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <memory>
#include <ranges>
#include <string>
#include <tuple>
#include <vector>

using namespace hgvalue;

namespace {

static_assert(std::forward_iterator<ViewRange::iterator>);
static_assert(std::forward_iterator<MutableViewRange::iterator>);
static_assert(std::forward_iterator<ViewPairRange::iterator>);
static_assert(std::forward_iterator<MutableViewPairRange::iterator>);
static_assert(std::ranges::forward_range<const ViewRange>);
static_assert(std::ranges::sized_range<const ViewPairRange>);

template <class T> ConstValueView view_of(const T& v) { return {&v, &type_of<T>(), &v}; }
template <class T> ValueView mutable_view_of(T& v) { return {&v, &type_of<T>(), &v}; }

std::string text(const ConstValueView& v) { return to_string(*v.schema(), v.data()); }

/// Each element as `path=value`, by iteration.
std::vector<std::string> listed(const ViewRange& range) {
    std::vector<std::string> out;
    for (const ConstValueView& v : range) out.push_back(v.path_string() + '=' + text(v));
    return out;
}

/// Whether indexing gives the same views as iterating.
bool indexes(const ViewRange& range) {
    std::size_t i = 0;
    for (const ConstValueView& v : range) {
        const ConstValueView w = range[i++];
        if (v.data() != w.data() || v.schema() != w.schema() || v.path_string() != w.path_string()) return false;
    }
    return i == range.size();
}

using texts = std::vector<std::string>;

} // namespace

TEST_CASE("a range without elements", "[V-21]") {
    const ViewRange none;
    CHECK(none.empty());
    CHECK(none.begin() == none.end());
    CHECK_THROWS_AS(none[0], IndexError);
    const ViewPairRange no_pairs;
    CHECK(no_pairs.empty());
    CHECK(no_pairs.begin() == no_pairs.end());
    const std::vector<double> list;
    CHECK(ViewRange::list(view_of(list)).empty());
    const map<std::string, double> entries;
    CHECK(ViewPairRange::items(view_of(entries)).empty());
}

TEST_CASE("fields of bundles and tuples", "[V-21]") {
    const point p{7, 2.5, "a"};
    const ViewRange fields = ViewRange::fields(view_of(p));
    CHECK(listed(fields) == texts{"x=7", "y=2.5", "label=\"a\""});
    CHECK(indexes(fields));
    CHECK(fields[2].schema() == &type_of<std::string>());
    CHECK(fields[1].data() == &p.y);
    CHECK(fields[1].owner() == &p);
    CHECK_THROWS_AS(fields[3], IndexError);

    const std::tuple<std::int64_t, std::string> pair{1, "b"};
    CHECK(listed(ViewRange::fields(view_of(pair))) == texts{"[0]=1", "[1]=\"b\""});
}

TEST_CASE("elements of lists", "[V-21]") {
    const std::vector<std::int64_t> list{3, 4, 5};
    const ViewRange range = ViewRange::list(view_of(list));
    CHECK(listed(range) == texts{"[0]=3", "[1]=4", "[2]=5"});
    CHECK(indexes(range));
    CHECK(range.size() == 3);
    CHECK(range.front().data() == list.data());

    const std::array<double, 2> fixed{0.5, 1.5};
    CHECK(listed(ViewRange::list(view_of(fixed))) == texts{"[0]=0.5", "[1]=1.5"});
}

TEST_CASE("elements of rings lie in two pieces", "[V-21]") {
    cyclic_buffer<std::string, 3> buffer;
    for (const char* s : {"a", "b", "c", "d"}) buffer.push(s);
    const ViewRange range = ViewRange::ring_elements(view_of(buffer));
    CHECK(listed(range) == texts{"[0]=\"b\"", "[1]=\"c\"", "[2]=\"d\""});
    CHECK(indexes(range));
    CHECK(range[2].data() < range[0].data());

    queue<std::int64_t> q;
    for (int i = 0; i < 5; ++i) q.push(i);
    q.pop();
    CHECK(listed(ViewRange::ring_elements(view_of(q))) == texts{"[0]=1", "[1]=2", "[2]=3", "[3]=4"});
}

TEST_CASE("keys, values and items", "[V-21]") {
    const map<std::string, double> quotes{{"A", 1.5}, {"B b", 2.5}};
    const ConstValueView v = view_of(quotes);
    CHECK(listed(ViewRange::keys(v)) == texts{"[\"A\"]=\"A\"", "[\"B b\"]=\"B b\""});
    CHECK(listed(ViewRange::values(v)) == texts{"[\"A\"]=1.5", "[\"B b\"]=2.5"});
    CHECK(indexes(ViewRange::values(v)));

    const ViewPairRange items = ViewPairRange::items(v);
    CHECK(items.size() == 2);
    texts seen;
    for (const auto& [key, value] : items) seen.push_back(text(key) + ':' + text(value));
    CHECK(seen == texts{"\"A\":1.5", "\"B b\":2.5"});
    CHECK(text(items[1].second) == "2.5");
    CHECK_THROWS_AS(items[2], IndexError);

    const set<std::int64_t> numbers{5, 3, 9};
    CHECK(listed(ViewRange::keys(view_of(numbers))) == texts{"[0]=5", "[1]=3", "[2]=9"});
}

TEST_CASE("chosen rows, as added() and removed() give them", "[V-21]") {
    const map<std::string, std::int64_t> m{{"a", 1}, {"b", 2}, {"c", 3}};
    const std::array<std::uint32_t, 2> rows{2, 0};
    CHECK(listed(ViewRange::keys(view_of(m), rows)) == texts{"[\"c\"]=\"c\"", "[\"a\"]=\"a\""});
    CHECK(listed(ViewRange::values(view_of(m), rows)) == texts{"[\"c\"]=3", "[\"a\"]=1"});
    CHECK(indexes(ViewRange::values(view_of(m), rows)));
    const ViewPairRange items = ViewPairRange::items(view_of(m), rows);
    CHECK(items.size() == 2);
    CHECK(text(items.front().first) == "\"c\"");
    CHECK(ViewRange::keys(view_of(m), std::span<const std::uint32_t>{}).empty());
}

TEST_CASE("ranges to write through", "[V-21]") {
    std::vector<std::int64_t> list{1, 2, 3};
    for (ValueView v : MutableViewRange::list(mutable_view_of(list))) *static_cast<std::int64_t*>(v.data()) *= 10;
    CHECK(list == std::vector<std::int64_t>{10, 20, 30});

    map<std::string, double> m{{"a", 1.0}, {"b", 2.0}};
    for (auto [key, value] : MutableViewPairRange::items(mutable_view_of(m)))
        if (key.as<std::string>() == "b") *static_cast<double*>(value.data()) = 7.0;
    CHECK(m.at("a") == 1.0);
    CHECK(m.at("b") == 7.0);
}

TEST_CASE("ranges work with the standard algorithms, more than once", "[V-21]") {
    const std::vector<std::int64_t> list{4, 1, 3};
    const ViewRange range = ViewRange::list(view_of(list));
    const auto number = [](const ConstValueView& v) { return v.as<std::int64_t>(); };
    CHECK(number(*std::ranges::max_element(range, {}, number)) == 4);
    auto first = range.begin();
    const auto kept = first++;
    CHECK(number(*kept) == 4);
    CHECK(first->as<std::int64_t>() == 1);
    CHECK(std::ranges::distance(range) == 3);
    CHECK(std::ranges::distance(range) == 3);
}

TEST_CASE("pairs of ranges of different length are refused", "[V-21]") {
    const std::vector<std::int64_t> positions{0, 2};
    const std::vector<double> values{0.5, 1.5}, fewer{0.5};
    const ViewRange at = ViewRange::list(view_of(positions));
    const ViewPairRange changed(at, ViewRange::list(view_of(values)));
    CHECK(changed[1].first.as<std::int64_t>() == 2);
    CHECK(changed[1].second.as<double>() == 1.5);
    CHECK_THROWS_AS(ViewPairRange(at, ViewRange::list(view_of(fewer))), ValueError);
}

TEST_CASE("containers that keep insertion order are gone through in it", "[V-18][V-21]") {
    const TypeMeta& type = TypeRegistry::instance().require("OrderedDict[str, int]");
    row_store* store = nullptr;
    const std::unique_ptr<std::byte[]> bytes(new std::byte[type.size]);
    type.ops->construct(type, bytes.get());
    store = static_cast<row_store*>(static_cast<void*>(bytes.get()));
    const auto insert = [&](const char* key, std::int64_t value) {
        const std::string k(key);
        const std::uint32_t row = runtime().row_store_insert(type, *store, &k, type.key->ops->hash(*type.key, &k));
        *static_cast<std::int64_t*>(store->value(type, row)) = value;
    };
    for (const char* key : {"d", "a", "c", "b"}) insert(key, key[0]);
    runtime().row_store_erase(type, *store, 0);
    insert("d", 4);
    const ConstValueView v(bytes.get(), &type);
    CHECK(listed(ViewRange::keys(v)) == texts{"[\"a\"]=\"a\"", "[\"c\"]=\"c\"", "[\"b\"]=\"b\"", "[\"d\"]=\"d\""});
    CHECK(listed(ViewRange::values(v)) == texts{"[\"a\"]=97", "[\"c\"]=99", "[\"b\"]=98", "[\"d\"]=4"});
    CHECK(indexes(ViewRange::keys(v)));
    CHECK(text(ViewPairRange::items(v)[3].second) == "4");
    const ViewRange keys = ViewRange::keys(v);
    ValueCursor at = keys.first();
    for (int i = 0; i < 4; ++i) keys.inc(at);
    CHECK(keys.is_last(at));
    type.ops->destroy(type, bytes.get());
}
