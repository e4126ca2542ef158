// Python handles of time-series nodes.
//
// One object layout serves every kind and every schema. A handle caches the addresses of its node and the
// structure_version they belong to; when the root has moved or dropped something since, the handle finds its node again
// through its parent: a field by its index, an element of a dict by its id and generation. So a live handle always
// reads its own element, and one whose element is gone raises StaleReferenceError.
//
// The handle of a reference reads as what that refers to: its node is the target's, and it and all handles below it are
// looked up at every use. An element reached through it belongs to that target; the reference's serial says whether it
// still is the one.
#pragma once

#include <hgvalue/time_series/engine.hpp>
#include <hgvalue/time_series/node_type.hpp>
#include <hgvalue/time_series/reference.hpp>
#include <hgvalue/time_series/sampling.hpp>
#include <hgvalue/time_series/ts_value.hpp>

#include <Python.h>

#include <memory>
#include <string>

namespace hgvalue::python {

/// What makes a root an input, which reads an output.
struct InputState {
    PyObject* output = nullptr; ///< owned
    SchemaMatch match = SchemaMatch::Mismatch;
};

/// A time series and its clock, owned by their Python object.
class RootStorage {
  public:
    /// With `clock` (an EvaluationClock object, or null for a clock of its own) the root joins that clock's ticks.
    RootStorage(const NodeType& type, PyObject* clock);
    RootStorage(const RootStorage&) = delete;
    ~RootStorage();

    node_ref ref() noexcept { return series_.ref(); }
    PyObject* clock() const noexcept { return clock_; }   ///< the EvaluationClock object
    std::unique_ptr<InputState> input;                    ///< null but of an input
    void disown() noexcept { context().owner = nullptr; } ///< its Python object is going to be destroyed
    root_context& context() noexcept { return series_.context(); }

  private:
    PyObject* clock_;
    TSValue series_;
};

/// How a handle is reached from its parent.
enum class Step : std::uint8_t {
    Root,
    Slot,    ///< field of a TSB or element of a fixed TSL
    Item,    ///< element of a dynamic TSL
    Key,     ///< child of a TSD
    Removed, ///< child that a TSD lost in the tick `removed_at`
    KeySet   ///< the key_set of a TSD: the same node seen as a set
};

struct NodeObject {
    PyObject_HEAD node_ref ref; ///< good while `version` is the context's structure_version
    std::uint64_t version;      ///< 0: look up at every use
    RootStorage* root;          ///< owned; null but in a root
    PyObject* parent;           ///< the parent's handle (strong); null in a root
    NodeObject** children;      ///< living handles of fields and of a fixed list's elements; they take themselves out
    NodeObject* others;         ///< the first of the other living handles made from this one, likewise
    NodeObject* next;           ///< among the others of the parent
    NodeObject** link;          ///< what points to this one there
    std::uint32_t id;           ///< slot, index, element id, or row of the removed
    std::uint32_t generation;   ///< of the id or index
    engine_time_t removed_at;   ///< Step::Removed: the tick
    std::uint64_t serial;       ///< of an element below a reference: that of the reference
    Step step;
    bool reference;     ///< the node that it is the handle of is a REF; `ref` is that of what it refers to
    bool collected;     ///< known to the collector, because a cycle through this handle is possible
    bool holds_objects; ///< the root holds Python objects
    PyObject* weak_references;
};

inline NodeObject* as_node(PyObject* o) noexcept { return reinterpret_cast<NodeObject*>(o); }

/// Finds the node again after the structure changed. Throws StaleReferenceError when it is gone.
void relocate(NodeObject* self);

/// The node of a handle, with addresses that are good until the next structural change.
inline const node_ref& resolve(NodeObject* self) {
    // 0 comes first: what such a handle found before may be gone, its root with it.
    if (self->version == 0 || self->version != self->ref.context->structure_version) [[unlikely]]
        relocate(self);
    return self->ref;
}

/// The REF that a handle of one stands for. Throws StaleReferenceError when it is gone.
node_ref resolve_reference(NodeObject* self);

/// The node that a reference may be made to refer to: of the handle of a reference the REF itself. StaleReferenceError
/// for what is not there any more, TypeError for a key_set.
node_ref resolve_for_reference(NodeObject* self);

/// Of what is read through a reference; false of anything else.
Sampling sampling_of(NodeObject* self);

/// A handle of any living node whose root is a Python object. New reference, or None where there is no such object.
PyObject* handle_of(const node_ref& n);

/// Whether resolve would succeed.
bool is_live(NodeObject* self);

/// As resolve, for writing: StaleReferenceError also for a child that was removed in this tick, TypeError for a key_set
/// and for what is read through a reference.
const node_ref& resolve_for_write(NodeObject* self);

/// As resolve_for_write; but of the handle of a reference the REF itself, which may be bound and cleared.
node_ref resolve_for_bind(NodeObject* self);

/// Handle of a field or fixed-list element; the same object while one is alive. New reference; throws nb::python_error.
PyObject* slot_handle(NodeObject* self, std::uint32_t slot);
/// New handle of element `index` of a dynamic list.
PyObject* item_handle(NodeObject* self, std::uint32_t index);
/// New handle of the child in `row` of a dict.
PyObject* row_handle(NodeObject* self, std::uint32_t row);
/// New handle of the child in `row` of what a dict lost in this tick.
PyObject* removed_handle(NodeObject* self, std::uint32_t row);
/// New handle of a dict's key_set.
PyObject* key_set_handle(NodeObject* self);
/// Field `i` of a bundle, or element `i` of a list.
PyObject* element_or_field(NodeObject* self, std::uint32_t i);
/// Element `i` of a list of either kind.
PyObject* element_handle(NodeObject* self, std::uint32_t i);

/// Lets the collector know of all handles of a root, those there are and those to come.
void track_handles(NodeObject* root);

/// New root of a generated class.
PyObject* new_root(PyTypeObject* cls, const NodeType& type, PyObject* clock);

/// Where the node stands: `Board['UA1545'].departure_delay`. Never throws: a stale handle shows its last known place.
std::string path_of(NodeObject* self);

/// The type as a schema spells it; of a key_set, that of a set of keys.
std::string schema_of(NodeObject* self);

/// Type slots that every node class shares.
int node_traverse(PyObject* self, visitproc visit, void* arg);
int node_clear(PyObject* self);
void node_dealloc(PyObject* self);

} // namespace hgvalue::python
