// The shape of a change: a delta of a value type is a value of a derived type.
//
// `delta_type(V)` is a bundle made by the registry of columns side by side (structure of arrays), so deltas are copied,
// compared, hashed, printed, encoded and viewed by what does that for values. In the table `C(V)` is the content of a
// change of V: V itself, the new value, for scalars, enums, objects, references and variants, else the bundle. A column
// `x: [T]` is of type tuple[T, ...], and columns named together are parallel.
//
//   scalar, enum, object,  as a root: marks: uint8, value: V | None. Inside another delta: the new V, and whether
//   Ref, A | B             there is one is that delta's to say
//   T | None               marks, state: uint8 (OptionalChange), value: T | None if it was replaced, and, unless C(T)
//                          is T, inside: C(T) | None if it changed within
//   bundle, tuple          marks, changed: tuple of uint64 (bit i of word i / 64: field i), fields: {name: C(T)} or
//                          tuple of C(T), of which those that did not change are default values
//   Array[T]               marks, indices: [uint64] ascending and updated: [C(T)]
//   list, tuple[T, ...]    marks, kept: uint64, dropped: uint64, indices: [uint64] and updated: [C(T)], appended: [T].
//                          The first `kept` elements stay, the `dropped` after them go, `appended` comes behind
//   set                    marks, removed: [T], added: [T]
//   dict                   marks, removed_keys: [K], added_keys: [K] and added_values: [V], updated_keys: [K] and
//                          updated: [C(V)]. A key in removed_keys and added_keys starts afresh
//   buffer, queue, window  marks, kept: uint64, dropped: uint64, appended: [T] and, for a window, times: [datetime].
//                          The oldest `dropped` go, `appended` comes behind the `kept` newest
//
// `marks` are for time series, see DeltaMark. diff sets none, and apply to a value looks at those that say that a value
// comes or goes.
//
// Equal changes are equal deltas, whatever the order of the rows they came from: keys and set elements stand in
// ascending order (canonical_order), but for those added to a container that keeps insertion order, which stand in that
// order. A nested change that changes nothing is left out, and where nothing changes `kept` is 0.
//
// What a tick of a time series says besides, because its plain value, of optional parts, does not show it: of a list
// that ticked `kept`, in any case; of a dict that became valid all its keys, those that it kept as updated, be it by a
// change that changes nothing; inside an optional that is reset, what children a dict or list keeps while it is not
// valid; and of what is added or appended the same, as an update of it. A child of a dict or list that was written and
// became invalid is reset, with a mark, even where it is new.
#pragma once

#include <hgvalue/core/type_registry.hpp>

#include <compare>
#include <cstdint>

namespace hgvalue {

/// What a delta says of a time series besides what changes in its value; bits. diff sets none of them.
namespace DeltaMark {
inline constexpr std::uint8_t Ticked = 1;  ///< it ticked, although nothing in it may have changed
inline constexpr std::uint8_t Invalid = 2; ///< it is not valid any more: of a root, there is no value after this; of an
                                           ///< optional, it is reset, but a time series keeps its keys
inline constexpr std::uint8_t Cleared = 4; ///< whatever it held goes first: the change is one of the default value
inline constexpr std::uint8_t Keys = 8;    ///< of a dict: its key_set ticked
inline constexpr std::uint8_t Written = 16;  ///< of an optional that is reset: it was written earlier in the tick
inline constexpr std::uint8_t WasValid = 32; ///< of an optional that is reset: it was valid at some earlier time
inline constexpr std::uint8_t all = Ticked | Invalid | Cleared | Keys | Written | WasValid;
/// Those of a child of a dict or dynamic list that holds no value: what its removal will say depends on them.
inline constexpr std::uint8_t past = Written | WasValid;
} // namespace DeltaMark

/// What happened to a value of type T | None.
enum class OptionalChange : std::uint8_t {
    None,     ///< nothing
    Reset,    ///< it is None now
    Replaced, ///< it has a new value
    Inside    ///< it has a value as before, in which something changed
};

/// The type of deltas of `value_type`, which may be of any layout; the same address for the same type.
const TypeMeta& delta_type(const TypeMeta& value_type);

/// C(V) of the table above.
const TypeMeta& delta_content_type(const TypeMeta& value_type);

/// Whether a change of such a value is told by the new value alone.
constexpr bool is_atomic(const TypeMeta& value_type) noexcept {
    return value_type.kind == TypeKind::Scalar || value_type.kind == TypeKind::Variant ||
           value_type.kind == TypeKind::Ref;
}

/// The order in which keys stand in deltas, total over all values of a hashable type: numbers by size with NaN last,
/// text by bytes, None first, alternatives of a variant by position, composites by their first difference, sets and
/// dicts by size and then as the ordered list of their content. TypeError for types without a hash.
std::strong_ordering canonical_order(const TypeMeta& type, const void* a, const void* b);

} // namespace hgvalue
