#include "value_types.hpp"

#include "enum_class.hpp"
#include "struct_class.hpp"
#include "type_hint.hpp"

#include <hgvalue/core/type_registry.hpp>

namespace hgvalue::python {

namespace {

/// struct_fields(cls) -> [(name, type hint, has default, default)], for `hgvalue._dataclass`.
PyObject* struct_fields(PyObject*, PyObject* cls) {
    return guarded([&] {
        const StructClass* info = PyType_Check(cls) ? StructClass::of(reinterpret_cast<PyTypeObject*>(cls)) : nullptr;
        nb::object fields = owned(PyList_New(0));
        if (!info) return fields.release().ptr(); // CompoundScalar itself has none
        const Temporary defaults(info->type());
        for (const FieldSlot& f : info->fields()) {
            if (f.info->item_only) continue; // dataclasses read fields as attributes
            const void* value = static_cast<const std::byte*>(defaults.get()) + f.info->offset;
            const nb::object shown = f.info->has_default ? owned(to_python(*f.info->type, value)) : nb::none();
            const nb::object hint = type_hint(*f.info->type);
            const nb::object entry = owned(
                Py_BuildValue("(OOOO)", f.name, hint.ptr(), f.info->has_default ? Py_True : Py_False, shown.ptr()));
            checked(PyList_Append(fields.ptr(), entry.ptr()));
        }
        return fields.release().ptr();
    });
}

/// Gives a class its `__annotations__`: a dict in the class's own, as whoever knows dataclasses looks there.
void annotate(const StructClass& cls) {
    auto* python_type = reinterpret_cast<PyObject*>(cls.python_type());
    const nb::object own = owned(PyObject_GetAttrString(python_type, "__dict__"));
    const nb::object name = owned(PyUnicode_FromString("__annotations__"));
    if (checked(PySequence_Contains(own.ptr(), name.ptr()))) return; // another package has the same class
    const nb::object hints = owned(PyDict_New());
    for (const FieldSlot& f : cls.fields())
        if (!f.info->item_only) checked(PyDict_SetItem(hints.ptr(), f.name, type_hint(*f.info->type).ptr()));
    checked(PyObject_SetAttr(python_type, name.ptr(), hints.ptr()));
}

PyMethodDef functions[] = {{"struct_fields", struct_fields, METH_O,
                            "struct_fields(cls, /)\n--\n\nThe fields of a struct class: (name, type hint, whether it "
                            "has a default, default)."},
                           {nullptr, nullptr, 0, nullptr}};

} // namespace

PyObject* find_class(const TypeMeta& type) noexcept {
    if (const StructClass* cls = StructClass::of(type)) return reinterpret_cast<PyObject*>(cls->python_type());
    return find_enum_class(type);
}

PyObject* value_class(const TypeMeta& type, const char* python_module) {
    PyObject* cls = type.enumeration ? enum_class(type, python_module)
                                     : reinterpret_cast<PyObject*>(struct_class(type, python_module));
    TypeRegistry::instance().register_python_type(cls, type);
    if (const StructClass* info = StructClass::of(type)) annotate(*info);
    return cls;
}

void add_value_types(PyObject* module, const SchemaModule& schema) {
    for (std::uint32_t i = 0; i < schema.type_count; ++i) {
        const TypeMeta& type = *schema.types[i];
        checked(PyObject_SetAttrString(module, type.name, value_class(type, schema.python_name)));
    }
}

void init_value_types(PyObject* module) {
    init_struct_base(module);
    checked(PyModule_AddFunctions(module, functions));
    // The descriptors are written in Python: what they do, dataclasses itself does best.
    const nb::object dataclass = nb::module_::import_("hgvalue._dataclass");
    auto* base = reinterpret_cast<PyObject*>(StructClass::base());
    for (const char* name : {"__dataclass_fields__", "__dataclass_params__"}) {
        const nb::object descriptor = nb::object(dataclass.attr("DataclassAttribute"))(nb::str(name));
        checked(PyObject_SetAttrString(base, name, descriptor.ptr()));
    }
}

} // namespace hgvalue::python
