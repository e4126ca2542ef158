// Types as Python spells them, for dataclasses.fields and whoever reads it.
#pragma once

#include "errors.hpp"

#include <hgvalue/core/type_meta.hpp>

namespace hgvalue::python {

/// The annotation of a field of this type: float, list[int], tuple[str, ...], Quote | None. Throws nb::python_error.
nb::object type_hint(const TypeMeta& type);

} // namespace hgvalue::python
