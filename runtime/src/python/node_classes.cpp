#include "node_classes.hpp"

#include "clock.hpp"
#include "generic_class.hpp"
#include "generic_view.hpp"
#include "node_access.hpp"
#include "node_value.hpp"
#include "short_repr.hpp"

#include <hgvalue/time_series/describe.hpp>

#include <structmember.h>

#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

namespace hgvalue::python {

namespace {

/// What a NodeType's python_class points to.
struct Binding {
    PyTypeObject* cls = nullptr;
    std::vector<PyObject*> names; ///< of a bundle's fields, interned
};

constexpr std::size_t kind_count = 8;
/// Classes made for another class, by that.
using DerivedClasses = std::unordered_map<PyTypeObject*, PyTypeObject*>;
PyTypeObject* bound_class = nullptr;
PyTypeObject* base_class = nullptr;
PyTypeObject* kind_classes[kind_count] = {};
PyTypeObject* dynamic_list_class = nullptr;
PyTypeObject* keys_class = nullptr;

PyTypeObject* reference_class(const NodeType& target);

PyTypeObject* kind_class(const NodeType& t) {
    if (t.kind == NodeKind::REF) return reference_class(*t.child);
    return t.is_dynamic_list() ? dynamic_list_class : kind_classes[static_cast<std::size_t>(t.kind)];
}

/// Classes of generated nodes, so that a subclass written in Python finds its type.
std::unordered_map<PyTypeObject*, const NodeType*>& generated() {
    static std::unordered_map<PyTypeObject*, const NodeType*> map;
    return map;
}

/// The generated class that `cls` is or derives from, and its type; nulls if there is none.
std::pair<PyTypeObject*, const NodeType*> generated_base(PyTypeObject* cls) {
    for (; cls; cls = static_cast<PyTypeObject*>(PyType_GetSlot(cls, Py_tp_base)))
        if (const auto it = generated().find(cls); it != generated().end()) return *it;
    return {nullptr, nullptr};
}

Binding& binding_of(const NodeType& t) {
    if (!t.python_class) {
        // Never freed: types are constants of modules that are never unloaded.
        auto* b = new Binding;
        b->cls = kind_class(t);
        for (std::uint32_t i = 0; i < t.field_count; ++i)
            b->names.push_back(owned(PyUnicode_InternFromString(t.fields[i].name)).release().ptr());
        t.python_class = b;
    }
    return *static_cast<Binding*>(t.python_class);
}

// -- what all nodes do -----------------------------------------------------------------------------------------------

PyObject* refuse_new(PyTypeObject* cls, PyObject*, PyObject*) {
    return guarded([&]() -> PyObject* {
        const nb::object name = owned(PyType_GetName(cls));
        throw TypeError(std::string(PyUnicode_AsUTF8AndSize(name.ptr(), nullptr)) +
                        " is the class of a kind of time series; instances belong to the classes of a schema");
    });
}

/// A class that also derives from another time series would offer methods that misread its nodes.
void refuse_second_base(PyTypeObject* cls, PyTypeObject* generated_class) {
    const nb::object bases = owned(PyObject_GetAttrString(reinterpret_cast<PyObject*>(cls), "__mro__"));
    const Py_ssize_t count = PyTuple_Size(bases.ptr());
    for (Py_ssize_t i = 0; i < count; ++i) {
        auto* base = reinterpret_cast<PyTypeObject*>(PyTuple_GetItem(bases.ptr(), i));
        if (PyType_IsSubtype(base, base_class) && !PyType_IsSubtype(base, generated_class) &&
            !PyType_IsSubtype(generated_class, base))
            throw TypeError("a class can derive from one time series only");
    }
}

PyObject* create_root(PyTypeObject* cls, PyObject* args, PyObject* kwargs) {
    return guarded([&]() -> PyObject* {
        const auto [made_for, type] = generated_base(cls);
        if (!type) throw TypeError("this class has no schema");
        refuse_second_base(cls, made_for);
        PyObject* clock = Py_None;
        static const char* names[] = {"clock", nullptr};
        // A subclass may take what it likes; its __init__ knows its arguments.
        const bool own_arguments = PyType_GetSlot(cls, Py_tp_init) != PyType_GetSlot(base_class, Py_tp_init);
        if (own_arguments) {
            if (PyObject* given = kwargs ? PyDict_GetItemString(kwargs, "clock") : nullptr) clock = given;
        } else if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|O", const_cast<char**>(names), &clock)) {
            throw_python_error();
        }
        if (clock != Py_None && !is_clock(clock)) throw_wrong_type("an EvaluationClock", clock, nullptr);
        return new_root(cls, *type, clock == Py_None ? nullptr : clock);
    });
}

/// Two handles are equal when they name the same element.
bool same_node(NodeObject* a, NodeObject* b) {
    for (; a && b; a = a->parent ? as_node(a->parent) : nullptr, b = b->parent ? as_node(b->parent) : nullptr) {
        if (a == b) return true;
        if (a->step != b->step || a->step == Step::Root || a->id != b->id || a->generation != b->generation ||
            a->removed_at != b->removed_at)
            return false;
    }
    return false;
}

PyObject* compare(PyObject* self, PyObject* other, int op) {
    const bool equality = op == Py_EQ || op == Py_NE;
    if (equality && PyObject_TypeCheck(other, base_class))
        return py_bool(same_node(as_node(self), as_node(other)) == (op == Py_EQ));
    return guarded(
        [&]() -> PyObject* { throw TypeError(path_of(as_node(self)) + " is a time series; compare its .value"); });
}

Py_hash_t hash(PyObject* self) {
    std::size_t h = 0;
    for (NodeObject* n = as_node(self); n; n = n->parent ? as_node(n->parent) : nullptr) {
        h = combine_hash(h, static_cast<std::size_t>(n->step));
        h = combine_hash(h, n->step == Step::Root ? reinterpret_cast<std::size_t>(n) : n->id);
    }
    const auto result = static_cast<Py_hash_t>(h);
    return result == -1 ? -2 : result;
}

PyObject* represent(PyObject* self) {
    return guarded([&]() -> PyObject* {
        const node_ref& n = as_node(self)->ref;
        const bool live = is_live(as_node(self));
        std::string text = "<" + shortened(schema_of(as_node(self)), longest_shown_type) + " " + path_of(as_node(self));
        if (!live) {
            text += ", removed";
        } else if (n.valid()) {
            ShortText value{{}, 200};
            if (as_node(self)->step == Step::KeySet)
                add_value(value, TypeRegistry::instance().set(*n.type->scalar), n.value);
            else
                add_node(value, n);
            if (!value.cut) value.text = short_repr(owned(PyObject_GetAttrString(self, "value")).ptr(), 200);
            text += " = " + value.text;
        } else {
            text += ", not valid";
        }
        text += ">";
        return PyUnicode_FromStringAndSize(text.data(), static_cast<Py_ssize_t>(text.size()));
    });
}

PyMemberDef base_members[] = {
    {"__weaklistoffset__", T_PYSSIZET, offsetof(NodeObject, weak_references), READONLY, nullptr},
    {nullptr, 0, 0, 0, nullptr}};

// -- fields of bundles ----------------------------------------------------------------------------------------------

std::uint32_t slot_of(void* closure) { return static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(closure)); }

