#include "errors.hpp"

#include "../time_series/pins.hpp"

#include <hgvalue/time_series/observer.hpp>

#include <array>
#include <exception>
#include <new>
#include <stdexcept>

namespace hgvalue::python {

namespace {

constexpr std::size_t kind_count = 11;
constexpr std::array<const char*, kind_count> class_names = {
    "InvalidValueError",   "WrongTypeError", "MissingKeyError", "PositionError", "RangeOverflowError", "StateError",
    "StaleReferenceError", "FrozenError",    "NullValueError",  "DecodeError",   "AmbiguousTypeError"};
static_assert(static_cast<std::size_t>(ErrorKind::AmbiguousType) == kind_count - 1);

// Classes live as long as the process: an error may be raised while Python shuts down.
std::array<PyObject*, kind_count> classes{};
PyObject* base_class = nullptr;
PyObject* buffer_class = nullptr;

PyObject* load(const nb::object& module, const char* name) { return nb::object(module.attr(name)).release().ptr(); }

/// The error that is set, as an object. New reference.
nb::object take_error() {
    PyObject *type = nullptr, *value = nullptr, *traceback = nullptr;
    PyErr_Fetch(&type, &value, &traceback);
    PyErr_NormalizeException(&type, &value, &traceback);
    if (traceback) PyException_SetTraceback(value, traceback);
    Py_XDECREF(type);
    Py_XDECREF(traceback);
    return nb::steal(value);
}

/// Sets an ExceptionGroup of what several observers raised.
void set_group(const ObserverErrors& errors) {
    const nb::object all = owned(PyList_New(0));
    for (const std::exception_ptr& each : *errors.errors) {
        try {
            std::rethrow_exception(each);
        } catch (...) {
            translate_exception();
        }
        const nb::object error = take_error();
        checked(PyList_Append(all.ptr(), error.ptr()));
    }
    const nb::object cls = nb::module_::import_("builtins").attr("BaseExceptionGroup");
    const nb::object group = cls(errors.what(), all); // an ExceptionGroup, if all are Exceptions
    PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(group.ptr())), group.ptr());
}

} // namespace

void init_errors() {
    const nb::object module = nb::module_::import_("hgvalue._errors");
    base_class = load(module, "HgValueError");
    buffer_class = load(module, "BufferInUseError");
    for (std::size_t i = 0; i < kind_count; ++i) classes[i] = load(module, class_names[i]);
}

PyObject* error_class(ErrorKind kind) noexcept { return classes[static_cast<std::size_t>(kind)]; }

PyObject* set_error(ErrorKind kind, const char* message) noexcept {
    // Text of others, such as names in Arrow data, may be part of it and need not be UTF-8.
    const auto size = static_cast<Py_ssize_t>(std::strlen(message));
    if (PyObject* text = PyUnicode_DecodeUTF8(message, size, "backslashreplace")) {
        PyErr_SetObject(error_class(kind), text);
        Py_DECREF(text);
    }
    return nullptr;
}

void clear_error(PyObject* expected) {
    if (!PyErr_ExceptionMatches(expected)) throw_python_error();
    PyErr_Clear();
}

void clear_ordinary_error() {
    for (PyObject* never : {PyExc_MemoryError, PyExc_RecursionError})
        if (PyErr_ExceptionMatches(never)) throw_python_error();
    clear_error(PyExc_Exception);
}

bool says_unfit(const nb::python_error& e) noexcept {
    for (PyObject* unfit : {base_class, PyExc_TypeError, PyExc_ValueError, PyExc_OverflowError, PyExc_LookupError})
        if (e.matches(unfit)) return true;
    return false;
}

nb::object find_attribute(PyObject* o, const char* name) {
    nb::object found = nb::steal(PyObject_GetAttrString(o, name));
    if (!found) clear_error(PyExc_AttributeError);
    return found;
}

nb::object find_item(PyObject* dict, const char* key) {
    const nb::object name = owned(PyUnicode_FromString(key));
    PyObject* found = PyDict_GetItemWithError(dict, name.ptr());
    if (!found && PyErr_Occurred()) throw_python_error();
    return nb::borrow(found);
}

void throw_buffer_error(const std::string& message) {
    PyErr_SetString(buffer_class, message.c_str());
    throw_python_error();
}

void translate_exception() noexcept {
    try {
        throw;
    } catch (nb::python_error& e) {
        e.restore();
    } catch (const ObserverErrors& e) {
        guarded_status([&] { set_group(e); });
    } catch (const engine::PinnedError& e) {
        PyErr_SetString(buffer_class, e.what());
    } catch (const Error& e) {
        set_error(e.kind(), e.what());
    } catch (const nb::builtin_exception& e) {
        PyErr_SetString(base_class, e.what());
    } catch (const std::bad_alloc&) {
        PyErr_NoMemory();
    } catch (const std::length_error&) {
        // A container asked for more than can be addressed, which is running out of memory by another name.
        PyErr_NoMemory();
    } catch (const std::exception& e) {
        PyErr_SetString(base_class, e.what());
    } catch (...) {
        PyErr_SetString(base_class, "unknown C++ exception");
    }
}

} // namespace hgvalue::python
