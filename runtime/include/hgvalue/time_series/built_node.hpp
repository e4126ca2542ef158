// NodeTypes made at run time, equal in every number to what the compiler makes of the same shape.
//
// Each function takes the type of the node's data, which says all there is to say of sizes and elements, and the types
// of the children; so it fits data of any layout, built by the TypeRegistry or by the compiler. What they return, and
// the copies of names they are given, live as long as the process: classes and handles point to them.
#pragma once

#include <hgvalue/time_series/node_type.hpp>

#include <span>
#include <string_view>

namespace hgvalue::built {

/// What a bundle or root is called; ValueError where `name` is empty. `doc` is empty for none.
struct NodeName {
    std::string_view module;
    std::string_view name;
    std::string_view doc;
};

/// A field of a bundle. Its name and offset come from the bundle's data.
struct NodeChild {
    const NodeType* type;
    std::string_view doc;
    bool item_only;
};

/// TS[value].
const NodeType& leaf(const TypeMeta& value);
/// SIGNAL.
const NodeType& signal();
/// A TSB over a Bundle whose fields are the data of `children`, in that order. TypeError where they are not.
const NodeType& bundle(const NodeName& name, const TypeMeta& value, std::span<const NodeChild> children);
/// TSL[child], fixed if `value` is. TypeError unless `value` is a list of the child's data.
const NodeType& list(const TypeMeta& value, const NodeType& child);
/// TSS. TypeError unless `value` is a set.
const NodeType& set(const TypeMeta& value);
/// TSD[.., child]. TypeError unless `value` is a map to the child's data.
const NodeType& dict(const TypeMeta& value, const NodeType& child);
/// TSW. TypeError unless `value` is a window.
const NodeType& window(const TypeMeta& value);
/// REF[child].
const NodeType& reference(const NodeType& child);
/// A root: `base` under a name of its own.
const NodeType& root(const NodeName& name, const NodeType& base);

} // namespace hgvalue::built
