// hgvalue.View: what the views of all kinds have in common.
#include "generic_view.hpp"

#include "generic_class.hpp"
#include "generic_codec.hpp"
#include "generic_navigate.hpp"
#include "generic_types.hpp"
#include "node_access.hpp"
#include "node_value.hpp"
#include "short_repr.hpp"

#include <hgvalue/core/hash.hpp>
#include <hgvalue/value/assign.hpp>
#include <hgvalue/value/format.hpp>
#include <hgvalue/value/visitor.hpp>

#include <structmember.h>

#include <array>

namespace hgvalue::python {

namespace {

constexpr std::size_t kind_count = static_cast<std::size_t>(TypeKind::Ref) + 1;
std::array<PyTypeObject*, kind_count> classes{};
PyTypeObject* base = nullptr;

PyObject* refuse_new(PyTypeObject*, PyObject*, PyObject*) {
    return set_error(ErrorKind::Type, "views are made by hgvalue.view(obj), Value.view() and by navigating");
}

void destroy(PyObject* self) {
    ViewObject* v = as_view(self);
    PyObject_GC_UnTrack(self);
    leave_family(v); // first of all: nobody may find it any more
    if (v->weak_references) PyObject_ClearWeakRefs(self);
    delete v->children;
    delete v->key;
    PyObject* subject = v->subject;
    auto* parent = reinterpret_cast<PyObject*>(v->parent);
    PyTypeObject* cls = Py_TYPE(self);
    PyObject_GC_Del(self);
    Py_DECREF(reinterpret_cast<PyObject*>(cls));
    Py_XDECREF(subject);
    Py_XDECREF(parent);
}

/// Nothing is cleared: a cycle through a view leads through what it looks at, which can be cleared.
int traverse(PyObject* self, visitproc visit, void* arg) {
    Py_VISIT(reinterpret_cast<PyObject*>(Py_TYPE(self)));
    Py_VISIT(as_view(self)->subject);
    Py_VISIT(reinterpret_cast<PyObject*>(as_view(self)->parent));
    return 0;
}

template <class F> PyObject* text(const F& f) noexcept {
    return guarded([&] { return text_object(f()); });
}

PyObject* get_kind(PyObject* self, void*) {
    return guarded([&] { return kind_object(as_view(self)->type->kind); });
}
PyObject* get_schema(PyObject* self, void*) {
    return guarded([&] { return type_object(*as_view(self)->type); });
}
PyObject* get_value(PyObject* self, void*) {
    return guarded([&] { return python_form(as_view(self)); });
}
int set_value(PyObject* self, PyObject* value, void*) {
    return guarded_status([&] {
        if (!value) throw TypeError(place_text(as_view(self)) + ": a value cannot be deleted");
        assign_view(as_view(self), value);
    });
}
PyObject* get_path(PyObject* self, void*) {
    return text([&] { return path_text(as_view(self)); });
}
PyObject* get_owner(PyObject* self, void*) { return Py_NewRef(as_view(self)->root->subject); }
PyObject* get_readonly(PyObject* self, void*) {
    return guarded([&] { return PyBool_FromLong(is_readonly(as_view(self))); });
}
PyObject* get_address(PyObject* self, void*) {
    return guarded([&] {
        ViewObject* v = as_view(self);
        return PyLong_FromVoidPtr(is_composite_node(v) ? node_of(v).value : locate(v));
    });
}

PyObject* to_python_method(PyObject* self, PyObject*) { return get_value(self, nullptr); }
PyObject* to_string_method(PyObject* self, PyObject*) {
    return text([&] {
        ShortText whole;
        add_view(whole, as_view(self));
        return std::move(whole.text);
    });
}
PyObject* navigate(PyObject* self, PyObject* path) {
    return guarded([&] { return navigate_from(as_view(self), path); });
}
PyObject* try_navigate(PyObject* self, PyObject* path) {
    return guarded([&]() -> PyObject* {
        try {
            return navigate_from(as_view(self), path);
        } catch (const Error& e) {
            if (e.kind() != ErrorKind::Key && e.kind() != ErrorKind::Index && e.kind() != ErrorKind::Null) throw;
            return Py_NewRef(Py_None);
        }
    });
}

PyObject* represent(PyObject* self) {
    return text([&] {
        ViewObject* v = as_view(self);
        const nb::object name = owned(PyType_GetName(Py_TYPE(self)));
        std::string shown = "<" + std::string(PyUnicode_AsUTF8AndSize(name.ptr(), nullptr)) + " " +
                            shortened(type_name(*v->type), longest_shown_type);
        try {
            ShortText value{{}, longest_repr};
            add_view(value, v);
            shown += " = " + value.text;
        } catch (const StaleReferenceError&) {
            shown += ", stale";
        } catch (const NullValueError&) {
            shown += ", null";
        }
        return shown + ">";
    });
}

PyObject* as_text(PyObject* self) { return to_string_method(self, nullptr); }

/// Whether a NaN is anywhere in a value.
bool holds_nan(const ConstValueView& value) {
    bool found = false;
    deep_visit(value, [&](const auto& leaf, const ValuePath&) {
        if constexpr (std::is_floating_point_v<std::remove_cvref_t<decltype(leaf)>>) found = found || leaf != leaf;
    });
    return found;
}

Py_hash_t hash(PyObject* self) {
    return guarded([&] {
        ViewObject* v = as_view(self);
        const std::size_t own = view_hash(v);
        // Equal to a plain object means to hash like it. Structs hash as ours do; a NaN, which Python hashes by object
        // although here it equals others, keeps the runtime's hash.
        if (v->type->kind == TypeKind::Bundle || holds_nan(ConstValueView(locate(v), v->type))) return python_hash(own);
        const nb::object form = owned(python_form(v));
        const Py_hash_t hash = PyObject_Hash(form.ptr());
        if (hash != -1) return hash;
        clear_error(PyExc_TypeError); // a dict, whose equals in Python have no hash
        return python_hash(own);
    });
}

PyObject* compare(PyObject* self, PyObject* other, int op) {
    return guarded([&] { return compare_values(self, other, op); });
}

PyObject* refuse_pickle(PyObject* self, PyObject*) {
    return guarded([&]() -> PyObject* {
        throw TypeError(place_text(as_view(self)) + ": a view cannot be pickled or copied; take its value");
    });
}

PyGetSetDef getset[] = {
    {"kind", get_kind, nullptr, "The TypeKind of what is looked at.", nullptr},
    {"schema", get_schema, nullptr, "The TypeMeta of what is looked at.", nullptr},
    {"value", get_value, set_value,
     "The Python form: an owned copy, or an immutable object. None of a time series that is not valid.\n\nAssigning "
     "converts, all or nothing; over a time series it stamps and notifies.",
     nullptr},
    {"path", get_path, nullptr, "The way here from the owner, as navigate() reads it; '' at the owner itself.",
     nullptr},
    {"owner", get_owner, nullptr, "The Value, struct or time series that the path starts at.", nullptr},
    {"readonly", get_readonly, nullptr, "Whether a write is always refused.", nullptr},
    {"address", get_address, nullptr, "Where the data lies, an int; for tests and debuggers.", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr}};

PyMethodDef methods[] = {
    {"to_python", to_python_method, METH_NOARGS, "to_python($self, /)\n--\n\nThe Python form, as `value`."},
    {"to_string", to_string_method, METH_NOARGS, "to_string($self, /)\n--\n\nThe value as text, as str() gives it."},
    {"encode", encode_object, METH_NOARGS,
     "encode($self, /)\n--\n\nThe bytes of the value, as those of a Value of the type."},
    {"to_json", json_of_object, METH_NOARGS, "to_json($self, /)\n--\n\nThe value as a JSON text."},
    {"navigate", navigate, METH_O,
     "navigate($self, path, /)\n--\n\nThe view at the end of a path such as 'a[3].b' or "
     "'book[\"AAPL\"].bid'.\n\nKeyError, IndexError or TypeError "
     "names the step that failed; ValueError is for text that is no path."},
    {"try_navigate", try_navigate, METH_O,
     "try_navigate($self, path, /)\n--\n\nAs navigate; None where the place does not exist."},
    {"__reduce__", refuse_pickle, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr}};

PyMemberDef members[] = {{"__weaklistoffset__", T_PYSSIZET, offsetof(ViewObject, weak_references), READONLY, nullptr},
                         {nullptr, 0, 0, 0, nullptr}};

void add_kind(PyObject* module, TypeKind kind, const char* name, const PyType_Slot* table) {
    std::vector<PyType_Slot> slots = slots_of_table(table);
    slots.push_back({Py_tp_dealloc, slot(destroy)});
    classes[static_cast<std::size_t>(kind)] =
        add_class(module, name, sizeof(ViewObject), 0, std::move(slots), base); // inherits what the collector needs
}

} // namespace

PyTypeObject* view_class(TypeKind kind) noexcept { return classes[static_cast<std::size_t>(kind)]; }
bool is_view(PyObject* o) noexcept { return PyObject_TypeCheck(o, base); }

Operand operand_of(PyObject* o) {
    if (is_value(o)) {
        const Value& value = value_of(as_value(o));
        return {value.schema(), value.has_value() ? value.data() : nullptr, nullptr};
    }
    if (!is_view(o)) return {};
    ViewObject* v = as_view(o);
    if (v->standing == Standing::Node && !is_composite_node(v) && !node_of(v).valid()) return {v->type};
    return {v->type, locate(v), is_composite_node(v) ? v : nullptr};
}

PyObject* python_form(ViewObject* v) {
    if (v->standing == Standing::Node) {
        if (as_node(v->subject)->step == Step::KeySet) return key_frozenset(node_of(v));
        return node_value(node_of(v));
    }
    return owned(to_python(*v->type, locate(v))).release().ptr();
}

void add_view(ShortText& out, ViewObject* v) {
    if (v->standing == Standing::Node && as_node(v->subject)->step != Step::KeySet) return add_node(out, node_of(v));
    add_value(out, *v->type, locate(v));
}

std::size_t view_hash(ViewObject* v) {
    if (!v->type->is(TypeFlags::Hashable))
        throw TypeError(place_text(v) + ": " + type_name(*v->type) + " cannot be hashed");
    const void* data = locate(v);
    if (is_composite_node(v) && !is_complete(node_of(v)))
        throw NullValueError(place_text(v) + ": not valid all through, so it has no hash");
    return v->type->ops->hash(*v->type, data);
}

namespace {

/// A value that code of its objects' can run on without danger: where there are objects, a copy.
class Settled {
  public:
    explicit Settled(const Operand& o) : data_(o.data) {
        if (!o.type->is(TypeFlags::HoldsObjects)) return;
        copy_ = Value(ConstValueView(o.data, o.type));
        data_ = std::as_const(copy_).data();
    }
    const void* data() const noexcept { return data_; }

