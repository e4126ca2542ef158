// The methods of structs: copies, pickling, dicts and JSON.
#include "collections.hpp"
#include "imported.hpp"
#include "struct_class.hpp"

#include <hgvalue/value/assign.hpp>

namespace hgvalue::python {

namespace {

constinit Imported deepcopy{"copy", "deepcopy"};
constinit Imported new_object{"copyreg", "__newobj__"};
constinit Imported encode_json{"hgvalue._json", "encode"};
constinit Imported decode_json{"hgvalue._json", "decode"};

PyObject* fields_as_tuple(PyObject* self, const StructClass& cls) {
    nb::object values = owned(PyTuple_New(static_cast<Py_ssize_t>(cls.fields().size())));
    Py_ssize_t i = 0;
    for (const FieldSlot& f : cls.fields()) {
        const void* value = reinterpret_cast<std::byte*>(self) + f.offset;
        checked(PyTuple_SetItem(values.ptr(), i++, owned(to_python(*f.info->type, value)).release().ptr()));
    }
    return values.release().ptr();
}

/// What a Python subclass keeps beside the fields; empty for a generated class.
nb::object instance_dict(PyObject* self, const StructClass& cls) {
    if (Py_IS_TYPE(self, cls.python_type())) return {};
    return find_attribute(self, "__dict__"); // a subclass with __slots__ has none
}

void put_instance_dict(PyObject* self, PyObject* from) {
    checked(PyDict_Update(owned(PyObject_GetAttrString(self, "__dict__")).ptr(), from));
}

/// A copy of the same Python class, changed by `change(struct)`.
template <class Change> nb::object duplicate(PyObject* self, const Change& change) {
    const StructRef s(self);
    const TypeMeta& type = s.cls.type();
    nb::object made = s.cls.make(Py_TYPE(self), [&](void* to) {
        type.ops->copy_assign(type, to, s.value);
        change(to);
    });
    if (const nb::object dict = instance_dict(self, s.cls)) put_instance_dict(made.ptr(), dict.ptr());
    return made;
}

PyObject* copy(PyObject* self, PyObject*) {
    return guarded([&] {
        const StructRef s(self);
        if (Py_IS_TYPE(self, s.cls.python_type())) return Py_NewRef(self); // immutable: one is as good as two
        return duplicate(self, [](void*) {}).release().ptr();
    });
}

PyObject* deep_copy(PyObject* self, PyObject* memo) {
    return guarded([&] {
        const StructRef s(self);
        if (!s.cls.type().is(TypeFlags::HoldsObjects)) return owned(copy(self, nullptr)).release().ptr();
        const nb::object values = owned(fields_as_tuple(self, s.cls));
        const nb::object copies = owned(PyObject_CallFunctionObjArgs(deepcopy.get(), values.ptr(), memo, nullptr));
        return duplicate(self, [&](void* to) { assign_arguments(s.cls, to, copies.ptr(), nullptr); }).release().ptr();
    });
}

/// (class, fields), or for a Python subclass, whose __init__ may take anything, (__newobj__, (class,), state).
PyObject* reduce(PyObject* self, PyObject*) {
    return guarded([&] {
        const StructRef s(self);
        const nb::object values = owned(fields_as_tuple(self, s.cls));
        auto* cls = reinterpret_cast<PyObject*>(Py_TYPE(self));
        if (Py_IS_TYPE(self, s.cls.python_type())) return owned(PyTuple_Pack(2, cls, values.ptr())).release().ptr();
        nb::object dict = instance_dict(self, s.cls);
        if (!dict) dict = nb::none();
        const nb::object arguments = owned(PyTuple_Pack(1, cls));
        const nb::object state = owned(PyTuple_Pack(2, values.ptr(), dict.ptr()));
        return owned(PyTuple_Pack(3, new_object.get(), arguments.ptr(), state.ptr())).release().ptr();
    });
}

PyObject* set_state(PyObject* self, PyObject* state) {
    return guarded([&] {
        PyObject *values = nullptr, *dict = nullptr;
        if (!PyTuple_Check(state)) throw TypeError("__setstate__ takes what __reduce__ gave");
        if (!PyArg_ParseTuple(state, "O!O", &PyTuple_Type, &values, &dict)) throw_python_error();
        if (struct_init(self, values, nullptr) < 0) throw_python_error(); // refuses an object that is complete
        if (dict != Py_None) put_instance_dict(self, dict);
        return Py_NewRef(Py_None);
    });
}

PyObject* replace(PyObject* self, PyObject* args, PyObject* kwargs) {
    return guarded([&] {
        if (PyTuple_Size(args) != 0) throw TypeError("replace() takes fields by name only");
        const StructRef s(self);
        if (!kwargs) return owned(copy(self, nullptr)).release().ptr();
        return duplicate(self, [&](void* to) { assign_changes(s.cls, to, kwargs); }).release().ptr();
    });
}

PyObject* to_dict(PyObject* self, PyObject*) {
    return guarded([&] {
        const StructRef s(self);
        return to_python(s.cls.type(), s.value, Form::Dict);
    });
}

PyObject* to_json(PyObject* self, PyObject*) {
    return guarded([&] {
        const StructRef s(self);
        const nb::object plain = owned(to_python(s.cls.type(), s.value, Form::Json));
        return PyObject_CallFunctionObjArgs(encode_json.get(), plain.ptr(), nullptr);
    });
}

PyObject* make_from(PyObject* cls, PyObject* fields, Form form) {
    const StructClass& info = StructClass::required(cls);
    const auto fill = [&](void* to) { assign_dict(info, to, fields, nullptr, form); };
    return info.make(reinterpret_cast<PyTypeObject*>(cls), fill).release().ptr();
}

PyObject* from_dict(PyObject* cls, PyObject* mapping) {
    return guarded([&] {
        if (PyDict_Check(mapping)) return make_from(cls, mapping, Form::Dict);
        const nb::object dict = dict_of_mapping(mapping);
        if (!dict)
            throw TypeError(std::string(StructClass::required(cls).type().name) + ".from_dict takes a mapping, got " +
                            describe(mapping));
        return make_from(cls, dict.ptr(), Form::Dict);
    });
}

PyObject* from_json(PyObject* cls, PyObject* text) {
    return guarded([&] {
        const nb::object plain = owned(PyObject_CallFunctionObjArgs(decode_json.get(), text, nullptr));
        if (!PyDict_Check(plain.ptr()))
            throw TypeError(std::string(StructClass::required(cls).type().name) +
                            ".from_json takes a JSON object, got " + describe(plain.ptr()));
        return make_from(cls, plain.ptr(), Form::Json);
    });
}

template <class F> PyCFunction as_method(F* f) {
    return reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(f));
}

} // namespace

