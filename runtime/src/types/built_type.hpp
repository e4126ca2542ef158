// Types made at run time: what is behind a TypeMeta that the registry laid out.
#pragma once

#include <hgvalue/core/type_meta.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace hgvalue::detail {

/// Frees memory that was allocated for a value of a type, after destroying the value.
struct value_deleter {
    const TypeMeta* type = nullptr;
    void operator()(void* value) const noexcept;
};
using owned_value = std::unique_ptr<void, value_deleter>;

/// A default-made value of `type` on the heap, or a copy of `from`.
owned_value make_value(const TypeMeta& type, const void* from = nullptr);

/// A TypeMeta together with what it points at. Never destroyed once the registry has it.
struct built_type : TypeMeta {
    built_type() : TypeMeta{} {}
    built_type(const built_type&) = delete;

    TypeOps operations{};
    std::vector<FieldInfo> field_storage;
    std::vector<const char*> member_names;
    std::vector<std::int64_t> member_values;
    EnumInfo members{};
    std::uint32_t depth = 1;           ///< how many types made at run time lie in each other, this one included
    std::vector<owned_value> defaults; ///< of a bundle: per field, what a new value starts with; empty if all are zero
};

/// Elements of a list that the registry laid out.
struct built_list {
    std::byte* data = nullptr;
    std::size_t size = 0;
    std::size_t capacity = 0;
};

/// How deep types made at run time may nest. What is done to a value runs through its parts by recursion, so this is
/// what keeps it from the end of the stack; it leaves room for the delta of the deepest type that can be spelled.
inline constexpr std::uint32_t deepest_type = 512;

/// Sets size, alignment, flags and ops from kind, parts and sizes. ValueError if a value would take 4 GiB or more, or
/// the type would be deeper than deepest_type.
void lay_out(built_type& type);

} // namespace hgvalue::detail
