// Which type a Python object stands for, and which type a plain object is of.
#include "generic_types.hpp"

#include "convert.hpp"
#include "generic_class.hpp"
#include "imported.hpp"
#include "struct_class.hpp"

#include <hgvalue/core/type_registry.hpp>
#include <hgvalue/value/format.hpp>

#include <vector>

namespace hgvalue::python {

namespace {

constinit Imported date_class{"datetime", "date"}, time_class{"datetime", "time"};
constinit Imported datetime_class{"datetime", "datetime"}, timedelta_class{"datetime", "timedelta"};
constinit Imported get_origin{"typing", "get_origin"}, get_args{"typing", "get_args"};
constinit Imported union_origin{"typing", "Union"}, union_class{"types", "UnionType"};

TypeRegistry& registry() { return TypeRegistry::instance(); }

template <class T> bool is_builtin(PyObject* o, T& cls) noexcept { return o == reinterpret_cast<PyObject*>(&cls); }

[[noreturn]] void refuse(PyObject* o) {
    throw TypeError("no type of values is known for " + describe(o) +
                    "; TypeRegistry.register_python_type can name one");
}

const TypeMeta* scalar_of_class(PyObject* cls) {
    if (is_builtin(cls, PyLong_Type)) return scalar_type_meta<std::int64_t>();
    if (is_builtin(cls, PyFloat_Type)) return scalar_type_meta<double>();
    if (is_builtin(cls, PyBool_Type)) return scalar_type_meta<bool>();
    if (is_builtin(cls, PyUnicode_Type)) return scalar_type_meta<std::string>();
    if (is_builtin(cls, PyBytes_Type)) return scalar_type_meta<bytes>();
    if (is_builtin(cls, PyBaseObject_Type)) return scalar_type_meta<object>();
    if (cls == date_class.get()) return scalar_type_meta<date>();
    if (cls == time_class.get()) return scalar_type_meta<time_of_day>();
    if (cls == datetime_class.get()) return scalar_type_meta<datetime>();
    if (cls == timedelta_class.get()) return scalar_type_meta<timedelta>();
    return nullptr;
}

const TypeMeta* type_of_class(PyObject* cls) {
    if (const StructClass* s = StructClass::of(reinterpret_cast<PyTypeObject*>(cls))) return &s->type();
    if (const TypeMeta* known = registry().from_python_type(cls)) return known;
    return scalar_of_class(cls);
}

std::vector<const TypeMeta*> types_of(const nb::object& arguments) {
    std::vector<const TypeMeta*> types;
    for (Py_ssize_t i = 0; i < PyTuple_Size(arguments.ptr()); ++i)
        types.push_back(&type_from_python(PyTuple_GetItem(arguments.ptr(), i)));
    return types;
}

const TypeMeta& union_of(const nb::object& arguments) {
    auto* none = reinterpret_cast<PyObject*>(Py_TYPE(Py_None));
    bool optional = false;
    std::vector<const TypeMeta*> types;
    for (Py_ssize_t i = 0; i < PyTuple_Size(arguments.ptr()); ++i) {
        PyObject* argument = PyTuple_GetItem(arguments.ptr(), i);
        if (argument == none)
            optional = true;
        else
            types.push_back(&type_from_python(argument));
    }
    const TypeMeta& type = types.size() == 1 ? *types[0] : registry().variant(types);
    return optional ? registry().optional(type) : type;
}

const TypeMeta& tuple_type(const nb::object& arguments) {
    PyObject* a = arguments.ptr();
    if (PyTuple_Size(a) == 2 && PyTuple_GetItem(a, 1) == Py_Ellipsis)
        return registry().tuple_of(type_from_python(PyTuple_GetItem(a, 0)));
    return registry().tuple(types_of(arguments));
}

const TypeMeta& generic_type(PyObject* o, PyObject* origin, const nb::object& arguments) {
    if (origin == union_origin.get() || origin == union_class.get()) return union_of(arguments);
    if (is_builtin(origin, PyTuple_Type)) return tuple_type(arguments);
    const std::vector<const TypeMeta*> types = types_of(arguments);
    if (is_builtin(origin, PyList_Type) && types.size() == 1) return registry().list(*types[0]);
    if ((is_builtin(origin, PySet_Type) || is_builtin(origin, PyFrozenSet_Type)) && types.size() == 1)
        return registry().set(*types[0]);
    if (is_builtin(origin, PyDict_Type) && types.size() == 2) return registry().map(*types[0], *types[1]);
    refuse(o);
}

nb::object call(Imported& function, PyObject* argument) {
    return owned(PyObject_CallFunctionObjArgs(function.get(), argument, nullptr));
}

const TypeMeta& named_type(PyObject* name) {
    Py_ssize_t size = 0;
    const char* text = PyUnicode_AsUTF8AndSize(name, &size);
    if (!text) throw_python_error();
    return registry().require({text, static_cast<std::size_t>(size)});
}

// -- inference --------------------------------------------------------------------------------------------------------

/// The one type of all items of an iterable.
const TypeMeta& common_type(PyObject* container, PyObject* items) {
    const TypeMeta* common = nullptr;
    const nb::object iterator = owned(PyObject_GetIter(items));
    while (const nb::object item = nb::steal(PyIter_Next(iterator.ptr()))) {
        const TypeMeta& type = infer_type(item.ptr());
        if (common && !same_type(*common, type))
            throw TypeError("items of " + type_name(*common) + " and of " + type_name(type) + " in " +
                            describe(container) + ": give the type, as Value(type, obj)");
        if (!common) common = &type;
    }
    if (PyErr_Occurred()) throw_python_error();
    if (!common) throw TypeError("nothing in " + describe(container) + " tells its type: give it, as Value(type, obj)");
    return *common;
}

const TypeMeta& infer_container(PyObject* o) {
    if (PyList_Check(o)) return registry().list(common_type(o, o));
    if (PyAnySet_Check(o)) return registry().set(common_type(o, o));
    if (PyDict_Check(o)) {
        const nb::object values = owned(PyDict_Values(o));
        return registry().map(common_type(o, o), common_type(o, values.ptr()));
    }
    std::vector<const TypeMeta*> types;
    for (Py_ssize_t i = 0; i < PyTuple_Size(o); ++i) types.push_back(&infer_type(PyTuple_GetItem(o, i)));
    return registry().tuple(types);
}

} // namespace

bool looks_like_type(PyObject* o) {
    if (is_type_object(o) || PyType_Check(o)) return true;
    if (PyUnicode_Check(o) || PyLong_Check(o) || PyList_Check(o) || PyTuple_Check(o) || PyDict_Check(o)) return false;
    return call(get_origin, o).ptr() != Py_None;
}

const TypeMeta& type_from_python(PyObject* o) {
    if (is_type_object(o)) return type_of_object(o);
    if (PyUnicode_Check(o)) return named_type(o);
    const nb::object origin = call(get_origin, o);
    if (!origin.is_none()) {
        if (Py_EnterRecursiveCall(" while reading a type") != 0) throw_python_error();
        struct Leave {
            ~Leave() { Py_LeaveRecursiveCall(); }
        } leave;
        return generic_type(o, origin.ptr(), call(get_args, o));
    }
    if (PyType_Check(o))
        if (const TypeMeta* type = type_of_class(o)) return *type;
    refuse(o);
}

const TypeMeta& infer_type(PyObject* o) {
    if (const TypeMeta* type = type_of_class(reinterpret_cast<PyObject*>(Py_TYPE(o)))) return *type;
    if (PyList_Check(o) || PyTuple_Check(o) || PyAnySet_Check(o) || PyDict_Check(o)) {
        if (Py_EnterRecursiveCall(" while finding the type of a value") != 0) throw_python_error();
        struct Leave {
            ~Leave() { Py_LeaveRecursiveCall(); }
        } leave;
        return infer_container(o);
    }
    throw TypeError("no type is known for " + describe(o) + ": give one, as Value(type, obj)");
}

} // namespace hgvalue::python
