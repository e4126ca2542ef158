// hgvalue.Delta: the class, and what deltas of all kinds have in common.
#include "generic_delta.hpp"

#include "generic_class.hpp"
#include "generic_codec.hpp"
#include "generic_types.hpp"
#include "generic_view.hpp"
#include "imported.hpp"
#include "node_access.hpp"
#include "object_walk.hpp"
#include "short_repr.hpp"

#include <hgvalue/delta/codec.hpp>

#include <structmember.h>

#include <utility>

namespace hgvalue::python {

namespace {

PyTypeObject* cls_delta = nullptr;
PyTypeObject* cls_content = nullptr;

constinit Imported deepcopy_function{"copy", "deepcopy"};

// -- the content ------------------------------------------------------------------------------------------------------

void destroy_content(PyObject* self) {
    PyObject_GC_UnTrack(self);
    delete as_content(self)->delta;
    free_instance(self);
}

int walk_content(PyObject* self, ObjectVisitor visit, void* state) {
    const DeltaValue* delta = as_content(self)->delta;
    if (!delta) return 0;
    const ConstValueView all = delta->view();
    return walk_objects(*all.schema(), const_cast<void*>(all.data()), visit, state); // only the collector changes it
}

int traverse_content(PyObject* self, visitproc visit, void* arg) {
    Py_VISIT(reinterpret_cast<PyObject*>(Py_TYPE(self)));
    const auto call = [&](object& o) { return visit(static_cast<PyObject*>(o.get()), arg); };
    return walk_content(
        self, [](object& o, void* state) { return (*static_cast<decltype(call)*>(state))(o); },
        const_cast<void*>(static_cast<const void*>(&call)));
}

int clear_content(PyObject* self) {
    const ObjectGuard guard; // nothing may run while the data is being walked
    const auto drop = [](object& o, void*) {
        const object dying = std::move(o);
        return 0;
    };
    return walk_content(self, drop, nullptr);
}

// -- life -------------------------------------------------------------------------------------------------------------

PyObject* create(PyTypeObject* cls, PyObject*, PyObject*) {
    return guarded([&] { return owned(PyType_GenericAlloc(cls, 0)).release().ptr(); });
}

void destroy(PyObject* self) {
    DeltaObject* d = as_delta(self);
    PyObject_GC_UnTrack(self);
    if (d->weak_references) PyObject_ClearWeakRefs(self);
    Py_CLEAR(d->content);
    free_instance(self);
}

int traverse(PyObject* self, visitproc visit, void* arg) {
    Py_VISIT(reinterpret_cast<PyObject*>(Py_TYPE(self)));
    Py_VISIT(reinterpret_cast<PyObject*>(as_delta(self)->content));
    return 0;
}

/// A delta is made of a type, of another delta, of its Python form, or of nothing where the class has its type.
DeltaValue made_of(PyTypeObject* cls, PyObject* first, PyObject* second) {
    const TypeMeta* fixed = fixed_type(cls);
    if (second) {
        const TypeMeta& type = type_from_python(first);
        if (fixed) require_type_of_class(cls, *fixed, type);
        return delta_from_form(type, second, Form::Object);
    }
    if (!first) {
        if (!fixed) throw TypeError("Delta takes the type of the values that change");
        return DeltaValue(*fixed);
    }
    if (is_delta(first)) return UsedDelta(first).value().clone();
    if (fixed && !looks_like_type(first)) return delta_from_form(*fixed, first, Form::Object);
    return DeltaValue(type_from_python(first));
}

int initialise(PyObject* self, PyObject* args, PyObject* kwargs) {
    return guarded_status([&] {
        if (kwargs && PyDict_Size(kwargs) > 0) throw TypeError("a Delta takes no arguments by name");
        PyObject *first = nullptr, *second = nullptr;
        if (!PyArg_UnpackTuple(args, "Delta", 0, 2, &first, &second)) throw_python_error();
        DeltaValue made = made_of(Py_TYPE(self), first, second);
        if (as_delta(self)->content) throw StateError("__init__ was called a second time");
        set_content(as_delta(self), std::move(made));
    });
}

// -- what it is -------------------------------------------------------------------------------------------------------

PyObject* get_schema(PyObject* self, void*) {
    return guarded([&] { return type_object(UsedDelta(self).value_type()); });
}
PyObject* get_kind(PyObject* self, void*) {
    return guarded([&] { return kind_object(UsedDelta(self).value_type().kind); });
}
PyObject* get_empty(PyObject* self, void*) {
    return guarded([&] { return PyBool_FromLong(UsedDelta(self).view().empty()); });
}
PyObject* get_ticked(PyObject* self, void*) {
    return guarded([&] { return PyBool_FromLong(UsedDelta(self).view().ticked()); });
}
PyObject* get_invalidated(PyObject* self, void*) {
    return guarded([&] { return PyBool_FromLong(UsedDelta(self).view().invalidates()); });
}
PyObject* get_time(PyObject* self, void*) {
    return guarded([&] {
        const datetime time{UsedDelta(self).time()};
        return time.us == MIN_DT ? py_none() : owned(to_python(type_of<datetime>(), &time)).release().ptr();
    });
}
PyObject* get_change_count(PyObject* self, void*) {
    return guarded([&] { return PyLong_FromSize_t(UsedDelta(self).view().change_count()); });
}

PyObject* clear(PyObject* self, PyObject*) {
    return guarded([&] {
        const UsedDelta used(self);
        set_content(as_delta(self), DeltaValue(used.value_type()));
        return Py_NewRef(Py_None);
    });
}

PyObject* apply_to(PyObject* self, PyObject* target) {
    return guarded([&] {
        UsedDelta used(self);
        apply_delta(used, target);
        return Py_NewRef(Py_None);
    });
}

PyObject* to_python_method(PyObject* self, PyObject*) {
    return guarded([&] {
        UsedDelta used(self);
        return delta_form(used, {Form::Object}).release().ptr();
    });
}
PyObject* to_json(PyObject* self, PyObject*) {
    return guarded([&] {
        UsedDelta used(self);
        return json_text(delta_form(used, {Form::Json})).release().ptr();
    });
}
PyObject* to_string_method(PyObject* self, PyObject*) {
    return guarded([&] {
        UsedDelta used(self);
        return PyObject_Repr(delta_form(used, {Form::Object}).ptr());
    });
}
PyObject* as_text(PyObject* self) { return to_string_method(self, nullptr); }

PyObject* represent(PyObject* self) {
    return guarded([&] {
        const nb::object name = owned(PyType_GetName(Py_TYPE(self)));
        if (!as_delta(self)->content) return PyUnicode_FromFormat("<%U, not initialised>", name.ptr());
        UsedDelta used(self);
        ShortText out{std::string(PyUnicode_AsUTF8AndSize(name.ptr(), nullptr)) + '(', longest_repr};
        if (!fixed_type(Py_TYPE(self))) out.text += shortened(type_name(used.value_type()), longest_shown_type) + ", ";
        std::size_t parts = longest_repr; // as many do not fit into the text
        add_repr(out, delta_form(used, {Form::Object, &parts}).ptr());
        out.text += ')';
        return text_object(out.text);
    });
}

PyObject* compare(PyObject* self, PyObject* other, int op) {
    return guarded([&] {
        if (!is_delta(other) || (op != Py_EQ && op != Py_NE)) return Py_NewRef(Py_NotImplemented);
        const UsedDelta a(self), b(other);
        const bool same =
            a.time() == b.time() && same_type(a.value_type(), b.value_type()) && a.place().equals(b.place());
        return PyBool_FromLong(same == (op == Py_EQ));
    });
}

Py_hash_t hash(PyObject* self) {
    return guarded([&] {
        const UsedDelta used(self);
        if (!used.place().schema()->is(TypeFlags::Hashable))
            throw TypeError("a delta of " + type_name(used.value_type()) + " cannot be hashed");
        return python_hash(used.place().hash());
    });
}

int truth(PyObject* self) {
    return guarded([&] { return UsedDelta(self).view().empty() ? 0 : 1; });
}

// -- making -----------------------------------------------------------------------------------------------------------

PyTypeObject* as_class(PyObject* cls) noexcept { return reinterpret_cast<PyTypeObject*>(cls); }

/// (type, x), or (x) for a class that has its type.
template <class Make> PyObject* make_typed(PyObject* cls, PyObject* args, const char* name, const Make& make) {
    return guarded([&] {
        const TypedArguments given(as_class(cls), fixed_type(as_class(cls)), args, name);
        return delta_object(as_class(cls), make(given.required_type(name), given.subject()));
    });
}

PyObject* from_python_method(PyObject* cls, PyObject* args) {
    return make_typed(cls, args, "from_python", [](const TypeMeta& type, PyObject* from) {
        return is_delta(from) ? UsedDelta(from).value().clone() : delta_from_form(type, from, Form::Object);
    });
}

PyObject* from_json(PyObject* cls, PyObject* args) {
    return make_typed(cls, args, "from_json", [](const TypeMeta& type, PyObject* text) {
        return delta_from_form(type, from_json_text(text).ptr(), Form::Json);
    });
}

PyObject* decode_method(PyObject* cls, PyObject* args) {
    return guarded([&] {
        const TypedArguments given(as_class(cls), fixed_type(as_class(cls)), args, "decode");
        const BytesArgument bytes(given.subject());
        return delta_object(as_class(cls),
                            given.type() ? decode_delta(*given.type(), bytes.view()) : decode_delta(bytes.view()));
    });
}

PyObject* encode_method(PyObject* self, PyObject*) {
    return guarded([&] {
        UsedDelta used(self);
        return bytes_object(encode(used.value()));
    });
}

PyObject* copy(PyObject* self, PyObject*) {
    return guarded([&] { return UsedDelta(self).again(Py_TYPE(self)); });
}

PyObject* deepcopy(PyObject* self, PyObject* memo) {
    return guarded([&] {
        UsedDelta used(self);
        if (!used.value_type().is(TypeFlags::HoldsObjects)) return used.again(Py_TYPE(self));
        const nb::object form = delta_form(used, {Form::Object});
        const nb::object copied =
            owned(PyObject_CallFunctionObjArgs(deepcopy_function.get(), form.ptr(), memo, nullptr));
        return delta_object(Py_TYPE(self), delta_from_form(used.value_type(), copied.ptr(), Form::Object));
    });
}

/// As bytes where the type has an encoding, else as its Python form.
PyObject* reduce(PyObject* self, PyObject*) {
    return guarded([&] {
        UsedDelta used(self);
        auto* cls = reinterpret_cast<PyObject*>(Py_TYPE(self));
        nb::object content = bytes_or_none([&] { return encode(used.value()); });
        const nb::object make = owned(PyObject_GetAttrString(cls, content.is_none() ? "from_python" : "decode"));
        if (content.is_none()) content = delta_form(used, {Form::Object});
        if (fixed_type(Py_TYPE(self))) return Py_BuildValue("O(O)", make.ptr(), content.ptr());
        const nb::object type = owned(type_object(used.value_type()));
        return Py_BuildValue("O(OO)", make.ptr(), type.ptr(), content.ptr());
    });
}

PyGetSetDef getset[] = {
    {"schema", get_schema, nullptr, "The TypeMeta of the values that it changes.", nullptr},
    {"kind", get_kind, nullptr, "The TypeKind of the values that it changes.", nullptr},
    {"empty", get_empty, nullptr, "Whether nothing changes, nothing ticked and nothing became invalid.", nullptr},
    {"ticked", get_ticked, nullptr,
     "Whether the time series it is of ticked, although nothing may have changed. apply to a value ignores it.",
     nullptr},
    {"invalidated", get_invalidated, nullptr,
     "Whether the time series it is of became invalid: hgvalue.apply gives None then.", nullptr},
    {"time", get_time, nullptr,
     "When the tick it is of was; None of a delta that is not of a tick. compose keeps the later time, and "
     "hgvalue.apply "
     "lets elements of time windows go that are over then.",
     nullptr},
    {"change_count", get_change_count, nullptr,
     "The number of changes: one for each new single value, each optional that is reset or replaced, and each element "
     "or key added, removed, appended or dropped; what changed inside counts as what it consists of.",
     nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr}};

PyMethodDef methods[] = {
    {"clear", clear, METH_NOARGS,
     "clear($self, /)\n--\n\nMake it no change. Deltas that came from it stay as they are."},
    {"apply_to", apply_to, METH_O,
     "apply_to($self, target, /)\n--\n\nChange a Value, or what a View looks at; all or nothing.\n\nTypeError unless "
     "it is of "
     "this type, ValueError if the change does not fit what it holds, FrozenError for a struct: hgvalue.apply gives "
     "a changed one."},
    {"to_python", to_python_method, METH_NOARGS,
     "to_python($self, /)\n--\n\nThe plain form that from_python reads; what has nothing to say is left out.\n\nstruct "
     "{name: "
     "change}, tuple and Array {index: change}, list {'kept', 'dropped', 'updated': {index: change}, 'appended'}, set "
     "a SetDelta (with insertion order {'removed', 'added'}), dict {'removed': [key], 'added': {key: value}, "
     "'updated': {key: change}}, buffer, queue and window {'kept', 'dropped', 'appended'}, optional {'reset': True}, "
     "{'value': value} or {'inside': change}. A change of a single value is the new value; by itself {'value': value}. "
     "'$ticked': True where a time series ticked, '$invalidated': True where it became invalid, '$cleared': True where "
     "what was there goes first, '$keys_ticked': True where the key_set of a dict ticked, '$written': True or "
     "'$was_valid': True of a child of a dict or list that is not valid but was, in this tick or before. '$time', of "
     "the whole, is when the tick was."},
    {"from_python", from_python_method, METH_VARARGS | METH_CLASS,
     "from_python($type, type, obj, /)\n--\n\nMake a delta of what to_python gives; keys stand in any order. "
     "Subclasses that "
     "have their type take obj alone. TypeError, ValueError or OverflowError names the place."},
    {"to_json", to_json, METH_NOARGS, "to_json($self, /)\n--\n\nThe plain form as a JSON text."},
    {"from_json", from_json, METH_VARARGS | METH_CLASS,
     "from_json($type, type, text, /)\n--\n\nMake a delta of what to_json gives. Subclasses that have their type take "
     "text "
     "alone."},
    {"encode", encode_method, METH_NOARGS,
     "encode($self, /)\n--\n\nIts bytes: the same for equal deltas, on every machine. TypeError if the type has an "
     "object or a "
     "reference."},
    {"decode", decode_method, METH_VARARGS | METH_CLASS,
     "decode($type, data)\n--\n\nMake a delta of bytes: decode(data) finds the type by its fingerprint, decode(type, "
     "data) "
     "reads a delta of that type only. DecodeError says what is wrong with the bytes, KeyError that the type is not "
     "known."},
    {"to_string", to_string_method, METH_NOARGS,
     "to_string($self, /)\n--\n\nThe plain form as text, as str() gives it."},
    {"__copy__", copy, METH_NOARGS, nullptr},
    {"__deepcopy__", deepcopy, METH_O, nullptr},
    {"__reduce__", reduce, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr}};

PyMemberDef members[] = {{"__weaklistoffset__", T_PYSSIZET, offsetof(DeltaObject, weak_references), READONLY, nullptr},
                         {nullptr, 0, 0, 0, nullptr}};

} // namespace

bool is_delta(PyObject* o) noexcept { return PyObject_TypeCheck(o, cls_delta); }
PyTypeObject* delta_class() noexcept { return cls_delta; }

const TypeMeta* fixed_type(PyTypeObject* cls) {
    const nb::object found = find_attribute(reinterpret_cast<PyObject*>(cls), "__value_type__");
    return found ? &type_from_python(found.ptr()) : nullptr;
}

void require_type_of_class(PyTypeObject* cls, const TypeMeta& fixed, const TypeMeta& given) {
    if (same_type(fixed, given)) return;
    const nb::object name = owned(PyType_GetName(cls));
    throw TypeError(std::string(PyUnicode_AsUTF8AndSize(name.ptr(), nullptr)) + " is for the type " + type_name(fixed) +
                    ", not for " + type_name(given));
}

void set_content(DeltaObject* o, DeltaValue delta) {
    PyTypeObject* cls = Py_TYPE(reinterpret_cast<PyObject*>(o));
    auto made = std::make_unique<DeltaValue>(std::move(delta));
    if (const TypeMeta* fixed = fixed_type(cls)) require_type_of_class(cls, *fixed, *made->value_schema());
    nb::object content = owned(PyType_GenericAlloc(cls_content, 0));
    if (!made->value_schema()->is(TypeFlags::HoldsObjects)) PyObject_GC_UnTrack(content.ptr());
    as_content(content.ptr())->delta = made.release();
    const nb::object old = nb::steal(reinterpret_cast<PyObject*>(o->content)); // goes when all is done
    o->content = as_content(content.release().ptr());
    o->value_type = o->content->delta->value_schema();
    o->type = o->content->delta->view().schema();
    o->place = o->content->delta->view().data();
}

PyObject* delta_object(PyTypeObject* cls, DeltaValue delta) {
    nb::object made = owned(PyType_GenericAlloc(cls, 0));
    set_content(as_delta(made.ptr()), std::move(delta));
    return made.release().ptr();
}

void init_deltas(PyObject* module) {
    cls_content = add_class(module, "hgvalue._DeltaContent", sizeof(DeltaContent),
                            Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION,
                            {{Py_tp_dealloc, slot(destroy_content)},
                             {Py_tp_traverse, slot(traverse_content)},
                             {Py_tp_clear, slot(clear_content)}});
    cls_delta =
        add_class(module, "hgvalue.Delta", sizeof(DeltaObject), Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
                  {{Py_tp_doc, const_cast<char*>(
                                   "Delta(type, obj=..., /)\n--\n\nA change of a value of some type: kept, combined, "
                                   "sent, and applied elsewhere.\n\nDelta(type) is no change, Delta(type, obj) is made "
                                   "of its Python form; hgvalue.diff, full_delta, compose and invert make others. A "
                                   "subclass with a class attribute __value_type__ is for that type alone and needs no "
                                   "type. Nested deltas and copies share content; clear() changes one of them only. "
                                   "True unless it is empty.")},
                   {Py_tp_new, slot(create)},
                   {Py_tp_init, slot(initialise)},
                   {Py_tp_dealloc, slot(destroy)},
                   {Py_tp_traverse, slot(traverse)},
                   {Py_tp_getset, getset},
                   {Py_tp_methods, joined_methods({methods, delta_part_methods, delta_table_methods})},
                   {Py_tp_members, members},
                   {Py_tp_richcompare, slot(compare)},
                   {Py_tp_hash, slot(hash)},
                   {Py_tp_repr, slot(represent)},
                   {Py_tp_str, slot(as_text)},
                   {Py_nb_bool, slot(truth)}});
}

} // namespace hgvalue::python
