// hgvalue.diff, full_delta, apply, compose and invert.
#include "generic_class.hpp"
#include "generic_codec.hpp"
#include "generic_delta.hpp"
#include "generic_view.hpp"
#include "node_access.hpp"
#include "plain_classes.hpp"
#include "struct_class.hpp"

#include <hgvalue/delta/algebra.hpp>
#include <hgvalue/delta/diff.hpp>
#include <hgvalue/value/format.hpp>

#include <utility>

namespace hgvalue::python {

namespace {

UsedDelta delta_argument(PyObject* o, const char* doing) {
    if (!is_delta(o)) throw TypeError(std::string(doing) + " takes a Delta, not " + describe(o));
    return UsedDelta(o);
}

struct Two {
    Two(PyObject* args, const char* name) {
        if (!PyArg_UnpackTuple(args, name, 2, 2, &first, &second)) throw_python_error();
    }
    PyObject *first = nullptr, *second = nullptr;
};

PyObject* diff_function(PyObject*, PyObject* args) {
    return guarded([&] {
        const Two given(args, "diff");
        const Subject from(given.first, "diff"), to(given.second, "diff");
        return delta_object(delta_class_of(*to.view().schema(), given.second), diff(from.view(), to.view()));
    });
}

PyObject* full_delta_function(PyObject*, PyObject* value) {
    return guarded([&] {
        const Subject subject(value, "full_delta");
        return delta_object(delta_class_of(*subject.view().schema(), value), full_delta(subject.view()));
    });
}

void require_type(const UsedDelta& delta, const TypeMeta& type, const std::string& place) {
    if (!same_type(delta.value_type(), type))
        throw TypeError(place + ": a delta of " + type_name(delta.value_type()) + " cannot change a " +
                        type_name(type));
}

/// What a time series holds that was not valid before the tick: an object of the plain class, if the delta has one.
PyObject* apply_to_none(UsedDelta& delta, PyTypeObject* cls) {
    Value made = Value::null(delta.value_type());
    delta.value().apply_to(made);
    expire(made, delta.time());
    if (!made.has_value()) return Py_NewRef(Py_None);
    if (const StructClass* of = StructClass::of(*made.schema()))
        return of->copy_of(std::as_const(made).data()).release().ptr();
    const nb::object plain = find_attribute(reinterpret_cast<PyObject*>(cls), "__plain_class__");
    nb::object generic = owned(value_object(std::move(made)));
    if (!plain || plain.is_none()) return generic.release().ptr();
    return PyObject_CallFunctionObjArgs(plain.ptr(), generic.ptr(), nullptr);
}

PyObject* apply_function(PyObject*, PyObject* args) {
    return guarded([&] {
        const Two given(args, "apply");
        UsedDelta delta = delta_argument(given.first, "apply");
        const ConstDeltaView change = delta.view();
        if (given.second == Py_None && (change.ticked() || change.invalidates() || change.empty()))
            return apply_to_none(delta, Py_TYPE(given.first));
        const Subject subject(given.second, "apply");
        if (delta.value().invalidates()) {
            require_type(delta, *subject.view().schema(), "apply");
            return Py_NewRef(Py_None);
        }
        Value changed = apply(delta.value(), subject.view());
        if (PyObject_TypeCheck(given.second, StructClass::base()))
            return struct_with(given.second, *changed.schema(), std::as_const(changed).data()).release().ptr();
        return value_object(std::move(changed), is_value(given.second) ? Py_TYPE(given.second) : nullptr);
    });
}

PyObject* compose_function(PyObject*, PyObject* args) {
    return guarded([&] {
        const Two given(args, "compose");
        UsedDelta first = delta_argument(given.first, "compose"), second = delta_argument(given.second, "compose");
        return delta_object(Py_TYPE(given.first), compose(first.value(), second.value()));
    });
}

PyObject* invert_function(PyObject*, PyObject* args) {
    return guarded([&] {
        const Two given(args, "invert");
        UsedDelta delta = delta_argument(given.first, "invert");
        if (given.second == Py_None) // what a time series that was not valid held
            return delta_object(Py_TYPE(given.first), invert(delta.value(), ConstValueView()));
        const Subject before(given.second, "invert");
        return delta_object(Py_TYPE(given.first), invert(delta.value(), before.view()));
    });
}

PyMethodDef functions[] = {
    {"diff", diff_function, METH_VARARGS,
     "diff(old, new, /)\n--\n\nThe Delta that makes `new` of `old`: Values, Views or structs of one type, else "
     "TypeError.\n\napply(diff(a, b), a) == b. Floats are compared by their bits, all else by equality."},
    {"full_delta", full_delta_function, METH_O,
     "full_delta(value, /)\n--\n\nThe value as a change of its type's default, which names every part of it."},
    {"apply", apply_function, METH_VARARGS,
     "apply(delta, value, /)\n--\n\nThe changed value; `value` stays as it is. A struct gives an object of its class, "
     "a Value or a View a Value. None stands for the value of a time series that is not valid, before and after a "
     "tick.\n\nTypeError unless it is of the delta's type, ValueError if the change does not fit "
     "what it holds."},
    {"compose", compose_function, METH_VARARGS,
     "compose(first, second, /)\n--\n\nThe Delta that is `first` and then `second`. TypeError unless both are of one "
     "type, ValueError if the second cannot follow."},
    {"invert", invert_function, METH_VARARGS,
     "invert(delta, before, /)\n--\n\nThe Delta that undoes `delta`, which applies to `before`: a value, or None of a "
     "time series that was not valid. Errors as apply.\n\nThe inverse of the delta of a tick can be applied to the "
     "time series it came from, in a later tick."},
    {nullptr, nullptr, 0, nullptr}};

} // namespace

void apply_delta(UsedDelta& delta, PyObject* target) {
    if (!is_value(target) && !is_view(target)) {
        if (PyObject_TypeCheck(target, StructClass::base()))
            throw Error(ErrorKind::Frozen,
                        "a struct object is immutable; hgvalue.apply(delta, value) gives a changed one");
        throw TypeError("a delta is applied to a Value or a View, not to " + describe(target));
    }
    if (is_value(target)) {
        const Value& value = value_of(as_value(target));
        const DeltaValue& change = delta.value();
        if (change.invalidates() || (!value.has_value() && change.ticked())) { // it comes or goes as a whole
            Value next = Value::null(*value.schema());
            change.apply_to(next);
            return replace_content(target, std::move(next));
        }
    }
    const nb::object held = owned(view_of(target));
    ViewObject* v = as_view(held.ptr());
    require_type(delta, *v->type, place_text(v));
    if (v->standing == Standing::Frozen)
        throw Error(ErrorKind::Frozen,
                    place_text(v) + ": a struct object is immutable; hgvalue.apply(delta, value) gives a changed one");
    if (is_composite_node(v)) throw TypeError(place_text(v) + ": a time series takes a delta by its method apply");
    const DeltaValue& change = delta.value();
    if (change.empty()) return require_writable(v); // views of what is below stay good
    const ObjectGuard guard; // objects that are let go of must not find views that do not know yet
    change_view(v, Effect::Rows, [&](const TypeMeta& type, void* data) { change.apply_to(ValueView(data, &type)); });
    if (v->standing == Standing::Stored) lose_changed(v, change.const_view());
}

void init_delta_functions(PyObject* module) { checked(PyModule_AddFunctions(module, functions)); }

} // namespace hgvalue::python
