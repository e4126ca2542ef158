#include "node_sampled.hpp"

#include "node_access.hpp"
#include "node_classes.hpp"
#include "node_value.hpp"
#include "sentinels.hpp"

#include <hgvalue/core/type_registry.hpp>

namespace nb = nanobind;

namespace hgvalue::python {

namespace {

/// What is read at a node, through as many references as there are.
node_ref read_node(const node_ref& n) { return n.type->kind == NodeKind::REF ? engine::reference_read(n).node : n; }

PyObject* sampled_delta(const node_ref& n, const Sampling& s, bool in_target);

/// The delta of a child, given the node in its place before, if there was one.
PyObject* child_delta(const node_ref& child, const node_ref* before) {
    Sampling s{true, before && before->valid(), {}};
    if (s.has_before) s.before = read_node(*before);
    return sampled_delta(read_node(child), s, false);
}

void put(PyObject* dict, PyObject* key, PyObject* value) {
    const nb::object k = owned(key), v = owned(value);
    if (!v.is_none()) checked(PyDict_SetItem(dict, k.ptr(), v.ptr()));
}

PyObject* sampled_bundle(const node_ref& n, const Sampling& s) {
    nb::object dict = owned(PyDict_New());
    for (std::uint32_t i = 0; i < n.type->field_count; ++i) {
        const node_ref child = field_ref(n, i);
        if (!child.valid()) continue;
        const node_ref before = s.has_before ? field_ref(s.before, i) : node_ref{};
        put(dict.ptr(), Py_NewRef(field_name(*n.type, i)), child_delta(child, s.has_before ? &before : nullptr));
    }
    return give(std::move(dict));
}

PyObject* sampled_list(const node_ref& n, const Sampling& s) {
    nb::object dict = owned(PyDict_New());
    const std::uint32_t length = list_length(n), earlier = s.has_before ? list_length(s.before) : 0;
    for (std::uint32_t i = 0; i < length; ++i) {
        const node_ref child = element_ref(n, i);
        if (!child.valid()) continue;
        const node_ref before = i < earlier ? element_ref(s.before, i) : node_ref{};
        put(dict.ptr(), PyLong_FromUnsignedLong(i), child_delta(child, i < earlier ? &before : nullptr));
    }
    for (std::uint32_t i = length; i < earlier; ++i)
        if (element_ref(s.before, i).valid()) put(dict.ptr(), PyLong_FromUnsignedLong(i), Py_NewRef(remove_sentinel()));
    return give(std::move(dict));
}

PyObject* sampled_dict(const node_ref& n, const Sampling& s) {
    nb::object dict = owned(PyDict_New());
    const EarlierKeys keys(n, s);
    for (std::uint32_t row = 0; row < n.rows().size(); ++row) {
        const node_ref child = row_ref(n, row);
        if (!child.valid()) continue;
        const void* key = n.rows().key(*n.type->value, row);
        node_ref before;
        const bool there = keys.contains(key) && earlier_child(s.before, key, before);
        put(dict.ptr(), key_at(n, n.rows(), row), child_delta(child, there ? &before : nullptr));
    }
    keys.for_each_missing([&](std::uint32_t row, bool removed) {
        const node_ref& b = keys.before();
        const node_ref child = removed ? removed_ref(b, row) : row_ref(b, row);
        if (child.valid())
            put(dict.ptr(), key_at(b, removed ? b.keyed().removed->store : b.rows(), row),
                Py_NewRef(remove_sentinel()));
    });
    return give(std::move(dict));
}

/// `in_target`: see there. Such a bundle shows nothing: its fields say what came with it.
PyObject* sampled_delta(const node_ref& n, const Sampling& s, bool in_target) {
    const NodeKind kind = n.type->kind;
    if (kind == NodeKind::TSD && (n.valid() || s.has_before)) return sampled_dict(n, s);
    if (kind == NodeKind::TSS && (n.valid() || s.has_before)) return sampled_set_delta(EarlierKeys(n, s), n);
    if (!n.valid()) return py_none();
    switch (kind) {
    case NodeKind::TSB: return in_target ? owned(PyDict_New()).release().ptr() : sampled_bundle(n, s);
    case NodeKind::TSL: return sampled_list(n, s);
    case NodeKind::TSW: {
        const auto& w = *static_cast<const window_storage*>(n.value);
        if (engine::window_first(n) == w.size()) return py_none(); // what expired may still be in memory
        return owned(to_python(*n.type->scalar, w.element(n.type->scalar->size, w.size() - 1))).release().ptr();
    }
    default: return node_value(n);
    }
}

template <class ForEach> PyObject* frozen(const ForEach& for_each) {
    const nb::object list = owned(build_list(for_each));
    return owned(PyFrozenSet_New(list.ptr())).release().ptr();
}

/// Whether a handle is of a reference's target, or of what is below it with only bundles between.
bool in_target(NodeObject* self) {
    for (; !self->reference; self = as_node(self->parent))
        if (!self->parent || resolve(as_node(self->parent)).type->kind != NodeKind::TSB) return false;
    return true;
}

} // namespace

PyObject* handle_delta(NodeObject* self) {
    const node_ref n = resolve(self);
    const Sampling s = sampling_of(self);
    if (!s.sampled) return node_delta(n);
    if (!(self->reference ? resolve_reference(self) : n).modified()) return py_none();
    return sampled_delta(n, s, in_target(self));
}

PyObject* reference_delta_value(const node_ref& reference) {
    if (!reference.modified()) return py_none();
    const node_ref n = read_node(reference);
    const Sampling s = sampling_of(reference);
    return s.sampled ? sampled_delta(n, s, true) : node_delta(n);
}

PyObject* sampled_added(const EarlierKeys& keys, const node_ref& n) {
    return frozen(
        [&](auto append) { keys.for_each_new([&](std::uint32_t row) { append(key_at(n, n.rows(), row)); }); });
}

PyObject* sampled_removed(const EarlierKeys& keys) {
    return frozen([&](auto append) {
        keys.for_each_missing([&](std::uint32_t row, bool removed) {
            const node_ref& b = keys.before();
            append(key_at(b, removed ? b.keyed().removed->store : b.rows(), row));
        });
    });
}

PyObject* sampled_set_delta(const EarlierKeys& keys, const node_ref& n) {
    const nb::object added = owned(sampled_added(keys, n)), removed = owned(sampled_removed(keys));
    return owned(make_set_delta(added.ptr(), removed.ptr())).release().ptr();
}

} // namespace hgvalue::python
