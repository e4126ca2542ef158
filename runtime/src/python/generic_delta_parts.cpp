// What a delta says, by kind: ranges as the time series have them, and nested deltas.
#include "generic_delta.hpp"

namespace hgvalue::python {

namespace {

nb::object form_of(const ConstValueView& v) { return owned(to_python(*v.schema(), v.data())); }

nb::object pair_of(const nb::object& a, const nb::object& b) { return owned(PyTuple_Pack(2, a.ptr(), b.ptr())); }

/// What changed in a part: its new value where that tells all, else the nested delta.
nb::object change_of(const UsedDelta& d, const ConstDeltaView& part) {
    if (is_atomic(*part.value_schema())) return form_of(part.view());
    return owned(d.nested(part));
}

template <class Range, class Item> PyObject* list_of(const Range& range, const Item& item) {
    nb::object made = owned(PyList_New(0));
    for (std::size_t i = 0; i < range.size(); ++i) checked(PyList_Append(made.ptr(), nb::object(item(i)).ptr()));
    return made.release().ptr();
}

PyObject* values_of(const ViewRange& range) {
    return list_of(range, [&](std::size_t i) { return form_of(range[i]); });
}
PyObject* pairs_of(const ViewPairRange& range) {
    return list_of(range, [&](std::size_t i) {
        const auto [a, b] = range[i];
        return pair_of(form_of(a), form_of(b));
    });
}
PyObject* set_of(const ViewRange& range) {
    return owned(PyFrozenSet_New(nb::steal(values_of(range)).ptr())).release().ptr();
}

/// A method without arguments.
template <PyObject* (*part)(const UsedDelta&)> PyObject* method(PyObject* self, PyObject*) {
    return guarded([&] { return part(UsedDelta(self)); });
}

[[noreturn]] void refuse(const UsedDelta& d, const char* wanted) {
    throw TypeError("a delta of " + std::string(wanted) + " expected, got one of " + type_name(d.value_type()));
}

// -- sets and maps ----------------------------------------------------------------------------------------------------

PyObject* added(const UsedDelta& d) { return set_of(d.view().as_set_delta().added()); }
PyObject* removed(const UsedDelta& d) { return set_of(d.view().as_set_delta().removed()); }
PyObject* added_keys(const UsedDelta& d) { return values_of(d.view().as_map_delta().added_keys()); }
PyObject* added_items(const UsedDelta& d) { return pairs_of(d.view().as_map_delta().added_items()); }
PyObject* added_values(const UsedDelta& d) {
    const ViewPairRange items = d.view().as_map_delta().added_items();
    return list_of(items, [&](std::size_t i) { return form_of(items[i].second); });
}
PyObject* updated_keys(const UsedDelta& d) { return values_of(d.view().as_map_delta().updated_keys()); }
PyObject* removed_keys(const UsedDelta& d) { return values_of(d.view().as_map_delta().removed_keys()); }

// -- lists and buffers ------------------------------------------------------------------------------------------------

/// Index or key, and what changed there.
template <class View> PyObject* updates(const UsedDelta& d, const View& view, const ViewRange& keys) {
    return list_of(keys, [&](std::size_t i) { return pair_of(form_of(keys[i]), change_of(d, view.updated(i))); });
}
PyObject* updated_items(const UsedDelta& d) {
    const ConstDeltaView v = d.view();
    if (v.kind() == TypeKind::Map) return updates(d, v.as_map_delta(), v.as_map_delta().updated_keys());
    if (v.kind() == TypeKind::List) return updates(d, v.as_list_delta(), v.as_list_delta().updated_indices());
    refuse(d, "a dict or list");
}

bool is_growing_list(const TypeMeta& t) noexcept { return t.kind == TypeKind::List && t.fixed_size == 0; }

PyObject* appended(const UsedDelta& d) {
    const ConstDeltaView v = d.view();
    if (is_growing_list(d.value_type())) return values_of(v.as_list_delta().appended());
    if (v.kind() == TypeKind::List) refuse(d, "a list that can grow");
    return values_of(v.as_window_delta().appended());
}
PyObject* kept(const UsedDelta& d) {
    const ConstDeltaView v = d.view();
    return PyLong_FromSize_t(v.kind() == TypeKind::List ? v.as_list_delta().kept() : v.as_window_delta().kept());
}
PyObject* dropped(const UsedDelta& d) {
    const ConstDeltaView v = d.view();
    return PyLong_FromSize_t(v.kind() == TypeKind::List ? v.as_list_delta().dropped() : v.as_window_delta().dropped());
}
PyObject* size(const UsedDelta& d) {
    const TypeMeta& type = d.value_type();
    if (type.kind == TypeKind::List && type.fixed_size > 0) return PyLong_FromLongLong(type.fixed_size);
    const ConstDeltaView v = d.view();
    if (!is_growing_list(type)) {
        const ConstWindowDeltaView w = v.as_window_delta();
        if (w.kept() + w.dropped() + w.appended().size() == 0) return Py_NewRef(Py_None);
        return PyLong_FromSize_t(w.kept() + w.appended().size());
    }
    const ConstListDeltaView l = v.as_list_delta();
    if (l.kept() + l.dropped() + l.appended().size() == 0) return Py_NewRef(Py_None);
    return PyLong_FromSize_t(l.kept() + l.appended().size());
}
PyObject* appended_times(const UsedDelta& d) { return values_of(d.view().as_window_delta().appended_times()); }
PyObject* appended_items(const UsedDelta& d) { return pairs_of(d.view().as_window_delta().appended_items()); }

// -- bundles, optionals, single values --------------------------------------------------------------------------------

PyObject* changed(const UsedDelta& d) {
    const ConstBundleDeltaView v = d.view().as_bundle_delta();
    nb::object made = owned(PyDict_New());
    for (const std::uint32_t i : v.changed_fields()) {
        const char* name = d.value_type().fields[i].name;
        const nb::object key = owned(name ? PyUnicode_FromString(name) : PyLong_FromUnsignedLong(i));
        checked(PyDict_SetItem(made.ptr(), key.ptr(), change_of(d, v.field(i)).ptr()));
    }
    return made.release().ptr();
}

PyObject* state(const UsedDelta& d) {
    static constexpr const char* names[] = {"none", "reset", "replaced", "inside"};
    return PyUnicode_FromString(names[static_cast<std::size_t>(d.view().as_optional_delta().state())]);
}
PyObject* inside(const UsedDelta& d) {
    const ConstOptionalDeltaView v = d.view().as_optional_delta();
    return v.has_inside() ? d.nested(v.inside()) : Py_NewRef(Py_None);
}
PyObject* has_new_value(const UsedDelta& d) {
    const ConstDeltaView v = d.view();
    const ConstValueView value =
        v.kind() == TypeKind::Optional ? v.as_optional_delta().new_value() : v.as_atomic_delta().new_value();
    return PyBool_FromLong(value.valid());
}
PyObject* new_value(const UsedDelta& d) {
    const ConstDeltaView v = d.view();
    const ConstValueView value =
        v.kind() == TypeKind::Optional ? v.as_optional_delta().new_value() : v.as_atomic_delta().new_value();
    return value.valid() ? form_of(value).release().ptr() : Py_NewRef(Py_None);
}

} // namespace

PyMethodDef delta_part_methods[] = {
    {"added", method<added>, METH_NOARGS, "added($self, /)\n--\n\nOf a set: the frozenset of what was added."},
    {"removed", method<removed>, METH_NOARGS, "removed($self, /)\n--\n\nOf a set: the frozenset of what was removed."},
    {"added_keys", method<added_keys>, METH_NOARGS, "added_keys($self, /)\n--\n\nOf a dict: the list of new keys."},
    {"added_values", method<added_values>, METH_NOARGS,
     "added_values($self, /)\n--\n\nOf a dict: the values of the new keys."},
    {"added_items", method<added_items>, METH_NOARGS,
     "added_items($self, /)\n--\n\nOf a dict: (key, value) of the new keys."},
    {"updated_keys", method<updated_keys>, METH_NOARGS,
     "updated_keys($self, /)\n--\n\nOf a dict: the list of keys that stay and whose value changed."},
    {"updated_items", method<updated_items>, METH_NOARGS,
     "updated_items($self, /)\n--\n\nOf a dict or list: (key or index, change) of what stays and changed. The change "
     "is the "
     "new "
     "value of a scalar, enum, object, variant or reference, and a Delta of anything else."},
    {"removed_keys", method<removed_keys>, METH_NOARGS,
     "removed_keys($self, /)\n--\n\nOf a dict: the list of keys that go. One that is among the new ones too starts "
     "afresh."},
    {"appended", method<appended>, METH_NOARGS,
     "appended($self, /)\n--\n\nOf a list, buffer, queue or window: the list of what came behind."},
    {"appended_times", method<appended_times>, METH_NOARGS,
     "appended_times($self, /)\n--\n\nOf a window: when each of the appended came."},
    {"appended_items", method<appended_items>, METH_NOARGS,
     "appended_items($self, /)\n--\n\nOf a window: (datetime, value) of the appended."},
    {"kept", method<kept>, METH_NOARGS,
     "kept($self, /)\n--\n\nHow many elements stay: of a list the first ones, of a buffer, queue or window the newest. "
     "0 also "
     "where nothing changes, and of an Array."},
    {"dropped", method<dropped>, METH_NOARGS,
     "dropped($self, /)\n--\n\nHow many go: of a list those behind the kept ones, of a buffer, queue or window the "
     "oldest."},
    {"size", method<size>, METH_NOARGS,
     "size($self, /)\n--\n\nThe length of the list, buffer, queue or window after the change; None if nothing "
     "changes."},
    {"changed", method<changed>, METH_NOARGS,
     "changed($self, /)\n--\n\nOf a struct or tuple: the fields that changed by name or position, as updated_items "
     "shows "
     "them."},
    {"state", method<state>, METH_NOARGS,
     "state($self, /)\n--\n\nOf an optional: 'none', 'reset', 'replaced', or 'inside' if it has a value as before that "
     "changed."},
    {"inside", method<inside>, METH_NOARGS,
     "inside($self, /)\n--\n\nOf an optional that changed inside: the Delta of what it holds; else None. Also of a "
     "time series "
     "that became invalid, if keys that it keeps changed."},
    {"has_new_value", method<has_new_value>, METH_NOARGS,
     "has_new_value($self, /)\n--\n\nOf an optional or of a single value: whether it was replaced."},
    {"new_value", method<new_value>, METH_NOARGS,
     "new_value($self, /)\n--\n\nOf an optional or of a single value: what it was replaced with; None if it was not."},
    {nullptr, nullptr, 0, nullptr}};

} // namespace hgvalue::python
