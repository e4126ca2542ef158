// The slots of struct instances.
#include "struct_class.hpp"

#include "generic_class.hpp"
#include "object_walk.hpp"
#include "scalars.hpp"
#include "short_repr.hpp"
#include "vectorcall.hpp"

#include <hgvalue/value/assign.hpp>

#include <unordered_set>

namespace hgvalue::python {

namespace {

StructObject* as_struct(PyObject* o) noexcept { return reinterpret_cast<StructObject*>(o); }

PyObject* not_initialised() noexcept {
    return set_error(ErrorKind::Runtime, "object is not initialised: __init__ was not called");
}

const void* field_place(PyObject* self, void* closure) noexcept {
    return reinterpret_cast<const std::byte*>(self) + static_cast<const FieldSlot*>(closure)->offset;
}

PyObject* get_float(PyObject* self, void* closure) noexcept {
    if (!as_struct(self)->cls) [[unlikely]]
        return not_initialised();
    return PyFloat_FromDouble(*static_cast<const double*>(field_place(self, closure)));
}

PyObject* get_int(PyObject* self, void* closure) noexcept {
    if (!as_struct(self)->cls) [[unlikely]]
        return not_initialised();
    return PyLong_FromLongLong(*static_cast<const std::int64_t*>(field_place(self, closure)));
}

PyObject* get_scalar(PyObject* self, void* closure) noexcept {
    if (!as_struct(self)->cls) [[unlikely]]
        return not_initialised();
    return scalar_to_python(*static_cast<const FieldSlot*>(closure)->info->type, field_place(self, closure));
}

PyObject* get_any(PyObject* self, void* closure) noexcept {
    if (!as_struct(self)->cls) [[unlikely]]
        return not_initialised();
    return to_python(*static_cast<const FieldSlot*>(closure)->info->type, field_place(self, closure));
}

/// The objects that are being filled.
auto& open_structs() {
    static auto& open = *new std::unordered_set<PyObject*>;
    return open;
}

/// Destroys the struct and frees the object, of this class or of a Python subclass.
void release(PyObject* self) noexcept {
    if (as_struct(self)->weak_references) [[unlikely]]
        PyObject_ClearWeakRefs(self);
    if (!open_structs().empty()) [[unlikely]]
        open_structs().erase(self);
    const StructClass* cls = as_struct(self)->cls;
    if (cls) {
        const TypeMeta& type = cls->type();
        if (!type.is(TypeFlags::TriviallyDestructible)) type.ops->destroy(type, cls->place(self));
    }
    PyTypeObject* type = Py_TYPE(self);
    if (cls && type == cls->python_type() && !cls->type().is(TypeFlags::HoldsObjects))
        PyObject_Free(self);
    else
        reinterpret_cast<freefunc>(PyType_GetSlot(type, Py_tp_free))(self);
    Py_DECREF(type);
}

bool in_order(const TypeMeta& type, const void* a, const void* b, int op) {
    const auto less = [&](const void* x, const void* y) { return type.ops->less(type, x, y); };
    const auto same = [&] { return type.ops->equals(type, a, b); };
    switch (op) {
    case Py_LT: return less(a, b);
    case Py_GT: return less(b, a);
    case Py_LE: return same() || less(a, b); // not !(b < a): NaN is equal to itself and in no order with numbers
    default: return same() || less(b, a);
    }
}

[[noreturn]] void throw_frozen(PyObject* self, PyObject* name, bool is_field) {
    const char* format = is_field ? "%U is immutable: cannot change %R; replace(%S=...) makes a changed copy"
                                  : "%U is immutable and has no field %R; replace() makes copies with other values";
    const nb::object type = owned(PyType_GetName(Py_TYPE(self)));
    const nb::object message = owned(PyUnicode_FromFormat(format, type.ptr(), name, name));
    PyErr_SetObject(error_class(ErrorKind::Frozen), message.ptr());
    throw_python_error();
}

} // namespace

getter field_getter(const TypeMeta& type) noexcept {
    if (type.scalar == ScalarKind::Float64) return get_float;
    if (type.scalar == ScalarKind::Int64) return get_int;
    return type.kind == TypeKind::Scalar ? get_scalar : get_any;
}

PyObject* struct_vectorcall(PyObject* cls, PyObject* const* args, std::size_t count_and_flag, PyObject* names) {
    return guarded_hot([&] {
        auto* type = reinterpret_cast<PyTypeObject*>(cls);
        const StructClass& info = *StructClass::of(type); // generated classes alone have this slot
        const auto fill = [&](void* to) { assign_arguments(info, to, args, positional_count(count_and_flag), names); };
        return info.make(type, fill).release().ptr();
    });
}

int struct_init(PyObject* self, PyObject* args, PyObject* kwargs) {
    return guarded_status([&] {
        const StructClass* cls = StructClass::of(Py_TYPE(self));
        if (!cls) throw TypeError("CompoundScalar is a base class: only the classes made for structs have instances");
        cls->construct(self, [&](void* to) { assign_arguments(*cls, to, args, kwargs); });
    });
}

void struct_dealloc(PyObject* self) { release(self); }

void struct_dealloc_tracked(PyObject* self) {
    PyObject_GC_UnTrack(self);
    release(self);
}

int struct_traverse(PyObject* self, visitproc visit, void* arg) {
    Py_VISIT(Py_TYPE(self));
    const StructClass* cls = as_struct(self)->cls;
    if (!cls) return 0;
    struct Call {
        visitproc visit;
        void* arg;
    } call{visit, arg};
    const auto visit_one = [](object& o, void* state) {
        const auto& c = *static_cast<Call*>(state);
        return c.visit(static_cast<PyObject*>(o.get()), c.arg);
    };
    return walk_objects(cls->type(), cls->place(self), visit_one, &call);
}

int struct_clear(PyObject* self) {
    const StructClass* cls = as_struct(self)->cls;
    if (!cls) return 0;
    const auto drop = [](object& o, void*) {
        const object dying = std::move(o); // emptied first: letting go may come back here
        return 0;
    };
    return walk_objects(cls->type(), cls->place(self), drop, nullptr);
}

namespace {

/// Two classes made for one type, which two modules lay out differently: a process may have both.
bool are_twins(PyObject* a, PyObject* b) {
    const auto made_for = [](PyObject* o) -> const StructClass* {
        const StructClass* cls = StructClass::of(Py_TYPE(o));
        return cls && cls->python_type() == Py_TYPE(o) ? cls : nullptr; // not for a subclass written in Python
    };
    const StructClass *x = made_for(a), *y = made_for(b);
    return x && y && same_type(x->type(), y->type());
}

PyObject* compare_twins(PyObject* self, PyObject* other, int op) {
    const StructRef a(self), b(other);
    if ((op != Py_EQ && op != Py_NE) || !a.cls.type().is(TypeFlags::Equatable)) return Py_NewRef(Py_NotImplemented);
    return PyBool_FromLong(values_equal(a.cls.type(), a.value, b.cls.type(), b.value) == (op == Py_EQ));
}

} // namespace

PyObject* struct_compare(PyObject* self, PyObject* other, int op) {
    return guarded([&]() -> PyObject* {
        if (Py_TYPE(self) != Py_TYPE(other))
            return are_twins(self, other) ? compare_twins(self, other, op) : Py_NewRef(Py_NotImplemented);
        const StructRef a(self), b(other);
        const TypeMeta& type = a.cls.type();
        const bool equality = op == Py_EQ || op == Py_NE;
        if (!type.is(equality ? TypeFlags::Equatable : TypeFlags::Comparable)) return Py_NewRef(Py_NotImplemented);
        if (equality) return PyBool_FromLong(type.ops->equals(type, a.value, b.value) == (op == Py_EQ));
        return PyBool_FromLong(in_order(type, a.value, b.value, op));
    });
}

Py_hash_t struct_hash(PyObject* self) {
    return guarded([&]() -> Py_hash_t {
        const StructRef s(self);
        // The slot of the base can be called for an instance of any class.
        if (!s.cls.type().is(TypeFlags::Hashable))
            throw TypeError(std::string(s.cls.type().name) + " cannot be hashed");
        const auto hash = static_cast<Py_hash_t>(s.cls.type().ops->hash(s.cls.type(), s.value));
        return hash == -1 ? -2 : hash; // -1 announces an error
    });
}

PyObject* struct_repr(PyObject* self) {
    return guarded([&] {
        ShortText out{{}, longest_repr};
        add_struct_repr(out, self);
        return text_object(out.text);
    });
}

PyObject* struct_item(PyObject* self, PyObject* name) {
    return guarded([&] {
        const StructRef s(self);
        const std::ptrdiff_t i = s.cls.index_of(name);
        if (i < 0)
            throw KeyError(std::string(s.cls.type().name) + " has no field " + short_repr(name) +
                           suggestion(s.cls.type(), name));
        const FieldSlot& f = s.cls.fields()[static_cast<std::size_t>(i)];
        return to_python(*f.info->type, reinterpret_cast<std::byte*>(self) + f.offset);
    });
}

int fill_field(PyObject* self, PyObject* value, void* closure) {
    return guarded_status([&] {
        const FieldSlot& field = *static_cast<const FieldSlot*>(closure);
        const bool begins = !as_struct(self)->cls;
        if (!value || (!begins && !open_structs().contains(self))) throw_frozen(self, field.name, true);
        const StructClass& cls = *StructClass::of(Py_TYPE(self));
        const nb::object changes = owned(PyDict_New());
        checked(PyDict_SetItem(changes.ptr(), field.name, value));
        if (!begins) return assign_changes(cls, cls.place(self), changes.ptr());
        open_structs().insert(self);
        cls.construct(self, [&](void* to) { assign_changes(cls, to, changes.ptr()); });
    });
}

PyObject* end_filling(PyObject* self, PyObject*) {
    return guarded([&] {
        if (open_structs().erase(self) == 0) throw StateError("__post_init__ is called by what fills a new object");
        return Py_NewRef(Py_None);
    });
}

int struct_setattr(PyObject* self, PyObject* name, PyObject* value) {
    return guarded([&] {
        const StructClass* cls = StructClass::of(Py_TYPE(self));
        // A Python subclass may have attributes of its own, as one of a frozen dataclass may.
        const bool is_field = cls && cls->index_of(name) >= 0;
        if (is_field || !cls || Py_IS_TYPE(self, cls->python_type())) throw_frozen(self, name, is_field);
        return PyObject_GenericSetAttr(self, name, value);
    });
}

} // namespace hgvalue::python
