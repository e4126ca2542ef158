#include "node_value.hpp"

#include "convert.hpp"
#include "node_classes.hpp"
#include "node_sampled.hpp"
#include "sentinels.hpp"

#include <hgvalue/core/type_of.hpp>
#include <hgvalue/time_series/engine.hpp>

#include <nanobind/nanobind.h>

#include <algorithm>
#include <vector>

namespace nb = nanobind;

namespace hgvalue::python {

namespace {

nb::object key_object(const node_ref& n, const row_store& store, std::uint32_t row) {
    return owned(to_python(key_meta(*n.type->value), store.key(*n.type->value, row)));
}

nb::object new_dict() { return owned(PyDict_New()); }

void set_field(const nb::object& dict, PyObject* name, PyObject* value) {
    const nb::object v = owned(value);
    checked(PyDict_SetItem(dict.ptr(), name, v.ptr()));
}

PyObject* bundle_value(const node_ref& n) {
    nb::object dict = new_dict();
    for (std::uint32_t i = 0; i < n.type->field_count; ++i)
        if (const node_ref c = field_ref(n, i); c.valid()) {
            const nb::object value = owned(node_value(c));
            // A window that is not filled to its minimum is valid and yet has nothing to show.
            if (!value.is_none()) checked(PyDict_SetItem(dict.ptr(), field_name(*n.type, i), value.ptr()));
        }
    return dict.release().ptr();
}

PyObject* list_value(const node_ref& n) {
    const std::uint32_t count = list_length(n);
    nb::object tuple = owned(PyTuple_New(count));
    for (std::uint32_t i = 0; i < count; ++i)
        checked(PyTuple_SetItem(tuple.ptr(), i, owned(node_value(element_ref(n, i))).release().ptr()));
    return tuple.release().ptr();
}

PyObject* dict_value(const node_ref& n) {
    nb::object dict = new_dict();
    for (std::uint32_t row = 0; row < n.rows().size(); ++row) {
        const nb::object key = key_object(n, n.rows(), row);
        const nb::object value = owned(node_value(row_ref(n, row)));
        checked(PyDict_SetItem(dict.ptr(), key.ptr(), value.ptr()));
    }
    return dict.release().ptr();
}

PyObject* window_value(const node_ref& n) {
    const auto& w = *static_cast<const window_storage*>(n.value);
    const std::uint32_t first = engine::window_first(n);
    if (!n.type->by_time && w.size() < n.type->window_minimum) return Py_NewRef(Py_None);
    const std::uint32_t count = w.size() - first;
    if (count == 0) return owned(array_to_python(*n.type->scalar, {})).release().ptr();
    const std::uint32_t until_end = std::min(count, w.capacity() - w.position(first));
    const std::size_t size = n.type->scalar->size;
    return owned(array_to_python(*n.type->scalar, {w.element(size, first), until_end},
                                 {w.element(size, first + until_end), count - until_end}))
        .release()
        .ptr();
}

PyObject* bundle_delta(const node_ref& n) {
    nb::object dict = new_dict();
    for (std::uint32_t i = 0; i < n.type->field_count; ++i)
        if (child_touched(n, i))
            if (const node_ref c = field_ref(n, i); has_delta(c))
                set_field(dict, field_name(*n.type, i), node_delta(c));
    return dict.release().ptr();
}

void set_index(const nb::object& dict, std::uint32_t index, const nb::object& value) {
    const nb::object key = owned(PyLong_FromUnsignedLong(index));
    checked(PyDict_SetItem(dict.ptr(), key.ptr(), value.ptr()));
}

PyObject* list_delta(const node_ref& n) {
    nb::object dict = new_dict();
    const std::uint32_t count = list_length(n);
    if (n.type->list_size) {
        for (std::uint32_t i = 0; i < count; ++i)
            if (child_touched(n, i))
                if (const node_ref c = element_ref(n, i); has_delta(c)) set_index(dict, i, owned(node_delta(c)));
        return dict.release().ptr();
    }
    const list_state& s = n.list();
    std::vector<std::uint32_t> changed(s.changed);
    std::sort(changed.begin(), changed.end());
    changed.erase(std::unique(changed.begin(), changed.end()), changed.end()); // dropped and created again
    for (const std::uint32_t i : changed)
        if (i < count)
            if (const node_ref c = element_ref(n, i); has_delta(c)) set_index(dict, i, owned(node_delta(c)));
    for (std::uint32_t i = count; i < s.size_at_start && i < s.dropped.size(); ++i)
        if (s.dropped[i] & RowFlag::EverValid) set_index(dict, i, nb::borrow(remove_sentinel()));
    return dict.release().ptr();
}

PyObject* dict_delta(const node_ref& n) {
    nb::object dict = new_dict();
    for_each_written(n, [&](std::uint32_t row) {
        const node_ref c = row_ref(n, row);
        if (!has_delta(c)) return;
        const nb::object key = key_object(n, n.rows(), row);
        const nb::object value = owned(node_delta(c));
        checked(PyDict_SetItem(dict.ptr(), key.ptr(), value.ptr()));
    });
    for_each_removed(n, [&](std::uint32_t row) {
        const removed_rows& r = *n.keyed().removed;
        if (!(r.flags[row] & RowFlag::EverValid)) return;
        const nb::object key = key_object(n, r.store, row);
        checked(PyDict_SetItem(dict.ptr(), key.ptr(), remove_sentinel()));
    });
    return dict.release().ptr();
}

template <class ForEach> PyObject* frozen_keys(const ForEach& for_each) {
    nb::object list = owned(PyList_New(0));
    for_each([&](const nb::object& key) { checked(PyList_Append(list.ptr(), key.ptr())); });
    return owned(PyFrozenSet_New(list.ptr())).release().ptr();
}

} // namespace

bool has_delta(const node_ref& n) {
    if (!n.modified()) return false;
    if (n.type->kind == NodeKind::TSW) return n.window().appended != 0;
    if (n.type->kind != NodeKind::REF) return true;
    const reference_view v = engine::reference_read(n);
    if (v.sampled && !v.node.valid() && !v.has_before) return false; // it let go of what went in the same tick
    if (v.node.type->kind != NodeKind::TSW) return true;
    const auto& w = *static_cast<const window_storage*>(v.node.value);
    return v.sampled ? engine::window_first(v.node) != w.size() : has_delta(v.node);
}

PyObject* node_value(const node_ref& n) {
    if (!n.valid()) return Py_NewRef(Py_None);
    switch (n.type->kind) {
    case NodeKind::TS:
    case NodeKind::SIGNAL: return owned(to_python(*n.type->scalar, n.value)).release().ptr();
    case NodeKind::TSB: return bundle_value(n);
    case NodeKind::TSL: return list_value(n);
    case NodeKind::TSS: return key_frozenset(n);
    case NodeKind::TSD: return dict_value(n);
    case NodeKind::TSW: return window_value(n);
    case NodeKind::REF: return node_value(engine::reference_read(n).node);
    }
    return Py_NewRef(Py_None);
}

PyObject* node_delta(const node_ref& n) {
    if (!has_delta(n)) return Py_NewRef(Py_None);
    switch (n.type->kind) {
    case NodeKind::TS:
    case NodeKind::SIGNAL: return owned(to_python(*n.type->scalar, n.value)).release().ptr();
    case NodeKind::TSB: return bundle_delta(n);
    case NodeKind::TSL: return list_delta(n);
    case NodeKind::TSS: return set_delta_of(n);
    case NodeKind::TSD: return dict_delta(n);
    case NodeKind::TSW: {
        const auto& w = *static_cast<const window_storage*>(n.value);
        return owned(to_python(*n.type->scalar, w.element(n.type->scalar->size, w.size() - 1))).release().ptr();
    }
    case NodeKind::REF: return reference_delta_value(n);
    }
    return Py_NewRef(Py_None);
}

PyObject* added_keys(const node_ref& n) {
    return frozen_keys(
        [&](const auto& f) { for_each_added(n, [&](std::uint32_t row) { f(key_object(n, n.rows(), row)); }); });
}

PyObject* removed_keys(const node_ref& n) {
    return frozen_keys([&](const auto& f) {
        for_each_removed(n, [&](std::uint32_t row) { f(key_object(n, n.keyed().removed->store, row)); });
    });
}

PyObject* key_frozenset(const node_ref& n) {
    return frozen_keys([&](const auto& f) {
        for (std::uint32_t row = 0; row < n.rows().size(); ++row) f(key_object(n, n.rows(), row));
    });
}

PyObject* set_delta_of(const node_ref& n) {
    const nb::object added = owned(added_keys(n));
    const nb::object removed = owned(removed_keys(n));
    return owned(make_set_delta(added.ptr(), removed.ptr())).release().ptr();
}

PyObject* window_times(const node_ref& n) {
    if (!n.valid()) return Py_NewRef(Py_None);
    const auto& w = *static_cast<const window_storage*>(n.value);
    if (!n.type->by_time && w.size() < n.type->window_minimum) return Py_NewRef(Py_None);
    const std::uint32_t first = engine::window_first(n);
    std::vector<datetime> times;
    times.reserve(w.size() - first);
    for (std::uint32_t i = first; i < w.size(); ++i) times.push_back({w.time(i)});
    return owned(array_to_python(type_of<datetime>(), {times.data(), times.size()})).release().ptr();
}

} // namespace hgvalue::python