PyObject* get_field(PyObject* self, void* closure) {
    return guarded_hot([&]() -> PyObject* { return slot_handle(as_node(self), slot_of(closure)); });
}

/// Stores a value of exactly the usual Python type into a leaf; false if the general way must be taken.
template <class T> bool store_fast(const node_ref& n, const NodeField& f, std::uint32_t slot, PyObject* value) {
    if (!assign_fast(*reinterpret_cast<T*>(at_offset(n.value, f.value_offset)), value)) return false;
    auto& leaf = *reinterpret_cast<leaf_overlay*>(at_offset(n.overlay, f.overlay_offset));
    auto* parent = static_cast<node_overlay*>(n.overlay);
    stamp(leaf, parent, slot, n.now());
    announce(*n.context, parent, slot);
    return true;
}

int set_field(PyObject* self, PyObject* value, void* closure) {
    return guarded_hot([&]() -> int {
        NodeObject* o = as_node(self);
        const std::uint32_t slot = slot_of(closure);
        const NodeField& f = o->ref.type->fields[slot];
        // Not where Python objects may be let go of on the way: that takes an ObjectGuard, as write_node has.
        if (value && f.type->kind == NodeKind::TS && !o->holds_objects && o->version != 0 &&
            o->version == o->ref.context->structure_version && o->ref.now() != MIN_DT) {
            switch (f.type->scalar->scalar) {
            case ScalarKind::Float64:
                if (store_fast<double>(o->ref, f, slot, value)) return 0;
                break;
            case ScalarKind::Int64:
                if (store_fast<std::int64_t>(o->ref, f, slot, value)) return 0;
                break;
            case ScalarKind::Bool:
                if (store_fast<bool>(o->ref, f, slot, value)) return 0;
                break;
            case ScalarKind::Str:
                if (store_fast<std::string>(o->ref, f, slot, value)) return 0;
                break;
            default: break;
            }
        }
        const CollectorPause pause;
        if (!value)
            throw Error(ErrorKind::Frozen,
                        path_of(o) + ": a field cannot be deleted; assign None or call invalidate()");
        const nb::object child = owned(slot_handle(o, slot));
        write_node(child.ptr(), value, NoneMeans::Invalidate);
        return 0;
    });
}

