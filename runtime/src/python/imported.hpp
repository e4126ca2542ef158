// Names and attributes of Python modules that are used again and again.
#pragma once

#include "errors.hpp"

namespace hgvalue::python {

/// An interned str, for names that are looked up often. New reference, meant to be kept. Throws nb::python_error.
inline PyObject* interned(const char* name) { return owned(PyUnicode_InternFromString(name)).release().ptr(); }

/// A module's attribute, fetched at its first use and kept as long as the process lives.
///
/// Not a function's static: an import may let another thread run, which would then wait for the static while the first
/// one waits for the interpreter. Here both import, and one result is kept.
class Imported {
  public:
    constexpr Imported(const char* module, const char* name) noexcept : module_(module), name_(name) {}
    Imported(const Imported&) = delete;
    Imported& operator=(const Imported&) = delete;

    /// Borrowed. Throws nb::python_error.
    PyObject* get() {
        if (!object_) [[unlikely]] {
            const nb::object module = owned(PyImport_ImportModule(module_));
            nb::object found = owned(PyObject_GetAttrString(module.ptr(), name_));
            if (!object_) object_ = found.release().ptr();
        }
        return object_;
    }
    PyTypeObject* type() { return reinterpret_cast<PyTypeObject*>(get()); }

  private:
    const char* module_;
    const char* name_;
    PyObject* object_ = nullptr;
};

} // namespace hgvalue::python
