// Calling a class without building a tuple and a dict of its arguments: three times as fast with keywords.
#pragma once

#include <Python.h>

#include <cstddef>

namespace hgvalue::python {

/// As CPython's vectorcallfunc, which the limited API of 3.11 does not name.
using VectorCall = PyObject* (*)(PyObject* callable, PyObject* const* args, std::size_t count_and_flag,
                                 PyObject* names);

/// The number of positional arguments: the highest bit of what a VectorCall gets is a flag.
constexpr std::size_t positional_count(std::size_t count_and_flag) noexcept { return count_and_flag << 1 >> 1; }

/// The type slot for a class's VectorCall, which Python has from 3.14 on; 0 before.
int vectorcall_slot() noexcept;

/// Has calls of `type` go to `call`, on the Pythons without the slot. Does nothing where that cannot be done safely:
/// calls then take the way through tp_new and tp_init. Not inherited by subclasses.
void set_vectorcall(PyTypeObject* type, VectorCall call) noexcept;

} // namespace hgvalue::python