/// The getset table of a bundle's class. Never freed.
PyGetSetDef* field_table(const NodeType& t) {
    auto* table = new PyGetSetDef[t.field_count + 1]();
    std::size_t at = 0;
    for (std::uint32_t i = 0; i < t.field_count; ++i) {
        if (t.fields[i].item_only) continue;
        table[at++] = {t.fields[i].name, get_field, set_field, t.fields[i].doc,
                       reinterpret_cast<void*>(std::uintptr_t{i})};
    }
    return table;
}

PyTypeObject* make_class(const char* name, std::span<PyTypeObject* const> bases, std::vector<PyType_Slot> slots,
                         unsigned flags, int size) {
    // Without a slot of its own a class made from a spec deallocates as a class written in Python does, slower and
    // with ideas of its own about what the collector tracks.
    slots.push_back({Py_tp_dealloc, reinterpret_cast<void*>(node_dealloc)});
    std::string doc;
    give_signature(name, slots, doc);
    slots.push_back({0, nullptr});
    // Name and slots are read after this call in some versions of Python: they stay.
    PyType_Spec spec{(new std::string(name))->c_str(), size, 0,
                     static_cast<unsigned>(Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE) | flags, slots.data()};
    const nb::object tuple = bases.empty() ? nb::object() : owned(PyTuple_New(static_cast<Py_ssize_t>(bases.size())));
    for (std::size_t i = 0; i < bases.size(); ++i)
        checked(
            PyTuple_SetItem(tuple.ptr(), static_cast<Py_ssize_t>(i), Py_NewRef(reinterpret_cast<PyObject*>(bases[i]))));
    return reinterpret_cast<PyTypeObject*>(owned(PyType_FromSpecWithBases(&spec, tuple.ptr())).release().ptr());
}

std::vector<PyType_Slot> slots_of(const PyType_Slot* table) {
    std::vector<PyType_Slot> slots;
    for (; table->slot; ++table) slots.push_back(*table);
    return slots;
}

/// A class that is all that the class of a type is, and `first` besides; made once.
PyTypeObject* joint_class(DerivedClasses& known, const char* prefix, PyTypeObject* first, const NodeType& target) {
    PyTypeObject* second =
        target.kind == NodeKind::TSB ? class_of(target.base ? *target.base : target) : kind_class(target);
    PyTypeObject*& made = known[second];
    if (!made) {
        const nb::object name = owned(PyType_GetName(second));
        const std::string text = std::string("hgvalue.") + prefix + PyUnicode_AsUTF8AndSize(name.ptr(), nullptr);
        PyTypeObject* bases[] = {first, second};
        const std::vector<PyType_Slot> slots{{Py_tp_doc, const_cast<char*>("A time series, read through another.")}};
        made = make_class(text.c_str(), bases, slots, Py_TPFLAGS_BASETYPE, 0);
    }
    return made;
}

/// The class of references to nodes of a type.
PyTypeObject* reference_class(const NodeType& target) {
    static auto& known = *new DerivedClasses;
    return joint_class(known, "Ref", kind_classes[static_cast<std::size_t>(NodeKind::REF)], target);
}

PyTypeObject* add_kind(PyObject* module, const char* name, PyTypeObject* base, const PyType_Slot* table) {
    PyTypeObject* cls =
        make_class((std::string("hgvalue.") + name).c_str(), {&base, 1}, slots_of(table), Py_TPFLAGS_BASETYPE, 0);
    checked(PyModule_AddObjectRef(module, name, reinterpret_cast<PyObject*>(cls)));
    return cls;
}

} // namespace

