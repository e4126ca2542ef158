// The Python form of deltas, and its JSON.
#include "generic_delta.hpp"
#include "sentinels.hpp"

#include <hgvalue/core/type_of.hpp>

namespace hgvalue::python {

namespace {

nb::object content_form(const ConstDeltaView& v, Form form);

nb::object form_of(const ConstValueView& v, Form form) { return owned(to_python(*v.schema(), v.data(), form)); }

void put(const nb::object& dict, const char* name, const nb::object& value) {
    checked(PyDict_SetItemString(dict.ptr(), name, value.ptr()));
}
void put_count(const nb::object& dict, const char* name, std::size_t count) {
    if (count != 0) put(dict, name, owned(PyLong_FromSize_t(count)));
}

/// What changed in a part: its new value where that tells all, else the form of its delta.
nb::object change_form(const ConstDeltaView& part, Form form) {
    return is_atomic(*part.value_schema()) ? form_of(part.view(), form) : content_form(part, form);
}

nb::object list_of(const ViewRange& range, Form form) {
    nb::object made = owned(PyList_New(0));
    for (std::size_t i = 0; i < range.size(); ++i) checked(PyList_Append(made.ptr(), form_of(range[i], form).ptr()));
    return made;
}
void put_list(const nb::object& dict, const char* name, const ViewRange& range, Form form) {
    if (!range.empty()) put(dict, name, list_of(range, form));
}

/// Indices are text in JSON.
nb::object index_form(std::size_t index, Form form) {
    if (form == Form::Json) return owned(PyUnicode_FromString(std::to_string(index).c_str()));
    return owned(PyLong_FromSize_t(index));
}

/// {key: value}; a list of [key, value] in JSON, unless keys are text.
template <class ValueForm>
void put_entries(const nb::object& dict, const char* name, const ViewRange& keys, Form form, const ValueForm& value) {
    if (keys.empty()) return;
    const bool pairs = form == Form::Json && keys[0].schema()->scalar != ScalarKind::Str;
    nb::object made = owned(pairs ? PyList_New(0) : PyDict_New());
    for (std::size_t i = 0; i < keys.size(); ++i) {
        const nb::object k = form_of(keys[i], form), v = value(i);
        if (!pairs)
            checked(PyDict_SetItem(made.ptr(), k.ptr(), v.ptr()));
        else
            checked(PyList_Append(made.ptr(), owned(Py_BuildValue("[OO]", k.ptr(), v.ptr())).ptr()));
    }
    put(dict, name, made);
}

void put_optional(const nb::object& dict, const ConstOptionalDeltaView& v, Form form) {
    switch (v.state()) {
    case OptionalChange::None: return;
    case OptionalChange::Reset:
        if (!v.invalidates()) return put(dict, "reset", nb::borrow(Py_True));
        if (v.has_inside()) put(dict, "inside", content_form(v.inside(), form));
        return;
    case OptionalChange::Replaced: return put(dict, "value", form_of(v.new_value(), form));
    case OptionalChange::Inside: return put(dict, "inside", content_form(v.inside(), form));
    }
}

void put_fields(const nb::object& dict, const ConstBundleDeltaView& v, Form form) {
    for (const std::uint32_t i : v.changed_fields()) {
        const char* name = v.value_schema()->fields[i].name;
        const nb::object key = name ? owned(PyUnicode_FromString(name)) : index_form(i, form);
        checked(PyDict_SetItem(dict.ptr(), key.ptr(), change_form(v.field(i), form).ptr()));
    }
}

void put_updates(const nb::object& dict, const ConstListDeltaView& v, Form form) {
    const ViewRange indices = v.updated_indices();
    for (std::size_t i = 0; i < indices.size(); ++i) {
        const auto index = static_cast<std::size_t>(*static_cast<const std::uint64_t*>(indices[i].data()));
        checked(PyDict_SetItem(dict.ptr(), index_form(index, form).ptr(), change_form(v.updated(i), form).ptr()));
    }
}

void put_list_change(const nb::object& dict, const ConstListDeltaView& v, Form form) {
    if (v.value_schema()->fixed_size > 0) return put_updates(dict, v, form);
    put_count(dict, "kept", v.kept());
    put_count(dict, "dropped", v.dropped());
    if (!v.updated_indices().empty()) {
        const nb::object updated = owned(PyDict_New());
        put_updates(updated, v, form);
        put(dict, "updated", updated);
    }
    put_list(dict, "appended", v.appended(), form);
}

void put_map_change(const nb::object& dict, const ConstMapDeltaView& v, Form form) {
    put_list(dict, "removed", v.removed_keys(), form);
    const ViewPairRange added = v.added_items();
    put_entries(dict, "added", v.added_keys(), form, [&](std::size_t i) { return form_of(added[i].second, form); });
    put_entries(dict, "updated", v.updated_keys(), form,
                [&](std::size_t i) { return change_form(v.updated(i), form); });
}

void put_ring_change(const nb::object& dict, const ConstWindowDeltaView& v, Form form) {
    put_count(dict, "kept", v.kept());
    put_count(dict, "dropped", v.dropped());
    if (v.kind() != TypeKind::Window) return put_list(dict, "appended", v.appended(), form);
    const ViewPairRange items = v.appended_items();
    if (items.size() == 0) return;
    const nb::object pairs = owned(PyList_New(0));
    for (std::size_t i = 0; i < items.size(); ++i) {
        const auto [time, value] = items[i];
        const nb::object t = form_of(time, form), x = form_of(value, form);
        const char* shape = form == Form::Json ? "[OO]" : "(OO)";
        checked(PyList_Append(pairs.ptr(), owned(Py_BuildValue(shape, t.ptr(), x.ptr())).ptr()));
    }
    put(dict, "appended", pairs);
}

nb::object plain_set_delta(const ConstSetDeltaView& v) {
    const nb::object added = owned(PyFrozenSet_New(list_of(v.added(), Form::Object).ptr()));
    const nb::object removed = owned(PyFrozenSet_New(list_of(v.removed(), Form::Object).ptr()));
    return owned(make_set_delta(added.ptr(), removed.ptr()));
}

/// A dict, whatever marks it has.
nb::object set_form(const ConstSetDeltaView& v, Form form) {
    nb::object dict = owned(PyDict_New());
    put_list(dict, "removed", v.removed(), form);
    put_list(dict, "added", v.added(), form);
    return dict;
}

nb::object content_form(const ConstDeltaView& v, Form form) {
    const TypeMeta& type = *v.value_schema();
    if (type.kind == TypeKind::Set && form == Form::Object && v.marks() == 0 && !type.is(TypeFlags::Ordered))
        return plain_set_delta(v.as_set_delta());
    nb::object dict = owned(PyDict_New());
    for (const auto& [name, mark] : mark_keys)
        if (v.marks() & mark) put(dict, name, nb::borrow(Py_True));
    switch (type.kind) {
    case TypeKind::Optional: put_optional(dict, v.as_optional_delta(), form); break;
    case TypeKind::Bundle:
    case TypeKind::Tuple: put_fields(dict, v.as_bundle_delta(), form); break;
    case TypeKind::List: put_list_change(dict, v.as_list_delta(), form); break;
    case TypeKind::Set:
        put_list(dict, "removed", v.as_set_delta().removed(), form);
        put_list(dict, "added", v.as_set_delta().added(), form);
        break;
    case TypeKind::Map: put_map_change(dict, v.as_map_delta(), form); break;
    case TypeKind::CyclicBuffer:
    case TypeKind::Queue:
    case TypeKind::Window: put_ring_change(dict, v.as_window_delta(), form); break;
    case TypeKind::Scalar:
    case TypeKind::Variant:
    case TypeKind::Ref:
        if (const ConstValueView value = v.as_atomic_delta().new_value(); value.valid())
            put(dict, "value", form_of(value, form));
        break;
    }
    return dict;
}

} // namespace

nb::object delta_form(UsedDelta& delta, Form form) {
    nb::object made = content_form(delta.view(), form);
    const datetime time{delta.time()};
    if (time.us == MIN_DT) return made;
    if (!PyDict_Check(made.ptr())) made = set_form(delta.view().as_set_delta(), form);
    put(made, time_key, owned(to_python(type_of<datetime>(), &time, form)));
    return made;
}

} // namespace hgvalue::python
