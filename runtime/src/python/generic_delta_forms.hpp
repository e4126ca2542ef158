// What the Python form of a delta is made of: dicts with known names, lists, pairs, indices.
#pragma once

#include "collections.hpp"
#include "generic_delta.hpp"
#include "sentinels.hpp"

#include "../delta/content.hpp"

#include <hgvalue/core/type_of.hpp>
#include <hgvalue/value/format.hpp>

#include <initializer_list>
#include <string>
#include <string_view>

namespace hgvalue::python {

[[noreturn]] inline void throw_unexpected(const char* expected, PyObject* given, const PathStep* where) {
    throw TypeError(prefix(where) + "expected " + expected + ", got " + describe(given));
}

/// The entries of a dict with names that are known; each may be missing.
class Entries {
  public:
    Entries(const TypeMeta& v, PyObject* from, const PathStep* where, std::initializer_list<const char*> names)
        : dict_(dict_of_mapping(from)) {
        if (!dict_)
            throw TypeError(prefix(where) + "expected the dict of a delta of " + type_name(v) + ", got " +
                            describe(from));
        const nb::object keys = owned(PyDict_Keys(dict_.ptr()));
        for (Py_ssize_t i = 0; i < PyList_Size(keys.ptr()); ++i)
            require_known(v, PyList_GetItem(keys.ptr(), i), where, names);
    }
    /// Empty if it is missing.
    nb::object get(const char* name) const {
        const nb::object key = owned(PyUnicode_FromString(name));
        PyObject* found = PyDict_GetItemWithError(dict_.ptr(), key.ptr());
        if (!found && PyErr_Occurred()) throw_python_error();
        return found ? nb::borrow(found) : nb::object();
    }

  private:
    static void require_known(const TypeMeta& v, PyObject* key, const PathStep* where,
                              std::initializer_list<const char*> names) {
        std::string known;
        for (const char* name : names) {
            if (PyUnicode_Check(key) && PyUnicode_CompareWithASCIIString(key, name) == 0) return;
            known += (known.empty() ? "" : ", ") + std::string(name);
        }
        for (const auto& [name, mark] : mark_keys)
            if (PyUnicode_Check(key) && PyUnicode_CompareWithASCIIString(key, name) == 0) return;
        throw TypeError(prefix(where) + "a delta of " + type_name(v) + " has no " + short_repr(key) + "; it has " +
                        known);
    }

    nb::object dict_;
};

inline bool truth_of(const nb::object& o, const char* name, const PathStep* where) {
    if (!o) return false;
    if (!PyBool_Check(o.ptr())) {
        const PathStep step = PathStep::field(where, name);
        throw_unexpected("a bool", o.ptr(), &step);
    }
    return o.ptr() == Py_True;
}

inline void read_marks(const Entries& entries, const TypeMeta& m, void* p, const PathStep* where) {
    for (const auto& [name, mark] : mark_keys) detail::set_mark(m, p, mark, truth_of(entries.get(name), name, where));
}

inline std::uint64_t count_of(const nb::object& o, const char* name, const PathStep* where) {
    std::uint64_t n = 0;
    const PathStep step = PathStep::field(where, name);
    if (o) from_python(type_of<std::uint64_t>(), &n, o.ptr(), &step);
    return n;
}

/// The elements of a list, tuple or set; none of what is missing.
inline nb::object items_of(const nb::object& from, const PathStep* where) {
    if (!from) return owned(PyList_New(0));
    if (!is_set(from.ptr()) && !items_of_sequence(from.ptr())) throw_unexpected("a list", from.ptr(), where);
    return owned(PySequence_List(from.ptr()));
}

/// The pairs of a dict; in JSON of a list of [key, value] unless keys are text.
inline nb::object pairs_of(const nb::object& from, bool keys_are_text, const PathStep* where, Form form) {
    if (!from) return owned(PyList_New(0));
    if (form == Form::Json && !keys_are_text) {
        if (!PyList_Check(from.ptr())) throw_unexpected("a list of [key, value]", from.ptr(), where);
        for (Py_ssize_t i = 0; i < PyList_Size(from.ptr()); ++i) {
            PyObject* pair = PyList_GetItem(from.ptr(), i);
            if (!PyList_Check(pair) || PyList_Size(pair) != 2) throw_unexpected("[key, value]", pair, where);
        }
        return from;
    }
    const nb::object dict = dict_of_mapping(from.ptr());
    if (!dict) throw_unexpected("a dict", from.ptr(), where);
    return owned(PyDict_Items(dict.ptr()));
}

struct Pair {
    Pair(const nb::object& pairs, Py_ssize_t i) {
        const nb::object both = owned(PySequence_GetItem(pairs.ptr(), i));
        first = owned(PySequence_GetItem(both.ptr(), 0));
        second = owned(PySequence_GetItem(both.ptr(), 1));
    }
    nb::object first, second;
};

inline std::uint64_t index_of(PyObject* key, const PathStep* where, Form form) {
    nb::object number = nb::borrow(key);
    if (form == Form::Json) {
        Py_ssize_t size = 0;
        const char* text = PyUnicode_Check(key) ? PyUnicode_AsUTF8AndSize(key, &size) : nullptr;
        if (!text && PyErr_Occurred()) throw_python_error();
        const std::string_view digits(text ? text : "", static_cast<std::size_t>(size));
        if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos)
            throw_unexpected("an index", key, where);
        number = owned(PyLong_FromString(text, nullptr, 10));
    }
    std::uint64_t n = 0;
    from_python(type_of<std::uint64_t>(), &n, number.ptr(), where);
    return n;
}

} // namespace hgvalue::python
