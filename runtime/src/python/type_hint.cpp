#include "type_hint.hpp"

#include "value_types.hpp"

#include <hgvalue/value/format.hpp>

namespace hgvalue::python {

namespace {

nb::object builtin(PyTypeObject& type) { return nb::borrow(reinterpret_cast<PyObject*>(&type)); }

nb::object imported(const char* module, const char* name) {
    return owned(PyObject_GetAttrString(owned(PyImport_ImportModule(module)).ptr(), name));
}

nb::object subscript(const nb::object& generic, const nb::object& argument) {
    return owned(PyObject_GetItem(generic.ptr(), argument.ptr()));
}

nb::object pair(const nb::object& a, const nb::object& b) { return owned(PyTuple_Pack(2, a.ptr(), b.ptr())); }

/// The class of a struct or enum; its name where it has none yet, as within its own fields.
nb::object named(const TypeMeta& type) {
    if (PyObject* cls = find_class(type)) return nb::borrow(cls);
    return owned(PyUnicode_FromString(type_name(type).c_str()));
}

nb::object scalar(const TypeMeta& type) {
    switch (type.scalar) {
    case ScalarKind::Bool: return builtin(PyBool_Type);
    case ScalarKind::Float32:
    case ScalarKind::Float64: return builtin(PyFloat_Type);
    case ScalarKind::Str: return builtin(PyUnicode_Type);
    case ScalarKind::Bytes: return builtin(PyBytes_Type);
    case ScalarKind::Date: return imported("datetime", "date");
    case ScalarKind::Time: return imported("datetime", "time");
    case ScalarKind::DateTime: return imported("datetime", "datetime");
    case ScalarKind::TimeDelta: return imported("datetime", "timedelta");
    case ScalarKind::Object: return builtin(PyBaseObject_Type);
    case ScalarKind::Enum: return named(type);
    default: return builtin(PyLong_Type);
    }
}

nb::object tuple(const TypeMeta& type) {
    nb::object parts = owned(PyTuple_New(type.field_count));
    for (std::uint32_t i = 0; i < type.field_count; ++i)
        checked(
            PyTuple_SetItem(parts.ptr(), static_cast<Py_ssize_t>(i), type_hint(*type.fields[i].type).release().ptr()));
    return subscript(builtin(PyTuple_Type), parts);
}

} // namespace

nb::object type_hint(const TypeMeta& type) {
    switch (type.kind) {
    case TypeKind::Scalar: return scalar(type);
    case TypeKind::Tuple: return tuple(type);
    case TypeKind::Bundle: return named(type);
    case TypeKind::List:
        if (type.is(TypeFlags::IsTuple))
            return subscript(builtin(PyTuple_Type), pair(type_hint(*type.element), nb::borrow(Py_Ellipsis)));
        if (type.ops->list_size) return subscript(builtin(PyList_Type), type_hint(*type.element));
        return subscript(imported("collections.abc", "Sequence"), type_hint(*type.element));
    case TypeKind::Set: return subscript(builtin(PyFrozenSet_Type), type_hint(*type.element));
    case TypeKind::Map: return subscript(builtin(PyDict_Type), pair(type_hint(*type.key), type_hint(*type.element)));
    case TypeKind::CyclicBuffer: return subscript(imported("collections.abc", "Sequence"), type_hint(*type.element));
    case TypeKind::Queue: return subscript(builtin(PyList_Type), type_hint(*type.element));
    case TypeKind::Window: {
        const nb::object entry =
            subscript(builtin(PyTuple_Type), pair(imported("datetime", "datetime"), type_hint(*type.element)));
        return subscript(builtin(PyList_Type), entry);
    }
    case TypeKind::Optional: return subscript(imported("typing", "Optional"), type_hint(*type.element));
    case TypeKind::Variant: {
        nb::object hint = type_hint(*type.fields[0].type);
        for (std::uint32_t i = 1; i < type.field_count; ++i) {
            const nb::object other = type_hint(*type.fields[i].type);
            hint = PyUnicode_Check(hint.ptr()) || PyUnicode_Check(other.ptr()) // a name, which has no |
                       ? subscript(imported("typing", "Union"), pair(hint, other))
                       : owned(PyNumber_Or(hint.ptr(), other.ptr()));
        }
        return hint;
    }
    case TypeKind::Ref: break;
    }
    return builtin(PyBaseObject_Type);
}

} // namespace hgvalue::python
