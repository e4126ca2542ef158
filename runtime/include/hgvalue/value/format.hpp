// Values and types as text, for logs, messages and debuggers.
#pragma once

#include <hgvalue/core/type_meta.hpp>

#include <cstddef>
#include <string>

namespace hgvalue {

/// A text that is short, however much there is to show. Whoever adds to it stops when it is full and says how much is
/// left out; so making it takes no longer for more.
struct ShortText {
    std::string text;
    std::size_t limit = static_cast<std::size_t>(-1); ///< bytes after which nothing but brackets follows
    bool cut = false;                                 ///< whether anything was left out

    bool full() const noexcept { return text.size() >= limit; }
    std::size_t room() const noexcept { return full() ? 0 : limit - text.size(); }
    /// Adds "… 5 more", or with a unit "… 5 more bytes".
    void leave_out(std::size_t count, const char* unit = "");
    /// Adds text of somebody else's as far as there is room.
    void add_clipped(const std::string& added);
};

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

/// Adds what to_string gives, as far as there is room.
void add_value(ShortText& out, const TypeMeta& type, const void* value);

/// What to_string gives, cut to about `limit` bytes: for messages.
std::string short_string(const TypeMeta& type, const void* value, std::size_t limit = 60);

} // namespace hgvalue
