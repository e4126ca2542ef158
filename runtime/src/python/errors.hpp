// The boundary between C++ exceptions and Python errors.
//
// Inside the module a failure is an exception: hgvalue::Error for our own, nanobind::python_error for one that Python
// raised. Every function that Python calls is a `guarded` one, so nothing ever leaves through it but an error
// indicator.
#pragma once

#include "collector.hpp"

#include <hgvalue/core/error.hpp>

#include <nanobind/nanobind.h>

#include <string>
#include <type_traits>
#include <utility>

namespace hgvalue::python {

namespace nb = nanobind;

/// Loads the error classes of `hgvalue._errors`. Throws nb::python_error.
void init_errors();

/// The Python class for an error of this kind. Borrowed.
PyObject* error_class(ErrorKind kind) noexcept;

/// Sets the Python error of `kind` and returns null.
PyObject* set_error(ErrorKind kind, const char* message) noexcept;

/// Turns the exception being handled into the Python error indicator. Call it in a catch block.
void translate_exception() noexcept;

/// Throws the Python error that is set.
[[noreturn]] inline void throw_python_error() { nb::detail::raise_python_error(); }

/// Throws BufferInUseError.
[[noreturn]] void throw_buffer_error(const std::string& message);

/// Owns a new reference; throws the Python error when there is none.
inline nb::object owned(PyObject* p) {
    if (!p) [[unlikely]]
        throw_python_error();
    return nb::steal(p);
}

/// For calls that return -1 with an error set.
inline int checked(int result) {
    if (result < 0) [[unlikely]]
        throw_python_error();
    return result;
}

/// Clears the Python error that is set if it is of `expected`, a class; throws it if it is of any other.
///
/// Every call into Python may fail for lack of memory or because the user interrupts it, and what a class of the user
/// raises is the user's. So whoever goes on after an error says which one it expected.
void clear_error(PyObject* expected);

/// Clears the Python error that is set if it is an ordinary one: an Exception, but no MemoryError and no
/// RecursionError. Throws it otherwise. For texts of errors, which do without what cannot be shown.
void clear_ordinary_error();

/// Whether Python's own exception says that an object is no value of the type it was converted to: one of ours, a
/// TypeError, a ValueError, an OverflowError or a LookupError.
bool says_unfit(const nb::python_error& e) noexcept;

/// The attribute of an object, or empty if it has none.
nb::object find_attribute(PyObject* o, const char* name);
inline bool has_attribute(PyObject* o, const char* name) { return find_attribute(o, name).is_valid(); }

/// What a dict holds under a key that is a str, or empty if it holds nothing there.
nb::object find_item(PyObject* dict, const char* key);

/// What a slot of Python's returns when it failed.
template <class R> constexpr R failure_value() {
    if constexpr (std::is_pointer_v<R>)
        return nullptr;
    else if constexpr (std::is_same_v<R, bool>)
        return false;
    else
        return R(-1);
}

/// As `guarded`, without pausing the collector: for what is called most, if it holds no address while it makes an
/// object that the collector knows.
template <class F> auto guarded_hot(F&& f) noexcept -> std::invoke_result_t<F> {
    try {
        return std::forward<F>(f)();
    } catch (...) {
        translate_exception();
        return failure_value<std::invoke_result_t<F>>();
    }
}

/// Runs `f`, with the collector paused, and returns what it returns. If it throws, the Python error is set and the
/// result is null for a pointer, false for a bool and -1 for any other number.
template <class F> auto guarded(F&& f) noexcept -> std::invoke_result_t<F> {
    const CollectorPause pause;
    return guarded_hot(std::forward<F>(f));
}

/// As `guarded`, for a function that returns nothing: 0, or -1 with the error set.
template <class F> int guarded_status(F&& f) noexcept {
    return guarded([&] {
        std::forward<F>(f)();
        return 0;
    });
}

} // namespace hgvalue::python
