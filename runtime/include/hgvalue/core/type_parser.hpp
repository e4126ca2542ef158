// Types from text.
#pragma once

#include <hgvalue/core/type_meta.hpp>

#include <string_view>

namespace hgvalue {

class TypeRegistry;

/// The type that `text` spells. It reads what type_name() writes and the schema language's spellings of scalars and
/// composites: `list[T]`, `tuple[T, ...]`, `tuple[A, B]`, `set[T]`, `dict[K, V]`, `OrderedSet[T]`, `OrderedDict[K, V]`,
/// `Array[T, Size[n]]`, `CyclicBuffer[T, Size[n]]`, `Queue[T]`, `Window[T, timedelta(minutes=5)]`, `T | None`, `A | B`,
/// `Optional[T]`, `Union[A, B]`, `{x: int, y: float}`, `REF[T]`, capitalised as in typing or not, with or without the
/// module they come from, and the names the registry has, bare or dotted.
///
/// Null if a name in it is not known. ValueError, which says the column and what was expected there, for text that
/// spells no type or nests deeper than 64 levels; TypeError for a key that is not hashable; AmbiguousTypeError for a
/// name with several types. Nothing is added to the registry for text that is refused as such.
const TypeMeta* parse_type(TypeRegistry& registry, std::string_view text);

} // namespace hgvalue
