#include "plain_classes.hpp"

#include "errors.hpp"
#include "generic_delta.hpp"
#include "generic_types.hpp"
#include "generic_view.hpp"
#include "imported.hpp"
#include "struct_class.hpp"
#include "value_types.hpp"

#include <hgvalue/time_series/snapshot_type.hpp>

#include <string>
#include <unordered_map>

namespace hgvalue::python {

namespace {

constinit Imported make_plain_class{"hgvalue._plain", "make_plain_class"};
constinit Imported make_delta_class{"hgvalue._plain", "make_delta_class"};

/// A class of Python's making for a type of values.
nb::object made_by(Imported& make, const std::string& name, const char* python_module, const std::string& doc,
                   const TypeMeta& type, const nb::object& plain = nb::none()) {
    const nb::object meta = owned(type_object(type));
    return owned(
        PyObject_CallFunction(make.get(), "sssOO", name.c_str(), python_module, doc.c_str(), meta.ptr(), plain.ptr()));
}

/// What is made beside a root that is no bundle.
struct RootClasses {
    nb::object value, delta;
};
// Never destroyed, as classes are not.
auto& root_classes() {
    static auto& classes = *new std::unordered_map<const NodeType*, RootClasses>;
    return classes;
}
/// The delta class beside a root's class of plain values; both are borrowed from root_classes.
auto& deltas_of_plain() {
    static auto& classes = *new std::unordered_map<PyTypeObject*, PyTypeObject*>;
    return classes;
}
/// The delta classes of bundles, whichever of their names asks first; by the identity of the type of their values.
auto& bundle_deltas() {
    static auto& classes = *new std::unordered_map<const TypeMeta*, nb::object>;
    return classes;
}
const TypeMeta* identity(const TypeMeta& type) { return &TypeRegistry::instance().intern(type); }

nb::object bundle_delta(const TypeMeta& type, const NodeType& bundle, const char* python_module) {
    nb::object& cls = bundle_deltas()[identity(type)];
    const std::string name = bundle.name;
    if (!cls)
        cls = made_by(make_delta_class, name + "Delta", python_module, "A change of what a " + name + " holds.", type);
    return cls;
}

void add(PyObject* module, const std::string& name, const nb::object& cls) {
    checked(PyObject_SetAttrString(module, name.c_str(), cls.ptr()));
}

} // namespace

void add_plain_classes(PyObject* module, const NodeType& node, const char* python_module) {
    const TypeMeta& type = snapshot_type(node);
    const std::string name = node.name;
    if (node.kind == NodeKind::TSB) {
        add(module, name + "Value", nb::borrow(value_class(type, python_module)));
        add(module, name + "Delta", bundle_delta(type, node.base ? *node.base : node, python_module));
        return;
    }
    const std::string what = "what a " + name + " holds";
    RootClasses& classes = root_classes()[&node];
    classes.value = made_by(make_plain_class, name + "Value", python_module, "The plain value of " + name + ".", type);
    classes.delta =
        made_by(make_delta_class, name + "Delta", python_module, "A change of " + what + ".", type, classes.value);
    deltas_of_plain()[reinterpret_cast<PyTypeObject*>(classes.value.ptr())] =
        reinterpret_cast<PyTypeObject*>(classes.delta.ptr());
    add(module, name + "Value", classes.value);
    add(module, name + "Delta", classes.delta);
}

nb::object plain_object(const NodeType& node, Value&& value) {
    if (const StructClass* cls = StructClass::of(*value.schema())) return cls->copy_of(value.const_view().data());
    nb::object generic = owned(value_object(std::move(value)));
    const auto found = root_classes().find(&node);
    if (found == root_classes().end()) return generic;
    return owned(PyObject_CallFunctionObjArgs(found->second.value.ptr(), generic.ptr(), nullptr));
}

PyTypeObject* delta_class_of(const NodeType& node) {
    if (node.kind == NodeKind::TSB) return delta_class_of(snapshot_type(node));
    const auto found = root_classes().find(&node);
    return found == root_classes().end() ? delta_class() : reinterpret_cast<PyTypeObject*>(found->second.delta.ptr());
}

PyTypeObject* delta_class_of(const TypeMeta& value_type, PyObject* plain) {
    if (plain)
        if (const auto found = deltas_of_plain().find(Py_TYPE(plain)); found != deltas_of_plain().end())
            return found->second;
    const auto found = bundle_deltas().find(identity(value_type));
    return found == bundle_deltas().end() ? delta_class() : reinterpret_cast<PyTypeObject*>(found->second.ptr());
}

} // namespace hgvalue::python
