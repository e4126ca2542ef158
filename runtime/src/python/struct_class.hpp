// The Python classes of structs: CompoundScalar, which they all derive from, and what is particular to each.
//
// An instance is a Python object with the C++ struct in place behind its head, so reading a field is an offset away.
// What is the same for all structs (construction, comparison, methods) is code of the base class that works by meta; a
// class of its own has only its size, its fields and its docstring.
#pragma once

#include "convert.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace hgvalue::python {

class StructClass;

/// Head of every instance.
struct StructObject {
    PyObject_HEAD const StructClass* cls; ///< null until the struct behind it is constructed
    PyObject* weak_references;
};

/// A field as the slots of the class need it.
struct FieldSlot {
    const FieldInfo* info;
    std::size_t offset; ///< from the start of the Python object
    PyObject* name;     ///< interned
};

/// What the runtime knows of one struct class. Made once and never destroyed, as the class is.
class StructClass {
  public:
    StructClass(const TypeMeta& type, const char* python_module);
    StructClass(const StructClass&) = delete;

    /// The class made for a type, or null.
    static const StructClass* of(const TypeMeta& type) noexcept;
    /// The class itself, or the one a Python subclass derives from; null for others.
    static const StructClass* of(PyTypeObject* type) noexcept;
    /// The one of a Python class that a class method was called on. Throws TypeError for CompoundScalar itself.
    static const StructClass& required(PyObject* python_class);
    /// CompoundScalar. Borrowed.
    static PyTypeObject* base() noexcept;

    const TypeMeta& type() const noexcept { return type_; }
    PyTypeObject* python_type() const noexcept { return python_type_; }
    std::span<const FieldSlot> fields() const noexcept { return fields_; }
    /// The position of the field of this name, or -1; `guess` is looked at first.
    std::ptrdiff_t index_of(PyObject* name, std::size_t guess = 0) const noexcept;

    /// The struct of an instance. Throws StateError when `__init__` did not run.
    const void* value_of(PyObject* instance) const;
    /// Whether an object is an instance of the class or of a subclass.
    bool is_instance(PyObject* o) const noexcept { return PyObject_TypeCheck(o, python_type_); }
    /// The place of the struct in an instance, constructed or not.
    void* place(PyObject* instance) const noexcept { return reinterpret_cast<std::byte*>(instance) + payload_offset_; }

    /// A new instance with a copy of the struct.
    nb::object copy_of(const void* value) const;
    /// A new instance of `cls`, this class or a subclass, whose struct `fill(place)` completes after it was constructed
    /// with its defaults. Filling may run Python code, which must not come across the instance half made.
    template <class Fill> nb::object make(PyTypeObject* cls, const Fill& fill) const {
        const bool own = cls == python_type_; // else a subclass, whose instances have a dict perhaps
        nb::object made = own ? allocate() : owned(PyType_GenericAlloc(cls, 0));
        const bool tracked = own ? type_.is(TypeFlags::HoldsObjects) : PyObject_GC_IsTracked(made.ptr()) != 0;
        if (tracked) PyObject_GC_UnTrack(made.ptr()); // the collector would show it to anybody
        void* to = place(made.ptr());
        type_.ops->construct(type_, to);
        try {
            fill(to);
        } catch (...) {
            type_.ops->destroy(type_, to);
            throw;
        }
        reinterpret_cast<StructObject*>(made.ptr())->cls = this;
        if (tracked) PyObject_GC_Track(made.ptr());
        return made;
    }
    /// Gives an instance that has no struct one that `fill(place)` completes. StateError if it has got one meanwhile.
    template <class Fill> void construct(PyObject* instance, const Fill& fill) const {
        require_empty(instance);
        Temporary filled(type_);
        fill(filled.get());
        require_empty(instance);
        put(instance, filled);
    }

  private:
    static void require_empty(PyObject* instance) {
        if (reinterpret_cast<StructObject*>(instance)->cls)
            throw StateError("__init__ was called a second time on an immutable object");
    }
    void put(PyObject* instance, Temporary& filled) const noexcept {
        type_.ops->relocate(type_, place(instance), filled.get());
        filled.forget();
        reinterpret_cast<StructObject*>(instance)->cls = this;
    }
    /// An instance without a struct.
    nb::object allocate() const;
    void make_fields();
    void make_python_type(const char* python_module);
    void add_class_attributes();

    const TypeMeta& type_;
    std::size_t payload_offset_;
    PyTypeObject* python_type_ = nullptr;
    std::vector<FieldSlot> fields_;
    std::vector<PyGetSetDef> getset_; // the Python type refers to it
    std::string full_name_;           // likewise
};

/// The class and the struct of an instance; throws StateError when `__init__` did not run.
struct StructRef {
    explicit StructRef(PyObject* self);
    const StructClass& cls;
    const void* value;
};

/// Creates CompoundScalar and adds it to `module`.
void init_struct_base(PyObject* module);

/// The text of a constructor's signature and the docstring, as CPython keeps them in one string.
std::string class_doc(const TypeMeta& type);

// -- slots and tables of CompoundScalar -------------------------------------------------------------------------------

PyObject* struct_vectorcall(PyObject* cls, PyObject* const* args, std::size_t count_and_flag, PyObject* names);
int struct_init(PyObject* self, PyObject* args, PyObject* kwargs);
void struct_dealloc(PyObject* self);
void struct_dealloc_tracked(PyObject* self); ///< for classes that the garbage collector walks
int struct_traverse(PyObject* self, visitproc visit, void* arg);
int struct_clear(PyObject* self);
PyObject* struct_compare(PyObject* self, PyObject* other, int op);
Py_hash_t struct_hash(PyObject* self);
PyObject* struct_repr(PyObject* self);
PyObject* struct_item(PyObject* self, PyObject* name);
int struct_setattr(PyObject* self, PyObject* name, PyObject* value);
getter field_getter(const TypeMeta& field_type) noexcept;
/// The setter of fields. It fills an object that was made without its constructor, as msgspec makes dataclasses: first
/// the object, then each field, then `__post_init__()`. Any other object refuses it, as it refuses to be assigned to.
int fill_field(PyObject* self, PyObject* value, void* closure);
PyObject* end_filling(PyObject* self, PyObject*);
extern PyMethodDef struct_methods[];
/// A copy of an instance, of the same Python class, with the struct `value`, which is of its type.
nb::object struct_with(PyObject* self, const TypeMeta& type, const void* value);

// -- arguments --------------------------------------------------------------------------------------------------------

/// Fills a default-constructed struct from the arguments of a constructor. Throws TypeError for missing, unknown or
/// repeated ones.
void assign_arguments(const StructClass& cls, void* to, PyObject* args, PyObject* kwargs);
/// The same from arguments as a VectorCall gets them: `count` positional ones, then those named by the tuple `names`.
void assign_arguments(const StructClass& cls, void* to, PyObject* const* args, std::size_t count, PyObject* names);
/// Fills a struct from a dict of all fields without a default; fields left out get theirs.
void assign_dict(const StructClass& cls, void* to, PyObject* dict, const PathStep* where, Form form);
/// Assigns the fields that a dict names and leaves the others.
void assign_changes(const StructClass& cls, void* to, PyObject* dict);
/// "; did you mean 'x'?", or nothing.
std::string suggestion(const TypeMeta& type, PyObject* name);

} // namespace hgvalue::python