const StructClass& StructClass::required(PyObject* python_class) {
    if (const StructClass* found = of(reinterpret_cast<PyTypeObject*>(python_class))) return *found;
    throw TypeError("CompoundScalar is a base class: only the classes made for structs have instances");
}

nb::object struct_with(PyObject* self, const TypeMeta& type, const void* value) {
    return duplicate(self, [&](void* to) { assign_value(StructRef(self).cls.type(), to, type, value); });
}

PyMethodDef struct_methods[] = {
    {"replace", as_method(replace), METH_VARARGS | METH_KEYWORDS,
     "replace($self, /, **changes)\n--\n\nReturn a copy with the given fields changed."},
    {"to_dict", to_dict, METH_NOARGS,
     "to_dict($self, /)\n--\n\nReturn the fields as a dict; structs inside are dicts too."},
    {"from_dict", from_dict, METH_O | METH_CLASS,
     "from_dict($type, mapping, /)\n--\n\nMake an instance from what `to_dict` gives."},
    {"to_json", to_json, METH_NOARGS, "to_json($self, /)\n--\n\nReturn the fields as a JSON object."},
    {"from_json", from_json, METH_O | METH_CLASS,
     "from_json($type, text, /)\n--\n\nMake an instance from what `to_json` gives."},
    {"__post_init__", end_filling, METH_NOARGS, nullptr},
    {"__copy__", copy, METH_NOARGS, nullptr},
    {"__deepcopy__", deep_copy, METH_O, nullptr},
    {"__reduce__", reduce, METH_NOARGS, nullptr},
    {"__setstate__", set_state, METH_O, nullptr},
    {"__replace__", as_method(replace), METH_VARARGS | METH_KEYWORDS, nullptr},
    {nullptr, nullptr, 0, nullptr}};

} // namespace hgvalue::python
