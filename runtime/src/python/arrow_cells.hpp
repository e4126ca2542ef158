// Arrow arrays as cells.
#pragma once

#include "arrow_layout.hpp"

namespace hgvalue::python::arrow {

/// Elements of an array that `check` has passed; what lies in buffers and says where others lie is checked and copied.
/// False if there is a type among them that we do not read. Throws ValueError for broken data; runs no Python code.
bool read_cells(Cells& to, GivenColumn& owner, const Schema& schema, const Array& a, Extent e, const PathStep* where);

} // namespace hgvalue::python::arrow
