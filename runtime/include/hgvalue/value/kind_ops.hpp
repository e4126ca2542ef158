// KindOps: what can be done to the values of a kind beyond what every type can (TypeOps): elements, fields, entries.
//
// One flat table for each kind, indexed by TypeKind. What a kind lacks is null; the views turn its use into a
// TypeError. Every change happens whole or not at all. An argument may be of another layout of the wanted type, or of a
// type that store_value takes for it (value/assign.hpp), and may lie inside the value that is changed.
#pragma once

#include <hgvalue/core/error.hpp>
#include <hgvalue/core/type_meta.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace hgvalue {

/// A value that is part of another one; no data when there is none. Small enough to be returned in registers.
struct ValuePart {
    void* data = nullptr;
    const TypeMeta* type = nullptr;

    explicit operator bool() const noexcept { return data != nullptr; }
};

/// A value given to an operation.
struct ValueArgument {
    const void* data;
    const TypeMeta* type;
};

struct KindOps {
    const char* name; ///< of the kind, in messages: "list"

    std::size_t (*size)(const TypeMeta&, const void*);          ///< fields, elements or rows; of an optional 0 or 1
    ValuePart (*at)(const TypeMeta&, const void*, std::size_t); ///< by position; no data beyond the end
    ValuePart (*get)(const TypeMeta&, const void*, ValueArgument key); ///< value in a map; no data if it is not there
    // -- sets and maps
    std::uint32_t (*find)(const TypeMeta&, const void*, ValueArgument key);         ///< the row, or no_row
    std::uint32_t (*find_text)(const TypeMeta&, const void*, std::string_view key); ///< in a map, without making a key
    bool (*insert)(const TypeMeta&, void*, ValueArgument key); ///< whether it was added; in a map, with a default value
    bool (*erase)(const TypeMeta&, void*, ValueArgument key);  ///< whether it was there
    bool (*set)(const TypeMeta&, void*, ValueArgument key, ValueArgument value); ///< whether it was added
    // -- lists, buffers and queues
    void (*push)(const TypeMeta&, void*, ValueArgument element); ///< ValueError if fixed, or a full queue
    void (*pop)(const TypeMeta&, void*);   ///< a list's last element, else the oldest; IndexError if there is none
    void (*clear)(const TypeMeta&, void*); ///< also sets and maps, and empties an optional
    void (*resize)(const TypeMeta&, void*, std::size_t);  ///< lists; ValueError if fixed
    void (*fill)(const TypeMeta&, void*, ValueArgument);  ///< makes all elements of a list equal to a value
    void (*reserve)(const TypeMeta&, void*, std::size_t); ///< room for so many elements in all
    // -- all kinds
    std::string (*to_string)(const TypeMeta&, const void*);
    void* (*to_python)(const TypeMeta&, const void*); ///< new reference; StateError where there is no Python
    void (*from_python)(const TypeMeta&, void*, void* object);
};

namespace detail {
extern const KindOps* const kind_tables[]; ///< by TypeKind
}

inline const KindOps& kind_ops(TypeKind kind) noexcept { return *detail::kind_tables[static_cast<std::size_t>(kind)]; }

/// The type has no such operation, "size" or "push", say.
[[noreturn]] void refuse_operation(const TypeMeta&, const char* operation);

/// The operation of a kind, which must have it: `need(&KindOps::push, type, "push")`.
template <class Operation> Operation need(Operation KindOps::* which, const TypeMeta& type, const char* operation) {
    const Operation found = kind_ops(type.kind).*which;
    if (!found) [[unlikely]]
        refuse_operation(type, operation);
    return found;
}

} // namespace hgvalue