  private:
    Value copy_;
    const void* data_;
};

nb::object form_of(const Operand& o) {
    if (o.node) return owned(python_form(o.node));
    return owned(to_python(*o.type, o.data));
}

bool operands_equal(const Operand& a, const Operand& b) {
    if (!a.data || !b.data) return !a.data && !b.data && same_type(*a.type, *b.type);
    // What the objects' own == does may change a node while it is being compared.
    if ((a.node || b.node) && a.type->is(TypeFlags::HoldsObjects))
        return checked(PyObject_RichCompareBool(form_of(a).ptr(), form_of(b).ptr(), Py_EQ)) != 0;
    if (a.node && b.node) return nodes_equal(node_of(a.node), node_of(b.node));
    if (a.node) return structurally_compatible(*a.type, *b.type) && node_equals(node_of(a.node), *b.type, b.data);
    if (b.node) return operands_equal(b, a);
    if (!structurally_compatible(*a.type, *b.type)) return false;
    const Settled x(a), y(b);
    return values_equal(*a.type, x.data(), *b.type, y.data());
}

PyObject* compare_operands(const Operand& a, const Operand& b, int op) {
    if (op == Py_EQ || op == Py_NE) {
        if (!a.type->is(TypeFlags::Equatable)) return Py_NewRef(Py_NotImplemented);
        return PyBool_FromLong(operands_equal(a, b) == (op == Py_EQ));
    }
    if (!a.data || !b.data) throw NullValueError("a null value has no order");
    if (!a.type->is(TypeFlags::Comparable) || a.node || b.node || !same_type(*a.type, *b.type))
        return Py_NewRef(Py_NotImplemented);
    const ConstValueView x(a.data, a.type), y(b.data, b.type);
    switch (op) {
    case Py_LT: return PyBool_FromLong(x.less_than(y));
    case Py_GT: return PyBool_FromLong(y.less_than(x));
    case Py_LE: return PyBool_FromLong(x.equals(y) || x.less_than(y)); // not !(y < x): NaN is in no order
    default: return PyBool_FromLong(x.equals(y) || y.less_than(x));
    }
}

/// Converts a plain object for a comparison; false if it is no value of the type.
bool converts(const TypeMeta& type, void* to, PyObject* from) {
    try {
        from_python(type, to, from);
        return true;
    } catch (const Error&) {
        return false;
    } catch (nb::python_error& e) {
        if (!says_unfit(e)) throw;
        return false;
    }
}

} // namespace

PyObject* compare_values(PyObject* a, PyObject* b, int op) {
    if (operand_of(b).type) return compare_operands(operand_of(a), operand_of(b), op);
    const TypeMeta& type = *operand_of(a).type;
    if (b == Py_None && !operand_of(a).data) return PyBool_FromLong(op == Py_EQ);
    Temporary plain(type);
    if (!converts(type, plain.get(), b)) return Py_NewRef(Py_NotImplemented);
    return compare_operands(operand_of(a), {&type, plain.get(), nullptr}, op); // converting may have run anything
}

void init_views(PyObject* module) {
    base = add_class(
        module, "hgvalue.View", sizeof(ViewObject), Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
        {{Py_tp_doc,
          const_cast<char*>("A place in a Value, a struct or a time series, read and written without a copy.\n\n"
                            "Made by hgvalue.view(obj), Value.view() and by navigating. It keeps what it looks at "
                            "alive; once its place is gone every use raises StaleReferenceError. Equal to any view, "
                            "Value or plain object of the same value. hash() is that of the value as it is now, "
                            "TypeError if its type has none.")},
         {Py_tp_new, slot(refuse_new)},
         {Py_tp_dealloc, slot(destroy)},
         {Py_tp_traverse, slot(traverse)},
         {Py_tp_getset, getset},
         {Py_tp_methods, methods},
         {Py_tp_members, members},
         {Py_tp_richcompare, slot(compare)},
         {Py_tp_hash, slot(hash)},
         {Py_tp_repr, slot(represent)},
         {Py_tp_str, slot(as_text)}});
    add_kind(module, TypeKind::Scalar, "hgvalue.ScalarView", scalar_view_slots);
    add_kind(module, TypeKind::Tuple, "hgvalue.TupleView", tuple_view_slots);
    add_kind(module, TypeKind::Bundle, "hgvalue.BundleView", bundle_view_slots);
    add_kind(module, TypeKind::List, "hgvalue.ListView", list_view_slots);
    add_kind(module, TypeKind::Set, "hgvalue.SetView", set_view_slots);
    add_kind(module, TypeKind::Map, "hgvalue.MapView", map_view_slots);
    add_kind(module, TypeKind::CyclicBuffer, "hgvalue.CyclicBufferView", cyclic_buffer_view_slots);
    add_kind(module, TypeKind::Queue, "hgvalue.QueueView", queue_view_slots);
    add_kind(module, TypeKind::Window, "hgvalue.WindowView", window_view_slots);
    add_kind(module, TypeKind::Optional, "hgvalue.OptionalView", optional_view_slots);
    add_kind(module, TypeKind::Variant, "hgvalue.VariantView", variant_view_slots);
    add_kind(module, TypeKind::Ref, "hgvalue.RefView", ref_view_slots);
}

} // namespace hgvalue::python
