// The operations of types made at run time.
#pragma once

#include "built_type.hpp"

namespace hgvalue::detail {

/// The operations of a type whose kind, parts and flags are set.
TypeOps built_ops(const built_type& type);

} // namespace hgvalue::detail
