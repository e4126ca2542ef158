// TypeMeta: what the runtime knows of a value type. TypeOps: what it can do with one.
//
// A TypeMeta is a constant made by the compiler (`type_of<T>()`) or built at run time from a schema; code that
// works on one never needs to know which. Operations take the meta of the value they work on, so one function
// serves every struct, list or map, and a type costs a table, not code.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hgvalue {

struct TypeMeta;

enum class TypeKind : std::uint8_t {
    Scalar,       ///< one of ScalarKind
    Tuple,        ///< tuple[A, B]: positional fields
    Bundle,       ///< CompoundScalar, or the data of a TSB: named fields
    List,         ///< list[T] and tuple[T, ...] (`fixed_size` 0), Array[T, n]
    Set,          ///< set[T]
    Map,          ///< dict[K, V]
    CyclicBuffer, ///< the last `fixed_size` elements
    Queue,        ///< first in, first out; `fixed_size` is its capacity, 0 for none
    Window,       ///< (time, value) pairs, by count or by duration
    Optional,     ///< T | None
    Variant,      ///< A | B: exactly one of its alternatives, which stand in `fields` without name and offset
    Ref           ///< reference to another time series
};

enum class ScalarKind : std::uint8_t {
    None, ///< not a scalar
    Bool,
    Int8,
    Int16,
    Int32,
    Int64,
    UInt8,
    UInt16,
    UInt32,
    UInt64,
    Float32,
    Float64,
    Str,
    Bytes,
    Date,
    Time,
    DateTime,
    TimeDelta,
    Object,
    Enum ///< stored as std::int64_t
};

enum class TypeFlags : std::uint32_t {
    None = 0,
    TriviallyConstructible = 1 << 0, ///< all-zero bytes are its default value
    TriviallyDestructible = 1 << 1,
    TriviallyCopyable = 1 << 2, ///< may be copied and relocated by memcpy
    Hashable = 1 << 3,
    Comparable = 1 << 4,
    Equatable = 1 << 5,
    BufferCompatible = 1 << 6, ///< elements of a numpy array or an Arrow column
    HoldsObjects = 1 << 7,     ///< contains Python objects somewhere, so the garbage collector must walk it
    IsTuple = 1 << 8,          ///< a List whose Python form is a tuple: tuple[T, ...]
    Ordered = 1 << 9,          ///< a Set or Map that is iterated in insertion order
    Partial = 1 << 11,         ///< a Bundle of a TSB's data: a field may be None, and Python sees a dict of the others
    Built = 1 << 10            ///< made by the TypeRegistry, which also laid out its storage; not by the compiler
};
constexpr TypeFlags operator|(TypeFlags a, TypeFlags b) {
    return static_cast<TypeFlags>(static_cast<std::uint32_t>(a) | static_cast<std::uint32_t>(b));
}
constexpr TypeFlags operator~(TypeFlags a) { return static_cast<TypeFlags>(~static_cast<std::uint32_t>(a)); }
constexpr TypeFlags operator&(TypeFlags a, TypeFlags b) {
    return static_cast<TypeFlags>(static_cast<std::uint32_t>(a) & static_cast<std::uint32_t>(b));
}

