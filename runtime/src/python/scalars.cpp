#include "scalars.hpp"

#include "calendar.hpp"
#include "enum_class.hpp"
#include "fidelity.hpp"
#include "numpy.hpp"

#include <hgvalue/value/scalars.hpp>

#include <cmath>
#include <limits>

namespace hgvalue::python {

namespace {

template <class T> const T& read(const void* p) { return *static_cast<const T*>(p); }
template <class T> T& write(void* p) { return *static_cast<T*>(p); }

PyObject* from_utf8(const std::string& s) noexcept {
    return PyUnicode_FromStringAndSize(s.data(), static_cast<Py_ssize_t>(s.size()));
}

PyObject* object_or_none(void* p) noexcept { return Py_NewRef(p ? static_cast<PyObject*>(p) : Py_None); }

/// The int that `from` is: itself, or what __index__ gives (numpy integers).
nb::object index_of(const TypeMeta& type, PyObject* from, const PathStep* where) {
    note_converted_unless(PyLong_CheckExact(from));
    if (PyLong_Check(from)) return nb::borrow(from); // bool is one, and is stored as 0 or 1
    if (!PyIndex_Check(from)) throw_wrong_type(type, from, where);
    nb::object index = nb::steal(PyNumber_Index(from));
    if (!index) {
        // Arrays and numpy's bool have an __index__ that refuses.
        clear_error(PyExc_TypeError);
        throw_wrong_type(type, from, where);
    }
    return index;
}

template <class T> void assign_integer(const TypeMeta& type, void* to, PyObject* from, const PathStep* where) {
    const std::int64_t v = int64_from_python(type, from, where);
    if (v < std::int64_t{std::numeric_limits<T>::min()} || v > std::int64_t{std::numeric_limits<T>::max()})
        throw_out_of_range(type, from, where);
    write<T>(to) = static_cast<T>(v);
}

void assign_uint64(const TypeMeta& type, void* to, PyObject* from, const PathStep* where) {
    const nb::object index = index_of(type, from, where);
    const unsigned long long v = PyLong_AsUnsignedLongLong(index.ptr());
    if (v == std::numeric_limits<unsigned long long>::max() && PyErr_Occurred()) {
        clear_error(PyExc_OverflowError);
        throw_out_of_range(type, from, where);
    }
    write<std::uint64_t>(to) = v;
}

double double_from_int(const TypeMeta& type, PyObject* from, PyObject* index, const PathStep* where) {
    const double v = PyLong_AsDouble(index);
    if (v == -1 && PyErr_Occurred()) {
        clear_error(PyExc_OverflowError);
        throw_out_of_range(type, from, where);
    }
    note(Fidelity::Converted);
    constexpr double exact_below = 9007199254740992.0; // 2**53
    if (std::abs(v) >= exact_below &&
        !checked(PyObject_RichCompareBool(owned(PyFloat_FromDouble(v)).ptr(), index, Py_EQ)))
        note(Fidelity::Changed);
    return v;
}

double double_from_python(const TypeMeta& type, PyObject* from, const PathStep* where) {
    if (PyFloat_Check(from)) return PyFloat_AsDouble(from); // numpy.float64 is one
    if (PyBool_Check(from)) throw_wrong_type(type, from, where);
    if (PyLong_Check(from)) return double_from_int(type, from, from, where);
    if (is_numpy(from, "floating")) {
        const double v = PyFloat_AsDouble(from);
        if (v == -1 && PyErr_Occurred()) throw_python_error();
        note(Fidelity::Converted);
        return v;
    }
    return double_from_int(type, from, index_of(type, from, where).ptr(), where);
}

float float_from_python(const TypeMeta& type, PyObject* from, const PathStep* where) {
    const double wide = double_from_python(type, from, where);
    const auto narrow = static_cast<float>(wide);
    if (std::isinf(narrow) && !std::isinf(wide)) throw_out_of_range(type, from, where);
    if (static_cast<double>(narrow) != wide && !std::isnan(wide)) note(Fidelity::Changed);
    return narrow;
}

bool bool_from_python(const TypeMeta& type, PyObject* from, const PathStep* where) {
    if (PyBool_Check(from)) return from == Py_True;
    if (is_numpy(from, "bool_")) {
        note(Fidelity::Converted);
        return checked(PyObject_IsTrue(from)) != 0;
    }
    throw_wrong_type(type, from, where);
}

void assign_bytes(const TypeMeta& type, void* to, PyObject* from, const PathStep* where) {
    if (!PyBytes_Check(from)) throw_wrong_type(type, from, where);
    char* data = nullptr;
    Py_ssize_t size = 0;
    checked(PyBytes_AsStringAndSize(from, &data, &size));
    write<bytes>(to).assign(data, static_cast<std::size_t>(size));
}

} // namespace

std::string_view text_from_python(const TypeMeta& type, PyObject* from, const PathStep* where) {
    if (!PyUnicode_Check(from)) throw_wrong_type(type, from, where);
    Py_ssize_t size = 0;
    const char* text = PyUnicode_AsUTF8AndSize(from, &size);
    if (text) return {text, static_cast<std::size_t>(size)};
    clear_error(PyExc_UnicodeEncodeError);
    throw ValueError(prefix(where) + "str " + short_repr(from) + " holds a lone surrogate, which is no character");
}

std::int64_t int64_from_python(const TypeMeta& type, PyObject* from, const PathStep* where) {
    const nb::object index = index_of(type, from, where);
    int overflow = 0;
    const long long v = PyLong_AsLongLongAndOverflow(index.ptr(), &overflow);
    if (overflow) throw_out_of_range(type, from, where);
    return v;
}

PyObject* scalar_to_python(const TypeMeta& type, const void* p) noexcept {
    switch (type.scalar) {
    case ScalarKind::Bool: return PyBool_FromLong(read<bool8>(p));
    case ScalarKind::Int8: return PyLong_FromLong(read<std::int8_t>(p));
    case ScalarKind::Int16: return PyLong_FromLong(read<std::int16_t>(p));
    case ScalarKind::Int32: return PyLong_FromLong(read<std::int32_t>(p));
    case ScalarKind::Int64: return PyLong_FromLongLong(read<std::int64_t>(p));
    case ScalarKind::UInt8: return PyLong_FromUnsignedLong(read<std::uint8_t>(p));
    case ScalarKind::UInt16: return PyLong_FromUnsignedLong(read<std::uint16_t>(p));
    case ScalarKind::UInt32: return PyLong_FromUnsignedLong(read<std::uint32_t>(p));
    case ScalarKind::UInt64: return PyLong_FromUnsignedLongLong(read<std::uint64_t>(p));
    case ScalarKind::Float32: return PyFloat_FromDouble(static_cast<double>(read<float>(p)));
    case ScalarKind::Float64: return PyFloat_FromDouble(read<double>(p));
    case ScalarKind::Str: return from_utf8(read<std::string>(p));
    case ScalarKind::Bytes: {
        const auto& b = read<bytes>(p);
        return PyBytes_FromStringAndSize(b.data(), static_cast<Py_ssize_t>(b.size()));
    }
    case ScalarKind::Date: return to_python(read<date>(p));
    case ScalarKind::Time: return to_python(read<time_of_day>(p));
    case ScalarKind::DateTime: return to_python(read<datetime>(p));
    case ScalarKind::TimeDelta: return to_python(read<timedelta>(p));
    case ScalarKind::Object: return object_or_none(read<object>(p).get());
    case ScalarKind::Enum: return enum_member(type, read<std::int64_t>(p));
    case ScalarKind::None: break;
    }
    return set_error(ErrorKind::Type, "value has no Python form");
}

void scalar_from_python(const TypeMeta& type, void* to, PyObject* from, const PathStep* where) {
    switch (type.scalar) {
    case ScalarKind::Bool: write<bool8>(to) = bool_from_python(type, from, where); return;
    case ScalarKind::Int8: return assign_integer<std::int8_t>(type, to, from, where);
    case ScalarKind::Int16: return assign_integer<std::int16_t>(type, to, from, where);
    case ScalarKind::Int32: return assign_integer<std::int32_t>(type, to, from, where);
    case ScalarKind::Int64: write<std::int64_t>(to) = int64_from_python(type, from, where); return;
    case ScalarKind::UInt8: return assign_integer<std::uint8_t>(type, to, from, where);
    case ScalarKind::UInt16: return assign_integer<std::uint16_t>(type, to, from, where);
    case ScalarKind::UInt32: return assign_integer<std::uint32_t>(type, to, from, where);
    case ScalarKind::UInt64: return assign_uint64(type, to, from, where);
    case ScalarKind::Float32: write<float>(to) = float_from_python(type, from, where); return;
    case ScalarKind::Float64: write<double>(to) = double_from_python(type, from, where); return;
    case ScalarKind::Str: write<std::string>(to).assign(text_from_python(type, from, where)); return;
    case ScalarKind::Bytes: return assign_bytes(type, to, from, where);
    case ScalarKind::Date: write<date>(to) = date_from_python(from, where); return;
    case ScalarKind::Time: write<time_of_day>(to) = time_from_python(from, where); return;
    case ScalarKind::DateTime: write<datetime>(to) = datetime_from_python(from, where); return;
    case ScalarKind::TimeDelta: write<timedelta>(to) = timedelta_from_python(from, where); return;
    case ScalarKind::Object: write<object>(to) = from == Py_None ? object() : object(from); return;
    case ScalarKind::Enum: write<std::int64_t>(to) = enum_value(type, from, where); return;
    case ScalarKind::None: throw_wrong_type(type, from, where);
    }
}

} // namespace hgvalue::python
