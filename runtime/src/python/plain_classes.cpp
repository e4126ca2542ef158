#include "plain_classes.hpp"

#include "errors.hpp"
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
                   const TypeMeta& type) {
    const nb::object meta = owned(type_object(type));
    return owned(PyObject_CallFunction(make.get(), "sssO", name.c_str(), python_module, doc.c_str(), meta.ptr()));
}

/// The delta class of a bundle, whichever of its names asks first. Never destroyed, as classes are not.
nb::object bundle_delta(const TypeMeta& type, const NodeType& bundle, const char* python_module) {
    static auto& classes = *new std::unordered_map<const TypeMeta*, nb::object>;
    nb::object& cls = classes[&type];
    const std::string name = bundle.name;
    if (!cls)
        cls = made_by(make_delta_class, name + "Delta", python_module, "A change of what a " + name + " holds.", type);
    return cls;
}

/// The classes of roots' plain values that are no structs.
auto& plain_classes() {
    static auto& classes = *new std::unordered_map<const NodeType*, nb::object>;
    return classes;
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
    nb::object& plain = plain_classes()[&node];
    plain = made_by(make_plain_class, name + "Value", python_module, "The plain value of " + name + ".", type);
    add(module, name + "Value", plain);
    add(module, name + "Delta",
        made_by(make_delta_class, name + "Delta", python_module, "A change of " + what + ".", type));
}

nb::object plain_object(const NodeType& node, Value&& value) {
    if (const StructClass* cls = StructClass::of(*value.schema())) return cls->copy_of(value.const_view().data());
    nb::object generic = owned(value_object(std::move(value)));
    const auto found = plain_classes().find(&node);
    if (found == plain_classes().end()) return generic;
    return owned(PyObject_CallFunctionObjArgs(found->second.ptr(), generic.ptr(), nullptr));
}

} // namespace hgvalue::python
