// Scalars from what a JSON text can hold: strings for what JSON has no form for.
#include "convert.hpp"
#include "enum_class.hpp"
#include "errors.hpp"
#include "fidelity.hpp"
#include "scalars.hpp"

#include <hgvalue/core/type_of.hpp>

namespace hgvalue::python {

namespace {

/// A text that is not the one the value itself is written as: "2026-01-02" for a datetime.
void note_spelling(const nb::object& made, const char* method, PyObject* text) {
    const nb::object own = owned(PyObject_CallMethod(made.ptr(), method, nullptr));
    note_converted_unless(PyUnicode_Compare(own.ptr(), text) == 0);
}

/// An object of a type of the datetime module from what its isoformat gave.
nb::object from_iso(const TypeMeta& type, const char* class_name, PyObject* text, const PathStep* where) {
    if (!PyUnicode_Check(text)) throw_wrong_type(type, text, where);
    const nb::object cls = owned(PyObject_GetAttrString(owned(PyImport_ImportModule("datetime")).ptr(), class_name));
    nb::object made = nb::steal(PyObject_CallMethod(cls.ptr(), "fromisoformat", "O", text));
    if (made) {
        note_spelling(made, "isoformat", text);
        return made;
    }
    clear_error(PyExc_ValueError);
    throw ValueError(prefix(where) + "no " + class_name + ": " + short_repr(text));
}

nb::object from_hex(const TypeMeta& type, PyObject* text, const PathStep* where) {
    if (!PyUnicode_Check(text)) throw_wrong_type(type, text, where);
    nb::object made = nb::steal(PyObject_CallMethod(reinterpret_cast<PyObject*>(&PyBytes_Type), "fromhex", "O", text));
    if (made) {
        note_spelling(made, "hex", text);
        return made;
    }
    clear_error(PyExc_ValueError);
    throw ValueError(prefix(where) + "no hexadecimal digits: " + short_repr(text));
}

/// The strings that stand for what JSON numbers cannot be.
nb::object from_float_text(const TypeMeta& type, PyObject* text, const PathStep* where) {
    for (const char* word : {"NaN", "Infinity", "-Infinity"})
        if (PyUnicode_CompareWithASCIIString(text, word) == 0) return owned(PyFloat_FromString(text));
    throw_wrong_type(type, text, where);
}

} // namespace

void json_scalar_from_python(const TypeMeta& type, void* to, PyObject* from, const PathStep* where) {
    nb::object plain = nb::borrow(from);
    switch (type.scalar) {
    case ScalarKind::Float32:
    case ScalarKind::Float64:
        if (PyUnicode_Check(from)) plain = from_float_text(type, from, where);
        break;
    case ScalarKind::Bytes: plain = from_hex(type, from, where); break;
    case ScalarKind::Date: plain = from_iso(type, "date", from, where); break;
    case ScalarKind::Time: plain = from_iso(type, "time", from, where); break;
    case ScalarKind::DateTime: plain = from_iso(type, "datetime", from, where); break;
    case ScalarKind::TimeDelta: static_cast<timedelta*>(to)->us = int64_from_python(type, from, where); return;
    case ScalarKind::Enum: *static_cast<std::int64_t*>(to) = enum_value_of_name(type, from, where); return;
    default: break;
    }
    scalar_from_python(type, to, plain.ptr(), where);
}

} // namespace hgvalue::python
