#include "collector.hpp"

#include <Python.h>

namespace hgvalue::python {

namespace {

// Both are read and written with the interpreter's lock held.
int paused_threads = 0;
bool enabled_before = false;

} // namespace

void CollectorPause::begin() noexcept {
    if (paused_threads++ == 0) enabled_before = PyGC_Disable() != 0;
}

void CollectorPause::end() noexcept {
    if (--paused_threads == 0 && enabled_before) PyGC_Enable();
}

} // namespace hgvalue::python
