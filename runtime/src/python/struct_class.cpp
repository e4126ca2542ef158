#include "struct_class.hpp"

#include "generic_class.hpp"
#include "generic_codec.hpp"
#include "imported.hpp"
#include "shared_class.hpp"
#include "value_types.hpp"
#include "vectorcall.hpp"

#include <tsl/robin_map.h>

namespace hgvalue::python {

namespace {

struct AddressHash {
    std::size_t operator()(const void* p) const noexcept { return mix_hash(reinterpret_cast<std::uintptr_t>(p)); }
};
template <class Key> using ClassMap = ::tsl::robin_map<Key, const StructClass*, AddressHash>;

// Both are asked on hot paths, and both only grow.
auto& classes_by_type() {
    static auto& map = *new ClassMap<const TypeMeta*>;
    return map;
}
auto& classes_by_python_type() {
    static auto& map = *new ClassMap<PyTypeObject*>;
    return map;
}

PyTypeObject* base_type = nullptr;

/// What an allocation of Python's is aligned to.
constexpr std::size_t object_alignment = alignof(std::max_align_t);

constexpr std::size_t round_up(std::size_t n, std::size_t to) { return (n + to - 1) / to * to; }

/// A default as the text of a signature: what ast.literal_eval reads, else an ellipsis.
std::string default_text(const FieldInfo& f, const void* value) {
    const nb::object object = owned(to_python(*f.type, static_cast<const std::byte*>(value) + f.offset));
    PyObject* o = object.ptr();
    const bool literal =
        o == Py_None || PyBool_Check(o) || PyLong_CheckExact(o) || PyUnicode_CheckExact(o) || PyBytes_CheckExact(o);
    const bool finite = PyFloat_CheckExact(o) && PyFloat_AsDouble(o) - PyFloat_AsDouble(o) == 0;
    return literal || finite ? short_repr(o, 200) : "...";
}

} // namespace

StructClass::StructClass(const TypeMeta& type, const char* python_module)
    : type_(type), payload_offset_(round_up(sizeof(StructObject), type.alignment)) {
    if (type.alignment > object_alignment)
        throw TypeError(std::string("struct ") + type.name + " is aligned beyond what a Python object can be");
    make_fields();
    make_python_type(python_module);
    add_class_attributes();
    classes_by_python_type().emplace(python_type_, this);
}

void StructClass::make_fields() {
    fields_.reserve(type_.field_count);
    for (std::uint32_t i = 0; i < type_.field_count; ++i) {
        const FieldInfo& f = type_.fields[i];
        fields_.push_back({&f, payload_offset_ + f.offset, interned(f.name)});
    }
    for (FieldSlot& f : fields_)
        if (!f.info->item_only)
            getset_.push_back({f.info->name, field_getter(*f.info->type), fill_field, f.info->doc, &f});
    getset_.push_back({});
}

void StructClass::make_python_type(const char* python_module) {
    full_name_ = std::string(python_module) + '.' + type_.name;
    std::string doc = class_doc(type_);
    std::vector<PyType_Slot> slots = {{Py_tp_doc, doc.data()}, {Py_tp_getset, getset_.data()}};
    unsigned flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE;
    // Without its own tp_dealloc a type made from a spec gets the slower one of Python classes.
    if (type_.is(TypeFlags::HoldsObjects)) {
        flags |= Py_TPFLAGS_HAVE_GC;
        slots.push_back({Py_tp_dealloc, reinterpret_cast<void*>(struct_dealloc_tracked)});
        slots.push_back({Py_tp_traverse, reinterpret_cast<void*>(struct_traverse)});
        slots.push_back({Py_tp_clear, reinterpret_cast<void*>(struct_clear)});
    } else
        slots.push_back({Py_tp_dealloc, reinterpret_cast<void*>(struct_dealloc)});
    if (!type_.is(TypeFlags::Hashable)) { // the two are inherited together or not at all
        slots.push_back({Py_tp_hash, reinterpret_cast<void*>(PyObject_HashNotImplemented)});
        slots.push_back({Py_tp_richcompare, reinterpret_cast<void*>(struct_compare)});
    }
    if (const int slot = vectorcall_slot()) slots.push_back({slot, reinterpret_cast<void*>(struct_vectorcall)});
    slots.push_back({0, nullptr});
    PyType_Spec spec{full_name_.c_str(), static_cast<int>(payload_offset_ + type_.size), 0, flags, slots.data()};
    python_type_ = reinterpret_cast<PyTypeObject*>(
        owned(PyType_FromSpecWithBases(&spec, reinterpret_cast<PyObject*>(base_type))).release().ptr());
    set_vectorcall(python_type_, struct_vectorcall);
}

void StructClass::add_class_attributes() {
    nb::object names = owned(PyList_New(0));
    for (const FieldSlot& f : fields_)
        if (!f.info->item_only) checked(PyList_Append(names.ptr(), f.name));
    const nb::object match_args = owned(PyList_AsTuple(names.ptr()));
    checked(PyObject_SetAttrString(reinterpret_cast<PyObject*>(python_type_), "__match_args__", match_args.ptr()));
}

const StructClass* StructClass::of(const TypeMeta& type) noexcept {
    const auto found = classes_by_type().find(&type);
    return found == classes_by_type().end() ? nullptr : found->second;
}

const StructClass* StructClass::of(PyTypeObject* type) noexcept {
    for (; type; type = static_cast<PyTypeObject*>(PyType_GetSlot(type, Py_tp_base))) {
        const auto found = classes_by_python_type().find(type);
        if (found != classes_by_python_type().end()) return found->second;
    }
    return nullptr;
}

PyTypeObject* StructClass::base() noexcept { return base_type; }

std::ptrdiff_t StructClass::index_of(PyObject* name, std::size_t guess) const noexcept {
    // Names in source code are interned as ours are, so the first comparison nearly always decides.
    if (guess < fields_.size() && fields_[guess].name == name) return static_cast<std::ptrdiff_t>(guess);
    for (std::size_t i = 0; i < fields_.size(); ++i)
        if (fields_[i].name == name) return static_cast<std::ptrdiff_t>(i);
    if (!PyUnicode_Check(name)) return -1;
    for (std::size_t i = 0; i < fields_.size(); ++i)
        if (PyUnicode_Compare(name, fields_[i].name) == 0) return static_cast<std::ptrdiff_t>(i);
    return -1;
}

const void* StructClass::value_of(PyObject* instance) const {
    if (!reinterpret_cast<StructObject*>(instance)->cls)
        throw StateError(std::string(type_.name) + " object is not initialised: __init__ was not called");
    return place(instance);
}

nb::object StructClass::allocate() const {
    if (type_.is(TypeFlags::HoldsObjects)) return owned(PyType_GenericAlloc(python_type_, 0));
    // Without clearing memory that is about to be written.
    auto* memory = static_cast<PyObject*>(PyObject_Malloc(payload_offset_ + type_.size));
    if (!memory) throw std::bad_alloc();
    nb::object made = owned(PyObject_Init(memory, python_type_));
    reinterpret_cast<StructObject*>(memory)->cls = nullptr;
    reinterpret_cast<StructObject*>(memory)->weak_references = nullptr;
    return made;
}

nb::object StructClass::copy_of(const void* value) const {
    nb::object made = allocate();
    type_.ops->copy_construct(type_, place(made.ptr()), value);
    reinterpret_cast<StructObject*>(made.ptr())->cls = this;
    return made;
}

namespace {
const StructClass& class_of_instance(PyObject* self) {
    if (const StructClass* cls = reinterpret_cast<StructObject*>(self)->cls) return *cls;
    throw StateError("object is not initialised: __init__ was not called");
}
} // namespace

StructRef::StructRef(PyObject* self) : cls(class_of_instance(self)), value(cls.place(self)) {}

std::string class_doc(const TypeMeta& type) {
    const Temporary defaults(type);
    std::string doc = std::string(type.name) + '(';
    for (std::uint32_t i = 0; i < type.field_count; ++i) {
        const FieldInfo& f = type.fields[i];
        if (i != 0) doc += ", ";
        doc += f.name;
        if (f.has_default) doc += '=' + default_text(f, defaults.get());
    }
    doc += ")\n--\n\n";
    if (type.doc) doc += type.doc;
    return doc;
}

void init_struct_base(PyObject* module) {
    static PyMemberDef members[] = {weak_references_at(offsetof(StructObject, weak_references)), end_of_members};
    PyType_Slot slots[] = {
        {Py_tp_doc, const_cast<char*>(
                        "CompoundScalar()\n--\n\nBase of the classes of structs: immutable values with named fields.")},
        {Py_tp_members, members},
        {Py_tp_init, reinterpret_cast<void*>(struct_init)},
        {Py_tp_dealloc, reinterpret_cast<void*>(struct_dealloc)},
        {Py_tp_richcompare, reinterpret_cast<void*>(struct_compare)},
        {Py_tp_hash, reinterpret_cast<void*>(struct_hash)},
        {Py_tp_repr, reinterpret_cast<void*>(struct_repr)},
        {Py_tp_setattro, reinterpret_cast<void*>(struct_setattr)},
        {Py_mp_subscript, reinterpret_cast<void*>(struct_item)},
        {Py_tp_methods, joined_methods({struct_methods, struct_codec_methods})},
        {0, nullptr}};
    PyType_Spec spec{"hgvalue.CompoundScalar", sizeof(StructObject), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
                     slots};
    base_type = reinterpret_cast<PyTypeObject*>(owned(PyType_FromSpec(&spec)).release().ptr());
    checked(PyModule_AddObjectRef(module, "CompoundScalar", reinterpret_cast<PyObject*>(base_type)));
}

PyTypeObject* struct_class(const TypeMeta& type, const char* python_module) {
    if (const StructClass* known = StructClass::of(type)) return known->python_type();
    static auto& classes = *new SharedClasses<StructClass>;
    const StructClass*& shared = classes.of(type);
    if (!shared) shared = new StructClass(type, python_module);
    classes_by_type().try_emplace(&type, shared);
    return shared->python_type();
}

} // namespace hgvalue::python
