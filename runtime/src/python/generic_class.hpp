// Making the Python classes of the generic runtime.
#pragma once

#include "errors.hpp"

#include <structmember.h>

#include <initializer_list>
#include <string>
#include <vector>

namespace hgvalue::python {

template <class F> void* slot(F* f) noexcept { return reinterpret_cast<void*>(f); }

/// A method with keywords, for a PyMethodDef.
inline PyCFunction with_keywords(PyCFunctionWithKeywords f) noexcept {
    return reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(f));
}

/// Puts the signature of a class that nobody can make objects of before its docstring, unless that has one. The slots
/// then refer to `doc`, which Python copies.
inline void give_signature(const std::string& name, std::vector<PyType_Slot>& slots, std::string& doc) {
    for (PyType_Slot& s : slots) {
        if (s.slot != Py_tp_doc) continue;
        doc = static_cast<const char*>(s.pfunc);
        if (doc.find("\n--\n\n") == std::string::npos) doc = name.substr(name.rfind('.') + 1) + "()\n--\n\n" + doc;
        s.pfunc = doc.data();
    }
}

/// The member that makes objects of a class weakly referable; `offset` is that of a PyObject*, null at first, which
/// the class's tp_dealloc hands to PyObject_ClearWeakRefs.
constexpr PyMemberDef weak_references_at(std::size_t offset) noexcept {
    return {"__weaklistoffset__", T_PYSSIZET, static_cast<Py_ssize_t>(offset), READONLY, nullptr};
}
constexpr PyMemberDef end_of_members = {nullptr, 0, 0, 0, nullptr};

/// Makes a class from slots and adds it to `module` under the last part of `name`, which is not copied. It is never
/// destroyed. Borrowed; throws nb::python_error.
inline PyTypeObject* add_class(PyObject* module, const char* name, int size, unsigned flags,
                               std::vector<PyType_Slot> slots, PyTypeObject* base = nullptr) {
    std::string doc;
    give_signature(name, slots, doc);
    slots.push_back({0, nullptr});
    PyType_Spec spec{name, size, 0, static_cast<unsigned>(Py_TPFLAGS_DEFAULT) | flags, slots.data()};
    const nb::object bases = base ? owned(PyTuple_Pack(1, base)) : nb::object();
    nb::object made = owned(PyType_FromSpecWithBases(&spec, bases.ptr()));
    checked(
        PyModule_AddObjectRef(module, std::string(name).substr(std::string(name).rfind('.') + 1).c_str(), made.ptr()));
    return reinterpret_cast<PyTypeObject*>(made.release().ptr());
}

/// The slots of a table that ends with {0, nullptr}.
inline std::vector<PyType_Slot> slots_of_table(const PyType_Slot* table) {
    std::vector<PyType_Slot> slots;
    for (; table->slot; ++table) slots.push_back(*table);
    return slots;
}

/// The methods of several tables in one, which is never destroyed: classes refer to it.
inline PyMethodDef* joined_methods(std::initializer_list<const PyMethodDef*> tables) {
    auto& all = *new std::vector<PyMethodDef>;
    for (const PyMethodDef* table : tables)
        for (; table->ml_name; ++table) all.push_back(*table);
    all.push_back({nullptr, nullptr, 0, nullptr});
    return all.data();
}

/// Ends the life of an object of a class made by add_class: frees it and gives up its reference to the class.
inline void free_instance(PyObject* self) noexcept {
    PyTypeObject* cls = Py_TYPE(self);
    reinterpret_cast<freefunc>(PyType_GetSlot(cls, Py_tp_free))(self);
    Py_DECREF(reinterpret_cast<PyObject*>(cls));
}

inline PyObject* text_object(const std::string& text) {
    return owned(PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "replace")).release().ptr();
}

inline Py_hash_t python_hash(std::size_t h) noexcept {
    const auto result = static_cast<Py_hash_t>(h);
    return result == -1 ? -2 : result; // -1 announces an error
}

} // namespace hgvalue::python
