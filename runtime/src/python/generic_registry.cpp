// hgvalue.TypeRegistry: the one registry of the process. Its methods belong to the class, so both
// `TypeRegistry.list(int)` and `TypeRegistry.instance().list(int)` do.
#include "convert.hpp"
#include "enum_class.hpp"
#include "generic_class.hpp"
#include "generic_types.hpp"
#include "generic_view.hpp"
#include "imported.hpp"
#include "value_types.hpp"

#include <hgvalue/core/type_registry.hpp>

#include <vector>

namespace hgvalue::python {

namespace {

PyObject* the_instance = nullptr;
constinit Imported timedelta_class{"datetime", "timedelta"};

TypeRegistry& registry() { return TypeRegistry::instance(); }

template <class F> PyObject* give_type(const F& f) noexcept {
    return guarded([&] { return type_object(f()); });
}

/// Arguments of a method. Throws what is wrong with them.
template <class... To>
void parse(PyObject* args, PyObject* kwargs, const char* format, std::vector<const char*> names, To*... to) {
    names.push_back(nullptr);
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, format, const_cast<char**>(names.data()), to...))
        throw_python_error();
}

std::string text_of(PyObject* o, const char* what) {
    if (!o || o == Py_None) return {};
    if (!PyUnicode_Check(o)) throw TypeError(std::string(what) + ": expected str, got " + describe(o));
    const char* text = PyUnicode_AsUTF8AndSize(o, nullptr);
    if (!text) throw_python_error();
    return text;
}

std::size_t size_of(PyObject* o, const char* what) {
    if (!PyIndex_Check(o)) throw TypeError(std::string(what) + ": expected an int, got " + describe(o));
    const Py_ssize_t n = PyNumber_AsSsize_t(o, PyExc_OverflowError);
    if (n == -1 && PyErr_Occurred()) throw_python_error();
    if (n < 0) throw ValueError(std::string(what) + ": " + std::to_string(n) + " is negative");
    return static_cast<std::size_t>(n);
}

RowOrder order_of(int ordered) { return ordered ? RowOrder::Insertion : RowOrder::Any; }

std::vector<const TypeMeta*> types_of(PyObject* args) {
    std::vector<const TypeMeta*> types;
    for (Py_ssize_t i = 0; i < PyTuple_Size(args); ++i) types.push_back(&type_from_python(PyTuple_GetItem(args, i)));
    return types;
}

// -- named and anonymous structs
// ----------------------------------------------------------------------------------------

/// What a dict of options says of a field, or null.
nb::object option(PyObject* options, PyObject* name) {
    if (!options || options == Py_None) return {};
    nb::object found = nb::steal(PyObject_GetItem(options, name));
    if (found) return found;
    clear_error(PyExc_KeyError);
    return {};
}

void add_field(BundleTypeBuilder& builder, PyObject* name, PyObject* type, PyObject* defaults, PyObject* docs) {
    const std::string text = text_of(name, "the name of a field");
    const TypeMeta& meta = type_from_python(type);
    const nb::object value = option(defaults, name), doc = option(docs, name);
    const std::string description = text_of(doc.ptr(), "docs");
    if (!value) {
        builder.field(text, meta, nullptr, description);
        return;
    }
    Temporary made(meta);
    const PathStep where = PathStep::root(text.c_str());
    from_python(meta, made.get(), value.ptr(), &where);
    builder.field(text, meta, made.get(), description);
}

void require_fields(PyObject* options, PyObject* fields, const char* what) {
    if (!options || options == Py_None) return;
    const nb::object names = owned(PySequence_List(options));
    for (Py_ssize_t i = 0; i < PyList_Size(names.ptr()); ++i)
        if (PyObject* name = PyList_GetItem(names.ptr(), i); !checked(PySequence_Contains(fields, name)))
            throw KeyError(std::string(what) + ": there is no field " + short_repr(name));
}

