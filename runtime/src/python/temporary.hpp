// A value of a type known by its meta, on the stack where it fits.
#pragma once

#include "../value/temporary.hpp"

namespace hgvalue::python {

using Temporary = detail::temporary;

} // namespace hgvalue::python
