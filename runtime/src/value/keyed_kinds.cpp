// Sets and maps.
#include "kind_tables.hpp"
#include "own_key.hpp"
#include "value_functions.hpp"

#include <hgvalue/core/hash.hpp>

namespace hgvalue::detail {
namespace {

row_store& as_rows(void* v) { return *static_cast<row_store*>(v); }
const row_store& as_rows(const void* v) { return *static_cast<const row_store*>(v); }

std::uint32_t find(const TypeMeta& m, const row_store& s, const own_key& key) {
    return find_row(m, s, key.data(), key.hash());
}

ValuePart entry(const TypeMeta& m, const row_store& s, std::uint32_t row) {
    if (row == no_row) return {};
    return {s.value(m, row), m.element};
}

std::size_t size(const TypeMeta&, const void* v) { return as_rows(v).size(); }

std::uint32_t find(const TypeMeta& m, const void* v, ValueArgument key) { return find(m, as_rows(v), own_key(m, key)); }

ValuePart get(const TypeMeta& m, const void* v, ValueArgument key) {
    return entry(m, as_rows(v), find(m, as_rows(v), own_key(m, key)));
}

std::uint32_t find_text(const TypeMeta& m, const void* v, std::string_view text) {
    if (m.key->scalar != ScalarKind::Str) {
        const std::string key(text);
        return find(m, v, {&key, &type_of<std::string>()}); // says what is wrong with the type
    }
    const row_store& s = as_rows(v);
    return s.find(hash_bytes(text),
                  [&](std::uint32_t row) { return *static_cast<const std::string*>(s.key(m, row)) == text; });
}

bool insert(const TypeMeta& m, void* v, ValueArgument element) {
    const own_key key(m, element);
    if (find(m, as_rows(v), key) != no_row) return false;
    row_store_insert(m, as_rows(v), key.data(), key.hash());
    return true;
}

bool erase(const TypeMeta& m, void* v, ValueArgument element) {
    const std::uint32_t row = find(m, as_rows(v), own_key(m, element));
    if (row == no_row) return false;
    row_store_erase(m, as_rows(v), row);
    return true;
}

bool set(const TypeMeta& m, void* v, ValueArgument at, ValueArgument value) {
    const own_key key(m, at);
    row_store& s = as_rows(v);
    if (const std::uint32_t row = find(m, s, key); row != no_row) {
        store_value(*m.element, s.value(m, row), *value.type, value.data);
        return false;
    }
    temporary new_key(*m.key, *m.key, key.data()), new_value(*m.element, *value.type, value.data);
    row_store_insert_relocated(m, s, new_key.get(), new_value.get(), key.hash());
    new_key.forget();
    new_value.forget();
    return true;
}

void clear(const TypeMeta& m, void* v) { row_store_clear(m, as_rows(v)); }
void reserve(const TypeMeta& m, void* v, std::size_t rows) { row_store_reserve(m, as_rows(v), rows); }

constexpr KindOps make_set_ops(const char* name) {
    KindOps ops = common_ops(name);
    ops.size = size;
    ops.find = find;
    ops.insert = insert;
    ops.erase = erase;
    ops.clear = clear;
    ops.reserve = reserve;
    return ops;
}
constexpr KindOps make_map_ops() {
    KindOps ops = make_set_ops("dict");
    ops.find_text = find_text;
    ops.get = get;
    ops.set = set;
    return ops;
}

} // namespace

constinit const KindOps set_kind = make_set_ops("set");
constinit const KindOps map_kind = make_map_ops();

} // namespace hgvalue::detail
