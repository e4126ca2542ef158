// Values and types as text, for logs, messages and debuggers.
#pragma once

#include <hgvalue/core/type_meta.hpp>

#include <string>

namespace hgvalue {

/// The type as a schema spells it: `int`, `list[float]`, `tuple[int, ...]`, `dict[str, Point]`, `int | None`,
/// `Array[float, Size[3]]`, `Window[float, Size[10]]`. Named types give their class name, anonymous bundles
/// `{x: int, y: float}`; sets and maps that keep insertion order are `OrderedSet[int]` and `OrderedDict[str, float]`.
/// parse_type() reads it all back.
std::string type_name(const TypeMeta& type);

/// The value as text: `{x=1, y=2.5}` for bundles, `[1, 2]` for lists, buffers and queues, `(1, "a")` for tuples,
/// `{1, 2}` for sets, `{"a": 1}` for dicts, `None` for an empty optional, `Window[size=3, newest=42]`.
/// References are `REF[empty]`, `REF[bound: 42]` with what they refer to, or `REF[unbound: 3 items]`. Floats have as
/// many digits as it takes to read the same number back. Python objects show their type only.
std::string to_string(const TypeMeta& type, const void* value);

} // namespace hgvalue
