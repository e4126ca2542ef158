// The parts of a reference that is made of references.
#include "node_reference.hpp"

#include "generic_class.hpp"
#include "node_access.hpp"
#include "node_classes.hpp"
#include "short_repr.hpp"

namespace nb = nanobind;

namespace hgvalue::python {

namespace {

struct ItemsObject {
    PyObject_HEAD PyObject* handle; ///< of the reference; strong
    PyObject* weak_references;
};

PyTypeObject* items_class = nullptr;

NodeObject* handle_in(PyObject* self) { return as_node(reinterpret_cast<ItemsObject*>(self)->handle); }

/// The REF, which may be gone.
node_ref reference_in(PyObject* self) { return resolve_reference(handle_in(self)); }

/// The position that an index, or the name of a field, stands for.
std::uint32_t position(PyObject* self, PyObject* key) {
    const PathStep where = here(reinterpret_cast<PyObject*>(handle_in(self)));
    node_ref reference = reference_in(self);
    auto count = static_cast<Py_ssize_t>(engine::reference_item_count(reference));
    if (PyUnicode_Check(key) && count && reference.type->child->kind == NodeKind::TSB) {
        const NodeType& t = *child_ref(reference, 0).type;
        for (std::uint32_t i = 0; i < t.field_count; ++i)
            if (PyUnicode_Compare(field_name(t, i), key) == 0) return i;
        throw_unknown_field(t, key, &where);
    }
    Py_ssize_t i = index_from_python(key, &where);
    reference = reference_in(self); // an __index__ may have bound it
    count = static_cast<Py_ssize_t>(engine::reference_item_count(reference));
    if (i < 0) i += count;
    if (i < 0 || i >= count)
        throw IndexError(prefix(&where) + "item " + short_repr(key) + " of a reference with " + std::to_string(count));
    return static_cast<std::uint32_t>(i);
}

/// The handle of an item, which stands where the reference's field or element does.
PyObject* item(PyObject* self, std::uint32_t i) {
    resolve(handle_in(self));
    return slot_handle(handle_in(self), i);
}

Py_ssize_t length(PyObject* self) {
    return guarded(
        [&]() -> Py_ssize_t { return static_cast<Py_ssize_t>(engine::reference_item_count(reference_in(self))); });
}

PyObject* get_item(PyObject* self, PyObject* key) {
    return guarded([&]() -> PyObject* { return item(self, position(self, key)); });
}

/// By position, for loops.
PyObject* next_item(PyObject* self, Py_ssize_t i) {
    const nb::object key = nb::steal(PyLong_FromSsize_t(i));
    return key ? get_item(self, key.ptr()) : nullptr;
}

int set_item(PyObject* self, PyObject* key, PyObject* target) {
    return guarded([&]() -> int {
        if (!target) throw TypeError("an item of a reference cannot be deleted; assign None");
        const nb::object one = owned(item(self, position(self, key)));
        write_node(one.ptr(), target, NoneMeans::Invalidate);
        return 0;
    });
}

PyObject* call(PyObject* self, PyObject* args, PyObject* kwargs) {
    return guarded([&]() -> PyObject* {
        NodeObject* handle = handle_in(self);
        PyTypeObject* kind = kind_class_of(*resolve(handle).type);
        const nb::object method = owned(PyObject_GetAttrString(reinterpret_cast<PyObject*>(kind), "items"));
        const nb::object bound = owned(PyObject_CallMethod(method.ptr(), "__get__", "O", handle));
        return owned(PyObject_Call(bound.ptr(), args, kwargs)).release().ptr();
    });
}

PyObject* represent(PyObject* self) {
    return guarded([&]() -> PyObject* {
        ShortText out{"<items of ", longest_repr};
        add_items_repr(out, self, '[', ']');
        out.text += '>';
        return text_object(out.text);
    });
}

int traverse(PyObject* self, visitproc visit, void* arg) {
    Py_VISIT(reinterpret_cast<PyObject*>(Py_TYPE(self)));
    Py_VISIT(reinterpret_cast<ItemsObject*>(self)->handle);
    return 0;
}

void dealloc(PyObject* self) {
    PyTypeObject* cls = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    if (reinterpret_cast<ItemsObject*>(self)->weak_references) PyObject_ClearWeakRefs(self);
    Py_DECREF(reinterpret_cast<ItemsObject*>(self)->handle);
    PyObject_GC_Del(self);
    Py_DECREF(reinterpret_cast<PyObject*>(cls));
}

PyMemberDef members[] = {weak_references_at(offsetof(ItemsObject, weak_references)), end_of_members};

PyType_Slot slots[] = {
    {Py_tp_members, members},
    {Py_tp_doc,
     const_cast<char*>(
         "ReferenceItems()\n--\n\nThe references that a reference is made of; called, the items of what it reads as.")},
    {Py_sq_length, reinterpret_cast<void*>(length)},
    {Py_sq_item, reinterpret_cast<void*>(next_item)},
    {Py_mp_length, reinterpret_cast<void*>(length)},
    {Py_mp_subscript, reinterpret_cast<void*>(get_item)},
    {Py_mp_ass_subscript, reinterpret_cast<void*>(set_item)},
    {Py_tp_call, reinterpret_cast<void*>(call)},
    {Py_tp_repr, reinterpret_cast<void*>(represent)},
    {Py_tp_traverse, reinterpret_cast<void*>(traverse)},
    {Py_tp_dealloc, reinterpret_cast<void*>(dealloc)},
    {0, nullptr}};

PyType_Spec spec{"hgvalue.ReferenceItems", sizeof(ItemsObject), 0,
                 Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE,
                 slots};

} // namespace

PyObject* reference_items_of(PyObject* handle) {
    auto* o = PyObject_GC_New(ItemsObject, items_class);
    if (!o) throw_python_error();
    o->handle = Py_NewRef(handle);
    o->weak_references = nullptr;
    PyObject_GC_Track(reinterpret_cast<PyObject*>(o));
    return reinterpret_cast<PyObject*>(o);
}

void init_reference_items(PyObject* module) {
    items_class = reinterpret_cast<PyTypeObject*>(owned(PyType_FromSpec(&spec)).release().ptr());
    checked(PyModule_AddObjectRef(module, "ReferenceItems", reinterpret_cast<PyObject*>(items_class)));
}

} // namespace hgvalue::python
