#include "node_object.hpp"

#include "clock.hpp"
#include "convert.hpp"
#include "node_access.hpp"
#include "node_classes.hpp"
#include "object_walk.hpp"

#include <hgvalue/time_series/describe.hpp>
#include <hgvalue/value/format.hpp>

#include <nanobind/nanobind.h>

#include <new>

namespace nb = nanobind;

namespace hgvalue::python {

namespace {

std::align_val_t alignment(std::uint32_t a) {
    return std::align_val_t{std::max<std::size_t>(a, alignof(std::max_align_t))};
}

/// Memory of dead handles, kept for the next ones: most handles live for one expression.
constexpr std::size_t max_spare = 64;
NodeObject* spare[max_spare];
std::size_t spare_count = 0;

NodeObject* new_handle(PyTypeObject* cls, NodeObject* parent, Step step, const node_ref& ref) {
    NodeObject* n;
    if (spare_count) {
        n = spare[--spare_count];
        PyObject_Init(reinterpret_cast<PyObject*>(n), cls);
    } else {
        n = PyObject_GC_New(NodeObject, cls);
        if (!n) throw nb::python_error();
    }
    n->ref = ref;
    n->version = parent->version == 0 ? 0 : ref.context->structure_version;
    n->root = nullptr;
    n->parent = Py_NewRef(reinterpret_cast<PyObject*>(parent));
    n->children = nullptr;
    n->id = n->generation = 0;
    n->removed_at = MIN_DT;
    n->step = step;
    n->weak_references = nullptr;
    n->collected = parent->collected;
    if (n->collected) PyObject_GC_Track(n);
    return n;
}

[[noreturn]] void throw_stale(NodeObject* self, const char* what) {
    throw StaleReferenceError(path_of(self) + ": " + what + "; look it up again");
}

std::string key_text(const NodeType& dict, const void* key) {
    nb::object k = nb::steal(to_python(*dict.scalar, key));
    if (!k.is_valid()) {
        PyErr_Clear();
        return "?";
    }
    nb::object text = nb::steal(PyObject_Repr(k.ptr()));
    if (!text.is_valid()) {
        PyErr_Clear();
        return "?";
    }
    const char* utf8 = PyUnicode_AsUTF8AndSize(text.ptr(), nullptr);
    if (!utf8) PyErr_Clear();
    return utf8 ? utf8 : "?";
}

/// Where the living handle of a field or fixed-list element is noted.
NodeObject*& cached_child(NodeObject* self, std::uint32_t slot) {
    if (!self->children) {
        const NodeType& t = *self->ref.type;
        const std::size_t count = t.kind == NodeKind::TSB ? t.field_count : t.list_size;
        self->children = static_cast<NodeObject**>(PyMem_Calloc(count, sizeof(NodeObject*)));
        if (!self->children) throw std::bad_alloc();
    }
    return self->children[slot];
}

} // namespace

RootStorage::RootStorage(const NodeType& type, PyObject* clock)
    : type_(type), clock_(clock ? Py_NewRef(clock) : new_clock()), context_{clock_of(clock_), clock != nullptr, {}} {
    const TypeMeta& v = *type.value;
    try {
        value_ = ::operator new(v.size, alignment(v.alignment));
        overlay_ = ::operator new(type.overlay_size, alignment(type.overlay_alignment));
        engine::root_construct(type, value_, overlay_, context_.record);
    } catch (...) {
        ::operator delete(value_, alignment(v.alignment));
        ::operator delete(overlay_, alignment(type.overlay_alignment));
        Py_DECREF(clock_);
        throw;
    }
}

RootStorage::~RootStorage() {
    engine::root_destroy(type_, value_, overlay_);
    ::operator delete(value_, alignment(type_.value->alignment));
    ::operator delete(overlay_, alignment(type_.overlay_alignment));
    Py_DECREF(clock_);
}

void relocate(NodeObject* self) {
    switch (self->step) {
    case Step::Root: break; // a root does not move
    case Step::KeySet: {
        self->ref = resolve(as_node(self->parent));
        break;
    }
    case Step::Slot: {
        const node_ref& p = resolve(as_node(self->parent));
        self->ref = p.type->kind == NodeKind::TSB ? field_ref(p, self->id) : element_ref(p, self->id);
        break;
    }
    case Step::Item: {
        const node_ref& p = resolve(as_node(self->parent));
        if (self->id >= list_length(p) || p.list().generation[self->id] != self->generation)
            throw_stale(self, "this element was dropped from its list");
        self->ref = element_ref(p, self->id);
        break;
    }
    case Step::Key: {
        const node_ref& p = resolve(as_node(self->parent));
        const keyed_state::place place = p.keyed().places[self->id];
        if (place.row == no_row || place.generation != self->generation) throw_stale(self, "its key was removed");
        self->ref = row_ref(p, place.row);
        break;
    }
    case Step::Removed: {
        const node_ref& p = resolve(as_node(self->parent));
        if (p.node().touched != self->removed_at || p.now() != self->removed_at)
            throw_stale(self, "it was removed in an earlier tick");
        self->ref = removed_ref(p, self->id);
        return; // looked up at every use: the next tick drops it without a structural change
    }
    }
    // Below a removed child nothing may be cached either: its version is always 0, so is that of its children.
    self->version = self->parent && as_node(self->parent)->version == 0 ? 0 : self->ref.context->structure_version;
}

bool is_live(NodeObject* self) {
    try {
        resolve(self);
        return true;
    } catch (const StaleReferenceError&) {
        return false;
    }
}

const node_ref& resolve_for_write(NodeObject* self) {
    if (self->step == Step::KeySet)
        throw TypeError(path_of(self) + " follows the keys of its dict and cannot be written");
    for (NodeObject* n = self; n; n = n->parent ? as_node(n->parent) : nullptr)
        if (n->step == Step::Removed) throw_stale(self, "a removed element can be read, not written");
    return resolve(self);
}

PyObject* slot_handle(NodeObject* self, std::uint32_t slot) {
    const node_ref& n = resolve(self); // a handle whose element is gone has no fields either
    NodeObject*& cached = cached_child(self, slot);
    if (cached) return Py_NewRef(reinterpret_cast<PyObject*>(cached));
    const node_ref child = n.type->kind == NodeKind::TSB ? field_ref(n, slot) : element_ref(n, slot);
    NodeObject* o = new_handle(class_of(*child.type), self, Step::Slot, child);
    o->id = slot;
    cached = o;
    return reinterpret_cast<PyObject*>(o);
}

PyObject* item_handle(NodeObject* self, std::uint32_t index) {
    const node_ref& n = resolve(self);
    const node_ref child = element_ref(n, index);
    NodeObject* o = new_handle(class_of(*child.type), self, Step::Item, child);
    o->id = index;
    o->generation = n.list().generation[index];
    return reinterpret_cast<PyObject*>(o);
}

PyObject* row_handle(NodeObject* self, std::uint32_t row) {
    const node_ref& n = resolve(self);
    const node_ref child = row_ref(n, row);
    NodeObject* o = new_handle(class_of(*child.type), self, Step::Key, child);
    o->id = n.keyed().id_of_row[row];
    o->generation = n.keyed().places[o->id].generation;
    return reinterpret_cast<PyObject*>(o);
}

PyObject* removed_handle(NodeObject* self, std::uint32_t row) {
    const node_ref& n = resolve(self);
    const node_ref child = removed_ref(n, row);
    NodeObject* o = new_handle(class_of(*child.type), self, Step::Removed, child);
    o->id = row;
    o->removed_at = n.now();
    o->version = 0;
    return reinterpret_cast<PyObject*>(o);
}

PyObject* key_set_handle(NodeObject* self) {
    NodeObject* o = new_handle(key_set_class(), self, Step::KeySet, resolve(self));
    return reinterpret_cast<PyObject*>(o);
}

PyObject* element_handle(NodeObject* self, std::uint32_t i) {
    return self->ref.type->list_size ? slot_handle(self, i) : item_handle(self, i);
}

PyObject* new_root(PyTypeObject* cls, const NodeType& type, PyObject* clock) {
    auto storage = std::make_unique<RootStorage>(type, clock);
    PyObject* o = PyType_GenericAlloc(cls, 0); // a subclass may be larger than a NodeObject
    if (!o) throw nb::python_error();
    NodeObject* n = as_node(o);
    n->ref = storage->ref();
    n->version = n->ref.context->structure_version;
    n->step = Step::Root;
    n->collected = type.value->is(TypeFlags::HoldsObjects);
    n->root = storage.release();
    return o;
}

std::string path_of(NodeObject* self) {
    if (self->step == Step::Root) return self->ref.type->name ? self->ref.type->name : "root";
    NodeObject* parent = as_node(self->parent);
    const std::string base = path_of(parent);
    const node_ref& p = parent->ref;
    switch (self->step) {
    case Step::Slot:
        if (p.type->kind == NodeKind::TSB) return base + "." + p.type->fields[self->id].name;
        return base + "[" + std::to_string(self->id) + "]";
    case Step::Item: return base + "[" + std::to_string(self->id) + "]";
    case Step::KeySet: return base + ".key_set";
    case Step::Key:
    case Step::Removed: break;
    case Step::Root: break;
    }
    // The parent's address may be out of date: only a fresh one may be read.
    if (!is_live(parent)) return base + "[?]";
    if (self->step == Step::Removed) {
        if (p.node().touched != self->removed_at) return base + "[?]";
        return base + "[" + key_text(*p.type, p.keyed().removed->store.key(*p.type->value, self->id)) + "]";
    }
    const keyed_state::place place = p.keyed().places[self->id];
    if (place.row == no_row || place.generation != self->generation) return base + "[?]";
    return base + "[" + key_text(*p.type, p.rows().key(*p.type->value, place.row)) + "]";
}

std::string schema_of(NodeObject* self) {
    const NodeType& t = *self->ref.type;
    return self->step == Step::KeySet ? "TSS[" + type_name(*t.scalar) + "]" : schema_text(t);
}

int node_traverse(PyObject* self, visitproc visit, void* arg) {
    NodeObject* n = as_node(self);
    Py_VISIT(reinterpret_cast<PyObject*>(Py_TYPE(self)));
    Py_VISIT(n->parent);
    if (!n->root) return 0;
    Py_VISIT(n->root->clock());
    struct Context {
        visitproc visit;
        void* arg;
    } context{visit, arg};
    return walk_objects(
        n->root->ref(),
        [](object& o, void* state) {
            auto& c = *static_cast<Context*>(state);
            return c.visit(static_cast<PyObject*>(o.get()), c.arg);
        },
        &context);
}

int node_clear(PyObject* self) {
    NodeObject* n = as_node(self);
    const ObjectGuard guard; // nothing may run while the data is being walked
    if (n->root)
        walk_objects(
            n->root->ref(),
            [](object& o, void*) {
                object dropped = std::move(o);
                return 0;
            },
            nullptr);
    // The parent stays: without it a method that the collector still runs could not find its node.
    return 0;
}

void node_dealloc(PyObject* self) {
    NodeObject* n = as_node(self);
    if (n->root || n->collected) PyObject_GC_UnTrack(self);
    if (n->weak_references) PyObject_ClearWeakRefs(self);
    PyMem_Free(n->children);
    PyTypeObject* cls = Py_TYPE(self);
    if (n->root) {
        delete n->root;
        reinterpret_cast<freefunc>(PyType_GetSlot(cls, Py_tp_free))(self);
    } else {
        NodeObject* parent = as_node(n->parent);
        if (n->step == Step::Slot) parent->children[n->id] = nullptr;
        if (spare_count < max_spare)
            spare[spare_count++] = n;
        else
            PyObject_GC_Del(self);
        Py_DECREF(reinterpret_cast<PyObject*>(parent));
    }
    Py_DECREF(reinterpret_cast<PyObject*>(cls));
}

} // namespace hgvalue::python
