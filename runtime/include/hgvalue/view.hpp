// hgvalue::view(x): a type-erased view over any C++ value or time series, where it lies.
#pragma once

#include <hgvalue/time_series/node_type.hpp>
#include <hgvalue/value.hpp>

#include <concepts>

namespace hgvalue {

/// A C++ type that has a TypeMeta: generated structs, and whatever a schema's types are made of.
template <class T>
concept Described = requires { meta_for<T>::value; };

/// A handle of a time series, or a root.
template <class T>
concept NodeHandle = requires(const T& t) {
    { t.ref() } -> std::same_as<node_ref>;
};

/// Nothing is copied: the view's data is the value's address.
template <Described T> ConstValueView view(const T& value) { return {&value, &type_of<T>(), &value}; }
template <Described T> ValueView view(T& value) { return {&value, &type_of<T>(), &value}; }

/// The data of a time series, to be read: fields that are not valid hold whatever they held. It is written through its
/// handles, which stamp what they write.
template <NodeHandle T> ConstValueView view(const T& handle) {
    const node_ref n = handle.ref();
    return {n.value, n.type->value, n.value};
}

} // namespace hgvalue
