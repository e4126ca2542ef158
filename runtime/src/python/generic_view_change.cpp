// Changing what views look at.
#include "generic_view.hpp"

#include "fidelity.hpp"
#include "node_access.hpp"
#include "struct_class.hpp"

#include <hgvalue/value/assign.hpp>
#include <hgvalue/value/format.hpp>

namespace hgvalue::python {

namespace {

void lose(ViewObject* v) noexcept { v->gone = true; }

/// After `v` was assigned: its fields are there still, everything else below is something new.
void lose_below(ViewObject* v) noexcept {
    if (!v->children) return;
    for (const auto& [hash, child] : *v->children)
        if (child->step == ViewStep::Field)
            lose_below(child);
        else
            lose(child);
}

void lose_elements(ViewObject* v) noexcept {
    if (!v->children) return;
    for (const auto& [hash, child] : *v->children) lose(child);
}

bool is_exported(const ViewObject* v) noexcept {
    if (v->exports) return true;
    if (!v->children) return false;
    for (const auto& [hash, child] : *v->children)
        if (is_exported(child)) return true;
    return false;
}

void require_unshared_below(ViewObject* v) {
    if (as_value(v->root->subject)->exports == 0 || !is_exported(v)) return;
    throw_buffer_error(place_text(v) + ": memory of it is in use by a buffer and cannot be moved");
}

/// Counts a change, whether it succeeds or fails on the way: either may move what lies below.
struct CountChange {
    ValueObject* owner;
    ~CountChange() { ++owner->changes; }
};

using Change = void (*)(void* state, const TypeMeta& type, void* data);

void change_stored(ViewObject* v, Effect effect, Change change, void* state) {
    void* data = locate(v);
    // Replacing one fixed-size value of numbers moves nothing, so a buffer may see it happen.
    if (effect != Effect::Replaces || !v->type->is(TypeFlags::TriviallyCopyable)) require_unshared_below(v);
    {
        const CountChange count{as_value(v->root->subject)};
        change(state, *v->type, data);
    }
    switch (effect) {
    case Effect::Replaces: lose_below(v); break;
    case Effect::Reorders: lose_elements(v); break;
    case Effect::Rows: break; // SlotHandles tell
    }
}

/// The value of a TS is replaced by a changed copy: so it is stamped, and whoever holds the old one keeps it.
void change_payload(ViewObject* v, Change change, void* state) {
    ViewObject* top = node_above(v);
    const node_ref& n = resolve_for_write(as_node(top->subject));
    n.context->writing_time();
    if (n.type->kind != NodeKind::TS)
        throw TypeError(place_text(v) + ": an element of a window cannot be changed; append to the window");
    locate(v); // refuses what is not there
    const TypeMeta& type = *n.type->scalar;
    Arena arena;
    void* copy = arena.make_value(type);
    type.ops->copy_assign(type, copy, n.value);
    change(state, *v->type, locate_below(v, top, copy));
    Write write;
    write.action = Action::Store;
    write.data = copy;
    apply_write(n, write);
}

} // namespace

void require_writable(ViewObject* v) {
    switch (v->standing) {
    case Standing::Frozen: {
        const std::string text = place_text(v) + ": it is immutable; replace() or hgvalue.apply makes a changed copy";
        throw Error(ErrorKind::Frozen, text);
    }
    case Standing::Stored: locate(v); return;
    case Standing::Node:
    case Standing::Payload: resolve_for_write(as_node(node_above(v)->subject)).context->writing_time();
    }
}

bool is_readonly(ViewObject* v) {
    switch (v->standing) {
    case Standing::Stored: return false;
    case Standing::Frozen: return true;
    case Standing::Node:
    case Standing::Payload: break;
    }
    if (v->standing == Standing::Payload && node_above(v)->type->kind == TypeKind::Window &&
        is_composite_node(node_above(v)))
        return true;
    for (NodeObject* n = as_node(node_above(v)->subject); n; n = n->parent ? as_node(n->parent) : nullptr)
        if (n->step == Step::Removed || n->step == Step::KeySet) return true;
    return false;
}

void change_view(ViewObject* v, Effect effect, Change change, void* state) {
    const ObjectGuard guard; // objects that are let go of must not find the change half done
    require_writable(v);
    if (v->standing == Standing::Stored)
        change_stored(v, effect, change, state);
    else
        change_payload(v, change, state);
}

bool assign_operand(const TypeMeta& type, void* to, PyObject* from, const PathStep* where) {
    const Operand o = operand_of(from);
    if (!o.type || !structurally_compatible(type, *o.type)) return false;
    if (!o.data) throw NullValueError(prefix(where) + "expected " + type_name(type) + ", got a null value");
    if (o.node && !is_complete(node_of(o.node)))
        throw NullValueError(prefix(where) + place_text(o.node) + " is not valid all through");
    note_converted_unless(same_type(type, *o.type));
    const ObjectGuard guard; // objects that `to` lets go of must not change what is read
    assign_value(type, to, *o.type, o.data);
    return true;
}

void assign_view(ViewObject* v, PyObject* from) {
    if (v->standing == Standing::Node) {
        nb::object plain = nb::borrow(from);
        if (is_view(from)) plain = owned(python_form(as_view(from)));
        return write_node(v->subject, plain.ptr(), NoneMeans::Invalidate);
    }
    require_writable(v);
    const PathStep where = here(v);
    Temporary made(*v->type);
    from_python(*v->type, made.get(), from, &where);
    change_view(v, Effect::Replaces,
                [&](const TypeMeta& type, void* data) { type.ops->move_assign(type, data, made.get()); });
}

void require_unshared(ValueObject* o) {
    if (o->root) require_unshared_below(o->root);
}

void value_replaced(ValueObject* o) noexcept {
    ++o->changes;
    if (o->root) lose_below(o->root);
}

} // namespace hgvalue::python
