// Views of scalars, optionals, variants and references.
#include "generic_class.hpp"
#include "generic_types.hpp"
#include "generic_view_items.hpp"
#include "node_access.hpp"

#include <hgvalue/value.hpp>
#include <hgvalue/value/format.hpp>

namespace hgvalue::python {

namespace {

int scalar_truth(PyObject* self) {
    return guarded([&]() -> int { return PyObject_IsTrue(owned(python_form(as_view(self))).ptr()); });
}

int assign_below(PyObject* self, PyObject* key, PyObject* value) {
    return guarded_status([&] {
        const nb::object held = nb::steal(held_view(as_view(self)));
        if (!held) throw NullValueError(place_text(as_view(self)) + " is empty");
        checked(value ? PyObject_SetItem(held.ptr(), key, value) : PyObject_DelItem(held.ptr(), key));
    });
}

PyObject* get_held(PyObject* self, void*) {
    return guarded([&] {
        PyObject* held = held_view(as_view(self));
        return held ? held : py_none();
    });
}

// -- optionals --------------------------------------------------------------------------------------------------------

PyObject* get_has_value(PyObject* self, void*) {
    return guarded([&] { return PyBool_FromLong(view_size(as_view(self)) == 1); });
}

PyObject* reset(PyObject* self, PyObject*) {
    return guarded([&] {
        change_view(as_view(self), Effect::Replaces,
                    [](const TypeMeta& type, void* data) { type.ops->optional_reset(type, data); });
        return py_none();
    });
}

PyObject* emplace(PyObject* self, PyObject*) {
    return guarded([&] {
        ViewObject* v = as_view(self);
        require_writable(v);
        if (view_size(v) == 0)
            change_view(v, Effect::Replaces,
                        [](const TypeMeta& type, void* data) { type.ops->optional_emplace(type, data); });
        return owned(held_view(v)).release().ptr();
    });
}

// -- variants ---------------------------------------------------------------------------------------------------------

std::size_t alternative(ViewObject* v) { return v->type->ops->variant_index(*v->type, locate(v)); }

PyObject* get_index(PyObject* self, void*) {
    return guarded([&] { return PyLong_FromSize_t(alternative(as_view(self))); });
}
PyObject* get_alternative(PyObject* self, void*) {
    return guarded([&] { return type_object(*as_view(self)->type->fields[alternative(as_view(self))].type); });
}

// -- references -------------------------------------------------------------------------------------------------------

const ref_storage& reference(ViewObject* v) { return *static_cast<const ref_storage*>(locate(v)); }

PyObject* get_is_empty(PyObject* self, void*) {
    return guarded([&] { return PyBool_FromLong(reference(as_view(self)).is_empty()); });
}
PyObject* get_is_valid(PyObject* self, void*) {
    return guarded([&] { return PyBool_FromLong(reference(as_view(self)).is_bound()); });
}
/// The view that was bound, which is what keeps the target alive; None if there is none.
PyObject* get_target(PyObject* self, void*) {
    return guarded([&] {
        const ValueRef* target = reference(as_view(self)).target();
        return target && target->keeper.get() ? Py_NewRef(static_cast<PyObject*>(target->keeper.get())) : py_none();
    });
}

PyMethodDef optional_methods[] = {
    {"reset", reset, METH_NOARGS, "reset($self, /)\n--\n\nEmpties it."},
    {"emplace", emplace, METH_NOARGS, "emplace($self, /)\n--\n\nMakes a default value if it is empty; its view."},
    {nullptr, nullptr, 0, nullptr}};
PyGetSetDef optional_getset[] = {{"has_value", get_has_value, nullptr, "Whether it is not empty.", nullptr},
                                 {"held", get_held, nullptr, "The view of what it holds, or None.", nullptr},
                                 {nullptr, nullptr, nullptr, nullptr, nullptr}};
PyGetSetDef variant_getset[] = {
    {"held", get_held, nullptr, "The view of what it holds; stale once it holds another alternative.", nullptr},
    {"index", get_index, nullptr, "The position of the alternative it holds.", nullptr},
    {"alternative", get_alternative, nullptr, "The TypeMeta of the alternative it holds.", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr}};
PyGetSetDef ref_getset[] = {{"is_empty", get_is_empty, nullptr, "Whether it refers to nothing.", nullptr},
                            {"is_valid", get_is_valid, nullptr, "Whether it refers to one value.", nullptr},
                            {"target", get_target, nullptr, "The view of what it refers to, or None.", nullptr},
                            {nullptr, nullptr, nullptr, nullptr, nullptr}};

} // namespace

PyType_Slot scalar_view_slots[] = {{Py_tp_doc, const_cast<char*>("A number, text, time or other scalar; as a truth "
                                                                 "value, that of its value.")},
                                   {Py_nb_bool, slot(scalar_truth)},
                                   {0, nullptr}};
PyType_Slot optional_view_slots[] = {
    {Py_tp_doc, const_cast<char*>("A value or None; view[key] reaches into what it holds.")},
    {Py_tp_methods, optional_methods},
    {Py_tp_getset, optional_getset},
    {Py_mp_length, slot(view_length)},
    {Py_mp_subscript, slot(view_subscript)},
    {Py_mp_ass_subscript, slot(assign_below)},
    {0, nullptr}};
PyType_Slot variant_view_slots[] = {
    {Py_tp_doc, const_cast<char*>("One of several alternatives; view[key] reaches into what it holds.")},
    {Py_tp_getset, variant_getset},
    {Py_mp_subscript, slot(view_subscript)},
    {Py_mp_ass_subscript, slot(assign_below)},
    {0, nullptr}};
PyType_Slot ref_view_slots[] = {
    {Py_tp_doc, const_cast<char*>("A reference to another value.")}, {Py_tp_getset, ref_getset}, {0, nullptr}};

} // namespace hgvalue::python
