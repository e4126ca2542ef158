#include "node_object.hpp"

#include "clock.hpp"
#include "convert.hpp"
#include "node_access.hpp"
#include "node_classes.hpp"
#include "node_sampled.hpp"
#include "object_walk.hpp"
#include "observers.hpp"
#include "path.hpp"

#include <hgvalue/core/type_registry.hpp>
#include <hgvalue/time_series/describe.hpp>
#include <hgvalue/value/format.hpp>

#include <nanobind/nanobind.h>

#include <vector>

namespace nb = nanobind;

namespace hgvalue::python {

namespace {

/// Memory of dead handles, kept for the next ones: most handles live for one expression.
constexpr std::size_t max_spare = 64;
NodeObject* spare[max_spare];
std::size_t spare_count = 0;

/// The serial of the nearest reference at or above a handle; 0 if there is none.
std::uint64_t serial_above(NodeObject* self) {
    while (self && !self->reference) self = as_node(self->parent);
    return self ? engine::reference_serial(resolve_reference(self)) : 0;
}

/// On its own, so that handles that are used again do not pay for it.
[[gnu::noinline]] NodeObject* allocate_handle(PyTypeObject* cls) {
    const CollectorPause pause; // else a finaliser might move the node whose handle is made
    NodeObject* n = PyObject_GC_New(NodeObject, cls);
    if (!n) throw nb::python_error();
    return n;
}

NodeObject* new_handle(PyTypeObject* cls, NodeObject* parent, Step step, const node_ref& ref) {
    const bool reference = ref.type->kind == NodeKind::REF;
    const node_ref node = reference ? engine::reference_read(ref).node : ref;
    NodeObject* n;
    if (spare_count) {
        n = spare[--spare_count];
        PyObject_Init(reinterpret_cast<PyObject*>(n), cls);
    } else {
        n = allocate_handle(cls);
    }
    n->ref = node;
    n->version = reference || parent->version == 0 ? 0 : node.context->structure_version;
    n->root = nullptr;
    n->parent = Py_NewRef(reinterpret_cast<PyObject*>(parent));
    n->children = nullptr;
    n->others = nullptr;
    n->next = nullptr;
    n->link = nullptr;
    if (step != Step::Slot) {
        n->next = parent->others;
        if (n->next) n->next->link = &n->next;
        n->link = &parent->others;
        parent->others = n;
    }
    n->id = n->generation = 0;
    n->removed_at = MIN_DT;
    n->serial = 0;
    n->step = step;
    n->reference = reference;
    n->weak_references = nullptr;
    n->collected = parent->collected;
    n->holds_objects = parent->holds_objects;
    if (n->collected) PyObject_GC_Track(n);
    return n;
}

[[noreturn]] void throw_stale(NodeObject* self, const char* what) {
    throw StaleReferenceError(path_of(self) + ": " + what + "; look it up again");
}

std::string key_text(const NodeType& dict, const void* key) {
    const nb::object k = [&] {
        const CollectorPause pause; // not all that ask for a path are guarded
        return nb::steal(to_python(*dict.scalar, key));
    }();
    if (k) return short_repr(k.ptr());
    clear_ordinary_error();
    return "?";
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

RootStorage::RootStorage(const NodeType& type, PyObject* clock) : clock_(clock ? Py_NewRef(clock) : new_clock()) {
    try {
        series_ = TSValue(type, *clock_of(clock_), clock != nullptr);
    } catch (...) {
        Py_DECREF(clock_);
        throw;
    }
}

RootStorage::~RootStorage() {
    const ObjectGuard guard; // what is let go of must not find a root of which a part is gone
    series_ = TSValue();     // while it has its clock
    Py_DECREF(clock_);
    if (input && input->output) drop_object(input->output); // which may be an input, too
}

namespace {

bool below_reference(NodeObject* self) noexcept { return self->parent && as_node(self->parent)->version == 0; }

/// Elements are named by numbers that mean something in one collection only.
void require_same_target(NodeObject* self) {
    if (serial_above(as_node(self->parent)) != self->serial)
        throw_stale(self, "it was read through a reference, which refers to something else now");
}

/// The node of a handle, of a reference the REF itself.
node_ref locate(NodeObject* self) {
    if (self->step == Step::Root) return self->root->ref();
    const node_ref& p = resolve(as_node(self->parent));
    if (below_reference(self) && self->step != Step::Slot && self->step != Step::KeySet) require_same_target(self);
    switch (self->step) {
    case Step::Root:
    case Step::KeySet: return p;
    case Step::Slot: return p.type->kind == NodeKind::TSB ? field_ref(p, self->id) : element_ref(p, self->id);
    case Step::Item:
        if (self->id >= list_length(p) || p.list().generation[self->id] != self->generation)
            throw_stale(self, "this element was dropped from its list");
        return element_ref(p, self->id);
    case Step::Key: {
        const keyed_state::place place = p.keyed().places[self->id];
        if (place.row == no_row || place.generation != self->generation) throw_stale(self, "its key was removed");
        return row_ref(p, place.row);
    }
    case Step::Removed: break;
    }
    if (p.node().touched != self->removed_at || p.now() != self->removed_at)
        throw_stale(self, "it was removed in an earlier tick");
    return removed_ref(p, self->id);
}

} // namespace

void relocate(NodeObject* self) {
    const node_ref n = locate(self);
    // Below a reference, what stands here may be a reference now, and not one then.
    self->reference = n.type->kind == NodeKind::REF;
    if (self->reference) {
        self->ref = engine::reference_read(n).node;
        return;
    }
    self->ref = n;
    // A removed child is looked up at every use: the next tick drops it without a structural change. Below it, and
    // below a reference, nothing may be cached either: their version is always 0, so is that of their children.
    if (self->step != Step::Removed && !below_reference(self)) self->version = n.context->structure_version;
}

node_ref resolve_reference(NodeObject* self) {
    const node_ref n = locate(self);
    if (n.type->kind != NodeKind::REF) throw_stale(self, "what stands here is not a reference any more");
    return n;
}

node_ref resolve_for_reference(NodeObject* self) {
    if (self->step == Step::KeySet) throw TypeError(path_of(self) + " is no time series of its own; refer to its dict");
    for (NodeObject* n = self; n; n = n->parent ? as_node(n->parent) : nullptr)
        if (n->step == Step::Removed) throw_stale(self, "a removed element cannot be referred to");
    if (self->reference) return locate(self);
    const node_ref& n = resolve(self);
    if (engine::is_unwritten(n))
        throw StateError(path_of(self) + " is read through an empty reference: there is nothing to refer to");
    return n;
}

namespace {

/// What stood in the place of `self` in `before`, which stood in the place of its parent.
bool step_back(NodeObject* self, const node_ref& before, node_ref& found) {
    switch (self->step) {
    case Step::KeySet: found = before; return true;
    case Step::Slot:
        found = before.type->kind == NodeKind::TSB ? field_ref(before, self->id) : element_ref(before, self->id);
        return true;
    case Step::Item:
        if (self->id >= list_length(before)) return false;
        found = element_ref(before, self->id);
        return true;
    case Step::Key: {
        const node_ref& p = resolve(as_node(self->parent));
        const TypeMeta& key_type = *p.type->scalar;
        if (!same_layout(key_type, *before.type->scalar)) return false;
        const void* key = p.rows().key(*p.type->value, p.keyed().places[self->id].row);
        return earlier_child(before, key, found);
    }
    case Step::Root:
    case Step::Removed: break;
    }
    return false;
}

} // namespace

Sampling sampling_of(NodeObject* self) {
    if (self->version != 0) return {};
    if (self->reference) {
        if (const Sampling s = hgvalue::sampling_of(locate(self)); s.sampled) return s;
    }
    if (!self->parent) return {};
    Sampling s = sampling_of(as_node(self->parent));
    if (!s.has_before) return s;
    node_ref found;
    s.has_before = step_back(self, s.before, found);
    if (s.has_before && found.type->kind == NodeKind::REF) found = engine::reference_read(found).node;
    s.has_before = s.has_before && found.valid();
    s.before = found;
    return s;
}

bool is_live(NodeObject* self) {
    try {
        resolve(self);
        return true;
    } catch (const StaleReferenceError&) {
        return false;
    }
}

node_ref resolve_for_bind(NodeObject* self) {
    if (!self->reference || (self->root && self->root->input)) return resolve_for_write(self);
    // An item of a reference belongs to that, not to what it refers to.
    if (self->parent && as_node(self->parent)->reference && self->step == Step::Slot &&
        resolve_reference(as_node(self->parent)).reference().items)
        resolve_for_bind(as_node(self->parent));
    else if (self->parent)
        resolve_for_write(as_node(self->parent));
    return self->step == Step::Removed ? resolve_for_write(self) : resolve_reference(self);
}

const node_ref& resolve_for_write(NodeObject* self) {
    if (self->step == Step::KeySet)
        throw TypeError(path_of(self) + " follows the keys of its dict and cannot be written");
    bool through_reference = false;
    for (NodeObject* n = self; n; n = n->parent ? as_node(n->parent) : nullptr) {
        if (n->step == Step::Removed) throw_stale(self, "a removed element can be read, not written");
        through_reference |= n->reference;
    }
    if (through_reference)
        throw TypeError(path_of(self) + " is read through a reference and cannot be written; write to its target, or " +
                        "bind() the reference to another");
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
    if (self->version == 0) o->serial = serial_above(self);
    return reinterpret_cast<PyObject*>(o);
}

PyObject* row_handle(NodeObject* self, std::uint32_t row) {
    const node_ref& n = resolve(self);
    const node_ref child = row_ref(n, row);
    NodeObject* o = new_handle(class_of(*child.type), self, Step::Key, child);
    o->id = n.keyed().id_of_row[row];
    o->generation = n.keyed().places[o->id].generation;
    if (self->version == 0) o->serial = serial_above(self);
    return reinterpret_cast<PyObject*>(o);
}

PyObject* removed_handle(NodeObject* self, std::uint32_t row) {
    const node_ref& n = resolve(self);
    const node_ref child = removed_ref(n, row);
    NodeObject* o = new_handle(class_of(*child.type), self, Step::Removed, child);
    o->id = row;
    o->removed_at = n.now();
    o->version = 0;
    if (self->version == 0) o->serial = serial_above(self);
    return reinterpret_cast<PyObject*>(o);
}

PyObject* key_set_handle(NodeObject* self) {
    NodeObject* o = new_handle(key_set_class(), self, Step::KeySet, resolve(self));
    return reinterpret_cast<PyObject*>(o);
}

PyObject* element_or_field(NodeObject* self, std::uint32_t i) {
    return self->ref.type->kind == NodeKind::TSB ? slot_handle(self, i) : element_handle(self, i);
}

PyObject* element_handle(NodeObject* self, std::uint32_t i) {
    return self->ref.type->list_size ? slot_handle(self, i) : item_handle(self, i);
}

void track_handles(NodeObject* n) {
    if (n->step == Step::Root && n->collected) return;
    if (n->step != Step::Root && !n->collected) PyObject_GC_Track(reinterpret_cast<PyObject*>(n));
    n->collected = true;
    const NodeType& t = *n->ref.type;
    const std::uint32_t count = !n->children ? 0 : t.kind == NodeKind::TSB ? t.field_count : t.list_size;
    for (std::uint32_t i = 0; i < count; ++i)
        if (n->children[i]) track_handles(n->children[i]);
    for (NodeObject* other = n->others; other; other = other->next) track_handles(other);
}

PyObject* new_root(PyTypeObject* cls, const NodeType& type, PyObject* clock) {
    auto storage = std::make_unique<RootStorage>(type, clock);
    PyObject* o = PyType_GenericAlloc(cls, 0); // a subclass may be larger than a NodeObject
    if (!o) throw nb::python_error();
    NodeObject* n = as_node(o);
    n->ref = storage->ref();
    n->reference = type.kind == NodeKind::REF;
    n->version = n->reference ? 0 : n->ref.context->structure_version;
    n->step = Step::Root;
    n->collected = n->holds_objects = type.value->is(TypeFlags::HoldsObjects);
    n->ref.context->owner = o;
    n->root = storage.release();
    if (n->reference) relocate(n);
    return o;
}

std::string path_of(NodeObject* self) {
    if (self->step == Step::Root) {
        const char* name = self->root->ref().type->name;
        return name ? name : self->root->input ? "input" : "root";
    }
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
    // And of another collection than that it was an element of, nothing.
    if (parent->version == 0 && serial_above(parent) != self->serial) return base + "[?]";
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
    if (self->step == Step::KeySet) return "TSS[" + type_name(*t.scalar) + "]";
    const bool as_reference = self->reference && !(self->root && self->root->input);
    if (as_reference && is_live(self)) return schema_text(*resolve_reference(self).type);
    return as_reference ? "REF[" + schema_text(t) + "]" : schema_text(t);
}

int node_traverse(PyObject* self, visitproc visit, void* arg) {
    NodeObject* n = as_node(self);
    Py_VISIT(reinterpret_cast<PyObject*>(Py_TYPE(self)));
    Py_VISIT(n->parent);
    if (!n->root) return 0;
    Py_VISIT(n->root->clock());
    if (n->root->input) Py_VISIT(n->root->input->output);
    if (const int stop = traverse_observers(n->root->context(), visit, arg)) return stop;
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
    if (n->root) runtime().release_observers(n->root->context());
    if (n->root)
        walk_objects(
            n->root->ref(),
            [](object& o, void*) {
                object dropped = std::move(o);
                return 0;
            },
            nullptr);
    if (n->root && n->root->input) Py_CLEAR(n->root->input->output);
    // The parent stays: without it a method that the collector still runs could not find its node.
    return 0;
}

void node_dealloc(PyObject* self) {
    NodeObject* n = as_node(self);
    if (n->root || n->collected) PyObject_GC_UnTrack(self);
    if (n->root) n->root->disown(); // callbacks of weak references must not find it through a reference
    if (n->weak_references) PyObject_ClearWeakRefs(self);
    PyMem_Free(n->children);
    PyTypeObject* cls = Py_TYPE(self);
    if (n->root) {
        delete n->root;
        reinterpret_cast<freefunc>(PyType_GetSlot(cls, Py_tp_free))(self);
    } else {
        NodeObject* parent = as_node(n->parent);
        if (n->step == Step::Slot) parent->children[n->id] = nullptr;
        if (n->link) *n->link = n->next;
        if (n->next) n->next->link = n->link;
        if (spare_count < max_spare)
            spare[spare_count++] = n;
        else
            PyObject_GC_Del(self);
        Py_DECREF(reinterpret_cast<PyObject*>(parent));
    }
    Py_DECREF(reinterpret_cast<PyObject*>(cls));
}

} // namespace hgvalue::python