PyObject* bundle(PyObject*, PyObject* args, PyObject* kwargs) {
    return give_type([&]() -> const TypeMeta& {
        PyObject *fields = nullptr, *name = nullptr, *module = nullptr, *doc = nullptr, *defaults = nullptr,
                 *docs = nullptr;
        parse(args, kwargs, "O!|OO$OOO:bundle", {"fields", "name", "module", "doc", "defaults", "docs"}, &PyDict_Type,
              &fields, &name, &module, &doc, &defaults, &docs);
        require_fields(defaults, fields, "defaults");
        require_fields(docs, fields, "docs");
        const std::string type_name = text_of(name, "name");
        BundleTypeBuilder builder =
            type_name.empty() ? registry().bundle() : registry().bundle(type_name, text_of(module, "module"));
        if (doc && doc != Py_None) builder.doc(text_of(doc, "doc"));
        const nb::object items = owned(PyDict_Items(fields));
        for (Py_ssize_t i = 0; i < PyList_Size(items.ptr()); ++i) {
            const nb::object item = nb::borrow(PyList_GetItem(items.ptr(), i));
            add_field(builder, PyTuple_GetItem(item.ptr(), 0), PyTuple_GetItem(item.ptr(), 1), defaults, docs);
        }
        return builder.build();
    });
}

PyObject* enumeration(PyObject*, PyObject* args, PyObject* kwargs) {
    return give_type([&]() -> const TypeMeta& {
        PyObject *name = nullptr, *members = nullptr, *module = nullptr, *doc = nullptr;
        parse(args, kwargs, "OO!|OO:enumeration", {"name", "members", "module", "doc"}, &name, &PyDict_Type, &members,
              &module, &doc);
        std::vector<EnumMember> made;
        const nb::object items = owned(PyDict_Items(members));
        for (Py_ssize_t i = 0; i < PyList_Size(items.ptr()); ++i) {
            PyObject* item = PyList_GetItem(items.ptr(), i);
            std::int64_t value = 0;
            const std::string member = text_of(PyTuple_GetItem(item, 0), "the name of a member");
            const PathStep where = PathStep::root(member.c_str());
            from_python(type_of<std::int64_t>(), &value, PyTuple_GetItem(item, 1), &where);
            made.push_back({member, value});
        }
        const std::string module_name = text_of(module, "module");
        const TypeMeta& type = registry().enumeration(text_of(name, "name"), module_name, made, text_of(doc, "doc"));
        PyObject* cls = enum_class(type, type.module && *type.module ? type.module : "hgvalue");
        registry().register_python_type(cls, type);
        return type;
    });
}

// -- containers -------------------------------------------------------------------------------------------------------

template <const TypeMeta& (TypeRegistry::*make)(const TypeMeta&)> PyObject* of_one(PyObject*, PyObject* element) {
    return give_type([&]() -> const TypeMeta& { return (registry().*make)(type_from_python(element)); });
}

PyObject* tuple(PyObject*, PyObject* args) {
    return give_type([&]() -> const TypeMeta& { return registry().tuple(types_of(args)); });
}
PyObject* variant(PyObject*, PyObject* args) {
    return give_type([&]() -> const TypeMeta& { return registry().variant(types_of(args)); });
}

template <const TypeMeta& (TypeRegistry::*make)(const TypeMeta&, std::size_t)>
PyObject* sized(PyObject* args, PyObject* kwargs, const char* format, const char* size_name) {
    return give_type([&]() -> const TypeMeta& {
        PyObject *element = nullptr, *size = nullptr;
        parse(args, kwargs, format, {"element", size_name}, &element, &size);
        return (registry().*make)(type_from_python(element), size ? size_of(size, size_name) : 0);
    });
}
PyObject* fixed_list(PyObject*, PyObject* args, PyObject* kwargs) {
    return sized<&TypeRegistry::fixed_list>(args, kwargs, "OO:fixed_list", "size");
}
PyObject* cyclic_buffer(PyObject*, PyObject* args, PyObject* kwargs) {
    return sized<&TypeRegistry::cyclic_buffer>(args, kwargs, "OO:cyclic_buffer", "capacity");
}
PyObject* queue(PyObject*, PyObject* args, PyObject* kwargs) {
    return sized<&TypeRegistry::queue>(args, kwargs, "O|O:queue", "capacity");
}
PyObject* ref(PyObject*, PyObject* args, PyObject* kwargs) {
    return sized<&TypeRegistry::ref>(args, kwargs, "O|O:ref", "items");
}

