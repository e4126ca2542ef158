// TSS, and the key_set of a TSD, which reads like one.
#include "node_access.hpp"
#include "node_classes.hpp"
#include "node_sampled.hpp"
#include "node_value.hpp"
#include "observers.hpp"

#include <hgvalue/core/type_of.hpp>

#include <algorithm>

namespace nb = nanobind;

namespace hgvalue::python {

namespace {

Py_ssize_t length(PyObject* self) {
    return guarded_hot([&]() -> Py_ssize_t { return static_cast<Py_ssize_t>(resolve(as_node(self)).rows().size()); });
}

int contains(PyObject* self, PyObject* key) {
    return guarded_hot([&]() -> int { return find_key(self, key) != no_row; });
}

PyObject* values(PyObject* self, PyObject*) {
    return guarded([&]() -> PyObject* { return key_frozenset(resolve(as_node(self))); });
}

PyObject* iterate(PyObject* self) {
    return guarded([&]() -> PyObject* {
        const node_ref& n = resolve(as_node(self));
        const nb::object list = owned(build_list([&](auto append) {
            for (std::uint32_t row = 0; row < n.rows().size(); ++row) append(key_at(n, n.rows(), row));
        }));
        return PyObject_GetIter(list.ptr());
    });
}

PyObject* added(PyObject* self, PyObject*) {
    return guarded([&]() -> PyObject* {
        const node_ref n = resolve(as_node(self));
        const Sampling s = sampling_of(as_node(self));
        return s.sampled ? sampled_added({n, s}, n) : added_keys(n);
    });
}

PyObject* removed(PyObject* self, PyObject*) {
    return guarded([&]() -> PyObject* {
        const node_ref n = resolve(as_node(self));
        const Sampling s = sampling_of(as_node(self));
        return s.sampled ? sampled_removed({n, s}) : removed_keys(n);
    });
}

PyObject* was_added(PyObject* self, PyObject* key) {
    return guarded([&]() -> PyObject* {
        const std::uint32_t row = find_key(self, key);
        const node_ref n = resolve(as_node(self));
        if (const Sampling s = sampling_of(as_node(self)); s.sampled)
            return py_bool(row != no_row && !EarlierKeys(n, s).contains(n.rows().key(*n.type->value, row)));
        return py_bool(row != no_row && engine::record_is_current(n) && n.keyed().flags[row] & RowFlag::Added);
    });
}

PyObject* was_removed(PyObject* self, PyObject* key) {
    return guarded([&]() -> PyObject* {
        const PathStep start = here(self);
        const TypeMeta& type = *resolve(as_node(self)).type->value;
        const PythonKey k(key_meta(type), key, &start);
        const node_ref n = resolve(as_node(self));
        if (const Sampling s = sampling_of(as_node(self)); s.sampled)
            return py_bool(find_row(type, n.rows(), k.data(), k.hash()) == no_row &&
                           EarlierKeys(n, s).contains(k.data()));
        return py_bool(engine::find_removed(n, k.data(), k.hash()) != no_row);
    });
}

/// Converts an element and calls `f(node, element, hash, row)` with the node as it is afterwards.
template <class F> PyObject* change(PyObject* self, PyObject* element, F&& f) {
    return guarded([&]() -> PyObject* {
        const ObjectGuard guard;
        const PathStep start = here(self);
        const NodeType& t = *resolve_for_write(as_node(self)).type;
        as_node(self)->ref.context->writing_time();
        Arena arena;
        void* key = arena.make_value(*t.scalar);
        from_python(*t.scalar, key, element, &start);
        const std::size_t hash = t.scalar->ops->hash(*t.scalar, key);
        const node_ref n = resolve_for_write(as_node(self));
        f(n, key, hash, find_row(*t.value, n.rows(), key, hash));
        return py_none();
    });
}

PyObject* add(PyObject* self, PyObject* element) {
    return change(self, element, [](const node_ref& n, const void* key, std::size_t hash, std::uint32_t row) {
        if (row == no_row) engine::insert_row(n, key, hash);
    });
}

PyObject* remove(PyObject* self, PyObject* element) {
    return change(self, element, [](const node_ref& n, const void*, std::size_t, std::uint32_t row) {
        if (row != no_row) engine::erase_row(n, row);
    });
}

// -- key_set: the times are those of the keys ------------------------------------------------------------------------

/// When a key last came or went; through a reference, not before it came to refer to the dict.
engine_time_t keys_modified_at(const node_ref& n) {
    const engine_time_t t = n.keyed().key_set_modified;
    return t == MIN_DT ? t : std::max(t, n.since);
}

bool keys_ticked(const node_ref& n) { return keys_modified_at(n) == n.now() && n.now() != MIN_DT; }

/// Whether keys that were seen through a reference are not any more.
bool keys_vanished(const node_ref& n, const Sampling& s) {
    bool any = false;
    if (s.sampled) EarlierKeys(n, s).for_each_missing([&](std::uint32_t, bool) { any = true; });
    return any;
}

PyObject* keys_value(PyObject* self, void*) {
    return guarded([&]() -> PyObject* {
        const node_ref& n = resolve(as_node(self));
        return n.keyed().key_set_modified == MIN_DT ? py_none() : key_frozenset(n);
    });
}

PyObject* keys_delta(PyObject* self, void*) {
    return guarded([&]() -> PyObject* {
        const node_ref n = resolve(as_node(self));
        const Sampling s = sampling_of(as_node(self));
        if (!keys_ticked(n) && !keys_vanished(n, s)) return py_none();
        return s.sampled ? sampled_set_delta({n, s}, n) : set_delta_of(n);
    });
}

PyObject* keys_modified(PyObject* self, void*) {
    return guarded([&]() -> PyObject* {
        const node_ref n = resolve(as_node(self));
        return py_bool(keys_ticked(n) || keys_vanished(n, sampling_of(as_node(self))));
    });
}

PyObject* keys_valid(PyObject* self, void*) {
    return guarded_hot(
        [&]() -> PyObject* { return py_bool(resolve(as_node(self)).keyed().key_set_modified != MIN_DT); });
}

PyObject* keys_time(PyObject* self, void*) {
    return guarded_hot([&]() -> PyObject* { return time_to_python(keys_modified_at(resolve(as_node(self)))); });
}

PyMethodDef methods[] = {
    HGVALUE_SUBSCRIBE_ELEMENTS,
    HGVALUE_SUBSCRIBE_STRUCTURE,
    HGVALUE_SUBSCRIBE_KEY,
    {"values", values, METH_NOARGS, "values($self, /)\n--\n\nThe elements, as a frozenset."},
    {"added", added, METH_NOARGS,
     "added($self, /)\n--\n\nThe elements that are there now and were not when the tick began."},
    {"removed", removed, METH_NOARGS,
     "removed($self, /)\n--\n\nThe elements that were there when the tick began and are not now."},
    {"was_added", was_added, METH_O, "was_added($self, key, /)\n--\n\nWhether the element is in added()."},
    {"was_removed", was_removed, METH_O, "was_removed($self, key, /)\n--\n\nWhether the element is in removed()."},
    {"add", add, METH_O, "add($self, element, /)\n--\n\nAdds an element; nothing happens if it is there."},
    {"remove", remove, METH_O,
     "remove($self, element, /)\n--\n\nRemoves an element; nothing happens if it is not there."},
    {nullptr, nullptr, 0, nullptr}};

PyGetSetDef key_set_getset[] = {
    {"value", keys_value, nullptr, "The keys, as a frozenset.", nullptr},
    {"delta_value", keys_delta, nullptr, "The keys that came and went in this tick, or None.", nullptr},
    {"modified", keys_modified, nullptr, "Whether a key came or went in this tick.", nullptr},
    {"valid", keys_valid, nullptr, "Whether the dict was ever written.", nullptr},
    {"all_valid", keys_valid, nullptr, "The same as valid.", nullptr},
    {"last_modified_time", keys_time, nullptr, "When a key last came or went.", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr}};

} // namespace

PyType_Slot tss_slots[] = {{Py_tp_doc, const_cast<char*>("A set that changes: TSS[T].")},
                           {Py_tp_methods, methods},
                           {Py_tp_iter, reinterpret_cast<void*>(iterate)},
                           {Py_sq_length, reinterpret_cast<void*>(length)},
                           {Py_sq_contains, reinterpret_cast<void*>(contains)},
                           {0, nullptr}};

PyType_Slot key_set_slots[] = {{Py_tp_doc, const_cast<char*>("The keys of a TSD, as a TSS that follows them.")},
                               {Py_tp_getset, key_set_getset},
                               {0, nullptr}};

} // namespace hgvalue::python