/// The operations of a type. What a kind lacks is null; ask the flags first.
struct TypeOps {
    void (*construct)(const TypeMeta&, void* to);                        ///< default value, with the schema's defaults
    void (*destroy)(const TypeMeta&, void* value) noexcept;              ///
    void (*copy_construct)(const TypeMeta&, void* to, const void*);      ///
    void (*relocate)(const TypeMeta&, void* to, void* from) noexcept;    ///< move-construct `to`, then destroy `from`
    void (*copy_assign)(const TypeMeta&, void* to, const void*);         ///< strong guarantee is the caller's to keep
    void (*move_assign)(const TypeMeta&, void* to, void* from) noexcept; ///< `from` stays destructible
    bool (*equals)(const TypeMeta&, const void*, const void*);           ///< NaN equals NaN, 0.0 equals -0.0
    bool (*less)(const TypeMeta&, const void*, const void*);             ///< null unless Comparable
    std::size_t (*hash)(const TypeMeta&, const void*);                   ///< null unless Hashable; agrees with equals
    // Lists whose storage can grow: list[T], tuple[T, ...]. Elements lie side by side, `element->size` apart.
    std::size_t (*list_size)(const TypeMeta&, const void*);
    void* (*list_data)(const TypeMeta&, void*);
    void (*list_resize)(const TypeMeta&, void*, std::size_t);
    void (*list_reserve)(const TypeMeta&, void*, std::size_t);
    // Optional: the payload, or null when empty; emplace makes a default payload; reset empties.
    void* (*optional_get)(const TypeMeta&, void*);
    void* (*optional_emplace)(const TypeMeta&, void*);
    void (*optional_reset)(const TypeMeta&, void*) noexcept;
    // Variant: which alternative it holds, where that is, and a new default-made one in place of the old; when making
    // it fails the variant is as it was.
    std::size_t (*variant_index)(const TypeMeta&, const void*);
    void* (*variant_get)(const TypeMeta&, void*);
    void* (*variant_emplace)(const TypeMeta&, void*, std::size_t);
};

/// One field of a bundle or tuple, or one alternative of a variant.
struct FieldInfo {
    const char* name; ///< as in the schema; null in a tuple and a variant
    const TypeMeta* type;
    std::uint32_t offset; ///< bytes from the start of the struct, as the compiler laid it out
    bool has_default;     ///< may be left out of the constructor
    bool item_only;       ///< reached by `[name]` only
    const char* doc;      ///< or null
};

/// Whether the field has that name. Names are short and mostly differ early, so they are compared as they are met,
/// without being measured first.
constexpr bool is_named(const FieldInfo& f, std::string_view name) noexcept {
    const char* at = f.name;
    if (!at) return false;
    for (const char c : name)
        if (*at != c || *at++ == '\0') return false;
    return *at == '\0';
}

/// What the Python class of an enum derives from. Members of an IntEnum are ints.
enum class EnumBase : std::uint32_t { Enum, IntEnum };

/// The members of an Enum, in schema order.
struct EnumInfo {
    const char* const* names;
    const std::int64_t* values;
    std::uint32_t count;
    EnumBase base = EnumBase::Enum;

    constexpr bool has(std::int64_t value) const noexcept {
        for (std::uint32_t i = 0; i < count; ++i)
            if (values[i] == value) return true;
        return false;
    }
    /// The value of a new enum: 0 if that is a member, else that of the first one.
    constexpr std::int64_t default_value() const noexcept { return has(0) ? 0 : values[0]; }
};

struct TypeMeta {
    const char* name;   ///< class name; null for an anonymous type
    const char* module; ///< dotted schema module of a named type; null for an anonymous one
    const char* doc;    ///< docstring of the schema, or null
    TypeKind kind;
    ScalarKind scalar;
    TypeFlags flags;
    std::uint32_t size;
    std::uint32_t alignment;
    const TypeOps* ops;
    const TypeMeta* element; ///< of a list, set, optional, buffer, queue, window; value type of a map
    const TypeMeta* key;     ///< of a map
    const FieldInfo* fields;
    std::uint32_t field_count;
    std::int64_t fixed_size; ///< Array, CyclicBuffer, Queue; Window: count, or duration in µs
    std::int64_t min_size;   ///< Window: count, or duration in µs
    bool by_time;            ///< Window: sizes are durations
    const EnumInfo* enumeration;

    constexpr bool is(TypeFlags f) const { return (flags & f) == f; }
    constexpr bool trivially_relocatable() const { return is(TypeFlags::TriviallyCopyable); }
};

/// The position of a bundle's field, or field_count if there is none of that name.
constexpr std::uint32_t field_index(const TypeMeta& bundle, std::string_view name) noexcept {
    std::uint32_t i = 0;
    while (i != bundle.field_count && !is_named(bundle.fields[i], name)) ++i;
    return i;
}

/// The meta of a C++ type. Specialised for every type a schema can name; generated code adds its own structs.
template <class T> struct meta_for;

template <class T> constexpr const TypeMeta& type_of() noexcept { return meta_for<T>::value; }

} // namespace hgvalue
