// What is inside a DeltaValue, for the functions that make and read deltas.
#pragma once

#include "content.hpp"

#include <hgvalue/delta/delta_value.hpp>

#include <utility>

namespace hgvalue {

/// A delta and its content, as the recursive functions want it: of an atomic root the new value, or null.
struct delta_access {
    explicit delta_access(const DeltaValue& d)
        : type(*d.value_type_), root(*d.storage_.schema()), p(d.storage_.data()) {}

    bool atomic() const { return is_atomic(type); }
    const TypeMeta& content_type() const {
        return atomic() ? *root.fields[detail::part::atomic_root::value].type->element : root;
    }
    const void* content() const { return atomic() ? detail::payload_at(root, p, detail::part::atomic_root::value) : p; }
    std::uint8_t marks() const { return detail::marks_at(root, p); }

    static DeltaValue make(const TypeMeta& type, Value storage) { return {type, std::move(storage)}; }
    /// A delta of `v`, an interned type, whose content `write(root type, root)` fills in.
    template <class Write> static DeltaValue make_with(const TypeMeta& v, const Write& write) {
        const TypeMeta& root = delta_type(v);
        Value storage(root);
        write(root, storage.data());
        return make(v, std::move(storage));
    }

    const TypeMeta& type;
    const TypeMeta& root;
    const void* p;
};

} // namespace hgvalue