PyTypeObject* class_of(const NodeType& t) { return binding_of(t).cls; }
PyTypeObject* kind_class_of(const NodeType& t) { return kind_class(t); }
PyTypeObject* input_class(const NodeType& t) {
    static auto& known = *new DerivedClasses;
    return joint_class(known, "Bound", bound_class, t);
}
const NodeType* node_type_of_class(PyTypeObject* cls) { return generated_base(cls).second; }
PyTypeObject* key_set_class() { return keys_class; }
PyObject* time_series_class() { return reinterpret_cast<PyObject*>(base_class); }
PyObject* field_name(const NodeType& t, std::uint32_t i) { return binding_of(t).names[i]; }

PyObject* make_node_class(const NodeType& t, const char* python_module) {
    // The signature of the constructor and the docstring are one string, which Python copies.
    const std::string doc = std::string(t.name) + "(clock=None)\n--\n\n" +
                            (t.doc && *t.doc ? std::string(t.doc) : "A time series: " + schema_text(t) + ".");
    std::vector<PyType_Slot> slots{{Py_tp_new, reinterpret_cast<void*>(create_root)},
                                   {Py_tp_doc, const_cast<char*>(doc.c_str())}};
    PyTypeObject* base = kind_class(t);
    if (t.base && t.kind == NodeKind::TSB)
        base = class_of(*t.base); // the fields are inherited
    else if (t.kind == NodeKind::TSB)
        slots.push_back({Py_tp_getset, field_table(t)});
    const std::string name = std::string(python_module) + "." + t.name;
    PyTypeObject* cls = make_class(name.c_str(), {&base, 1}, std::move(slots), Py_TPFLAGS_BASETYPE, 0);
    binding_of(t).cls = cls;
    generated().emplace(cls, &t);
    return Py_NewRef(reinterpret_cast<PyObject*>(cls));
}

void init_kind_classes(PyObject* module) {
    std::vector<PyType_Slot> slots{
        {Py_tp_doc, const_cast<char*>("A value that changes in time: the base of all kinds.")},
        {Py_tp_new, reinterpret_cast<void*>(refuse_new)},
        {Py_tp_traverse, reinterpret_cast<void*>(node_traverse)},
        {Py_tp_clear, reinterpret_cast<void*>(node_clear)},
        {Py_tp_getset, node_getset},
        {Py_tp_methods, node_methods},
        {Py_tp_members, base_members},
        {Py_tp_richcompare, reinterpret_cast<void*>(compare)},
        {Py_tp_hash, reinterpret_cast<void*>(hash)},
        {Py_tp_repr, reinterpret_cast<void*>(represent)}};
    base_class = make_class("hgvalue.TimeSeries", {}, std::move(slots), Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
                            sizeof(NodeObject));
    checked(PyModule_AddObjectRef(module, "TimeSeries", time_series_class()));
    const auto set = [](NodeKind kind, PyTypeObject* cls) { kind_classes[static_cast<std::size_t>(kind)] = cls; };
    set(NodeKind::TS, add_kind(module, "TS", base_class, ts_slots));
    set(NodeKind::SIGNAL, add_kind(module, "SIGNAL", base_class, signal_slots));
    set(NodeKind::REF, add_kind(module, "REF", base_class, ref_slots));
    bound_class = add_kind(module, "BoundValue", base_class, input_slots);
    set(NodeKind::TSB, add_kind(module, "TSB", base_class, tsb_slots));
    set(NodeKind::TSL, add_kind(module, "TSL", base_class, tsl_slots));
    set(NodeKind::TSS, add_kind(module, "TSS", base_class, tss_slots));
    set(NodeKind::TSD, add_kind(module, "TSD", base_class, tsd_slots));
    set(NodeKind::TSW, add_kind(module, "TSW", base_class, tsw_slots));
    dynamic_list_class =
        add_kind(module, "DynamicTSL", kind_classes[static_cast<std::size_t>(NodeKind::TSL)], dynamic_tsl_slots);
    keys_class = add_kind(module, "KeySet", kind_classes[static_cast<std::size_t>(NodeKind::TSS)], key_set_slots);
    const auto add_reference = [&](const NodeType& target) {
        PyTypeObject* cls = reference_class(target);
        const nb::object name = owned(PyType_GetName(cls));
        checked(PyObject_SetAttr(module, name.ptr(), reinterpret_cast<PyObject*>(cls)));
    };
    NodeType target{};
    for (const NodeKind kind :
         {NodeKind::TS, NodeKind::SIGNAL, NodeKind::TSL, NodeKind::TSS, NodeKind::TSD, NodeKind::TSW}) {
        target.kind = kind;
        target.list_size = 1;
        add_reference(target);
    }
    target.kind = NodeKind::TSL;
    target.list_size = 0;
    add_reference(target);
}

} // namespace hgvalue::python
