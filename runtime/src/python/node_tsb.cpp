// TSB: bundles, whose fields are attributes of the generated classes.
#include "node_access.hpp"
#include "node_classes.hpp"
#include "observers.hpp"

namespace nb = nanobind;

namespace hgvalue::python {

namespace {

std::uint32_t field_of(PyObject* self, PyObject* key) {
    const NodeType& t = *as_node(self)->ref.type;
    if (PyLong_Check(key)) {
        Py_ssize_t i = PyLong_AsSsize_t(key);
        if (i == -1 && PyErr_Occurred()) clear_error(PyExc_OverflowError), i = PY_SSIZE_T_MAX;
        const auto count = static_cast<Py_ssize_t>(t.field_count);
        if (i < 0) i += count;
        if (i < 0 || i >= count)
            throw IndexError(path_of(as_node(self)) + ": no field " + std::to_string(i) + ", there are " +
                             std::to_string(count));
        return static_cast<std::uint32_t>(i);
    }
    if (!PyUnicode_Check(key)) throw_wrong_type("a field's name or position", key, nullptr);
    for (std::uint32_t i = 0; i < t.field_count; ++i)
        if (field_name(t, i) == key) return i;
    for (std::uint32_t i = 0; i < t.field_count; ++i) {
        const int same = PyObject_RichCompareBool(field_name(t, i), key, Py_EQ);
        checked(same);
        if (same) return i;
    }
    const PathStep start = here(self);
    throw_unknown_field(t, key, &start);
}

PyObject* get_item(PyObject* self, PyObject* key) {
    return guarded([&]() -> PyObject* { return slot_handle(as_node(self), field_of(self, key)); });
}

int set_item(PyObject* self, PyObject* key, PyObject* value) {
    return guarded([&]() -> int {
        const std::uint32_t slot = field_of(self, key);
        if (!value) throw TypeError(path_of(as_node(self)) + ": a field cannot be deleted; invalidate() it");
        const nb::object child = owned(slot_handle(as_node(self), slot));
        write_node(child.ptr(), value, NoneMeans::Invalidate);
        return 0;
    });
}

Py_ssize_t length(PyObject* self) { return static_cast<Py_ssize_t>(as_node(self)->ref.type->field_count); }

int contains(PyObject* self, PyObject* key) {
    const NodeType& t = *as_node(self)->ref.type;
    if (!PyUnicode_Check(key)) return 0;
    for (std::uint32_t i = 0; i < t.field_count; ++i) {
        const int same = PyObject_RichCompareBool(field_name(t, i), key, Py_EQ);
        if (same != 0) return same;
    }
    return 0;
}

enum class Which : std::uint8_t { All, Modified, Valid };

template <Which which, Show show> PyObject* listing(PyObject* self, PyObject*) {
    return guarded([&]() -> PyObject* {
        const node_ref n = resolve(as_node(self));
        return build_list([&](auto append) {
            for (std::uint32_t i = 0; i < n.type->field_count; ++i) {
                if (which == Which::Modified && !field_ref(n, i).modified()) continue;
                if (which == Which::Valid && !field_ref(n, i).valid()) continue;
                PyObject* name = field_name(*n.type, i);
                if constexpr (show == Show::Keys)
                    append(Py_NewRef(name));
                else if constexpr (show == Show::Values)
                    append(slot_handle(as_node(self), i));
                else
                    append(pair(Py_NewRef(name), slot_handle(as_node(self), i)));
            }
        });
    });
}

PyObject* iterate(PyObject* self) {
    return guarded([&]() -> PyObject* {
        const nb::object names = owned(listing<Which::All, Show::Keys>(self, nullptr));
        return PyObject_GetIter(names.ptr());
    });
}

PyObject* as_schema(PyObject* self, void*) { return Py_NewRef(self); }

PyGetSetDef getset[] = {{"as_schema", as_schema, nullptr, "The bundle itself, for code written for hgraph.", nullptr},
                        {nullptr, nullptr, nullptr, nullptr, nullptr}};

PyMethodDef methods[] = {
    HGVALUE_SUBSCRIBE_ELEMENTS,
    {"keys", listing<Which::All, Show::Keys>, METH_NOARGS,
     "keys($self, /)\n--\n\nThe names of all fields, in schema order."},
    {"values", listing<Which::All, Show::Values>, METH_NOARGS, "values($self, /)\n--\n\nAll fields, in schema order."},
    {"items", listing<Which::All, Show::Items>, METH_NOARGS, "items($self, /)\n--\n\n(name, field) of all fields."},
    {"modified_keys", listing<Which::Modified, Show::Keys>, METH_NOARGS,
     "modified_keys($self, /)\n--\n\nThe names of the fields that ticked."},
    {"modified_values", listing<Which::Modified, Show::Values>, METH_NOARGS,
     "modified_values($self, /)\n--\n\nThe fields that ticked."},
    {"modified_items", listing<Which::Modified, Show::Items>, METH_NOARGS,
     "modified_items($self, /)\n--\n\n(name, field) of the fields that ticked."},
    {"valid_keys", listing<Which::Valid, Show::Keys>, METH_NOARGS,
     "valid_keys($self, /)\n--\n\nThe names of the valid fields."},
    {"valid_values", listing<Which::Valid, Show::Values>, METH_NOARGS,
     "valid_values($self, /)\n--\n\nThe valid fields."},
    {"valid_items", listing<Which::Valid, Show::Items>, METH_NOARGS,
     "valid_items($self, /)\n--\n\n(name, field) of the valid fields."},
    {nullptr, nullptr, 0, nullptr}};

} // namespace

PyType_Slot tsb_slots[] = {{Py_tp_doc, const_cast<char*>("A bundle of named time series: TSB[schema].")},
                           {Py_tp_getset, getset},
                           {Py_tp_methods, methods},
                           {Py_tp_iter, reinterpret_cast<void*>(iterate)},
                           {Py_mp_subscript, reinterpret_cast<void*>(get_item)},
                           {Py_mp_ass_subscript, reinterpret_cast<void*>(set_item)},
                           {Py_mp_length, reinterpret_cast<void*>(length)},
                           {Py_sq_contains, reinterpret_cast<void*>(contains)},
                           {0, nullptr}};

} // namespace hgvalue::python
