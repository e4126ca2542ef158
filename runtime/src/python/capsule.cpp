#include "capsule.hpp"

#include "errors.hpp"
#include "node_access.hpp"
#include "node_module.hpp"

#include <hgvalue/core/runtime_api.hpp>
#include <hgvalue/python/layout.hpp>
#include <hgvalue/python/module_info.hpp>

namespace hgvalue::python {

namespace {

PyObject* as_object(void* p) noexcept { return static_cast<PyObject*>(p); }

void incref(void* p) noexcept { Py_INCREF(as_object(p)); }

/// As Python's own containers compare: the same object is equal to itself.
bool equals(void* a, void* b) {
    if (a == b) return true;
    if (!a || !b) return false; // an empty object is None, and no other object is
    return checked(PyObject_RichCompareBool(as_object(a), as_object(b), Py_EQ)) != 0;
}

std::size_t hash(void* p) {
    const Py_hash_t h = p ? PyObject_Hash(as_object(p)) : 0;
    if (h == -1) throw_python_error();
    return static_cast<std::size_t>(h);
}

} // namespace

void init_capsule(PyObject* module) {
    RuntimeApi& t = runtime_table;
    t.layout = layout_signature();
    t.platform = NB_PLATFORM_ABI_TAG;
    t.object_incref = incref;
    t.object_decref = drop_object;
    t.object_equals = equals;
    t.object_hash = hash;
    t.python_none = Py_None;
    t.module_create = create_module;
    checked(PyModule_AddObjectRef(module, "runtime_api", owned(PyCapsule_New(&t, runtime_capsule, nullptr)).ptr()));
}

} // namespace hgvalue::python
