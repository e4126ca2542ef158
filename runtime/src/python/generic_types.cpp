// hgvalue.TypeMeta.
#include "generic_types.hpp"

#include "convert.hpp"
#include "generic_class.hpp"
#include "imported.hpp"
#include "short_repr.hpp"
#include "type_hint.hpp"

#include <hgvalue/core/type_registry.hpp>
#include <hgvalue/value/format.hpp>

#include <unordered_map>

namespace hgvalue::python {

namespace {

struct TypeObject {
    PyObject_HEAD const TypeMeta* type;
    PyObject* weak_references;
};
PyTypeObject* type_class = nullptr;

const TypeMeta& of(PyObject* self) noexcept { return *reinterpret_cast<TypeObject*>(self)->type; }

/// Types live as long as the process, and so do their objects.
auto& objects() {
    static auto& map = *new std::unordered_map<const TypeMeta*, PyObject*>;
    return map;
}

constinit Imported kind_class{"hgvalue._types", "TypeKind"};
constinit Imported field_class{"hgvalue._types", "FieldInfo"};
constinit Imported reduce_type{"hgvalue._types", "reduce_type"};

/// Defaults are no part of an unnamed type's identity, so one that has them is shown as it is.
bool has_own_defaults(const TypeMeta& type, const TypeMeta& identity) {
    if (type.kind != TypeKind::Bundle || type.name) return false;
    for (std::uint32_t i = 0; i < type.field_count; ++i)
        if (type.fields[i].has_default != identity.fields[i].has_default) return true;
    return false;
}

PyObject* refuse_new(PyTypeObject*, PyObject*, PyObject*) {
    return set_error(ErrorKind::Type, "types are made by TypeRegistry, and found by TypeMeta.get and from_python_type");
}

/// Types are never destroyed; this is for subclasses' sake, of which there are none.
void destroy(PyObject* self) {
    if (reinterpret_cast<TypeObject*>(self)->weak_references) PyObject_ClearWeakRefs(self);
    free_instance(self);
}
PyMemberDef members[] = {weak_references_at(offsetof(TypeObject, weak_references)), end_of_members};

nb::object type_or_none(const TypeMeta* type) { return type ? nb::object(owned(type_object(*type))) : nb::none(); }

template <class F> PyObject* give_object(const F& f) noexcept {
    return guarded([&] { return nb::object(f()).release().ptr(); });
}

nb::object text(const char* t) { return t ? nb::object(owned(PyUnicode_FromString(t))) : nb::none(); }
nb::object count(std::int64_t n) { return owned(PyLong_FromLongLong(n)); }
nb::object duration(std::int64_t us) {
    const timedelta d{us};
    return owned(to_python(type_of<timedelta>(), &d));
}

PyObject* get_name(PyObject* self, void*) {
    return guarded([&] { return text_object(type_name(of(self))); });
}
PyObject* get_qualified_name(PyObject* self, void*) {
    return guarded([&] {
        const TypeMeta& t = of(self);
        if (!t.name || !t.module || !*t.module) return text_object(type_name(t));
        return text_object(std::string(t.module) + "." + t.name);
    });
}
PyObject* get_module(PyObject* self, void*) {
    return give_object([&] { return text(of(self).module); });
}
PyObject* get_doc(PyObject* self, void*) {
    return give_object([&] { return text(of(self).doc); });
}
PyObject* get_kind(PyObject* self, void*) {
    return guarded([&] { return kind_object(of(self).kind); });
}
PyObject* get_size(PyObject* self, void*) { return PyLong_FromUnsignedLong(of(self).size); }
PyObject* get_alignment(PyObject* self, void*) { return PyLong_FromUnsignedLong(of(self).alignment); }
PyObject* get_address(PyObject* self, void*) { return PyLong_FromVoidPtr(const_cast<TypeMeta*>(&of(self))); }
PyObject* get_flag(PyObject* self, void* flag) {
    return PyBool_FromLong(of(self).is(static_cast<TypeFlags>(reinterpret_cast<std::uintptr_t>(flag))));
}
PyObject* get_is_named(PyObject* self, void*) { return PyBool_FromLong(of(self).name != nullptr); }

PyObject* get_element_type(PyObject* self, void*) {
    return give_object([&] { return type_or_none(of(self).kind == TypeKind::Map ? nullptr : of(self).element); });
}
PyObject* get_key_type(PyObject* self, void*) {
    return give_object([&] { return type_or_none(of(self).key); });
}
PyObject* get_value_type(PyObject* self, void*) {
    return give_object([&] { return type_or_none(of(self).kind == TypeKind::Map ? of(self).element : nullptr); });
}

bool has_offsets(const TypeMeta& t) noexcept { return t.kind == TypeKind::Bundle || t.kind == TypeKind::Tuple; }

PyObject* get_fields(PyObject* self, void*) {
    return guarded([&] {
        const TypeMeta& t = of(self);
        nb::object fields = owned(PyTuple_New(has_offsets(t) ? t.field_count : 0));
        for (std::uint32_t i = 0; has_offsets(t) && i < t.field_count; ++i) {
            const FieldInfo& f = t.fields[i];
            const nb::object type = owned(type_object(*f.type)), name = text(f.name), doc = text(f.doc);
            nb::object field = owned(PyObject_CallFunction(
                field_class.get(), "OkkOOO", name.ptr(), static_cast<unsigned long>(i),
                static_cast<unsigned long>(f.offset), type.ptr(), f.has_default ? Py_True : Py_False, doc.ptr()));
            checked(PyTuple_SetItem(fields.ptr(), i, field.release().ptr()));
        }
        return fields.release().ptr();
    });
}

PyObject* get_alternatives(PyObject* self, void*) {
    return guarded([&] {
        const TypeMeta& t = of(self);
        const std::uint32_t n = t.kind == TypeKind::Variant ? t.field_count : 0;
        nb::object types = owned(PyTuple_New(n));
        for (std::uint32_t i = 0; i < n; ++i) checked(PyTuple_SetItem(types.ptr(), i, type_object(*t.fields[i].type)));
        return types.release().ptr();
    });
}

PyObject* get_members(PyObject* self, void*) {
    return guarded([&] {
        nb::object members = owned(PyDict_New());
        if (const EnumInfo* e = of(self).enumeration)
            for (std::uint32_t i = 0; i < e->count; ++i)
                checked(PyDict_SetItemString(members.ptr(), e->names[i], count(e->values[i]).ptr()));
        return members.release().ptr();
    });
}

nb::object extent(const TypeMeta& t, std::int64_t size) {
    return t.kind == TypeKind::Window && t.by_time ? duration(size) : count(size);
}
PyObject* get_fixed_size(PyObject* self, void*) {
    return give_object([&] { return extent(of(self), of(self).fixed_size); });
}
PyObject* get_min_size(PyObject* self, void*) {
    return give_object([&] { return extent(of(self), of(self).min_size); });
}
PyObject* get_fingerprint(PyObject* self, void*) {
    return guarded([&] { return PyLong_FromUnsignedLongLong(type_fingerprint(of(self))); });
}
PyObject* get_python_type(PyObject* self, void*) {
    return give_object([&] { return type_hint(of(self)); });
}

PyObject* represent(PyObject* self) {
    return guarded([&] { return text_object("TypeMeta(" + shortened(type_name(of(self)), longest_repr) + ")"); });
}
PyObject* as_text(PyObject* self) { return get_name(self, nullptr); }

PyObject* compare(PyObject* self, PyObject* other, int op) {
    if (!is_type_object(other) || (op != Py_EQ && op != Py_NE)) return Py_NewRef(Py_NotImplemented);
    return PyBool_FromLong(same_type(of(self), of(other)) == (op == Py_EQ));
}
Py_hash_t hash(PyObject* self) {
    return python_hash(reinterpret_cast<std::size_t>(&TypeRegistry::instance().intern(of(self))) >> 4);
}

PyObject* get(PyObject*, PyObject* name) {
    return guarded([&] {
        if (!PyUnicode_Check(name)) throw TypeError("the name of a type is a str, not " + describe(name));
        return type_object(type_from_python(name));
    });
}
PyObject* from_python_type(PyObject*, PyObject* cls) {
    return guarded([&] { return type_object(type_from_python(cls)); });
}
PyObject* structurally_compatible_with(PyObject* self, PyObject* other) {
    return guarded([&] { return PyBool_FromLong(structurally_compatible(of(self), type_from_python(other))); });
}
PyObject* reduce(PyObject* self, PyObject*) {
    return guarded([&] { return PyObject_CallFunctionObjArgs(reduce_type.get(), self, nullptr); });
}
PyObject* copy(PyObject* self, PyObject*) { return Py_NewRef(self); }

void* flag(TypeFlags f) noexcept { return reinterpret_cast<void*>(static_cast<std::uintptr_t>(f)); }

PyGetSetDef getset[] = {
    {"name", get_name, nullptr, "The type as a schema spells it; of a named one its bare name.", nullptr},
    {"qualified_name", get_qualified_name, nullptr, "The name with its module; the spelling of an unnamed type.",
     nullptr},
    {"module", get_module, nullptr, "The module of a named type, or None.", nullptr},
    {"doc", get_doc, nullptr, "The docstring of the schema, or None.", nullptr},
    {"kind", get_kind, nullptr, "Its TypeKind.", nullptr},
    {"size", get_size, nullptr, "Bytes of a value, without what it keeps elsewhere.", nullptr},
    {"alignment", get_alignment, nullptr, "Bytes.", nullptr},
    {"address", get_address, nullptr, "Where the TypeMeta lies, an int: the identity of the type in this process.",
     nullptr},
    {"is_named", get_is_named, nullptr, "Whether it is nominal.", nullptr},
    {"is_hashable", get_flag, nullptr, "Whether its values may be keys.", flag(TypeFlags::Hashable)},
    {"is_comparable", get_flag, nullptr, "Whether its values have an order.", flag(TypeFlags::Comparable)},
    {"is_equatable", get_flag, nullptr, "Whether its values can be equal.", flag(TypeFlags::Equatable)},
    {"is_buffer_compatible", get_flag, nullptr, "Whether numpy can hold its values.",
     flag(TypeFlags::BufferCompatible)},
    {"is_trivially_copyable", get_flag, nullptr, "Whether its bytes are all of it.",
     flag(TypeFlags::TriviallyCopyable)},
    {"is_trivially_constructible", get_flag, nullptr, "Whether zero bytes are its default.",
     flag(TypeFlags::TriviallyConstructible)},
    {"is_trivially_destructible", get_flag, nullptr, "Whether its values need no clean-up.",
     flag(TypeFlags::TriviallyDestructible)},
    {"is_tuple", get_flag, nullptr, "Whether it is tuple[T, ...].", flag(TypeFlags::IsTuple)},
    {"is_ordered", get_flag, nullptr, "Whether it is a set or map in insertion order.", flag(TypeFlags::Ordered)},
    {"element_type", get_element_type, nullptr, "Of lists, sets, buffers, windows, optionals, references; or None.",
     nullptr},
    {"key_type", get_key_type, nullptr, "Of maps; or None.", nullptr},
    {"value_type", get_value_type, nullptr, "Of maps; or None.", nullptr},
    {"fields", get_fields, nullptr, "A FieldInfo for each field of a bundle or tuple.", nullptr},
    {"alternatives", get_alternatives, nullptr, "The types that a variant may hold.", nullptr},
    {"members", get_members, nullptr, "Names and values of an enum.", nullptr},
    {"fixed_size", get_fixed_size, nullptr,
     "Of arrays, buffers, queues and windows: a count, or a timedelta; 0 for none.", nullptr},
    {"min_size", get_min_size, nullptr, "With how much a window is filled: a count, or a timedelta.", nullptr},
    {"fingerprint", get_fingerprint, nullptr, "A hash of all of it, the same in every process.", nullptr},
    {"python_type", get_python_type, nullptr, "What its values are in Python: a class, or a generic such as list[int].",
     nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr}};

PyMethodDef methods[] = {{"get", get, METH_O | METH_STATIC,
                          "get(name, /)\n--\n\nThe type of this name or spelling. KeyError if there is none, "
                          "AmbiguousTypeError if there are "
                          "several."},
                         {"from_python_type", from_python_type, METH_O | METH_STATIC,
                          "from_python_type(cls, /)\n--\n\nThe type for a class or a generic such as list[int]. "
                          "TypeError if there is none."},
                         {"is_compatible", structurally_compatible_with, METH_O,
                          "is_compatible($self, other, /)\n--\n\nWhether values of another type can be assigned to "
                          "values of this one by structure alone."},
                         {"__reduce__", reduce, METH_NOARGS, nullptr},
                         {"__copy__", copy, METH_NOARGS, nullptr},
                         {"__deepcopy__", copy, METH_O, nullptr},
                         {nullptr, nullptr, 0, nullptr}};

} // namespace

PyObject* type_object(const TypeMeta& type) {
    if (const auto found = objects().find(&type); found != objects().end()) return Py_NewRef(found->second);
    const TypeMeta& identity = TypeRegistry::instance().intern(type);
    const bool as_it_is = has_own_defaults(type, identity) || !same_layout(type, identity);
    const TypeMeta* const shown = as_it_is ? &type : &identity;
    if (const auto found = objects().find(shown); found != objects().end()) return Py_NewRef(found->second);
    nb::object made = owned(PyType_GenericAlloc(type_class, 0));
    reinterpret_cast<TypeObject*>(made.ptr())->type = shown;
    const auto [place, is_new] = objects().emplace(shown, made.ptr()); // the collector may have made one meanwhile
    if (is_new) made.inc_ref();
    return Py_NewRef(place->second);
}
bool is_type_object(PyObject* o) noexcept { return Py_IS_TYPE(o, type_class); }
const TypeMeta& type_of_object(PyObject* o) noexcept { return of(o); }

PyObject* kind_object(TypeKind kind) {
    return owned(PyObject_CallFunction(kind_class.get(), "i", static_cast<int>(kind))).release().ptr();
}

void init_types(PyObject* module) {
    type_class = add_class(
        module, "hgvalue.TypeMeta", sizeof(TypeObject), 0,
        {{Py_tp_doc,
          const_cast<char*>(
              "What the runtime knows of a type of values. Immutable.\n\nThe same type is the same object, unless "
              "it is laid out in another way, by another compiler or at run time: then the objects are equal.")},
         {Py_tp_new, slot(refuse_new)},
         {Py_tp_dealloc, slot(destroy)},
         {Py_tp_getset, getset},
         {Py_tp_methods, methods},
         {Py_tp_members, members},
         {Py_tp_richcompare, slot(compare)},
         {Py_tp_hash, slot(hash)},
         {Py_tp_repr, slot(represent)},
         {Py_tp_str, slot(as_text)}});
}

} // namespace hgvalue::python
