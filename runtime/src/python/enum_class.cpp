#include "enum_class.hpp"

#include "convert.hpp"
#include "fidelity.hpp"
#include "imported.hpp"
#include "shared_class.hpp"
#include "value_types.hpp"

#include <cstring>
#include <unordered_map>
#include <vector>

namespace hgvalue::python {

namespace {

constinit Imported enum_base{"enum", "Enum"};
constinit Imported int_enum_base{"enum", "IntEnum"};

/// A Python enum class and its members, in schema order. Never destroyed, as the class is not.
class EnumClass {
  public:
    EnumClass(const TypeMeta& type, const char* python_module);

    PyObject* python_type() const noexcept { return python_type_; }
    /// Borrowed, or null.
    PyObject* member(std::int64_t value) const noexcept;
    /// The position of a member of this very class.
    std::size_t index_of(PyObject* member) const noexcept;

  private:
    const EnumInfo& info_;
    PyObject* python_type_;
    std::vector<PyObject*> members_;
    std::unordered_map<std::int64_t, std::size_t> by_value_; // only if values are not 0, 1, 2, ...
};

auto& classes() {
    static auto& map = *new std::unordered_map<const TypeMeta*, const EnumClass*>;
    return map;
}

const EnumClass* find(const TypeMeta& type) noexcept {
    const auto found = classes().find(&type);
    return found == classes().end() ? nullptr : found->second;
}

EnumClass::EnumClass(const TypeMeta& type, const char* python_module) : info_(*type.enumeration) {
    const nb::object pairs = owned(PyList_New(0));
    bool counted = true;
    for (std::uint32_t i = 0; i < info_.count; ++i) {
        const nb::object pair = owned(Py_BuildValue("(sL)", info_.names[i], static_cast<long long>(info_.values[i])));
        checked(PyList_Append(pairs.ptr(), pair.ptr()));
        counted = counted && info_.values[i] == static_cast<std::int64_t>(i);
    }
    const nb::object arguments = owned(Py_BuildValue("(sO)", type.name, pairs.ptr()));
    const nb::object options = owned(Py_BuildValue("{s:s,s:s}", "module", python_module, "qualname", type.name));
    PyObject* base = (info_.base == EnumBase::IntEnum ? int_enum_base : enum_base).get();
    nb::object made = owned(PyObject_Call(base, arguments.ptr(), options.ptr()));
    if (type.doc) checked(PyObject_SetAttrString(made.ptr(), "__doc__", owned(PyUnicode_FromString(type.doc)).ptr()));
    members_.reserve(info_.count);
    for (std::uint32_t i = 0; i < info_.count; ++i) {
        // By item: a member may have a name that means something to the class.
        members_.push_back(
            owned(PyObject_GetItem(made.ptr(), owned(PyUnicode_FromString(info_.names[i])).ptr())).release().ptr());
        if (!counted) by_value_.emplace(info_.values[i], i);
    }
    // Enum hashes by a method written in Python, which would run while a set of members is being read. Members are
    // equal to themselves alone, so any hash of the object will do.
    PyObject* object_type = reinterpret_cast<PyObject*>(&PyBaseObject_Type);
    const nb::object hash = owned(PyObject_GetAttrString(object_type, "__hash__"));
    checked(PyObject_SetAttrString(made.ptr(), "__hash__", hash.ptr()));
    python_type_ = made.release().ptr();
}

PyObject* EnumClass::member(std::int64_t value) const noexcept {
    if (by_value_.empty())
        return static_cast<std::uint64_t>(value) < members_.size() ? members_[static_cast<std::size_t>(value)]
                                                                   : nullptr;
    const auto found = by_value_.find(value);
    return found == by_value_.end() ? nullptr : members_[found->second];
}

std::size_t EnumClass::index_of(PyObject* member) const noexcept {
    std::size_t i = 0;
    while (i + 1 < members_.size() && members_[i] != member) ++i;
    return i;
}

bool is_enum_member(PyObject* o) { return PyObject_TypeCheck(o, enum_base.type()); }

bool has_name(PyTypeObject* type, const char* name) {
    return PyUnicode_CompareWithASCIIString(owned(PyType_GetName(type)).ptr(), name) == 0;
}

} // namespace

namespace {

/// By Python's means, as a std::string might find no memory.
PyObject* no_member(const TypeMeta& type, std::int64_t value) noexcept {
    PyErr_Format(error_class(ErrorKind::Value), "%s has no member of value %lld", type.name,
                 static_cast<long long>(value));
    return nullptr;
}

} // namespace

PyObject* enum_member(const TypeMeta& type, std::int64_t value) noexcept {
    const EnumClass* cls = find(type);
    if (!cls) return set_error(ErrorKind::Runtime, "enum has no Python class yet");
    if (PyObject* member = cls->member(value)) return Py_NewRef(member);
    return no_member(type, value);
}

PyObject* enum_name(const TypeMeta& type, std::int64_t value) noexcept {
    const EnumInfo& info = *type.enumeration;
    for (std::uint32_t i = 0; i < info.count; ++i)
        if (info.values[i] == value) return PyUnicode_FromString(info.names[i]);
    return no_member(type, value);
}

std::int64_t enum_value(const TypeMeta& type, PyObject* member, const PathStep* where) {
    const EnumClass* cls = find(type);
    if (cls && reinterpret_cast<PyObject*>(Py_TYPE(member)) == cls->python_type())
        return type.enumeration->values[cls->index_of(member)];
    if (!is_enum_member(member) || !has_name(Py_TYPE(member), type.name)) throw_wrong_type(type, member, where);
    note(Fidelity::Converted);
    return enum_value_of_name(type, owned(PyObject_GetAttrString(member, "name")).ptr(), where);
}

std::int64_t enum_value_of_name(const TypeMeta& type, PyObject* name, const PathStep* where) {
    if (!PyUnicode_Check(name)) throw_wrong_type(type, name, where);
    const EnumInfo& info = *type.enumeration;
    for (std::uint32_t i = 0; i < info.count; ++i)
        if (PyUnicode_Compare(name, owned(PyUnicode_FromString(info.names[i])).ptr()) == 0) return info.values[i];
    throw ValueError(prefix(where) + type.name + " has no member " + short_repr(name));
}

PyObject* enum_class(const TypeMeta& type, const char* python_module) {
    if (const EnumClass* known = find(type)) return known->python_type();
    static auto& shared_classes = *new SharedClasses<EnumClass>;
    const EnumClass*& shared = shared_classes.of(type);
    if (!shared) shared = new EnumClass(type, python_module);
    classes().try_emplace(&type, shared);
    return shared->python_type();
}

PyObject* find_enum_class(const TypeMeta& type) noexcept {
    const EnumClass* cls = find(type);
    return cls ? cls->python_type() : nullptr;
}

} // namespace hgvalue::python
