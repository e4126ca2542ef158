// Keys of sets and dicts given as Python objects.
#include "convert.hpp"
#include "scalars.hpp"

namespace hgvalue::python {

PythonKey::PythonKey(const TypeMeta& key_type, PyObject* key, const PathStep* where) : value_(key_type) {
    from_python(key_type, value_.get(), key, where);
    hash_ = key_type.ops->hash(key_type, value_.get());
}

std::uint32_t find_row_direct(const TypeMeta& type, const row_store& rows, PyObject* key, const PathStep* where) {
    const TypeMeta& key_type = key_meta(type);
    const auto find = [&]<class Stored>(const auto& wanted, std::size_t hash, const Stored*) {
        const auto* keys = reinterpret_cast<const Stored*>(rows.keys());
        return rows.find(hash, [&](std::uint32_t row) { return keys[row] == wanted; });
    };
    if (key_type.scalar == ScalarKind::Str) {
        const std::string_view text = text_from_python(key_type, key, where);
        return find(text, hash_bytes(text), static_cast<std::string*>(nullptr));
    }
    const std::int64_t n = int64_from_python(key_type, key, where);
    return find(n, hash_of(n), static_cast<std::int64_t*>(nullptr));
}

} // namespace hgvalue::python
