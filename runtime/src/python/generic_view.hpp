// hgvalue.View: any value, in place, for Python.
//
// A view names a place: a root (a Value, a struct object, a time-series node), or a step from another view. It holds
// what it stands on alive, and checks at every use that the place is still the one it was made for; so it never reads
// memory that was given back.
//
// Below a Value, each place has one view while that is alive, and every change is made through the view of the place
// that changes. So a change knows whom it concerns: it counts up the Value's `changes`, which makes all views look up
// their address again, and marks those whose element is gone. A view of a map's entry names it by its SlotHandle.
// Below a time series nothing of this is needed: nodes have handles, and what is inside the value of a TS is looked up
// by its path at every use, because such a value is only ever replaced as a whole.
#pragma once

#include "convert.hpp"
#include "node_object.hpp"

#include <hgvalue/value/format.hpp>
#include <hgvalue/value/path.hpp>
#include <hgvalue/value/slot_handle.hpp>
#include <hgvalue/value/value.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>

namespace hgvalue::python {

/// What the data of a view belongs to.
enum class Standing : std::uint8_t {
    Stored, ///< to a Value, which may be changed in place
    Frozen, ///< to a struct object or a frozen Value, which never changes
    Node,   ///< to a time-series node: all of it
    Payload ///< to the value of a TS, or the elements of a TSW, inside a node
};

/// How a view is reached from its parent.
enum class ViewStep : std::uint8_t {
    Root,
    Field,   ///< `index` of a bundle, tuple or fixed list: there as long as the parent
    Element, ///< `index` of a list, buffer, queue or window
    Entry,   ///< of a map
    Held     ///< what an optional or a variant holds; `index` is the alternative
};

struct ViewObject;
/// The living views one step below another, by a hash of the step. They take themselves out.
using ViewChildren = std::unordered_multimap<std::size_t, ViewObject*>;

struct ViewObject {
    PyObject_HEAD const TypeMeta* type; ///< layout of the data
    void* data;                         ///< Stored: good while `seen` is the Value's `changes`; Frozen: good
    std::uint64_t seen;
    ViewObject* root;       ///< the first of the chain of parents; borrowed, as the chain holds it
    ViewObject* parent;     ///< strong; null in a root
    PyObject* subject;      ///< strong; what a root is over, or the handle of a node; else null
    ViewChildren* children; ///< null until there is one
    Value* key;             ///< Entry: a copy of the key
    SlotHandle slot;        ///< Entry below a Value
    std::size_t index;
    Py_ssize_t exports; ///< buffers in use
    Standing standing;
    ViewStep step;
    bool gone; ///< the place was removed or assigned over
    PyObject* weak_references;
};

/// hgvalue.Value.
struct ValueObject {
    PyObject_HEAD Value* value; ///< null until __init__
    std::uint64_t changes;      ///< counts what may have moved or replaced data
    std::uint64_t exports;      ///< buffers in use anywhere below
    ViewObject* root;           ///< the living root view, borrowed, or null; of a frozen Value always null
    bool frozen;                ///< it never changes again
    PyObject* weak_references;
};

inline ViewObject* as_view(PyObject* o) noexcept { return reinterpret_cast<ViewObject*>(o); }
inline PyObject* as_object(ViewObject* v) noexcept { return reinterpret_cast<PyObject*>(v); }
inline ValueObject* as_value(PyObject* o) noexcept { return reinterpret_cast<ValueObject*>(o); }

bool is_view(PyObject* o) noexcept;
bool is_value(PyObject* o) noexcept;
/// freeze(value): it never changes again. Python's METH_O.
PyObject* freeze_value(PyObject*, PyObject* value);
PyObject* short_form(PyObject*, PyObject* value); ///< hgvalue.PlainValue shows itself by it

/// Gives a Value another content, or none; errors as of assigning to it.
void replace_content(PyObject* value, Value&& content);

/// The Value of an object; StateError when __init__ did not run.
inline Value& value_of(ValueObject* o) {
    if (!o->value) throw StateError("object is not initialised: __init__ was not called");
    return *o->value;
}

// -- making views -----------------------------------------------------------------------------------------------------
// All give a new reference and throw nb::python_error or hgvalue::Error.

/// The view of a Value, struct object or time series; of a view, itself. TypeError for anything else.
PyObject* view_of(PyObject* subject);
PyObject* field_view(ViewObject* v, std::size_t index);
/// Element `index`, which exists.
PyObject* element_view(ViewObject* v, std::size_t index);
/// The entry in `row` of a map that is no node.
PyObject* entry_view(ViewObject* v, std::uint32_t row);
/// What an optional or variant holds; null if that is nothing.
PyObject* held_view(ViewObject* v);
/// The view of a node that is below the node of `v`.
PyObject* node_view(ViewObject* v, nb::object handle, ViewStep step, std::size_t index, const void* key);
/// Takes a dying view out of what knows it.
void leave_family(ViewObject* v) noexcept;

// -- places -----------------------------------------------------------------------------------------------------------

/// Where the data is now. StaleReferenceError when the place is gone, NullValueError when there is no value.
void* locate(ViewObject* v);
/// The same below other data: `base` stands for the data of `top`, an ancestor of `v` or `v` itself.
void* locate_below(ViewObject* v, ViewObject* top, void* base);
/// Whether locate would succeed.
bool is_there(ViewObject* v);

/// The node of a view that stands for one.
const node_ref& node_of(ViewObject* v);
/// The nearest view, upwards, that stands for a node.
ViewObject* node_above(ViewObject* v) noexcept;
/// Whether the view is of a node with nodes or a history below it, not of a single value.
inline bool is_composite_node(const ViewObject* v) noexcept {
    return v->standing == Standing::Node && !as_node(v->subject)->ref.type->is_leaf();
}

/// The path from the root, as navigate() reads it. Of a place that is gone, where it was.
std::string path_text(ViewObject* v);
/// The place for an error message, beginning with the name of the root's type.
std::string place_text(ViewObject* v);
inline PathStep here(ViewObject* v) {
    return PathStep::lazy([](const void* o) { return place_text(static_cast<ViewObject*>(const_cast<void*>(o))); }, v);
}

// -- changing ---------------------------------------------------------------------------------------------------------

/// What a change does to the views below.
enum class Effect : std::uint8_t {
    Replaces, ///< the whole value: nothing below stays but fields of fields
    Reorders, ///< elements came or went: those of lists, queues, buffers and windows may be others
    Rows      ///< entries of a set or map came or went: each entry's handle knows
};

/// Throws the error for a write where it cannot be: FrozenError in a struct object, BufferError while a buffer of what
/// is below is in use, StateError before the first tick, StaleReferenceError.
void require_writable(ViewObject* v);
bool is_readonly(ViewObject* v);

/// Runs `change(type, data)` on the data of a view that is no composite node. It must change all or nothing, and run
/// no Python code. Below a node it is run on a copy of the node's value, which then replaces it.
void change_view(ViewObject* v, Effect effect, void (*change)(void* state, const TypeMeta& type, void* data),
                 void* state);
template <class F> void change_view(ViewObject* v, Effect effect, F&& f) {
    change_view(
        v, effect,
        [](void* state, const TypeMeta& type, void* data) {
            (*static_cast<std::remove_reference_t<F>*>(state))(type, data);
        },
        &f);
}

/// Assigns a Python object, a View or a Value.
void assign_view(ViewObject* v, PyObject* from);

/// A new Value object, of the class Value or of a subclass.
PyObject* value_object(Value&& value, PyTypeObject* cls = nullptr);
/// For whoever changes a Value by other ways: call before, to have it refused while a buffer is in use, and after.
void require_unshared(ValueObject* o);
void value_replaced(ValueObject* o) noexcept;

// -- whole values -----------------------------------------------------------------------------------------------------

/// What a Python object is, seen as a value: a view, a Value, or neither.
struct Operand {
    const TypeMeta* type = nullptr; ///< null: neither
    const void* data = nullptr;     ///< null if it is null, or a TS that is not valid
    ViewObject* node = nullptr;     ///< set if it is the view of a composite node
};
Operand operand_of(PyObject* o);

/// The Python form. New reference; throws.
PyObject* python_form(ViewObject* v);
void add_view(ShortText& out, ViewObject* v); ///< its value as text
std::size_t view_hash(ViewObject* v);
/// == of views and Values with each other and with what converts to their type; NotImplemented for the rest.
PyObject* compare_values(PyObject* a, PyObject* b, int op);

// Of composite nodes, in generic_nodes.cpp.
bool nodes_equal(const node_ref& a, const node_ref& b);
bool node_equals(const node_ref& n, const TypeMeta& type, const void* value);
bool is_complete(const node_ref& n);              ///< valid, and everything below it
void add_node(ShortText& out, const node_ref& n); ///< its value as text

// -- classes ----------------------------------------------------------------------------------------------------------

/// The class for views of this kind. Borrowed.
PyTypeObject* view_class(TypeKind kind) noexcept;
void init_views(PyObject* module);
void init_values(PyObject* module);
void init_ranges(PyObject* module);

// Slots and members of each kind, in generic_view_*.cpp; all end with {0, nullptr}.
extern PyType_Slot bundle_view_slots[];
extern PyType_Slot tuple_view_slots[];
extern PyType_Slot list_view_slots[];
extern PyType_Slot set_view_slots[];
extern PyType_Slot map_view_slots[];
extern PyType_Slot cyclic_buffer_view_slots[];
extern PyType_Slot queue_view_slots[];
extern PyType_Slot window_view_slots[];
extern PyType_Slot optional_view_slots[];
extern PyType_Slot variant_view_slots[];
extern PyType_Slot ref_view_slots[];
extern PyType_Slot scalar_view_slots[];

/// The method __array__ of lists, rings and windows, in generic_view_array.cpp.
PyObject* view_array(PyObject* self, PyObject* args, PyObject* kwargs);

int view_get_buffer(PyObject* self, Py_buffer* buffer, int flags);
void view_release_buffer(PyObject* self, Py_buffer* buffer);

} // namespace hgvalue::python
