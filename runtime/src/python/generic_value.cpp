// hgvalue.Value: one value of any type, owned.
#include "generic_class.hpp"
#include "generic_codec.hpp"
#include "generic_types.hpp"
#include "generic_view.hpp"
#include "node_access.hpp"
#include "object_walk.hpp"
#include "short_repr.hpp"

#include <hgvalue/value.hpp>
#include <hgvalue/value/codec.hpp>
#include <hgvalue/value/format.hpp>

#include <structmember.h>

namespace hgvalue::python {

namespace {

PyTypeObject* value_class = nullptr;

/// Whether None is a value of the type, rather than the lack of one.
bool takes_none(const TypeMeta& type) {
    if (type.kind == TypeKind::Variant) {
        for (std::uint32_t i = 0; i < type.field_count; ++i)
            if (takes_none(*type.fields[i].type)) return true;
        return false;
    }
    return type.kind == TypeKind::Optional || type.scalar == ScalarKind::Object;
}

PathStep start_of(const TypeMeta& type) {
    return PathStep::lazy([](const void* t) { return type_name(*static_cast<const TypeMeta*>(t)); }, &type);
}

Value made_of(const TypeMeta& type, PyObject* from) { return value_made_of(type, from, Form::Object); }

/// A Value of a single argument: of a type its default, of anything else a copy.
Value made_of(PyObject* argument) {
    if (looks_like_type(argument)) return Value(type_from_python(argument));
    const Operand o = operand_of(argument);
    const TypeMeta& type = o.type ? *o.type : infer_type(argument);
    if (o.type && !o.data) return Value::null(type);
    return made_of(type, argument);
}

nb::object new_object(PyTypeObject* cls, Value&& value) {
    nb::object made = owned(PyType_GenericAlloc(cls, 0));
    as_value(made.ptr())->value = new Value(std::move(value));
    return made;
}

PyObject* create(PyTypeObject* cls, PyObject*, PyObject*) {
    return guarded([&] { return owned(PyType_GenericAlloc(cls, 0)).release().ptr(); });
}

int initialise(PyObject* self, PyObject* args, PyObject* kwargs) {
    return guarded_status([&] {
        static const char* names[] = {"type", "value", nullptr};
        PyObject *type = nullptr, *from = nullptr;
        if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O|O:Value", const_cast<char**>(names), &type, &from))
            throw_python_error();
        Value made = from ? made_of(type_from_python(type), from) : made_of(type);
        if (as_value(self)->value) throw StateError("__init__ was called a second time");
        as_value(self)->value = new Value(std::move(made));
    });
}

void destroy(PyObject* self) {
    ValueObject* o = as_value(self);
    PyObject_GC_UnTrack(self);
    if (o->weak_references) PyObject_ClearWeakRefs(self);
    delete o->value;
    free_instance(self);
}

int traverse(PyObject* self, visitproc visit, void* arg) {
    Py_VISIT(reinterpret_cast<PyObject*>(Py_TYPE(self)));
    Value* value = as_value(self)->value;
    if (!value || !value->has_value()) return 0;
    struct Call {
        visitproc visit;
        void* arg;
    } call{visit, arg};
    const auto visit_one = [](object& o, void* state) {
        const auto& c = *static_cast<Call*>(state);
        return c.visit(static_cast<PyObject*>(o.get()), c.arg);
    };
    return walk_objects(*value->schema(), value->data(), visit_one, &call);
}

int clear_objects(PyObject* self) {
    Value* value = as_value(self)->value;
    if (!value || !value->has_value()) return 0;
    const ObjectGuard guard; // nothing may run while the data is being walked
    const auto drop = [](object& o, void*) {
        const object dying = std::move(o);
        return 0;
    };
    return walk_objects(*value->schema(), value->data(), drop, nullptr);
}

// -- state ------------------------------------------------------------------------------------------------------------

Value& value_in(PyObject* self) { return value_of(as_value(self)); }

void require_not_frozen(PyObject* self) {
    if (as_value(self)->frozen)
        throw Error(ErrorKind::Frozen,
                    type_name(*value_in(self).schema()) +
                        ": it is immutable; make another one, or have hgvalue.apply make a changed copy");
}

PyObject* get_has_value(PyObject* self, void*) {
    return guarded([&] { return PyBool_FromLong(value_in(self).has_value()); });
}
PyObject* get_schema(PyObject* self, void*) {
    return guarded([&] { return type_object(*value_in(self).schema()); });
}
PyObject* get_kind(PyObject* self, void*) {
    return guarded([&] { return kind_object(value_in(self).schema()->kind); });
}

PyObject* get_value(PyObject* self, void*) {
    return guarded([&] {
        if (!value_in(self).has_value()) return py_none();
        return python_form(as_view(owned(view_of(self)).ptr()));
    });
}

int set_value(PyObject* self, PyObject* from, void*) {
    return guarded_status([&] {
        if (!from) throw TypeError("the content of a Value cannot be deleted; reset() makes it null");
        replace_content(self, made_of(*value_in(self).schema(), from));
    });
}

PyObject* reset(PyObject* self, PyObject*) {
    return guarded([&] {
        replace_content(self, Value::null(*value_in(self).schema()));
        return py_none();
    });
}

PyObject* emplace(PyObject* self, PyObject*) {
    return guarded([&] {
        if (!value_in(self).has_value()) replace_content(self, Value(*value_in(self).schema()));
        return view_of(self);
    });
}

PyObject* view(PyObject* self, PyObject*) {
    return guarded([&] { return view_of(self); });
}
PyObject* to_python_method(PyObject* self, PyObject*) {
    return guarded([&] {
        const Value& value = value_in(self);
        return value.has_value() ? to_python(*value.schema(), value.data(), Form::Series) : py_none();
    });
}
PyObject* to_string_method(PyObject* self, PyObject*) {
    return guarded([&] { return text_object(value_in(self).to_string()); });
}

PyObject* as_text(PyObject* self) { return to_string_method(self, nullptr); }

// -- making -----------------------------------------------------------------------------------------------------------

PyObject* null_value(PyObject* cls, PyObject* type) {
    return guarded([&] {
        return new_object(reinterpret_cast<PyTypeObject*>(cls), Value::null(type_from_python(type))).release().ptr();
    });
}

PyObject* from_python_method(PyObject* cls, PyObject* args) {
    return guarded([&] {
        PyObject *type = nullptr, *from = nullptr;
        if (!PyArg_UnpackTuple(args, "from_python", 2, 2, &type, &from)) throw_python_error();
        Value made = made_of(type_from_python(type), from);
        return new_object(reinterpret_cast<PyTypeObject*>(cls), std::move(made)).release().ptr();
    });
}

PyObject* copy(PyObject* self, PyObject*) {
    return guarded([&] { return new_object(Py_TYPE(self), value_in(self).clone()).release().ptr(); });
}

PyObject* deepcopy(PyObject* self, PyObject* memo) {
    return guarded([&] {
        const TypeMeta& type = *value_in(self).schema();
        if (!type.is(TypeFlags::HoldsObjects) || !value_in(self).has_value()) return copy(self, nullptr);
        const nb::object form = owned(get_value(self, nullptr)), module = owned(PyImport_ImportModule("copy"));
        const nb::object copied = owned(PyObject_CallMethod(module.ptr(), "deepcopy", "OO", form.ptr(), memo));
        return new_object(Py_TYPE(self), made_of(type, copied.ptr())).release().ptr();
    });
}

/// As bytes where the type has an encoding, else as its Python form.
PyObject* reduce(PyObject* self, PyObject*) {
    return guarded([&] {
        const nb::object type = owned(get_schema(self, nullptr));
        auto* cls = reinterpret_cast<PyObject*>(Py_TYPE(self));
        const nb::object bytes = bytes_or_none([&] { return encode(value_in(self)); });
        if (!bytes.is_none()) {
            const nb::object decode = owned(PyObject_GetAttrString(cls, "decode"));
            return Py_BuildValue("O(OO)", decode.ptr(), type.ptr(), bytes.ptr());
        }
        if (value_in(self).has_value())
            return Py_BuildValue("O(OO)", cls, type.ptr(), owned(get_value(self, nullptr)).ptr());
        const nb::object null = owned(PyObject_GetAttrString(cls, "null"));
        return Py_BuildValue("O(O)", null.ptr(), type.ptr());
    });
}

// -- what is the view's to do
// -------------------------------------------------------------------------------------------

nb::object view_object(PyObject* self) { return owned(view_of(self)); }

Py_ssize_t length(PyObject* self) {
    return guarded([&] { return PyObject_Size(view_object(self).ptr()); });
}
PyObject* get_item(PyObject* self, PyObject* key) {
    return guarded([&] { return PyObject_GetItem(view_object(self).ptr(), key); });
}
int set_item(PyObject* self, PyObject* key, PyObject* value) {
    return guarded([&] {
        const nb::object v = view_object(self);
        return value ? PyObject_SetItem(v.ptr(), key, value) : PyObject_DelItem(v.ptr(), key);
    });
}
int contains(PyObject* self, PyObject* item) {
    return guarded([&] { return PySequence_Contains(view_object(self).ptr(), item); });
}
PyObject* iterate(PyObject* self) {
    return guarded([&] { return PyObject_GetIter(view_object(self).ptr()); });
}
/// __array__: that of the view, if it has one; else numpy makes what it will of the Python form.
PyObject* to_array(PyObject* self, PyObject* args, PyObject* kwargs) {
    return guarded([&]() -> PyObject* {
        if (value_in(self).has_value()) {
            const nb::object v = view_object(self), f = find_attribute(v.ptr(), "__array__");
            if (f) return PyObject_Call(f.ptr(), args, kwargs);
        }
        const nb::object numpy = owned(PyImport_ImportModule("numpy")), value = owned(get_value(self, nullptr));
        return PyObject_CallMethod(numpy.ptr(), "asarray", "O", value.ptr());
    });
}
int get_buffer(PyObject* self, Py_buffer* buffer, int flags) {
    buffer->obj = nullptr;
    return guarded([&] { return PyObject_GetBuffer(view_object(self).ptr(), buffer, flags); });
}
PyObject* compare(PyObject* self, PyObject* other, int op) {
    return guarded([&] { return compare_values(self, other, op); });
}
int truth(PyObject* self) {
    return guarded([&]() -> int {
        if (!value_in(self).has_value()) return 0;
        return checked(PyObject_IsTrue(view_object(self).ptr()));
    });
}

PyObject* represent(PyObject* self) {
    return guarded([&] {
        ValueObject* o = as_value(self);
        if (!o->value) return text_object("<Value, not initialised>");
        ShortText content{{}, longest_repr};
        if (o->value->has_value())
            add_value(content, *o->value->schema(), o->value->data());
        else
            content.text = "None";
        return text_object("Value(" + shortened(type_name(*o->value->schema()), longest_shown_type) + ", " +
                           content.text + ")");
    });
}

PyGetSetDef getset[] = {
    {"has_value", get_has_value, nullptr, "Whether it is not null.", nullptr},
    {"schema", get_schema, nullptr, "The TypeMeta; it never changes.", nullptr},
    {"kind", get_kind, nullptr, "The TypeKind.", nullptr},
    {"value", get_value, set_value,
     "The Python form: an owned copy, None of a null value.\n\nAssigning converts, all or nothing; None makes it null, "
     "unless None is a value of its type.",
     nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr}};

PyMethodDef methods[] = {
    {"null", null_value, METH_O | METH_CLASS, "null($type, type, /)\n--\n\nA null value of the type."},
    {"from_python", from_python_method, METH_VARARGS | METH_CLASS,
     "from_python($type, type, obj, /)\n--\n\nA value of the type made of a Python object. TypeError, ValueError or "
     "OverflowError names the place, what was expected and what was given."},
    {"reset", reset, METH_NOARGS, "reset($self, /)\n--\n\nMakes it null. Views of what it held are stale."},
    {"emplace", emplace, METH_NOARGS,
     "emplace($self, /)\n--\n\nMakes it the default value if it is null; the view of it."},
    {"view", view, METH_NOARGS, "view($self, /)\n--\n\nThe view of it: the same object while one is alive."},
    {"to_python", to_python_method, METH_NOARGS,
     "to_python($self, /)\n--\n\nThe Python form, as `value`; what a bundle of time series holds is a dict of what is "
     "there, at any depth."},
    {"to_string", to_string_method, METH_NOARGS, "to_string($self, /)\n--\n\nThe value as text, as str() gives it."},
    {"encode", encode_object, METH_NOARGS,
     "encode($self, /)\n--\n\nIts bytes: the same for equal content, on every machine. TypeError if the type has an "
     "object or "
     "a "
     "reference."},
    {"decode", decode_value, METH_VARARGS | METH_CLASS,
     "decode($type, data)\n--\n\nA Value of bytes: decode(data) finds the type by its fingerprint, decode(type, data) "
     "reads "
     "that type only. DecodeError says what is wrong with the bytes, KeyError that the type is not known."},
    {"to_json", json_of_object, METH_NOARGS,
     "to_json($self, /)\n--\n\nThe value as a JSON text; null of a null value."},
    {"from_json", value_from_json, METH_VARARGS | METH_CLASS,
     "from_json($type, type, text, /)\n--\n\nA value of the type made of what to_json gives."},
    {"__array__", with_keywords(to_array), METH_VARARGS | METH_KEYWORDS, nullptr},
    {"__copy__", copy, METH_NOARGS, nullptr},
    {"__deepcopy__", deepcopy, METH_O, nullptr},
    {"__reduce__", reduce, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr}};

PyMemberDef members[] = {{"__weaklistoffset__", T_PYSSIZET, offsetof(ValueObject, weak_references), READONLY, nullptr},
                         {nullptr, 0, 0, 0, nullptr}};

} // namespace

void replace_content(PyObject* self, Value&& content) {
    const ObjectGuard guard; // objects that are let go of must not find the change half done
    require_not_frozen(self);
    require_unshared(as_value(self));
    Value old = std::move(value_in(self));
    value_in(self) = std::move(content);
    value_replaced(as_value(self));
}

PyObject* value_object(Value&& value, PyTypeObject* cls) {
    return new_object(cls ? cls : value_class, std::move(value)).release().ptr();
}

Value value_made_of(const TypeMeta& type, PyObject* from, Form form) {
    if (from == Py_None && !takes_none(type)) return Value::null(type);
    Value made(type);
    const PathStep where = start_of(type);
    if (form == Form::Object)
        from_python(type, made.data(), from, &where);
    else
        from_python(type, made.data(), from, &where, form);
    return made;
}

bool is_value(PyObject* o) noexcept { return PyObject_TypeCheck(o, value_class); }

PyObject* short_form(PyObject*, PyObject* value) {
    return guarded([&] {
        const Value& held = value_in(value);
        ShortText out{{}, longest_repr};
        add_form(out, *held.schema(), held.data(), Form::Series);
        return text_object(out.text);
    });
}

PyObject* freeze_value(PyObject*, PyObject* value) {
    return guarded([&] {
        if (!is_value(value)) throw TypeError("freeze needs a Value, got " + describe(value));
        if (as_value(value)->root) throw StateError("a Value that has views cannot be frozen");
        value_in(value);
        as_value(value)->frozen = true;
        return py_none();
    });
}

void init_values(PyObject* module) {
    value_class = add_class(
        module, "hgvalue.Value", sizeof(ValueObject), Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
        {{Py_tp_doc,
          const_cast<char*>("Value(type, value=..., /)\n--\n\nOne value of any type, owned.\n\nValue(type) is the "
                            "type's default, Value(type, obj) is made of a Python object, Value(obj) finds the "
                            "type itself. Indexing, len, in and iteration are those of view(). It can change, so "
                            "it has no hash.")},
         {Py_tp_new, slot(create)},
         {Py_tp_init, slot(initialise)},
         {Py_tp_dealloc, slot(destroy)},
         {Py_tp_traverse, slot(traverse)},
         {Py_tp_clear, slot(clear_objects)},
         {Py_tp_getset, getset},
         {Py_tp_methods, methods},
         {Py_tp_members, members},
         {Py_tp_richcompare, slot(compare)},
         {Py_tp_hash, slot(PyObject_HashNotImplemented)},
         {Py_tp_repr, slot(represent)},
         {Py_tp_str, slot(as_text)},
         {Py_tp_iter, slot(iterate)},
         {Py_nb_bool, slot(truth)},
         {Py_sq_contains, slot(contains)},
         {Py_mp_length, slot(length)},
         {Py_mp_subscript, slot(get_item)},
         {Py_mp_ass_subscript, slot(set_item)},
         {Py_bf_getbuffer, slot(get_buffer)}});
}

} // namespace hgvalue::python
