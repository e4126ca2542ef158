// Where views stand: how they are made, find their data, and say where that is.
#include "generic_view.hpp"

#include "node_access.hpp"
#include "node_classes.hpp"
#include "struct_class.hpp"

#include <hgvalue/core/hash.hpp>
#include <hgvalue/time_series/describe.hpp>
#include <hgvalue/value/format.hpp>
#include <hgvalue/value/ring.hpp>
#include <hgvalue/value/row_ops.hpp>

namespace hgvalue::python {

namespace {

/// What tells the steps from one view apart.
std::size_t step_hash(ViewStep step, std::size_t index, const SlotHandle& slot) {
    return combine_hash(static_cast<std::size_t>(step), step == ViewStep::Entry ? slot.generation : index);
}

bool is_step(const ViewObject* v, ViewStep step, std::size_t index, const SlotHandle& slot) {
    return v->step == step && !v->gone && (step == ViewStep::Entry ? v->slot == slot : v->index == index);
}

/// A view without a place yet.
nb::object new_view(const TypeMeta& type, Standing standing) {
    ViewObject* v = PyObject_GC_New(ViewObject, view_class(type.kind));
    if (!v) throw_python_error();
    v->type = &type;
    v->data = nullptr;
    v->seen = 0;
    v->root = v;
    v->parent = nullptr;
    v->subject = nullptr;
    v->children = nullptr;
    v->key = nullptr;
    v->slot = {};
    v->index = 0;
    v->exports = 0;
    v->standing = standing;
    v->step = ViewStep::Root;
    v->gone = false;
    v->weak_references = nullptr;
    PyObject_GC_Track(as_object(v));
    return nb::steal(as_object(v));
}

void put_below(ViewObject* v, ViewObject* parent, ViewStep step, std::size_t index) {
    v->parent = as_view(Py_NewRef(as_object(parent)));
    v->root = parent->root;
    v->step = step;
    v->index = index;
}

std::unique_ptr<Value> copy_of_key(const TypeMeta& type, const void* key) {
    return std::make_unique<Value>(ConstValueView(key, &type));
}

/// The view one step below a view of plain data: the one there is, or a new one.
PyObject* plain_child(ViewObject* parent, const TypeMeta& type, ViewStep step, std::size_t index,
                      const SlotHandle& slot = {}, std::unique_ptr<Value> key = {}) {
    const bool canonical = parent->standing == Standing::Stored;
    const std::size_t hash = step_hash(step, index, slot);
    if (canonical && parent->children) {
        const auto [first, last] = parent->children->equal_range(hash);
        for (auto at = first; at != last; ++at)
            if (is_step(at->second, step, index, slot)) return Py_NewRef(as_object(at->second));
    }
    const Standing standing = parent->standing == Standing::Node ? Standing::Payload : parent->standing;
    nb::object made = new_view(type, standing);
    ViewObject* v = as_view(made.ptr());
    put_below(v, parent, step, index);
    v->slot = slot;
    v->key = key.release();
    if (canonical) {
        if (!parent->children) parent->children = new ViewChildren;
        parent->children->emplace(hash, v);
    }
    if (standing == Standing::Frozen) v->data = locate_below(v, parent, parent->data);
    return made.release().ptr();
}

/// A view of what never changes: its address is good for as long as the subject lives.
PyObject* frozen_root(PyObject* subject, const TypeMeta& type, const void* data) {
    nb::object made = new_view(type, Standing::Frozen);
    as_view(made.ptr())->subject = Py_NewRef(subject);
    as_view(made.ptr())->data = const_cast<void*>(data); // read only: that is what Frozen means
    return made.release().ptr();
}

PyObject* value_root(PyObject* subject) {
    ValueObject* owner = as_value(subject);
    const Value& value = value_of(owner);
    if (owner->root) return Py_NewRef(as_object(owner->root));
    if (!value.schema()) throw StateError("this Value has no type");
    if (owner->frozen) return frozen_root(subject, *value.schema(), value.data());
    nb::object made = new_view(*value.schema(), Standing::Stored);
    if (owner->root) return Py_NewRef(as_object(owner->root)); // a finaliser was faster
    as_view(made.ptr())->subject = Py_NewRef(subject);
    owner->root = as_view(made.ptr());
    return made.release().ptr();
}

PyObject* struct_root(PyObject* subject) {
    const StructRef s(subject);
    return frozen_root(subject, s.cls.type(), s.value);
}

/// The type of a node's data; of a dict's key_set that of a set.
const TypeMeta& data_type(NodeObject* n) {
    if (n->step == Step::KeySet) return TypeRegistry::instance().set(*n->ref.type->scalar);
    return *n->ref.type->value;
}

PyObject* node_root(PyObject* subject) {
    resolve(as_node(subject));
    nb::object made = new_view(data_type(as_node(subject)), Standing::Node);
    as_view(made.ptr())->subject = Py_NewRef(subject);
    return made.release().ptr();
}

[[noreturn]] void throw_gone(ViewObject* v, const char* what) {
    throw StaleReferenceError(place_text(v) + ": " + what + "; look it up again");
}

/// The number of elements of a value whose elements have positions but are no fields.
std::size_t element_count(const TypeMeta& type, const void* data) {
    return type.kind == TypeKind::List ? type.ops->list_size(type, data) : static_cast<const ring*>(data)->size();
}

void* element_at(const TypeMeta& type, void* data, std::size_t i) {
    if (type.kind == TypeKind::List) return at_offset(type.ops->list_data(type, data), i * type.element->size);
    return static_cast<ring*>(data)->element(type.element->size, static_cast<std::uint32_t>(i));
}

void* held_by(const TypeMeta& type, void* data) {
    return type.kind == TypeKind::Optional ? type.ops->optional_get(type, data) : type.ops->variant_get(type, data);
}

std::size_t alternative_of(const TypeMeta& type, const void* data) {
    return type.kind == TypeKind::Variant ? type.ops->variant_index(type, data) : 0;
}

std::uint32_t row_of_entry(ViewObject* v, const TypeMeta& type, const row_store& rows) {
    if (v->standing == Standing::Stored) return rows.row_of(v->slot);
    const TypeMeta& key_type = *type.key;
    return find_row(type, rows, v->key->data(), key_type.ops->hash(key_type, v->key->data()));
}

/// The first element that a TSW shows: those before it are past their time.
std::size_t first_shown(ViewObject* v) {
    return v->standing == Standing::Node && v->type->kind == TypeKind::Window ? engine::window_first(node_of(v)) : 0;
}

/// From the data of the parent to that of the view.
void* step_down(ViewObject* v, void* from) {
    const TypeMeta& type = *v->parent->type;
    switch (v->step) {
    case ViewStep::Field:
        return type.kind == TypeKind::List ? at_offset(from, v->index * type.element->size)
                                           : at_offset(from, type.fields[v->index].offset);
    case ViewStep::Element: {
        const std::size_t i = v->index + first_shown(v->parent);
        if (i >= element_count(type, from)) throw_gone(v, "there is no such element any more");
        return element_at(type, from, i);
    }
    case ViewStep::Entry: {
        auto& rows = *static_cast<row_store*>(from);
        const std::uint32_t row = row_of_entry(v, type, rows);
        if (row == no_row) throw_gone(v, "its key was removed");
        return rows.value(type, row);
    }
    case ViewStep::Held: {
        void* held = held_by(type, from);
        if (!held || alternative_of(type, from) != v->index) throw_gone(v, "it holds something else now");
        return held;
    }
    case ViewStep::Root: break;
    }
    return from;
}

void* locate_root(ViewObject* v) {
    Value& value = value_of(as_value(v->subject));
    if (!value.has_value()) throw NullValueError(place_text(v) + " is null");
    return value.data();
}

ValuePath path_of_view(ViewObject* v) {
    if (!v->parent) return {};
    ValuePath path = path_of_view(v->parent);
    const TypeMeta& container = *v->parent->type;
    if (v->step == ViewStep::Entry)
        path.push_back(PathElement::at_key(container, v->key->data()));
    else if (v->step != ViewStep::Held)
        path.push_back(PathElement::at(container, v->index));
    return path;
}

} // namespace

// -- making views -----------------------------------------------------------------------------------------------------

PyObject* view_of(PyObject* subject) {
    if (is_view(subject)) return Py_NewRef(subject);
    if (is_value(subject)) return value_root(subject);
    if (PyObject_TypeCheck(subject, reinterpret_cast<PyTypeObject*>(time_series_class()))) return node_root(subject);
    if (PyObject_TypeCheck(subject, StructClass::base())) return struct_root(subject);
    throw TypeError("a view looks at a Value, a struct or a time series, not at " + describe(subject));
}

PyObject* node_view(ViewObject* v, nb::object handle, ViewStep step, std::size_t index, const void* key) {
    std::unique_ptr<Value> key_copy = key ? copy_of_key(*v->type->key, key) : nullptr;
    nb::object made = new_view(data_type(as_node(handle.ptr())), Standing::Node);
    ViewObject* child = as_view(made.ptr());
    put_below(child, v, step, index);
    child->subject = handle.release().ptr();
    child->key = key_copy.release();
    return made.release().ptr();
}

PyObject* field_view(ViewObject* v, std::size_t index) {
    if (is_composite_node(v)) {
        nb::object handle = owned(slot_handle(as_node(v->subject), static_cast<std::uint32_t>(index)));
        return node_view(v, std::move(handle), ViewStep::Field, index, nullptr);
    }
    const TypeMeta& type = *v->type;
    return plain_child(v, type.kind == TypeKind::List ? *type.element : *type.fields[index].type, ViewStep::Field,
                       index);
}

PyObject* element_view(ViewObject* v, std::size_t index) {
    if (v->type->kind == TypeKind::List && !v->type->ops->list_size) return field_view(v, index);
    if (is_composite_node(v) && v->type->kind == TypeKind::List) {
        nb::object handle = owned(item_handle(as_node(v->subject), static_cast<std::uint32_t>(index)));
        return node_view(v, std::move(handle), ViewStep::Element, index, nullptr);
    }
    return plain_child(v, *v->type->element, ViewStep::Element, index);
}

PyObject* entry_view(ViewObject* v, std::uint32_t row) {
    auto& rows = *static_cast<row_store*>(locate(v));
    if (is_composite_node(v)) {
        const void* key = rows.key(*v->type, row);
        std::unique_ptr<Value> copy = copy_of_key(*v->type->key, key); // before a handle is made: that may move rows
        nb::object handle = owned(row_handle(as_node(v->subject), row));
        return node_view(v, std::move(handle), ViewStep::Entry, 0, copy->data());
    }
    const SlotHandle slot = v->standing == Standing::Stored ? handle_of(*v->type, rows, row) : SlotHandle{row, 1};
    return plain_child(v, *v->type->element, ViewStep::Entry, 0, slot,
                       copy_of_key(*v->type->key, rows.key(*v->type, row)));
}

PyObject* held_view(ViewObject* v) {
    void* data = locate(v);
    const TypeMeta& type = *v->type;
    if (!held_by(type, data)) return nullptr;
    const std::size_t i = alternative_of(type, data);
    return plain_child(v, type.kind == TypeKind::Variant ? *type.fields[i].type : *type.element, ViewStep::Held, i);
}

void leave_family(ViewObject* v) noexcept {
    if (v->standing != Standing::Stored) return;
    if (!v->parent) {
        if (v->subject && as_value(v->subject)->root == v) as_value(v->subject)->root = nullptr;
        return;
    }
    ViewChildren* siblings = v->parent->children;
    if (!siblings) return;
    const auto [first, last] = siblings->equal_range(step_hash(v->step, v->index, v->slot));
    for (auto at = first; at != last; ++at)
        if (at->second == v) {
            siblings->erase(at);
            return;
        }
}

// -- places -----------------------------------------------------------------------------------------------------------

const node_ref& node_of(ViewObject* v) { return resolve(as_node(v->subject)); }

ViewObject* node_above(ViewObject* v) noexcept {
    while (v->standing != Standing::Node) v = v->parent;
    return v;
}

void* locate(ViewObject* v) {
    switch (v->standing) {
    case Standing::Frozen: return v->data;
    case Standing::Node: {
        const node_ref& n = node_of(v);
        if (n.type->is_leaf() && !n.valid()) throw NullValueError(place_text(v) + " is not valid");
        return n.value;
    }
    case Standing::Payload: return step_down(v, locate(v->parent));
    case Standing::Stored: break;
    }
    ValueObject* owner = as_value(v->root->subject);
    if (v->data && v->seen == owner->changes) return v->data;
    if (v->gone) throw_gone(v, "its element was removed or replaced");
    v->data = v->parent ? step_down(v, locate(v->parent)) : locate_root(v);
    v->seen = owner->changes;
    return v->data;
}

void* locate_below(ViewObject* v, ViewObject* top, void* base) {
    return v == top ? base : step_down(v, locate_below(v->parent, top, base));
}

bool is_there(ViewObject* v) {
    try {
        locate(v);
        return true;
    } catch (const Error&) {
        return false;
    }
}

std::string path_text(ViewObject* v) { return path_of_view(v).to_string(); }

std::string place_text(ViewObject* v) {
    if (v->standing == Standing::Node) return path_of(as_node(v->subject));
    if (!v->parent) return v->type->name ? v->type->name : type_name(*v->type);
    const std::string base = place_text(v->parent);
    const TypeMeta& container = *v->parent->type;
    switch (v->step) {
    case ViewStep::Held: return base;
    case ViewStep::Entry: {
        const nb::object key = nb::steal(to_python(*container.key, v->key->data()));
        if (!key) clear_ordinary_error();
        return base + "[" + (key ? short_repr(key.ptr()) : "?") + "]";
    }
    default: break;
    }
    if (container.kind == TypeKind::Bundle) return base + "." + container.fields[v->index].name;
    return base + "[" + std::to_string(v->index) + "]";
}

} // namespace hgvalue::python
