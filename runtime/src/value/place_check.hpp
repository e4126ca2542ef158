// In checked builds (debug or sanitized): whether a meta belongs to the place that it is used for.
//
// Two layouts of one type hold equal values in different bytes, so a value written with the meta of the other layout
// corrupts memory, often without a sign. A checked build therefore notes the meta of all memory that the runtime gets
// for values of a type it learns at run time. Whatever reads or writes a value asks; a wrong meta ends the process with
// both types. In other builds all of this is nothing.
#pragma once

#include <hgvalue/core/type_meta.hpp>

#include <cstddef>

namespace hgvalue::detail {

#ifdef HGVALUE_CHECK_PLACES

/// From now on `memory` is for `count` values of type `type`, side by side.
void note_place(const void* memory, const TypeMeta& type, std::size_t count) noexcept;
void forget_place(const void* memory) noexcept;
/// Ends the process if `place` lies in noted memory where no value of this layout is.
void check_place(const TypeMeta& type, const void* place) noexcept;

#else

inline void note_place(const void*, const TypeMeta&, std::size_t) noexcept {}
inline void forget_place(const void*) noexcept {}
inline void check_place(const TypeMeta&, const void*) noexcept {}

#endif

} // namespace hgvalue::detail
