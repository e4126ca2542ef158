// How the capabilities of a type follow from those of its parts. The same rules serve the types the compiler lays out
// (`flags_of<T>` in core/type_of.hpp) and those made at run time (core/type_registry.hpp).
#pragma once

#include <hgvalue/core/type_meta.hpp>

namespace hgvalue {

constexpr bool has(TypeFlags flags, TypeFlags wanted) { return (flags & wanted) == wanted; }

/// Numbers, bool and calendar values.
inline constexpr TypeFlags ordered_pod_flags =
    TypeFlags::TriviallyConstructible | TypeFlags::TriviallyDestructible | TypeFlags::TriviallyCopyable |
    TypeFlags::Hashable | TypeFlags::Comparable | TypeFlags::Equatable | TypeFlags::BufferCompatible;
/// `starts_at_zero`: whether the default of the enum is its member 0.
constexpr TypeFlags enum_flags(bool starts_at_zero) {
    return ordered_pod_flags & ~TypeFlags::BufferCompatible &
           (starts_at_zero ? ~TypeFlags::None : ~TypeFlags::TriviallyConstructible);
}
/// str and bytes.
inline constexpr TypeFlags ordered_flags = TypeFlags::Hashable | TypeFlags::Comparable | TypeFlags::Equatable;

/// Of a struct, tuple or other aggregate: what all its parts have, and HoldsObjects if one of them does.
template <class... Flags> constexpr TypeFlags compose_flags(Flags... parts) {
    TypeFlags all = ordered_pod_flags & ~TypeFlags::BufferCompatible, any = TypeFlags::None;
    ((all = all & parts, any = any | (parts & TypeFlags::HoldsObjects)), ...);
    return all | any;
}
/// One part more in an aggregate whose flags so far are `whole`.
constexpr TypeFlags add_part_flags(TypeFlags whole, TypeFlags part) {
    return (whole & part) | ((whole | part) & TypeFlags::HoldsObjects);
}

constexpr TypeFlags optional_flags(TypeFlags payload) {
    return payload & (TypeFlags::TriviallyDestructible | TypeFlags::TriviallyCopyable | TypeFlags::Hashable |
                      TypeFlags::Equatable | TypeFlags::HoldsObjects);
}
/// list[T]: it can change, so it is no key.
constexpr TypeFlags list_flags(TypeFlags element) {
    return element & (TypeFlags::Comparable | TypeFlags::Equatable | TypeFlags::HoldsObjects);
}
/// tuple[T, ...]
constexpr TypeFlags tuple_list_flags(TypeFlags element) {
    return list_flags(element) | (element & TypeFlags::Hashable) | TypeFlags::IsTuple;
}
constexpr TypeFlags array_flags(TypeFlags element) {
    return (compose_flags(element) & ~TypeFlags::Hashable) | (element & TypeFlags::BufferCompatible);
}
inline constexpr TypeFlags set_flags = TypeFlags::Hashable | TypeFlags::Equatable;
constexpr TypeFlags map_flags(TypeFlags value) {
    return value & (TypeFlags::Hashable | TypeFlags::Equatable | TypeFlags::HoldsObjects);
}
/// `alternatives`: the flags of all of them, composed.
constexpr TypeFlags variant_flags(TypeFlags alternatives) {
    return alternatives & ~TypeFlags::TriviallyConstructible & ~TypeFlags::Comparable;
}
/// CyclicBuffer, Queue and Window.
constexpr TypeFlags ring_flags(TypeFlags element) { return element & (TypeFlags::Equatable | TypeFlags::HoldsObjects); }

} // namespace hgvalue
