// An extension module whose state belongs to one interpreter.
//
// Types, classes and what is cached of Python are kept for as long as the process lives, in variables of the library.
// A second interpreter that shared these variables would find objects of the first one, which may have ended. So each
// further interpreter loads the library once more, from a copy of its file: the copy has variables of its own.
#pragma once

#include <nanobind/nanobind.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#if defined(__unix__) || defined(__APPLE__)
#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>
#define HGVALUE_LOADS_COPIES 1
#endif

namespace hgvalue::detail {

inline std::int64_t this_interpreter() noexcept { return PyInterpreterState_GetID(PyInterpreterState_Get()); }

using ModuleInit = PyObject* (*)();

#if defined(HGVALUE_LOADS_COPIES)
/// Copies a file into a new one in the folder for temporary files and stores its path in `path`. False if it failed.
inline bool copy_file(const char* from, std::string& path) {
    const char* folder = std::getenv("TMPDIR");
    path = std::string(folder && *folder ? folder : "/tmp") + "/hgvalue-XXXXXX";
    const int in = open(from, O_RDONLY | O_CLOEXEC);
    if (in < 0) return false;
    const int out = mkstemp(path.data());
    bool good = out >= 0;
    char block[1 << 16];
    for (ssize_t n = 1; good && n > 0;) {
        n = read(in, block, sizeof block);
        good = n >= 0;
        for (ssize_t done = 0; good && done < n;) {
            const ssize_t written = write(out, block + done, static_cast<std::size_t>(n - done));
            good = written > 0;
            done += written;
        }
    }
    if (out >= 0) close(out);
    close(in);
    if (!good && out >= 0) unlink(path.c_str());
    return good;
}

/// The function `symbol` of a copy of the library that `inside` lies in. Null with an ImportError set if there is none.
inline ModuleInit load_copy(const void* inside, const char* symbol) {
    Dl_info info{};
    std::string path;
    if (dladdr(inside, &info) == 0 || !info.dli_fname || !copy_file(info.dli_fname, path)) {
        PyErr_SetString(PyExc_ImportError, "hgvalue needs a copy of its library for each interpreter of a process, and "
                                           "could not write one into the folder for temporary files");
        return nullptr;
    }
    void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    const char* why = library ? nullptr : dlerror();
    unlink(path.c_str());
    if (!library) {
        PyErr_Format(PyExc_ImportError, "hgvalue could not load its library again for this interpreter: %s", why);
        return nullptr;
    }
    auto init = reinterpret_cast<ModuleInit>(dlsym(library, symbol));
    if (!init) PyErr_Format(PyExc_ImportError, "the library has no function %s", symbol);
    return init;
}
#else
inline ModuleInit load_copy(const void*, const char*) {
    PyErr_SetString(PyExc_ImportError,
                    "hgvalue, and every package made with it, works in one interpreter of a process only: import it "
                    "in the main one, not in a subinterpreter; threads and processes do");
    return nullptr;
}
#endif

/// What a library knows of the interpreter that it belongs to: the first that filled its module.
struct ModuleOwner {
    std::int64_t interpreter = -1;
    int (*exec)(PyObject*) = nullptr; ///< fills it; nanobind's
    const char* symbol;               ///< of the function by which Python finds the module
    const void* inside;               ///< an address in the library
};

/// Replaces the function that fills a module, in nanobind's definition of it, by `exec`. From 3.13 on Python creates
/// the definition in the main interpreter even if another one imports, so `exec` must check in which interpreter it
/// runs.
inline PyObject* take_over(ModuleOwner& owner, PyObject* definition, int (*exec)(PyObject*)) noexcept {
    auto* def = reinterpret_cast<PyModuleDef*>(definition);
    if (!def || owner.exec) return definition;
    for (PyModuleDef_Slot* s = def->m_slots; s && s->slot; ++s)
        if (s->slot == Py_mod_exec) {
            owner.exec = reinterpret_cast<int (*)(PyObject*)>(s->value);
            s->value = reinterpret_cast<void*>(exec);
            return definition;
        }
    PyErr_SetString(PyExc_SystemError, "nanobind's definition of a module does not say how to fill it");
    return nullptr;
}

/// Fills the module of the interpreter that asks: from this library if it is the first, else from a copy of its own.
inline int fill_module(ModuleOwner& owner, PyObject* module) noexcept {
    const std::int64_t here = this_interpreter();
    if (owner.interpreter == -1) owner.interpreter = here;
    if (owner.interpreter == here) return owner.exec(module);
    PyObject* known = PyInterpreterState_GetDict(PyInterpreterState_Get());
    PyObject* key = known ? PyUnicode_FromFormat("hgvalue copy of %p", owner.inside) : nullptr;
    if (!key) {
        if (!PyErr_Occurred())
            PyErr_SetString(PyExc_ImportError, "the interpreter has no dict for its extension modules");
        return -1;
    }
    ModuleInit init = nullptr;
    if (PyObject* held = PyDict_GetItemWithError(known, key))
        init = reinterpret_cast<ModuleInit>(PyLong_AsVoidPtr(held));
    else if (!PyErr_Occurred() && (init = load_copy(owner.inside, owner.symbol))) {
        PyObject* address = PyLong_FromVoidPtr(reinterpret_cast<void*>(init));
        if (!address || PyDict_SetItem(known, key, address) < 0) init = nullptr;
        Py_XDECREF(address);
    }
    Py_DECREF(key);
    PyObject* definition = init ? init() : nullptr;
    return definition ? PyModule_ExecDef(module, reinterpret_cast<PyModuleDef*>(definition)) : -1;
}

} // namespace hgvalue::detail

/// As NB_MODULE.
#define HGVALUE_DEFINE_MODULE(name, variable) HGVALUE_DEFINE_MODULE_NAMED(name, name##_of_nanobind, variable)
#define HGVALUE_DEFINE_MODULE_NAMED(name, inner, variable)                                                             \
    extern "C" PyObject* PyInit_##inner(void);                                                                         \
    extern "C" NB_EXPORT PyObject* PyInit_##name(void);                                                                \
    static hgvalue::detail::ModuleOwner owner_of_##name = {-1, nullptr, "PyInit_" #name,                               \
                                                           reinterpret_cast<const void*>(&PyInit_##name)};             \
    extern "C" PyObject* PyInit_##name(void) {                                                                         \
        return hgvalue::detail::take_over(owner_of_##name, PyInit_##inner(), [](PyObject* m) {                         \
            return hgvalue::detail::fill_module(owner_of_##name, m);                                                   \
        });                                                                                                            \
    }                                                                                                                  \
    NB_MODULE(inner, variable)
