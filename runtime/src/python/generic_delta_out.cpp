// The Python form of deltas, and its JSON.
#include "generic_delta.hpp"
#include "sentinels.hpp"
#include "short_repr.hpp"

#include <hgvalue/core/type_of.hpp>

namespace hgvalue::python {

namespace {

nb::object content_form(const ConstDeltaView& v, const Shape& shape);

nb::object form_of(const ConstValueView& v, const Shape& shape) {
    if (shape.parts_left) {
        ShortText shown{{}, longest_repr};
        add_form(shown, *v.schema(), v.data(), shape.form);
        if (shown.cut) return standing_for(shown.text);
    }
    return owned(to_python(*v.schema(), v.data(), shape.form));
}

void put(const nb::object& dict, const char* name, const nb::object& value) {
    checked(PyDict_SetItemString(dict.ptr(), name, value.ptr()));
}
void put_count(const nb::object& dict, const char* name, std::size_t count) {
    if (count != 0) put(dict, name, owned(PyLong_FromSize_t(count)));
}

/// What changed in a part: its new value where that tells all, else the form of its delta.
nb::object change_form(const ConstDeltaView& part, const Shape& shape) {
    return is_atomic(*part.value_schema()) ? form_of(part.view(), shape) : content_form(part, shape);
}

nb::object list_of(const ViewRange& range, const Shape& shape) {
    nb::object made = owned(PyList_New(0));
    for (std::size_t i = 0; i < range.size() && shape.takes_more(); ++i)
        checked(PyList_Append(made.ptr(), form_of(range[i], shape).ptr()));
    return made;
}
void put_list(const nb::object& dict, const char* name, const ViewRange& range, const Shape& shape) {
    if (!range.empty()) put(dict, name, list_of(range, shape));
}

/// Indices are text in JSON.
nb::object index_form(std::size_t index, const Shape& shape) {
    if (shape.form == Form::Json) return owned(PyUnicode_FromString(std::to_string(index).c_str()));
    return owned(PyLong_FromSize_t(index));
}

/// {key: value}; a list of [key, value] in JSON, unless keys are text.
template <class ValueForm>
void put_entries(const nb::object& dict, const char* name, const ViewRange& keys, const Shape& shape,
                 const ValueForm& value) {
    if (keys.empty()) return;
    const bool pairs = shape.form == Form::Json && keys[0].schema()->scalar != ScalarKind::Str;
    nb::object made = owned(pairs ? PyList_New(0) : PyDict_New());
    for (std::size_t i = 0; i < keys.size() && shape.takes_more(); ++i) {
        const nb::object k = form_of(keys[i], shape), v = value(i);
        if (!pairs)
            checked(PyDict_SetItem(made.ptr(), k.ptr(), v.ptr()));
        else
            checked(PyList_Append(made.ptr(), owned(Py_BuildValue("[OO]", k.ptr(), v.ptr())).ptr()));
    }
    put(dict, name, made);
}

void put_optional(const nb::object& dict, const ConstOptionalDeltaView& v, const Shape& shape) {
    switch (v.state()) {
    case OptionalChange::None: return;
    case OptionalChange::Reset:
        if (!v.invalidates()) return put(dict, "reset", nb::borrow(Py_True));
        if (v.has_inside()) put(dict, "inside", content_form(v.inside(), shape));
        return;
    case OptionalChange::Replaced: return put(dict, "value", form_of(v.new_value(), shape));
    case OptionalChange::Inside: return put(dict, "inside", content_form(v.inside(), shape));
    }
}

void put_fields(const nb::object& dict, const ConstBundleDeltaView& v, const Shape& shape) {
    for (const std::uint32_t i : v.changed_fields()) {
        if (!shape.takes_more()) return;
        const char* name = v.value_schema()->fields[i].name;
        const nb::object key = name ? owned(PyUnicode_FromString(name)) : index_form(i, shape);
        checked(PyDict_SetItem(dict.ptr(), key.ptr(), change_form(v.field(i), shape).ptr()));
    }
}

void put_updates(const nb::object& dict, const ConstListDeltaView& v, const Shape& shape) {
    const ViewRange indices = v.updated_indices();
    for (std::size_t i = 0; i < indices.size() && shape.takes_more(); ++i) {
        const auto index = static_cast<std::size_t>(*static_cast<const std::uint64_t*>(indices[i].data()));
        checked(PyDict_SetItem(dict.ptr(), index_form(index, shape).ptr(), change_form(v.updated(i), shape).ptr()));
    }
}

void put_list_change(const nb::object& dict, const ConstListDeltaView& v, const Shape& shape) {
    if (v.value_schema()->fixed_size > 0) return put_updates(dict, v, shape);
    put_count(dict, "kept", v.kept());
    put_count(dict, "dropped", v.dropped());
    if (!v.updated_indices().empty()) {
        const nb::object updated = owned(PyDict_New());
        put_updates(updated, v, shape);
        put(dict, "updated", updated);
    }
    put_list(dict, "appended", v.appended(), shape);
}

void put_map_change(const nb::object& dict, const ConstMapDeltaView& v, const Shape& shape) {
    put_list(dict, "removed", v.removed_keys(), shape);
    const ViewPairRange added = v.added_items();
    put_entries(dict, "added", v.added_keys(), shape, [&](std::size_t i) { return form_of(added[i].second, shape); });
    put_entries(dict, "updated", v.updated_keys(), shape,
                [&](std::size_t i) { return change_form(v.updated(i), shape); });
}

void put_ring_change(const nb::object& dict, const ConstWindowDeltaView& v, const Shape& shape) {
    put_count(dict, "kept", v.kept());
    put_count(dict, "dropped", v.dropped());
    if (v.kind() != TypeKind::Window) return put_list(dict, "appended", v.appended(), shape);
    const ViewPairRange items = v.appended_items();
    if (items.size() == 0) return;
    const nb::object pairs = owned(PyList_New(0));
    for (std::size_t i = 0; i < items.size() && shape.takes_more(); ++i) {
        const auto [time, value] = items[i];
        const nb::object t = form_of(time, shape), x = form_of(value, shape);
        const char* brackets = shape.form == Form::Json ? "[OO]" : "(OO)";
        checked(PyList_Append(pairs.ptr(), owned(Py_BuildValue(brackets, t.ptr(), x.ptr())).ptr()));
    }
    put(dict, "appended", pairs);
}

nb::object plain_set_delta(const ConstSetDeltaView& v, const Shape& shape) {
    const nb::object added = owned(PyFrozenSet_New(list_of(v.added(), shape).ptr()));
    const nb::object removed = owned(PyFrozenSet_New(list_of(v.removed(), shape).ptr()));
    return owned(make_set_delta(added.ptr(), removed.ptr()));
}

/// A dict, whatever marks it has.
nb::object set_form(const ConstSetDeltaView& v, const Shape& shape) {
    nb::object dict = owned(PyDict_New());
    put_list(dict, "removed", v.removed(), shape);
    put_list(dict, "added", v.added(), shape);
    return dict;
}

nb::object content_form(const ConstDeltaView& v, const Shape& shape) {
    const TypeMeta& type = *v.value_schema();
    if (type.kind == TypeKind::Set && shape.form == Form::Object && v.marks() == 0 && !type.is(TypeFlags::Ordered))
        return plain_set_delta(v.as_set_delta(), shape);
    nb::object dict = owned(PyDict_New());
    for (const auto& [name, mark] : mark_keys)
        if (v.marks() & mark) put(dict, name, nb::borrow(Py_True));
    switch (type.kind) {
    case TypeKind::Optional: put_optional(dict, v.as_optional_delta(), shape); break;
    case TypeKind::Bundle:
    case TypeKind::Tuple: put_fields(dict, v.as_bundle_delta(), shape); break;
    case TypeKind::List: put_list_change(dict, v.as_list_delta(), shape); break;
    case TypeKind::Set:
        put_list(dict, "removed", v.as_set_delta().removed(), shape);
        put_list(dict, "added", v.as_set_delta().added(), shape);
        break;
    case TypeKind::Map: put_map_change(dict, v.as_map_delta(), shape); break;
    case TypeKind::CyclicBuffer:
    case TypeKind::Queue:
    case TypeKind::Window: put_ring_change(dict, v.as_window_delta(), shape); break;
    case TypeKind::Scalar:
    case TypeKind::Variant:
    case TypeKind::Ref:
        if (const ConstValueView value = v.as_atomic_delta().new_value(); value.valid())
            put(dict, "value", form_of(value, shape));
        break;
    }
    return dict;
}

} // namespace

nb::object delta_form(UsedDelta& delta, const Shape& shape) {
    nb::object made = content_form(delta.view(), shape);
    const datetime time{delta.time()};
    if (time.us == MIN_DT) return made;
    if (!PyDict_Check(made.ptr())) made = set_form(delta.view().as_set_delta(), shape);
    put(made, time_key, owned(to_python(type_of<datetime>(), &time, shape.form)));
    return made;
}

} // namespace hgvalue::python
