// Copying and comparing values whose metas differ: other layouts of one type, or types that only look alike.
#pragma once

#include <hgvalue/core/type_registry.hpp>

namespace hgvalue {

/// Assigns the value `from` to the value `to`. TypeError, with both types, unless they are structurally compatible;
/// all or nothing. By the type's own assignment where the layouts are the same, part by part where they are not.
void assign_value(const TypeMeta& to_type, void* to, const TypeMeta& from_type, const void* from);

/// As assign_value, into memory that holds no value yet.
void construct_value(const TypeMeta& to_type, void* to, const TypeMeta& from_type, const void* from);

/// As assign_value, and moreover: a T is taken for a T | None, and an alternative for its variant. What views do when
/// they are given a value.
void store_value(const TypeMeta& to_type, void* to, const TypeMeta& from_type, const void* from);

/// As store_value, into memory that holds no value yet.
void construct_stored(const TypeMeta& to_type, void* to, const TypeMeta& from_type, const void* from);

/// Whether two values are equal; false if their types are not structurally compatible. TypeError if the type has no
/// equality.
bool values_equal(const TypeMeta& a_type, const void* a, const TypeMeta& b_type, const void* b);

} // namespace hgvalue
