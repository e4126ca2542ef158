// Types for Python from descriptions, a function for each kind of declaration.
//
// Types go back and forth in capsules. Enums, structs and bundles are made anew by each call, as each module has its
// own classes; what is made of them comes from the registry. Nothing that is made here is ever freed, like all types.
#include "dynamic_module.hpp"

#include "convert.hpp"
#include "errors.hpp"
#include "node_classes.hpp"
#include "plain_classes.hpp"
#include "temporary.hpp"
#include "value_types.hpp"

#include "../types/built_type.hpp"

#include <hgvalue/core/type_of.hpp>
#include <hgvalue/core/type_registry.hpp>
#include <hgvalue/time_series/built_node.hpp>

#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hgvalue::python {

namespace {

using detail::built_type;

TypeRegistry& registry() { return TypeRegistry::instance(); }

// -- reading arguments ------------------------------------------------------------------------------------------------

/// The names of a class, as the first arguments of all that make one.
struct Names {
    const char* python_module; ///< its __module__
    const char* module;        ///< the schema file
    const char* name;
    const char* doc; ///< or null

    built::NodeName of_node() const { return {module, name, doc ? doc : ""}; }
};

template <class T> constexpr const char* capsule_name = nullptr;
template <> constexpr const char* capsule_name<TypeMeta> = "hgvalue.TypeMeta";
template <> constexpr const char* capsule_name<NodeType> = "hgvalue.NodeType";

template <class T> PyObject* wrapped(const T& type) {
    return owned(PyCapsule_New(const_cast<T*>(&type), capsule_name<T>, nullptr)).release().ptr();
}
template <class T> const T& unwrapped(PyObject* capsule) {
    if (!PyCapsule_IsValid(capsule, capsule_name<T>)) throw TypeError("not a type of the kind that belongs here");
    return *static_cast<const T*>(PyCapsule_GetPointer(capsule, capsule_name<T>));
}
template <class T> nb::object with_class(const T& type, PyObject* cls) {
    const nb::object capsule = nb::steal(wrapped(type));
    return owned(PyTuple_Pack(2, capsule.ptr(), cls));
}

/// Calls `f` for each item of a list or tuple.
template <class F> void each(PyObject* sequence, F&& f) {
    const nb::object items = owned(PySequence_Tuple(sequence));
    for (Py_ssize_t i = 0, count = PyTuple_Size(items.ptr()); i < count; ++i) f(PyTuple_GetItem(items.ptr(), i));
}
template <class T> std::vector<const T*> all_unwrapped(PyObject* sequence, std::size_t count) {
    std::vector<const T*> types;
    each(sequence, [&](PyObject* item) { types.push_back(&unwrapped<T>(item)); });
    if (count != 0 && types.size() != count) throw ValueError("a type is made of another number of parts");
    return types;
}
/// Sizes, none of them negative; what the caller does not find is 0.
struct Numbers {
    explicit Numbers(PyObject* sequence) {
        each(sequence, [&](PyObject* item) {
            const long long v = PyLong_AsLongLong(item);
            if (v == -1 && PyErr_Occurred()) throw_python_error();
            if (v < 0) throw ValueError("a size cannot be negative");
            values.push_back(v);
        });
    }
    std::int64_t operator[](std::size_t i) const { return i < values.size() ? values[i] : 0; }
    std::vector<std::int64_t> values;
};

// -- value types ------------------------------------------------------------------------------------------------------

const TypeMeta* scalar_type(std::string_view name) {
    static const std::pair<std::string_view, const TypeMeta*> scalars[] = {{"bool", &type_of<bool>()},
                                                                           {"int8", &type_of<std::int8_t>()},
                                                                           {"int16", &type_of<std::int16_t>()},
                                                                           {"int32", &type_of<std::int32_t>()},
                                                                           {"int64", &type_of<std::int64_t>()},
                                                                           {"uint8", &type_of<std::uint8_t>()},
                                                                           {"uint16", &type_of<std::uint16_t>()},
                                                                           {"uint32", &type_of<std::uint32_t>()},
                                                                           {"uint64", &type_of<std::uint64_t>()},
                                                                           {"float32", &type_of<float>()},
                                                                           {"float64", &type_of<double>()},
                                                                           {"str", &type_of<std::string>()},
                                                                           {"bytes", &type_of<bytes>()},
                                                                           {"date", &type_of<date>()},
                                                                           {"time", &type_of<time_of_day>()},
                                                                           {"datetime", &type_of<datetime>()},
                                                                           {"timedelta", &type_of<timedelta>()},
                                                                           {"object", &type_of<object>()}};
    for (const auto& [known, type] : scalars)
        if (known == name) return type;
    return nullptr;
}

/// Numbers: whether sizes are durations, size, minimum.
const TypeMeta& window_type(const TypeMeta& element, const Numbers& n) {
    if (n[0]) return registry().window(element, timedelta{n[1]}, timedelta{n[2]});
    return registry().window(element, static_cast<std::size_t>(n[1]), static_cast<std::size_t>(n[2]));
}

const TypeMeta& make_type(std::string_view kind, PyObject* parts, const Numbers& n) {
    if (const TypeMeta* scalar = scalar_type(kind)) return *scalar;
    if (kind == "tuple") return registry().tuple(all_unwrapped<TypeMeta>(parts, 0));
    if (kind == "variant") return registry().variant(all_unwrapped<TypeMeta>(parts, 0));
    if (kind == "map") {
        const auto both = all_unwrapped<TypeMeta>(parts, 2);
        return registry().map(*both[0], *both[1]);
    }
    const TypeMeta& element = *all_unwrapped<TypeMeta>(parts, 1)[0];
    const auto size = static_cast<std::size_t>(n[0]);
    if (kind == "optional") return registry().optional(element);
    if (kind == "tuple_of") return registry().tuple_of(element);
    if (kind == "list") return registry().list(element);
    if (kind == "set") return registry().set(element);
    if (kind == "array") return registry().fixed_list(element, size);
    if (kind == "cyclic_buffer") return registry().cyclic_buffer(element, size);
    if (kind == "queue") return registry().queue(element, size);
    if (kind == "window") return window_type(element, n);
    throw ValueError("unknown kind of type '" + std::string(kind) + "'");
}

PyObject* dynamic_type(PyObject*, PyObject* args) {
    return guarded([&]() -> PyObject* {
        const char* kind = nullptr;
        PyObject *parts = nullptr, *numbers = nullptr;
        if (!PyArg_ParseTuple(args, "sOO", &kind, &parts, &numbers)) throw_python_error();
        return wrapped(make_type(kind, parts, Numbers(numbers)));
    });
}

/// The name of a class, field or member as types keep it.
const char* kept_name(const std::string& name) {
    if (name.empty()) throw ValueError("a name is empty");
    return registry().store_name(name);
}

/// A named type without its content.
std::unique_ptr<built_type> named(const Names& names, const std::string& name) {
    auto type = std::make_unique<built_type>();
    type->name = kept_name(name);
    type->module = registry().store_name(names.module);
    type->doc = names.doc ? registry().store_name(names.doc) : nullptr;
    return type;
}
const TypeMeta& finished(std::unique_ptr<built_type> type) {
    detail::lay_out(*type);
    return *type.release();
}

EnumBase enum_base(std::string_view name) {
    if (name == "Enum") return EnumBase::Enum;
    if (name == "IntEnum") return EnumBase::IntEnum;
    throw ValueError("an enum cannot derive from '" + std::string(name) + "'");
}

PyObject* dynamic_enum(PyObject*, PyObject* args) {
    return guarded([&]() -> PyObject* {
        Names names{};
        PyObject* members = nullptr;
        const char* base = nullptr;
        if (!PyArg_ParseTuple(args, "ssszOs", &names.python_module, &names.module, &names.name, &names.doc, &members,
                              &base))
            throw_python_error();
        auto type = named(names, names.name);
        type->kind = TypeKind::Scalar;
        type->scalar = ScalarKind::Enum;
        each(members, [&](PyObject* item) {
            const char* name = nullptr;
            long long value = 0;
            if (!PyArg_Parse(item, "(sL)", &name, &value)) throw_python_error();
            type->member_names.push_back(kept_name(name));
            type->member_values.push_back(value);
        });
        type->members = {type->member_names.data(), type->member_values.data(),
                         static_cast<std::uint32_t>(type->member_names.size()), enum_base(base)};
        type->enumeration = &type->members;
        const TypeMeta& made = finished(std::move(type));
        return with_class(made, value_class(made, names.python_module)).release().ptr();
    });
}

/// Reads (name, type, documentation, item_only, has_default, default) and adds that field.
void add_struct_field(built_type& type, PyObject* item) {
    const char *name = nullptr, *doc = nullptr;
    PyObject *field = nullptr, *given = nullptr;
    int item_only = 0, has_default = 0;
    if (!PyArg_Parse(item, "(sOzppO)", &name, &field, &doc, &item_only, &has_default, &given)) throw_python_error();
    const TypeMeta& field_type = unwrapped<TypeMeta>(field);
    detail::owned_value start;
    if (has_default) {
        Temporary value(field_type);
        const std::string place = std::string(type.name) + '.' + name;
        const PathStep where = PathStep::root(place.c_str());
        from_python(field_type, value.get(), given, &where);
        start = detail::make_value(field_type, value.get());
    }
    type.field_storage.push_back({kept_name(name), &field_type, 0, has_default != 0, item_only != 0,
                                  doc ? registry().store_name(doc) : nullptr});
    type.defaults.push_back(std::move(start));
}

PyObject* dynamic_struct(PyObject*, PyObject* args) {
    return guarded([&]() -> PyObject* {
        Names names{};
        PyObject* fields = nullptr;
        if (!PyArg_ParseTuple(args, "ssszO", &names.python_module, &names.module, &names.name, &names.doc, &fields))
            throw_python_error();
        auto type = named(names, names.name);
        type->kind = TypeKind::Bundle;
        each(fields, [&](PyObject* item) { add_struct_field(*type, item); });
        bool any_default = false;
        for (const FieldInfo& f : type->field_storage) any_default = any_default || f.has_default;
        if (!any_default) type->defaults.clear();
        const TypeMeta& made = finished(std::move(type));
        return with_class(made, value_class(made, names.python_module)).release().ptr();
    });
}

// -- time series ------------------------------------------------------------------------------------------------------

const NodeType& make_node(std::string_view kind, PyObject* values, PyObject* children, const Numbers& n) {
    if (kind == "TSL") {
        const NodeType& child = *all_unwrapped<NodeType>(children, 1)[0];
        return built::list(n[0] ? registry().fixed_list(*child.value, static_cast<std::size_t>(n[0]))
                                : registry().list(*child.value),
                           child);
    }
    if (kind == "SIGNAL") return built::signal();
    if (kind == "REF") return built::reference(*all_unwrapped<NodeType>(children, 1)[0]);
    const TypeMeta& value = *all_unwrapped<TypeMeta>(values, 1)[0];
    if (kind == "TS") return built::leaf(value);
    if (kind == "TSS") return built::set(registry().set(value));
    if (kind == "TSW") return built::window(window_type(value, n));
    if (kind == "TSD") {
        const NodeType& child = *all_unwrapped<NodeType>(children, 1)[0];
        return built::dict(registry().map(value, *child.value), child);
    }
    throw ValueError("unknown kind of time series '" + std::string(kind) + "'");
}

PyObject* dynamic_node(PyObject*, PyObject* args) {
    return guarded([&]() -> PyObject* {
        const char* kind = nullptr;
        PyObject *values = nullptr, *children = nullptr, *numbers = nullptr;
        if (!PyArg_ParseTuple(args, "sOOO", &kind, &values, &children, &numbers)) throw_python_error();
        return wrapped(make_node(kind, values, children, Numbers(numbers)));
    });
}

PyObject* dynamic_bundle(PyObject*, PyObject* args) {
    return guarded([&]() -> PyObject* {
        Names names{};
        PyObject *module = nullptr, *fields = nullptr;
        int anonymous = 0;
        if (!PyArg_ParseTuple(args, "OssszOp", &module, &names.python_module, &names.module, &names.name, &names.doc,
                              &fields, &anonymous))
            throw_python_error();
        auto data = named(names, names.name);
        if (anonymous) data->name = nullptr;
        data->kind = TypeKind::Bundle;
        std::vector<built::NodeChild> children;
        each(fields, [&](PyObject* item) {
            const char *name = nullptr, *doc = nullptr;
            PyObject* field = nullptr;
            int item_only = 0;
            if (!PyArg_Parse(item, "(sOzp)", &name, &field, &doc, &item_only)) throw_python_error();
            const NodeType& child = unwrapped<NodeType>(field);
            const char* kept_doc = doc ? registry().store_name(doc) : nullptr;
            data->field_storage.push_back({kept_name(name), child.value, 0, true, item_only != 0, kept_doc});
            children.push_back({&child, kept_doc ? kept_doc : "", item_only != 0});
        });
        const NodeType& made = built::bundle(names.of_node(), finished(std::move(data)), children);
        const nb::object cls = owned(make_node_class(made, names.python_module));
        add_plain_classes(module, made, names.python_module);
        return with_class(made, cls.ptr()).release().ptr();
    });
}

PyObject* dynamic_root(PyObject*, PyObject* args) {
    return guarded([&]() -> PyObject* {
        Names names{};
        PyObject *module = nullptr, *node = nullptr;
        if (!PyArg_ParseTuple(args, "OssszO", &module, &names.python_module, &names.module, &names.name, &names.doc,
                              &node))
            throw_python_error();
        const NodeType& made = built::root(names.of_node(), unwrapped<NodeType>(node));
        nb::object cls = owned(make_node_class(made, names.python_module));
        add_plain_classes(module, made, names.python_module);
        return cls.release().ptr();
    });
}

PyMethodDef functions[] = {
    {"dynamic_type", dynamic_type, METH_VARARGS,
     "dynamic_type(kind, parts, sizes, /)\n--\n\nA value type without a name, or a scalar."},
    {"dynamic_enum", dynamic_enum, METH_VARARGS,
     "dynamic_enum(python_module, module, name, doc, members, base, /)\n--\n\nAn enum and its class."},
    {"dynamic_struct", dynamic_struct, METH_VARARGS,
     "dynamic_struct(python_module, module, name, doc, fields, /)\n--\n\nA CompoundScalar and its class."},
    {"dynamic_node", dynamic_node, METH_VARARGS,
     "dynamic_node(kind, values, children, sizes, /)\n--\n\nA time series without a name."},
    {"dynamic_bundle", dynamic_bundle, METH_VARARGS,
     "dynamic_bundle(into, python_module, module, name, doc, fields, anonymous, /)\n--\n\nA TSB and its class; the "
     "classes of what it holds are added to the module `into`."},
    {"dynamic_root", dynamic_root, METH_VARARGS,
     "dynamic_root(into, python_module, module, name, doc, node, /)\n--\n\nThe class that gives a time series a name; "
     "the "
     "classes of what it holds are added to the module `into`."},
    {nullptr, nullptr, 0, nullptr}};

} // namespace

void init_dynamic(PyObject* module) { checked(PyModule_AddFunctions(module, functions)); }

} // namespace hgvalue::python