PyObject* set(PyObject*, PyObject* args, PyObject* kwargs) {
    return give_type([&]() -> const TypeMeta& {
        PyObject* element = nullptr;
        int ordered = 0;
        parse(args, kwargs, "O|p:set", {"element", "ordered"}, &element, &ordered);
        return registry().set(type_from_python(element), order_of(ordered));
    });
}
PyObject* map(PyObject*, PyObject* args, PyObject* kwargs) {
    return give_type([&]() -> const TypeMeta& {
        PyObject *key = nullptr, *value = nullptr;
        int ordered = 0;
        parse(args, kwargs, "OO|p:map", {"key", "value", "ordered"}, &key, &value, &ordered);
        return registry().map(type_from_python(key), type_from_python(value), order_of(ordered));
    });
}

PyObject* window(PyObject*, PyObject* args, PyObject* kwargs) {
    return give_type([&]() -> const TypeMeta& {
        PyObject *element = nullptr, *size = nullptr, *minimum = nullptr;
        parse(args, kwargs, "OO|O:window", {"element", "size", "minimum"}, &element, &size, &minimum);
        const TypeMeta& type = type_from_python(element);
        if (!PyObject_TypeCheck(size, timedelta_class.type()))
            return registry().window(type, size_of(size, "size"), minimum ? size_of(minimum, "minimum") : 0);
        timedelta duration{}, least{};
        const PathStep at_size = PathStep::root("size"), at_minimum = PathStep::root("minimum");
        from_python(type_of<timedelta>(), &duration, size, &at_size);
        if (minimum) from_python(type_of<timedelta>(), &least, minimum, &at_minimum);
        return registry().window(type, duration, least);
    });
}

// -- names ------------------------------------------------------------------------------------------------------------

/// The type of a name; null if there is none.
const TypeMeta* find(PyObject* name) { return registry().get(text_of(name, "the name of a type")); }

PyObject* get(PyObject*, PyObject* name) {
    return guarded([&] {
        const TypeMeta* type = find(name);
        return type ? type_object(*type) : Py_NewRef(Py_None);
    });
}
PyObject* require(PyObject*, PyObject* name) {
    return give_type([&]() -> const TypeMeta& { return registry().require(text_of(name, "the name of a type")); });
}
PyObject* has(PyObject*, PyObject* name) {
    return guarded([&] { return PyBool_FromLong(find(name) != nullptr); });
}
PyObject* names(PyObject*, PyObject*) {
    return guarded([&] {
        nb::object list = owned(PyList_New(0));
        for (const std::string& name : registry().names())
            checked(PyList_Append(list.ptr(), nb::steal(text_object(name)).ptr()));
        return list.release().ptr();
    });
}
PyObject* find_fingerprint(PyObject*, PyObject* fingerprint) {
    return guarded([&] {
        const unsigned long long wanted = PyLong_AsUnsignedLongLong(fingerprint);
        if (wanted == static_cast<unsigned long long>(-1) && PyErr_Occurred()) throw_python_error();
        const TypeMeta* type = registry().find(wanted);
        return type ? type_object(*type) : Py_NewRef(Py_None);
    });
}
PyObject* add_alias(PyObject*, PyObject* args) {
    return guarded([&] {
        PyObject *name = nullptr, *type = nullptr;
        if (!PyArg_UnpackTuple(args, "add_alias", 2, 2, &name, &type)) throw_python_error();
        registry().add_alias(text_of(name, "the name of a type"), type_from_python(type));
        return Py_NewRef(Py_None);
    });
}
PyObject* register_python_type(PyObject*, PyObject* args) {
    return guarded([&] {
        PyObject *cls = nullptr, *type = nullptr;
        if (!PyArg_UnpackTuple(args, "register_python_type", 2, 2, &cls, &type)) throw_python_error();
        if (!PyType_Check(cls)) throw TypeError("expected a class, got " + describe(cls));
        const TypeMeta& meta = type_from_python(type);
        registry().register_python_type(cls, meta);
        Py_INCREF(cls); // the registry keeps it for ever
        return Py_NewRef(Py_None);
    });
}

PyObject* instance(PyObject*, PyObject*) { return Py_NewRef(the_instance); }
PyObject* refuse_new(PyTypeObject*, PyObject*, PyObject*) {
    return set_error(ErrorKind::Type, "there is one registry: TypeRegistry.instance()");
}
PyObject* reduce(PyObject* self, PyObject*) {
    return guarded([&] {
        const nb::object get_instance =
            owned(PyObject_GetAttrString(reinterpret_cast<PyObject*>(Py_TYPE(self)), "instance"));
        return Py_BuildValue("O()", get_instance.ptr());
    });
}
PyObject* represent(PyObject*) { return PyUnicode_FromString("TypeRegistry.instance()"); }

