// Python objects from values and values from Python objects, for every value type, by its meta.
#pragma once

#include "errors.hpp"
#include "path.hpp"
#include "temporary.hpp"

#include <hgvalue/core/type_meta.hpp>
#include <hgvalue/value/row_store.hpp>

#include <cstdint>
#include <string>

namespace hgvalue::python {

/// Which Python form a value takes.
enum class Form : std::uint8_t {
    Object, ///< what users work with: structs are instances of their class
    Series, ///< as Object, but what a bundle of time series holds is a dict of what is there, as its `value` is
    Dict,   ///< as Object, but structs are dicts, at any depth
    Json    ///< what a JSON text can hold, see json_forms in convert_out.cpp
};

// -- to Python ------------------------------------------------------------------------------------------------------

/// The value as Python sees it: an owned copy or an immutable object, never a view. New reference, or null with an
/// error set.
///
/// list[T] gives a list, tuple[T, ...] and tuple[A, B] a tuple, sets a frozenset, dicts a fresh dict, structs an
/// instance of their class (a dict if they have none), an empty optional None. Arrays and cyclic buffers give a numpy
/// array where numpy is installed and the element is numeric, bool, date, datetime or timedelta, otherwise a tuple.
/// Queues give a list, windows a list of (datetime, value) pairs.
PyObject* to_python(const TypeMeta& type, const void* value, Form form = Form::Object) noexcept;

/// `count` consecutive elements.
struct Elements {
    const void* first = nullptr;
    std::size_t count = 0;
};
/// The elements of `a`, then those of `b` (a ring lies in two pieces), as arrays are shown: a numpy array or a tuple.
PyObject* array_to_python(const TypeMeta& element, Elements a, Elements b = {}) noexcept;

// -- from Python ----------------------------------------------------------------------------------------------------

/// Assigns the Python object `from` to `to`, which holds a value of the type. It may be a View or a Value of a
/// compatible type, and hold such at any depth.
///
/// Throws TypeError, ValueError or OverflowError with the place named by `where` (null for none), or nb::python_error
/// for what Python itself raised. A scalar is unchanged on failure; anything else may be partly filled, so the caller
/// gives a Temporary.
void from_python(const TypeMeta& type, void* to, PyObject* from, const PathStep* where = nullptr,
                 Form form = Form::Object);

/// Assigns what `from` is over, if that is a View or a Value of a compatible type; else false. NullValueError when that
/// has no value, or is a time series that is not valid all through. Part of from_python.
bool assign_operand(const TypeMeta& type, void* to, PyObject* from, const PathStep* where);

/// "quote.bid: expected float, got str 'x'".
[[noreturn]] void throw_wrong_type(const TypeMeta& expected, PyObject* given, const PathStep* where);
/// "quote.n: 300 is beyond the range of int8".
[[noreturn]] void throw_out_of_range(const TypeMeta& expected, PyObject* given, const PathStep* where);

// -- keys -----------------------------------------------------------------------------------------------------------

/// A key of a set or dict made from a Python object, with its hash.
class PythonKey {
  public:
    /// Throws as from_python.
    PythonKey(const TypeMeta& key_type, PyObject* key, const PathStep* where = nullptr);
    const void* data() const noexcept { return value_.get(); }
    std::size_t hash() const noexcept { return hash_; }

  private:
    Temporary value_;
    std::size_t hash_;
};

/// Whether a key can be looked up as it is: a str among keys of str, an int among keys of int64.
inline bool is_direct_key(const TypeMeta& key_type, PyObject* key) noexcept {
    if (key_type.scalar == ScalarKind::Str) return PyUnicode_CheckExact(key);
    return key_type.scalar == ScalarKind::Int64 && PyLong_CheckExact(key);
}
/// The row of a direct key in a set or dict of type `type`, or no_row. Runs no Python code. OverflowError or ValueError
/// for one that cannot be a key of this type. All other keys are converted before the rows are looked at.
std::uint32_t find_row_direct(const TypeMeta& type, const row_store& rows, PyObject* key,
                              const PathStep* where = nullptr);

// -- the commonest scalars, inline for setters ----------------------------------------------------------------------
// Each assigns and returns true for an object of exactly the usual Python type; false changes nothing and means that
// from_python has to decide.

inline bool assign_fast(double& to, PyObject* from) noexcept {
    if (!PyFloat_CheckExact(from)) return false;
    to = PyFloat_AsDouble(from);
    return true;
}
inline bool assign_fast(std::int64_t& to, PyObject* from) noexcept {
    if (!PyLong_CheckExact(from)) return false;
    int overflow = 0;
    const long long v = PyLong_AsLongLongAndOverflow(from, &overflow);
    if (overflow) return false;
    to = v;
    return true;
}
inline bool assign_fast(bool& to, PyObject* from) noexcept {
    if (from != Py_True && from != Py_False) return false;
    to = from == Py_True;
    return true;
}
inline bool assign_fast(std::string& to, PyObject* from) {
    if (!PyUnicode_CheckExact(from)) return false;
    Py_ssize_t size = 0;
    const char* text = PyUnicode_AsUTF8AndSize(from, &size);
    if (!text) {
        clear_error(PyExc_UnicodeEncodeError); // from_python names the place
        return false;
    }
    to.assign(text, static_cast<std::size_t>(size));
    return true;
}

} // namespace hgvalue::python
