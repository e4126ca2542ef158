// TSD: dicts of time series.
#include "columns.hpp"
#include "columns_out.hpp"
#include "generic_class.hpp"
#include "node_access.hpp"
#include "node_classes.hpp"
#include "node_sampled.hpp"
#include "node_value.hpp"
#include "observers.hpp"

namespace nb = nanobind;

namespace hgvalue::python {

namespace {

[[noreturn]] void throw_no_key(PyObject* self, PyObject* key) {
    const PathStep start = here(self);
    const PathStep step = PathStep::at_key(&start, key);
    throw KeyError(prefix(&step) + "no such key");
}

/// A converted key, and the dict as it is after converting.
struct KeyOf {
    Arena arena;
    void* key;
    std::size_t hash;
    node_ref node;
    std::uint32_t row;

    KeyOf(PyObject* self, PyObject* k) {
        const PathStep start = here(self);
        const NodeType& t = *resolve_for_write(as_node(self)).type;
        as_node(self)->ref.context->writing_time();
        key = arena.make_value(*t.scalar);
        from_python(*t.scalar, key, k, &start);
        hash = t.scalar->ops->hash(*t.scalar, key);
        node = resolve_for_write(as_node(self));
        row = find_row(*t.value, node.rows(), key, hash);
    }
};

PyObject* get_item(PyObject* self, PyObject* key) {
    return guarded_hot([&]() -> PyObject* {
        const std::uint32_t row = find_key(self, key);
        if (row == no_row) throw_no_key(self, key);
        return row_handle(as_node(self), row);
    });
}

int set_item(PyObject* self, PyObject* key, PyObject* value) {
    return guarded([&]() -> int {
        const ObjectGuard guard;
        if (!value) {
            const KeyOf k(self, key);
            if (k.row == no_row) throw_no_key(self, key);
            engine::erase_row(k.node, k.row);
            return 0;
        }
        if (value == Py_None) {
            const KeyOf k(self, key);
            if (k.row != no_row) engine::invalidate(row_ref(k.node, k.row));
            return 0;
        }
        const nb::object entry = owned(PyDict_New());
        if (PyDict_SetItem(entry.ptr(), key, value) < 0) throw nb::python_error();
        write_node(self, entry.ptr(), NoneMeans::Nothing);
        return 0;
    });
}

PyObject* get(PyObject* self, PyObject* args) {
    return guarded_hot([&]() -> PyObject* {
        PyObject *key = nullptr, *otherwise = Py_None;
        if (!PyArg_UnpackTuple(args, "get", 1, 2, &key, &otherwise)) throw nb::python_error();
        const std::uint32_t row = find_key(self, key);
        return row == no_row ? Py_NewRef(otherwise) : row_handle(as_node(self), row);
    });
}

PyObject* get_or_create(PyObject* self, PyObject* key) {
    return guarded([&]() -> PyObject* {
        const std::uint32_t there = find_key(self, key);
        if (there != no_row) return row_handle(as_node(self), there);
        const ObjectGuard guard;
        const KeyOf k(self, key);
        mutation_scope scope(*k.node.context);
        const std::uint32_t row = k.row != no_row ? k.row : engine::insert_row(k.node, k.key, k.hash);
        nb::object child = owned(row_handle(as_node(self), row));
        scope.finish();
        return give(std::move(child));
    });
}

PyObject* pop(PyObject* self, PyObject* args) {
    return guarded([&]() -> PyObject* {
        const ObjectGuard guard;
        PyObject *key = nullptr, *otherwise = Py_None;
        if (!PyArg_UnpackTuple(args, "pop", 1, 2, &key, &otherwise)) throw nb::python_error();
        const KeyOf k(self, key);
        if (k.row == no_row) return Py_NewRef(otherwise);
        nb::object last = [&] { return owned(node_value(row_ref(k.node, k.row))); }();
        engine::erase_row(k.node, k.row);
        return give(std::move(last));
    });
}

Py_ssize_t length(PyObject* self) {
    return guarded_hot([&]() -> Py_ssize_t { return static_cast<Py_ssize_t>(resolve(as_node(self)).rows().size()); });
}

int contains(PyObject* self, PyObject* key) {
    return guarded_hot([&]() -> int { return find_key(self, key) != no_row; });
}

enum class Which : std::uint8_t { All, Modified, Valid, Added, Removed };

/// Calls `f(row)` for the rows in question; those of Removed are rows of what the tick removed.
template <Which which, class F> void for_each_row(const node_ref& n, F&& f) {
    if constexpr (which == Which::Modified)
        for_each_written(n, f);
    else if constexpr (which == Which::Added)
        for_each_added(n, f);
    else if constexpr (which == Which::Removed)
        for_each_removed(n, f);
    else
        for (std::uint32_t row = 0; row < n.rows().size(); ++row)
            if (which == Which::All || row_ref(n, row).valid()) f(row);
}

/// One entry of a listing. `child` makes its handle.
template <Show show, class Append, class Key, class Child> void append_entry(Append& append, Key&& key, Child&& child) {
    if constexpr (show == Show::Keys)
        append(key());
    else if constexpr (show == Show::Values)
        append(child());
    else
        append(pair(key(), child()));
}

/// As listing, where the tick began to show the dict through a reference.
template <Which which, Show show> PyObject* sampled_listing(PyObject* self, const node_ref& n, const Sampling& s) {
    return build_list([&](auto append) {
        const EarlierKeys keys(n, s);
        const auto add = [&](std::uint32_t row) {
            append_entry<show>(
                append, [&] { return key_at(n, n.rows(), row); }, [&] { return row_handle(as_node(self), row); });
        };
        if constexpr (which == Which::Modified)
            for_each_row<Which::Valid>(n, add);
        else if constexpr (which == Which::Added)
            keys.for_each_new(add);
        else if (s.has_before) {
            const node_ref& b = keys.before();
            const nb::object earlier = owned(handle_of(b));
            keys.for_each_missing([&](std::uint32_t row, bool removed) {
                append_entry<show>(
                    append, [&] { return key_at(b, removed ? b.keyed().removed->store : b.rows(), row); },
                    [&]() -> PyObject* {
                        if (earlier.is_none()) return py_none();
                        return removed ? removed_handle(as_node(earlier.ptr()), row)
                                       : row_handle(as_node(earlier.ptr()), row);
                    });
            });
        }
    });
}

template <Which which, Show show> PyObject* listing(PyObject* self, PyObject*) {
    return guarded([&]() -> PyObject* {
        const node_ref n = resolve(as_node(self));
        if constexpr (which == Which::Modified || which == Which::Added || which == Which::Removed)
            if (const Sampling s = sampling_of(as_node(self)); s.sampled)
                return sampled_listing<which, show>(self, n, s);
        constexpr bool gone = which == Which::Removed;
        return build_list([&](auto append) {
            for_each_row<which>(n, [&](std::uint32_t row) {
                const row_store& store = gone ? n.keyed().removed->store : n.rows();
                const auto child = [&] {
                    return gone ? removed_handle(as_node(self), row) : row_handle(as_node(self), row);
                };
                append_entry<show>(append, [&] { return key_at(n, store, row); }, child);
            });
        });
    });
}

PyObject* iterate(PyObject* self) {
    return guarded([&]() -> PyObject* {
        const nb::object keys = owned(listing<Which::All, Show::Keys>(self, nullptr));
        return PyObject_GetIter(keys.ptr());
    });
}

PyObject* get_key_set(PyObject* self, void*) {
    return guarded([&]() -> PyObject* { return key_set_handle(as_node(self)); });
}

PyObject* was_added(PyObject* self, PyObject* key) {
    return guarded([&]() -> PyObject* {
        const nb::object keys = owned(key_set_handle(as_node(self)));
        return PyObject_CallMethod(keys.ptr(), "was_added", "O", key);
    });
}

PyObject* was_removed(PyObject* self, PyObject* key) {
    return guarded([&]() -> PyObject* {
        const nb::object keys = owned(key_set_handle(as_node(self)));
        return PyObject_CallMethod(keys.ptr(), "was_removed", "O", key);
    });
}

PyGetSetDef getset[] = {
    {"key_set", get_key_set, nullptr, "The keys, as a TSS that ticks when one comes or goes.", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr}};

PyMethodDef methods[] = {
    HGVALUE_SUBSCRIBE_ELEMENTS,
    HGVALUE_SUBSCRIBE_STRUCTURE,
    HGVALUE_SUBSCRIBE_KEY,
    {"get", get, METH_VARARGS, "get($self, key, default=None, /)\n--\n\nThe child of a key, or the second argument."},
    {"get_or_create", get_or_create, METH_O,
     "get_or_create($self, key, /)\n--\n\nThe child of a key, created if it is not there."},
    {"pop", pop, METH_VARARGS,
     "pop($self, key, default=None, /)\n--\n\nRemoves a key and returns its last value, or the second argument if it "
     "is not there."},
    {"resolve", tsd_resolve, METH_O,
     "resolve($self, keys, /)\n--\n\nSlots of keys, for update_columns; they stay good while other keys come and go."},
    {"update_columns", with_keywords(tsd_update_columns), METH_VARARGS | METH_KEYWORDS,
     "update_columns($self, keys, columns=None, /, **named)\n--\n\nWrites many keys at once, from arrays."},
    {"to_arrow", with_keywords(tsd_to_arrow), METH_VARARGS | METH_KEYWORDS,
     "to_arrow($self, *, key='key', columns=None)\n--\n\nAll keys and columns as an Arrow table."},
    {"view_columns", tsd_view_columns, METH_NOARGS,
     "view_columns($self, /)\n--\n\nThe columns of numbers and times, in place: a dict of arrays."},
    {"__arrow_c_stream__", with_keywords(tsd_arrow_stream), METH_VARARGS | METH_KEYWORDS, nullptr},
    {"keys", listing<Which::All, Show::Keys>, METH_NOARGS, "keys($self, /)\n--\n\nAll keys, in no promised order."},
    {"values", listing<Which::All, Show::Values>, METH_NOARGS, "values($self, /)\n--\n\nAll children."},
    {"items", listing<Which::All, Show::Items>, METH_NOARGS, "items($self, /)\n--\n\n(key, child) of all."},
    {"modified_keys", listing<Which::Modified, Show::Keys>, METH_NOARGS,
     "modified_keys($self, /)\n--\n\nThe keys whose child was written."},
    {"modified_values", listing<Which::Modified, Show::Values>, METH_NOARGS,
     "modified_values($self, /)\n--\n\nThe children that were written."},
    {"modified_items", listing<Which::Modified, Show::Items>, METH_NOARGS,
     "modified_items($self, /)\n--\n\n(key, child) of those written."},
    {"valid_keys", listing<Which::Valid, Show::Keys>, METH_NOARGS,
     "valid_keys($self, /)\n--\n\nThe keys whose child is valid."},
    {"valid_values", listing<Which::Valid, Show::Values>, METH_NOARGS,
     "valid_values($self, /)\n--\n\nThe children that are valid."},
    {"valid_items", listing<Which::Valid, Show::Items>, METH_NOARGS,
     "valid_items($self, /)\n--\n\n(key, child) of those valid."},
    {"added_keys", listing<Which::Added, Show::Keys>, METH_NOARGS,
     "added_keys($self, /)\n--\n\nThe keys that came in this tick."},
    {"added_values", listing<Which::Added, Show::Values>, METH_NOARGS,
     "added_values($self, /)\n--\n\nThe children that came in this tick."},
    {"added_items", listing<Which::Added, Show::Items>, METH_NOARGS,
     "added_items($self, /)\n--\n\n(key, child) of those that came."},
    {"removed_keys", listing<Which::Removed, Show::Keys>, METH_NOARGS,
     "removed_keys($self, /)\n--\n\nThe keys that went in this tick."},
    {"removed_values", listing<Which::Removed, Show::Values>, METH_NOARGS,
     "removed_values($self, /)\n--\n\nThe children that went, as they were."},
    {"removed_items", listing<Which::Removed, Show::Items>, METH_NOARGS,
     "removed_items($self, /)\n--\n\n(key, child) of those that went."},
    {"was_added", was_added, METH_O, "was_added($self, key, /)\n--\n\nWhether the key came in this tick."},
    {"was_removed", was_removed, METH_O, "was_removed($self, key, /)\n--\n\nWhether the key went in this tick."},
    {nullptr, nullptr, 0, nullptr}};

} // namespace

PyType_Slot tsd_slots[] = {{Py_tp_doc, const_cast<char*>("A dict of time series: TSD[K, T].")},
                           {Py_tp_getset, getset},
                           {Py_tp_methods, methods},
                           {Py_tp_iter, reinterpret_cast<void*>(iterate)},
                           {Py_mp_subscript, reinterpret_cast<void*>(get_item)},
                           {Py_mp_ass_subscript, reinterpret_cast<void*>(set_item)},
                           {Py_mp_length, reinterpret_cast<void*>(length)},
                           {Py_sq_contains, reinterpret_cast<void*>(contains)},
                           {0, nullptr}};

} // namespace hgvalue::python