constexpr int plain = METH_CLASS, keywords = METH_VARARGS | METH_KEYWORDS | METH_CLASS;

PyMethodDef methods[] = {
    {"instance", instance, METH_NOARGS | plain, "instance($type, /)\n--\n\nThe registry of this process."},
    {"bundle", with_keywords(bundle), keywords,
     "bundle(fields, name=None, module=None, *, doc=None, defaults=None, docs=None)\n--\n\nThe type of a struct: a "
     "dict "
     "of names and types. With a name it is nominal."},
    {"tuple", tuple, METH_VARARGS | plain, "tuple(*types)\n--\n\nThe type tuple[A, B, ...]."},
    {"list", of_one<&TypeRegistry::list>, METH_O | plain, "list(element, /)\n--\n\nThe type list[T]."},
    {"tuple_of", of_one<&TypeRegistry::tuple_of>, METH_O | plain,
     "tuple_of(element, /)\n--\n\nThe type tuple[T, ...]."},
    {"fixed_list", with_keywords(fixed_list), keywords, "fixed_list(element, size)\n--\n\nThe type Array[T, Size[n]]."},
    {"set", with_keywords(set), keywords,
     "set(element, ordered=False)\n--\n\nThe type set[T]. TypeError unless T is hashable."},
    {"map", with_keywords(map), keywords,
     "map(key, value, ordered=False)\n--\n\nThe type dict[K, V]. TypeError unless K is hashable."},
    {"cyclic_buffer", with_keywords(cyclic_buffer), keywords,
     "cyclic_buffer(element, capacity)\n--\n\nThe type of the last few elements."},
    {"queue", with_keywords(queue), keywords, "queue(element, capacity=0)\n--\n\nThe type of a queue; 0 is no limit."},
    {"window", with_keywords(window), keywords,
     "window(element, size, minimum=0)\n--\n\nThe type of elements with times: the last `size` of them, or those of "
     "the "
     "last timedelta."},
    {"ref", with_keywords(ref), keywords, "ref(target, items=0)\n--\n\nThe type of a reference."},
    {"optional", of_one<&TypeRegistry::optional>, METH_O | plain, "optional(element, /)\n--\n\nThe type T | None."},
    {"variant", variant, METH_VARARGS | plain, "variant(*types)\n--\n\nThe type A | B."},
    {"enumeration", with_keywords(enumeration), keywords,
     "enumeration(name, members, module=None, doc=None)\n--\n\nThe type of an enum: a dict of names and ints."},
    {"get", get, METH_O | plain, "get(name, /)\n--\n\nThe type of a name or spelling, or None."},
    {"require", require, METH_O | plain,
     "require(name, /)\n--\n\nAs get; KeyError, which names the nearest name, instead of None."},
    {"has", has, METH_O | plain, "has(name, /)\n--\n\nWhether get would find a type."},
    {"names", names, METH_NOARGS | plain, "names($type, /)\n--\n\nAll names of scalars, aliases and named types."},
    {"find", find_fingerprint, METH_O | plain, "find(fingerprint, /)\n--\n\nThe type of this fingerprint, or None."},
    {"add_alias", add_alias, METH_VARARGS | plain,
     "add_alias(name, type, /)\n--\n\nMakes a name another name of a type. ValueError if it stands for another."},
    {"register_python_type", register_python_type, METH_VARARGS | plain,
     "register_python_type(cls, type, /)\n--\n\nHas a class stand for a type wherever a type is expected."},
    {"__reduce__", reduce, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr}};

} // namespace

void init_registry(PyObject* module) {
    PyTypeObject* cls =
        add_class(module, "hgvalue.TypeRegistry", sizeof(PyObject), 0,
                  {{Py_tp_doc, const_cast<char*>(
                                   "The types of this process. There is one, TypeRegistry.instance(), and its methods "
                                   "can be called on the class.\n\nWhere a type is expected, a TypeMeta, its spelling "
                                   "('list[int]'), a class or a generic (list[int], int | None) does. The same "
                                   "arguments give the same TypeMeta object.")},
                   {Py_tp_new, slot(refuse_new)},
                   {Py_tp_dealloc, slot(free_instance)},
                   {Py_tp_repr, slot(represent)},
                   {Py_tp_methods, methods}});
    the_instance = owned(PyType_GenericAlloc(cls, 0)).release().ptr();
}

} // namespace hgvalue::python
