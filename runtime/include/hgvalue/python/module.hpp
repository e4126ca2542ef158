// An extension module that the main interpreter alone may import.
//
// Types, classes and what is cached of Python belong to the process, not to one of its interpreters. A subinterpreter
// that came to share them would find objects of another interpreter, and leave its own behind when it ends.
#pragma once

#include <nanobind/nanobind.h>

#include <cstddef>

namespace hgvalue::detail {

/// Refuses a subinterpreter with an ImportError. Returns -1 with the error set, else 0. A slot Py_mod_exec.
inline int require_main_interpreter(PyObject*) noexcept {
    if (PyInterpreterState_GetID(PyInterpreterState_Get()) == 0) return 0;
    PyErr_SetString(PyExc_ImportError,
                    "hgvalue, and every package made with it, works in the main interpreter only: import it there, "
                    "not in a subinterpreter; threads and processes do");
    return -1;
}

constexpr std::size_t max_module_slots = 8;

/// Puts require_main_interpreter before what a module definition does to make a module. `slots` is where its slots lie
/// from then on.
inline PyObject* for_main_interpreter(PyObject* definition, PyModuleDef_Slot (&slots)[max_module_slots]) noexcept {
    auto* def = reinterpret_cast<PyModuleDef*>(definition);
    if (!def || def->m_slots == slots) return definition;
    slots[0] = {Py_mod_exec, reinterpret_cast<void*>(require_main_interpreter)};
    std::size_t count = 1;
    for (const PyModuleDef_Slot* s = def->m_slots; s && s->slot; ++s) {
        if (count + 1 == max_module_slots) {
            PyErr_SetString(PyExc_SystemError, "a module definition of nanobind has more slots than expected");
            return nullptr;
        }
        slots[count++] = *s;
    }
    slots[count] = {0, nullptr};
    def->m_slots = slots;
    return definition;
}

} // namespace hgvalue::detail

/// As NB_MODULE. Python calls PyInit_… in the interpreter that imports, or, from 3.13 on, in the main one before it
/// makes the module in that which imports: so both the call and the making are guarded, before nanobind has any state.
#define HGVALUE_DEFINE_MODULE(name, variable) HGVALUE_DEFINE_MODULE_NAMED(name, name##_of_nanobind, variable)
#define HGVALUE_DEFINE_MODULE_NAMED(name, inner, variable)                                                             \
    extern "C" PyObject* PyInit_##inner(void);                                                                         \
    extern "C" NB_EXPORT PyObject* PyInit_##name(void);                                                                \
    extern "C" PyObject* PyInit_##name(void) {                                                                         \
        static PyModuleDef_Slot slots[hgvalue::detail::max_module_slots];                                              \
        if (hgvalue::detail::require_main_interpreter(nullptr) < 0) return nullptr;                                    \
        return hgvalue::detail::for_main_interpreter(PyInit_##inner(), slots);                                         \
    }                                                                                                                  \
    NB_MODULE(inner, variable)
